//! From a document to a configuration, as `serializer.NewCodecFactory(scheme).UniversalDecoder()` does
//! (kubernetes/apimachinery:pkg/runtime/serializer/json/json.go Decode@v0.36.0).
//!
//! Keys are case-sensitive. A lax release takes the last of duplicate keys and ignores unknown ones; a strict one
//! refuses both, and says so only after the document has otherwise decoded.

use std::fmt;

use super::{ControllerLeader, MigrationConfig, quote};
use crate::facts::migration::{self, ApiVersion};
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

fn error<T>(message: impl Into<String>) -> Result<T, ConfigError> {
    Err(ConfigError { message: message.into() })
}

/// Decodes the first document of a file as the managers of `release` do. Does not validate: see
/// [`validate`](super::validate()).
///
/// # Errors
/// What the real decoder says about a document of the wrong type, kind or shape.
pub fn decode(document: &Value, release: Release) -> Result<MigrationConfig, ConfigError> {
    let strict = migration::STRICT_DECODING.get(release) == Some(&true);
    let version = recognise(document, release)?;
    let mut found = Strictness::default();
    let config = configuration(document, version, &mut found)?;
    if strict {
        found.report()?;
    }
    Ok(config)
}

/// Reads `apiVersion` and `kind`, and finds the type they name.
fn recognise(document: &Value, release: Release) -> Result<ApiVersion, ConfigError> {
    let empty = Vec::new();
    let entries = match document {
        Value::Mapping(entries) => entries,
        Value::Null => &empty,
        other => {
            return error(format!(
                "couldn't get version/kind; json parse error: json: cannot unmarshal {} into Go value of type struct",
                json_type(other)
            ));
        }
    };
    let text = |key: &str, field: &str| match last(entries, key) {
        None | Some(Value::Null) => Ok(""),
        Some(Value::String(text)) => Ok(text.as_str()),
        Some(other) => error(format!(
            "couldn't get version/kind; json parse error: json: cannot unmarshal {} into Go struct field .{field} of type string",
            json_type(other)
        )),
    };
    let api_version = text("apiVersion", "apiVersion")?;
    let kind = text("kind", "kind")?;
    if api_version.matches('/').count() > 1 {
        return error(format!("unexpected GroupVersion string: {api_version}"));
    }
    if kind.is_empty() {
        return error("Object 'Kind' is missing");
    }
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    if version.is_empty() {
        return error("Object 'apiVersion' is missing");
    }
    let known = migration::API_VERSIONS.get(release).copied().unwrap_or_default();
    match known.iter().find(|v| v.name == version && group == migration::GROUP && kind == migration::KIND) {
        Some(&version) => Ok(version),
        None => error(format!("no kind {} is registered for version {}", quote(kind), quote(api_version))),
    }
}

/// What a strict decoder finds besides.
#[derive(Default)]
struct Strictness {
    duplicates: Vec<String>,
    unknown: Vec<String>,
}

impl Strictness {
    fn report(self) -> Result<(), ConfigError> {
        if let Some(key) = self.duplicates.first() {
            return error(format!("key {} already set in map", quote(key)));
        }
        if self.unknown.is_empty() {
            return Ok(());
        }
        let unknown: Vec<String> = self.unknown.iter().map(|path| format!("unknown field {}", quote(path))).collect();
        error(format!("strict decoding error: {}", unknown.join(", ")))
    }

    /// Notes the duplicate and unknown keys of one mapping.
    fn look_at(&mut self, entries: &[(Value, Value)], path: &str, known: &[&str]) {
        let mut seen: Vec<String> = Vec::new();
        for (key, _) in entries {
            let key = key_text(key);
            if seen.contains(&key) {
                self.duplicates.push(key.clone());
            } else if !known.contains(&key.as_str()) {
                self.unknown.push(if path.is_empty() { key.clone() } else { format!("{path}.{key}") });
            }
            seen.push(key);
        }
    }
}

fn configuration(
    document: &Value,
    version: ApiVersion,
    found: &mut Strictness,
) -> Result<MigrationConfig, ConfigError> {
    let Value::Mapping(entries) = document else { return error("not an object") };
    let lock = if version.has_resource_lock { "resourceLock" } else { "" };
    found.look_at(entries, "", &["apiVersion", "kind", "leaderName", "controllerLeaders", lock]);
    let field = |key: &str| string(last(entries, key), "LeaderMigrationConfiguration", key);
    let leader_name = field("leaderName")?;
    let resource_lock = if version.has_resource_lock { field("resourceLock")? } else { "leases".into() };
    let mut controller_leaders = Vec::new();
    match last(entries, "controllerLeaders") {
        None | Some(Value::Null) => {}
        Some(Value::Sequence(items)) => {
            for (i, item) in items.iter().enumerate() {
                controller_leaders.push(leader(item, version, &format!("controllerLeaders[{i}]"), found)?);
            }
        }
        Some(other) => {
            return error(format!(
                "json: cannot unmarshal {} into Go struct field LeaderMigrationConfiguration.controllerLeaders of type []{}.ControllerLeaderConfiguration",
                json_type(other),
                version.name
            ));
        }
    }
    Ok(MigrationConfig { leader_name, resource_lock, controller_leaders })
}

fn leader(
    item: &Value,
    version: ApiVersion,
    path: &str,
    found: &mut Strictness,
) -> Result<ControllerLeader, ConfigError> {
    let entries = match item {
        Value::Mapping(entries) => entries.as_slice(),
        Value::Null => &[],
        other => {
            return error(format!(
                "json: cannot unmarshal {} into Go struct field LeaderMigrationConfiguration.controllerLeaders of type {}.ControllerLeaderConfiguration",
                json_type(other),
                version.name
            ));
        }
    };
    found.look_at(entries, path, &["name", "component"]);
    let field = |key: &str| string(last(entries, key), "ControllerLeaderConfiguration", key);
    Ok(ControllerLeader { name: field("name")?, component: field("component")? })
}

fn string(value: Option<&Value>, owner: &str, field: &str) -> Result<String, ConfigError> {
    match value {
        None | Some(Value::Null) => Ok(String::new()),
        Some(Value::String(text)) => Ok(text.clone()),
        Some(other) => error(format!(
            "json: cannot unmarshal {} into Go struct field {owner}.{field} of type string",
            json_type(other)
        )),
    }
}

/// The last value under `key`: what remains of duplicates.
fn last<'a>(entries: &'a [(Value, Value)], key: &str) -> Option<&'a Value> {
    entries.iter().rev().find(|(k, _)| key_text(k) == key).map(|(_, v)| v)
}

/// A mapping key as the JSON that YAML is turned into spells it.
fn key_text(key: &Value) -> String {
    match key {
        Value::String(text) | Value::Number(text) => text.clone(),
        Value::Bool(value) => value.to_string(),
        _ => String::new(),
    }
}

/// What Go's JSON decoder calls a value.
fn json_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Sequence(_) => "array",
        Value::Mapping(_) => "object",
    }
}
