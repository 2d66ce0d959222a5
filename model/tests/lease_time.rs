//! The lease theorem: what holds at the defaults, where it ends, what breaks it, and that independent models agree.

mod lease_time_grid;

use lease_time_grid::{Point, grid};
use leasehold_model::election::Durations;
use leasehold_model::explore::{self, explore};
use leasehold_model::launch::duration::GoDuration;
use leasehold_model::lease_time::constants::Rates;
use leasehold_model::lease_time::gap::{End, longest};
use leasehold_model::lease_time::handover::{Action, Handover};
use leasehold_model::lease_time::ticks::{Ticks, Writers};
use leasehold_model::lease_time::trace::Trace;
use leasehold_model::lease_time::{Answer, Assumptions, Elector, Others, Pair, Pause, Reason, decide};
use leasehold_model::release::Release;
use leasehold_model::zones::automaton::{Automaton, limits_are_consistent};
use leasehold_model::zones::{self, Options};
use std::collections::BTreeSet;

fn ms(millis: i64) -> GoDuration {
    GoDuration { nanos: millis * 1_000_000 }
}

fn core(minor: u8) -> Elector {
    Elector::new(Release::new(minor).expect("a known release"), Durations::CORE)
}

/// Crash and loss, with no two writes alike: what closed formulas assume.
fn ideal(reply_delay: i64, stop_time: i64) -> Assumptions {
    Assumptions {
        reply_delay: Some(ms(reply_delay)),
        stop_time: ms(stop_time),
        alike_within: None,
        ..Assumptions::crash_and_loss()
    }
}

fn answer(elector: Elector, assumptions: &Assumptions) -> Answer {
    decide(&Pair::alike(elector), assumptions, Options::default()).answer
}

fn refuted(elector: Elector, assumptions: &Assumptions) -> Trace {
    match answer(elector, assumptions) {
        Answer::Refuted(trace) => trace,
        other => panic!("expected a counterexample: {other:?}"),
    }
}

#[test]
fn if_no_two_writes_read_alike_the_defaults_are_safe_below_three_seconds() {
    for minor in [26, 30] {
        for (reply_delay, stop_time) in [(0, 2_999), (1_000, 1_999)] {
            assert_eq!(answer(core(minor), &ideal(reply_delay, stop_time)), Answer::Proved, "{minor}");
        }
        for (reply_delay, stop_time) in [(3_000, 0), (1_000, 2_000)] {
            let trace = refuted(core(minor), &ideal(reply_delay, stop_time));
            let last = trace.events.last().expect("not empty");
            assert_eq!(trace.nanos(last), (15_000_000_000, 1), "{minor}: overlap begins when the lease expires");
        }
    }
}

/// The first renewal comes right after the acquisition, often in the same second, and then reads like it: who looks in
/// between counts from the first. So the requests of that renewal count too, and they may take five seconds each.
#[test]
fn the_defaults_are_unsafe_with_slow_requests_because_writes_of_one_second_read_alike() {
    for minor in [29, 37] {
        let trace = refuted(core(minor), &Assumptions::crash_and_loss());
        let written = trace.events.iter().filter(|event| event.action == Action::Apply(0)).count();
        assert_eq!(written, 2, "{minor}: the acquisition and a renewal that reads like it");
        assert!(
            trace
                .events
                .iter()
                .all(|event| event.action != Action::Apply(1) || event.at == trace.events.last().unwrap().at)
        );
    }
    let quick = |minor, timeout| Elector { request_timeout: ms(timeout), ..core(minor) };
    assert_eq!(answer(quick(29, 1_000), &Assumptions::crash_and_loss()), Answer::Proved);
    refuted(quick(29, 1_500), &Assumptions::crash_and_loss());
    refuted(quick(30, 1_000), &Assumptions::crash_and_loss());
    assert_eq!(answer(quick(30, 999), &Assumptions::crash_and_loss()), Answer::Proved);
    assert_eq!(answer(quick(31, 999), &Assumptions::crash_and_loss()), Answer::Proved);
    // Since 0.32 an attempt may repeat the time of the one before: no proof, and no run of client-go that shows it.
    let unknown = Answer::Inconclusive(Reason::NoExactTimes);
    assert_eq!(answer(quick(32, 999), &Assumptions::crash_and_loss()), unknown);
}

