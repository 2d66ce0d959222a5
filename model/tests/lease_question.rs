//! The solver against the theorem, and the arithmetic that explains it.

use leasehold_model::election::Durations;
use leasehold_model::facts::elections::RequestLimit;
use leasehold_model::launch::duration::GoDuration;
use leasehold_model::lease_time::answers::{Theorem, Truth, in_full};
use leasehold_model::lease_time::gap::End;
use leasehold_model::lease_time::limit::{Limit, limit};
use leasehold_model::lease_time::question::{Assumed, Contender, Parameter, Question};
use leasehold_model::lease_time::wanted::{Advice, Keeps, advice};
use leasehold_model::release::Release;
use proptest::prelude::*;
use std::ops::ControlFlow;

const MS: i64 = 1_000_000;

fn millis(ms: i64) -> GoDuration {
    GoDuration { nanos: ms * MS }
}

fn contender(lease: i64, renew: i64, retry: i64, minor: u8) -> Contender {
    Contender {
        durations: Durations::new(millis(lease), millis(renew), millis(retry)).expect("client-go takes them"),
        client_go: Release::new(minor).expect("known"),
        releases: false,
        request_limit: RequestLimit::HalfOfRenewDeadline,
    }
}

fn question(contenders: Vec<Contender>, reply: i64, stop: i64, ppm: i64) -> Question {
    let assumed =
        Assumed { reply_delay: Some(millis(reply)), stop_time: millis(stop), pause: millis(0), clock_ppm: ppm };
    Question { contenders, assumed }
}

#[test]
fn the_arithmetic_says_what_the_theorem_says() {
    let theorem = Theorem::default();
    for (contenders, reply, stop, ppm) in [
        (vec![contender(15_000, 10_000, 2_000, 29)], 1_000, 1_999, 0),
        (vec![contender(15_000, 10_000, 2_000, 29)], 1_000, 2_000, 0),
        // The sidecars of CSI, and Kyverno: nothing is left even for nothing.
        (vec![contender(15_000, 10_000, 5_000, 37)], 0, 0, 0),
        (vec![contender(12_000, 10_000, 2_000, 37)], 0, 0, 0),
        // Recorded as 12 s.
        (vec![contender(12_900, 9_000, 2_000, 29)], 500, 400, 0),
        (vec![contender(12_900, 9_000, 2_000, 29)], 500, 600, 0),
        // Up to 1.26 the challenger's own 15 s count against a leader that goes on for 45 s.
        (vec![contender(15_000, 10_000, 2_000, 26), contender(60_000, 40_000, 5_000, 26)], 0, 0, 0),
    ] {
        let question = question(contenders, reply, stop, ppm);
        // Exactly at the border the only run found may be one that no exact times allow; it is no proof either.
        assert_eq!(theorem.not_refuted(&question) == Ok(true), question.closed_form() > 0, "{question:?}");
    }
}

#[test]
fn what_nobody_waited_for_is_not_remembered() {
    use std::sync::atomic::{AtomicBool, Ordering};
    let stop = AtomicBool::new(true);
    let watch = |_| if stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
    let theorem = Theorem::watched(&watch);
    let question = question(vec![contender(15_000, 10_000, 2_000, 29)], 500, 100, 0);
    assert_eq!(theorem.decide(&question).known(), Err("the search was interrupted"));
    stop.store(false, Ordering::Relaxed);
    assert!(theorem.decide(&question).is_safe());
    stop.store(true, Ordering::Relaxed);
    assert!(theorem.decide(&question).is_safe(), "what is known needs no search");
}

/// The search of everything is cut short here; that requests take no time is enough to refute.
#[test]
fn a_pause_is_refuted_between_what_is_small_and_a_whole_lease() {
    let mut question = question(vec![contender(15_000, 10_000, 2_000, 37)], 500, 100, 0);
    question.assumed.pause = millis(10_000);
    assert_eq!(Theorem::default().decide(&question).known(), Ok(false));
}

#[test]
fn a_slow_request_counts_as_often_as_an_attempt_has_requests() {
    let covered = |minor, retry, reply| {
        let question = question(vec![contender(15_000, 10_000, retry, minor)], reply, 0, 0);
        question.covering().map(|q| q.assumed.stop_time.nanos / MS)
    };
    assert_eq!(covered(29, 2_000, 500), Some(2_000));
    assert_eq!(covered(30, 2_000, 500), Some(2_500));
    assert_eq!(covered(37, 2_000, 1_500), Some(5_500));
    assert_eq!(covered(37, 999, 100), Some(1_300));
    assert_eq!(covered(37, 2_000, 0), Some(1_000));
}

