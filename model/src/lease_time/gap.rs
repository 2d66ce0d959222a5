//! How long nobody leads: the exact worst case after one fault, in dense time.
//!
//! One elector leads, another has observed its lease, nothing else goes wrong: requests are answered within a bound, nobody
//! else writes. Then the leader stops acting. The time until the other leads is a clock of the automaton; its largest
//! value is found by asking for which values the end can still be reached.

use super::parameters::Elector;
use super::units::{Nanos, TooFine, Unit};
use crate::facts::client_go::ExpiryBy;
use crate::launch::duration::GoDuration;
use crate::zones::automaton::{Automaton, ClockLimits, Edge};
use crate::zones::{Options, search};

#[cfg(test)]
mod tests;

/// What ends a leader's term.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum End {
    /// It stops acting between two instants, and leaves its lease: a crash, a kill, a polite exit without release, a pause
    /// that lasts.
    Dies,
    /// It stops acting and its release is applied within one request.
    Releases,
    /// From some moment on none of its requests is carried out and no reply arrives; it acts until RenewDeadline and its
    /// stop time are over.
    IsCutOff,
}

/// The longest time in which nobody leads, in nanoseconds as a fraction in lowest terms.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Gap {
    /// Numerator.
    pub nanos: u128,
    /// Denominator.
    pub over: u128,
}

/// The longest time without a leader when `leader`'s term ends so and `next` has observed its lease.
///
/// `request` bounds every request from sending to processing. Clocks are taken as exact.
///
/// # Errors
/// If the durations have no common unit.
pub fn longest(
    leader: &Elector,
    next: &Elector,
    end: End,
    request: GoDuration,
    stop_time: GoDuration,
) -> Result<Gap, TooFine> {
    let valid = match next.behaviour.expiry {
        ExpiryBy::OwnDuration => next.durations.lease(),
        ExpiryBy::Record => GoDuration::seconds(leader.durations.recorded_seconds()),
    };
    let all = [
        leader.durations.retry(),
        leader.durations.renew(),
        next.durations.retry(),
        next.longest_retry,
        valid,
        request,
        stop_time,
    ]
    .map(Nanos::exact);
    let unit = Unit::of(&all)?;
    let [own_retry, renew, retry, longest_retry, valid, request, stop] =
        all.map(|d| unit.count(d).expect("the unit was made for it"));
    let lasts = |at_least: i64| {
        let succession = Succession {
            end,
            own_retry,
            retry,
            longest_retry,
            valid,
            request,
            lingers: [own_retry + renew, renew],
            stop,
            at_least,
        };
        search(&succession, Options::default(), |_| true).reached()
    };
    let (mut low, mut high) = (0, 1);
    while lasts(high) {
        low = high;
        high *= 2;
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if lasts(middle) { low = middle } else { high = middle }
    }
    let (nanos, over) = unit.nanos(low.into());
    Ok(Gap { nanos, over })
}

/// Who leads next, as far as the gap is concerned.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Next {
    Waits,
    /// Reads; the lease had expired when the attempt began.
    Reads {
        expired: bool,
    },
    /// Its read was served and the answer is on its way.
    Hears(Heard),
    Writes,
    Leads,
}

