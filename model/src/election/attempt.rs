//! One attempt to take or keep the lease (`tryAcquireOrRenew`, `tryCoordinatedRenew`), and the memory it works on.
//!
//! Contract: [`Attempt::begin`] and [`Attempt::reply`] say what comes next; the loops around it are in
//! `run.rs`. Source: kubernetes/client-go:tools/leaderelection/leaderelection.go:364-515@v0.37.2.

use super::config::Config;
use super::event::{Failure, Operation, Reply};
use super::record::{Identity, Raw, Record, Version};
use super::time::{Clock, Monotonic};
use crate::facts::client_go::ExpiryBy;
use crate::launch::duration::GoDuration;

/// What an elector remembers of the lease.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub(super) struct Memory {
    /// `observedRecord`: what it last read that was new, or wrote.
    pub observed: Record,
    /// `observedTime`: when, at the moment the answer was processed; `None`: never.
    pub observed_at: Option<Monotonic>,
    /// `observedRawRecord`: what it last read. Its own writes do not change it.
    pub seen: Option<Raw>,
    /// The version of the Lease that `LeaseLock` has at hand; `None`: a Lease without even a name.
    pub version: Option<Version>,
}

impl Memory {
    /// `IsLeader`: the observed record names it, which is not the same as leading.
    pub fn names(&self, identity: Identity) -> bool {
        self.observed.holder == identity
    }

    /// The record becomes the observed one.
    pub fn observe(&mut self, record: Record, now: Clock) {
        self.observed = record;
        self.observed_at = Some(now.monotonic);
    }

    /// True if the lease has not expired at `at`, counted from the last change seen; in the very instant in which the
    /// duration ends it has.
    fn is_valid(&self, duration: GoDuration, at: Monotonic) -> bool {
        self.observed_at.is_some_and(|since| since + duration > at)
    }
}

/// What comes next.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Next {
    /// This request.
    Send(Operation),
    /// The attempt returned true or false.
    Done(bool),
}

/// An attempt that waits for a reply.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct Attempt {
    /// When it began: expiry is judged and the record dated by this moment, however long the requests take.
    pub began: Monotonic,
    /// `leaderElectionRecord`: one variable for all writes of the attempt. What the update without a read put into it
    /// is still there when that fails.
    pub(super) record: Record,
    pub(super) step: Step,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Step {
    /// The update without a read.
    Renew,
    Get,
    Create,
    Update,
}

impl Attempt {
    /// Begins an attempt.
    pub fn begin(memory: &Memory, config: &Config, now: Clock) -> (Attempt, Next) {
        let began = now.monotonic;
        let mut record = Record {
            holder: config.identity,
            duration_seconds: config.durations.recorded_seconds(),
            acquired: Some(now.wall),
            renewed: Some(now.wall),
            ..Record::default()
        };
        let renews = config.behaviour.renews_without_reading
            && !config.coordinated
            && memory.names(config.identity)
            && memory.is_valid(seconds(memory.observed.duration_seconds), began);
        if renews {
            record.acquired = memory.observed.acquired;
            record.transitions = memory.observed.transitions;
        }
        match memory.version {
            Some(version) if renews => {
                (Attempt { began, record, step: Step::Renew }, Next::Send(Operation::Update(version, record.lease())))
            }
            // Without a Lease at hand that update fails in the client, and the read follows as after any failure.
            _ => (Attempt { began, record, step: Step::Get }, Next::Send(Operation::Get)),
        }
    }

    /// Goes on with a reply.
    pub fn reply(&mut self, memory: &mut Memory, config: &Config, now: Clock, reply: Reply) -> Next {
        match (self.step, reply) {
            (Step::Renew | Step::Update | Step::Create, Reply::Stored(version)) => {
                memory.version = Some(version);
                memory.observe(self.record, now);
                Next::Done(true)
            }
            (Step::Renew, Reply::Failed(_)) => {
                self.step = Step::Get;
                Next::Send(Operation::Get)
            }
            (Step::Get, Reply::Found(version, lease)) => {
                memory.version = Some(version);
                let read = Record::read(lease, config.behaviour.coordination);
                let raw = read.raw();
                if memory.seen != Some(raw) {
                    memory.observe(read, now);
                    memory.seen = Some(raw);
                }
                let writes = if config.coordinated {
                    self.coordinated(memory, config, read)
                } else {
                    self.classic(memory, config, read)
                };
                if !writes {
                    return Next::Done(false);
                }
                self.step = Step::Update;
                Next::Send(Operation::Update(version, self.record.lease()))
            }
            (Step::Get, Reply::Failed(failure)) => {
                if config.behaviour.forgets_lease_on_failed_read {
                    memory.version = None;
                }
                if failure != Failure::NotFound || config.coordinated {
                    return Next::Done(false);
                }
                self.step = Step::Create;
                Next::Send(Operation::Create(self.record.lease()))
            }
            (Step::Create, Reply::Failed(_)) => {
                memory.version = None;
                Next::Done(false)
            }
            (Step::Update, Reply::Failed(_)) => Next::Done(false),
            (step, reply) => panic!("{reply:?} answers no request of {step:?}"),
        }
    }

    /// Whether `tryAcquireOrRenew` writes over the record just read.
    fn classic(&mut self, memory: &Memory, config: &Config, read: Record) -> bool {
        let named = memory.names(config.identity);
        let duration = match config.behaviour.expiry {
            ExpiryBy::OwnDuration => config.durations.lease(),
            ExpiryBy::Record => seconds(read.duration_seconds),
        };
        if read.holder != Identity::EMPTY && memory.is_valid(duration, self.began) && !named {
            return false;
        }
        if named {
            self.record.acquired = read.acquired;
            self.record.transitions = read.transitions;
        } else {
            self.record.transitions = read.transitions.wrapping_add(1);
        }
        true
    }

    /// Whether `tryCoordinatedRenew` writes over the record just read: it never takes a lease, and does not renew one
    /// that is marked for another.
    fn coordinated(&mut self, memory: &Memory, config: &Config, read: Record) -> bool {
        let expired = memory.observed_at.is_some_and(|at| at + seconds(read.duration_seconds) < self.began);
        self.record.acquired = read.acquired;
        self.record.transitions = read.transitions;
        self.record.strategy = read.strategy;
        !expired && memory.names(config.identity) && read.preferred == Identity::EMPTY
    }
}

/// Whole seconds; saturating.
fn seconds(seconds: i64) -> GoDuration {
    GoDuration { nanos: seconds.saturating_mul(1_000_000_000) }
}
