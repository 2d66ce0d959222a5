//! The points of a plan from which one may have to go back, and what is said of each.

use crate::controller::Controller;
use crate::explore::End;
use crate::migration::moves::Cluster;
use crate::migration::state::Packed;
use crate::migration::{Counterexample, ProcessIx};

/// A point of the plan. In the order of the plan.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum At {
    /// So many steps are complete everywhere, the next has not begun; 0: before the plan.
    After(u8),
    /// The step with this index has begun and is not complete: some places are done, others are not.
    Within(u8),
}

impl At {
    /// Where `state` is.
    pub fn of(cluster: &Cluster, state: Packed) -> At {
        let position = cluster.layout.position(state);
        if cluster.at_rest(state) { At::After(position) } else { At::Within(position) }
    }

    /// The points of a plan with so many steps, in order.
    pub fn all(steps: usize) -> impl Iterator<Item = At> {
        (0..=steps as u8).flat_map(|step| [At::After(step), At::Within(step)])
    }

    /// How many steps have begun.
    pub fn steps_begun(self) -> usize {
        match self {
            At::After(steps) => steps.into(),
            At::Within(step) => usize::from(step) + 1,
        }
    }
}

/// What is wrong in a state besides a controller that runs twice.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Harm {
    /// Nobody can run the controller again unless the operator acts (`covered`).
    Orphaned(Controller),
    /// This process refuses to run (`starts`).
    Refuses(ProcessIx),
}

/// What was found out about one plan.
#[derive(Clone, PartialEq, Debug)]
pub struct Rehearsal {
    /// Every point that can be reached, in order; empty if the search was cut short.
    pub points: Vec<Point>,
    /// Distinct classes of states visited.
    pub states: usize,
    /// How the search ended.
    pub end: End,
}

/// One point of the plan, with every state that can be reached there: whoever leads, whatever has crashed.
#[derive(Clone, PartialEq, Debug)]
pub struct Point {
    /// Which.
    pub at: At,
    /// Classes of states that can be reached there.
    pub states: usize,
    /// Those of them from which there is a way back that runs no controller twice and does no harm that is not there
    /// already.
    pub safe: usize,
    /// Those from which there is a way back that runs no controller twice.
    pub exclusive: usize,
    /// What follows for the point.
    pub judged: Judged,
    /// What is wrong in some of the states, or may come to be there without the operator: no way back is blamed for it.
    pub already: Vec<Harm>,
    /// What no way back from some of the states avoids, besides a controller that runs twice.
    pub unavoidable: Vec<Harm>,
    /// The way back that is shown; none if there is none from some state.
    pub way: Option<Way>,
    /// How a state is reached from which no way back is safe, and what every way back from there runs into.
    pub refuted: Option<Counterexample>,
    /// Undoing step by step in reverse, place by place in any order, waiting for nothing.
    pub naive: Naive,
    /// Undone in another order than the way back that is shown, or without waiting, it may come to what that avoids.
    pub order_matters: bool,
}

/// What is said of a point.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Judged {
    /// From every state there is a safe way back.
    Safe,
    /// From every state there is a way back that runs no controller twice; from some it leaves controllers without a
    /// manager until the operator goes on, or starts managers that refuse to run.
    Harmful,
    /// From some state every way back may run a controller twice.
    Lost,
}

/// A way back, as one run: the plan up to the point, then the way back, one move at a time.
#[derive(Clone, PartialEq, Debug)]
pub struct Way {
    /// The run, executed again; [`Counterexample::prefix`] is where the way back begins.
    pub run: Counterexample,
    /// The operator's moves on the way back.
    pub moves: usize,
    /// The least number of moves from any state of the point.
    pub fewest: usize,
    /// What it cannot avoid: the harm, and the events of the run after which it begins and ends.
    pub harms: Vec<(Harm, usize, usize)>,
}

/// The naive way back.
#[derive(Clone, PartialEq, Debug)]
pub enum Naive {
    /// It is safe from every state of the point, whatever the order of places and whatever crashes.
    Safe,
    /// What it runs into.
    Unsafe(Box<Counterexample>),
    /// It is not known to be safe, and no counterexample is known: the search for it was cut short, or it depends on a lease
    /// that is neither proved nor refuted in time.
    Open,
}

impl Rehearsal {
    /// The first point from which there is no safe way back.
    pub fn first_unsafe(&self) -> Option<&Point> {
        self.points.iter().find(|point| point.judged != Judged::Safe)
    }

    /// The point of no return: from it and from every later point every way back may run a controller twice.
    pub fn point_of_no_return(&self) -> Option<&Point> {
        let last_with_a_way = self.points.iter().rposition(|point| point.judged != Judged::Lost);
        self.points.get(last_with_a_way.map_or(0, |last| last + 1))
    }
}
