//! Components that elect a leader with client-go: how each is recognised, what sets its durations, and what they are if
//! nothing does. It is also where to add a component.
//!
//! Everything was read in the component's own source at the tag named; defaults that never changed name the newest tag.
//! A component that is not here can still be judged by its flags.

use crate::launch::duration::GoDuration;
use crate::release::Release;

/// A component that elects a leader.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Component {
    /// What it is called here and, mostly, everywhere: `csi-provisioner`.
    pub name: &'static str,
    /// Other names of its program, image or container.
    pub aliases: &'static [&'static str],
    /// LeaseDuration.
    pub lease: Timing,
    /// RenewDeadline.
    pub renew: Timing,
    /// RetryPeriod.
    pub retry: Timing,
    /// What switches the election.
    pub switch: Switch,
    /// Which lock it takes.
    pub lock: Lock,
    /// `ReleaseOnCancel`.
    pub releases: Releases,
    /// How long its client waits for one request.
    pub request_limit: RequestLimit,
    /// Which client-go it has.
    pub library: Library,
    /// Where the durations were read, as `repository:path:line@tag`.
    pub source: &'static str,
}

/// One of the three durations.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Timing {
    /// What sets it, later ones before earlier ones; nothing: it is fixed in the code.
    pub set_by: &'static [Knob],
    /// What a knob's value is multiplied by: numerator and denominator.
    pub factor: (i64, i64),
    /// If nothing sets it.
    pub default: GoDuration,
}

/// What sets a duration.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Knob {
    /// A flag, without dashes, that takes a Go duration.
    Flag(&'static str),
    /// A flag that takes whole seconds.
    SecondsFlag(&'static str),
    /// An environment variable that takes a Go duration.
    Env(&'static str),
    /// An environment variable that takes whole seconds.
    SecondsEnv(&'static str),
}

impl Knob {
    /// The flag's or the variable's name.
    pub const fn name(self) -> &'static str {
        match self {
            Knob::Flag(name) | Knob::SecondsFlag(name) | Knob::Env(name) | Knob::SecondsEnv(name) => name,
        }
    }
}

/// What switches an election on or off.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Switch {
    /// It always elects.
    Always,
    /// A boolean flag, with its default.
    Flag(&'static str, bool),
    /// A boolean flag that switches the election off; it is on by default.
    Disable(&'static str),
    /// An environment variable that is `true`, with its default.
    Env(&'static str, bool),
}

/// Which lock a component takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lock {
    /// A Lease of that name; the second: the flag that changes it.
    Named(&'static str, Option<&'static str>),
    /// A Lease whose name begins so, and goes on with the name of the driver or of the instance.
    Prefixed(&'static str),
    /// A Lease that is named after the driver, or by its author.
    Unknown,
}

/// When a component empties its lease on exit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Releases {
    /// Never, unless a gate or flag of its own is set.
    Never,
    /// Always.
    Always,
    /// Since this minor release.
    Since(u8),
    /// Unless this flag says otherwise.
    Unless(&'static str),
}

/// How long a component's client waits for one request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RequestLimit {
    /// Half of RenewDeadline and at least a second
    /// (kubernetes/client-go:tools/leaderelection/resourcelock/interface.go:147@v0.37.2).
    HalfOfRenewDeadline,
    /// RenewDeadline.
    RenewDeadline,
    /// None of its own: while it renews, RenewDeadline ends a request; while it acquires, nothing does.
    Nothing,
}

/// Which client-go a component has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Library {
    /// That of its own minor: tag `v1.30.4` has client-go 0.30.
    OwnMinor,
    /// Its tags, as read in its `go.mod`, with client-go's minor; a prefix up to a dot covers its patch releases.
    Tags(&'static [(&'static str, u8)]),
    /// That of the `k8s.io/cloud-provider` it was built with.
    CloudProvider,
}

const fn seconds(s: i64) -> GoDuration {
    GoDuration::seconds(s)
}

