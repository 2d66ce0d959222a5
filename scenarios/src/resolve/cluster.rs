//! What is in force: each step lays its objects over those before.

use leasehold_model::controller::Component;
use leasehold_model::facts::vendors::Vendor;
use leasehold_model::release::Release;

use super::manager::Installed;
use super::plan::PlannedStep;
use super::{Report, versions};
use crate::diagnostic::Problem;
use crate::inventory::volumes::KeyedTexts;
use crate::inventory::workload::{Workload, WorkloadKind};
use crate::inventory::{Inventory, rbac};
use crate::scenario::{Action, closest};

/// What is in force.
#[derive(Clone, Default)]
pub(super) struct Cluster<'p> {
    pub installed: Vec<Installed>,
    pub rbac: Vec<rbac::Object>,
    pub keyed: Vec<KeyedTexts>,
    /// Where a node's files were put, the last first, and on which groups of nodes; `None`: on all.
    pub host_files: Vec<(Option<&'p [String]>, &'p Inventory)>,
    /// The names of the groups of nodes; empty: the nodes are alike.
    pub groups: Vec<String>,
    /// For each group, or for all nodes where there is none: they are cordoned.
    pub cordoned: Vec<bool>,
}

impl<'p> Cluster<'p> {
    /// A cluster with nothing on its nodes.
    pub fn new(groups: Vec<String>) -> Cluster<'p> {
        Cluster { cordoned: vec![false; groups.len().max(1)], groups, ..Cluster::default() }
    }

    /// The files on the nodes of a group.
    pub fn host_files(&self, group: Option<&String>) -> Vec<&'p Inventory> {
        let there = |on: &Option<&[String]>| match (on, group) {
            (Some(on), Some(group)) => on.contains(group),
            (on, _) => on.is_none(),
        };
        self.host_files.iter().filter(|(on, _)| there(on)).map(|(_, inventory)| *inventory).collect()
    }

    /// Lays the objects of `inventory` over what is there, static pods on the nodes of the groups `on`, or on all.
    pub fn lay(
        &mut self,
        inventory: &Inventory,
        on: Option<&[String]>,
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
            if workload.placement.has_affinity && !workload.kind.is_static() {
                report.inferred(format!(
                    "{}: its node affinity is not read, so it is taken to keep its pods from no node",
                    workload.identity
                ));
            }
            let vendor = versions::vendor(workload, vendor, report);
            let library = (workload.component == Component::CloudControllerManager)
                .then(|| library.unwrap_or_else(|| versions::library(workload, &vendor, release, report)));
            let vendor = versions::built(workload, vendor, library);
            if let Some(group) = workload.group.as_ref().filter(|group| !self.groups.contains(group)) {
                report.problem(
                    Problem::error(format!("no group of nodes is called `{group}`"))
                        .at(workload.span)
                        .label("this lies on its nodes"),
                );
            }
            for group in self.groups_of(workload, on) {
                let workload = Workload { group, ..workload.clone() };
                let new = Installed { workload, release, library, vendor };
                match self.installed.iter_mut().find(|i| same(&i.workload, &new.workload)) {
                    Some(old) => *old = new,
                    None => self.installed.push(new),
                }
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

    /// The groups of nodes that a static pod lies on; none of them, if nodes are alike or it is a pod of a workload.
    fn groups_of(&self, workload: &Workload, on: Option<&[String]>) -> Vec<Option<String>> {
        if !workload.kind.is_static() || self.groups.is_empty() {
            return vec![None];
        }
        let named = workload.group.as_ref().map(std::slice::from_ref);
        named.or(on).unwrap_or(&self.groups).iter().cloned().map(Some).collect()
    }

    /// New nodes, of the groups `on` or all, carry exactly the static pods of `inventory`; with `keeps_missing` a manager
    /// it does not mention stays.
    pub fn new_nodes(
        &mut self,
        inventory: &Inventory,
        on: Option<&[String]>,
        keeps_missing: bool,
        release: Release,
        report: &mut Report,
    ) {
        let given = |component| inventory.workloads.iter().any(|w| w.kind.is_static() && w.component == component);
        let mut gone = Vec::new();
        for installed in &mut self.installed {
            let component = installed.workload.component;
            let is_there = on.is_none_or(|on| installed.workload.group.as_ref().is_some_and(|g| on.contains(g)));
            if !installed.workload.kind.is_static() || given(component) || !is_there {
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
                gone.push((component, installed.workload.group.clone()));
            }
        }
        let is_gone = |w: &Workload| w.kind.is_static() && gone.contains(&(w.component, w.group.clone()));
        self.installed.retain(|i| !is_gone(&i.workload));
    }

    /// Cordons and uncordons as the step says.
    pub fn cordon(&mut self, step: &PlannedStep) {
        let cordoned = step.action == Action::Cordon;
        for (at, is_cordoned) in self.cordoned.iter_mut().enumerate() {
            let is_meant = match (&step.nodes, self.groups.get(at)) {
                (Some(named), Some(group)) => named.contains(group),
                _ => true,
            };
            match step.action {
                Action::Cordon | Action::Uncordon if is_meant => *is_cordoned = cordoned,
                Action::Edit if step.uncordon_each => *is_cordoned = false,
                // A node that is new is not cordoned.
                Action::ReplaceNodes if step.side.reaches(self.groups.get(at)) => *is_cordoned = false,
                _ => {}
            }
        }
    }

    /// A step without manifests that names a release upgrades what lies on the nodes; one that names a library, every
    /// cloud-controller-manager.
    pub fn upgrade(&mut self, release: Option<Release>, library: Option<Release>) {
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
    pub fn remove(&mut self, step: &PlannedStep, report: &mut Report) {
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
                    .help(format!(
                        "{}; the nodes of one side run the same, a mixed cluster is a scenario with groups of nodes",
                        difference(earlier, workload)
                    )),
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
        (true, true) => a.component == b.component && a.group == b.group,
        (false, false) => a.identity == b.identity && a.component == b.component,
        _ => false,
    }
}

/// What one manifest has and the other has not.
fn difference(earlier: &Workload, later: &Workload) -> String {
    let words =
        |w: &Workload| -> Vec<String> { w.image.iter().chain(&w.args).map(|word| word.value.clone()).collect() };
    let (before, here) = (words(earlier), words(later));
    let only = |one: &[String], other: &[String]| -> Vec<String> {
        one.iter().filter(|word| !other.contains(word)).map(|word| format!("`{word}`")).collect()
    };
    match (only(&before, &here).join(", "), only(&here, &before).join(", ")) {
        (there, here) if there.is_empty() && here.is_empty() => "the order of their arguments differs".into(),
        (there, here) if here.is_empty() => format!("that one has {there}"),
        (there, here) if there.is_empty() => format!("this one has {here}"),
        (there, here) => format!("that one has {there}, this one {here}"),
    }
}

/// True if two manifests start the same process.
fn alike(a: &Workload, b: &Workload) -> bool {
    let args = |w: &Workload| w.args.iter().map(|a| a.value.clone()).collect::<Vec<_>>();
    let image = |w: &Workload| w.image.as_ref().map(|i| i.value.clone());
    args(a) == args(b) && image(a) == image(b) && a.kind == b.kind
}
