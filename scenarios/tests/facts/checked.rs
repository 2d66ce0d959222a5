//! An entry of the tables says `executed` for just those releases whose dump answers its question.

use std::collections::BTreeSet;

use leasehold_model::controller::{Component, Controller};
use leasehold_model::facts::{Checked, Table, controllers, gates, kcm, locks, migration, providers, rbac};
use serde_json::Value;

use crate::dumps;

type Minors = BTreeSet<u8>;

/// The minors whose dump about `component` has an executed answer under `key`.
fn executed(component: Component, key: &str) -> Minors {
    let answers = |dump: &Value| {
        let read = dump["read"]["keys"].as_array().is_some_and(|keys| keys.iter().any(|k| k == key));
        dump["how"] == "executed" && dump.get(key).is_some() && !read
    };
    dumps::of(component).iter().filter(|(_, dump)| answers(dump)).map(|(release, _)| release.minor()).collect()
}

/// The minors whose decoder, validator and filter answered the corpus.
fn corpus() -> Minors {
    let text = include_str!("../../../testbed/facts/corpus-answers.json");
    let answers: Value = serde_json::from_str(text).unwrap();
    let layers = answers["layers"].as_array().unwrap().iter();
    layers
        .flat_map(|layer| dumps::list(&layer["minors"]))
        .map(|m| m.trim_start_matches("0.").parse().unwrap())
        .collect()
}

/// Adds to `wrong` every entry of `table` that does not say just those of `executed` that it covers.
fn compare<T>(name: &str, table: Table<T>, executed: &Minors, wrong: &mut Vec<String>) {
    for fact in table.0 {
        let said: Minors = match fact.checked {
            Checked::Executed(minors) => minors.iter().copied().collect(),
            Checked::Read => Minors::new(),
        };
        let until = fact.until.map_or(u8::MAX, |until| until.minor());
        let right: Minors = executed.range(fact.since.minor()..=until).copied().collect();
        if said != right {
            wrong.push(format!("{name} since {}: {:?}", fact.since, Vec::from_iter(right)));
        }
    }
}

#[test]
fn every_entry_says_which_releases_were_executed() {
    let kcm = |key| executed(Component::KubeControllerManager, key);
    let ccm = |key| executed(Component::CloudControllerManager, key);
    let both = |ours, theirs| &kcm(ours) & &ccm(theirs);
    let wrong = &mut Vec::new();
    for (component, executed) in [
        (Component::KubeControllerManager, kcm("controllers")),
        (Component::CloudControllerManager, ccm("ccmControllers")),
    ] {
        for controller in Controller::ALL {
            compare(&format!("{component} {controller}"), controllers::keys(component, controller), &executed, wrong);
        }
    }
    compare("token controller", controllers::TOKEN_CONTROLLER, &kcm("controllers"), wrong);
    compare("aliases", controllers::ALIASES, &both("aliases", "ccmAliases"), wrong);
    let gates_of_both = both("featureGates", "ccmFeatureGates");
    compare("leader migration gate", gates::LEADER_MIGRATION, &gates_of_both, wrong);
    compare("coordinated election gate", gates::COORDINATED_LEADER_ELECTION, &gates_of_both, wrong);
    compare("release on exit gate", gates::RELEASE_LOCK_ON_EXIT, &gates_of_both, wrong);
    let gates_of_kcm = kcm("featureGates");
    compare("cloud providers gate", gates::DISABLE_CLOUD_PROVIDERS, &gates_of_kcm, wrong);
    compare("kubelet's gate", gates::DISABLE_KUBELET_CLOUD_CREDENTIAL_PROVIDERS, &gates_of_kcm, wrong);
    compare("gates after the line", gates::CHECKED_AFTER_LINE, &kcm("launches"), wrong);
    compare("API versions", migration::API_VERSIONS, &corpus(), wrong);
    compare("strict decoding", migration::STRICT_DECODING, &corpus(), wrong);
    compare("terse validation", migration::TERSE_VALIDATION, &corpus(), wrong);
    compare("wildcard", migration::WILDCARD, &corpus(), wrong);
    compare("built-in configuration", migration::DEFAULT_CONTROLLERS, &ccm("defaultConfiguration"), wrong);
    compare("provider check", kcm::PROVIDER_CHECK, &kcm("terms"), wrong);
    compare("token signal", kcm::TOKEN_SIGNAL, &kcm("terms"), wrong);
    compare("migration lease is fatal", kcm::MIGRATION_LEASE_IS_FATAL, &kcm("terms"), wrong);
    compare("fatal exit code", kcm::FATAL_EXIT_CODE, &kcm("terms"), wrong);
    compare("gated providers", providers::GATED, &kcm("terms"), wrong);
    compare("lock types", locks::LOCK_TYPES, &ccm("lockTypes"), wrong);
    compare("removed locks", locks::REMOVED_LOCK_ADVICE, &ccm("lockTypes"), wrong);
    compare("main lock validated", locks::MAIN_LOCK_VALIDATED, &both("launches", "launches"), wrong);
    compare("bootstrap rights", rbac::KUBE_CONTROLLER_MANAGER, &kcm("bootstrapLockRules"), wrong);
    assert!(wrong.is_empty(), "what was executed:\n{}", wrong.join("\n"));
}
