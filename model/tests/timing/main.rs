//! Plans judged with time: who may take a lease early, and what follows.

mod theorem;

use std::sync::LazyLock;

use leasehold_model::controller::Component::{self, KubeControllerManager as Kcm};
use leasehold_model::controller::ControllerSet;
use leasehold_model::election::Durations;
use leasehold_model::explore::Options;
use leasehold_model::facts::elections::RequestLimit;
use leasehold_model::facts::vendors::STOCK;
use leasehold_model::findings::{Code, Edit, causes, fix};
use leasehold_model::launch::duration::GoDuration;
use leasehold_model::launch::{ManagerSpec, MigrationFile};
use leasehold_model::lease::{LockRule, Rights};
use leasehold_model::lease_time::answers::{Roles, Theorem, Truth};
use leasehold_model::lease_time::constants::Rates;
use leasehold_model::lease_time::handover::{Action as TimedAction, Handover};
use leasehold_model::lease_time::question::{Assumed, Contender, Question};
use leasehold_model::lease_time::trace::Event;
use leasehold_model::lease_time::{Assumptions, Pair, decide};
use leasehold_model::migration::*;
use leasehold_model::plan::Plan;
use leasehold_model::release::Release;
use leasehold_model::timing::{Election, Holder, Judged, Taken, Why, judge};
use leasehold_model::zones;

/// Answers are kept from test to test.
static THEOREM: LazyLock<Theorem> = LazyLock::new(Theorem::default);

const IN_TREE: &str = "--leader-elect=true --cloud-provider=gce --cluster-cidr=10.244.0.0/16";
const DEFAULT: &str = "";
const LONG: &str = "--leader-elect-lease-duration=60s --leader-elect-renew-deadline=40s --leader-elect-retry-period=5s";
const GATE: &str = "--feature-gates=ControllerManagerReleaseLeaderElectionLockOnExit=true";

/// Every kube-controller-manager is changed, one by one.
fn change(minor: u8, before: &str, after: &str, nodes: u8) -> Plan {
    let manager = |flags: &str| ManagerSpec {
        component: Kcm,
        code: Release::new(minor).expect("a known release"),
        vendor: STOCK,
        args: format!("{IN_TREE} {flags}").split_whitespace().map(String::from).collect(),
        migration_file: MigrationFile::Missing,
        rights: Rights::all(),
    };
    Plan {
        managers: vec![manager(before), manager(after)],
        pools: vec![Pool {
            name: "cp".into(),
            size: nodes,
            spare: 0,
            components: vec![Component::KubeControllerManager],
            runs: vec![vec![Some(0)], vec![Some(1)]],
            update: Update::InPlace,
            cordoned: Vec::new(),
            placement: Vec::new(),
        }],
        steps: vec![Step { title: "change flags".into(), mode: Mode::Edit, downtime: false }],
        faults: vec![Fault::Crash],
        rollback: Rollback::Anywhere,
        given_up: ControllerSet::EMPTY,
        timing: Assumed::USUAL,
        unplaced: Vec::new(),
        in_tree_kubelets: false,
    }
}

fn options() -> Options<'static> {
    Options { symmetry: true, threads: 2, ..Options::default() }
}

fn judged(plan: &Plan) -> Judged {
    judge(plan, &THEOREM, &options()).expect("it fits")
}

fn statuses(judged: &Judged) -> Vec<&'static str> {
    judged.report.verdicts.iter().map(|v| v.status.name()).collect()
}

/// For each holder and, within, for each taker: `+` proved, `-` refuted, `?` not decided.
fn matrix(judged: &Judged) -> String {
    let main = &judged.elections[0];
    let sign = |truth: &Truth| match truth {
        Truth::Safe => '+',
        Truth::Unsafe(_) => '-',
        Truth::Unknown(_) => '?',
    };
    main.pairs().map(|(_, truth)| sign(truth)).collect()
}

fn finding_codes(plan: &Plan, judged: &Judged) -> Vec<Code> {
    causes(plan, judged, &THEOREM).iter().map(|f| f.code).collect()
}

fn millis(ms: i64) -> GoDuration {
    GoDuration { nanos: ms * 1_000_000 }
}

