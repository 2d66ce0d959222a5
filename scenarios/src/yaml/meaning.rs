//! What the parts of a document mean to the managers' reader: tags, scalars, merge keys.

use granit_parser::{ScalarStyle, Tag};

use super::compose::{Failure, Tree};
use super::{Entry, Kind, base64, scalar};
use crate::diagnostic::Problem;
use crate::source::Span;

pub(super) fn sequence(items: Vec<Tree>) -> Kind {
    Kind::Sequence(items.into_iter().map(|t| t.node).collect())
}

/// Pairs keys and values up and puts merged entries in the place of `<<`; of a list of mappings the first wins, so it
/// comes last (kubernetes-sigs/yaml:goyaml.v2/decode.go `merge`).
pub(super) fn mapping(items: Vec<Tree>) -> Result<Kind, Failure> {
    let mut entries = Vec::with_capacity(items.len() / 2);
    let mut items = items.into_iter();
    while let (Some(key), Some(value)) = (items.next(), items.next()) {
        match &key.node.kind {
            _ if key.merge => {
                let bad = Failure {
                    problem: Problem::error("`<<` takes a mapping, or a list of mappings").at(value.node.span),
                    reader: "yaml: map merge requires map or sequence of maps as the value".into(),
                };
                match value.node.kind {
                    Kind::Mapping(merged) => entries.extend(merged),
                    Kind::Sequence(list) if !value.alias => {
                        for item in list.into_iter().rev() {
                            let Kind::Mapping(merged) = item.kind else { return Err(bad) };
                            entries.extend(merged);
                        }
                    }
                    _ => return Err(bad),
                }
            }
            Kind::Sequence(_) | Kind::Mapping(_) => {
                return Err(Failure {
                    problem: Problem::error("a key that is a list or a mapping")
                        .at(key.node.span)
                        .label("keys are strings in Kubernetes objects")
                        .help("if this is the `{{ … }}` of a template, render it first, as with `helm template`"),
                    reader: "yaml: invalid map key".into(),
                });
            }
            _ => entries.push(Entry { key: key.node, value: value.node }),
        }
    }
    Ok(Kind::Mapping(entries))
}

/// The name of a tag of YAML itself, such as `str`.
pub(super) fn core_tag(tag: &Tag) -> Option<&str> {
    // The parser splits the tag where the document does, so the prefix may end inside either part.
    match tag.handle() {
        "tag:yaml.org,2002:" => Some(tag.suffix()),
        "" | "!" => tag.suffix().strip_prefix("tag:yaml.org,2002:"),
        _ => None,
    }
}

pub(super) fn resolve(text: &str, style: ScalarStyle, tag: Option<&Tag>, span: Span) -> Result<Kind, Failure> {
    let core = match tag.map(core_tag) {
        None if style == ScalarStyle::Plain => None,
        Some(Some(core @ ("str" | "bool" | "int" | "float" | "null" | "timestamp"))) => Some(core),
        Some(Some("binary")) => {
            return match base64::decode(text) {
                Some(bytes) => Ok(Kind::String(String::from_utf8_lossy(&bytes).into_owned())),
                None => Err(Failure {
                    problem: Problem::error("a binary value that is no base64").at(span).label("expected base64"),
                    reader: "yaml: !!binary value contains invalid base64 data".into(),
                }),
            };
        }
        _ => Some("str"),
    };
    scalar::resolve(core, text).map_err(|found| {
        let wanted = core.unwrap_or("str");
        Failure {
            problem: Problem::error(format!("the tag says `{wanted}`, but the value is a `{found}`")).at(span),
            reader: format!("yaml: cannot decode !!{found} `{text}` as a !!{wanted}"),
        }
    })
}
