//! A manager's own configuration file, read as the manager reads it: the first document only, JSON if it begins with
//! `{` (kubernetes/apimachinery:pkg/runtime/serializer/json/json.go `RecognizesData`, pkg/util/yaml/decoder.go
//! `IsJSONBuffer`@v0.36.0).

use leasehold_model::value::Value;

use crate::source::{FileId, Sources, Span};

use super::compose::{self, Failure};
use super::embedded::Origin;
use super::{Kind, Node};
use crate::diagnostic::Problem;

/// A text that a manager's reader refuses.
#[derive(Clone, PartialEq, Debug)]
pub struct Unreadable {
    /// What the manager's reader says, such as `yaml: line 6: did not find expected alphabetic or numeric character`.
    pub reader: String,
    /// The same for the user, with the place.
    pub problem: Problem,
}

/// The first document of a text, as a manager reads its configuration file. An empty text is `null`.
pub fn parse_first_document(text: &str) -> Result<Value, String> {
    let mut sources = Sources::new();
    let file = sources.add("", text);
    match first(text, &Origin::File(file)) {
        Ok(node) => Ok(node.to_value()),
        Err(unreadable) => Err(unreadable.reader),
    }
}

/// The first document of a file, or of a string inside one (`string`), with places.
pub fn first_document(sources: &Sources, file: FileId, string: Option<&Node>) -> Result<Node, Unreadable> {
    match string {
        None => first(sources.text(file), &Origin::File(file)),
        Some(string) => first(string.as_str().unwrap_or(""), &Origin::of_string(sources, string)),
    }
}

fn first(text: &str, origin: &Origin) -> Result<Node, Unreadable> {
    let is_json = text.trim_start().starts_with('{');
    if is_json && let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(text) {
        let line = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
        let at = (line + error.column().saturating_sub(1)).min(text.len());
        return Err(Unreadable {
            reader: format!("couldn't get version/kind; json parse error: {error}"),
            problem: Problem::error("not JSON")
                .at(origin.span(at, at))
                .label(error.to_string())
                .help("a file that begins with `{` is read as JSON, not as YAML: keys and strings need double quotes"),
        });
    }
    if let Some((at, c)) = text.char_indices().find(|(_, c)| matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}')) {
        return Err(Unreadable {
            reader: format!("leasehold does not read files with U+{:04X}", c as u32),
            problem: Problem::error("a character that YAML readers disagree about")
                .at(origin.span(at, at + c.len_utf8()))
                .label(format!("U+{:04X} ends a line for the managers' reader and for few others", c as u32))
                .help("replace it by an ordinary line end"),
        });
    }
    match compose::first(text, origin, is_json) {
        Ok(None) => Ok(Node { kind: Kind::Null, span: origin.span(0, 0) }),
        Ok(Some(node)) => match unconvertible(&node) {
            Some((span, reader)) => Err(Unreadable { problem: Problem::error(reader.clone()).at(span), reader }),
            None => Ok(node),
        },
        Err(Failure { problem, reader }) => Err(Unreadable { problem, reader }),
    }
}

/// What YAML can say and JSON cannot: null keys, infinities.
fn unconvertible(node: &Node) -> Option<(Span, String)> {
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        if let Kind::Number(text) = &node.kind
            && text.to_ascii_lowercase().ends_with(['n', 'f'])
            && text.contains('.')
        {
            let name = if text.to_ascii_lowercase().ends_with("nan") {
                "NaN"
            } else if text.starts_with('-') {
                "-Inf"
            } else {
                "+Inf"
            };
            return Some((node.span, format!("json: unsupported value: {name}")));
        }
        for entry in node.entries() {
            if entry.key.kind == Kind::Null {
                return Some((entry.key.span, "unsupported map key of type: %!s(<nil>), key: <nil>".into()));
            }
        }
        open.extend(node.entries().iter().map(|e| &e.value));
        open.extend(node.items());
    }
    None
}
