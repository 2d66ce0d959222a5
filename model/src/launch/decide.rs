//! The decisions of a starting manager, in the order the real binaries take them
//! (kubernetes/kubernetes:cmd/kube-controller-manager/app/controllermanager.go Run@v1.30.4,
//! kubernetes/cloud-provider:app/controllermanager.go Run@v0.36.0).

use super::cidr;
use super::line;
use super::outcome::{Death, Launch, Migration, Outcome, Ready, Refusal, RefusesWhen, Running};
use super::settings::{Origin, Setting, Settings, Unchecked};
use super::spec::{ManagerSpec, MigrationFile};
use crate::config::{self, Filter, MigrationConfig, quote};
use crate::controller::{Component, Controller, ControllerSet};
use crate::facts::controllers::TOKEN_CONTROLLER;
use crate::facts::kcm::{self, ProviderCheck};
use crate::facts::vendors::MigrationSupport;
use crate::facts::{gates, kcm_controllers, locks, providers};
use crate::lease::{LeaseId, LockType};

/// What the manager does when it is started.
pub fn launch(spec: &ManagerSpec) -> Launch {
    let mut settings = Settings::defaults(spec.component);
    if spec.component == Component::CloudControllerManager {
        settings.resource_name.value = spec.vendor.main_lease.into();
    }
    let outcome = match decide(spec, &mut settings) {
        Ok(outcome) => outcome,
        Err(refusal) => Outcome::Refuses(refusal),
    };
    Launch { outcome, settings }
}

fn decide(spec: &ManagerSpec, settings: &mut Settings) -> Result<Outcome, Refusal> {
    line::read(spec, settings)?;
    validate(spec, settings)?;
    settings.migration = migration_config(spec, settings)?;
    provider_before_locks(spec, settings)?;

    let startable = Startable::find(spec, settings);
    if !settings.leader_elect.value {
        startable.check(startable.all, spec)?;
        return Ok(Outcome::Unlocked(startable.all));
    }

    let main = LeaseId {
        namespace: settings.resource_namespace.value.clone(),
        name: settings.resource_name.value.clone(),
        lock: lock_type(spec, &settings.resource_lock)?,
    };
    durations(settings)?;
    let after_main = |message: String, arg: Option<usize>| Refusal {
        when: RefusesWhen::AfterMainLock(main.clone()),
        message,
        exit_code: fatal_code(spec),
        arg,
    };
    provider_after_main(spec, settings).map_err(|(message, arg)| after_main(message, arg))?;

    let Some(config) = settings.migration.as_ref().filter(|_| follows_migration(spec)) else {
        startable.check(startable.all, spec).map_err(|r| after_main(r.message, r.arg))?;
        return Ok(Outcome::Runs(Running { main, main_set: startable.all, migration: None }));
    };
    let main_set = startable.filtered(spec, &config.value, Filter::NonMigrated);
    let set = startable.filtered(spec, &config.value, Filter::Migrated);
    startable.check(main_set, spec).map_err(|r| after_main(r.message, r.arg))?;
    let ready = ready(spec, settings);
    if panics_without_key(spec, settings) {
        return Err(Refusal {
            exit_code: 2,
            ..after_main("invalid memory address or nil pointer dereference".into(), None)
        });
    }
    let lock = match locks::refusal(&config.value.resource_lock, spec.code) {
        Some(why) if !matches!(ready, Ready::Never(_)) => {
            return Err(after_main(why, None));
        }
        _ => LockType::from_name(&config.value.resource_lock).unwrap_or(LockType::Leases),
    };
    let lease =
        LeaseId { namespace: settings.resource_namespace.value.clone(), name: config.value.leader_name.clone(), lock };
    let dies = startable.check(set, spec).err().map(|r| Death { message: r.message, exit_code: fatal_code(spec) });
    Ok(Outcome::Runs(Running { main, main_set, migration: Some(Migration { lease, set, ready, dies }) }))
}

