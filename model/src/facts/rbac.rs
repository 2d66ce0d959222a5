//! Rights on locks that a fresh cluster grants: kube-controller-manager's bootstrap roles. A cloud-controller-manager
//! has none; its vendor's manifests bring them.

use super::table::{Checked, Table, between, from};
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

const fn everywhere(
    resource: &'static str,
    names: Option<&'static [&'static str]>,
    verbs: &'static [&'static str],
) -> BootstrapRule {
    BootstrapRule { namespace: None, names, resource, verbs }
}

const OWN: Option<&[&str]> = Some(&["kube-controller-manager"]);
const CREATE_LEASES: BootstrapRule = everywhere("leases", None, &["create"]);
const OWN_LEASE: BootstrapRule = everywhere("leases", OWN, &["get", "update"]);
const CREATE_ENDPOINTS: BootstrapRule = everywhere("endpoints", None, &["create"]);
const OWN_ENDPOINTS: BootstrapRule = everywhere("endpoints", OWN, &["get", "update"]);
const GET_CONFIGMAPS: BootstrapRule = everywhere("configmaps", None, &["get"]);
const OWN_CONFIGMAP: BootstrapRule =
    BootstrapRule { namespace: Some("kube-system"), ..everywhere("configmaps", OWN, &["get", "update"]) };
const ANY_LEASE: BootstrapRule =
    BootstrapRule { namespace: Some("kube-system"), ..everywhere("leases", None, &["create", "get", "update"]) };

/// ClusterRole `system:kube-controller-manager` and Role `system::leader-locking-kube-controller-manager`, as far as
/// they concern locks. Until 1.30 it may create any lease but get and update its own only, so without the guide's patch
/// it asks for the migration lease in vain. From 1.31 on, for coordinated election, it may have any lease of kube-system,
/// whether or not the gate is on.
///
/// The release is that of the API server, which adds the rules to its roles when it starts.
pub const KUBE_CONTROLLER_MANAGER: Table<&[BootstrapRule]> = Table(&[
    between(
        21,
        27,
        &[CREATE_LEASES, OWN_LEASE, CREATE_ENDPOINTS, OWN_ENDPOINTS, GET_CONFIGMAPS, OWN_CONFIGMAP],
        Checked::Executed(&[27]),
        "kubernetes/kubernetes:plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go:405@v1.21.1",
    ),
    between(
        28,
        30,
        &[CREATE_LEASES, OWN_LEASE, GET_CONFIGMAPS, OWN_CONFIGMAP],
        Checked::Executed(&[28, 30]),
        "kubernetes/kubernetes:plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go:428@v1.30.4",
    ),
    between(
        31,
        34,
        &[CREATE_LEASES, OWN_LEASE, GET_CONFIGMAPS, OWN_CONFIGMAP, ANY_LEASE],
        Checked::Executed(&[31, 33, 34]),
        "kubernetes/kubernetes:plugin/pkg/auth/authorizer/rbac/bootstrappolicy/namespace_policy.go:109@v1.31.0",
    ),
    from(
        35,
        &[CREATE_LEASES, OWN_LEASE, GET_CONFIGMAPS, ANY_LEASE],
        Checked::Executed(&[35, 36, 37]),
        "kubernetes/kubernetes:plugin/pkg/auth/authorizer/rbac/bootstrappolicy/namespace_policy.go:109@v1.35.4",
    ),
]);

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
