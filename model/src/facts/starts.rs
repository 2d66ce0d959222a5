//! How long a manager takes until its controllers act, as far as its release decides it.

use super::table::{Checked, Table, between, from};
use crate::launch::duration::GoDuration;

/// How long the node IPAM controller of a kube-controller-manager holds up the controllers that are started after it: it
/// lists the nodes before it starts, and until 1.30 it first waited for one interval of its poll.
pub const NODE_IPAM_WAIT: Table<GoDuration> = Table(&[
    between(
        21,
        30,
        GoDuration::seconds(10),
        Checked::Executed(&[30]),
        "kubernetes/kubernetes:pkg/controller/nodeipam/ipam/cidr_allocator.go:82,139@v1.30.4",
    ),
    from(
        31,
        GoDuration::seconds(0),
        Checked::Read,
        "kubernetes/kubernetes:pkg/controller/nodeipam/ipam/cidr_allocator.go:69,118@v1.31.0",
    ),
]);

/// The longest that kube-scheduler takes to place a pod once there is a node for it: a pod that did not fit backs off for up
/// to 10 s, and what has backed off is looked for every second
/// (kubernetes/kubernetes:pkg/scheduler/internal/queue/scheduling_queue.go `DefaultPodMaxBackoffDuration`, `Run`@v1.30.0).
pub const LONGEST_PLACING: GoDuration = GoDuration::seconds(11);

/// The longest that kubelet waits before it starts a container again that exits again and again
/// (kubernetes/kubernetes:pkg/kubelet/kubelet.go:146@v1.30.4).
pub const LONGEST_BACK_OFF: GoDuration = GoDuration::seconds(300);
