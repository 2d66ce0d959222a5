//! `--feature-gates` (kubernetes/component-base:featuregate/feature_gate.go@v0.30.14).

use std::collections::BTreeMap;

use super::outcome::Cause;
use super::pflag::{self, FlagError, Given};
use super::settings::{Origin, Setting, Settings, Unchecked};
use super::spec::ManagerSpec;
use crate::config::quote;
use crate::controller::Component;
use crate::facts::gates;

const UNRECOGNIZED: &str = "unrecognized feature gate: ";

/// Reads `Gate=value,…`.
pub(super) fn set(spec: &ManagerSpec, settings: &mut Settings, given: &Given) -> Result<(), FlagError> {
    for pair in given.value.split(',').filter(|pair| !pair.is_empty()) {
        let Some((name, value)) = pair.split_once('=') else {
            return Err(pflag::invalid(given, &format!("missing bool value for {}", pair.trim())));
        };
        let (name, value) = (name.trim().trim_start_matches("kube:"), value.trim());
        let Ok(on) = pflag::boolean(&Given { value: value.into(), ..given.clone() }) else {
            let why = format!("strconv.ParseBool: parsing {}: invalid syntax", quote(value));
            return Err(pflag::invalid(given, &format!("invalid value of {name}={value}, err: {why}")));
        };
        if gates::named(spec.component, name).is_none() && name != "AllAlpha" && name != "AllBeta" {
            settings.unchecked_flags.push(Unchecked {
                name: name.into(),
                arg: Some(given.arg),
                assumed: "the binary knows this feature gate, and it decides nothing here",
            });
        }
        if !checked_after_line(spec)
            && let Some(why) = problem(spec, name, on)
        {
            return Err(FlagError { cause: Cause::FeatureGate, ..pflag::invalid(given, &why) });
        }
        settings.feature_gates.push((name.into(), Setting { value: on, origin: Origin::Arg(given.arg) }));
    }
    Ok(())
}

/// Refuses gates where the binary looks at them only once the line is read.
pub(super) fn check_after_line(spec: &ManagerSpec, settings: &Settings) -> Result<(), FlagError> {
    if !checked_after_line(spec) {
        return Ok(());
    }
    // A gate given twice has its last value. The real binary lists what it refuses in the order of a Go map, which is any;
    // here it is the order of the names.
    let last: BTreeMap<&str, &Setting<bool>> =
        settings.feature_gates.iter().map(|(name, setting)| (name.as_str(), setting)).collect();
    let mut problems: Vec<(usize, String)> = last
        .into_iter()
        .filter_map(|(name, setting)| Some((setting.arg().unwrap_or_default(), problem(spec, name, setting.value)?)))
        .collect();
    // It looks no further than the first gate it does not know.
    if let Some(at) = problems.iter().position(|(_, why)| why.starts_with(UNRECOGNIZED)) {
        problems.truncate(at + 1);
    }
    match &problems[..] {
        [] => Ok(()),
        [(arg, why)] => Err(FlagError::new(*arg, Cause::FeatureGate, why.clone())),
        [(arg, _), ..] => {
            let all: Vec<&str> = problems.iter().map(|(_, why)| why.as_str()).collect();
            Err(FlagError::new(*arg, Cause::FeatureGate, format!("[{}]", all.join(", "))))
        }
    }
}

fn checked_after_line(spec: &ManagerSpec) -> bool {
    spec.component == Component::KubeControllerManager && gates::CHECKED_AFTER_LINE.get(spec.code) == Some(&true)
}

/// Why the binary refuses to set gate `name`.
fn problem(spec: &ManagerSpec, name: &str, on: bool) -> Option<String> {
    match gates::named(spec.component, name)?.get(spec.code) {
        None => Some(format!("{UNRECOGNIZED}{name}")),
        Some(gate) if gate.locked && on != gate.default => {
            Some(format!("cannot set feature gate {name} to {on}, feature is locked to {}", gate.default))
        }
        Some(_) => None,
    }
}
