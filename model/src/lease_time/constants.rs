//! A question in whole units: every constant that a clock is compared with.
//!
//! A duration that a host measures passes in true time somewhere between what a fast and what a slow clock makes of it;
//! the rate may change in between, within its bounds. So a guard from below has the fast clock's constant and a guard
//! from above the slow clock's. [`Rates`] fixes one rate per host instead, to give a counterexample concrete times.

use super::parameters::{Assumptions, Elector, Others, Pair, Pause};
use super::units::{Nanos, TooFine, Unit};
use crate::facts::client_go::{ExpiryBy, Polling, Release};
use crate::launch::duration::GoDuration;

#[cfg(test)]
mod tests;

/// How fast the hosts' clocks run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rates {
    /// Anything within the drift, changing at will.
    Any,
    /// One constant rate for each of the two.
    Fixed([Rate; 2]),
}

/// The rate of one host's clock.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rate {
    /// As slow as its drift allows.
    Slow,
    /// The true time.
    True,
    /// As fast as its drift allows.
    Fast,
}

/// The true time that may pass while a host measures a duration.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Span {
    /// On the fastest clock.
    pub least: i64,
    /// On the slowest.
    pub most: i64,
}

/// One elector's constants.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Host {
    /// RetryPeriod.
    pub retry: Span,
    /// The longest wait between attempts to acquire.
    pub longest_retry: Span,
    /// RenewDeadline.
    pub renew: Span,
    /// The limit of one request.
    pub timeout: i64,
    /// How long it holds another's record valid after it last saw it change; by number of the recorded duration.
    pub valid: Vec<Span>,
    /// From this long after a renewal began it may be that its own record is too old to be updated without a read.
    pub own_expires: i64,
    /// A leader first updates what it saw last.
    pub renews_without_reading: bool,
    /// Two of its writes, of two attempts, can fall into one second and read alike.
    pub same_second: bool,
    /// So can two writes before it leads.
    pub always_same_second: bool,
    /// The longest time that `release` takes; none if it does not release.
    pub release: Option<i64>,
    /// Its release reads first, so that it can empty another's record.
    pub release_reads_first: bool,
}

/// The constants of a question.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Constants {
    /// What they count.
    pub unit: Unit,
    /// The first elector and the second.
    pub hosts: [Host; 2],
    /// Numbers of recorded durations: what each of the two writes.
    pub own: [u8; 2],
    /// The API server stores what each of the two writes: it refuses a duration of zero seconds
    /// (kubernetes/kubernetes:pkg/apis/coordination/validation/validation.go:52@v1.33.13).
    pub storable: [bool; 2],
    /// What the others may write.
    pub others: Vec<u8>,
    /// The number of one second, the shortest duration that the API server stores, which an edit writes.
    pub shortest: u8,
    /// How long the others hold a record of that number valid, at least.
    pub valid_for_others: Vec<i64>,
    /// Applied to processed; `None`: no bound of its own.
    pub reply_delay: Option<i64>,
    /// End of `renew` to the last act.
    pub stop: i64,
    /// The longest pause, if it is bounded.
    pub pause: Option<i64>,
    /// Writes of attempts that began no further apart may read alike.
    pub alike_within: i64,
}

const SECOND: i64 = 1_000_000_000;

impl Constants {
    /// Works out the constants.
    ///
    /// # Errors
    /// If they have no common unit.
    pub fn new(pair: &Pair, assumptions: &Assumptions, rates: Rates) -> Result<Constants, TooFine> {
        let mut measured = Measured::default();
        // Once to meet every duration, once more in their unit.
        Self::with(pair, assumptions, rates, &mut measured);
        measured.unit = Some(Unit::of(&measured.durations)?);
        Ok(Self::with(pair, assumptions, rates, &mut measured))
    }

