//! Lock types that client-go knows, and how it refuses the others.

use super::table::{Checked, Table, between, from};
use crate::lease::LockType;
use crate::release::Release;

/// The lock types that can be created.
pub const LOCK_TYPES: Table<&[LockType]> = Table(&[
    between(
        21,
        23,
        &LockType::ALL,
        Checked::Executed(&[21, 22, 23]),
        "kubernetes/client-go:tools/leaderelection/resourcelock/interface.go:126@v0.21.0",
    ),
    between(
        24,
        27,
        &[LockType::Leases, LockType::EndpointsLeases, LockType::ConfigMapsLeases],
        Checked::Executed(&[24, 25, 26, 27]),
        "kubernetes/client-go:tools/leaderelection/resourcelock/interface.go:193@v0.24.2",
    ),
    from(
        28,
        &[LockType::Leases],
        Checked::Executed(&[28, 29, 30, 31, 32, 33, 34, 35, 36, 37]),
        "kubernetes/client-go:tools/leaderelection/resourcelock/interface.go:177@v0.28.8",
    ),
]);

/// What follows `endpoints lock is removed, migrate to ` (and the same for `configmaps`).
pub const REMOVED_LOCK_ADVICE: Table<RemovedLockAdvice> = Table(&[
    between(
        24,
        27,
        RemovedLockAdvice::Both(""),
        Checked::Executed(&[24, 25, 26, 27]),
        "kubernetes/client-go:tools/leaderelection/resourcelock/interface.go:193@v0.27.3",
    ),
    between(
        28,
        31,
        RemovedLockAdvice::Both(" (using version v0.27.x)"),
        Checked::Executed(&[28, 29, 30, 31]),
        "kubernetes/client-go:tools/leaderelection/resourcelock/interface.go:180@v0.31.14",
    ),
    from(
        32,
        RemovedLockAdvice::Leases,
        Checked::Executed(&[32, 33, 34, 35, 36, 37]),
        "kubernetes/client-go:tools/leaderelection/resourcelock/interface.go:114@v0.32.13",
    ),
]);

/// What client-go advises instead of a removed lock type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RemovedLockAdvice {
    /// The double lock with leases, with this said after it.
    Both(&'static str),
    /// `leases`.
    Leases,
}

/// Why `resourcelock.New` refuses `lock` at `release`, in its words; `None` if it creates the lock.
pub fn refusal(lock: &str, release: Release) -> Option<String> {
    let known = LockType::from_name(lock);
    if known.is_some_and(|l| LOCK_TYPES.get(release).is_some_and(|types| types.contains(&l))) {
        return None;
    }
    let advice = REMOVED_LOCK_ADVICE.get(release);
    Some(match (known, advice) {
        (Some(LockType::Endpoints | LockType::ConfigMaps), Some(RemovedLockAdvice::Both(more))) => {
            format!("{lock} lock is removed, migrate to {lock}leases{more}")
        }
        (Some(LockType::ConfigMapsLeases), Some(_)) => format!("{lock} lock is removed, migrated to leases"),
        (Some(_), Some(_)) => format!("{lock} lock is removed, migrate to leases"),
        _ => format!("Invalid lock-type {lock}"),
    })
}

/// True if the managers validate that `--leader-elect-resource-lock` is `leases`.
pub const MAIN_LOCK_VALIDATED: Table<bool> = Table(&[
    between(21, 26, false, Checked::Read, "kubernetes/controller-manager:options/generic.go Validate@v0.26.0"),
    from(
        27,
        true,
        Checked::Executed(&[27, 28, 30, 31, 33, 34, 35, 36, 37]),
        "kubernetes/controller-manager:options/generic.go Validate@v0.27.0",
    ),
]);

/// Exit code of a cloud-controller-manager that cannot create a lock or fails to start a controller.
pub const CCM_FATAL_EXIT_CODE: u8 = 255;
