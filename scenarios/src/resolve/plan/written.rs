//! The plan of a scenario file.

use leasehold_model::lease_time::question::Parameter;

use super::super::manager::Assumed;
use super::super::{Report, Request, versions};
use super::groups::must_stay;
use super::{DEFAULT_NODES, Plan, PlannedStep, Side, Timing, inventory};
use crate::data_plane::{self, DataPlane};
use crate::diagnostic::Problem;
use crate::inventory::Spanned;
use crate::inventory::files::{Fs, gather};
use crate::rights::User;
use crate::scenario::{self, Action, Fault, Kubelets, Rollback, Scenario};
use crate::source::Sources;
use crate::timing;
use crate::yaml::Node;

/// Reads a scenario file and what it names.
pub(super) fn read(
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
    let timing = reader.timing(&scenario.assume.timing, &node);
    let groups = reader.groups(&scenario.cluster, &node, &before, request);
    if scenario.cluster.node_groups.is_empty() {
        steps.iter().for_each(|step| must_stay(&groups, &step.side.inventory, reader.report));
    }
    let data_plane = reader.data_plane(&scenario, &node);
    let Scenario { metadata, cluster, assume, expect, .. } = scenario;
    Some(Plan {
        title: metadata.title.unwrap_or_else(|| metadata.name.clone()),
        name: metadata.name,
        source: metadata.source,
        nodes: request.nodes.or(cluster.control_plane_nodes).unwrap_or(DEFAULT_NODES),
        groups,
        before,
        steps,
        faults: assume.faults.unwrap_or_else(|| vec![Fault::Crash]),
        rollback: assume.rollback.unwrap_or(Rollback::Anywhere),
        in_tree_kubelets: cluster.kubelets == Kubelets::InTree,
        given_up: assume.given_up.into_iter().map(Into::into).collect(),
        timing,
        assumed: Assumed {
            rights: assume.rights.into_iter().map(|r| (r.component.into(), r.lease)).collect(),
            users: assume.users.into_iter().map(|u| (u.component.into(), User::named(&u.user, u.groups))).collect(),
            controllers: assume.controllers.into_iter().map(Into::into).collect(),
        },
        start_up: assume.start_up,
        expect,
        data_plane,
        is_inferred: false,
    })
}

pub(super) struct ScenarioReader<'a> {
    directory: &'a str,
    fs: &'a dyn Fs,
    sources: &'a mut Sources,
    pub(super) report: &'a mut Report,
}

impl ScenarioReader<'_> {
    fn before(&mut self, scenario: &Scenario, node: &Node, request: &Request) -> Side {
        let at = node.get("before").unwrap_or(node);
        let mut side = self.side(
            &scenario.before.manifests,
            &scenario.before.on_nodes,
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

    /// Load balancers, addresses and volumes, if the scenario has any.
    fn data_plane(&mut self, scenario: &Scenario, node: &Node) -> Option<DataPlane> {
        let written = scenario.data_plane.as_ref()?;
        let at = node.get("dataPlane").unwrap_or(node);
        match data_plane::read(written, at, self.directory, self.fs, self.sources) {
            Ok(read) => {
                read.inferred.iter().for_each(|line| self.report.inferred(line.clone()));
                Some(read)
            }
            Err(problems) => {
                problems.into_iter().for_each(|problem| self.report.problem(problem));
                None
            }
        }
    }

    fn side(
        &mut self,
        manifests: &[String],
        on_nodes: &[scenario::OnNodes],
        at: &Node,
        kubernetes: Option<&str>,
        library: Option<&str>,
        vendor: Option<&str>,
    ) -> Side {
        let span = |key: &str| at.get(key).map(|n| n.span);
        let release = kubernetes.and_then(|text| versions::told(text, span("kubernetes"), "", self.report));
        let library = library.and_then(|text| versions::told(text, span("cloudProviderLibrary"), "", self.report));
        let vendor = vendor.and_then(|name| versions::vendor_named(name, span("vendor"), self.report));
        let mut read = |manifests: &[String]| {
            let paths: Vec<String> = manifests.iter().map(|path| self.relative(path)).collect();
            inventory(&paths, self.fs, self.sources, self.report)
        };
        let inventory = read(manifests);
        let on_nodes = on_nodes.iter().map(|some| (some.nodes.clone(), read(&some.manifests))).collect();
        Side { inventory, on_nodes, release, library, vendor }
    }

    fn relative(&self, path: &str) -> String {
        if path.starts_with('/') || self.directory.is_empty() || path == "-" {
            path.to_string()
        } else {
            format!("{}/{path}", self.directory.trim_end_matches('/'))
        }
    }

    /// What is assumed of time; each wrong value is reported where it stands.
    fn timing(&mut self, timing: &scenario::Timing, node: &Node) -> Timing {
        let at = node.get("assume").and_then(|assume| assume.get("timing"));
        let mut assumed = Timing::USUAL;
        let given = [
            ("replyDelay", Parameter::ReplyDelay, &timing.reply_delay),
            ("stopTime", Parameter::StopTime, &timing.stop_time),
            ("pause", Parameter::Pause, &timing.pause),
            ("clockRate", Parameter::ClockRate, &timing.clock_rate),
        ];
        for (key, parameter, text) in given {
            let Some(Err(why)) = text.as_deref().map(|text| timing::set(&mut assumed, parameter, text)) else {
                continue;
            };
            let problem = Problem::error(format!("`{key}` cannot be read")).label(why);
            let span = at.and_then(|at| at.get(key)).map_or(node.span, |value| value.span);
            self.report.problem(problem.at(span));
        }
        assumed
    }

    fn step(&mut self, step: &scenario::Step, node: &Node) -> PlannedStep {
        let cordons = matches!(step.action, Action::Cordon | Action::Uncordon);
        let replaces = step.action == Action::ReplaceNodes;
        self.only(replaces, node, "surge", "without `action: replaceNodes`", "only a replacement of nodes can surge");
        self.only(cordons, node, "nodes", "without `action: cordon`", "manifests of some nodes go under `onNodes`");
        let edits = step.action == Action::Edit;
        self.only(edits, node, "uncordonEach", "without `action: edit`", "only an edit goes from node to node");
        for key in ["manifests", "onNodes", "remove", "kubernetes", "cloudProviderLibrary", "vendor"] {
            self.only(!cordons, node, key, "with `action: cordon` or `uncordon`", "these change nothing but the nodes");
        }
        let manifests = step.manifests.clone().unwrap_or_default();
        let side = self.side(
            &manifests,
            &step.on_nodes,
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
            replaces_files: step.manifests.is_some() || !step.on_nodes.is_empty(),
            keeps_missing: false,
            nodes: step.nodes.clone(),
            uncordon_each: step.uncordon_each.unwrap_or(false),
            downtime: step.downtime.unwrap_or(false),
        }
    }

    /// A field of a step that its action has no use for, unless it `fits`.
    fn only(&mut self, fits: bool, step: &Node, key: &str, when: &str, why: &str) {
        if let Some(given) = step.get(key).filter(|_| !fits) {
            self.report.problem(Problem::error(format!("`{key}` {when}")).at(given.span).label(why.to_string()));
        }
    }
}
