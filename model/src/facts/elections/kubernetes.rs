//! Kubernetes' own components and those of its autoscalers.

use super::super::gates;
use super::{CORE, Component, Library, Lock, Releases, RequestLimit, Switch};

/// Each of them.
pub(super) const KNOWN: [Component; 6] = [
    Component {
        name: "kube-controller-manager",
        // kubernetes/kubernetes:cmd/kube-controller-manager/app/controllermanager.go:863@v1.36.3
        releases: Releases::Gate(gates::RELEASE_LOCK_ON_EXIT_NAME, gates::RELEASE_LOCK_ON_EXIT),
        lock: Lock::Named("kube-controller-manager", Some("leader-elect-resource-name")),
        source: "kubernetes/kubernetes:cmd/kube-controller-manager/app/controllermanager.go:858@v1.36.3",
        ..CORE
    },
    Component {
        name: "cloud-controller-manager",
        lock: Lock::Named("cloud-controller-manager", Some("leader-elect-resource-name")),
        library: Library::CloudProvider,
        source: "kubernetes/cloud-provider:app/controllermanager.go:537@v0.36.6",
        ..CORE
    },
    Component {
        name: "kube-scheduler",
        lock: Lock::Named("kube-scheduler", Some("leader-elect-resource-name")),
        // kubernetes/kubernetes:cmd/kube-scheduler/app/options/options.go:377@v1.36.3, :382@v1.22.5; not in 1.21.1.
        releases: Releases::Since(22),
        source: "kubernetes/kubernetes:cmd/kube-scheduler/app/options/options.go:110@v1.36.3",
        ..CORE
    },
    Component {
        name: "cluster-autoscaler",
        lock: Lock::Named("cluster-autoscaler", Some("leader-elect-resource-name")),
        releases: Releases::Always,
        request_limit: RequestLimit::Nothing,
        source: "kubernetes/autoscaler:cluster-autoscaler/main.go:334@cluster-autoscaler-1.36.1",
        ..CORE
    },
    Component {
        name: "vpa-recommender",
        switch: Switch::Flag("leader-elect", false),
        lock: Lock::Named("vpa-recommender-lease", Some("leader-elect-resource-name")),
        releases: Releases::Always,
        request_limit: RequestLimit::Nothing,
        library: Library::Tags(&[("1.7", 36)]),
        source: "kubernetes/autoscaler:vertical-pod-autoscaler/pkg/recommender/main.go:119@vertical-pod-autoscaler/v1.7.1",
        ..CORE
    },
    Component {
        name: "vpa-updater",
        switch: Switch::Flag("leader-elect", false),
        lock: Lock::Named("vpa-updater", Some("leader-elect-resource-name")),
        releases: Releases::Always,
        request_limit: RequestLimit::Nothing,
        library: Library::Tags(&[("1.7", 36)]),
        source: "kubernetes/autoscaler:vertical-pod-autoscaler/pkg/updater/main.go:126@vertical-pod-autoscaler/v1.7.1",
        ..CORE
    },
];
