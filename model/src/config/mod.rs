//! LeaderMigrationConfiguration: decoding, validating and filtering it exactly as each release does.
//!
//! * [`decode`]: document to [`MigrationConfig`], with the real decoder's errors.
//! * [`validate`]: the few things that are checked about it.
//! * [`filter`]: what it says about one controller key in one component.

mod decode;
mod filter;
mod kinds;
mod object;
mod quote;
mod validate;

pub use decode::{ConfigError, Syntax, decode, decode_as};
pub use filter::{Filter, filter};
pub(crate) use quote::quote;
pub use validate::validate;

use crate::facts::migration;
use crate::release::Release;

/// The internal form every API version decodes to
/// (kubernetes/controller-manager:config/types.go@v0.36.0).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MigrationConfig {
    /// Name of the migration lease.
    pub leader_name: String,
    /// Lock type as written; `leases` where the API version has no such field.
    pub resource_lock: String,
    /// The controllers and who may lead them, in the order written.
    pub controller_leaders: Vec<ControllerLeader>,
}

/// One entry of `controllerLeaders`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ControllerLeader {
    /// The controller's name as written; only an exact key of the binary matches anything.
    pub name: String,
    /// The component that runs it as written, or `*`.
    pub component: String,
}

impl MigrationConfig {
    /// The configuration built into the binaries of `release`; `None` if they have none.
    pub fn built_in(release: Release) -> Option<MigrationConfig> {
        let names = migration::DEFAULT_CONTROLLERS.get(release)?;
        Some(MigrationConfig {
            leader_name: migration::DEFAULT_LEADER_NAME.into(),
            resource_lock: "leases".into(),
            controller_leaders: names
                .iter()
                .map(|&name| ControllerLeader { name: name.into(), component: "*".into() })
                .collect(),
        })
    }
}
