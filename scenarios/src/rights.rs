//! What a manager's user may do with lock objects: bootstrap roles, given roles and bindings.
//!
//! Contract: the result grants nothing that RBAC would not. Rules on other API groups than the lock's are dropped;
//! `resources` with a subresource never match.

use leasehold_model::controller::Component;
use leasehold_model::facts;
use leasehold_model::lease::{LockRule, Rights};
use leasehold_model::release::Release;

use crate::inventory::Identity;
use crate::inventory::rbac::{Content, Object, Rule, Subject};

/// The user of a stock kube-controller-manager (kubernetes/kubernetes:cmd/kubeadm/app/phases/kubeconfig/kubeconfig.go,
/// staging/src/k8s.io/apiserver/pkg/authentication/user/user.go `KubeControllerManager`).
pub const KUBE_CONTROLLER_MANAGER: &str = "system:kube-controller-manager";

/// The user of a cloud-controller-manager that runs outside the cluster or as a static pod, by convention
/// (kubernetes/website: tasks/administer-cluster/running-cloud-controller).
pub const CLOUD_CONTROLLER_MANAGER: &str = "system:cloud-controller-manager";

/// Who a manager is to the API server.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum User {
    /// A user by name.
    Named {
        /// The name.
        name: String,
        /// The groups it is in, besides those that every user is in.
        groups: Vec<String>,
    },
    /// A service account.
    ServiceAccount {
        /// Its namespace.
        namespace: String,
        /// Its name.
        name: String,
    },
}

/// The group that may do everything, which a kubeadm admin's certificate names (kubernetes/apiserver:
/// pkg/authentication/user/user.go `SystemPrivilegedGroup`@v0.36.0).
const PRIVILEGED: &str = "system:masters";

impl User {
    /// The user of this name: the service account, if it is one's name.
    pub fn named(name: &str, groups: Vec<String>) -> User {
        let account = name.strip_prefix("system:serviceaccount:").and_then(|rest| rest.split_once(':'));
        match account {
            Some((namespace, name)) => User::ServiceAccount { namespace: namespace.into(), name: name.into() },
            None => User::Named { name: name.into(), groups },
        }
    }

    /// The user name in requests.
    pub fn name(&self) -> String {
        match self {
            User::Named { name, .. } => name.clone(),
            User::ServiceAccount { namespace, name } => format!("system:serviceaccount:{namespace}:{name}"),
        }
    }

    /// True if `subject` means this user, by name or through a group it is always in
    /// (kubernetes/kubernetes:pkg/registry/rbac/validation/rule.go `appliesToUser`).
    fn is(&self, subject: &Subject) -> bool {
        match subject.kind.as_str() {
            "User" => subject.name == self.name() || subject.name == "*",
            "ServiceAccount" => {
                matches!(self, User::ServiceAccount { namespace, name } if *namespace == subject.namespace && *name == subject.name)
            }
            "Group" => match (subject.name.as_str(), self) {
                ("system:authenticated", _) | ("system:serviceaccounts", User::ServiceAccount { .. }) => true,
                (group, User::ServiceAccount { namespace, .. }) => {
                    group.strip_prefix("system:serviceaccounts:") == Some(namespace)
                }
                (group, User::Named { groups, .. }) => groups.iter().any(|g| g == group),
            },
            _ => false,
        }
    }
}

/// What a user may do, and how that was found.
#[derive(Clone, PartialEq, Debug)]
pub struct Granted<'o> {
    /// The rights.
    pub rights: Rights,
    /// True if anything given says so: a role that is bound to the user, or its group.
    pub is_told: bool,
    /// Bindings of the user whose role is neither given nor one that every cluster has: they grant nothing here.
    pub unresolved: Vec<&'o Object>,
}

