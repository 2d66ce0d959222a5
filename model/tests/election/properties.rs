//! What holds whatever happens: of one elector under any events, and of a world of several under faults drawn at random.

use super::actor::{Actor, Fault, Input, Machine};
use super::clock::Nanos;
use super::world::World;
use leasehold_model::election;
use leasehold_model::election::invariants::{Step, check};
use leasehold_model::election::{
    Clock, Config, Durations, Effect, Election, Elector, Event, Failure, Identity, Lease, Monotonic, Operation, Reply,
    Version, Wall,
};
use leasehold_model::launch::duration::GoDuration;
use leasehold_model::release::Release;
use proptest::prelude::*;

const SECOND: Nanos = 1_000_000_000;

/// One thing that happens to an elector, and how long after the one before.
#[derive(Clone, Debug)]
struct Draw {
    wait: i64,
    /// Which of the things that can happen.
    choice: u8,
    version: u64,
    lease: Lease,
    failure: Failure,
}

fn failures() -> impl Strategy<Value = Failure> {
    prop::sample::select(vec![
        Failure::NotFound,
        Failure::AlreadyExists,
        Failure::Conflict,
        Failure::Forbidden,
        Failure::Invalid,
        Failure::Timeout,
        Failure::ContextDone,
        Failure::Other,
    ])
}

fn leases() -> impl Strategy<Value = Lease> {
    let times = prop::option::of((0i64..40_000_000).prop_map(Wall));
    (prop::option::of(0u32..4), prop::option::of(0i32..20), times.clone(), times, 0u32..2, 0u32..8).prop_map(
        |(holder, duration_seconds, acquired, renewed, strategy, preferred)| Lease {
            holder: holder.map(Identity),
            duration_seconds,
            acquired,
            renewed,
            transitions: Some(3),
            strategy: Some(election::Strategy(strategy)),
            preferred: Some(Identity(preferred.saturating_sub(5))),
        },
    )
}

fn draws() -> impl Strategy<Value = Vec<Draw>> {
    let wait = prop_oneof![Just(0), 0i64..100_000_000, 0i64..5 * SECOND, Just(2 * SECOND), Just(40 * SECOND)];
    let draw = (wait, any::<u8>(), 0u64..5, leases(), failures());
    let draw = draw.prop_map(|(wait, choice, version, lease, failure)| Draw { wait, choice, version, lease, failure });
    prop::collection::vec(draw, 1..120)
}

fn configs() -> impl Strategy<Value = Config> {
    let durations = prop::sample::select(vec![(15_000, 10_000, 2_000), (3_000, 2_000, 300), (1_000, 700, 250)]);
    (21u8..=37, durations, any::<bool>(), any::<bool>()).prop_map(
        |(minor, (lease, renew, retry), release, coordinated)| {
            let millis = |millis: i64| GoDuration { nanos: millis * 1_000_000 };
            let durations = Durations::new(millis(lease), millis(renew), millis(retry)).expect("they are in order");
            let mut config =
                Config::new(Release::new(minor).expect("known"), Identity(1), durations).expect("it has a name");
            config.release_on_cancel = release;
            config.coordinated = coordinated && config.behaviour.coordination;
            config
        },
    )
}

