//! Pods, and the workloads that make pods, as far as a container in them runs a manager.

use leasehold_model::controller::Component;

use super::command::{self, Container, Invocation};
use super::nodes::Placement;
use super::volumes::{Keyed, Mount, Volume};
use super::{Identity, Spanned};
use crate::diagnostic::Problem;
use crate::source::{Sources, Span};
use crate::yaml::{Kind, Node};

/// A manager as a manifest describes it.
#[derive(Clone, PartialEq, Debug)]
pub struct Workload {
    /// Which manager.
    pub component: Component,
    /// What makes its pods.
    pub kind: WorkloadKind,
    /// The object that describes it.
    pub identity: Identity,
    /// Where the object is: its name, or its kind if it has none.
    pub span: Span,
    /// The arguments after the program's name.
    pub args: Vec<Spanned<String>>,
    /// The image.
    pub image: Option<Spanned<String>>,
    /// How it was recognised, where nothing but a flag tells.
    pub recognised_by: Option<String>,
    /// `serviceAccountName`; static pods have none.
    pub service_account: Option<String>,
    /// What is mounted.
    pub mounts: Vec<Mount>,
    /// The release that the manifest itself names, if it does (kubeadm's `kubernetesVersion`).
    pub release: Option<Spanned<String>>,
    /// The group of nodes that a static pod lies on; `None`: every control-plane node.
    pub group: Option<String>,
    /// Where the pods of a DaemonSet or a Deployment may run.
    pub placement: Placement,
    /// The manifest itself, for patches; what an installer makes without one has none.
    pub object: Option<Node>,
}

/// What makes a manager's pods.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WorkloadKind {
    /// A file in the kubelet's manifest directory, on every control-plane node.
    StaticPod,
    /// The static pod that kubeadm writes from its ClusterConfiguration.
    Kubeadm,
    /// The static pod that RKE2 writes from its options.
    Rke2,
    /// The container that RKE runs on every control-plane node.
    Rke,
    /// A pod on every control-plane node, replaced in place.
    DaemonSet,
    /// Any number of pods somewhere: a Deployment, ReplicaSet or StatefulSet.
    Deployment {
        /// How many.
        replicas: u32,
        /// How many more there may be during a rollout.
        max_surge: u32,
    },
}

impl WorkloadKind {
    /// True if it runs on its node without the API server's doing: the kubelet runs it from a file, or RKE runs it itself.
    pub fn is_static(self) -> bool {
        matches!(self, WorkloadKind::StaticPod | WorkloadKind::Kubeadm | WorkloadKind::Rke2 | WorkloadKind::Rke)
    }
}

impl std::fmt::Display for WorkloadKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            WorkloadKind::StaticPod => write!(f, "static pod"),
            WorkloadKind::Kubeadm => write!(f, "static pod by kubeadm"),
            WorkloadKind::Rke2 => write!(f, "static pod by RKE2"),
            WorkloadKind::Rke => write!(f, "container by RKE"),
            WorkloadKind::DaemonSet => write!(f, "DaemonSet"),
            WorkloadKind::Deployment { replicas: 1, .. } => write!(f, "Deployment, 1 replica"),
            WorkloadKind::Deployment { replicas, .. } => write!(f, "Deployment, {replicas} replicas"),
        }
    }
}

/// The managers that an object of kind Pod, DaemonSet, Deployment, ReplicaSet or StatefulSet runs.
pub fn read(
    sources: &Sources,
    identity: &Identity,
    object: &Node,
    span: Span,
    problems: &mut Vec<Problem>,
) -> Vec<Workload> {
    let pod = if identity.kind == "Pod" { object.get("spec") } else { object.path(&["spec", "template", "spec"]) };
    let Some(pod) = pod else { return Vec::new() };
    let mut found = Vec::new();
    for container in pod.get("containers").map_or(&[][..], Node::items) {
        let strings = |key: &str| container.get(key).map_or(&[][..], Node::items).iter().collect::<Vec<_>>();
        let text = |key: &str| container.get(key).and_then(Node::as_str);
        let env = strings("env");
        let described = Container {
            name: text("name").unwrap_or(""),
            image: text("image"),
            command: strings("command"),
            args: strings("args"),
            env: env.iter().filter_map(|e| Some((e.get("name")?.as_str()?, e.get("value")?.as_str()?))).collect(),
        };
        let Some(Invocation { component, args, recognised_by }) = command::recognise(sources, &described, problems)
        else {
            continue;
        };
        for key in ["command", "args"] {
            if let Some(node) = container.get(key)
                && !matches!(node.kind, Kind::Sequence(_) | Kind::Null)
            {
                problems.push(
                    Problem::error(format!("`{key}` of a container is a list of strings"))
                        .at(node.span)
                        .label(format!("this is {}", node.describe())),
                );
            }
        }
        found.push(Workload {
            component,
            kind: kind(identity, object, problems),
            identity: identity.clone(),
            span,
            args,
            image: container.get("image").and_then(|n| Some(Spanned { value: n.as_str()?.to_string(), span: n.span })),
            recognised_by,
            service_account: pod
                .get("serviceAccountName")
                .or_else(|| pod.get("serviceAccount"))
                .and_then(Node::as_str)
                .map(str::to_string),
            mounts: mounts(pod, container),
            release: None,
            group: None,
            placement: Placement::of_pod(pod),
            object: Some(object.clone()),
        });
    }
    found
}

