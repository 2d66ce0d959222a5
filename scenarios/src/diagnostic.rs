//! What is wrong with the input, and where: collected, never printed.
//!
//! Contract: reading goes on after a problem, so that all of them are reported at once. The texts are lower-case
//! fragments: `message` says what is wrong, `label` stands under the place and says what was expected, `help` what to do.

use crate::source::Span;

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
