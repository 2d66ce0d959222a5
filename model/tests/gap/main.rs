//! How long controllers act nowhere, on small plans built by hand: exact figures.

mod steps;

use leasehold_model::controller::Controller::{CloudNode, CloudNodeLifecycle, NodeIpam, Route, Service};
use leasehold_model::controller::{Component, Controller, ControllerSet};
use leasehold_model::election::Durations;
use leasehold_model::gap::{Assumed, Cause, Figure, Gaps, Manager, Undecided, Worst, gaps};
use leasehold_model::launch::duration::GoDuration;
use leasehold_model::lease::LeaseId;
use leasehold_model::lease_time::Elector;
use leasehold_model::migration::process::Second;
use leasehold_model::migration::*;
use leasehold_model::release::Release;

const FULL: Access = Access { hold: true, create: true };
const MIGRATION: LeaseIx = 2;
const MILLI: i64 = 1_000_000;

fn set(controllers: &[Controller]) -> ControllerSet {
    controllers.iter().copied().collect()
}

fn cloud() -> ControllerSet {
    set(&[Service, Route, CloudNodeLifecycle])
}

fn process(component: Component, main_set: ControllerSet, migrated: Option<ControllerSet>) -> Process {
    let main = u8::from(component == Component::CloudControllerManager);
    let migration = migrated.map(|set| Second { lease: MIGRATION, access: FULL, set, dies: false });
    Process { component, behaviour: Behaviour::Elects { main, access: FULL, main_set, migration } }
}

/// The Kubernetes guide with matching names: migration on, nodes replaced, migration off.
fn guide(nodes: u8, surge: bool) -> Problem {
    let ipam = set(&[NodeIpam]);
    let processes = vec![
        process(Component::KubeControllerManager, cloud().union(ipam), None),
        process(Component::KubeControllerManager, ipam, Some(cloud())),
        process(Component::KubeControllerManager, ipam, None),
        process(Component::CloudControllerManager, set(&[CloudNode]), Some(cloud())),
        process(Component::CloudControllerManager, cloud().with(CloudNode), None),
    ];
    let step = |title: &str, mode| Step { title: title.into(), mode, downtime: false };
    Problem {
        processes,
        leases: ["kube-controller-manager", "cloud-controller-manager", "cloud-provider-extraction-migration"]
            .map(LeaseId::kube_system)
            .to_vec(),
        pools: vec![Pool {
            name: "cp".into(),
            size: nodes,
            spare: u8::from(surge),
            components: Component::ALL.to_vec(),
            runs: vec![vec![Some(0), None], vec![Some(1), None], vec![Some(2), Some(3)], vec![Some(2), Some(4)]],
            update: Update::InPlace,
            cordoned: Vec::new(),
            placement: Vec::new(),
        }],
        steps: vec![
            step("enable leader migration", Mode::Edit),
            step("replace nodes", Mode::Replace { surge }),
            step("disable leader migration", Mode::Edit),
        ],
        faults: vec![Fault::Crash],
        overtakes: Vec::new(),
        rollback: Rollback::Anywhere,
        required: cloud().union(ipam),
        required_at_end: set(&[CloudNode]),
    }
}

/// An elector whose waits are whole milliseconds.
fn elector(durations: Durations) -> Elector {
    let mut elector = Elector::new(Release::new(30).expect("it exists"), durations);
    elector.longest_retry.nanos = (elector.longest_retry.nanos + MILLI - 1) / MILLI * MILLI;
    elector
}

fn manager(elector: Elector) -> Manager {
    let zero = GoDuration::seconds(0);
    Manager { elector: Some(elector), main_start: zero, migrated_start: zero, ready: zero, flush: zero }
}

/// Nothing takes time but elections and starts.
fn instant() -> Assumed {
    let zero = GoDuration::seconds(0);
    Assumed { request: zero, start_of_controllers: zero, ..Assumed::default() }
}

