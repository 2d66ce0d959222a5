//! What a script cannot show: timers in one instant, and timers that fire late.

use leasehold_model::election::{
    Armed, Clock, Config, Durations, Effect, Elector, Event, Failure, Identity, Lease, LeaseEvent, Monotonic,
    Operation, Reply, Timer, Version, Wall,
};
use leasehold_model::release::Release;

const SECOND: i64 = 1_000_000_000;

/// A leader since second 0 whose renewal began at second 2 with an attempt that has not ended.
struct Leader {
    config: Config,
    elector: Elector,
}

impl Leader {
    fn new(minor: u8) -> Leader {
        let release = Release::new(minor).unwrap();
        let config = Config::new(release, Identity(1), Durations::CORE).unwrap();
        let mut leader = Leader { config, elector: Elector::new() };
        leader.at(0, Event::Start);
        leader.at(0, Event::Reply(Reply::Failed(Failure::NotFound)));
        leader.at(0, Event::Reply(Reply::Stored(Version(1))));
        if !leader.config.behaviour.renews_without_reading {
            leader.at(0, Event::Reply(Reply::Failed(Failure::Other)));
            leader.at(2, Event::Timer(Timer::Retry));
        } else {
            leader.at(0, Event::Reply(Reply::Stored(Version(2))));
            leader.at(2, Event::Timer(Timer::Retry));
            leader.fails(2, Failure::Other);
        }
        leader
    }

    fn at(&mut self, seconds: i64, event: Event) -> Vec<Effect> {
        let now = Clock { monotonic: Monotonic(seconds * SECOND), wall: Wall(seconds * 1_000_000) };
        let mut effects = Vec::new();
        self.elector.handle(&self.config, now, event, &mut effects);
        effects
    }

    fn fails(&mut self, seconds: i64, failure: Failure) -> Vec<Effect> {
        self.at(seconds, Event::Reply(Reply::Failed(failure)))
    }

    /// The next tick, whose update without a read fails at once.
    fn tick(&mut self, seconds: i64) {
        self.at(seconds, Event::Timer(Timer::Retry));
        self.fails(seconds, Failure::Other);
    }

    /// The timers as (which, second, may lapse).
    fn timers(&self) -> Vec<(Timer, i64, bool)> {
        let exact = |armed: Armed| {
            assert_eq!(armed.earliest, armed.latest);
            (armed.timer, armed.latest.0 / SECOND, armed.may_lapse)
        };
        self.elector.timers(&self.config).map(exact).collect()
    }
}

const DEADLINE: (Timer, i64, bool) = (Timer::RenewDeadline, 12, false);

#[test]
fn a_standby_draws_its_wait() {
    let config = Config::new(Release::NEWEST, Identity(1), Durations::CORE).unwrap();
    let (mut elector, mut effects, now) = (Elector::new(), Vec::new(), Clock::default());
    for event in [Event::Start, Event::Reply(Reply::Failed(Failure::Other))] {
        elector.handle(&config, now, event, &mut effects);
    }
    let timers: Vec<Armed> = elector.timers(&config).collect();
    let (earliest, latest) = (Monotonic(2 * SECOND), Monotonic(4_399_999_999));
    assert_eq!(timers, [Armed { timer: Timer::Retry, earliest, latest, may_lapse: false }]);
}

#[test]
fn a_tick_in_the_instant_in_which_an_attempt_ends_may_be_lost_until_0_31() {
    let mut leader = Leader::new(31);
    leader.fails(2, Failure::Other);
    assert_eq!(leader.timers(), [DEADLINE, (Timer::Retry, 4, false)]);
    leader.tick(4);
    leader.fails(6, Failure::Other);
    assert_eq!(leader.timers(), [DEADLINE, (Timer::Retry, 6, true), (Timer::Retry, 8, false)]);
    leader.tick(6);
    leader.fails(6, Failure::Other);
    assert_eq!(leader.timers(), [DEADLINE, (Timer::Retry, 8, false)]);
}

#[test]
fn a_tick_in_the_instant_in_which_an_older_one_is_received_may_be_lost_since_0_32() {
    let mut leader = Leader::new(32);
    leader.fails(6, Failure::Other);
    assert_eq!(leader.timers(), [DEADLINE, (Timer::Retry, 4, false)]);
    leader.tick(6);
    leader.fails(6, Failure::Other);
    assert_eq!(leader.timers(), [DEADLINE, (Timer::Retry, 6, true), (Timer::Retry, 8, false)]);
    leader.tick(8);
    leader.fails(8, Failure::Other);
    assert_eq!(leader.timers(), [DEADLINE, (Timer::Retry, 10, false)]);
}

#[test]
fn a_tick_may_win_against_the_end_of_the_context_until_0_31() {
    for (minor, timers) in [(31, vec![DEADLINE, (Timer::Retry, 12, true)]), (32, vec![])] {
        let mut leader = Leader::new(minor);
        leader.fails(2, Failure::Other);
        leader.tick(10);
        let lost = leader.fails(12, Failure::ContextDone);
        assert_eq!(leader.timers(), timers, "0.{minor}");
        assert_eq!(lost.contains(&Effect::Returned), minor == 32);
    }
    let mut leader = Leader::new(31);
    leader.fails(2, Failure::Other);
    leader.tick(10);
    leader.fails(12, Failure::ContextDone);
    let [Effect::Request(update)] = leader.at(12, Event::Timer(Timer::Retry))[..] else { panic!("an update") };
    let [Effect::Request(get)] = leader.fails(12, Failure::ContextDone)[..] else { panic!("a read") };
    assert!(update.context_done && get.context_done);
    assert!(leader.fails(12, Failure::ContextDone).contains(&Effect::Returned));
}

