//! From managers as operators write them to verdicts, findings and fixes that were searched again.

use leasehold_model::controller::Component::{self, CloudControllerManager as Ccm, KubeControllerManager as Kcm};
use leasehold_model::controller::{Controller, ControllerSet};
use leasehold_model::explore::Options;
use leasehold_model::facts::vendors::{STOCK, lookup};
use leasehold_model::findings::edit::{api_version, document, right_config, shared_controllers, with_step_first};
use leasehold_model::findings::{Code, Edit, Finding, causes, fix};
use leasehold_model::launch::{ManagerSpec, MigrationFile};
use leasehold_model::lease::{LockRule, Rights};
use leasehold_model::lease_time::answers::Theorem;
use leasehold_model::lease_time::question::Assumed;
use leasehold_model::migration::story::Story;
use leasehold_model::migration::*;
use leasehold_model::plan::Plan;
use leasehold_model::release::Release;
use leasehold_model::timing::{Judged, judge};
use std::sync::LazyLock;

fn manager(component: Component, minor: u8, args: &str) -> ManagerSpec {
    ManagerSpec {
        component,
        code: Release::new(minor).expect("a known release"),
        vendor: STOCK,
        args: args.split_whitespace().map(String::from).collect(),
        migration_file: MigrationFile::Missing,
        rights: Rights::all(),
    }
}

const KCM: &str =
    "--leader-elect=true --allocate-node-cidrs=true --cluster-cidr=10.244.0.0/16 --configure-cloud-routes=true";
const GATE: &str = "--feature-gates=DisableCloudProviders=false";

/// Leader migration enabled on every kube-controller-manager, then the nodes replaced.
fn upgrade(from: u8, migrating: &str, ccm: &str) -> Plan {
    let in_tree = |extra: &str| manager(Kcm, from, &format!("{KCM} --cloud-provider=gce {GATE} {extra}"));
    Plan {
        managers: vec![
            in_tree(""),
            in_tree(migrating),
            manager(Kcm, from + 1, &format!("{KCM} --cloud-provider=external")),
            manager(
                Ccm,
                from + 1,
                &format!(
                    "--leader-elect=true --cloud-provider=gce --configure-cloud-routes=true --cluster-cidr=10.244.0.0/16 {ccm}"
                ),
            ),
        ],
        pools: vec![Pool {
            name: "cp".into(),
            size: 3,
            spare: 1,
            components: Component::ALL.to_vec(),
            runs: vec![vec![Some(0), None], vec![Some(1), None], vec![Some(2), Some(3)]],
            update: Update::InPlace,
            cordoned: Vec::new(),
            placement: Vec::new(),
        }],
        steps: vec![
            Step { title: "enable leader migration".into(), mode: Mode::Edit, downtime: false },
            Step { title: "replace nodes".into(), mode: Mode::Replace { surge: true }, downtime: false },
        ],
        faults: vec![Fault::Crash],
        rollback: Rollback::Anywhere,
        given_up: ControllerSet::EMPTY,
        timing: Assumed::USUAL,
        unplaced: Vec::new(),
        in_tree_kubelets: false,
    }
}

fn options() -> Options<'static> {
    Options { symmetry: true, ..Options::default() }
}

fn statuses(report: &Report) -> Vec<&'static str> {
    report.verdicts.iter().map(|v| v.status.name()).collect()
}

/// Answers are kept from test to test.
static THEOREM: LazyLock<Theorem> = LazyLock::new(Theorem::default);

fn judged(plan: &Plan) -> Judged {
    judge(plan, &THEOREM, &options()).expect("it fits")
}

fn findings_of(plan: &Plan) -> Vec<Finding> {
    causes(plan, &judged(plan), &THEOREM)
}

fn codes(plan: &Plan) -> Vec<Code> {
    findings_of(plan).iter().map(|f| f.code).collect()
}

#[test]
fn the_default_configuration_since_1_28_is_refuted_and_mended() {
    let plan = upgrade(29, "--enable-leader-migration=true", "--enable-leader-migration=true");
    let report = judged(&plan).report;
    assert_eq!(statuses(&report), ["violated", "holds", "holds", "violated"]);
    let twice = report.of(Property::Exclusive).counterexamples.iter().map(|c| c.controllers);
    assert_eq!(twice.fold(ControllerSet::EMPTY, ControllerSet::union).to_string(), "service, route");

    let findings = findings_of(&plan);
    for finding in &findings {
        println!(
            "{} {} {:?} {}\n  {}",
            finding.code, finding.manager, finding.at, finding.controllers, finding.message
        );
    }
    assert!(findings.iter().all(|f| f.code == Code::LM101));
    assert_eq!(findings.iter().map(|f| f.manager).collect::<Vec<_>>(), [1, 3]);
    let fixed = fix(&plan, &report, &findings, &THEOREM, &options()).expect("it fits").expect("there is a fix");
    assert_eq!(statuses(&fixed.report), ["holds"; 4]);
    assert_eq!(fixed.mended(&report), [Property::Exclusive, Property::Returnable]);
}