fn before_locks(message: String, arg: Option<usize>) -> Refusal {
    Refusal { when: RefusesWhen::BeforeLocks, message, exit_code: 1, arg }
}

fn fatal_code(spec: &ManagerSpec) -> u8 {
    match spec.component {
        Component::KubeControllerManager => kcm::FATAL_EXIT_CODE.get(spec.code).copied().unwrap_or(1),
        Component::CloudControllerManager => locks::CCM_FATAL_EXIT_CODE,
    }
}

/// The options' own checks, all errors in one message
/// (kubernetes/controller-manager:options/generic.go Validate, kubernetes/cloud-provider:options/options.go Validate,
/// kubernetes/kubernetes:cmd/kube-controller-manager/app/options/options.go Validate).
fn validate(spec: &ManagerSpec, settings: &mut Settings) -> Result<(), Refusal> {
    let mut unchecked = Vec::new();
    let mut errors: Vec<(String, Option<usize>)> = Vec::new();
    if settings.leader_elect.value
        && settings.resource_lock.value != "leases"
        && locks::MAIN_LOCK_VALIDATED.get(spec.code) == Some(&true)
    {
        errors.push(("resourceLock value must be \"leases\"".into(), settings.resource_lock.arg()));
    }
    for name in &settings.controllers.value {
        if name == "*" {
            continue;
        }
        let name = name.strip_prefix('-').unwrap_or(name);
        match knows_controller(spec, name) {
            Some(true) => {}
            Some(false) => errors
                .push((format!("{} is not in the list of known controllers", quote(name)), settings.controllers.arg())),
            None => unchecked.push(Unchecked {
                name: name.into(),
                arg: settings.controllers.arg().unwrap_or_default(),
                assumed: "the binary has this controller, and it is none of those that matter here",
            }),
        }
    }
    let provider = &settings.cloud_provider;
    match spec.component {
        Component::CloudControllerManager if provider.value.is_empty() => {
            errors.push(("--cloud-provider cannot be empty".into(), provider.arg()));
        }
        Component::KubeControllerManager
            if kcm::PROVIDER_CHECK.get(spec.code) == Some(&ProviderCheck::BeforeLocks)
                && !matches!(provider.value.as_str(), "" | "external") =>
        {
            errors.push((built_in_disabled(&provider.value), provider.arg()));
        }
        _ => {}
    }
    let allocator = &settings.cidr_allocator_type;
    if kcm::PROVIDER_CHECK.get(spec.code) == Some(&ProviderCheck::BeforeLocks)
        && spec.component == Component::KubeControllerManager
        && !matches!(allocator.value.as_str(), "" | "RangeAllocator")
    {
        errors.push((
            format!("built-in cloud providers are disabled. The ipam {} is not available", allocator.value),
            allocator.arg(),
        ));
    }
    settings.unchecked_flags.extend(unchecked);
    if errors.is_empty() {
        return Ok(());
    }
    let mut messages: Vec<&str> = Vec::new();
    for (message, _) in &errors {
        if !messages.contains(&message.as_str()) {
            messages.push(message);
        }
    }
    let message = if messages.len() == 1 { messages[0].to_string() } else { format!("[{}]", messages.join(", ")) };
    Err(before_locks(message, errors[0].1))
}

fn built_in_disabled(provider: &str) -> String {
    format!(
        "cloud provider {} was specified, but built-in cloud providers are disabled. Please set \
         --cloud-provider=external and migrate to an external cloud provider",
        quote(provider)
    )
}

/// What is known of a name in `--controllers`.
fn knows_controller(spec: &ManagerSpec, name: &str) -> Option<bool> {
    let resolved = spec.vendor.resolve_alias(spec.component, name, spec.code);
    let token = TOKEN_CONTROLLER.get(spec.code) == Some(&resolved);
    let key = |c| spec.vendor.key(spec.component, c, spec.code) == Some(resolved);
    match spec.component {
        _ if Controller::ALL.into_iter().any(key) => Some(true),
        Component::KubeControllerManager if token => Some(true),
        Component::KubeControllerManager => kcm_controllers::knows(name, spec.code),
        Component::CloudControllerManager => spec.vendor.closed.then_some(false),
    }
}

