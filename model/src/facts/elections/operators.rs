//! What is built with controller-runtime, and Flux.

use super::{CORE, Component, Knob, Library, Lock, Releases, Switch, seconds, timing};

/// Each of them.
pub(super) const KNOWN: [Component; 9] = [
    Component {
        name: "cluster-api-controller",
        lock: Lock::Named("controller-leader-election-capi", None),
        source: "kubernetes-sigs/cluster-api:core/main.go:174@v1.14.0",
        ..CLUSTER_API
    },
    Component {
        name: "kubeadm-bootstrap-controller",
        lock: Lock::Named("kubeadm-bootstrap-manager-leader-election-capi", None),
        source: "kubernetes-sigs/cluster-api:bootstrap/kubeadm/main.go:108@v1.14.0",
        ..CLUSTER_API
    },
    Component {
        name: "kubeadm-control-plane-controller",
        lease: timing(&[Knob::Flag("leader-elect-lease-duration")], seconds(60)),
        renew: timing(&[Knob::Flag("leader-elect-renew-deadline")], seconds(40)),
        retry: timing(&[Knob::Flag("leader-elect-retry-period")], seconds(5)),
        lock: Lock::Named("kubeadm-control-plane-manager-leader-election-capi", None),
        source: "kubernetes-sigs/cluster-api:controlplane/kubeadm/main.go:135@v1.14.0",
        ..CLUSTER_API
    },
    Component {
        name: "aws-load-balancer-controller",
        switch: Switch::Flag("enable-leader-election", true),
        lock: Lock::Named("aws-load-balancer-controller-leader", Some("leader-election-id")),
        library: Library::Tags(&[("v3.5", 36)]),
        ..CONTROLLER_RUNTIME
    },
    Component {
        name: "karpenter",
        switch: Switch::Disable("disable-leader-election"),
        // kubernetes-sigs/karpenter:pkg/operator/options/options.go:122, pkg/operator/operator.go:177@v1.14.1
        lock: Lock::Named("karpenter-leader-election", Some("leader-election-name")),
        releases: Releases::Always,
        library: Library::Tags(&[("v1.14", 35), ("1.14", 35)]),
        ..CONTROLLER_RUNTIME
    },
    Component {
        // fluxcd/source-controller:main.go `LeaderElectionID`
        name: "source-controller",
        lock: Lock::Named("source-controller-leader-election", None),
        ..FLUX
    },
    Component { name: "kustomize-controller", ..FLUX },
    Component { name: "helm-controller", ..FLUX },
    Component { name: "notification-controller", ..FLUX },
];

/// The library's defaults; the flags are each author's own, and kubebuilder's scaffold has only the switch. A time limit
/// of requests came with 0.20 (kubernetes-sigs/controller-runtime:pkg/leaderelection/leader_election.go:105@v0.24.1).
const CONTROLLER_RUNTIME: Component = Component {
    name: "controller-runtime",
    lease: timing(&[], seconds(15)),
    renew: timing(&[], seconds(10)),
    retry: timing(&[], seconds(2)),
    library: Library::Tags(&[]),
    source: "kubernetes-sigs/controller-runtime:pkg/manager/internal.go:54@v0.24.1",
    ..CORE
};

const CLUSTER_API: Component = Component {
    name: "cluster-api",
    switch: Switch::Flag("leader-elect", false),
    library: Library::Tags(&[("v1.14", 36)]),
    ..CORE
};

/// Flux's controllers share one set of options. The sum of RenewDeadline and RetryPeriod is LeaseDuration.
const FLUX: Component = Component {
    name: "flux",
    lease: timing(&[Knob::Flag("leader-election-lease-duration")], seconds(35)),
    renew: timing(&[Knob::Flag("leader-election-renew-deadline")], seconds(30)),
    retry: timing(&[Knob::Flag("leader-election-retry-period")], seconds(5)),
    switch: Switch::Flag("enable-leader-election", false),
    releases: Releases::Unless("leader-election-release-on-cancel"),
    library: Library::Tags(&[]),
    source: "fluxcd/pkg:runtime/leaderelection/leaderelection.go:88@runtime/v0.111.0",
    ..CORE
};
