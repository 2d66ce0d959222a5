//! The sidecars of CSI drivers, which share one library.

use super::{CORE, Component, Knob, Library, Lock, Releases, RequestLimit, Switch, seconds, timing};

/// Each of them.
pub(super) const KNOWN: [Component; 7] = [
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
];

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
