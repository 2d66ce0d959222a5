//! RKE's `cluster.yml`, plain or under Rancher's `rancher_kubernetes_engine_config`.
//!
//! Upstream: rancher/rke:cluster/plan.go `BuildKubeControllerProcess`, `getCloudProviderName`, cluster/defaults.go,
//! cluster/hosts.go, pki/constants.go@v1.6.3. RKE takes the arguments out of a Go map, so that their order is any; here it
//! is that of their names. Options of the release: [`installers::RKE_SERVICE_OPTIONS`].

use std::collections::{BTreeMap, BTreeSet};

use leasehold_model::controller::Component;
use leasehold_model::facts::installers;
use leasehold_model::release::Release;

use super::known;
use super::made::{entries, items, scalar, unknown, wrong};
use crate::diagnostic::Problem;
use crate::inventory::nodes::{Effect, NodeGroup, Placement, Roles, Taint};
use crate::inventory::volumes::{Mount, Volume};
use crate::inventory::workload::{Workload, WorkloadKind};
use crate::inventory::{Identity, Inventory, Spanned};
use crate::source::{Sources, Span};
use crate::yaml::{Entry, Kind, Node};

/// Rancher's name for the whole.
const NESTED: &str = "rancher_kubernetes_engine_config";

/// The most control-plane nodes of a group.
const MOST_NODES: usize = 5;

/// The `cluster.yml` in a document without `kind`, if it is one.
pub(super) fn find(document: &Node) -> Option<&Node> {
    if let Some(nested) = document.get(NESTED) {
        return Some(nested);
    }
    let has_roles = |node: &Node| node.items().iter().any(|node| node.get("role").is_some());
    let is_one = document.get("kubernetes_version").is_some()
        || document.get("cloud_provider").is_some()
        || document.path(&["services", "kube-controller"]).is_some()
        || document.get("nodes").is_some_and(has_roles);
    is_one.then_some(document)
}

/// Warns of what lies beside Rancher's name for the whole, where nobody reads it.
pub(super) fn beside(document: &Node, notes: &mut Vec<Problem>) {
    let is_nested = document.get(NESTED).is_some();
    let named = |entry: &&Entry| entry.key.as_str().is_some_and(|key| known::RKE1.contains(&key));
    for entry in document.entries().iter().filter(|entry| is_nested && named(entry)) {
        notes.push(
            Problem::warning(format!("`{}` beside `{NESTED}` does nothing", entry.key.as_str().unwrap_or("")))
                .at(entry.key.span)
                .label(format!("move it below `{NESTED}`")),
        );
    }
}

/// Reads a `cluster.yml`. What is under `addons` is read by the caller.
pub(super) fn read(inventory: &mut Inventory, sources: &Sources, config: &Node) {
    if !matches!(config.kind, Kind::Mapping(_)) {
        return inventory.problems.push(wrong(config, NESTED, "a mapping"));
    }
    unknown(config, &known::RKE1, "RKE's cluster.yml", &mut inventory.notes);
    // What RKE adds by itself is written nowhere; the service stands for it, or else the first thing that is written.
    let services = config.get("services").map_or(&[][..], Node::entries).iter();
    let service = services.rev().find(|entry| entry.key.as_str() == Some("kube-controller"));
    let at = service.or(config.entries().first()).map_or(config.span, |entry| entry.key.span);
    let version = config
        .get("kubernetes_version")
        .and_then(|n| Some(Spanned { value: n.as_str()?.trim().to_string(), span: n.span }))
        .filter(|version| !version.value.is_empty());
    inventory.rancher.release = inventory.rancher.release.take().or(version.clone());
    let manager = controller_manager(config, at, version, (inventory, sources));
    inventory.workloads.push(manager);
    if let Some(includes) = config.get("addons_include").filter(|includes| !includes.items().is_empty()) {
        inventory
            .notes
            .push(Problem::note("`addons_include` was not read: give the manifests it names").at(includes.span));
    }
    nodes(config, inventory);
}

