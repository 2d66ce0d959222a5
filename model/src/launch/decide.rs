//! The decisions of a starting manager, in the order the real binaries take them
//! (kubernetes/kubernetes:cmd/kube-controller-manager/app/controllermanager.go Run@v1.30.4,
//! kubernetes/cloud-provider:app/controllermanager.go Run@v0.36.0).

use super::controllers::{Startable, assumed_about_routes};
use super::election;
use super::line;
use super::options;
use super::outcome::{Cause, Death, Launch, Migration, Outcome, Ready, Refusal, RefusesWhen, Running};
use super::provider;
use super::settings::Settings;
use super::spec::ManagerSpec;
use crate::config::Filter;
use crate::controller::Component;
use crate::facts::vendors::MigrationSupport;
use crate::facts::{kcm, locks};
use crate::lease::{LeaseId, LockType};

/// What the manager does when it is started.
pub fn launch(spec: &ManagerSpec) -> Launch {
    let mut settings = Settings::defaults(spec.component);
    if spec.component == Component::CloudControllerManager {
        settings.resource_name.value = spec.vendor.main_lease.into();
        settings.cloud_provider.value = spec.vendor.provider.into();
    }
    let outcome = match decide(spec, &mut settings) {
        Ok(outcome) => outcome,
        Err(refusal) => Outcome::Refuses(refusal),
    };
    Launch { outcome, settings }
}

fn decide(spec: &ManagerSpec, settings: &mut Settings) -> Result<Outcome, Refusal> {
    line::read(spec, settings)?;
    settings.coordinated = election::is_coordinated(spec, settings);
    options::validate(spec, settings)?;
    settings.migration = options::migration_config(spec, settings)?;
    provider::before_locks(spec, settings)?;

    let startable = Startable::find(spec, settings);
    settings.unchecked_flags.extend(assumed_about_routes(spec, settings));
    if !settings.leader_elect.value {
        provider::after_main(spec, settings).map_err(|(message, arg)| Refusal {
            exit_code: fatal_code(spec),
            ..before_locks(Cause::InTreeProvider, message, arg)
        })?;
        startable.check(startable.all, spec)?;
        return Ok(Outcome::Unlocked(startable.all));
    }

    let main = LeaseId {
        namespace: settings.resource_namespace.value.clone(),
        name: settings.resource_name.value.clone(),
        lock: election::lock_type(spec, &settings.resource_lock)?,
    };
    election::durations(settings)?;
    let after_main = |cause: Cause, message: String, arg: Option<usize>| Refusal {
        when: RefusesWhen::AfterMainLock(main.clone()),
        cause,
        message,
        exit_code: fatal_code(spec),
        arg,
    };
    provider::after_main(spec, settings).map_err(|(message, arg)| after_main(Cause::InTreeProvider, message, arg))?;

    let Some(config) = settings.migration.as_ref().filter(|_| follows_migration(spec)) else {
        startable.check(startable.all, spec).map_err(|r| after_main(r.cause, r.message, r.arg))?;
        return Ok(Outcome::Runs(Running { main, main_set: startable.all, migration: None }));
    };
    let main_set = startable.filtered(spec, &config.value, Filter::NonMigrated).union(startable.unfiltered);
    let set = startable.filtered(spec, &config.value, Filter::Migrated);
    startable.check(main_set, spec).map_err(|r| after_main(r.cause, r.message, r.arg))?;
    let ready = election::ready(spec, settings);
    if election::panics_without_key(spec, settings) {
        return Err(Refusal {
            exit_code: 2,
            ..after_main(Cause::NoPrivateKey, "invalid memory address or nil pointer dereference".into(), None)
        });
    }
    let lock = match locks::refusal(&config.value.resource_lock, spec.code) {
        Some(why) if !matches!(ready, Ready::Never(_)) => {
            return Err(after_main(Cause::MigrationLock, why, None));
        }
        _ => LockType::from_name(&config.value.resource_lock).unwrap_or(LockType::Leases),
    };
    let lease =
        LeaseId { namespace: settings.resource_namespace.value.clone(), name: config.value.leader_name.clone(), lock };
    let death = |r: Refusal| Death { cause: r.cause, message: r.message, exit_code: fatal_code(spec) };
    let dies = second_election(spec, settings).or_else(|| startable.check(set, spec).err().map(death));
    Ok(Outcome::Runs(Running { main, main_set, migration: Some(Migration { lease, set, ready, dies }) }))
}

/// How taking the migration lease ends the process whatever is configured: what ran once for the main lease runs again.
fn second_election(spec: &ManagerSpec, settings: &Settings) -> Option<Death> {
    if spec.component == Component::KubeControllerManager {
        let message = kcm::MIGRATION_LEASE_IS_FATAL.get(spec.code)?.to_string();
        return Some(Death { cause: Cause::SecondInformers, message, exit_code: fatal_code(spec) });
    }
    let ends = spec.vendor.initialize.second.filter(|ends| ends.provider == settings.cloud_provider.value)?;
    Some(Death { cause: Cause::SecondInitialize, message: ends.message.into(), exit_code: ends.exit_code })
}

/// False for a vendor's manager that takes the migration flags and ignores them.
fn follows_migration(spec: &ManagerSpec) -> bool {
    spec.component == Component::KubeControllerManager || spec.vendor.migration == MigrationSupport::Stock
}

pub(super) fn before_locks(cause: Cause, message: String, arg: Option<usize>) -> Refusal {
    Refusal { when: RefusesWhen::BeforeLocks, cause, message, exit_code: 1, arg }
}

pub(super) fn fatal_code(spec: &ManagerSpec) -> u8 {
    match spec.component {
        Component::KubeControllerManager => kcm::FATAL_EXIT_CODE.get(spec.code).copied().unwrap_or(1),
        Component::CloudControllerManager => locks::CCM_FATAL_EXIT_CODE,
    }
}
