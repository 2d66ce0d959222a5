//! Classes of states searched once, every property judged, shortest counterexamples searched for.

use super::moves::Cluster;
use super::problem::{Problem, Rollback, Unfit};
use super::properties::{in_two_processes, is_back, refuses};
use super::quotient::Quotient;
use super::regions::{By, orphaned, winning};
use super::runs::{go_on, shortest};
use super::state::Packed;
use super::verdict::{Counterexample, Property, Report, Status, Verdict};
use crate::controller::ControllerSet;
use crate::explore::{Edges, End, Options, Space, explore};

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
        Rollback::Anywhere | Rollback::Refused => search.returnable(),
        Rollback::None => {
            let with_way_back = Problem { rollback: Rollback::Anywhere, ..problem.clone() };
            Search::new(&Quotient::new(Cluster::new(&with_way_back)?), options).returnable()
        }
    });
    Ok(Report { verdicts })
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
        let edges = Edges::new(quotient, &space, |action| Some(By::of(action) as u8));
        Search { quotient, cluster: &quotient.cluster, options, space, edges }
    }

    fn exclusive(&self) -> Verdict {
        self.about_controllers(Property::Exclusive, true, |state| in_two_processes(self.cluster, state))
    }

    fn covered(&self) -> Verdict {
        let orphaned = orphaned(self.cluster, self.space.states(), &self.edges);
        // In a truncated space a way on may be missing, so what was found refutes nothing.
        self.about_controllers(Property::Covered, false, |state| orphaned[self.class(state)])
    }

    fn starts(&self) -> Verdict {
        self.about_states(Property::Starts, true, |state| refuses(self.cluster, state))
    }

    /// The game of [`winning`], back to where the plan began.
    fn returnable(&self) -> Verdict {
        let states = self.space.states();
        let overlap: Vec<bool> = states.iter().map(|&s| !in_two_processes(self.cluster, s).is_empty()).collect();
        let back: Vec<bool> = states.iter().map(|&s| is_back(self.cluster, s)).collect();
        let winning = winning(&self.edges, &overlap, &back);
        let mut verdict = self.about_states(Property::Returnable, false, |state| !winning[self.class(state)]);
        verdict.winning = Some(winning.iter().filter(|&&wins| wins).count());
        verdict.counterexamples.iter_mut().for_each(|counterexample| self.go_on_to_overlap(counterexample));
        verdict
    }

    /// Shows what goes wrong from the end of a run with no way back: the shortest way on to an overlap.
    fn go_on_to_overlap(&self, counterexample: &mut Counterexample) {
        let overlaps = |state| !in_two_processes(self.cluster, state).is_empty();
        if go_on(self.cluster, counterexample, self.options, |_| true, overlaps) {
            counterexample.controllers = in_two_processes(self.cluster, counterexample.end());
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
            match shortest(self.cluster, self.options, |state| !violates(state).intersection(left).is_empty()) {
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
            match shortest(self.cluster, self.options, violates) {
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
}
