//! What controllers are called: the keys both managers register them under, and the aliases of `--controllers`.
//!
//! The migration filter compares entries with the key, verbatim; aliases exist only for `--controllers`, since 1.28.

use super::table::{Checked, Table, between, from};
use crate::controller::{Component, Controller};
use crate::release::Release;

const KCM_OLD: &str =
    "kubernetes/kubernetes:cmd/kube-controller-manager/app/controllermanager.go NewControllerInitializers@v1.27.0";
const KCM_NEW: &str = "kubernetes/kubernetes:cmd/kube-controller-manager/app/core.go:64@v1.30.4";
const CCM_OLD: &str = "kubernetes/cloud-provider:app/controllermanager.go:360@v0.21.0";
const CCM_NEW: &str = "kubernetes/cloud-provider:names/controller_names.go:49@v0.28.0";
const KCM_OLD_RUN: Checked = Checked::Executed(&[27]);
const KCM_CLOUD_RUN: Checked = Checked::Executed(&[28, 30, 31, 33, 34, 35, 36]);
const KCM_RUN: Checked = Checked::Executed(&[28, 30, 31, 33, 34, 35, 36, 37]);
const CCM_OLD_RUN: Checked = Checked::Executed(&[21, 22, 23, 24, 25, 26, 27]);
const CCM_RUN: Checked = Checked::Executed(&[28, 29, 30, 31, 32, 33, 34, 35, 36, 37]);

/// A controller's key in one component, over the releases.
type Keys = Table<&'static str>;

// Since 1.37 kube-controller-manager has no cloud controllers
// (kubernetes/kubernetes:cmd/kube-controller-manager/app/controller_descriptor.go@v1.37.1).
const KCM_SERVICE: Keys = Table(&[
    between(21, 27, "service", KCM_OLD_RUN, KCM_OLD),
    between(28, 36, "service-lb-controller", KCM_CLOUD_RUN, KCM_NEW),
]);
const KCM_ROUTE: Keys = Table(&[
    between(21, 27, "route", KCM_OLD_RUN, KCM_OLD),
    between(28, 36, "node-route-controller", KCM_CLOUD_RUN, KCM_NEW),
]);
const KCM_CLOUD_NODE_LIFECYCLE: Keys = Table(&[
    between(21, 27, "cloud-node-lifecycle", KCM_OLD_RUN, KCM_OLD),
    between(28, 36, "cloud-node-lifecycle-controller", KCM_CLOUD_RUN, KCM_NEW),
]);
const KCM_NODE_IPAM: Keys =
    Table(&[between(21, 27, "nodeipam", KCM_OLD_RUN, KCM_OLD), from(28, "node-ipam-controller", KCM_RUN, KCM_NEW)]);
const CCM_SERVICE: Keys =
    Table(&[between(21, 27, "service", CCM_OLD_RUN, CCM_OLD), from(28, "service-lb-controller", CCM_RUN, CCM_NEW)]);
const CCM_ROUTE: Keys =
    Table(&[between(21, 27, "route", CCM_OLD_RUN, CCM_OLD), from(28, "node-route-controller", CCM_RUN, CCM_NEW)]);
const CCM_CLOUD_NODE_LIFECYCLE: Keys = Table(&[
    between(21, 27, "cloud-node-lifecycle", CCM_OLD_RUN, CCM_OLD),
    from(28, "cloud-node-lifecycle-controller", CCM_RUN, CCM_NEW),
]);
const CCM_CLOUD_NODE: Keys =
    Table(&[between(21, 27, "cloud-node", CCM_OLD_RUN, CCM_OLD), from(28, "cloud-node-controller", CCM_RUN, CCM_NEW)]);
const NONE: Keys = Table(&[]);

/// The token controller of kube-controller-manager, whose start is the signal to contend for the migration lease.
pub const TOKEN_CONTROLLER: Keys = Table(&[
    between(21, 27, "serviceaccount-token", KCM_OLD_RUN, KCM_OLD),
    from(
        28,
        "serviceaccount-token-controller",
        KCM_RUN,
        "kubernetes/kubernetes:cmd/kube-controller-manager/names/controller_names.go@v1.30.4",
    ),
]);

/// The key table of `controller` in the stock `component`; empty if it has no such controller.
pub fn keys(component: Component, controller: Controller) -> Table<&'static str> {
    match (component, controller) {
        (Component::KubeControllerManager, Controller::Service) => KCM_SERVICE,
        (Component::KubeControllerManager, Controller::Route) => KCM_ROUTE,
        (Component::KubeControllerManager, Controller::CloudNodeLifecycle) => KCM_CLOUD_NODE_LIFECYCLE,
        (Component::KubeControllerManager, Controller::NodeIpam) => KCM_NODE_IPAM,
        (Component::KubeControllerManager, Controller::CloudNode) => NONE,
        (Component::CloudControllerManager, Controller::Service) => CCM_SERVICE,
        (Component::CloudControllerManager, Controller::Route) => CCM_ROUTE,
        (Component::CloudControllerManager, Controller::CloudNodeLifecycle) => CCM_CLOUD_NODE_LIFECYCLE,
        (Component::CloudControllerManager, Controller::CloudNode) => CCM_CLOUD_NODE,
        (Component::CloudControllerManager, Controller::NodeIpam) => NONE,
    }
}

/// The key of `controller` in the stock `component` at `release`.
pub fn key(component: Component, controller: Controller, release: Release) -> Option<&'static str> {
    keys(component, controller).get(release).copied()
}

/// True if `--controllers` accepts the names from before 1.28 as aliases.
pub const ALIASES: Table<bool> = Table(&[
    between(
        21,
        27,
        false,
        Checked::Executed(&[27]),
        "kubernetes/controller-manager:options/generic.go Validate@v0.27.0",
    ),
    from(
        28,
        true,
        Checked::Executed(&[28, 30, 31, 33, 34, 35, 36, 37]),
        "kubernetes/controller-manager:options/generic.go Validate@v0.28.0",
    ),
]);

/// What `--controllers` makes of `name`: the canonical key if `name` is an alias at `release`, else `name` itself.
/// Only the aliases of controllers leasehold knows; `Component` says whose.
pub fn resolve_alias(component: Component, name: &str, release: Release) -> &str {
    if ALIASES.get(release) != Some(&true) {
        return name;
    }
    let old = Release::new(27).expect("a known release");
    if component == Component::KubeControllerManager && TOKEN_CONTROLLER.get(old) == Some(&name) {
        return TOKEN_CONTROLLER.get(release).copied().unwrap_or(name);
    }
    Controller::ALL
        .into_iter()
        .find(|&c| key(component, c, old) == Some(name))
        .and_then(|c| key(component, c, release))
        .unwrap_or(name)
}
