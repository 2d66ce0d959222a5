//! One message with a place in a file. miette draws the place; the lines around it are ours, so that they wrap with the rest.

use std::fmt;

use leasehold_scenarios::source::{Sources, Span};
use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, Severity,
    SourceCode, SourceSpan, SpanContents,
};

use super::layout::{BAD, OPEN, STRONG, paint, wrap};
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
    /// What else to say, a paragraph each.
    pub lines: Vec<String>,
}

impl Report {
    /// The message as text, ending with a line break.
    pub fn render(&self, sources: &Sources, screen: &Screen) -> String {
        let style = match self.severity {
            Severity::Error => BAD,
            Severity::Warning => OPEN,
            Severity::Advice => STRONG,
        };
        let head = wrap(&format!("{} {}", self.word, self.title), "", "  ", screen);
        let mut out = head.replacen(&self.word, &paint(&self.word, style, screen), 1);
        if self.place.is_some() {
            out += &self.snippet(sources, screen);
        }
        for line in &self.lines {
            out += &wrap(line, "  = ", "    ", screen);
        }
        out
    }

    fn snippet(&self, sources: &Sources, screen: &Screen) -> String {
        let mut theme = if screen.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        theme.characters.error = String::new();
        theme.characters.warning = String::new();
        theme.characters.advice = String::new();
        // Wide enough for any line of a file: what is quoted is never broken.
        let handler = GraphicalReportHandler::new_themed(theme).with_width(400).with_context_lines(1).with_links(false);
        let mut out = String::new();
        let placed = Placed { report: self, sources, label_width: screen.width.saturating_sub(20).max(30) };
        handler.render_report(&mut out, &placed).expect("a String takes everything");
        // The first line is miette's own title, which is empty.
        out.lines().skip(1).flat_map(|line| [line.trim_end(), "\n"]).filter(|line| !line.is_empty()).collect()
    }
}

struct Placed<'a> {
    report: &'a Report,
    sources: &'a Sources,
    label_width: usize,
}

impl fmt::Display for Placed<'_> {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
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

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.report.place.as_ref().map(|_| self as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let (span, label) = self.report.place.as_ref()?;
        let range = first_line(self.sources.text(span.file), span.range());
        let label = label.as_ref().map(|label| textwrap::fill(label, self.label_width));
        Some(Box::new(std::iter::once(LabeledSpan::new(label, range.start, range.len()))))
    }
}

impl SourceCode for Placed<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        context: usize,
        _: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let Some((place, _)) = &self.report.place else { return Err(MietteError::OutOfBounds) };
        let text = self.sources.text(place.file);
        // Asked for context miette gets the line from its beginning, and no other; without context exactly the place.
        let line = text.get(..span.offset()).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
        let start = if context > 0 { line } else { span.offset() };
        let contents = text.read_span(&(start, span.offset() + span.len() - start).into(), 0, 0)?;
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
