//! From a plan to the stages that it passes: what runs at each, and which steps restart anything.

use leasehold_model::controller::Component;
use leasehold_model::release::Release;

use super::cluster::Cluster;
use super::manager;
use super::migration_file::Place;
use super::plan::{Plan, no_kube_controller_manager};
use super::{Manager, OnNodes, Report, Resolved, Stage, Step};
use crate::diagnostic::Problem;
use crate::inventory::Inventory;
use crate::scenario::Action;
use crate::source::{FileId, Sources};

/// Unfolds the plan.
pub(super) fn unfold(plan: Plan, sources: &mut Sources, report: &mut Report) -> Option<Resolved> {
    let mut cluster = Cluster::new(plan.groups.iter().map(|group| group.name.clone()).collect());
    let mut managers: Vec<Manager> = Vec::new();
    let mut stages: Vec<Stage> = Vec::new();
    let mut steps: Vec<Step> = Vec::new();
    let mut used: Vec<FileId> = Vec::new();
    let mut release = plan.before.release?;
    let (mut library, mut vendor) = (plan.before.library, plan.before.vendor);

    for (on, inventory) in plan.before.parts() {
        cluster.lay(inventory, on, library, vendor, release, report);
        cluster.host_files.insert(0, (on, inventory));
    }
    check_kube_controller_manager(&cluster, &plan.before.inventory, report);
    stages.push(stage(&cluster, release, &plan, &mut managers, 0, sources, &mut used, report));

    for (i, planned) in plan.steps.iter().enumerate() {
        if let Some(next) = planned.side.release {
            if next < release && !plan.is_inferred {
                let problem = Problem::error(format!("Kubernetes {next} after {release}"))
                    .help("a step goes forward; going back is what rollback is for");
                report.problem(match planned.release_span {
                    Some(span) => problem.at(span).label("older than before this step"),
                    None => problem,
                });
            }
            release = next;
        }
        library = planned.side.library.or(library);
        vendor = planned.side.vendor.or(vendor);
        cluster.remove(planned, report);
        let on_nodes =
            planned.action == Action::ReplaceNodes || (planned.keeps_missing && planned.action == Action::Edit);
        if planned.action == Action::ReplaceNodes && planned.replaces_files && planned.side.is_for_all() {
            cluster.host_files.clear();
        }
        for (on, inventory) in planned.side.parts() {
            if on_nodes && planned.replaces_files && (on.is_none() || !planned.side.is_for_all()) {
                cluster.new_nodes(inventory, on, planned.keeps_missing, release, report);
            }
            cluster.lay(inventory, on, library, vendor, release, report);
            if planned.action != Action::Apply && planned.replaces_files {
                cluster.host_files.insert(0, (on, inventory));
            }
        }
        if !planned.replaces_files {
            cluster.upgrade(planned.side.release, planned.side.library);
        }
        if planned.action == Action::Apply {
            planned.side.parts().for_each(|(_, inventory)| reject_static_pods(inventory, report));
        }
        cluster.cordon(planned);
        stages.push(stage(&cluster, release, &plan, &mut managers, i + 1, sources, &mut used, report));
        steps.push(Step {
            title: planned.title.clone(),
            action: planned.action,
            surge: planned.surge && planned.action == Action::ReplaceNodes,
            restarts: restarts(&stages[i], &stages[i + 1], &managers),
            downtime: planned.downtime,
            span: planned.span,
        });
    }
    unreferenced(&plan, &used, sources, report);
    if !plan.groups.is_empty() || stages.iter().flat_map(|stage| &stage.nodes).any(|nodes| nodes.cordoned) {
        let anywhere = |m: &&Manager| !m.workload.is_static() && m.placement.is_for_any_node();
        for manager in managers.iter().filter(anywhere) {
            report.inferred(format!(
                "{}: it selects no control-plane nodes, so its pods are taken to find a node, whatever is cordoned or \
                 tainted",
                manager.identity
            ));
        }
    }
    Some(Resolved {
        name: plan.name,
        title: plan.title,
        source: plan.source,
        nodes: plan.nodes,
        groups: plan.groups,
        managers,
        stages,
        steps,
        faults: plan.faults,
        rollback: plan.rollback,
        given_up: plan.given_up,
        in_tree_kubelets: plan.in_tree_kubelets,
        timing: plan.timing,
        start_up: plan.start_up,
        expect: plan.expect,
        data_plane: plan.data_plane,
        plan_is_inferred: plan.is_inferred,
        inferred: Vec::new(),
        notes: Vec::new(),
        sources: Sources::new(),
    })
}

