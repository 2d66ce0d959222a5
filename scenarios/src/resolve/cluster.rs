//! What runs at each stage: the plan unfolded step by step.

use leasehold_model::controller::Component;
use leasehold_model::facts::vendors::Vendor;
use leasehold_model::release::Release;

use super::manager::{self, Installed};
use super::migration_file::Place;
use super::plan::{Plan, no_kube_controller_manager};
use super::{Manager, Report, Resolved, Stage, Step, versions};
use crate::diagnostic::Problem;
use crate::inventory::Inventory;
use crate::inventory::rbac;
use crate::inventory::volumes::KeyedTexts;
use crate::inventory::workload::{Workload, WorkloadKind};
use crate::scenario::{Action, closest};
use crate::source::{FileId, Sources};

/// What is in force.
#[derive(Clone, Default)]
struct Cluster<'p> {
    installed: Vec<Installed>,
    rbac: Vec<rbac::Object>,
    keyed: Vec<KeyedTexts>,
    /// Where a node's files were put, the last first.
    host_files: Vec<&'p Inventory>,
}

/// Unfolds the plan.
pub(super) fn unfold(plan: Plan, sources: &mut Sources, report: &mut Report) -> Option<Resolved> {
    let mut cluster = Cluster::default();
    let mut managers: Vec<Manager> = Vec::new();
    let mut stages: Vec<Stage> = Vec::new();
    let mut steps: Vec<Step> = Vec::new();
    let mut used: Vec<FileId> = Vec::new();
    let mut release = plan.before.release?;
    let (mut library, mut vendor) = (plan.before.library, plan.before.vendor);

    cluster.lay(&plan.before.inventory, library, vendor, release, report);
    cluster.host_files = vec![&plan.before.inventory];
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
        if on_nodes && planned.replaces_files {
            cluster.new_nodes(&planned.side.inventory, planned.keeps_missing, release, report);
        }
        cluster.lay(&planned.side.inventory, library, vendor, release, report);
        if !planned.replaces_files {
            cluster.upgrade(planned.side.release, planned.side.library);
        }
        if planned.action == Action::Apply {
            reject_static_pods(&planned.side.inventory, report);
        } else if planned.action == Action::ReplaceNodes && planned.replaces_files {
            cluster.host_files = vec![&planned.side.inventory];
        } else if planned.replaces_files {
            cluster.host_files.insert(0, &planned.side.inventory);
        }
        stages.push(stage(&cluster, release, &plan, &mut managers, i + 1, sources, &mut used, report));
        steps.push(Step {
            title: planned.title.clone(),
            action: planned.action,
            surge: planned.surge && planned.action == Action::ReplaceNodes,
            restarts: restarts(&stages[i], &stages[i + 1], &managers),
            span: planned.span,
        });
    }
    unreferenced(&plan, &used, sources, report);
    Some(Resolved {
        name: plan.name,
        title: plan.title,
        source: plan.source,
        nodes: plan.nodes,
        managers,
        stages,
        steps,
        faults: plan.faults,
        rollback: plan.rollback,
        given_up: plan.given_up,
        expect: plan.expect,
        plan_is_inferred: plan.is_inferred,
        inferred: Vec::new(),
        notes: Vec::new(),
        sources: Sources::new(),
    })
}

