//! The chart `aws-cloud-controller-manager`.
//!
//! Upstream: kubernetes/cloud-provider-aws:charts/aws-cloud-controller-manager (values.yaml, templates/daemonset.yaml,
//! clusterrole.yaml, cluserrolebinding.yaml)@helm-chart-aws-cloud-controller-manager-0.0.11; in what is rendered here the
//! same since 0.0.7.

use leasehold_model::facts::charts;

use super::helm::Values;
use crate::yaml::{Kind, Node};

/// The chart's name.
pub(super) const CHART: &str = "aws-cloud-controller-manager";

/// The chart's own values, as far as they are used here; of the rules the one about leases.
pub(super) const VALUES: &str = r#"
namespace: kube-system
args: [--v=2, --cloud-provider=aws]
image: {repository: registry.k8s.io/provider-aws/cloud-controller-manager}
nameOverride: aws-cloud-controller-manager
nodeSelector: {node-role.kubernetes.io/control-plane: ""}
clusterRoleName: system:cloud-controller-manager
serviceAccountName: cloud-controller-manager
clusterRoleRules:
- {apiGroups: [coordination.k8s.io], resources: [leases], verbs: [create, get, list, watch, update]}
tolerations:
- {key: node.cloudprovider.kubernetes.io/uninitialized, value: "true", effect: NoSchedule}
- {key: node-role.kubernetes.io/master, effect: NoSchedule}
- {key: node-role.kubernetes.io/control-plane, effect: NoSchedule}
"#;

/// The DaemonSet, its role and the binding.
pub(super) fn render(mut values: Values<'_>) -> Vec<Node> {
    let versions = charts::AWS.map(|(version, _)| version);
    let Some(version) = values.version(CHART, &versions) else { return Vec::new() };
    let at = values.at;
    let newest = charts::AWS.iter().find(|(known, _)| *known == version).map_or("", |(_, tag)| tag);
    let repository = values.text(&["image", "repository"]);
    let tag = match values.get(&["image", "tag"]) {
        Some(_) => values.text(&["image", "tag"]),
        None => at.text(newest),
    };
    let written = if tag.span == at.0 { repository.span } else { tag.span };
    let joined = format!("{}:{}", repository.as_str().unwrap_or(""), tag.as_str().unwrap_or(""));
    let container = at.map([
        ("name", at.text(CHART)),
        ("image", Node { kind: Kind::String(joined), span: written }),
        ("args", values.list(&["args"])),
        ("env", values.list(&["env"])),
        ("volumeMounts", values.list(&["extraVolumeMounts"])),
    ]);
    let account = values.text(&["serviceAccountName"]);
    let mut pod = vec![
        ("serviceAccountName", account.clone()),
        ("nodeSelector", values.node_selector(&["nodeSelector"])),
        ("tolerations", values.list(&["tolerations"])),
        ("containers", at.list([container])),
        ("volumes", values.list(&["extraVolumes"])),
    ];
    if let Some(host) = values.get(&["hostNetworking"]).filter(|host| is_true(host)) {
        pod.push(("hostNetwork", Node { kind: Kind::Bool(true), span: host.span }));
    }
    let namespace = values.text(&["namespace"]);
    let metadata = |name: Node| at.map([("name", name), ("namespace", namespace.clone())]);
    let (name, role) = (values.text(&["nameOverride"]), values.text(&["clusterRoleName"]));
    let daemon_set = at.map([
        ("apiVersion", at.text("apps/v1")),
        ("kind", at.text("DaemonSet")),
        ("metadata", metadata(name)),
        ("spec", at.map([("template", at.map([("spec", at.map(pod))]))])),
    ]);
    let subject = at.map([("kind", at.text("ServiceAccount")), ("name", account), ("namespace", namespace.clone())]);
    let rbac = at.text("rbac.authorization.k8s.io/v1");
    let reference = at.map([("kind", at.text("ClusterRole")), ("name", role.clone())]);
    vec![
        daemon_set,
        at.map([
            ("apiVersion", rbac.clone()),
            ("kind", at.text("ClusterRole")),
            ("metadata", at.map([("name", role.clone())])),
            ("rules", values.list(&["clusterRoleRules"])),
        ]),
        at.map([
            ("apiVersion", rbac),
            ("kind", at.text("ClusterRoleBinding")),
            ("metadata", at.map([("name", role)])),
            ("roleRef", reference),
            ("subjects", at.list([subject])),
        ]),
    ]
}

/// True for what a template's `if` takes for true.
pub(super) fn is_true(node: &Node) -> bool {
    match &node.kind {
        Kind::Null => false,
        Kind::Bool(on) => *on,
        Kind::Number(text) => text != "0",
        Kind::String(text) => !text.is_empty(),
        Kind::Sequence(items) => !items.is_empty(),
        Kind::Mapping(entries) => !entries.is_empty(),
    }
}