#[test]
fn requests_end_when_the_client_gives_up() {
    let covered = |limit, reply_delay| {
        let mut one = question(vec![contender(60_000, 10_000, 2_000, 37)], 0, 100, 0);
        one.contenders[0].request_limit = limit;
        one.assumed = Assumed { reply_delay, pause: millis(700), ..one.assumed };
        one.covering().map(|q| {
            assert_eq!((q.assumed.reply_delay, q.assumed.pause), (Some(millis(0)), millis(0)));
            q.assumed.stop_time.nanos / MS
        })
    };
    use RequestLimit::{HalfOfRenewDeadline, Nothing, RenewDeadline};
    assert_eq!(covered(HalfOfRenewDeadline, None), Some(3 * 5_000 + 1_000 + 100 + 700));
    assert_eq!(covered(HalfOfRenewDeadline, Some(millis(6_000))), Some(3 * 5_000 + 1_000 + 100 + 700));
    assert_eq!(covered(RenewDeadline, Some(millis(30_000))), Some(3 * 10_000 + 1_000 + 100 + 700));
    assert_eq!(covered(Nothing, Some(millis(30_000))), Some(3 * 30_000 + 1_000 + 100 + 700));
    assert_eq!(covered(Nothing, None), None);
}

#[test]
fn drift_takes_from_both_ends_of_a_lease() {
    let drifting = question(vec![contender(15_000, 10_000, 2_000, 37)], 500, 100, 500);
    // 15 s / 1.0005, rounded down, less 12 s / 0.9995, rounded up, less 0.6 s.
    assert_eq!(drifting.closed_form(), 14_992_503_748 - 12_006_003_002 - 600 * MS);
    // A second of a slow clock is 1.0005003 s.
    let covering = drifting.covering().expect("its client gives up");
    assert_eq!(covering.assumed.stop_time, millis(100 + 1_500 + 1_001));
    // One nanosecond less than a round number has no coarse unit then.
    let longest_retry = |ppm| drifting.contenders[0].elector(ppm).longest_retry.nanos;
    assert_eq!((longest_retry(0), longest_retry(1)), (4_399_999_999, 4_400 * MS));
    // What is round already stays: 454,545,455 ns and less than 1.2 of it, in whole nanoseconds.
    let retry = GoDuration { nanos: 454_545_455 };
    let round = Durations::new(millis(15_000), millis(10_000), retry).expect("client-go takes them");
    assert_eq!(Contender { durations: round, ..drifting.contenders[0] }.elector(1).longest_retry, millis(1_000));
}

#[test]
fn who_judges_a_record_decides_what_is_left_of_it() {
    // A lease of 15 s, 10 s, 2 s and one of 60 s, 40 s, 5 s: of each for each that may take it.
    let left = |minor| {
        let contenders = vec![contender(15_000, 10_000, 2_000, minor), contender(60_000, 40_000, 5_000, minor)];
        let question = question(contenders, 0, 0, 0);
        let all: Vec<i64> = question.roles().map(|roles| question.closed_form_of(roles) / MS).collect();
        assert_eq!(Some(question.closed_form() / MS), all.iter().copied().min());
        all
    };
    // Up to 0.26 by the taker's own duration, since then by the recorded one.
    assert_eq!(left(26), [3_000, 48_000, -30_000, 15_000]);
    assert_eq!(left(27), [3_000, 3_000, 15_000, 15_000]);
    let mut endless = question(vec![contender(15_000, 10_000, 2_000, 37)], 0, 0, 0);
    endless.assumed.stop_time.nanos = i64::MAX;
    endless.assumed.pause.nanos = i64::MAX;
    assert_eq!(endless.closed_form(), i64::MIN);
}

#[test]
fn the_longest_reply_leaves_something_and_is_no_longer_than_clients_wait() {
    let longest = |lease, reply| {
        let question = question(vec![contender(lease, 10_000, 2_000, 37)], reply, 100, 0);
        question.with_longest_reply().and_then(|q| q.assumed.reply_delay)
    };
    // (15 s - 12 s - 1 s - 0.1 s) / 3.
    assert_eq!(longest(15_000, 500), Some(millis(633)));
    assert_eq!(longest(15_000, 632), Some(millis(633)));
    assert_eq!(longest(15_000, 633), None);
    assert_eq!(longest(60_000, 500), Some(millis(5_000)));
}

