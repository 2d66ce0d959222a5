//! What a manager checks of its options and of its migration file before it does anything.

use super::decide::before_locks;
use super::outcome::{Cause, Refusal};
use super::provider::built_in_disabled;
use super::settings::{Origin, Setting, Settings, Unchecked};
use super::spec::{ManagerSpec, MigrationFile};
use crate::config::{self, MigrationConfig, quote};
use crate::controller::{Component, Controller};
use crate::facts::kcm::{self, ProviderCheck};
use crate::facts::{gates, kcm_controllers, locks};

/// The options' own checks, all errors in one message
/// (kubernetes/controller-manager:options/generic.go Validate, kubernetes/cloud-provider:options/options.go Validate,
/// kubernetes/kubernetes:cmd/kube-controller-manager/app/options/options.go Validate).
pub(super) fn validate(spec: &ManagerSpec, settings: &mut Settings) -> Result<(), Refusal> {
    let mut unchecked = Vec::new();
    let mut errors: Vec<(Cause, String, Option<usize>)> = Vec::new();
    if settings.leader_elect.value
        && settings.resource_lock.value != "leases"
        && locks::MAIN_LOCK_VALIDATED.get(spec.code) == Some(&true)
    {
        errors.push((Cause::MainLock, "resourceLock value must be \"leases\"".into(), settings.resource_lock.arg()));
    }
    for name in &settings.controllers.value {
        if name == "*" {
            continue;
        }
        let name = name.strip_prefix('-').unwrap_or(name);
        match knows_controller(spec, name) {
            Some(true) => {}
            Some(false) => {
                let message = format!("{} is not in the list of known controllers", quote(name));
                errors.push((Cause::UnknownController, message, settings.controllers.arg()));
            }
            None => unchecked.push(Unchecked {
                name: name.into(),
                arg: settings.controllers.arg(),
                assumed: "the binary has this controller, and it is none of those that matter here",
            }),
        }
    }
    let provider = &settings.cloud_provider;
    match spec.component {
        Component::CloudControllerManager
            if provider.value.is_empty() && provider.arg().is_none() && !spec.vendor.closed =>
        {
            // Many vendors' binaries have a provider of their own, so that nobody has to name it.
            unchecked.push(Unchecked {
                name: "--cloud-provider".into(),
                arg: None,
                assumed: "not given, so the binary is taken to name its cloud provider itself",
            });
        }
        Component::CloudControllerManager if provider.value.is_empty() => {
            errors.push((Cause::NoProvider, "--cloud-provider cannot be empty".into(), provider.arg()));
        }
        Component::KubeControllerManager
            if kcm::PROVIDER_CHECK.get(spec.code) == Some(&ProviderCheck::BeforeLocks)
                && !matches!(provider.value.as_str(), "" | "external") =>
        {
            errors.push((Cause::InTreeProvider, built_in_disabled(&provider.value), provider.arg()));
        }
        _ => {}
    }
    let allocator = &settings.cidr_allocator_type;
    if kcm::PROVIDER_CHECK.get(spec.code) == Some(&ProviderCheck::BeforeLocks)
        && spec.component == Component::KubeControllerManager
        && !matches!(allocator.value.as_str(), "" | "RangeAllocator")
    {
        let message = format!("built-in cloud providers are disabled. The ipam {} is not available", allocator.value);
        errors.push((Cause::CidrAllocator, message, allocator.arg()));
    }
    settings.unchecked_flags.extend(unchecked);
    // Where there are several, the first is taken for the cause.
    let Some(&(cause, _, arg)) = errors.first() else { return Ok(()) };
    let mut messages: Vec<&str> = Vec::new();
    for (_, message, _) in &errors {
        if !messages.contains(&message.as_str()) {
            messages.push(message);
        }
    }
    let message = if messages.len() == 1 { messages[0].to_string() } else { format!("[{}]", messages.join(", ")) };
    Err(before_locks(cause, message, arg))
}

/// What is known of a name in `--controllers`.
fn knows_controller(spec: &ManagerSpec, name: &str) -> Option<bool> {
    let resolved = spec.vendor.resolve_alias(spec.component, name, spec.code);
    let key = |c| spec.vendor.key(spec.component, c, spec.code) == Some(resolved);
    match spec.component {
        _ if Controller::ALL.into_iter().any(key) => Some(true),
        Component::KubeControllerManager => kcm_controllers::knows(name, spec.code),
        Component::CloudControllerManager => spec.vendor.closed.then_some(false),
    }
}

/// The configuration that `LeaderMigrationOptions.ApplyTo` arrives at
/// (kubernetes/controller-manager:pkg/leadermigration/options/options.go:60@v0.36.0).
pub(super) fn migration_config(
    spec: &ManagerSpec,
    settings: &Settings,
) -> Result<Option<Setting<MigrationConfig>>, Refusal> {
    let refused = |message: String, arg| before_locks(Cause::MigrationConfig, message, arg);
    let enabled = &settings.enable_leader_migration;
    if !enabled.value {
        return Ok(None);
    }
    if gates::LEADER_MIGRATION
        .get(spec.code)
        .is_some_and(|&gate| !settings.gate("ControllerManagerLeaderMigration", gate))
    {
        return Err(refused("Leader Migration is not enabled through feature gate".into(), enabled.arg()));
    }
    let path = &settings.leader_migration_config;
    if path.value.is_empty() {
        return match MigrationConfig::built_in(spec.code) {
            Some(value) => Ok(Some(Setting::default(value))),
            None => Err(refused("--leader-migration-config is required".into(), enabled.arg())),
        };
    }
    let document = match &spec.migration_file {
        MigrationFile::Document(document) => document,
        MigrationFile::Unparsable(why) => return Err(refused(why.clone(), path.arg())),
        MigrationFile::Missing => {
            return Err(refused(
                format!(
                    "unable to read leader migration configuration from {}: open {}: no such file or directory",
                    quote(&path.value),
                    path.value
                ),
                path.arg(),
            ));
        }
    };
    let value = config::decode(document, spec.code).map_err(|e| refused(e.message, path.arg()))?;
    let errors = config::validate(&value, spec.code);
    if !errors.is_empty() {
        let message = format!("failed to parse leader migration configuration: [{}]", errors.join(" "));
        return Err(refused(message, path.arg()));
    }
    Ok(Some(Setting { value, origin: Origin::File }))
}
