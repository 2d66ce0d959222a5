//! Every other flag of the two stock commands, so that a misspelt one is told from one that decides nothing.
//!
//! Read off the real commands of the minors in [`KCM_EXECUTED`] and [`CCM_EXECUTED`] (testbed/facts); of other
//! releases nobody can say that they lack a flag.

use super::flags::Kind;
use crate::controller::Component;
use crate::release::Release;

/// The minors whose kube-controller-manager listed its flags.
pub const KCM_EXECUTED: &[u8] = &[27, 28, 30, 31, 33];

/// The minors whose cloud-controller-manager library listed its flags.
pub const CCM_EXECUTED: &[u8] = &[21, 22, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37];

/// In which executed minors a flag is there: from the first, through the last if it has gone again.
type Span = Option<(u8, Option<u8>)>;

const NEVER: Span = None;

const fn first(minor: u8) -> Span {
    Some((minor, None))
}

const fn span(first: u8, last: u8) -> Span {
    Some((first, Some(last)))
}

/// Flags of one kind that came with the same minors.
struct Group {
    kind: Kind,
    kcm: Span,
    ccm: Span,
    names: &'static [&'static str],
}

const GROUPS: &[Group] = &[
    Group { kind: Kind::Bool, kcm: NEVER, ccm: first(36), names: &["webhook-disable-http2-serving"] },
    Group {
        kind: Kind::Bool,
        kcm: NEVER,
        ccm: span(21, 22),
        names: &["add_dir_header", "alsologtostderr", "logtostderr", "one_output", "skip_headers", "skip_log_headers"],
    },
    Group {
        kind: Kind::Bool,
        kcm: first(27),
        ccm: NEVER,
        names: &[
            "disable-attach-detach-reconcile-sync",
            "enable-dynamic-provisioning",
            "enable-garbage-collector",
            "enable-hostpath-provisioner",
        ],
    },
    Group {
        kind: Kind::Bool,
        kcm: first(27),
        ccm: first(21),
        names: &[
            "allow-untagged-cloud",
            "authentication-skip-lookup",
            "authentication-tolerate-lookup-failure",
            "contention-profiling",
            "help",
            "permit-address-sharing",
            "permit-port-sharing",
            "profiling",
            "use-service-account-credentials",
            "version",
        ],
    },
    Group { kind: Kind::Bool, kcm: first(30), ccm: NEVER, names: &["disable-force-detach-on-timeout"] },
    Group { kind: Kind::Bool, kcm: first(30), ccm: first(30), names: &["log-text-split-stream"] },
    Group { kind: Kind::Bool, kcm: first(31), ccm: first(31), names: &["disable-http2-serving"] },
    Group { kind: Kind::Bool, kcm: span(27, 30), ccm: NEVER, names: &["volume-host-allow-local-loopback"] },
    Group { kind: Kind::Duration, kcm: NEVER, ccm: first(21), names: &["node-status-update-frequency"] },
    Group {
        kind: Kind::Duration,
        kcm: first(27),
        ccm: NEVER,
        names: &[
            "attach-detach-reconcile-sync-period",
            "cluster-signing-duration",
            "endpoint-updates-batch-period",
            "endpointslice-updates-batch-period",
            "horizontal-pod-autoscaler-cpu-initialization-period",
            "horizontal-pod-autoscaler-downscale-stabilization",
            "horizontal-pod-autoscaler-initial-readiness-delay",
            "horizontal-pod-autoscaler-sync-period",
            "mirroring-endpointslice-updates-batch-period",
            "namespace-sync-period",
            "node-monitor-grace-period",
            "node-startup-grace-period",
            "pvclaimbinder-sync-period",
            "resource-quota-sync-period",
        ],
    },
    Group {
        kind: Kind::Duration,
        kcm: first(27),
        ccm: first(21),
        names: &[
            "authentication-token-webhook-cache-ttl",
            "authorization-webhook-cache-authorized-ttl",
            "authorization-webhook-cache-unauthorized-ttl",
            "controller-start-interval",
            "log-flush-frequency",
            "min-resync-period",
            "node-monitor-period",
            "node-sync-period",
            "route-reconciliation-period",
        ],
    },
    Group {
        kind: Kind::Duration,
        kcm: first(28),
        ccm: NEVER,
        names: &["legacy-service-account-token-clean-up-period"],
    },
    Group {
        kind: Kind::Duration,
        kcm: span(27, 30),
        ccm: NEVER,
        names: &["horizontal-pod-autoscaler-downscale-delay", "horizontal-pod-autoscaler-upscale-delay"],
    },
    Group { kind: Kind::Int, kcm: NEVER, ccm: first(27), names: &["concurrent-node-syncs", "webhook-secure-port"] },
    Group { kind: Kind::Int, kcm: NEVER, ccm: first(36), names: &["concurrent-node-status-updates"] },
    Group { kind: Kind::Int, kcm: NEVER, ccm: first(37), names: &["concurrent-node-lifecycle-syncs"] },
    Group { kind: Kind::Int, kcm: NEVER, ccm: span(21, 22), names: &["port"] },
    Group {
        kind: Kind::Int,
        kcm: first(27),
        ccm: NEVER,
        names: &[
            "concurrent-deployment-syncs",
            "concurrent-endpoint-syncs",
            "concurrent-ephemeralvolume-syncs",
            "concurrent-gc-syncs",
            "concurrent-horizontal-pod-autoscaler-syncs",
            "concurrent-namespace-syncs",
            "concurrent-replicaset-syncs",
            "concurrent-resource-quota-syncs",
            "concurrent-service-endpoint-syncs",
            "concurrent-serviceaccount-token-syncs",
            "concurrent-statefulset-syncs",
            "concurrent-ttl-after-finished-syncs",
            "concurrent_rc_syncs",
            "large-cluster-size-threshold",
            "max-endpoints-per-slice",
            "mirroring-concurrent-service-endpoint-syncs",
            "mirroring-max-endpoints-per-subset",
            "node-cidr-mask-size",
            "node-cidr-mask-size-ipv4",
            "node-cidr-mask-size-ipv6",
            "pv-recycler-increment-timeout-nfs",
            "pv-recycler-minimum-timeout-hostpath",
            "pv-recycler-minimum-timeout-nfs",
            "pv-recycler-timeout-increment-hostpath",
            "terminated-pod-gc-threshold",
        ],
    },
    Group {
        kind: Kind::Int,
        kcm: first(27),
        ccm: first(21),
        names: &["concurrent-service-syncs", "http2-max-streams-per-connection", "kube-api-burst", "secure-port", "v"],
    },
    Group {
        kind: Kind::Int,
        kcm: first(28),
        ccm: NEVER,
        names: &[
            "concurrent-cron-job-syncs",
            "concurrent-job-syncs",
            "concurrent-validating-admission-policy-status-syncs",
        ],
    },
    Group { kind: Kind::Int, kcm: first(33), ccm: NEVER, names: &["concurrent-daemonset-syncs"] },
    Group { kind: Kind::List, kcm: NEVER, ccm: first(27), names: &["webhooks"] },
    Group { kind: Kind::List, kcm: NEVER, ccm: first(36), names: &["webhook-tls-cipher-suites"] },
    Group { kind: Kind::List, kcm: first(27), ccm: NEVER, names: &["disabled-metrics"] },
    Group {
        kind: Kind::List,
        kcm: first(27),
        ccm: first(21),
        names: &[
            "authorization-always-allow-paths",
            "requestheader-allowed-names",
            "requestheader-extra-headers-prefix",
            "requestheader-group-headers",
            "requestheader-username-headers",
            "tls-cipher-suites",
        ],
    },
    Group { kind: Kind::List, kcm: first(31), ccm: NEVER, names: &["emulated-version"] },
    Group { kind: Kind::List, kcm: first(33), ccm: first(32), names: &["requestheader-uid-headers"] },
    Group { kind: Kind::List, kcm: span(27, 30), ccm: NEVER, names: &["volume-host-cidr-denylist"] },
    Group {
        kind: Kind::Text,
        kcm: NEVER,
        ccm: first(27),
        names: &["webhook-bind-address", "webhook-cert-dir", "webhook-tls-cert-file", "webhook-tls-private-key-file"],
    },
    Group {
        kind: Kind::Text,
        kcm: NEVER,
        ccm: first(36),
        names: &[
            "tls-curve-preferences",
            "webhook-tls-curve-preferences",
            "webhook-tls-min-version",
            "webhook-tls-sni-cert-key",
        ],
    },
    Group {
        kind: Kind::Text,
        kcm: NEVER,
        ccm: span(21, 22),
        names: &["address", "log_backtrace_at", "log_dir", "log_file", "log_file_max_size", "stderrthreshold"],
    },
    Group {
        kind: Kind::Text,
        kcm: first(27),
        ccm: NEVER,
        names: &[
            "allow-metric-labels",
            "cluster-signing-cert-file",
            "cluster-signing-key-file",
            "cluster-signing-kube-apiserver-client-cert-file",
            "cluster-signing-kube-apiserver-client-key-file",
            "cluster-signing-kubelet-client-cert-file",
            "cluster-signing-kubelet-client-key-file",
            "cluster-signing-kubelet-serving-cert-file",
            "cluster-signing-kubelet-serving-key-file",
            "cluster-signing-legacy-unknown-cert-file",
            "cluster-signing-legacy-unknown-key-file",
            "flex-volume-plugin-dir",
            "horizontal-pod-autoscaler-tolerance",
            "node-eviction-rate",
            "pv-recycler-pod-template-filepath-hostpath",
            "pv-recycler-pod-template-filepath-nfs",
            "root-ca-file",
            "secondary-node-eviction-rate",
            "service-cluster-ip-range",
            "show-hidden-metrics-for-version",
            "unhealthy-zone-threshold",
        ],
    },
    Group {
        kind: Kind::Text,
        kcm: first(27),
        ccm: first(21),
        names: &[
            "authentication-kubeconfig",
            "authorization-kubeconfig",
            "bind-address",
            "cert-dir",
            "client-ca-file",
            "cloud-config",
            "cluster-name",
            "kube-api-content-type",
            "kube-api-qps",
            "kubeconfig",
            "master",
            "requestheader-client-ca-file",
            "tls-cert-file",
            "tls-min-version",
            "tls-private-key-file",
            "tls-sni-cert-key",
            "vmodule",
        ],
    },
    Group { kind: Kind::Text, kcm: first(27), ccm: first(27), names: &["logging-format"] },
    Group { kind: Kind::Text, kcm: first(30), ccm: NEVER, names: &["allow-metric-labels-manifest"] },
    Group { kind: Kind::Text, kcm: first(30), ccm: first(30), names: &["log-text-info-buffer-size"] },
];

