//! Launch: what one manager process does with its flags, file and rights. A pure function of [`ManagerSpec`].
//!
//! * [`spec`]: what goes in: a manager as an operator would start it.
//! * [`outcome`]: what comes out: it refuses to start, or runs, and then which controllers under which lease.

pub mod outcome;
pub mod settings;
pub mod spec;

pub use outcome::{Launch, Migration, Outcome, Ready, Refusal, RefusesWhen, Running};
pub use spec::{ManagerSpec, MigrationFile};
