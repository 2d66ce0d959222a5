//! Judges logs of `testbed/electors`: `cargo run --example electors FILE…`, as `ci/electors` does.
//!
//! Prints each rejected run, and for every file how many runs were accepted and rejected. Exit code: 0 if all were accepted,
//! 1 if one was rejected, 2 if a file cannot be read or holds no run.

mod accept;
mod follow;
mod log;
mod request;
mod words;
mod world;

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut code = 0;
    for path in std::env::args().skip(1) {
        let text = match std::fs::read_to_string(&path) {
            Ok(text) if !text.is_empty() => text,
            Ok(_) => return refuse(&path, "holds no run"),
            Err(error) => return refuse(&path, &error.to_string()),
        };
        let (mut accepted, mut rejected) = (0, 0);
        for run in log::split(&text) {
            match accept::accept(&run) {
                Ok(_) => accepted += 1,
                Err(error) => {
                    rejected += 1;
                    println!("{path}: {}\n    {error}", run[0]);
                }
            }
        }
        println!("{path}: {accepted} accepted, {rejected} rejected");
        code |= u8::from(rejected > 0);
    }
    ExitCode::from(code)
}

fn refuse(path: &str, error: &str) -> ExitCode {
    eprintln!("{path}: {error}");
    ExitCode::from(2)
}
