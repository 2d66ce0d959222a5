//! leasehold's own file: a cluster before, a plan, assumptions and expectations.
//!
//! The types here are the only definition: the JSON Schema is generated from them (`schema/`), the file is checked
//! against that schema ([`check`]) so that every error is found with its place, and only then read into them.

mod assume;
mod check;
mod duration;
mod nodes;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::diagnostic::Problem;
use crate::source::{FileId, Sources};
use crate::yaml::{self, Kind, Node};

pub use assume::{Assume, AssumedRight, AssumedUser, ComponentName, ControllerName, Fault, Rollback, StartUp, Timing};
pub use check::{KEYWORDS, closest};
pub use duration::Duration;
pub use nodes::{Kubelets, NodeGroup, OnNodes};

/// A scenario: a cluster, what is done to it, what is assumed, and what is expected.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Scenario {
    /// `leasehold/v1alpha1`
    pub api_version: ApiVersion,
    /// `Scenario`
    pub kind: KindName,
    /// What the scenario is called and where it comes from.
    pub metadata: Metadata,
    /// The cluster.
    #[serde(default)]
    pub cluster: Cluster,
    /// The cluster before the first step.
    pub before: Before,
    /// The steps in order. A step begins when the step before it is complete.
    #[serde(default)]
    pub plan: Vec<Step>,
    /// What no manifest shows.
    #[serde(default)]
    pub assume: Assume,
    /// Load balancers, addresses, DNS records, nodes and volumes, on OpenStack.
    #[serde(default)]
    pub data_plane: Option<crate::data_plane::Written>,
    /// The expected verdicts, per property.
    #[serde(default)]
    pub expect: Expect,
}

/// The version of this format.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
pub enum ApiVersion {
    /// The only one.
    #[serde(rename = "leasehold/v1alpha1")]
    V1Alpha1,
}

/// The kind of this format.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
pub enum KindName {
    /// The only one.
    Scenario,
}

/// What a scenario is called.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Metadata {
    /// A short name, for messages and file names.
    pub name: String,
    /// One line that says what happens.
    #[serde(default)]
    pub title: Option<String>,
    /// Where the plan comes from, such as a guide.
    #[serde(default)]
    pub source: Option<String>,
}

/// The cluster.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Cluster {
    /// How many control-plane nodes there are, 1 to 5. Default: 3.
    #[serde(default)]
    #[schemars(range(min = 1, max = 5))]
    pub control_plane_nodes: Option<u8>,
    /// The control-plane nodes in groups, where they are not alike: other flags, labels or taints. Instead of
    /// `controlPlaneNodes`.
    #[serde(default)]
    pub node_groups: Vec<NodeGroup>,
    /// Where the kubelets have their cloud provider during the migration. Default: external. It decides no verdict; beside
    /// `inTree` a cloud-node controller is warned of.
    #[serde(default)]
    pub kubelets: Kubelets,
}

/// The cluster before the first step.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Before {
    /// The Kubernetes release, quoted: "1.29". Default: what the image tags say.
    #[serde(default)]
    pub kubernetes: Option<String>,
    /// The release of k8s.io/cloud-provider that the cloud-controller-manager is built with, quoted: "0.29". Default:
    /// assumed from its image tag.
    #[serde(default)]
    pub cloud_provider_library: Option<String>,
    /// The vendor of the cloud-controller-manager. Default: from its image.
    #[serde(default)]
    pub vendor: Option<String>,
    /// Files and directories, relative to this file.
    pub manifests: Vec<String>,
    /// What lies on some nodes only.
    #[serde(default)]
    pub on_nodes: Vec<OnNodes>,
}

/// One thing the operator does.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Step {
    /// What the operator would call it.
    pub title: String,
    /// How it is done.
    pub action: Action,
    /// Files and directories, relative to this file. Each object takes the place of the one with the same kind,
    /// namespace and name; a static pod takes the place of the same manager's. With `replaceNodes` they are all that
    /// the new nodes run.
    #[serde(default)]
    pub manifests: Option<Vec<String>>,
    /// The same for static pods on some nodes only.
    #[serde(default)]
    pub on_nodes: Vec<OnNodes>,
    /// Names of static pods, workloads, roles, bindings or ConfigMaps that go away, before `manifests` are added.
    #[serde(default)]
    pub remove: Vec<String>,
    /// The Kubernetes release from this step on, quoted: "1.30".
    #[serde(default)]
    pub kubernetes: Option<String>,
    /// The release of k8s.io/cloud-provider that the cloud-controller-manager is built with from this step on, quoted.
    #[serde(default)]
    pub cloud_provider_library: Option<String>,
    /// The vendor of the cloud-controller-manager from this step on.
    #[serde(default)]
    pub vendor: Option<String>,
    /// With `replaceNodes`: a new node comes before an old one goes. Default: true.
    #[serde(default)]
    pub surge: Option<bool>,
    /// With `cordon` and `uncordon`: the groups of nodes. Default: all.
    #[serde(default)]
    pub nodes: Option<Vec<String>>,
    /// With `edit`: each node is uncordoned as soon as it has been changed, whether it was cordoned before or not, as
    /// `rke up` does it, and Rancher with drain. Default: false.
    #[serde(default)]
    pub uncordon_each: Option<bool>,
    /// Controllers may run nowhere from the moment this step begins until the next one is complete: stop, then start.
    /// Default: false.
    #[serde(default)]
    pub downtime: Option<bool>,
}

