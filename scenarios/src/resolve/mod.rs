//! From what was given on the command line to the managers, stages and steps that are judged.
//!
//! * [`plan`]: scenario files and bare directories become one kind of plan.
//! * [`unfold`]: a plan becomes the stages that it passes.
//! * [`cluster`]: what is in force: each step lays its objects over those before.
//! * [`manager`]: a workload with its release, file and rights becomes the input of launch.
//! * [`migration_file`]: what a manager finds at the path of `--leader-migration-config`.
//! * [`single`]: managers without a plan.
//! * [`user`]: who a manager is to the API server.
//! * [`versions`]: releases and libraries, told or read from image tags.
//!
//! Contract: nothing is guessed without a line in [`Resolved::inferred`]. What a real binary would read and refuse is
//! a fact for launch and no error here.

mod cluster;
mod manager;
mod migration_file;
mod plan;
mod single;
mod unfold;
mod user;
mod versions;

pub use single::resolve_any;

use std::ops::Range;

use leasehold_model::controller::{Component, Controller, ControllerSet};
use leasehold_model::launch::ManagerSpec;
use leasehold_model::lease_time::question::{Assumed, Parameter};
use leasehold_model::release::Release;

use crate::data_plane::DataPlane;
use crate::diagnostic::{Problem, Severity};
use crate::inventory::files::Fs;
use crate::inventory::nodes::{NodeGroup, Placement};
use crate::inventory::workload::WorkloadKind;
use crate::inventory::{Identity, Spanned};
use crate::scenario::{Action, Expect, Fault, Rollback, StartUp};
use crate::source::{Sources, Span};
use crate::timing;
use crate::yaml::Node;

/// What the user gave.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// One path (a scenario file, or a directory with `scenario.yaml`, or with `before/` and `after/`), or two (before
    /// and after).
    pub paths: Vec<String>,
    /// `--before`
    pub before: Option<String>,
    /// `--after`
    pub after: Option<String>,
    /// `--nodes`, 1 to 5.
    pub nodes: Option<u8>,
    /// `--cloud-provider-library`
    pub library: Option<String>,
    /// `--vendor`
    pub vendor: Option<String>,
    /// `--given-up`
    pub given_up: Vec<Controller>,
    /// `--reply-delay`, `--stop-time`, `--pause`, `--clock-rate`: they go before what a scenario assumes.
    pub timing: Vec<(Parameter, String)>,
}

/// A cluster, a plan and its managers, understood.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// A short name: the scenario's, or the paths given.
    pub name: String,
    /// What happens, in one line.
    pub title: String,
    /// Where the plan comes from.
    pub source: Option<String>,
    /// Control-plane nodes, 1 to 5.
    pub nodes: u8,
    /// The control-plane nodes in groups that are not alike; empty: all are alike, and their labels and taints unknown.
    pub groups: Vec<NodeGroup>,
    /// Every manager that is in force at some stage, in order of appearance.
    pub managers: Vec<Manager>,
    /// Stage 0 is the cluster before the first step, stage `i + 1` the cluster after step `i`.
    pub stages: Vec<Stage>,
    /// The steps.
    pub steps: Vec<Step>,
    /// The faults that may happen.
    pub faults: Vec<Fault>,
    /// Whether the operator may go back.
    pub rollback: Rollback,
    /// Controllers that no manager has to run at any point.
    pub given_up: ControllerSet,
    /// Kubelets have an in-tree cloud provider.
    pub in_tree_kubelets: bool,
    /// What is assumed of time.
    pub timing: Assumed,
    /// How long things take that no flag sets.
    pub start_up: StartUp,
    /// The expected verdicts.
    pub expect: Expect,
    /// What the scenario says of load balancers, addresses and volumes.
    pub data_plane: Option<DataPlane>,
    /// True if no plan was given and the steps were inferred.
    pub plan_is_inferred: bool,
    /// What was inferred or assumed, in words.
    pub inferred: Vec<String>,
    /// Documents that were not recognised, and warnings.
    pub notes: Vec<Problem>,
    /// Every file that was read.
    pub sources: Sources,
}

/// What is in force at one stage.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stage {
    /// Indices into [`Resolved::managers`].
    pub managers: Vec<usize>,
    /// For each of [`Resolved::groups`], or for all nodes where there is none.
    pub nodes: Vec<OnNodes>,
    /// The Kubernetes release.
    pub release: Release,
    /// The objects of the API server: workloads that run managers, roles, bindings, ConfigMaps, Secrets; each with the
    /// place of its name.
    pub objects: Vec<(Identity, Span)>,
}

/// The nodes of one group at one stage.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct OnNodes {
    /// The static pods that lie on them: indices into [`Resolved::managers`].
    pub managers: Vec<usize>,
    /// They are cordoned.
    pub cordoned: bool,
}

/// One operator step.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// What the operator would call it.
    pub title: String,
    /// How it is done.
    pub action: Action,
    /// With [`Action::ReplaceNodes`]: a new node comes before an old one goes.
    pub surge: bool,
    /// Controllers may run nowhere until the step after it is complete.
    pub downtime: bool,
    /// True if it changes anything that a process reads at its start; false if it changes rights only.
    pub restarts: bool,
    /// Where it is written, unless it was inferred.
    pub span: Option<Span>,
}

