//! One table: one question about a lease in zones, in whole ticks in our explorer and in stateright, and in SPIN.
//!
//! `compare-lease RUNS [DIR]` prints it; DIR holds SPIN's verifiers `pan-dfs` and `pan-bfs`, made of the model that
//! `compare-lease promela` prints. The answer must be the same everywhere. What is counted differs: zones stand for any
//! moments in dense time, states for whole seconds, and SPIN has its own for every step of a process.

use leasehold_benches::lease::{TICKS, question};
use leasehold_benches::measured::{Engine, Used, measure, run_in_turn};
use leasehold_model::explore::stateright::Checked;
use leasehold_model::explore::{End, Options, explore};
use leasehold_model::lease_time::promela::promela;
use leasehold_model::lease_time::ticks::Ticks;
use leasehold_model::lease_time::{Answer, decide};
use leasehold_model::zones;
use stateright::{Checker, Model};
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match &arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["promela"] => print!("{}", promela(&TICKS)),
        ["measure", command @ ..] => measure(command),
        ["run", engine] => println!("states {}", run(engine)),
        [runs, spin @ ..] => compare(runs.parse().expect("a number of runs"), spin.first().map(Path::new)),
        [] => {
            eprintln!("usage: compare-lease RUNS [DIRECTORY OF SPIN'S VERIFIERS]");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

fn compare(runs: usize, spin: Option<&Path>) {
    let mut engines: Vec<Engine> = [
        ("zones, dense time", "zones"),
        ("ticks, our explorer", "explorer"),
        ("ticks, stateright, breadth first", "stateright-bfs"),
        ("ticks, stateright, depth first", "stateright-dfs"),
    ]
    .map(|(name, engine)| Engine::own(name, &[engine]))
    .into();
    for (name, verifier) in [("ticks, SPIN, breadth first", "pan-bfs"), ("ticks, SPIN, depth first", "pan-dfs")] {
        if let Some(verifier) = spin.map(|directory| directory.join(verifier)) {
            let command = vec![verifier.to_string_lossy().into_owned(), "-m1000000".into(), "-w22".into(), "-E".into()];
            engines.push(Engine { name, command, runs: Vec::new() });
        }
    }
    run_in_turn(&mut engines, runs);
    println!("lease 6 s, renew 4 s, retry 1 s, two electors among others: safe; median of {runs} runs in turn\n");
    println!("{:<33} {:>9} {:>8} {:>8} {:>8} {:>12}", "engine", "states", "CPU s", "wall s", "peak MB", "zones are");
    println!("{:<33} {:>9} {:>8} {:>8} {:>8} {:>12}", "", "or zones", "", "", "", "faster by");
    let base = engines[0].median(|run| run.cpu);
    for engine in &engines {
        let of = |field: fn(&Used) -> f64| engine.median(field);
        println!(
            "{:<33} {:>9} {:>8.3} {:>8.3} {:>8.0} {:>11.1}×",
            engine.name,
            engine.runs[0].states,
            of(|run| run.cpu),
            of(|run| run.wall),
            of(|run| run.peak) / 1e6,
            of(|run| run.cpu) / base
        );
    }
    if spin.is_none() {
        println!("SPIN: skipped: no spin");
    }
}

/// How many states or zones one of our engines kept to find the question safe.
fn run(engine: &str) -> usize {
    match engine {
        "zones" => {
            let (pair, assumptions) = question();
            let verdict = decide(&pair, &assumptions, zones::Options::default());
            assert_eq!(verdict.answer, Answer::Proved);
            verdict.zones
        }
        "explorer" => {
            let space = explore(&TICKS, &Options::default(), |state| TICKS.overlaps(state));
            assert!(space.end() == End::Complete && space.found().is_none());
            space.states().len()
        }
        _ => {
            let alone = |ticks: &Ticks, state| !ticks.overlaps(state);
            let checker = Checked::new(TICKS, "one leader", alone).checker();
            let (found, states) = if engine == "stateright-bfs" {
                let done = checker.spawn_bfs().join();
                (done.discovery("one leader"), done.unique_state_count())
            } else {
                let done = checker.spawn_dfs().join();
                (done.discovery("one leader"), done.unique_state_count())
            };
            assert!(found.is_none(), "stateright refutes what zones prove");
            states
        }
    }
}
