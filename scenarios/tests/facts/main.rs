//! The release facts against what upstream's own packages say: every file of testbed/facts, field by field.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use leasehold_model::config::{Filter, MigrationConfig, filter};
use leasehold_model::controller::{Component, Controller};
use leasehold_model::facts::known_flags::{self, Presence};
use leasehold_model::facts::vendors::{self, Vendor};
use leasehold_model::facts::{controllers, flags, gates, kcm_controllers, locks};
use leasehold_model::launch::{ManagerSpec, MigrationFile, Outcome, Ready, RefusesWhen, launch};
use leasehold_model::lease::Rights;
use leasehold_model::release::Release;
use leasehold_scenarios::yaml::parse_first_document;
use serde_json::Value;

/// Every file of one folder of testbed/facts, with its minor.
fn files(folder: &str) -> Vec<(Release, Value)> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../testbed/facts").join(folder);
    let mut files: Vec<(Release, Value)> = fs::read_dir(path)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "json"))
        .map(|path| {
            let minor = path.file_stem().unwrap().to_str().unwrap().parse().unwrap();
            (minor, serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap())
        })
        .collect();
    files.sort_by_key(|(release, _)| *release);
    files
}

fn list(value: &Value) -> BTreeSet<String> {
    value.as_array().unwrap().iter().map(|v| v.as_str().unwrap().to_string()).collect()
}

/// The stock command with nothing added: what testbed/facts runs.
const BARE: Vendor = Vendor { closed: true, ..vendors::STOCK };

