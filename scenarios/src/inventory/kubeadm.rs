//! The kube-controller-manager that kubeadm makes of a ClusterConfiguration.
//!
//! Upstream: kubernetes/kubernetes:cmd/kubeadm/app/phases/controlplane/manifests.go `getControllerManagerCommand`,
//! volumes.go `getHostPathVolumesForTheControlPlane`, cmd/kubeadm/app/util/arguments.go `ArgumentsToCommand`@v1.31.0.

use leasehold_model::controller::Component;

use super::nodes::Placement;
use super::volumes::{Mount, Volume};
use super::workload::{Workload, WorkloadKind};
use super::{Identity, Spanned};
use crate::diagnostic::Problem;
use crate::source::Span;
use crate::yaml::{Kind, Node};

/// Reads a ClusterConfiguration.
pub fn read(object: &Node, span: Span, problems: &mut Vec<Problem>) -> Workload {
    let manager = object.get("controllerManager");
    // What kubeadm adds by itself is written nowhere; the field that could change it stands for it.
    let at = object
        .entries()
        .iter()
        .rev()
        .find(|e| e.key.as_str() == Some("controllerManager"))
        .map_or(span, |e| e.key.span);
    let extra = manager.and_then(|m| m.get("extraArgs")).map_or_else(Vec::new, |args| extra_args(args, problems));
    let base = default_args(object);
    let kept = base.into_iter().filter(|(name, _)| !extra.iter().any(|(extra, ..)| extra == name));
    let mut args: Vec<Spanned<String>> =
        kept.map(|(name, value)| Spanned { value: format!("--{name}={value}"), span: at }).collect();
    args.extend(extra.iter().map(|(name, value, span)| Spanned { value: format!("--{name}={value}"), span: *span }));
    Workload {
        component: Component::KubeControllerManager,
        kind: WorkloadKind::Kubeadm,
        identity: Identity {
            kind: "Pod".into(),
            namespace: "kube-system".into(),
            name: "kube-controller-manager".into(),
        },
        span,
        args,
        image: None,
        recognised_by: None,
        service_account: None,
        mounts: mounts(object, manager, at),
        release: object
            .get("kubernetesVersion")
            .and_then(|n| Some(Spanned { value: n.as_str()?.to_string(), span: n.span })),
        group: None,
        placement: Placement::default(),
        object: None,
    }
}

/// What kubeadm passes by itself, in its order: sorted by name.
fn default_args(object: &Node) -> Vec<(&'static str, String)> {
    let text = |path: &[&str]| object.path(path).and_then(Node::as_str).filter(|t| !t.is_empty());
    let pki = text(&["certificatesDir"]).unwrap_or("/etc/kubernetes/pki");
    let kubeconfig = "/etc/kubernetes/controller-manager.conf".to_string();
    let mut args = vec![
        ("authentication-kubeconfig", kubeconfig.clone()),
        ("authorization-kubeconfig", kubeconfig.clone()),
        ("bind-address", "127.0.0.1".into()),
        ("client-ca-file", format!("{pki}/ca.crt")),
        ("cluster-name", text(&["clusterName"]).unwrap_or("kubernetes").into()),
        ("cluster-signing-cert-file", format!("{pki}/ca.crt")),
        ("cluster-signing-key-file", format!("{pki}/ca.key")),
        ("controllers", "*,bootstrapsigner,tokencleaner".into()),
        ("kubeconfig", kubeconfig),
        ("leader-elect", "true".into()),
        ("requestheader-client-ca-file", format!("{pki}/front-proxy-ca.crt")),
        ("root-ca-file", format!("{pki}/ca.crt")),
        ("service-account-private-key-file", format!("{pki}/sa.key")),
        ("use-service-account-credentials", "true".into()),
    ];
    if let Some(pods) = text(&["networking", "podSubnet"]) {
        args.push(("allocate-node-cidrs", "true".into()));
        args.push(("cluster-cidr", pods.into()));
        let services = text(&["networking", "serviceSubnet"]).unwrap_or("10.96.0.0/12");
        args.push(("service-cluster-ip-range", services.into()));
    }
    args.sort();
    args
}

/// `extraArgs` as a mapping (up to v1beta3) or as a list of names and values (v1beta4).
fn extra_args(args: &Node, problems: &mut Vec<Problem>) -> Vec<(String, String, Span)> {
    let mut pairs: Vec<(&Node, &Node, Span)> = Vec::new();
    match &args.kind {
        Kind::Mapping(entries) => {
            pairs.extend(entries.iter().map(|entry| {
                let (key, value) = (entry.key.span, entry.value.span);
                (&entry.key, &entry.value, Span { end: value.end.max(key.end), ..key })
            }));
        }
        Kind::Sequence(items) => {
            for item in items {
                match (item.get("name"), item.get("value")) {
                    (Some(name), Some(value)) => pairs.push((name, value, item.span)),
                    _ => problems.push(
                        Problem::error("an extra argument without `name` and `value`")
                            .at(item.span)
                            .label("expected {name: …, value: …}"),
                    ),
                }
            }
        }
        Kind::Null => {}
        _ => problems.push(
            Problem::error("`extraArgs` that is neither a mapping nor a list")
                .at(args.span)
                .label(format!("this is {}", args.describe())),
        ),
    }
    let mut found: Vec<(String, String, Span)> = Vec::new();
    for (name, value, span) in pairs {
        let (Some(name), Some(text)) = (name.as_str(), value.as_str()) else {
            problems.push(
                Problem::error("an argument that is no string")
                    .at(value.span)
                    .label(format!("kubeadm expects a string here, and YAML reads {}; quote it", value.describe())),
            );
            continue;
        };
        if found.iter().any(|(earlier, ..)| earlier == name) {
            problems.push(
                Problem::warning(format!("`{name}` is given twice"))
                    .at(span)
                    .label("some kubeadm releases sort the two by value; the last one is taken here"),
            );
        }
        found.push((name.to_string(), text.to_string(), span));
    }
    found
}

fn mounts(object: &Node, manager: Option<&Node>, at: Span) -> Vec<Mount> {
    let same = |path: &str| Mount {
        path: path.to_string(),
        sub_path: String::new(),
        volume: Volume::HostPath { path: path.to_string(), span: at },
        span: at,
    };
    let pki = object.get("certificatesDir").and_then(Node::as_str).unwrap_or("/etc/kubernetes/pki");
    let mut mounts = vec![same(pki), same("/etc/kubernetes/controller-manager.conf"), same("/etc/ssl/certs")];
    for volume in manager.and_then(|m| m.get("extraVolumes")).map_or(&[][..], Node::items) {
        let text = |key: &str| volume.get(key).and_then(Node::as_str);
        if let (Some(host), Some(path)) = (text("hostPath"), text("mountPath")) {
            mounts.push(Mount {
                path: path.to_string(),
                sub_path: String::new(),
                volume: Volume::HostPath {
                    path: host.to_string(),
                    span: volume.get("hostPath").map_or(volume.span, |n| n.span),
                },
                span: volume.span,
            });
        }
    }
    mounts
}
