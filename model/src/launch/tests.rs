//! One test for each thing that real binaries were seen to do, and the table of locks by names and defaults.

use super::settle::{Contender, Event, State, settle};
use super::*;
use crate::config::{ControllerLeader, MigrationConfig};
use crate::controller::{Component, Controller, ControllerSet};
use crate::facts::vendors;
use crate::lease::{LeaseId, LockRule, Rights};
use crate::release::Release;
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

fn before(message: &str, exit_code: u8, arg: Option<usize>) -> Refusal {
    Refusal { when: RefusesWhen::BeforeLocks, message: message.into(), exit_code, arg }
}

#[test]
fn in_tree_provider_name_by_release() {
    let gce = "cloud provider \"gce\" was specified, but built-in cloud providers are disabled. Please set \
               --cloud-provider=external and migrate to an external cloud provider";
    assert_eq!(refusal(&kcm("1.33", &["--cloud-provider=gce"])), before(gce, 1, Some(4)));
    for release in ["1.30", "1.31"] {
        let refused = refusal(&kcm(release, &["--cloud-provider=gce"]));
        assert_eq!(refused.when, RefusesWhen::AfterMainLock(LeaseId::kube_system("kube-controller-manager")));
        assert_eq!((refused.message.as_str(), refused.exit_code), (gce, 1), "{release}");
    }
    let aws = refusal(&kcm("1.30", &["--cloud-provider=aws"]));
    assert_eq!(aws.message, "cloud provider could not be initialized: unknown cloud provider \"aws\"");
    let gate_off = ["--cloud-provider=gce", "--feature-gates=DisableCloudProviders=false"];
    assert_eq!(sets(&kcm("1.30", &gate_off)), "service, route, cloud-node-lifecycle, node-ipam | off");
    let beta_off = ["--cloud-provider=gce", "--feature-gates=AllBeta=false"];
    assert_eq!(sets(&kcm("1.29", &beta_off)), "service, route, cloud-node-lifecycle, node-ipam | off");
    let locked = refusal(&kcm("1.31", &gate_off));
    assert_eq!(locked.message, "cannot set feature gate DisableCloudProviders to false, feature is locked to true");
    assert_eq!(
        sets(&kcm("1.28", &["--cloud-provider=azure"])),
        "service, route, cloud-node-lifecycle, node-ipam | off"
    );
    assert_eq!(sets(&kcm("1.28", &["--cloud-provider=vsphere"])), "cloud-node-lifecycle, node-ipam | off");
}

#[test]
fn without_a_provider_the_migration_lease_is_held_for_nothing() {
    for (release, provider) in [
        ("1.27", "external"),
        ("1.30", "external"),
        ("1.30", ""),
        ("1.31", "external"),
        ("1.33", ""),
        ("1.37", "external"),
    ] {
        let spec = with_file(kcm(release, &[&format!("--cloud-provider={provider}")]), canonical());
        assert_eq!(sets(&spec), "node-ipam | none", "{release} {provider:?}");
        assert_eq!(running(&spec).migration.unwrap().ready, Ready::AfterTokenController);
    }
}

#[test]
fn routes_need_one_flag_in_the_ccm_and_two_in_the_kcm() {
    assert_eq!(
        sets(&ccm("1.36", &["--allocate-node-cidrs=false"])),
        "service, route, cloud-node-lifecycle, cloud-node | off"
    );
    assert_eq!(
        sets(&ccm("1.36", &["--configure-cloud-routes=false"])),
        "service, cloud-node-lifecycle, cloud-node | off"
    );
    assert_eq!(
        sets(&kcm("1.30", &["--configure-cloud-routes=false"])),
        "service, cloud-node-lifecycle, node-ipam | off"
    );
    assert_eq!(sets(&kcm("1.30", &["--allocate-node-cidrs=false"])), "service, cloud-node-lifecycle | off");
}

