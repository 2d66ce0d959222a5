//! One message with a place in a file, drawn by miette.

use std::fmt;

use leasehold_scenarios::source::{Sources, Span};
use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, Severity,
    SourceCode, SourceSpan, SpanContents,
};

use crate::screen::Screen;

/// A message.
pub struct Report {
    /// What stands before the title: `error[LM101]:`.
    pub word: String,
    /// Decides the colour.
    pub severity: Severity,
    /// What it is about, in one line.
    pub title: String,
    /// Where, and what stands under the place.
    pub place: Option<(Span, Option<String>)>,
    /// What to do.
    pub help: Option<String>,
}

impl Report {
    /// The message as text, ending with a line break.
    pub fn render(&self, sources: &Sources, screen: &Screen) -> String {
        let mut theme = if screen.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        let characters = &mut theme.characters;
        for word in [&mut characters.error, &mut characters.warning, &mut characters.advice] {
            word.clone_from(&self.word);
        }
        let handler = GraphicalReportHandler::new_themed(theme).with_width(screen.width).with_context_lines(0);
        let mut out = String::new();
        handler.render_report(&mut out, &Placed { report: self, sources }).expect("a String takes everything");
        trim_line_ends(&out)
    }
}

/// miette pads some lines with blanks and begins with an empty one.
fn trim_line_ends(text: &str) -> String {
    text.trim_start_matches('\n').lines().flat_map(|line| [line.trim_end(), "\n"]).collect()
}

struct Placed<'a> {
    report: &'a Report,
    sources: &'a Sources,
}

impl fmt::Display for Placed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.report.title)
    }
}

impl fmt::Debug for Placed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Placed<'_> {}

impl Diagnostic for Placed<'_> {
    fn severity(&self) -> Option<Severity> {
        Some(self.report.severity)
    }

    fn help(&self) -> Option<Box<dyn fmt::Display + '_>> {
        self.report.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.report.place.as_ref().map(|_| self as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let (span, label) = self.report.place.as_ref()?;
        let range = first_line(self.sources.text(span.file), span.range());
        Some(Box::new(std::iter::once(LabeledSpan::new(label.clone(), range.start, range.len()))))
    }
}

impl SourceCode for Placed<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let Some((place, _)) = &self.report.place else { return Err(MietteError::OutOfBounds) };
        let contents = self.sources.text(place.file).read_span(span, before, after)?;
        Ok(Box::new(MietteSpanContents::new_named(
            self.sources.name(place.file).to_string(),
            contents.data(),
            *contents.span(),
            contents.line(),
            contents.column(),
            contents.line_count(),
        )))
    }
}

/// A place of several lines is shown by its first.
fn first_line(text: &str, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let (start, end) = (range.start.min(text.len()), range.end.min(text.len()));
    let line = text.get(start..end).unwrap_or_default();
    let length = line.find(['\n', '\r']).unwrap_or(line.len());
    start..start + length
}
