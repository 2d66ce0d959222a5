//! The table of verdicts: name, verdict, why in a few words, how far the search went.

use anstyle::Style;
use leasehold_model::controller::ControllerSet;
use leasehold_model::explore::End;
use leasehold_model::migration::{Property, Status, Verdict};

use super::layout::{BAD, FAINT, GOOD, OPEN, list, number, pad, paint, widest, width, wrap};
use super::timing;
use crate::judge::Judgement;
use crate::scene::Scene;
use crate::screen::Screen;

/// With less room than this for the reason, the search goes on a line of its own.
const NARROWEST: usize = 40;

/// One line of the table.
pub struct Row {
    /// The property.
    pub name: &'static str,
    /// The verdict, or a figure.
    pub word: String,
    /// How the word looks.
    pub style: Style,
    /// The reason.
    pub why: String,
    /// How far the search went.
    pub search: String,
    /// What the scenario expected instead.
    pub expected: Option<String>,
}

/// One line for each property, and one more where the scenario expected something else.
pub fn text(judgement: &Judgement, scene: &Scene, screen: &Screen) -> String {
    let row = |verdict: &Verdict| {
        let (word, style) = word(verdict.status);
        let expected = mismatch(scene, verdict).map(|status| status.name().to_string());
        let name = verdict.property.name();
        Row { name, word, style, why: why(judgement, verdict), search: search(verdict), expected }
    };
    let mut rows: Vec<Row> = judgement.report.verdicts.iter().map(row).collect();
    rows.push(super::gap::row(judgement));
    rows.extend(judgement.data_plane.iter().flat_map(super::data_plane::rows));
    let names = widest(rows.iter().map(|row| row.name));
    let words = widest(rows.iter().map(|row| row.word.as_str()));
    let searches = widest(rows.iter().map(|row| row.search.as_str()));
    let indent = 2 + names + 3 + words + 3;
    let blanks = " ".repeat(indent);
    let room = screen.width.saturating_sub(indent + 3 + searches);
    let column = widest(rows.iter().map(|row| row.why.as_str())).min(room);
    let mut out = String::new();
    for row in &rows {
        let word_padded = paint(&row.word, row.style, screen) + &" ".repeat(words.saturating_sub(width(&row.word)));
        let head = format!("  {}   {word_padded}   ", pad(row.name, names));
        if room >= NARROWEST {
            let narrow = Screen { width: column, ..*screen };
            for (i, line) in wrap(&row.why, "", "", &narrow).lines().enumerate() {
                out += &match i {
                    0 if row.search.is_empty() => format!("{head}{line}\n"),
                    0 => format!("{head}{}   {}\n", pad(line, column), paint(&row.search, FAINT, screen)),
                    _ => format!("{blanks}{line}\n"),
                };
            }
        } else {
            let narrow = Screen { width: screen.width.saturating_sub(indent), ..*screen };
            let why = wrap(&row.why, "", "", &narrow);
            let mut lines = why.lines();
            out += &format!("{head}{}\n", lines.next().unwrap_or_default());
            lines.for_each(|line| out += &format!("{blanks}{line}\n"));
            if !row.search.is_empty() {
                out += &format!("{blanks}{}\n", paint(&row.search, FAINT, screen));
            }
        }
        if let Some(expected) = &row.expected {
            let text = format!("expected: {expected}. Either the scenario's expectation is wrong, or the files are");
            out += &paint(wrap(&text, &blanks, &blanks, screen).trim_end(), OPEN, screen);
            out.push('\n');
        }
    }
    out
}

/// The status the scenario expects, if the verdict is another; what is not decided contradicts nothing.
pub fn mismatch(scene: &Scene, verdict: &Verdict) -> Option<Status> {
    let expected = scene.expected.iter().find(|(property, _)| *property == verdict.property)?.1;
    (expected != verdict.status && verdict.status != Status::Inconclusive).then_some(expected)
}

/// A status as it is shown.
pub fn word(status: Status) -> (String, Style) {
    match status {
        Status::Holds => ("holds".into(), GOOD),
        Status::Violated => ("VIOLATED".into(), BAD),
        Status::Inconclusive => ("inconclusive".into(), OPEN),
    }
}

/// The verdict's reason, in a few words.
pub fn why(judgement: &Judgement, verdict: &Verdict) -> String {
    let controllers = verdict.counterexamples.iter().fold(ControllerSet::EMPTY, |set, c| set.union(c.controllers));
    let names = list(controllers.iter());
    let several = controllers.iter().count() > 1;
    match (verdict.property, verdict.status) {
        (property, Status::Inconclusive) => match judgement.open(property) {
            None => "not decided: the search was cut short".into(),
            Some(why) => timing::undecided(judgement, why),
        },
        (Property::Exclusive, Status::Holds) => "no cloud controller runs in two managers".into(),
        (Property::Exclusive, Status::Violated) => {
            format!("{names} {} in two managers at once", if several { "run" } else { "runs" })
        }
        (Property::Covered, Status::Holds) => {
            let given_up = &judgement.plan.given_up;
            let but = if given_up.is_empty() { String::new() } else { format!(" but {}", list(given_up.iter())) };
            let planned = judgement.plan.steps.iter().any(|step| step.downtime);
            let when = if planned { ", outside the planned downtime" } else { "" };
            format!("every controller{but} can always run again{when}")
        }
        (Property::Covered, Status::Violated) => {
            format!("{names} {} left without a manager for good", if several { "are" } else { "is" })
        }
        (Property::Starts, Status::Holds) => "every manager starts".into(),
        (Property::Starts, Status::Violated) => {
            let mut refusing = judgement.refusing();
            refusing.dedup();
            format!("{} {} to start", list(&refusing), if refusing.len() > 1 { "refuse" } else { "refuses" })
        }
        (Property::Returnable, Status::Holds) => "a safe way back from every point of the plan".into(),
        (Property::Returnable, Status::Violated) => {
            let safe = verdict.winning.unwrap_or_default();
            if safe == 0 {
                return "no safe way back from anywhere".into();
            }
            format!("a safe way back from only {} of {} states", number(safe), number(verdict.states))
        }
    }
}

/// How far the search went and how it ended.
pub fn search(verdict: &Verdict) -> String {
    let end = match verdict.end {
        End::Complete => "complete",
        End::StateLimit => "stopped at the limit",
        End::Cancelled => "interrupted",
        End::Found => "stopped at the first",
    };
    format!("{}, {end}", super::layout::count(verdict.states, "state"))
}
