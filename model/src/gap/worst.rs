//! What the search for gaps says: figures by controller and by what disturbs the cluster, each with its run.

use crate::controller::ControllerSet;
use crate::migration::{Counterexample, ProcessIx};

/// What disturbs the cluster.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Cause {
    /// The operator carries the plan out.
    Plan,
    /// The same, and the operator does not wait between the nodes of the step.
    PlanWithoutWaiting,
    /// The operator goes back.
    WayBack,
    /// The same without waiting between the nodes of a step.
    WayBackWithoutWaiting,
    /// A process crashes, is killed, or loses a lease, while the cluster is at rest.
    Crash,
    /// The same after a move of the operator, forward or back, before the cluster is at rest.
    CrashMeanwhile,
    /// Somebody deletes a lease.
    LeaseDeleted,
}

impl Cause {
    /// Every cause, in the order of all output.
    pub const ALL: [Cause; 7] = [
        Cause::Plan,
        Cause::WayBack,
        Cause::Crash,
        Cause::LeaseDeleted,
        Cause::PlanWithoutWaiting,
        Cause::WayBackWithoutWaiting,
        Cause::CrashMeanwhile,
    ];

    /// True if one thing happens and the cluster comes to rest before the next.
    pub fn is_alone(self) -> bool {
        matches!(self, Cause::Plan | Cause::WayBack | Cause::Crash | Cause::LeaseDeleted)
    }
}

/// How long at most.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Figure {
    /// So many nanoseconds.
    Within(i64),
    /// For good, unless the operator goes on.
    Unbounded,
}

/// The longest time without some controllers after one kind of disturbance.
#[derive(Clone, PartialEq, Debug)]
pub struct Worst {
    /// Controllers that every process of the plan runs alike.
    pub controllers: ControllerSet,
    /// What disturbs the cluster.
    pub cause: Cause,
    /// How long at most.
    pub figure: Figure,
    /// From the beginning of the plan to the end of the gap.
    pub run: Counterexample,
    /// The number of the step of `run` that is the disturbance. Before it the cluster was at rest.
    pub disturbance: usize,
    /// The times of the disturbance and of the steps after it, in nanoseconds from the moment the controllers stop.
    pub times: Vec<i64>,
}

/// What was found out about one plan.
#[derive(Clone, PartialEq, Debug)]
pub struct Gaps {
    /// The longest times, by controllers, then by cause; no entry where the controllers never stop.
    pub worst: Vec<Worst>,
    /// The controllers that were asked for: those that the plan needs.
    pub controllers: ControllerSet,
    /// How many different clusters at rest were disturbed.
    pub rests: usize,
    /// The causes that would take too long to search, so that nothing is known of them.
    pub left_out: Vec<Cause>,
    /// Why the figures say nothing, if they do not.
    pub undecided: Option<Undecided>,
}

/// Why there are no figures.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Undecided {
    /// This process takes a lease and exits, again and again: where it runs nothing comes to rest, and no time bounds how
    /// often it comes before the others.
    NeverAtRest(ProcessIx),
    /// More rests or zones than are searched.
    CutShort,
}

impl Gaps {
    /// The longest of all; none if no controller ever stops.
    pub fn longest(&self, of: impl Fn(&Worst) -> bool) -> Option<&Worst> {
        // The first of equal ones.
        self.worst.iter().rev().filter(|worst| of(worst)).max_by_key(|worst| worst.figure)
    }
}
