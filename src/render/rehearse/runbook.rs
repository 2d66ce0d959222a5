//! The way back as commands, in Markdown: what to put where, what to apply, what must be seen before the next move.

use std::fmt::Write as _;

use leasehold_model::migration::Mode;
use leasehold_model::rehearsal::At;
use leasehold_scenarios::inventory::Identity;
use leasehold_scenarios::resolve::Resolved;

use super::markdown::wrong;
use super::rows::{cost, from, rows};
use crate::commands::rehearse::study::{Answer, Says, Study};
use crate::commands::rehearse::undo::{OnNode, Undo, leases, undo};
use crate::render::layout::list;

/// Where a kubelet that kubeadm set up reads static pods.
const MANIFESTS: &str = "/etc/kubernetes/manifests";

/// The document.
pub fn text(study: &Study, resolved: &Resolved) -> String {
    let plan = &study.judgement.plan;
    let mut out = format!("# Way back: {}\n\n", resolved.title);
    out += "Find where you are, then undo step by step, the last step first. One node or object at a time; do not begin \
            the next before what must be seen is seen.\n\n";
    for (answer, row) in study.points.iter().zip(rows(study)) {
        let _ = writeln!(out, "* **{}**: {}", from(answer.point.at), instruction(answer, &row.way, &row.gap));
    }
    wrong(study, &mut out);
    let shown = study.points.iter().filter(|a| a.point.way.is_some() && a.says != Says::Open);
    let begun = shown.map(|answer| answer.point.at.steps_begun()).max().unwrap_or_default();
    let undos: Vec<Undo> = (0..begun).map(|step| undo(plan, resolved, step)).collect();
    before(&undos, &mut out);
    for (step, how) in undos.iter().enumerate().rev() {
        let _ = writeln!(out, "\n## Undo step {}: {}\n", step + 1, plan.steps[step].title);
        section(study, step, how, &mut out);
    }
    out
}

fn instruction(answer: &Answer, way: &str, gap: &str) -> String {
    match answer.says {
        Says::Yes if answer.point.at == At::After(0) => way.to_string(),
        Says::Yes | Says::TooLong if gap == "none" => way.to_string(),
        Says::Yes | Says::TooLong if gap == "not known" => {
            format!("{way}; for how long without a manager is not known")
        }
        Says::Yes | Says::TooLong => format!("{way}; without a manager for up to {gap} after a move"),
        Says::Harmful => format!("no clean way back. {way}"),
        Says::No => format!("**do not go back**: {way}"),
        Says::Open => format!("not decided: {way}"),
    }
}

/// What has to be there before the plan begins.
fn before(undos: &[Undo], out: &mut String) {
    let mut saved: Vec<&Identity> = undos.iter().flat_map(|undo| &undo.restore).collect();
    saved.dedup();
    let files = undos.iter().flat_map(|undo| &undo.nodes).any(|node| node.manifest.is_some());
    if saved.is_empty() && !files {
        return;
    }
    *out += "\n## Before the plan begins\n\n";
    if files {
        let _ = writeln!(
            out,
            "Have the files that are named below at hand on every control-plane node. `{MANIFESTS}` is where kubeadm has the \
             kubelet look for static pods; use your own directory."
        );
    }
    if !saved.is_empty() {
        *out += "\nThe plan overwrites objects that Kubernetes made itself. Keep them as they are now:\n\n```sh\n";
        for identity in saved {
            let _ =
                writeln!(out, "kubectl{} get {} -o yaml > {}", namespace(identity), object(identity), copy(identity));
        }
        *out += "```\n";
    }
}

fn section(study: &Study, step: usize, how: &Undo, out: &mut String) {
    let plan = &study.judgement.plan;
    let undoes = |answer: &&Answer| answer.point.way.is_some() && answer.point.at.steps_begun() > step;
    let ordered = study.points.iter().filter(undoes).any(|answer| answer.point.order_matters);
    if ordered {
        *out += "**The order matters**: keep to the one at the top. If another manager comes to lead than `leasehold rehearse \
                 --all` shows, or one crashes, rehearse again from there before the next move.\n\n";
    }
    match how.mode {
        Mode::Replace { surge } if !how.nodes.is_empty() => replace(how, surge, out),
        _ if !how.nodes.is_empty() => edit(how, ordered, out),
        _ => {}
    }
    objects(how, out);
    cordons(how, out);
    let is_nothing = how.nodes.is_empty() && how.apply.is_empty() && how.delete.is_empty() && how.restore.is_empty();
    if is_nothing && how.cordons.is_empty() {
        let _ = writeln!(out, "Nothing that a manager reads changes: put back what you changed.");
    }
    let leases = leases(plan, &study.judgement.launches, step);
    if leases.is_empty() {
        return;
    }
    let restarts = !(how.nodes.is_empty() && how.rollouts.is_empty());
    let when = if restarts { "after each move, before the next" } else { "before the next step" };
    let _ = writeln!(out, "\nMust be seen {when}: every lease has a holder and is renewed every few seconds.\n\n```sh");
    let mut namespaces: Vec<&str> = leases.iter().map(|lease| lease.namespace.as_str()).collect();
    namespaces.dedup();
    for namespace in namespaces {
        let names: Vec<&str> =
            leases.iter().filter(|lease| lease.namespace == namespace).map(|lease| lease.name.as_str()).collect();
        let _ = writeln!(
            out,
            "kubectl -n {namespace} get lease {} -o custom-columns=NAME:.metadata.name,HOLDER:.spec.holderIdentity,\
             RENEWED:.spec.renewTime",
            names.join(" ")
        );
    }
    *out += "```\n";
    let cost = cost(study, step);
    if !matches!(cost.as_str(), "none" | "not known") {
        let _ =
            writeln!(out, "\nWithout a manager for up to: {cost}. Longer than that is not expected: look at the logs.");
    }
    if restarts {
        *out += "\nNo manager may be in CrashLoopBackOff: `kubectl -n kube-system get pods -o wide | grep \
                 controller-manager`.\n";
    }
}

