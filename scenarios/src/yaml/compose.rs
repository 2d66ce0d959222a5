//! Parser events to nodes, with aliases and places.

use std::collections::BTreeMap;
use std::ops::Range;

use granit_parser::{Event, Options, Parser, ScalarStyle};

use crate::diagnostic::Problem;
use crate::source::Span;

use super::bounds::Bounds;
use super::embedded::Origin;
use super::{Documents, Kind, MAX_DEPTH, Node, meaning, syntax};

/// Why a document could not be read: a problem for the user, and what the managers' reader says.
pub(super) struct Failure {
    pub problem: Problem,
    pub reader: String,
}

/// Reads every document of `text`.
pub(super) fn documents(text: &str, origin: &Origin) -> Documents {
    let mut out = Documents::default();
    let mut composer = match Composer::new(text, origin) {
        Ok(composer) => composer,
        Err(failure) => {
            out.problems.push(failure.problem);
            return out;
        }
    };
    loop {
        match composer.next_document() {
            Ok(Some(node)) => out.documents.push(node),
            Ok(None) => return out,
            Err(failure) => {
                out.problems.push(failure.problem);
                if !composer.skip_document() {
                    return out;
                }
            }
        }
    }
}

/// Reads the first document of `text`; `None` if there is none at all.
pub(super) fn first(text: &str, origin: &Origin) -> Result<Option<Node>, Failure> {
    Composer::new(text, origin)?.next_document()
}

struct Composer<'a> {
    text: &'a str,
    origin: &'a Origin,
    parser: Parser<'a, granit_parser::StrInput<'a>>,
    /// Finished anchored nodes by the parser's number, with their weight.
    anchors: BTreeMap<usize, Tree>,
    /// How much the document has become so far.
    bounds: Bounds,
    /// How far the text was seen.
    seen: usize,
}

/// A finished node with what the bounds need to know.
#[derive(Clone)]
pub(super) struct Tree {
    pub node: Node,
    pub size: usize,
    pub depth: usize,
    /// It was written as an alias.
    pub alias: bool,
    /// Where it ends in the text.
    pub end: usize,
    /// It is a plain `<<`, which merges where it is a key.
    pub merge: bool,
}

struct Frame {
    start: usize,
    anchor: usize,
    /// Items of a sequence; keys and values in turn of a mapping.
    items: Vec<Tree>,
    is_mapping: bool,
}