/// The rights of `user`, who runs `component`, under the given objects.
pub fn rights<'o>(component: Component, release: Release, user: &User, objects: &'o [Object]) -> Granted<'o> {
    if matches!(user, User::Named { groups, .. } if groups.iter().any(|g| g == PRIVILEGED)) {
        return Granted { rights: Rights::all(), is_told: true, unresolved: Vec::new() };
    }
    let is_stock = component == Component::CloudControllerManager || user.name() == KUBE_CONTROLLER_MANAGER;
    let mut rules = if is_stock { bootstrap(component, release, objects) } else { Vec::new() };
    let (mut any, mut unresolved) = (false, Vec::new());
    for object in objects {
        let namespace = Some(object.identity.namespace.as_str()).filter(|n| !n.is_empty());
        match &object.content {
            Content::Binding { role_kind, role, subjects } if subjects.iter().any(|s| user.is(s)) => {
                let bound = objects.iter().find(|o| is_role(&o.identity, role_kind, role, &object.identity.namespace));
                if let Some(Content::Role(given)) = bound.map(|b| &b.content) {
                    any = true;
                    rules.extend(given.iter().filter_map(|rule| lock_rule(rule, namespace)));
                } else if let Some(stock) =
                    facts::rbac::bootstrapped(role_kind, &object.identity.namespace, role, release)
                {
                    any |= !stock.is_empty();
                    let within = |rule| LockRule { namespace: namespace.map(str::to_string), ..rule };
                    rules.extend(stock.into_iter().map(within));
                } else {
                    unresolved.push(object);
                }
            }
            // Bound by the bootstrap policy, so a given role of this name needs no binding of its own
            // (kubernetes/kubernetes:plugin/pkg/auth/authorizer/rbac/bootstrappolicy/namespace_policy.go, policy.go).
            Content::Role(given) if is_stock && bootstrap_binds(component, &object.identity) => {
                any = true;
                rules.extend(given.iter().filter_map(|rule| lock_rule(rule, namespace)));
            }
            _ => {}
        }
    }
    Granted { rights: Rights { rules }, is_told: any, unresolved }
}

fn is_role(identity: &Identity, kind: &str, name: &str, namespace: &str) -> bool {
    identity.kind == kind && identity.name == name && (kind == "ClusterRole" || identity.namespace == namespace)
}

/// True if a stock cluster binds the role to the component's user. The guide treats the two leader-locking roles alike,
/// although no stock cluster has the one of the cloud-controller-manager.
fn bootstrap_binds(component: Component, role: &Identity) -> bool {
    let locking = role.kind == "Role"
        && role.namespace == "kube-system"
        && role.name.strip_prefix("system::leader-locking-") == Some(component.name());
    let cluster = component == Component::KubeControllerManager
        && role.kind == "ClusterRole"
        && role.name == KUBE_CONTROLLER_MANAGER;
    locking || cluster
}

/// What a stock cluster grants; a given role of the same name takes the place of the stock one.
fn bootstrap(component: Component, release: Release, objects: &[Object]) -> Vec<LockRule> {
    let given = |kind: &str| objects.iter().any(|o| o.identity.kind == kind && bootstrap_binds(component, &o.identity));
    let (cluster_role, role) = (given("ClusterRole"), given("Role"));
    let mut rules = facts::rbac::stock(component, release).rules;
    rules.retain(|rule| if rule.namespace.is_none() { !cluster_role } else { !role });
    rules
}

/// A rule as far as it concerns lock objects; `None` if it does not.
fn lock_rule(rule: &Rule, namespace: Option<&str>) -> Option<LockRule> {
    let has = |group: &str| rule.api_groups.iter().any(|g| g == group || g == "*");
    let resources: Vec<String> = rule
        .resources
        .iter()
        .filter(|r| match r.as_str() {
            "leases" => has("coordination.k8s.io"),
            "endpoints" | "configmaps" => has(""),
            "*" => has("coordination.k8s.io") || has(""),
            _ => false,
        })
        .flat_map(|r| match r.as_str() {
            // `*` means the resources of the rule's groups only.
            "*" => {
                let mut all = Vec::new();
                if has("coordination.k8s.io") {
                    all.push("leases".to_string());
                }
                if has("") {
                    all.extend(["endpoints".to_string(), "configmaps".to_string()]);
                }
                all
            }
            r => vec![r.to_string()],
        })
        .collect();
    (!resources.is_empty()).then(|| LockRule {
        namespace: namespace.map(str::to_string),
        names: (!rule.resource_names.is_empty()).then(|| rule.resource_names.clone()),
        resources,
        verbs: rule.verbs.clone(),
    })
}