#[test]
fn a_removed_lock_type_ends_the_process_after_its_main_lease() {
    let endpoints = file("v1beta1", LEASE, Some("endpoints"), &CANONICAL, "*");
    for (spec, code, message) in [
        (ccm("1.36", &[]), 255, "endpoints lock is removed, migrate to leases"),
        (ccm("1.30", &[]), 255, "endpoints lock is removed, migrate to endpointsleases (using version v0.27.x)"),
        (kcm("1.30", &[]), 1, "endpoints lock is removed, migrate to endpointsleases (using version v0.27.x)"),
        (kcm("1.25", &["--cloud-provider=aws"]), 1, "endpoints lock is removed, migrate to endpointsleases"),
    ] {
        let main = LeaseId::kube_system(spec.component.name());
        let expected =
            Refusal { when: RefusesWhen::AfterMainLock(main), message: message.into(), exit_code: code, arg: None };
        assert_eq!(refusal(&with_file(spec, endpoints.clone())), expected);
    }
    let old = with_file(kcm("1.23", &["--cloud-provider=aws"]), endpoints);
    assert_eq!(running(&old).migration.unwrap().lease.to_string(), format!("kube-system/{LEASE} (endpoints)"));
    let configmaps = file("v1beta1", LEASE, Some("configmaps"), &CANONICAL, "*");
    let refused = refusal(&with_file(ccm("1.31", &[]), configmaps));
    assert_eq!(refused.when, RefusesWhen::BeforeLocks);
    assert_eq!(
        refused.message,
        "failed to parse leader migration configuration: [resourceLock: Invalid value: \"configmaps\": resource Lock \
         must be one of 'leases' or 'endpoints']"
    );
}

#[test]
fn a_leader_name_that_is_no_object_name_is_asked_for_in_vain() {
    for (name, why) in [
        (
            "Cloud-Provider",
            "error initially creating leader election record: Lease.coordination.k8s.io \"Cloud-Provider\" is invalid: metadata.name",
        ),
        ("a/b", "error retrieving resource lock kube-system/a/b: invalid resource name \"a/b\": [may not contain '/']"),
    ] {
        let spec = with_file(kcm("1.30", &[]), file("v1", name, None, &CANONICAL, "*"));
        let running = running(&spec);
        assert_eq!(obstacle(&running.migration.unwrap().lease, &spec.rights).as_deref(), Some(why));
        assert_eq!(obstacle(&running.main, &spec.rights), None);
    }
}

#[test]
fn timing_flags_panic() {
    let lease = "leaseDuration must be greater than renewDeadline";
    let renew = "renewDeadline must be greater than retryPeriod*JitterFactor";
    for (args, message) in [
        (vec!["--leader-elect-lease-duration=10s"], lease),
        (vec!["--leader-elect-lease-duration=9s", "--leader-elect-retry-period=20s"], lease),
        (vec!["--leader-elect-renew-deadline=12s", "--leader-elect-retry-period=10s"], renew),
        (vec!["--leader-elect-retry-period=0s"], "retryPeriod must be greater than zero"),
    ] {
        for spec in [kcm("1.30", &args), ccm("1.36", &args)] {
            assert_eq!(refusal(&spec), before(message, 2, Some(4)), "{args:?}");
        }
    }
    let barely = ["--leader-elect-renew-deadline=12000000001ns", "--leader-elect-retry-period=10s"];
    assert_eq!(launch(&kcm("1.30", &barely)).settings.renew_deadline.value.nanos, 12_000_000_001);
    running(&kcm("1.30", &barely));
    // Without election nobody looks at them.
    let off = ["--leader-elect=false", "--leader-elect-lease-duration=1s"];
    assert!(matches!(launch(&ccm("1.36", &off)).outcome, Outcome::Unlocked(_)));
}

#[test]
fn the_main_lock_type_is_checked_where_releases_check_it() {
    let flag = ["--leader-elect-resource-lock=endpoints"];
    assert_eq!(refusal(&kcm("1.30", &flag)), before("resourceLock value must be \"leases\"", 1, Some(4)));
    assert!(matches!(launch(&kcm("1.30", &[flag[0], "--leader-elect=false"])).outcome, Outcome::Unlocked(_)));
    let unchecked = refusal(&kcm("1.25", &[flag[0], "--cloud-provider=aws"]));
    assert_eq!(unchecked.message, "endpoints lock is removed, migrate to endpointsleases");
    let old = running(&kcm("1.23", &[flag[0], "--cloud-provider=aws"]));
    assert_eq!(old.main.to_string(), "kube-system/kube-controller-manager (endpoints)");
}

#[test]
fn a_blank_instead_of_an_equals_sign_is_fatal() {
    let refused = refusal(&kcm("1.30", &["--enable-leader-migration", "true"]));
    let message = "\"kube-controller-manager\" does not take any arguments, got [\"true\"]";
    assert_eq!(refused, before(message, 1, Some(5)));
}

