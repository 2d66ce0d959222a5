//! How long a controller acts nowhere, at worst, when the operator carries the plan out and when one fault happens.
//! docs/model.md, "Gap", says what is counted and why the figures are right.
//!
//! * [`delays`]: what is assumed, and the shortest and longest time of everything a process does by itself.
//! * [`timed`]: the cluster with what is under way.
//! * [`choices`]: what can happen next.
//! * [`run`]: what follows one disturbance.
//! * [`schedule`]: the times of the events of a run, computed anew.
//! * [`judge`]: every disturbance of every cluster at rest; [`worst`]: what it says.

pub mod choices;
pub mod delays;
pub mod judge;
pub mod run;
pub mod schedule;
pub mod timed;
pub mod worst;

pub use delays::{Assumed, Manager};
pub use judge::gaps;
pub use worst::{Cause, Figure, Gaps, Undecided, Worst};
