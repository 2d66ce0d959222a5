//! The migration as a state space: control-plane nodes, manager processes, leases by identity, operator steps in every
//! order the plan allows, crashes at any point, and the way back.
//!
//! * [`problem`]: what is searched: processes, pools of places they run on, steps, assumptions.
//! * [`process`]: what one manager process does, condensed from its launch.
//! * [`state`]: the packed state and its parts.
//! * [`moves`]: what can happen next: the operator, progress, faults.
//! * [`quotient`]: states that no verdict can tell apart, taken together.
//! * [`properties`]: what must hold, one named function each.
//! * [`regions`]: which states are orphaned, and from which a way back is left; [`runs`]: shortest runs.
//! * [`judge`]: one search, every property, shortest counterexamples; [`verdict`]: what it says.
//! * [`story`]: a counterexample as people tell it.
//! * [`replay`]: an independent interpreter that every counterexample must pass before anyone sees it.
//!
//! Architecture invariant: nothing here knows of time. Which process may take a lease while its holder still acts is part
//! of the problem ([`problem::Overtake`]); the lease theorem says it ([`crate::timing`]).

pub mod judge;
pub mod moves;
pub mod problem;
pub mod process;
pub mod properties;
pub mod quotient;
pub mod regions;
pub mod replay;
pub mod runs;
pub mod state;
pub mod story;
pub mod verdict;

pub use judge::check;
pub use moves::{Action, Direction, Move};
pub use problem::{Fault, Mode, Nodes, Overtake, Pool, Problem, Rollback, Step, Unfit, Update};
pub use process::{Access, Behaviour, LeaseIx, Process, ProcessIx};
pub use verdict::{Counterexample, Property, Report, Status, Verdict};
