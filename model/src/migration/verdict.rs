//! One search, every property, shortest counterexamples.

use super::moves::{Action, Cluster, Move};
use super::problem::{Problem, Rollback, Unfit};
use super::properties::{acting, in_two_processes, is_back, is_required, refuses};
use super::replay::World;
use super::state::Packed;
use crate::controller::{Controller, ControllerSet};
use crate::explore::{Edges, End, Options, Space, System, explore};

/// Searches `problem` and judges every property.
///
/// # Errors
/// If the problem's states do not fit.
///
/// # Panics
/// If a counterexample does not pass the independent replay: an error of leasehold itself, never shown as a verdict.
pub fn check(problem: &Problem, options: &Options<'_>) -> Result<Report, Unfit> {
    let cluster = Cluster::new(problem)?;
    let space = explore(&cluster, options, |_| false);
    let search =
        Search { cluster: &cluster, space: &space, edges: Edges::new(&cluster, &space, |a| Some(a.by() as u8)) };
    let mut verdicts = vec![search.exclusive(), search.covered(), search.starts()];
    verdicts.push(match problem.rollback {
        Rollback::Anywhere => search.returnable(),
        Rollback::None => {
            let with_way_back = Problem { rollback: Rollback::Anywhere, ..problem.clone() };
            let cluster = Cluster::new(&with_way_back)?;
            let space = explore(&cluster, options, |_| false);
            let edges = Edges::new(&cluster, &space, |a| Some(a.by() as u8));
            Search { cluster: &cluster, space: &space, edges }.returnable()
        }
    });
    Ok(Report { verdicts })
}

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
    /// Distinct states visited (of symmetry classes, where symmetry was used).
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

/// The same cluster, beginning in another state.
struct From<'s> {
    cluster: &'s Cluster,
    state: Packed,
}

impl System for From<'_> {
    type State = Packed;
    type Action = Action;

    fn initial(&self) -> Vec<Packed> {
        vec![self.state]
    }

    fn successors(&self, state: Packed, out: &mut impl FnMut(Action, Packed)) {
        self.cluster.successors(state, out);
    }
}

struct Search<'s> {
    cluster: &'s Cluster,
    space: &'s Space<Cluster>,
    edges: Edges,
}

