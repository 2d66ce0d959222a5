//! The table as Markdown, for a change ticket.

use std::fmt::Write as _;

use leasehold_model::migration::Property;

use super::rows::{all_begin, cost, from, naive, no_return, of_kind, rows, worst};
use super::text::{conclusion, lines};
use crate::commands::rehearse::study::{Says, Study};
use crate::commands::rehearse::wrong::Kind;
use crate::render::header;
use crate::render::layout::list;
use crate::scene::Scene;
use crate::screen::Screen;

/// The document.
pub fn text(study: &Study, scene: &Scene) -> String {
    let mut out = format!("# Way back: {}\n\n", scene.title.as_deref().unwrap_or("the plan"));
    let plain = Screen { width: usize::MAX, color: false };
    let _ = writeln!(out, "{}. **{}**.\n", header::summary(&study.judgement), first_upper(&conclusion(study, &plain)));
    for (i, step) in study.judgement.plan.steps.iter().enumerate() {
        let _ = writeln!(out, "{}. {}", i + 1, escaped(&step.title));
    }
    out += "\n| from | safe | moves | without a manager for up to | way back |\n|---|---|---|---|---|\n";
    for row in rows(study) {
        let safe = if row.safe == "yes" { "yes".to_string() } else { format!("**{}**", row.safe) };
        let _ = writeln!(out, "| {} | {safe} | {} | {} | {} |", row.from, row.moves, row.gap, escaped(&row.way));
    }
    let naive = naive(study);
    if !naive.is_empty() {
        let _ = writeln!(out, "\n{naive}");
    }
    let begun = study.points.iter().filter(|a| a.point.way.is_some()).map(|a| a.point.at.steps_begun()).max();
    if let Some(begun) = begun.filter(|&begun| begun > 0) {
        out += "\n| undoing | without a manager for up to, after each move |\n|---|---|\n";
        for step in (0..begun).rev() {
            let _ = writeln!(out, "| step {} | {} |", step + 1, cost(study, step));
        }
    }
    wrong(study, &mut out);
    if let Some(at) = no_return(study) {
        let _ = writeln!(out, "\nPoint of no return: {}.", from(at));
    }
    if study.points.iter().any(|answer| answer.says == Says::Yes) {
        out += "\nRests on:\n\n";
        for line in lines(study) {
            let _ = writeln!(out, "* {}", escaped(&line));
        }
    }
    for assumption in header::assumptions(&study.judgement, scene) {
        let _ = writeln!(out, "* assumed: {}", escaped(&assumption));
    }
    out
}

/// Ways back that look right and are not.
pub fn wrong(study: &Study, out: &mut String) {
    let kinds: Vec<Kind> = Kind::ALL.into_iter().filter(|&kind| !of_kind(study, kind).is_empty()).collect();
    if kinds.is_empty() {
        return;
    }
    *out += "\n**Not like this**, although it looks right:\n\n";
    for kind in kinds {
        let found = of_kind(study, kind);
        let Some(worst) = worst(&found) else { continue };
        let controllers = list(worst.run.controllers.iter());
        let several = worst.run.controllers.iter().count() > 1;
        let what = match worst.property {
            Property::Exclusive => format!("{controllers} {} in two managers", if several { "run" } else { "runs" }),
            Property::Starts => "a manager refuses to start".into(),
            _ => format!("{controllers} {} left without a manager", if several { "are" } else { "is" }),
        };
        let _ = writeln!(out, "* {} ({}): {what}.", kind.words(), all_begin(study, &found));
    }
}

fn first_upper(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// A bar would end the cell.
fn escaped(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
