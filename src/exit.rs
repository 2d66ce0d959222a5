//! How a command ends: the exit codes, the same everywhere, and the failures that are no verdict.

use leasehold_model::migration::Unfit;
use leasehold_scenarios::diagnostic::Problem;
use leasehold_scenarios::resolve::Failed;
use leasehold_scenarios::source::Sources;

use crate::render;
use crate::screen::Screen;

/// An exit code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Exit {
    /// 0: every property holds, or the command did what it was asked.
    Holds,
    /// 1: a property is violated.
    Violated,
    /// 2: bad input or usage.
    BadInput,
    /// 3: a search was cut short, or the cluster is too large for one.
    Inconclusive,
    /// 4: the environment failed.
    Environment,
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command came to no result.
#[derive(Debug)]
pub enum Failure {
    /// What was read is wrong: exit code 2.
    Input {
        /// The files that were read.
        sources: Sources,
        /// What is wrong with them, at least one error among it.
        problems: Vec<Problem>,
        /// What was not done because of it: `nothing was checked`.
        consequence: &'static str,
    },
    /// The arguments do not go together: exit code 2.
    Usage(String),
    /// The cluster does not fit the exact search, so nothing is decided: exit code 3.
    TooLarge(Unfit),
    /// Reading or writing failed for a reason outside the input: exit code 4.
    Environment(String),
}

impl Failure {
    /// The input could not be resolved. `consequence` says what was not done: `nothing was checked`.
    pub fn unread(failed: Failed, consequence: &'static str) -> Failure {
        Failure::Input { sources: failed.sources, problems: failed.problems, consequence }
    }

    /// Prints the failure to standard error.
    pub fn report(&self, screen: &Screen) -> Exit {
        match self {
            Failure::Input { sources, problems, consequence } => {
                anstream::eprint!("{}", render::problems::text(sources, problems, screen));
                anstream::eprintln!("{}", render::problems::summary(problems, consequence));
                Exit::BadInput
            }
            Failure::Usage(message) => {
                anstream::eprintln!("error: {message}");
                Exit::BadInput
            }
            Failure::TooLarge(unfit) => {
                anstream::eprintln!("inconclusive: {unfit}");
                Exit::Inconclusive
            }
            Failure::Environment(message) => {
                anstream::eprintln!("error: {message}");
                Exit::Environment
            }
        }
    }
}
