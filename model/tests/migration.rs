//! Verdicts, exact state counts and shortest counterexamples on small plans built by hand.

use leasehold_model::controller::Controller::{CloudNode, CloudNodeLifecycle, NodeIpam, Route, Service};
use leasehold_model::controller::{Component, ControllerSet};
use leasehold_model::explore::Options;
use leasehold_model::lease::LeaseId;
use leasehold_model::migration::process::Second;
use leasehold_model::migration::*;

const FULL: Access = Access { hold: true, create: true };
const KCM_MAIN: LeaseIx = 0;
const CCM_MAIN: LeaseIx = 1;
const MIGRATION: LeaseIx = 2;

fn set(controllers: &[leasehold_model::controller::Controller]) -> ControllerSet {
    controllers.iter().copied().collect()
}

fn cloud() -> ControllerSet {
    set(&[Service, Route, CloudNodeLifecycle])
}

fn process(component: Component, main_set: ControllerSet, migration: Option<(Access, ControllerSet)>) -> Process {
    let main = if component == Component::KubeControllerManager { KCM_MAIN } else { CCM_MAIN };
    let migration = migration.map(|(access, set)| Second { lease: MIGRATION, access, set, dies: false });
    Process { component, behaviour: Behaviour::Elects { main, access: FULL, main_set, migration } }
}

/// The Kubernetes guide: enable leader migration on every kube-controller-manager, replace the nodes one by one, disable
/// leader migration.
fn guide(nodes: u8, kcm: Process, ccm: Process) -> Problem {
    let ipam = set(&[NodeIpam]);
    let processes = vec![
        process(Component::KubeControllerManager, cloud().union(ipam), None),
        kcm,
        process(Component::KubeControllerManager, ipam, None),
        ccm,
        process(Component::CloudControllerManager, cloud().with(CloudNode), None),
    ];
    Problem {
        processes,
        leases: ["kube-controller-manager", "cloud-controller-manager", "cloud-provider-extraction-migration"]
            .map(LeaseId::kube_system)
            .to_vec(),
        pools: vec![Pool {
            name: "cp".into(),
            size: nodes,
            spare: 1,
            components: Component::ALL.to_vec(),
            runs: vec![vec![Some(0), None], vec![Some(1), None], vec![Some(2), Some(3)], vec![Some(2), Some(4)]],
            update: Update::InPlace,
            cordoned: Vec::new(),
            placement: Vec::new(),
        }],
        steps: vec![
            Step { title: "enable leader migration".into(), mode: Mode::Edit, downtime: false },
            Step { title: "replace nodes".into(), mode: Mode::Replace { surge: true }, downtime: false },
            Step { title: "disable leader migration".into(), mode: Mode::Edit, downtime: false },
        ],
        faults: vec![Fault::Crash],
        overtakes: vec![],
        rollback: Rollback::Anywhere,
        required: cloud().union(ipam),
        required_at_end: set(&[CloudNode]),
    }
}

fn right(nodes: u8) -> Problem {
    let kcm = process(Component::KubeControllerManager, set(&[NodeIpam]), Some((FULL, cloud())));
    let ccm = process(Component::CloudControllerManager, set(&[CloudNode]), Some((FULL, cloud())));
    guide(nodes, kcm, ccm)
}

fn judge(problem: &Problem, symmetry: bool) -> Report {
    let options = Options { symmetry, ..Options::default() };
    check(problem, &options).expect("the problem fits")
}

fn line(report: &Report) -> String {
    let one = |v: &Verdict| {
        let controllers: Vec<String> =
            v.counterexamples.iter().map(|c| format!("{} in {}", c.controllers, c.prefix)).collect();
        format!("{} {} [{}] {}", v.property.name(), v.status.name(), controllers.join("; "), v.states)
    };
    report.verdicts.iter().map(one).collect::<Vec<_>>().join("\n")
}

/// Verdicts, for a violation the controllers and the length of the shortest run, and the distinct states.
fn assert_verdicts(problem: &Problem, symmetry: bool, expected: &str) {
    let lines: Vec<&str> = expected.trim().lines().map(str::trim).collect();
    assert_eq!(line(&judge(problem, symmetry)), lines.join("\n"));
}

