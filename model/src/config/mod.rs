//! LeaderMigrationConfiguration: decoding, validating and filtering it exactly as each release does.

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
