//! From what was resolved to a plan: which pool each manager runs in, and what each step changes there.
//!
//! * [`nodes`]: which nodes take which pods, and which are cordoned.

mod nodes;

use leasehold_model::controller::Component;
use leasehold_model::launch::ManagerSpec;
use leasehold_model::migration::{self, Mode, Pool, ProcessIx, Update};
use leasehold_model::plan::Plan;

use crate::inventory::Identity;
use crate::inventory::nodes::NodeGroup;
use crate::inventory::workload::WorkloadKind;
use crate::resolve::{Manager, Resolved};
use crate::scenario::{Action, Fault, Rollback};

/// The plan of `resolved`. The managers keep their indices.
///
/// Static pods of both managers share the nodes of their group; a DaemonSet has a pool of its own for each group that its pods
/// fit, one slot per node, a Deployment one pool with a slot per replica. Where a step changes the rights of a manager that it leaves alone otherwise, the rights change first,
/// everywhere at once and without a restart.
pub fn compile(resolved: &Resolved) -> Plan {
    let groups = nodes::groups(resolved);
    let mut pools: Vec<Row> = groups.iter().enumerate().map(|(at, group)| Row::nodes(at, group)).collect();
    for manager in resolved.managers.iter().filter(|manager| !manager.workload.is_static()) {
        for new in Row::of(manager, &groups) {
            match pools.iter_mut().find(|row| row.workload == new.workload && row.group == new.group) {
                // A workload that is scaled has its largest size all the time.
                Some(row) => (row.size, row.spare) = (row.size.max(new.size), row.spare.max(new.spare)),
                None => pools.push(new),
            }
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
            Rollback::Refused => migration::Rollback::Refused,
        },
        given_up: resolved.given_up,
        in_tree_kubelets: resolved.in_tree_kubelets,
        timing: resolved.timing,
        unplaced: Vec::new(),
    };
    let stage = |at: usize| -> Vec<Vec<Option<ProcessIx>>> {
        pools.iter().map(|row| row.runs(resolved, &groups, at)).collect()
    };
    let mut positions = vec![stage(0)];
    // Where pods may be placed changes with the stage, not with rights.
    let mut stages = vec![0];
    for (at, step) in resolved.steps.iter().enumerate() {
        let next = stage(at + 1);
        let now = positions.last().expect("there is a first position");
        let rights = rights_alone(&resolved.managers, now, &next);
        if rights != *now && rights != next {
            let title = format!("{} (access rules)", step.title);
            plan.steps.push(migration::Step { title, mode: Mode::AtOnce, downtime: false });
            positions.push(rights.clone());
            stages.push(at);
        }
        let uncordons = step.action == Action::Edit && nodes::cordons(resolved, at) != nodes::cordons(resolved, at + 1);
        let mode = match step.action {
            _ if rights == next && !uncordons => Mode::AtOnce,
            Action::Apply | Action::Edit => Mode::Edit,
            Action::ReplaceNodes => Mode::Replace { surge: step.surge },
            Action::Cordon | Action::Uncordon => Mode::AtOnce,
        };
        plan.steps.push(migration::Step { title: step.title.clone(), mode, downtime: step.downtime });
        positions.push(next);
        stages.push(at + 1);
    }
    let surge = plan.steps.iter().any(|step| step.mode == Mode::Replace { surge: true });
    plan.pools = pools.iter().enumerate().map(|(at, row)| row.pool(at, surge, &positions)).collect();
    for (row, pool) in pools.iter().zip(&mut plan.pools) {
        match (&row.workload, row.group) {
            (None, Some(group)) => pool.cordoned = nodes::cordoned(resolved, group, &stages),
            (Some(workload), None) => pool.placement = nodes::placement(resolved, workload, &groups, &stages),
            _ => {}
        }
    }
    plan.unplaced = nodes::unplaced(resolved, &groups, &stages);
    // Pools of nodes come first and are named by their index, so those that run nothing stay if a workload asks for them.
    let asked = plan.pools.iter().any(|pool| !pool.placement.is_empty());
    let mut at = 0;
    plan.pools.retain(|pool| {
        at += 1;
        pool.runs.iter().flatten().any(Option::is_some) || asked && at <= groups.len()
    });
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
    /// The group of nodes; `None` for pods that are placed on any.
    group: Option<usize>,
}

impl Row {
    fn nodes(at: usize, group: &NodeGroup) -> Row {
        let components = Component::ALL.to_vec();
        Row { name: group.name.clone(), size: group.count, spare: 0, components, workload: None, group: Some(at) }
    }

    /// The pods of a Deployment, wherever they are; those of a DaemonSet, group by group.
    fn of(manager: &Manager, groups: &[NodeGroup]) -> Vec<Row> {
        let component = manager.spec.component;
        let row = |group: Option<usize>, size: u8, spare: u8| {
            let short = component.short().to_lowercase();
            let name = match group.filter(|_| groups.len() > 1) {
                Some(group) => format!("{short}-{}", groups[group].name),
                None => short,
            };
            let workload = Some(manager.identity.clone());
            Row { name, size, spare, components: vec![component], workload, group }
        };
        match manager.workload {
            WorkloadKind::Deployment { replicas, max_surge } => {
                vec![row(None, replicas.min(255) as u8, u8::from(max_surge > 0))]
            }
            _ => groups.iter().enumerate().map(|(at, group)| row(Some(at), group.count, 0)).collect(),
        }
    }

    /// What each place of a slot runs at `stage`.
    fn runs(&self, resolved: &Resolved, groups: &[NodeGroup], stage: usize) -> Vec<Option<ProcessIx>> {
        let stage = &resolved.stages[stage];
        let here = |at: usize| match (&self.workload, self.group) {
            (None, group) => group.is_some_and(|group| stage.nodes[group].managers.contains(&at)),
            (Some(workload), group) => {
                let manager = &resolved.managers[at];
                let fits = |group: usize| nodes::fits(resolved, manager, &groups[group]);
                manager.identity == *workload && group.is_none_or(fits)
            }
        };
        let running = |&component: &Component| {
            let of_it = |&at: &usize| resolved.managers[at].spec.component == component && here(at);
            let found = stage.managers.iter().copied().find(of_it);
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
            cordoned: Vec::new(),
            placement: Vec::new(),
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