fn kind(identity: &Identity, object: &Node, problems: &mut Vec<Problem>) -> WorkloadKind {
    match identity.kind.as_str() {
        "Pod" => WorkloadKind::StaticPod,
        "DaemonSet" => WorkloadKind::DaemonSet,
        kind => {
            let replicas = match object.path(&["spec", "replicas"]) {
                None => 1,
                Some(node) => number(node).unwrap_or_else(|| {
                    problems.push(
                        Problem::error("`replicas` that is no number").at(node.span).label("expected a number from 0"),
                    );
                    1
                }),
            };
            WorkloadKind::Deployment { replicas, max_surge: max_surge(kind, object, replicas) }
        }
    }
}

/// How many pods more than `replicas` a rollout may run: `Recreate` none; by default 25 %, rounded up
/// (kubernetes/kubernetes:pkg/apis/apps/v1/defaults.go `SetDefaults_Deployment`,
/// pkg/controller/deployment/util/deployment_util.go `ResolveFenceposts`). Only Deployments surge.
fn max_surge(kind: &str, object: &Node, replicas: u32) -> u32 {
    let percent = |p: u32| (replicas * p).div_ceil(100);
    if kind != "Deployment" || object.path(&["spec", "strategy", "type"]).and_then(Node::as_str) == Some("Recreate") {
        return 0;
    }
    let Some(node) = object.path(&["spec", "strategy", "rollingUpdate", "maxSurge"]) else { return percent(25) };
    match node.as_str().and_then(|text| text.strip_suffix('%')) {
        Some(p) => p.parse().map_or(percent(25), |p: u32| percent(p.min(1000))),
        None => number(node).unwrap_or_else(|| percent(25)),
    }
}

fn number(node: &Node) -> Option<u32> {
    match &node.kind {
        Kind::Number(text) => text.parse().ok(),
        _ => None,
    }
}

fn mounts(pod: &Node, container: &Node) -> Vec<Mount> {
    let volumes = pod.get("volumes").map_or(&[][..], Node::items);
    let mounts = container.get("volumeMounts").map_or(&[][..], Node::items);
    mounts
        .iter()
        .filter_map(|mount| {
            let name = mount.get("name")?.as_str()?;
            let volume = volumes.iter().find(|v| v.get("name").and_then(Node::as_str) == Some(name))?;
            Some(Mount {
                path: mount.get("mountPath")?.as_str()?.to_string(),
                sub_path: mount.get("subPath").and_then(Node::as_str).unwrap_or("").to_string(),
                volume: volume_of(volume),
                span: mount.span,
            })
        })
        .collect()
}

fn volume_of(volume: &Node) -> Volume {
    if let Some(path) = volume.path(&["hostPath", "path"]) {
        return Volume::HostPath { path: path.as_str().unwrap_or("").to_string(), span: path.span };
    }
    if let Some(sources) = volume.path(&["projected", "sources"]) {
        return Volume::Projected(
            sources.items().iter().map(|source| keyed(source, "name").unwrap_or_else(|| other(source))).collect(),
        );
    }
    keyed(volume, "secretName").unwrap_or_else(|| other(volume))
}

/// A volume of a ConfigMap or of a Secret, whose name is under `secret_name`: a volume and a part of a projected one spell
/// it differently.
fn keyed(volume: &Node, secret_name: &str) -> Option<Volume> {
    let (kind, object, name) = match (volume.get("configMap"), volume.get("secret")) {
        (Some(config_map), _) => (Keyed::ConfigMap, config_map, config_map.get("name")),
        (None, Some(secret)) => (Keyed::Secret, secret, secret.get(secret_name)),
        (None, None) => return None,
    };
    let text = |node: &Node, key: &str| node.get(key).and_then(Node::as_str).unwrap_or("").to_string();
    Some(Volume::Keyed {
        kind,
        name: name.and_then(Node::as_str).unwrap_or("").to_string(),
        span: name.map_or(object.span, |n| n.span),
        items: object
            .get("items")
            .map(|items| items.items().iter().map(|item| (text(item, "key"), text(item, "path"))).collect()),
        optional: object.get("optional").is_some_and(|o| o.kind == Kind::Bool(true)),
    })
}

fn other(volume: &Node) -> Volume {
    let kind = volume.entries().iter().filter_map(|e| e.key.as_str()).find(|key| *key != "name");
    Volume::Other(kind.unwrap_or("emptyDir").to_string())
}