/// The configuration that `LeaderMigrationOptions.ApplyTo` arrives at
/// (kubernetes/controller-manager:pkg/leadermigration/options/options.go:60@v0.36.0).
fn migration_config(spec: &ManagerSpec, settings: &Settings) -> Result<Option<Setting<MigrationConfig>>, Refusal> {
    let enabled = &settings.enable_leader_migration;
    if !enabled.value {
        return Ok(None);
    }
    if gates::LEADER_MIGRATION
        .get(spec.code)
        .is_some_and(|&gate| !settings.gate("ControllerManagerLeaderMigration", gate))
    {
        return Err(before_locks("Leader Migration is not enabled through feature gate".into(), enabled.arg()));
    }
    let path = &settings.leader_migration_config;
    if path.value.is_empty() {
        return match MigrationConfig::built_in(spec.code) {
            Some(value) => Ok(Some(Setting::default(value))),
            None => Err(before_locks("--leader-migration-config is required".into(), enabled.arg())),
        };
    }
    let document = match &spec.migration_file {
        MigrationFile::Document(document) => document,
        MigrationFile::Unparsable(why) => return Err(before_locks(why.clone(), path.arg())),
        MigrationFile::Missing => {
            return Err(before_locks(
                format!(
                    "unable to read leader migration configuration from {}: open {}: no such file or directory",
                    quote(&path.value),
                    path.value
                ),
                path.arg(),
            ));
        }
    };
    let value = config::decode(document, spec.code).map_err(|e| before_locks(e.message, path.arg()))?;
    let errors = config::validate(&value, spec.code);
    if !errors.is_empty() {
        let message = format!("failed to parse leader migration configuration: [{}]", errors.join(" "));
        return Err(before_locks(message, path.arg()));
    }
    Ok(Some(Setting { value, origin: Origin::File }))
}

/// False for a vendor's manager that takes the migration flags and ignores them.
fn follows_migration(spec: &ManagerSpec) -> bool {
    spec.component == Component::KubeControllerManager || spec.vendor.migration == MigrationSupport::Stock
}

/// A cloud-controller-manager creates its cloud provider before its electors.
fn provider_before_locks(spec: &ManagerSpec, settings: &Settings) -> Result<(), Refusal> {
    let provider = &settings.cloud_provider;
    if spec.component == Component::CloudControllerManager && provider.value == "external" {
        return Err(Refusal {
            when: RefusesWhen::BeforeLocks,
            message: "Cloud provider is nil".into(),
            exit_code: 255,
            arg: provider.arg(),
        });
    }
    Ok(())
}

/// A kube-controller-manager creates its cloud provider once it holds its main lease
/// (kubernetes/kubernetes:cmd/kube-controller-manager/app/cloudproviders.go@v1.30.4).
fn provider_after_main(spec: &ManagerSpec, settings: &Settings) -> Result<(), (String, Option<usize>)> {
    if spec.component == Component::CloudControllerManager {
        return Ok(());
    }
    let mut provider = &settings.cloud_provider;
    if provider.value == "external" {
        provider = &settings.external_cloud_volume_plugin;
    }
    if matches!(provider.value.as_str(), "" | "external") {
        return Ok(());
    }
    let disabled =
        gates::DISABLE_CLOUD_PROVIDERS.get(spec.code).is_some_and(|&gate| settings.gate("DisableCloudProviders", gate));
    let gated = providers::GATED.get(spec.code).is_some_and(|names| names.contains(&provider.value.as_str()));
    if disabled && gated && provider == &settings.cloud_provider {
        return Err((built_in_disabled(&provider.value), provider.arg()));
    }
    match providers::in_tree(&provider.value, spec.code) {
        Some(_) => Ok(()),
        None => Err((
            format!("cloud provider could not be initialized: unknown cloud provider {}", quote(&provider.value)),
            provider.arg(),
        )),
    }
}

