//! The plan that two directories without one mean: inferred, and said.

use leasehold_model::controller::{Component, ControllerSet};
use leasehold_model::facts::vendors::Vendor;
use leasehold_model::release::Release;

use super::super::manager::Assumed;
use super::super::{Report, Request, versions};
use super::groups::must_stay;
use super::{DEFAULT_NODES, Plan, PlannedStep, Side, Timing, inventory};
use crate::diagnostic::Problem;
use crate::inventory::Inventory;
use crate::inventory::files::Fs;
use crate::scenario::{Action, Expect, Fault, Rollback, StartUp};
use crate::source::Sources;

/// Two directories without a plan: the plan is inferred, and said.
pub(super) fn read(
    before: &str,
    after: &str,
    request: &Request,
    fs: &dyn Fs,
    sources: &mut Sources,
    report: &mut Report,
) -> Option<Plan> {
    let errors = report.errors();
    let old = inventory(&[before.to_string()], fs, sources, report);
    let old_is_read = report.errors() == errors;
    let errors = report.errors();
    let new = inventory(&[after.to_string()], fs, sources, report);
    let new_is_read = report.errors() == errors;
    let told = |text: &Option<String>, flag: &str, report: &mut Report| {
        text.as_ref().map(|text| versions::told(text, None, flag, report))
    };
    let has_kcm = |i: &Inventory| i.workloads.iter().any(|w| w.component == Component::KubeControllerManager);
    let before_release = match told(&request.before, "--before", report) {
        Some(told) => told,
        None if !old_is_read => None,
        None => side_release(&old, before, "--before", sources, report),
    };
    let after_release = match told(&request.after, "--after", report) {
        Some(told) => told,
        None if !new_is_read => None,
        None if !has_kcm(&new) => {
            if let Some(release) = before_release {
                report.inferred(format!("{after} has no kube-controller-manager, so Kubernetes stays {release}"));
            }
            before_release
        }
        None => side_release(&new, after, "--after", sources, report),
    };
    let library = told(&request.library, "--cloud-provider-library", report).flatten();
    if new.workloads.is_empty() && new_is_read {
        report.problem(
            Problem::error(format!("no controller manager in {after}"))
                .help("expected a kube-controller-manager, a cloud-controller-manager, or both"),
        );
    }
    let (before_release, after_release) = (before_release?, after_release?);
    if before_release > after_release {
        report.problem(
            Problem::error(format!(
                "the release before ({before_release}) is newer than the one after ({after_release})"
            ))
            .help("give the older side first; going back is checked from every step"),
        );
    }
    must_stay(&old.node_groups, &new, report);
    let vendor = request.vendor.as_ref().and_then(|name| versions::vendor_named(name, None, report));
    let steps = infer(&old, &new, after_release, library, vendor, (before, after), report);
    Some(Plan {
        name: format!("{before} {after}"),
        title: format!("{before} to {after}"),
        source: None,
        nodes: request.nodes.unwrap_or(DEFAULT_NODES),
        groups: old.node_groups.clone(),
        before: Side { inventory: old, release: Some(before_release), vendor, ..Side::default() },
        steps,
        faults: vec![Fault::Crash],
        rollback: Rollback::Anywhere,
        given_up: ControllerSet::EMPTY,
        in_tree_kubelets: false,
        timing: Timing::USUAL,
        assumed: Assumed::default(),
        start_up: StartUp::default(),
        expect: Expect::default(),
        data_plane: None,
        is_inferred: true,
    })
}

fn side_release(
    inventory: &Inventory,
    path: &str,
    flag: &str,
    sources: &Sources,
    report: &mut Report,
) -> Option<Release> {
    if !inventory.workloads.iter().any(|w| w.component == Component::KubeControllerManager) {
        report.problem(no_kube_controller_manager(path));
        return None;
    }
    let errors = report.problems.len();
    let shown = versions::shown(inventory, sources, report);
    if shown.is_none() && report.problems.len() == errors {
        report.problem(
            Problem::error(format!("which Kubernetes release is {path}?"))
                .help(format!("no image tag of kube-controller-manager says it; add {flag} 1.30")),
        );
    }
    shown
}

/// What a side without kube-controller-manager is told.
pub(in crate::resolve) fn no_kube_controller_manager(given: &str) -> Problem {
    Problem::error(format!("no kube-controller-manager in {given}"))
        .help("expected a Pod, DaemonSet or Deployment that runs it, or kubeadm's ClusterConfiguration")
}

/// The plan that two sides mean: rights first, then nodes one by one; in place, in any order, where a manager is a
/// DaemonSet or Deployment, because its pods start beside the old ones.
fn infer(
    old: &Inventory,
    new: &Inventory,
    release: Release,
    library: Option<Release>,
    vendor: Option<Vendor>,
    (before, after): (&str, &str),
    report: &mut Report,
) -> Vec<PlannedStep> {
    let mut steps = Vec::new();
    let is_new = |o: &crate::inventory::rbac::Object| {
        !old.rbac.iter().any(|p| p.identity == o.identity && p.content == o.content)
    };
    let rights: Vec<_> = new.rbac.iter().filter(|o| is_new(o)).cloned().collect();
    if !rights.is_empty() {
        let title = "Apply the access rules of after".to_string();
        report.inferred(format!("no plan given: the access rules of {after} are applied first"));
        let inventory = Inventory { rbac: rights, inputs: vec![after.to_string()], ..Inventory::default() };
        steps.push(planned(title, Action::Apply, Side { inventory, ..Side::default() }));
    }
    let is_rolling = |i: &Inventory| i.workloads.iter().any(|w| !w.kind.is_static());
    let side = Side { inventory: new.clone(), release: Some(release), library, vendor, ..Side::default() };
    let (title, action) = if is_rolling(new) {
        report.inferred(
            "no plan given: managers are changed in place, in any order, because a DaemonSet or Deployment starts its \
             pods beside the old managers",
        );
        ("Change the managers".to_string(), Action::Edit)
    } else {
        report.inferred("no plan given: nodes are replaced one by one, a new one before an old one goes");
        ("Replace the nodes".to_string(), Action::ReplaceNodes)
    };
    report.inferred("no plan given: rollback is possible at any point");
    for workload in old.workloads.iter().filter(|w| !w.kind.is_static()) {
        if !new.workloads.iter().any(|w| w.identity == workload.identity) {
            report.inferred(format!("{} of {before} is not in {after}, so it stays as it is", workload.identity));
        }
    }
    steps.push(planned(title, action, side));
    steps
}

fn planned(title: String, action: Action, side: Side) -> PlannedStep {
    PlannedStep {
        title,
        action,
        surge: true,
        span: None,
        side,
        release_span: None,
        remove: Vec::new(),
        replaces_files: true,
        keeps_missing: true,
        nodes: None,
        uncordon_each: false,
        downtime: false,
    }
}
