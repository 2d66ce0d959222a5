//! A plan searched with the lease theorem's answers.
//!
//! Three problems differ in nothing but who may take a lease early: nobody, only pairs that are refuted, and all that are
//! not proved. More of them only adds runs. So a property that holds with all of them holds, and one that is violated with
//! only the refuted ones is violated, if the run can be timed: its last move is the only early one, and the processes that
//! act together are the two of the pair, as in the theorem's own run. Everything else is inconclusive.

use super::election::{Election, elections};
use crate::explore::{End, Options};
use crate::launch::Launch;
use crate::lease_time::answers::{Theorem, Truth};
use crate::migration::moves::Action;
use crate::migration::replay::World;
use crate::migration::{Counterexample, Overtake, Problem, Property, Report, Status, Unfit, Verdict, check};
use crate::plan::Plan;

/// A plan and everything that was found out about it.
#[derive(Clone, Debug)]
pub struct Judged {
    /// What was searched, with the early moves that counterexamples may have.
    pub problem: Problem,
    /// What each manager does once it is started, in the order of the plan's managers.
    pub launches: Vec<Launch>,
    /// The verdicts.
    pub report: Report,
    /// The leases, with the theorem's answers.
    pub elections: Vec<Election>,
    /// The properties that are not decided because of time.
    pub open: Vec<Open>,
}

/// A property that is not decided because of time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Open {
    /// Which.
    pub property: Property,
    /// Why.
    pub why: Why,
}

/// Why a property is not decided.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Why {
    /// It depends on a pair that is neither proved nor refuted.
    Pair(Overtake),
    /// It is violated only by runs in which a process does something more, or another lease is taken early, before the one
    /// that lost its lease has stopped; whether there is time for all that is not known.
    SeveralMoves,
}

/// Judges `plan`. The answers of `theorem` are kept for the next plan.
///
/// # Errors
/// If the cluster is too large to be searched exactly.
pub fn judge(plan: &Plan, theorem: &Theorem, options: &Options<'_>) -> Result<Judged, Unfit> {
    let ideal = plan.problem();
    let launches = plan.launches();
    let base = check(&ideal, options)?;
    if base.verdicts.iter().any(|verdict| verdict.end == End::Cancelled) {
        return Ok(Judged { problem: ideal, launches, report: base, elections: Vec::new(), open: Vec::new() });
    }
    let elections = elections(plan, &ideal, &launches, theorem, options.threads);
    let pairs = |of: fn(&Truth) -> bool| {
        let mut pairs: Vec<Overtake> =
            elections.iter().flat_map(Election::pairs).filter(|(_, truth)| of(truth)).map(|(pair, _)| pair).collect();
        pairs.sort_unstable();
        pairs
    };
    let refuted = pairs(|truth| matches!(truth, Truth::Unsafe(_)));
    let unproved = pairs(|truth| !truth.is_safe());
    let with = |overtakes: &[Overtake]| Problem { overtakes: overtakes.to_vec(), ..ideal.clone() };
    let problem = with(&refuted);
    let mut open = Vec::new();
    let mut report = base;
    if !unproved.is_empty() {
        let refuting = if refuted.is_empty() { report.clone() } else { check(&problem, options)? };
        let proving = if refuted == unproved { refuting.clone() } else { check(&with(&unproved), options)? };
        let undecided = unproved.iter().copied().find(|pair| refuted.binary_search(pair).is_err());
        let why = undecided.map_or(Why::SeveralMoves, Why::Pair);
        for verdict in &mut report.verdicts {
            let property = verdict.property;
            *verdict = weigh(verdict, refuting.of(property), proving.of(property), &problem);
            let cut_short = [&refuting, &proving].iter().any(|report| report.of(property).end != End::Complete);
            if verdict.status == Status::Inconclusive && !cut_short {
                open.push(Open { property, why });
            }
        }
    }
    Ok(Judged { problem, launches, report, elections, open })
}

/// One verdict of the three.
fn weigh(ideal: &Verdict, refuting: &Verdict, proving: &Verdict, problem: &Problem) -> Verdict {
    let mut timed = refuting.counterexamples.iter().filter(|run| is_timed(problem, run)).cloned().collect::<Vec<_>>();
    if ideal.status == Status::Violated {
        // What needs no early move comes first; time adds only what that does not show.
        let mut verdict = ideal.clone();
        let shown = verdict.counterexamples.iter().map(|run| run.controllers).collect::<Vec<_>>();
        timed.retain(|run| run.controllers.iter().any(|c| shown.iter().all(|set| !set.contains(c))));
        verdict.counterexamples.extend(timed);
        return verdict;
    }
    if proving.status == Status::Holds {
        return proving.clone();
    }
    if !timed.is_empty() {
        return Verdict { counterexamples: timed, ..refuting.clone() };
    }
    Verdict { status: Status::Inconclusive, counterexamples: Vec::new(), ..proving.clone() }
}

/// True if there is no early move, or if the theorem's run for the only one, which is the last, is a run of what happens in the
/// end: two processes act under one lease, whatever came before.
pub fn is_timed(problem: &Problem, run: &Counterexample) -> bool {
    let is_early = |action: &Action| matches!(action, Action::OvertakeMain(_) | Action::OvertakeMigration(_));
    let Some((&(last, _), before)) = run.steps.split_last() else { return true };
    if before.iter().any(|(action, _)| is_early(action)) {
        return false;
    }
    if !is_early(&last) {
        return true;
    }
    let mut world = World::new(problem);
    world.settle();
    for &(action, _) in before {
        world.apply(action).expect("every counterexample was replayed");
    }
    let Some((from, to)) = world.overtaken(last) else { return false };
    world.apply(last).expect("every counterexample was replayed");
    let both = world.acting(from).intersection(world.acting(to));
    !run.controllers.is_empty() && run.controllers.iter().all(|controller| both.contains(controller))
}
