//! What the real commands did with their command lines, against `launch`.

use leasehold_model::controller::Component;
use leasehold_model::facts::vendors::{self, Vendor};
use leasehold_model::launch::{
    ManagerSpec, Migration, MigrationFile, Outcome, Ready, Refusal, RefusesWhen, Running, launch,
};
use leasehold_model::lease::{LeaseId, Rights};
use leasehold_model::release::Release;
use leasehold_scenarios::yaml::parse_first_document;
use serde_json::Value;

use crate::dumps;

/// The stock command with nothing added: what testbed/facts runs.
const BARE: Vendor = Vendor { closed: true, ..vendors::STOCK };

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
    for (release, facts) in dumps::of(Component::CloudControllerManager) {
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

/// The command line of a recorded run.
fn args(run: &Value) -> Vec<String> {
    run["flags"].as_array().unwrap().iter().map(|f| f.as_str().unwrap().into()).collect()
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
        Some("one-lease") => format!("{migration}v1alpha1\nleaderName: m\nresourceLock: leases\n"),
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
    for (release, facts) in dumps::of(Component::CloudControllerManager) {
        for line in facts.get("launches").and_then(Value::as_array).into_iter().flatten() {
            let args = args(line);
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
    for (release, facts) in dumps::of(Component::KubeControllerManager) {
        for line in facts.get("launches").and_then(Value::as_array).into_iter().flatten() {
            let args = args(line);
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

/// What the real kube-controller-manager did with an API server that gives it every lock.
#[test]
fn terms_of_the_kube_controller_manager() {
    let mut compared = 0;
    for (release, facts) in dumps::of(Component::KubeControllerManager) {
        for term in facts.get("terms").and_then(Value::as_array).into_iter().flatten() {
            let args = args(term);
            let mut spec = spec(Component::KubeControllerManager, release, &args);
            spec.migration_file = migration_file(&args);
            let outcome = launch(&spec).outcome;
            let (took, end): (Vec<&LeaseId>, Option<(u8, &str)>) = match &outcome {
                Outcome::Refuses(Refusal { when, exit_code, message, .. }) => match when {
                    RefusesWhen::BeforeLocks => (vec![], Some((*exit_code, message))),
                    RefusesWhen::AfterMainLock(main) => (vec![main], Some((*exit_code, message))),
                },
                Outcome::Unlocked(_) => (vec![], None),
                Outcome::Runs(Running { main, migration, .. }) => match migration {
                    Some(Migration { lease, ready: Ready::AfterTokenController, dies, .. }) => {
                        (vec![main, lease], dies.as_ref().map(|d| (d.exit_code, d.message.as_str())))
                    }
                    _ => (vec![main], None),
                },
            };
            let took: Vec<String> =
                took.iter().map(|l| format!("{} {}/{}", l.lock.name(), l.namespace, l.name)).collect();
            assert_eq!(Value::from(took), term["took"], "{release} {args:?} {outcome:?}");
            match (end, term["error"].as_str()) {
                (None, None) => {}
                (Some((exit_code, message)), Some(real)) => {
                    let quoted = message.replace('"', "\\\"");
                    assert!(
                        real.starts_with(&format!("exit status {exit_code}: "))
                            && (real.contains(message) || real.contains(&quoted)),
                        "{release} {args:?}\n{real}\n{exit_code} {message}"
                    );
                }
                (ours, real) => panic!("{release} {args:?}\n{ours:?}\n{real:?}"),
            }
            compared += 1;
        }
    }
    assert!(compared >= 4 * 15, "{compared}");
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
