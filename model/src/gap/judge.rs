//! Every disturbance of every cluster at rest, and the longest time without each controller.
//!
//! From the cluster before the plan on, each rest is disturbed by every move of the operator and by every assumed fault;
//! where that comes to rest again the next begin. Slots of a pool differ in nothing but their name, so of the rests that
//! differ in nothing else one is kept; the runs are real ones.

use super::choices::Meanwhile;
use super::delays::{Assumed, Manager};
use super::run::{Aftermath, Longest, follow};
use super::schedule::latest;
use super::timed::{Moment, Timed};
use super::worst::{Cause, Figure, Gaps, Undecided, Worst};
use crate::controller::{Controller, ControllerSet};
use crate::explore::System;
use crate::migration::moves::{Cluster, Move};
use crate::migration::process::Behaviour;
use crate::migration::properties::is_downtime;
use crate::migration::state::Packed;
use crate::migration::verdict::retrace;
use crate::migration::{Action, Counterexample, Direction, Fault, Problem, Unfit};
use std::collections::{BTreeMap, BTreeSet};

/// Zones kept for one disturbance: far more than any shipped plan needs.
const MOST_ZONES: usize = 50_000;
/// The same where the operator does not wait, of which there are many more: enough for the replicas of one workload, which
/// are rolled without waiting for leases. The nodes of a control plane are replaced by people, who can.
const MOST_ZONES_WITHOUT_WAITING: usize = 3_000;
/// Rests that are disturbed, at most: far more than any shipped plan has.
const MOST_RESTS: usize = 20_000;

/// Finds the longest times, with ideal leases. `managers` are the processes of `problem`, in their order.
///
/// # Errors
/// If the problem's states do not fit.
///
/// # Panics
/// If a run does not pass the independent replay, or its times are not those of the search: an error of leasehold itself.
pub fn gaps(problem: &Problem, managers: &[Manager], assumed: &Assumed) -> Result<Gaps, Unfit> {
    let problem = &Problem { overtakes: Vec::new(), ..problem.clone() };
    let cluster = Cluster::new(problem)?;
    let timed = Timed::new(&cluster, managers, *assumed);
    let controllers = problem.required.union(problem.required_at_end);
    if let Some(process) = timed.flaps() {
        let undecided = Some(Undecided::NeverAtRest(process));
        return Ok(Gaps { worst: Vec::new(), controllers, rests: 0, left_out: Vec::new(), undecided });
    }
    let crashes = problem.faults.contains(&Fault::Crash);
    let mut search = Search {
        timed,
        known: BTreeSet::new(),
        rests: Vec::new(),
        found: BTreeMap::new(),
        left_out: BTreeSet::new(),
        cut_short: false,
        crashes,
    };
    let initial = search.timed.initial(cluster.initial()[0]);
    search.come_to_rest(initial, None, Vec::new());
    let alike = alike(problem, controllers);
    let mut at = 0;
    while at < search.rests.len() && !search.cut_short {
        search.disturb(at, &alike);
        search.cut_short |= search.rests.len() > MOST_RESTS;
        at += 1;
    }
    let worst = search.found.iter().map(|(&(cause, class), found)| search.worst(alike[class], cause, found)).collect();
    let undecided = search.cut_short.then_some(Undecided::CutShort);
    let left_out = search.left_out.iter().copied().collect();
    let mut gaps = Gaps { worst, controllers, rests: search.rests.len(), left_out, undecided };
    gaps.worst.sort_by_key(|worst| (worst.controllers.iter().next(), worst.cause));
    Ok(gaps)
}

