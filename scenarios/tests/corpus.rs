//! Our reader, decoder, validator and filter against upstream's, on every text of testbed/facts and every minor that
//! was executed: hand-written texts (corpus.json) and 3,000 generated ones.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use leasehold_model::config::{self, Filter, Syntax};
use leasehold_model::controller::Component;
use leasehold_model::release::Release;
use leasehold_scenarios::yaml::parse_first_document;
use serde_json::Value;

fn facts(name: &str) -> Value {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../testbed/facts").join(name);
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// The names both filters were asked about, in the order of their letters.
const FILTER_KEYS: [&str; 14] = [
    "service",
    "route",
    "cloud-node-lifecycle",
    "cloud-node",
    "nodeipam",
    "service-lb-controller",
    "node-route-controller",
    "cloud-node-lifecycle-controller",
    "cloud-node-controller",
    "node-ipam-controller",
    "service-controller",
    "route-controller",
    "node-ipam",
    "deployment-controller",
];

/// One letter for each filter key: migrated, non-migrated, unowned.
fn letters(config: &config::MigrationConfig, component: Component, release: Release) -> String {
    FILTER_KEYS
        .iter()
        .map(|key| match config::filter(config, component, key, release) {
            Filter::Migrated => 'M',
            Filter::NonMigrated => 'N',
            Filter::Unowned => 'U',
        })
        .collect()
}

/// Our answer to one text, in the form of the recorded answers.
fn answer(text: &str, release: Release) -> Value {
    let syntax = if text.trim_start().starts_with('{') { Syntax::Json } else { Syntax::Yaml };
    let decoded = parse_first_document(text)
        .and_then(|document| config::decode_as(&document, syntax, release).map_err(|error| error.message));
    match decoded {
        Err(message) => message.into(),
        Ok(config) => {
            let leaders: Vec<Value> =
                config.controller_leaders.iter().map(|l| vec![l.name.clone(), l.component.clone()].into()).collect();
            serde_json::json!([
                config.leader_name,
                config.resource_lock,
                leaders,
                config::validate(&config, release),
                letters(&config, Component::KubeControllerManager, release),
                letters(&config, Component::CloudControllerManager, release),
            ])
        }
    }
}

/// True if our refusal is upstream's, as far as it depends on nothing but the document: what upstream adds is the text
/// of the file, the line of a duplicate key, and the name of the scheme. Generated answers are cut after 80 characters.
fn same(ours: &Value, real: &Value, release: Release) -> bool {
    let (Some(ours), Some(real)) = (ours.as_str(), real.as_str()) else { return ours == real };
    let (cut, real) = match real.split_once(": key ") {
        Some((lines, _)) if lines.starts_with("strict decoding error: yaml: unmarshal errors:\n  line ") => {
            (real.chars().count() == 80, &real[lines.len() + 2..])
        }
        _ => (real.chars().count() == 80, real),
    };
    real.starts_with(ours) || cut && ours.starts_with(real) || both(ours, real, "yaml: ")
        // Syntax errors of the two languages: refused alike, not always in the same words.
        || both(ours, real, "couldn't get version/kind; json parse error: ") && !ours.contains("cannot unmarshal")
        // Up to 1.22 json-iterator read the fields, whose words depend on their order in the file.
        || release.minor() <= 22 && ours.starts_with("json: cannot unmarshal") && real.starts_with("v1")
}

fn both(ours: &str, real: &str, start: &str) -> bool {
    ours.starts_with(start) && real.starts_with(start)
}

/// What the reader takes differently from go-yaml v2, all of it refused by one of them and rare in files people write:
/// byte order marks inside a document, a comment right behind a quote, `<<` as a value, `!!binary` and the non-specific
/// tag, directives, line ends of other alphabets, lone surrogates, null keys, control characters.
fn reader_differs(text: &str) -> bool {
    let inside = text.chars().skip(1).collect::<String>();
    inside.contains('\u{feff}')
        || text.contains("\"#not")
        || text.contains("'#not")
        || text.contains("!!binary")
        || text.contains(": ! 5")
        || text.starts_with('%')
        || text.contains(['\u{85}', '\u{2028}', '\u{2029}', '\0'])
        || text.contains("\\ud800")
        || text.contains("\n~: x")
        || text.contains("\n5: x\n\"5\": y")
        || ["name: <<", "component: <<", "&c <<", "kind: <<", "Version: <<", "Name: <<", "Lock: <<"]
            .iter()
            .any(|merge| text.contains(merge))
}

/// The recorded answers of every executed minor. Each layer holds what differs from the one before it.
fn answers(name: &str) -> BTreeMap<Release, BTreeMap<String, Value>> {
    let mut all = BTreeMap::new();
    let mut current: BTreeMap<String, Value> = BTreeMap::new();
    for layer in facts(name)["layers"].as_array().unwrap() {
        let changes = layer["answers"].as_object().unwrap();
        current.extend(changes.iter().map(|(k, v)| (k.clone(), v.clone())));
        for minor in layer["minors"].as_array().unwrap() {
            all.insert(minor.as_str().unwrap().parse().unwrap(), current.clone());
        }
    }
    all
}

fn compare(texts: &BTreeMap<String, String>, recorded: &str) -> (usize, Vec<String>) {
    let mut compared = 0;
    let mut wrong = Vec::new();
    for (release, answers) in answers(recorded) {
        assert_eq!(answers.len(), texts.len(), "{release}");
        for (name, real) in &answers {
            let ours = answer(&texts[name], release);
            compared += 1;
            if !same(&ours, real, release) && !reader_differs(&texts[name]) {
                wrong.push(format!("{release} {name}\n  real {real}\n  ours {ours}\n  text {:?}", texts[name]));
            }
        }
    }
    (compared, wrong)
}

#[test]
fn hand_written_texts_get_upstream_s_answers() {
    let texts: BTreeMap<String, String> = facts("corpus.json")
        .as_array()
        .unwrap()
        .iter()
        .map(|d| (d["name"].as_str().unwrap().into(), d["text"].as_str().unwrap().into()))
        .collect();
    let (compared, wrong) = compare(&texts, "corpus-answers.json");
    assert!(compared >= 5 * 300, "{compared}");
    assert!(wrong.is_empty(), "{} of {compared} differ\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn generated_texts_get_upstream_s_answers() {
    let texts: BTreeMap<String, String> = facts("generated.json")
        .as_array()
        .unwrap()
        .iter()
        .enumerate()
        .map(|(i, text)| (i.to_string(), text.as_str().unwrap().into()))
        .collect();
    assert!(texts.len() >= 2_000);
    let (compared, wrong) = compare(&texts, "generated-answers.json");
    assert!(compared >= 5 * texts.len(), "{compared}");
    assert!(wrong.is_empty(), "{} of {compared} differ\n{}", wrong.len(), wrong.join("\n"));
}