#[test]
fn of_a_flag_given_twice_the_last_wins() {
    let twice = ["--enable-leader-migration", "--enable-leader-migration=false"];
    assert_eq!(running(&ccm("1.30", &twice)).migration, None);
    // Lists add up, and the first element that names a controller decides.
    let listed = ["--controllers=*,-route", "--controllers=-service,route"];
    assert_eq!(sets(&ccm("1.30", &listed)), "cloud-node-lifecycle, cloud-node | off");
    let settings = launch(&ccm("1.30", &listed)).settings;
    assert_eq!(settings.controllers.value, ["*", "-route", "-service", "route"]);
}

#[test]
fn the_command_line_is_read_as_pflag_reads_it() {
    for (args, message, at) in [
        (vec!["--no-such-flag"], "unknown flag: --no-such-flag", 4),
        (vec!["-leader-elect=false"], "unknown shorthand flag: 'l' in -leader-elect=false", 4),
        (vec!["--v=2", "--=x"], "bad flag syntax: --=x", 5),
        (
            vec!["--leader-elect=yes"],
            "invalid argument \"yes\" for \"--leader-elect\" flag: strconv.ParseBool: parsing \"yes\": invalid syntax",
            4,
        ),
        (
            vec!["--leader-elect-retry-period=2"],
            "invalid argument \"2\" for \"--leader-elect-retry-period\" flag: time: missing unit in duration \"2\"",
            4,
        ),
        (
            vec!["-v=two"],
            "invalid argument \"two\" for \"-v, --v\" flag: strconv.ParseInt: parsing \"two\": invalid syntax",
            4,
        ),
        (vec!["extra"], "\"kube-controller-manager\" does not take any arguments, got [\"extra\"]", 4),
    ] {
        assert_eq!(refusal(&kcm("1.30", &args)), before(message, 1, Some(at)), "{args:?}");
    }
    for args in [vec!["-v", "2"], vec!["-v=2"], vec!["-v2"], vec!["--cluster_cidr", "10.0.0.0/8"]] {
        running(&kcm("1.30", &args));
    }
    assert_eq!(refusal(&kcm("1.30", &["--help"])).exit_code, 0);
    assert_eq!(refusal(&kcm("1.30", &["--version"])).exit_code, 0);
    // Of a vendor nobody knows, an unknown flag is taken, and said to be.
    let mut unknown = ccm("1.30", &["--vendors-own-flag", "--vendors-other", "value"]);
    unknown.vendor = vendors::STOCK;
    let names: Vec<String> = launch(&unknown).settings.unchecked_flags.into_iter().map(|u| u.name).collect();
    assert_eq!(names, ["--vendors-own-flag", "--vendors-other"]);
    running(&unknown);
}

#[test]
fn controller_names_of_the_flag() {
    let unknown = |name: &str| format!("\"{name}\" is not in the list of known controllers");
    assert_eq!(refusal(&ccm("1.31", &["--controllers=*,-servicelb"])).message, unknown("servicelb"));
    assert_eq!(refusal(&ccm("1.31", &["--controllers=-*"])).message, unknown("*"));
    assert_eq!(
        refusal(&ccm("1.27", &["--controllers=*,-node-route-controller"])).message,
        unknown("node-route-controller")
    );
    assert_eq!(refusal(&kcm("1.30", &["--controllers=*,-cloud-node"])).message, unknown("cloud-node"));
    let two = refusal(&ccm("1.31", &["--controllers=a,b"])).message;
    assert_eq!(two, format!("[{}, {}]", unknown("a"), unknown("b")));
    // Old names are aliases from 1.28 on, and only here.
    for spelling in ["service", "service-lb-controller"] {
        let flag = format!("--controllers=*,-{spelling}");
        assert_eq!(sets(&ccm("1.31", &[&flag])), "route, cloud-node-lifecycle, cloud-node | off");
    }
    // Without a star only what is named runs.
    assert_eq!(sets(&ccm("1.31", &["--controllers=route"])), "route | off");
    assert_eq!(sets(&kcm("1.30", &["--controllers=*,-nodeipam"])), "service, route, cloud-node-lifecycle | off");
}

