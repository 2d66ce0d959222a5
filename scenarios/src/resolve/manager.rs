//! A workload with its release, its file and its rights: the input of launch.

use leasehold_model::controller::{Component, Controller};
use leasehold_model::facts::vendors::Vendor;
use leasehold_model::launch::ManagerSpec;
use leasehold_model::lease::Rights;
use leasehold_model::release::Release;

use super::migration_file::{self, Place};
use super::{Manager, Report, Spans, user};
use crate::diagnostic::Problem;
use crate::inventory::nodes::Placement;
use crate::inventory::rbac::{self, Content};
use crate::inventory::workload::Workload;
use crate::rights::{self, KUBE_CONTROLLER_MANAGER, User};
use crate::source::FileId;

/// What is assumed about managers beyond the manifests.
#[derive(Clone, Debug, Default)]
pub(super) struct Assumed {
    /// Rights from elsewhere: the manager and the lease's name, or `*`.
    pub rights: Vec<(Component, String)>,
    /// Who a manager is to the API server.
    pub users: Vec<(Component, User)>,
    /// Controllers that the cloud-controller-manager has besides the library's.
    pub controllers: Vec<Controller>,
}

/// A workload as it is in force, with what was decided about it when it was given.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Installed {
    pub workload: Workload,
    pub release: Release,
    /// The library; `None` for kube-controller-manager.
    pub library: Option<Release>,
    pub vendor: Vendor,
}

/// Builds the manager.
pub(super) fn build(
    installed: &Installed,
    place: &Place<'_>,
    objects: &[rbac::Object],
    assumed: &Assumed,
    used: &mut Vec<FileId>,
    report: &mut Report,
) -> Manager {
    let Installed { workload, release, library, vendor } = installed;
    let component = workload.component;
    let user::Identified { user, assumed: why } = user::of(workload, place, &assumed.users);
    let found = rights::rights(component, *release, &user, objects);
    for binding in found.unresolved {
        report.problem(unresolved(binding));
    }
    let mut granted = found.rights;
    if let (Some(why), true) = (why, found.is_told) {
        report.inferred(format!("{}: {why}, so its user is taken to be {}", workload.identity.name, user.name()));
    }
    let assumed_rights: Vec<&str> =
        assumed.rights.iter().filter(|(c, _)| *c == component).map(|(_, lease)| lease.as_str()).collect();
    for lease in &assumed_rights {
        granted.rules.extend(rights::assumed(lease));
        report.inferred(format!(
            "{component} is assumed to have rights on {} from elsewhere, as the scenario says",
            if *lease == "*" { "every lease".to_string() } else { format!("the lease {lease}") }
        ));
    }
    let has_stock_rights = component == Component::KubeControllerManager && user.name() == KUBE_CONTROLLER_MANAGER;
    if !has_stock_rights && !found.is_told && assumed_rights.is_empty() {
        granted = Rights::all();
        report.inferred(format!(
            "{}: no role for {} is given, so every right on leases is assumed",
            workload.identity.name,
            user.name()
        ));
    }
    let found = migration_file::find(workload, place, used, report);
    let spec = ManagerSpec {
        component,
        code: library.unwrap_or(*release),
        vendor: with_controllers(*vendor, component, &assumed.controllers),
        args: workload.args.iter().map(|a| a.value.clone()).collect(),
        migration_file: found.file,
        rights: granted,
    };
    Manager {
        title: title(installed),
        identity: workload.identity.clone(),
        workload: workload.kind,
        // The kubelet runs what lies on its node, wherever its manifest would like to be.
        placement: if workload.kind.is_static() { Placement::default() } else { workload.placement.clone() },
        spec,
        release: *release,
        library: *library,
        user: user.name(),
        image: workload.image.clone(),
        first_stage: 0,
        spans: Spans {
            workload: workload.span,
            args: workload.args.iter().map(|a| a.span).collect(),
            migration_file: found.document,
            migration_problem: found.problem,
        },
    }
}

/// The vendor with further controllers, under kube-controller-manager's keys for them.
fn with_controllers(mut vendor: Vendor, component: Component, controllers: &[Controller]) -> Vendor {
    if component == Component::KubeControllerManager {
        return vendor;
    }
    for &controller in controllers {
        vendor.removed = vendor.removed.without(controller);
        vendor.off_by_default = vendor.off_by_default.without(controller);
        if controller == Controller::NodeIpam {
            // The only one that the library itself does not have.
            vendor.extra = vendor.extra.with(controller);
        }
    }
    vendor
}

fn title(installed: &Installed) -> String {
    let Installed { workload, release, library, .. } = installed;
    let how = match workload.kind {
        kind if kind.is_static() => String::new(),
        _ => format!(" ({})", workload.identity),
    };
    match library {
        Some(library) => format!("{}{how}, library {}", workload.component, library.library()),
        None => format!("{}{how} {release}", workload.component),
    }
}

/// A binding whose role nobody knows.
fn unresolved(binding: &rbac::Object) -> Problem {
    let Content::Binding { role_kind, role, .. } = &binding.content else {
        unreachable!("only bindings refer to roles")
    };
    Problem::warning(format!("{} binds the {role_kind} {role}, which is not among the files", binding.identity))
        .at(binding.span)
        .label("it is taken to grant nothing")
        .help(format!("give the manifest of {role}, or say in a scenario what is granted: `assume: {{rights: …}}`"))
}
