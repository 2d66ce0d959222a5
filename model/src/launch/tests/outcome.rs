//! What a manager runs, or how it ends.

use super::*;
use crate::lease::LockType;

#[test]
fn in_tree_provider_name_by_release() {
    let gce = "cloud provider \"gce\" was specified, but built-in cloud providers are disabled. Please set \
               --cloud-provider=external and migrate to an external cloud provider";
    assert_eq!(refusal(&kcm("1.33", &["--cloud-provider=gce"])), before(Cause::InTreeProvider, gce, 1, Some(4)));
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
        let expected = Refusal {
            cause: Cause::MigrationLock,
            when: RefusesWhen::AfterMainLock(main),
            message: message.into(),
            exit_code: code,
            arg: None,
        };
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
        ("Cloud-Provider", "Lease.coordination.k8s.io \"Cloud-Provider\" is invalid: metadata.name"),
        ("a/b", "invalid resource name \"a/b\": [may not contain '/']"),
        ("..", "invalid resource name \"..\": [may not be '..']"),
    ] {
        let spec = with_file(kcm("1.30", &[]), file("v1", name, None, &CANONICAL, "*"));
        let (launch, running) = (launch(&spec), running(&spec));
        assert_eq!(launch.obstacle(&running.migration.unwrap().lease, &spec.rights).as_deref(), Some(why));
        assert_eq!(launch.obstacle(&running.main, &spec.rights), None);
    }
}

