//! How leader election differs between releases of `k8s.io/client-go`. The elector of a manager is the client-go of its
//! own release.
//!
//! Found by comparing `tools/leaderelection` (with `resourcelock`) and apimachinery's `util/wait` from 0.21.1 to 0.37.2,
//! minor by minor. What differs and is not here only changes log lines, metrics and locking inside the process. Executed is
//! what recorded elections of the real `LeaderElector` show (`testbed/electors`).

use super::table::{Checked, Table, between, from};

/// Whose duration decides that another's lease has expired.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ExpiryBy {
    /// The challenger's own `--leader-elect-lease-duration`, whatever the holder wrote.
    OwnDuration,
    /// The `leaseDurationSeconds` in the record. From 0.30 on it is taken from the record last observed, which is another
    /// than the one just read only where the elector wrote in between; and then it names the elector, which does not wait.
    Record,
}

/// When a lease counts as expired.
pub const EXPIRY: Table<ExpiryBy> = Table(&[
    between(
        21,
        26,
        ExpiryBy::OwnDuration,
        Checked::Executed(&[21, 22, 23, 24, 25, 26]),
        "kubernetes/client-go:tools/leaderelection/leaderelection.go:350@v0.26.9",
    ),
    from(
        27,
        ExpiryBy::Record,
        Checked::Executed(&[27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37]),
        "kubernetes/client-go:tools/leaderelection/leaderelection.go:347@v0.27.3",
    ),
]);

/// True if a leader renews with an update alone, and reads only if that fails. The update after that read then writes the
/// same record, dated by the beginning of the attempt, although the first may have been applied.
pub const RENEWS_WITHOUT_READING: Table<bool> = Table(&[
    between(
        21,
        29,
        false,
        Checked::Executed(&[21, 22, 23, 24, 25, 26, 27, 28, 29]),
        "kubernetes/client-go:tools/leaderelection/leaderelection.go:329@v0.29.15",
    ),
    from(
        30,
        true,
        Checked::Executed(&[30, 31, 32, 33, 34, 35, 36, 37]),
        "kubernetes/client-go:tools/leaderelection/leaderelection.go:330@v0.30.14",
    ),
]);

/// How a released lease is emptied, where a manager releases at all.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
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

impl Release {
    /// True if it reads the lease before it empties it.
    pub const fn reads_first(self) -> bool {
        matches!(self, Release::ReadsFirst | Release::RetriesConflicts)
    }
}

/// See [`Release`].
pub const RELEASE: Table<Release> = Table(&[
    between(
        21,
        30,
        Release::Unbounded,
        Checked::Read,
        "kubernetes/client-go:tools/leaderelection/leaderelection.go:307@v0.30.14",
    ),
    between(
        31,
        33,
        Release::Bounded,
        Checked::Read,
        "kubernetes/client-go:tools/leaderelection/leaderelection.go:319@v0.31.14",
    ),
    between(
        34,
        36,
        Release::ReadsFirst,
        Checked::Executed(&[34, 35, 36]),
        "kubernetes/client-go:tools/leaderelection/leaderelection.go:313@v0.34.13",
    ),
    from(
        37,
        Release::RetriesConflicts,
        Checked::Executed(&[37]),
        "kubernetes/client-go:tools/leaderelection/leaderelection.go:351@v0.37.2",
    ),
]);

/// When a leader that failed to renew tries again, within RenewDeadline.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Polling {
    /// Every RetryPeriod from the end of the first attempt (`PollImmediateUntil`). A tick that falls into an attempt is
    /// lost.
    FromFirstAnswer,
    /// Every RetryPeriod from the start of the first attempt (`PollUntilContextTimeout`). A tick that falls into an
    /// attempt is kept, and the next attempt follows at once; the deadline goes before a tick.
    FromStart,
}

