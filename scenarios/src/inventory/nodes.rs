//! Nodes as far as they decide where a manager runs: groups of equal nodes, and what a pod asks of a node.
//!
//! Contract: only what the scheduler and the DaemonSet controller filter by and what the guides use: `nodeSelector`,
//! tolerations, the host's network. Affinity is not read; [`Placement::has_affinity`] says that a pod has some.

use std::collections::BTreeMap;

use crate::source::Span;
use crate::yaml::Node;

/// Control-plane nodes that are alike in everything that is configured on them.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct NodeGroup {
    /// Its name: nodes are called after it.
    pub name: String,
    /// How many nodes, 1 to 5.
    pub count: u8,
    /// What the nodes are for.
    pub roles: Roles,
    /// Labels, with those that the roles give.
    pub labels: BTreeMap<String, String>,
    /// Taints, with those that the roles give.
    pub taints: Vec<Taint>,
    /// Where it is written.
    pub span: Option<Span>,
}

/// What a node is for. A node with neither control plane nor worker role runs etcd alone.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Roles {
    /// It runs kube-apiserver and the managers.
    pub control_plane: bool,
    /// It runs etcd.
    pub etcd: bool,
    /// It runs what users deploy.
    pub worker: bool,
}

/// A taint of a node.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Taint {
    /// The key.
    pub key: String,
    /// The value, empty if it has none.
    pub value: String,
    /// What happens to pods that do not tolerate it.
    pub effect: Effect,
}

/// What a taint does to pods that do not tolerate it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Effect {
    /// They are not placed here; those that run stay.
    NoSchedule,
    /// They are not placed here and those that run are evicted.
    NoExecute,
    /// They are placed elsewhere if possible.
    PreferNoSchedule,
}

/// A toleration of a pod.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Toleration {
    /// The key; empty: every key.
    pub key: String,
    /// True for the operator `Exists`, which asks for no value.
    pub exists: bool,
    /// The value that `Equal` asks for.
    pub value: String,
    /// The effect; `None`: every effect.
    pub effect: Option<Effect>,
}

/// Where a pod may run.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Placement {
    /// Labels that the node must have.
    pub node_selector: BTreeMap<String, String>,
    /// What the pod tolerates.
    pub tolerations: Vec<Toleration>,
    /// It uses the node's network, so that two of them with one port cannot share a node.
    pub host_network: bool,
    /// It has an affinity, which is not read.
    pub has_affinity: bool,
    /// Where the pod asks for a node: its selector, or else its tolerations.
    pub span: Option<Span>,
}

impl Effect {
    /// The effect of this name.
    pub fn named(name: &str) -> Option<Effect> {
        match name {
            "NoSchedule" => Some(Effect::NoSchedule),
            "NoExecute" => Some(Effect::NoExecute),
            "PreferNoSchedule" => Some(Effect::PreferNoSchedule),
            _ => None,
        }
    }
}

impl std::fmt::Display for Taint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let value = if self.value.is_empty() { String::new() } else { format!("={}", self.value) };
        write!(f, "{}{value}:{:?}", self.key, self.effect)
    }
}

impl Toleration {
    /// True if it tolerates `taint` (kubernetes/kubernetes:staging/src/k8s.io/api/core/v1/toleration.go
    /// `ToleratesTaint`@v1.30.0): the effect and the key of a toleration that names none are those of any taint, and `Equal`,
    /// the default, compares values.
    pub fn tolerates(&self, taint: &Taint) -> bool {
        self.effect.is_none_or(|effect| effect == taint.effect)
            && (self.key.is_empty() || self.key == taint.key)
            && (self.exists || self.value == taint.value)
    }
}

impl Placement {
    /// Reads the spec of a pod.
    pub fn of_pod(pod: &Node) -> Placement {
        let text = |node: &Node, key: &str| node.get(key).and_then(Node::as_str).unwrap_or("").to_string();
        let selector = pod.get("nodeSelector");
        let pairs = selector.map_or(&[][..], Node::entries).iter();
        let tolerations = pod.get("tolerations");
        Placement {
            node_selector: pairs
                .filter_map(|entry| Some((entry.key.as_str()?.to_string(), entry.value.as_str()?.to_string())))
                .collect(),
            tolerations: tolerations
                .map_or(&[][..], Node::items)
                .iter()
                .map(|toleration| Toleration {
                    key: text(toleration, "key"),
                    exists: text(toleration, "operator") == "Exists",
                    value: text(toleration, "value"),
                    effect: Effect::named(&text(toleration, "effect")),
                })
                .collect(),
            host_network: pod.get("hostNetwork").is_some_and(|node| node.kind == crate::yaml::Kind::Bool(true)),
            has_affinity: pod.path(&["affinity", "nodeAffinity"]).is_some(),
            span: selector.or(tolerations).map(|node| node.span),
        }
    }

    /// The same wherever it is written.
    pub fn without_span(&self) -> Placement {
        Placement { span: None, ..self.clone() }
    }

    /// True if both ask the same of a node.
    pub fn asks_the_same(&self, other: &Placement) -> bool {
        self.without_span() == other.without_span()
    }

    /// True if nothing but a cordon can keep a pod from the nodes of `group`: they have the labels that it selects, and it
    /// tolerates their taints (kubernetes/kubernetes:pkg/scheduler/framework/plugins/nodeaffinity/node_affinity.go,
    /// tainttoleration/taint_toleration.go@v1.30.0; for a DaemonSet
    /// pkg/controller/daemon/daemon_controller.go `predicates`@v1.30.0).
    pub fn fits(&self, group: &NodeGroup) -> bool {
        let bars = |taint: &&Taint| taint.effect != Effect::PreferNoSchedule;
        self.node_selector.iter().all(|(key, value)| group.labels.get(key) == Some(value))
            && group.taints.iter().filter(bars).all(|taint| self.tolerates(taint))
    }

    /// True if nothing in the selector keeps the pods on control-plane nodes: then a worker node may take them, and no worker
    /// node is described anywhere.
    pub fn is_for_any_node(&self) -> bool {
        self.node_selector.keys().all(|key| key == "kubernetes.io/os" || key == "kubernetes.io/arch")
    }

    /// True if a cordon does not keep a Deployment's pod away. A DaemonSet's tolerates every cordon
    /// (kubernetes/kubernetes:pkg/controller/daemon/util/daemonset_util.go `AddOrUpdateDaemonPodTolerations`@v1.30.0), a
    /// Deployment's only if it says so.
    pub fn tolerates_cordon(&self) -> bool {
        let key = "node.kubernetes.io/unschedulable".to_string();
        self.tolerates(&Taint { key, value: String::new(), effect: Effect::NoSchedule })
    }

    /// True if a pod tolerates `taint`.
    pub fn tolerates(&self, taint: &Taint) -> bool {
        self.tolerations.iter().any(|toleration| toleration.tolerates(taint))
    }
}