#[test]
fn a_lease_duration_under_a_second_is_refused_by_the_api_server() {
    let with = |lease: &str| {
        let args = ["--leader-elect-renew-deadline=600ms", "--leader-elect-retry-period=200ms"];
        let mut spec = with_file(kcm("1.30", &args), canonical());
        spec.args.push(format!("--leader-elect-lease-duration={lease}"));
        spec
    };
    let why = |spec: &ManagerSpec, lease: &LeaseId| launch(spec).obstacle(lease, &spec.rights);
    let main = LeaseId::kube_system("kube-controller-manager");
    // The process starts and asks for ever.
    let short = with("999ms");
    let running = running(&short);
    assert_eq!(running.main, main);
    assert_eq!(
        why(&short, &main).unwrap(),
        "Lease.coordination.k8s.io \"kube-controller-manager\" is invalid: spec.leaseDurationSeconds"
    );
    assert!(why(&short, &running.migration.unwrap().lease).is_some());
    assert_eq!(why(&with("1s"), &main), None);
    // What may not even read the lease does not get that far.
    assert!(launch(&short).obstacle(&main, &Rights::default()).unwrap().ends_with("is forbidden"));
    // An annotation is not validated; of a double lock the Lease is.
    for (lock, refused) in
        [(LockType::Endpoints, false), (LockType::ConfigMaps, false), (LockType::EndpointsLeases, true)]
    {
        assert_eq!(why(&short, &LeaseId { lock, ..main.clone() }).is_some(), refused, "{lock:?}");
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
            assert_eq!(refusal(&spec), before(Cause::Durations, message, 2, Some(4)), "{args:?}");
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
    assert_eq!(
        refusal(&kcm("1.30", &flag)),
        before(Cause::MainLock, "resourceLock value must be \"leases\"", 1, Some(4))
    );
    assert!(matches!(launch(&kcm("1.30", &[flag[0], "--leader-elect=false"])).outcome, Outcome::Unlocked(_)));
    let unchecked = refusal(&kcm("1.25", &[flag[0], "--cloud-provider=aws"]));
    assert_eq!(unchecked.message, "endpoints lock is removed, migrate to endpointsleases");
    let old = running(&kcm("1.23", &[flag[0], "--cloud-provider=aws"]));
    assert_eq!(old.main.to_string(), "kube-system/kube-controller-manager (endpoints)");
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
fn every_refusal_names_the_decision_that_ends_the_process() {
    let gate = "--feature-gates=ControllerManagerLeaderMigration=true";
    let gce = "--cloud-provider=gce";
    let endpoints = file("v1beta1", LEASE, Some("endpoints"), &CANONICAL, "*");
    let mut without_key = with_file(kcm("1.36", &["--cloud-provider=external"]), canonical());
    without_key.args.retain(|arg| !arg.starts_with("--service-account-private-key-file"));
    for (spec, cause) in [
        (without_key, Cause::NoPrivateKey),
        (kcm("1.30", &["--version"]), Cause::Prints),
        (kcm("1.30", &["--help"]), Cause::Prints),
        (kcm("1.30", &["--no-such-flag"]), Cause::UnknownFlag),
        (kcm("1.30", &["--enable-leader-migration=maybe"]), Cause::CommandLine),
        (kcm("1.30", &["--feature-gates=DisableCloudProviders"]), Cause::CommandLine),
        (kcm("1.30", &[gate]), Cause::FeatureGate),
        (
            kcm(
                "1.27",
                &["--cloud-provider=external", "--feature-gates=NoSuchGate=true,CoordinatedLeaderElection=true"],
            ),
            Cause::FeatureGate,
        ),
        (kcm("1.30", &["--controllers=*,-cloud"]), Cause::UnknownController),
        (kcm("1.33", &[gce]), Cause::InTreeProvider),
        (kcm("1.30", &[gce]), Cause::InTreeProvider),
        (kcm("1.30", &[gce, "--leader-elect=false"]), Cause::InTreeProvider),
        (ccm("1.30", &["--cloud-provider="]), Cause::NoProvider),
        (ccm("1.30", &["--cloud-provider=external"]), Cause::NoProvider),
        (kcm("1.33", &["--cloud-provider=external", "--cidr-allocator-type=CloudAllocator"]), Cause::CidrAllocator),
        (kcm("1.30", &["--cloud-provider=external", "--cidr-allocator-type=CloudAllocator"]), Cause::CidrAllocator),
        (kcm("1.30", &["--cluster-cidr="]), Cause::ClusterCidr),
        (with_file(kcm("1.30", &[]), MigrationFile::Missing), Cause::MigrationConfig),
        (with_file(kcm("1.30", &[]), endpoints), Cause::MigrationLock),
        (kcm("1.30", &["--leader-elect-resource-lock=endpoints"]), Cause::MainLock),
        (kcm("1.25", &["--leader-elect-resource-lock=endpoints", "--cloud-provider=aws"]), Cause::MainLock),
        (kcm("1.30", &["--leader-elect-renew-deadline=15s"]), Cause::Durations),
    ] {
        let found = refusal(&spec);
        assert_eq!(found.cause, cause, "{:?}: {}", spec.args, found.message);
    }
}

#[test]
fn why_a_manager_never_contends_is_said() {
    let said = |never: NeverReady| never.to_string();
    assert_eq!(
        said(NeverReady::TokenControllerOff("serviceaccount-token")),
        "--controllers leaves out serviceaccount-token, whose start is the signal to contend for the migration lease"
    );
    assert_eq!(
        said(NeverReady::CoordinatedElection),
        "with CoordinatedLeaderElection the migration lease is given only to announced candidates, and \
         kube-controller-manager announces none for it"
    );
}

/// A vendor of whom nobody knows whether its cloud has routes.
#[test]
fn unusable_cidrs_are_noted_where_the_cloud_may_have_routes() {
    let noted = |spec: &ManagerSpec| {
        let unchecked = launch(spec).settings.unchecked_flags;
        unchecked.iter().any(|u| u.name == "--cluster-cidr" && u.assumed.starts_with("it is not usable"))
    };
    let without_cidr = |component, cloud_routes: &str| {
        let mut spec = manager(component, "1.29", &[cloud_routes]);
        spec.args.retain(|arg| !arg.starts_with("--cluster-cidr"));
        spec.vendor.routes = None;
        spec
    };
    assert!(noted(&without_cidr(Component::CloudControllerManager, "--configure-cloud-routes=true")));
    assert!(!noted(&without_cidr(Component::CloudControllerManager, "--configure-cloud-routes=false")));
    assert!(!noted(&without_cidr(Component::KubeControllerManager, "--configure-cloud-routes=true")));
    let mut usable = ccm("1.29", &[]);
    usable.vendor.routes = None;
    assert!(!noted(&usable));
    let mut known = without_cidr(Component::CloudControllerManager, "--configure-cloud-routes=true");
    known.vendor.routes = Some(false);
    assert!(!noted(&known));
}

/// The allocators of a cloud went with the providers, in kube-controller-manager; cloud-controller-manager has its own.
#[test]
fn an_allocator_of_a_cloud_is_refused_by_a_kcm_without_providers() {
    let message = "built-in cloud providers are disabled. The ipam CloudAllocator is not available";
    let with = |component, release: &str, allocator: &str| {
        let provider = if component == Component::KubeControllerManager { "external" } else { "recorder" };
        let spec = manager(component, release, &[&format!("--cloud-provider={provider}"), allocator]);
        match launch(&spec).outcome {
            Outcome::Refuses(refusal) => Some((refusal.cause, refusal.message)),
            _ => None,
        }
    };
    let (of_kcm, of_ccm) = (Component::KubeControllerManager, Component::CloudControllerManager);
    let cloud = "--cidr-allocator-type=CloudAllocator";
    let refused = with(of_kcm, "1.33", cloud).expect("it refuses");
    assert_eq!(refused.0, Cause::CidrAllocator);
    assert!(refused.1.contains(message), "{}", refused.1);
    assert_eq!(with(of_kcm, "1.33", "--cidr-allocator-type=RangeAllocator"), None);
    assert_eq!(with(of_kcm, "1.33", "--cidr-allocator-type="), None);
    assert!(with(of_kcm, "1.30", cloud).is_none_or(|(_, other)| !other.contains(message)));
    assert_eq!(with(of_ccm, "1.33", cloud), None);
}

/// klog.Fatalf ends a kube-controller-manager that runs without leader election as any other.
#[test]
fn without_leader_election_a_provider_that_is_gone_ends_the_process_too() {
    for (release, code) in [("1.23", 255), ("1.30", 1)] {
        let spec = kcm(release, &["--leader-elect=false", "--cloud-provider=nowhere"]);
        assert_eq!(refusal(&spec).exit_code, code, "{release}");
    }
}