/// The main lease's lock type.
fn lock_type(spec: &ManagerSpec, lock: &Setting<String>) -> Result<LockType, Refusal> {
    match (locks::refusal(&lock.value, spec.code), LockType::from_name(&lock.value)) {
        (None, Some(lock)) => Ok(lock),
        (why, _) => Err(Refusal {
            when: RefusesWhen::BeforeLocks,
            message: why.unwrap_or_default(),
            exit_code: fatal_code(spec),
            arg: lock.arg(),
        }),
    }
}

/// client-go's checks of the durations, which panic
/// (kubernetes/client-go:tools/leaderelection/leaderelection.go:76@v0.36.0).
fn durations(settings: &Settings) -> Result<(), Refusal> {
    let (lease, renew, retry) = (&settings.lease_duration, &settings.renew_deadline, &settings.retry_period);
    let jittered = retry.value.nanos as f64 * 1.2;
    let checks = [
        (lease.value <= renew.value, "leaseDuration must be greater than renewDeadline", lease, renew),
        (
            renew.value.nanos as f64 <= jittered,
            "renewDeadline must be greater than retryPeriod*JitterFactor",
            renew,
            retry,
        ),
        (lease.value.nanos < 1, "leaseDuration must be greater than zero", lease, lease),
        (renew.value.nanos < 1, "renewDeadline must be greater than zero", renew, renew),
        (retry.value.nanos < 1, "retryPeriod must be greater than zero", retry, retry),
    ];
    match checks.into_iter().find(|(fails, ..)| *fails) {
        None => Ok(()),
        Some((_, message, first, second)) => Err(Refusal {
            when: RefusesWhen::BeforeLocks,
            message: message.into(),
            exit_code: 2,
            arg: first.arg().or(second.arg()),
        }),
    }
}

/// When the process begins to contend for the migration lease.
fn ready(spec: &ManagerSpec, settings: &Settings) -> Ready {
    if spec.component == Component::CloudControllerManager {
        return Ready::AtOnce;
    }
    let token = TOKEN_CONTROLLER.get(spec.code).copied().unwrap_or_default();
    let signal = kcm::TOKEN_SIGNAL.get(spec.code);
    if signal.is_some_and(|s| s.needs_controller) && !is_enabled(spec, settings, token, false) {
        return Ready::Never(format!(
            "--controllers leaves out {token}, whose start is the signal to contend for the migration lease"
        ));
    }
    let coordinated = gates::COORDINATED_LEADER_ELECTION.get(spec.code);
    if coordinated.is_some_and(|&gate| settings.gate("CoordinatedLeaderElection", gate)) {
        return Ready::Never(
            "with CoordinatedLeaderElection the migration lease is given only to announced candidates, and \
             kube-controller-manager announces none for it"
                .into(),
        );
    }
    Ready::AfterTokenController
}

/// True if the process gives the signal for the migration lease and panics at once, for want of a private key.
fn panics_without_key(spec: &ManagerSpec, settings: &Settings) -> bool {
    spec.component == Component::KubeControllerManager
        && settings.service_account_private_key_file.value.is_empty()
        && kcm::TOKEN_SIGNAL.get(spec.code).is_some_and(|signal| signal.panics_without_key)
}

/// True if `--controllers` lets the controller registered under `key` start: the first element that names it decides
/// (kubernetes/controller-manager:app/helper.go IsControllerEnabled@v0.36.0).
fn is_enabled(spec: &ManagerSpec, settings: &Settings, key: &str, off_by_default: bool) -> bool {
    let mut star = false;
    for element in &settings.controllers.value {
        let (on, name) = match element.strip_prefix('-') {
            Some(name) => (false, name),
            None => (true, element.as_str()),
        };
        if name == "*" && on {
            star = true;
        } else if spec.vendor.resolve_alias(spec.component, name, spec.code) == key {
            return on;
        }
    }
    star && !off_by_default
}

