//! The chart `cloud-provider-azure`: its Deployment `cloud-controller-manager`. Its DaemonSet `cloud-node-manager` elects no
//! leader and runs none of the controllers, so it is left out.
//!
//! Upstream: kubernetes-sigs/cloud-provider-azure:helm/cloud-provider-azure (values.yaml,
//! templates/cloud-provider-azure.yaml, templates/_image.tpl)@7b31c76, chart 1.36.0; in the arguments the same since chart
//! 1.26.5+20230228.

use leasehold_model::facts::charts;

use super::aws::is_true;
use super::helm::Values;
use crate::diagnostic::Problem;
use crate::yaml::{Kind, Node};

/// The chart's name.
pub(super) const CHART: &str = "cloud-provider-azure";

/// The chart's own values, as far as they are used here.
pub(super) const VALUES: &str = r#"
infra: {clusterName: kubernetes}
cloudControllerManager:
  enabled: true
  allocateNodeCidrs: "true"
  caCertDir: /etc/ssl
  cloudConfig: /etc/kubernetes/azure.json
  clusterCIDR: 10.244.0.0/16
  configureCloudRoutes: "true"
  imageRepository: mcr.microsoft.com/oss/kubernetes
  imageName: azure-cloud-controller-manager
  leaderElect: "true"
  logVerbosity: "2"
  replicas: 1
  routeReconciliationPeriod: 10s
  securePort: 10268
  tolerations:
  - {key: node-role.kubernetes.io/master, effect: NoSchedule}
  - {key: node-role.kubernetes.io/control-plane, effect: NoSchedule}
  - {key: node-role.kubernetes.io/etcd, effect: NoExecute}
  nodeSelector: {node-role.kubernetes.io/control-plane: ""}
"#;

/// The arguments in their order: the flag, the value it has, and whether it is there without a value.
const ARGS: [(&str, &str, bool); 27] = [
    ("allocate-node-cidrs", "allocateNodeCidrs", true),
    ("bind-address", "bindAddress", false),
    ("cert-dir", "certDir", false),
    ("cloud-config", "cloudConfig", true),
    ("cloud-config-secret-name", "cloudConfigSecretName", false),
    ("cloud-provider", "=azure", true),
    ("cluster-cidr", "clusterCIDR", true),
    ("cluster-name", "", true),
    ("configure-cloud-routes", "configureCloudRoutes", true),
    ("contention-profiling", "contentionProfiling", false),
    ("controller-start-interval", "controllerStartInterval", false),
    ("controllers", "=*,-cloud-node", true),
    ("enable-dynamic-reloading", "enableDynamicReloading", false),
    ("http2-max-streams-per-connection", "http2MaxStreamsPerConnection", false),
    ("kube-api-burst", "kubeAPIBurst", false),
    ("kube-api-content-type", "kubeAPIContentType", false),
    ("kube-api-qps", "kubeAPIQPS", false),
    ("kubeconfig", "kubeconfig", false),
    ("leader-elect", "leaderElect", true),
    ("leader-elect-lease-duration", "leaderElectLeaseDuration", false),
    ("leader-elect-renew-deadline", "leaderElectRenewDeadline", false),
    ("leader-elect-retry-period", "leaderElectRetryPeriod", false),
    ("leader-elect-resource-lock", "leaderElectResourceLock", false),
    ("master", "master", false),
    ("min-resync-period", "minResyncPeriod", false),
    ("node-status-update-frequency", "nodeStatusUpdateFrequency", false),
    ("route-reconciliation-period", "routeReconciliationPeriod", true),
];

/// The arguments after those.
const LAST: [(&str, &str, bool); 4] = [
    ("profiling", "profiling", false),
    ("secure-port", "securePort", false),
    ("use-service-account-credentials", "useServiceAccountCredentials", false),
    ("v", "logVerbosity", true),
];

const CCM: &str = "cloudControllerManager";