#[test]
fn what_breaks_a_lease_is_seen_to_break_it() {
    let safe = ideal(500, 100);
    assert_eq!(answer(core(29), &safe), Answer::Proved);
    let breaks = [
        ("deleted by hand", core(29), Assumptions { deleted: true, ..safe }),
        ("edited by hand", core(29), Assumptions { edited: true, ..safe }),
        ("a pause of any length", core(29), Assumptions { pause: Pause::Once(None), ..safe }),
        ("pauses of a second", core(29), Assumptions { pause: Pause::Often(Some(ms(1_000))), ..safe }),
        ("release before stop", Elector { releases: true, ..core(29) }, safe),
        ("release that reads first", Elector { releases: true, ..core(34) }, safe),
    ];
    for (what, elector, assumptions) in breaks {
        let found = leasehold_model::zones::search(
            &Handover::new(&Pair::alike(elector), &assumptions, Rates::Any).unwrap(),
            Options::default(),
            |_| true,
        );
        assert!(found.reached(), "{what}");
    }
}

#[test]
fn stale_reads_alone_break_nothing() {
    // Writes are compared with the newest version.
    let stale = |reply, stop| Assumptions { stale_reads: true, ..ideal(reply, stop) };
    for minor in [29, 37] {
        assert_eq!(answer(core(minor), &stale(500, 100)), Answer::Proved, "0.{minor}");
        refuted(core(minor), &stale(2_900, 100));
    }
}

#[test]
fn a_pause_counts_like_a_stop() {
    let with = |pause| Assumptions { pause: Pause::Once(Some(ms(pause))), ..ideal(500, 100) };
    assert_eq!(answer(core(29), &with(2_399)), Answer::Proved);
    let trace = refuted(core(29), &with(2_400));
    assert!(trace.events.iter().any(|event| event.action == Action::Resume));
}

#[test]
fn drift_is_exact_on_both_hosts() {
    // Safe while 12 s on a slow clock are less than 15 s on a fast one: 12/(1-e) < 15/(1+e), e < 1/9.
    let drifting = |ppm| Elector { drift_ppm: ppm, ..core(29) };
    assert_eq!(answer(drifting(111_000), &ideal(0, 0)), Answer::Proved);
    refuted(drifting(112_000), &ideal(0, 0));
    assert_eq!(answer(drifting(78), &ideal(0, 0)), Answer::Proved);
}

#[test]
fn every_usual_drift_is_decided() {
    for ppm in [1, 78, 200, 500, 1_000] {
        let drifting = Elector { drift_ppm: ppm, ..core(37) };
        assert_eq!(answer(drifting, &ideal(500, 100)), Answer::Proved, "{ppm} ppm");
        refuted(drifting, &ideal(3_000, 0));
        refuted(drifting, &Assumptions::crash_and_loss());
    }
}

/// With drift a bound of whole nanoseconds has a unit so fine that a lease is 6e16 of them; with more drift it is refused.
#[test]
fn fine_units_are_exact_or_refused() {
    let verdict = |ppm, delay| {
        let assumptions = Assumptions { reply_delay: Some(GoDuration { nanos: delay }), ..ideal(0, 0) };
        answer(Elector { drift_ppm: ppm, ..core(29) }, &assumptions)
    };
    // 12 s on a slow clock and the delay against 15 s on a fast one: at 500 ppm some 2.9865 s are left.
    let left = 15_000_000_000i64 * 2000 / 2001 - 12_000_000_000i64 * 2000 / 1999;
    assert_eq!(verdict(500, left - 1), Answer::Proved);
    assert!(matches!(verdict(500, left + 1), Answer::Refuted(_)));
    assert_eq!(verdict(78, left), Answer::Inconclusive(Reason::TooFine));
}