fn of(problem: &Problem, assumed: &Assumed) -> Gaps {
    let managers = vec![manager(elector(Durations::CORE)); problem.processes.len()];
    let found = gaps(problem, &managers, assumed).expect("it fits");
    assert_eq!(found.undecided, None);
    found
}

/// `service, route: plan 43.2, wayBack 43.2, crash 43.2`, in seconds.
fn line(gaps: &Gaps) -> String {
    let mut lines: Vec<(String, Vec<String>)> = Vec::new();
    for worst in gaps.worst.iter().filter(|worst| worst.cause.is_alone() || worst.cause == Cause::CrashMeanwhile) {
        let figure = match worst.figure {
            Figure::Within(nanos) => format!("{:?} {} s", worst.cause, nanos as f64 / 1e9),
            Figure::Unbounded => format!("{:?} unbounded", worst.cause),
        };
        match lines.last_mut().filter(|(of, _)| *of == worst.controllers.to_string()) {
            Some((_, figures)) => figures.push(figure),
            None => lines.push((worst.controllers.to_string(), vec![figure])),
        }
    }
    lines.iter().map(|(of, figures)| format!("{of}: {}", figures.join(", "))).collect::<Vec<_>>().join("\n")
}

fn assert_lines(found: &Gaps, expected: &str) {
    let lines: Vec<&str> = expected.trim().lines().map(str::trim).collect();
    assert_eq!(line(found), lines.join("\n"));
}

/// 23.8 s to take a watched lease, 19.4 s to take one that is seen for the first time.
#[test]
fn the_guide() {
    // Alone a manager has to come back, 11 s after a crash and 16 s after an edit, and then to wait for its own leases.
    assert_lines(
        &of(&guide(1, true), &instant()),
        "service, route, cloud-node-lifecycle: Plan 54.8 s, WayBack 54.8 s, Crash 49.8 s, CrashMeanwhile 104.6 s
         cloud-node: Plan 35.4 s, WayBack 35.4 s, Crash 30.4 s, CrashMeanwhile 65.8 s
         node-ipam: Plan 35.4 s, WayBack 35.4 s, Crash 30.4 s, CrashMeanwhile 65.8 s",
    );
    // With a standby the main lease takes 23.8 s, the migration lease after it 19.4 s. While there is one
    // cloud-controller-manager and a new kube-controller-manager leads, a crash of the former still costs 49.8 s.
    for nodes in [2, 3] {
        let found = of(&guide(nodes, true), &instant());
        assert_lines(
            &found,
            &format!(
                "service, route, cloud-node-lifecycle: Plan 43.2 s, WayBack 43.2 s, Crash 49.8 s, CrashMeanwhile 93 s
                 cloud-node: Plan 23.8 s, WayBack 23.8 s, Crash 30.4 s, CrashMeanwhile 54.2 s
                 node-ipam: Plan 23.8 s, WayBack 23.8 s, Crash 23.8 s, CrashMeanwhile {}",
                if nodes == 2 { "35.4 s" } else { "23.8 s" }
            ),
        );
    }
    // Without surge the first cloud-controller-manager comes with a node that takes a leader away.
    assert_lines(
        &of(&guide(2, false), &instant()),
        "service, route, cloud-node-lifecycle: Plan 63.6 s, WayBack 43.2 s, Crash 49.8 s, CrashMeanwhile 113.4 s
         cloud-node: Plan 23.8 s, WayBack 23.8 s, Crash 30.4 s, CrashMeanwhile 54.2 s
         node-ipam: Plan 23.8 s, WayBack 23.8 s, Crash 23.8 s, CrashMeanwhile 54.2 s",
    );
}