#[test]
fn with_the_defaults_every_pair_is_proved_and_nothing_changes() {
    for (minor, up_to) in [(22, 949), (26, 949), (29, 949), (31, 633)] {
        let plan = change(minor, "--feature-gates=AllAlpha=false", "--v=2", 3);
        let judged = judged(&plan);
        assert_eq!(matrix(&judged), "++++", "1.{minor}");
        assert_eq!(judged.elections[0].verdict(), &Truth::Safe);
        // (15 s - 12 s - 1 s - 100 ms) / 2, from 0.30 on / 3; rounded down.
        assert_eq!(judged.elections[0].proved_up_to, Some(millis(up_to)), "1.{minor}");
        assert_eq!(judged.problem.overtakes, []);
        let ideal = check(&plan.problem(), &options()).expect("it fits");
        assert_eq!(judged.report, ideal);
    }
}

/// Up to 0.26 a challenger judges by its own duration: 15 s pass while the holder of 60 s still tries to renew.
#[test]
fn who_holds_and_who_takes_is_told_apart() {
    let plan = change(26, LONG, DEFAULT, 3);
    let found = judged(&plan);
    assert_eq!(matrix(&found), "+-++");
    assert!(matches!(found.elections[0].verdict(), Truth::Unsafe(_)));
    let answer = |taker| found.elections[0].answer(Overtake { lease: 0, holder: 0, taker });
    assert!(matches!((answer(0), answer(1), answer(2)), (Some(Truth::Safe), Some(Truth::Unsafe(_)), None)));
    let lease = |process| found.elections[0].contender(process).map(|contender| contender.durations.lease());
    assert_eq!([0, 1, 2].map(lease), [Some(millis(60_000)), Some(millis(15_000)), None]);
    assert_eq!(found.problem.overtakes, [Overtake { lease: 0, holder: 0, taker: 1 }]);
    assert_eq!(statuses(&found), ["violated", "holds", "holds", "violated"]);
    let run = &found.report.of(Property::Exclusive).counterexamples[0];
    // One node is changed, its process starts, and takes the lease from one that is not.
    assert_eq!(run.steps.len(), 3);
    assert!(matches!(run.steps[2].0, Action::OvertakeMain(_)));
    let codes = finding_codes(&plan, &found);
    assert_eq!(codes, [Code::LM214]);

    let back = judged(&change(26, DEFAULT, LONG, 3));
    assert_eq!(matrix(&back), "++-+");
    assert_eq!(statuses(&back), ["violated", "holds", "holds", "violated"]);

    let since = judged(&change(27, LONG, DEFAULT, 3));
    assert_eq!(matrix(&since), "++++", "the record's duration decides");
    assert_eq!(statuses(&since), ["holds"; 4]);
}

#[test]
fn a_margin_of_zero_is_found_and_mended_by_durations_that_are_proved() {
    let flag = "--leader-elect-retry-period=5s";
    let plan = change(26, flag, flag, 3);
    let found = judged(&plan);
    assert_eq!(matrix(&found), "----");
    assert_eq!(statuses(&found), ["violated", "holds", "holds", "violated"]);
    let run = &found.report.of(Property::Exclusive).counterexamples[0];
    assert_eq!(run.steps.len(), 1, "it needs nothing but time");
    let pair = found.problem.overtakes[0];
    let Some(Truth::Unsafe(trace)) = found.elections[0].answer(pair) else { panic!("refuted") };
    let taken = Taken::of(trace);
    assert_eq!((taken.waited, taken.slowest, taken.holder), (Some(millis(15_000)), millis(0), Holder::Renews));

    let findings = causes(&plan, &found, &THEOREM);
    assert!(findings.iter().all(|f| f.code == Code::LM213), "{findings:#?}");
    let fixed = fix(&plan, &found.report, &findings, &THEOREM, &options()).expect("it fits").expect("there is a fix");
    assert_eq!(fixed.mended(&found.report), [Property::Exclusive, Property::Returnable]);
    let set = |manager| Edit::SetFlag { manager, flag: "leader-elect-retry-period".into(), value: "2.5s".into() };
    assert_eq!(fixed.edits[..2], [set(0), set(1)]);
}

