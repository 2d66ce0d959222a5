//! A plan in the operator's terms: managers as they would be started, where each runs at each position, and the steps. It
//! becomes a [`Problem`] by launching every manager.

use crate::controller::ControllerSet;
use crate::launch::{Launch, ManagerSpec, Outcome, launch};
use crate::lease_time::question::Assumed;
use crate::migration::{Fault, Pool, Problem, Process, Rollback, Step};

/// A cluster and what the operator will do with it.
#[derive(Clone, PartialEq, Debug)]
pub struct Plan {
    /// Every manager that any position runs. Its index is the [`crate::migration::ProcessIx`] in [`Pool::runs`].
    pub managers: Vec<ManagerSpec>,
    /// Where they run, position by position.
    pub pools: Vec<Pool>,
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// Which faults are assumed.
    pub faults: Vec<Fault>,
    /// Whether the way back is part of the plan.
    pub rollback: Rollback,
    /// Controllers that the operator gives up on purpose: no manager has to run them at any point. They may still never
    /// run in two.
    pub given_up: ControllerSet,
    /// Kubelets have an in-tree cloud provider, so they write the addresses of their nodes themselves. No property looks at
    /// kubelets: it is for [`crate::findings::lint`] only.
    pub in_tree_kubelets: bool,
    /// What is assumed of time: how far leases are exclusive depends on it.
    pub timing: Assumed,
    /// Managers in force whose pods no node takes.
    pub unplaced: Vec<Unplaced>,
}

/// A DaemonSet or a Deployment that has no node to run on, whether nodes are cordoned or not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unplaced {
    /// Index into [`Plan::managers`].
    pub manager: usize,
    /// The positions at which it is so.
    pub positions: Vec<usize>,
    /// Why no node takes them, in words.
    pub why: String,
    /// Its pods exist and are pending; a DaemonSet makes no pod for a node that does not take it.
    pub has_pods: bool,
}

impl Plan {
    /// Launches every manager, in the order of [`Plan::managers`].
    pub fn launches(&self) -> Vec<Launch> {
        self.managers.iter().map(launch).collect()
    }

    /// What is to be searched, with ideal leases; [`crate::timing`] says which are not. Its processes are in the order of
    /// [`Plan::managers`].
    pub fn problem(&self) -> Problem {
        let mut leases = Vec::new();
        let processes = self
            .managers
            .iter()
            .map(|spec| Process::new(spec.component, &launch(spec), &spec.rights, &mut leases))
            .collect();
        Problem {
            processes,
            leases,
            pools: self.pools.clone(),
            steps: self.steps.clone(),
            faults: self.faults.clone(),
            overtakes: Vec::new(),
            rollback: self.rollback,
            required: self.capable_at(0).difference(self.given_up),
            required_at_end: self.capable_at(self.steps.len()).difference(self.given_up),
        }
    }

    /// Puts a second position after `position` that is the same.
    pub(crate) fn repeat_position(&mut self, position: usize) {
        self.pools.iter_mut().for_each(|pool| pool.repeat_position(position));
        for unplaced in &mut self.unplaced {
            let later =
                |&at: &usize| if at == position { vec![at, at + 1] } else { vec![at + usize::from(at > position)] };
            unplaced.positions = unplaced.positions.iter().flat_map(later).collect();
        }
    }

    /// The managers that some place runs at `position`.
    pub fn managers_at(&self, position: usize) -> Vec<usize> {
        let mut found: Vec<usize> = self
            .pools
            .iter()
            .flat_map(|pool| pool.runs[position].iter().flatten())
            .map(|&ix| usize::from(ix))
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The controllers that the managers of `position` are able to run. Those of position 0 ran before the migration.
    pub fn capable_at(&self, position: usize) -> ControllerSet {
        let managers = self.managers_at(position).into_iter();
        managers.fold(ControllerSet::EMPTY, |set, at| set.union(capable(&self.managers[at])))
    }
}

/// What a manager would run if its leader migration were off: what it is able to run, whatever a configuration says.
pub fn capable(spec: &ManagerSpec) -> ControllerSet {
    let mut alone = spec.clone();
    if alone.args.iter().any(|arg| arg.starts_with("--enable-leader-migration")) {
        alone.args.push("--enable-leader-migration=false".into());
    }
    match launch(&alone).outcome {
        Outcome::Refuses(_) => ControllerSet::EMPTY,
        Outcome::Unlocked(set) => set,
        Outcome::Runs(running) => running.main_set,
    }
}