/// Managers of one kind in one pool, and nothing to do.
fn standing(size: u8, process: Process, leases: &[&str]) -> Problem {
    let required = match process.behaviour {
        Behaviour::Elects { main_set, migration, .. } => {
            main_set.union(migration.map_or(ControllerSet::EMPTY, |second| second.set))
        }
        _ => ControllerSet::EMPTY,
    };
    Problem {
        processes: vec![process],
        leases: leases.iter().map(|name| LeaseId::kube_system(name)).collect(),
        pools: vec![Pool {
            name: "cp".into(),
            size,
            spare: 0,
            components: vec![Component::KubeControllerManager],
            runs: vec![vec![Some(0)]],
            update: Update::InPlace,
            cordoned: Vec::new(),
            placement: Vec::new(),
        }],
        steps: Vec::new(),
        faults: vec![Fault::Crash],
        overtakes: Vec::new(),
        rollback: Rollback::None,
        required,
        required_at_end: ControllerSet::EMPTY,
    }
}

#[test]
fn the_times_of_the_longest_run_are_shown() {
    let migrating = process(Component::KubeControllerManager, set(&[NodeIpam]), Some(cloud()));
    let found = of(&standing(2, migrating, &["main", "unused", "migration"]), &instant());
    let worst = found.longest(|_| true).expect("it stops");
    assert_eq!((worst.controllers, worst.cause, worst.disturbance), (cloud(), Cause::Crash, 0));
    let place = |slot| state::Place { pool: 0, slot, component: 0 };
    let events: Vec<(Action, i64)> =
        worst.run.steps.iter().zip(&worst.times).map(|(&(action, _), &time)| (action, time / MILLI)).collect();
    assert_eq!(events.first(), Some(&(Action::Crash(place(0)), 0)));
    let taken: Vec<i64> = events
        .iter()
        .filter(|(action, _)| matches!(action, Action::AcquireMain(_) | Action::AcquireMigration(_)))
        .map(|&(_, time)| time)
        .collect();
    assert_eq!(taken, [23_800, 43_200]);
}

#[test]
fn every_delay_counts() {
    let migrating = process(Component::KubeControllerManager, set(&[NodeIpam]), Some(cloud()));
    let problem = standing(2, migrating, &["main", "unused", "migration"]);
    let longest = |manager: Manager, assumed: &Assumed| {
        let found = gaps(&problem, &[manager], assumed).expect("it fits");
        match found.longest(|worst| worst.controllers == cloud()).expect("it stops").figure {
            Figure::Within(nanos) => nanos / MILLI,
            Figure::Unbounded => panic!("it is taken up again"),
        }
    };
    let seconds = GoDuration::seconds;
    let plain = manager(elector(Durations::CORE));
    assert_eq!(longest(plain, &instant()), 43_200);
    // Five requests for the watched lease, four for the other; and one because the standby may have to write when the one
    // that came back has written, and only waits for its answer.
    assert_eq!(longest(plain, &Assumed { request: seconds(1), ..instant() }), 43_200 + 10_000);
    // Who comes back at once does not wait for what it has not seen: 15 + 4.4 + 4 s, and again.
    let at_once = Assumed { request: seconds(1), start_after_crash: seconds(0), ..instant() };
    assert_eq!(longest(plain, &at_once), 2 * 23_400 + 1_000);
    assert_eq!(longest(Manager { ready: seconds(2), ..plain }, &instant()), 45_200);
    assert_eq!(longest(Manager { migrated_start: seconds(3), main_start: seconds(9), ..plain }, &instant()), 46_200);
    // A standby makes the restart immaterial.
    assert_eq!(longest(plain, &Assumed { start_after_crash: seconds(600), ..instant() }), 43_200);
}