const fn timing(set_by: &'static [Knob], default: GoDuration) -> Timing {
    Timing { set_by, factor: (1, 1), default }
}

/// The flags of k8s.io/component-base
/// (kubernetes/component-base:config/options/leaderelectionconfig.go:30-40@v0.36.6), and its defaults
/// (kubernetes/component-base:config/v1alpha1/defaults.go:38-44@v0.36.6).
const CORE: Component = Component {
    name: "core",
    aliases: &[],
    lease: timing(&[Knob::Flag("leader-elect-lease-duration")], seconds(15)),
    renew: timing(&[Knob::Flag("leader-elect-renew-deadline")], seconds(10)),
    retry: timing(&[Knob::Flag("leader-elect-retry-period")], seconds(2)),
    switch: Switch::Flag("leader-elect", true),
    lock: Lock::Unknown,
    releases: Releases::Never,
    request_limit: RequestLimit::HalfOfRenewDeadline,
    library: Library::OwnMinor,
    source: "kubernetes/component-base:config/v1alpha1/defaults.go:38@v0.36.6",
};

/// The flags of the CSI sidecars. RetryPeriod is 5 s, and with 15 s and 10 s nothing is left
/// (kubernetes-csi/csi-lib-utils:standardflags/flags.go:55-57@v0.24.0, leaderelection/leader_election.go:41-43@v0.24.0;
/// the same constants in v0.7.0). The client of the election is made by `NewForConfig` (line 237), without a time limit.
const CSI: Component = Component {
    name: "csi",
    lease: timing(&[Knob::Flag("leader-election-lease-duration")], seconds(15)),
    renew: timing(&[Knob::Flag("leader-election-renew-deadline")], seconds(10)),
    retry: timing(&[Knob::Flag("leader-election-retry-period")], seconds(5)),
    switch: Switch::Flag("leader-election", false),
    // Only with the alpha gate ReleaseLeaderElectionOnExit, off by default
    // (kubernetes-csi/external-attacher:pkg/features/features.go:50@v4.12.0).
    releases: Releases::Never,
    request_limit: RequestLimit::Nothing,
    library: Library::Tags(&[]),
    source: "kubernetes-csi/csi-lib-utils:leaderelection/leader_election.go:41@v0.24.0",
    ..CORE
};

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

