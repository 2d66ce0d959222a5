//! Names in an elector's state: what it compares and never looks into. Two states that differ only in names behave alike,
//! so a search may give names back that nobody uses any more.
//!
//! * Identities and resource versions are only compared for being equal.
//! * Moments are only compared with the moment at hand, by their distance: all of them may be moved together.
//! * Times of the wall clock are only compared for lying in the same second.

use super::attempt::{Attempt, Memory};
use super::elector::{Elector, Phase};
use super::event::{Operation, Reply};
use super::poll::Poll;
use super::process::{End, Process};
use super::record::{Identity, Lease, Raw, Record, Version};
use super::release::{self, Releasing};
use super::time::{Monotonic, Wall};

/// New names for old ones. Each function must be one to one on the names in use, but for what its own line allows.
pub trait Names {
    /// A moved moment. Moments longer ago than every duration may become one.
    fn moment(&mut self, at: Monotonic) -> Monotonic;
    /// Another time, in the same second as another exactly if it was.
    fn wall(&mut self, at: Wall) -> Wall;
    /// Another identity; the empty one must stay.
    fn identity(&mut self, identity: Identity) -> Identity;
    /// Another version. Versions that are not the newest of their lease may become one.
    fn version(&mut self, version: Version) -> Version;
}

impl Process {
    /// The process with other names.
    #[must_use]
    pub fn renamed(mut self, names: &mut impl Names) -> Process {
        self.main = self.main.renamed(names);
        self.migration = self.migration.map(|elector| elector.renamed(names));
        if let End::By(latest) = self.end {
            self.end = End::By(names.moment(latest));
        }
        self
    }
}

impl Elector {
    /// The elector with other names.
    #[must_use]
    pub fn renamed(self, names: &mut impl Names) -> Elector {
        let phase = match self.phase {
            Phase::Acquiring(attempt) => Phase::Acquiring(attempt.renamed(names)),
            Phase::Waiting { earliest, latest } => {
                Phase::Waiting { earliest: names.moment(earliest), latest: names.moment(latest) }
            }
            Phase::Renewing(poll, attempt) => Phase::Renewing(poll.renamed(names), attempt.renamed(names)),
            Phase::Polling(poll) => Phase::Polling(poll.renamed(names)),
            Phase::Sleeping { until } => Phase::Sleeping { until: names.moment(until) },
            Phase::Releasing(releasing) => Phase::Releasing(releasing.renamed(names)),
            phase @ (Phase::Created | Phase::Returned) => phase,
        };
        let memory = self.memory.renamed(names);
        Elector { phase, memory, reported: names.identity(self.reported), ..self }
    }
}

impl Memory {
    fn renamed(self, names: &mut impl Names) -> Memory {
        Memory {
            observed: self.observed.renamed(names),
            observed_at: self.observed_at.map(|at| names.moment(at)),
            seen: self.seen.map(|Raw(record)| Raw(record.renamed(names))),
            version: self.version.map(|version| names.version(version)),
        }
    }
}

impl Attempt {
    fn renamed(self, names: &mut impl Names) -> Attempt {
        Attempt { began: names.moment(self.began), record: self.record.renamed(names), ..self }
    }
}

impl Poll {
    fn renamed(mut self, names: &mut impl Names) -> Poll {
        self.deadline = names.moment(self.deadline);
        self.origin = self.origin.map(|at| names.moment(at));
        self.after = names.moment(self.after);
        self
    }
}

impl Releasing {
    fn renamed(self, names: &mut impl Names) -> Releasing {
        let step = match self.step {
            release::Step::Get => release::Step::Get,
            release::Step::Update(record) => release::Step::Update(record.renamed(names)),
        };
        Releasing { deadline: self.deadline.map(|at| names.moment(at)), step }
    }
}

impl Record {
    fn renamed(self, names: &mut impl Names) -> Record {
        Record {
            holder: names.identity(self.holder),
            acquired: self.acquired.map(|at| names.wall(at)),
            renewed: self.renewed.map(|at| names.wall(at)),
            preferred: names.identity(self.preferred),
            ..self
        }
    }
}

impl Lease {
    /// The Lease with other names.
    #[must_use]
    pub fn renamed(self, names: &mut impl Names) -> Lease {
        Lease {
            holder: self.holder.map(|holder| names.identity(holder)),
            acquired: self.acquired.map(|at| names.wall(at)),
            renewed: self.renewed.map(|at| names.wall(at)),
            preferred: self.preferred.map(|preferred| names.identity(preferred)),
            ..self
        }
    }
}

