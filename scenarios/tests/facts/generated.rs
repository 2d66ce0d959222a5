//! The tables of `model` that are written from the dumps: `LEASEHOLD_UPDATE=1` writes them, else they are compared.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use leasehold_model::controller::Component;
use leasehold_model::facts::flags::{self, Kind};

use crate::dumps;

/// Minors, in order.
type Minors = BTreeSet<u8>;

#[test]
fn generated_flags() {
    let [kcm, ccm] = [Component::KubeControllerManager, Component::CloudControllerManager].map(|component| {
        let mut listed = Minors::new();
        let mut seen: BTreeMap<String, (Kind, Minors)> = BTreeMap::new();
        for (release, dump) in dumps::of(component) {
            for flag in dumps::flags(component, &dump).into_iter().flatten() {
                listed.insert(release.minor());
                if flags::deciding(component, flag.name).is_some() {
                    continue;
                }
                let (kind, minors) = seen.entry(flag.name.into()).or_insert((flag.kind, Minors::new()));
                assert_eq!(*kind, flag.kind, "{component} {release} {}: its kind changed", flag.name);
                minors.insert(release.minor());
            }
        }
        (listed, seen)
    });
    let mut text = format!(
        "{}use super::super::flags::Kind;\nuse super::super::span::{{NEVER, first, span}};\nuse super::{{Row, flag}};\n\n\
         /// The minors whose kube-controller-manager listed its flags.\n\
         pub const KCM_EXECUTED: &[u8] = &{};\n\n\
         /// The minors whose cloud-controller-manager library listed its flags.\n\
         pub const CCM_EXECUTED: &[u8] = &{};\n\n\
         pub(super) const FLAGS: &[Row] = &[\n",
        header("generated_flags"),
        array(&kcm.0),
        array(&ccm.0)
    );
    for name in kcm.1.keys().chain(ccm.1.keys()).collect::<BTreeSet<_>>() {
        let of = |(listed, seen): &(Minors, BTreeMap<String, (Kind, Minors)>)| {
            seen.get(name).map_or(("NEVER".into(), None), |(kind, minors)| (span(name, minors, listed), Some(*kind)))
        };
        let ((in_kcm, kind), (in_ccm, other)) = (of(&kcm), of(&ccm));
        assert!(kind.is_none() || other.is_none() || kind == other, "{name}: two kinds");
        let kind = kind.or(other).unwrap();
        writeln!(text, "    flag({name:?}, Kind::{kind:?}, {in_kcm}, {in_ccm}),").unwrap();
    }
    compare("known_flags", text + "];\n");
}

#[test]
fn generated_controllers() {
    let mut listed = Minors::new();
    let mut seen: BTreeMap<String, Minors> = BTreeMap::new();
    for (release, dump) in dumps::of(Component::KubeControllerManager) {
        listed.insert(release.minor());
        let aliases = dump["aliases"].as_object().unwrap().keys().cloned();
        let gated = dump.get("gatedControllers").map(dumps::list).unwrap_or_default();
        for name in dumps::list(&dump["knownControllers"]).into_iter().chain(gated).chain(aliases) {
            seen.entry(name).or_default().insert(release.minor());
        }
    }
    let mut rows = String::new();
    for (name, minors) in &seen {
        writeln!(rows, "    ({name:?}, {}),", span(name, minors, &listed)).unwrap();
    }
    let text = format!(
        "{}use super::Row;\nuse super::super::span::{};\n\n/// The minors whose list was read or executed.\n\
         pub const COMPLETE: &[u8] = &{};\n\npub(super) const NAMES: &[Row] = &[\n{rows}];\n",
        header("generated_controllers"),
        if rows.contains("span(") { "{first, span}" } else { "first" },
        array(&listed),
    );
    compare("kcm_controllers", text);
}

/// The releases of `minors`, in Rust, if `listed` are those that were asked.
fn span(name: &str, minors: &Minors, listed: &Minors) -> String {
    let (first, last) = (minors.first().unwrap(), minors.last().unwrap());
    let between: Minors = listed.range(first..=last).copied().collect();
    assert_eq!(*minors, between, "{name} went and came back: the table has no room for that");
    if last == listed.last().unwrap() { format!("first({first})") } else { format!("span({first}, {last})") }
}

fn array(minors: &Minors) -> String {
    format!("{:?}", minors.iter().collect::<Vec<_>>())
}

fn header(test: &str) -> String {
    format!(
        "//! Generated from testbed/facts by the test `{test}` of leasehold-scenarios (ci/generated); not edited.\n\n"
    )
}

fn compare(table: &str, text: String) {
    let path = format!("{}/../model/src/facts/{table}/table.rs", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("LEASEHOLD_UPDATE").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == text, "{path} is not what the dumps say: run the tests with LEASEHOLD_UPDATE=1");
}
