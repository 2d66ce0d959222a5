//! The commands. Each module has its arguments, `Args`, and `run`, which does it.

pub mod check;

use crate::exit::{Exit, Failure};

/// What running a command gives.
pub type Ran = Result<Exit, Failure>;
