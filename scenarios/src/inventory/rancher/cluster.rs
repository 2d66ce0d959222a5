//! A cluster that Rancher provisions with RKE2: `Cluster` of `provisioning.cattle.io/v1`.
//!
//! Upstream: rancher/rancher:pkg/capr/planner/config.go `addUserConfig`, `addRoleConfig`, filter.go `filterField`,
//! planner.go `renderArgAndMount`@v2.8.5; pkg/apis/provisioning.cattle.io/v1/cluster.go, rke.go and
//! pkg/apis/rke.cattle.io/v1/cluster.go@v2.8.5. The same at v2.7.10 and v2.13.1, but for the directory of RKE2's data.

use super::made::{At, entries, items, unknown, wrong};
use super::options::Options;
use super::pools::{self, Pool};
use super::rke2::Server;
use super::selector::Selector;
use super::{known, shared};
use crate::diagnostic::Problem;
use crate::inventory::nodes::{NodeGroup, Roles};
use crate::inventory::workload::Workload;
use crate::inventory::{Inventory, Spanned};
use crate::source::Span;
use crate::yaml::{Kind, Node};

/// What every selector finds on a machine whose pool nobody wrote down.
const UNKNOWN_MACHINES: &str =
    "the cluster has no machinePools: its nodes are taken to be alike, each with all three roles";

/// Reads a cluster. What is in its `additionalManifest` is read by the caller.
pub(super) fn read(inventory: &mut Inventory, object: &Node, span: Span) {
    let Some(spec) = object.get("spec") else { return };
    unknown(spec, &known::SPEC, "a Rancher cluster's spec", &mut inventory.notes);
    let version = spec
        .get("kubernetesVersion")
        .and_then(|n| Some(Spanned { value: n.as_str()?.trim().to_string(), span: n.span }))
        .filter(|version| !version.value.is_empty());
    let Some(config) = spec.get("rkeConfig").filter(|node| node.kind != Kind::Null) else {
        let note = Problem::note("a cluster without `rkeConfig`: Rancher does not configure its managers");
        return inventory.notes.push(note.at(span));
    };
    if !matches!(config.kind, Kind::Mapping(_)) {
        return inventory.problems.push(wrong(config, "rkeConfig", "a mapping"));
    }
    unknown(config, &known::RKE_CONFIG, "`rkeConfig`", &mut inventory.notes);
    if version.as_ref().is_some_and(|version| version.value.contains("k3s")) {
        let note = Problem::note("a K3s cluster is not read: its managers run inside K3s");
        return inventory.notes.push(note.at(version.map_or(span, |version| version.span)));
    }
    inventory.rancher.release = inventory.rancher.release.take().or(version.clone());
    let name = object.path(&["metadata", "name"]).and_then(Node::as_str).unwrap_or("");
    let mut pools = pools::read(config, name, inventory);
    if pools.is_empty() {
        let roles = Roles { control_plane: true, etcd: true, worker: true };
        let group = NodeGroup { name: String::new(), count: 1, roles, ..NodeGroup::default() };
        pools.push(Pool { machine_labels: pools::machine_labels(&group, name), group });
        inventory.inferred.push(UNKNOWN_MACHINES.into());
    }
    let overrides = overrides(config, &pools, inventory);
    let mut found: Vec<(String, Vec<Workload>)> = Vec::new();
    for pool in pools.iter().filter(|pool| pool.group.roles.control_plane) {
        let options = options(config, &overrides, pool, span, inventory);
        let Inventory { problems, inferred, .. } = inventory;
        let mut server = Server { options: &options, version: version.as_ref(), at: span, problems, inferred };
        found.push((pool.group.name.clone(), server.managers()));
    }
    if found.is_empty() {
        inventory.problems.push(
            Problem::error("no machine pool has `controlPlaneRole: true`")
                .at(config.get("machinePools").map_or(span, |pools| pools.span))
                .label("no node runs kube-controller-manager"),
        );
    }
    inventory.workloads.extend(shared(found));
    inventory
        .node_groups
        .extend(pools.into_iter().map(|p| p.group).filter(|g| g.roles.control_plane && !g.name.is_empty()));
    for entry in entries(config.get("chartValues"), "chartValues", &mut inventory.problems) {
        if let Some(chart) = entry.key.as_str() {
            inventory.rancher.overrides.push((chart.to_string(), entry.value.clone()));
        }
    }
    if let Some(files) = config.get("machineSelectorFiles").filter(|files| !files.items().is_empty()) {
        inventory.notes.push(
            Problem::note("`machineSelectorFiles` was not read")
                .at(files.span)
                .label("give the files that lie on the nodes themselves, such as a leader migration configuration"),
        );
    }
}

