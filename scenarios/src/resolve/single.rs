//! Managers without a plan: whatever the given files hold, each manager on its own, in any mix of releases.

use std::cell::RefCell;
use std::io;
use std::path::Path;

use leasehold_model::controller::{Component, ControllerSet};
use leasehold_model::release::Release;

use super::manager::{self, Assumed, Installed};
use super::migration_file::{Place, agreement};
use super::plan::{Given, one_path};
use super::{Failed, Manager, OnNodes, Report, Request, Resolved, Stage, resolve, versions};
use crate::diagnostic::{Problem, Severity};
use crate::flags;
use crate::inventory::files::{FileKind, Fs, gather};
use crate::inventory::nodes::NodeGroup;
use crate::inventory::volumes::{Target, locate};
use crate::inventory::workload::{Workload, WorkloadKind};
use crate::inventory::{Inventory, MigrationSource, documents};
use crate::scenario::{Expect, StartUp};
use crate::source::Sources;
use crate::yaml;

/// Reads and resolves what is given, which need not be a migration: files and directories with any managers are one
/// stage of [`Resolved`] and no step. Scenarios and pairs of sides are resolved as [`resolve`] does.
///
/// # Errors
/// Every problem of every file at once, if at least one is an error.
pub fn resolve_any(request: &Request, fs: &dyn Fs) -> Result<Resolved, Box<Failed>> {
    let fs = Remembering { fs, stdin: RefCell::new(None) };
    match request.paths.as_slice() {
        [path] if is_mere_manifests(path, &fs) => one_stage(path, request, &fs),
        _ => resolve(request, &fs),
    }
}

/// True if `path` holds no scenario and no two sides.
fn is_mere_manifests(path: &str, fs: &dyn Fs) -> bool {
    match one_path(path, fs) {
        Given::Neither => true,
        Given::Sides(..) => false,
        Given::Scenario(file) => {
            if matches!(fs.kind(Path::new(path)), Ok(FileKind::Directory)) {
                return false;
            }
            let mut sources = Sources::new();
            let texts = gather(fs, &file).texts;
            !texts.into_iter().any(|text| {
                let file = sources.add(text.name, text.text);
                let is_scenario = |n: &yaml::Node| n.get("kind").and_then(yaml::Node::as_str) == Some("Scenario");
                yaml::documents(&sources, file).documents.iter().any(is_scenario)
            })
        }
    }
}

fn one_stage(path: &str, request: &Request, fs: &dyn Fs) -> Result<Resolved, Box<Failed>> {
    let mut sources = Sources::new();
    let mut report = Report::default();
    let mut inventory = documents::read(fs, &[path.to_string()], &mut sources);
    for problem in inventory.problems.drain(..).chain(inventory.notes.drain(..)) {
        report.problem(problem);
    }
    inventory.inferred.drain(..).for_each(|line| report.inferred(line));
    let (managers, on): (Vec<Manager>, Vec<Option<String>>) =
        managers(&inventory, request, &sources, &mut report).into_iter().unzip();
    if report.problems.iter().any(|p| p.severity == Severity::Error) {
        report.problems.sort_by_key(|p| p.severity);
        return Err(Box::new(Failed { problems: report.problems, sources }));
    }
    let release = managers.iter().map(|m| m.release).max().unwrap_or(Release::NEWEST);
    let groups = inventory.node_groups;
    let on_nodes = |group: Option<&NodeGroup>| {
        let is_there = |on: &Option<String>| on.as_ref().is_none_or(|on| group.is_none_or(|group| group.name == *on));
        let found = (0..managers.len()).filter(|&at| managers[at].workload.is_static() && is_there(&on[at]));
        OnNodes { managers: found.collect(), cordoned: false }
    };
    let nodes =
        if groups.is_empty() { vec![on_nodes(None)] } else { groups.iter().map(|g| on_nodes(Some(g))).collect() };
    Ok(Resolved {
        name: path.to_string(),
        title: path.to_string(),
        source: None,
        nodes: request.nodes.unwrap_or(1),
        groups,
        stages: vec![Stage { managers: (0..managers.len()).collect(), nodes, release, objects: Vec::new() }],
        managers,
        steps: Vec::new(),
        faults: Vec::new(),
        rollback: crate::scenario::Rollback::None,
        given_up: ControllerSet::EMPTY,
        in_tree_kubelets: false,
        timing: leasehold_model::lease_time::question::Assumed::USUAL,
        start_up: StartUp::default(),
        expect: Expect::default(),
        data_plane: None,
        plan_is_inferred: true,
        inferred: report.inferred,
        notes: report.problems,
        sources,
    })
}

