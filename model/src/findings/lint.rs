//! What looks like a mistake although no property depends on it: shown with every verdict, never a violation.

use super::{Code, Finding, Where};
use crate::controller::{Component, Controller, ControllerSet};
use crate::launch::{Launch, Outcome};
use crate::plan::Plan;

/// The suspicious things in the managers of `plan`.
pub fn lints(plan: &Plan) -> Vec<Finding> {
    let mut found = Vec::new();
    for (at, launch) in plan.launches().iter().enumerate() {
        let spec = &plan.managers[at];
        let settings = &launch.settings;
        let mut note = |code, place, message| {
            let controllers = ControllerSet::EMPTY;
            found.push(Finding { code, manager: at, at: place, controllers, message, edits: vec![] });
        };
        if !settings.enable_leader_migration.value
            && let Some(arg) = settings.leader_migration_config.arg()
        {
            let message = "the file is not even read, because --enable-leader-migration is not given".into();
            note(Code::LM105, Where::Arg(arg), message);
        }
        let leaders = settings.migration.as_ref().map_or(&[][..], |m| &m.value.controller_leaders);
        for (entry, leader) in leaders.iter().enumerate() {
            if leaders[..entry].iter().any(|other| other.name == leader.name && other.component != leader.component) {
                let message = format!("`{}` was given to another component above; this entry wins", leader.name);
                note(Code::LM107, Where::Entry(entry), message);
            }
        }
        let tasks = spec.vendor.initialize.tasks;
        if settings.migration.is_some() && settings.leader_elect.value && !tasks.is_empty() {
            let message = format!(
                "{}'s provider looks after {} itself: outside the migration lease, from the main lease on, and twice in a \
                 process that holds both",
                spec.vendor.name,
                tasks.join("; ")
            );
            let at = settings.enable_leader_migration.arg().map_or(Where::Manager, Where::Arg);
            note(Code::LM507, at, message);
        }
        if plan.in_tree_kubelets && runs_cloud_node(launch) {
            let message = "its cloud-node controller writes the addresses of every node, and so do kubelets with an in-tree \
                           cloud provider, without a lease: if the two come to different lists, the addresses flap";
            note(Code::LM604, Where::Manager, message.into());
        }
        if spec.component == Component::CloudControllerManager {
            let beside: Vec<_> = (0..=plan.steps.len())
                .map(|position| plan.managers_at(position))
                .filter(|managers| managers.contains(&at))
                .flatten()
                .filter(|&other| plan.managers[other].component == Component::KubeControllerManager)
                .map(|other| plan.managers[other].code)
                .collect();
            if !beside.is_empty() && !beside.contains(&spec.code) {
                let message = format!(
                    "it was built with cloud-provider {}, and runs beside kube-controller-manager {}: names and defaults \
                     are those of its library, not of the cluster",
                    spec.code.library(),
                    beside[0]
                );
                note(Code::LM503, Where::Manager, message);
            }
        }
    }
    found
}

/// A manager that, under one lease or another, runs the cloud-node controller.
fn runs_cloud_node(launch: &Launch) -> bool {
    let set = match &launch.outcome {
        Outcome::Refuses(_) => ControllerSet::EMPTY,
        Outcome::Unlocked(set) => *set,
        Outcome::Runs(running) => {
            running.migration.as_ref().map_or(running.main_set, |migration| running.main_set.union(migration.set))
        }
    };
    set.contains(Controller::CloudNode)
}
