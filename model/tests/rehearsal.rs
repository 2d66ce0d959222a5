//! The way back rehearsed: random small plans against `returnable` and against an adversary, and a plan in which the order
//! of undoing decides.

use leasehold_model::controller::{Component, Controller, ControllerSet};
use leasehold_model::explore::{End, Options, System};
use leasehold_model::lease::LeaseId;
use leasehold_model::migration::moves::Cluster;
use leasehold_model::migration::process::Second;
use leasehold_model::migration::properties::in_two_processes;
use leasehold_model::migration::quotient::Quotient;
use leasehold_model::migration::regions::By;
use leasehold_model::migration::replay::World;
use leasehold_model::migration::*;
use leasehold_model::rehearsal::ground::Ground;
use leasehold_model::rehearsal::{At, Judged, Naive, rehearse};
use proptest::prelude::*;

const FULL: Access = Access { hold: true, create: true };
const CONTROLLERS: [Controller; 2] = [Controller::Service, Controller::Route];

fn set(bits: u8) -> ControllerSet {
    CONTROLLERS.into_iter().enumerate().filter(|&(i, _)| bits >> i & 1 == 1).map(|(_, c)| c).collect()
}

fn behaviour() -> impl Strategy<Value = Behaviour> {
    let access = prop_oneof![4 => Just(FULL), 1 => Just(Access::NONE)];
    let second = (1..3u8, access.clone(), 0..4u8, prop::bool::weighted(0.1))
        .prop_map(|(lease, access, bits, dies)| Second { lease, access, set: set(bits), dies });
    prop_oneof![
        1 => Just(Behaviour::RefusesAtStart),
        1 => Just(Behaviour::RefusesAfter { main: 0, access: FULL }),
        1 => (0..4u8).prop_map(|bits| Behaviour::Unlocked(set(bits))),
        8 => (0..2u8, access, 0..4u8, prop::option::of(second)).prop_map(|(main, access, bits, migration)| {
            Behaviour::Elects { main, access, main_set: set(bits), migration }
        }),
    ]
}

const PROCESSES: u8 = 3;

fn pool(steps: usize, components: usize) -> impl Strategy<Value = Pool> {
    let position = prop::collection::vec(prop::option::weighted(0.8, 0..PROCESSES), components);
    (1..=2u8, 0..=1u8, prop::collection::vec(position, steps + 1), prop::bool::ANY).prop_map(
        move |(size, spare, runs, surge)| Pool {
            name: "cp".into(),
            size,
            spare,
            components: Component::ALL[..components].to_vec(),
            runs,
            update: if surge { Update::Surge } else { Update::InPlace },
            cordoned: Vec::new(),
            placement: Vec::new(),
        },
    )
}

/// Whether the nodes are cordoned, and where the pods of the other pool may be placed, at each position.
fn placing(steps: usize) -> impl Strategy<Value = (Vec<bool>, Vec<Nodes>)> {
    let nodes = (prop::bool::weighted(0.8), prop::bool::weighted(0.3))
        .prop_map(|(fits, despite_cordon)| Nodes { pools: if fits { vec![0] } else { vec![] }, despite_cordon });
    (prop::collection::vec(prop::bool::ANY, steps + 1), prop::collection::vec(nodes, steps + 1))
}

fn problem() -> impl Strategy<Value = Problem> {
    let mode = prop_oneof![Just(Mode::Edit), Just(Mode::Replace { surge: true }), Just(Mode::Replace { surge: false })];
    (1..=2usize).prop_flat_map(move |steps| {
        (
            prop::collection::vec(behaviour(), usize::from(PROCESSES)),
            prop::collection::vec(mode.clone(), steps),
            pool(steps, 2),
            prop::option::weighted(0.3, pool(steps, 1)),
            (0..4u8, prop::bool::ANY, prop::bool::weighted(0.2)),
            prop::option::of(placing(steps)),
        )
            .prop_map(|(behaviours, modes, mut nodes, mut extra, (required, crashes, downtime), placing)| {
                if let Some((cordoned, placement)) = placing {
                    nodes.cordoned = cordoned;
                    extra.iter_mut().for_each(|extra| extra.placement.clone_from(&placement));
                }
                let process = |behaviour| Process { component: Component::KubeControllerManager, behaviour };
                Problem {
                    processes: behaviours.into_iter().map(process).collect(),
                    leases: ["a", "b", "c"].map(LeaseId::kube_system).to_vec(),
                    pools: std::iter::once(nodes).chain(extra).collect(),
                    steps: modes.into_iter().map(|mode| Step { title: String::new(), mode, downtime }).collect(),
                    faults: if crashes { vec![Fault::Crash] } else { Vec::new() },
                    overtakes: Vec::new(),
                    rollback: Rollback::Anywhere,
                    required: set(required),
                    required_at_end: ControllerSet::EMPTY,
                }
            })
    })
}

