//! What a configuration says about one controller
//! (kubernetes/controller-manager:pkg/leadermigration/migrator.go:36@v0.36.0).

use super::MigrationConfig;
use crate::controller::Component;
use crate::facts::migration;
use crate::release::Release;

/// Where a controller belongs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Filter {
    /// Named for this component: it runs under the migration lease.
    Migrated,
    /// Named, but not for this component: it does not run here.
    Unowned,
    /// Not named: it runs under the main lease.
    NonMigrated,
}

/// What `config` says in `component` at `release` about the controller registered under `key`. Entries are compared
/// verbatim, aliases do not exist here, and of several entries for one key the last wins.
pub fn filter(config: &MigrationConfig, component: Component, key: &str, release: Release) -> Filter {
    let wildcard = migration::WILDCARD.get(release) == Some(&true);
    match config.controller_leaders.iter().rev().find(|entry| entry.name == key) {
        None => Filter::NonMigrated,
        Some(entry) if entry.component == component.name() || (wildcard && entry.component == "*") => Filter::Migrated,
        Some(_) => Filter::Unowned,
    }
}
