//! Cloud-controller-managers that differ from the stock command of `k8s.io/cloud-provider`.

use super::controllers;
use super::table::Table;
use crate::controller::{Component, Controller, ControllerSet};
use crate::release::Release;

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
    /// The keys of the `extra` controllers, by release.
    pub extra_keys: &'static [(Controller, Table<&'static str>)],
    /// Further names that its `--controllers` knows; `None` if they are not known to leasehold.
    pub extra_names: Option<&'static [&'static str]>,
    /// True if its `--controllers` takes the names from before 1.28 where the library does.
    pub aliases: bool,
    /// The main lease's default name.
    pub main_lease: &'static str,
    /// Where this was read, as `repository:path@tag`.
    pub source: &'static str,
}

impl Vendor {
    /// The key that `component` of this vendor registers `controller` under, if it has it.
    pub fn key(&self, component: Component, controller: Controller, release: Release) -> Option<&'static str> {
        if component == Component::KubeControllerManager {
            return controllers::key(component, controller, release);
        }
        if self.removed.contains(controller) {
            return None;
        }
        let extra = self.extra_keys.iter().find(|(c, _)| *c == controller);
        extra
            .and_then(|(_, table)| table.get(release).copied())
            .or_else(|| controllers::key(component, controller, release))
    }

    /// What `--controllers` makes of `name` in `component` of this vendor.
    pub fn resolve_alias<'a>(&self, component: Component, name: &'a str, release: Release) -> &'a str {
        if self.aliases || component == Component::KubeControllerManager {
            controllers::resolve_alias(component, name, release)
        } else {
            name
        }
    }
}

/// The library's own command, which most vendors use unchanged.
pub const STOCK: Vendor = Vendor {
    name: "stock",
    migration: MigrationSupport::Stock,
    extra: ControllerSet::EMPTY,
    removed: ControllerSet::EMPTY,
    extra_keys: &[],
    extra_names: Some(&[]),
    aliases: true,
    main_lease: "cloud-controller-manager",
    source: "kubernetes/cloud-provider:app/controllermanager.go@v0.36.0",
};