/// The Deployment, its role and the binding.
pub(super) fn render(mut values: Values<'_>) -> Vec<Node> {
    if !values.get(&[CCM, "enabled"]).is_some_and(is_true) {
        return Vec::new();
    }
    let Some(version) = values.version(CHART, &charts::AZURE) else { return Vec::new() };
    let Some(image) = image(&mut values, version) else { return Vec::new() };
    let at = values.at;
    let args: Vec<Node> = ARGS.iter().chain(&LAST).filter_map(|argument| arg(&mut values, argument)).collect();
    let certificates = values.text(&[CCM, "caCertDir"]);
    let host = |name: &str, path: Node| at.map([("name", at.text(name)), ("hostPath", at.map([("path", path)]))]);
    let mount = |name: &str, path: Node| at.map([("name", at.text(name)), ("mountPath", path)]);
    let container = at.map([
        ("name", at.text("cloud-controller-manager")),
        ("image", image),
        ("command", at.list([at.text("cloud-controller-manager")])),
        ("args", at.list(args)),
        (
            "volumeMounts",
            at.list([mount("etc-kubernetes", at.text("/etc/kubernetes")), mount("ssl-mount", certificates.clone())]),
        ),
    ]);
    let pod = at.map([
        ("hostNetwork", Node { kind: Kind::Bool(true), span: at.0 }),
        ("serviceAccountName", at.text("cloud-controller-manager")),
        ("nodeSelector", values.node_selector(&[CCM, "nodeSelector"])),
        ("tolerations", values.list(&[CCM, "tolerations"])),
        ("containers", at.list([container])),
        ("volumes", at.list([host("etc-kubernetes", at.text("/etc/kubernetes")), host("ssl-mount", certificates)])),
    ]);
    let mut spec = vec![("template", at.map([("spec", pod)]))];
    if let Some(replicas) = values.get(&[CCM, "replicas"]) {
        spec.push(("replicas", replicas.clone()));
    }
    match values.get(&[CCM, "updateStrategy"]).filter(|strategy| is_true(strategy)).cloned() {
        Some(strategy) if charts::azure_has_update_strategy(version) => spec.push(("strategy", strategy)),
        Some(strategy) => values.problems.push(
            Problem::warning("`updateStrategy` does nothing")
                .at(strategy.span)
                .label(format!("the chart {version} has no such value; the Deployment surges by one pod")),
        ),
        None => {}
    }
    let metadata = at.map([("name", at.text("cloud-controller-manager")), ("namespace", at.text("kube-system"))]);
    let deployment = at.map([
        ("apiVersion", at.text("apps/v1")),
        ("kind", at.text("Deployment")),
        ("metadata", metadata),
        ("spec", at.map(spec)),
    ]);
    vec![
        deployment,
        at.yaml(
            "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: 'system:cloud-controller-manager'}, \
             rules: [{apiGroups: [coordination.k8s.io], resources: [leases], verbs: [get, create, update]}]}",
        ),
        at.yaml(
            "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, \
             metadata: {name: 'system:cloud-controller-manager'}, \
             roleRef: {kind: ClusterRole, name: 'system:cloud-controller-manager'}, \
             subjects: [{kind: ServiceAccount, name: cloud-controller-manager, namespace: kube-system}, \
             {kind: User, name: cloud-controller-manager}]}",
        ),
    ]
}

fn arg(values: &mut Values<'_>, (flag, value, always): &(&str, &str, bool)) -> Option<Node> {
    let text = match value.strip_prefix('=') {
        Some(fixed) => values.at.text(fixed),
        None if value.is_empty() => values.text(&["infra", "clusterName"]),
        None if !always && values.get(&[CCM, value]).is_none() => return None,
        None => values.text(&[CCM, value]),
    };
    Some(Node { kind: Kind::String(format!("--{flag}={}", text.as_str().unwrap_or(""))), span: text.span })
}

/// The image; the tag follows the release of the cluster unless it is given.
fn image(values: &mut Values<'_>, version: &str) -> Option<Node> {
    let (repository, name) = (values.text(&[CCM, "imageRepository"]), values.text(&[CCM, "imageName"]));
    let (tag, span) = match (values.get(&[CCM, "imageTag"]), values.release) {
        (Some(_), _) => {
            let tag = values.text(&[CCM, "imageTag"]);
            (format!(":{}", tag.as_str().unwrap_or("")), tag.span)
        }
        (None, Some(release)) => match charts::azure_tag(version, release) {
            Some(tag) => (format!(":{tag}"), name.span),
            None => {
                values.problems.push(
                    Problem::error(format!("the chart {CHART} {version} is not installed on Kubernetes {release}"))
                        .at(values.at.0)
                        .label("it knows no image for this release, and its values name no `imageTag`"),
                );
                return None;
            }
        },
        (None, None) => {
            values.inferred.push(format!(
                "HelmChart {CHART}: its image follows the release of the cluster, which is not among the files"
            ));
            (String::new(), name.span)
        }
    };
    let image = format!("{}/{}{tag}", repository.as_str().unwrap_or(""), name.as_str().unwrap_or(""));
    Some(Node { kind: Kind::String(image), span })
}