/// Drives one elector; returns what it did, in words, and how many events it met.
fn drive(config: &Config, draws: &[Draw]) -> Result<(Vec<Effect>, Elector), TestCaseError> {
    let (mut elector, mut now, mut all) = (Elector::new(), 0, Vec::new());
    for (index, draw) in draws.iter().enumerate() {
        if elector.returned() {
            break;
        }
        let timers: Vec<_> = elector.timers(config).collect();
        now += draw.wait;
        let event = if index == 0 {
            Event::Start
        } else if draw.choice < 3 {
            Event::Cancel
        } else if elector.awaits_reply() {
            let request = all.iter().rev().find_map(|effect| match effect {
                Effect::Request(request) => Some(*request),
                _ => None,
            });
            let reads = request.expect("it waits for a reply").operation == Operation::Get;
            Event::Reply(match draw.choice % 3 {
                0 => Reply::Failed(draw.failure),
                _ if reads => Reply::Found(Version(draw.version), draw.lease),
                _ => Reply::Stored(Version(draw.version)),
            })
        } else {
            let armed = timers[usize::from(draw.choice) % timers.len()];
            now = now.max(armed.earliest.0);
            Event::Timer(armed.timer)
        };
        let clock = Clock { monotonic: Monotonic(now), wall: Wall(now / 1000) };
        let (before, mut effects) = (elector, Vec::new());
        elector.handle(config, clock, event, &mut effects);
        let step = Step { config, before: &before, now: clock, event, effects: &effects, after: &elector };
        prop_assert_eq!(check(&step), Ok(()), "{:#?}", step);
        all.extend(effects);
    }
    Ok((all, elector))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever answers, timers and cancellations come, in any order the contract allows.
    #[test]
    fn every_elector_keeps_its_invariants(config in configs(), draws in draws()) {
        let (effects, elector) = drive(&config, &draws)?;
        prop_assert_eq!(effects.contains(&Effect::Returned), elector.returned());
        let count = |wanted| effects.iter().filter(|effect| **effect == wanted).count();
        prop_assert!(count(Effect::StartedLeading) <= 1 && count(Effect::StoppedLeading) <= 1);
    }

    /// With the defaults and answers that take no time, crashes, conflicts, lost requests, and up to 0.29 lost answers too,
    /// never make two lead; and once they end, somebody leads within a term and two retries of a standby. Why lost
    /// answers are excepted from 0.30 on is in `lost-answer-hides-the-next-write.script`.
    #[test]
    fn crash_and_loss_never_make_two_lead(
        minors in prop::collection::vec(21u8..=37, 3),
        jitter in prop::collection::vec(0i64..2_400, 3),
        faults in prop::collection::vec((0usize..3, 0u8..6, 0i64..5_000), 0..25),
    ) {
        let mut world = World::default();
        for (index, (minor, jitter)) in minors.iter().zip(jitter).enumerate() {
            world.actors.push(elector(&mut world.names, index, *minor, jitter));
        }
        for actor in 0..3 {
            world.happen(actor, Input::Start);
        }
        for (actor, what, wait) in faults {
            let alive = world.actors.iter().filter(|actor| !actor.dead).count();
            let faults = &mut world.actors[actor].faults;
            match what {
                0 if alive > 1 => world.actors[actor].dead = true,
                1 => faults.extend(["get", "create", "update"].map(|kind| (kind, Fault::Dropped, None))),
                2 if minors[actor] < 30 => faults.push(("update", Fault::Lost, Some(1))),
                3 => faults.push(("update", Fault::Refused(Reply::Failed(Failure::Conflict)), Some(2))),
                _ => faults.clear(),
            }
            let lines = world.run_until(world.now + wait * 1_000_000);
            prop_assert!(!lines.contains("!!"), "{lines}");
        }
        world.actors.iter_mut().for_each(|actor| actor.faults.clear());
        let heal = world.now;
        // A request that hangs, a term from the first look, a retry before that look and one after the term.
        let bound = heal + (10_000 + 15_000 + 2 * 4_400) * 1_000_000;
        let lines = world.run_until(bound);
        prop_assert!(!lines.contains("!!"), "{lines}");
        let runs = |actor: &&Actor| !actor.dead && !returned(actor);
        let leads = world.actors.iter().any(|actor| actor.acts(Election::Main));
        prop_assert!(leads || !world.actors.iter().any(|actor| runs(&actor)), "nobody leads\n{lines}");
    }
}

fn elector(names: &mut super::print::Names, index: usize, minor: u8, jitter: i64) -> Actor {
    let name = ["a", "b", "c"][index];
    let release = Release::new(minor).expect("known");
    let config = Config::new(release, names.number(name), Durations::CORE).expect("it has a name");
    let leases = ["lease".into(), "lease".into()];
    let machine = Machine::Alone(config, Box::default());
    Actor { jitter: jitter * 1_000_000, ..Actor::new(name, machine, leases) }
}

fn returned(actor: &Actor) -> bool {
    match &actor.machine {
        Machine::Alone(_, elector) => elector.returned(),
        Machine::Manager(..) => false,
    }
}

/// A search stores millions of them.
#[test]
fn an_elector_is_small() {
    assert_eq!(size_of::<Elector>(), 288);
}
