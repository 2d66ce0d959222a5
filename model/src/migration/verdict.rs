//! What is judged, what a verdict says, and the run that refutes a property, which is executed again before anybody sees it.

use super::moves::{Action, Cluster};
use super::replay::World;
use super::state::Packed;
use crate::controller::ControllerSet;
use crate::explore::{End, System};

/// The verdicts on one problem.
#[derive(Clone, PartialEq, Debug)]
pub struct Report {
    /// One for each property, in the order of [`Property::ALL`].
    pub verdicts: Vec<Verdict>,
}

impl Report {
    /// The verdict on `property`.
    pub fn of(&self, property: Property) -> &Verdict {
        self.verdicts.iter().find(|v| v.property == property).expect("every property is judged")
    }
}

/// What is judged.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Property {
    /// No controller acts in two processes.
    Exclusive,
    /// From every reachable state, every required controller can run again without the operator.
    Covered,
    /// No manager refuses to start.
    Starts,
    /// From every prefix of the plan there is a safe way back.
    Returnable,
}

impl Property {
    /// Every property, in the order of all output.
    pub const ALL: [Property; 4] = [Property::Exclusive, Property::Covered, Property::Starts, Property::Returnable];

    /// Its name in all output.
    pub const fn name(self) -> &'static str {
        match self {
            Property::Exclusive => "exclusive",
            Property::Covered => "covered",
            Property::Starts => "starts",
            Property::Returnable => "returnable",
        }
    }
}

/// Whether a property holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Status {
    /// Proved by a complete search.
    Holds,
    /// Refuted by a counterexample that was executed again.
    Violated,
    /// The search was cut short before it found anything.
    Inconclusive,
}

impl Status {
    /// The status in all output, in lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Status::Holds => "holds",
            Status::Violated => "violated",
            Status::Inconclusive => "inconclusive",
        }
    }
}

/// The verdict on one property.
#[derive(Clone, PartialEq, Debug)]
pub struct Verdict {
    /// What was judged.
    pub property: Property,
    /// The verdict.
    pub status: Status,
    /// Distinct states visited; with symmetry, classes of [`Quotient`].
    pub states: usize,
    /// How the search ended.
    pub end: End,
    /// For `returnable`: the states from which a safe way back exists.
    pub winning: Option<usize>,
    /// The shortest counterexamples, each for the controllers it refutes the property for; empty unless violated.
    pub counterexamples: Vec<Counterexample>,
}

/// A run that refutes a property.
#[derive(Clone, PartialEq, Debug)]
pub struct Counterexample {
    /// The controllers concerned; empty where the property is not about controllers.
    pub controllers: ControllerSet,
    /// Where the run begins.
    pub origin: Packed,
    /// What happens, with the state after it.
    pub steps: Vec<(Action, Packed)>,
    /// The steps of the run that refutes the property. For `returnable` it ends where no safe way back is left, and the
    /// steps behind it show the overlap that a way back runs into; else these are all steps.
    pub prefix: usize,
}

impl Counterexample {
    /// The last state.
    pub fn end(&self) -> Packed {
        self.steps.last().map_or(self.origin, |&(_, state)| state)
    }
}

/// Executes a counterexample again in [`World`], step by step, and compares who runs what after every step.
///
/// # Errors
/// In words, where the two disagree.
pub fn retrace(cluster: &Cluster, counterexample: &Counterexample) -> Result<(), String> {
    let mut world = World::new(&cluster.problem);
    world.settle();
    let compare = |world: &World<'_>, state: Packed| {
        cluster.layout.places().iter().enumerate().try_for_each(|(at, &place)| {
            let (searched, replayed) = (cluster.acting(state, at), world.acting(place));
            if searched == replayed {
                Ok(())
            } else {
                Err(format!("{place:?} runs {searched} in the search and {replayed} in the replay"))
            }
        })
    };
    if cluster.initial() != [counterexample.origin] {
        return Err("the run does not begin in the initial state".into());
    }
    compare(&world, counterexample.origin)?;
    for (i, &(action, state)) in counterexample.steps.iter().enumerate() {
        world.apply(action).map_err(|impossible| format!("step {}: {action:?}: {}", i + 1, impossible.why))?;
        compare(&world, state).map_err(|why| format!("after step {}: {action:?}: {why}", i + 1))?;
    }
    Ok(())
}