#[test]
fn nobody_left_is_no_bound_and_a_loop_is_not_decided() {
    let ipam = set(&[NodeIpam]);
    let gone = Problem {
        pools: vec![Pool {
            runs: vec![vec![Some(0)], vec![None]],
            ..standing(1, guide(1, true).processes[2].clone(), &["a"]).pools[0].clone()
        }],
        steps: vec![Step { title: "remove it".into(), mode: Mode::Edit, downtime: false }],
        ..standing(1, process(Component::KubeControllerManager, ipam, None), &["a"])
    };
    assert_lines(&of(&gone, &instant()), "node-ipam: Plan unbounded, Crash 30.4 s, CrashMeanwhile unbounded");
    let refuses = Process {
        component: Component::KubeControllerManager,
        behaviour: Behaviour::RefusesAfter { main: 0, access: FULL },
    };
    let mut looping = standing(1, process(Component::KubeControllerManager, ipam, None), &["a"]);
    looping.processes.push(refuses);
    looping.pools.push(Pool { runs: vec![vec![Some(1)]], ..looping.pools[0].clone() });
    let managers = vec![manager(elector(Durations::CORE)); 2];
    let found = gaps(&looping, &managers, &instant()).expect("it fits");
    assert_eq!((found.worst.len(), found.undecided), (0, Some(Undecided::NeverAtRest(1))));
}

/// Leases are ideal here: who may take one early is left to the verdict on `exclusive`.
#[test]
fn no_lease_is_taken_early() {
    let ideal = guide(2, true);
    let early = Overtake { lease: 0, holder: 0, taker: 0 };
    let found = of(&Problem { overtakes: vec![early], ..ideal.clone() }, &instant());
    assert_eq!(found, of(&ideal, &instant()));
}

/// Up to 0.26 a challenger goes by its own duration, from 0.27 by the recorded one.
#[test]
fn unequal_durations_count_as_the_release_counts_them() {
    let main = process(Component::KubeControllerManager, set(&[NodeIpam]), None);
    let mut problem = standing(1, main.clone(), &["main"]);
    problem.processes.push(main);
    problem.pools.push(Pool { name: "other".into(), runs: vec![vec![Some(1)]], ..problem.pools[0].clone() });
    let seconds = GoDuration::seconds;
    let long = Durations::new(seconds(60), seconds(40), seconds(2)).expect("client-go takes them");
    let figure = |minor, faults: &[Fault]| {
        let of = |durations| {
            let mut elector = Elector::new(Release::new(minor).expect("it exists"), durations);
            elector.longest_retry.nanos = 4_400 * MILLI;
            manager(elector)
        };
        let problem = Problem { faults: faults.to_vec(), ..problem.clone() };
        let found = gaps(&problem, &[of(Durations::CORE), of(long)], &instant()).expect("it fits");
        found.longest(|worst| worst.cause.is_alone()).map(|worst| worst.figure)
    };
    // 0.26: the patient one dies and comes back after 11 s, the other waits 23.8 s; the other way round the impatient one
    // is back in time: 11 s and 19.4 s.
    assert_eq!(figure(26, &[Fault::Crash]), Some(Figure::Within(30_400 * MILLI)));
    // 0.27: whoever it is, the record of the patient one says 60 s.
    assert_eq!(figure(27, &[Fault::Crash]), Some(Figure::Within(68_800 * MILLI)));
    assert_eq!(figure(27, &[]), None);
}

#[test]
fn a_deleted_lease_costs_no_more_than_its_holder_s_end() {
    let main = process(Component::KubeControllerManager, set(&[NodeIpam]), None);
    let found = of(&Problem { faults: vec![Fault::LeaseDeleted], ..standing(1, main, &["main"]) }, &instant());
    // Nobody else takes it while the holder goes on; then it starts again and creates the lease anew.
    assert_lines(&found, "node-ipam: LeaseDeleted 11 s");
    // Whichever of two is deleted, the process ends, and has to wait for the other.
    let both = process(Component::KubeControllerManager, set(&[NodeIpam]), Some(cloud()));
    let both = standing(1, both, &["main", "unused", "migration"]);
    let found = of(&Problem { faults: vec![Fault::LeaseDeleted], ..both }, &instant());
    assert_lines(
        &found,
        "service, route, cloud-node-lifecycle: LeaseDeleted 30.4 s
         node-ipam: LeaseDeleted 30.4 s",
    );
}
