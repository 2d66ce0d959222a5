//! Cloud-controller-managers that differ from the stock command of `k8s.io/cloud-provider`.

use crate::controller::ControllerSet;

/// What a vendor's cloud-controller-manager does with the leader migration flags.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MigrationSupport {
    /// It runs the library's `app.Run`, so leader migration works as in the library.
    Stock,
    /// It accepts the flags and ignores them: one main lease, every controller under it.
    Ignored,
    /// It does not know the flags and exits.
    UnknownFlag,
}

/// A cloud-controller-manager as far as it differs from stock.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Vendor {
    /// Its name in output, such as `azure`; `stock` for the library's own command.
    pub name: &'static str,
    /// What it does with `--enable-leader-migration`.
    pub migration: MigrationSupport,
    /// Controllers it registers besides the library's, with the key it registers them under.
    pub extra: ControllerSet,
    /// Controllers of the library that it does not have.
    pub removed: ControllerSet,
    /// The main lease's default name.
    pub main_lease: &'static str,
    /// Where this was read, as `repository:path@tag`.
    pub source: &'static str,
}

/// The library's own command, which most vendors use unchanged.
pub const STOCK: Vendor = Vendor {
    name: "stock",
    migration: MigrationSupport::Stock,
    extra: ControllerSet::EMPTY,
    removed: ControllerSet::EMPTY,
    main_lease: "cloud-controller-manager",
    source: "kubernetes/cloud-provider:app/controllermanager.go@v0.36.0",
};
