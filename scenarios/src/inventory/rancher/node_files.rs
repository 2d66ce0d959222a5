//! RKE2's own configuration files: `/etc/rancher/rke2/config.yaml`, then `config.yaml.d/*.yaml` by name
//! (k3s-io/k3s:pkg/configfilearg/parser.go `readConfigFile`, `dotDFiles`@v1.29.3+k3s1). The files of several nodes are told
//! apart by the directories they lie in.

use super::options::Options;
use super::rke2::Server;
use super::{known, pools, shared};
use crate::diagnostic::Problem;
use crate::inventory::Inventory;
use crate::inventory::nodes::{NodeGroup, Roles};
use crate::inventory::workload::Workload;
use crate::source::{FileId, Sources};
use crate::yaml::{Kind, Node};

/// The directory of more files beside `config.yaml`.
const MORE: &str = "config.yaml.d/";

/// Options that only RKE2 and K3s have under these names, besides [`known::OPTIONS`].
const OWN: [&str; 9] = [
    "agent-token",
    "disable-apiserver",
    "disable-controller-manager",
    "disable-etcd",
    "enable-servicelb",
    "node-label",
    "node-taint",
    "write-kubeconfig",
    "write-kubeconfig-mode",
];

/// True if a document without `kind` is a configuration of RKE2.
pub(super) fn is_one(name: &str, document: &Node) -> bool {
    let options = known::OPTIONS.iter().filter(|option| option.contains('-')).chain(&OWN);
    let options: Vec<&str> = options.copied().collect();
    let mut keys = document.entries().iter().filter_map(|entry| entry.key.as_str());
    let is_named = name.contains("rancher/rke2/config.yaml") || name.contains(MORE);
    matches!(document.kind, Kind::Mapping(_))
        && (is_named || keys.any(|key| options.contains(&key.strip_suffix('+').unwrap_or(key))))
}

/// Reads the files of all nodes.
pub(super) fn read(inventory: &mut Inventory, sources: &Sources, files: Vec<(FileId, Node)>) {
    let mut nodes: Vec<(String, Vec<(FileId, Node)>)> = Vec::new();
    for (file, document) in files {
        let directory = directory(sources.name(file));
        match nodes.iter_mut().find(|(known, _)| *known == directory) {
            Some((_, files)) => files.push((file, document)),
            None => nodes.push((directory, vec![(file, document)])),
        }
    }
    let version = inventory.rancher.release.clone();
    let mut found: Vec<(String, Vec<Workload>)> = Vec::new();
    for (directory, mut files) in nodes {
        files.sort_by(|(a, _), (b, _)| order(sources.name(*a)).cmp(&order(sources.name(*b))));
        let mut options = Options::default();
        for (_, document) in &files {
            options.lay(document);
            mistyped(document, inventory);
        }
        let at = files.iter().find_map(|(_, document)| document.entries().first()).map(|entry| entry.key.span);
        let Some(at) = at.or(files.first().map(|(_, document)| document.span)) else { continue };
        let Inventory { problems, inferred, .. } = inventory;
        let mut server = Server { options: &options, version: version.as_ref(), at, problems, inferred };
        found.push((node_name(&directory), server.managers()));
    }
    if found.len() > 1 {
        // Servers have no taints, and RKE2 knows no label for workers.
        let roles = Roles { control_plane: true, etcd: true, worker: false };
        let groups = found.iter().map(|(name, managers)| {
            let span = managers.first().map(|manager| manager.span);
            let labels = pools::role_labels(roles);
            NodeGroup { name: name.clone(), count: 1, roles, labels, span, ..NodeGroup::default() }
        });
        inventory.node_groups.extend(groups);
        inventory.inferred.push(format!(
            "configurations of RKE2 lie in {} directories: each is taken for one control-plane node",
            found.len()
        ));
    }
    inventory.workloads.extend(shared(found));
}

/// The directory that stands for a node: that of `config.yaml`; a file that is called otherwise stands for itself.
fn directory(name: &str) -> String {
    if let Some((directory, _)) = name.rsplit_once(MORE) {
        return directory.to_string();
    }
    match name.rsplit_once("config.yaml") {
        Some((directory, "")) => directory.to_string(),
        _ => name.to_string(),
    }
}

/// The file itself goes before those of the directory, and these go by their names.
fn order(name: &str) -> (bool, &str) {
    name.rsplit_once(MORE).map_or((false, name), |(_, file)| (true, file))
}

/// What a node is called: the directory above `etc/rancher/rke2`, or the one that the file lies in.
fn node_name(directory: &str) -> String {
    let above = directory.trim_end_matches('/').trim_end_matches("etc/rancher/rke2").trim_end_matches('/');
    above.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("node").to_string()
}

/// A key that is nearly one of those that matter.
fn mistyped(document: &Node, inventory: &mut Inventory) {
    const READ: [&str; 8] = [
        "cloud-provider-config",
        "cloud-provider-name",
        "cluster-cidr",
        "disable-cloud-controller",
        "disable-controller-manager",
        "kube-cloud-controller-manager-arg",
        "kube-controller-manager-arg",
        "kube-controller-manager-extra-mount",
    ];
    for entry in document.entries() {
        let Some(key) = entry.key.as_str().map(|key| key.strip_suffix('+').unwrap_or(key)) else { continue };
        if known::OPTIONS.contains(&key) || OWN.contains(&key) || READ.contains(&key) {
            continue;
        }
        if let Some(close) = crate::scenario::closest(key, &READ) {
            inventory.notes.push(
                Problem::warning(format!("RKE2 leaves out `{key}`, which it does not know"))
                    .at(entry.key.span)
                    .label(format!("did you mean `{close}`?")),
            );
        }
    }
}
