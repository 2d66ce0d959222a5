//! Everything else that is known by name.

use super::{CORE, Component, Knob, Library, Lock, Releases, RequestLimit, Switch, Timing, seconds, timing};
use crate::launch::duration::GoDuration;

/// Each of them.
pub(super) const KNOWN: [Component; 12] = [
    Component {
        name: "cert-manager-controller",
        lock: Lock::Named("cert-manager-controller", None),
        request_limit: RequestLimit::Nothing,
        ..CERT_MANAGER
    },
    Component {
        name: "cert-manager-cainjector",
        lock: Lock::Named("cert-manager-cainjector-leader-election", None),
        ..CERT_MANAGER
    },
    Component {
        name: "ingress-nginx",
        aliases: &["nginx-ingress-controller"],
        lease: timing(ELECTION_TTL, seconds(30)),
        renew: Timing { set_by: ELECTION_TTL, factor: (1, 2), default: seconds(15) },
        retry: Timing { set_by: ELECTION_TTL, factor: (1, 4), default: GoDuration { nanos: 7_500_000_000 } },
        switch: Switch::Disable("disable-leader-election"),
        lock: Lock::Named("ingress-controller-leader", Some("election-id")),
        request_limit: RequestLimit::Nothing,
        library: Library::Tags(&[("v1.15", 35)]),
        source: "kubernetes/ingress-nginx:internal/ingress/controller/status.go:113@controller-v1.15.1",
        ..CORE
    },
    Component {
        name: "kube-vip",
        lease: timing(&[Knob::SecondsFlag("leaseDuration"), Knob::SecondsEnv("vip_leaseduration")], seconds(15)),
        renew: timing(&[Knob::SecondsFlag("leaseRenewDuration"), Knob::SecondsEnv("vip_renewdeadline")], seconds(10)),
        retry: timing(&[Knob::SecondsFlag("leaseRetry"), Knob::SecondsEnv("vip_retryperiod")], seconds(2)),
        switch: Switch::Env("vip_leaderelection", false),
        lock: Lock::Named("plndr-cp-lock", Some("leaseName")),
        releases: Releases::Always,
        request_limit: RequestLimit::Nothing,
        library: Library::Tags(&[("v1.2", 36)]),
        source: "kube-vip/kube-vip:cmd/kube-vip.go:89@v1.2.3",
        ..CORE
    },
    Component {
        name: "rancher",
        lease: timing(&[Knob::Env("CATTLE_ELECTION_LEASE_DURATION")], seconds(45)),
        renew: timing(&[Knob::Env("CATTLE_ELECTION_RENEW_DEADLINE")], seconds(30)),
        retry: timing(&[Knob::Env("CATTLE_ELECTION_RETRY_PERIOD")], seconds(2)),
        switch: Switch::Always,
        // rancher/rancher:pkg/wrangler/context.go:527@v2.14.5-alpha1
        lock: Lock::Named("cattle-controllers", None),
        releases: Releases::Always,
        request_limit: RequestLimit::Nothing,
        library: Library::Tags(&[]),
        source: "rancher/wrangler:pkg/leader/leader.go:22@v3.7.1",
        ..CORE
    },
    Component {
        name: "workflow-controller",
        lease: timing(&[Knob::Env("LEADER_ELECTION_LEASE_DURATION")], seconds(15)),
        renew: timing(&[Knob::Env("LEADER_ELECTION_RENEW_DEADLINE")], seconds(10)),
        retry: timing(&[Knob::Env("LEADER_ELECTION_RETRY_PERIOD")], seconds(5)),
        switch: Switch::Always,
        lock: Lock::Named("workflow-controller", None),
        request_limit: RequestLimit::Nothing,
        library: Library::Tags(&[("v4.1", 35)]),
        source: "argoproj/argo-workflows:cmd/workflow-controller/main.go:171@v4.1.2",
        ..CORE
    },
    Component {
        name: "kyverno-admission-controller",
        aliases: &["kyverno"],
        lock: Lock::Named("kyverno", None),
        ..KYVERNO
    },
    Component {
        name: "kyverno-background-controller",
        aliases: &["background-controller"],
        lock: Lock::Named("kyverno-background-controller", None),
        ..KYVERNO
    },
    Component {
        name: "kyverno-cleanup-controller",
        aliases: &["cleanup-controller"],
        lock: Lock::Named("kyverno-cleanup-controller", None),
        ..KYVERNO
    },
    Component {
        name: "kyverno-reports-controller",
        aliases: &["reports-controller"],
        lock: Lock::Named("kyverno-reports-controller", None),
        ..KYVERNO
    },
    Component {
        // `operator webhook start`; RenewDeadline and RetryPeriod together are longer than LeaseDuration.
        name: "spark-operator-webhook",
        lease: timing(&[Knob::Flag("leader-election-lease-duration")], seconds(15)),
        renew: timing(&[Knob::Flag("leader-election-renew-deadline")], seconds(14)),
        retry: timing(&[Knob::Flag("leader-election-retry-period")], seconds(4)),
        switch: Switch::Flag("leader-election", false),
        lock: Lock::Named("spark-operator-webhook-lock", Some("leader-election-lock-name")),
        library: Library::Tags(&[("2.5", 32), ("v2.5", 32)]),
        source: "kubeflow/spark-operator:cmd/operator/webhook/start.go:159@v2.5.2",
        ..CORE
    },
    Component {
        name: "spark-operator-controller",
        lease: timing(&[Knob::Flag("leader-election-lease-duration")], seconds(15)),
        renew: timing(&[Knob::Flag("leader-election-renew-deadline")], seconds(10)),
        retry: timing(&[Knob::Flag("leader-election-retry-period")], seconds(2)),
        switch: Switch::Flag("leader-election", false),
        lock: Lock::Named("spark-operator-controller-lock", Some("leader-election-lock-name")),
        library: Library::Tags(&[("2.5", 32), ("v2.5", 32)]),
        source: "kubeflow/spark-operator:cmd/operator/controller/start.go:192@v2.5.2",
        ..CORE
    },
];