/// Each manager, with the group of nodes that its static pod lies on.
fn managers(
    inventory: &Inventory,
    request: &Request,
    sources: &Sources,
    report: &mut Report,
) -> Vec<(Manager, Option<String>)> {
    let mut told = |text: &Option<String>, flag| text.as_ref().and_then(|t| versions::told(t, None, flag, report));
    // What is before and what is after nobody says here: kube-controller-manager is taken to be of before.
    let (before, after) = (told(&request.before, "--before"), told(&request.after, "--after"));
    let library = told(&request.library, "--cloud-provider-library");
    let vendor = request.vendor.as_ref().and_then(|name| versions::vendor_named(name, None, report));
    let shown: Vec<Release> = inventory.workloads.iter().filter_map(|w| tagged(w, sources, report)).collect();
    let mut used = Vec::new();
    let mut found: Vec<(Manager, Option<String>)> = Vec::new();
    for workload in &inventory.workloads {
        if let WorkloadKind::Deployment { replicas: 0, .. } = workload.kind {
            report.inferred(format!("{} has no replicas, so it runs nowhere", workload.identity));
            continue;
        }
        let own = versions::shown_by(workload);
        let other = shown.iter().max().copied();
        let release = match workload.component {
            Component::KubeControllerManager => before.or(own).or(after),
            Component::CloudControllerManager => after.or(before).or(other).or(own).or(library),
        };
        let Some(release) = release else {
            report.problem(
                Problem::error(format!("which Kubernetes release is {}?", workload.identity))
                    .at(workload.span)
                    .label("no image tag says it")
                    .help("add --before 1.30"),
            );
            continue;
        };
        let vendor = versions::vendor(workload, vendor, report);
        let library = (workload.component == Component::CloudControllerManager)
            .then(|| library.unwrap_or_else(|| versions::library(workload, &vendor, release, report)));
        let vendor = versions::built(workload, vendor, library);
        let installed = Installed { workload: workload.clone(), release, library, vendor };
        let (near, all) = (beside(workload, inventory, sources), unclaimed(workload, inventory, sources));
        let host_files: &[&Inventory] = if near.migration_files.is_empty() { &[&all] } else { &[&near, &all] };
        let place = Place { host_files, keyed: &inventory.keyed, sources };
        let manager = manager::build(&installed, &place, &inventory.rbac, &Assumed::default(), &mut used, report);
        let same = |(m, on): &(Manager, Option<String>)| {
            (&m.identity, &m.spec, m.release, m.workload, on)
                == (&manager.identity, &manager.spec, manager.release, manager.workload, &workload.group)
        };
        if !found.iter().any(same) {
            found.push((manager, workload.group.clone()));
        }
    }
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
    if inventory.workloads.is_empty() && report.problems.iter().all(|p| p.severity != Severity::Error) {
        report.problem(
            Problem::error(format!("no controller manager in {}", inventory.inputs.join(", ")))
                .help("expected a kube-controller-manager, a cloud-controller-manager, or both"),
        );
    }
    found
}

/// The migration files that no other manager's path fits better: what is written for one manager is not found by another
/// whose own file is missing.
fn unclaimed(workload: &Workload, inventory: &Inventory, sources: &Sources) -> Inventory {
    let path = |w: &Workload| {
        let (path, _) = flags::last(&w.args, "leader-migration-config")?;
        Some(match locate(&w.mounts, path) {
            Target::Host { path, .. } => path,
            _ => path.to_string(),
        })
    };
    let fits = |w: &Workload, m: &MigrationSource| path(w).map_or(0, |path| agreement(&path, sources.name(m.file)));
    let is_free = |m: &&MigrationSource| inventory.workloads.iter().all(|other| fits(other, m) <= fits(workload, m));
    let migration_files = inventory.migration_files.iter().filter(is_free).cloned().collect();
    Inventory { migration_files, ..Inventory::default() }
}

/// Those of them in the directory of a manager's manifest and below: two managers may each have theirs beside them.
fn beside(workload: &Workload, inventory: &Inventory, sources: &Sources) -> Inventory {
    let directory = |name: &str| name.rsplit_once('/').map_or(String::new(), |(directory, _)| format!("{directory}/"));
    let own = directory(sources.name(workload.span.file));
    let mut free = unclaimed(workload, inventory, sources);
    free.migration_files.retain(|m| sources.name(m.file).starts_with(&own));
    free
}

/// What the image tag of a kube-controller-manager says, and a line about it.
fn tagged(workload: &Workload, sources: &Sources, report: &mut Report) -> Option<Release> {
    if workload.component == Component::CloudControllerManager {
        return None;
    }
    let release = versions::shown_by(workload)?;
    let at = workload.release.as_ref().or(workload.image.as_ref()).map_or(workload.span, |s| s.span);
    report.inferred(format!("Kubernetes {release} is read from {}", sources.place(at)));
    Some(release)
}

/// Standard input can be looked at and still be read.
struct Remembering<'f> {
    fs: &'f dyn Fs,
    stdin: RefCell<Option<Vec<u8>>>,
}

impl Fs for Remembering<'_> {
    fn kind(&self, path: &Path) -> io::Result<FileKind> {
        self.fs.kind(path)
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<String>> {
        self.fs.list(directory)
    }

    fn read(&self, path: &Path, limit: usize) -> io::Result<Vec<u8>> {
        self.fs.read(path, limit)
    }

    fn stdin(&self, limit: usize) -> io::Result<Vec<u8>> {
        let mut stdin = self.stdin.borrow_mut();
        if stdin.is_none() {
            *stdin = Some(self.fs.stdin(limit)?);
        }
        Ok(stdin.clone().unwrap_or_default())
    }
}