#[test]
fn the_default_configuration_before_1_28_holds() {
    let plan = upgrade(26, "--enable-leader-migration=true", "--enable-leader-migration=true");
    let mut plan = plan;
    for spec in &mut plan.managers {
        spec.args.retain(|arg| arg != GATE);
    }
    let report = judged(&plan).report;
    assert_eq!(statuses(&report), ["holds"; 4]);
}

#[test]
fn each_mistake_has_its_code_and_its_fix() {
    let migrating = "--enable-leader-migration=true";
    let cases: [(&str, &str, &str, &[Code]); 3] = [
        ("leader election off", migrating, "--leader-elect=false --enable-leader-migration=true", &[Code::LM201]),
        ("migration off in the new manager", migrating, "", &[Code::LM101, Code::LM208]),
        ("migration off in the old manager", "", migrating, &[Code::LM208, Code::LM101]),
    ];
    for (name, kcm, ccm, expected) in cases {
        let plan = upgrade(29, kcm, ccm);
        let report = judged(&plan).report;
        let mut found = codes(&plan);
        found.dedup();
        println!("{name}: {found:?}");
        assert_eq!(report.of(Property::Exclusive).status, Status::Violated, "{name}");
        for code in expected {
            assert!(found.contains(code), "{name}: {found:?}");
        }
        let findings = findings_of(&plan);
        let fixed = fix(&plan, &report, &findings, &THEOREM, &options()).expect("it fits").expect(name);
        assert_eq!(statuses(&fixed.report), ["holds"; 4], "{name}");
    }
}

#[test]
fn without_rights_the_fix_is_a_grant() {
    let mut plan = upgrade(26, "--enable-leader-migration=true", "--enable-leader-migration=true");
    for spec in &mut plan.managers {
        spec.args.retain(|arg| arg != GATE);
        if spec.component == Kcm {
            // As bootstrapped: create any lease, get and update only its own.
            let rule = |names: Option<&str>, verbs: &[&str]| LockRule {
                namespace: None,
                names: names.map(|n| vec![n.to_string()]),
                resources: vec!["leases".into()],
                verbs: verbs.iter().map(ToString::to_string).collect(),
            };
            let rules = vec![rule(None, &["create"]), rule(Some("kube-controller-manager"), &["get", "update"])];
            spec.rights = Rights { rules };
        }
    }
    let report = judged(&plan).report;
    assert_eq!(report.of(Property::Covered).status, Status::Violated);
    let findings = findings_of(&plan);
    println!("{findings:#?}");
    assert!(findings.iter().any(|f| f.code == Code::LM301));
    let fixed = fix(&plan, &report, &findings, &THEOREM, &options()).expect("it fits").expect("there is a fix");
    assert_eq!(fixed.report.of(Property::Covered).status, Status::Holds);
}

#[test]
fn the_story_names_nodes_and_marks_the_overlap() {
    let plan = upgrade(29, "--enable-leader-migration=true", "--enable-leader-migration=true");
    let problem = plan.problem();
    let report = check(&problem, &options()).expect("it fits");
    let story = Story::new(&problem, &report.of(Property::Exclusive).counterexamples[0]);
    let lines: Vec<String> = story
        .events
        .iter()
        .map(|e| {
            let acting: Vec<String> = e.acting.iter().map(|a| format!("{}: {}", a.node, a.controllers)).collect();
            format!("{} {:?} | {} | twice {}", e.node, e.what, acting.join("; "), e.twice)
        })
        .collect();
    println!("{}", lines.join("\n"));
    assert!(story.events[..story.events.len() - 1].iter().all(|e| e.twice.is_empty()));
    assert_eq!(story.events.last().expect("a run").twice.to_string(), "service, route");
}