/// The controllers in sets that every process runs under the same lease.
pub(crate) fn alike(problem: &Problem, controllers: ControllerSet) -> Vec<ControllerSet> {
    let key = |controller: Controller| -> Vec<(bool, bool)> {
        let under = |behaviour| match behaviour {
            Behaviour::Unlocked(set) => (set.contains(controller), false),
            Behaviour::Elects { main_set, migration, .. } => {
                (main_set.contains(controller), migration.is_some_and(|second| second.set.contains(controller)))
            }
            Behaviour::RefusesAtStart | Behaviour::RefusesAfter { .. } => (false, false),
        };
        problem.processes.iter().map(|process| under(process.behaviour)).collect()
    };
    let from_the_start = |controller| problem.required.contains(controller);
    let mut sets: Vec<ControllerSet> = Vec::new();
    for controller in controllers.iter() {
        let same = |set: &&mut ControllerSet| {
            let first = set.iter().next().expect("no set is empty");
            key(first) == key(controller) && from_the_start(first) == from_the_start(controller)
        };
        match sets.iter_mut().find(same) {
            Some(set) => *set = set.with(controller),
            None => sets.push(ControllerSet::EMPTY.with(controller)),
        }
    }
    sets
}

/// A cluster at rest, and how it came there.
struct Rest {
    at: Moment,
    /// The rest before, and what happened since.
    from: Option<usize>,
    actions: Vec<Action>,
}

/// The longest gap of one kind.
struct Found {
    rest: usize,
    action: Action,
    next: Packed,
    longest: Longest,
}

struct Search<'c> {
    timed: Timed<'c>,
    known: BTreeSet<Moment>,
    rests: Vec<Rest>,
    found: BTreeMap<(Cause, usize), Found>,
    left_out: BTreeSet<Cause>,
    cut_short: bool,
    /// Crashes are assumed.
    crashes: bool,
}

/// The clock of what a disturbance makes possible.
const FIRST_CLOCK: usize = 2;

