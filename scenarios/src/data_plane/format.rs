//! The part `dataPlane` of a scenario, as it is written.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::scenario::{Duration, Expected};

/// Load balancers, addresses, DNS records, nodes and volumes of an OpenStack cluster, and what the operator does with them.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DataPlane {
    /// Files and directories with Kubermatic's Cluster and MachineDeployments, relative to this file. What they say goes
    /// before `workers` and `inTree`.
    #[serde(default)]
    pub manifests: Vec<String>,
    /// Nodes behind the load balancers, 1 to 4; more show nothing new. Default: 3.
    #[serde(default)]
    #[schemars(range(min = 1, max = 4))]
    pub workers: Option<u8>,
    /// Where the in-tree service controller keeps its load balancers (`use-octavia`). Default: neutron.
    #[serde(default)]
    pub in_tree: Option<ApiName>,
    /// Load balancers have a health monitor (`create-monitor`). Default: false.
    #[serde(default)]
    pub health_monitor: bool,
    /// How clients find a Service of type LoadBalancer.
    pub clients: Vec<ClientName>,
    /// Pods have Cinder volumes. Default: false.
    #[serde(default)]
    pub volumes: bool,
    /// What the operator does, in the order of the guide; each action at most once.
    pub steps: Vec<Step>,
    /// The new load balancer's own floating IP is taken off before the old one is moved. Default: true.
    #[serde(default)]
    pub new_address_off_first: Option<bool>,
    /// What may happen at any moment besides. Default: nothing.
    #[serde(default)]
    pub faults: Vec<FaultName>,
    /// How long things take.
    #[serde(default)]
    pub durations: Durations,
    /// The longest outage that does no harm. Default: 0s.
    #[serde(default)]
    pub allowed_outage: Option<Duration>,
    /// Sentences of the guide, to be compared with what can happen.
    #[serde(default)]
    pub claims: Vec<Claim>,
    /// The expected verdicts; what is left out is not compared.
    #[serde(default)]
    pub expect: Expect,
}

/// An OpenStack API for load balancers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum ApiName {
    /// Neutron LBaaS v2.
    Neutron,
    /// Octavia.
    Octavia,
}

/// How clients find a Service.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum ClientName {
    /// By its name; they keep an answer no longer than its time to live.
    Dns,
    /// By the address that it had before.
    FixedAddress,
}

/// What may happen at any moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum FaultName {
    /// An autoscaler, a repair or somebody replaces a node.
    NodeReplaced,
    /// The cloud-controller-manager starts anew and ensures every load balancer again.
    CloudControllerManagerRestarts,
}

/// One thing the operator does.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Step {
    /// What the guide calls it.
    pub title: String,
    /// What is done.
    pub action: ActionName,
    /// With `upgrade`: to which release, quoted.
    #[serde(default)]
    pub kubernetes: Option<String>,
}

/// What is done in a step.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum ActionName {
    /// The DNS record gets `durations.loweredTtl`.
    LowerTtl,
    /// Wait until no cache holds an answer with `durations.ttl`.
    AwaitOldTtl,
    /// Switch on the external cloud provider.
    Migrate,
    /// The DNS record gets the new load balancer's address.
    MoveRecord,
    /// Wait until no cache holds an answer from before the record was changed.
    AwaitCaches,
    /// The old floating IP is moved to the new load balancer.
    MoveAddress,
    /// All nodes are replaced, a new one before an old one goes.
    RotateNodes,
    /// The old load balancer is deleted.
    DeleteOldLoadBalancer,
    /// Floating IPs that are attached to nothing are given back.
    ReleaseAddresses,
    /// Control plane, then nodes, go to another release; only before `migrate`.
    Upgrade,
}

/// How long things take.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Durations {
    /// The record's time to live. Default: 1h.
    #[serde(default)]
    pub ttl: Option<Duration>,
    /// Its time to live once it is lowered. Default: 1m.
    #[serde(default)]
    pub lowered_ttl: Option<Duration>,
    /// From a change of the record until every name server has it, at most. Default: 0s.
    #[serde(default)]
    pub propagation: Option<Duration>,
    /// From the beginning of a rotation, or of its next node, until an old node is gone, at least. Default: 0s.
    #[serde(default)]
    pub node_at_least: Option<Duration>,
    /// From one command on a floating IP until the next takes effect, at most. Default: 5s.
    #[serde(default)]
    pub address_command: Option<Duration>,
    /// Until the operator has understood why a floating IP cannot be attached, at most. Default: 5m.
    #[serde(default)]
    pub reaction: Option<Duration>,
    /// From the end of the in-tree service controller until the external one acts, and from then until its load balancer is
    /// ready, each at most. Default: 10m.
    #[serde(default)]
    pub control_plane: Option<Duration>,
}

/// A sentence of the guide.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Claim {
    /// The sentence, in its own language.
    pub quote: String,
    /// What it says.
    pub says: Says,
    /// With `providerRemovedIn` and `beforeUpgradeTo`: the release, quoted.
    #[serde(default)]
    pub kubernetes: Option<String>,
    /// Where the guide says it.
    #[serde(default)]
    pub place: Option<String>,
    /// What is expected to become of it.
    #[serde(default)]
    pub expect: Option<ExpectedTruth>,
}

/// What a sentence says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Says {
    /// The Service gets another address.
    NewAddress,
    /// For a while there are two load balancers.
    TwoLoadBalancers,
    /// To change the record costs no connection.
    RecordWithoutOutage,
    /// To move the floating IP costs connections for a short time.
    AddressWithShortOutage,
    /// Nodes that are replaced before traffic was moved cost connections.
    RotationFirstFails,
    /// The old load balancer stops working with the rotation.
    OldStopsWithRotation,
    /// The old load balancer has to be deleted by hand.
    OldStaysUntilDeleted,
    /// The in-tree provider is removed in a release.
    ProviderRemovedIn,
    /// The migration has to be done before the upgrade to a release.
    BeforeUpgradeTo,
}

/// What became of a claim.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum ExpectedTruth {
    /// It is so in every run.
    Confirmed,
    /// It is true as far as it goes; what follows it in the plan undoes it.
    Partly,
    /// It is not so.
    Refuted,
}

/// The expected verdicts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Expect {
    /// Clients reach the Service at every moment, but for an allowed outage.
    #[serde(default)]
    pub reachable: Option<Expected>,
    /// Volumes can always be attached where their pods are.
    #[serde(default)]
    pub attached: Option<Expected>,
    /// Nothing is left that costs money and that nobody uses.
    #[serde(default)]
    pub leaks: Option<Expected>,
}
