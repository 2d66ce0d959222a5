//! From a counterexample to its causes, read off its last state.
//!
//! * [`twice`]: why two processes run one controller.
//! * [`early`]: why a lease can be taken while its holder still acts.
//! * [`nowhere`]: why no process can run it.
//! * [`placement`]: why a pod that could run it has no node.
//! * [`refusal`]: why a manager refuses to run.

mod early;
mod nowhere;
mod placement;
mod refusal;
mod twice;

use super::edit::{Edit, right_config, shared_controllers};
use super::{Code, Finding, Where};
use crate::controller::{Component, Controller, ControllerSet};
use crate::facts::migration::DEFAULT_LEADER_NAME;
use crate::launch::Launch;
use crate::lease_time::answers::Theorem;
use crate::migration::replay::World;
use crate::migration::{Counterexample, Property, Rollback, Status};
use crate::plan::Plan;
use crate::timing::{Election, Judged};

/// The causes of every violation that was found, each once, in the order of the properties. `theorem` solves for durations
/// that would do.
pub fn causes(plan: &Plan, judged: &Judged, theorem: &Theorem) -> Vec<Finding> {
    let Judged { problem, report, elections, .. } = judged;
    let inquiry = Inquiry { plan, launches: &judged.launches, elections, theorem, shared: shared_controllers(plan) };
    let mut findings: Vec<Finding> = Vec::new();
    for verdict in report.verdicts.iter().filter(|v| v.status == Status::Violated) {
        for counterexample in &verdict.counterexamples {
            let mut world = World::new(problem);
            world.settle();
            let mut early = None;
            for &(action, _) in &counterexample.steps {
                early = world.overtaking(action).or(early);
                world.apply(action).expect("every counterexample was replayed");
            }
            let found = match early {
                Some(pair) => inquiry.taken_early(pair, counterexample.controllers),
                None => inquiry.causes_of(verdict.property, counterexample, &world),
            };
            for finding in found {
                let same =
                    |f: &&mut Finding| (f.code, f.manager, &f.at) == (finding.code, finding.manager, &finding.at);
                match findings.iter_mut().find(same) {
                    Some(known) => known.controllers = known.controllers.union(finding.controllers),
                    None => findings.push(finding),
                }
            }
        }
    }
    findings
}

struct Inquiry<'p> {
    plan: &'p Plan,
    launches: &'p [Launch],
    elections: &'p [Election],
    theorem: &'p Theorem<'p>,
    /// What belongs under the migration lease.
    shared: ControllerSet,
}

impl Inquiry<'_> {
    fn causes_of(&self, property: Property, counterexample: &Counterexample, world: &World<'_>) -> Vec<Finding> {
        match property {
            Property::Returnable
                if self.plan.rollback == Rollback::Refused && counterexample.controllers.is_empty() =>
            {
                self.no_way_back()
            }
            Property::Exclusive | Property::Returnable => {
                counterexample.controllers.iter().flat_map(|c| self.two_processes(world, c)).collect()
            }
            Property::Covered => counterexample.controllers.iter().flat_map(|c| self.no_process(world, c)).collect(),
            Property::Starts => self.refusals(),
        }
    }

    /// The manager that ran first and that nobody brings back.
    fn no_way_back(&self) -> Vec<Finding> {
        let message = |manager| {
            format!(
                "once the plan has begun, {} does not come back as it was: whoever carries the plan out refuses it, so every                  fault from then on has to be mended forward",
                self.name(manager)
            )
        };
        let first = self.plan.managers_at(0).into_iter().next();
        let finding = |manager| Finding {
            code: Code::LM406,
            manager,
            at: Where::Manager,
            controllers: ControllerSet::EMPTY,
            message: message(manager),
            edits: Vec::new(),
        };
        first.map(finding).into_iter().collect()
    }

    /// Leader migration on, with the right configuration, in this manager and in every other that has it on.
    fn protect(&self, at: usize) -> Vec<Edit> {
        let others = (0..self.plan.managers.len()).filter(|&other| other == at || self.migrates(other));
        let config = |other: usize| right_config(&self.plan.managers[other], self.shared, DEFAULT_LEADER_NAME);
        others.map(|manager| Edit::UseConfig { manager, config: config(manager) }).collect()
    }

    fn migrates(&self, at: usize) -> bool {
        self.launches[at].settings.enable_leader_migration.value
    }

    fn has_file(&self, at: usize) -> bool {
        matches!(self.arg(at, "leader-migration-config"), Where::Arg(_))
    }

    /// The last argument that gives `flag`.
    fn arg(&self, at: usize, flag: &str) -> Where {
        let given = |arg: &String| {
            arg.strip_prefix("--")
                .and_then(|rest| rest.strip_prefix(flag))
                .is_some_and(|r| r.is_empty() || r.starts_with('='))
        };
        self.plan.managers[at].args.iter().rposition(given).map_or(Where::Manager, Where::Arg)
    }

    fn name(&self, at: usize) -> String {
        let spec = &self.plan.managers[at];
        match spec.component {
            Component::KubeControllerManager => format!("kube-controller-manager {}", spec.code),
            Component::CloudControllerManager => {
                format!("cloud-controller-manager (library {})", spec.code.library())
            }
        }
    }

    fn finding(
        &self,
        code: Code,
        manager: usize,
        at: Where,
        controller: Controller,
        message: String,
        edits: Vec<Edit>,
    ) -> Finding {
        Finding { code, manager, at, controllers: ControllerSet::EMPTY.with(controller), message, edits }
    }
}
