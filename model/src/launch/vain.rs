//! Why a process asks for a lease in vain: it retries for ever, healthy in every other way.

use crate::config::quote;
use crate::lease::{LeaseId, LockType, Rights, Verb};

/// What the process logs at every retry for `lease`, as far as it depends on the lease and the rights; `None` if it
/// can take and keep it.
pub fn obstacle(lease: &LeaseId, rights: &Rights) -> Option<String> {
    let name = lease.name.as_str();
    let place = format!("{}/{name}", lease.namespace);
    if let Some(why) = not_a_path_segment(name) {
        return Some(format!("error retrieving resource lock {place}: invalid resource name {}: [{why}]", quote(name)));
    }
    let resource = match lease.lock {
        LockType::Leases | LockType::EndpointsLeases | LockType::ConfigMapsLeases => "leases.coordination.k8s.io",
        LockType::Endpoints => "endpoints",
        LockType::ConfigMaps => "configmaps",
    };
    let forbidden = |doing: &str| format!("{doing} {place}: {resource} {} is forbidden", quote(name));
    if !rights.allows(Verb::Get, lease) {
        return Some(forbidden("error retrieving resource lock"));
    }
    if !lease.is_valid_object_name() {
        return Some(format!(
            "error initially creating leader election record: Lease.coordination.k8s.io {} is invalid: metadata.name",
            quote(name)
        ));
    }
    if !rights.allows(Verb::Update, lease) {
        return Some(format!("Failed to update lock: {resource} {} is forbidden", quote(name)));
    }
    None
}

/// Why a client cannot even ask for an object of this name
/// (kubernetes/apimachinery:pkg/api/validation/path/name.go IsValidPathSegmentName@v0.30.14).
fn not_a_path_segment(name: &str) -> Option<String> {
    if name == "." || name == ".." {
        return Some(format!("may not be '{name}'"));
    }
    let illegal: Vec<String> =
        ["/", "%"].iter().filter(|c| name.contains(**c)).map(|c| format!("may not contain '{c}'")).collect();
    (!illegal.is_empty()).then(|| illegal.join(" "))
}
