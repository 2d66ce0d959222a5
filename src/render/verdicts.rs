//! The table of verdicts: name, verdict, why in a few words, how far the search went.

use leasehold_model::controller::ControllerSet;
use leasehold_model::explore::End;
use leasehold_model::migration::{Property, Status, Verdict};

use super::layout::{BAD, FAINT, GOOD, OPEN, list, number, pad, paint, widest, wrap};
use crate::judge::Judgement;
use crate::scene::Scene;
use crate::screen::Screen;

/// Below this many columns the search goes on a line of its own.
const ONE_LINE: usize = 100;

/// One line for each property, and one more where the scenario expected something else.
pub fn text(judgement: &Judgement, scene: &Scene, screen: &Screen) -> String {
    let verdicts = &judgement.report.verdicts;
    let names = widest(verdicts.iter().map(|v| v.property.name()));
    let statuses = widest(verdicts.iter().map(|v| v.status.name()));
    let whys: Vec<String> = verdicts.iter().map(|v| why(judgement, v)).collect();
    let column = widest(whys.iter().map(String::as_str));
    let mut out = String::new();
    for (verdict, why) in verdicts.iter().zip(&whys) {
        let (word, style) = word(verdict.status);
        let indent = 2 + names + 3 + statuses + 3;
        let head = format!("  {}   {}   ", pad(verdict.property.name(), names), pad(&word, statuses));
        let search = search(verdict);
        let blanks = " ".repeat(indent);
        let one_line = indent + column + 3 + super::layout::width(&search) <= screen.width && screen.width >= ONE_LINE;
        let lines = if one_line {
            format!("{head}{}   {}\n", pad(why, column), paint(&search, FAINT, screen))
        } else {
            wrap(why, &head, &blanks, screen) + &wrap(&search, &blanks, &blanks, screen)
        };
        out += &lines.replacen(&word, &paint(&word, style, screen), 1);
        if let Some(expected) = mismatch(scene, verdict) {
            let text = format!(
                "the scenario expects this to be {}: the expectation is wrong, or the files are",
                expected.name()
            );
            out += &paint(wrap(&text, &blanks, &blanks, screen).trim_end(), OPEN, screen);
            out.push('\n');
        }
    }
    out
}

/// The status the scenario expects, if the verdict is another.
pub fn mismatch(scene: &Scene, verdict: &Verdict) -> Option<Status> {
    let expected = scene.expected.iter().find(|(property, _)| *property == verdict.property)?.1;
    (expected != verdict.status).then_some(expected)
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
        (_, Status::Inconclusive) => "not decided: the search was cut short".into(),
        (Property::Exclusive, Status::Holds) => "no cloud controller runs in two managers".into(),
        (Property::Exclusive, Status::Violated) => {
            format!("{names} {} in two managers at once", if several { "run" } else { "runs" })
        }
        (Property::Covered, Status::Holds) => "every controller can always run again".into(),
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
