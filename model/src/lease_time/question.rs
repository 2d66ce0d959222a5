//! One question about one lease in an operator's terms: who contends for it, and what is assumed. [`super::answers`] asks
//! the theorem; nothing here decides anything.
//!
//! What makes it two questions: a record has its time of renewal in whole seconds, so two writes of one second read alike,
//! and a challenger that saw the first does not notice the second (docs/lease-theorem.md). The theorem answers that in
//! full, but far too slowly for a command. Without it, it answers within a second, and that is enough on both sides:
//!
//! * A run without writes that read alike is a run of client-go. So what is refuted without them is refuted.
//! * A record has the time at which its attempt began. So attempts whose writes read alike begin within one second of the
//!   leader's clock, however many there are and whichever renewal they belong to; the last begins less than a second after
//!   the first of their writes was applied. Let no request take longer than r; an attempt is at most k of them (update,
//!   read, update since 0.30; before, read and update). So the leader has finished the last of them at most k·r + 1 s after
//!   the first was applied, which is what others count from, and goes on for at most RetryPeriod, RenewDeadline, the stop
//!   time and the pause after that. A leader whose write is heard of at once, that is never paused, and whose stop time is
//!   longer by k·r + 1 s + pause acts at least as long after the record that others count from, and requests that take no
//!   time let them take the lease as early as any. So what is proved for it ([`Question::covering`]) is proved.
//!
//! In between nothing is known. Clocks do not step: they only run fast or slow.

use crate::election::{Behaviour, Durations};
use crate::facts::client_go::ExpiryBy;
use crate::facts::elections::RequestLimit;
use crate::launch::duration::GoDuration;
use crate::release::Release;

use super::answers::Roles;
use super::gap::{End, longest};
use super::parameters::Elector;

/// The most that is believed of a clock, in parts per million: beyond, something else is wrong with the host.
pub const MOST_PPM: i64 = 500_000;

/// One configuration of processes that contend for a lease.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Contender {
    /// LeaseDuration, RenewDeadline, RetryPeriod.
    pub durations: Durations,
    /// Its client-go.
    pub client_go: Release,
    /// It empties the lease on exit.
    pub releases: bool,
    /// How long its client waits for one request.
    pub request_limit: RequestLimit,
}

/// What is assumed of everything around the processes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Assumed {
    /// The longest time that a request takes, from sending it to its answer being processed or given up; `None`: whatever
    /// the client waits for.
    pub reply_delay: Option<GoDuration>,
    /// The longest time from losing the lease to the last act.
    pub stop_time: GoDuration,
    /// The longest pause of a leader's process, once; zero: none.
    pub pause: GoDuration,
    /// How far each clock may run fast or slow, in parts per million.
    pub clock_ppm: i64,
}

/// A question.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Question {
    /// Who contends, each configuration once.
    pub contenders: Vec<Contender>,
    /// What is assumed.
    pub assumed: Assumed,
}

impl Assumed {
    /// What is taken for granted where nothing is said: an API server that answers within half a second, controllers that
    /// stop at once, no pause, exact clocks. A convention, with no claim about any cluster.
    pub const USUAL: Assumed = Assumed {
        reply_delay: Some(GoDuration { nanos: 500_000_000 }),
        stop_time: GoDuration { nanos: 100_000_000 },
        pause: GoDuration { nanos: 0 },
        clock_ppm: 0,
    };
}

/// What can be varied.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Parameter {
    /// The time that a request takes, from sending it to its answer being processed or given up.
    ReplyDelay,
    /// From losing the lease to the last act.
    StopTime,
    /// One pause of the leader's process.
    Pause,
    /// How far clocks run fast or slow, in parts per million.
    ClockRate,
}

impl Parameter {
    /// Its name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Parameter::ReplyDelay => "reply-delay",
            Parameter::StopTime => "stop-time",
            Parameter::Pause => "pause",
            Parameter::ClockRate => "clock-rate",
        }
    }
}

impl Contender {
    /// How long its client waits for the answer to one renewal.
    pub fn waits(self) -> GoDuration {
        match self.request_limit {
            RequestLimit::HalfOfRenewDeadline => self.durations.request_timeout(),
            RequestLimit::RenewDeadline | RequestLimit::Nothing => self.durations.renew(),
        }
    }