#[test]
fn configurations_that_do_the_same_are_asked_about_once() {
    let releasing = Contender { releases: true, ..contender(15_000, 10_000, 2_000, 28) };
    let all = [releasing, contender(60_000, 40_000, 5_000, 28), contender(15_000, 10_000, 2_000, 29)];
    let of = |contenders: &[Contender]| question(contenders.to_vec(), 500, 100, 0);
    let core = all[2].durations;
    assert_eq!(of(&all).without_release().contenders.len(), 2);
    assert_eq!(of(&all).with_durations(core).contenders.len(), 2);
    // client-go 0.28 does what 0.29 does; 0.30 does not.
    assert_eq!(of(&all[1..]).with_durations(core).contenders.len(), 1);
    let newer = contender(15_000, 10_000, 2_000, 30);
    assert_eq!(of(&[all[1], newer]).with_durations(core).contenders.len(), 2);
    assert_eq!((of(&all).releases(), of(&all[1..]).releases()), (true, false));
}

#[test]
fn the_gap_of_a_configuration_is_that_of_two_of_them() {
    let core = contender(15_000, 10_000, 2_000, 37);
    // 15 s + 2 x 4.4 s + 5 x 0.5 s; who waits for answers as long as its client does takes 5 x 5 s.
    assert_eq!(core.gap(End::Dies, &Assumed::USUAL), Some(26_300 * MS));
    assert_eq!(core.gap(End::Dies, &Assumed { reply_delay: None, ..Assumed::USUAL }), Some(48_800 * MS));
}

#[test]
fn limits_are_proved_on_one_side_and_refuted_on_the_other() {
    let theorem = Theorem::default();
    let core = question(vec![contender(15_000, 10_000, 2_000, 37)], 500, 100, 0);
    // 15 s - 12 s - 3 x 0.5 s - 1 s.
    let stop = limit(&theorem, &core, Parameter::StopTime, 60_000 * MS);
    assert_eq!((stop.safe, stop.unknown), (Some(499 * MS), None));
    // 15 s - 12 s - 0.5 s without writes that read alike.
    assert_eq!(stop.broken, Some(2_500 * MS));
    // The same for a pause of the leader, and for clocks: 12.6 s on a slow one are longer than 15 s on a fast one.
    let pause = limit(&theorem, &core, Parameter::Pause, 60_000 * MS);
    assert_eq!((pause.safe, pause.broken), (Some(399 * MS), Some(2_400 * MS)));
    let clock = limit(&theorem, &core, Parameter::ClockRate, 200_000);
    assert_eq!((clock.safe, clock.broken), (Some(14_000), Some(90_000)));
    let csi = question(vec![contender(15_000, 10_000, 5_000, 37)], 0, 0, 0);
    let stop = limit(&theorem, &csi, Parameter::StopTime, 60_000 * MS);
    assert_eq!(stop, Limit { safe: None, broken: Some(0), unknown: None });
}

#[test]
fn a_limit_is_not_sought_beyond_the_most() {
    let theorem = Theorem::default();
    let core = question(vec![contender(15_000, 10_000, 2_000, 37)], 500, 100, 0);
    let broken = |most| limit(&theorem, &core, Parameter::StopTime, most * MS).broken;
    assert_eq!((broken(2_499), broken(2_500)), (None, Some(2_500 * MS)));
}

#[test]
fn a_wanted_margin_is_solved_both_ways() {
    let theorem = Theorem::default();
    let csi = question(vec![contender(15_000, 10_000, 5_000, 37)], 500, 100, 0);
    let found = advice(&theorem, &csi, millis(0));
    let shown: Vec<_> = found.iter().map(|a| (a.keeps, a.durations, a.tight)).collect();
    let durations = |lease, renew, retry| contender(lease, renew, retry, 37).durations;
    assert_eq!(
        shown,
        [
            (Keeps::Gap, durations(15_000, 9_000, 2_500), true),
            (Keeps::RenewDeadline, durations(18_000, 10_000, 5_000), true)
        ]
    );
}

