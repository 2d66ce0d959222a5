//! One kind of plan, from a scenario file or from two bare directories.

use leasehold_model::controller::{Component, ControllerSet};
use leasehold_model::facts::vendors::Vendor;
use leasehold_model::release::Release;

use super::manager::Assumed;
use super::{Report, Request, versions};
use crate::diagnostic::Problem;
use crate::inventory::files::{FileKind, Fs, child, gather};
use crate::inventory::{Inventory, Spanned, documents};
use crate::rights::User;
use crate::scenario::{self, Action, Expect, Fault, Rollback, Scenario};
use crate::source::{Sources, Span};
use crate::yaml::Node;

/// Control-plane nodes unless told otherwise.
const DEFAULT_NODES: u8 = 3;

/// A cluster before, and what is done to it.
pub(super) struct Plan {
    pub name: String,
    pub title: String,
    pub source: Option<String>,
    pub nodes: u8,
    pub before: Side,
    pub steps: Vec<PlannedStep>,
    pub faults: Vec<Fault>,
    pub rollback: Rollback,
    pub given_up: ControllerSet,
    pub assumed: Assumed,
    pub expect: Expect,
    pub is_inferred: bool,
}

/// Manifests and what was told about them.
#[derive(Clone, Default)]
pub(super) struct Side {
    pub inventory: Inventory,
    pub release: Option<Release>,
    pub library: Option<Release>,
    pub vendor: Option<Vendor>,
}

/// One step, with what it brings.
pub(super) struct PlannedStep {
    pub title: String,
    pub action: Action,
    pub surge: bool,
    pub span: Option<Span>,
    pub side: Side,
    pub release_span: Option<Span>,
    pub remove: Vec<Spanned<String>>,
    /// The step has manifests of its own.
    pub replaces_files: bool,
    /// Managers that the manifests do not mention stay, as opposed to being gone from new nodes.
    pub keeps_missing: bool,
}

impl Plan {
    /// Every inventory, in order.
    pub fn inventories(&self) -> impl Iterator<Item = &Inventory> {
        std::iter::once(&self.before.inventory).chain(self.steps.iter().map(|s| &s.side.inventory))
    }
}

/// Reads whatever was given.
pub(super) fn read(request: &Request, fs: &dyn Fs, sources: &mut Sources, report: &mut Report) -> Option<Plan> {
    if let Some(nodes) = request.nodes.filter(|n| !(1..=5).contains(n)) {
        report.problem(Problem::error(format!("--nodes {nodes}: expected a number from 1 to 5")));
    }
    match request.paths.as_slice() {
        [path] => match one_path(path, fs) {
            Given::Scenario(file) => scenario_file(&file, request, fs, sources, report),
            Given::Sides(before, after) => bare(&before, &after, request, fs, sources, report),
            Given::Neither => {
                report.problem(Problem::error(format!("{path} is neither a scenario nor a migration")).help(
                    "expected a scenario file, a directory with scenario.yaml, a directory with before/ and after/, or \
                     two paths: before and after",
                ));
                None
            }
        },
        [before, after] => {
            if before == "-" && after == "-" {
                report.problem(Problem::error("standard input can be one side only"));
            }
            bare(before, after, request, fs, sources, report)
        }
        paths => {
            report.problem(
                Problem::error(format!("{} paths given", paths.len()))
                    .help("expected one path (a scenario, or a directory) or two (before and after)"),
            );
            None
        }
    }
}

/// What one path turns out to be.
pub(super) enum Given {
    Scenario(String),
    Sides(String, String),
    Neither,
}

/// Looks at `path` without reading files.
pub(super) fn one_path(path: &str, fs: &dyn Fs) -> Given {
    if path == "-" {
        return Given::Scenario(path.to_string());
    }
    let kind = |p: &std::path::Path| fs.kind(p).ok();
    let shown = |p: std::path::PathBuf| p.to_string_lossy().into_owned();
    match kind(path.as_ref()) {
        Some(FileKind::Directory) => {
            let file = child(path, "scenario.yaml");
            let (before, after) = (child(path, "before"), child(path, "after"));
            if let Some(FileKind::File(_)) = kind(&file) {
                Given::Scenario(shown(file))
            } else if kind(&before).is_some() && kind(&after).is_some() {
                Given::Sides(shown(before), shown(after))
            } else {
                Given::Neither
            }
        }
        // What cannot be read is reported by reading it.
        _ => Given::Scenario(path.to_string()),
    }
}

/// Reads a side and passes on what was found on the way.
fn inventory(paths: &[String], fs: &dyn Fs, sources: &mut Sources, report: &mut Report) -> Inventory {
    let mut inventory = documents::read(fs, paths, sources);
    for problem in inventory.problems.drain(..).chain(inventory.notes.drain(..)) {
        report.problem(problem);
    }
    inventory
}

