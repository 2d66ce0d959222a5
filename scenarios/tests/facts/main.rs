//! The release facts against what upstream's own packages say: every file of testbed/facts, field by field.

mod checked;
mod dumps;
mod generated;
mod launches;

use std::collections::BTreeSet;

use leasehold_model::config::{Filter, MigrationConfig, filter};
use leasehold_model::controller::{Component, Controller};
use leasehold_model::facts::known_flags::{self, Presence};
use leasehold_model::facts::{controllers, flags, gates, kcm_controllers, locks, rbac};
use leasehold_model::release::Release;
use serde_json::Value;

#[test]
fn built_in_configurations() {
    for (release, facts) in dumps::of(Component::CloudControllerManager) {
        let ours = MigrationConfig::built_in(release);
        let real = &facts["defaultConfiguration"];
        if real.is_null() {
            assert_eq!(ours, None, "{release}");
            continue;
        }
        let ours = ours.unwrap();
        assert_eq!(ours.leader_name, real["leaderName"].as_str().unwrap(), "{release}");
        assert_eq!(ours.resource_lock, real["resourceLock"].as_str().unwrap(), "{release}");
        let leaders: Vec<Value> =
            ours.controller_leaders.iter().map(|l| vec![l.name.clone(), l.component.clone()].into()).collect();
        assert_eq!(Value::from(leaders), real["controllerLeaders"], "{release}");
        for (key, answers) in facts["defaultFilter"].as_object().unwrap() {
            for component in Component::ALL {
                assert_eq!(word(&ours, component, key, release), answers[component.name()], "{release} {key}");
            }
        }
    }
}

fn word(config: &MigrationConfig, component: Component, key: &str, release: Release) -> &'static str {
    match filter(config, component, key, release) {
        Filter::Migrated => "ControllerMigrated",
        Filter::NonMigrated => "ControllerNonMigrated",
        Filter::Unowned => "ControllerUnowned",
    }
}

#[test]
fn controllers_and_aliases_of_the_cloud_controller_manager() {
    let ccm = Component::CloudControllerManager;
    for (release, facts) in dumps::of(Component::CloudControllerManager) {
        let ours: BTreeSet<String> =
            Controller::ALL.into_iter().filter_map(|c| controllers::key(ccm, c, release)).map(String::from).collect();
        assert_eq!(ours, dumps::list(&facts["ccmControllers"]), "{release}");
        assert_eq!(dumps::list(&facts["ccmDisabledByDefault"]), BTreeSet::new(), "{release}");
        let aliases = facts["ccmAliases"].as_object().cloned().unwrap_or_default();
        for (alias, key) in &aliases {
            assert_eq!(controllers::resolve_alias(ccm, alias, release), key.as_str().unwrap(), "{release}");
        }
        for name in ["service", "route", "cloud-node", "cloud-node-lifecycle", "nodeipam", "service-controller"] {
            let resolved = controllers::resolve_alias(ccm, name, release) != name;
            assert_eq!(resolved, aliases.contains_key(name), "{release} {name}");
        }
    }
}

#[test]
fn controllers_and_aliases_of_the_kube_controller_manager() {
    let kcm = Component::KubeControllerManager;
    for (release, facts) in dumps::of(Component::KubeControllerManager) {
        let cloud: BTreeSet<String> = facts["controllers"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|c| c["cloud"] == true || c["key"].as_str().unwrap().contains("ipam"))
            .map(|c| c["key"].as_str().unwrap().to_string())
            .collect();
        let ours: BTreeSet<String> =
            Controller::ALL.into_iter().filter_map(|c| controllers::key(kcm, c, release)).map(String::from).collect();
        assert_eq!(ours, cloud, "{release}");
        for (alias, key) in facts["aliases"].as_object().unwrap() {
            if ours.contains(key.as_str().unwrap()) {
                assert_eq!(controllers::resolve_alias(kcm, alias, release), key.as_str().unwrap(), "{release}");
            }
        }
        let mut names = dumps::list(&facts["knownControllers"]);
        names.extend(facts["aliases"].as_object().unwrap().keys().cloned());
        names.extend(facts.get("gatedControllers").map(dumps::list).unwrap_or_default());
        let ours: BTreeSet<String> = kcm_controllers::all(release).map(String::from).collect();
        assert_eq!(ours, names, "{release}");
        for name in &names {
            assert_eq!(kcm_controllers::knows(name, release), Some(true), "{release} {name}");
        }
        assert_eq!(kcm_controllers::knows("no-such-controller", release), Some(false), "{release}");
        if let Some(answers) = facts.get("defaultFilter") {
            let built_in = MigrationConfig::built_in(release).unwrap();
            for (key, answer) in answers.as_object().unwrap() {
                assert_eq!(word(&built_in, kcm, key, release), answer, "{release} {key}");
            }
        }
    }
}