impl Operation {
    /// The operation with other names.
    #[must_use]
    pub fn renamed(self, names: &mut impl Names) -> Operation {
        match self {
            Operation::Get => Operation::Get,
            Operation::Create(lease) => Operation::Create(lease.renamed(names)),
            Operation::Update(version, lease) => Operation::Update(names.version(version), lease.renamed(names)),
        }
    }
}

impl Reply {
    /// The reply with other names.
    #[must_use]
    pub fn renamed(self, names: &mut impl Names) -> Reply {
        match self {
            Reply::Found(version, lease) => Reply::Found(names.version(version), lease.renamed(names)),
            Reply::Stored(version) => Reply::Stored(names.version(version)),
            Reply::Failed(failure) => Reply::Failed(failure),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Clock, Config, Durations, Effect, Event, Failure, Request};
    use super::*;
    use crate::release::Release;
    use proptest::prelude::*;

    /// Everything is seven seconds earlier and has another number.
    struct Moved;

    impl Names for Moved {
        fn moment(&mut self, at: Monotonic) -> Monotonic {
            Monotonic(at.0 - 7_000_000_000)
        }
        fn wall(&mut self, at: Wall) -> Wall {
            Wall(at.0 - 7_000_000)
        }
        fn identity(&mut self, identity: Identity) -> Identity {
            if identity == Identity::EMPTY { identity } else { Identity(100 - identity.0) }
        }
        fn version(&mut self, version: Version) -> Version {
            Version(1000 - version.0)
        }
    }

    fn effect(effect: Effect) -> Effect {
        match effect {
            Effect::Request(request) => Effect::Request(Request {
                operation: request.operation.renamed(&mut Moved),
                deadline: request.deadline.map(|at| Moved.moment(at)),
                timeout: Moved.moment(request.timeout),
                ..request
            }),
            Effect::NewLeader(identity) => Effect::NewLeader(Moved.identity(identity)),
            other => other,
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// An elector that is renamed and goes on does what it would have done, renamed.
        #[test]
        fn a_renamed_elector_behaves_as_before(
            minor in 21..=37_u8,
            releases in any::<bool>(),
            choices in prop::collection::vec((0..6_u32, 0..2_500_i64), 1..60),
        ) {
            let library = Release::new(minor).expect("a known release");
            let config = |identity| Config {
                release_on_cancel: releases,
                ..Config::new(library, Identity(identity), Durations::CORE).expect("accepted")
            };
            let (ours, theirs) = (config(1), config(99));
            let (mut one, mut now, mut stored) = (Elector::new(), 100_000_000_000_i64, Version(1));
            let mut event = Event::Start;
            for (choice, wait) in choices {
                let other = one.renamed(&mut Moved);
                let renamed = match event {
                    Event::Reply(reply) => Event::Reply(reply.renamed(&mut Moved)),
                    event => event,
                };
                let clock = |now: i64| Clock { monotonic: Monotonic(now), wall: Wall(now / 1000) };
                let (mut effects, mut others) = (Vec::new(), Vec::new());
                one.handle(&ours, clock(now), event, &mut effects);
                let mut other = other;
                other.handle(&theirs, clock(now - 7_000_000_000), renamed, &mut others);
                prop_assert_eq!(other, one.renamed(&mut Moved));
                prop_assert_eq!(others, effects.into_iter().map(effect).collect::<Vec<_>>());

                now += wait * 1_000_000;
                let lease = Record { holder: Identity(choice % 3), duration_seconds: 15, ..Record::default() }.lease();
                stored.0 += 1;
                let timers: Vec<_> = one.timers(&ours).collect();
                event = match (one.awaits_reply(), timers.first(), choice) {
                    (true, _, 0) => Event::Reply(Reply::Failed(Failure::Other)),
                    // Every request may fail, and not every one may find or store.
                    (true, _, 1) => Event::Reply(Reply::Failed(Failure::NotFound)),
                    (true, _, _) if reads(&one) => Event::Reply(Reply::Found(stored, lease)),
                    (true, _, _) => Event::Reply(Reply::Stored(stored)),
                    (_, Some(armed), _) => {
                        now = now.max(armed.earliest.0);
                        Event::Timer(armed.timer)
                    }
                    (_, None, _) => break,
                };
                if choice == 5 && !one.returned() {
                    event = Event::Cancel;
                }
            }
        }
    }

    /// True if the request in flight is a read.
    fn reads(elector: &Elector) -> bool {
        match elector.phase {
            Phase::Acquiring(attempt) | Phase::Renewing(_, attempt) => attempt.step == super::super::attempt::Step::Get,
            Phase::Releasing(releasing) => releasing.step == release::Step::Get,
            _ => false,
        }
    }
}