#[test]
fn what_is_required_is_what_the_first_and_the_last_managers_are_able_to_run() {
    let plan = upgrade(29, "--enable-leader-migration=true", "--enable-leader-migration=true");
    assert_eq!([0, 1, 2].map(|position| plan.managers_at(position)), [vec![0], vec![1], vec![2, 3]]);
    let problem = plan.problem();
    assert_eq!(problem.required.to_string(), "service, route, cloud-node-lifecycle, node-ipam");
    assert_eq!(problem.required_at_end.to_string(), "service, route, cloud-node-lifecycle, cloud-node, node-ipam");
    // What is switched off before the plan is not required.
    let mut orphaning = plan;
    orphaning.managers[0].args.push("--controllers=*,-service".into());
    assert_eq!(orphaning.problem().required.to_string(), "route, cloud-node-lifecycle, node-ipam");
}

#[test]
fn a_fix_is_offered_if_it_mends_something_although_something_else_stays_broken() {
    let mut plan = upgrade(29, "--enable-leader-migration=true", "--enable-leader-migration=true");
    plan.managers[2].args.push("--leader-elect-retry-period=30s".into());
    let report = judged(&plan).report;
    assert_eq!(report.of(Property::Starts).status, Status::Violated);
    let findings = findings_of(&plan);
    assert!(findings.iter().any(|f| f.code == Code::LM211 && f.edits.is_empty()), "{findings:#?}");
    let fixed = fix(&plan, &report, &findings, &THEOREM, &options()).expect("it fits").expect("names can be mended");
    assert!(fixed.mended(&report).contains(&Property::Exclusive));
    assert_eq!(fixed.report.of(Property::Starts).status, Status::Violated);
}

#[test]
fn no_fix_is_offered_where_no_finding_knows_one() {
    let mut plan = upgrade(29, "--enable-leader-migration=true", "--enable-leader-migration=true");
    plan.managers[3].vendor = lookup(None, Some("azure"));
    let report = judged(&plan).report;
    let mut findings = findings_of(&plan);
    assert!(findings.iter().any(|f| f.code == Code::LM505 && f.edits.is_empty()), "{findings:#?}");
    findings.retain(|f| f.code == Code::LM505);
    assert_eq!(fix(&plan, &report, &findings, &THEOREM, &options()).expect("it fits"), None);
}

#[test]
fn a_migration_lease_that_is_the_other_managers_main_lease_is_found() {
    let file = "--enable-leader-migration=true --leader-migration-config=/etc/leadermigration.conf";
    let mut plan = upgrade(29, file, file);
    for at in [1, 3] {
        let spec = &plan.managers[at];
        let config = right_config(spec, shared_controllers(&plan), "kube-controller-manager");
        plan.managers[at].migration_file = MigrationFile::Document(document(&config, api_version(spec.code)));
    }
    let report = judged(&plan).report;
    assert_eq!(report.of(Property::Covered).status, Status::Violated);
    let findings = findings_of(&plan);
    let [finding] = &findings[..] else { panic!("{findings:#?}") };
    assert_eq!(
        (finding.code, finding.manager, finding.controllers.to_string()),
        (Code::LM203, 3, "service, route, cloud-node-lifecycle, node-ipam".into())
    );
    let fixed = fix(&plan, &report, &findings, &THEOREM, &options()).expect("it fits").expect("there is a fix");
    assert_eq!(statuses(&fixed.report), ["holds"; 4]);
}

#[test]
fn a_manager_that_never_contends_is_told_from_one_that_may_not() {
    let cases = [
        (30, "--controllers=*,-serviceaccount-token-controller", Code::LM210),
        (32, "--feature-gates=CoordinatedLeaderElection=true", Code::LM206),
    ];
    for (minor, flag, code) in cases {
        // Node IPAM is the one controller that every release can move.
        let migrating = format!("{KCM} --cloud-provider=external --enable-leader-migration=true {flag}");
        let mut plan = upgrade(29, "", "");
        plan.managers = vec![manager(Kcm, minor, &migrating)];
        let file = right_config(&plan.managers[0], [Controller::NodeIpam].into_iter().collect(), "migration");
        plan.managers[0].args.push("--leader-migration-config=/etc/leadermigration.conf".into());
        let document = document(&file, api_version(plan.managers[0].code));
        plan.managers[0].migration_file = MigrationFile::Document(document);
        plan.steps.clear();
        plan.pools[0].runs = vec![vec![Some(0), None]];
        let report = judged(&plan).report;
        assert_eq!(report.of(Property::Covered).status, Status::Violated, "{flag}");
        assert_eq!(codes(&plan), [code], "{flag}");
    }
}

