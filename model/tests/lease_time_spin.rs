//! The lease as a Promela model: the text is what is committed, and SPIN's verdict is what zones say.

#![expect(clippy::disallowed_methods, reason = "a test is told by its environment what to write and how much to ask")]

mod lease_time_grid;

use lease_time_grid::{Point, grid};
use leasehold_model::lease_time::Pair;
use leasehold_model::lease_time::constants::Rates;
use leasehold_model::lease_time::handover::Handover;
use leasehold_model::lease_time::promela::promela;
use leasehold_model::zones;
use std::path::{Path, PathBuf};
use std::process::Command;

#[test]
fn generated_promela_is_committed() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../testbed/spin/lease.pml");
    let text = promela(&grid()[0].ticks);
    if std::env::var_os("LEASEHOLD_UPDATE").is_some() {
        std::fs::write(&path, &text).expect("the file can be written");
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == text, "testbed/spin/lease.pml is not what the code generates: run with LEASEHOLD_UPDATE=1");
}

/// Runs SPIN on one point in a directory of its own: true if two electors lead.
fn spin_overlaps(point: &Point, directory: &Path) -> bool {
    std::fs::create_dir_all(directory).expect("a scratch directory");
    std::fs::write(directory.join("lease.pml"), promela(&point.ticks)).expect("a scratch file");
    let run = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).current_dir(directory).output();
        let output = output.unwrap_or_else(|error| panic!("{program}: {error}"));
        assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    run("spin", &["-a", "lease.pml"]);
    run("gcc", &["-O0", "-w", "-DSAFETY", "-DMEMLIM=4096", "-o", "pan", "pan.c"]);
    let report = run(&directory.join("pan").to_string_lossy(), &["-m1000000", "-w22", "-E"]);
    assert!(!report.contains("max search depth too small"), "{report}");
    assert!(!report.contains("out of memory"), "{report}");
    let errors = report.lines().find_map(|line| line.split("errors: ").nth(1)).expect("SPIN reports errors");
    match errors.trim() {
        "0" => false,
        "1" => {
            assert!(report.contains("assertion violated"), "{report}");
            true
        }
        other => panic!("{other} errors: {report}"),
    }
}

fn zones_overlap(point: &Point) -> bool {
    let (elector, assumptions) = point.question();
    let automaton = Handover::new(&Pair::alike(elector), &assumptions, Rates::Any).expect("whole seconds");
    let found = zones::search(&automaton, zones::Options::default(), |_| true);
    assert!(found.complete);
    found.reached()
}

/// Each point is a program to compile, so as many run at once as there are processors.
#[test]
#[ignore = "needs spin and gcc, and minutes: ci/lease-theorem runs it"]
fn spin_agrees() {
    let every = std::env::var("LEASE_POINTS_STEP").ok().and_then(|step| step.parse().ok()).unwrap_or(1);
    let directory = std::env::temp_dir().join(format!("leasehold-spin-{}", std::process::id()));
    let points: Vec<Point> = grid().into_iter().step_by(every).collect();
    let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let verdicts: Vec<bool> = std::thread::scope(|scope| {
        let share = |worker: usize| {
            let (points, directory) = (&points, directory.join(worker.to_string()));
            scope.spawn(move || {
                let judged = points.iter().skip(worker).step_by(workers).map(|point| {
                    let overlap = zones_overlap(point);
                    assert_eq!(spin_overlaps(point, &directory), overlap, "{point:?}");
                    overlap
                });
                judged.collect::<Vec<bool>>()
            })
        };
        let shares: Vec<_> = (0..workers).map(share).collect();
        shares.into_iter().flat_map(|share| share.join().expect("zones and SPIN agree")).collect()
    });
    std::fs::remove_dir_all(&directory).expect("it was made here");
    let safe = verdicts.iter().filter(|&&overlap| !overlap).count();
    println!("zones and SPIN agree at {} points ({safe} safe)", verdicts.len());
    assert_eq!(verdicts.len(), points.len());
}
