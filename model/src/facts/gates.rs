//! Feature gates that decide what a manager does with leader migration.

use super::table::{Checked, Table, between, from};
use crate::controller::Component;

/// A gate's state in one release.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Gate {
    /// Its value when no flag sets it.
    pub default: bool,
    /// Setting it to anything but the default is an error.
    pub locked: bool,
}

const OFF: Gate = Gate { default: false, locked: false };
const ON: Gate = Gate { default: true, locked: false };
const LOCKED: Gate = Gate { default: true, locked: true };

/// `ControllerManagerLeaderMigration`, in both managers; unknown from 1.27 on.
pub const LEADER_MIGRATION: Table<Gate> = Table(&[
    between(21, 21, OFF, Checked::Read, "kubernetes/controller-manager:pkg/features/kube_features.go:71@v0.21.0"),
    between(22, 23, ON, Checked::Read, "kubernetes/controller-manager:pkg/features/kube_features.go@v0.22.0"),
    between(24, 26, LOCKED, Checked::Read, "kubernetes/controller-manager:pkg/features/kube_features.go:55@v0.24.0"),
]);

/// `DisableCloudProviders`, in kube-controller-manager.
pub const DISABLE_CLOUD_PROVIDERS: Table<Gate> = Table(&[
    between(22, 28, OFF, Checked::Read, "kubernetes/kubernetes:pkg/features/kube_features.go@v1.28.0"),
    between(29, 30, ON, Checked::Read, "kubernetes/kubernetes:pkg/features/kube_features.go:1053@v1.30.4"),
    between(31, 32, LOCKED, Checked::Read, "kubernetes/kubernetes:pkg/features/kube_features.go:1056@v1.31.0"),
]);

/// `CoordinatedLeaderElection`, in kube-controller-manager. It is applied to the migration lease too, for which no
/// candidate is ever announced, so with it on this manager never holds that lease.
pub const COORDINATED_LEADER_ELECTION: Table<Gate> = Table(&[from(
    31,
    OFF,
    Checked::Read,
    "kubernetes/kubernetes:cmd/kube-controller-manager/app/controllermanager.go:305@v1.31.0",
)]);

/// The gates leasehold knows in `component`, by name.
pub fn named(component: Component, name: &str) -> Option<Table<Gate>> {
    let kcm = component == Component::KubeControllerManager;
    match name {
        "ControllerManagerLeaderMigration" => Some(LEADER_MIGRATION),
        "DisableCloudProviders" if kcm => Some(DISABLE_CLOUD_PROVIDERS),
        "CoordinatedLeaderElection" if kcm => Some(COORDINATED_LEADER_ELECTION),
        _ => None,
    }
}