/// See [`Polling`].
pub const POLLING: Table<Polling> = Table(&[
    between(
        21,
        31,
        Polling::FromFirstAnswer,
        Checked::Executed(&[21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31]),
        "kubernetes/client-go:tools/leaderelection/leaderelection.go:282@v0.31.14 with \
         kubernetes/apimachinery:pkg/util/wait/poll.go:243@v0.31.14",
    ),
    from(
        32,
        Polling::FromStart,
        Checked::Executed(&[32, 33, 34, 35, 36, 37]),
        "kubernetes/client-go:tools/leaderelection/leaderelection.go:283@v0.32.13 with \
         kubernetes/apimachinery:pkg/util/wait/loop.go:37@v0.32.13",
    ),
]);

/// True if a failed read makes the lock forget the Lease it has, so that a release without reading cannot be sent: an
/// update of a Lease without a name fails in the client. A failed create has this effect in every release.
pub const FORGETS_LEASE_ON_FAILED_READ: Table<bool> = Table(&[
    between(
        21,
        25,
        true,
        Checked::Executed(&[21, 22, 23, 24, 25]),
        "kubernetes/client-go:tools/leaderelection/resourcelock/leaselock.go:43@v0.25.9",
    ),
    from(
        26,
        false,
        Checked::Executed(&[26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37]),
        "kubernetes/client-go:tools/leaderelection/resourcelock/leaselock.go:42@v0.26.9",
    ),
]);

/// True if the event "stopped leading" is recorded whenever a leader ends, after it released; before, only when it
/// failed to renew, and before it released.
pub const ALWAYS_RECORDS_STOPPED: Table<bool> = Table(&[
    between(
        21,
        26,
        false,
        Checked::Executed(&[21, 22, 23, 24, 25, 26]),
        "kubernetes/client-go:tools/leaderelection/leaderelection.go:281@v0.26.9",
    ),
    from(
        27,
        true,
        Checked::Executed(&[27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37]),
        "kubernetes/client-go:tools/leaderelection/leaderelection.go:263@v0.27.3",
    ),
]);

/// True if an elector without an identity is refused. Before, it takes an empty lease for its own.
pub const REFUSES_EMPTY_IDENTITY: Table<bool> = Table(&[
    between(21, 27, false, Checked::Read, "kubernetes/client-go:tools/leaderelection/leaderelection.go:98@v0.27.3"),
    from(28, true, Checked::Read, "kubernetes/client-go:tools/leaderelection/leaderelection.go:102@v0.28.8"),
]);

/// True if there is coordinated election, and the record has a strategy and a preferred holder. Before, a change of
/// these fields goes unseen; and every write of an elector that is not coordinated removes them.
pub const COORDINATION: Table<bool> = Table(&[
    between(
        21,
        30,
        false,
        Checked::Executed(&[21, 22, 23, 24, 25, 26, 27, 28, 29, 30]),
        "kubernetes/client-go:tools/leaderelection/resourcelock/interface.go:111@v0.30.14",
    ),
    from(
        31,
        true,
        Checked::Executed(&[31, 32, 33, 34, 35, 36, 37]),
        "kubernetes/client-go:tools/leaderelection/resourcelock/interface.go:123@v0.31.14",
    ),
]);

/// True if a leader looks at its context before the first attempt of each renewal too. It only shows when the context
/// ends in the instant between the loop's own look and the attempt: before 0.36 the attempt's requests are then made,
/// and fail.
pub const CHECKS_CONTEXT_FIRST: Table<bool> = Table(&[
    between(21, 35, false, Checked::Read, "kubernetes/client-go:tools/leaderelection/leaderelection.go:285@v0.35.10"),
    from(36, true, Checked::Read, "kubernetes/client-go:tools/leaderelection/leaderelection.go:288@v0.36.6"),
]);

/// The factor that the random part of a retry is drawn from: the wait is RetryPeriod and up to this much of it more
/// (kubernetes/client-go:tools/leaderelection/leaderelection.go:72@v0.36.6).
pub const JITTER_FACTOR: f64 = 1.2;
