//! Feature gates that decide what a manager does with leader migration.

use super::table::{Checked, Table, between, from};
use crate::controller::Component;

/// How far a gate has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    /// Set by `AllAlpha` too.
    Alpha,
    /// Set by `AllBeta` too.
    Beta,
    /// Generally available.
    Stable,
}

/// A gate's state in one release.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Gate {
    /// Its value when no flag sets it.
    pub default: bool,
    /// Setting it to anything but the default is an error.
    pub locked: bool,
    /// Its stage.
    pub stage: Stage,
}

impl Gate {
    /// True if the gate `name` is on where `set` says what gates were set to: by its own setting, else by `AllAlpha` or
    /// `AllBeta`, else by default (kubernetes/component-base:featuregate/feature_gate.go setUnsetAlphaGates@v0.30.14).
    pub fn is_on(&self, name: &str, set: impl Fn(&str) -> Option<bool>) -> bool {
        let group = match self.stage {
            Stage::Alpha => set("AllAlpha"),
            Stage::Beta => set("AllBeta"),
            Stage::Stable => None,
        };
        set(name).or(group).unwrap_or(self.default)
    }
}

const ALPHA: Gate = Gate { default: false, locked: false, stage: Stage::Alpha };
const BETA: Gate = Gate { default: true, locked: false, stage: Stage::Beta };
const BETA_OFF: Gate = Gate { default: false, locked: false, stage: Stage::Beta };
const LOCKED: Gate = Gate { default: true, locked: true, stage: Stage::Stable };

/// `ControllerManagerLeaderMigration`, in both managers; unknown from 1.27 on.
pub const LEADER_MIGRATION: Table<Gate> = Table(&[
    between(21, 21, ALPHA, Checked::Read, "kubernetes/controller-manager:pkg/features/kube_features.go:71@v0.21.0"),
    between(22, 23, BETA, Checked::Read, "kubernetes/controller-manager:pkg/features/kube_features.go@v0.22.0"),
    between(24, 26, LOCKED, Checked::Read, "kubernetes/controller-manager:pkg/features/kube_features.go:55@v0.24.0"),
]);

/// `DisableCloudProviders`, in kube-controller-manager.
pub const DISABLE_CLOUD_PROVIDERS: Table<Gate> = Table(&[
    between(
        22,
        28,
        ALPHA,
        Checked::Executed(&[27, 28]),
        "kubernetes/cloud-provider:plugins.go IsDeprecatedInternal@v0.22.0",
    ),
    between(29, 30, BETA, Checked::Executed(&[30]), "kubernetes/kubernetes:pkg/features/kube_features.go:1053@v1.30.4"),
    between(
        31,
        32,
        LOCKED,
        Checked::Executed(&[31]),
        "kubernetes/kubernetes:pkg/features/kube_features.go:1056@v1.31.0",
    ),
]);

/// `DisableKubeletCloudCredentialProviders`, which kube-controller-manager knows and does not heed; guides set it with
/// the gate above.
pub const DISABLE_KUBELET_CLOUD_CREDENTIAL_PROVIDERS: Table<Gate> = Table(&[
    between(
        23,
        28,
        ALPHA,
        Checked::Executed(&[27, 28]),
        "kubernetes/kubernetes:pkg/features/kube_features.go:1000@v1.28.3",
    ),
    between(29, 30, BETA, Checked::Executed(&[30]), "kubernetes/kubernetes:pkg/features/kube_features.go:1055@v1.30.4"),
    between(
        31,
        32,
        LOCKED,
        Checked::Executed(&[31]),
        "kubernetes/kubernetes:pkg/features/kube_features.go:1058@v1.31.0",
    ),
]);

/// `CoordinatedLeaderElection`, in both managers; only kube-controller-manager heeds it. It is applied to the migration
/// lease too, for which no candidate is ever announced, so with it on this manager never holds that lease
/// (kubernetes/kubernetes:cmd/kube-controller-manager/app/controllermanager.go:847@v1.33.13).
pub const COORDINATED_LEADER_ELECTION: Table<Gate> = Table(&[
    between(31, 32, ALPHA, Checked::Executed(&[31]), "kubernetes/apiserver:pkg/features/kube_features.go:377@v0.31.14"),
    from(
        33,
        BETA_OFF,
        Checked::Executed(&[33, 34, 35, 36, 37]),
        "kubernetes/apiserver:pkg/features/kube_features.go:372@v0.37.2",
    ),
]);

/// The name of [`RELEASE_LOCK_ON_EXIT`].
pub const RELEASE_LOCK_ON_EXIT_NAME: &str = "ControllerManagerReleaseLeaderElectionLockOnExit";

/// `ControllerManagerReleaseLeaderElectionLockOnExit`: with it kube-controller-manager empties its leases when it
/// stops; cloud-controller-manager knows the gate and does not heed it.
pub const RELEASE_LOCK_ON_EXIT: Table<Gate> = Table(&[from(
    36,
    ALPHA,
    Checked::Executed(&[36, 37]),
    "kubernetes/controller-manager:pkg/features/kube_features.go:63@v0.36.2",
)]);

/// The gates leasehold knows in `component`, by name.
pub fn named(component: Component, name: &str) -> Option<Table<Gate>> {
    match name {
        "ControllerManagerLeaderMigration" => Some(LEADER_MIGRATION),
        "DisableCloudProviders" if component == Component::KubeControllerManager => Some(DISABLE_CLOUD_PROVIDERS),
        "DisableKubeletCloudCredentialProviders" if component == Component::KubeControllerManager => {
            Some(DISABLE_KUBELET_CLOUD_CREDENTIAL_PROVIDERS)
        }
        "CoordinatedLeaderElection" => Some(COORDINATED_LEADER_ELECTION),
        RELEASE_LOCK_ON_EXIT_NAME => Some(RELEASE_LOCK_ON_EXIT),
        _ => None,
    }
}

/// True if a gate that a binary does not know, or may not change, is refused as its own error after the whole command
/// line was read, rather than as an invalid argument. Only kube-controller-manager does that.
pub const CHECKED_AFTER_LINE: Table<bool> = Table(&[
    between(
        21,
        30,
        false,
        Checked::Executed(&[27, 28, 30]),
        "kubernetes/component-base:featuregate/feature_gate.go Set@v0.30.14",
    ),
    from(
        31,
        true,
        Checked::Executed(&[31, 33, 34, 35, 36, 37]),
        "kubernetes/kubernetes:cmd/kube-controller-manager/app/controllermanager.go:134@v1.31.0",
    ),
]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_kcm_has_the_gates_of_in_tree_providers() {
        let known = |component| {
            [
                "ControllerManagerLeaderMigration",
                "DisableCloudProviders",
                "DisableKubeletCloudCredentialProviders",
                "CoordinatedLeaderElection",
                "ControllerManagerReleaseLeaderElectionLockOnExit",
                "NoSuchGate",
            ]
            .map(|name| named(component, name).is_some())
        };
        assert_eq!(known(Component::KubeControllerManager), [true, true, true, true, true, false]);
        assert_eq!(known(Component::CloudControllerManager), [true, false, false, true, true, false]);
    }
}