#[test]
fn flags_and_their_defaults() {
    for (component, listed) in [
        (Component::CloudControllerManager, known_flags::CCM_EXECUTED),
        (Component::KubeControllerManager, known_flags::KCM_EXECUTED),
    ] {
        let mut executed = Vec::new();
        for (release, facts) in dumps::of(component) {
            let Some(real) = dumps::flags(component, &facts) else { continue };
            executed.push(release.minor());
            for flag in &real {
                match flags::deciding(component, flag.name) {
                    Some(ours) => {
                        assert_eq!(ours.kind, flag.kind, "{release} {}", flag.name);
                        let default = flag.default.trim_start_matches('[').trim_end_matches(']');
                        assert_eq!(ours.default(component), Some(default), "{release} {}", flag.name);
                    }
                    None => {
                        let presence = known_flags::presence(component, flag.name, release);
                        assert_eq!(presence, Presence::Has(flag.kind), "{component} {release} {}", flag.name);
                    }
                }
            }
            let deciding = flags::DECIDING.iter().filter(|f| f.default(component).is_some()).count();
            assert_eq!(known_flags::count(component, release) + deciding, real.len(), "{component} {release}");
        }
        assert_eq!(executed, listed);
    }
}

#[test]
fn feature_gates() {
    let mut compared = 0;
    for (component, field) in
        [(Component::CloudControllerManager, "ccmFeatureGates"), (Component::KubeControllerManager, "featureGates")]
    {
        for (release, facts) in dumps::of(component) {
            for line in facts.get(field).and_then(Value::as_array).into_iter().flatten() {
                let line = line.as_str().unwrap();
                let (name, state) = line.split_once("=true|false (").unwrap();
                let Some(gate) = gates::named(component, name) else { continue };
                let gate = gate.get(release).unwrap_or_else(|| panic!("{component} {release} {name}"));
                let stage = match gate.stage {
                    gates::Stage::Alpha => "ALPHA",
                    gates::Stage::Beta => "BETA",
                    gates::Stage::Stable => "",
                };
                assert_eq!(state, format!("{stage} - default={})", gate.default), "{component} {release} {name}");
                compared += 1;
            }
        }
    }
    assert!(compared >= 8, "{compared}");
}

#[test]
fn lock_types() {
    for (release, facts) in dumps::of(Component::CloudControllerManager) {
        for (lock, message) in facts["lockTypes"].as_object().unwrap() {
            let ours = locks::refusal(lock, release).unwrap_or_default();
            assert_eq!(ours, message.as_str().unwrap(), "{release} {lock}");
        }
    }
}

#[test]
fn bootstrap_rights_on_locks() {
    for (release, facts) in dumps::of(Component::KubeControllerManager) {
        let Some(real) = facts.get("bootstrapLockRules").and_then(Value::as_array) else { continue };
        let real: BTreeSet<String> = real
            .iter()
            // Every user may read the one ConfigMap that it names, which is no lock.
            .filter(|rule| rule["role"] != "extension-apiserver-authentication-reader")
            .map(|rule| {
                assert_eq!(rule["user"], "system:kube-controller-manager", "{release}");
                let names = rule.get("names").map(dumps::list).map(Vec::from_iter);
                format!(
                    "{:?} {} {names:?} {:?}",
                    rule["namespace"].as_str(),
                    rule["resource"],
                    dumps::list(&rule["verbs"])
                )
            })
            .collect();
        let ours: BTreeSet<String> = rbac::KUBE_CONTROLLER_MANAGER
            .get(release)
            .unwrap()
            .iter()
            .map(|rule| {
                let verbs: BTreeSet<&str> = rule.verbs.iter().copied().collect();
                format!("{:?} {:?} {:?} {verbs:?}", rule.namespace, rule.resource, rule.names)
            })
            .collect();
        assert_eq!(ours, real, "{release}");
    }
}
