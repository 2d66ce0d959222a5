//! Rancher's own files, read as the managers that Rancher makes of them.
//!
//! * [`cluster`], [`pools`], [`selector`]: a cluster that Rancher provisions.
//! * [`options`], [`rke2`], [`node_files`]: RKE2 and its configuration files.
//! * [`rke1`]: RKE and its `cluster.yml`.
//! * [`helm`], [`aws`], [`azure`]: HelmChart resources of the cloud-controller-managers' charts.
//! * [`patch`]: JSON patches.
//! * [`template`]: templates that nobody rendered.
//!
//! Contract: what is assumed is said in [`Inventory::inferred`], what is not read in [`Inventory::notes`]. The table of
//! what becomes of what is in docs/rancher.md.

mod aws;
mod azure;
mod cluster;
mod helm;
mod known;
mod made;
mod node_files;
mod options;
pub mod patch;
mod pools;
mod rke1;
mod rke2;
mod selector;
mod template;

use super::workload::Workload;
use super::{Identity, Inventory, Spanned};
use crate::diagnostic::Problem;
use crate::source::{FileId, Sources, Span};
use crate::yaml::{self, Node};

pub(super) use template::{unrendered, unrendered_in};

/// What can be read only when all files are there.
#[derive(Clone, Debug, Default)]
pub struct Pending {
    /// The version of the cluster's Kubernetes, where a file of Rancher's says it.
    release: Option<Spanned<String>>,
    /// HelmChart resources.
    charts: Vec<helm::Chart>,
    /// Values for a HelmChart, by its name.
    overrides: Vec<(String, Node)>,
    /// RKE2's configuration files.
    node_files: Vec<(FileId, Node)>,
    /// How many streams of manifests inside strings are open.
    open: usize,
}

/// Streams of manifests inside each other that are followed.
const MAX_STREAMS: usize = 4;

/// Reads an object of one of Rancher's API groups; false if it is none that is read here.
pub(super) fn object(
    inventory: &mut Inventory,
    sources: &Sources,
    (file, group): (FileId, &str),
    (identity, span): (&Identity, Span),
    object: &Node,
) -> bool {
    match (identity.kind.as_str(), group) {
        ("Cluster", "provisioning.cattle.io") => {
            cluster::read(inventory, object, span);
            if let Some(manifest) = object.path(&["spec", "rkeConfig", "additionalManifest"]) {
                stream(inventory, sources, file, manifest, "additionalManifest");
            }
        }
        ("HelmChart", "helm.cattle.io") => helm::read(inventory, file, identity, object, span),
        ("HelmChartConfig", "helm.cattle.io") => helm::read_override(inventory, sources, identity, object),
        _ => return false,
    }
    true
}

/// Reads a document without `kind`, if it is one of Rancher's; false if it is none.
pub(super) fn document(inventory: &mut Inventory, sources: &Sources, file: FileId, document: &Node) -> bool {
    if let Some(config) = document.path(&["spec", "rkeConfig"]) {
        let identity = Identity { kind: "Cluster".into(), namespace: String::new(), name: String::new() };
        return object(inventory, sources, (file, "provisioning.cattle.io"), (&identity, config.span), document);
    }
    if let Some(config) = rke1::find(document) {
        inventory.duplicates(sources, config);
        rke1::beside(document, &mut inventory.notes);
        rke1::read(inventory, sources, config);
        if let Some(addons) = config.get("addons") {
            stream(inventory, sources, file, addons, "addons");
        }
        return true;
    }
    if node_files::is_one(sources.name(file), document) {
        inventory.duplicates(sources, document);
        inventory.rancher.node_files.push((file, document.clone()));
        return true;
    }
    false
}

/// Reads what needed all files.
pub(super) fn finish(inventory: &mut Inventory, sources: &Sources) {
    let Pending { charts, node_files, .. } = &mut inventory.rancher;
    let (charts, node_files) = (std::mem::take(charts), std::mem::take(node_files));
    node_files::read(inventory, sources, node_files);
    for chart in charts {
        helm::render(inventory, sources, chart);
    }
}

/// Reads manifests inside a string.
fn stream(inventory: &mut Inventory, sources: &Sources, file: FileId, string: &Node, name: &str) {
    if string.as_str().is_none() && string.kind != yaml::Kind::Null {
        return inventory
            .problems
            .push(made::wrong(string, name, "a string of manifests").help("write it as a block after `|-`"));
    }
    if let Some(problem) = unrendered(sources, string.span) {
        return inventory.problems.push(problem);
    }
    if inventory.rancher.open >= MAX_STREAMS {
        return inventory.problems.push(Problem::error("manifests nested too deeply").at(string.span));
    }
    inventory.rancher.open += 1;
    let inner = yaml::documents_in(sources, string);
    inventory.problems.extend(inner.problems);
    for document in inner.documents.iter().filter(|document| document.kind != yaml::Kind::Null) {
        inventory.object(sources, file, document, false, 1);
    }
    inventory.rancher.open -= 1;
}

/// The managers of groups of nodes: those that are alike everywhere belong to every control-plane node.
fn shared(groups: Vec<(String, Vec<Workload>)>) -> Vec<Workload> {
    let alike = |a: &Workload, b: &Workload| {
        let args = |w: &Workload| w.args.iter().map(|arg| arg.value.clone()).collect::<Vec<_>>();
        let mounts = |w: &Workload| w.mounts.iter().map(|mount| mount.path.clone()).collect::<Vec<_>>();
        a.component == b.component && args(a) == args(b) && mounts(a) == mounts(b)
    };
    let everywhere =
        |workload: &Workload| groups.iter().all(|(_, workloads)| workloads.iter().any(|other| alike(workload, other)));
    let mut found = Vec::new();
    for (at, (name, workloads)) in groups.iter().enumerate() {
        for workload in workloads {
            let group = (!everywhere(workload) && !name.is_empty()).then(|| name.clone());
            if at == 0 || group.is_some() {
                found.push(Workload { group, ..workload.clone() });
            }
        }
    }
    found
}
