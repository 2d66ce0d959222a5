//! One table: the explorer, stateright and SPIN on the same system, each in a process of its own, in turn, in one run.
//!
//! `compare N RUNS [DIR]` prints the table; DIR holds SPIN's verifiers `pan-dfs` and `pan-bfs`.

use leasehold_benches::measured::{Engine, Used, cpu, measure, run_in_turn};
use leasehold_model::explore::stateright::Checked;
use leasehold_model::explore::{End, Options, explore};
use leasehold_model::two_phase_commit::TwoPhaseCommit;
use nix::sys::resource::UsageWho;
use stateright::{Checker, Model};
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match &arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["measure", command @ ..] => measure(command),
        ["run", engine, n] => run(engine, n.parse().expect("a number of resource managers")),
        [n, runs, spin @ ..] => {
            return compare(n, runs.parse().expect("a number of runs"), spin.first().map(Path::new));
        }
        _ => {
            eprintln!("usage: compare N RUNS [DIRECTORY OF SPIN'S VERIFIERS]");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

fn compare(n: &str, runs: usize, spin: Option<&Path>) -> ExitCode {
    let own = |name, engine| Engine::own(name, &[engine, n]);
    let mut engines = vec![
        own("leasehold, 1 thread", "leasehold-1"),
        own("leasehold, 2 threads", "leasehold-2"),
        own("stateright, breadth first", "stateright-bfs"),
        own("stateright, depth first", "stateright-dfs"),
    ];
    for (name, verifier) in [("SPIN, breadth first", "pan-bfs"), ("SPIN, depth first", "pan-dfs")] {
        if let Some(verifier) = spin.map(|directory| directory.join(verifier)).filter(|verifier| verifier.exists()) {
            let command = vec![verifier.to_string_lossy().into_owned(), "-m100000".to_owned(), "-w21".to_owned()];
            engines.push(Engine { name, command, runs: Vec::new() });
        }
    }
    run_in_turn(&mut engines, runs);
    print_table(n, &engines, runs, spin.is_none());
    let counts = |engine: &Engine| (engine.runs[0].states, engine.runs[0].transitions);
    if engines.iter().any(|engine| counts(engine) != counts(&engines[0])) {
        eprintln!("the engines disagree:");
        engines.iter().for_each(|engine| eprintln!("{}: {:?} states and transitions", engine.name, counts(engine)));
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn print_table(n: &str, engines: &[Engine], runs: usize, no_spin: bool) {
    let first = &engines[0].runs[0];
    println!("two-phase commit, n = {n}: {} distinct states, {} transitions", first.states, first.transitions);
    println!("median of {runs} runs in turn; speed is per second of processor time\n");
    println!(
        "{:<26} {:>8} {:>12} {:>8} {:>11} {:>10} {:>13}",
        "engine", "CPU s", "M states/s", "wall s", "B/state", "B/state", "leasehold is"
    );
    println!("{:<26} {:>8} {:>12} {:>8} {:>11} {:>10} {:>13}", "", "", "", "", "peak", "kept", "faster by");
    let base = engines[0].median(|run| run.cpu);
    for engine in engines {
        let of = |field: fn(&Used) -> f64| engine.median(field);
        let states = engine.runs[0].states as f64;
        let kept = of(|run| run.kept);
        println!(
            "{:<26} {:>8.2} {:>12.2} {:>8.2} {:>11.1} {:>10} {:>12.1}×",
            engine.name,
            of(|run| run.cpu),
            states / of(|run| run.cpu) / 1e6,
            of(|run| run.wall),
            of(|run| run.peak) / states,
            if kept > 0.0 { format!("{kept:.1}") } else { "–".to_owned() },
            of(|run| run.cpu) / base,
        );
    }
    if no_spin {
        println!("SPIN: skipped: no spin");
    }
    let best = |engine: &Engine, field: fn(&Used) -> f64| engine.runs.iter().map(field).fold(f64::INFINITY, f64::min);
    println!(
        "\ntwo threads against one: {:.2}× by the clock (best runs), {:.2}× by the calling thread's processor time",
        best(&engines[0], |run| run.wall) / best(&engines[1], |run| run.wall),
        engines[0].median(|run| run.calling_thread) / engines[1].median(|run| run.calling_thread),
    );
}

/// Runs one of our engines.
fn run(engine: &str, n: u32) {
    let system = TwoPhaseCommit { n };
    let (states, transitions, kept) = match engine {
        "leasehold-1" | "leasehold-2" => {
            let threads = if engine == "leasehold-2" { 2 } else { 1 };
            let options = Options { threads, ..Options::default() };
            let space = explore(&system, &options, |state| system.inconsistent(state));
            assert_eq!(space.end(), End::Complete);
            (space.states().len() as u64, space.transitions(), space.bytes_per_state())
        }
        _ => {
            let consistent = |system: &TwoPhaseCommit, state| !system.inconsistent(state);
            let checker = Checked::new(system, "consistent", consistent).checker();
            let counts = if engine == "stateright-bfs" {
                let done = checker.spawn_bfs().join();
                (done.unique_state_count(), done.state_count())
            } else {
                let done = checker.spawn_dfs().join();
                (done.unique_state_count(), done.state_count())
            };
            // stateright counts the initial state as one.
            (counts.0 as u64, counts.1 as u64 - 1, 0.0)
        }
    };
    println!("states {states}\ntransitions {transitions}\nkept {kept}");
    println!("calling-thread {}", cpu(UsageWho::RUSAGE_THREAD));
}
