//! What a scenario assumes: faults, the way back, rights, users, controllers.

use leasehold_model::controller::{Component, Controller};
use schemars::JsonSchema;
use serde::Deserialize;

use super::Duration;

/// What no manifest shows.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Assume {
    /// Whether the operator may go back at any point. Default: anywhere.
    #[serde(default)]
    pub rollback: Option<Rollback>,
    /// The faults that may happen at any moment. Default: crash.
    #[serde(default)]
    pub faults: Option<Vec<Fault>>,
    /// Rights that a manager has from elsewhere.
    #[serde(default)]
    pub rights: Vec<AssumedRight>,
    /// Who a manager is to the API server, where its kubeconfig does not tell.
    #[serde(default)]
    pub users: Vec<AssumedUser>,
    /// Controllers that the cloud-controller-manager has besides those of k8s.io/cloud-provider.
    #[serde(default)]
    pub controllers: Vec<ControllerName>,
    /// Controllers that are given up on purpose, such as `route` where an overlay network makes routes needless: no
    /// manager has to run them at any point. They may still never run in two managers.
    #[serde(default)]
    pub given_up: Vec<ControllerName>,
    /// How slow everything may be. How far a lease is exclusive depends on it.
    #[serde(default)]
    pub timing: Timing,
    /// How long things take that no flag sets, for the time without a controller.
    #[serde(default)]
    pub start_up: StartUp,
}

/// How slow everything may be. Durations are written as Go writes them: 500ms, 2.5s.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Timing {
    /// The longest time that a request takes, from sending it to its answer being processed or given up; `any`: whatever
    /// the client waits for. Default: 500ms.
    #[serde(default)]
    pub reply_delay: Option<String>,
    /// The longest time from losing a lease to the last act of a controller. Default: 100ms.
    #[serde(default)]
    pub stop_time: Option<String>,
    /// One pause of a leader's process, at most. Default: 0s, none.
    #[serde(default)]
    pub pause: Option<String>,
    /// How far each host's clock may run fast or slow: 500ppm, 0.05%. Default: 0ppm.
    #[serde(default)]
    pub clock_rate: Option<String>,
}

/// How long things take, at most, that no flag sets. They count for the time without a controller and for nothing else.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct StartUp {
    /// From the moment a manager stops for a change of its manifest until the new one runs. Default: 16s.
    #[serde(default)]
    pub after_edit: Option<Duration>,
    /// From a crash until the manager runs again. Default: 11s.
    #[serde(default)]
    pub after_crash: Option<Duration>,
    /// From the replacement or addition of a node until the first of its managers runs; the others run within `afterEdit` of
    /// it. Default: 5m.
    #[serde(default)]
    pub of_node: Option<Duration>,
    /// From the moment a manager takes a lease until the controllers that it runs under it act. Default: 2s.
    #[serde(default)]
    pub of_controllers: Option<Duration>,
}

impl From<StartUp> for leasehold_model::gap::Assumed {
    fn from(told: StartUp) -> Self {
        let default = Self::default();
        let or = |told: Option<Duration>, default| told.map_or(default, |Duration(told)| told);
        Self {
            request: default.request,
            start_after_edit: or(told.after_edit, default.start_after_edit),
            start_after_crash: or(told.after_crash, default.start_after_crash),
            start_of_node: or(told.of_node, default.start_of_node),
            start_of_controllers: or(told.of_controllers, default.start_of_controllers),
        }
    }
}

/// Whether the operator may go back.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Rollback {
    /// From every point of the plan.
    Anywhere,
    /// Never; `returnable` says what would follow if he did.
    None,
    /// Never, because whoever carries the plan out refuses to: `returnable` is violated.
    Refused,
}

/// A fault that may happen at any moment, any number of times.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Fault {
    /// A manager crashes or is killed, and is started again.
    Crash,
    /// Somebody deletes a lease by hand.
    LeaseDeleted,
}

/// Rights that a manager has from elsewhere.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AssumedRight {
    /// The manager.
    pub component: ComponentName,
    /// The name of the lease, or "*" for all.
    pub lease: String,
}

/// Who a manager is to the API server.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AssumedUser {
    /// The manager.
    pub component: ComponentName,
    /// The user name, such as `system:serviceaccount:kube-system:cloud-controller-manager`.
    pub user: String,
    /// The groups it is in, besides those that every user is in.
    #[serde(default)]
    pub groups: Vec<String>,
}

/// A controller manager.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ComponentName {
    /// kube-controller-manager
    KubeControllerManager,
    /// cloud-controller-manager
    CloudControllerManager,
}

impl From<ComponentName> for Component {
    fn from(name: ComponentName) -> Component {
        match name {
            ComponentName::KubeControllerManager => Component::KubeControllerManager,
            ComponentName::CloudControllerManager => Component::CloudControllerManager,
        }
    }
}

/// A controller, by what it does.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ControllerName {
    /// Load balancers of Services.
    Service,
    /// Routes between the nodes' pod networks.
    Route,
    /// Deletes nodes whose machine is gone.
    CloudNodeLifecycle,
    /// Initialises nodes.
    CloudNode,
    /// Assigns pod CIDRs to nodes.
    NodeIpam,
}

impl From<ControllerName> for Controller {
    fn from(name: ControllerName) -> Controller {
        match name {
            ControllerName::Service => Controller::Service,
            ControllerName::Route => Controller::Route,
            ControllerName::CloudNodeLifecycle => Controller::CloudNodeLifecycle,
            ControllerName::CloudNode => Controller::CloudNode,
            ControllerName::NodeIpam => Controller::NodeIpam,
        }
    }
}
