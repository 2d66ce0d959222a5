//! Launch: what one manager process does with its flags, file and rights. A pure function of [`ManagerSpec`].
//!
//! * [`spec`]: what goes in: a manager as an operator would start it.
//! * [`outcome`]: what comes out: it refuses to start, or runs, and then which controllers under which lease.
//! * [`settings`]: the values that decided it, each with where it came from.
//!
//! The order is the real binaries': command line, options, migration file, then the electors, then what starts once a
//! lease is held. The first thing that fails is the refusal.

mod cidr;
mod controllers;
mod decide;
pub mod duration;
mod election;
mod feature_gates;
mod line;
mod options;
pub mod outcome;
mod pflag;
mod provider;
pub mod settings;
pub mod settle;
pub mod spec;
#[cfg(test)]
mod tests;
mod vain;

pub use decide::launch;
pub use outcome::{Cause, Death, Launch, Migration, NeverReady, Outcome, Ready, Refusal, RefusesWhen, Running};
pub use spec::{ManagerSpec, MigrationFile};
