//! Ways back that look right and are not: each as a plan of its own that begins where the way back does, searched like any
//! other. What is found is shown; that nothing is found says only that this way is no shortcut to an accident.

use leasehold_model::controller::ControllerSet;
use leasehold_model::explore::Options;
use leasehold_model::launch::Launch;
use leasehold_model::migration::{Counterexample, Property, Rollback, check};
use leasehold_model::plan::Plan;
use leasehold_scenarios::compile::compile;
use leasehold_scenarios::inventory::files::Disk;
use leasehold_scenarios::resolve::{Manager, OnNodes, Request, Resolved, Stage, Step, resolve_steps};
use leasehold_scenarios::scenario::Action;

use crate::judge::Judgement;

/// A way back that looks right.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Kind {
    /// The files of before the plan on every node in one go: the provider comes back and leader migration goes at once.
    Straight,
    /// The steps undone in the order in which they were done.
    PlanOrder,
    /// The last step undone, and nothing else.
    LastStepAlone,
}

impl Kind {
    /// Every kind, in the order of all output.
    pub const ALL: [Kind; 3] = [Kind::Straight, Kind::PlanOrder, Kind::LastStepAlone];

    /// What one would do.
    pub fn words(self) -> &'static str {
        match self {
            Kind::Straight => "the files of before the plan put back in one go, leader migration off as it was then",
            Kind::PlanOrder => "the steps undone in the order of the plan, not in reverse",
            Kind::LastStepAlone => "the last step undone, and nothing else",
        }
    }

    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Straight => "straight",
            Kind::PlanOrder => "planOrder",
            Kind::LastStepAlone => "lastStepAlone",
        }
    }
}

/// One way back from one point, and what it runs into.
pub struct WrongWay {
    /// Which.
    pub kind: Kind,
    /// The steps of the scenario that are complete when it begins.
    pub done: usize,
    /// The property that it violates.
    pub property: Property,
    /// How; a run of [`WrongWay::judgement`]'s plan.
    pub run: Counterexample,
    /// The plan of the way back, for telling.
    pub judgement: Judgement,
}

/// Looks for accidents on every way back of every kind from where `done` steps of the scenario are complete. `of`: the
/// judgement on the plan itself.
pub fn wrong_ways(
    resolved: &Resolved,
    request: &Request,
    done: usize,
    of: &Judgement,
    options: &Options<'_>,
) -> Vec<WrongWay> {
    let plans = Kind::ALL.into_iter().filter_map(|kind| {
        let way = match kind {
            Kind::Straight if done > 1 => straight(resolved, done),
            Kind::PlanOrder if done > 1 => plan_order(resolved, request, done)?,
            Kind::LastStepAlone if done > 0 => last_alone(resolved, done),
            _ => return None,
        };
        Some((kind, compile(&way)))
    });
    plans.filter_map(|(kind, plan)| accident(kind, done, plan, of, options)).collect()
}

fn accident(kind: Kind, done: usize, plan: Plan, of: &Judgement, options: &Options<'_>) -> Option<WrongWay> {
    let mut problem = plan.problem();
    problem.rollback = Rollback::None;
    problem.required = of.problem.required;
    problem.required_at_end = ControllerSet::EMPTY;
    let report = check(&problem, options).ok()?;
    // What is wrong before the way back begins is not its fault.
    let found = [Property::Exclusive, Property::Starts, Property::Covered].into_iter().find_map(|property| {
        let runs = &report.of(property).counterexamples;
        runs.iter().find(|run| !run.steps.is_empty()).map(|run| (property, run.clone()))
    });
    let (property, run) = found?;
    let launches: Vec<Launch> = plan.launches();
    let judgement =
        Judgement { plan, problem, launches, report, elections: Vec::new(), open: Vec::new(), ..of.clone() };
    Some(WrongWay { kind, done, property, run, judgement })
}

/// One step from where `done` steps are complete to where none is.
fn straight(resolved: &Resolved, done: usize) -> Resolved {
    let steps = &resolved.steps[..done];
    let replaced = steps.iter().find(|step| step.action == Action::ReplaceNodes);
    let edited = steps.iter().find(|step| step.action == Action::Edit);
    let like = replaced.or(edited).unwrap_or(&steps[done - 1]);
    let step = Step { title: "Put the files of before the plan back".into(), restarts: true, ..like.clone() };
    Resolved {
        stages: vec![resolved.stages[done].clone(), resolved.stages[0].clone()],
        steps: vec![step],
        ..resolved.clone()
    }
}

fn last_alone(resolved: &Resolved, done: usize) -> Resolved {
    let stages = vec![resolved.stages[done].clone(), resolved.stages[done - 1].clone()];
    Resolved { stages, steps: vec![undo(resolved, done - 1)], ..resolved.clone() }
}

/// The steps undone first to last. `None` where what is left of the plan makes no sense, or came through a pipe.
fn plan_order(resolved: &Resolved, request: &Request, done: usize) -> Option<Resolved> {
    if request.paths.iter().any(|path| path == "-") {
        return None;
    }
    let mut managers = resolved.managers.clone();
    let mut stages = vec![resolved.stages[done].clone()];
    for undone in 1..done {
        let part = resolve_steps(request, &Disk, undone..done).ok()?;
        let last = part.stages.last()?;
        let mut known = |of: &[usize]| of.iter().map(|&at| index(&part.managers[at], &mut managers)).collect();
        let in_force = known(&last.managers);
        let nodes = last.nodes.iter().map(|on| OnNodes { managers: known(&on.managers), ..on.clone() }).collect();
        stages.push(Stage { managers: in_force, nodes, ..last.clone() });
    }
    stages.push(resolved.stages[0].clone());
    let steps = (0..done).map(|step| undo(resolved, step)).collect();
    Some(Resolved { managers, stages, steps, ..resolved.clone() })
}

/// The index of a manager like this one.
fn index(manager: &Manager, managers: &mut Vec<Manager>) -> usize {
    let alike = |m: &Manager| {
        m.spec == manager.spec
            && m.identity == manager.identity
            && m.workload == manager.workload
            && m.placement == manager.placement
    };
    managers.iter().position(alike).unwrap_or_else(|| {
        managers.push(manager.clone());
        managers.len() - 1
    })
}

fn undo(resolved: &Resolved, step: usize) -> Step {
    let step_as_planned = &resolved.steps[step];
    Step { title: format!("Undo step {}: {}", step + 1, step_as_planned.title), ..step_as_planned.clone() }
}
