//! Machine pools and the nodes they become.
//!
//! Upstream: rancher/rancher:pkg/controllers/provisioningv2/provisioningcluster/template.go (labels of machines),
//! pkg/capr/planner/planner.go `getTaints`@v2.8.5; k3s-io/k3s:pkg/server/server.go and pkg/util/labels.go (labels of
//! nodes)@bba3e3c66b22.

use std::collections::BTreeMap;

use super::known;
use super::made::{entries, items, unknown, wrong};
use crate::diagnostic::Problem;
use crate::inventory::Inventory;
use crate::inventory::nodes::{Effect, NodeGroup, Roles, Taint};
use crate::yaml::{Kind, Node};

/// The most control-plane nodes that leasehold takes.
const MOST_NODES: u8 = 5;

/// A machine pool.
pub(super) struct Pool {
    /// Its nodes.
    pub group: NodeGroup,
    /// The labels of its machines, which `machineLabelSelector` looks at.
    pub machine_labels: BTreeMap<String, String>,
}

/// The pools of a cluster's `rkeConfig`.
pub(super) fn read(config: &Node, cluster: &str, inventory: &mut Inventory) -> Vec<Pool> {
    let mut pools: Vec<Pool> = Vec::new();
    for node in items(config.get("machinePools"), "machinePools", &mut inventory.problems) {
        if !matches!(node.kind, Kind::Mapping(_)) {
            inventory.problems.push(wrong(node, "machinePools", "a list of mappings"));
            continue;
        }
        unknown(node, &known::POOL, "a machine pool", &mut inventory.notes);
        let Some(group) = group(node, inventory) else { continue };
        if pools.iter().any(|pool| pool.group.name == group.name) {
            inventory.problems.push(
                Problem::error(format!("two machine pools are called `{}`", group.name))
                    .at(group.span.unwrap_or(node.span))
                    .label("expected another name"),
            );
            continue;
        }
        pools.push(Pool { machine_labels: machine_labels(&group, cluster), group });
    }
    pools
}

fn group(node: &Node, inventory: &mut Inventory) -> Option<NodeGroup> {
    let name = node.get("name");
    let text = name.and_then(Node::as_str).unwrap_or("");
    if text.is_empty() {
        let problem = Problem::error("a machine pool without a name").at(name.unwrap_or(node).span);
        inventory.problems.push(problem.label("expected `name`"));
    }
    let mut role = |key: &str| match node.get(key).map(|n| (&n.kind, n)) {
        Some((Kind::Bool(on), _)) => *on,
        None | Some((Kind::Null, _)) => false,
        Some((_, value)) => {
            inventory.problems.push(wrong(value, key, "true or false"));
            false
        }
    };
    let roles = Roles { control_plane: role("controlPlaneRole"), etcd: role("etcdRole"), worker: role("workerRole") };
    let count = count(node, roles, inventory);
    let mut taints = taints(node, inventory);
    let of = |key: &str, effect| Taint { key: format!("node-role.kubernetes.io/{key}"), value: String::new(), effect };
    if !roles.worker {
        taints.extend(roles.etcd.then(|| of("etcd", Effect::NoExecute)));
        taints.extend(roles.control_plane.then(|| of("control-plane", Effect::NoSchedule)));
    }
    let own = entries(node.get("labels"), "labels", &mut inventory.problems).iter();
    let mut labels: BTreeMap<String, String> =
        own.filter_map(|e| Some((e.key.as_str()?.to_string(), e.value.as_str()?.to_string()))).collect();
    labels.extend(role_labels(roles));
    let count = count?;
    Some(NodeGroup { name: text.to_string(), count, roles, labels, taints, span: name.map(|n| n.span) })
}

/// The labels that the nodes of these roles get.
pub(super) fn role_labels(roles: Roles) -> BTreeMap<String, String> {
    let Roles { control_plane, etcd, worker } = roles;
    let given = [("control-plane", control_plane), ("master", control_plane), ("etcd", etcd), ("worker", worker)];
    let given = given.iter().filter(|(_, has)| *has);
    given.map(|(role, _)| (format!("node-role.kubernetes.io/{role}"), "true".into())).collect()
}

/// How many nodes; `None` if none, which is no group.
fn count(node: &Node, roles: Roles, inventory: &mut Inventory) -> Option<u8> {
    let Some(quantity) = node.get("quantity").filter(|quantity| quantity.kind != Kind::Null) else { return Some(1) };
    let number = match &quantity.kind {
        Kind::Number(text) => text.parse::<u32>().ok(),
        _ => None,
    };
    match number {
        None => inventory.problems.push(wrong(quantity, "quantity", "a number from 0")),
        Some(0) => {
            inventory.notes.push(Problem::note("a machine pool without machines").at(quantity.span));
            return None;
        }
        Some(number) if roles.control_plane && number > u32::from(MOST_NODES) => inventory.problems.push(
            Problem::error(format!("a control plane of {number} nodes"))
                .at(quantity.span)
                .label(format!("leasehold takes up to {MOST_NODES} nodes")),
        ),
        Some(_) => {}
    }
    Some(number.map_or(1, |number| number.min(255) as u8))
}

fn taints(node: &Node, inventory: &mut Inventory) -> Vec<Taint> {
    let mut found = Vec::new();
    for taint in items(node.get("taints"), "taints", &mut inventory.problems) {
        let text = |key: &str| taint.get(key).and_then(Node::as_str).unwrap_or("").to_string();
        match Effect::named(&text("effect")) {
            Some(effect) => found.push(Taint { key: text("key"), value: text("value"), effect }),
            None => inventory.problems.push(
                Problem::error("a taint without an effect that Kubernetes knows")
                    .at(taint.get("effect").unwrap_or(taint).span)
                    .label("expected NoSchedule, NoExecute or PreferNoSchedule"),
            ),
        }
    }
    found
}

/// The labels of the machines of a pool.
pub(super) fn machine_labels(group: &NodeGroup, cluster: &str) -> BTreeMap<String, String> {
    let Roles { control_plane, etcd, worker } = group.roles;
    let roles = [("control-plane-role", control_plane), ("etcd-role", etcd), ("worker-role", worker)];
    let mut labels: BTreeMap<String, String> = group
        .labels
        .iter()
        .filter(|(key, _)| !key.starts_with("node-role.kubernetes.io/"))
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect();
    let mut give = |key: &str, value: &str| labels.entry(key.to_string()).or_insert_with(|| value.to_string()).clone();
    give("cluster.x-k8s.io/cluster-name", cluster);
    give("rke.cattle.io/cluster-name", cluster);
    give("rke.cattle.io/rke-machine-pool-name", &group.name);
    give("cattle.io/os", "linux");
    if control_plane {
        give("cluster.x-k8s.io/control-plane", "true");
    }
    for (role, _) in roles.iter().filter(|(_, has)| *has) {
        give(&format!("rke.cattle.io/{role}"), "true");
    }
    labels
}
