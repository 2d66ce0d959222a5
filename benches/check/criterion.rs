//! `leasehold check` without its output: reading, resolving, launching, searching, judging; and the migration searched by
//! our explorer and by stateright.
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use leasehold_model::explore::stateright::Checked;
use leasehold_model::explore::{Options, explore};
use leasehold_model::migration::moves::Cluster;
use leasehold_model::migration::{Problem, check};
use leasehold_scenarios::compile::compile;
use leasehold_scenarios::inventory::files::Disk;
use leasehold_scenarios::resolve::{Request, resolve};
use stateright::{Checker, Model};

const LIBRARY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../scenarios/library/guides/kubernetes");

fn problem(scenario: &str, nodes: u8) -> Problem {
    let request = Request { paths: vec![format!("{LIBRARY}/{scenario}")], nodes: Some(nodes), ..Request::default() };
    compile(&resolve(&request, &Disk).expect("a shipped scenario")).problem()
}

fn end_to_end(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("check");
    group.sample_size(10).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(3));
    for scenario in ["guide-1.21-1.22", "default-1.29-1.30", "lease-deleted-1.26-1.27"] {
        for nodes in [3, 5] {
            let options = Options { symmetry: true, ..Options::default() };
            group.bench_function(BenchmarkId::new(scenario, format!("{nodes} nodes")), |bencher| {
                bencher.iter(|| check(&problem(scenario, nodes), &options).expect("it fits"));
            });
        }
    }
    group.finish();
}

fn engines(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("migration");
    group.sample_size(10).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(3));
    let cluster = Cluster::new(&problem("guide-1.21-1.22", 3)).expect("it fits");
    let options = Options::default();
    let states = explore(&cluster, &options, |_| false).states().len();
    group.throughput(Throughput::Elements(states as u64));
    group.bench_function("leasehold", |bencher| {
        bencher.iter(|| assert_eq!(explore(&cluster, &options, |_| false).states().len(), states));
    });
    let checker = || Checked::new(cluster.clone(), "visits every state", |_, _| true).checker();
    group.bench_function("stateright, breadth first", |bencher| {
        bencher.iter(|| assert_eq!(checker().spawn_bfs().join().unique_state_count(), states));
    });
    group.finish();
}

criterion_group!(benches, end_to_end, engines);
criterion_main!(benches);
