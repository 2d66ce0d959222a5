//! Exhaustive search of small transition systems, exact and deterministic.
//!
//! Map: [`system`] is what a model implements; [`search`] walks every reachable state breadth first; [`space`] holds what
//! was found and gives shortest paths; [`backward`] tells which states can reach a goal;
//! `stateright` (a feature) has the public checker of that name do the same. Inside: a search goes batch by batch, `expand` generates successors, `settle` tells
//! the new ones from those in the `table`, `tree` keeps parents.
//!
//! Architecture invariant: what a search returns depends on the system and the options that bound it, never on the number
//! of threads, on time or on hash seeds.
//!
//! Architecture invariant: states are compared in full. Nothing is taken for visited because its hash was.
pub mod backward;
mod expand;
mod hash;
pub mod search;
mod settle;
pub mod space;
#[cfg(feature = "stateright")]
pub mod stateright;
pub mod system;
mod table;
mod tree;

pub use backward::{Edges, can_reach};
pub use search::{End, Options, Progress, explore};
pub use space::Space;
pub use system::System;