impl Search<'_> {
    fn exclusive(&self) -> Verdict {
        let found = self.first_for_each_controller(|at, controller| {
            in_two_processes(self.cluster, self.space.states()[at]).contains(controller)
        });
        self.verdict(Property::Exclusive, true, found)
    }

    fn covered(&self) -> Verdict {
        let states = self.space.states();
        let required = self.cluster.problem.required.union(self.cluster.problem.required_at_end);
        let mut orphaned = vec![ControllerSet::EMPTY; states.len()];
        for controller in required.iter() {
            let goal: Vec<bool> = states.iter().map(|&s| acting(self.cluster, s).contains(controller)).collect();
            let can = self.edges.backward(&goal, |_, by| by == Move::Progress as u8);
            for (at, can) in can.into_iter().enumerate() {
                if !can && is_required(self.cluster, states[at], controller) {
                    orphaned[at] = orphaned[at].with(controller);
                }
            }
        }
        let found = self.first_for_each_controller(|at, controller| orphaned[at].contains(controller));
        // In a truncated space a way on may be missing, so what was found refutes nothing.
        self.verdict(Property::Covered, false, found)
    }

    fn starts(&self) -> Verdict {
        let first = self.space.states().iter().position(|&state| refuses(self.cluster, state));
        let found = first.map(|at| (ControllerSet::EMPTY, at)).into_iter().collect();
        self.verdict(Property::Starts, true, found)
    }

    /// A game of the operator against everything else. Lost: where an overlap may come without any further move of the
    /// operator. Winning: where moves of the operator, and progress he may wait for, lead back to where the plan began
    /// without passing a lost state. As a state is lost if anything but the operator can lead to a lost one, nothing else
    /// can take the operator out of the states that are not lost; and from each of them he plans anew.
    fn returnable(&self) -> Verdict {
        let states = self.space.states();
        let overlap: Vec<bool> = states.iter().map(|&s| !in_two_processes(self.cluster, s).is_empty()).collect();
        let lost = self.edges.backward(&overlap, |_, by| by != Move::Operator as u8);
        let back: Vec<bool> = states.iter().zip(&lost).map(|(&s, &lost)| !lost && is_back(self.cluster, s)).collect();
        let winning = self.edges.backward(&back, |from, by| !lost[from] && by != Move::Fault as u8);
        let first = winning.iter().position(|&wins| !wins);
        let found = first.map(|at| (ControllerSet::EMPTY, at)).into_iter().collect();
        let mut verdict = self.verdict(Property::Returnable, false, found);
        verdict.winning = Some(winning.iter().filter(|&&wins| wins).count());
        verdict.counterexamples.iter_mut().for_each(|counterexample| self.go_on_to_overlap(counterexample));
        verdict
    }

    /// Shows what goes wrong from the end of a run with no way back: the shortest way on to an overlap.
    fn go_on_to_overlap(&self, counterexample: &mut Counterexample) {
        let from = From { cluster: self.cluster, state: counterexample.end() };
        let overlaps = |state| !in_two_processes(self.cluster, state).is_empty();
        let space =
            explore(&from, &Options { symmetry: false, max_states: Some(1 << 22), ..Options::default() }, overlaps);
        if let Some(at) = space.found() {
            counterexample.prefix = counterexample.steps.len();
            counterexample.steps.extend(space.path(&from, at));
            counterexample.controllers = in_two_processes(self.cluster, counterexample.end());
            self.must_replay(counterexample);
        }
    }

    /// For each controller the first state, so at the end of a shortest run, in which `violates`.
    fn first_for_each_controller(&self, violates: impl Fn(usize, Controller) -> bool) -> Vec<(ControllerSet, usize)> {
        let mut found: Vec<(ControllerSet, usize)> = Vec::new();
        for controller in Controller::ALL {
            if let Some(at) = (0..self.space.states().len()).find(|&at| violates(at, controller)) {
                match found.iter_mut().find(|(_, other)| *other == at) {
                    Some((set, _)) => *set = set.with(controller),
                    None => found.push((ControllerSet::EMPTY.with(controller), at)),
                }
            }
        }
        found.sort_by_key(|&(_, at)| at);
        found
    }

    /// `refutes_when_cut_short`: a state found refutes the property even if other states were not visited.
    fn verdict(&self, property: Property, refutes_when_cut_short: bool, found: Vec<(ControllerSet, usize)>) -> Verdict {
        let complete = self.space.end() == End::Complete;
        let status = match (found.is_empty(), complete) {
            (true, true) => Status::Holds,
            (false, _) if complete || refutes_when_cut_short => Status::Violated,
            _ => Status::Inconclusive,
        };
        let counterexamples = match status {
            Status::Violated => {
                found.into_iter().map(|(controllers, at)| self.counterexample(controllers, at)).collect()
            }
            _ => Vec::new(),
        };
        let (states, end) = (self.space.states().len(), self.space.end());
        Verdict { property, status, states, end, winning: None, counterexamples }
    }

    fn counterexample(&self, controllers: ControllerSet, at: usize) -> Counterexample {
        let origin = self.space.origin(self.cluster, at);
        let steps = self.space.path(self.cluster, at);
        let counterexample = Counterexample { controllers, origin, prefix: steps.len(), steps };
        self.must_replay(&counterexample);
        counterexample
    }

    fn must_replay(&self, counterexample: &Counterexample) {
        if let Err(why) = retrace(self.cluster, counterexample) {
            panic!("the search and the replay disagree: {why}\n{counterexample:?}");
        }
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