/// Full rights on one lease (`*`: on all), as an assumption.
pub fn assumed(lease: &str) -> Vec<LockRule> {
    let list = |items: &[&str]| items.iter().map(|i| (*i).to_string()).collect::<Vec<_>>();
    if lease == "*" {
        return Rights::all().rules;
    }
    let resources = list(&["*"]);
    vec![
        LockRule {
            namespace: None,
            names: Some(vec![lease.to_string()]),
            resources: resources.clone(),
            verbs: list(&["get", "update"]),
        },
        LockRule { namespace: None, names: None, resources, verbs: list(&["create"]) },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::documents;
    use crate::inventory::files::{FileKind, Fs};
    use crate::source::Sources;
    use leasehold_model::lease::{LeaseId, Verb};
    use std::io;
    use std::path::Path;

    /// One file.
    struct One(&'static str);

    impl Fs for One {
        fn kind(&self, _: &Path) -> io::Result<FileKind> {
            Ok(FileKind::File(1))
        }
        fn list(&self, _: &Path) -> io::Result<Vec<String>> {
            Ok(Vec::new())
        }
        fn read(&self, _: &Path, _: usize) -> io::Result<Vec<u8>> {
            Ok(self.0.as_bytes().to_vec())
        }
        fn stdin(&self, _: usize) -> io::Result<Vec<u8>> {
            Ok(Vec::new())
        }
    }

    fn missing(component: Component, user: &User, manifest: &'static str) -> (Vec<Verb>, Vec<Verb>, bool) {
        let objects = documents::read(&One(manifest), &["a.yaml".to_string()], &mut Sources::new()).rbac;
        let Granted { rights, is_told: any, .. } = rights(component, Release::new(30).unwrap(), user, &objects);
        let main = LeaseId::kube_system(component.name());
        (rights.missing(&main), rights.missing(&LeaseId::kube_system("cloud-provider-extraction-migration")), any)
    }

    const PATCH: &str = "\
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: \"system::leader-locking-COMPONENT\", namespace: kube-system}
rules:
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  resourceNames: [cloud-provider-extraction-migration]
  verbs: [create, list, get, update]
";

    const VENDOR: &str = "\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: system:cloud-controller-manager}
rules:
- {apiGroups: [coordination.k8s.io], resources: [leases], verbs: [get, create, update]}
- {apiGroups: [\"\"], resources: [leases, \"*/status\"], verbs: [\"*\"]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: KIND
metadata: {name: system:cloud-controller-manager, namespace: NAMESPACE}
roleRef: {kind: ClusterRole, name: system:cloud-controller-manager}
subjects: [{kind: ServiceAccount, name: ccm, namespace: kube-system}]
";

    fn leak(text: &str, pairs: &[(&str, &str)]) -> &'static str {
        pairs.iter().fold(text.to_string(), |text, (from, to)| text.replace(from, to)).leak()
    }

    #[test]
    fn the_guides_patch_needs_no_binding_and_cannot_create() {
        let kcm = User::named(KUBE_CONTROLLER_MANAGER, vec![]);
        let component = Component::KubeControllerManager;
        assert_eq!(missing(component, &kcm, "# nothing"), (vec![], vec![Verb::Get, Verb::Update], false));
        let patch = leak(PATCH, &[("COMPONENT", "kube-controller-manager")]);
        assert_eq!(missing(component, &kcm, patch), (vec![], vec![], true));

        let ccm = User::named(CLOUD_CONTROLLER_MANAGER, vec![]);
        let patch = leak(PATCH, &[("COMPONENT", "cloud-controller-manager")]);
        let all = Verb::ALL.to_vec();
        assert_eq!(missing(Component::CloudControllerManager, &ccm, patch), (all, vec![Verb::Create], true));
        let other = leak(PATCH, &[("COMPONENT", "kube-scheduler")]);
        assert_eq!(missing(component, &kcm, other), (vec![], vec![Verb::Get, Verb::Update], false));
    }

    #[test]
    fn bindings_reach_as_far_as_their_kind_says() {
        let component = Component::CloudControllerManager;
        let account = |name: &str| User::ServiceAccount { namespace: "kube-system".into(), name: name.into() };
        let bound = |kind, namespace| leak(VENDOR, &[("KIND", kind), ("NAMESPACE", namespace)]);
        let all = Verb::ALL.to_vec();
        let everywhere = bound("ClusterRoleBinding", "x");
        assert_eq!(missing(component, &account("ccm"), everywhere), (vec![], vec![], true));
        assert_eq!(missing(component, &account("other"), everywhere), (all.clone(), all.clone(), false));
        assert_eq!(missing(component, &account("ccm"), bound("RoleBinding", "kube-system")), (vec![], vec![], true));
        assert_eq!(missing(component, &account("ccm"), bound("RoleBinding", "default")), (all.clone(), all, true));
    }
}
