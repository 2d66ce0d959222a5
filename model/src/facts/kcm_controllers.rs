//! Every name that kube-controller-manager's `--controllers` knows: keys, and from 1.28 on the old names as aliases.
//!
//! Of a release whose list was not read nobody can say that a name is unknown.

use crate::release::Release;

/// The minors whose list was read or executed (testbed/facts).
pub const COMPLETE: &[u8] = &[21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36];

/// Names by the first minor that knows them; none was ever dropped.
const NAMES: &[(u8, &[&str])] = &[
    (
        21,
        &[
            "attachdetach",
            "bootstrapsigner",
            "cloud-node-lifecycle",
            "clusterrole-aggregation",
            "cronjob",
            "csrapproving",
            "csrcleaner",
            "csrsigning",
            "daemonset",
            "deployment",
            "disruption",
            "endpoint",
            "endpointslice",
            "endpointslicemirroring",
            "ephemeral-volume",
            "garbagecollector",
            "horizontalpodautoscaling",
            "job",
            "namespace",
            "nodeipam",
            "nodelifecycle",
            "persistentvolume-binder",
            "persistentvolume-expander",
            "podgc",
            "pv-protection",
            "pvc-protection",
            "replicaset",
            "replicationcontroller",
            "resourcequota",
            "root-ca-cert-publisher",
            "route",
            "service",
            "serviceaccount",
            "serviceaccount-token",
            "statefulset",
            "storage-version-gc",
            "tokencleaner",
            "ttl",
            "ttl-after-finished",
        ],
    ),
    (26, &["resource-claim-controller"]),
    (
        28,
        &[
            "bootstrap-signer-controller",
            "certificatesigningrequest-approving-controller",
            "certificatesigningrequest-cleaner-controller",
            "certificatesigningrequest-signing-controller",
            "cloud-node-lifecycle-controller",
            "clusterrole-aggregation-controller",
            "cronjob-controller",
            "daemonset-controller",
            "deployment-controller",
            "disruption-controller",
            "endpoints-controller",
            "endpointslice-controller",
            "endpointslice-mirroring-controller",
            "ephemeral-volume-controller",
            "garbage-collector-controller",
            "horizontal-pod-autoscaler-controller",
            "job-controller",
            "legacy-service-account-token-cleaner",
            "legacy-serviceaccount-token-cleaner-controller",
            "namespace-controller",
            "node-ipam-controller",
            "node-lifecycle-controller",
            "node-route-controller",
            "persistentvolume-attach-detach-controller",
            "persistentvolume-binder-controller",
            "persistentvolume-expander-controller",
            "persistentvolume-protection-controller",
            "persistentvolumeclaim-protection-controller",
            "pod-garbage-collector-controller",
            "replicaset-controller",
            "replicationcontroller-controller",
            "resourceclaim-controller",
            "resourcequota-controller",
            "root-ca-certificate-publisher-controller",
            "service-lb-controller",
            "serviceaccount-controller",
            "serviceaccount-token-controller",
            "statefulset-controller",
            "storageversion-garbage-collector-controller",
            "token-cleaner-controller",
            "ttl-after-finished-controller",
            "ttl-controller",
            "validatingadmissionpolicy-status-controller",
        ],
    ),
    (29, &["service-cidr-controller", "taint-eviction-controller"]),
    (30, &["storage-version-migrator-controller", "svm"]),
    (
        32,
        &[
            "kube-apiserver-serving-clustertrustbundle-publisher-controller",
            "selinux-warning-controller",
            "volumeattributesclass-protection-controller",
        ],
    ),
    (33, &["device-taint-eviction-controller"]),
    (34, &["podcertificaterequest-cleaner-controller"]),
    (36, &["podgroup-protection-controller", "resourcepoolstatusrequest-controller"]),
];

/// Names that a release knows only with a feature gate on that is off by default. Until 1.28 the gates decide what is
/// registered at all (kubernetes/kubernetes:cmd/kube-controller-manager/app/controllermanager.go
/// NewControllerInitializers@v1.28.3); seen by executing these releases. The names are taken as known: to refuse them would
/// be a guess about the gates.
pub const GATED: &[(u8, &[&str])] = &[
    (27, &["resource-claim-controller", "storage-version-gc"]),
    (
        28,
        &[
            "legacy-serviceaccount-token-cleaner-controller",
            "resourceclaim-controller",
            "storageversion-garbage-collector-controller",
            "validatingadmissionpolicy-status-controller",
        ],
    ),
];

/// True if `--controllers` takes `name` at `release`; `None` if nobody can say.
pub fn knows(name: &str, release: Release) -> Option<bool> {
    let since = NAMES.iter().find(|(_, names)| names.contains(&name)).map(|(since, _)| *since);
    match since {
        Some(since) if since <= release.minor() => Some(true),
        _ => COMPLETE.contains(&release.minor()).then_some(false),
    }
}

/// How many names `--controllers` takes at `release`.
pub fn count(release: Release) -> usize {
    NAMES.iter().filter(|(since, _)| *since <= release.minor()).map(|(_, names)| names.len()).sum()
}
