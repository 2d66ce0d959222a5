//! Long searches: how far they are, on standard error, and Ctrl-C, which ends them with what was found so far.

use std::ops::ControlFlow;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use leasehold_model::explore::Progress;

use crate::exit::Exit;
use crate::render::layout::{count, number};
use crate::screen::Screen;

/// Searches shorter than this show nothing.
const PATIENCE: Duration = Duration::from_secs(2);

const STOP: &str = "Ctrl-C: stop with what was found";

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Watches one or more searches.
pub struct Watch {
    began: Instant,
    visible: bool,
    bar: OnceLock<ProgressBar>,
}

impl Watch {
    /// Begins to watch; from here on the first Ctrl-C ends the search and the second the process.
    pub fn new() -> Watch {
        // Without a handler Ctrl-C just ends the process, as everywhere.
        let _ = ctrlc::set_handler(|| {
            if INTERRUPTED.swap(true, Ordering::Relaxed) {
                std::process::exit(Exit::Inconclusive as i32);
            }
        });
        Watch { began: Instant::now(), visible: Screen::shows_progress(), bar: OnceLock::new() }
    }

    /// For [`leasehold_model::explore::Options::on_progress`].
    pub fn report(&self, progress: Progress) -> ControlFlow<()> {
        self.show(|elapsed| line(progress, elapsed));
        if Watch::interrupted() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// For [`leasehold_model::lease_time::answers::Theorem::watched`].
    pub fn asked(&self, answered: usize) -> ControlFlow<()> {
        self.show(|elapsed| {
            let seconds = elapsed.as_secs();
            format!("asking the lease theorem: {}, {seconds} s   {STOP}", count(answered, "answer"))
        });
        if Watch::interrupted() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// Shows how far it is, once it has taken a while.
    pub fn show(&self, line: impl FnOnce(Duration) -> String) {
        let elapsed = self.began.elapsed();
        if self.visible && elapsed > PATIENCE {
            let bar = self.bar.get_or_init(|| {
                let style = ProgressStyle::with_template("{spinner} {wide_msg}").expect("a fixed template");
                ProgressBar::new_spinner().with_style(style)
            });
            bar.set_message(line(elapsed));
            bar.tick();
        }
    }

    /// True from the first Ctrl-C on.
    pub fn interrupted() -> bool {
        INTERRUPTED.load(Ordering::Relaxed)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}

fn line(progress: Progress, elapsed: Duration) -> String {
    let states = usize::try_from(progress.states).unwrap_or(usize::MAX);
    let rate = (progress.states as f64 / elapsed.as_secs_f64().max(0.001)) as usize;
    format!("searching: {} states, {}/s, {} s   {STOP}", number(states), number(rate), elapsed.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_has_units() {
        let progress = Progress { states: 3_000_000, expanded: 2_000_000, transitions: 9_000_000 };
        assert_eq!(
            line(progress, Duration::from_secs(2)),
            "searching: 3,000,000 states, 1,500,000/s, 2 s   Ctrl-C: stop with what was found"
        );
    }
}