#[test]
fn the_token_controller_is_the_signal_for_the_second_election() {
    let disabled = "--controllers=*,-serviceaccount-token-controller";
    for (release, contends) in [("1.28", true), ("1.29", false), ("1.30", false), ("1.33", false), ("1.35", true)] {
        let spec = with_file(kcm(release, &["--cloud-provider=external", disabled]), canonical());
        let ready = running(&spec).migration.unwrap().ready;
        assert_eq!(ready == Ready::AfterTokenController, contends, "{release}");
    }
    // Without a private key it contends all the same; from 1.35 on it panics at the signal.
    for (release, panics) in [("1.30", false), ("1.34", false), ("1.35", true)] {
        let mut spec = with_file(kcm(release, &["--cloud-provider=external"]), canonical());
        spec.args.retain(|a| !a.starts_with("--service-account-private-key-file"));
        match launch(&spec).outcome {
            Outcome::Refuses(refusal) if panics => assert_eq!(refusal.exit_code, 2),
            Outcome::Runs(running) if !panics => {
                assert_eq!(running.migration.unwrap().ready, Ready::AfterTokenController);
            }
            other => panic!("{release} {other:?}"),
        }
    }
}

#[test]
fn coordinated_election_never_gives_the_migration_lease() {
    let gate = "--feature-gates=CoordinatedLeaderElection=true";
    let spec = with_file(kcm("1.33", &["--cloud-provider=external", gate]), canonical());
    assert!(matches!(running(&spec).migration.unwrap().ready, Ready::Never(_)));
    let alpha = with_file(kcm("1.32", &["--cloud-provider=external", "--feature-gates=AllAlpha=true"]), canonical());
    assert!(matches!(running(&alpha).migration.unwrap().ready, Ready::Never(_)));
    let ccm = with_file(ccm("1.33", &[gate]), canonical());
    assert_eq!(running(&ccm).migration.unwrap().ready, Ready::AtOnce);
    let unknown = refusal(&kcm("1.30", &[gate]));
    assert_eq!(
        unknown.message,
        format!(
            "invalid argument \"{}\" for \"--feature-gates\" flag: unrecognized feature gate: CoordinatedLeaderElection",
            &gate[16..]
        )
    );
}

#[test]
fn the_gate_of_leader_migration_by_release() {
    let on = "--feature-gates=ControllerManagerLeaderMigration=true";
    let off = "--feature-gates=ControllerManagerLeaderMigration=false";
    let enable = "--enable-leader-migration";
    let provider = "--cloud-provider=aws";
    let message = |release: &str, args: &[&str]| match launch(&kcm(release, args)).outcome {
        Outcome::Refuses(refusal) => refusal.message,
        _ => "starts".into(),
    };
    assert_eq!(message("1.21", &[provider, enable]), "Leader Migration is not enabled through feature gate");
    assert_eq!(message("1.21", &[provider, enable, on]), "--leader-migration-config is required");
    assert_eq!(message("1.22", &[provider, enable]), "starts");
    assert_eq!(message("1.22", &[provider, enable, off]), "Leader Migration is not enabled through feature gate");
    assert_eq!(message("1.22", &[provider, off]), "starts");
    let invalid =
        |gate: &str, why: &str| format!("invalid argument {:?} for \"--feature-gates\" flag: {why}", &gate[16..]);
    let locked = "cannot set feature gate ControllerManagerLeaderMigration to false, feature is locked to true";
    assert_eq!(message("1.24", &[provider, off]), invalid(off, locked));
    assert_eq!(message("1.24", &[provider, on]), "starts");
    let unknown = "unrecognized feature gate: ControllerManagerLeaderMigration";
    assert_eq!(message("1.27", &["--cloud-provider=gce", on]), invalid(on, unknown));
    assert_eq!(message("1.33", &["--cloud-provider=external", on]), unknown);
}

#[test]
fn the_file_is_read_only_if_migration_is_enabled() {
    let mut spec = kcm("1.30", &["--leader-migration-config=/missing"]);
    assert_eq!(running(&spec).migration, None);
    spec.args.push("--enable-leader-migration".into());
    let message =
        "unable to read leader migration configuration from \"/missing\": open /missing: no such file or directory";
    assert_eq!(refusal(&spec), before(message, 1, Some(4)));
    spec.migration_file = MigrationFile::Unparsable("yaml: line 6: did not find expected key".into());
    assert_eq!(refusal(&spec).message, "yaml: line 6: did not find expected key");
    // Also without election: the file is read before anyone asks for a lease.
    spec.args.push("--leader-elect=false".into());
    assert_eq!(refusal(&spec).when, RefusesWhen::BeforeLocks);
    spec.migration_file = canonical();
    let all: ControllerSet =
        [Controller::Service, Controller::Route, Controller::CloudNodeLifecycle, Controller::NodeIpam]
            .into_iter()
            .collect();
    assert_eq!(launch(&spec).outcome, Outcome::Unlocked(all));
}