#[test]
fn advice_says_what_it_costs() {
    let theorem = Theorem::default();
    let advised = |lease, renew, retry, spare| {
        let asked = question(vec![contender(lease, renew, retry, 37)], 500, 100, 0);
        let shown = |a: &Advice| (a.keeps, a.durations, a.gap.map(|gap| gap.map(|nanos| nanos / MS)), a.tight);
        advice(&theorem, &asked, millis(spare)).iter().map(shown).collect::<Vec<_>>()
    };
    let durations = |lease, renew, retry| contender(lease, renew, retry, 37).durations;
    // 2 s to spare besides 1 s, three requests and the stop time: less than 15 s - 4.6 s for RenewDeadline and RetryPeriod.
    assert_eq!(
        advised(15_000, 10_000, 2_000, 2_000),
        [
            (Keeps::Gap, durations(15_000, 8_000, 2_000), [Some(26_300); 2], true),
            (Keeps::RenewDeadline, durations(17_000, 10_000, 2_000), [Some(26_300), Some(28_300)], true),
        ]
    );
    // Tenths of seconds, where tenths were given.
    assert_eq!(advised(15_000, 10_500, 2_000, 2_000)[0].1, durations(15_000, 8_300, 2_000));
    assert_eq!(advised(15_000, 10_000, 2_000, 200), []);
    // No longer RenewDeadline than there is: with 2.5 s between attempts 9 s would do.
    assert_eq!(
        advised(15_000, 8_000, 5_000, 0)[0],
        (Keeps::Gap, durations(15_000, 8_000, 2_500), [Some(39_500), Some(28_500)], false)
    );
    // Half a second is the shortest RetryPeriod that is advised; 0.2 s would do.
    assert!(advised(6_000, 4_000, 2_000, 2_000).iter().all(|(keeps, ..)| *keeps == Keeps::RenewDeadline));
}

/// The bound against the theorem in full, which knows of writes that read alike.
#[test]
fn nothing_is_called_safe_that_the_theorem_refutes_in_full() {
    let theorem = Theorem::default();
    let mut proved = 0;
    for (lease, renew, retry, minor) in
        [(7_000, 4_000, 1_000, 29), (7_000, 3_000, 1_000, 32), (7_000, 3_000, 1_000, 37)]
    {
        for reply in [0, 500, 1_000] {
            let question = question(vec![contender(lease, renew, retry, minor)], reply, 0, 0);
            if theorem.proved(&question) == Ok(true) {
                proved += 1;
                assert!(in_full(&question).is_safe(), "{question:?}");
            }
        }
    }
    assert!(proved >= 3, "{proved}");
}

#[test]
fn a_client_without_a_limit_is_not_proved_for_any_delay() {
    let mut endless = contender(60_000, 10_000, 2_000, 37);
    endless.request_limit = RequestLimit::Nothing;
    let mut any = question(vec![endless], 0, 0, 0);
    any.assumed.reply_delay = None;
    assert!(Theorem::default().proved(&any).is_err());
}

/// A stop time of a nanosecond has no coarse unit in common with clocks that drift: nothing is known, which is no proof.
#[test]
fn what_has_no_unit_is_neither_proved_nor_refuted() {
    let mut fine = question(vec![contender(15_000, 10_000, 2_000, 29)], 0, 0, 78);
    fine.assumed.stop_time.nanos = 1;
    let theorem = Theorem::default();
    assert!(matches!(theorem.decide(&fine), Truth::Unknown(_)));
    assert!(theorem.proved(&fine).is_err() && theorem.not_refuted(&fine).is_err());
}

#[test]
fn drifting_clocks_are_judged() {
    let drifting = question(vec![contender(15_000, 10_000, 2_000, 37)], 500, 100, 500);
    assert!(Theorem::default().decide(&drifting).is_safe());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2, ..ProptestConfig::default() })]

    #[test]
    fn what_is_advised_is_accepted_reaches_the_margin_and_is_tight(
        retry in 1i64..6, renew_more in 1i64..20, lease_more in 1i64..15, spare in 0i64..4_000,
    ) {
        let renew = retry * 2 + renew_more;
        let base = contender((renew + lease_more) * 1_000, renew * 1_000, retry * 1_000, 37);
        let theorem = Theorem::default();
        let asked = question(vec![base], 200, 100, 0);
        for advice in advice(&theorem, &asked, millis(spare)) {
            let wanted = question(vec![Contender { durations: advice.durations, ..base }], 200, 100 + spare, 0);
            prop_assert_eq!(theorem.proved(&wanted), Ok(true));
            let d = advice.durations;
            prop_assert!(Durations::new(d.lease(), d.renew(), d.retry()).is_ok());
            match advice.keeps {
                Keeps::Gap => prop_assert_eq!(d.lease(), base.durations.lease()),
                Keeps::RenewDeadline => prop_assert_eq!((d.renew(), d.retry()), (base.durations.renew(), base.durations.retry())),
            }
        }
    }
}
