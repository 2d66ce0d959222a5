//! From a document to a configuration, as `serializer.NewCodecFactory(scheme).UniversalDecoder()` does
//! (kubernetes/apimachinery:pkg/runtime/serializer/json/json.go Decode@v0.36.0).
//!
//! YAML is turned into JSON first, which keeps the last of duplicate keys and sorts them; JSON keeps its order. `kind`
//! and `apiVersion` are then found whatever their case, everything else only in its exact spelling. A strict release
//! refuses duplicate and unknown keys, and says so only of a document that otherwise decodes.

use std::fmt;

use super::kinds::{self, Shape};
use super::object::{Object, Reading, key_text};
use super::{ControllerLeader, MigrationConfig, quote};
use crate::facts::migration;
use crate::release::Release;
use crate::value::Value;

/// Why the real decoder refuses a document.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConfigError {
    /// What it prints, up to what depends on more than the document's content (the file's own text, line numbers, the
    /// scheme's name).
    pub message: String,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ConfigError {}

pub(super) fn error<T>(message: impl Into<String>) -> Result<T, ConfigError> {
    Err(ConfigError { message: message.into() })
}

/// The language a document is written in. A text that begins with `{` is JSON.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Syntax {
    /// YAML.
    Yaml,
    /// JSON.
    Json,
}

/// Decodes the first document of a YAML file as the managers of `release` do. Does not validate: see
/// [`validate`](super::validate()).
///
/// # Errors
/// What the real decoder says about a document of the wrong type, kind or shape.
pub fn decode(document: &Value, release: Release) -> Result<MigrationConfig, ConfigError> {
    decode_as(document, Syntax::Yaml, release)
}

/// The same for a document written in `syntax`.
///
/// # Errors
/// As [`decode`].
pub fn decode_as(document: &Value, syntax: Syntax, release: Release) -> Result<MigrationConfig, ConfigError> {
    let strict = migration::STRICT_DECODING.get(release) == Some(&true);
    let (api_version, kind) = type_meta(document, syntax)?;
    let shape = kinds::find(&api_version, &kind, release)?;
    let mut reading = Reading::new(syntax);
    let mut config =
        MigrationConfig { leader_name: String::new(), resource_lock: String::new(), controller_leaders: Vec::new() };
    match &shape {
        Shape::Migration(names) => {
            configuration(document, names, &mut config, &mut reading);
            if !names.has_resource_lock {
                config.resource_lock = "leases".into();
            }
        }
        Shape::Other(fields) | Shape::Inconvertible(fields) => {
            reading.object(document, "", fields, |_, _, _, _| {});
        }
    }
    if let Some(message) = reading.type_error {
        return error(message);
    }
    let (group, version) = api_version.split_once('/').unwrap_or(("", &api_version));
    if let Shape::Inconvertible(_) = shape {
        return error(kinds::not_internal(group, &kind));
    }
    if strict {
        if syntax == Syntax::Yaml
            && let Some(key) = duplicate(document)
        {
            return error(format!("key {} already set in map", quote(&key)));
        }
        if !reading.strict_errors.is_empty() {
            return error(format!("strict decoding error: {}", reading.strict_errors.join(", ")));
        }
    }
    match shape {
        Shape::Migration(_) => Ok(config),
        _ => error(format!("unexpected config type: {group}/{version}, Kind={kind}")),
    }
}

/// Reads `apiVersion` and `kind` (kubernetes/apimachinery:pkg/runtime/serializer/json/meta.go Interpret@v0.36.0).
fn type_meta(document: &Value, syntax: Syntax) -> Result<(String, String), ConfigError> {
    let (mut api_version, mut kind) = (String::new(), String::new());
    let failed = |what: String| format!("couldn't get version/kind; json parse error: json: cannot unmarshal {what}");
    let mut first_error = None;
    match document {
        Value::Null => {}
        Value::Mapping(entries) => {
            for (key, value) in Object::new(entries, syntax).iter() {
                let (slot, name) = match fold(&key).as_str() {
                    "apiversion" => (&mut api_version, "apiVersion"),
                    "kind" => (&mut kind, "kind"),
                    _ => continue,
                };
                match value {
                    Value::Null => {}
                    Value::String(text) => *slot = text.clone(),
                    other if first_error.is_none() => {
                        let what = format!("{} into Go struct field .{name} of type string", json_type(other));
                        first_error = Some(failed(what));
                    }
                    _ => {}
                }
            }
        }
        other => return error(failed(format!("{} into Go value of type struct", json_type(other)))),
    }
    if let Some(message) = first_error {
        return error(message);
    }
    if api_version.matches('/').count() > 1 {
        return error(format!("unexpected GroupVersion string: {api_version}"));
    }
    if kind.is_empty() {
        return error("Object 'Kind' is missing");
    }
    if api_version.rsplit('/').next().is_none_or(str::is_empty) {
        return error("Object 'apiVersion' is missing");
    }
    Ok((api_version, kind))
}

/// A key as Go's JSON folds it: case does not count, nor do the Kelvin sign and the long s.
fn fold(key: &str) -> String {
    key.chars()
        .map(|c| match c {
            '\u{212a}' => 'k',
            '\u{17f}' => 's',
            c => c.to_ascii_lowercase(),
        })
        .collect()
}

fn configuration(document: &Value, names: &kinds::Names, config: &mut MigrationConfig, reading: &mut Reading) {
    let owner = "LeaderMigrationConfiguration";
    reading.object(document, "", &names.fields, |reading, path, name, value| {
        let field = format!("{owner}.{name}");
        if name == names.leader_name {
            reading.string(value, &field, &mut config.leader_name);
        } else if name == names.resource_lock {
            reading.string(value, &field, &mut config.resource_lock);
        } else if name == names.controller_leaders {
            let element = format!("{}.ControllerLeaderConfiguration", names.package);
            let Some(items) = reading.array(value, &field, &element) else {
                if *value == Value::Null {
                    config.controller_leaders.clear();
                }
                return;
            };
            let leaders = &mut config.controller_leaders;
            leaders.resize(items.len(), ControllerLeader { name: String::new(), component: String::new() });
            for (i, (item, leader)) in items.iter().zip(leaders).enumerate() {
                reading.expect_object(item, &field, &element);
                let path = format!("{path}[{i}]");
                reading.object(item, &path, &names.entry_fields, |reading, _, key, value| {
                    let field = format!("ControllerLeaderConfiguration.{name}.{key}");
                    let slot = if key == names.name { &mut leader.name } else { &mut leader.component };
                    reading.string(value, &field, slot);
                });
            }
        }
    });
}

/// The first key that a YAML mapping anywhere in `value` has twice.
fn duplicate(value: &Value) -> Option<String> {
    match value {
        Value::Sequence(items) => items.iter().find_map(duplicate),
        Value::Mapping(entries) => {
            let mut seen: Vec<String> = Vec::new();
            entries.iter().find_map(|(key, value)| {
                let key = key_text(key);
                let found = duplicate(value).or_else(|| seen.contains(&key).then(|| key.clone()));
                seen.push(key);
                found
            })
        }
        _ => None,
    }
}

/// What Go's JSON decoder calls a value.
pub(super) fn json_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Sequence(_) => "array",
        Value::Mapping(_) => "object",
    }
}
