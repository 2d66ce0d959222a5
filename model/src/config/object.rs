//! Reading one JSON object after another into typed fields, with the errors Go's decoder collects
//! (kubernetes-sigs/json:internal/golang/encoding/json/decode.go object@9aa6b5e7a4b3).

use super::decode::{Syntax, json_type};
use super::quote;
use crate::value::Value;

/// The entries of a mapping as the JSON decoder meets them.
pub(super) struct Object<'a> {
    entries: Vec<(String, &'a Value)>,
}

impl<'a> Object<'a> {
    /// In YAML the last of duplicate keys, in the order of the keys; in JSON everything as written.
    pub(super) fn new(entries: &'a [(Value, Value)], syntax: Syntax) -> Object<'a> {
        let mut object = Object { entries: entries.iter().map(|(k, v)| (key_text(k), v)).collect() };
        if syntax == Syntax::Yaml {
            object.entries.reverse();
            object.entries.sort_by(|(a, _), (b, _)| a.cmp(b));
            object.entries.dedup_by(|(later, _), (kept, _)| later == kept);
        }
        object
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (String, &'a Value)> {
        self.entries.iter().map(|(k, v)| (k.clone(), *v))
    }
}

/// What is collected while a document is read.
pub(super) struct Reading {
    syntax: Syntax,
    /// The first value of a wrong type.
    pub(super) type_error: Option<String>,
    /// Unknown fields and, in JSON, duplicate ones: errors for strict releases.
    pub(super) strict_errors: Vec<String>,
}

impl Reading {
    pub(super) fn new(syntax: Syntax) -> Reading {
        Reading { syntax, type_error: None, strict_errors: Vec::new() }
    }

    /// Calls `read` with the path, name and value of each known field of `value`, which stands at `path`; nothing if
    /// `value` is no object.
    pub(super) fn object(
        &mut self,
        value: &Value,
        path: &str,
        known: &[&'static str],
        mut read: impl FnMut(&mut Reading, &str, &'static str, &Value),
    ) {
        let Value::Mapping(entries) = value else { return };
        let mut seen: Vec<&str> = Vec::new();
        for (key, value) in Object::new(entries, self.syntax).iter() {
            let place = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            let Some(&name) = known.iter().find(|name| **name == key) else {
                self.strict_error(format!("unknown field {}", quote(&place)));
                continue;
            };
            if seen.contains(&name) {
                self.strict_error(format!("duplicate field {}", quote(&place)));
            }
            seen.push(name);
            read(self, &place, name, value);
        }
    }

    fn strict_error(&mut self, message: String) {
        if !self.strict_errors.contains(&message) {
            self.strict_errors.push(message);
        }
    }

    /// Stores a string; `null` leaves what is there.
    pub(super) fn string(&mut self, value: &Value, field: &str, slot: &mut String) {
        match value {
            Value::Null => {}
            Value::String(text) => *slot = text.clone(),
            other => self.wrong_type(other, field, "string"),
        }
    }

    /// The items of an array of `element`.
    pub(super) fn array<'a>(&mut self, value: &'a Value, field: &str, element: &str) -> Option<&'a [Value]> {
        match value {
            Value::Sequence(items) => return Some(items),
            Value::Null => {}
            other => self.wrong_type(other, field, &format!("[]{element}")),
        }
        None
    }

    /// Notes an array element that is no object.
    pub(super) fn expect_object(&mut self, value: &Value, field: &str, element: &str) {
        if !matches!(value, Value::Null | Value::Mapping(_)) {
            self.wrong_type(value, field, element);
        }
    }

    fn wrong_type(&mut self, value: &Value, field: &str, wanted: &str) {
        let message =
            format!("json: cannot unmarshal {} into Go struct field {field} of type {wanted}", json_type(value));
        self.type_error.get_or_insert(message);
    }
}

/// A mapping key as the JSON that YAML is turned into spells it.
pub(super) fn key_text(key: &Value) -> String {
    match key {
        Value::String(text) | Value::Number(text) => text.clone(),
        Value::Bool(value) => value.to_string(),
        Value::Null => "null".into(),
        Value::Sequence(_) | Value::Mapping(_) => String::new(),
    }
}
