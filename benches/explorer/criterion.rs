//! The explorer and stateright on two-phase commit; what is compared is distinct states per second.
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use leasehold_model::explore::stateright::Checked;
use leasehold_model::explore::{Options, explore};
use leasehold_model::two_phase_commit::TwoPhaseCommit;
use stateright::{Checker, Model};
use std::time::Duration;

fn two_phase_commit(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("two_phase_commit");
    group.sample_size(10).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(3));
    for (n, states) in [(6, 50_816), (7, 296_448), (8, 1_745_408)] {
        let system = TwoPhaseCommit { n };
        group.throughput(Throughput::Elements(states));
        for threads in [1, 2] {
            let options = Options { threads, ..Options::default() };
            group.bench_function(BenchmarkId::new(format!("leasehold, threads: {threads}"), n), |bencher| {
                bencher.iter(|| {
                    let space = explore(&system, &options, |state| system.inconsistent(state));
                    assert_eq!(space.states().len() as u64, states);
                });
            });
        }
        let checker = || Checked::new(system, "consistent", |system, state| !system.inconsistent(state)).checker();
        group.bench_function(BenchmarkId::new("stateright, breadth first", n), |bencher| {
            bencher.iter(|| assert_eq!(checker().spawn_bfs().join().unique_state_count() as u64, states));
        });
        group.bench_function(BenchmarkId::new("stateright, depth first", n), |bencher| {
            bencher.iter(|| assert_eq!(checker().spawn_dfs().join().unique_state_count() as u64, states));
        });
    }
    group.finish();
}

criterion_group!(benches, two_phase_commit);
criterion_main!(benches);