#[test]
fn names_that_are_no_keys_stay_under_the_main_lease() {
    for names in
        [["Service-LB-Controller", "x", "y"], ["service-lb-controller ", "node-route", "cloud-node-lifecycle "], OLD]
    {
        let spec = with_file(kcm("1.30", &[]), file("v1", LEASE, None, &names, "*"));
        assert_eq!(sets(&spec), "service, route, cloud-node-lifecycle, node-ipam | none", "{names:?}");
    }
    // A mistyped component: nowhere.
    let typo = with_file(kcm("1.30", &[]), file("v1", LEASE, None, &CANONICAL, "cloud-controller-manger"));
    assert_eq!(sets(&typo), "node-ipam | none");
    // `nodeipam` is no key of 1.30, `node-ipam-controller` is.
    let old = with_file(kcm("1.30", &[]), file("v1", LEASE, None, &["nodeipam"], "*"));
    assert_eq!(sets(&old), "service, route, cloud-node-lifecycle, node-ipam | none");
    let new = with_file(kcm("1.30", &[]), file("v1", LEASE, None, &["node-ipam-controller"], "*"));
    assert_eq!(sets(&new), "service, route, cloud-node-lifecycle | node-ipam");
    // A wildcard is a component that nobody is in 1.21.
    let gate = "--feature-gates=ControllerManagerLeaderMigration=true";
    let star =
        with_file(kcm("1.21", &["--cloud-provider=aws", gate]), file("v1alpha1", LEASE, Some("leases"), &OLD, "*"));
    assert_eq!(sets(&star), "node-ipam | none");
}

#[test]
fn leases_follow_the_flags() {
    let flags = ["--leader-elect-resource-name=mine", "--leader-elect-resource-namespace=there"];
    let running = running(&with_file(ccm("1.36", &flags), canonical()));
    assert_eq!(running.main.to_string(), "there/mine");
    assert_eq!(running.migration.unwrap().lease.to_string(), format!("there/{LEASE}"));
}

#[test]
fn cidrs_that_are_none_end_the_process_when_a_controller_needs_them() {
    let without = "--cluster-cidr=";
    let kcm_refusal = refusal(&kcm("1.30", &[without]));
    assert!(matches!(kcm_refusal.when, RefusesWhen::AfterMainLock(_)));
    assert_eq!((kcm_refusal.message.as_str(), kcm_refusal.exit_code), ("invalid CIDR address: ", 1));
    assert_eq!(refusal(&ccm("1.36", &[without])).exit_code, 255);
    // Under the migration lease the main set runs until the lease is had.
    let migrated = running(&with_file(ccm("1.36", &[without]), canonical()));
    assert_eq!(migrated.main_set.to_string(), "cloud-node");
    assert_eq!(migrated.migration.unwrap().dies.unwrap().exit_code, 255);
    // Of a cloud nobody knows, routes are taken not to be there.
    let mut unknown = ccm("1.36", &[without]);
    unknown.vendor = vendors::STOCK;
    assert_eq!(sets(&unknown), "service, cloud-node-lifecycle, cloud-node | off");
}

#[test]
fn vendors_deviate() {
    let mut azure = with_file(ccm("1.29", &["--cloud-provider=azure"]), canonical());
    azure.vendor = vendors::lookup(None, Some("azure"));
    let ignored = running(&azure);
    assert_eq!(ignored.migration, None);
    assert_eq!(ignored.main_set.to_string(), "service, route, cloud-node-lifecycle, cloud-node, node-ipam");
    let mut gcp =
        with_file(ccm("1.31", &["--cloud-provider=gce"]), file("v1", LEASE, None, &["node-ipam-controller"], "*"));
    gcp.vendor = vendors::lookup(None, Some("gce"));
    assert_eq!(sets(&gcp), "service, route, cloud-node-lifecycle, cloud-node | node-ipam");
    let mut alibaba = ccm("1.30", &["--cloud-provider=alicloud", "--enable-leader-migration"]);
    alibaba.vendor = vendors::lookup(None, Some("alicloud"));
    assert_eq!(refusal(&alibaba), before("unknown flag: --enable-leader-migration", 2, Some(5)));
    alibaba.args.pop();
    assert_eq!(running(&alibaba).main.to_string(), "kube-system/ccm");
    assert_eq!(refusal(&ccm("1.30", &["--cloud-provider="])).message, "--cloud-provider cannot be empty");
    assert_eq!(refusal(&ccm("1.30", &["--cloud-provider=external"])).exit_code, 255);
}