/// The code comes from the decision that ended the process; neither the flag at fault nor the words of the message tell.
#[test]
fn what_is_decided_and_not_what_is_printed_gives_a_refusal_its_code() {
    for (flag, code) in [
        ("--enable-leader-migration=maybe", Code::LM504),
        ("--enable-leader-migration=true --leader-migration-config=/missing", Code::LM104),
        ("--leader-elect-renew-deadline=15", Code::LM504),
        ("--leader-elect-renew-deadline=15s", Code::LM211),
        ("--feature-gates=DisableCloudProviders", Code::LM504),
        ("--feature-gates=ControllerManagerLeaderMigration=true", Code::LM502),
        ("--no-lock", Code::LM502),
        ("--controllers=*,-no-lock", Code::LM504),
        ("--cloud-provider=aws", Code::LM501),
    ] {
        let mut plan = upgrade(29, "", "");
        plan.managers = vec![manager(Kcm, 30, &format!("{KCM} --cloud-provider=external {flag}"))];
        plan.steps.clear();
        plan.pools[0].runs = vec![vec![Some(0), None]];
        let report = judged(&plan).report;
        assert_eq!(report.of(Property::Starts).status, Status::Violated, "{flag}");
        assert_eq!(codes(&plan), [code], "{flag}");
    }
}

#[test]
fn a_provider_that_is_gone_or_gated_is_mended_where_it_has_to_be() {
    // In the release that the plan ends with: without the provider.
    let mut plan = upgrade(29, "", "");
    plan.managers[2].args.push("--cloud-provider=gce".into());
    let found = findings_of(&plan);
    let edits = &found.iter().find(|f| f.code == Code::LM501).expect("the gate is on in 1.30").edits;
    let set =
        |manager, flag: &str, value: &str| vec![Edit::SetFlag { manager, flag: flag.into(), value: value.into() }];
    assert_eq!(*edits, set(2, "cloud-provider", "external"));
    // Where the plan goes on from it: with the gate that still allows it.
    let mut plan = upgrade(29, "", "");
    plan.managers[1].args.push("--feature-gates=AllAlpha=false".into());
    plan.managers[1].args.retain(|arg| arg != GATE);
    let report = judged(&plan).report;
    let found = findings_of(&plan);
    let edits = &found.iter().find(|f| f.code == Code::LM501).expect("the gate is on in 1.29").edits;
    assert_eq!(*edits, set(1, "feature-gates", "AllAlpha=false,DisableCloudProviders=false"));
    let fixed = fix(&plan, &report, &found, &THEOREM, &options()).expect("it fits").expect("there is a fix");
    assert_eq!(fixed.report.of(Property::Starts).status, Status::Holds);
}

#[test]
fn steps_change_places_only_if_they_change_different_managers() {
    let mut plan = upgrade(29, "", "");
    // Both steps change the kube-controller-managers.
    assert_eq!(with_step_first(&plan, 1, 0), None);
    // 0: leader migration in the KCM, 1: another CCM, 2: the KCM again.
    plan.managers.push(plan.managers[3].clone());
    let step = |title: &str| Step { title: title.into(), mode: Mode::Edit, downtime: false };
    plan.steps = vec![step("a"), step("b"), step("c")];
    let row = |kcm, ccm| vec![Some(kcm), Some(ccm)];
    plan.pools[0].runs = vec![row(0, 3), row(1, 3), row(1, 4), row(2, 4)];
    let moved = with_step_first(&plan, 1, 0).expect("they change different managers");
    assert_eq!(moved.steps.iter().map(|s| s.title.as_str()).collect::<String>(), "bac");
    assert_eq!(moved.pools[0].runs, [row(0, 3), row(0, 4), row(1, 4), row(2, 4)]);
    assert_eq!(with_step_first(&plan, 2, 0), None);
    assert_eq!(with_step_first(&plan, 2, 1).expect("b is of the other manager").pools[0].runs[2], row(2, 3));
}

/// Candidates are announced for one lease, whatever the flags call the main one.
#[test]
fn a_coordinated_main_lease_of_another_name_is_given_to_nobody() {
    let gate = "--feature-gates=CoordinatedLeaderElection=true";
    let covered = |flags: &str| {
        let mut plan = upgrade(29, "", "");
        plan.managers = vec![manager(Kcm, 33, &format!("{KCM} --cloud-provider=external {flags}"))];
        plan.steps.clear();
        plan.pools[0].runs = vec![vec![Some(0), None]];
        (judged(&plan).report.of(Property::Covered).status, codes(&plan))
    };
    assert_eq!(covered(gate), (Status::Holds, vec![]));
    assert_eq!(covered("--leader-elect-resource-name=own"), (Status::Holds, vec![]));
    for other in ["--leader-elect-resource-name=own", "--leader-elect-resource-namespace=own"] {
        assert_eq!(covered(&format!("{gate} {other}")), (Status::Violated, vec![Code::LM206]), "{other}");
    }
}
