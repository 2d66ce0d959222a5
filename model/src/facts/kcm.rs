//! What kube-controller-manager makes of its cloud provider and of its token controller.

use super::table::{Checked, Table, between, from};

/// When kube-controller-manager refuses a cloud provider it does not have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ProviderCheck {
    /// While it builds the controllers' context, so after it took the main lease.
    AfterMainLock,
    /// While it validates its options, before any lease.
    BeforeLocks,
}

/// When a cloud provider that is not there is refused.
pub const PROVIDER_CHECK: Table<ProviderCheck> = Table(&[
    between(
        21,
        31,
        ProviderCheck::AfterMainLock,
        Checked::Executed(&[30]),
        "kubernetes/kubernetes:cmd/kube-controller-manager/app/cloudproviders.go:39@v1.31.0",
    ),
    from(
        32,
        ProviderCheck::BeforeLocks,
        Checked::Executed(&[33]),
        "kubernetes/kubernetes:cmd/kube-controller-manager/app/options/options.go:451@v1.33.13",
    ),
]);

/// True if a token controller that `--controllers` leaves out never gives the signal to contend for the migration
/// lease.
pub const DISABLED_TOKEN_CONTROLLER_BLOCKS: Table<bool> = Table(&[
    between(
        21,
        27,
        false,
        Checked::Read,
        "kubernetes/kubernetes:cmd/kube-controller-manager/app/controllermanager.go startServiceAccountTokenController@v1.27.0",
    ),
    from(
        28,
        true,
        Checked::Executed(&[30]),
        "kubernetes/kubernetes:cmd/kube-controller-manager/app/controllermanager.go:723@v1.30.4",
    ),
]);

/// Exit code of a kube-controller-manager that fails after it started its electors.
pub const FATAL_EXIT_CODE: Table<u8> = Table(&[
    between(
        21,
        23,
        255,
        Checked::Read,
        "kubernetes/kubernetes:cmd/kube-controller-manager/app/controllermanager.go@v1.23.0",
    ),
    from(
        24,
        1,
        Checked::Executed(&[30]),
        "kubernetes/kubernetes:cmd/kube-controller-manager/app/controllermanager.go:226@v1.30.4",
    ),
]);