#[test]
fn built_in_configurations() {
    for (release, facts) in files("cloud-provider") {
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
    for (release, facts) in files("cloud-provider") {
        let ours: BTreeSet<String> =
            Controller::ALL.into_iter().filter_map(|c| controllers::key(ccm, c, release)).map(String::from).collect();
        assert_eq!(ours, list(&facts["ccmControllers"]), "{release}");
        assert_eq!(list(&facts["ccmDisabledByDefault"]), BTreeSet::new(), "{release}");
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
    let mut complete = Vec::new();
    for (release, facts) in files("kcm") {
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
        if let Some(names) = facts.get("knownControllers") {
            complete.push(release.minor());
            let mut names = list(names);
            names.extend(facts["aliases"].as_object().unwrap().keys().cloned());
            for name in &names {
                assert_eq!(kcm_controllers::knows(name, release), Some(true), "{release} {name}");
            }
            let gated =
                kcm_controllers::GATED.iter().filter(|(minor, _)| *minor == release.minor()).flat_map(|(_, n)| *n);
            let gated = gated.filter(|gated| names.iter().all(|name| name != *gated)).count();
            assert_eq!(kcm_controllers::count(release), names.len() + gated, "{release}");
            assert_eq!(kcm_controllers::knows("no-such-controller", release), Some(false), "{release}");
        }
        if let Some(answers) = facts.get("defaultFilter") {
            let built_in = MigrationConfig::built_in(release).unwrap();
            for (key, answer) in answers.as_object().unwrap() {
                assert_eq!(word(&built_in, kcm, key, release), answer, "{release} {key}");
            }
        }
    }
    assert_eq!(complete, kcm_controllers::COMPLETE);
}

#[test]
fn flags_and_their_defaults() {
    let mut executed = [Vec::new(), Vec::new()];
    for (component, folder, field) in [
        (Component::CloudControllerManager, "cloud-provider", "ccmFlags"),
        (Component::KubeControllerManager, "kcm", "flags"),
    ] {
        for (release, facts) in files(folder) {
            let Some(real) = facts.get(field).and_then(Value::as_array) else { continue };
            executed[(component == Component::CloudControllerManager) as usize].push(release.minor());
            for flag in real {
                let (name, kind, default) =
                    (flag[0].as_str().unwrap(), flag[1].as_str().unwrap(), flag[2].as_str().unwrap());
                let expected = match kind {
                    "bool" | "version" => flags::Kind::Bool,
                    "duration" => flags::Kind::Duration,
                    "stringSlice" => flags::Kind::List,
                    "mapStringBool" | "colonSeparatedMultimapStringString" if name == "feature-gates" => {
                        flags::Kind::Gates
                    }
                    "int" | "int32" | "Level" => flags::Kind::Int,
                    _ => flags::Kind::Text,
                };
                match flags::deciding(component, name) {
                    Some(ours) => {
                        assert_eq!(ours.kind, expected, "{release} {name}");
                        let default = default.trim_start_matches('[').trim_end_matches(']');
                        assert_eq!(ours.default(component), Some(default), "{release} {name}");
                    }
                    None => {
                        let presence = known_flags::presence(component, name, release);
                        assert_eq!(presence, Presence::Has(expected), "{component} {release} {name}");
                    }
                }
            }
            let deciding = flags::DECIDING.iter().filter(|f| f.default(component).is_some()).count();
            assert_eq!(known_flags::count(component, release) + deciding, real.len(), "{component} {release}");
        }
    }
    assert_eq!(executed, [known_flags::KCM_EXECUTED.to_vec(), known_flags::CCM_EXECUTED.to_vec()]);
}

#[test]
fn feature_gates() {
    let mut compared = 0;
    for (component, folder, field) in [
        (Component::CloudControllerManager, "cloud-provider", "ccmFeatureGates"),
        (Component::KubeControllerManager, "kcm", "featureGates"),
    ] {
        for (release, facts) in files(folder) {
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
    for (release, facts) in files("cloud-provider") {
        for (lock, message) in facts["lockTypes"].as_object().unwrap() {
            let ours = locks::refusal(lock, release).unwrap_or_default();
            assert_eq!(ours, message.as_str().unwrap(), "{release} {lock}");
        }
    }
}

fn spec(component: Component, code: Release, args: &[String]) -> ManagerSpec {
    ManagerSpec {
        component,
        code,
        vendor: BARE,
        args: args.to_vec(),
        migration_file: MigrationFile::Missing,
        rights: Rights::all(),
    }
}

#[test]
fn election_guards() {
    for (release, facts) in files("cloud-provider") {
        for guard in facts["electionGuards"].as_array().unwrap() {
            let value = |key: &str| guard[key].as_str().unwrap();
            let args = [
                "--cloud-provider=fake".to_string(),
                format!("--leader-elect-lease-duration={}", value("leaseDuration")),
                format!("--leader-elect-renew-deadline={}", value("renewDeadline")),
                format!("--leader-elect-retry-period={}", value("retryPeriod")),
            ];
            let message = match launch(&spec(Component::CloudControllerManager, release, &args)).outcome {
                Outcome::Refuses(refusal) => {
                    assert_eq!((refusal.when, refusal.exit_code), (RefusesWhen::BeforeLocks, 2));
                    refusal.message
                }
                _ => String::new(),
            };
            assert_eq!(message, value("error"), "{release} {args:?}");
        }
    }
}

/// The configuration files that the recorded command lines name.
fn migration_file(args: &[String]) -> MigrationFile {
    let migration = "kind: LeaderMigrationConfiguration\napiVersion: controllermanager.config.k8s.io/";
    let text = match args.iter().find_map(|a| a.strip_prefix("--leader-migration-config=DIR/")) {
        Some("v1") => format!("{migration}v1\nleaderName: m\n"),
        Some("v1beta1") => format!("{migration}v1beta1\nleaderName: m\nresourceLock: leases\n"),
        Some("v1alpha1") => format!("{migration}v1alpha1\nleaderName: m\nresourceLock: leases\n"),
        Some("no-lock") => format!("{migration}v1alpha1\nleaderName: m\n"),
        Some("many-errors") => {
            format!("{migration}v1alpha1\nresourceLock: locks\ncontrollerLeaders: [{{}}, {{name: x}}]\n")
        }
        Some("endpoints") => format!("{migration}v1alpha1\nleaderName: m\nresourceLock: endpoints\n"),
        Some("unknown-field") => format!("{migration}v1alpha1\nleaderName: m\nresourceLock: leases\nother: x\n"),
        Some("empty") => String::new(),
        Some("not-yaml") => "@".into(),
        _ => return MigrationFile::Missing,
    };
    parse_first_document(&text).map_or_else(MigrationFile::Unparsable, MigrationFile::Document)
}

/// Command lines of the real cloud-controller-manager, up to its Run.
#[test]
fn command_lines_of_the_cloud_controller_manager() {
    let mut compared = 0;
    for (release, facts) in files("cloud-provider") {
        for line in facts.get("launches").and_then(Value::as_array).into_iter().flatten() {
            let args: Vec<String> =
                line["flags"].as_array().unwrap().iter().map(|f| f.as_str().unwrap().into()).collect();
            if args.iter().any(|a| a.contains("NoSuchGate")) {
                continue; // The whole list of gates is not among the facts: taken as unchecked.
            }
            let mut spec = spec(Component::CloudControllerManager, release, &args);
            spec.migration_file = migration_file(&args);
            let outcome = launch(&spec).outcome;
            compared += 1;
            match line["error"].as_str() {
                // Durations and lock types are looked at after Run is reached.
                None => assert!(
                    !matches!(&outcome, Outcome::Refuses(r) if r.exit_code == 1),
                    "{release} {args:?} {outcome:?}"
                ),
                Some(real) => {
                    let Outcome::Refuses(refusal) = &outcome else { panic!("{release} {args:?} {outcome:?}") };
                    assert_eq!(refusal.when, RefusesWhen::BeforeLocks, "{release} {args:?}");
                    assert!(real.starts_with(&refusal.message), "{release} {args:?}\n{real}\n{}", refusal.message);
                }
            }
        }
    }
    assert!(compared >= 6 * 36, "{compared}");
}

/// Command lines of the real kube-controller-manager, up to its first request for its main lease.
#[test]
fn command_lines_of_the_kube_controller_manager() {
    let mut compared = 0;
    for (release, facts) in files("kcm") {
        for line in facts.get("launches").and_then(Value::as_array).into_iter().flatten() {
            let args: Vec<String> =
                line["flags"].as_array().unwrap().iter().map(|f| f.as_str().unwrap().into()).collect();
            let mut spec = spec(Component::KubeControllerManager, release, &args);
            spec.migration_file = migration_file(&args);
            let outcome = launch(&spec).outcome;
            compared += 1;
            let refused = match &outcome {
                Outcome::Refuses(refusal) if refusal.when == RefusesWhen::BeforeLocks => Some(refusal),
                _ => None,
            };
            assert_eq!(refused.is_none(), line["contends"] == true, "{release} {args:?} {outcome:?}");
            if let (Some(refusal), Some(real)) = (refused, line["error"].as_str()) {
                let (status, real) = real.split_once(": ").unwrap();
                assert_eq!(status, format!("exit status {}", refusal.exit_code), "{release} {args:?}");
                let real = real.trim_start_matches("error: ").trim_start_matches("panic: ");
                assert!(real.starts_with(&refusal.message), "{release} {args:?}\n{real}\n{}", refusal.message);
            }
        }
    }
    assert!(compared >= 37, "{compared}");
}

#[test]
fn every_stock_manager_starts_in_every_release() {
    for release in Release::all() {
        for component in Component::ALL {
            let provider = if component == Component::CloudControllerManager { "fake" } else { "external" };
            let args = [format!("--cloud-provider={provider}")];
            let Outcome::Runs(running) = launch(&spec(component, release, &args)).outcome else {
                panic!("{component} {release}")
            };
            assert_eq!(running.main.name, component.name());
            assert_eq!(running.migration, None);
        }
        let args = ["--cloud-provider=fake".to_string(), "--enable-leader-migration".to_string()];
        let mut ccm = spec(Component::CloudControllerManager, release, &args);
        if release == Release::OLDEST {
            ccm.args.push("--feature-gates=ControllerManagerLeaderMigration=true".into());
            ccm.args.push("--leader-migration-config=DIR/v1alpha1".into());
            ccm.migration_file = migration_file(&ccm.args);
        }
        let Outcome::Runs(running) = launch(&ccm).outcome else { panic!("{release}") };
        assert_eq!(running.migration.unwrap().ready, Ready::AtOnce, "{release}");
    }
}
