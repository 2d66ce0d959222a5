//! Which nodes take which pods, and which nodes are cordoned.
//!
//! Where no group of nodes is described, labels and taints are not known: then every pod is taken to fit every node, and only
//! a cordon can keep one away. Groups are of control-plane nodes: a pod that selects none of these may find a worker node, so it
//! is taken to find one.

use leasehold_model::migration::Nodes;
use leasehold_model::plan::Unplaced;

use crate::inventory::Identity;
use crate::inventory::nodes::{Effect, NodeGroup, Placement};
use crate::inventory::workload::WorkloadKind;
use crate::resolve::{Manager, Resolved};

/// The groups of nodes; one of all nodes if none is described.
pub(super) fn groups(resolved: &Resolved) -> Vec<NodeGroup> {
    if resolved.groups.is_empty() {
        vec![NodeGroup { name: "cp".into(), count: resolved.nodes, ..NodeGroup::default() }]
    } else {
        resolved.groups.clone()
    }
}

/// True if the nodes of `group` take the pods of `manager` as long as they are not cordoned.
pub(super) fn fits(resolved: &Resolved, manager: &Manager, group: &NodeGroup) -> bool {
    resolved.groups.is_empty() || manager.placement.is_for_any_node() || manager.placement.fits(group)
}

/// Which groups are cordoned at `stage`.
pub(super) fn cordons(resolved: &Resolved, stage: usize) -> Vec<bool> {
    resolved.stages[stage].nodes.iter().map(|nodes| nodes.cordoned).collect()
}

/// Whether the nodes of group `group` are cordoned, stage by stage; empty if they never are.
pub(super) fn cordoned(resolved: &Resolved, group: usize, stages: &[usize]) -> Vec<bool> {
    let found: Vec<bool> = stages.iter().map(|&stage| resolved.stages[stage].nodes[group].cordoned).collect();
    if found.contains(&true) { found } else { Vec::new() }
}

/// Where new pods of a Deployment may be placed, stage by stage; empty if there is always a node.
pub(super) fn placement(
    resolved: &Resolved,
    workload: &Identity,
    groups: &[NodeGroup],
    stages: &[usize],
) -> Vec<Nodes> {
    let of = |stage: usize| -> Option<&Manager> {
        let in_force = resolved.stages[stage].managers.iter().map(|&at| &resolved.managers[at]);
        in_force.into_iter().find(|manager| manager.identity == *workload)
    };
    let at = |stage: usize| {
        let Some(manager) = of(stage) else { return Nodes { pools: Vec::new(), despite_cordon: false } };
        let pools = (0u8..).zip(groups).filter(|(_, group)| fits(resolved, manager, group)).map(|(at, _)| at);
        let despite_cordon = manager.placement.tolerates_cordon() || manager.placement.is_for_any_node();
        Nodes { pools: pools.collect(), despite_cordon }
    };
    let found: Vec<Nodes> = stages.iter().map(|&stage| at(stage)).collect();
    let cordons = stages.iter().any(|&stage| cordons(resolved, stage).contains(&true));
    let fits_nowhere = stages.iter().zip(&found).any(|(&stage, nodes)| of(stage).is_some() && nodes.pools.is_empty());
    if cordons || fits_nowhere { found } else { Vec::new() }
}

/// The managers in force whose pods no node takes, cordoned or not.
pub(super) fn unplaced(resolved: &Resolved, groups: &[NodeGroup], stages: &[usize]) -> Vec<Unplaced> {
    let mut found: Vec<Unplaced> = Vec::new();
    for (position, &stage) in stages.iter().enumerate() {
        for &manager in &resolved.stages[stage].managers {
            let of = &resolved.managers[manager];
            if of.workload.is_static() || groups.iter().any(|group| fits(resolved, of, group)) {
                continue;
            }
            match found.iter_mut().find(|known| known.manager == manager) {
                Some(known) => known.positions.push(position),
                None => found.push(Unplaced {
                    manager,
                    positions: vec![position],
                    why: why(&of.placement, groups),
                    has_pods: matches!(of.workload, WorkloadKind::Deployment { .. }),
                }),
            }
        }
    }
    found
}

/// Why no group takes a pod, in words.
fn why(placement: &Placement, groups: &[NodeGroup]) -> String {
    let one = |group: &NodeGroup| {
        let label = placement.node_selector.iter().find(|(key, value)| group.labels.get(*key) != Some(value));
        if let Some((key, value)) = label {
            let given = match group.labels.get(key) {
                Some(other) => format!("it is \"{other}\" there"),
                None => "there is no such label there".into(),
            };
            return format!("the selector asks for {key}=\"{value}\" and {given} ({})", group.name);
        }
        let bars = group.taints.iter().filter(|taint| taint.effect != Effect::PreferNoSchedule);
        let left = bars.filter(|taint| !placement.tolerates(taint)).map(ToString::to_string).collect::<Vec<_>>();
        match left.as_slice() {
            [one] => format!("the taint {one} is not tolerated ({})", group.name),
            several => format!("the taints {} are not tolerated ({})", several.join(" and "), group.name),
        }
    };
    groups.iter().map(one).collect::<Vec<_>>().join("; ")
}