fn replace(how: &Undo, surge: bool, out: &mut String) {
    let (old, new) = &how.releases;
    let carried: Vec<String> =
        how.nodes.iter().filter_map(|node| Some(format!("`{}`", node.manifest.as_ref()?))).collect();
    let with = if carried.is_empty() { String::new() } else { format!(" with {}", list(&carried)) };
    let these = if old == new { "the ones that the plan brought".to_string() } else { format!("those of {new}") };
    let _ = match surge {
        true => writeln!(
            out,
            "One node at a time: add a node of Kubernetes {old}{with}, wait, then remove one of {these}. On the new node, \
             before its kubelet starts:\n"
        ),
        false => writeln!(
            out,
            "One node at a time, in any order: replace it by a node of Kubernetes {old}{with}. On it, before its kubelet \
             starts:\n"
        ),
    };
    *out += "```sh\n";
    how.nodes.iter().filter(|node| node.manifest.is_some()).for_each(|node| put(node, out));
    *out += "```\n";
}

fn edit(how: &Undo, ordered: bool, out: &mut String) {
    if ordered {
        for node in &how.nodes {
            let _ = writeln!(out, "{} of a node, when its turn has come:\n\n```sh", node.component);
            put(node, out);
            *out += "```\n\n";
        }
    } else {
        *out += "On each control-plane node that has it, one at a time, in any order:\n\n```sh\n";
        how.nodes.iter().for_each(|node| put(node, out));
        *out += "```\n";
    }
}

fn cordons(how: &Undo, out: &mut String) {
    if how.cordons.is_empty() {
        return;
    }
    *out += "```sh\n";
    for (nodes, cordoned) in &how.cordons {
        let _ = writeln!(out, "kubectl {} {nodes}", if *cordoned { "cordon" } else { "uncordon" });
    }
    *out += "```\n";
}

fn put(node: &OnNode, out: &mut String) {
    if let Some(group) = &node.group {
        let _ = writeln!(out, "# on the nodes of {group}:");
    }
    if let Some((from, to)) = &node.config {
        let _ = writeln!(out, "sudo cp {} {}", word(from), word(to));
    }
    let target = format!("{MANIFESTS}/{}.yaml", node.component);
    let _ = match &node.manifest {
        Some(file) if node.by_kubeadm => {
            writeln!(out, "sudo kubeadm init phase control-plane controller-manager --config {}", word(file))
        }
        Some(file) => writeln!(out, "sudo cp {} {target}", word(file)),
        None => writeln!(out, "sudo rm {target}"),
    };
    if let Some(path) = &node.unused {
        let _ = writeln!(out, "sudo rm {}   # once the new container runs", word(path));
    }
}

fn objects(how: &Undo, out: &mut String) {
    if how.apply.is_empty() && how.delete.is_empty() && how.restore.is_empty() {
        return;
    }
    if !how.nodes.is_empty() {
        *out += "\nThen:\n\n";
    }
    *out += "```sh\n";
    for file in &how.apply {
        let _ = writeln!(out, "kubectl apply -f {}", word(file));
    }
    for identity in &how.rollouts {
        let _ = writeln!(out, "kubectl{} rollout status {}", namespace(identity), object(identity));
    }
    for identity in &how.restore {
        let _ = writeln!(out, "kubectl auth reconcile --remove-extra-permissions -f {}", copy(identity));
    }
    for identity in &how.delete {
        let _ = writeln!(out, "kubectl{} delete {}", namespace(identity), object(identity));
    }
    *out += "```\n";
}

/// A word as a shell reads it back.
fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_./:@%+=-".contains(c);
    if !text.is_empty() && text.chars().all(plain) { text.into() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

fn namespace(identity: &Identity) -> String {
    if identity.namespace.is_empty() { String::new() } else { format!(" -n {}", identity.namespace) }
}

/// `role/system::leader-locking-kube-controller-manager`, as a shell takes it.
fn object(identity: &Identity) -> String {
    format!("{}/{}", identity.kind.to_lowercase(), identity.name)
}

fn copy(identity: &Identity) -> String {
    format!("before-{}-{}.yaml", identity.kind.to_lowercase(), identity.name.replace(':', "-"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn words_of_a_shell_are_quoted_where_they_must_be() {
        let words = ["a/b-1.yaml", "a b", "it's", ""].map(super::word);
        assert_eq!(words, ["a/b-1.yaml", "'a b'", r"'it'\''s'", "''"]);
    }
}