fn holds(states: usize) -> String {
    Property::ALL.map(|p| format!("{} holds [] {states}", p.name())).join("\n")
}

#[test]
fn the_guide_with_matching_names_holds() {
    for (nodes, classes) in [(1, 26), (2, 69), (3, 114)] {
        assert_verdicts(&right(nodes), true, &holds(classes));
    }
    // Every slot distinct, every start a state of its own: the same verdicts.
    for (nodes, states) in [(1, 187), (2, 6120)] {
        assert_verdicts(&right(nodes), false, &holds(states));
    }
}

/// The default configuration since 1.28 on both sides.
fn default_names(nodes: u8) -> Problem {
    let under_main = set(&[NodeIpam, Service, Route]);
    let kcm = process(Component::KubeControllerManager, under_main, Some((FULL, set(&[CloudNodeLifecycle]))));
    let ccm_main = set(&[CloudNode, Service, Route]);
    let ccm = process(Component::CloudControllerManager, ccm_main, Some((FULL, set(&[CloudNodeLifecycle]))));
    guide(nodes, kcm, ccm)
}

#[test]
fn service_and_route_under_the_main_lease_run_twice() {
    assert_verdicts(
        &default_names(3),
        true,
        "exclusive violated [service, route in 8] 114
         covered holds [] 114
         starts holds [] 114
         returnable violated [service, route in 4] 114",
    );
}

#[test]
fn a_way_back_ends_where_the_plan_began() {
    assert_eq!(judge(&right(3), true).of(Property::Returnable).winning, Some(114));
    // Once the first new node is there, the overlap may come by itself; and the nodes at the end, which overlap with
    // nothing, cannot be replaced by old ones without passing it.
    assert_eq!(judge(&default_names(3), true).of(Property::Returnable).winning, Some(13));
}

#[test]
fn no_fault_is_needed_for_the_overlap() {
    let problem = Problem { faults: vec![], ..default_names(3) };
    let report = judge(&problem, true);
    let run = &report.of(Property::Exclusive).counterexamples[0];
    assert!(run.steps.iter().all(|(action, _)| action.by() != Move::Fault), "{run:?}");
}

#[test]
fn without_rights_on_the_migration_lease_nothing_runs() {
    let kcm = process(Component::KubeControllerManager, set(&[NodeIpam]), Some((Access::NONE, cloud())));
    let ccm = process(Component::CloudControllerManager, set(&[CloudNode]), Some((FULL, cloud())));
    assert_verdicts(
        &guide(3, kcm, ccm),
        true,
        "exclusive holds [] 101
         covered violated [service, route, cloud-node-lifecycle in 3] 101
         starts holds [] 101
         returnable holds [] 101",
    );
}

#[test]
fn a_manager_without_provider_and_with_migration_left_on_orphans_the_controllers() {
    let mut problem = right(3);
    let idle = process(Component::KubeControllerManager, set(&[NodeIpam]), Some((FULL, ControllerSet::EMPTY)));
    problem.processes[2] = idle;
    let report = judge(&problem, true);
    assert_eq!(report.of(Property::Exclusive).status, Status::Holds);
    let covered = report.of(Property::Covered);
    assert_eq!(covered.status, Status::Violated);
    assert_eq!(covered.counterexamples[0].controllers, cloud());
}

#[test]
fn a_lease_deleted_by_hand_breaks_exclusion() {
    let mut problem = right(2);
    problem.faults.push(Fault::LeaseDeleted);
    let report = judge(&problem, true);
    let exclusive = report.of(Property::Exclusive);
    assert_eq!(exclusive.status, Status::Violated);
    assert_eq!(exclusive.counterexamples[0].controllers, cloud().with(NodeIpam));
}

#[test]
fn a_single_node_shows_the_overlap_only_with_surge() {
    let mut problem = default_names(1);
    assert_eq!(judge(&problem, true).of(Property::Exclusive).status, Status::Violated);
    problem.pools[0].spare = 0;
    problem.steps[1].mode = Mode::Replace { surge: false };
    assert_eq!(judge(&problem, true).of(Property::Exclusive).status, Status::Holds);
    problem.pools[0].size = 2;
    assert_eq!(judge(&problem, true).of(Property::Exclusive).status, Status::Violated);
}

