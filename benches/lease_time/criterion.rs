//! The lease theorem in zones, and one question in zones beside the explicit model in stateright and in our explorer.

use criterion::{Criterion, criterion_group, criterion_main};
use leasehold_benches::lease::{TICKS, question};
use leasehold_model::election::Durations;
use leasehold_model::explore::stateright::Checked;
use leasehold_model::explore::{Options, explore};
use leasehold_model::lease_time::ticks::Ticks;
use leasehold_model::lease_time::{Answer, Assumptions, Elector, Pair, decide};
use leasehold_model::release::Release;
use leasehold_model::zones;
use stateright::{Checker, Model};
use std::hint::black_box;

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
