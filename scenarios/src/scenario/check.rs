//! A node against a JSON Schema, all errors at once, each with its place.
//!
//! Knows the keywords that our own generated schema uses and no others; a test of `schema/` fails when one is added.

use serde_json::Value as Json;

use super::duration::{self, Duration};
use crate::diagnostic::Problem;
use crate::source::Sources;
use crate::yaml::{Kind, Node};

/// The keywords of JSON Schema that are checked, and those that say nothing about validity.
pub const KEYWORDS: [&str; 17] = [
    "type",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "enum",
    "const",
    "oneOf",
    "anyOf",
    "minimum",
    "maximum",
    "$ref",
    "$defs",
    "$schema",
    "title",
    "description",
    "default",
];

/// Appends what `node` has against `schema`.
pub fn check(schema: &Json, node: &Node, sources: &Sources, problems: &mut Vec<Problem>) {
    Checker { root: schema, sources }.node(schema, node, problems);
}

struct Checker<'a> {
    root: &'a Json,
    sources: &'a Sources,
}

impl Checker<'_> {
    fn resolve<'s>(&'s self, schema: &'s Json) -> &'s Json {
        match schema.get("$ref").and_then(Json::as_str).and_then(|r| r.strip_prefix('#')) {
            Some(pointer) => self.root.pointer(pointer).unwrap_or(schema),
            None => schema,
        }
    }

    fn node(&self, schema: &Json, node: &Node, problems: &mut Vec<Problem>) {
        let schema = self.resolve(schema);
        if let Some(options) = schema.get("anyOf").and_then(Json::as_array) {
            // Only optional values: something or null.
            if node.kind == Kind::Null {
                return;
            }
            let option = options.iter().find(|o| o.get("type").and_then(Json::as_str) != Some("null"));
            return option.into_iter().for_each(|option| self.node(option, node, problems));
        }
        if let Some(allowed) = allowed_strings(schema) {
            return self.one_of(&allowed, node, problems);
        }
        if schema.get("format").and_then(Json::as_str) == Some(duration::FORMAT) && node.kind != Kind::Null {
            return self.duration(node, problems);
        }
        let types: Vec<&str> = match schema.get("type") {
            Some(Json::String(t)) => vec![t],
            Some(Json::Array(list)) => list.iter().filter_map(Json::as_str).collect(),
            _ => Vec::new(),
        };
        if !types.is_empty() && !types.iter().any(|t| is_a(node, t)) {
            return problems.push(self.wrong_type(types[0], node));
        }
        match &node.kind {
            Kind::Mapping(_) => self.mapping(schema, node, problems),
            Kind::Sequence(items) => {
                if let Some(schema) = schema.get("items") {
                    items.iter().for_each(|item| self.node(schema, item, problems));
                }
            }
            Kind::Number(text) => self.range(schema, node, text, problems),
            _ => {}
        }
    }

    fn mapping(&self, schema: &Json, node: &Node, problems: &mut Vec<Problem>) {
        let Some(properties) = schema.get("properties").and_then(Json::as_object) else {
            let values = schema.get("additionalProperties").filter(|values| values.is_object());
            return values.into_iter().for_each(|values| {
                node.entries().iter().for_each(|entry| self.node(values, &entry.value, problems));
            });
        };
        for entry in node.entries() {
            let key = entry.key.as_str().unwrap_or_else(|| self.sources.slice(entry.key.span));
            match properties.get(key) {
                Some(schema) => self.node(schema, &entry.value, problems),
                None => {
                    let known: Vec<&str> = properties.keys().map(String::as_str).collect();
                    problems.push(Problem::error(format!("unknown field `{key}`")).at(entry.key.span).label(
                        match closest(key, &known) {
                            Some(close) => format!("did you mean `{close}`?"),
                            None => format!("expected one of {}", known.join(", ")),
                        },
                    ));
                }
            }
        }
        for required in schema.get("required").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str) {
            if node.get(required).is_none() {
                let at = node.entries().first().map_or(node.span, |e| e.key.span);
                problems.push(
                    Problem::error(format!("missing field `{required}`"))
                        .at(at)
                        .label(format!("this mapping needs `{required}`")),
                );
            }
        }
    }

    fn one_of(&self, allowed: &[&str], node: &Node, problems: &mut Vec<Problem>) {
        let text = node.as_str().unwrap_or_else(|| self.sources.slice(node.span));
        if node.as_str().is_some_and(|text| allowed.contains(&text)) {
            return;
        }
        problems.push(Problem::error(format!("unknown value `{}`", shortened(text))).at(node.span).label(
            match (allowed, closest(text, allowed)) {
                ([only], _) => format!("expected `{only}`"),
                (_, Some(close)) => format!("did you mean `{close}`? (one of {})", allowed.join(", ")),
                _ => format!("expected one of {}", allowed.join(", ")),
            },
        ));
    }

    fn duration(&self, node: &Node, problems: &mut Vec<Problem>) {
        let text = node.as_str().unwrap_or_else(|| self.sources.slice(node.span));
        let read = node.as_str().ok_or_else(|| Duration::EXPECTED.to_string()).and_then(Duration::parse);
        if let Err(expected) = read {
            problems
                .push(Problem::error(format!("`{}` is no duration", shortened(text))).at(node.span).label(expected));
        }
    }

    fn range(&self, schema: &Json, node: &Node, text: &str, problems: &mut Vec<Problem>) {
        let bound = |key: &str| schema.get(key).and_then(Json::as_f64);
        let (Some(low), Some(high)) = (bound("minimum"), bound("maximum")) else { return };
        if !text.parse::<f64>().is_ok_and(|n| (low..=high).contains(&n)) {
            problems.push(
                Problem::error(format!("{text} is out of range"))
                    .at(node.span)
                    .label(format!("expected a number from {low} to {high}")),
            );
        }
    }

    fn wrong_type(&self, wanted: &str, node: &Node) -> Problem {
        let article = match wanted {
            "array" => "a list",
            "object" => "a mapping",
            "integer" => "a whole number",
            "boolean" => "true or false",
            _ => "a string",
        };
        let problem = Problem::error(format!("expected {article}")).at(node.span);
        match (wanted, &node.kind) {
            ("string", Kind::Number(_) | Kind::Bool(_)) => problem.label(format!(
                "YAML reads {} here; write \"{}\"",
                node.describe(),
                shortened(self.sources.slice(node.span))
            )),
            _ => problem.label(format!("this is {}", node.describe())),
        }
    }
}

