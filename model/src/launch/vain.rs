//! Why a process asks for a lease in vain: it retries for ever, healthy in every other way.

use super::outcome::Launch;
use crate::config::quote;
use crate::lease::{LeaseId, LockType, Rights, Verb};

impl Launch {
    /// What the process logs at every retry for `lease`: the words of the API server and its client, which every release
    /// puts into its own sentence; `None` if it can take and keep the lease.
    pub fn obstacle(&self, lease: &LeaseId, rights: &Rights) -> Option<String> {
        // The API server looks at rights before it looks at the object.
        refused_request(lease, rights)
            .or_else(|| {
                let name = quote(&lease.name);
                let refused = || format!("Lease.coordination.k8s.io {name} is invalid: spec.leaseDurationSeconds");
                (!self.settings.is_storable(lease)).then(refused)
            })
            .or_else(|| {
                let coordinated = format!("with CoordinatedLeaderElection the API server gives {lease} to nobody");
                (!self.settings.is_given(lease)).then_some(coordinated)
            })
    }
}

/// Why no request for `lease` succeeds, whatever it says.
fn refused_request(lease: &LeaseId, rights: &Rights) -> Option<String> {
    let name = quote(&lease.name);
    let (resource, kind) = match lease.lock {
        LockType::Leases => ("leases.coordination.k8s.io", "Lease.coordination.k8s.io"),
        LockType::Endpoints | LockType::EndpointsLeases => ("endpoints", "Endpoints"),
        LockType::ConfigMaps | LockType::ConfigMapsLeases => ("configmaps", "ConfigMap"),
    };
    if let Some(why) = not_a_path_segment(&lease.name) {
        Some(format!("invalid resource name {name}: [{why}]"))
    } else if !rights.allows(Verb::Get, lease) {
        Some(format!("{resource} {name} is forbidden"))
    } else if !lease.is_valid_object_name() {
        Some(format!("{kind} {name} is invalid: metadata.name"))
    } else if !rights.allows(Verb::Update, lease) {
        Some(format!("{resource} {name} is forbidden"))
    } else {
        None
    }
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
