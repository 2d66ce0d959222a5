//! One kind of plan, whatever it was read from.
//!
//! * [`written`]: from a scenario file.
//! * [`inferred`]: from two directories without a plan.

mod inferred;
mod written;

use leasehold_model::controller::ControllerSet;
use leasehold_model::facts::vendors::Vendor;
use leasehold_model::lease_time::question::Assumed as Timing;
use leasehold_model::release::Release;

use super::manager::Assumed;
use super::{Report, Request};
use crate::diagnostic::Problem;
use crate::inventory::files::{FileKind, Fs, child};
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
    pub before: Side,
    pub steps: Vec<PlannedStep>,
    pub faults: Vec<Fault>,
    pub rollback: Rollback,
    pub given_up: ControllerSet,
    pub timing: Timing,
    pub assumed: Assumed,
    pub start_up: StartUp,
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
    inventory
}