    fn with(pair: &Pair, assumptions: &Assumptions, rates: Rates, in_units: &mut Measured) -> Constants {
        // Durations of one nanosecond less than a round number would need a unit too fine for clocks that drift: a proof
        // rounds them up and allows a little more, a counterexample rounds them down and uses a little less.
        let drifts = [&pair.first, &pair.second].into_iter().chain(&pair.others).any(|e| e.drift_ppm > 0);
        let rounded = |d: GoDuration| {
            let more = if rates == Rates::Any { 999_999 } else { 0 };
            let millis = (d.nanos + more) / 1_000_000;
            if drifts { GoDuration { nanos: millis * 1_000_000 } } else { d }
        };
        let recorded = |e: &Elector| e.durations.recorded_seconds();
        let mut durations: Vec<i64> =
            [&pair.first, &pair.second].into_iter().chain(&pair.others).map(recorded).collect();
        durations.push(1);
        durations.sort_unstable();
        durations.dedup();
        let number = |e: &Elector| {
            let at = durations.binary_search(&recorded(e)).expect("every recorded duration is in the table");
            u8::try_from(at).expect("a handful of configurations")
        };
        let mut others: Vec<u8> = pair.others.iter().filter(|other| recorded(other) > 0).map(number).collect();
        others.sort_unstable();
        others.dedup();
        let hosts = [0, 1].map(|i| {
            let elector = [&pair.first, &pair.second][i];
            let span = |d: GoDuration, units: &mut Measured| match rates {
                Rates::Any => Span {
                    least: units.count(Nanos::exact(d).on_fast(elector.drift_ppm)),
                    most: units.count(Nanos::exact(d).on_slow(elector.drift_ppm)),
                },
                Rates::Fixed(rates) => {
                    let exact = Nanos::exact(d);
                    let at_rate = units.count(match rates[i] {
                        Rate::Slow => exact.on_slow(elector.drift_ppm),
                        Rate::True => exact,
                        Rate::Fast => exact.on_fast(elector.drift_ppm),
                    });
                    Span { least: at_rate, most: at_rate }
                }
            };
            host(elector, rounded(elector.longest_retry), &durations, in_units, span)
        });
        let valid_for_others = durations
            .iter()
            .map(|&seconds| {
                let by = |other: &Elector| Nanos::exact(judged(other, seconds)).on_fast(other.drift_ppm);
                let all: Vec<i64> = pair.others.iter().map(|other| in_units.count(by(other))).collect();
                all.into_iter().min().unwrap_or(0)
            })
            .collect();
        let pause = match assumptions.pause {
            Pause::Never => None,
            Pause::Once(longest) | Pause::Often(longest) => longest,
        };
        Constants {
            hosts,
            own: [number(&pair.first), number(&pair.second)],
            storable: [recorded(&pair.first) > 0, recorded(&pair.second) > 0],
            others: if assumptions.others == Others::Absent { Vec::new() } else { others },
            shortest: u8::try_from(durations.binary_search(&1).expect("it was put in")).expect("a handful"),
            valid_for_others,
            reply_delay: assumptions.reply_delay.map(|d| in_units.count(Nanos::exact(d))),
            stop: in_units.count(Nanos::exact(assumptions.stop_time)),
            pause: pause.map(|d| in_units.count(Nanos::exact(d))),
            alike_within: in_units
                .count(Nanos::exact(rounded(assumptions.alike_within.unwrap_or(GoDuration { nanos: 0 })))),
            unit: in_units.unit.unwrap_or(Unit::NANOSECOND),
        }
    }
}

/// The duration by which an elector judges a record that says so many seconds.
fn judged(elector: &Elector, recorded_seconds: i64) -> GoDuration {
    match elector.behaviour.expiry {
        ExpiryBy::OwnDuration => elector.durations.lease(),
        ExpiryBy::Record => GoDuration::seconds(recorded_seconds),
    }
}

fn host(
    elector: &Elector,
    longest_retry: GoDuration,
    durations: &[i64],
    in_units: &mut Measured,
    span: impl Fn(GoDuration, &mut Measured) -> Span,
) -> Host {
    let d = elector.durations;
    let own = judged(elector, d.recorded_seconds());
    let retry = span(d.retry(), in_units);
    let timeout = span(elector.request_timeout, in_units).most;
    let renew = span(d.renew(), in_units);
    let release = match elector.behaviour.release {
        Release::Unbounded => timeout,
        Release::Bounded => timeout.min(renew.most),
        Release::ReadsFirst => (2 * timeout).min(renew.most),
        Release::RetriesConflicts => renew.most,
    };
    Host {
        retry,
        longest_retry: span(longest_retry, in_units),
        renew,
        timeout,
        valid: durations.iter().map(|&seconds| span(judged(elector, seconds), in_units)).collect(),
        own_expires: (span(own, in_units).least - retry.most).max(0),
        renews_without_reading: elector.behaviour.renews_without_reading,
        same_second: d.retry().nanos < SECOND || elector.behaviour.polling == Polling::FromStart,
        always_same_second: d.retry().nanos < SECOND,
        release: elector.releases.then_some(release),
        release_reads_first: elector.behaviour.release.reads_first(),
    }
}

/// Durations met so far, and their unit once it is known.
#[derive(Default)]
struct Measured {
    durations: Vec<Nanos>,
    unit: Option<Unit>,
}

impl Measured {
    fn count(&mut self, duration: Nanos) -> i64 {
        match self.unit {
            Some(unit) => unit.count(duration).expect("the unit was made for it"),
            None => {
                self.durations.push(duration);
                0
            }
        }
    }
}
