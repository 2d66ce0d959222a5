//! What a run is told as: numbers of steps forward and back, names of nodes, who runs what under which lease.

use leasehold_model::controller::Component;
use leasehold_model::controller::Controller::{NodeIpam, Route, Service};
use leasehold_model::controller::ControllerSet;
use leasehold_model::explore::System;
use leasehold_model::lease::LeaseId;
use leasehold_model::migration::moves::Cluster;
use leasehold_model::migration::process::Second;
use leasehold_model::migration::replay::World;
use leasehold_model::migration::state::Place;
use leasehold_model::migration::story::{Change, Story, What};
use leasehold_model::migration::*;

const FULL: Access = Access { hold: true, create: true };

/// A manager that migrates Service and Route, and its next configuration.
fn problem(nodes: u8) -> Problem {
    let ipam = ControllerSet::from_iter([NodeIpam]);
    let process = |migration| Process {
        component: Component::KubeControllerManager,
        behaviour: Behaviour::Elects { main: 0, access: FULL, main_set: ipam, migration },
    };
    let set = ControllerSet::from_iter([Service, Route]);
    Problem {
        processes: vec![process(Some(Second { lease: 1, access: FULL, set, dies: false })), process(None)],
        leases: ["main", "migration"].map(LeaseId::kube_system).to_vec(),
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
        steps: vec![Step { title: "off".into(), mode: Mode::Edit, downtime: false }],
        faults: vec![Fault::Crash],
        overtakes: Vec::new(),
        rollback: Rollback::Anywhere,
        required: ControllerSet::EMPTY,
        required_at_end: ControllerSet::EMPTY,
    }
}

fn tell(problem: &Problem, actions: &[Action]) -> Story {
    let origin = Cluster::new(problem).expect("it fits").initial()[0];
    let steps = actions.iter().map(|&action| (action, origin)).collect();
    Story::new(problem, &Counterexample { controllers: ControllerSet::EMPTY, origin, prefix: actions.len(), steps })
}

fn cp(slot: u8) -> Place {
    Place { pool: 0, slot, component: 0 }
}

#[test]
fn a_step_has_one_number_done_and_undone() {
    let change = Change::Process(Component::KubeControllerManager);
    let told = |nodes, actions: &[Action]| {
        let story = tell(&problem(nodes), actions);
        story.events.into_iter().map(|event| (event.node, event.what)).collect::<Vec<_>>()
    };
    let line = |node: &str, direction| (node.to_string(), What::Step { step: 0, direction, change });
    let (forward, back) = (Direction::Forward, Direction::Back);
    // Undone from rest, where the plan is a position further, and half done.
    assert_eq!(
        told(1, &[Action::Edit(forward, cp(0)), Action::Edit(back, cp(0))]),
        [line("cp-1", forward), line("cp-1", back)]
    );
    assert_eq!(
        told(2, &[Action::Edit(forward, cp(1)), Action::Edit(back, cp(1))]),
        [line("cp-2", forward), line("cp-2", back)]
    );
    assert_eq!(
        told(2, &[Action::Edit(forward, cp(1)), Action::Edit(forward, cp(0)), Action::Edit(back, cp(1))]),
        [line("cp-2", forward), line("cp-1", forward), line("cp-2", back)]
    );
}

#[test]
fn who_acts_is_told_with_what_it_runs_under_the_migration_lease() {
    // Everything has settled before the run begins: cp-1 leads and holds both leases.
    let story = tell(&problem(1), &[Action::Crash(cp(0)), Action::Start(cp(0)), Action::AcquireMain(cp(0))]);
    let [one] = &story.beginning[..] else { panic!("{story:?}") };
    assert_eq!((one.node.as_str(), one.process), ("cp-1", 0));
    assert_eq!(
        (one.controllers.to_string(), one.migrated.to_string()),
        ("service, route, node-ipam".into(), "service, route".into())
    );
    assert!(story.events[0].acting.is_empty() && story.events[0].process == Some(0));
    let last = &story.events[2];
    assert_eq!(last.what, What::Leads(LeaseId::kube_system("main")));
    assert_eq!(
        (last.acting[0].controllers.to_string(), last.acting[0].migrated),
        ("node-ipam".into(), ControllerSet::EMPTY)
    );
    assert_eq!(last.process, Some(0));
}

#[test]
fn the_interpreter_knows_who_holds_what_and_what_exists() {
    let (main, migration) = (LeaseId::kube_system("main"), LeaseId::kube_system("migration"));
    let problem = problem(2);
    let mut world = World::new(&problem);
    assert_eq!((world.holder(0), world.exists(&main)), (None, false));
    world.settle();
    assert_eq!((world.holder(0), world.holder(1)), (Some(cp(0)), Some(cp(0))));
    assert_eq!((world.process_that_holds(&main), world.process_that_holds(&migration)), (Some(0), Some(0)));
    assert_eq!(
        [&main, &migration, &LeaseId::kube_system("other")].map(|lease| world.exists(lease)),
        [true, true, false]
    );
    world.apply(Action::DeleteLease(1)).expect("it exists");
    assert_eq!((world.holder(1), world.exists(&migration), world.exists(&main)), (None, false, true));
    assert!(world.apply(Action::DeleteLease(1)).is_err());
}

/// What is refused for want of a right starts once the right is there.
#[test]
fn who_refused_starts_again_only_as_something_else() {
    let mut problem = problem(1);
    problem.processes[0].behaviour = Behaviour::RefusesAtStart;
    problem.steps[0].mode = Mode::AtOnce;
    let mut world = World::new(&problem);
    world.apply(Action::Start(cp(0))).expect("nothing runs");
    assert!(world.apply(Action::Start(cp(0))).is_err(), "it refuses already");
    world.apply(Action::Apply(Direction::Forward)).expect("the step is due");
    world.apply(Action::Start(cp(0))).expect("it is another now");
    assert!(world.apply(Action::Start(cp(0))).is_err(), "it runs already");
}
