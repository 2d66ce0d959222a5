//! The committed answers of upstream's own packages, testbed/facts.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use leasehold_model::controller::Component;
use leasehold_model::facts::flags::Kind;
use leasehold_model::release::Release;
use serde_json::Value;

/// Every dump about one component, with its minor, the oldest first.
pub fn of(component: Component) -> Vec<(Release, Value)> {
    let folder = match component {
        Component::CloudControllerManager => "cloud-provider",
        Component::KubeControllerManager => "kcm",
    };
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../testbed/facts").join(folder);
    let mut dumps: Vec<(Release, Value)> = fs::read_dir(path)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "json"))
        .map(|path| {
            let minor = path.file_stem().unwrap().to_str().unwrap().parse().unwrap_or_else(|why| {
                panic!("{}: {why}; for a new release, raise Release::NEWEST", path.display());
            });
            (minor, serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap())
        })
        .collect();
    dumps.sort_by_key(|(release, _)| *release);
    dumps
}

/// The strings of a JSON list.
pub fn list(value: &Value) -> BTreeSet<String> {
    value.as_array().unwrap().iter().map(|v| v.as_str().unwrap().to_string()).collect()
}

/// A flag of a real command.
pub struct Flag<'a> {
    pub name: &'a str,
    pub kind: Kind,
    pub default: &'a str,
}

/// The flags of one dump; none if the command was not executed.
pub fn flags(component: Component, dump: &Value) -> Option<Vec<Flag<'_>>> {
    let field = match component {
        Component::CloudControllerManager => "ccmFlags",
        Component::KubeControllerManager => "flags",
    };
    let list = dump.get(field)?.as_array().unwrap();
    Some(
        list.iter()
            .map(|f| {
                let (name, kind, default) = (f[0].as_str().unwrap(), f[1].as_str().unwrap(), f[2].as_str().unwrap());
                Flag { name, kind: self::kind(name, kind), default }
            })
            .collect(),
    )
}

/// How a flag of upstream's type `kind` takes its value.
fn kind(name: &str, kind: &str) -> Kind {
    match kind {
        "bool" | "version" => Kind::Bool,
        "duration" => Kind::Duration,
        "stringSlice" => Kind::List,
        "mapStringBool" | "colonSeparatedMultimapStringString" if name == "feature-gates" => Kind::Gates,
        "int" | "int32" | "Level" => Kind::Int,
        _ => Kind::Text,
    }
}
