//! From what was resolved to a plan: which pool each manager runs in, and what each step changes there.

use leasehold_model::controller::Component;
use leasehold_model::launch::ManagerSpec;
use leasehold_model::migration::{self, Mode, Pool, ProcessIx, Update};
use leasehold_model::plan::Plan;

use crate::inventory::Identity;
use crate::inventory::workload::WorkloadKind;
use crate::resolve::{Manager, Resolved};
use crate::scenario::{Action, Fault, Rollback};

/// The plan of `resolved`. The managers keep their indices.
///
/// Static pods of both managers share the control-plane nodes; every other workload has a pool of its own, one slot per
/// node or replica. Where a step changes the rights of a manager that it leaves alone otherwise, the rights change first,
/// everywhere at once and without a restart.
pub fn compile(resolved: &Resolved) -> Plan {
    let mut pools = vec![Row::nodes(resolved.nodes)];
    for manager in resolved.managers.iter().filter(|manager| !manager.workload.is_static()) {
        let (size, spare) = slots(manager, resolved.nodes);
        match pools.iter_mut().find(|row| row.is_of(manager)) {
            // A workload that is scaled has its largest size all the time.
            Some(row) => (row.size, row.spare) = (row.size.max(size), row.spare.max(spare)),
            None => pools.push(Row::of(manager, size, spare)),
        }
    }
    name_apart(&mut pools);
    let mut plan = Plan {
        managers: resolved.managers.iter().map(|manager| manager.spec.clone()).collect(),
        pools: Vec::new(),
        steps: Vec::new(),
        faults: resolved.faults.iter().map(|fault| model_fault(*fault)).collect(),
        rollback: match resolved.rollback {
            Rollback::Anywhere => migration::Rollback::Anywhere,
            Rollback::None => migration::Rollback::None,
        },
        given_up: resolved.given_up,
        timing: resolved.timing,
    };
    let stage = |at: usize| -> Vec<Vec<Option<ProcessIx>>> {
        pools.iter().map(|row| row.runs(resolved, &resolved.stages[at].managers)).collect()
    };
    let mut positions = vec![stage(0)];
    for (at, step) in resolved.steps.iter().enumerate() {
        let next = stage(at + 1);
        let now = positions.last().expect("there is a first position");
        let rights = rights_alone(&resolved.managers, now, &next);
        if rights != *now && rights != next {
            plan.steps.push(migration::Step { title: format!("{} (access rules)", step.title), mode: Mode::AtOnce });
            positions.push(rights.clone());
        }
        let mode = match step.action {
            _ if rights == next => Mode::AtOnce,
            Action::Apply | Action::Edit => Mode::Edit,
            Action::ReplaceNodes => Mode::Replace { surge: step.surge },
        };
        plan.steps.push(migration::Step { title: step.title.clone(), mode });
        positions.push(next);
    }
    let surge = plan.steps.iter().any(|step| step.mode == Mode::Replace { surge: true });
    plan.pools = pools.iter().enumerate().map(|(at, row)| row.pool(at, surge, &positions)).collect();
    plan.pools.retain(|pool| pool.runs.iter().flatten().any(Option::is_some));
    plan
}

/// A pool while it is put together.
struct Row {
    name: String,
    size: u8,
    spare: u8,
    components: Vec<Component>,
    /// The workload whose pods the slots are; `None` for the nodes' static pods.
    workload: Option<Identity>,
}

impl Row {
    fn nodes(nodes: u8) -> Row {
        Row { name: "cp".into(), size: nodes, spare: 0, components: Component::ALL.to_vec(), workload: None }
    }

    fn of(manager: &Manager, size: u8, spare: u8) -> Row {
        let component = manager.spec.component;
        let name = component.short().to_lowercase();
        Row { name, size, spare, components: vec![component], workload: Some(manager.identity.clone()) }
    }

    fn is_of(&self, manager: &Manager) -> bool {
        self.workload.as_ref() == Some(&manager.identity)
    }

    /// What each place of a slot runs when these managers are in force.
    fn runs(&self, resolved: &Resolved, in_force: &[usize]) -> Vec<Option<ProcessIx>> {
        let here = |manager: &Manager| match self.workload {
            None => manager.workload.is_static(),
            Some(_) => self.is_of(manager),
        };
        let running = |&component: &Component| {
            let found = in_force.iter().copied().find(|&at| {
                let manager = &resolved.managers[at];
                manager.spec.component == component && here(manager)
            });
            found.map(|at| ProcessIx::try_from(at).expect("a plan has fewer than 256 managers"))
        };
        self.components.iter().map(running).collect()
    }

    fn pool(&self, at: usize, surge: bool, positions: &[Vec<Vec<Option<ProcessIx>>>]) -> Pool {
        let nodes = self.workload.is_none();
        Pool {
            name: self.name.clone(),
            size: self.size,
            spare: if nodes { u8::from(surge) } else { self.spare },
            components: self.components.clone(),
            runs: positions.iter().map(|position| position[at].clone()).collect(),
            update: if self.spare > 0 { Update::Surge } else { Update::InPlace },
        }
    }
}

/// Pools of one manager are named after their workloads.
fn name_apart(pools: &mut [Row]) {
    let names: Vec<String> = pools.iter().map(|row| row.name.clone()).collect();
    for row in pools.iter_mut() {
        if let (Some(workload), true) = (&row.workload, names.iter().filter(|name| **name == row.name).count() > 1) {
            row.name.clone_from(&workload.name);
        }
    }
}

/// The slots of a workload, and those that a rollout may use beyond them.
fn slots(manager: &Manager, nodes: u8) -> (u8, u8) {
    match manager.workload {
        WorkloadKind::Deployment { replicas, max_surge } => (replicas.min(255) as u8, u8::from(max_surge > 0)),
        WorkloadKind::DaemonSet | WorkloadKind::StaticPod | WorkloadKind::Kubeadm => (nodes, 0),
    }
}

/// `now`, but with `next`'s rights wherever the two differ in nothing else.
fn rights_alone(
    managers: &[Manager],
    now: &[Vec<Option<ProcessIx>>],
    next: &[Vec<Option<ProcessIx>>],
) -> Vec<Vec<Option<ProcessIx>>> {
    let spec = |at: ProcessIx| &managers[usize::from(at)].spec;
    let one = |pair: (&Option<ProcessIx>, &Option<ProcessIx>)| match pair {
        (Some(now), Some(next)) if same_but_for_rights(spec(*now), spec(*next)) => Some(*next),
        (now, _) => *now,
    };
    now.iter().zip(next).map(|(now, next)| now.iter().zip(next).map(one).collect()).collect()
}

fn same_but_for_rights(a: &ManagerSpec, b: &ManagerSpec) -> bool {
    *a == ManagerSpec { rights: a.rights.clone(), ..b.clone() }
}

fn model_fault(fault: Fault) -> migration::Fault {
    match fault {
        Fault::Crash => migration::Fault::Crash,
        Fault::LeaseDeleted => migration::Fault::LeaseDeleted,
    }
}