/// What a read tells the next leader.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Heard {
    /// A record that it has not seen yet.
    New,
    /// The one it has seen, which had not expired.
    Same,
    /// That it may take the lease.
    Free,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Leader {
    /// The lease was renewed and its success processed.
    Sleeps,
    /// A renewal is on its way; true: applied.
    Renews(bool),
    /// It is cut off and still acts; true: in a renewal, the clock counts from its beginning.
    Lingers(bool),
    /// It does not act; true: its release is still to come.
    Gone(bool),
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Location {
    leader: Leader,
    next: Next,
    /// The next leader has seen the newest record.
    observed: bool,
    emptied: bool,
    /// The gap has lasted as long as it was asked for.
    long_enough: bool,
}

const LEADER: usize = 1;
const NEXT: usize = 2;
const OBSERVED: usize = 3;
const GAP: usize = 4;
const CLOCKS: usize = 5;

struct Succession {
    end: End,
    own_retry: i64,
    retry: i64,
    longest_retry: i64,
    valid: i64,
    request: i64,
    /// How long a leader that is cut off tries, from its last success and from the beginning of a renewal.
    lingers: [i64; 2],
    stop: i64,
    at_least: i64,
}

impl Automaton<CLOCKS> for Succession {
    type Location = Location;
    type Action = ();

    fn initial(&self) -> Vec<Location> {
        let next = Next::Waits;
        vec![Location { leader: Leader::Sleeps, next, observed: true, emptied: false, long_enough: false }]
    }

    fn edges(&self, from: &Location, out: &mut Vec<Edge<Location, ()>>) {
        let to = |change: &dyn Fn(&mut Location)| {
            let mut to = *from;
            change(&mut to);
            Edge::new((), to)
        };
        match from.leader {
            Leader::Sleeps => {
                out.push(to(&|l| l.leader = Leader::Renews(false)).at_least(LEADER, self.own_retry).reset(LEADER));
                out.push(self.ends(from));
            }
            Leader::Renews(false) => {
                out.push(to(&|l| {
                    l.leader = Leader::Renews(true);
                    l.observed = false;
                }));
                out.push(self.ends(from));
            }
            Leader::Renews(true) => {
                out.push(to(&|l| l.leader = Leader::Sleeps).reset(LEADER));
                out.push(self.ends(from));
            }
            Leader::Lingers(renewal) => {
                let most = self.lingers[usize::from(renewal)];
                out.push(to(&|l| l.leader = Leader::Gone(false)).at_least(LEADER, most).reset(GAP));
            }
            Leader::Gone(true) => {
                out.push(to(&|l| {
                    l.leader = Leader::Gone(false);
                    l.emptied = true;
                    l.observed = false;
                }));
            }
            Leader::Gone(false) => {}
        }
        match from.next {
            Next::Waits => {
                let read =
                    |expired| to(&move |l: &mut Location| l.next = Next::Reads { expired }).at_least(NEXT, self.retry);
                out.push(read(true).at_least(OBSERVED, self.valid).reset(NEXT));
                out.push(read(false).at_most(OBSERVED, self.valid).reset(NEXT));
            }
            Next::Reads { expired } => {
                let heard = match (from.emptied, from.observed) {
                    (true, _) => Heard::Free,
                    (_, true) if expired => Heard::Free,
                    (_, true) => Heard::Same,
                    (_, false) => Heard::New,
                };
                out.push(to(&|l| {
                    l.next = Next::Hears(heard);
                    l.observed = true;
                }));
            }
            Next::Hears(Heard::Free) => out.push(to(&|l| l.next = Next::Writes).reset(NEXT)),
            Next::Hears(Heard::Same) => out.push(to(&|l| l.next = Next::Waits).reset(NEXT)),
            Next::Hears(Heard::New) => out.push(to(&|l| l.next = Next::Waits).reset(NEXT).reset(OBSERVED)),
            Next::Writes if matches!(from.leader, Leader::Gone(_)) => {
                out.push(
                    to(&|l| {
                        l.next = Next::Leads;
                        l.long_enough = true;
                    })
                    .at_least(GAP, self.at_least),
                );
            }
            Next::Writes | Next::Leads => {}
        }
    }

    fn invariants(&self, at: &Location, out: &mut impl FnMut(usize, i64)) {
        match at.leader {
            Leader::Sleeps => out(LEADER, self.own_retry),
            Leader::Renews(_) => out(LEADER, self.request),
            Leader::Lingers(renewal) => out(LEADER, self.lingers[usize::from(renewal)] + self.stop),
            Leader::Gone(true) => out(GAP, self.request),
            Leader::Gone(false) => {}
        }
        match at.next {
            Next::Waits => out(NEXT, self.longest_retry),
            Next::Reads { .. } | Next::Hears(_) | Next::Writes => out(NEXT, self.request),
            Next::Leads => {}
        }
    }

    fn limits(&self, _: &Location) -> [ClockLimits; CLOCKS] {
        let mut limits = [ClockLimits::default(); CLOCKS];
        for limit in &mut limits[1..] {
            let most = self
                .valid
                .max(self.lingers[0] + self.stop)
                .max(self.longest_retry)
                .max(self.request)
                .max(self.at_least);
            limit.from_above(most);
            limit.from_below(most);
        }
        limits
    }

    fn is_goal(&self, at: &Location) -> bool {
        at.long_enough
    }
}

impl Succession {
    /// The end of the leader's term.
    fn ends(&self, from: &Location) -> Edge<Location, ()> {
        let to = |leader| Edge::new((), Location { leader, ..*from });
        match self.end {
            End::Dies => to(Leader::Gone(false)).reset(GAP),
            End::Releases => to(Leader::Gone(true)).reset(GAP),
            End::IsCutOff => to(Leader::Lingers(matches!(from.leader, Leader::Renews(_)))),
        }
    }
}
