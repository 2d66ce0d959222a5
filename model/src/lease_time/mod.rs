//! The lease theorem in dense time: whether two processes can act under one lease at once, how near it is, and how long
//! nobody leads. The argument is in docs/lease-theorem.md.
//!
//! Map: [`parameters`] is a question; [`units`] and [`constants`] turn it into whole numbers; [`location`] and
//! [`handover`] are the timed automaton of two electors and everything around them; [`theorem`] decides; [`trace`] gives a
//! counterexample concrete times and [`replay`] executes it with [`crate::election`]; [`drawn`] is one that needs no search; [`frontier`] says where safety ends;
//! [`gap`] how long nobody leads; [`question`], [`answers`], [`limit`] and [`wanted`] ask and answer in an operator's terms;
//! [`ticks`] and [`promela`] ask the same question in whole ticks, independently.
//!
//! Architecture invariant: no counterexample leaves [`theorem`] that the elector itself has not executed.
//!
//! Architecture invariant: `Proved` comes only from a complete search.
pub mod answers;
pub mod constants;
pub mod drawn;
pub mod frontier;
pub mod gap;
pub mod handover;
pub mod limit;
pub mod location;
pub mod parameters;
pub mod promela;
pub mod question;
pub mod replay;
pub mod theorem;
pub mod ticks;
pub mod trace;
pub mod units;
pub mod wanted;

pub use parameters::{Assumptions, Elector, Others, Pair, Pause};
pub use theorem::{Answer, Reason, Verdict, decide, decide_all};
