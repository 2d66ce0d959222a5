//! Syntax errors in words: what the user should write, and what the managers' reader says.
//!
//! The reader's wording is libyaml's, which go-yaml v2 ports (kubernetes-sigs/yaml:goyaml.v2/scannerc.go, parserc.go);
//! line numbers are those of go-yaml's `fail` (decode.go).

use granit_parser::{ErrorKind, ScanError};

use crate::diagnostic::Problem;

use super::compose::Failure;
use super::embedded::Origin;
use super::{MAX_DEPTH, MAX_NODES};

/// Explains a parser error.
/// `open` is the bracket that is open, or another character in block context.
pub(super) fn failure(text: &str, origin: &Origin, error: &ScanError, open: Option<char>) -> Failure {
    let at = error.marker().byte_offset().unwrap_or(0).min(text.len());
    let at = (0..=at).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0);
    let here = &text[at..];
    if let ErrorKind::MissingAnchorOrAliasName = error.kind() {
        let start = if here.starts_with('*') || here.starts_with('&') { at } else { at.saturating_sub(1) };
        return bad_anchor(text, origin, start, start + 1, "alias");
    }
    if has_tab_indentation(text, at) {
        return tab(text, origin, at);
    }
    if let ErrorKind::TabNotAllowed
    | ErrorKind::TabInBlockIndentation
    | ErrorKind::TabInIndentation
    | ErrorKind::TabInPlainScalar = error.kind()
        && let Some(next) = here.find('\t').map(|i| at + i)
        && has_tab_indentation(text, next)
    {
        return tab(text, origin, next);
    }
    // What is missing at the end is shown behind the last text there is.
    let shown = if here.trim().is_empty() { text.trim_end().len() } else { at };
    let width = here.chars().next().filter(|c| shown == at && !c.is_whitespace()).map_or(0, char::len_utf8);
    let problem = Problem::error("not YAML").at(origin.span(shown, shown + width));
    let kind = match error.kind() {
        // Reported for the missing quote when the text ends first.
        ErrorKind::InvalidQuotedScalarIndent if here.trim().is_empty() => &ErrorKind::UnclosedQuotedScalar,
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement if open == Some('[') => {
            &ErrorKind::ExpectedFlowSequenceSeparator
        }
        kind => kind,
    };
    let (label, help, reader) = explain(kind);
    let mut problem = problem.label(label.map_or_else(|| error.info(), str::to_string));
    if let Some(help) = help {
        problem = problem.help(help);
    }
    let reader = reader.map_or_else(|| error.info(), str::to_string);
    Failure { problem, reader: at_line(text, at, &reader) }
}

/// What was expected, what to do, and the Go reader's words, where they differ from the parser's own.
fn explain(kind: &ErrorKind) -> (Option<&'static str>, Option<&'static str>, Option<&'static str>) {
    use ErrorKind::*;
    match kind {
        TabAtBlockScalarStart => (
            Some("a tab; YAML is indented with spaces"),
            Some("replace the tabs by spaces"),
            Some("found a tab character where an indentation space is expected"),
        ),
        TabNotAllowed | TabInBlockIndentation | TabInIndentation | TabInPlainScalar => (
            Some("a tab; YAML is indented with spaces"),
            Some("replace the tabs by spaces"),
            Some("found character that cannot start any token"),
        ),
        UnexpectedCharacter { .. } => (
            Some("this character cannot begin a value; quote the text"),
            None,
            Some("found character that cannot start any token"),
        ),
        MappingValueNotAllowed | InvalidColonPlacement => (
            Some("a second `: ` on one line; quote a text that contains `: `"),
            None,
            Some("mapping values are not allowed in this context"),
        ),
        SimpleKeyExpected | InvalidSimpleKey => {
            (Some("expected `key: value`"), None, Some("could not find expected ':'"))
        }
        ExpectedBlockMappingKey => {
            (Some("expected a key in the column of the keys above"), None, Some("did not find expected key"))
        }
        ExpectedBlockSequenceEntry => {
            (Some("expected `- ` in the column of the items above"), None, Some("did not find expected '-' indicator"))
        }
        ExpectedFlowMappingSeparator | UnexpectedEofFlowMapping => {
            (Some("expected `,` or `}`"), None, Some("did not find expected ',' or '}'"))
        }
        ExpectedFlowSequenceSeparator | UnexpectedEofFlowSequence => {
            (Some("expected `,` or `]`"), None, Some("did not find expected ',' or ']'"))
        }
        UnclosedFlowCollection { open: '{' } => {
            (Some("this `{` is never closed"), None, Some("did not find expected ',' or '}'"))
        }
        UnclosedFlowCollection { .. } => {
            (Some("this `[` is never closed"), None, Some("did not find expected ',' or ']'"))
        }
        MismatchedFlowCollectionEnd { open: '{', .. } => {
            (Some("expected `,` or `}`"), None, Some("did not find expected ',' or '}'"))
        }
        MismatchedFlowCollectionEnd { .. } => {
            (Some("expected `,` or `]`"), None, Some("did not find expected ',' or ']'"))
        }
        MisplacedFlowCollectionEnd => (Some("nothing is open here"), None, Some("did not find expected node content")),
        InvalidTrailingDoubleQuotedScalar | InvalidTrailingSingleQuotedScalar => {
            (Some("text after the closing quote"), None, Some("did not find expected key"))
        }
        InvalidBlockScalarHeader => (
            Some("text on the line of `|` or `>`; the text begins on the next line"),
            None,
            Some("did not find expected comment or line break"),
        ),
        UnclosedQuotedScalar => (Some("a quote is never closed"), None, Some("found unexpected end of stream")),
        UnknownQuotedScalarEscape => {
            (Some("no such escape; write `\\\\` for a backslash"), None, Some("found unknown escape character"))
        }
        ExpectedDocumentStart => {
            (Some("expected the end of the document, or `---`"), None, Some("did not find expected <document start>"))
        }
        ExpectedNodeContent => (Some("expected a value"), None, Some("did not find expected node content")),
        BlockSequenceEntryNotAllowed | BlockEntryInFlowCollection => (
            Some("a list item cannot begin here"),
            None,
            Some("block sequence entries are not allowed in this context"),
        ),
        MappingKeyNotAllowed => (None, None, Some("mapping keys are not allowed in this context")),
        RecursionLimitExceeded => {
            (Some("nested too deeply; leasehold reads up to 255 levels"), None, Some("exceeded max depth of 10000"))
        }
        InvalidDirectiveName | MissingDirectiveName => (None, None, Some("could not find expected directive name")),
        _ => (None, None, None),
    }
}

