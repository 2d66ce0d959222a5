//! Timed automata in dense time: sets of clock values as difference bound matrices, a breadth-first search over them,
//! and concrete times for a path that was found.
//!
//! Map: [`bound`] is one entry of a matrix; [`zone`] the matrix and its operations; [`extrapolate`] keeps the number of
//! zones finite; [`automaton`] is what a model implements and [`search`] walks it; [`schedule`] gives times to events.
//!
//! Source: J. Bengtsson, W. Yi, Timed Automata: Semantics, Algorithms and Tools, LNCS 3098, 2004 (operations, canonical
//! form); G. Behrmann, P. Bouyer, K. G. Larsen, R. Pelánek, Lower and Upper Bounds in Zone Based Abstractions of Timed
//! Automata, TACAS 2004 (extrapolation).
//!
//! Architecture invariant: guards and invariants compare one clock with one constant, never two clocks. Extrapolation is
//! sound only for such automata; [`automaton::Guard`] cannot express anything else.
pub mod automaton;
pub mod bound;
mod extrapolate;
pub mod schedule;
pub mod search;
pub mod zone;

pub use automaton::{Automaton, Edge, Guard, Update};
pub use bound::Bound;
pub use schedule::Schedule;
pub use search::{Options, Outcome, Step, search};
pub use zone::Zone;
