//! Pods that are placed where nodes take them: cordons, nodes that are uncordoned one by one, planned downtime.

use leasehold_model::controller::Controller::{NodeIpam, Service};
use leasehold_model::controller::{Component, ControllerSet};
use leasehold_model::explore::Options;
use leasehold_model::lease::LeaseId;
use leasehold_model::migration::replay::World;
use leasehold_model::migration::state::Place;
use leasehold_model::migration::*;

const NOWHERE: Nodes = Nodes { pools: Vec::new(), despite_cordon: false };

fn nodes(despite_cordon: bool) -> Nodes {
    Nodes { pools: vec![0], despite_cordon }
}

fn process(component: Component, controllers: ControllerSet) -> Process {
    let main = LeaseIx::from(component == Component::CloudControllerManager);
    let access = Access { hold: true, create: true };
    Process { component, behaviour: Behaviour::Elects { main, access, main_set: controllers, migration: None } }
}

/// Nodes are cordoned, a Deployment is installed, then the provider is changed node by node: position 0, 1, 2, 3.
/// `cordoned` says at which positions the nodes are, `placement` where the Deployment's pod may go.
fn plan(nodes: u8, cordoned: [bool; 4], placement: &Nodes) -> Problem {
    let service = ControllerSet::EMPTY.with(Service);
    let step = |title: &str, mode| Step { title: title.into(), mode, downtime: false };
    let pod = |process| vec![process];
    Problem {
        processes: vec![
            process(Component::KubeControllerManager, service.with(NodeIpam)),
            process(Component::KubeControllerManager, ControllerSet::EMPTY.with(NodeIpam)),
            process(Component::CloudControllerManager, service),
        ],
        leases: ["kube-controller-manager", "cloud-controller-manager"].map(LeaseId::kube_system).to_vec(),
        pools: vec![
            Pool {
                name: "cp".into(),
                size: nodes,
                spare: 0,
                components: vec![Component::KubeControllerManager],
                runs: [0, 0, 0, 1].map(|process| vec![Some(process)]).to_vec(),
                update: Update::InPlace,
                cordoned: cordoned.to_vec(),
                placement: Vec::new(),
            },
            Pool {
                name: "ccm".into(),
                size: 1,
                spare: 1,
                components: vec![Component::CloudControllerManager],
                runs: [None, None, Some(2), Some(2)].map(pod).to_vec(),
                update: Update::Surge,
                cordoned: Vec::new(),
                placement: vec![placement.clone(); 4],
            },
        ],
        steps: vec![step("cordon", Mode::AtOnce), step("install", Mode::Edit), step("change", Mode::Edit)],
        faults: vec![Fault::Crash],
        overtakes: vec![],
        rollback: Rollback::None,
        required: service.with(NodeIpam),
        required_at_end: ControllerSet::EMPTY,
    }
}

/// `exclusive violated in 6, covered holds`
fn verdicts(problem: &Problem) -> String {
    let report = check(problem, &Options { symmetry: true, ..Options::default() }).expect("it fits");
    let one = |property| {
        let verdict = report.of(property);
        let first = verdict.counterexamples.first().map(|run| format!(" in {}", run.steps.len()));
        format!("{} {}{}", property.name(), verdict.status.name(), first.unwrap_or_default())
    };
    [Property::Exclusive, Property::Covered].map(one).join(", ")
}

const CORDONED_UNTIL_CHANGED: [bool; 4] = [false, true, true, false];
const CORDONED: [bool; 4] = [false, true, true, true];

#[test]
fn a_node_that_is_changed_and_uncordoned_takes_the_pod_while_another_still_runs_the_old_manager() {
    let with = |count| verdicts(&plan(count, CORDONED_UNTIL_CHANGED, &nodes(false)));
    assert_eq!(with(1), "exclusive holds, covered holds");
    // Cordon, install, change the node that does not lead, place the pod, start it, let it lead.
    assert_eq!(with(2), "exclusive violated in 6, covered holds");
    assert_eq!(with(3), "exclusive violated in 6, covered holds");
}

#[test]
fn a_pod_waits_as_long_as_all_nodes_are_cordoned() {
    assert_eq!(verdicts(&plan(3, CORDONED, &nodes(false))), "exclusive holds, covered violated in 5");
    // Nothing keeps away a pod that tolerates a cordon, or one of nodes that are not cordoned.
    assert_eq!(verdicts(&plan(3, CORDONED, &nodes(true))), "exclusive violated in 5, covered holds");
    assert_eq!(verdicts(&plan(3, [false; 4], &nodes(false))), "exclusive violated in 5, covered holds");
    assert_eq!(verdicts(&plan(3, [false; 4], &NOWHERE)), "exclusive holds, covered violated in 5");
}

#[test]
fn a_planned_downtime_ends_with_the_next_step() {
    let mut problem = plan(3, CORDONED, &nodes(false));
    problem.steps[2].downtime = true;
    // The plan ends there, so nothing ends the downtime.
    assert_eq!(verdicts(&problem), "exclusive holds, covered violated in 5");
    problem.steps.push(Step { title: "uncordon".into(), mode: Mode::AtOnce, downtime: false });
    for pool in &mut problem.pools {
        pool.runs.push(pool.runs[3].clone());
    }
    problem.pools[0].cordoned.push(false);
    problem.pools[1].placement.push(nodes(false));
    assert_eq!(verdicts(&problem), "exclusive holds, covered holds");
    problem.steps[2].downtime = false;
    assert_eq!(verdicts(&problem), "exclusive holds, covered violated in 5");
}

#[test]
fn a_cordon_stops_nothing_that_runs() {
    let mut problem = plan(1, [false, false, false, true], &nodes(false));
    problem.pools[0].runs[3] = vec![Some(0)];
    let mut world = World::new(&problem);
    world.settle();
    let (node, pod) = (Place { pool: 0, slot: 0, component: 0 }, Place { pool: 1, slot: 0, component: 0 });
    let forward = Direction::Forward;
    for action in [Action::Apply(forward), Action::Edit(forward, pod), Action::Schedule(pod), Action::Start(pod)] {
        world.apply(action).expect("it can happen");
    }
    world.apply(Action::Edit(forward, node)).expect_err("the node keeps its manager");
    world.apply(Action::Cordon(forward, node)).expect("the node is cordoned");
    assert!(world.is_cordoned(node) && !world.is_pending(pod));
    // Its container is started again where it was.
    for action in [Action::Crash(pod), Action::Start(pod), Action::AcquireMain(pod)] {
        world.apply(action).expect("it can happen");
    }
}