/// What is known of a flag that decides nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Presence {
    /// The stock command has it.
    Has(Kind),
    /// The stock command certainly does not have it.
    Lacks,
    /// Nobody can say.
    Unsure,
}

/// What is known of flag `name` in the stock `component` at `release`.
pub fn presence(component: Component, name: &str, release: Release) -> Presence {
    let executed = match component {
        Component::KubeControllerManager => KCM_EXECUTED,
        Component::CloudControllerManager => CCM_EXECUTED,
    };
    let exact = executed.contains(&release.minor());
    let found = GROUPS.iter().find(|group| group.names.contains(&name)).and_then(|group| {
        let span = match component {
            Component::KubeControllerManager => group.kcm,
            Component::CloudControllerManager => group.ccm,
        };
        span.map(|(first, last)| (group.kind, first, last))
    });
    match found {
        Some((kind, since, until)) if since <= release.minor() && until.is_none_or(|last| release.minor() <= last) => {
            Presence::Has(kind)
        }
        _ if exact => Presence::Lacks,
        // Older than the oldest list: most likely it was there already.
        Some((kind, since, _)) if Some(&since) == executed.first() => Presence::Has(kind),
        _ => Presence::Unsure,
    }
}

/// How many flags that decide nothing the stock `component` has at `release`, one of the executed minors.
pub fn count(component: Component, release: Release) -> usize {
    let names = GROUPS.iter().flat_map(|group| group.names);
    names.filter(|name| matches!(presence(component, name, release), Presence::Has(_))).count()
}
