//! A manager's own configuration file, read as the manager reads it: the first document only, JSON if it begins with
//! `{` (kubernetes/apimachinery:pkg/runtime/serializer/json/json.go `RecognizesData`, pkg/util/yaml/decoder.go
//! `IsJSONBuffer`@v0.36.0).

use std::borrow::Cow;

use leasehold_model::value::Value;

use crate::source::{FileId, Sources, Span};

use super::compose::{self, Failure};
use super::embedded::Origin;
use super::{Kind, Node, json};
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
    if text.trim_start().starts_with('{') {
        return json::read(text, origin).map_err(|error| Unreadable {
            reader: format!("couldn't get version/kind; json parse error: {}", error.message),
            problem: Problem::error("not JSON")
                .at(origin.span(error.at, error.at))
                .label(error.message)
                .help("a file that begins with `{` is read as JSON, not as YAML: keys and strings need double quotes"),
        });
    }
    if text.starts_with("k8s\0") {
        // kubernetes/apimachinery:pkg/runtime/serializer/protobuf/protobuf.go `protoEncodingPrefix`.
        let problem = Problem::error("not YAML: Kubernetes takes the file for a protobuf message");
        return Err(Unreadable { reader: "proto: ".into(), problem: problem.at(origin.span(0, 4)) });
    }
    let has_blocks = text.contains(['|', '>']);
    let ends_line = |c: char| matches!(c, '\u{2028}' | '\u{2029}') || (c == '\u{85}' && has_blocks);
    if let Some((at, c)) = text.char_indices().find(|&(_, c)| ends_line(c)) {
        return Err(Unreadable {
            reader: format!("leasehold does not read files with U+{:04X}", c as u32),
            problem: Problem::error("a character that YAML readers disagree about")
                .at(origin.span(at, at + c.len_utf8()))
                .label(format!("U+{:04X} ends a line for the managers' reader and for few others", c as u32))
                .help("replace it by an ordinary line end"),
        });
    }
    if let Some(unreadable) = unknown_directive(text, origin) {
        return Err(unreadable);
    }
    let masked = masked(text);
    let is_marked = masked.contains(MARK) && !text.contains(MARK);
    let composed = compose::first(&masked, origin).map(|node| if is_marked { node.map(unmasked) } else { node });
    match composed {
        Ok(None) => Ok(Node { kind: Kind::Null, span: origin.span(0, 0) }),
        Ok(Some(node)) => match unconvertible(&node) {
            Some((span, reader)) => Err(Unreadable { problem: Problem::error(reader.clone()).at(span), reader }),
            None => Ok(node),
        },
        Err(Failure { problem, reader }) => Err(Unreadable { problem, reader }),
    }
}

/// A directive before the first document that the Go reader does not know; it knows `%YAML` and `%TAG`.
fn unknown_directive(text: &str, origin: &Origin) -> Option<Unreadable> {
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let directive = line.strip_prefix('%');
        if directive.is_some_and(|d| !d.starts_with("YAML") && !d.starts_with("TAG")) {
            let problem = Problem::error("not YAML").at(origin.span(offset, offset + line.trim_end().len()));
            let reader = "yaml: found unknown directive name".into();
            return Some(Unreadable { reader, problem: problem.label("an unknown directive") });
        }
        if directive.is_none() && !line.trim().is_empty() && !line.starts_with('#') {
            return None;
        }
        offset += line.len();
    }
    None
}

/// A private character that stands for a byte order mark inside the text: part of a word to the Go reader, an error to
/// the parser. Both have three bytes.
const MARK: char = '\u{F8FE}';

/// The text with what only the Go reader takes replaced by as many bytes of what both take: byte order marks inside,
/// U+0085 for the end of a line, and a comment directly behind a closing quote.
fn masked(text: &str) -> Cow<'_, str> {
    let has_marks = text.trim_start_matches('\u{FEFF}').contains('\u{FEFF}') && !text.contains(MARK);
    let has_comments = ["'#", "\"#"].iter().any(|quote| text.contains(quote));
    if !has_marks && !has_comments && !text.contains('\u{85}') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for (i, c) in text.char_indices() {
        match c {
            '\u{FEFF}' if has_marks && i > 0 => out.push(MARK),
            // Ends a line; a blank before the end of a line means nothing outside of block scalars.
            '\u{85}' => out.push_str(" \n"),
            c => out.push(c),
        }
    }
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.trim_end_matches(['\n', '\r']).len();
        for quote in ['\'', '"'] {
            // An even number of quotes up to the `#`: the last one closes.
            let behind = line
                .match_indices('#')
                .map(|(i, _)| i)
                .find(|&i| line[..i].ends_with(quote) && line[..i].matches(quote).count() % 2 == 0);
            if let Some(at) = behind {
                out.replace_range(start + at..end, &" ".repeat(end - start - at));
                break;
            }
        }
        start += line.len();
    }
    Cow::Owned(out)
}

fn unmasked(mut node: Node) -> Node {
    fn each(node: &mut Node) {
        match &mut node.kind {
            Kind::String(text) if text.contains(MARK) => *text = text.replace(MARK, "\u{FEFF}"),
            Kind::Sequence(items) => items.iter_mut().for_each(each),
            Kind::Mapping(entries) => entries.iter_mut().for_each(|e| {
                each(&mut e.key);
                each(&mut e.value);
            }),
            _ => {}
        }
    }
    each(&mut node);
    node
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
