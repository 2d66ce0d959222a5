//! How leader election differs between releases of `k8s.io/client-go`. The elector of a manager is the client-go of its
//! own release.

use super::table::{Checked, Table, between, from};

/// Whose duration decides that another's lease has expired.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ExpiryBy {
    /// The challenger's own `--leader-elect-lease-duration`, whatever the holder wrote.
    OwnDuration,
    /// The `leaseDurationSeconds` in the record.
    Record,
}

/// When a lease counts as expired.
pub const EXPIRY: Table<ExpiryBy> = Table(&[
    between(
        21,
        26,
        ExpiryBy::OwnDuration,
        Checked::Read,
        "kubernetes/client-go:tools/leaderelection/leaderelection.go:350@v0.26.9",
    ),
    from(
        27,
        ExpiryBy::Record,
        Checked::Read,
        "kubernetes/client-go:tools/leaderelection/leaderelection.go:347@v0.27.3",
    ),
]);

/// True if a leader renews with an update alone, and reads only if that fails.
pub const RENEWS_WITHOUT_READING: Table<bool> = Table(&[
    between(21, 29, false, Checked::Read, "kubernetes/client-go:tools/leaderelection/leaderelection.go@v0.29.15"),
    from(
        30,
        true,
        Checked::Executed(&[30]),
        "kubernetes/client-go:tools/leaderelection/leaderelection.go:330@v0.30.14",
    ),
]);

/// How a released lease is emptied, where a manager releases at all.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Release {
    /// One update with the record last seen, without a time limit.
    Unbounded,
    /// The same within RenewDeadline.
    Bounded,
    /// It reads the record first, and may then empty another's lease, because it still decides by what it saw before.
    ReadsFirst,
    /// The same, and again after every conflict.
    RetriesConflicts,
}

/// See [`Release`].
pub const RELEASE: Table<Release> = Table(&[
    between(
        21,
        30,
        Release::Unbounded,
        Checked::Read,
        "kubernetes/client-go:tools/leaderelection/leaderelection.go release@v0.30.14",
    ),
    between(
        31,
        33,
        Release::Bounded,
        Checked::Read,
        "kubernetes/client-go:tools/leaderelection/leaderelection.go release@v0.31.14",
    ),
    between(
        34,
        36,
        Release::ReadsFirst,
        Checked::Read,
        "kubernetes/client-go:tools/leaderelection/leaderelection.go release@v0.34.13",
    ),
    from(
        37,
        Release::RetriesConflicts,
        Checked::Read,
        "kubernetes/client-go:tools/leaderelection/leaderelection.go:319@v0.37.2",
    ),
]);

/// The factor that the random part of a retry is drawn from: the wait is RetryPeriod and up to this much of it more
/// (kubernetes/client-go:tools/leaderelection/leaderelection.go:68@v0.36.6).
pub const JITTER_FACTOR: f64 = 1.2;
