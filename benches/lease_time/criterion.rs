//! The lease theorem in zones, and one question in zones beside the explicit model in stateright and in our explorer.
//!
//! The side-by-side question is 6 s, 4 s, 1 s with ticks of a second, safe: every engine has to look at everything.

use criterion::{Criterion, criterion_group, criterion_main};
use leasehold_model::election::Durations;
use leasehold_model::explore::stateright::Checked;
use leasehold_model::explore::{Options, explore};
use leasehold_model::launch::duration::GoDuration;
use leasehold_model::lease_time::ticks::{Ticks, Writers};
use leasehold_model::lease_time::{Answer, Assumptions, Elector, Others, Pair, decide};
use leasehold_model::release::Release;
use leasehold_model::zones;
use stateright::{Checker, Model};
use std::hint::black_box;

const TICKS: Ticks = Ticks {
    electors: 2,
    lease: 6,
    renew: 4,
    retry: 1,
    longest_retry: 2,
    timeout: 2,
    reply_delay: 0,
    stop: 0,
    renews_without_reading: false,
    alike_in_a_tick: false,
    others: Writers::Anytime,
    crash: false,
};

fn question() -> (Pair, Assumptions) {
    let seconds = GoDuration::seconds;
    let durations = Durations::new(seconds(6), seconds(4), seconds(1)).expect("client-go takes it");
    let elector = Elector {
        longest_retry: seconds(2),
        request_timeout: seconds(2),
        ..Elector::new(Release::new(29).expect("a known release"), durations)
    };
    let assumptions = Assumptions {
        alike_within: None,
        late_writes: false,
        others: Others::WriteAnytime,
        ..Assumptions::crash_and_loss()
    };
    (Pair::alike(elector), assumptions)
}

fn lease_time(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("lease_time");
    group.sample_size(10);
    for (name, minor) in [("defaults, 0.29", 29), ("defaults, 0.37", 37)] {
        let pair = Pair::alike(Elector::new(Release::new(minor).expect("a known release"), Durations::CORE));
        let ideal = Assumptions { alike_within: None, ..Assumptions::crash_and_loss() };
        group.bench_function(format!("{name}, proved"), |bencher| {
            bencher.iter(|| {
                let verdict = decide(black_box(&pair), &ideal, zones::Options::default());
                assert_eq!(verdict.answer, Answer::Proved);
            });
        });
        group.bench_function(format!("{name}, refuted"), |bencher| {
            bencher.iter(|| {
                let verdict = decide(black_box(&pair), &Assumptions::crash_and_loss(), zones::Options::default());
                assert!(matches!(verdict.answer, Answer::Refuted(_)));
            });
        });
    }
    let (pair, assumptions) = question();
    group.bench_function("6/4/1, zones", |bencher| {
        bencher.iter(|| {
            let verdict = decide(black_box(&pair), &assumptions, zones::Options::default());
            assert_eq!(verdict.answer, Answer::Proved);
        });
    });
    group.bench_function("6/4/1, ticks in our explorer", |bencher| {
        bencher.iter(|| {
            let space = explore(black_box(&TICKS), &Options::default(), |_| false);
            assert!(!space.states().iter().any(|&state| TICKS.overlaps(state)));
        });
    });
    group.bench_function("6/4/1, ticks in stateright", |bencher| {
        bencher.iter(|| {
            let model = Checked::new(black_box(TICKS), "one leader", |ticks: &Ticks, state| !ticks.overlaps(state));
            assert!(model.checker().spawn_bfs().join().discovery("one leader").is_none());
        });
    });
    group.finish();
}

criterion_group!(benches, lease_time);
criterion_main!(benches);
