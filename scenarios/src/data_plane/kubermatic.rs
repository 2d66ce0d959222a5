//! Kubermatic's own objects: the Cluster with its OpenStack settings, and MachineDeployments.
//!
//! Sources: `kubermatic/kubermatic:pkg/crd/kubermatic/v1/cluster.go@v2.18.0` (`spec.features.externalCloudProvider`,
//! `spec.cloud.openstack.useOctavia`); `kubermatic/machine-controller:pkg/apis/cluster/v1alpha1/machinedeployment_types.go@v1.36.0`.

use leasehold_model::data_plane::Api;
use leasehold_model::data_plane::problem::MOST_WORKERS;

use crate::diagnostic::Problem;
use crate::inventory::files::{Fs, gather};
use crate::source::Sources;
use crate::yaml::{self, Kind, Node};

/// What the objects say.
#[derive(Default)]
pub(super) struct Found {
    /// Nodes, no more than the model tells apart.
    pub workers: Option<u8>,
    /// Where the in-tree controller keeps its load balancers.
    pub in_tree: Option<Api>,
    /// What was understood.
    pub inferred: Vec<String>,
}

/// Reads the objects of files and directories.
pub(super) fn read(
    paths: &[String],
    directory: &str,
    fs: &dyn Fs,
    sources: &mut Sources,
    problems: &mut Vec<Problem>,
) -> Found {
    let mut found = Found::default();
    let mut replicas: Option<u64> = None;
    for path in paths {
        let path =
            if path.starts_with('/') || directory.is_empty() { path.clone() } else { format!("{directory}/{path}") };
        let gathered = gather(fs, &path);
        problems.extend(gathered.problems);
        for text in gathered.texts {
            let file = sources.add(text.name, text.text);
            let parsed = yaml::documents(sources, file);
            problems.extend(parsed.problems);
            for document in &parsed.documents {
                match (text_of(document, "apiVersion"), text_of(document, "kind")) {
                    (Some("kubermatic.k8s.io/v1" | "kubermatic.k8c.io/v1"), Some("Cluster")) => {
                        cluster(document, &mut found, problems);
                    }
                    (Some("cluster.k8s.io/v1alpha1"), Some("MachineDeployment")) => {
                        let own = machines(document, &mut found, problems);
                        replicas = Some(replicas.unwrap_or(0).saturating_add(own));
                    }
                    _ => problems.push(Problem::error("not an object of Kubermatic's").at(document.span).label(
                        "expected a Cluster of kubermatic.k8s.io/v1 or a MachineDeployment of cluster.k8s.io/v1alpha1",
                    )),
                }
            }
        }
    }
    if let Some(replicas) = replicas {
        let workers = replicas.clamp(1, MOST_WORKERS.into()) as u8;
        if u64::from(workers) != replicas {
            found.inferred.push(format!(
                "the MachineDeployments have {replicas} replicas; {workers} are searched, more show nothing new"
            ));
        }
        found.workers = Some(workers);
    }
    found
}

/// Whether the cluster has still to be migrated, and where its load balancers are.
fn cluster(document: &Node, found: &mut Found, problems: &mut Vec<Problem>) {
    let feature = document.path(&["spec", "features", "externalCloudProvider"]);
    if let Some(Node { kind: Kind::Bool(true), span, .. }) = feature {
        problems.push(
            Problem::error("the external cloud provider is on already")
                .at(*span)
                .label("expected the cluster before the migration, without this feature"),
        );
    }
    let Some(openstack) = document.path(&["spec", "cloud", "openstack"]) else {
        let at = document.get("spec").map_or(document.span, |spec| spec.span);
        return problems.push(Problem::error("not a cluster on OpenStack").at(at).label("expected `cloud.openstack`"));
    };
    let octavia = match openstack.get("useOctavia").map(|node| (&node.kind, node.span)) {
        None | Some((Kind::Null, _)) => false,
        Some((Kind::Bool(octavia), _)) => *octavia,
        Some((_, span)) => {
            return problems
                .push(Problem::error("`useOctavia` is neither true nor false").at(span).label("expected a boolean"));
        }
    };
    found.in_tree = Some(if octavia { Api::Octavia } else { Api::Neutron });
    let said = if octavia { "has `useOctavia: true`" } else { "does not set `useOctavia`" };
    let api = if octavia { "Octavia" } else { "Neutron LBaaS" };
    found.inferred.push(format!("Kubermatic's Cluster {said}, so the in-tree load balancers are in {api}"));
    // kubermatic/kubermatic:pkg/handler/common/cluster.go:604@v2.18.0
    found
        .inferred
        .push("Kubermatic refuses to switch the external cloud provider off again: a way back goes around it".into());
}

/// The replicas of a MachineDeployment.
fn machines(document: &Node, found: &mut Found, problems: &mut Vec<Problem>) -> u64 {
    let name = document.path(&["metadata", "name"]).and_then(Node::as_str).unwrap_or("without a name");
    let unavailable = document.path(&["spec", "strategy", "rollingUpdate", "maxUnavailable"]);
    if unavailable.is_some_and(|node| !matches!(&node.kind, Kind::Number(text) if text == "0")) {
        found.inferred.push(format!(
            "MachineDeployment {name} allows unavailable machines: an old node may go before its successor is there; the \
             load balancers fare the same"
        ));
    }
    match document.path(&["spec", "replicas"]) {
        None => 1,
        Some(Node { kind: Kind::Number(text), .. }) if text.parse::<u64>().is_ok() => text.parse().unwrap_or(1),
        Some(node) => {
            problems.push(Problem::error("`replicas` is no number").at(node.span).label("expected a whole number"));
            1
        }
    }
}

fn text_of<'n>(document: &'n Node, key: &str) -> Option<&'n str> {
    document.get(key).and_then(Node::as_str)
}