/// A challenger that judges by its own duration takes another's lease too early; one that judges by the record does not.
#[test]
fn unequal_durations_depend_on_who_judges() {
    let seconds = |lease, renew, retry| {
        let s = GoDuration::seconds;
        Durations::new(s(lease), s(renew), s(retry)).unwrap()
    };
    let long = |minor| Elector::new(Release::new(minor).unwrap(), seconds(60, 40, 5));
    let pair = |minor| Pair { first: long(minor), second: core(minor), others: vec![] };
    let assumptions = Assumptions { others: Others::Absent, ..ideal(0, 0) };
    let verdict = |minor| decide(&pair(minor), &assumptions, Options::default()).answer;
    assert!(matches!(verdict(26), Answer::Refuted(_)));
    assert_eq!(verdict(27), Answer::Proved);
}

#[test]
fn gaps_after_one_fault() {
    let gap_with = |end, request, stop| {
        let gap = longest(&core(29), &core(29), end, ms(request), ms(stop)).unwrap();
        assert_eq!(gap.over, 1);
        gap.nanos
    };
    let gap = |end, request| gap_with(end, request, 0);
    // Renewal seen one longest retry late, then the lease, then one more longest retry: 15 + 2 · 4.4 s.
    let jitter = 4_399_999_999;
    assert_eq!(gap(End::Dies, 0), 15_000_000_000 + 2 * jitter);
    assert_eq!(gap(End::Releases, 0), jitter);
    // It was cut off just after its last renewal was applied, and tried for 10 s more.
    assert_eq!(gap(End::IsCutOff, 0), 5_000_000_000 + 2 * jitter);
    // It may act longer, and need not.
    assert_eq!(gap_with(End::IsCutOff, 0, 3_000), 5_000_000_000 + 2 * jitter);
    // The answer that just misses the renewal, the read that sees it, the attempt that is just too early, the read and the
    // write of the one that succeeds: each takes a second more.
    assert_eq!(gap(End::Dies, 1_000), 20_000_000_000 + 2 * jitter);
}

/// Limits that are too small would make extrapolation unsound.
#[test]
fn every_reachable_location_has_sound_limits() {
    let everything = Assumptions {
        pause: Pause::Often(Some(ms(700))),
        stale_reads: true,
        deleted: true,
        edited: true,
        ..Assumptions::crash_and_loss()
    };
    for (elector, assumptions) in [
        (Elector { releases: true, drift_ppm: 500, ..core(37) }, everything),
        (core(29), Assumptions { loss: false, others: Others::WriteAnytime, ..Assumptions::crash_and_loss() }),
    ] {
        let exact = Handover::new(&Pair::alike(elector), &assumptions, Rates::Any).unwrap();
        for automaton in [exact.clone(), exact.loosened()] {
            let mut seen: BTreeSet<_> = automaton.initial().into_iter().collect();
            let mut queue: Vec<_> = seen.iter().copied().collect();
            let mut edges = Vec::new();
            // Locations reachable if guards are ignored: all that a search can meet, and more.
            while let Some(location) = queue.pop() {
                assert!(limits_are_consistent(&automaton, &location), "{location:?}");
                if automaton.is_goal(&location) || seen.len() > 200_000 {
                    continue;
                }
                edges.clear();
                automaton.edges(&location, &mut edges);
                queue.extend(edges.iter().map(|edge| edge.target).filter(|target| seen.insert(*target)));
            }
            assert!(seen.len() > 1_000);
        }
    }
}

fn ticks_overlap(ticks: &Ticks) -> bool {
    let options = explore::Options { symmetry: true, ..explore::Options::default() };
    let space = explore(ticks, &options, |state| ticks.overlaps(state));
    space.states().iter().any(|&state| ticks.overlaps(state))
}

