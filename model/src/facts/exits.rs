//! How a manager ends that has lost a lease. Both managers do the same for either lease, and release neither.

use super::table::{Checked, Table, between, from};

/// The end of a process that lost a lease.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LostLease {
    /// The exit code.
    pub exit_code: u8,
    /// The longest the log may take to be flushed before the process is gone, in seconds; controllers may act on.
    pub flush_seconds: u8,
}

/// See [`LostLease`].
pub const LOST_LEASE: Table<LostLease> = Table(&[
    between(
        21,
        23,
        LostLease { exit_code: 255, flush_seconds: 10 },
        Checked::Read,
        "kubernetes/cloud-provider:app/controllermanager.go:237@v0.23.5 with kubernetes/klog:klog.go:1000@v2.30.0",
    ),
    from(
        24,
        LostLease { exit_code: 1, flush_seconds: 10 },
        Checked::Executed(&[30]),
        "kubernetes/cloud-provider:app/controllermanager.go:229@v0.24.0",
    ),
]);