const OPTIONS: Options<'static> = Options { symmetry: true, max_states: Some(100_000), threads: 1, on_progress: None };

/// A way back that is shown ends where the plan began, and the interpreter of runs agrees at every moment of it.
fn ways_are_real(problem: &Problem) -> Result<(), TestCaseError> {
    let cluster = Cluster::new(problem).expect("it fits");
    for point in rehearse(problem, &OPTIONS).expect("it fits").points {
        let Some(way) = point.way else { continue };
        let mut world = World::new(problem);
        world.settle();
        let mut moves = 0;
        for (i, &(action, state)) in way.run.steps.iter().enumerate() {
            prop_assert!(world.apply(action).is_ok(), "{action:?}");
            if i >= way.run.prefix {
                prop_assert!(in_two_processes(&cluster, state).is_empty());
                moves += usize::from(action.by() == Move::Operator);
                prop_assert!(action.by() != Move::Fault);
            }
        }
        prop_assert_eq!(moves, way.moves);
        prop_assert_eq!(world.position(), 0);
        prop_assert_eq!(At::of(&cluster, way.run.end()), At::After(0));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn ways_back_are_executed_again_to_the_beginning(problem in problem()) {
        ways_are_real(&problem)?;
    }

    /// A point is lost exactly where `returnable` finds states without a way back, and the two count the same states.
    #[test]
    fn a_point_is_lost_exactly_if_returnable_says_so(problem in problem()) {
        let rehearsal = rehearse(&problem, &OPTIONS).expect("it fits");
        let report = check(&problem, &OPTIONS).expect("it fits");
        let returnable = report.of(Property::Returnable);
        prop_assert_eq!(rehearsal.end, End::Complete);
        let lost = rehearsal.points.iter().any(|point| point.judged == Judged::Lost);
        prop_assert_eq!(lost, returnable.status == Status::Violated);
        prop_assert_eq!(rehearsal.points.iter().map(|point| point.exclusive).sum::<usize>(), returnable.winning.unwrap());
        prop_assert_eq!(rehearsal.points.iter().map(|point| point.states).sum::<usize>(), rehearsal.states);
        for point in &rehearsal.points {
            prop_assert!(point.safe <= point.exclusive);
            prop_assert_eq!(point.judged == Judged::Safe, point.safe == point.states);
            prop_assert_eq!(point.refuted.is_some(), point.judged != Judged::Safe, "{:?}", point.at);
            if point.naive == Naive::Safe {
                prop_assert_eq!(point.judged, Judged::Safe);
            }
        }
    }

    /// Classes of states say of every point what all its states say one by one.
    #[test]
    fn classes_say_what_states_say(problem in problem()) {
        let said = |symmetry| {
            let rehearsal = rehearse(&problem, &Options { symmetry, ..OPTIONS }).expect("it fits");
            let points = rehearsal.points.iter().map(|point| {
                let naive = point.naive == Naive::Safe;
                let (mut already, mut unavoidable) = (point.already.clone(), point.unavoidable.clone());
                already.sort_unstable();
                unavoidable.sort_unstable();
                let all = (point.safe == point.states, point.exclusive == point.states);
                (point.at, point.judged, all, already, unavoidable, naive, point.order_matters)
            });
            (rehearsal.end, points.collect::<Vec<_>>())
        };
        let states = said(false);
        prop_assume!(states.0 == End::Complete);
        prop_assert_eq!(said(true), states);
    }

    /// Whoever goes back by moves into winning states only is never brought to harm, whatever happens in between, and never
    /// out of them.
    #[test]
    fn nothing_brings_a_careful_operator_to_harm(
        problem in problem(),
        start in any::<prop::sample::Index>(),
        choices in prop::collection::vec((any::<bool>(), any::<prop::sample::Index>()), 60),
    ) {
        let quotient = Quotient::new(Cluster::new(&problem).expect("it fits"));
        let ground = Ground::new(&quotient, &OPTIONS);
        let class = start.index(ground.states().len());
        let allowed = ground.may_go_wrong[class];
        let game = ground.game(allowed);
        let mut state = ground.states()[class];
        prop_assume!(game.winning[class]);
        for (operator, choice) in choices {
            let class = ground.class(state);
            prop_assert!(!ground.is_harmful(class, allowed));
            prop_assert!(game.winning[class]);
            let mut next = Vec::new();
            quotient.successors(state, &mut |action, after| {
                let his = !By::is_not_operator(By::of(action) as u8);
                if his == operator && (!his || game.winning[ground.class(after)]) {
                    next.push(after);
                }
            });
            if !next.is_empty() {
                state = next[choice.index(next.len())];
            }
        }
    }

    /// The naive way back is safe from a state exactly if no walk of undoing, progress and faults finds harm.
    #[test]
    fn a_naive_way_back_that_is_called_safe_is_safe(
        problem in problem(),
        start in any::<prop::sample::Index>(),
        choices in prop::collection::vec(any::<prop::sample::Index>(), 60),
    ) {
        let quotient = Quotient::new(Cluster::new(&problem).expect("it fits"));
        let ground = Ground::new(&quotient, &OPTIONS);
        let class = start.index(ground.states().len());
        let allowed = ground.may_go_wrong[class];
        prop_assume!(!ground.game(allowed).naive_fails[class]);
        let mut state = ground.states()[class];
        for choice in choices {
            prop_assert!(!ground.is_harmful(ground.class(state), allowed));
            let mut next = Vec::new();
            quotient.successors(state, &mut |action, after| {
                if action.direction() != Some(Direction::Forward) {
                    next.push(after);
                }
            });
            if next.is_empty() {
                break;
            }
            state = next[choice.index(next.len())];
        }
    }
}

/// Two managers without leases change places in one step. Undone in one order there is an outage, in the other an overlap.
fn swap(required: ControllerSet) -> Problem {
    let process =
        |bits| Process { component: Component::KubeControllerManager, behaviour: Behaviour::Unlocked(set(bits)) };
    let pool = |name: &str, component, before, after| Pool {
        name: name.into(),
        size: 1,
        spare: 0,
        components: vec![component],
        runs: vec![vec![before], vec![after]],
        update: Update::InPlace,
        cordoned: Vec::new(),
        placement: Vec::new(),
    };
    Problem {
        processes: vec![process(1), process(0)],
        leases: Vec::new(),
        pools: vec![
            pool("cp", Component::KubeControllerManager, Some(0), Some(1)),
            pool("ccm", Component::CloudControllerManager, None, Some(0)),
        ],
        steps: vec![Step { title: "swap".into(), mode: Mode::Edit, downtime: false }],
        faults: vec![Fault::Crash],
        overtakes: Vec::new(),
        rollback: Rollback::None,
        required,
        required_at_end: ControllerSet::EMPTY,
    }
}

#[test]
fn the_order_of_undoing_is_found_where_it_decides() {
    let rehearsal = rehearse(&swap(ControllerSet::EMPTY), &OPTIONS).expect("it fits");
    let said: Vec<_> = rehearsal.points.iter().map(|point| (point.at, point.judged)).collect();
    let [before, within, after] = [At::After(0), At::Within(0), At::After(1)];
    // Within the step both orders were taken, so some states have the overlap already.
    assert_eq!(said, [(before, Judged::Safe), (within, Judged::Lost), (after, Judged::Safe)]);
    assert_eq!(rehearsal.point_of_no_return(), None, "one can go on");
    let last = &rehearsal.points[2];
    assert!(last.order_matters);
    let way = last.way.as_ref().expect("there is one");
    let pools: Vec<u8> = way.run.steps[way.run.prefix..]
        .iter()
        .filter_map(
            |&(action, _)| if let Action::Edit(Direction::Back, place) = action { Some(place.pool) } else { None },
        )
        .collect();
    assert_eq!((pools, way.moves), (vec![1, 0], 2), "first the new manager goes, then the old one comes");
    let Naive::Unsafe(run) = &last.naive else { panic!("any order is not safe: {:?}", last.naive) };
    assert_eq!(run.controllers, set(1));
    let undone: Vec<Action> = run.steps[run.prefix..].iter().map(|&(action, _)| action).collect();
    // The old manager comes back while the new one runs.
    assert!(undone.iter().any(|a| matches!(a, Action::Edit(Direction::Back, place) if place.pool == 0)), "{undone:?}");
    assert!(undone.iter().all(|a| !matches!(a, Action::Edit(_, place) if place.pool == 1)), "{undone:?}");
}

#[test]
fn a_way_back_that_leaves_a_controller_to_nobody_is_harmful_and_says_until_when() {
    let rehearsal = rehearse(&swap(set(1)), &OPTIONS).expect("it fits");
    let last = &rehearsal.points[2];
    assert_eq!((last.judged, last.safe, last.exclusive), (Judged::Harmful, 0, last.states));
    assert_eq!(format!("{:?}", last.unavoidable), "[Orphaned(Service)]");
    let way = last.way.as_ref().expect("there is one");
    let during: Vec<Action> =
        way.run.steps[way.harms[0].1..=way.harms[0].2].iter().map(|&(action, _)| action).collect();
    assert!(matches!(during[0], Action::Edit(Direction::Back, place) if place.pool == 1), "{during:?}");
    assert!(matches!(during[1], Action::Edit(Direction::Back, place) if place.pool == 0), "{during:?}");
    assert_eq!(during.len(), 2);
}

#[test]
fn a_search_that_is_cut_short_says_nothing() {
    let options = Options { max_states: Some(3), ..OPTIONS };
    let rehearsal = rehearse(&swap(set(1)), &options).expect("it fits");
    assert_eq!((rehearsal.points.len(), rehearsal.end), (0, End::StateLimit));
}
