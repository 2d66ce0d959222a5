//! The commands. Each module has its arguments, `Args`, and `run`, which does it.

pub mod check;
pub mod compare;
pub mod completions;
pub mod explain;
#[cfg(feature = "explorer")]
pub mod explore;
pub mod generate;
pub mod hazards;
pub mod margins;
pub mod rehearse;
pub mod show;

use std::io::Write;

use crate::exit::{Exit, Failure};

/// What running a command gives.
pub type Ran = Result<Exit, Failure>;

/// Writes a result to standard output. A reader that closed the pipe has read enough: that is no failure.
///
/// # Errors
/// If writing fails otherwise.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = anstream::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::Environment(format!("cannot write the result: {error}")))
        }
        _ => Ok(()),
    }
}
