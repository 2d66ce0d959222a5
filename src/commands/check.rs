//! `leasehold check`: proves or refutes a migration.

use super::Ran;
use crate::cli::EXIT_CODES;
use crate::exit::Failure;
use crate::input::Input;

/// The arguments of `check`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXIT_CODES)]
pub struct Args {
    #[command(flatten)]
    input: Input,
}

/// Checks.
///
/// # Errors
/// If the input is bad or the output cannot be written.
pub fn run(args: &Args) -> Ran {
    Err(Failure::Usage(format!("cannot check {:?} yet", args.input.paths)))
}