impl<'a> Composer<'a> {
    fn new(text: &'a str, origin: &'a Origin) -> Result<Composer<'a>, Failure> {
        if let Some((at, c)) = text.char_indices().find(|&(_, c)| !is_printable(c)) {
            return Err(Failure {
                problem: Problem::error("not YAML: the file holds control characters")
                    .at(origin.span(at, at + c.len_utf8()))
                    .label(format!("the character U+{:04X} is not allowed; is this a binary file?", c as u32)),
                reader: "yaml: control characters are not allowed".into(),
            });
        }
        let mut options = Options::default();
        options.emit_unresolved_aliases = true;
        options.emit_anchor_events = true;
        options.flow_nesting_limit = MAX_DEPTH;
        options.block_nesting_limit = MAX_DEPTH;
        let parser = Parser::new_from_str_with_options(text, options);
        Ok(Composer { text, origin, parser, anchors: BTreeMap::new(), bounds: Bounds::default(), seen: 0 })
    }

    /// After a failure: true if another document follows.
    fn skip_document(&mut self) -> bool {
        self.seen = self.text.len();
        self.parser.proceed_next_document().unwrap_or(false)
    }

    fn next_document(&mut self) -> Result<Option<Node>, Failure> {
        self.anchors.clear();
        self.bounds = Bounds::default();
        let mut frames: Vec<Frame> = Vec::new();
        let mut root: Option<Node> = None;
        let mut begun: Option<Span> = None;
        loop {
            let (event, at) = match self.parser.next_event() {
                None => return Ok(None),
                Some(Ok((event, span))) => {
                    let range = span.byte_range().unwrap_or(0..0);
                    let range = range.start..range.end.max(range.start);
                    self.check_tabs(&frames, range.start)?;
                    if matches!(event, Event::Scalar(..) | Event::Alias(_)) {
                        self.seen = self.seen.max(range.end);
                    }
                    (event, range)
                }
                Some(Err(error)) => {
                    let open = frames.last().and_then(|f| self.text.get(f.start..)?.chars().next());
                    return Err(syntax::failure(self.text, self.origin, &error, open));
                }
            };
            let (tree, anchor) = match event {
                Event::DocumentStart(_, version) => {
                    if version.is_some_and(|v| (v.major, v.minor) != (1, 1)) {
                        return Err(Failure {
                            problem: Problem::error("not the YAML that Kubernetes reads")
                                .at(self.origin.span(at.start, at.end))
                                .label("a `%YAML` directive of another version than 1.1 is refused"),
                            reader: "yaml: found incompatible YAML document".into(),
                        });
                    }
                    begun = Some(self.origin.span(at.start, at.end));
                    continue;
                }
                Event::DocumentEnd => {
                    let empty = begun.unwrap_or(self.origin.span(at.start, at.end));
                    return Ok(Some(root.unwrap_or(Node { kind: Kind::Null, span: empty })));
                }
                Event::StreamEnd => return Ok(None),
                Event::StreamStart => continue,
                Event::Anchor(_, name) => {
                    self.check_name(&name, at.start, at.end, "anchor")?;
                    continue;
                }
                Event::SequenceStart(_, anchor, _) => {
                    frames.push(Frame { start: at.start, anchor, items: Vec::new(), is_mapping: false });
                    continue;
                }
                Event::MappingStart(_, anchor, _) => {
                    frames.push(Frame { start: at.start, anchor, items: Vec::new(), is_mapping: true });
                    continue;
                }
                Event::SequenceEnd | Event::MappingEnd => {
                    let Some(frame) = frames.pop() else { continue };
                    let anchor = frame.anchor;
                    (self.close(frame, at.end)?, anchor)
                }
                Event::Scalar(text, style, anchor, tag) => {
                    let text = self.scalar_text(&text, style, at.clone());
                    let span = self.origin.span(at.start, at.end);
                    let kind = meaning::resolve(text, style, tag.as_deref(), span)?;
                    let plain = tag.is_none() && style == ScalarStyle::Plain;
                    let merge = text == "<<"
                        && (plain || tag.as_deref().is_some_and(|t| meaning::core_tag(t) == Some("merge")));
                    let node = Node { kind, span };
                    self.bounds.decoded(1);
                    (Tree { node, size: 1, depth: 0, alias: false, end: at.end, merge }, anchor)
                }
                Event::Alias(id) => {
                    let name = self.text.get(at.start..at.end).unwrap_or("*");
                    self.check_name(name.trim_start_matches('*'), at.start, at.end, "alias")?;
                    (self.expand(id, at.start, at.end)?, 0)
                }
                Event::UnresolvedAlias(name) => {
                    return Err(syntax::unknown_anchor(self.text, self.origin, at.start, at.end, &name));
                }
                _ => continue,
            };
            self.bounds.made(&tree, self.origin.span(at.start, at.start))?;
            if anchor != 0 {
                self.bounds.copied(tree.size);
                self.anchors.insert(anchor, tree.clone());
            }
            match frames.last_mut() {
                Some(frame) => frame.items.push(tree),
                None => root = Some(tree.node),
            }
        }
    }

    /// What the scalar says to the Go reader, where this parser has another view of it.
    fn scalar_text<'t>(&self, text: &'t str, style: ScalarStyle, at: Range<usize>) -> &'t str {
        let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        if at.is_empty() && style == ScalarStyle::Plain {
            ""
        } else if is_block && at.end >= self.text.len() && !self.text.ends_with(['\n', '\r']) {
            // A last line without an end has none in the text either.
            text.strip_suffix('\n').unwrap_or(text)
        } else {
            text
        }
    }

    /// Between two tokens in block context no line begins with a tab: the Go reader refuses it, this parser does not
    /// always (kubernetes-sigs/yaml:goyaml.v2/scannerc.go `yaml_parser_scan_to_next_token`).
    fn check_tabs(&mut self, frames: &[Frame], start: usize) -> Result<(), Failure> {
        let from = self.seen;
        self.seen = from.max(start);
        let in_flow = frames.iter().any(|f| self.text.get(f.start..).is_some_and(|t| t.starts_with(['[', '{'])));
        let Some(gap) = self.text.get(from..start).filter(|_| !in_flow) else { return Ok(()) };
        let line_start = from == 0 || self.text[..from].ends_with('\n');
        let mut offset = from;
        for (i, line) in gap.split_inclusive('\n').enumerate() {
            if (i > 0 || line_start) && line.trim_start_matches(' ').starts_with('\t') {
                return Err(syntax::tab(self.text, self.origin, offset));
            }
            offset += line.len();
        }
        Ok(())
    }

    /// The node an alias stands for.
    fn expand(&mut self, id: usize, start: usize, end: usize) -> Result<Tree, Failure> {
        let span = self.origin.span(start, end);
        let name = self.text.get(start..end).unwrap_or("").trim_start_matches('*').to_string();
        let Some(tree) = self.anchors.get(&id) else {
            return Err(Failure {
                problem: Problem::error("an alias inside the value it stands for")
                    .at(span)
                    .label(format!("`{name}` contains itself")),
                reader: format!("yaml: anchor '{name}' value contains itself"),
            });
        };
        self.bounds.aliased(tree.size, span)?;
        Ok(Tree { alias: true, end, merge: false, ..tree.clone() })
    }

    /// Names of anchors: the Go reader takes only letters, digits, `_` and `-`
    /// (kubernetes-sigs/yaml:goyaml.v2/scannerc.go `yaml_parser_scan_anchor`).
    fn check_name(&self, name: &str, start: usize, end: usize, what: &str) -> Result<(), Failure> {
        if name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-') {
            return Ok(());
        }
        Err(syntax::bad_anchor(self.text, self.origin, start, end, what))
    }

    fn close(&mut self, frame: Frame, end: usize) -> Result<Tree, Failure> {
        let start = frame.start;
        let mut size = 1;
        let mut depth = 0;
        for item in &frame.items {
            size += item.size;
            depth = depth.max(item.depth);
        }
        self.bounds.decoded(1);
        // A block collection ends where its last item does, not where the next token begins.
        let is_flow = self.text.get(start..).is_some_and(|t| t.starts_with(['[', '{']));
        let end = frame.items.last().filter(|_| !is_flow).map_or(end, |last| last.end).max(start);
        let span = self.origin.span(start, end);
        let kind = if frame.is_mapping { meaning::mapping(frame.items)? } else { meaning::sequence(frame.items) };
        Ok(Tree { node: Node { kind, span }, size, depth: depth + 1, alias: false, end, merge: false })
    }
}

/// The characters that the Go reader takes at all (kubernetes-sigs/yaml:goyaml.v2/readerc.go).
fn is_printable(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{A0}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}'
        | '\u{10000}'..)
}