/// Every component that is known by name.
pub const KNOWN: [Component; 34] = [
    Component {
        name: "kube-controller-manager",
        // With the alpha gate ControllerManagerReleaseLeaderElectionLockOnExit it releases since 1.36
        // (kubernetes/kubernetes:cmd/kube-controller-manager/app/controllermanager.go:863@v1.36.3).
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
    Component {
        name: "csi-provisioner",
        aliases: &["external-provisioner"],
        // Named after the driver alone (kubernetes-csi/external-provisioner:cmd/csi-provisioner/csi-provisioner.go:749).
        library: Library::Tags(&[("v3.6", 28), ("v4.0", 29), ("v5.0", 30), ("v5.3", 33), ("v6.3", 36)]),
        source: "kubernetes-csi/external-provisioner:cmd/csi-provisioner/csi-provisioner.go:105@v5.3.0",
        ..CSI
    },
    Component {
        name: "csi-attacher",
        aliases: &["external-attacher"],
        lock: Lock::Prefixed("external-attacher-leader-"),
        library: Library::Tags(&[("v3.5", 24), ("v4.4", 28), ("v4.8", 32), ("v4.11", 35), ("v4.12", 36)]),
        source: "kubernetes-csi/external-attacher:cmd/csi-attacher/main.go:73@v4.8.0",
        ..CSI
    },
    Component {
        name: "csi-resizer",
        aliases: &["external-resizer"],
        lock: Lock::Prefixed("external-resizer-"),
        library: Library::Tags(&[("v1.6", 25), ("v1.12", 31), ("v1.14", 33), ("v2.0", 34), ("v2.2", 36)]),
        source: "kubernetes-csi/external-resizer:cmd/csi-resizer/main.go:83@v2.0.0",
        ..CSI
    },
    Component {
        name: "csi-snapshotter",
        aliases: &["external-snapshotter"],
        lock: Lock::Prefixed("external-snapshotter-leader-"),
        library: Library::Tags(&[("v6.3", 28), ("v8.2", 31), ("v8.6", 36)]),
        source: "kubernetes-csi/external-snapshotter:cmd/csi-snapshotter/main.go:81@v8.2.0",
        ..CSI
    },
    Component {
        name: "snapshot-controller",
        lock: Lock::Named("snapshot-controller-leader", None),
        library: Library::Tags(&[("v6.3", 28), ("v8.2", 31), ("v8.6", 36)]),
        source: "kubernetes-csi/external-snapshotter:cmd/snapshot-controller/main.go:75@v8.6.0",
        ..CSI
    },
    Component {
        name: "csi-external-health-monitor-controller",
        lock: Lock::Prefixed("external-health-monitor-leader-"),
        library: Library::Tags(&[("v0.18", 36)]),
        source: "kubernetes-csi/external-health-monitor:cmd/csi-external-health-monitor-controller/main.go:84@v0.18.0",
        ..CSI
    },
    Component {
        name: "vsphere-syncer",
        aliases: &["syncer"],
        lock: Lock::Named("vsphere-syncer", None),
        releases: Releases::Always,
        library: Library::Tags(&[("v3.7", 35)]),
        source: "kubernetes-sigs/vsphere-csi-driver:cmd/syncer/main.go:72@v3.7.3",
        ..CSI
    },
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
        // fluxcd/source-controller:main.go `LeaderElectionID`
        name: "source-controller",
        lock: Lock::Named("source-controller-leader-election", None),
        ..FLUX
    },
    Component { name: "kustomize-controller", ..FLUX },
    Component { name: "helm-controller", ..FLUX },
    Component { name: "notification-controller", ..FLUX },
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

/// An election that is not known: client-go's recommended durations, and no flag that is known.
pub const UNKNOWN: Component = Component {
    name: "unknown",
    lease: timing(&[], seconds(15)),
    renew: timing(&[], seconds(10)),
    retry: timing(&[], seconds(2)),
    switch: Switch::Always,
    request_limit: RequestLimit::Nothing,
    library: Library::Tags(&[]),
    source: "kubernetes/client-go:tools/leaderelection/leaderelection.go:132@v0.37.2",
    ..CORE
};

/// Leases in this namespace are heartbeats of nodes (kubernetes/api:core/v1/types.go:32@v0.36.6).
pub const NODE_LEASES: &str = "kube-node-lease";

/// Labels of Leases in `kube-system` by which API servers say that they are there
/// (kubernetes/kubernetes:pkg/controlplane/apiserver/server.go:72@v1.36.3, pkg/controlplane/instance.go:126@v1.26.3).
pub const API_SERVER_IDENTITY_LABELS: [&str; 2] = ["apiserver.kubernetes.io/identity", "k8s.io/component"];

/// Names of such Leases begin so, and go on with a hash (kubernetes/apiserver:pkg/server/config.go:431@v0.36.3,
/// :346@v0.26.3).
pub const API_SERVER_IDENTITY_PREFIXES: [&str; 2] = ["apiserver-", "kube-apiserver-"];

/// The component whose program, image or container is called `name`.
pub fn named(name: &str) -> Option<&'static Component> {
    KNOWN.iter().find(|c| c.name == name || c.aliases.contains(&name))
}

/// The component that takes a Lease of this name by default, or one whose name begins like it.
pub fn of_lock(name: &str) -> Option<&'static Component> {
    let exactly = KNOWN.iter().find(|c| matches!(c.lock, Lock::Named(lock, _) if lock == name));
    let prefixed = || KNOWN.iter().find(|c| matches!(c.lock, Lock::Prefixed(start) if name.starts_with(start)));
    exactly.or_else(prefixed)
}

