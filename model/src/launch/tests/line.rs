//! Command lines, options and the configuration file.

use super::*;

#[test]
fn a_blank_instead_of_an_equals_sign_is_fatal() {
    let refused = refusal(&kcm("1.30", &["--enable-leader-migration", "true"]));
    let message = "\"kube-controller-manager\" does not take any arguments, got [\"true\"]";
    assert_eq!(refused, before(Cause::CommandLine, message, 1, Some(5)));
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
        let cause = if message.starts_with("unknown") { Cause::UnknownFlag } else { Cause::CommandLine };
        assert_eq!(refusal(&kcm("1.30", &args)), before(cause, message, 1, Some(at)), "{args:?}");
    }
    for args in [vec!["-v", "2"], vec!["-v=2"], vec!["-v2"], vec!["-v10"], vec!["--cluster_cidr", "10.0.0.0/8"]] {
        running(&kcm("1.30", &args));
        // What follows a short flag is read, and at its own place.
        let more: Vec<&str> = args.iter().copied().chain(["--no-such-flag"]).collect();
        let at = 4 + args.len();
        assert_eq!(
            refusal(&kcm("1.30", &more)),
            before(Cause::UnknownFlag, "unknown flag: --no-such-flag", 1, Some(at)),
            "{more:?}"
        );
    }
    for (args, message) in [
        (["-v="], "invalid argument \"=\" for \"-v, --v\" flag: strconv.ParseInt: parsing \"=\": invalid syntax"),
        (["-"], "\"kube-controller-manager\" does not take any arguments, got [\"-\"]"),
    ] {
        assert_eq!(refusal(&kcm("1.30", &args)), before(Cause::CommandLine, message, 1, Some(4)), "{args:?}");
    }
    let mut last = kcm("1.30", &[]);
    last.args.push("-v".into());
    assert_eq!(refusal(&last).message, "flag needs an argument: 'v' in -v");
    let help = refusal(&kcm("1.30", &["-h"]));
    assert_eq!((help.cause, help.exit_code), (Cause::Prints, 0));
    // After two dashes everything is an argument.
    let mut last = kcm("1.30", &[]);
    last.args.extend(["--", "--v=2", "x"].map(String::from));
    let message = "\"kube-controller-manager\" does not take any arguments, got [\"--v=2\" \"x\"]";
    assert_eq!(refusal(&last).message, message);
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
    assert_eq!(refusal(&spec), before(Cause::MigrationConfig, message, 1, Some(4)));
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

#[test]
fn controllers_are_one_record_of_comma_separated_values() {
    let read = |flag: &str| launch(&ccm("1.30", &[flag])).settings.controllers.value;
    assert_eq!(read("--controllers=\"*,-route\",service"), ["*,-route", "service"]);
    assert_eq!(read("--controllers=*,-route"), ["*", "-route"]);
}

#[test]
fn gates_nobody_can_check_are_listed() {
    let unchecked = |flag: &str| {
        let launched = launch(&kcm("1.30", &[flag]));
        launched.settings.unchecked_flags.into_iter().map(|u| u.name).collect::<Vec<_>>()
    };
    assert_eq!(unchecked("--feature-gates=AllAlpha=false,AllBeta=false"), [""; 0]);
    assert_eq!(unchecked("--feature-gates=ContextualLogging=true"), ["ContextualLogging"]);
}
