//! Random small plans: the packed state space and the plain interpreter must allow exactly the same actions and see the
//! same controllers act, on every walk; symmetry must not change a verdict.

use leasehold_model::controller::{Component, Controller, ControllerSet};
use leasehold_model::election::Durations;
use leasehold_model::explore::{End, Options, System, explore};
use leasehold_model::gap::{self, Figure, Manager, gaps};
use leasehold_model::launch::duration::GoDuration;
use leasehold_model::lease::LeaseId;
use leasehold_model::lease_time::Elector;
use leasehold_model::migration::moves::Cluster;
use leasehold_model::migration::process::Second;
use leasehold_model::migration::properties::{acting, in_two_processes, is_back, is_required, refuses};
use leasehold_model::migration::quotient::Quotient;
use leasehold_model::migration::replay::World;
use leasehold_model::migration::state::Place;
use leasehold_model::migration::*;
use leasehold_model::release::Release;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn access() -> impl Strategy<Value = Access> {
    prop_oneof![
        6 => Just(Access { hold: true, create: true }),
        1 => Just(Access { hold: true, create: false }),
        1 => Just(Access { hold: false, create: true }),
        1 => Just(Access::NONE),
    ]
}

fn controllers() -> impl Strategy<Value = ControllerSet> {
    prop::collection::vec(prop::sample::select(Controller::ALL.to_vec()), 0..4).prop_map(|c| c.into_iter().collect())
}

fn behaviour() -> impl Strategy<Value = Behaviour> {
    let second = (0..3u8, access(), controllers(), prop::bool::weighted(0.1))
        .prop_map(|(lease, access, set, dies)| Second { lease, access, set, dies });
    prop_oneof![
        1 => Just(Behaviour::RefusesAtStart),
        1 => (0..3u8, access()).prop_map(|(main, access)| Behaviour::RefusesAfter { main, access }),
        1 => controllers().prop_map(Behaviour::Unlocked),
        8 => (0..3u8, access(), controllers(), prop::option::of(second)).prop_map(|(main, access, main_set, migration)| {
            Behaviour::Elects { main, access, main_set, migration }
        }),
    ]
}

const PROCESSES: usize = 4;

