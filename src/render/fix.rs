//! The fix, as a patch in words: what to change in which file, and the verdicts that were found with it.

use std::collections::BTreeMap;

use leasehold_model::findings::edit::{api_version, document};
use leasehold_model::findings::{Edit, Fixed};
use leasehold_model::launch::ManagerSpec;
use leasehold_model::migration::Status;
use leasehold_model::value::Value;

use super::layout::{STRONG, list, paint, wrap};
use super::verdicts::search;
use crate::judge::Judgement;
use crate::scene::{Scene, name};
use crate::screen::Screen;

/// Path of the migration file where a manager had none: the one that the guides print.
const USUAL_PATH: &str = "/etc/leadermigration.conf";

/// The changes and what was found with them; empty if none is known.
pub fn text(judgement: &Judgement, scene: &Scene, screen: &Screen) -> String {
    let Some(fixed) = &judgement.fixed else { return String::new() };
    let mut out = format!("{}\n", paint("Fix", STRONG, screen));
    for edit in &fixed.edits {
        if let Edit::StepFirst { step, before } = edit {
            let text = format!("do {} before {}", named(judgement, *step), named(judgement, *before));
            out += &wrap(&text, "  ", "    ", screen);
        }
    }
    // Managers that need the same words are named together.
    let mut by_words: Vec<(Vec<String>, Vec<usize>)> = Vec::new();
    for (manager, edits) in by_manager(fixed) {
        let words = words(judgement, scene, manager, &edits);
        match by_words.iter_mut().find(|(known, _)| *known == words) {
            Some((_, managers)) => managers.push(manager),
            None => by_words.push((words, vec![manager])),
        }
    }
    for (words, managers) in &by_words {
        let mut places: Vec<String> = managers.iter().map(|&m| place(judgement, scene, m)).collect();
        places.dedup();
        out += &wrap(&format!("{}:", list(&places)), "  ", "    ", screen);
        for line in words {
            out += &if line.starts_with("  ") {
                format!("      {line}\n")
            } else {
                wrap(line, "      ", "        ", screen)
            };
        }
    }
    out + &wrap(&outcome(judgement, fixed), "  ", "  ", screen)
}

/// `with these changes exclusive and returnable hold (searched again: 9,640 states, complete)`
pub fn outcome(judgement: &Judgement, fixed: &Fixed) -> String {
    let mended = fixed.mended(&judgement.report);
    let verb = if mended.len() == 1 { "holds" } else { "hold" };
    let these = if fixed.edits.len() == 1 { "this change" } else { "these changes" };
    let search = search(fixed.report.of(mended[0]));
    let mut out = format!("with {these} {} {verb} (searched again: {search})", list(mended.iter().map(|p| p.name())));
    let left: Vec<&str> =
        fixed.report.verdicts.iter().filter(|v| v.status != Status::Holds).map(|v| v.property.name()).collect();
    if !left.is_empty() {
        out += &format!("; still not: {}", list(left));
    }
    out
}

fn by_manager(fixed: &Fixed) -> BTreeMap<usize, Vec<&Edit>> {
    let mut edits: BTreeMap<usize, Vec<&Edit>> = BTreeMap::new();
    for edit in &fixed.edits {
        if let Some(manager) = edit.manager() {
            edits.entry(manager).or_default().push(edit);
        }
    }
    edits
}

/// `step 3 (Replace the nodes)`
fn named(judgement: &Judgement, step: usize) -> String {
    format!("step {} ({})", step + 1, judgement.plan.steps[step].title)
}

fn place(judgement: &Judgement, scene: &Scene, manager: usize) -> String {
    let seat = scene.seats.get(manager);
    let own = seat.and_then(|seat| seat.args.iter().copied().flatten().next().or(seat.own));
    let name = name(&judgement.plan.managers[manager]);
    own.map_or_else(|| name.clone(), |span| format!("{name} in {}", scene.sources.name(span.file)))
}

/// What changes in one manager: the flags as they were and as they become, and the texts to write.
fn words(judgement: &Judgement, scene: &Scene, manager: usize, edits: &[&Edit]) -> Vec<String> {
    let before = &judgement.plan.managers[manager];
    let mut after = before.clone();
    edits.iter().filter(|edit| !matches!(edit, Edit::Early { .. })).for_each(|edit| edit.change(&mut after));
    let mut lines = flags(before, &after);
    for edit in edits {
        match edit {
            Edit::Early { before, edits, .. } => {
                lines.push(format!("by a step of its own, before {}:", named(judgement, *before)));
                lines.extend(words(judgement, scene, manager, &edits.iter().collect::<Vec<_>>()));
            }
            Edit::UseConfig { config, .. } => {
                lines.push(format!("write {USUAL_PATH}, mounted into the pod:"));
                lines.extend(
                    yaml(&document(config, api_version(after.code)), 0).lines().map(|line| format!("    {line}")),
                );
            }
            Edit::Grant { lease, .. } => {
                let user = scene.seats.get(manager).map_or("its user", |seat| seat.user.as_str());
                lines.push(format!("grant this to {user}, in a Role and a RoleBinding in {}:", lease.namespace));
                for line in [
                    "- apiGroups: [coordination.k8s.io]".to_string(),
                    "  resources: [leases]".to_string(),
                    "  verbs: [create]".to_string(),
                    "- apiGroups: [coordination.k8s.io]".to_string(),
                    "  resources: [leases]".to_string(),
                    format!("  resourceNames: [{}]", lease.name),
                    "  verbs: [get, update]".to_string(),
                ] {
                    lines.push(format!("    {line}"));
                }
            }
            Edit::SetFlag { .. } | Edit::RemoveFlags { .. } | Edit::StepFirst { .. } => {}
        }
    }
    lines
}

fn flags(before: &ManagerSpec, after: &ManagerSpec) -> Vec<String> {
    let missing = |from: &ManagerSpec, to: &ManagerSpec| -> Vec<String> {
        from.args.iter().filter(|arg| !to.args.contains(arg)).cloned().collect()
    };
    let removed = missing(before, after).into_iter().map(|arg| format!("  - {arg}"));
    let added = missing(after, before).into_iter().map(|arg| format!("  + {arg}"));
    removed.chain(added).collect()
}

/// The little YAML that our own documents need.
pub fn yaml(value: &Value, indent: usize) -> String {
    let blanks = " ".repeat(indent);
    match value {
        Value::Mapping(fields) => fields
            .iter()
            .map(|(key, value)| match value {
                Value::Mapping(_) | Value::Sequence(_) => format!("{blanks}{}:\n{}", scalar(key), yaml(value, indent)),
                _ => format!("{blanks}{}: {}\n", scalar(key), scalar(value)),
            })
            .collect(),
        Value::Sequence(items) => items
            .iter()
            .map(|item| {
                let item = yaml(item, indent + 2);
                format!("{blanks}- {}", item.trim_start())
            })
            .collect(),
        _ => format!("{blanks}{}\n", scalar(value)),
    }
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) if text == "*" || text.is_empty() => format!("{text:?}"),
        Value::String(text) => text.clone(),
        other => format!("{other:?}"),
    }
}