/// How a step is done.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Action {
    /// API objects are applied, all at once.
    Apply,
    /// Static pods and workloads are changed in place, node by node, in any order.
    Edit,
    /// Nodes are replaced one by one, in any order.
    ReplaceNodes,
    /// Nodes are made unschedulable: a Deployment's pods are not placed there any more, those that run stay. The pods of
    /// a DaemonSet are placed all the same.
    Cordon,
    /// Nodes are made schedulable again.
    Uncordon,
}

/// The expected verdict of each property; a property that is left out is not compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Expect {
    /// No controller runs in two managers.
    #[serde(default)]
    pub exclusive: Option<Expected>,
    /// Every controller can always run again.
    #[serde(default)]
    pub covered: Option<Expected>,
    /// Every manager starts.
    #[serde(default)]
    pub starts: Option<Expected>,
    /// There is a safe way back from every point.
    #[serde(default)]
    pub returnable: Option<Expected>,
    /// How long controllers may act nowhere.
    #[serde(default)]
    pub gap: Option<ExpectedGap>,
}

/// How long controllers may act nowhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ExpectedGap {
    /// The longest time for any controller that the plan needs, one thing at a time: a step on one node, or undoing it, or
    /// a fault, each begun while every lease has its leader. More is a violation.
    #[serde(default)]
    pub at_most: Option<Duration>,
    /// The same if the operator, or whatever rolls the change out, does not wait between the nodes of a step.
    #[serde(default)]
    pub at_most_without_waiting: Option<Duration>,
    /// The same if a crash comes in the middle of a step.
    #[serde(default)]
    pub at_most_with_crash_in_step: Option<Duration>,
}

/// A verdict.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Expected {
    /// The property holds.
    Holds,
    /// The property is violated.
    Violated,
}

/// The JSON Schema of scenario files.
pub fn schema() -> serde_json::Value {
    let mut schema = schemars::schema_for!(Scenario);
    schema.insert("title".into(), "leasehold Scenario v1alpha1".into());
    schema.to_value()
}

/// Reads a scenario file; all its errors otherwise. The node is the file's document, for the places of its values.
pub fn read(sources: &Sources, file: FileId) -> Result<(Scenario, Node), Vec<Problem>> {
    let parsed = yaml::documents(sources, file);
    let mut problems = parsed.problems;
    let document = match parsed.documents.as_slice() {
        [document] => document,
        documents => {
            if problems.is_empty() {
                let problem = Problem::error(format!("{} is no scenario", sources.name(file)));
                problems.push(match documents.get(1) {
                    Some(second) => problem.at(second.span).label("a scenario file holds one document"),
                    None => problem.help("expected a document with apiVersion leasehold/v1alpha1 and kind Scenario"),
                });
            }
            return Err(problems);
        }
    };
    let text = |key: &str| document.get(key).and_then(Node::as_str);
    if text("kind") != Some("Scenario") && !text("apiVersion").is_some_and(|v| v.starts_with("leasehold/")) {
        let problem = Problem::error(format!("{} is no scenario", sources.name(file)));
        return Err(vec![match document.get("kind") {
            Some(kind) => problem
                .at(kind.span)
                .label("expected a Scenario of leasehold/v1alpha1")
                .help("for manifests without a plan, give two paths: before and after"),
            None => problem.help("expected a document with apiVersion leasehold/v1alpha1 and kind Scenario"),
        }]);
    }
    for (later, earlier) in yaml::duplicate_keys(document) {
        problems.push(
            Problem::error(format!("the key `{}` is given twice", sources.slice(later)))
                .at(later)
                .label(format!("first given in line {}", sources.position(earlier).line)),
        );
    }
    check::check(&schema(), document, sources, &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    match serde_json::from_value(to_json(document)) {
        Ok(scenario) => Ok((scenario, document.clone())),
        // The schema is generated from the types, so this is out of reach; it is still no reason to panic.
        Err(error) => Err(vec![Problem::error(format!("{}: {error}", sources.name(file)))]),
    }
}

fn to_json(node: &Node) -> serde_json::Value {
    use serde_json::Value as Json;
    match &node.kind {
        Kind::Null => Json::Null,
        Kind::Bool(b) => Json::Bool(*b),
        Kind::Number(text) => text.parse::<u64>().map_or_else(|_| Json::String(text.clone()), Json::from),
        Kind::String(text) => Json::String(text.clone()),
        Kind::Sequence(items) => Json::Array(items.iter().map(to_json).collect()),
        Kind::Mapping(entries) => Json::Object(
            entries.iter().filter_map(|e| Some((e.key.as_str()?.to_string(), to_json(&e.value)))).collect(),
        ),
    }
}
