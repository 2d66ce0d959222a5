//! One table: the explorer, stateright and SPIN on the same system, each in a process of its own, in turn, in one run.
//!
//! `compare N RUNS [DIR]` prints the table; DIR holds SPIN's verifiers `pan-dfs` and `pan-bfs`. A process starts itself
//! again as `compare measure COMMAND…`, which runs a command and tells what it used, and as `compare run ENGINE N`.
//! Processor time is compared, not time on the clock, so that other work on the machine disturbs little; each engine's
//! median run counts.
use leasehold_model::explore::stateright::Checked;
use leasehold_model::explore::{End, Options, explore};
use leasehold_model::two_phase_commit::TwoPhaseCommit;
use nix::sys::resource::{UsageWho, getrusage};
use stateright::{Checker, Model};
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Instant;

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

/// An engine, and what its runs used.
struct Engine {
    name: &'static str,
    command: Vec<String>,
    runs: Vec<Used>,
}

/// What one run of an engine used and found.
#[derive(Clone, Copy, Default)]
struct Used {
    states: u64,
    transitions: u64,
    /// Seconds of processor time, of all threads.
    cpu: f64,
    /// Of the thread that called the engine.
    calling_thread: f64,
    wall: f64,
    /// Bytes, of the whole process.
    peak: f64,
    /// Bytes per state in the finished search, where the engine tells.
    kept: f64,
}

fn compare(n: &str, runs: usize, spin: Option<&Path>) -> ExitCode {
    let this = std::env::current_exe().expect("the path of this program").to_string_lossy().into_owned();
    let own = |name, engine: &str| {
        let command = [&this, "run", engine, n].map(str::to_owned).to_vec();
        Engine { name, command, runs: Vec::new() }
    };
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
    for _ in 0..runs.max(1) {
        for engine in &mut engines {
            let output = Command::new(&this).arg("measure").args(&engine.command).output().expect("this program runs");
            assert!(output.status.success(), "{}: {}", engine.name, String::from_utf8_lossy(&output.stderr));
            engine.runs.push(Used::read(&String::from_utf8_lossy(&output.stdout)));
        }
    }
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
    let base = median(&engines[0].runs, |run| run.cpu);
    for engine in engines {
        let of = |field: fn(&Used) -> f64| median(&engine.runs, field);
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
        median(&engines[0].runs, |run| run.calling_thread) / median(&engines[1].runs, |run| run.calling_thread),
    );
}

fn median(runs: &[Used], field: impl Fn(&Used) -> f64) -> f64 {
    let mut values: Vec<f64> = runs.iter().map(field).collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

impl Used {
    /// Reads lines of `name value` as `measure` and `run` print them, and SPIN's report.
    fn read(text: &str) -> Self {
        let mut used = Self::default();
        for line in text.lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            match words[..] {
                ["cpu", seconds] => used.cpu = seconds.parse().expect("seconds"),
                ["calling-thread", seconds] => used.calling_thread = seconds.parse().expect("seconds"),
                ["wall", seconds] => used.wall = seconds.parse().expect("seconds"),
                ["peak", bytes] => used.peak = bytes.parse().expect("bytes"),
                ["kept", bytes] => used.kept = bytes.parse().expect("bytes per state"),
                ["states", count] | [count, "states,", "stored"] => used.states = count.parse().expect("states"),
                ["transitions", count] => used.transitions = count.parse().expect("transitions"),
                // SPIN counts the initial state as one.
                [count, "transitions", ..] => used.transitions = count.parse::<u64>().expect("transitions") - 1,
                _ => {}
            }
        }
        used
    }
}

/// Runs a command, passes its output on, and prints what it used.
fn measure(command: &[&str]) {
    let start = Instant::now();
    let output = Command::new(command[0]).args(&command[1..]).output().expect("the engine runs");
    println!("wall {}", start.elapsed().as_secs_f64());
    print!("{}", String::from_utf8_lossy(&output.stdout));
    println!("cpu {}", cpu(UsageWho::RUSAGE_CHILDREN));
    println!("peak {}", getrusage(UsageWho::RUSAGE_CHILDREN).expect("usage is known").max_rss() * 1024);
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

/// Seconds of processor time, in the program and in the kernel for it.
fn cpu(who: UsageWho) -> f64 {
    let usage = getrusage(who).expect("usage is known");
    let seconds = |time: nix::sys::time::TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
    seconds(usage.user_time()) + seconds(usage.system_time())
}
