//! Which controllers a process can start, and which of them end it.

use super::cidr;
use super::decide::fatal_code;
use super::outcome::{Cause, Refusal, RefusesWhen};
use super::settings::{Settings, Unchecked};
use super::spec::ManagerSpec;
use crate::config::{self, Filter, MigrationConfig};
use crate::controller::{Component, Controller, ControllerSet};
use crate::facts::providers;

/// The controllers that can start in this process, and what stops the process if it tries to start them.
pub(super) struct Startable {
    /// All that start.
    pub(super) all: ControllerSet,
    /// Those of them that the cloud provider's `Initialize` starts, past every filter.
    pub(super) unfiltered: ControllerSet,
    /// Those whose start ends the process, with why, its words and the argument at fault.
    fatal: Vec<(Controller, Cause, String, Option<usize>)>,
}

impl Startable {
    pub(super) fn find(spec: &ManagerSpec, settings: &Settings) -> Startable {
        let mut found = Startable { all: ControllerSet::EMPTY, unfiltered: ControllerSet::EMPTY, fatal: Vec::new() };
        for controller in Controller::ALL {
            let unfiltered = spec.vendor.initialize.starts.contains(controller);
            let key = spec.vendor.key(spec.component, controller, spec.code);
            let off = spec.vendor.off_by_default.contains(controller);
            let enabled = unfiltered || key.is_some_and(|key| is_enabled(spec, settings, key, off));
            if enabled && has_what_it_needs(spec, settings, controller) {
                if unfiltered {
                    found.unfiltered = found.unfiltered.with(controller);
                }
                found.all = found.all.with(controller);
                if let Some((cause, message, arg)) = fatal_start(spec, settings, controller) {
                    found.fatal.push((controller, cause, message, arg));
                }
            }
        }
        found
    }

    /// The controllers whose key the configuration sorts into `wanted`.
    pub(super) fn filtered(&self, spec: &ManagerSpec, config: &MigrationConfig, wanted: Filter) -> ControllerSet {
        self.all
            .iter()
            .filter(|&controller| {
                let key = spec.vendor.key(spec.component, controller, spec.code);
                key.is_some_and(|key| config::filter(config, spec.component, key, spec.code) == wanted)
            })
            .collect()
    }

    /// Refuses if starting a controller of `set` ends the process.
    pub(super) fn check(&self, set: ControllerSet, spec: &ManagerSpec) -> Result<(), Refusal> {
        match self.fatal.iter().find(|(controller, ..)| set.contains(*controller)) {
            None => Ok(()),
            Some((_, cause, message, arg)) => Err(Refusal {
                when: RefusesWhen::BeforeLocks,
                cause: *cause,
                message: message.clone(),
                exit_code: fatal_code(spec),
                arg: *arg,
            }),
        }
    }
}

/// True if `--controllers` lets the controller registered under `key` start: the first element that names it decides
/// (kubernetes/controller-manager:app/helper.go IsControllerEnabled@v0.36.0).
pub(super) fn is_enabled(spec: &ManagerSpec, settings: &Settings, key: &str, off_by_default: bool) -> bool {
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

/// What is assumed where nobody can say whether the cloud has routes, and the CIDRs they would need are not usable.
pub(super) fn assumed_about_routes(spec: &ManagerSpec, settings: &Settings) -> Option<Unchecked> {
    let matters = spec.component == Component::CloudControllerManager
        && spec.vendor.routes.is_none()
        && settings.configure_cloud_routes.value
        && cidr::problem(&settings.cluster_cidr.value).is_some();
    let arg = settings.cluster_cidr.arg().or(settings.configure_cloud_routes.arg()).or(settings.cloud_provider.arg());
    arg.filter(|_| matters).map(|arg| Unchecked {
        name: "--cluster-cidr".into(),
        arg: Some(arg),
        assumed: "it is not usable, and this cloud is taken to have no routes; if it has, the route controller ends the process",
    })
}

/// What ends the process if it tries to start `controller`.
fn fatal_start(
    spec: &ManagerSpec,
    settings: &Settings,
    controller: Controller,
) -> Option<(Cause, String, Option<usize>)> {
    let kcm = spec.component == Component::KubeControllerManager;
    match controller {
        Controller::NodeIpam
            if kcm
                && settings.cidr_allocator_type.value == "CloudAllocator"
                && providers::in_tree(&settings.cloud_provider.value, spec.code).is_none()
                && settings.external_cloud_volume_plugin.value.is_empty() =>
        {
            Some((
                Cause::CidrAllocator,
                "--cidr-allocator-type is set to 'CloudAllocator' but cloud provider is not configured".into(),
                settings.cidr_allocator_type.arg(),
            ))
        }
        Controller::NodeIpam | Controller::Route => {
            let problem = cidr::problem(&settings.cluster_cidr.value);
            problem.map(|why| (Cause::ClusterCidr, why, settings.cluster_cidr.arg()))
        }
        _ => None,
    }
}
