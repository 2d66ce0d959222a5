use super::*;
use crate::election::Durations;
use crate::release;

fn millis(millis: i64) -> GoDuration {
    GoDuration { nanos: millis * 1_000_000 }
}

fn elector(minor: u8, lease: i64, renew: i64, retry: i64) -> Elector {
    let durations = Durations::new(millis(lease), millis(renew), millis(retry)).unwrap();
    Elector::new(release::Release::new(minor).unwrap(), durations)
}

fn core(minor: u8) -> Elector {
    elector(minor, 15_000, 10_000, 2_000)
}

fn constants(pair: &Pair, rates: Rates) -> Constants {
    let assumptions = Assumptions {
        reply_delay: Some(millis(500)),
        stop_time: millis(100),
        pause: Pause::Once(Some(millis(700))),
        ..Assumptions::crash_and_loss()
    };
    Constants::new(pair, &assumptions, rates).unwrap()
}

/// So many units in nanoseconds, rounded down.
fn nanos(constants: &Constants, units: i64) -> u128 {
    let (numerator, denominator) = constants.unit.nanos(units.into());
    numerator / denominator
}

#[test]
fn without_drift_every_constant_is_its_duration() {
    let found = constants(&Pair { first: core(29), second: core(26), others: vec![core(29)] }, Rates::Any);
    let exact = |millis: i64| Span { least: millis * 1_000_000, most: millis * 1_000_000 };
    assert_eq!(found.unit, Unit::NANOSECOND);
    let [first, second] = &found.hosts;
    assert_eq!((first.retry, first.renew, first.timeout), (exact(2_000), exact(10_000), 5_000_000_000));
    assert_eq!(first.longest_retry, Span { least: 4_399_999_999, most: 4_399_999_999 });
    // One second is the shortest, 15 s is what both record; up to 0.26 a challenger goes by its own.
    assert_eq!((found.own, found.shortest, &found.others), ([1, 1], 0, &vec![1]));
    assert_eq!((&first.valid, &second.valid), (&vec![exact(1_000), exact(15_000)], &vec![exact(15_000); 2]));
    assert_eq!(found.valid_for_others, [1_000_000_000, 15_000_000_000]);
    assert_eq!(first.own_expires, 13_000_000_000);
    assert_eq!((found.reply_delay, found.stop, found.pause), (Some(500_000_000), 100_000_000, Some(700_000_000)));
    assert_eq!((found.alike_within, found.storable), (999_999_999, [true; 2]));
}

#[test]
fn a_proof_rounds_up_what_a_counterexample_rounds_down() {
    let drifting = Elector { drift_ppm: 500, ..core(37) };
    let any = constants(&Pair::alike(drifting), Rates::Any);
    let span = |constants: &Constants, span: Span| (nanos(constants, span.least), nanos(constants, span.most));
    // 2 s / 1.0005 and 2 s / 0.9995, and the same of 4.4 s.
    assert_eq!(span(&any, any.hosts[0].retry), (1_999_000_499, 2_001_000_500));
    assert_eq!(span(&any, any.hosts[0].longest_retry), (4_397_801_099, 4_402_201_100));
    assert_eq!(nanos(&any, any.alike_within), 1_000_000_000);
    // Of 4.399 s: what is known to be a little less than 4.4 s, in whole milliseconds.
    let fixed = constants(&Pair::alike(drifting), Rates::Fixed([Rate::Slow, Rate::Fast]));
    assert_eq!(span(&fixed, fixed.hosts[0].longest_retry), (4_401_200_600, 4_401_200_600));
    assert_eq!(span(&fixed, fixed.hosts[1].longest_retry), (4_396_801_599, 4_396_801_599));
    assert_eq!(nanos(&fixed, fixed.alike_within), 999_000_000);
    // One host that drifts is enough, and it need not be one of the two.
    let among = constants(&Pair { first: core(37), second: core(37), others: vec![core(37), drifting] }, Rates::Any);
    assert_eq!(nanos(&among, among.hosts[0].longest_retry.most), 4_400_000_000);
    assert_eq!(nanos(&among, among.valid_for_others[1]), 14_992_503_748);
}

#[test]
fn what_is_recorded_as_nothing_is_not_stored() {
    let short = elector(37, 900, 600, 200);
    let found = constants(&Pair { first: short, second: core(37), others: vec![short, core(37)] }, Rates::Any);
    assert_eq!((found.own, found.shortest, found.others), ([0, 2], 1, vec![2]));
    assert_eq!(found.storable, [false, true]);
    let found = constants(&Pair { first: core(37), second: short, others: vec![] }, Rates::Any);
    assert_eq!((found.storable, found.valid_for_others), ([true, false], vec![0; 3]));
}

#[test]
fn attempts_of_one_second_are_those_of_a_short_retry_or_of_a_ticker() {
    let same = |elector| {
        let found = constants(&Pair::alike(elector), Rates::Any);
        (found.hosts[0].same_second, found.hosts[0].always_same_second)
    };
    assert_eq!(same(core(31)), (false, false));
    assert_eq!(same(core(32)), (true, false));
    assert_eq!(same(elector(31, 15_000, 10_000, 1_000)), (false, false));
    assert_eq!(same(elector(31, 15_000, 10_000, 999)), (true, true));
}

#[test]
fn a_release_takes_as_long_as_its_requests_may() {
    let release = |minor, renew: i64, timeout: i64| {
        let elector = elector(minor, 15_000, renew, 1_000);
        let elector = Elector { releases: true, request_timeout: millis(timeout), ..elector };
        let found = constants(&Pair::alike(elector), Rates::Any);
        (found.hosts[0].release.map(|units| nanos(&found, units) / 1_000_000), found.hosts[0].release_reads_first)
    };
    let none = constants(&Pair::alike(core(37)), Rates::Any).hosts[0].release;
    assert_eq!(none, None);
    // An update without an end of its own, one within RenewDeadline, a read before it, and as often as there are conflicts.
    assert_eq!(release(21, 4_000, 5_000), (Some(5_000), false));
    assert_eq!(release(31, 4_000, 5_000), (Some(4_000), false));
    assert_eq!(release(34, 10_000, 3_000), (Some(6_000), true));
    assert_eq!(release(34, 4_000, 3_000), (Some(4_000), true));
    assert_eq!(release(37, 10_000, 3_000), (Some(10_000), true));
}