#[test]
fn slow_requests_break_the_defaults_if_they_are_assumed() {
    let mut plan = change(29, DEFAULT, "--v=2", 3);
    plan.timing.reply_delay = Some(millis(5_000));
    let found = judged(&plan);
    assert_eq!(matrix(&found), "----");
    let Some(Truth::Unsafe(trace)) = found.elections[0].answer(found.problem.overtakes[0]) else { panic!("refuted") };
    assert!(Taken::of(trace).slowest > millis(2_500), "3 s are left");
}

#[test]
fn what_is_neither_proved_nor_refuted_is_inconclusive() {
    let flag = "--leader-elect-retry-period=3s";
    let found = judged(&change(26, flag, flag, 3));
    assert_eq!(matrix(&found), "????");
    assert!(matches!(found.elections[0].verdict(), Truth::Unknown(_)));
    assert_eq!(statuses(&found), ["inconclusive", "holds", "holds", "inconclusive"]);
    assert!(found.report.of(Property::Exclusive).counterexamples.is_empty());
    assert_eq!(found.problem.overtakes, [], "nothing that is shown may rest on it");
    let open: Vec<Property> = found.open.iter().map(|open| open.property).collect();
    assert_eq!(open, [Property::Exclusive, Property::Returnable]);
    assert_eq!(found.open[0].why, Why::Pair(Overtake { lease: 0, holder: 0, taker: 0 }));
}

#[test]
fn a_lease_that_is_given_back_before_the_controllers_stop_is_taken_early() {
    // 1.36 and 1.37 have no in-tree provider: node IPAM is what they run.
    let mut plan = change(37, GATE, GATE, 2);
    for spec in &mut plan.managers {
        spec.args.retain(|arg| !arg.starts_with("--cloud-provider"));
        spec.args.push("--allocate-node-cidrs=true".into());
    }
    let found = judged(&plan);
    assert_eq!(matrix(&found), "----");
    assert_eq!(found.report.of(Property::Exclusive).status, Status::Violated);
    let findings = causes(&plan, &found, &THEOREM);
    assert!(findings.iter().all(|f| f.code == Code::LM215), "{findings:#?}");
    let fixed = fix(&plan, &found.report, &findings, &THEOREM, &options()).expect("it fits").expect("there is a fix");
    let off = |manager| Edit::SetFlag {
        manager,
        flag: "feature-gates".into(),
        value: format!("{}=false", &GATE[16..GATE.len() - 5]),
    };
    assert_eq!(fixed.edits[..2], [off(0), off(1)]);
    // cloud-controller-manager and older releases do not have the gate; off is the default.
    assert_eq!(statuses(&judged(&change(28, "--v=1", "--v=2", 2))), ["holds"; 4]);
}

/// While nobody has the gate yet nobody empties the lease: the run begins with a process that has it.
#[test]
fn who_does_not_release_yet_is_not_blamed_for_those_that_will() {
    let mut plan = change(37, "--v=2", GATE, 2);
    for spec in &mut plan.managers {
        spec.args.retain(|arg| !arg.starts_with("--cloud-provider"));
        spec.args.push("--allocate-node-cidrs=true".into());
    }
    let found = judged(&plan);
    // Two that do not release may act together only if a third releases the other's lease.
    assert_eq!(matrix(&found), "??--");
    let run = &found.report.of(Property::Exclusive).counterexamples[0];
    assert!(run.steps.len() > 2, "{:?}", run.steps);
    assert_eq!(finding_codes(&plan, &found), [Code::LM215]);
}

/// Another configuration that is unsafe by itself does not hide that a release is what breaks this one.
#[test]
fn a_release_is_told_from_the_durations_of_others() {
    let mut plan = change(37, GATE, "--leader-elect-retry-period=5s", 2);
    for spec in &mut plan.managers {
        spec.args.retain(|arg| !arg.starts_with("--cloud-provider"));
        spec.args.push("--allocate-node-cidrs=true".into());
    }
    let found = judged(&plan);
    assert_eq!(matrix(&found), "----");
    assert_eq!(finding_codes(&plan, &found)[0], Code::LM215);
}

