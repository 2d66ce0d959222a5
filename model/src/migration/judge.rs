//! Classes of states searched once, every property judged, shortest counterexamples searched for.

use super::moves::{Action, Cluster, Move};
use super::problem::{Problem, Rollback, Unfit};
use super::properties::{acting, in_two_processes, is_back, is_required, refuses};
use super::quotient::Quotient;
use super::state::Packed;
use super::verdict::{Counterexample, Property, Report, Status, Verdict, retrace};
use crate::controller::ControllerSet;
use crate::explore::{Edges, End, Options, Space, System, explore};

/// Searches `problem` and judges every property.
///
/// With [`Options::symmetry`] verdicts come from the classes of [`Quotient`], else from the states one by one. Either way
/// the run that refutes a property is then searched for in the [`Cluster`], so it is a shortest one.
///
/// # Errors
/// If the problem's states do not fit.
///
/// # Panics
/// If a counterexample does not pass the independent replay: an error of leasehold itself, never shown as a verdict.
pub fn check(problem: &Problem, options: &Options<'_>) -> Result<Report, Unfit> {
    let quotient = Quotient::new(Cluster::new(problem)?);
    let search = Search::new(&quotient, options);
    let mut verdicts = vec![search.exclusive(), search.covered(), search.starts()];
    verdicts.push(match problem.rollback {
        Rollback::Anywhere => search.returnable(),
        Rollback::None => {
            let with_way_back = Problem { rollback: Rollback::Anywhere, ..problem.clone() };
            Search::new(&Quotient::new(Cluster::new(&with_way_back)?), options).returnable()
        }
    });
    Ok(Report { verdicts })
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

    fn canonical(&self, state: Packed) -> Packed {
        self.cluster.canonical(state)
    }
}

/// Every class of states, and the transitions between them.
struct Search<'s> {
    quotient: &'s Quotient,
    cluster: &'s Cluster,
    options: &'s Options<'s>,
    space: Space<Quotient>,
    edges: Edges,
}

impl<'s> Search<'s> {
    fn new(quotient: &'s Quotient, options: &'s Options<'s>) -> Search<'s> {
        let space = explore(quotient, options, |_| false);
        let edges = Edges::new(quotient, &space, |action| Some(action.by() as u8));
        Search { quotient, cluster: &quotient.cluster, options, space, edges }
    }

    fn exclusive(&self) -> Verdict {
        self.about_controllers(Property::Exclusive, true, |state| in_two_processes(self.cluster, state))
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
        // In a truncated space a way on may be missing, so what was found refutes nothing.
        self.about_controllers(Property::Covered, false, |state| orphaned[self.class(state)])
    }

    fn starts(&self) -> Verdict {
        self.about_states(Property::Starts, true, |state| refuses(self.cluster, state))
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
        let mut verdict = self.about_states(Property::Returnable, false, |state| !winning[self.class(state)]);
        verdict.winning = Some(winning.iter().filter(|&&wins| wins).count());
        verdict.counterexamples.iter_mut().for_each(|counterexample| self.go_on_to_overlap(counterexample));
        verdict
    }

    /// Shows what goes wrong from the end of a run with no way back: the shortest way on to an overlap.
    fn go_on_to_overlap(&self, counterexample: &mut Counterexample) {
        let from = From { cluster: self.cluster, state: counterexample.end() };
        let overlaps = |state| !in_two_processes(self.cluster, state).is_empty();
        let space = explore(&from, &Options { max_states: Some(1 << 22), ..*self.options }, overlaps);
        if let Some(at) = space.found() {
            counterexample.prefix = counterexample.steps.len();
            counterexample.steps.extend(space.path(&from, at));
            counterexample.controllers = in_two_processes(self.cluster, counterexample.end());
            self.must_replay(counterexample);
        }
    }

    /// The index of a state's class. Every state has one in a complete space.
    fn class(&self, state: Packed) -> usize {
        self.space.index_of_class(self.quotient, state).expect("the space is complete")
    }

    /// The verdict on a property that every state has or, for some controllers, has not. `violates` is the same for
    /// the states of a class.
    ///
    /// `refutes_when_cut_short`: a state found refutes the property even if other states were not visited.
    fn about_controllers(
        &self,
        property: Property,
        refutes_when_cut_short: bool,
        violates: impl Fn(Packed) -> ControllerSet + Sync,
    ) -> Verdict {
        let mut verdict = self.undecided(property);
        if verdict.end != End::Complete && !refutes_when_cut_short {
            return verdict;
        }
        let mut left = self.space.states().iter().fold(ControllerSet::EMPTY, |set, &s| set.union(violates(s)));
        if verdict.end == End::Complete && left.is_empty() {
            verdict.status = Status::Holds;
        }
        while !left.is_empty() {
            // For each controller the first state, so the end of a shortest run.
            match self.shortest(|state| !violates(state).intersection(left).is_empty()) {
                Ok(mut run) => {
                    run.controllers = violates(run.end()).intersection(left);
                    left = run.controllers.iter().fold(left, ControllerSet::without);
                    verdict.status = Status::Violated;
                    verdict.counterexamples.push(run);
                }
                Err(end) => {
                    verdict.end = end;
                    break;
                }
            }
        }
        verdict
    }

    /// The same for a property that is not about controllers.
    fn about_states(
        &self,
        property: Property,
        refutes_when_cut_short: bool,
        violates: impl Fn(Packed) -> bool + Sync,
    ) -> Verdict {
        let mut verdict = self.undecided(property);
        if verdict.end != End::Complete && !refutes_when_cut_short {
            return verdict;
        }
        if self.space.states().iter().any(|&state| violates(state)) {
            match self.shortest(violates) {
                Ok(run) => {
                    verdict.status = Status::Violated;
                    verdict.counterexamples.push(run);
                }
                Err(end) => verdict.end = end,
            }
        } else if verdict.end == End::Complete {
            verdict.status = Status::Holds;
        }
        verdict
    }

    fn undecided(&self, property: Property) -> Verdict {
        let (states, end) = (self.space.states().len(), self.space.end());
        Verdict { property, status: Status::Inconclusive, states, end, winning: None, counterexamples: Vec::new() }
    }

    /// A shortest run to a state that is looked for and whose class was found, executed again; else how the search for it
    /// was cut short.
    ///
    /// # Panics
    /// If there is no such state.
    fn shortest(&self, looked_for: impl Fn(Packed) -> bool + Sync) -> Result<Counterexample, End> {
        let space = explore(self.cluster, self.options, looked_for);
        let Some(at) = space.found() else {
            assert_ne!(space.end(), End::Complete, "a class was reached and none of its states");
            return Err(space.end());
        };
        let (origin, steps) = (space.origin(self.cluster, at), space.path(self.cluster, at));
        let run = Counterexample { controllers: ControllerSet::EMPTY, origin, prefix: steps.len(), steps };
        self.must_replay(&run);
        Ok(run)
    }

    fn must_replay(&self, counterexample: &Counterexample) {
        if let Err(why) = retrace(self.cluster, counterexample) {
            panic!("the search and the replay disagree: {why}\n{counterexample:?}");
        }
    }
}