impl Cluster<'_> {
    /// Lays the objects of `inventory` over what is there.
    fn lay(
        &mut self,
        inventory: &Inventory,
        library: Option<Release>,
        vendor: Option<Vendor>,
        release: Release,
        report: &mut Report,
    ) {
        for workload in distinct(inventory, report) {
            if let WorkloadKind::Deployment { replicas: 0, .. } = workload.kind {
                report.inferred(format!("{} has no replicas, so it runs nowhere", workload.identity));
                self.installed.retain(|i| !same(&i.workload, workload));
                continue;
            }
            if let Some(by) = &workload.recognised_by {
                report.inferred(format!("{} is taken for a {}, by {by}", workload.identity, workload.component));
            }
            let vendor = versions::vendor(workload, vendor, report);
            let library = (workload.component == Component::CloudControllerManager)
                .then(|| library.unwrap_or_else(|| versions::library(workload, &vendor, release, report)));
            let vendor = versions::built(workload, vendor, library);
            let new = Installed { workload: workload.clone(), release, library, vendor };
            match self.installed.iter_mut().find(|i| same(&i.workload, workload)) {
                Some(old) => *old = new,
                None => self.installed.push(new),
            }
        }
        for object in &inventory.rbac {
            self.rbac.retain(|o| o.identity != object.identity);
            self.rbac.push(object.clone());
        }
        for object in &inventory.keyed {
            let identity = |k: &KeyedTexts| (k.kind, k.namespace.clone(), k.name.clone());
            self.keyed.retain(|k| identity(k) != identity(object));
            self.keyed.push(object.clone());
        }
    }

    /// New nodes carry exactly the static pods of `inventory`; with `keeps_missing` a manager it does not mention stays.
    fn new_nodes(&mut self, inventory: &Inventory, keeps_missing: bool, release: Release, report: &mut Report) {
        let given = |component| inventory.workloads.iter().any(|w| w.kind.is_static() && w.component == component);
        let mut gone = Vec::new();
        for installed in &mut self.installed {
            let component = installed.workload.component;
            if !installed.workload.kind.is_static() || given(component) {
                continue;
            }
            if keeps_missing {
                let upgraded =
                    if installed.release == release { String::new() } else { format!(", upgraded to {release}") };
                installed.release = release;
                report.inferred(format!(
                    "no {component} in {}: the one from before stays as it is{upgraded}",
                    inventory.inputs.join(", ")
                ));
            } else {
                gone.push(component);
            }
        }
        self.installed.retain(|i| !(i.workload.kind.is_static() && gone.contains(&i.workload.component)));
    }

    /// A step without manifests that names a release upgrades what lies on the nodes; one that names a library, every
    /// cloud-controller-manager.
    fn upgrade(&mut self, release: Option<Release>, library: Option<Release>) {
        for installed in &mut self.installed {
            if installed.workload.kind.is_static() {
                installed.release = release.unwrap_or(installed.release);
            }
            if installed.workload.component == Component::CloudControllerManager {
                installed.library = library.or(installed.library);
                installed.vendor = versions::built(&installed.workload, installed.vendor, installed.library);
            }
        }
    }

    /// Takes away what the step removes.
    fn remove(&mut self, step: &super::plan::PlannedStep, report: &mut Report) {
        for name in &step.remove {
            let wanted = name.value.as_str();
            let before = self.installed.len() + self.rbac.len() + self.keyed.len();
            self.installed.retain(|i| {
                let by_component = i.workload.kind.is_static() && i.workload.component.name() == wanted;
                !by_component && i.workload.identity.name != wanted
            });
            self.rbac.retain(|o| o.identity.name != wanted);
            self.keyed.retain(|c| c.name != wanted);
            if before == self.installed.len() + self.rbac.len() + self.keyed.len() {
                let known: Vec<&str> = self
                    .installed
                    .iter()
                    .map(|i| i.workload.identity.name.as_str())
                    .chain(self.rbac.iter().map(|o| o.identity.name.as_str()))
                    .chain(self.keyed.iter().map(|c| c.name.as_str()))
                    .collect();
                report.problem(Problem::error(format!("nothing is called `{wanted}` here")).at(name.span).label(
                    match closest(wanted, &known) {
                        Some(close) => format!("did you mean `{close}`?"),
                        None => format!("before this step there are {}", known.join(", ")),
                    },
                ));
            }
        }
    }
}

/// The workloads of an inventory, one per identity; static pods, one per manager.
fn distinct<'i>(inventory: &'i Inventory, report: &mut Report) -> Vec<&'i Workload> {
    let mut found: Vec<&Workload> = Vec::new();
    for workload in &inventory.workloads {
        let Some(at) = found.iter().position(|f| same(f, workload)) else {
            found.push(workload);
            continue;
        };
        let earlier = found[at];
        if earlier.kind == WorkloadKind::Kubeadm && workload.kind == WorkloadKind::StaticPod {
            report.inferred(format!(
                "the static pod manifest of {} counts, not kubeadm's configuration",
                workload.component
            ));
            found[at] = workload;
        } else if earlier.kind == WorkloadKind::StaticPod && workload.kind == WorkloadKind::Kubeadm {
            report.inferred(format!(
                "the static pod manifest of {} counts, not kubeadm's configuration",
                workload.component
            ));
        } else if !alike(earlier, workload) {
            report.problem(
                Problem::error(format!("two different manifests of {}", described(workload)))
                    .at(workload.span)
                    .label("another one was given before, and the two are not alike")
                    .help("the nodes of one side run the same; a mixed cluster is a scenario"),
            );
        } else if earlier.identity != workload.identity {
            report.inferred(format!(
                "{} and {} are alike: one manager, on several nodes",
                earlier.identity.name, workload.identity.name
            ));
        }
    }
    found
}

fn described(workload: &Workload) -> String {
    if workload.kind.is_static() {
        format!("the static pod {}", workload.component)
    } else {
        workload.identity.to_string()
    }
}

/// The same object: by manager for static pods, by identity for others.
fn same(a: &Workload, b: &Workload) -> bool {
    match (a.kind.is_static(), b.kind.is_static()) {
        (true, true) => a.component == b.component,
        (false, false) => a.identity == b.identity && a.component == b.component,
        _ => false,
    }
}

/// True if two manifests start the same process.
fn alike(a: &Workload, b: &Workload) -> bool {
    let args = |w: &Workload| w.args.iter().map(|a| a.value.clone()).collect::<Vec<_>>();
    let image = |w: &Workload| w.image.as_ref().map(|i| i.value.clone());
    args(a) == args(b) && image(a) == image(b) && a.kind == b.kind
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
    let place = Place { host_files: &cluster.host_files, keyed: &cluster.keyed, sources };
    let mut in_force = Vec::new();
    for installed in &cluster.installed {
        let mut manager = manager::build(installed, &place, &cluster.rbac, &plan.assumed, used, report);
        manager.first_stage = index;
        // The cluster's release is no part of a process: kube-controller-manager's is in its spec.
        let alike =
            |m: &Manager| m.spec == manager.spec && m.identity == manager.identity && m.workload == manager.workload;
        in_force.push(match managers.iter().position(alike) {
            Some(known) => known,
            None => {
                managers.push(manager);
                managers.len() - 1
            }
        });
    }
    Stage { managers: in_force, release }
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