#[test]
fn a_manager_without_leader_election_runs_beside_the_other() {
    let mut problem = right(2);
    problem.processes[3].behaviour = Behaviour::Unlocked(cloud().with(CloudNode));
    let report = judge(&problem, true);
    let twice = report.of(Property::Exclusive).counterexamples.iter().map(|c| c.controllers);
    assert_eq!(twice.fold(ControllerSet::EMPTY, ControllerSet::union), cloud().with(CloudNode));
}

#[test]
fn a_refusing_manager_violates_starts() {
    for behaviour in [Behaviour::RefusesAtStart, Behaviour::RefusesAfter { main: CCM_MAIN, access: FULL }] {
        let mut problem = right(2);
        problem.processes[3].behaviour = behaviour;
        let report = judge(&problem, true);
        assert_eq!(report.of(Property::Starts).status, Status::Violated, "{behaviour:?}");
        assert_eq!(report.of(Property::Covered).status, Status::Violated, "{behaviour:?}");
        assert_eq!(report.of(Property::Exclusive).status, Status::Holds, "{behaviour:?}");
    }
}

#[test]
fn a_search_cut_short_never_holds() {
    let options = Options { symmetry: true, max_states: Some(100), ..Options::default() };
    let report = check(&right(3), &options).expect("the problem fits");
    for verdict in &report.verdicts {
        assert_eq!(verdict.status, Status::Inconclusive, "{:?}", verdict.property);
    }
}

/// What was found stays found, but a way on or back may lie beyond what was visited.
#[test]
fn a_search_cut_short_refutes_only_by_what_it_found() {
    let mut problem = right(2);
    // The first manager of every node refuses from the beginning, and nobody runs anything.
    problem.processes[0].behaviour = Behaviour::RefusesAtStart;
    let cut = |problem: &Problem, max| {
        let options = Options { symmetry: false, max_states: Some(max), ..Options::default() };
        let report = check(problem, &options).expect("the problem fits");
        Property::ALL.map(|property| report.of(property).status)
    };
    use Status::{Inconclusive, Violated};
    assert_eq!(cut(&problem, 40), [Inconclusive, Inconclusive, Violated, Inconclusive]);
    problem.processes[0].behaviour = Behaviour::Unlocked(cloud());
    assert_eq!(cut(&problem, 40), [Violated, Inconclusive, Inconclusive, Inconclusive]);
}

#[test]
fn forward_only_plans_are_still_judged_for_a_way_back() {
    let mut problem = default_names(2);
    problem.rollback = Rollback::None;
    let report = judge(&problem, false);
    assert_eq!(report.of(Property::Returnable).status, Status::Violated);
    assert!(report.of(Property::Exclusive).states < report.of(Property::Returnable).states);
}

/// No counterexample is shown that the interpreter has not executed; so it must notice one that is none.
#[test]
fn a_run_that_is_none_does_not_pass_the_replay() {
    use leasehold_model::migration::{moves::Cluster, verdict::retrace};
    let problem = default_names(2);
    let cluster = Cluster::new(&problem).expect("the problem fits");
    let report = judge(&problem, true);
    let run = &report.of(Property::Exclusive).counterexamples[0];
    assert_eq!(retrace(&cluster, run), Ok(()));
    let altered = |alter: &dyn Fn(&mut Counterexample)| {
        let mut altered = run.clone();
        alter(&mut altered);
        retrace(&cluster, &altered).expect_err("it is no run")
    };
    assert_eq!(altered(&|run| run.origin = run.end()), "the run does not begin in the initial state");
    for at in 0..run.steps.len() - 1 {
        let why = altered(&|run| run.steps[at].1 = run.steps[run.steps.len() - 1].1);
        assert!(why.starts_with(&format!("after step {}: ", at + 1)), "{why}");
        altered(&|run| run.steps.insert(at, run.steps[run.steps.len() - 1]));
    }
}
