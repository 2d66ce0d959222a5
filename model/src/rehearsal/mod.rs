//! The way back, rehearsed: from every point of a plan, half done or complete, whether there is one that keeps every
//! property, which moves it takes, and what happens on ways back that only look right. docs/rehearse.md has the argument.
//!
//! * [`point`]: the points of a plan, and what is said of each.
//! * [`ground`]: every class of states with what is wrong in it, and the games that are played on them.
//! * [`walk`]: a way back as one run, executed again.
//! * [`judge`](mod@judge): every point judged.
//! * [`outage`]: how long controllers run nowhere on the way back.

pub mod ground;
pub mod judge;
pub mod outage;
pub mod point;
pub mod walk;

pub use judge::rehearse;
pub use outage::{Outage, Outages, outages};

pub use point::{At, Harm, Judged, Naive, Point, Rehearsal, Way};