/// A bare `*` (or another alias or anchor whose name the Go reader refuses).
pub(super) fn bad_anchor(text: &str, origin: &Origin, start: usize, end: usize, what: &str) -> Failure {
    let is_star = text.get(start..).is_some_and(|t| t.starts_with('*'));
    let label = if is_star {
        "YAML reads a bare `*` as an alias; write \"*\""
    } else if what == "anchor" || text.get(start..).is_some_and(|t| t.starts_with('&')) {
        "YAML reads a bare `&` as an anchor; quote the text"
    } else {
        "not the name of an anchor"
    };
    Failure {
        problem: Problem::error("not YAML").at(origin.span(start, end)).label(label),
        reader: at_line(text, start, "did not find expected alphabetic or numeric character"),
    }
}

/// `*name` without `&name` before it.
pub(super) fn unknown_anchor(text: &str, origin: &Origin, start: usize, end: usize, name: &str) -> Failure {
    if !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-') {
        return bad_anchor(text, origin, start, end, "alias");
    }
    Failure {
        problem: Problem::error("not YAML").at(origin.span(start, end)).label(format!(
            "YAML reads `*{name}` as an alias, and there is no `&{name}` before it; write \"*{name}\" for the text"
        )),
        reader: format!("yaml: unknown anchor '{name}' referenced"),
    }
}

/// A line indented with a tab; `at` is anywhere in it.
pub(super) fn tab(text: &str, origin: &Origin, at: usize) -> Failure {
    let line = text[..at].rfind('\n').map_or(0, |i| i + 1);
    let tab = text[line..].find('\t').map_or(at, |i| line + i);
    Failure {
        problem: Problem::error("a tab in the indentation")
            .at(origin.span(tab, tab + 1))
            .label("YAML is indented with spaces")
            .help("replace the tabs by spaces"),
        reader: if follows_plain_scalar(text, line) {
            at_line(text, tab, "found a tab character that violates indentation")
        } else {
            at_line(text, tab, "found character that cannot start any token")
        },
    }
}

/// True if the text before the line that begins at `line` ends with a plain scalar, which the next line could go on.
fn follows_plain_scalar(text: &str, line: usize) -> bool {
    let before = text[..line].trim_end();
    let last = before.lines().next_back().unwrap_or("");
    let is_comment = last.trim_start().starts_with('#') || last.contains(" #");
    !is_comment && !before.is_empty() && !before.ends_with([':', '"', '\'', ']', '}', '|', '>', '-', ','])
}

/// True if the line of `at` is indented with a tab.
fn has_tab_indentation(text: &str, at: usize) -> bool {
    let line = text[..at].rfind('\n').map_or(0, |i| i + 1);
    text[line..].trim_start_matches([' ', '-']).starts_with('\t')
}

/// go-yaml's message: its scanner counts lines from 1 and its parser from 0, and the first line has no number
/// (kubernetes-sigs/yaml:goyaml.v2/decode.go `fail`@v1.4.0).
fn at_line(text: &str, at: usize, message: &str) -> String {
    let line = text.get(..at).map_or(0, |t| t.bytes().filter(|&b| b == b'\n').count());
    let line = match message {
        // Noticed only when the next line begins.
        "could not find expected ':'" => line + 2,
        _ if line == 0 => 0,
        _ if PARSER_MESSAGES.contains(&message) => line,
        _ => line + 1,
    };
    if line == 0 { format!("yaml: {message}") } else { format!("yaml: line {line}: {message}") }
}

/// Messages of go-yaml's parser, as opposed to its scanner.
const PARSER_MESSAGES: [&str; 6] = [
    "did not find expected key",
    "did not find expected '-' indicator",
    "did not find expected ',' or '}'",
    "did not find expected ',' or ']'",
    "did not find expected node content",
    "did not find expected <document start>",
];

const _: () = assert!(MAX_DEPTH == 255 && MAX_NODES == 1_000_000, "the texts above name the limits");
