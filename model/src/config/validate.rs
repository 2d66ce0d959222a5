//! What is checked about a decoded configuration
//! (kubernetes/controller-manager:pkg/leadermigration/config/config.go:80@v0.36.0, the same since v0.21.0).

use super::{MigrationConfig, quote};
use crate::facts::migration;
use crate::release::Release;

/// The errors, in the words and order of the validator of `release`; empty if it accepts the configuration.
pub fn validate(config: &MigrationConfig, release: Release) -> Vec<String> {
    let said = |what: &str| match migration::TERSE_VALIDATION.get(release) {
        Some(true) => String::new(),
        _ => format!(": {what} must be set"),
    };
    let mut errors = Vec::new();
    if config.leader_name.is_empty() {
        errors.push("leaderName: Required value: leaderName must be set for LeaderMigrationConfiguration".to_string());
    }
    if config.resource_lock != "leases" && config.resource_lock != "endpoints" {
        errors.push(format!(
            "resourceLock: Invalid value: {}: resource Lock must be one of 'leases' or 'endpoints'",
            quote(&config.resource_lock)
        ));
    }
    for (i, entry) in config.controller_leaders.iter().enumerate() {
        if entry.component.is_empty() {
            errors.push(format!("controllerLeaders[{i}].component: Required value{}", said("component")));
        }
        if entry.name.is_empty() {
            errors.push(format!("controllerLeaders[{i}].name: Required value{}", said("name")));
        }
    }
    errors
}
