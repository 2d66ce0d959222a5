//! The data plane of an OpenStack cluster while its cloud controllers move: load balancers, their addresses, DNS records,
//! nodes and volumes ([docs/data-plane.md](../../../docs/data-plane.md)).
//!
//! The way of the data: [`problem`] is one Service with the operator's steps and how long things take; [`state`] what a
//! moment looks like, [`moves`] what can happen in it, [`reach`] who reaches the Service; [`timed`] adds clocks and finds the
//! longest outage, [`order`] asks whether any order of the steps avoids it; [`volumes`] is the same question for volumes;
//! [`judge`] puts verdicts together, [`cause`] says why, [`claims`] compares sentences of a guide with them, [`replay`] executes every run again.
//!
//! Services do not touch each other and neither do volumes: they share the nodes, the controllers and the operator's steps.
//! So each is judged by itself, and every run of the whole is, seen from one of them, a run of its own model.
pub mod cause;
pub mod claims;
pub mod judge;
pub mod moves;
pub mod order;
pub mod problem;
pub mod reach;
pub mod replay;
pub mod state;
pub mod timed;
pub mod volumes;

pub use cause::Cause;
pub use claims::{Claim, Truth};
pub use judge::{Judged, Leak, Question, judge};
pub use moves::{Action, Traffic};
pub use order::LastChance;
pub use problem::{Api, Client, Faults, Order, Problem, Step, StepKind, Takes};
pub use reach::Lack;
pub use state::State;
pub use timed::{Figure, Outage};
