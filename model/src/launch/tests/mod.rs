//! One test for each thing that real binaries were seen to do, and the table of locks by names and defaults.

mod line;
mod locks;
mod outcome;
mod settle;
mod vendor;

use super::settle::{Contender, Event, State, settle};
use super::*;
use crate::config::{ControllerLeader, MigrationConfig};
use crate::controller::{Component, Controller, ControllerSet};
use crate::facts::vendors;
use crate::lease::{LeaseId, LockRule, Rights};
use crate::value::Value;

const CANONICAL: [&str; 3] = ["service-lb-controller", "node-route-controller", "cloud-node-lifecycle-controller"];

const OLD: [&str; 3] = ["service", "route", "cloud-node-lifecycle"];

const LEASE: &str = "cloud-provider-extraction-migration";

fn text(text: &str) -> Value {
    Value::String(text.into())
}

fn map(entries: &[(&str, Value)]) -> Value {
    Value::Mapping(entries.iter().map(|(k, v)| (text(k), v.clone())).collect())
}

/// A configuration file that gives `names` to `component`.
fn file(version: &str, leader: &str, lock: Option<&str>, names: &[&str], component: &str) -> MigrationFile {
    let leaders = names.iter().map(|n| map(&[("name", text(n)), ("component", text(component))])).collect();
    let mut entries = vec![
        ("apiVersion", text(&format!("controllermanager.config.k8s.io/{version}"))),
        ("kind", text("LeaderMigrationConfiguration")),
        ("leaderName", text(leader)),
        ("controllerLeaders", Value::Sequence(leaders)),
    ];
    entries.extend(lock.map(|lock| ("resourceLock", text(lock))));
    MigrationFile::Document(map(&entries))
}

/// A manager of the test control plane with the usual flags, and these besides.
fn manager(component: Component, release: &str, args: &[&str]) -> ManagerSpec {
    let usual = [
        "--leader-elect=true",
        "--allocate-node-cidrs=true",
        "--cluster-cidr=10.244.0.0/16",
        "--configure-cloud-routes=true",
    ];
    let mut all: Vec<String> = usual.iter().chain(args).map(|a| a.to_string()).collect();
    if !args.iter().any(|a| a.starts_with("--cloud-provider")) {
        all.push("--cloud-provider=recorder".into());
    }
    if component == Component::KubeControllerManager {
        all.push("--service-account-private-key-file=/sa.key".into());
    }
    ManagerSpec {
        component,
        code: release.parse().unwrap(),
        vendor: vendors::RECORDER,
        args: all,
        migration_file: MigrationFile::Missing,
        rights: Rights::all(),
    }
}

fn kcm(release: &str, args: &[&str]) -> ManagerSpec {
    manager(Component::KubeControllerManager, release, args)
}

fn ccm(release: &str, args: &[&str]) -> ManagerSpec {
    manager(Component::CloudControllerManager, release, args)
}

/// The same with leader migration on and this file.
fn with_file(mut spec: ManagerSpec, migration_file: MigrationFile) -> ManagerSpec {
    spec.args.extend(["--enable-leader-migration".to_string(), "--leader-migration-config=/file".to_string()]);
    spec.migration_file = migration_file;
    spec
}

fn canonical() -> MigrationFile {
    file("v1", LEASE, None, &CANONICAL, "*")
}

fn running(spec: &ManagerSpec) -> Running {
    match launch(spec).outcome {
        Outcome::Runs(running) => running,
        other => panic!("{:?}: {other:?}", spec.args),
    }
}

fn refusal(spec: &ManagerSpec) -> Refusal {
    match launch(spec).outcome {
        Outcome::Refuses(refusal) => refusal,
        other => panic!("{:?}: {other:?}", spec.args),
    }
}

/// `main | migration` as text.
fn sets(spec: &ManagerSpec) -> String {
    let running = running(spec);
    let migration = running.migration.map_or("off".to_string(), |m| m.set.to_string());
    format!("{} | {migration}", running.main_set)
}

fn before(cause: Cause, message: &str, exit_code: u8, arg: Option<usize>) -> Refusal {
    Refusal { when: RefusesWhen::BeforeLocks, cause, message: message.into(), exit_code, arg }
}
