//! Where safety ends: sweeps against single questions, and the inequality and its monotony in whole ticks.

use std::collections::BTreeMap;

use leasehold_model::election::Durations;
use leasehold_model::explore::{self, explore};
use leasehold_model::facts::elections::RequestLimit;
use leasehold_model::launch::duration::GoDuration;
use leasehold_model::lease_time::answers::{Theorem, Truth};
use leasehold_model::lease_time::frontier::{Axis, Point, Sweep, Varied};
use leasehold_model::lease_time::question::{Assumed, Contender, Parameter, Question};
use leasehold_model::lease_time::ticks::{Ticks, Writers};
use leasehold_model::release::Release;

const REPLY: Varied = Varied::Assumed(Parameter::ReplyDelay);
const STOP: Varied = Varied::Assumed(Parameter::StopTime);
const PAUSE: Varied = Varied::Assumed(Parameter::Pause);
const CLOCK: Varied = Varied::Assumed(Parameter::ClockRate);

fn ms(millis: i64) -> GoDuration {
    GoDuration { nanos: millis * 1_000_000 }
}

fn question(minor: u8) -> Question {
    let contender = Contender {
        durations: Durations::CORE,
        client_go: Release::new(minor).expect("known"),
        releases: false,
        request_limit: RequestLimit::HalfOfRenewDeadline,
    };
    let assumed = Assumed { reply_delay: Some(ms(0)), stop_time: ms(0), pause: ms(0), clock_ppm: 0 };
    Question { contenders: vec![contender], assumed }
}

fn axis(varied: Varied, from: i64, step: i64, steps: u32) -> Axis {
    let unit = if varied == CLOCK { 1 } else { 1_000_000 };
    Axis { varied, from: from * unit, step: step * unit, steps }
}

/// The map, a line for each row.
fn map(question: &Question, first: Axis, second: Axis) -> (Sweep, Vec<String>) {
    let theorem = Theorem::default();
    let mut sweep = Sweep::new(question, first, second);
    sweep.prepare(&theorem);
    let rows = (0..sweep.across.count()).map(|row| {
        let points = sweep.row(&theorem, row, &|| true).expect("nobody stops it");
        points.iter().map(|point| letter(*point)).collect()
    });
    let rows = rows.collect();
    (sweep, rows)
}

fn letter(point: Point) -> char {
    match point {
        Point::Safe => 's',
        Point::Undecided => '?',
        Point::Unsafe => 'u',
        Point::Refused => '-',
    }
}

#[test]
fn every_axis_is_called_as_its_flag() {
    let names = Varied::ALL.map(Varied::name);
    assert_eq!(names[..4], ["reply-delay", "stop-time", "pause", "clock-rate"]);
    assert_eq!(names[4..], ["lease-duration", "renew-deadline", "retry-period"]);
    let axis = axis(STOP, 100, 250, 3);
    assert_eq!((axis.count(), axis.value(0), axis.value(3)), (4, 100_000_000, 850_000_000));
}

/// 15 s - 12 s - 1 s is left for three requests and the stop time; 3 s for one request and the stop time if no two writes
/// read alike.
#[test]
fn reply_delay_and_stop_time_share_what_is_left() {
    let (_, rows) = map(&question(37), axis(REPLY, 0, 250, 14), axis(STOP, 0, 500, 7));
    assert_eq!(
        rows,
        [
            "sss?????????uuu",
            "ss????????uuuuu",
            "ss??????uuuuuuu",
            "s?????uuuuuuuuu",
            "????uuuuuuuuuuu",
            "??uuuuuuuuuuuuu",
            "uuuuuuuuuuuuuuu",
            "uuuuuuuuuuuuuuu",
        ]
    );
}

