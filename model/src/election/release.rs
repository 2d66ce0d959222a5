//! Giving the lease away (`release`, `tryRelease`). Controllers still run meanwhile if the lease was lost and `Run` was
//! not cancelled.
//!
//! Source: kubernetes/client-go:tools/leaderelection/leaderelection.go:314-359@v0.37.2.

use super::attempt::{Memory, Next};
use super::config::Config;
use super::event::{Failure, Operation, Reply};
use super::record::{Identity, Record, Version};
use super::time::{Clock, Monotonic};
use crate::facts::client_go::Release;

/// A release that waits for a reply.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct Releasing {
    /// When its context ends, which no cancellation does.
    pub deadline: Option<Monotonic>,
    pub(super) step: Step,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Step {
    Get,
    Update(Record),
}

impl Releasing {
    /// Begins a release.
    pub fn begin(memory: &Memory, config: &Config, now: Clock) -> (Releasing, Next) {
        let bounded = config.behaviour.release != Release::Unbounded;
        let deadline = bounded.then(|| now.monotonic + config.durations.renew());
        let mut releasing = Releasing { deadline, step: Step::Get };
        let next = match (config.behaviour.release, memory.version) {
            (Release::ReadsFirst | Release::RetriesConflicts, _) => Next::Send(Operation::Get),
            (_, Some(version)) => releasing.update(memory, config, now, version, memory.observed.transitions),
            // Without a Lease at hand the update fails in the client.
            (_, None) => Next::Done(false),
        };
        (releasing, next)
    }

    /// Goes on with a reply.
    pub fn reply(&mut self, memory: &mut Memory, config: &Config, now: Clock, reply: Reply) -> Next {
        match (self.step, reply) {
            (Step::Get, Reply::Found(version, lease)) => {
                memory.version = Some(version);
                let read = Record::read(lease, config.behaviour.coordination);
                self.update(memory, config, now, version, read.transitions)
            }
            (Step::Update(record), Reply::Stored(version)) => {
                memory.version = Some(version);
                memory.observe(record, now);
                Next::Done(true)
            }
            (Step::Update(_), Reply::Failed(Failure::Conflict))
                if config.behaviour.release == Release::RetriesConflicts =>
            {
                self.step = Step::Get;
                Next::Send(Operation::Get)
            }
            (_, Reply::Failed(_)) => Next::Done(false),
            (step, reply) => panic!("{reply:?} answers no request of {step:?}"),
        }
    }

    /// Empties the lease if the record *observed* names this elector, whatever was read since.
    fn update(&mut self, memory: &Memory, config: &Config, now: Clock, version: Version, transitions: i64) -> Next {
        if !memory.names(config.identity) {
            return Next::Done(true);
        }
        let record = Record {
            holder: Identity::EMPTY,
            duration_seconds: 1,
            acquired: Some(now.wall),
            renewed: Some(now.wall),
            transitions,
            ..Record::default()
        };
        self.step = Step::Update(record);
        Next::Send(Operation::Update(version, record.lease()))
    }
}