#[test]
fn a_tick_after_the_deadline_ends_the_renewal_since_0_32() {
    for minor in [31, 32] {
        let mut leader = Leader::new(minor);
        leader.fails(2, Failure::Other);
        let effects = leader.at(13, Event::Timer(Timer::Retry));
        match effects[..] {
            [Effect::Request(request)] => assert!(minor == 31 && request.context_done),
            _ => assert!(minor == 32 && effects.ends_with(&[Effect::StoppedLeading, Effect::Returned])),
        }
    }
}

#[test]
fn a_success_counts_even_after_the_deadline() {
    let mut leader = Leader::new(29);
    leader.at(13, Event::Reply(Reply::Failed(Failure::NotFound)));
    leader.at(14, Event::Reply(Reply::Stored(Version(2))));
    assert!(leader.elector.leads());
    assert_eq!(leader.timers(), [(Timer::Retry, 16, false)]);
}

#[test]
#[should_panic(expected = "is not due")]
fn a_timer_that_fires_early_is_the_drivers_mistake() {
    let mut leader = Leader::new(37);
    leader.fails(2, Failure::Other);
    leader.at(3, Event::Timer(Timer::Retry));
}

#[test]
#[should_panic(expected = "nothing waits for")]
fn an_answer_to_nothing_is_the_drivers_mistake() {
    let mut leader = Leader::new(37);
    leader.fails(2, Failure::Other);
    leader.fails(3, Failure::Other);
}

#[test]
fn a_cancelled_elector_that_still_wins_leads_for_no_time() {
    for minor in [26, 37] {
        let config = Config::new(Release::new(minor).unwrap(), Identity(1), Durations::CORE).unwrap();
        let mut leader = Leader { config, elector: Elector::new() };
        leader.at(0, Event::Start);
        leader.fails(0, Failure::NotFound);
        assert_eq!(leader.at(1, Event::Cancel), [Effect::CancelRequest]);
        assert_eq!(leader.at(1, Event::Cancel), []);
        let effects = leader.at(1, Event::Reply(Reply::Stored(Version(1))));
        let stopped: &[Effect] = match minor {
            26 => &[],
            _ => &[Effect::Record(LeaseEvent::StoppedLeading)],
        };
        let before = [
            Effect::NewLeader(Identity(1)),
            Effect::Record(LeaseEvent::BecameLeader),
            Effect::StartedLeading,
            Effect::StopControllers,
        ];
        let end = [Effect::StoppedLeading, Effect::Returned];
        assert_eq!(effects, [&before[..], stopped, &end].concat(), "0.{minor}");
    }
}

#[test]
fn a_cancelled_attempt_is_the_last() {
    let config = Config::new(Release::NEWEST, Identity(1), Durations::CORE).unwrap();
    let mut standby = Leader { config, elector: Elector::new() };
    standby.at(0, Event::Start);
    standby.at(1, Event::Cancel);
    assert_eq!(standby.fails(1, Failure::Other), [Effect::StoppedLeading, Effect::Returned]);

    let mut leader = Leader::new(31);
    assert_eq!(leader.at(3, Event::Cancel), [Effect::StopControllers, Effect::CancelRequest]);
    assert!(!leader.elector.leads() && leader.elector.awaits_reply());
    let found = Lease { holder: Some(Identity(1)), duration_seconds: Some(15), ..Lease::default() };
    let [Effect::Request(update)] = leader.at(3, Event::Reply(Reply::Found(Version(3), found)))[..] else {
        panic!("an update")
    };
    assert!(update.context_done && update.deadline == Some(Monotonic(12 * SECOND)));
    let effects = leader.at(3, Event::Reply(Reply::Stored(Version(4))));
    assert!(effects.ends_with(&[Effect::StoppedLeading, Effect::Returned]), "{effects:?}");
}

#[test]
fn a_release_has_a_deadline_of_its_own_since_0_31() {
    for (minor, deadline) in [(30, None), (31, Some(13)), (37, Some(13))] {
        let mut leader = Leader::new(minor);
        leader.config.release_on_cancel = true;
        leader.fails(2, Failure::Other);
        let effects = leader.at(3, Event::Cancel);
        let Some(Effect::Request(request)) = effects.last() else { panic!("a release") };
        assert_eq!(request.deadline, deadline.map(|seconds: i64| Monotonic(seconds * SECOND)), "0.{minor}");
        assert_eq!(request.timeout, Monotonic(8 * SECOND));
        assert!(!request.context_done && leader.at(4, Event::Cancel).is_empty());
    }
}

#[test]
fn a_lease_restored_to_what_was_read_before_counts_as_its_own() {
    // It took another's lease, and somebody restored that to the letter: what it reads is what it had read before, so its
    // own write stays the observed record. It does not wait for the other's term.
    for minor in [29, 30] {
        let config = Config::new(Release::new(minor).unwrap(), Identity(1), Durations::CORE).unwrap();
        let mut leader = Leader { config, elector: Elector::new() };
        let old = Lease { holder: Some(Identity(2)), duration_seconds: Some(1), ..Lease::default() };
        let found = Event::Reply(Reply::Found(Version(1), old));
        leader.at(0, Event::Start);
        leader.at(0, found);
        leader.at(2, Event::Timer(Timer::Retry));
        leader.at(2, found);
        leader.at(2, Event::Reply(Reply::Stored(Version(2))));
        if minor == 30 {
            leader.fails(2, Failure::Conflict);
        }
        let [Effect::Request(update)] = leader.at(2, found)[..] else { panic!("an update") };
        assert!(matches!(update.operation, Operation::Update(Version(1), _)), "0.{minor}");
        assert_eq!(leader.elector.observed().holder, Identity(1));
    }
}