/// Which manager runs each of service, route and cloud-node-lifecycle once both are started, KCM first.
fn both(kcm: &ManagerSpec, ccm: &ManagerSpec, order: [usize; 2]) -> String {
    let launched = [launch(kcm), launch(ccm)];
    let contenders: Vec<Contender> =
        launched.iter().zip([kcm, ccm]).map(|(l, s)| Contender { outcome: &l.outcome, rights: &s.rights }).collect();
    let settled = settle(&contenders, &order.map(Event::Start));
    let runs = |c: Controller| -> String {
        let acts = |i: usize| matches!(settled.states[i], State::Runs(set) if set.contains(c));
        match (acts(0), acts(1)) {
            (true, true) => "both",
            (true, false) => "kcm",
            (false, true) => "ccm",
            (false, false) => "none",
        }
        .into()
    };
    [Controller::Service, Controller::Route, Controller::CloudNodeLifecycle].map(runs).join(" ")
}

/// Where the two managers would run a controller, as `KCM/CCM`: `mig`, `MAIN` or `-`.
fn locks(kcm: &ManagerSpec, ccm: &ManagerSpec) -> String {
    let place = |spec: &ManagerSpec, c: Controller| {
        let running = running(spec);
        match running.migration {
            Some(m) if m.set.contains(c) => "mig",
            _ if running.main_set.contains(c) => "MAIN",
            _ => "-",
        }
    };
    [Controller::Service, Controller::Route, Controller::CloudNodeLifecycle]
        .map(|c| format!("{}/{}", place(kcm, c), place(ccm, c)))
        .join(" ")
}

/// The lock of each controller by the names that KCM and CCM know (A: up to 1.27 and 0.27, B: after) and by the
/// configuration. Two different places can run a controller at once.
#[test]
fn locks_by_names_and_configuration() {
    let union: Vec<&str> = OLD.into_iter().chain(CANONICAL).collect();
    let table: [(&str, &str, Option<(&[&str], &[&str])>, &str); 14] = [
        ("A", "A", None, "mig/mig mig/mig mig/mig"),
        ("A", "A", Some((&OLD, &OLD)), "mig/mig mig/mig mig/mig"),
        ("A", "B", None, "mig/MAIN mig/MAIN mig/mig"),
        ("A", "B", Some((&OLD, &OLD)), "mig/MAIN mig/MAIN mig/MAIN"),
        ("A", "B", Some((&CANONICAL, &CANONICAL)), "MAIN/mig MAIN/mig MAIN/mig"),
        ("B", "A", None, "MAIN/mig MAIN/mig mig/mig"),
        ("B", "A", Some((&OLD, &OLD)), "MAIN/mig MAIN/mig MAIN/mig"),
        ("B", "B", None, "MAIN/MAIN MAIN/MAIN mig/mig"),
        ("B", "B", Some((&OLD, &OLD)), "MAIN/MAIN MAIN/MAIN MAIN/MAIN"),
        ("B", "B", Some((&CANONICAL, &CANONICAL)), "mig/mig mig/mig mig/mig"),
        ("A", "A", Some((&union, &union)), "mig/mig mig/mig mig/mig"),
        ("A", "B", Some((&union, &union)), "mig/mig mig/mig mig/mig"),
        ("B", "B", Some((&union, &union)), "mig/mig mig/mig mig/mig"),
        ("A", "B", Some((&OLD, &CANONICAL)), "mig/mig mig/mig mig/mig"),
    ];
    let old = ["1.22", "1.25", "1.27"];
    let new = ["1.28", "1.29", "1.30"];
    for (kcm_names, ccm_names, files, expected) in table {
        for kcm_release in if kcm_names == "A" { old } else { new } {
            for ccm_release in if ccm_names == "A" { old } else { ["1.28", "1.33", "1.37"] } {
                let (mut k, mut c) = (kcm(kcm_release, &[]), ccm(ccm_release, &[]));
                match files {
                    None => [&mut k, &mut c].map(|s| s.args.push("--enable-leader-migration".into())),
                    Some((for_kcm, for_ccm)) => {
                        let names = [for_kcm, for_ccm];
                        let mut specs = [&mut k, &mut c];
                        for (spec, names) in specs.iter_mut().zip(names) {
                            **spec = with_file((**spec).clone(), file("v1beta1", LEASE, Some("leases"), names, "*"));
                        }
                        [(), ()]
                    }
                };
                assert_eq!(locks(&k, &c), expected, "KCM {kcm_release}, CCM {ccm_release}");
                let seen = [[0, 1], [1, 0]].iter().any(|&order| both(&k, &c, order).contains("both"));
                assert_eq!(seen, expected.contains("MAIN"), "KCM {kcm_release}, CCM {ccm_release}");
            }
        }
    }
}