    /// True if the other does the same: what its client-go does is the same, if not its release.
    pub fn is_like(&self, other: &Contender) -> bool {
        let behaviour = |c: &Contender| Behaviour::of(c.client_go);
        Contender { client_go: other.client_go, ..*self } == *other && behaviour(self) == behaviour(other)
    }

    /// The same as the model takes it.
    pub fn elector(self, ppm: i64) -> Elector {
        let mut elector = Elector::new(self.client_go, self.durations);
        elector.drift_ppm = u32::try_from(ppm.clamp(0, MOST_PPM)).expect("below a million");
        elector.releases = self.releases;
        if ppm > 0 {
            // One nanosecond less than a round number has no coarse unit with a clock that drifts; rounded up it allows
            // a little more.
            elector.longest_retry = rounded_up(elector.longest_retry);
        }
        elector
    }

    /// The longest time without a leader after this end of a term ([`super::gap`]), in nanoseconds rounded up: one process
    /// leads, a standby of the same configuration has seen its lease, every request is answered within the assumed delay.
    /// `None` if the durations have no common unit.
    pub fn gap(self, end: End, assumed: &Assumed) -> Option<i64> {
        let request = assumed.reply_delay.unwrap_or(self.waits());
        // The jitter falls short of its bound by a nanosecond, and a unit of one would make the search long: the bound itself
        // is a little more and prints the same.
        let mut elector = self.elector(0);
        elector.longest_retry = rounded_up(elector.longest_retry);
        let gap = longest(&elector, &elector, end, request, assumed.stop_time).ok()?;
        i64::try_from(gap.nanos.div_ceil(gap.over)).ok()
    }
}

/// To whole milliseconds.
const fn rounded_up(duration: GoDuration) -> GoDuration {
    let millisecond = 1_000_000;
    GoDuration { nanos: (duration.nanos + millisecond - 1) / millisecond * millisecond }
}

impl Question {
    /// The same question with another value of one parameter, in nanoseconds or parts per million.
    pub fn with(&self, parameter: Parameter, value: i64) -> Question {
        let mut changed = self.clone();
        let duration = GoDuration { nanos: value };
        match parameter {
            Parameter::ReplyDelay => changed.assumed.reply_delay = Some(duration),
            Parameter::StopTime => changed.assumed.stop_time = duration,
            Parameter::Pause => changed.assumed.pause = duration,
            Parameter::ClockRate => changed.assumed.clock_ppm = value,
        }
        changed
    }

    /// The same question where nothing releases its lease.
    pub fn without_release(&self) -> Question {
        self.with_contenders(|contender| Contender { releases: false, ..contender })
    }

    /// The same question where all have these durations.
    pub fn with_durations(&self, durations: Durations) -> Question {
        self.with_contenders(|contender| Contender { durations, ..contender })
    }

    fn with_contenders(&self, change: impl Fn(Contender) -> Contender) -> Question {
        let mut different: Vec<Contender> = Vec::new();
        for contender in self.contenders.iter().map(|&contender| change(contender)) {
            if !different.iter().any(|other| other.is_like(&contender)) {
                different.push(contender);
            }
        }
        Question { contenders: different, assumed: self.assumed }
    }

    /// True if something releases its lease on exit.
    pub fn releases(&self) -> bool {
        self.contenders.iter().any(|c| c.releases)
    }

    /// Every contender as holder and as taker.
    pub fn roles(&self) -> impl Iterator<Item = Roles> + use<> {
        let all = self.contenders.len();
        (0..all).flat_map(move |holder| (0..all).map(move |taker| Roles { holder, taker }))
    }

    /// The longest time one request takes: what is assumed, and no longer than every client waits.
    pub(super) fn request(&self) -> GoDuration {
        let longest = self.contenders.iter().map(|c| c.waits().nanos).max().unwrap_or(0);
        let unlimited = self.contenders.iter().any(|c| c.request_limit == RequestLimit::Nothing);
        GoDuration {
            nanos: match self.assumed.reply_delay {
                Some(assumed) if unlimited => assumed.nanos,
                Some(assumed) => assumed.nanos.min(longest),
                None => longest,
            },
        }
    }

