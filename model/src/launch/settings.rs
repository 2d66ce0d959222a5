//! The values that decide what a manager does, each with where it came from.

use super::duration::GoDuration;
use crate::config::MigrationConfig;
use crate::controller::Component;
use crate::facts::flags;
use crate::facts::gates::Gate;
use crate::lease::{LeaseId, LockType};

/// Where a deciding value came from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Origin {
    /// The binary's default.
    Default,
    /// Argument `i` of the process.
    Arg(usize),
    /// The leader migration file.
    File,
}

/// A value with its origin.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// Where it came from.
    pub origin: Origin,
}

impl<T> Setting<T> {
    /// A default.
    pub(crate) fn default(value: T) -> Setting<T> {
        Setting { value, origin: Origin::Default }
    }

    /// The argument that set it.
    pub fn arg(&self) -> Option<usize> {
        match self.origin {
            Origin::Arg(i) => Some(i),
            _ => None,
        }
    }
}

/// The deciding values of one manager. What a refused flag line did not reach keeps its default.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settings {
    /// `--leader-elect`
    pub leader_elect: Setting<bool>,
    /// `--leader-elect-lease-duration`
    pub lease_duration: Setting<GoDuration>,
    /// `--leader-elect-renew-deadline`
    pub renew_deadline: Setting<GoDuration>,
    /// `--leader-elect-retry-period`
    pub retry_period: Setting<GoDuration>,
    /// `--leader-elect-resource-lock`, as written.
    pub resource_lock: Setting<String>,
    /// `--leader-elect-resource-name`
    pub resource_name: Setting<String>,
    /// `--leader-elect-resource-namespace`, of both leases.
    pub resource_namespace: Setting<String>,
    /// `--cloud-provider`
    pub cloud_provider: Setting<String>,
    /// `--external-cloud-volume-plugin`
    pub external_cloud_volume_plugin: Setting<String>,
    /// `--controllers`, each element as written.
    pub controllers: Setting<Vec<String>>,
    /// `--allocate-node-cidrs`
    pub allocate_node_cidrs: Setting<bool>,
    /// `--configure-cloud-routes`
    pub configure_cloud_routes: Setting<bool>,
    /// `--cluster-cidr`
    pub cluster_cidr: Setting<String>,
    /// `--service-account-private-key-file`, of kube-controller-manager.
    pub service_account_private_key_file: Setting<String>,
    /// `--cidr-allocator-type`
    pub cidr_allocator_type: Setting<String>,
    /// `--feature-gates`, in the order set; of one gate the last counts.
    pub feature_gates: Vec<(String, Setting<bool>)>,
    /// `--enable-leader-migration`
    pub enable_leader_migration: Setting<bool>,
    /// `--leader-migration-config`; empty: the built-in configuration.
    pub leader_migration_config: Setting<String>,
    /// The migration configuration in force, if leader migration is enabled and the file was accepted.
    pub migration: Option<Setting<MigrationConfig>>,
    /// Flags taken as they are because it is not known whether this binary has them, and what was assumed.
    pub unchecked_flags: Vec<Unchecked>,
    /// Both elections are coordinated: the API server gives their leases to announced candidates.
    pub coordinated: bool,
}

/// Something that could not be checked, and what was assumed about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unchecked {
    /// The flag, gate or controller name.
    pub name: String,
    /// The argument it stands in, if it stands in one.
    pub arg: Option<usize>,
    /// What was assumed, in words.
    pub assumed: &'static str,
}

impl Settings {
    /// The defaults of `component`.
    pub fn defaults(component: Component) -> Settings {
        let text = |name: &str| flags::deciding(component, name).and_then(|f| f.default(component)).unwrap_or("");
        let string = |name| Setting::default(text(name).to_string());
        let boolean = |name| Setting::default(text(name) == "true");
        let duration =
            |name| Setting::default(GoDuration::parse(text(name)).expect("defaults of duration flags are durations"));
        Settings {
            leader_elect: boolean("leader-elect"),
            lease_duration: duration("leader-elect-lease-duration"),
            renew_deadline: duration("leader-elect-renew-deadline"),
            retry_period: duration("leader-elect-retry-period"),
            resource_lock: string("leader-elect-resource-lock"),
            resource_name: string("leader-elect-resource-name"),
            resource_namespace: string("leader-elect-resource-namespace"),
            cloud_provider: string("cloud-provider"),
            external_cloud_volume_plugin: string("external-cloud-volume-plugin"),
            controllers: Setting::default(vec![text("controllers").to_string()]),
            allocate_node_cidrs: boolean("allocate-node-cidrs"),
            configure_cloud_routes: boolean("configure-cloud-routes"),
            cluster_cidr: string("cluster-cidr"),
            service_account_private_key_file: string("service-account-private-key-file"),
            cidr_allocator_type: string("cidr-allocator-type"),
            feature_gates: Vec::new(),
            enable_leader_migration: boolean("enable-leader-migration"),
            leader_migration_config: string("leader-migration-config"),
            migration: None,
            unchecked_flags: Vec::new(),
            coordinated: false,
        }
    }

    /// True if this manager can become the holder of `lease`, as far as the kind of election goes. In a coordinated one the
    /// API server names the holder, and candidates are announced for one lease only
    /// (kubernetes/kubernetes:cmd/kube-controller-manager/app/controllermanager.go:306@v1.33.13,
    /// kubernetes/client-go:tools/leaderelection/leaderelection.go:364@v0.37.2).
    pub fn is_given(&self, lease: &LeaseId) -> bool {
        !self.coordinated || *lease == LeaseId::kube_system("kube-controller-manager")
    }

    /// True if the API server stores what this manager writes into `lease`. LeaseDuration is recorded in whole seconds, and
    /// no Lease may have a duration of 0 s; an annotation of another object may
    /// (kubernetes/client-go:tools/leaderelection/leaderelection.go:449@v0.37.2, :316@v0.21.1,
    /// kubernetes/kubernetes:pkg/apis/coordination/validation/validation.go:43@v1.21.1, :52@v1.37.1).
    pub fn is_storable(&self, lease: &LeaseId) -> bool {
        self.lease_duration.value >= GoDuration::seconds(1)
            || matches!(lease.lock, LockType::Endpoints | LockType::ConfigMaps)
    }

    /// True if `gate`, whose state in this release is `state`, is on.
    pub fn gate(&self, gate: &str, state: Gate) -> bool {
        state.is_on(gate, |gate| self.feature_gates.iter().rev().find(|(name, _)| name == gate).map(|(_, s)| s.value))
    }
}