fn is_a(node: &Node, wanted: &str) -> bool {
    match (&node.kind, wanted) {
        (Kind::Null, "null")
        | (Kind::Bool(_), "boolean")
        | (Kind::Number(_), "number")
        | (Kind::String(_), "string")
        | (Kind::Sequence(_), "array")
        | (Kind::Mapping(_), "object") => true,
        (Kind::Number(text), "integer") => text.parse::<u64>().is_ok(),
        _ => false,
    }
}

/// The strings that an enumeration allows; `None` if the schema is none.
fn allowed_strings(schema: &Json) -> Option<Vec<&str>> {
    if let Some(list) = schema.get("enum") {
        return list.as_array()?.iter().map(Json::as_str).collect();
    }
    schema.get("oneOf")?.as_array()?.iter().map(|option| option.get("const")?.as_str()).collect()
}

/// The candidate that a mistyped word most probably means.
pub fn closest<'c>(word: &str, candidates: &[&'c str]) -> Option<&'c str> {
    let lower = word.to_lowercase();
    candidates
        .iter()
        .map(|c| (strsim::damerau_levenshtein(&lower, &c.to_lowercase()), *c))
        .filter(|(distance, c)| *distance <= 1 + c.len().min(word.len()) / 4)
        .min()
        .map(|(_, c)| c)
}

fn shortened(text: &str) -> String {
    let line = text.lines().next().unwrap_or("");
    if line.chars().count() <= 40 && line.len() == text.len() {
        return text.to_string();
    }
    line.chars().take(40).chain("…".chars()).collect()
}