const CERT_MANAGER: Component = Component {
    name: "cert-manager",
    lease: timing(&[Knob::Flag("leader-election-lease-duration")], seconds(60)),
    renew: timing(&[Knob::Flag("leader-election-renew-deadline")], seconds(40)),
    retry: timing(&[Knob::Flag("leader-election-retry-period")], seconds(15)),
    switch: Switch::Flag("leader-elect", true),
    releases: Releases::Always,
    library: Library::Tags(&[("v1.12", 27), ("v1.21", 36)]),
    source: "cert-manager/cert-manager:internal/apis/config/shared/v1alpha1/defaults.go:30@v1.21.1",
    ..CORE
};

const KYVERNO_RETRY: &[Knob] = &[Knob::Flag("leaderElectionRetryPeriod")];

/// Kyverno derives all three from one flag, six, five and one times: nothing is left whatever the flag says.
const KYVERNO: Component = Component {
    name: "kyverno",
    lease: Timing { set_by: KYVERNO_RETRY, factor: (6, 1), default: seconds(12) },
    renew: Timing { set_by: KYVERNO_RETRY, factor: (5, 1), default: seconds(10) },
    retry: timing(KYVERNO_RETRY, seconds(2)),
    switch: Switch::Always,
    request_limit: RequestLimit::Nothing,
    library: Library::Tags(&[("v1.19", 36)]),
    source: "kyverno/kyverno:pkg/leaderelection/leaderelection.go:76@v1.19.0",
    ..CORE
};

const ELECTION_TTL: &[Knob] = &[Knob::Flag("election-ttl")];

/// Operators built with OpenShift's library-go: recognised by the durations of their leases alone. They take no flags for
/// them; a configuration file may change them.
pub const OPENSHIFT: Component = Component {
    name: "an operator built with openshift/library-go",
    lease: timing(&[], seconds(137)),
    renew: timing(&[], seconds(107)),
    retry: timing(&[], seconds(26)),
    switch: Switch::Always,
    releases: Releases::Always,
    request_limit: RequestLimit::RenewDeadline,
    library: Library::Tags(&[]),
    source: "openshift/library-go:pkg/config/leaderelection/leaderelection.go:106@93ac9206ae34",
    ..CORE
};

/// The same on a cluster of a single node, where nobody takes over from anybody: RenewDeadline and RetryPeriod together
/// are longer than LeaseDuration.
pub const OPENSHIFT_SINGLE_NODE: Component = Component {
    name: "an operator built with openshift/library-go, on a single node",
    lease: timing(&[], seconds(270)),
    renew: timing(&[], seconds(240)),
    retry: timing(&[], seconds(60)),
    source: "openshift/library-go:pkg/config/leaderelection/leaderelection.go:167@93ac9206ae34",
    ..OPENSHIFT
};
