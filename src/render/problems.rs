//! What is wrong with the input, all at once, each at its place.

use leasehold_scenarios::diagnostic::{self, Problem, Severity, Style};
use leasehold_scenarios::source::Sources;

use super::layout::{FAINT, count, paint, wrap};
use crate::screen::Screen;

/// Notes beyond so many are counted only.
const NOTES: usize = 8;

/// Every problem with its place and its source line.
pub fn text(sources: &Sources, problems: &[Problem], screen: &Screen) -> String {
    let style = Style { width: screen.width, color: screen.color };
    let drawn = diagnostic::render(problems, sources, style);
    drawn.lines().flat_map(|line| [line.trim_end(), "\n"]).collect()
}

/// `2 errors, nothing was checked (exit 2)`
pub fn summary(problems: &[Problem], consequence: &str) -> String {
    let errors = problems.iter().filter(|p| p.severity == Severity::Error).count();
    format!("{}, {consequence} (exit 2)", count(errors, "error"))
}

/// What reading noticed although it succeeded: warnings in full, notes on a line each.
pub fn asides(sources: &Sources, problems: &[Problem], screen: &Screen) -> String {
    let (notes, warnings): (Vec<&Problem>, Vec<&Problem>) = problems.iter().partition(|p| p.severity == Severity::Note);
    let warnings: Vec<Problem> = warnings.into_iter().cloned().collect();
    let mut out = text(sources, &warnings, screen);
    for note in notes.iter().take(NOTES) {
        let place = note.span.map(|span| format!(" ({})", sources.place(span))).unwrap_or_default();
        let lines = wrap(&format!("{}{place}", note.message), "note: ", "      ", screen);
        out += &lines.lines().map(|line| paint(line, FAINT, screen) + "\n").collect::<String>();
    }
    if notes.len() > NOTES {
        out += &format!("note: {} more, which `leasehold show` lists\n", notes.len() - NOTES);
    }
    out
}
