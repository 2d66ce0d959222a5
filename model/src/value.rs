//! A document as a YAML reader understood it: what the configuration decoder works on.
//!
//! Readers live elsewhere; the model only needs the tree. Mappings keep their order and their duplicate keys, because
//! whether a duplicate is an error depends on the release that reads it.

/// One node of a document.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// `null`, `~`, or nothing.
    Null,
    /// A boolean, in YAML 1.1's spellings: the Go reader takes `yes`, `no`, `on` and `off` as booleans too.
    Bool(bool),
    /// A number, as written.
    Number(String),
    /// A string.
    String(String),
    /// A sequence.
    Sequence(Vec<Value>),
    /// A mapping, with its entries as written, duplicates included.
    Mapping(Vec<(Value, Value)>),
}

impl Value {
    /// The last value under `key` (what a lax reader keeps), if this is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Value> {
        match self {
            Value::Mapping(entries) => {
                entries.iter().rev().find(|(k, _)| matches!(k, Value::String(k) if k == key)).map(|(_, v)| v)
            }
            _ => None,
        }
    }

    /// The text, if this is a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(text) => Some(text),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_two_values_counts() {
        let text = |text: &str| Value::String(text.to_owned());
        let entry = |key: Value, value: &str| (key, text(value));
        let mapping = Value::Mapping(vec![
            entry(text("a"), "1"),
            entry(Value::Null, "2"),
            entry(text("a"), "3"),
            entry(text("b"), "4"),
        ]);
        assert_eq!(mapping.get("a").and_then(Value::as_str), Some("3"));
        assert_eq!(mapping.get("b").and_then(Value::as_str), Some("4"));
        assert_eq!(mapping.get("c"), None);
        assert_eq!(mapping.as_str(), None);
        assert_eq!(text("a").get("a"), None);
    }
}