/// An entry of `machineSelectorConfig`.
struct Override<'n> {
    selector: Selector,
    config: Option<&'n Node>,
}

fn overrides<'n>(config: &'n Node, pools: &[Pool], inventory: &mut Inventory) -> Vec<Override<'n>> {
    let mut found = Vec::new();
    for item in items(config.get("machineSelectorConfig"), "machineSelectorConfig", &mut inventory.problems) {
        if !matches!(item.kind, Kind::Mapping(_)) {
            inventory.problems.push(wrong(item, "machineSelectorConfig", "a list of mappings"));
            continue;
        }
        let inner = item.get("config").filter(|config| config.kind != Kind::Null);
        for entry in item.entries() {
            let Some(key) = entry.key.as_str().filter(|key| !["config", "machineLabelSelector"].contains(key)) else {
                continue;
            };
            inventory.notes.push(
                Problem::warning(format!("`{key}` beside `config` does nothing"))
                    .at(entry.key.span)
                    .label("Rancher reads `config` and `machineLabelSelector` here and nothing else")
                    .help(format!("indent `{key}` so that it is below `config`")),
            );
        }
        if let Some(config) = inner
            && !matches!(config.kind, Kind::Mapping(_))
        {
            inventory.problems.push(wrong(config, "config", "a mapping"));
            continue;
        }
        let selector = item.get("machineLabelSelector").filter(|selector| selector.kind != Kind::Null);
        let read = selector.map_or_else(Selector::default, |node| Selector::read(node, &mut inventory.problems));
        if !pools.iter().any(|pool| read.matches(&pool.machine_labels)) {
            inventory.notes.push(
                Problem::warning("this selector matches no machine pool")
                    .at(selector.map_or(item.span, |selector| selector.span))
                    .label("its configuration reaches no node")
                    .help(
                        "machines have the labels of their pool, rke.cattle.io/rke-machine-pool-name, and \
                         rke.cattle.io/control-plane-role, etcd-role and worker-role, which are 'true' or absent",
                    ),
            );
        }
        found.push(Override { selector: read, config: inner });
    }
    found
}

