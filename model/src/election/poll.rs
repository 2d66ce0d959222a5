//! The loop inside one renewal: attempts within RenewDeadline, one per tick.
//!
//! A Go ticker keeps at most one tick that nobody received. What becomes of a tick that falls into an attempt depends
//! on who listens: see [`Polling`].

use super::config::Config;
use super::event::{Armed, Timer};
use super::time::Monotonic;
use crate::facts::client_go::Polling;
use crate::launch::duration::GoDuration;

/// A renewal under way.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct Poll {
    /// When it gives up.
    pub deadline: Monotonic,
    /// Its context has ended: by its deadline, or because `Run`'s was cancelled.
    pub context_done: bool,
    /// Ticks come at multiples of RetryPeriod after this; `None`: the ticker does not run yet.
    pub(super) origin: Option<Monotonic>,
    /// The next tick is the first one after this.
    pub(super) after: Monotonic,
    /// There may be one more tick, in the instant `after`.
    tie: bool,
}

impl Poll {
    /// A renewal that begins at `now`, with its first attempt.
    pub fn begin(config: &Config, now: Monotonic) -> Poll {
        let origin = match config.behaviour.polling {
            Polling::FromFirstAnswer => None,
            Polling::FromStart => Some(now),
        };
        let deadline = now + config.durations.renew();
        Poll { deadline, context_done: false, origin, after: now, tie: false }
    }

    /// An attempt that began at `began` failed at `now`.
    pub fn failed(self, config: &Config, began: Monotonic, now: Monotonic) -> Poll {
        match (config.behaviour.polling, self.origin) {
            (Polling::FromStart, _) => self,
            (Polling::FromFirstAnswer, None) => Poll { origin: Some(now), after: now, tie: false, ..self },
            // Ticks during the attempt were dropped.
            (Polling::FromFirstAnswer, Some(origin)) => {
                Poll { after: now, tie: began < now && is_tick(origin, config, now), ..self }
            }
        }
    }

    /// The next attempt begins at `now`.
    pub fn tick(self, config: &Config, now: Monotonic) -> Poll {
        match (config.behaviour.polling, self.origin) {
            (Polling::FromStart, Some(origin)) => {
                let kept = self.next_tick(config, origin) < now;
                Poll { after: now, tie: kept && is_tick(origin, config, now), ..self }
            }
            _ => Poll { after: now, tie: false, ..self },
        }
    }

    /// True if a failed attempt was the last. Until 0.31 a tick in the instant in which the context ended may still be
    /// chosen; the attempt then finds its context done.
    pub fn is_over_after_attempt(self, config: &Config, now: Monotonic) -> bool {
        let chooses = config.behaviour.polling == Polling::FromFirstAnswer && self.tie;
        (self.context_done || now > self.deadline) && !chooses
    }

    /// True if a tick that is received at `now` comes too late. Until 0.31 nobody looks, and the attempt finds its
    /// context done.
    pub fn is_over_at_tick(self, config: &Config, now: Monotonic) -> bool {
        config.behaviour.polling == Polling::FromStart && now > self.deadline
    }

    /// The timers between two attempts.
    pub fn timers(self, config: &Config) -> [Option<Armed>; 3] {
        let armed = |timer, at, may_lapse| Some(Armed { timer, earliest: at, latest: at, may_lapse });
        let origin = self.origin.expect("the ticker runs once the first attempt has failed");
        let tie = if self.tie { armed(Timer::Retry, self.after, true) } else { None };
        if self.context_done {
            return [armed(Timer::RenewDeadline, self.after, false), tie, None];
        }
        [
            armed(Timer::RenewDeadline, self.deadline, false),
            tie,
            armed(Timer::Retry, self.next_tick(config, origin), false),
        ]
    }

    fn next_tick(self, config: &Config, origin: Monotonic) -> Monotonic {
        let retry = config.durations.retry().nanos;
        let ticks = (self.after - origin).nanos / retry + 1;
        origin + GoDuration { nanos: ticks.saturating_mul(retry) }
    }
}

fn is_tick(origin: Monotonic, config: &Config, at: Monotonic) -> bool {
    (at - origin).nanos % config.durations.retry().nanos == 0
}
