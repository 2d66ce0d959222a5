//! Every controller name that kube-controller-manager's `--controllers` knows.
//!
//! From 1.29 on the lists are complete, so that a name not in them is refused; of older releases nobody can say.

use crate::release::Release;

/// The minors whose list of controllers is complete.
pub const COMPLETE: &[u8] = &[29, 30, 31, 32, 33, 34, 35, 36];

/// Name, first minor of the complete ones that has it, and its name from before 1.28 if it had one.
const NAMES: &[(&str, u8, &str)] = &[
    ("bootstrap-signer-controller", 29, "bootstrapsigner"),
    ("certificatesigningrequest-approving-controller", 29, "csrapproving"),
    ("certificatesigningrequest-cleaner-controller", 29, "csrcleaner"),
    ("certificatesigningrequest-signing-controller", 29, "csrsigning"),
    ("cloud-node-lifecycle-controller", 29, "cloud-node-lifecycle"),
    ("clusterrole-aggregation-controller", 29, "clusterrole-aggregation"),
    ("cronjob-controller", 29, "cronjob"),
    ("daemonset-controller", 29, "daemonset"),
    ("deployment-controller", 29, "deployment"),
    ("device-taint-eviction-controller", 33, ""),
    ("disruption-controller", 29, "disruption"),
    ("endpoints-controller", 29, "endpoint"),
    ("endpointslice-controller", 29, "endpointslice"),
    ("endpointslice-mirroring-controller", 29, "endpointslicemirroring"),
    ("ephemeral-volume-controller", 29, "ephemeral-volume"),
    ("garbage-collector-controller", 29, "garbagecollector"),
    ("horizontal-pod-autoscaler-controller", 29, "horizontalpodautoscaling"),
    ("job-controller", 29, "job"),
    ("kube-apiserver-serving-clustertrustbundle-publisher-controller", 32, ""),
    ("legacy-serviceaccount-token-cleaner-controller", 29, "legacy-service-account-token-cleaner"),
    ("namespace-controller", 29, "namespace"),
    ("node-ipam-controller", 29, "nodeipam"),
    ("node-lifecycle-controller", 29, "nodelifecycle"),
    ("node-route-controller", 29, "route"),
    ("persistentvolume-attach-detach-controller", 29, "attachdetach"),
    ("persistentvolume-binder-controller", 29, "persistentvolume-binder"),
    ("persistentvolume-expander-controller", 29, "persistentvolume-expander"),
    ("persistentvolume-protection-controller", 29, "pv-protection"),
    ("persistentvolumeclaim-protection-controller", 29, "pvc-protection"),
    ("pod-garbage-collector-controller", 29, "podgc"),
    ("podcertificaterequest-cleaner-controller", 34, ""),
    ("podgroup-protection-controller", 36, ""),
    ("replicaset-controller", 29, "replicaset"),
    ("replicationcontroller-controller", 29, "replicationcontroller"),
    ("resourceclaim-controller", 29, "resource-claim-controller"),
    ("resourcepoolstatusrequest-controller", 36, ""),
    ("resourcequota-controller", 29, "resourcequota"),
    ("root-ca-certificate-publisher-controller", 29, "root-ca-cert-publisher"),
    ("selinux-warning-controller", 32, ""),
    ("service-cidr-controller", 29, ""),
    ("service-lb-controller", 29, "service"),
    ("serviceaccount-controller", 29, "serviceaccount"),
    ("serviceaccount-token-controller", 29, "serviceaccount-token"),
    ("statefulset-controller", 29, "statefulset"),
    ("storage-version-migrator-controller", 30, "svm"),
    ("storageversion-garbage-collector-controller", 29, "storage-version-gc"),
    ("taint-eviction-controller", 29, ""),
    ("token-cleaner-controller", 29, "tokencleaner"),
    ("ttl-after-finished-controller", 29, "ttl-after-finished"),
    ("ttl-controller", 29, "ttl"),
    ("validatingadmissionpolicy-status-controller", 29, ""),
    ("volumeattributesclass-protection-controller", 32, ""),
];

/// True if `name` is a controller or an alias at `release`; `None` if nobody can say.
pub fn knows(name: &str, release: Release) -> Option<bool> {
    if !COMPLETE.contains(&release.minor()) {
        return None;
    }
    let found = NAMES.iter().find(|(new, _, old)| name == *new || (!old.is_empty() && name == *old));
    Some(found.is_some_and(|(_, since, _)| *since <= release.minor()))
}

/// How many controllers there are at `release`, if its list is complete.
pub fn count(release: Release) -> usize {
    NAMES.iter().filter(|(_, since, _)| *since <= release.minor()).count()
}
