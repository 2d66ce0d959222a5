//! Locks of leader election: their identity, and the rights a manager needs to hold one.
//!
//! A lock is identified by namespace, name and lock type as *each binary's own* flags and files say; two managers that
//! disagree in any of the three hold two independent locks.

use std::fmt;

/// The API resource a lock is stored in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum LockType {
    /// `leases` of coordination.k8s.io, the only type since client-go 0.24.
    Leases,
    /// `endpoints`
    Endpoints,
    /// `configmaps`
    ConfigMaps,
    /// `endpointsleases`: both objects must be had.
    EndpointsLeases,
    /// `configmapsleases`: both objects must be had.
    ConfigMapsLeases,
}

impl LockType {
    /// Every lock type client-go ever had.
    pub const ALL: [LockType; 5] = [
        LockType::Leases,
        LockType::Endpoints,
        LockType::ConfigMaps,
        LockType::EndpointsLeases,
        LockType::ConfigMapsLeases,
    ];

    /// The value as flags and files spell it.
    pub const fn name(self) -> &'static str {
        match self {
            LockType::Leases => "leases",
            LockType::Endpoints => "endpoints",
            LockType::ConfigMaps => "configmaps",
            LockType::EndpointsLeases => "endpointsleases",
            LockType::ConfigMapsLeases => "configmapsleases",
        }
    }

    /// The lock type spelled `name`.
    pub fn from_name(name: &str) -> Option<LockType> {
        LockType::ALL.into_iter().find(|t| t.name() == name)
    }
}

/// The identity of a lock.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct LeaseId {
    /// The namespace, `kube-system` unless a flag says otherwise.
    pub namespace: String,
    /// The object's name.
    pub name: String,
    /// Where the lock is stored.
    pub lock: LockType,
}

impl LeaseId {
    /// A `leases` lock in `kube-system`.
    pub fn kube_system(name: &str) -> LeaseId {
        LeaseId { namespace: "kube-system".into(), name: name.into(), lock: LockType::Leases }
    }

    /// True if the API server would take an object of this name: a DNS-1123 subdomain
    /// (kubernetes/apimachinery:pkg/util/validation/validation.go IsDNS1123Subdomain).
    /// Managers accept any other name too, and then fail at every request for ever.
    pub fn is_valid_object_name(&self) -> bool {
        let label = |l: &str| {
            !l.is_empty()
                && l.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
                && !l.starts_with('-')
                && !l.ends_with('-')
        };
        self.name.len() <= 253 && self.name.split('.').all(label)
    }
}

impl fmt::Display for LeaseId {
    /// `kube-system/cloud-controller-manager`, and ` (endpoints)` where it is no Lease.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.namespace, self.name)?;
        match self.lock {
            LockType::Leases => Ok(()),
            other => write!(f, " ({})", other.name()),
        }
    }
}

/// What leader election asks of the API server.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Verb {
    /// Every attempt starts with it.
    Get,
    /// Needed when the object does not exist.
    Create,
    /// Needed to take and to renew.
    Update,
}

impl Verb {
    /// All three.
    pub const ALL: [Verb; 3] = [Verb::Get, Verb::Create, Verb::Update];

    /// The verb as RBAC spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Verb::Get => "get",
            Verb::Create => "create",
            Verb::Update => "update",
        }
    }
}

/// One permission on lock objects, as RBAC rules grant them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LockRule {
    /// `None`: every namespace (a ClusterRole bound cluster-wide).
    pub namespace: Option<String>,
    /// `None`: every name. A rule with names never grants `create`, because the name of an object that does not exist
    /// yet is not part of the request (kubernetes/website: reference/access-authn-authz/rbac, "Referring to resources").
    pub names: Option<Vec<String>>,
    /// The plain resources granted: `leases`, `endpoints`, `configmaps`, or `*`.
    pub resources: Vec<String>,
    /// The verbs granted, as written: `get`, `create`, `update`, `*` and others that do not matter here.
    pub verbs: Vec<String>,
}

/// The rights of one manager's user on lock objects: the union of its rules.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Rights {
    /// The rules, in any order.
    pub rules: Vec<LockRule>,
}

impl Rights {
    /// `get`, `create` and `update` on every lock object everywhere.
    pub fn all() -> Rights {
        let any = || vec!["*".to_string()];
        Rights { rules: vec![LockRule { namespace: None, names: None, resources: any(), verbs: any() }] }
    }

    /// True if `verb` on `lease` is granted for every object the lock type needs.
    pub fn allows(&self, verb: Verb, lease: &LeaseId) -> bool {
        let resources: &[&str] = match lease.lock {
            LockType::Leases => &["leases"],
            LockType::Endpoints => &["endpoints"],
            LockType::ConfigMaps => &["configmaps"],
            LockType::EndpointsLeases => &["endpoints", "leases"],
            LockType::ConfigMapsLeases => &["configmaps", "leases"],
        };
        resources.iter().all(|resource| self.rules.iter().any(|rule| rule.grants(verb, resource, lease)))
    }

    /// The verbs that are missing to take and keep `lease` for good.
    pub fn missing(&self, lease: &LeaseId) -> Vec<Verb> {
        Verb::ALL.into_iter().filter(|&verb| !self.allows(verb, lease)).collect()
    }
}

impl LockRule {
    fn grants(&self, verb: Verb, resource: &str, lease: &LeaseId) -> bool {
        let has = |list: &[String], wanted: &str| list.iter().any(|x| x == wanted || x == "*");
        let name_matches = match &self.names {
            None => true,
            Some(names) => verb != Verb::Create && names.contains(&lease.name),
        };
        name_matches
            && self.namespace.as_ref().is_none_or(|n| *n == lease.namespace)
            && has(&self.resources, resource)
            && has(&self.verbs, verb.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn create_is_never_granted_by_name() {
        let lease = LeaseId::kube_system("cloud-provider-extraction-migration");
        let patched = LockRule {
            namespace: Some("kube-system".into()),
            names: Some(vec![lease.name.clone()]),
            resources: vec!["leases".into()],
            verbs: ["create", "list", "get", "update"].map(String::from).to_vec(),
        };
        let mut rights = Rights { rules: vec![patched] };
        assert_eq!(rights.missing(&lease), [Verb::Create]);
        rights.rules.push(LockRule {
            namespace: None,
            names: None,
            resources: vec!["leases".into()],
            verbs: vec!["create".into()],
        });
        assert_eq!(rights.missing(&lease), []);
        assert_eq!(rights.missing(&LeaseId::kube_system("other")), [Verb::Get, Verb::Update]);
        let elsewhere = LeaseId { namespace: "default".into(), ..lease };
        assert_eq!(rights.missing(&elsewhere), [Verb::Get, Verb::Update]);
    }

    #[test]
    fn object_names_are_checked_as_the_api_server_does() {
        for (name, valid) in [("a", true), ("a.b-c", true), ("A", false), ("a/b", false), ("", false), ("-a", false)] {
            assert_eq!(LeaseId::kube_system(name).is_valid_object_name(), valid, "{name}");
        }
    }
}