impl Search<'_> {
    fn come_to_rest(&mut self, at: Moment, from: Option<usize>, actions: Vec<Action>) {
        let canonical = Moment { state: self.timed.cluster.layout.canonical(at.state), written: at.written.clone() };
        if self.known.insert(canonical) {
            self.rests.push(Rest { at, from, actions });
        }
    }

    fn disturb(&mut self, rest: usize, alike: &[ControllerSet]) {
        let at = self.rests[rest].at.clone();
        let mut disturbances = Vec::new();
        self.timed.cluster.successors(at.state, &mut |action, next| {
            if let Some(cause) = cause(action) {
                disturbances.push((action, next, cause));
            }
        });
        let mut different = BTreeSet::new();
        for (action, next, cause) in disturbances {
            let canonical = self.timed.cluster.layout.canonical(next);
            if !different.insert((canonical, cause)) {
                continue;
            }
            let first = self.timed.follow(&self.timed.at_rest(at.clone()), action, next, FIRST_CLOCK);
            for (class, set) in alike.iter().enumerate() {
                let controller = set.iter().next().expect("no set is empty");
                let acted = self.timed.acts(at.state, controller);
                // What the plan stops for a while is missed from the moment at which the step begins that brings it back.
                let missed = cause == Cause::Plan && is_downtime(self.timed.cluster, at.state);
                let exits = first.waits.iter().any(|wait| matches!(wait.action, Action::Exit(_)));
                let goes_on = !acted || self.timed.acts(next, controller);
                let operator = matches!(cause, Cause::Plan | Cause::WayBack);
                if class > 0 && !exits && goes_on && !operator {
                    continue;
                }
                let mut runs = vec![(cause, Meanwhile::Nothing)];
                match cause {
                    Cause::Plan => runs.push((Cause::PlanWithoutWaiting, Meanwhile::RestOfStep(Direction::Forward))),
                    Cause::WayBack => runs.push((Cause::WayBackWithoutWaiting, Meanwhile::RestOfStep(Direction::Back))),
                    _ => {}
                }
                if operator && self.crashes {
                    runs.push((Cause::CrashMeanwhile, Meanwhile::Crash));
                }
                for (cause, meanwhile) in runs {
                    if self.left_out.contains(&cause) {
                        continue;
                    }
                    let without_waiting = matches!(meanwhile, Meanwhile::RestOfStep(_));
                    let most = if without_waiting { MOST_ZONES_WITHOUT_WAITING } else { MOST_ZONES };
                    let Aftermath { longest, rests, cut_short } =
                        follow(&self.timed, action, first.clone(), controller, acted || missed, meanwhile, most);
                    if cut_short && without_waiting {
                        self.left_out.insert(cause);
                        self.found.retain(|(known, _), _| *known != cause);
                        continue;
                    }
                    self.cut_short |= cut_short;
                    if let Some(longest) = longest
                        && longest.exceeds(self.found.get(&(cause, class)).map(|found| &found.longest))
                    {
                        self.found.insert((cause, class), Found { rest, action, next, longest });
                    }
                    if class == 0 {
                        for (at, mut actions) in rests {
                            actions.insert(0, action);
                            self.come_to_rest(at, Some(rest), actions);
                        }
                    }
                }
            }
        }
    }

    /// The run with its times.
    fn worst(&self, controllers: ControllerSet, cause: Cause, found: &Found) -> Worst {
        let cluster = self.timed.cluster;
        let mut parts = Vec::new();
        let mut at = Some(found.rest);
        while let Some(rest) = at {
            parts.push(&self.rests[rest].actions);
            at = self.rests[rest].from;
        }
        let mut actions: Vec<Action> = parts.into_iter().rev().flatten().copied().collect();
        let disturbance = actions.len();
        actions.push(found.action);
        actions.extend(&found.longest.actions);

        let controller = controllers.iter().next().expect("no set is empty");
        let rest = self.timed.at_rest(self.rests[found.rest].at.clone());
        let first = self.timed.follow(&rest, found.action, found.next, 0);
        let ended = usize::from(found.longest.nanos.is_some());
        let stops = |states: &[Packed]| {
            let before = states[..states.len() - ended].iter().rposition(|&state| self.timed.acts(state, controller));
            before.map_or(0, |before| before + 1)
        };
        let (times, states) = latest(&self.timed, &first, &found.longest.actions, stops);
        if let Some(nanos) = found.longest.nanos {
            let last = *found.longest.actions.last().unwrap_or(&found.action);
            let start_up = self.timed.start_up(states[states.len() - 1], last, controller).nanos;
            assert_eq!(times[times.len() - 1] + start_up, nanos, "the zones and the schedule disagree on the gap");
        }

        let origin = cluster.initial()[0];
        let mut state = origin;
        let mut steps = Vec::new();
        for &action in &actions {
            let mut next = None;
            cluster.successors(state, &mut |possible, after| {
                if possible == action {
                    next = Some(after);
                }
            });
            state = next.expect("the run is one of the cluster");
            steps.push((action, state));
        }
        let run = Counterexample { controllers, origin, prefix: steps.len(), steps };
        if let Err(why) = retrace(cluster, &run) {
            panic!("the search and the replay disagree: {why}\n{run:?}");
        }
        let figure = found.longest.nanos.map_or(Figure::Unbounded, Figure::Within);
        Worst { controllers, cause, figure, run, disturbance, times }
    }
}

fn cause(action: Action) -> Option<Cause> {
    match action {
        Action::Crash(_) => Some(Cause::Crash),
        Action::DeleteLease(_) => Some(Cause::LeaseDeleted),
        Action::Apply(direction)
        | Action::Edit(direction, _)
        | Action::Cordon(direction, _)
        | Action::ReplaceSlot(direction, _)
        | Action::AddSlot(direction, _)
        | Action::RemoveSlot(direction, _) => Some(match direction {
            Direction::Forward => Cause::Plan,
            Direction::Back => Cause::WayBack,
        }),
        _ => {
            debug_assert!(action.by() == Move::Progress);
            None
        }
    }
}
