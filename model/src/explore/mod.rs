//! Exhaustive search of small transition systems, exact and deterministic.
//!
//! Map: [`system`] is what a model implements; [`search`] walks every reachable state breadth first; [`space`] holds what
//! was found and gives shortest paths.
//!
//! Architecture invariant: what a search returns depends on the system and the options that bound it, never on the number
//! of threads, on time or on hash seeds.
pub mod search;
pub mod space;
pub mod system;

pub use search::{End, Options, Progress, explore};
pub use space::Space;
pub use system::System;