/// A manager as it is started at some stage.
#[derive(Clone, PartialEq, Debug)]
pub struct Manager {
    /// `kube-controller-manager 1.30`, `cloud-controller-manager (DaemonSet kube-system/aws-ccm), library 0.30`.
    pub title: String,
    /// The object that makes its pods.
    pub identity: Identity,
    /// How its pods are made.
    pub workload: WorkloadKind,
    /// Where the pods of a DaemonSet or a Deployment may run.
    pub placement: Placement,
    /// The input of launch.
    pub spec: ManagerSpec,
    /// The release of the cluster it belongs to.
    pub release: Release,
    /// The k8s.io/cloud-provider it was built with; `None` for kube-controller-manager.
    pub library: Option<Release>,
    /// The user it runs as.
    pub user: String,
    /// The image, as written.
    pub image: Option<Spanned<String>>,
    /// The first stage it is in force at.
    pub first_stage: usize,
    /// Where things are written.
    pub spans: Spans,
}

impl Manager {
    /// `before` if it runs before the first step, `after` otherwise.
    pub fn side(&self) -> &'static str {
        if self.first_stage == 0 { "before" } else { "after" }
    }
}

/// Where a manager's parts are written.
#[derive(Clone, PartialEq, Debug)]
pub struct Spans {
    /// The object's name.
    pub workload: Span,
    /// The arguments, parallel to `spec.args`.
    pub args: Vec<Span>,
    /// The migration file's document, with the places of its values.
    pub migration_file: Option<Node>,
    /// Why the migration file could not be read, for the user.
    pub migration_problem: Option<Problem>,
}

/// What could not be resolved: every problem, and the texts to show it with.
#[derive(Clone, Debug)]
pub struct Failed {
    /// At least one error, and the notes.
    pub problems: Vec<Problem>,
    /// Every file that was read.
    pub sources: Sources,
}

/// The most managers, over all stages, that are taken for one control plane.
const MAX_MANAGERS: usize = 100;

/// Reads and resolves everything.
///
/// # Errors
/// Every problem of every file at once, if at least one is an error.
pub fn resolve(request: &Request, fs: &dyn Fs) -> Result<Resolved, Box<Failed>> {
    resolve_steps(request, fs, 0..usize::MAX)
}

/// The same for a plan of which only these steps are done, as if the others had been undone out of their order.
///
/// # Errors
/// As [`resolve`]; besides, if what is left of the plan makes no sense.
pub fn resolve_steps(request: &Request, fs: &dyn Fs, done: Range<usize>) -> Result<Resolved, Box<Failed>> {
    let mut sources = Sources::new();
    let mut report = Report::default();
    let resolved = plan::read(request, fs, &mut sources, &mut report).and_then(|mut plan| {
        let mut at = 0..;
        plan.steps.retain(|_| at.next().is_some_and(|step| done.contains(&step)));
        unfold::unfold(plan, &mut sources, &mut report)
    });
    if let Some(resolved) = resolved.as_ref().filter(|resolved| resolved.managers.len() > MAX_MANAGERS) {
        let found = resolved.managers.len();
        report.problems.push(
            Problem::error(format!("{found} different managers are more than one control plane has"))
                .help("give the manifests of one cluster; a kustomization of many has to be rendered first"),
        );
    }
    let mut told = resolved.as_ref().map_or(Assumed::USUAL, |resolved| resolved.timing);
    for (parameter, text) in &request.timing {
        if let Err(why) = timing::set(&mut told, *parameter, text) {
            report.problem(Problem::error(format!("--{}: {why}", parameter.name())));
        }
    }
    let failed = report.has_errors();
    match resolved {
        Some(mut resolved) if !failed => {
            if !resolved.managers.iter().any(|m| m.spec.component == Component::CloudControllerManager) {
                report.inferred("no cloud-controller-manager was found in what was read, so none is taken to run");
            }
            let given_up = given_up(&resolved, request, &mut report);
            resolved.given_up = given_up;
            resolved.timing = told;
            resolved.inferred = report.inferred;
            resolved.notes = report.problems;
            resolved.sources = sources;
            Ok(resolved)
        }
        _ => {
            if !failed {
                report.problems.push(Problem::error("nothing to check"));
            }
            report.problems.sort_by_key(|p| p.severity);
            Err(Box::new(Failed { problems: report.problems, sources }))
        }
    }
}

/// What the scenario and the command line give up.
fn given_up(resolved: &Resolved, request: &Request, report: &mut Report) -> ControllerSet {
    let told: ControllerSet = request.given_up.iter().copied().collect();
    for (set, by) in [(resolved.given_up, "the scenario"), (told, "--given-up")] {
        for controller in set.iter() {
            report.inferred(format!("{controller} is given up on purpose, as {by} says: no manager has to run it"));
        }
    }
    resolved.given_up.union(told)
}

/// What is collected on the way.
#[derive(Default, Debug)]
struct Report {
    problems: Vec<Problem>,
    inferred: Vec<String>,
}

impl Report {
    fn has_errors(&self) -> bool {
        self.errors() > 0
    }

    fn errors(&self) -> usize {
        self.problems.iter().filter(|p| p.severity == Severity::Error).count()
    }

    fn problem(&mut self, problem: Problem) {
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    fn inferred(&mut self, line: impl Into<String>) {
        let line = line.into();
        if !self.inferred.contains(&line) {
            self.inferred.push(line);
        }
    }
}