/// What a sweep says of a point is what a single question about it says, as far as that has an answer.
#[test]
fn a_sweep_says_what_every_single_question_says() {
    let mut seen = BTreeMap::new();
    for (minor, first, second) in [
        (29, axis(REPLY, 0, 500, 5), axis(PAUSE, 0, 1_000, 3)),
        (37, axis(Varied::LeaseDuration, 10_500, 2_500, 3), axis(Varied::RenewDeadline, 2_000, 5_000, 3)),
        (37, axis(Varied::RetryPeriod, 1_000, 3_000, 3), axis(STOP, 0, 1_000, 3)),
        (30, axis(CLOCK, 0, 20_000, 4), axis(STOP, 0, 1_000, 2)),
    ] {
        let (sweep, rows) = map(&question(minor), first, second);
        let theorem = Theorem::default();
        for (across, row) in rows.iter().enumerate() {
            for (along, letter) in row.chars().enumerate() {
                let Some(question) = sweep.question(along, across) else {
                    assert_eq!(letter, '-');
                    continue;
                };
                let single = match theorem.decide(&question) {
                    Truth::Safe => 's',
                    Truth::Unsafe(_) => 'u',
                    Truth::Unknown(_) => '?',
                };
                assert_eq!(letter == 's', single == 's', "{question:?}");
                assert!(letter != 'u' || single != 's', "{question:?}");
                *seen.entry((letter, single)).or_insert(0) += 1;
            }
        }
    }
    assert_eq!(format!("{seen:?}"), "{('?', '?'): 18, ('s', 's'): 16, ('u', 'u'): 25}");
}

#[test]
fn a_stopped_sweep_says_nothing_of_the_row() {
    let sweep = Sweep::new(&question(37), axis(REPLY, 0, 500, 4), axis(STOP, 0, 500, 4));
    assert_eq!(sweep.row(&Theorem::default(), 0, &|| false), None);
}

fn overlaps(ticks: &Ticks) -> bool {
    let options = explore::Options { symmetry: true, ..explore::Options::default() };
    let space = explore(ticks, &options, |state| ticks.overlaps(state));
    space.states().iter().any(|&state| ticks.overlaps(state))
}

/// In whole ticks, by the model that shares nothing with the automaton: the inequality at every point, and more of
/// anything but LeaseDuration, or less of that, is never safer, whether writes read alike or not.
#[test]
fn the_inequality_and_its_monotony_hold_in_whole_ticks() {
    let mut verdicts = BTreeMap::new();
    for alike_in_a_tick in [false, true] {
        for (lease, renew, retry) in [
            (3, 2, 1),
            (4, 2, 1),
            (4, 3, 1),
            (5, 2, 1),
            (5, 3, 1),
            (5, 4, 1),
            (6, 3, 1),
            (6, 4, 1),
            (5, 3, 2),
            (6, 3, 2),
        ] {
            for (reply_delay, stop) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
                let ticks = Ticks {
                    electors: 2,
                    lease,
                    renew,
                    retry,
                    longest_retry: 2 * retry,
                    timeout: 1,
                    reply_delay,
                    stop,
                    renews_without_reading: false,
                    alike_in_a_tick,
                    others: Writers::Anytime,
                    crash: false,
                };
                let overlap = overlaps(&ticks);
                if !alike_in_a_tick {
                    assert_eq!(overlap, retry + renew + reply_delay + stop >= lease, "{ticks:?}");
                }
                verdicts.insert((alike_in_a_tick, lease, renew, retry, reply_delay, stop), overlap);
            }
        }
    }
    let mut compared = 0;
    for (&(alike, lease, renew, retry, reply, stop), &overlap) in &verdicts {
        for (&(alike_too, shorter, longer, same, more, later), &other) in &verdicts {
            let allows_more = shorter <= lease && longer >= renew && more >= reply && later >= stop;
            if allows_more && (alike, retry) == (alike_too, same) {
                compared += 1;
                assert!(other || !overlap, "{lease} {renew} {retry} {reply} {stop}: {shorter} {longer} {more} {later}");
            }
        }
    }
    let unsafe_points = verdicts.values().filter(|&&overlap| overlap).count();
    assert_eq!((verdicts.len(), unsafe_points, compared), (80, 70, 450));
}