    /// The question whose runs, without writes that read alike, stand for all runs of this one; nothing if a client waits
    /// without limit.
    pub fn covering(&self) -> Option<Question> {
        if self.assumed.reply_delay.is_none()
            && self.contenders.iter().any(|c| c.request_limit == RequestLimit::Nothing)
        {
            return None;
        }
        let reads_first = self.contenders.iter().all(|c| !c.elector(0).behaviour.renews_without_reading);
        let attempt = self.request().nanos.saturating_mul(if reads_first { 2 } else { 3 });
        // One second of the slowest clock, rounded up to a millisecond.
        let second = 1_000_000_000_i64.div_ceil_by(1_000_000 - self.assumed.clock_ppm.clamp(0, MOST_PPM)) * 1_000_000;
        let heard_late = attempt.saturating_add(second);
        let mut covering = self.clone();
        covering.assumed.reply_delay = Some(GoDuration { nanos: 0 });
        covering.assumed.pause = GoDuration { nanos: 0 };
        covering.assumed.stop_time.nanos =
            self.assumed.stop_time.nanos.saturating_add(heard_late).saturating_add(self.assumed.pause.nanos);
        Some(covering)
    }

    /// The same question with the longest reply delay for which, by arithmetic, something is left of what covers it, in
    /// whole milliseconds and no longer than clients wait; nothing if that is not longer than what is assumed. What is
    /// proved of it is proved of this one.
    pub fn with_longest_reply(&self) -> Option<Question> {
        let assumed = self.assumed.reply_delay?.nanos;
        let waits = self.contenders.iter().map(|c| c.waits().nanos).min()?;
        let with = |millis: i64| self.with(Parameter::ReplyDelay, millis.saturating_mul(1_000_000));
        let left = |millis| with(millis).covering().is_some_and(|covering| covering.closed_form() > 0);
        let (mut low, mut high) = (0, waits / 1_000_000 + 1);
        while high - low > 1 {
            let middle = i64::midpoint(low, high);
            if left(middle) { low = middle } else { high = middle }
        }
        (low * 1_000_000 > assumed).then(|| with(low))
    }

    /// What is left of LeaseDuration by arithmetic, in nanoseconds rounded down: that of the challenger's clock and rule,
    /// less RetryPeriod and RenewDeadline of the leader's, less what is assumed; the least of all pairs. Shown to
    /// explain, and the first guess of every search for a limit; the theorem decides.
    pub fn closed_form(&self) -> i64 {
        self.roles().map(|roles| self.closed_form_of(roles)).min().unwrap_or(0)
    }

    /// The same for one holder and one taker.
    pub fn closed_form_of(&self, Roles { holder, taker }: Roles) -> i64 {
        const MILLION: i128 = 1_000_000;
        let ppm = i128::from(self.assumed.clock_ppm);
        let (leader, challenger) = (&self.contenders[holder], &self.contenders[taker]);
        let waits = match challenger.elector(0).behaviour.expiry {
            ExpiryBy::OwnDuration => challenger.durations.lease().nanos,
            _ => leader.durations.recorded_seconds().saturating_mul(1_000_000_000),
        };
        let holds = i128::from(leader.durations.renew().nanos) + i128::from(leader.durations.retry().nanos);
        let kept = i128::from(waits) * MILLION / (MILLION + ppm) - (holds * MILLION).div_ceil_by(MILLION - ppm);
        let reply = self.request();
        let used =
            [reply, self.assumed.stop_time, self.assumed.pause].map(|d| i128::from(d.nanos)).iter().sum::<i128>();
        // No more is kept than a duration has; much more may be used.
        i64::try_from(kept - used).unwrap_or(i64::MIN)
    }

    /// Equal for equal questions.
    pub(super) fn key(&self) -> Vec<i64> {
        let assumed = [
            self.assumed.reply_delay.map_or(-1, |d| d.nanos),
            self.assumed.stop_time.nanos,
            self.assumed.pause.nanos,
            self.assumed.clock_ppm,
        ];
        let contender = |c: &Contender| {
            let d = c.durations;
            let waits = c.waits().nanos;
            let (minor, releases) = (i64::from(c.client_go.minor()), i64::from(c.releases));
            [d.lease().nanos, d.renew().nanos, d.retry().nanos, minor, releases, waits]
        };
        assumed.into_iter().chain(self.contenders.iter().flat_map(contender)).collect()
    }
}

trait DivCeil {
    fn div_ceil_by(self, by: Self) -> Self;
}

impl DivCeil for i128 {
    fn div_ceil_by(self, by: i128) -> i128 {
        (self + by - 1).div_euclid(by)
    }
}

impl DivCeil for i64 {
    fn div_ceil_by(self, by: i64) -> i64 {
        (self + by - 1).div_euclid(by)
    }
}
