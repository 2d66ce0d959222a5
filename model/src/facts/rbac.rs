//! Rights on locks that a fresh cluster grants: kube-controller-manager's bootstrap roles. A cloud-controller-manager
//! has none; its vendor's manifests bring them.

use super::table::{Checked, Table, from};
use crate::controller::Component;
use crate::lease::{LockRule, Rights};
use crate::release::Release;

/// One bootstrap rule on lock objects.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BootstrapRule {
    /// `None`: of a ClusterRole bound cluster-wide.
    pub namespace: Option<&'static str>,
    /// `None`: every name.
    pub names: Option<&'static [&'static str]>,
    /// The plain resource.
    pub resource: &'static str,
    /// The verbs.
    pub verbs: &'static [&'static str],
}

const CREATE_LEASES: BootstrapRule =
    BootstrapRule { namespace: None, names: None, resource: "leases", verbs: &["create"] };
const OWN_LEASE: BootstrapRule = BootstrapRule {
    namespace: None,
    names: Some(&["kube-controller-manager"]),
    resource: "leases",
    verbs: &["get", "update"],
};
const OWN_CONFIGMAP: BootstrapRule = BootstrapRule {
    namespace: Some("kube-system"),
    names: Some(&["kube-controller-manager"]),
    resource: "configmaps",
    verbs: &["get", "update"],
};

/// ClusterRole `system:kube-controller-manager` and Role `system::leader-locking-kube-controller-manager`, as far as
/// they concern locks. It may create any lease but get and update its own only, so without the guide's patch it asks
/// for the migration lease in vain.
pub const KUBE_CONTROLLER_MANAGER: Table<&[BootstrapRule]> = Table(&[from(
    21,
    &[CREATE_LEASES, OWN_LEASE, OWN_CONFIGMAP],
    Checked::Executed(&[30]),
    "kubernetes/kubernetes:plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go:432@v1.30.4",
)]);

/// The rights that `component`'s user has on a fresh cluster of `release`.
pub fn stock(component: Component, release: Release) -> Rights {
    let rules = match component {
        Component::KubeControllerManager => KUBE_CONTROLLER_MANAGER.get(release).copied().unwrap_or_default(),
        Component::CloudControllerManager => &[],
    };
    let strings = |list: &[&str]| list.iter().map(|s| s.to_string()).collect::<Vec<_>>();
    Rights {
        rules: rules
            .iter()
            .map(|rule| LockRule {
                namespace: rule.namespace.map(String::from),
                names: rule.names.map(strings),
                resources: vec![rule.resource.to_string()],
                verbs: strings(rule.verbs),
            })
            .collect(),
    }
}