fn zones_overlap(point: &Point) -> bool {
    let (elector, assumptions) = point.question();
    let automaton = Handover::new(&Pair::alike(elector), &assumptions, Rates::Any).unwrap();
    let found = zones::search(&automaton, Options::default(), |_| true);
    assert!(found.complete);
    found.reached()
}

/// Whatever requests and waits last: nobody leads together in the loosened automaton exactly if nobody does in the other.
#[test]
fn loosening_loses_no_proof_and_adds_none() {
    let mut verdicts = [0, 0];
    for point in grid().iter().filter(|point| !point.ticks.alike_in_a_tick).step_by(3) {
        let (elector, assumptions) = point.question();
        let automaton = Handover::new(&Pair::alike(elector), &assumptions, Rates::Any).unwrap();
        let found = zones::search(&automaton.loosened(), Options::default(), |_| true);
        assert!(found.complete);
        assert_eq!(found.reached(), zones_overlap(point), "{point:?}");
        verdicts[usize::from(found.reached())] += 1;
    }
    assert_eq!(verdicts, [11, 23]);
}

/// Every ninth point of the grid; ci/lease-theorem does all of them, with stateright and SPIN beside.
#[test]
fn zones_and_ticks_agree() {
    let mut verdicts = [0, 0];
    for point in grid().iter().step_by(9) {
        let overlap = zones_overlap(point);
        assert_eq!(ticks_overlap(&point.ticks), overlap, "{point:?}");
        verdicts[usize::from(overlap)] += 1;
    }
    assert!(verdicts.iter().all(|&count| count >= 3), "the points tell nothing apart: {verdicts:?}");
}

fn small(electors: usize, reply_delay: u8, others: Writers) -> Ticks {
    Ticks {
        electors,
        lease: 4,
        renew: 2,
        retry: 1,
        longest_retry: 1,
        timeout: 1,
        reply_delay,
        stop: 0,
        renews_without_reading: false,
        alike_in_a_tick: false,
        others,
        crash: false,
    }
}

/// Two electors and others decide as so many explicit electors do.
fn decides_like(electors: usize, renews_without_reading: bool) {
    for reply_delay in [0, 1] {
        let ticks = |electors, others| Ticks { renews_without_reading, ..small(electors, reply_delay, others) };
        let covered = ticks_overlap(&ticks(2, Writers::Anytime));
        assert_eq!(ticks_overlap(&ticks(electors, Writers::Nobody)), covered, "{electors} {reply_delay}");
        assert_eq!(covered, reply_delay >= 1);
    }
}

#[test]
fn two_electors_and_others_decide_like_explicit_electors() {
    decides_like(2, true);
    decides_like(3, false);
    // An environment that may empty the holder is no elector, and decides otherwise.
    assert!(ticks_overlap(&small(2, 0, Writers::EmptyToo)));
}

#[test]
#[ignore = "minutes and gigabytes: ci/lease-theorem runs it"]
fn two_electors_and_others_decide_like_four_explicit_electors() {
    decides_like(3, true);
    decides_like(4, false);
}

/// What two of three explicit electors go through is what two electors and others go through.
#[test]
fn others_cover_a_third_elector_and_a_weaker_environment_does_not() {
    let reached = |ticks: &Ticks| {
        let space = explore(ticks, &explore::Options::default(), |_| false);
        space.states().iter().map(|&state| ticks.first_two(state)).collect::<BTreeSet<u128>>()
    };
    let tiny = |electors, others| Ticks { lease: 3, renew: 2, ..small(electors, 0, others) };
    let three = reached(&tiny(3, Writers::Nobody));
    let uncovered = |others| three.difference(&reached(&tiny(2, others))).count();
    assert_eq!(uncovered(Writers::Anytime), 0);
    assert!(uncovered(Writers::WhileNobodyLeads) > 0);
    assert!(uncovered(Writers::Nobody) > 0);
}