fn pool(steps: usize, components: usize) -> impl Strategy<Value = Pool> {
    let position = prop::collection::vec(prop::option::weighted(0.8, 0..PROCESSES as u8), components);
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

/// Whether the nodes are cordoned, and where pods of the other pool may be placed, at each position; or neither matters.
fn placing(steps: usize) -> impl Strategy<Value = (Vec<bool>, Vec<Nodes>)> {
    let nodes = (prop::bool::weighted(0.8), prop::bool::weighted(0.2))
        .prop_map(|(fits, despite_cordon)| Nodes { pools: if fits { vec![0] } else { vec![] }, despite_cordon });
    prop_oneof![
        1 => Just((Vec::new(), Vec::new())),
        3 => (prop::collection::vec(prop::bool::ANY, steps + 1), prop::collection::vec(nodes, steps + 1)),
    ]
}

fn problem() -> impl Strategy<Value = Problem> {
    let mode = prop_oneof![
        Just(Mode::AtOnce),
        Just(Mode::Edit),
        Just(Mode::Replace { surge: true }),
        Just(Mode::Replace { surge: false })
    ];
    (1..=2usize).prop_flat_map(move |steps| {
        let modes = prop::collection::vec(mode.clone(), steps);
        (
            prop::collection::vec((behaviour(), access()), PROCESSES),
            modes,
            pool(steps, 2),
            prop::option::of(pool(steps, 1)),
            (prop::bool::ANY, prop::bool::ANY),
            prop::collection::btree_set((0..3u8, 0..PROCESSES as u8, 0..PROCESSES as u8), 0..6),
            placing(steps),
            prop::collection::vec(prop::bool::weighted(0.2), steps),
        )
            .prop_map(
                |(processes, modes, mut nodes, mut extra, (deleted, rollback), pairs, placing, downtime)| {
                    nodes.cordoned = placing.0;
                    if let Some(extra) = &mut extra {
                        extra.placement = placing.1;
                    }
                    let mut faults = vec![Fault::Crash];
                    if deleted {
                        faults.push(Fault::LeaseDeleted);
                    }
                    let process = |behaviour| Process { component: Component::KubeControllerManager, behaviour };
                    Problem {
                        processes: processes
                            .iter()
                            .map(|p| p.0)
                            .chain(processes.iter().map(|p| with_access(p.0, p.1)))
                            .map(process)
                            .collect(),
                        leases: ["a", "b", "c"].map(LeaseId::kube_system).to_vec(),
                        pools: std::iter::once(nodes).chain(extra).collect(),
                        steps: modes
                            .into_iter()
                            .zip(downtime)
                            .map(|(mode, downtime)| Step { title: String::new(), mode, downtime })
                            .collect(),
                        faults,
                        overtakes: overtakes(&pairs),
                        rollback: if rollback { Rollback::Anywhere } else { Rollback::None },
                        required: Controller::ALL.into_iter().collect(),
                        required_at_end: ControllerSet::EMPTY,
                    }
                },
            )
    })
}

/// What differs in its access only takes as early as its twin does.
fn overtakes(pairs: &BTreeSet<(u8, u8, u8)>) -> Vec<Overtake> {
    let twins = |p: u8| [p, p + PROCESSES as u8];
    let all = pairs.iter().flat_map(|&(lease, holder, taker)| {
        twins(holder).map(|holder| twins(taker).map(|taker| Overtake { lease, holder, taker }))
    });
    let mut all: Vec<Overtake> = all.flatten().collect();
    all.sort_unstable();
    all
}

/// A step at once changes rights only: process `i` becomes `i + PROCESSES`, which differs from it in its access, and back.
fn rights_only(problem: &mut Problem) {
    let at_once: Vec<usize> =
        (0..problem.steps.len()).filter(|&step| problem.steps[step].mode == Mode::AtOnce).collect();
    for step in at_once {
        for pool in &mut problem.pools {
            let twin = |p: u8| (p + PROCESSES as u8) % (2 * PROCESSES as u8);
            pool.runs[step + 1] = pool.runs[step].iter().map(|p| p.map(twin)).collect();
        }
    }
}

fn with_access(behaviour: Behaviour, new: Access) -> Behaviour {
    match behaviour {
        Behaviour::RefusesAfter { main, .. } => Behaviour::RefusesAfter { main, access: new },
        Behaviour::Elects { main, access, main_set, migration: Some(second) } => {
            Behaviour::Elects { main, access, main_set, migration: Some(Second { access: new, ..second }) }
        }
        Behaviour::Elects { main, main_set, migration: None, .. } => {
            Behaviour::Elects { main, access: new, main_set, migration: None }
        }
        other => other,
    }
}

fn alphabet(problem: &Problem, places: &[Place]) -> Vec<Action> {
    use Direction::{Back, Forward};
    let mut all = vec![Action::Apply(Forward), Action::Apply(Back)];
    all.extend((0..problem.leases.len() as u8).map(Action::DeleteLease));
    for &p in places {
        all.extend([
            Action::Schedule(p),
            Action::Start(p),
            Action::AcquireMain(p),
            Action::AcquireMigration(p),
            Action::Exit(p),
            Action::Crash(p),
            Action::OvertakeMain(p),
            Action::OvertakeMigration(p),
        ]);
        for d in [Forward, Back] {
            all.extend([Action::Edit(d, p), Action::Cordon(d, p)]);
            if p.component == 0 {
                all.extend([Action::ReplaceSlot(d, p), Action::AddSlot(d, p), Action::RemoveSlot(d, p)]);
            }
        }
    }
    all.sort_unstable();
    all
}

/// The actions the plan's assumptions rule out, whatever the state.
fn assumed_away(problem: &Problem, action: Action) -> bool {
    let back = matches!(
        action,
        Action::Apply(Direction::Back)
            | Action::Edit(Direction::Back, _)
            | Action::Cordon(Direction::Back, _)
            | Action::ReplaceSlot(Direction::Back, _)
            | Action::AddSlot(Direction::Back, _)
            | Action::RemoveSlot(Direction::Back, _)
    );
    back && problem.rollback == Rollback::None
        || matches!(action, Action::DeleteLease(_)) && !problem.faults.contains(&Fault::LeaseDeleted)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn the_interpreter_allows_exactly_what_the_search_allows(
        mut problem in problem(),
        choices in prop::collection::vec(any::<prop::sample::Index>(), 40),
    ) {
        rights_only(&mut problem);
        let cluster = Cluster::new(&problem).expect("it fits");
        let places = cluster.layout.places().to_vec();
        let alphabet = alphabet(&problem, &places);
        let mut state = cluster.initial()[0];
        let mut world = World::new(&problem);
        world.settle();
        for choice in choices {
            for (at, &place) in places.iter().enumerate() {
                prop_assert_eq!(cluster.acting(state, at), world.acting(place), "at {:?}", place);
            }
            let mut searched = Vec::new();
            cluster.successors(state, &mut |action, next| searched.push((action, next)));
            let allowed: Vec<Action> = alphabet
                .iter()
                .copied()
                .filter(|&action| !assumed_away(&problem, action) && world.clone().apply(action).is_ok())
                .collect();
            let mut offered: Vec<Action> = searched.iter().map(|&(action, _)| action).collect();
            offered.sort_unstable();
            prop_assert_eq!(&offered, &allowed);
            if searched.is_empty() {
                break;
            }
            let (action, next) = searched[choice.index(searched.len())];
            world.apply(action).expect("just allowed");
            state = next;
        }
    }

}

/// What verdicts on classes rest on, state by state: a state looks to every property as its representative does, can do
/// nothing that the representative cannot, and after its inert starts it can do all the same.
fn does_what_its_class_does(problem: &Problem) -> Result<(), TestCaseError> {
    let quotient = Quotient::new(Cluster::new(problem).expect("it fits"));
    let cluster = &quotient.cluster;
    let looks = |state| {
        let required = Controller::ALL.map(|controller| is_required(cluster, state, controller));
        (
            acting(cluster, state),
            in_two_processes(cluster, state),
            refuses(cluster, state),
            is_back(cluster, state),
            required,
        )
    };
    // By whom, and into which other class.
    let moves = |state| {
        let mut moves = BTreeSet::new();
        let class = quotient.canonical(state);
        cluster.successors(state, &mut |action, next| {
            moves.insert((action.by(), quotient.canonical(next)));
        });
        moves.into_iter().filter(|&(_, next)| next != class).collect::<BTreeSet<_>>()
    };
    let space = explore(cluster, &Options { max_states: Some(3_000), ..Options::default() }, |_| false);
    for &state in space.states() {
        let class = quotient.canonical(state);
        prop_assert_eq!(quotient.canonical(class), class);
        prop_assert_eq!(looks(state), looks(class));
        prop_assert!(moves(state).is_subset(&moves(class)));
        let mut started = state;
        loop {
            let mut next = None;
            cluster.successors(started, &mut |action, other| {
                if matches!(action, Action::Start(_)) && quotient.canonical(other) == class {
                    next = Some(other);
                }
            });
            let Some(next) = next else { break };
            started = next;
        }
        prop_assert_eq!(moves(started), moves(class));
    }
    Ok(())
}

/// Steps at once that change more than rights: whether a process had started, or a lease exists, matters then.
#[test]
fn a_state_does_what_its_class_does_where_a_step_at_once_changes_more_than_rights() {
    let full = Access { hold: true, create: true };
    let set: ControllerSet = Controller::ALL.into_iter().collect();
    let elects = |main, migration| Behaviour::Elects { main, access: full, main_set: set, migration };
    let second = Second { lease: 1, access: full, set, dies: false };
    let before = elects(0, Some(second));
    let others = [
        elects(2, Some(second)),
        elects(0, None),
        Behaviour::RefusesAfter { main: 0, access: full },
        Behaviour::Unlocked(set),
    ];
    for after in others.map(Some).into_iter().chain([None]) {
        let process = |behaviour| Process { component: Component::KubeControllerManager, behaviour };
        let problem = Problem {
            processes: std::iter::once(before).chain(after).map(process).collect(),
            leases: ["a", "b", "c"].map(LeaseId::kube_system).to_vec(),
            pools: vec![Pool {
                name: "cp".into(),
                size: 2,
                spare: 0,
                components: vec![Component::KubeControllerManager],
                runs: vec![vec![Some(0)], vec![after.map(|_| 1)]],
                update: Update::InPlace,
                cordoned: Vec::new(),
                placement: Vec::new(),
            }],
            steps: vec![Step { title: String::new(), mode: Mode::AtOnce, downtime: false }],
            faults: vec![Fault::Crash, Fault::LeaseDeleted],
            overtakes: vec![Overtake { lease: 0, holder: 0, taker: 0 }, Overtake { lease: 1, holder: 0, taker: 0 }],
            rollback: Rollback::Anywhere,
            required: set,
            required_at_end: ControllerSet::EMPTY,
        };
        if let Err(why) = does_what_its_class_does(&problem) {
            panic!("{after:?}: {why}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_state_does_what_its_class_does_up_to_inert_starts(mut problem in problem()) {
        rights_only(&mut problem);
        does_what_its_class_does(&problem)?;
    }

    /// Every figure's run is executed again and its times are computed anew; the search panics where they differ. What can
    /// always run again has a bound.
    #[test]
    fn a_controller_that_can_always_run_again_has_a_bounded_gap(mut problem in problem()) {
        rights_only(&mut problem);
        problem.overtakes.clear();
        let elector = Elector::new(Release::new(30).expect("it exists"), Durations::CORE);
        let second = GoDuration::seconds(1);
        let manager = Manager { elector: Some(elector), main_start: second, migrated_start: second, ready: second, flush: second };
        let managers = vec![manager; problem.processes.len()];
        let found = gaps(&problem, &managers, &gap::Assumed::default()).expect("it fits");
        let options = Options { symmetry: true, max_states: Some(20_000), ..Options::default() };
        let report = check(&problem, &options).expect("it fits");
        let covered = report.of(Property::Covered);
        // Cut short, it may have been refuted for some controllers and be undecided for others.
        prop_assume!(covered.end == End::Complete);
        let orphaned = covered.counterexamples.iter().fold(ControllerSet::EMPTY, |set, c| set.union(c.controllers));
        for worst in found.worst.iter().filter(|worst| worst.figure == Figure::Unbounded) {
            prop_assert!(worst.controllers.difference(orphaned).is_empty(), "{:?}", worst.controllers);
        }
    }

    #[test]
    fn symmetry_changes_no_verdict(mut problem in problem()) {
        rights_only(&mut problem);
        let judge = |symmetry| {
            let options = Options { symmetry, max_states: Some(20_000), ..Options::default() };
            let report = check(&problem, &options).expect("it fits");
            let of = |v: &Verdict| {
                let concerned = v.counterexamples.iter().fold(ControllerSet::EMPTY, |set, c| set.union(c.controllers));
                (v.property, v.status, concerned, v.counterexamples.first().map(|c| c.steps.len()))
            };
            report.verdicts.iter().map(of).collect::<Vec<_>>()
        };
        let (with, without) = (judge(true), judge(false));
        prop_assume!(without.iter().all(|v| v.1 != Status::Inconclusive));
        prop_assert_eq!(with, without);
    }
}