impl Library {
    /// client-go's minor in an image of this tag, if it is known.
    pub fn of_tag(self, tag: &str) -> Option<Release> {
        match self {
            Library::OwnMinor => tag.parse().ok(),
            Library::Tags(read) => {
                let covers = |prefix: &str| tag == prefix || tag.starts_with(&format!("{prefix}."));
                read.iter().find(|(prefix, _)| covers(prefix)).and_then(|&(_, minor)| Release::new(minor))
            }
            Library::CloudProvider => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::election::Durations;
    use std::collections::BTreeSet;

    fn all() -> impl Iterator<Item = &'static Component> {
        KNOWN.iter().chain([&OPENSHIFT, &OPENSHIFT_SINGLE_NODE, &UNKNOWN])
    }

    #[test]
    fn every_component_can_be_told_from_the_others_and_has_a_source() {
        let mut names = BTreeSet::new();
        for c in &KNOWN {
            assert!(names.insert(c.name) && c.aliases.iter().all(|a| names.insert(a)), "{} twice", c.name);
        }
        for c in all() {
            assert!(c.source.contains(':') && c.source.contains('@'), "{}", c.name);
        }
        let locks: Vec<&str> =
            KNOWN.iter().filter_map(|c| if let Lock::Named(lock, _) = c.lock { Some(lock) } else { None }).collect();
        assert_eq!(locks.iter().collect::<BTreeSet<_>>().len(), locks.len());
    }

    #[test]
    fn client_go_accepts_every_default_and_five_of_them_leave_nothing() {
        let mut none_left = BTreeSet::new();
        for c in all() {
            let (lease, renew, retry) = (c.lease.default, c.renew.default, c.retry.default);
            let durations = Durations::new(lease, renew, retry);
            assert!(durations.is_ok(), "{}: {durations:?}", c.name);
            if lease.nanos <= renew.nanos + retry.nanos {
                none_left.insert((lease.nanos, renew.nanos, retry.nanos));
            }
            let scaled = |t: Timing, unit: i64| t.factor.0 * unit / t.factor.1;
            if c.lease.set_by == c.retry.set_by && !c.lease.set_by.is_empty() {
                let unit = c.lease.default.nanos * c.lease.factor.1 / c.lease.factor.0;
                assert_eq!(scaled(c.renew, unit), c.renew.default.nanos, "{}", c.name);
                assert_eq!(scaled(c.retry, unit), c.retry.default.nanos, "{}", c.name);
            }
        }
        const S: i64 = 1_000_000_000;
        let expected = [(12, 10, 2), (15, 10, 5), (15, 14, 4), (35, 30, 5), (270, 240, 60)];
        assert_eq!(none_left, expected.map(|(a, b, c)| (a * S, b * S, c * S)).into());
    }

    #[test]
    fn components_are_found_by_name_lock_and_tag() {
        assert_eq!(named("external-attacher").map(|c| c.name), Some("csi-attacher"));
        assert_eq!(named("my-operator"), None);
        assert_eq!(of_lock("external-resizer-ebs-csi-aws-com").map(|c| c.name), Some("csi-resizer"));
        assert_eq!(of_lock("kube-scheduler").map(|c| c.name), Some("kube-scheduler"));
        assert_eq!(of_lock("ebs-csi-aws-com"), None);
        let minor = |name, tag| named(name).unwrap().library.of_tag(tag).map(Release::minor);
        assert_eq!(minor("csi-attacher", "v4.8.1"), Some(32));
        assert_eq!(minor("csi-attacher", "v4.80.0"), None);
        assert_eq!(minor("kube-scheduler", "v1.30.4"), Some(30));
        assert_eq!(minor("cloud-controller-manager", "v1.30.4"), None);
    }
}
