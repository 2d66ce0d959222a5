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

/// The ClusterRoles that every cluster has, beside those of its controllers, `system:controller:…`.
const CLUSTER_ROLES: [&str; 32] = [
    "admin",
    "cluster-admin",
    "edit",
    "system:aggregate-to-admin",
    "system:aggregate-to-edit",
    "system:aggregate-to-view",
    "system:auth-delegator",
    "system:basic-user",
    "system:certificates.k8s.io:certificatesigningrequests:nodeclient",
    "system:certificates.k8s.io:certificatesigningrequests:selfnodeclient",
    "system:certificates.k8s.io:kube-apiserver-client-approver",
    "system:certificates.k8s.io:kube-apiserver-client-kubelet-approver",
    "system:certificates.k8s.io:kubelet-serving-approver",
    "system:certificates.k8s.io:legacy-unknown-approver",
    "system:cluster-trust-bundle-discovery",
    "system:discovery",
    "system:heapster",
    "system:kube-aggregator",
    "system:kube-controller-manager",
    "system:kube-dns",
    "system:kube-scheduler",
    "system:kubelet-api-admin",
    "system:monitoring",
    "system:node",
    "system:node-bootstrapper",
    "system:node-problem-detector",
    "system:node-proxier",
    "system:persistent-volume-provisioner",
    "system:public-info-viewer",
    "system:service-account-issuer-discovery",
    "system:volume-scheduler",
    "view",
];

/// The Roles that every cluster has in kube-system, beside those of its controllers, `system:controller:…`.
const SYSTEM_ROLES: [&str; 3] = [
    "extension-apiserver-authentication-reader",
    "system::leader-locking-kube-controller-manager",
    "system::leader-locking-kube-scheduler",
];

/// Whether the ClusterRoles `edit` and `admin` have leases.
pub const EDIT_HAS_LEASES: Table<bool> = Table(&[from(
    25,
    true,
    Checked::Read,
    "kubernetes/kubernetes:plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go:328@v1.30.4",
)]);

/// What a role that every cluster has grants on locks, to whomever it is bound; `None` if no cluster has it by itself.
/// The rules have no namespace if the role has none: the binding decides
/// (kubernetes/kubernetes:plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go:194, namespace_policy.go:75@v1.30.4).
pub fn bootstrapped(kind: &str, namespace: &str, name: &str, release: Release) -> Option<Vec<LockRule>> {
    let of_a_controller = name.starts_with("system:controller:");
    let rule = |names: Option<&[&str]>, verbs: &[&str]| LockRule {
        namespace: None,
        names: names.map(strings),
        resources: vec!["leases".into()],
        verbs: strings(verbs),
    };
    match (kind, namespace) {
        ("ClusterRole", _) if of_a_controller || CLUSTER_ROLES.contains(&name) => Some(match name {
            "cluster-admin" => Rights::all().rules,
            "system:kube-controller-manager" => stock(Component::KubeControllerManager, release)
                .rules
                .into_iter()
                .filter(|rule| rule.namespace.is_none())
                .collect(),
            "edit" | "admin" if EDIT_HAS_LEASES.get(release) == Some(&true) => {
                vec![rule(None, &["get", "create", "update"])]
            }
            "system:node" => vec![rule(None, &["get", "create", "update"])],
            "system:kube-scheduler" => {
                vec![rule(None, &["create"]), rule(Some(&["kube-scheduler"]), &["get", "update"])]
            }
            _ => Vec::new(),
        }),
        ("Role", "kube-system") if of_a_controller || SYSTEM_ROLES.contains(&name) => Some(match name {
            "system::leader-locking-kube-controller-manager" => stock(Component::KubeControllerManager, release)
                .rules
                .into_iter()
                .filter(|rule| rule.namespace.is_some())
                .collect(),
            _ => Vec::new(),
        }),
        _ => None,
    }
}

/// The rights that `component`'s user has on a fresh cluster of `release`.
pub fn stock(component: Component, release: Release) -> Rights {
    let rules = match component {
        Component::KubeControllerManager => KUBE_CONTROLLER_MANAGER.get(release).copied().unwrap_or_default(),
        Component::CloudControllerManager => &[],
    };
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

fn strings(list: &[&str]) -> Vec<String> {
    list.iter().map(|s| s.to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lease::{LeaseId, Verb};

    #[test]
    fn roles_that_every_cluster_has_grant_what_they_grant() {
        let lease = |name: &str| crate::lease::LeaseId::kube_system(name);
        let allows = |role: &str, verb, name: &str| {
            let rules = bootstrapped("ClusterRole", "", role, Release::NEWEST).expect("every cluster has it");
            Rights { rules }.allows(verb, &lease(name))
        };
        use crate::lease::Verb::{Create, Get, Update};
        assert!([Get, Create, Update].into_iter().all(|verb| allows("system:node", verb, "any")));
        assert!([Get, Create, Update].into_iter().all(|verb| allows("system:kube-scheduler", verb, "kube-scheduler")));
        assert!(allows("system:kube-scheduler", Create, "any"));
        assert!(!allows("system:kube-scheduler", Update, "any"));
        assert!(!allows("system:kube-dns", Get, "any"));
    }

    #[test]
    fn roles_of_every_cluster_grant_what_they_grant_and_no_other_is_known() {
        let release = |text: &str| text.parse().unwrap();
        let missing = |kind: &str, name: &str, r: &str| {
            let rules = bootstrapped(kind, "kube-system", name, release(r))?;
            Some(Rights { rules }.missing(&LeaseId::kube_system("cloud-provider-extraction-migration")))
        };
        assert_eq!(missing("ClusterRole", "cluster-admin", "1.30"), Some(vec![]));
        assert_eq!(missing("ClusterRole", "edit", "1.24"), Some(Verb::ALL.to_vec()));
        assert_eq!(missing("ClusterRole", "edit", "1.25"), Some(vec![]));
        assert_eq!(missing("ClusterRole", "view", "1.30"), Some(Verb::ALL.to_vec()));
        let kcm = "system:kube-controller-manager";
        assert_eq!(missing("ClusterRole", kcm, "1.30"), Some(vec![Verb::Get, Verb::Update]));
        assert_eq!(missing("ClusterRole", "system:controller:route-controller", "1.30"), Some(Verb::ALL.to_vec()));
        let locking = "system::leader-locking-kube-controller-manager";
        assert_eq!(missing("Role", locking, "1.30"), Some(Verb::ALL.to_vec()));
        assert_eq!(missing("Role", locking, "1.31"), Some(vec![]));
        assert_eq!(missing("Role", "system::leader-locking-cloud-controller-manager", "1.30"), None);
        assert_eq!(missing("ClusterRole", "system:cloud-controller-manager", "1.30"), None);
    }
}