#[test]
fn start_order_hides_one_sided_mistakes() {
    let kcm = with_file(kcm("1.30", &[]), canonical());
    let mut ccm = ccm("1.36", &[]);
    ccm.args.push("--enable-leader-migration".into());
    assert_eq!(both(&kcm, &ccm, [0, 1]), "both both kcm");
    assert_eq!(both(&kcm, &ccm, [1, 0]), "ccm ccm ccm");
}

#[test]
fn rights_decide_who_holds_the_migration_lease() {
    let stock = |component| crate::facts::rbac::stock(component, Release::NEWEST);
    let mut kcm = with_file(kcm("1.30", &[]), canonical());
    kcm.rights = stock(Component::KubeControllerManager);
    let ccm = with_file(ccm("1.30", &[]), canonical());
    assert_eq!(both(&kcm, &ccm, [0, 1]), "ccm ccm ccm");
    assert!(obstacle(&LeaseId::kube_system(LEASE), &kcm.rights).unwrap().ends_with("is forbidden"));
    // The guide's role patch is enough: creating comes from the bootstrap ClusterRole.
    kcm.rights.rules.push(LockRule {
        namespace: Some("kube-system".into()),
        names: Some(vec![LEASE.into()]),
        resources: vec!["leases".into()],
        verbs: ["create", "list", "get", "update"].map(String::from).to_vec(),
    });
    assert_eq!(both(&kcm, &ccm, [0, 1]), "kcm kcm kcm");
}

#[test]
fn a_process_may_have_one_lease_for_both_elections() {
    let own = file("v1", "kube-controller-manager", None, &CANONICAL, "*");
    let kcm = with_file(kcm("1.30", &[]), own);
    let launched = launch(&kcm);
    let contenders = [Contender { outcome: &launched.outcome, rights: &kcm.rights }];
    let settled = settle(&contenders, &[Event::Start(0)]);
    assert_eq!(settled.leases.len(), 1);
    let State::Runs(set) = settled.states[0] else { panic!() };
    assert_eq!(set.to_string(), "service, route, cloud-node-lifecycle, node-ipam");
}

#[test]
fn settings_name_their_origin() {
    use super::settings::Origin;
    let spec = with_file(kcm("1.30", &["--leader-elect-lease-duration=60s"]), canonical());
    let settings = launch(&spec).settings;
    assert_eq!(settings.lease_duration.value.to_string(), "1m0s");
    assert_eq!(settings.lease_duration.origin, Origin::Arg(4));
    assert_eq!(settings.retry_period.origin, Origin::Default);
    assert_eq!(settings.cloud_provider.origin, Origin::Arg(5));
    let migration = settings.migration.unwrap();
    assert_eq!((migration.origin, migration.value.controller_leaders.len()), (Origin::File, 3));
    let built_in = launch(&ccm("1.36", &["--enable-leader-migration"])).settings.migration.unwrap();
    assert_eq!(built_in.origin, Origin::Default);
    let first = ControllerLeader { name: "route-controller".into(), component: "*".into() };
    assert_eq!(built_in.value.controller_leaders[0], first);
    assert_eq!(Some(built_in.value), MigrationConfig::built_in("1.36".parse().unwrap()));
}