fn controller_manager(
    config: &Node,
    at: Span,
    version: Option<Spanned<String>>,
    (inventory, sources): (&mut Inventory, &Sources),
) -> Workload {
    let service = config.path(&["services", "kube-controller"]);
    if let Some(service) = service {
        unknown(service, &known::KUBE_CONTROLLER, "`kube-controller`", &mut inventory.notes);
    }
    let plain = |value: &str| Spanned { value: value.to_string(), span: at };
    let of = |node: Option<&Node>, default: &str| match node.and_then(|node| Some((scalar(node)?, node.span))) {
        Some((value, span)) if !value.is_empty() => Spanned { value, span },
        _ => plain(default),
    };
    let mut provider = of(config.path(&["cloud_provider", "name"]), "");
    let has_provider = !provider.value.is_empty();
    if provider.value == "external-aws" {
        provider.value = "external".into();
    }
    let kubeconfig = "/etc/kubernetes/ssl/kubecfg-kube-controller-manager.yaml";
    let mut args = BTreeMap::from([
        ("cloud-provider".to_string(), provider.clone()),
        ("cluster-cidr".into(), of(service.and_then(|s| s.get("cluster_cidr")), "10.42.0.0/16")),
        ("kubeconfig".into(), plain(kubeconfig)),
        ("authentication-kubeconfig".into(), plain(kubeconfig)),
        ("authorization-kubeconfig".into(), plain(kubeconfig)),
        ("root-ca-file".into(), plain("/etc/kubernetes/ssl/kube-ca.pem")),
        ("service-account-private-key-file".into(), plain("/etc/kubernetes/ssl/kube-service-account-token-key.pem")),
        (
            "service-cluster-ip-range".into(),
            of(service.and_then(|s| s.get("service_cluster_ip_range")), "10.43.0.0/16"),
        ),
    ]);
    if has_provider {
        let span = provider.span;
        args.insert("cloud-config".into(), Spanned { value: "/etc/kubernetes/cloud-config".into(), span });
    }
    // Without a version the options that every release has.
    let release = version.as_ref().and_then(|v| v.value.parse().ok()).unwrap_or(Release::NEWEST);
    for (name, value) in installers::RKE_SERVICE_OPTIONS.get(release).copied().unwrap_or_default() {
        args.insert(name.to_string(), plain(value));
    }
    let problems = &mut inventory.problems;
    // RKE's YAML reader makes a string of a boolean as it is written: `yes` stays `yes`.
    let raw = |node: &Node| match node.kind {
        Kind::Bool(_) => Some(sources.slice(node.span).to_string()),
        _ => scalar(node),
    };
    let written = |name: &str, node: &Node, problems: &mut Vec<Problem>| match raw(node) {
        Some(value) => Some(Spanned { value, span: node.span }),
        None => {
            problems.push(wrong(node, name, "a string"));
            None
        }
    };
    for entry in entries(service.and_then(|s| s.get("extra_args")), "extra_args", problems) {
        let Some(name) = entry.key.as_str() else { continue };
        if let Some(value) = written(name, &entry.value, problems) {
            // The whole entry is the argument's place.
            let span = Span { end: value.span.end.max(entry.key.span.end), ..entry.key.span };
            args.insert(name.to_string(), Spanned { value: value.value, span });
        }
    }
    let flag = |name: &str, v: Spanned<String>| Spanned { value: format!("--{name}={}", v.value), span: v.span };
    let mut found: Vec<Spanned<String>> = args.into_iter().map(|(name, value)| flag(&name, value)).collect();
    for entry in entries(service.and_then(|s| s.get("extra_args_array")), "extra_args_array", problems) {
        let Some(name) = entry.key.as_str() else { continue };
        for item in items(Some(&entry.value), name, problems) {
            found.extend(written(name, item, problems).map(|value| flag(name, value)));
        }
    }
    if config.path(&["authorization", "mode"]).and_then(Node::as_str).unwrap_or("rbac") == "rbac" {
        found.push(plain("--use-service-account-credentials=true"));
    }
    Workload {
        component: Component::KubeControllerManager,
        kind: WorkloadKind::Rke,
        identity: Identity {
            kind: "Container".into(),
            namespace: String::new(),
            name: "kube-controller-manager".into(),
        },
        span: at,
        args: found,
        image: None,
        recognised_by: None,
        service_account: None,
        mounts: mounts(service, at, problems),
        release: version,
        group: None,
        placement: Placement::default(),
        object: None,
    }
}

fn mounts(service: Option<&Node>, at: Span, problems: &mut Vec<Problem>) -> Vec<Mount> {
    let mount = |from: &str, to: &str, span: Span| Mount {
        path: to.to_string(),
        sub_path: String::new(),
        volume: Volume::HostPath { path: from.to_string(), span },
        span,
    };
    let mut found = vec![mount("/etc/kubernetes", "/etc/kubernetes", at)];
    for bind in items(service.and_then(|s| s.get("extra_binds")), "extra_binds", problems) {
        let parts: Vec<&str> = bind.as_str().unwrap_or("").split(':').collect();
        match parts.as_slice() {
            [from, to] | [from, to, _] => found.push(mount(from, to, bind.span)),
            _ => problems.push(
                Problem::error("a bind that is no bind")
                    .at(bind.span)
                    .label("expected \"/on/the/node:/in/the/container\""),
            ),
        }
    }
    found
}

