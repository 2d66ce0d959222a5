//! What is wrong with the input, and where: collected, never printed.
//!
//! Contract: reading goes on after a problem, so that all of them are reported at once. The texts are lower-case
//! fragments: `message` says what is wrong, `label` stands under the place and says what was expected, `help` what to do.

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan,
    SpanContents,
};

use crate::source::{Sources, Span};

/// How serious a [`Problem`] is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// Nothing can be checked: exit code 2.
    Error,
    /// Read, but probably not as meant.
    Warning,
    /// Worth knowing, such as a document that was not recognised.
    Note,
}

/// Something about the input that the user should see.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// How serious it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// Where, unless it concerns no place in a file.
    pub span: Option<Span>,
    /// What was expected there.
    pub label: Option<String>,
    /// What to do.
    pub help: Option<String>,
}

impl Problem {
    fn new(severity: Severity, message: impl Into<String>) -> Problem {
        Problem { severity, message: message.into(), span: None, label: None, help: None }
    }

    /// An error.
    pub fn error(message: impl Into<String>) -> Problem {
        Problem::new(Severity::Error, message)
    }

    /// A warning.
    pub fn warning(message: impl Into<String>) -> Problem {
        Problem::new(Severity::Warning, message)
    }

    /// A note.
    pub fn note(message: impl Into<String>) -> Problem {
        Problem::new(Severity::Note, message)
    }

    /// The same problem, at a place.
    #[must_use]
    pub fn at(mut self, span: Span) -> Problem {
        self.span = Some(span);
        self
    }

    /// The same problem, with what was expected at its place.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Problem {
        self.label = Some(label.into());
        self
    }

    /// The same problem, with what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Problem {
        self.help = Some(help.into());
        self
    }
}

/// How [`render`] draws.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Style {
    /// Columns of the terminal.
    pub width: usize,
    /// ANSI colours.
    pub color: bool,
}

impl Default for Style {
    /// 100 columns, no colours: what a pipe gets.
    fn default() -> Style {
        Style { width: 100, color: false }
    }
}

/// Lines with more bytes than this are not shown, only named: a minified file is one line.
const LONGEST_LINE: usize = 400;

/// Shows problems with file, line, column, source line and what was expected.
pub fn render(problems: &[Problem], sources: &Sources, style: Style) -> String {
    let theme = if style.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler =
        GraphicalReportHandler::new_themed(theme).with_width(style.width).with_context_lines(1).with_links(false);
    let mut out = String::new();
    for problem in problems {
        let mut shown = Shown { problem, sources, message: problem.message.clone(), label: None };
        if let Some(span) = problem.span {
            if is_presentable(sources, span) {
                shown.label = Some((problem.label.as_deref().map(plain), span));
            } else {
                let label = problem.label.as_ref().map_or_else(String::new, |label| format!(": {label}"));
                shown.message = format!("{} ({}{label})", problem.message, sources.place(span));
            }
        } else if let Some(label) = &problem.label {
            shown.message = format!("{}: {label}", problem.message);
        }
        shown.message = plain(&shown.message);
        // Writing to a String does not fail.
        let _ = handler.render_report(&mut out, &shown);
    }
    out
}

/// True if the lines around a place can be printed: no minified file, nothing that a terminal would obey.
fn is_presentable(sources: &Sources, span: Span) -> bool {
    let text = sources.text(span.file);
    let (Some(before), Some(after)) = (text.get(..span.start as usize), text.get(span.end as usize..)) else {
        return false;
    };
    let start = before.trim_end_matches('\n').rfind('\n').and_then(|i| before[..i].rfind('\n')).map_or(0, |i| i + 1);
    let end = after.match_indices('\n').nth(2).map_or(text.len(), |(i, _)| span.end as usize + i);
    let is_printed = |c: char| !c.is_control() || matches!(c, '\t' | '\n' | '\r');
    text[start..end].lines().all(|line| line.len() <= LONGEST_LINE && line.chars().all(is_printed))
}

/// Without characters that a terminal would obey.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{FFFD}' } else { c }).collect()
}

/// A problem as miette takes it.
#[derive(Debug)]
struct Shown<'a> {
    problem: &'a Problem,
    sources: &'a Sources,
    message: String,
    label: Option<(Option<String>, Span)>,
}

impl std::fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Shown<'_> {}

impl miette::Diagnostic for Shown<'_> {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.problem.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Note => miette::Severity::Advice,
        })
    }

    fn help<'h>(&'h self) -> Option<Box<dyn std::fmt::Display + 'h>> {
        self.problem.help.as_ref().map(|help| Box::new(plain(help)) as Box<dyn std::fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.label.as_ref().map(|_| self as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let (label, span) = self.label.as_ref()?;
        let range = span.range();
        Some(Box::new(std::iter::once(LabeledSpan::new(label.clone(), range.start, range.len()))))
    }
}

impl SourceCode for Shown<'_> {
    fn read_span<'s>(
        &'s self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'s> + 's>, MietteError> {
        let Some((_, at)) = &self.label else { return Err(MietteError::OutOfBounds) };
        let text = self.sources.text(at.file);
        let contents = SourceCode::read_span(text, span, before, after)?;
        Ok(Box::new(MietteSpanContents::new_named(
            self.sources.name(at.file).to_string(),
            contents.data(),
            *contents.span(),
            contents.line(),
            contents.column(),
            contents.line_count(),
        )))
    }
}
