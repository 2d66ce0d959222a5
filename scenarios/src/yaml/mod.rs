//! Text to documents of spanned nodes, with the meaning the managers' own reader gives it.
//!
//! Contract: every node keeps its place; mappings keep order and duplicate keys; aliases and merge keys are expanded;
//! scalars resolve as go-yaml v2 resolves them ([`scalar`]). Whatever the text is, reading ends: nesting, the number
//! of values and alias expansion are bounded, and nothing panics. A syntax error costs the rest of its document only.
//!
//! Kubernetes reads YAML through sigs.k8s.io/yaml, a fork of go-yaml v2; the syntax errors of that reader that people
//! meet most keep its wording ([`syntax`]), because it is what a manager prints when it refuses its file.

pub(crate) mod base64;
mod bounds;
mod compose;
mod embedded;
mod first;
mod json;
mod meaning;
mod scalar;
mod syntax;

pub use first::{Unreadable, first_document, parse_first_document};

use leasehold_model::value::Value;

use crate::diagnostic::Problem;
use crate::source::{FileId, Sources, Span};

/// The deepest nesting that is read, in mappings and sequences inside each other.
pub const MAX_DEPTH: usize = 255;

/// The most values that are read from one document, after aliases are expanded.
pub const MAX_NODES: usize = 1_000_000;

/// One value and where it is written.
#[derive(Clone, PartialEq, Debug)]
pub struct Node {
    /// The value.
    pub kind: Kind,
    /// Where it is; an aliased value is where its anchor is.
    pub span: Span,
}

/// A value.
#[derive(Clone, PartialEq, Debug)]
pub enum Kind {
    /// `null`, `~`, or nothing.
    Null,
    /// A boolean in any YAML 1.1 spelling.
    Bool(bool),
    /// A number, as written.
    Number(String),
    /// A string.
    String(String),
    /// A sequence.
    Sequence(Vec<Node>),
    /// A mapping, in order, duplicates included.
    Mapping(Vec<Entry>),
}

/// One entry of a mapping.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// The key.
    pub key: Node,
    /// The value.
    pub value: Node,
}

impl Node {
    /// The value under `key`, if this is a mapping that has it; the last one of duplicates, as Kubernetes reads it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries().iter().rev().find(|e| e.key.as_str() == Some(key)).map(|e| &e.value)
    }

    /// The value reached by following `keys` through mappings.
    pub fn path(&self, keys: &[&str]) -> Option<&Node> {
        keys.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The text, if this is a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    /// The entries, none if this is no mapping.
    pub fn entries(&self) -> &[Entry] {
        match &self.kind {
            Kind::Mapping(entries) => entries,
            _ => &[],
        }
    }

    /// The items, none if this is no sequence.
    pub fn items(&self) -> &[Node] {
        match &self.kind {
            Kind::Sequence(items) => items,
            _ => &[],
        }
    }

    /// What this is, for messages: `a mapping`, `a number`.
    pub fn describe(&self) -> &'static str {
        match &self.kind {
            Kind::Null => "nothing",
            Kind::Bool(_) => "a boolean",
            Kind::Number(_) => "a number",
            Kind::String(_) => "a string",
            Kind::Sequence(_) => "a list",
            Kind::Mapping(_) => "a mapping",
        }
    }

    /// The same value without places. Keys that are numbers or booleans become the strings that
    /// sigs.k8s.io/yaml makes of them (kubernetes-sigs/yaml:yaml.go `convertToJSONableObject`@v1.4.0).
    pub fn to_value(&self) -> Value {
        match &self.kind {
            Kind::Null => Value::Null,
            Kind::Bool(b) => Value::Bool(*b),
            Kind::Number(text) => Value::Number(text.clone()),
            Kind::String(text) => Value::String(text.clone()),
            Kind::Sequence(items) => Value::Sequence(items.iter().map(Node::to_value).collect()),
            Kind::Mapping(entries) => {
                Value::Mapping(entries.iter().map(|e| (e.key.to_key(), e.value.to_value())).collect())
            }
        }
    }

    fn to_key(&self) -> Value {
        match &self.kind {
            Kind::Bool(b) => Value::String(b.to_string()),
            Kind::Number(text) => {
                let integer = scalar::integer(&text.replace('_', ""));
                Value::String(integer.map_or_else(|| text.clone(), |i| i.to_string()))
            }
            _ => self.to_value(),
        }
    }
}

/// What one text holds.
#[derive(Clone, Debug, Default)]
pub struct Documents {
    /// The documents that could be read, in order. An empty document is [`Kind::Null`].
    pub documents: Vec<Node>,
    /// What could not.
    pub problems: Vec<Problem>,
}

/// Reads every document of a file.
pub fn documents(sources: &Sources, file: FileId) -> Documents {
    compose::documents(sources.text(file), &embedded::Origin::File(file))
}

/// Reads the YAML inside a string of another document, such as a file in a ConfigMap. Places point into the outer
/// file: exactly where the string is a literal block, at the whole string otherwise.
pub fn documents_in(sources: &Sources, string: &Node) -> Documents {
    let Some(text) = string.as_str() else { return Documents::default() };
    compose::documents(text, &embedded::Origin::of_string(sources, string))
}

/// The place of bytes `range` of a string's text: exact in literal blocks, plain and simply quoted strings; the whole
/// string otherwise.
pub fn place_in(sources: &Sources, string: &Node, range: std::ops::Range<usize>) -> Span {
    let text = string.as_str().unwrap_or("");
    let raw = sources.slice(string.span);
    match raw.find(text) {
        Some(at) if !text.is_empty() && raw.len() <= text.len() + 2 => {
            let start = string.span.start as usize + at;
            Span::new(string.span.file, start + range.start..start + range.end)
        }
        _ => embedded::Origin::of_string(sources, string).span(range.start, range.end),
    }
}

/// Keys that one mapping has twice, everywhere under `node`: the place of the later one, and of the earlier.
pub fn duplicate_keys(node: &Node) -> Vec<(Span, Span)> {
    let mut found = Vec::new();
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        let mut seen: std::collections::BTreeMap<&str, Span> = Default::default();
        for entry in node.entries() {
            if let Some(key) = entry.key.as_str() {
                if let Some(&first) = seen.get(key) {
                    found.push((entry.key.span, first));
                }
                seen.entry(key).or_insert(entry.key.span);
            }
        }
        open.extend(node.entries().iter().map(|e| &e.value));
        open.extend(node.items());
    }
    found.sort_unstable();
    found.dedup();
    found
}