/// Groups of nodes that are alike: same roles, labels and taints.
fn nodes(config: &Node, inventory: &mut Inventory) {
    let mut groups: Vec<NodeGroup> = Vec::new();
    let list = items(config.get("nodes"), "nodes", &mut inventory.problems);
    for node in list {
        let Some(group) = node_group(node, inventory) else { continue };
        let same = |g: &&mut NodeGroup| (g.roles, &g.labels, &g.taints) == (group.roles, &group.labels, &group.taints);
        match groups.iter_mut().find(same) {
            Some(known) => known.count = known.count.saturating_add(1),
            None => groups.push(group),
        }
    }
    let mut names: BTreeSet<String> = BTreeSet::new();
    for group in &mut groups {
        let base = group.name.clone();
        let mut number = 2;
        while !names.insert(group.name.clone()) {
            group.name = format!("{base} {number}");
            number += 1;
        }
    }
    groups.retain(|group| group.roles.control_plane);
    if list.is_empty() {
        inventory
            .inferred
            .push("cluster.yml lists no nodes: they are taken to be alike, each with all three roles".into());
    } else if groups.is_empty() {
        inventory.problems.push(
            Problem::error("no node has the role controlplane")
                .at(config.get("nodes").map_or(config.span, |nodes| nodes.span))
                .label("no node runs kube-controller-manager"),
        );
    }
    let total: usize = groups.iter().map(|group| usize::from(group.count)).sum();
    if total > MOST_NODES {
        inventory.problems.push(
            Problem::error(format!("a control plane of {total} nodes"))
                .at(config.get("nodes").map_or(config.span, |nodes| nodes.span))
                .label(format!("leasehold takes up to {MOST_NODES} nodes")),
        );
    }
    inventory.node_groups.extend(groups);
}

fn node_group(node: &Node, inventory: &mut Inventory) -> Option<NodeGroup> {
    let mut roles = Roles::default();
    for role in items(node.get("role"), "role", &mut inventory.problems) {
        match role.as_str() {
            Some("controlplane") => roles.control_plane = true,
            Some("etcd") => roles.etcd = true,
            Some("worker") => roles.worker = true,
            _ => inventory
                .problems
                .push(Problem::error("an unknown role").at(role.span).label("expected controlplane, etcd or worker")),
        }
    }
    let given = [("controlplane", roles.control_plane), ("etcd", roles.etcd), ("worker", roles.worker)];
    let has: Vec<&str> = given.iter().filter(|(_, has)| *has).map(|(role, _)| *role).collect();
    if has.is_empty() {
        return None;
    }
    let own = entries(node.get("labels"), "labels", &mut inventory.problems).iter();
    let mut labels: BTreeMap<String, String> =
        own.filter_map(|entry| Some((entry.key.as_str()?.to_string(), scalar(&entry.value)?))).collect();
    labels.extend(has.iter().map(|role| (format!("node-role.kubernetes.io/{role}"), "true".to_string())));
    let mut taints = Vec::new();
    for taint in items(node.get("taints"), "taints", &mut inventory.problems) {
        let text = |key: &str| taint.get(key).and_then(scalar).unwrap_or_default();
        match Effect::named(&text("effect")) {
            Some(effect) => taints.push(Taint { key: text("key"), value: text("value"), effect }),
            None => inventory.problems.push(
                Problem::error("a taint without an effect that Kubernetes knows")
                    .at(taint.span)
                    .label("expected NoSchedule, NoExecute or PreferNoSchedule"),
            ),
        }
    }
    let of =
        |role: &str, effect| Taint { key: format!("node-role.kubernetes.io/{role}"), value: "true".into(), effect };
    if !roles.worker {
        taints.extend(roles.etcd.then(|| of("etcd", Effect::NoExecute)));
        taints.extend(roles.control_plane.then(|| of("controlplane", Effect::NoSchedule)));
    }
    let span = node.get("address").map_or(node.span, |address| address.span);
    Some(NodeGroup { name: has.join("+"), count: 1, roles, labels, taints, span: Some(span) })
}