#[expect(clippy::too_many_arguments, reason = "the state of one walk over the plan")]
fn stage(
    cluster: &Cluster<'_>,
    release: Release,
    plan: &Plan,
    managers: &mut Vec<Manager>,
    index: usize,
    sources: &Sources,
    used: &mut Vec<FileId>,
    report: &mut Report,
) -> Stage {
    let mut in_force = Vec::new();
    let mut nodes: Vec<OnNodes> =
        cluster.cordoned.iter().map(|&cordoned| OnNodes { cordoned, ..OnNodes::default() }).collect();
    for installed in &cluster.installed {
        let host_files = cluster.host_files(installed.workload.group.as_ref());
        let place = Place { host_files: &host_files, keyed: &cluster.keyed, sources };
        let mut manager = manager::build(installed, &place, &cluster.rbac, &plan.assumed, used, report);
        manager.first_stage = index;
        // The cluster's release is no part of a process: kube-controller-manager's is in its spec.
        let alike = |m: &Manager| {
            m.spec == manager.spec
                && m.identity == manager.identity
                && m.workload == manager.workload
                && m.placement.asks_the_same(&manager.placement)
        };
        let at = managers.iter().position(alike).unwrap_or_else(|| {
            managers.push(manager);
            managers.len() - 1
        });
        if !in_force.contains(&at) {
            in_force.push(at);
        }
        if installed.workload.kind.is_static() {
            let here = |(group, _): &(usize, _)| cluster.groups.get(*group) == installed.workload.group.as_ref();
            nodes.iter_mut().enumerate().filter(here).for_each(|(_, nodes)| nodes.managers.push(at));
        }
    }
    let workloads = cluster.installed.iter().map(|i| &i.workload).filter(|workload| !workload.kind.is_static());
    let workloads = workloads.map(|workload| (workload.identity.clone(), workload.span));
    let rbac = cluster.rbac.iter().map(|object| (object.identity.clone(), object.span));
    let keyed = cluster.keyed.iter().map(|object| (object.identity(), object.span));
    Stage { managers: in_force, nodes, release, objects: keyed.chain(rbac).chain(workloads).collect() }
}

/// True if anything but rights differs between two stages.
fn restarts(before: &Stage, after: &Stage, managers: &[Manager]) -> bool {
    let started = |stage: &Stage| -> Vec<_> {
        stage
            .managers
            .iter()
            .map(|&i| {
                let m = &managers[i];
                let spec = &m.spec;
                (
                    m.identity.clone(),
                    m.workload,
                    m.placement.without_span(),
                    spec.component,
                    spec.code,
                    spec.vendor,
                    spec.args.clone(),
                    spec.migration_file.clone(),
                )
            })
            .collect()
    };
    started(before) != started(after)
}

fn check_kube_controller_manager(cluster: &Cluster<'_>, before: &Inventory, report: &mut Report) {
    if cluster.installed.iter().any(|i| i.workload.component == Component::KubeControllerManager) {
        return;
    }
    let given = if before.inputs.is_empty() { "the files".to_string() } else { before.inputs.join(", ") };
    if !report.has_errors() {
        report.problem(no_kube_controller_manager(&given));
    }
}

fn reject_static_pods(inventory: &Inventory, report: &mut Report) {
    for workload in inventory.workloads.iter().filter(|w| w.kind.is_static()) {
        report.problem(
            Problem::error("a static pod cannot be applied")
                .at(workload.span)
                .label("it is a file on every node; use `action: edit` or `action: replaceNodes`"),
        );
    }
}

/// Files that are no YAML and that no manager reads are errors; so is nothing else.
fn unreferenced(plan: &Plan, used: &[FileId], sources: &Sources, report: &mut Report) {
    for inventory in plan.inventories() {
        for (file, problem) in &inventory.unreadable {
            if !used.contains(file) {
                report.problem(problem.clone());
            }
        }
        for source in &inventory.migration_files {
            if source.document.is_some() && !used.contains(&source.file) {
                report.problem(Problem::note(format!("no manager reads {}", sources.name(source.file))));
            }
        }
    }
}
