//! From the command line to [`Settings`].

use super::duration::GoDuration;
use super::feature_gates;
use super::outcome::{Cause, Refusal, RefusesWhen};
use super::pflag::{self, FlagError, Given, Known};
use super::settings::{Origin, Setting, Settings, Unchecked};
use super::spec::ManagerSpec;
use crate::config::quote;
use crate::controller::Component;
use crate::facts::flags::{self, Kind};
use crate::facts::known_flags::{self, Presence};
use crate::facts::vendors::MigrationSupport;

/// Applies `spec.args` to `settings`.
///
/// # Errors
/// The refusal of a line that the real binary does not accept, or after which it only prints something and exits.
pub(super) fn read(spec: &ManagerSpec, settings: &mut Settings) -> Result<(), Refusal> {
    let refused = |error: FlagError| refusal(spec, error);
    let mut line = Line { spec, settings, controllers_given: false, version: None };
    let rest = pflag::parse(&spec.args, |name| known(spec, name), |given, known| line.set(&given, known));
    let version = line.version;
    let rest = rest.map_err(refused)?;
    if let Some(&(arg, _)) = rest.iter().find(|(_, text)| !text.is_empty()) {
        let list: Vec<String> = rest.iter().map(|(_, text)| quote(text)).collect();
        let component = quote(spec.component.name());
        let message = format!("{component} does not take any arguments, got [{}]", list.join(" "));
        return Err(refused(FlagError::new(arg, Cause::CommandLine, message)));
    }
    feature_gates::check_after_line(spec, settings).map_err(refused)?;
    match version {
        Some(arg) => Err(refused(FlagError::new(arg, Cause::Prints, "prints its version and exits".into()))),
        None => Ok(()),
    }
}

fn refusal(spec: &ManagerSpec, error: FlagError) -> Refusal {
    let exit_code = match spec.vendor.migration {
        _ if error.cause == Cause::Prints => 0,
        // Flag sets of its own, which exit in pflag's way.
        MigrationSupport::UnknownFlag => 2,
        _ => 1,
    };
    Refusal {
        when: RefusesWhen::BeforeLocks,
        cause: error.cause,
        message: error.message,
        exit_code,
        arg: Some(error.arg),
    }
}

/// What is known of the flag `name` in this binary.
fn known(spec: &ManagerSpec, name: &str) -> Known {
    let migration = matches!(name, "enable-leader-migration" | "leader-migration-config");
    if migration && spec.vendor.migration == MigrationSupport::UnknownFlag {
        return Known::Absent;
    }
    if let Some(flag) = flags::deciding(spec.component, name) {
        return Known::Flag(flag.kind);
    }
    let closed = spec.component == Component::KubeControllerManager || spec.vendor.closed;
    match known_flags::presence(spec.component, name, spec.code) {
        _ if name == "help" => Known::Absent,
        Presence::Has(kind) => Known::Flag(kind),
        Presence::Lacks if closed => Known::Absent,
        Presence::Lacks | Presence::Unsure => Known::Unsure,
    }
}

/// A line being read.
struct Line<'a> {
    spec: &'a ManagerSpec,
    settings: &'a mut Settings,
    controllers_given: bool,
    version: Option<usize>,
}

impl Line<'_> {
    fn set(&mut self, given: &Given, known: Known) -> Result<(), FlagError> {
        let settings = &mut *self.settings;
        let origin = Origin::Arg(given.arg);
        let text = |slot: &mut Setting<String>| *slot = Setting { value: given.value.clone(), origin: origin.clone() };
        let boolean = |slot: &mut Setting<bool>| {
            *slot = Setting { value: pflag::boolean(given)?, origin: origin.clone() };
            Ok(())
        };
        let duration = |slot: &mut Setting<GoDuration>| {
            let value = GoDuration::parse(&given.value).map_err(|why| pflag::invalid(given, &why))?;
            *slot = Setting { value, origin: origin.clone() };
            Ok(())
        };
        match given.name.as_str() {
            "leader-elect" => boolean(&mut settings.leader_elect)?,
            "leader-elect-lease-duration" => duration(&mut settings.lease_duration)?,
            "leader-elect-renew-deadline" => duration(&mut settings.renew_deadline)?,
            "leader-elect-retry-period" => duration(&mut settings.retry_period)?,
            "leader-elect-resource-lock" => text(&mut settings.resource_lock),
            "leader-elect-resource-name" => text(&mut settings.resource_name),
            "leader-elect-resource-namespace" => text(&mut settings.resource_namespace),
            "enable-leader-migration" => boolean(&mut settings.enable_leader_migration)?,
            "leader-migration-config" => text(&mut settings.leader_migration_config),
            "cloud-provider" => text(&mut settings.cloud_provider),
            "external-cloud-volume-plugin" => text(&mut settings.external_cloud_volume_plugin),
            "allocate-node-cidrs" => boolean(&mut settings.allocate_node_cidrs)?,
            "configure-cloud-routes" => boolean(&mut settings.configure_cloud_routes)?,
            "cluster-cidr" => text(&mut settings.cluster_cidr),
            "cidr-allocator-type" => text(&mut settings.cidr_allocator_type),
            "service-account-private-key-file" => text(&mut settings.service_account_private_key_file),
            "controllers" => {
                // The first takes the place of the default, further ones add to it.
                if !std::mem::replace(&mut self.controllers_given, true) {
                    settings.controllers.value.clear();
                }
                settings.controllers.value.extend(comma_separated(&given.value));
                settings.controllers.origin = origin;
            }
            "feature-gates" => feature_gates::set(self.spec, settings, given)?,
            "version" => self.version = (given.value != "false").then_some(given.arg),
            _ => check(settings, given, known)?,
        }
        Ok(())
    }
}

/// A flag that decides nothing must still be there and have a value of its kind.
fn check(settings: &mut Settings, given: &Given, known: Known) -> Result<(), FlagError> {
    match known {
        Known::Flag(Kind::Bool) => drop(pflag::boolean(given)?),
        Known::Flag(Kind::Int) => drop(pflag::integer(given)?),
        Known::Flag(Kind::Duration) => {
            GoDuration::parse(&given.value).map_err(|why| pflag::invalid(given, &why))?;
        }
        Known::Flag(_) | Known::Absent => {}
        Known::Unsure => settings.unchecked_flags.push(Unchecked {
            name: format!("--{}", given.name),
            arg: Some(given.arg),
            assumed: "the binary accepts this flag, and it decides nothing here",
        }),
    }
    Ok(())
}

/// One record of comma-separated values, with double quotes around values that contain commas.
fn comma_separated(text: &str) -> Vec<String> {
    if text.is_empty() {
        return Vec::new();
    }
    let mut values = vec![String::new()];
    let mut quoted = false;
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => values.push(String::new()),
            c => values.last_mut().expect("never empty").push(c),
        }
    }
    values
}
