//! The state of one `LeaderElector`, and what its driver and others may ask of it. How it changes is in `run.rs`.
//!
//! Contract: the driver delivers events in the order of time and carries out the effects; it answers every request
//! exactly once, and fires every timer that does not lapse. An elector that waits for a reply fires no timer: like the
//! goroutine it stands for, it is blocked until its request returns. Two events of the same instant may come in either
//! order, and real client-go may then do what either order says.

use super::attempt::{Attempt, Memory};
use super::config::Config;
use super::event::{Armed, Effect, Event, Timer};
use super::poll::Poll;
use super::record::{Identity, Record};
use super::release::Releasing;
use super::run::Turn;
use super::time::{Clock, Monotonic};

/// The state of one elector. Its [`Config`] is kept outside and given to every call; it must be the same each time.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Elector {
    pub(super) phase: Phase,
    pub(super) memory: Memory,
    /// `reportedLeader`
    pub(super) reported: Identity,
    /// The context given to `Run` is cancelled.
    pub(super) cancelled: bool,
    /// The context given to `OnStartedLeading` lives.
    // invariant: only while leading or releasing
    pub(super) controllers: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub(super) enum Phase {
    /// Before `Run`.
    #[default]
    Created,
    /// An attempt to acquire. Next: leads, or waits.
    Acquiring(Attempt),
    /// Between two attempts to acquire. Next: acquires.
    Waiting { earliest: Monotonic, latest: Monotonic },
    /// An attempt to renew. Next: sleeps, or polls, or loses.
    Renewing(Poll, Attempt),
    /// Between two attempts of the same renewal. Next: renews, or loses.
    Polling(Poll),
    /// RetryPeriod after a success. Next: renews.
    Sleeping { until: Monotonic },
    /// Empties the lease. Next: returned.
    Releasing(Releasing),
    /// `Run` has returned.
    Returned,
}

impl Elector {
    /// An elector before `Run`.
    pub fn new() -> Elector {
        Elector::default()
    }

    /// Takes one event and appends what the elector does to `effects`.
    ///
    /// # Panics
    /// If the driver breaks the contract: a reply that nothing waits for, or a timer that does not run or fires early.
    pub fn handle(&mut self, config: &Config, now: Clock, event: Event, effects: &mut Vec<Effect>) {
        assert!(config.behaviour.coordination || !config.coordinated, "no coordinated election before 0.31");
        Turn { elector: self, config, now, effects }.take(event);
    }

    /// The timers that run, the deadline first: none while a request is in flight.
    pub fn timers(&self, config: &Config) -> impl Iterator<Item = Armed> + use<> {
        let retry = |earliest, latest| Armed { timer: Timer::Retry, earliest, latest, may_lapse: false };
        let timers = match self.phase {
            Phase::Waiting { earliest, latest } => [Some(retry(earliest, latest)), None, None],
            Phase::Sleeping { until } => [Some(retry(until, until)), None, None],
            Phase::Polling(poll) => poll.timers(config),
            _ => [None; 3],
        };
        timers.into_iter().flatten()
    }

    /// True from `OnStartedLeading` until it is cancelled or has failed to renew: what the process believes, not what the
    /// lease says.
    pub fn leads(&self) -> bool {
        self.controllers && matches!(self.phase, Phase::Renewing(..) | Phase::Polling(_) | Phase::Sleeping { .. })
    }

    /// True as long as the context given to `OnStartedLeading` lives: its controllers act. It outlives
    /// [`leads`](Self::leads) where the lease is released first.
    pub fn controllers_run(&self) -> bool {
        self.controllers
    }

    /// True if it waits for a reply.
    pub fn awaits_reply(&self) -> bool {
        matches!(self.phase, Phase::Acquiring(_) | Phase::Renewing(..) | Phase::Releasing(_))
    }

    /// True if `Run` has returned.
    pub fn returned(&self) -> bool {
        self.phase == Phase::Returned
    }

    /// `IsLeader`: the record it observed last names it.
    pub fn is_leader(&self, config: &Config) -> bool {
        self.memory.names(config.identity)
    }

    /// The record it observed last: what it read that was new, or wrote.
    pub fn observed(&self) -> Record {
        self.memory.observed
    }

    /// When it observed that; `None`: never.
    pub fn observed_at(&self) -> Option<Monotonic> {
        self.memory.observed_at
    }

    /// When the attempt in flight began, if there is one.
    pub fn attempt_began(&self) -> Option<Monotonic> {
        match self.phase {
            Phase::Acquiring(attempt) | Phase::Renewing(_, attempt) => Some(attempt.began),
            _ => None,
        }
    }

    /// The end of the renewal that is under way, if one is.
    pub fn renew_deadline(&self) -> Option<Monotonic> {
        match self.phase {
            Phase::Renewing(poll, _) | Phase::Polling(poll) => Some(poll.deadline),
            _ => None,
        }
    }
}
