//! What is asked of the lease theorem, and what is said of its runs.

use super::*;

#[test]
fn who_may_not_hold_a_lease_does_not_contend_for_it() {
    let rule = |name: &str| LockRule {
        namespace: None,
        names: Some(vec![name.into()]),
        resources: vec!["leases".into()],
        verbs: vec!["*".into()],
    };
    let main_only = Rights { rules: vec![rule("kube-controller-manager")] };
    let members = |rights| {
        let mut plan = change(26, DEFAULT, "--enable-leader-migration=true", 3);
        plan.managers[1].rights = rights;
        let of = |election: &Election| election.members.iter().map(|member| member.process).collect();
        judged(&plan).elections.iter().map(of).collect::<Vec<Vec<_>>>()
    };
    assert_eq!(members(Rights::all()), [vec![0, 1], vec![1]]);
    assert_eq!(members(main_only), [[0, 1]]);
    assert_eq!(members(Rights::default()), [[0]]);
}

/// Pairs with one essence are proved once: they must have the same zones, not just the same answer.
#[test]
fn pairs_of_one_essence_have_the_same_automaton() {
    let assumed = Assumed { reply_delay: Some(millis(0)), stop_time: millis(2_100), ..Assumed::USUAL };
    let stated = |minors: [u8; 2]| {
        let durations = Durations::new(millis(15_000), millis(10_000), millis(2_000)).expect("valid");
        let contender = |minor| Contender {
            durations,
            client_go: Release::new(minor).expect("known"),
            releases: false,
            request_limit: RequestLimit::HalfOfRenewDeadline,
        };
        let electors = minors.map(|minor| {
            let mut elector = contender(minor).elector(0);
            elector.request_timeout = millis(0);
            elector
        });
        let pair = Pair { first: electors[0], second: electors[1], others: electors.to_vec() };
        let assumptions =
            Assumptions { stop_time: assumed.stop_time, alike_within: None, ..Assumptions::crash_and_loss() };
        (pair, assumptions)
    };
    let essence = |minors| {
        let (pair, assumptions) = stated(minors);
        Handover::new(&pair, &assumptions, Rates::Any).expect("a common unit").essence()
    };
    let verdict = |minors| {
        let (pair, assumptions) = stated(minors);
        decide(&pair, &assumptions, zones::Options::default())
    };
    for (one, other) in [([21, 21], [29, 26]), ([30, 30], [37, 32]), ([25, 31], [28, 37])] {
        assert_eq!(essence(one), essence(other), "{one:?} {other:?}");
        assert_eq!(verdict(one), verdict(other), "{one:?} {other:?}");
    }
    assert_ne!(essence([29, 29]), essence([30, 30]), "one reads before it renews");
}

#[test]
fn answers_do_not_depend_on_the_number_of_threads() {
    let durations = |retry| Durations::new(millis(15_000), millis(10_000), millis(retry)).expect("valid");
    let contender = |minor, retry| Contender {
        durations: durations(retry),
        client_go: Release::new(minor).expect("known"),
        releases: false,
        request_limit: RequestLimit::HalfOfRenewDeadline,
    };
    let question = Question { contenders: vec![contender(29, 2_000), contender(30, 5_000)], assumed: Assumed::USUAL };
    let asked: Vec<(&Question, Roles)> = question.roles().map(|roles| (&question, roles)).collect();
    let answers = |threads| {
        let theorem = Theorem::default();
        theorem.prepare(&asked, threads);
        question.roles().map(|roles| theorem.decide_pair(&question, roles)).collect::<Vec<_>>()
    };
    let (one, three) = (answers(1), answers(3));
    assert_eq!(one, three);
    assert_eq!(one.iter().map(Truth::is_safe).collect::<Vec<_>>(), [true, true, false, false]);
}

/// What is said of a run is counted from its end, wherever it begins, and from answers to writes that were waited for.
#[test]
fn a_run_comes_to_a_few_figures() {
    let refuted = |reply_delay, stop_time, pause, clock_ppm| {
        let mut plan = change(29, DEFAULT, "--v=2", 3);
        let [reply_delay, stop_time, pause] = [reply_delay, stop_time, pause].map(millis);
        plan.timing = Assumed { reply_delay: Some(reply_delay), stop_time, pause, clock_ppm };
        let found = judged(&plan);
        let Some(Truth::Unsafe(trace)) = found.elections[0].answer(found.problem.overtakes[0]) else {
            panic!("refuted")
        };
        (**trace).clone()
    };
    let taken = |waited, slowest, holder| {
        let micros = |micros: i64| GoDuration { nanos: micros * 1_000 };
        Taken { waited: Some(micros(waited)), slowest: micros(slowest), holder }
    };
    let slow = refuted(5_000, 100, 0, 0);
    assert_eq!(Taken::of(&slow), taken(15_000_000, 3_000_000, Holder::Renews));
    assert_eq!(Taken::of(&refuted(5_000, 100, 0, 500)), taken(14_992_503, 2_986_500, Holder::Renews));
    let stops = refuted(0, 5_000, 0, 0);
    assert_eq!(Taken::of(&stops), taken(15_000_000, 0, Holder::Stops(millis(3_000))));
    assert_eq!(Taken::of(&refuted(500, 100, 6_000, 0)), taken(15_000_000, 4_100_000, Holder::Paused));
    for run in [&slow, &stops] {
        let mut later = run.clone();
        later.events.iter_mut().for_each(|event| event.at += 1_000);
        assert_eq!(Taken::of(&later), Taken::of(run));
    }

    let written = slow.events.iter().rposition(|event| event.action == TimedAction::Apply(0)).expect("it renews");
    let read = slow.events.iter().find(|event| event.action == TimedAction::Reply(0)).expect("it reads first");
    let with = |action| {
        let mut run = slow.clone();
        run.events.insert(written + 1, Event { action, at: slow.events[written].at, ..*read });
        Taken::of(&run).slowest
    };
    assert_eq!((with(TimedAction::Fail(0)), with(TimedAction::Reply(0))), (millis(0), millis(3_000)));
}
