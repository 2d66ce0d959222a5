//! What is wrong with the input, all at once, each at its place.

use leasehold_scenarios::diagnostic::{Problem, Severity};
use leasehold_scenarios::source::Sources;

use super::report::Report;
use crate::screen::Screen;

/// Every problem with its place, in the order of files and lines.
pub fn text(sources: &Sources, problems: &[Problem], screen: &Screen) -> String {
    let mut sorted: Vec<&Problem> = problems.iter().collect();
    sorted.sort_by_key(|p| p.span);
    sorted.iter().map(|problem| report(problem).render(sources, screen)).collect()
}

/// `2 errors, nothing was checked (exit 2)`
pub fn summary(problems: &[Problem], consequence: &str) -> String {
    let errors = problems.iter().filter(|p| p.severity == Severity::Error).count();
    format!("{errors} error{}, {consequence} (exit 2)", if errors == 1 { "" } else { "s" })
}

fn report(problem: &Problem) -> Report {
    let word = match problem.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    Report {
        word: format!("{word}:"),
        severity: match problem.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Note => miette::Severity::Advice,
        },
        title: problem.message.clone(),
        place: problem.span.map(|span| (span, problem.label.clone())),
        lines: match (problem.span, &problem.label) {
            (None, Some(label)) => vec![label.clone()],
            _ => problem.help.iter().map(|help| format!("help: {help}")).collect(),
        },
    }
}
