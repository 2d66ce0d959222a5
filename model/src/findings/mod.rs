//! Findings: why a counterexample is possible, with a place in what the operator wrote, and what to change.
//!
//! * [`code`]: the stable codes.
//! * [`cause`]: from a counterexample to its causes.
//! * [`edit`]: changes to managers, and what a right configuration looks like.
//! * [`lint`]: suspicious things that break no property.
//! * [`fix`]: applies the changes of all findings and searches again.

pub mod cause;
pub mod code;
pub mod edit;
pub mod fix;
pub mod lint;

pub use cause::causes;
pub use code::Code;
pub use edit::Edit;
pub use fix::{Fixed, fix};
pub use lint::lints;

use crate::controller::ControllerSet;
use crate::lease::LeaseId;

/// A coded diagnosis.
#[derive(Clone, PartialEq, Debug)]
pub struct Finding {
    /// What kind of mistake it is.
    pub code: Code,
    /// The manager concerned: an index into [`crate::plan::Plan::managers`].
    pub manager: usize,
    /// What in that manager is the cause.
    pub at: Where,
    /// The controllers concerned; empty if it is not about controllers.
    pub controllers: ControllerSet,
    /// What the real binary does with it, in one or two sentences.
    pub message: String,
    /// What to change; empty if no change of this manager mends it.
    pub edits: Vec<Edit>,
}

/// What in a manager a finding points at.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Where {
    /// Argument `i` of the process.
    Arg(usize),
    /// Entry `i` of `controllerLeaders` in its migration file.
    Entry(usize),
    /// Its migration file.
    File,
    /// Where its pods may run.
    Placement,
    /// Its rights on a lease.
    Rights(LeaseId),
    /// The manager as such: its image, its workload.
    Manager,
}
