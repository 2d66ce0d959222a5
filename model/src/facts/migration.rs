//! The leader migration feature itself: configuration APIs, strictness, and each binary's built-in configuration.

use super::table::{Checked, Table, between, from};

/// The group of the configuration API.
pub const GROUP: &str = "controllermanager.config.k8s.io";
/// Its kind.
pub const KIND: &str = "LeaderMigrationConfiguration";

/// An API version that a decoder may know.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ApiVersion {
    /// Such as `v1beta1`.
    pub name: &'static str,
    /// True if the type has the field `resourceLock`; without it the lock type is `leases`.
    pub has_resource_lock: bool,
}

const V1ALPHA1: ApiVersion = ApiVersion { name: "v1alpha1", has_resource_lock: true };
const V1BETA1: ApiVersion = ApiVersion { name: "v1beta1", has_resource_lock: true };
const V1: ApiVersion = ApiVersion { name: "v1", has_resource_lock: false };

/// The API versions the decoder knows.
pub const API_VERSIONS: Table<&[ApiVersion]> = Table(&[
    between(
        21,
        21,
        &[V1ALPHA1],
        Checked::Executed(&[21]),
        "kubernetes/controller-manager:pkg/leadermigration/config/config.go@v0.21.0",
    ),
    between(
        22,
        23,
        &[V1ALPHA1, V1BETA1],
        Checked::Executed(&[22, 23]),
        "kubernetes/controller-manager:pkg/leadermigration/config/config.go@v0.22.0",
    ),
    from(
        24,
        &[V1ALPHA1, V1BETA1, V1],
        Checked::Executed(&[24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37]),
        "kubernetes/controller-manager:pkg/leadermigration/config/config.go@v0.24.0",
    ),
]);

/// True if unknown fields and duplicate keys are errors.
pub const STRICT_DECODING: Table<bool> = Table(&[
    between(
        21,
        31,
        false,
        Checked::Executed(&[21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31]),
        "kubernetes/controller-manager:pkg/leadermigration/config/config.go:67@v0.30.0",
    ),
    from(
        32,
        true,
        Checked::Executed(&[32, 33, 34, 35, 36, 37]),
        "kubernetes/controller-manager:pkg/leadermigration/config/config.go:66@v0.36.0",
    ),
]);

/// True if the validator no longer says what must be set where an entry lacks its name or component.
pub const TERSE_VALIDATION: Table<bool> = Table(&[
    between(
        21,
        33,
        false,
        Checked::Executed(&[21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33]),
        "kubernetes/controller-manager:pkg/leadermigration/config/config.go:103@v0.33.0",
    ),
    from(
        34,
        true,
        Checked::Executed(&[34, 35, 36, 37]),
        "kubernetes/controller-manager:pkg/leadermigration/config/config.go:103@v0.34.0",
    ),
]);

/// True if `component: "*"` matches every component; before, it is a component that no binary is.
pub const WILDCARD: Table<bool> = Table(&[
    between(
        21,
        21,
        false,
        Checked::Executed(&[21]),
        "kubernetes/controller-manager:pkg/leadermigration/migrator.go@v0.21.0",
    ),
    from(
        22,
        true,
        Checked::Executed(&[22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37]),
        "kubernetes/controller-manager:pkg/leadermigration/migrator.go:39@v0.36.0",
    ),
]);

/// The controllers of the built-in configuration, each for every component, under the lease [`DEFAULT_LEADER_NAME`].
/// No entry: the binary has none, and enabling leader migration without a file is an error.
pub const DEFAULT_CONTROLLERS: Table<&[&str]> = Table(&[
    between(
        22,
        27,
        &["route", "service", "cloud-node-lifecycle"],
        Checked::Executed(&[22, 23, 24, 25, 26, 27]),
        "kubernetes/controller-manager:pkg/leadermigration/config/default.go:23@v0.27.0",
    ),
    from(
        28,
        &["route-controller", "service-controller", "cloud-node-lifecycle-controller"],
        Checked::Executed(&[28, 29, 30, 31, 32, 33, 34, 35, 36, 37]),
        "kubernetes/controller-manager:pkg/leadermigration/config/default.go:28@v0.36.0",
    ),
]);

/// The lease of the built-in configuration.
pub const DEFAULT_LEADER_NAME: &str = "cloud-provider-extraction-migration";
