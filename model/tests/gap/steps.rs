//! Steps that do not wait for each other's end, nodes with two managers, and steps with too many orders.

use super::*;

/// Replicas that are rolled without waiting: the one that leads goes first and has to come back, because the others go before
/// they take over.
#[test]
fn a_step_that_does_not_wait() {
    let main = process(Component::CloudControllerManager, set(&[CloudNode]), None);
    let rolled = standing(3, main.clone(), &["unused", "main"]);
    let rolled_pool = Pool { runs: vec![vec![Some(0)], vec![Some(1)]], ..rolled.pools[0].clone() };
    let upgrade = Step { title: "upgrade".into(), mode: Mode::Edit, downtime: false };
    let (pools, steps) = (vec![rolled_pool.clone()], vec![upgrade.clone()]);
    let once = Problem { processes: vec![main.clone(), main], pools, steps, ..rolled };
    let found = of(&once, &instant());
    let longest = |cause| found.longest(|worst| worst.cause == cause).map(|worst| worst.figure);
    assert_eq!(longest(Cause::Plan), Some(Figure::Within(23_800 * MILLI)));
    assert_eq!(longest(Cause::PlanWithoutWaiting), Some(Figure::Within(35_400 * MILLI)));
    assert_eq!(found.left_out, []);
    // The next step waits for the end of this one.
    let twice = Problem {
        pools: vec![Pool { runs: vec![vec![Some(0)], vec![Some(1)], vec![Some(0)]], ..rolled_pool }],
        steps: vec![upgrade.clone(), upgrade],
        ..once
    };
    let found = of(&twice, &instant());
    let longest = found.longest(|worst| worst.cause == Cause::PlanWithoutWaiting).map(|worst| worst.figure);
    assert_eq!(longest, Some(Figure::Within(35_400 * MILLI)));
    // Nodes with two managers each and one to spare would take too long.
    assert_eq!(of(&guide(3, true), &instant()).left_out, [Cause::PlanWithoutWaiting, Cause::WayBackWithoutWaiting]);
}

/// One process of each kind on nodes of their own (`apart`), or beside each other on one; a step replaces or edits them all.
fn two_kinds(apart: bool, mode: Mode) -> Problem {
    let processes = vec![
        process(Component::KubeControllerManager, set(&[NodeIpam]), None),
        process(Component::CloudControllerManager, set(&[CloudNode]), None),
    ];
    let alone = standing(1, processes[0].clone(), &["kube-controller-manager", "cloud-controller-manager"]);
    let node = |components: &[Component], runs: &[u8], after: u8| {
        let runs = [0, after].map(|more| runs.iter().map(|&at| Some(at + more)).collect()).to_vec();
        Pool { components: components.to_vec(), runs, ..alone.pools[0].clone() }
    };
    let pools = match apart {
        true => vec![node(&Component::ALL[..1], &[0], 2), node(&Component::ALL[1..], &[1], 2)],
        false => vec![node(&Component::ALL, &[0, 1], 2)],
    };
    Problem {
        processes: [processes.clone(), processes].concat(),
        pools,
        steps: vec![Step { title: "change them".into(), mode, downtime: false }],
        required: set(&[NodeIpam, CloudNode]),
        ..alone
    }
}

/// What starts on a new node shows that it is up, for the other manager there and for nothing else.
#[test]
fn managers_of_a_new_node_start_soon_after_each_other() {
    let longest = |apart, mode, assumed: &Assumed, cause| {
        let found = of(&two_kinds(apart, mode), assumed);
        let figures = [NodeIpam, CloudNode].map(|controller| {
            let of = |worst: &Worst| worst.cause == cause && worst.controllers.contains(controller);
            match found.longest(of).expect("it stops").figure {
                Figure::Within(nanos) => nanos / MILLI,
                Figure::Unbounded => panic!("it is taken up again"),
            }
        });
        assert_eq!(found.left_out, []);
        figures
    };
    let replace = Mode::Replace { surge: false };
    // 300 s for the first, 16 s more for the second, and 15 s + 4.4 s for its lease.
    assert_eq!(longest(false, replace, &instant(), Cause::Plan), [335_400; 2]);
    let quick = Assumed { start_of_node: GoDuration::seconds(16), ..instant() };
    assert_eq!(longest(false, replace, &quick, Cause::Plan), [35_400; 2]);
    assert_eq!(longest(true, replace, &instant(), Cause::PlanWithoutWaiting), [319_400; 2]);
    assert_eq!(longest(false, Mode::Edit, &instant(), Cause::PlanWithoutWaiting), [35_400; 2]);
    // Four requests of a second: who contends for a lease alone waits for nobody's answer.
    let slow = Assumed { request: GoDuration::seconds(1), ..instant() };
    assert_eq!(longest(false, Mode::Edit, &slow, Cause::PlanWithoutWaiting), [39_400; 2]);
}

/// Six managers lose their leases at once: the orders in which they end and come back are too many to follow.
#[test]
fn what_is_cut_short_is_not_decided() {
    let undecided = |managers: u8| {
        let with = |main, access| Process {
            component: Component::KubeControllerManager,
            behaviour: Behaviour::Elects { main, access, main_set: set(&[NodeIpam]), migration: None },
        };
        let denied = Access { hold: false, create: false };
        let one = standing(1, with(0, FULL), &["a", "b", "c", "d", "e", "f"]);
        let pool = |at| Pool { runs: vec![vec![Some(at)], vec![Some(at + managers)]], ..one.pools[0].clone() };
        let before = (0..managers).map(|main| with(main, FULL));
        let problem = Problem {
            processes: before.chain((0..managers).map(|main| with(main, denied))).collect(),
            pools: (0..managers).map(pool).collect(),
            steps: vec![Step { title: "take the rights away".into(), mode: Mode::AtOnce, downtime: false }],
            faults: Vec::new(),
            ..one
        };
        let managers = vec![manager(elector(Durations::CORE)); problem.processes.len()];
        gaps(&problem, &managers, &instant()).expect("it fits").undecided
    };
    assert_eq!((undecided(3), undecided(6)), (None, Some(Undecided::CutShort)));
}