fn scenario_file(
    path: &str,
    request: &Request,
    fs: &dyn Fs,
    sources: &mut Sources,
    report: &mut Report,
) -> Option<Plan> {
    let gathered = gather(fs, path);
    gathered.problems.into_iter().for_each(|p| report.problem(p));
    let text = gathered.texts.into_iter().next()?;
    let file = sources.add(text.name, text.text);
    let (scenario, node) = match scenario::read(sources, file) {
        Ok(read) => read,
        Err(problems) => {
            problems.into_iter().for_each(|p| report.problem(p));
            return None;
        }
    };
    let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
    let mut reader = ScenarioReader { directory, fs, sources, report };
    let before = reader.before(&scenario, &node, request);
    let steps: Vec<PlannedStep> = scenario
        .plan
        .iter()
        .zip(node.get("plan").map_or(&[][..], Node::items))
        .map(|(step, node)| reader.step(step, node))
        .collect();
    let Scenario { metadata, cluster, assume, expect, .. } = scenario;
    Some(Plan {
        title: metadata.title.unwrap_or_else(|| metadata.name.clone()),
        name: metadata.name,
        source: metadata.source,
        nodes: request.nodes.or(cluster.control_plane_nodes).unwrap_or(DEFAULT_NODES),
        before,
        steps,
        faults: assume.faults.unwrap_or_else(|| vec![Fault::Crash]),
        rollback: assume.rollback.unwrap_or(Rollback::Anywhere),
        given_up: assume.given_up.into_iter().map(Into::into).collect(),
        assumed: Assumed {
            rights: assume.rights.into_iter().map(|r| (r.component.into(), r.lease)).collect(),
            users: assume.users.into_iter().map(|u| (u.component.into(), User::named(&u.user, u.groups))).collect(),
            controllers: assume.controllers.into_iter().map(Into::into).collect(),
        },
        expect,
        is_inferred: false,
    })
}

struct ScenarioReader<'a> {
    directory: &'a str,
    fs: &'a dyn Fs,
    sources: &'a mut Sources,
    report: &'a mut Report,
}

impl ScenarioReader<'_> {
    fn before(&mut self, scenario: &Scenario, node: &Node, request: &Request) -> Side {
        let at = node.get("before").unwrap_or(node);
        let mut side = self.side(
            &scenario.before.manifests,
            at,
            scenario.before.kubernetes.as_deref(),
            scenario.before.cloud_provider_library.as_deref(),
            scenario.before.vendor.as_deref(),
        );
        if request.after.is_some() {
            self.report.problem(
                Problem::error("--after with a scenario").help("its steps say the releases: `kubernetes: \"1.30\"`"),
            );
        }
        if let (None, Some(text)) = (side.library, &request.library) {
            side.library = versions::told(text, None, "--cloud-provider-library", self.report);
        }
        if let (None, Some(name)) = (side.vendor, &request.vendor) {
            side.vendor = versions::vendor_named(name, None, self.report);
        }
        if let Some(text) = &request.before {
            side.release = versions::told(text, None, "--before", self.report);
        } else if scenario.before.kubernetes.is_none() {
            side.release = versions::shown(&side.inventory, self.sources, self.report);
            if side.release.is_none() {
                self.report.problem(
                    Problem::error("which Kubernetes release?")
                        .at(node
                            .entries()
                            .iter()
                            .find(|e| e.key.as_str() == Some("before"))
                            .map_or(at.span, |e| e.key.span))
                        .label("no image tag says it; add `kubernetes: \"1.30\"`"),
                );
            }
        }
        side
    }

    fn side(
        &mut self,
        manifests: &[String],
        at: &Node,
        kubernetes: Option<&str>,
        library: Option<&str>,
        vendor: Option<&str>,
    ) -> Side {
        let span = |key: &str| at.get(key).map(|n| n.span);
        let release = kubernetes.and_then(|text| versions::told(text, span("kubernetes"), "", self.report));
        let library = library.and_then(|text| versions::told(text, span("cloudProviderLibrary"), "", self.report));
        let vendor = vendor.and_then(|name| versions::vendor_named(name, span("vendor"), self.report));
        let paths: Vec<String> = manifests.iter().map(|path| self.relative(path)).collect();
        Side { inventory: inventory(&paths, self.fs, self.sources, self.report), release, library, vendor }
    }

    fn relative(&self, path: &str) -> String {
        if path.starts_with('/') || self.directory.is_empty() || path == "-" {
            path.to_string()
        } else {
            format!("{}/{path}", self.directory.trim_end_matches('/'))
        }
    }

    fn step(&mut self, step: &scenario::Step, node: &Node) -> PlannedStep {
        if let Some(surge) = node.get("surge").filter(|_| step.action != Action::ReplaceNodes) {
            self.report.problem(
                Problem::error("`surge` without `action: replaceNodes`")
                    .at(surge.span)
                    .label("only a replacement of nodes can surge"),
            );
        }
        let manifests = step.manifests.clone().unwrap_or_default();
        let side = self.side(
            &manifests,
            node,
            step.kubernetes.as_deref(),
            step.cloud_provider_library.as_deref(),
            step.vendor.as_deref(),
        );
        let names = node.get("remove").map_or(&[][..], Node::items);
        PlannedStep {
            title: step.title.clone(),
            action: step.action,
            surge: step.surge.unwrap_or(true),
            span: node.get("title").map(|n| n.span),
            release_span: node.get("kubernetes").map(|n| n.span),
            side,
            remove: step
                .remove
                .iter()
                .zip(names)
                .map(|(name, node)| Spanned { value: name.clone(), span: node.span })
                .collect(),
            replaces_files: step.manifests.is_some(),
            keeps_missing: false,
        }
    }
}

/// Two directories without a plan: the plan is inferred, and said.
fn bare(
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
    let vendor = request.vendor.as_ref().and_then(|name| versions::vendor_named(name, None, report));
    let steps = infer(&old, &new, after_release, library, vendor, (before, after), report);
    Some(Plan {
        name: format!("{before} {after}"),
        title: format!("{before} to {after}"),
        source: None,
        nodes: request.nodes.unwrap_or(DEFAULT_NODES),
        before: Side { inventory: old, release: Some(before_release), library: None, vendor },
        steps,
        faults: vec![Fault::Crash],
        rollback: Rollback::Anywhere,
        given_up: ControllerSet::EMPTY,
        assumed: Assumed::default(),
        expect: Expect::default(),
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
pub(super) fn no_kube_controller_manager(given: &str) -> Problem {
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
    let side = Side { inventory: new.clone(), release: Some(release), library, vendor };
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
    }
}
