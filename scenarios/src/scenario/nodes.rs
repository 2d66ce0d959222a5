//! Groups of control-plane nodes that are not alike, what lies on some nodes only, and what their kubelets are.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::inventory::nodes;

/// Control-plane nodes that are alike.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct NodeGroup {
    /// Its name; the nodes are called after it.
    pub name: String,
    /// How many nodes, 1 to 5.
    #[schemars(range(min = 1, max = 5))]
    pub count: u8,
    /// The labels of the nodes.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// The taints of the nodes, without those of a cordon.
    #[serde(default)]
    pub taints: Vec<Taint>,
}

/// A taint.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Taint {
    /// The key.
    pub key: String,
    /// The value. Default: none.
    #[serde(default)]
    pub value: Option<String>,
    /// What happens to pods that do not tolerate it.
    pub effect: Effect,
}

/// What a taint does to pods that do not tolerate it.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
pub enum Effect {
    /// They are not placed here; those that run stay.
    NoSchedule,
    /// They are not placed here, and those that run are evicted.
    NoExecute,
    /// They are placed elsewhere if possible.
    PreferNoSchedule,
}

/// Manifests that lie on the nodes of some groups only.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct OnNodes {
    /// The groups.
    pub nodes: Vec<String>,
    /// Files and directories, relative to this file. Static pods in them take the place of the same manager's on these
    /// nodes.
    pub manifests: Vec<String>,
}

/// Where kubelets have their cloud provider.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Kubelets {
    /// `--cloud-provider=external`, or none: addresses of nodes are left to the cloud-controller-manager.
    #[default]
    External,
    /// `--cloud-provider` names a provider in the kubelet itself, which writes the addresses of its node.
    InTree,
}

impl NodeGroup {
    /// As the rest of the program knows it.
    pub fn to_inventory(&self) -> nodes::NodeGroup {
        let taint = |taint: &Taint| nodes::Taint {
            key: taint.key.clone(),
            value: taint.value.clone().unwrap_or_default(),
            effect: match taint.effect {
                Effect::NoSchedule => nodes::Effect::NoSchedule,
                Effect::NoExecute => nodes::Effect::NoExecute,
                Effect::PreferNoSchedule => nodes::Effect::PreferNoSchedule,
            },
        };
        nodes::NodeGroup {
            name: self.name.clone(),
            count: self.count,
            roles: nodes::Roles { control_plane: true, ..nodes::Roles::default() },
            labels: self.labels.clone(),
            taints: self.taints.iter().map(taint).collect(),
            span: None,
        }
    }
}
