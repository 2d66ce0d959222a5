//! The committed JSON Schema is the one that the types generate, and uses only keywords that the reader checks.

use std::collections::BTreeSet;

use leasehold_scenarios::scenario::{KEYWORDS, schema};
use serde_json::Value;

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/scenario.v1alpha1.json");

fn generated() -> String {
    serde_json::to_string_pretty(&schema()).unwrap() + "\n"
}

#[test]
fn generated_scenario_schema() {
    if std::env::var_os("LEASEHOLD_UPDATE").is_some() {
        std::fs::write(PATH, generated()).unwrap();
    }
    let committed = std::fs::read_to_string(PATH).unwrap_or_default();
    assert!(committed == generated(), "{PATH} is not what the types say: run the tests with LEASEHOLD_UPDATE=1");
}

#[test]
fn every_keyword_of_the_schema_is_checked() {
    fn keywords(value: &Value, is_names: bool, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    if !is_names {
                        found.insert(key.clone());
                    }
                    let names = !is_names && (key == "properties" || key == "$defs");
                    if key != "default" || is_names {
                        keywords(value, names, found);
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| keywords(item, false, found)),
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    keywords(&schema(), false, &mut found);
    // `format` comes with integers and restricts nothing that `minimum` and `maximum` do not.
    let unknown: Vec<_> = found.iter().filter(|k| !KEYWORDS.contains(&k.as_str()) && *k != "format").collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}
