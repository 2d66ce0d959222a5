//! What the side-by-side comparisons share: engines in processes of their own, in turn, and what each run used.
//!
//! A comparison starts itself again as `NAME measure COMMAND…`, which runs a command and tells what it used, and as
//! `NAME run ENGINE …`. Processor time is compared, not time on the clock, so that other work on the machine disturbs
//! little; each engine's median run counts.

use nix::sys::resource::{UsageWho, getrusage};
use std::process::Command;
use std::time::Instant;

/// An engine, and what its runs used.
pub struct Engine {
    /// Its name in the table.
    pub name: &'static str,
    /// What runs it.
    pub command: Vec<String>,
    /// What its runs used.
    pub runs: Vec<Used>,
}

impl Engine {
    /// This program, started again as `run ARGUMENTS…`.
    ///
    /// # Panics
    /// If the system does not tell where this program is.
    #[must_use]
    pub fn own(name: &'static str, arguments: &[&str]) -> Self {
        let this = std::env::current_exe().expect("the path of this program").to_string_lossy().into_owned();
        let arguments = arguments.iter().map(|&argument| argument.to_owned());
        Engine { name, command: [this, "run".to_owned()].into_iter().chain(arguments).collect(), runs: Vec::new() }
    }

    /// The median over the runs.
    ///
    /// # Panics
    /// If the engine has not run.
    #[must_use]
    pub fn median(&self, field: impl Fn(&Used) -> f64) -> f64 {
        let mut values: Vec<f64> = self.runs.iter().map(field).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    }
}

/// Runs the engines in turn, so often.
///
/// # Panics
/// If one fails.
pub fn run_in_turn(engines: &mut [Engine], runs: usize) {
    let this = std::env::current_exe().expect("the path of this program");
    for _ in 0..runs.max(1) {
        for engine in &mut *engines {
            let output = Command::new(&this).arg("measure").args(&engine.command).output().expect("this program runs");
            assert!(output.status.success(), "{}: {}", engine.name, String::from_utf8_lossy(&output.stderr));
            engine.runs.push(Used::read(&String::from_utf8_lossy(&output.stdout)));
        }
    }
}

/// What one run of an engine used and found.
#[derive(Clone, Copy, Default)]
pub struct Used {
    /// Distinct states, or zones.
    pub states: u64,
    /// Transitions between them.
    pub transitions: u64,
    /// Seconds of processor time, of all threads.
    pub cpu: f64,
    /// Of the thread that called the engine.
    pub calling_thread: f64,
    /// Seconds on the clock.
    pub wall: f64,
    /// Bytes, of the whole process.
    pub peak: f64,
    /// Bytes per state in the finished search, where the engine tells.
    pub kept: f64,
}

impl Used {
    /// Reads lines of `name value` as `measure` and `run` print them, and SPIN's report, which must find nothing wrong.
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
                [.., "errors:", found] => assert_eq!(found, "0", "SPIN refutes what holds: {text}"),
                // SPIN counts the initial state as one.
                [count, "transitions", ..] => used.transitions = count.parse::<u64>().expect("transitions") - 1,
                _ => {}
            }
        }
        used
    }
}

/// Runs a command, passes its output on, and prints what it used.
///
/// # Panics
/// If it cannot be run.
pub fn measure(command: &[&str]) {
    let start = Instant::now();
    let output = Command::new(command[0]).args(&command[1..]).output().expect("the engine runs");
    println!("wall {}", start.elapsed().as_secs_f64());
    print!("{}", String::from_utf8_lossy(&output.stdout));
    println!("cpu {}", cpu(UsageWho::RUSAGE_CHILDREN));
    println!("peak {}", getrusage(UsageWho::RUSAGE_CHILDREN).expect("usage is known").max_rss() * 1024);
}

/// Seconds of processor time, in the program and in the kernel for it.
///
/// # Panics
/// If the system does not tell.
#[must_use]
pub fn cpu(who: UsageWho) -> f64 {
    let usage = getrusage(who).expect("usage is known");
    let seconds = |time: nix::sys::time::TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
    seconds(usage.user_time()) + seconds(usage.system_time())
}