/// The options of a pool's servers: the global ones, and key by key those of every matching selector in their order.
fn options(config: &Node, overrides: &[Override<'_>], pool: &Pool, at: Span, inventory: &mut Inventory) -> Options {
    let mut options = Options::default();
    let mut set = |from: &Node, inventory: &mut Inventory| {
        for entry in from.entries() {
            let Some(key) = entry.key.as_str() else { continue };
            if let Some(problem) = dropped(key, &entry.value) {
                let problem = problem.at(entry.key.span);
                if !inventory.notes.contains(&problem) {
                    inventory.notes.push(problem);
                }
                continue;
            }
            if let Some(lost) = options.get(key).and_then(|old| replaced(key, &old.value, &entry.value)) {
                let problem = lost.at(entry.key.span);
                if !inventory.notes.contains(&problem) {
                    inventory.notes.push(problem);
                }
            }
            options.set(key, entry.key.span, &entry.value);
        }
    };
    match config.get("machineGlobalConfig") {
        Some(global) if !matches!(global.kind, Kind::Mapping(_) | Kind::Null) => {
            let problem = wrong(global, "machineGlobalConfig", "a mapping");
            if !inventory.problems.contains(&problem) {
                inventory.problems.push(problem);
            }
        }
        Some(global) => set(global, inventory),
        None => {}
    }
    for Override { selector, config } in overrides {
        if let Some(config) = config.filter(|_| selector.matches(&pool.machine_labels)) {
            set(config, inventory);
        }
    }
    if let Some(dir) = config.path(&["dataDirectories", "k8sDistro"]) {
        options.set("data-dir", dir.span, dir);
    }
    probes(&mut options, at);
    let empty: Vec<String> = options.iter().filter(|set| is_empty(&set.value)).map(|set| set.name.clone()).collect();
    empty.iter().for_each(|name| options.remove(name));
    options
}

/// What Rancher adds so that it can probe kube-controller-manager.
fn probes(options: &mut Options, at: Span) {
    let name = "kube-controller-manager-arg";
    let old = options.get(name).map(|set| (set.at, set.value.clone()));
    let mut args = match &old {
        Some((_, Node { kind: Kind::Sequence(items), .. })) => items.clone(),
        Some((_, value)) if value.as_str().is_some() => vec![value.clone()],
        Some((_, value)) if value.kind != Kind::Null => return,
        _ => Vec::new(),
    };
    let has = |flag: &str| {
        args.iter().any(|arg| {
            arg.as_str().and_then(|arg| arg.split_once('=')).is_some_and(|(f, v)| f == flag && !v.is_empty())
        })
    };
    let mut added = Vec::new();
    let data = options.text("data-dir").map_or("/var/lib/rancher/rke2".into(), |dir| dir.value);
    if !has("tls-cert-file") && !has("cert-dir") {
        added.push(format!("cert-dir={data}/server/tls/kube-controller-manager"));
    }
    if !has("secure-port") {
        added.push("secure-port=10257".to_string());
    }
    args.extend(added.into_iter().map(|arg| At(at).text(arg)));
    let (key, span) = old.map_or((at, at), |(key, value)| (key, value.span));
    options.set(name, key, &Node { kind: Kind::Sequence(args), span });
}

fn is_empty(value: &Node) -> bool {
    match &value.kind {
        Kind::Null => true,
        Kind::String(text) => text.is_empty(),
        Kind::Sequence(items) => items.is_empty(),
        _ => false,
    }
}

/// Why Rancher drops an option, if it does.
fn dropped(key: &str, value: &Node) -> Option<Problem> {
    if !known::OPTIONS.contains(&key) {
        let problem =
            Problem::warning(format!("Rancher drops `{key}`: it is no option of RKE2 that Rancher passes on"));
        return Some(match crate::scenario::closest(key, &known::OPTIONS) {
            Some(close) => problem.label(format!("did you mean `{close}`?")),
            None => problem.label("the nodes never see it"),
        });
    }
    match value.kind {
        Kind::Number(_) | Kind::Mapping(_) => Some(
            Problem::warning(format!("Rancher drops `{key}`: its value is {}", value.describe()))
                .label("expected a string, a boolean or a list"),
        ),
        _ => None,
    }
}

/// What a list loses to the list that takes its place.
fn replaced(key: &str, old: &Node, new: &Node) -> Option<Problem> {
    let new: Vec<&str> = new.items().iter().filter_map(Node::as_str).collect();
    let lost: Vec<String> =
        old.items().iter().filter_map(Node::as_str).filter(|i| !new.contains(i)).map(|i| format!("`{i}`")).collect();
    (!lost.is_empty()).then(|| {
        Problem::warning(format!("`{key}` takes the place of the list that was set before, it adds nothing to it"))
            .label(format!(
                "{} {} lost on the nodes selected here",
                lost.join(", "),
                if lost.len() == 1 { "is" } else { "are" }
            ))
            .help("repeat in this list what has to stay")
    })
}