/// What acts together only after a further move is not what the theorem's run shows.
#[test]
fn a_violation_that_needs_more_than_the_early_move_is_not_claimed() {
    let migrating = "--enable-leader-migration=true --allocate-node-cidrs=false --configure-cloud-routes=false";
    let off = "--allocate-node-cidrs=false --configure-cloud-routes=false";
    // The old ones run everything under the main lease; the new ones nothing but what is under the migration lease.
    let found = judged(&change(26, &format!("{LONG} {off}"), migrating, 3));
    assert_eq!(found.problem.overtakes.len(), 1);
    assert_eq!(found.report.of(Property::Exclusive).status, Status::Inconclusive);
    assert!(found.open.iter().any(|open| open.why == Why::SeveralMoves));
    // Node IPAM is under the main lease of both: that is shown, and what needs more is not.
    let [some, some_migrating] = [off, migrating].map(|flags| flags.replace("cidrs=false", "cidrs=true"));
    let found = judged(&change(26, &format!("{LONG} {some}"), &some_migrating, 3));
    let exclusive = found.report.of(Property::Exclusive);
    assert_eq!(exclusive.status, Status::Violated);
    let shown: Vec<String> = exclusive.counterexamples.iter().map(|run| run.controllers.to_string()).collect();
    assert_eq!(shown, ["node-ipam"]);
    let ideal = judged(&change(26, off, migrating, 3));
    assert_eq!(ideal.report.of(Property::Exclusive).status, Status::Holds);
}

/// The theorem's run shows its two processes acting together; that one of them meets a third is another run.
#[test]
fn a_third_process_that_the_taker_meets_is_not_in_the_run() {
    let mut plan = change(26, &format!("{LONG} --controllers=*,-service"), "--controllers=service", 1);
    let mut third = plan.managers[1].clone();
    third.args.push("--leader-elect-resource-name=another".into());
    plan.managers.push(third);
    let alone =
        |name: &str, process| Pool { name: name.into(), runs: vec![vec![Some(process)]], ..plan.pools[0].clone() };
    plan.pools = vec![alone("holder", 0), alone("taker", 1), alone("third", 2)];
    (plan.steps, plan.faults, plan.rollback) = (Vec::new(), Vec::new(), Rollback::None);
    let found = judged(&plan);
    assert_eq!(found.problem.overtakes, [Overtake { lease: 0, holder: 0, taker: 1 }]);
    assert_eq!(found.report.of(Property::Exclusive).status, Status::Inconclusive);
    assert!(found.open.iter().any(|open| open.why == Why::SeveralMoves));
}

#[test]
fn one_place_has_nobody_to_take_its_lease() {
    let flag = "--leader-elect-retry-period=5s";
    let found = judged(&change(26, flag, flag, 1));
    assert_eq!(found.elections, []);
    assert_eq!(statuses(&found), ["holds"; 4]);
}

#[test]
fn coordinated_election_and_other_locks_are_not_decided() {
    let coordinated = "--feature-gates=CoordinatedLeaderElection=true --allocate-node-cidrs=true";
    let mut plan = change(33, coordinated, coordinated, 2);
    plan.managers.iter_mut().for_each(|spec| spec.args.retain(|arg| !arg.starts_with("--cloud-provider")));
    assert_eq!(matrix(&judged(&plan)), "????");
    let endpoints = "--leader-elect-resource-lock=endpoints";
    assert_eq!(matrix(&judged(&change(22, endpoints, endpoints, 2))), "????");
}

/// A property that is violated without any early move is shown that way.
#[test]
fn what_needs_no_early_move_comes_first() {
    let unlocked = "--leader-elect=false";
    let flag = "--leader-elect-retry-period=5s";
    let found = judged(&change(26, &format!("{unlocked} {flag}"), flag, 2));
    let runs = &found.report.of(Property::Exclusive).counterexamples;
    assert!(!runs.is_empty());
    assert!(runs.iter().flat_map(|run| &run.steps).all(|(action, _)| !matches!(action, Action::OvertakeMain(_))));
}
