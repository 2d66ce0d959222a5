//! Values that stand in no file: they have the place of what makes them.

use crate::diagnostic::Problem;
use crate::source::{Sources, Span};
use crate::yaml::{self, Entry, Kind, Node};

/// Makes values at one place.
#[derive(Clone, Copy, Debug)]
pub(super) struct At(pub Span);

impl At {
    /// A string.
    pub fn text(self, text: impl Into<String>) -> Node {
        Node { kind: Kind::String(text.into()), span: self.0 }
    }

    /// A mapping.
    pub fn map<'k>(self, entries: impl IntoIterator<Item = (&'k str, Node)>) -> Node {
        let entries = entries.into_iter().map(|(key, value)| Entry { key: self.text(key), value });
        Node { kind: Kind::Mapping(entries.collect()), span: self.0 }
    }

    /// A list.
    pub fn list(self, items: impl IntoIterator<Item = Node>) -> Node {
        Node { kind: Kind::Sequence(items.into_iter().collect()), span: self.0 }
    }

    /// The first document of a text of this program's own.
    pub fn yaml(self, text: &str) -> Node {
        let mut sources = Sources::new();
        let file = sources.add("", text);
        let mut documents = yaml::documents(&sources, file).documents;
        let mut node = if documents.is_empty() { self.map([]) } else { documents.swap_remove(0) };
        self.place(&mut node);
        node
    }

    fn place(self, node: &mut Node) {
        node.span = self.0;
        match &mut node.kind {
            Kind::Sequence(items) => items.iter_mut().for_each(|item| self.place(item)),
            Kind::Mapping(entries) => entries.iter_mut().for_each(|entry| {
                self.place(&mut entry.key);
                self.place(&mut entry.value);
            }),
            _ => {}
        }
    }
}

/// A scalar as text: a string, a number as written, `true` or `false`, nothing; `None` for lists and mappings.
pub(super) fn scalar(node: &Node) -> Option<String> {
    match &node.kind {
        Kind::Null => Some(String::new()),
        Kind::Bool(b) => Some(b.to_string()),
        Kind::Number(text) | Kind::String(text) => Some(text.clone()),
        Kind::Sequence(_) | Kind::Mapping(_) => None,
    }
}

/// The items of what has to be a list: none where there is nothing, an error where there is something else.
pub(super) fn items<'n>(node: Option<&'n Node>, name: &str, problems: &mut Vec<Problem>) -> &'n [Node] {
    match node {
        Some(Node { kind: Kind::Sequence(items), .. }) => items,
        Some(node) if node.kind != Kind::Null => {
            problems.push(wrong(node, name, "a list"));
            &[]
        }
        _ => &[],
    }
}

/// The entries of what has to be a mapping: none where there is nothing, an error where there is something else.
pub(super) fn entries<'n>(node: Option<&'n Node>, name: &str, problems: &mut Vec<Problem>) -> &'n [Entry] {
    match node {
        Some(Node { kind: Kind::Mapping(entries), .. }) => entries,
        Some(node) if node.kind != Kind::Null => {
            problems.push(wrong(node, name, "a mapping"));
            &[]
        }
        _ => &[],
    }
}

/// `name` is something else than `expected`.
pub(super) fn wrong(node: &Node, name: &str, expected: &str) -> Problem {
    Problem::error(format!("`{name}` is {expected}")).at(node.span).label(format!("this is {}", node.describe()))
}

/// Notes the keys of `node` that are not among `known`; a mistyped one is a warning.
pub(super) fn unknown(node: &Node, known: &[&str], of: &str, notes: &mut Vec<Problem>) {
    for entry in node.entries() {
        let Some(key) = entry.key.as_str().filter(|key| !known.contains(key)) else { continue };
        let problem = match crate::scenario::closest(key, known) {
            Some(close) => {
                Problem::warning(format!("`{key}` is no field of {of}")).label(format!("did you mean `{close}`?"))
            }
            None => Problem::note(format!("`{key}` of {of} is not known here and was not read")),
        };
        notes.push(problem.at(entry.key.span));
    }
}
