//! A plan judged with time: leases are exclusive exactly as far as the lease theorem says under the plan's assumptions.
//!
//! * [`election`]: who contends for each lease, and the theorem's answer for each holder and each taker.
//! * [`judge`](mod@judge): what a search with those answers says, with three values.
//! * [`run`]: what a run with two leaders comes to, in a few figures.
//!
//! Architecture invariant: what is not proved is allowed to happen before anything holds, and only what is refuted is
//! allowed to happen before anything is violated. What remains is inconclusive.

pub mod election;
pub mod judge;
pub mod run;

pub use election::{Election, Member, elections};
pub use judge::{Judged, Open, Why, is_timed, judge};
pub use run::{Holder, Taken};
