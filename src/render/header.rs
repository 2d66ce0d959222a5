//! The first lines: what was judged, and what was assumed about it.

use leasehold_model::controller::Component;
use leasehold_model::facts::providers::in_tree;
use leasehold_model::migration::{Fault, Pool, Rollback};
use leasehold_model::plan::Plan;

use super::layout::{STRONG, list, paint, wrap};
use super::timing;
use crate::judge::Judgement;
use crate::scene::Scene;
use crate::screen::Screen;

/// Title, versions, provider, library, nodes; then every assumption on a line of its own.
pub fn text(judgement: &Judgement, scene: &Scene, screen: &Screen) -> String {
    let mut out = String::new();
    if let Some(title) = &scene.title {
        let title = wrap(title, "", "  ", screen);
        out += &title.lines().map(|line| paint(line, STRONG, screen) + "\n").collect::<String>();
    }
    if let Some(origin) = &scene.origin {
        out += &wrap(origin, "from: ", "      ", screen);
    }
    out += &wrap(&summary(judgement), "", "  ", screen);
    for assumption in assumptions(judgement, scene) {
        out += &wrap(&assumption, "assumed: ", "         ", screen);
    }
    out
}

/// `Kubernetes 1.29 (in-tree gce) → 1.30 (external), cloud-provider library 0.30, 3 control-plane nodes`
pub fn summary(judgement: &Judgement) -> String {
    let plan = &judgement.plan;
    let (first, last) = (cluster(judgement, 0), cluster(judgement, plan.steps.len()));
    let mut parts = vec![if first == last { first } else { format!("{first} → {last}") }];
    let ccms = plan.managers.iter().filter(|spec| spec.component == Component::CloudControllerManager);
    let mut libraries: Vec<String> = Vec::new();
    let mut vendors: Vec<String> = Vec::new();
    for spec in ccms {
        let library = spec.code.library();
        if !libraries.contains(&library) {
            libraries.push(library);
        }
        let vendor = spec.vendor.name.to_string();
        if vendor != "stock" && !vendors.contains(&vendor) {
            vendors.push(vendor);
        }
    }
    if !libraries.is_empty() {
        parts.push(format!("cloud-provider library {}", libraries.join(" → ")));
    }
    if !vendors.is_empty() {
        parts.push(format!("{}'s cloud-controller-manager", list(&vendors)));
    }
    let on_nodes = |pool: &&Pool| pool.components.contains(&Component::KubeControllerManager);
    let nodes: Vec<&Pool> = plan.pools.iter().filter(on_nodes).collect();
    if !nodes.is_empty() {
        let all: usize = nodes.iter().map(|pool| usize::from(pool.size)).sum();
        let each: Vec<String> = nodes.iter().map(|pool| format!("{} {}", pool.size, pool.name)).collect();
        let groups = if nodes.len() > 1 { format!(" ({})", each.join(", ")) } else { String::new() };
        parts.push(super::layout::count(all, "control-plane node") + &groups);
    }
    for pool in plan.pools.iter().filter(|pool| !on_nodes(pool)) {
        parts.push(format!("{} of {}", super::layout::count(pool.size.into(), "replica"), pool.name));
    }
    format!("Kubernetes {}", parts.join(", "))
}

/// The release and the provider of the kube-controller-managers at a position.
fn cluster(judgement: &Judgement, position: usize) -> String {
    let kcms = judgement.plan.managers_at(position).into_iter();
    let mut found: Vec<String> = Vec::new();
    for at in kcms.filter(|&at| judgement.plan.managers[at].component == Component::KubeControllerManager) {
        let release = judgement.plan.managers[at].code;
        let provider = judgement.launches[at].settings.cloud_provider.value.as_str();
        let kind = match provider {
            "" => "no cloud provider".to_string(),
            "external" => "external".to_string(),
            name if in_tree(name, release).is_some() => format!("in-tree {name}"),
            name => format!("{name}, which it does not have"),
        };
        let text = format!("{release} ({kind})");
        if !found.contains(&text) {
            found.push(text);
        }
    }
    if found.is_empty() { "without kube-controller-manager".into() } else { found.join(" and ") }
}

/// What was assumed: by the reader, by the scenario, and by launch.
pub fn assumptions(judgement: &Judgement, scene: &Scene) -> Vec<String> {
    let mut out = scene.inferred.clone();
    let plan = &judgement.plan;
    let mut faults: Vec<&str> = plan.faults.iter().map(|fault| fault_name(*fault)).collect();
    if faults.is_empty() {
        faults.push("none");
    }
    let rollback = match plan.rollback {
        Rollback::Anywhere => "the operator may go back from every point of the plan",
        Rollback::None => "the operator never goes back",
        Rollback::Refused => "whoever carries the plan out refuses to go back",
    };
    for (at, step) in plan.steps.iter().enumerate().filter(|(_, step)| step.downtime) {
        out.push(format!(
            "controllers may run nowhere from step {} ({}) until the step after it is complete, as the scenario says",
            at + 1,
            step.title
        ));
    }
    out.push(format!("{rollback}; faults at any moment: {}", list(&faults)));
    out.extend(timing::assumed(judgement));
    out.extend(judgement.data_plane.iter().flat_map(super::data_plane::assumptions));
    out.extend(unchecked(judgement));
    out
}

/// How a fault is called in all output.
pub fn fault_name(fault: Fault) -> &'static str {
    match fault {
        Fault::Crash => "a manager crashes or loses its lease",
        Fault::LeaseDeleted => "a lease is deleted by hand",
    }
}

/// What launch could not check, with what it took for granted: one line for each assumption.
fn unchecked(judgement: &Judgement) -> Vec<String> {
    let mut found: Vec<(&str, Vec<String>, Vec<String>)> = Vec::new();
    for (spec, launch) in judgement.plan.managers.iter().zip(&judgement.launches) {
        for flag in &launch.settings.unchecked_flags {
            let at = found.iter().position(|(assumed, ..)| *assumed == flag.assumed).unwrap_or_else(|| {
                found.push((flag.assumed, Vec::new(), Vec::new()));
                found.len() - 1
            });
            let (_, names, managers) = &mut found[at];
            for (list, item) in [(names, format!("`{}`", flag.name)), (managers, crate::scene::name(spec))] {
                if !list.contains(&item) {
                    list.push(item);
                }
            }
        }
    }
    let line = |(assumed, names, managers): &(&str, Vec<String>, Vec<String>)| {
        format!("{} of {}: {assumed}", list(names), list(managers))
    };
    found.iter().map(line).collect()
}

/// True if the plan deletes leases.
pub fn leases_may_be_deleted(plan: &Plan) -> bool {
    plan.faults.contains(&Fault::LeaseDeleted)
}
