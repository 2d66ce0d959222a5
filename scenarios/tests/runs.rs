//! Launch and settle against what real binaries did: every run of testbed/evidence/runs-sample.json.

use std::collections::BTreeMap;

use leasehold_model::controller::{Component, Controller, ControllerSet};
use leasehold_model::facts::{rbac, vendors};
use leasehold_model::launch::settle::{Contender, Event, Settled, State, settle};
use leasehold_model::launch::{Launch, ManagerSpec, MigrationFile, Outcome, launch};
use leasehold_model::lease::{LeaseId, LockRule, Rights};
use leasehold_scenarios::yaml::parse_first_document;
use serde_json::Value;

const RUNS: &str = include_str!("../../testbed/evidence/runs-sample.json");

/// What the runs' cluster grants besides the bootstrap roles.
fn rights(component: Component, label: &str) -> Rights {
    let code = "1.30".parse().unwrap();
    let mut rights = rbac::stock(component, code);
    let leases = |names: Option<&[&str]>, verbs: &[&str]| LockRule {
        namespace: Some("kube-system".into()),
        names: names.map(|names| names.iter().map(|n| n.to_string()).collect()),
        resources: vec!["leases".into()],
        verbs: verbs.iter().map(|v| v.to_string()).collect(),
    };
    if component == Component::CloudControllerManager {
        rights.rules.push(leases(None, &["create"]));
    }
    rights.rules.push(match label {
        "none" => leases(Some(&["cloud-controller-manager"]), &["get", "update"]),
        "granted" => {
            leases(Some(&["cloud-controller-manager", "cloud-provider-extraction-migration"]), &["get", "update"])
        }
        "granted-all-leases" => leases(None, &["get", "update", "create"]),
        other => panic!("unknown rights {other}"),
    });
    rights
}

fn spec(name: &str, manager: &Value, rbac: &str) -> ManagerSpec {
    let component = if name == "ccm" { Component::CloudControllerManager } else { Component::KubeControllerManager };
    let migration_file = match manager["config_file_text"].as_str() {
        None => MigrationFile::Missing,
        Some(text) => match parse_first_document(text) {
            Ok(document) => MigrationFile::Document(document),
            Err(why) => MigrationFile::Unparsable(why),
        },
    };
    ManagerSpec {
        component,
        code: manager["version"].as_str().unwrap().parse().unwrap(),
        vendor: vendors::lookup(None, Some("recorder")),
        args: manager["flags"].as_array().unwrap().iter().map(|f| f.as_str().unwrap().into()).collect(),
        migration_file,
        rights: rights(component, rbac),
    }
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|v| v.as_str().unwrap().to_string()).collect()
}

/// The differences between a run and what settle says of it.
fn differences(run: &Value) -> Vec<String> {
    let names: Vec<&str> = ["kcm", "kcm2", "ccm"].into_iter().filter(|n| run[*n].is_object()).collect();
    let label = run["rbac"].as_str().unwrap();
    let specs: Vec<ManagerSpec> = names.iter().map(|n| spec(n, &run[*n], label)).collect();
    let launches: Vec<Launch> = specs.iter().map(launch).collect();
    let contenders: Vec<Contender> =
        launches.iter().zip(&specs).map(|(l, s)| Contender { launch: l, rights: &s.rights }).collect();
    let index = |name: &str| names.iter().position(|n| *n == name).unwrap();
    let mut events: Vec<Event> = strings(&run["start_order"]).iter().map(|n| Event::Start(index(n))).collect();
    let observed = &run["observed"];
    if let Some(hook) = observed["hook"].as_str() {
        assert!(hook.starts_with("kcm killed (SIGKILL)"), "{hook}");
        events.push(Event::Kill(index("kcm")));
    }
    let settled = settle(&contenders, &events);

    let mut wrong = Vec::new();
    let mut expect = |what: String, real: String, ours: String| {
        if real != ours {
            wrong.push(format!("{what}: real {real}, ours {ours}"));
        }
    };
    for (i, name) in names.iter().enumerate() {
        let (state, set) = match &settled.states[i] {
            State::NotStarted => ("not-started".to_string(), ControllerSet::EMPTY),
            State::Runs(set) => ("running".to_string(), *set),
            State::Exits(code) => (format!("exited {code}"), ControllerSet::EMPTY),
            State::Killed => ("exited SIGKILL by the test".to_string(), ControllerSet::EMPTY),
        };
        expect(format!("{name} state"), observed[format!("{name}_state")].as_str().unwrap().into(), state);
        let real = strings(&observed[format!("{name}_controllers")]);
        let ours: Vec<String> = set.iter().map(|c| c.name().into()).collect();
        expect(format!("{name} controllers"), sorted(real), sorted(ours));
    }
    let real: BTreeMap<String, String> =
        observed["leases"].as_object().unwrap().iter().map(|(k, v)| (k.clone(), v.as_str().unwrap().into())).collect();
    let ours: BTreeMap<String, String> =
        settled.leases.iter().map(|(lease, &holder)| (lease.name.clone(), names[holder].into())).collect();
    expect("leases".into(), format!("{real:?}"), format!("{ours:?}"));
    for controller in Controller::ALL {
        let real = strings(&observed["runs"][controller.name()]);
        expect(format!("runs {controller}"), sorted(real), sorted(runs(&settled, &names, controller)));
    }
    let log = strings(&observed["error_lines"]).join("\n").replace("\\\"", "\"");
    for message in launches.iter().zip(&specs).enumerate().filter_map(|(i, (l, s))| message(&settled, i, l, s)) {
        if !log.contains(&message) {
            wrong.push(format!("not in the log: {message}"));
        }
    }
    wrong
}

fn sorted(mut list: Vec<String>) -> String {
    list.sort();
    list.join(" ")
}

fn runs(settled: &Settled, names: &[&str], controller: Controller) -> Vec<String> {
    let acts = |state: &State| matches!(state, State::Runs(set) if set.contains(controller));
    names.iter().zip(&settled.states).filter(|(_, s)| acts(s)).map(|(n, _)| n.to_string()).collect()
}

/// The message that a manager must have printed: why it exits, or why it contends in vain.
fn message(settled: &Settled, i: usize, launch: &Launch, spec: &ManagerSpec) -> Option<String> {
    match (&launch.outcome, &settled.states[i]) {
        (Outcome::Refuses(refusal), State::Exits(_)) => Some(refusal.message.clone()),
        (Outcome::Runs(running), State::Runs(_)) => {
            let wanted: Option<&LeaseId> = running.migration.as_ref().map(|m| &m.lease);
            wanted.and_then(|lease| launch.obstacle(lease, &spec.rights))
        }
        _ => None,
    }
}

#[test]
fn every_run_is_predicted() {
    let runs: Vec<Value> = serde_json::from_str(RUNS).unwrap();
    assert_eq!(runs.len(), 40);
    let mut failures = Vec::new();
    for run in &runs {
        for difference in differences(run) {
            failures.push(format!("{} ({}): {difference}", run["id"], run["description"]));
        }
    }
    assert!(failures.is_empty(), "{} differences\n{}", failures.len(), failures.join("\n"));
}
