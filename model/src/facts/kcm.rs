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
        Checked::Executed(&[27, 28, 30, 31]),
        "kubernetes/kubernetes:cmd/kube-controller-manager/app/cloudproviders.go:39@v1.31.0",
    ),
    from(
        32,
        ProviderCheck::BeforeLocks,
        Checked::Executed(&[33, 34, 35, 36, 37]),
        "kubernetes/kubernetes:cmd/kube-controller-manager/app/options/options.go:451@v1.33.13",
    ),
]);

/// What a kube-controller-manager does about its token controller, whose start is the signal to contend for the
/// migration lease.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TokenSignal {
    /// If `--controllers` leaves the token controller out, the signal never comes.
    pub needs_controller: bool,
    /// If there is no private key, the process gives the signal and then panics.
    pub panics_without_key: bool,
}

/// See [`TokenSignal`].
pub const TOKEN_SIGNAL: Table<TokenSignal> = Table(&[
    between(
        21,
        28,
        TokenSignal { needs_controller: false, panics_without_key: false },
        Checked::Executed(&[27, 28]),
        "kubernetes/kubernetes:cmd/kube-controller-manager/app/controllermanager.go \
         startServiceAccountTokenController@v1.28.0",
    ),
    between(
        29,
        34,
        TokenSignal { needs_controller: true, panics_without_key: false },
        Checked::Executed(&[30, 31, 33, 34]),
        "kubernetes/kubernetes:cmd/kube-controller-manager/app/controllermanager.go:723@v1.30.4",
    ),
    from(
        35,
        TokenSignal { needs_controller: false, panics_without_key: true },
        Checked::Executed(&[35, 36, 37]),
        "kubernetes/kubernetes:cmd/kube-controller-manager/app/controllermanager.go:317@v1.35.4",
    ),
]);

/// Why a kube-controller-manager exits as soon as it holds the migration lease, in its words; no entry: it does not.
///
/// It builds the context of its controllers once for each lease, and each time registers the same name for its
/// informers, which client-go refuses the second time (kubernetes/client-go:tools/cache/identity.go:79@v0.36.3).
pub const MIGRATION_LEASE_IS_FATAL: Table<&str> = Table(&[from(
    36,
    "failed to create informer name: informer name \"kube-controller-manager\" is already registered",
    Checked::Executed(&[36, 37]),
    "kubernetes/kubernetes:cmd/kube-controller-manager/app/controllermanager.go:546@v1.36.3",
)]);

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
        Checked::Executed(&[27, 28, 30, 31, 33, 34, 35, 36, 37]),
        "kubernetes/kubernetes:cmd/kube-controller-manager/app/controllermanager.go:226@v1.30.4",
    ),
]);
