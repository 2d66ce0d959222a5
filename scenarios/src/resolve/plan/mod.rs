//! One kind of plan, whatever it was read from.
//!
//! * [`written`]: from a scenario file; [`groups`]: its groups of nodes.
//! * [`inferred`]: from two directories without a plan.

mod groups;
mod inferred;
mod written;

use leasehold_model::controller::ControllerSet;
use leasehold_model::facts::vendors::Vendor;
use leasehold_model::lease_time::question::Assumed as Timing;
use leasehold_model::release::Release;

use super::manager::Assumed;
use super::{Report, Request};
use crate::data_plane::DataPlane;
use crate::diagnostic::Problem;
use crate::inventory::files::{FileKind, Fs, child};
use crate::inventory::nodes::NodeGroup;
use crate::inventory::{Inventory, Spanned, documents};
use crate::scenario::{Action, Expect, Fault, Rollback, StartUp};
use crate::source::{Sources, Span};

pub(super) use inferred::no_kube_controller_manager;

/// Control-plane nodes unless told otherwise.
const DEFAULT_NODES: u8 = 3;

/// A cluster before, and what is done to it.
pub(super) struct Plan {
    pub name: String,
    pub title: String,
    pub source: Option<String>,
    pub nodes: u8,
    /// Empty: the nodes are alike.
    pub groups: Vec<NodeGroup>,
    pub before: Side,
    pub steps: Vec<PlannedStep>,
    pub faults: Vec<Fault>,
    pub rollback: Rollback,
    pub given_up: ControllerSet,
    pub in_tree_kubelets: bool,
    pub timing: Timing,
    pub assumed: Assumed,
    pub start_up: StartUp,
    pub expect: Expect,
    pub data_plane: Option<DataPlane>,
    pub is_inferred: bool,
}

/// Manifests and what was told about them.
#[derive(Clone, Default)]
pub(super) struct Side {
    pub inventory: Inventory,
    /// What lies on the nodes of some groups only.
    pub on_nodes: Vec<(Vec<String>, Inventory)>,
    pub release: Option<Release>,
    pub library: Option<Release>,
    pub vendor: Option<Vendor>,
}

impl Side {
    /// What lies on all nodes or on none, then what lies on those of some groups.
    pub fn parts(&self) -> impl Iterator<Item = (Option<&[String]>, &Inventory)> {
        let some = self.on_nodes.iter().map(|(groups, inventory)| (Some(groups.as_slice()), inventory));
        std::iter::once((None, &self.inventory)).chain(some)
    }

    /// There are manifests for all nodes.
    pub fn is_for_all(&self) -> bool {
        self.on_nodes.is_empty() || !self.inventory.inputs.is_empty()
    }

    /// There are manifests for the nodes of `group`.
    pub fn reaches(&self, group: Option<&String>) -> bool {
        self.is_for_all() || group.is_some_and(|group| self.on_nodes.iter().any(|(groups, _)| groups.contains(group)))
    }
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
    /// With [`Action::Cordon`] and [`Action::Uncordon`]: the groups of nodes; `None`: all.
    pub nodes: Option<Vec<String>>,
    /// With [`Action::Edit`]: each node is uncordoned as soon as it has been changed.
    pub uncordon_each: bool,
    /// Controllers may run nowhere until the step after it is complete.
    pub downtime: bool,
}

impl Plan {
    /// Every inventory, in order.
    pub fn inventories(&self) -> impl Iterator<Item = &Inventory> {
        let sides = std::iter::once(&self.before).chain(self.steps.iter().map(|step| &step.side));
        sides.flat_map(|side| side.parts().map(|(_, inventory)| inventory))
    }
}

/// Reads whatever was given.
pub(super) fn read(request: &Request, fs: &dyn Fs, sources: &mut Sources, report: &mut Report) -> Option<Plan> {
    if let Some(nodes) = request.nodes.filter(|n| !(1..=5).contains(n)) {
        report.problem(Problem::error(format!("--nodes {nodes}: expected a number from 1 to 5")));
    }
    match request.paths.as_slice() {
        [path] => match one_path(path, fs) {
            Given::Scenario(file) => written::read(&file, request, fs, sources, report),
            Given::Sides(before, after) => inferred::read(&before, &after, request, fs, sources, report),
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
            inferred::read(before, after, request, fs, sources, report)
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
    inventory.inferred.drain(..).for_each(|line| report.inferred(line));
    inventory
}
