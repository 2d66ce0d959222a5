//! The table of verdicts: name, verdict, why in a few words, how far the search went.

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

/// One line for each property, and one more where the scenario expected something else.
pub fn text(judgement: &Judgement, scene: &Scene, screen: &Screen) -> String {
    let verdicts = &judgement.report.verdicts;
    let names = widest(verdicts.iter().map(|v| v.property.name()));
    let statuses = widest(verdicts.iter().map(|v| v.status.name()));
    let searches = verdicts.iter().map(|v| width(&search(v))).max().unwrap_or_default();
    let whys: Vec<String> = verdicts.iter().map(|v| why(judgement, v)).collect();
    let indent = 2 + names + 3 + statuses + 3;
    let blanks = " ".repeat(indent);
    let room = screen.width.saturating_sub(indent + 3 + searches);
    let column = widest(whys.iter().map(String::as_str)).min(room);
    let mut out = String::new();
    for (verdict, why) in verdicts.iter().zip(&whys) {
        let (word, style) = word(verdict.status);
        let word_padded = paint(&word, style, screen) + &" ".repeat(statuses.saturating_sub(width(&word)));
        let head = format!("  {}   {word_padded}   ", pad(verdict.property.name(), names));
        let search = search(verdict);
        if room >= NARROWEST {
            let narrow = Screen { width: column, ..*screen };
            for (i, line) in wrap(why, "", "", &narrow).lines().enumerate() {
                out += &match i {
                    0 => format!("{head}{}   {}\n", pad(line, column), paint(&search, FAINT, screen)),
                    _ => format!("{blanks}{line}\n"),
                };
            }
        } else {
            let narrow = Screen { width: screen.width.saturating_sub(indent), ..*screen };
            let why = wrap(why, "", "", &narrow);
            let mut lines = why.lines();
            out += &format!("{head}{}\n", lines.next().unwrap_or_default());
            lines.for_each(|line| out += &format!("{blanks}{line}\n"));
            out += &format!("{blanks}{}\n", paint(&search, FAINT, screen));
        }
        if let Some(expected) = mismatch(scene, verdict) {
            let text =
                format!("expected: {}. Either the scenario's expectation is wrong, or the files are", expected.name());
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

fn word(status: Status) -> (String, anstyle::Style) {
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
        (Property::Covered, Status::Holds) if judgement.plan.given_up.is_empty() => {
            "every controller can always run again".into()
        }
        (Property::Covered, Status::Holds) => {
            format!("every controller but {} can always run again", list(judgement.plan.given_up.iter()))
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