/// The controllers that can start in this process, and what stops the process if it tries to start them.
struct Startable {
    all: ControllerSet,
    fatal: Vec<(Controller, String, Option<usize>)>,
}

impl Startable {
    fn find(spec: &ManagerSpec, settings: &Settings) -> Startable {
        let mut found = Startable { all: ControllerSet::EMPTY, fatal: Vec::new() };
        for controller in Controller::ALL {
            let Some(key) = spec.vendor.key(spec.component, controller, spec.code) else { continue };
            let off = spec.vendor.off_by_default.contains(controller);
            if is_enabled(spec, settings, key, off) && has_what_it_needs(spec, settings, controller) {
                found.all = found.all.with(controller);
                if let Some((message, arg)) = fatal_start(spec, settings, controller) {
                    found.fatal.push((controller, message, arg));
                }
            }
        }
        found
    }

    /// The controllers whose key the configuration sorts into `wanted`.
    fn filtered(&self, spec: &ManagerSpec, config: &MigrationConfig, wanted: Filter) -> ControllerSet {
        self.all
            .iter()
            .filter(|&controller| {
                let key = spec.vendor.key(spec.component, controller, spec.code);
                key.is_some_and(|key| config::filter(config, spec.component, key, spec.code) == wanted)
            })
            .collect()
    }

    /// Refuses if starting a controller of `set` ends the process.
    fn check(&self, set: ControllerSet, spec: &ManagerSpec) -> Result<(), Refusal> {
        match self.fatal.iter().find(|(controller, ..)| set.contains(*controller)) {
            None => Ok(()),
            Some((_, message, arg)) => Err(Refusal {
                when: RefusesWhen::BeforeLocks,
                message: message.clone(),
                exit_code: fatal_code(spec),
                arg: *arg,
            }),
        }
    }
}

/// True if nothing besides `--controllers` keeps `controller` from starting.
fn has_what_it_needs(spec: &ManagerSpec, settings: &Settings, controller: Controller) -> bool {
    let kcm = spec.component == Component::KubeControllerManager;
    // Without a provider of its own kube-controller-manager skips its cloud controllers.
    let cloud = providers::in_tree(&settings.cloud_provider.value, spec.code);
    match controller {
        Controller::Service if kcm => cloud.is_some_and(|c| c.load_balancers),
        Controller::Route if kcm => {
            cloud.is_some_and(|c| c.routes)
                && settings.allocate_node_cidrs.value
                && settings.configure_cloud_routes.value
        }
        Controller::CloudNodeLifecycle if kcm => cloud.is_some(),
        Controller::Route => {
            // Without usable CIDRs the route controller either is not started, because the cloud has no routes, or it
            // ends the process; it runs in neither case.
            let usable = cidr::problem(&settings.cluster_cidr.value).is_none();
            settings.configure_cloud_routes.value && spec.vendor.routes.unwrap_or(usable)
        }
        Controller::NodeIpam => settings.allocate_node_cidrs.value,
        Controller::Service | Controller::CloudNodeLifecycle | Controller::CloudNode => true,
    }
}

/// What ends the process if it tries to start `controller`.
fn fatal_start(spec: &ManagerSpec, settings: &Settings, controller: Controller) -> Option<(String, Option<usize>)> {
    let kcm = spec.component == Component::KubeControllerManager;
    match controller {
        Controller::NodeIpam
            if kcm
                && settings.cidr_allocator_type.value == "CloudAllocator"
                && providers::in_tree(&settings.cloud_provider.value, spec.code).is_none()
                && settings.external_cloud_volume_plugin.value.is_empty() =>
        {
            Some((
                "--cidr-allocator-type is set to 'CloudAllocator' but cloud provider is not configured".into(),
                settings.cidr_allocator_type.arg(),
            ))
        }
        Controller::NodeIpam | Controller::Route => {
            cidr::problem(&settings.cluster_cidr.value).map(|why| (why, settings.cluster_cidr.arg()))
        }
        _ => None,
    }
}
