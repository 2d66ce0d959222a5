//! From the command line to [`Settings`].

use super::duration::GoDuration;
use super::outcome::{Refusal, RefusesWhen};
use super::pflag::{self, FlagError, Given, Known};
use super::settings::{Origin, Setting, Settings, Unchecked};
use super::spec::ManagerSpec;
use crate::config::quote;
use crate::controller::Component;
use crate::facts::flags::{self, Kind};
use crate::facts::gates;
use crate::facts::known_flags::{self, Presence};
use crate::facts::vendors::MigrationSupport;

/// Applies `spec.args` to `settings`.
///
/// # Errors
/// The refusal of a line that the real binary does not accept.
pub(super) fn read(spec: &ManagerSpec, settings: &mut Settings) -> Result<(), Refusal> {
    let mut controllers_given = false;
    let rest = pflag::parse(
        &spec.args,
        |name| known(spec, name),
        |given, known| set(spec, settings, &mut controllers_given, &given, known),
    )
    .map_err(refusal)?;
    if let Some(&(arg, _)) = rest.iter().find(|(_, text)| !text.is_empty()) {
        let list: Vec<String> = rest.iter().map(|(_, text)| quote(text)).collect();
        let component = quote(spec.component.name());
        let message = format!("{component} does not take any arguments, got [{}]", list.join(" "));
        return Err(refusal(FlagError::new(arg, message)));
    }
    if gates_come_later(spec) {
        for (name, setting) in &settings.feature_gates {
            gate_problem(spec, name, setting.value)
                .map_or(Ok(()), |message| Err(refusal(FlagError::new(setting.arg().unwrap_or_default(), message))))?;
        }
    }
    Ok(())
}

fn refusal(error: FlagError) -> Refusal {
    Refusal {
        when: RefusesWhen::BeforeLocks,
        message: error.message,
        exit_code: if error.help { 0 } else { 1 },
        arg: Some(error.arg),
    }
}

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
        Presence::Has(_) if name == "help" => Known::Absent,
        Presence::Has(kind) => Known::Flag(kind),
        Presence::Lacks if closed => Known::Absent,
        Presence::Lacks | Presence::Unsure => Known::Unsure,
    }
}

/// True if feature gates are checked after the whole line, with errors of their own.
fn gates_come_later(spec: &ManagerSpec) -> bool {
    spec.component == Component::KubeControllerManager && gates::CHECKED_AFTER_LINE.get(spec.code) == Some(&true)
}

/// Why `spec`'s binary refuses to set gate `name`.
fn gate_problem(spec: &ManagerSpec, name: &str, on: bool) -> Option<String> {
    match gates::named(spec.component, name)?.get(spec.code) {
        None => Some(format!("unrecognized feature gate: {name}")),
        Some(gate) if gate.locked && on != gate.default => {
            Some(format!("cannot set feature gate {name} to {on}, feature is locked to {}", gate.default))
        }
        Some(_) => None,
    }
}

fn set(
    spec: &ManagerSpec,
    settings: &mut Settings,
    controllers_given: &mut bool,
    given: &Given,
    known: Known,
) -> Result<(), FlagError> {
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
        "service-account-private-key-file" => text(&mut settings.service_account_private_key_file),
        "cidr-allocator-type" => text(&mut settings.cidr_allocator_type),
        "controllers" => {
            if !std::mem::replace(controllers_given, true) {
                settings.controllers.value.clear();
            }
            settings.controllers.value.extend(comma_separated(&given.value));
            settings.controllers.origin = origin;
        }
        "feature-gates" => feature_gates(spec, settings, given)?,
        _ => match known {
            Known::Flag(Kind::Bool) => drop(pflag::boolean(given)?),
            Known::Flag(Kind::Int) => drop(integer(given)?),
            Known::Flag(Kind::Duration) => {
                GoDuration::parse(&given.value).map_err(|why| pflag::invalid(given, &why))?;
            }
            Known::Flag(_) | Known::Absent => {}
            Known::Unsure => settings.unchecked_flags.push(Unchecked {
                name: format!("--{}", given.name),
                arg: given.arg,
                assumed: "the binary accepts this flag, and it decides nothing here",
            }),
        },
    }
    Ok(())
}

fn integer(given: &Given) -> Result<i64, FlagError> {
    given.value.parse().map_err(|_| {
        pflag::invalid(given, &format!("strconv.ParseInt: parsing {}: invalid syntax", quote(&given.value)))
    })
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

/// Reads `Gate=value,…` (kubernetes/component-base:featuregate/feature_gate.go SetFromMap@v0.30.14).
fn feature_gates(spec: &ManagerSpec, settings: &mut Settings, given: &Given) -> Result<(), FlagError> {
    for pair in given.value.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        let Some((name, value)) = pair.split_once('=') else {
            return Err(pflag::invalid(given, &format!("missing bool value for {pair}")));
        };
        let (name, value) = (name.trim().trim_start_matches("kube:"), value.trim());
        let as_bool = Given { value: value.into(), ..given.clone() };
        let Ok(on) = pflag::boolean(&as_bool) else {
            return Err(pflag::invalid(
                given,
                &format!(
                    "invalid value of {name}={value}, err: strconv.ParseBool: parsing {}: invalid syntax",
                    quote(value)
                ),
            ));
        };
        if gates::named(spec.component, name).is_none() && name != "AllAlpha" && name != "AllBeta" {
            settings.unchecked_flags.push(Unchecked {
                name: name.into(),
                arg: given.arg,
                assumed: "the binary knows this feature gate, and it decides nothing here",
            });
        }
        if !gates_come_later(spec)
            && let Some(message) = gate_problem(spec, name, on)
        {
            return Err(pflag::invalid(given, &message));
        }
        settings.feature_gates.push((name.into(), Setting { value: on, origin: Origin::Arg(given.arg) }));
    }
    Ok(())
}
