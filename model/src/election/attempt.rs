//! One attempt to take or keep the lease (`tryAcquireOrRenew`, `tryCoordinatedRenew`), and the memory it works on.
//!
//! Contract: [`Attempt::begin`] and [`Attempt::reply`] say what comes next; the loops around it are in
//! [`super::elector`]. Source: kubernetes/client-go:tools/leaderelection/leaderelection.go:364-515@v0.37.2.

use super::config::Config;
use super::event::{Failure, Operation, Reply};
use super::record::{Identity, Raw, Record, Strategy, Version};
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
    pub began: Clock,
    step: Step,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Step {
    /// The update without a read.
    Renew(Record),
    Get,
    Create(Record),
    Update(Record),
}

impl Attempt {
    /// Begins an attempt.
    pub fn begin(memory: &Memory, config: &Config, now: Clock) -> (Attempt, Next) {
        let mut attempt = Attempt { began: now, step: Step::Get };
        let fast = config.behaviour.renews_without_reading
            && !config.coordinated
            && memory.names(config.identity)
            && memory.is_valid(seconds(memory.observed.duration_seconds), now.monotonic);
        if let (true, Some(version)) = (fast, memory.version) {
            let record = Record {
                acquired: memory.observed.acquired,
                transitions: memory.observed.transitions,
                ..attempt.own_record(config)
            };
            attempt.step = Step::Renew(record);
            return (attempt, Next::Send(Operation::Update(version, record.lease())));
        }
        // Without a Lease at hand the update without a read fails in the client, and the read follows as after any
        // failure.
        (attempt, Next::Send(Operation::Get))
    }

    /// Goes on with a reply.
    pub fn reply(&mut self, memory: &mut Memory, config: &Config, now: Clock, reply: Reply) -> Next {
        match (self.step, reply) {
            (Step::Renew(record) | Step::Update(record) | Step::Create(record), Reply::Stored(version)) => {
                memory.version = Some(version);
                memory.observe(record, now);
                Next::Done(true)
            }
            (Step::Renew(_), Reply::Failed(_)) => {
                self.step = Step::Get;
                Next::Send(Operation::Get)
            }
            (Step::Get, Reply::Found(version, lease)) => {
                memory.version = Some(version);
                let record = Record::read(lease, config.behaviour.coordination);
                let raw = record.raw();
                if memory.seen != Some(raw) {
                    memory.observe(record, now);
                    memory.seen = Some(raw);
                }
                let write = if config.coordinated {
                    self.coordinated(memory, config, record)
                } else {
                    self.classic(memory, config, record)
                };
                let Some(record) = write else { return Next::Done(false) };
                self.step = Step::Update(record);
                Next::Send(Operation::Update(version, record.lease()))
            }
            (Step::Get, Reply::Failed(failure)) => {
                if config.behaviour.forgets_lease_on_failed_read {
                    memory.version = None;
                }
                if failure != Failure::NotFound || config.coordinated {
                    return Next::Done(false);
                }
                let record = self.own_record(config);
                self.step = Step::Create(record);
                Next::Send(Operation::Create(record.lease()))
            }
            (Step::Create(_), Reply::Failed(_)) => {
                memory.version = None;
                Next::Done(false)
            }
            (Step::Update(_), Reply::Failed(_)) => Next::Done(false),
            (step, reply) => panic!("{reply:?} answers no request of {step:?}"),
        }
    }

    /// What `tryAcquireOrRenew` writes over the record just read, if anything.
    fn classic(&self, memory: &Memory, config: &Config, read: Record) -> Option<Record> {
        let leads = memory.names(config.identity);
        let duration = match config.behaviour.expiry {
            ExpiryBy::OwnDuration => config.durations.lease(),
            ExpiryBy::Record => seconds(read.duration_seconds),
            ExpiryBy::ObservedRecord => seconds(memory.observed.duration_seconds),
        };
        if read.holder != Identity::EMPTY && memory.is_valid(duration, self.began.monotonic) && !leads {
            return None;
        }
        let own = self.own_record(config);
        Some(if leads {
            Record { acquired: read.acquired, transitions: read.transitions, ..own }
        } else {
            Record { transitions: read.transitions + 1, ..own }
        })
    }

    /// What `tryCoordinatedRenew` writes over the record just read, if anything: it never takes a lease, and does not
    /// renew one that is marked for another.
    fn coordinated(&self, memory: &Memory, config: &Config, read: Record) -> Option<Record> {
        let expired = memory.observed_at.is_some_and(|at| at + seconds(read.duration_seconds) < self.began.monotonic);
        let renews = !expired && memory.names(config.identity) && read.preferred == Identity::EMPTY;
        renews.then(|| Record {
            acquired: read.acquired,
            transitions: read.transitions,
            strategy: read.strategy,
            ..self.own_record(config)
        })
    }

    fn own_record(&self, config: &Config) -> Record {
        Record {
            holder: config.identity,
            duration_seconds: config.durations.recorded_seconds(),
            acquired: Some(self.began.wall),
            renewed: Some(self.began.wall),
            transitions: 0,
            strategy: Strategy::NONE,
            preferred: Identity::EMPTY,
        }
    }
}

/// Whole seconds; saturating.
fn seconds(seconds: i64) -> GoDuration {
    GoDuration { nanos: seconds.saturating_mul(1_000_000_000) }
}
