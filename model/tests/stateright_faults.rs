//! What stateright 0.31.0 gets wrong, one test per fault: each asserts the wrong behaviour.
//!
//! They are the reasons for the rules in `explore/stateright.rs` and for having an explorer of our own. When stateright is
//! upgraded and one of these fails, a fault is gone and its rule can go too. Not tested, because they show only at size or by
//! luck: symmetry together with threads gives counts that depend on scheduling; depth-first search keeps the whole path of
//! every waiting state (11 kB per state at a depth of 4,384).
use stateright::util::HashableHashSet;
use stateright::{Checker, Chooser, Model, Property};
use std::hash::Hash;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

trait State: Clone + Hash + PartialEq + Send + Sync + 'static {}
impl<T: Clone + Hash + PartialEq + Send + Sync + 'static> State for T {}

/// A model made of functions: numbered successors, some of them missing.
struct Steps<T: State> {
    initial: T,
    next: fn(&T) -> Vec<Option<T>>,
    properties: fn() -> Vec<Property<Steps<T>>>,
    asked: Arc<AtomicUsize>,
}

fn steps<T: State>(
    initial: T,
    next: fn(&T) -> Vec<Option<T>>,
    properties: fn() -> Vec<Property<Steps<T>>>,
) -> Steps<T> {
    Steps { initial, next, properties, asked: Arc::default() }
}

impl<T: State> Model for Steps<T> {
    type State = T;
    type Action = usize;
    fn init_states(&self) -> Vec<T> {
        vec![self.initial.clone()]
    }
    fn actions(&self, state: &T, actions: &mut Vec<usize>) {
        self.asked.fetch_add(1, Ordering::Relaxed);
        actions.extend(0..(self.next)(state).len());
    }
    fn next_state(&self, state: &T, action: usize) -> Option<T> {
        (self.next)(state).swap_remove(action)
    }
    fn properties(&self) -> Vec<Property<Self>> {
        (self.properties)()
    }
}

/// 0 → 1 → … → `LAST`.
const LAST: u32 = 10_000;
fn chain(state: &u32) -> Vec<Option<u32>> {
    if *state < LAST { vec![Some(state + 1)] } else { Vec::new() }
}

#[test]
fn a_a_second_property_makes_the_first_counterexample_longer() {
    let below = |limit: fn() -> Vec<Property<Steps<u32>>>| {
        let checker = steps(0, |&state| if state < 20 { vec![Some(state + 1)] } else { Vec::new() }, limit)
            .checker()
            .spawn_bfs()
            .join();
        checker.discovery("below 3").expect("it is violated").into_actions().len()
    };
    assert_eq!(below(|| vec![Property::always("below 3", |_, &state| state < 3)]), 3);
    let with_a_second = below(|| {
        vec![Property::always("below 3", |_, &state| state < 3), Property::always("below 100", |_, &state| state < 100)]
    });
    assert_eq!(with_a_second, 20, "3 steps suffice");
}

#[test]
fn b_one_thread_ignores_the_timeout() {
    let slow = |state: &u32| {
        if *state == 0 {
            #[expect(clippy::disallowed_methods, reason = "the fault is about wall-clock time")]
            std::thread::sleep(Duration::from_millis(1_000));
        }
        chain(state)
    };
    let checker = steps(0, slow, || vec![Property::always("true", |_, _| true)]).checker();
    let checker = checker.timeout(Duration::from_millis(700)).spawn_bfs().join();
    assert_eq!(checker.unique_state_count(), LAST as usize + 1, "it should have stopped near the first state");
}

#[test]
fn c_a_truncated_search_passes() {
    let model = || steps(0, chain, || vec![Property::always("below 9000", |_, &state| state < 9_000)]).checker();
    let whole = model().spawn_bfs().join();
    assert!(whole.discovery("below 9000").is_some());
    for truncated in [model().target_state_count(10), model().target_max_depth(10)] {
        let truncated = truncated.spawn_bfs().join();
        assert!(truncated.unique_state_count() < 9_000);
        assert!(truncated.is_done(), "it says that all was visited");
        truncated.assert_properties();
    }
}

#[test]
fn d_adjacent_sets_hash_alike() {
    type Pair = [HashableHashSet<u8>; 2];
    fn next(pair: &Pair) -> Vec<Option<Pair>> {
        let with = |side: usize, member: u8| {
            let mut pair = pair.clone();
            pair[side].insert(member).then_some(pair)
        };
        (0..2)
            .flat_map(|side| (0..3).map(move |member| (side, member)))
            .map(|(side, member)| with(side, member))
            .collect()
    }
    let checker =
        steps(Pair::default(), next, || vec![Property::always("true", |_, _| true)]).checker().spawn_bfs().join();
    assert_eq!(checker.unique_state_count(), 52, "two subsets of three members make 64 pairs");
}

#[test]
fn e_eventually_misses_cycles_and_joins() {
    fn odd() -> Vec<Property<Steps<u32>>> {
        vec![Property::eventually("odd", |_, &state| state % 2 == 1)]
    }
    let missed = |next: fn(&u32) -> Vec<Option<u32>>| {
        let checker = steps(0, next, odd).checker().spawn_bfs().join();
        checker.discovery("odd").is_none()
    };
    assert!(!missed(|&state| if state == 0 { vec![Some(2)] } else { Vec::new() }), "0 → 2 is seen");
    assert!(missed(|&state| vec![Some(2 - state)]), "0 → 2 → 0 → … is never odd");
    let join = |state: &u32| match state {
        0 => vec![Some(1), Some(2)],
        1 | 2 => vec![Some(4)],
        _ => Vec::new(),
    };
    assert!(missed(join), "0 → 2 → 4 is never odd; 4 was first met by 0 → 1 → 4");
}

#[test]
fn f_breadth_first_search_ignores_symmetry() {
    let model = || {
        let both = |&[a, b]: &[u8; 2]| vec![(a < 2).then_some([a + 1, b]), (b < 2).then_some([a, b + 1])];
        let builder = steps([0, 0], both, || vec![Property::always("true", |_, _| true)]).checker();
        builder.symmetry_fn(|&[a, b]| [a.min(b), a.max(b)])
    };
    assert_eq!(model().spawn_dfs().join().unique_state_count(), 6);
    assert_eq!(model().spawn_bfs().join().unique_state_count(), 9, "6 classes");
}

#[test]
fn g_simulation_reports_another_trace_when_a_successor_is_missing() {
    #[derive(Clone)]
    struct First;
    impl<M: Model> Chooser<M> for First {
        type State = ();
        fn new_state(&self, _: u64) {}
        fn choose_initial_state(&self, (): &mut (), _: &[M::State]) -> usize {
            0
        }
        fn choose_action(&self, (): &mut (), _: &M::State, _: &[M::Action]) -> usize {
            0
        }
    }
    // Of two actions the first has no successor, the second leads to the violation.
    let model = steps(0, |_| vec![None, Some(7)], || vec![Property::always("below 7", |_, &state| state < 7)]);
    let checker = model.checker().spawn_simulation(0, First).join();
    let trace = checker.discovery("below 7").expect("it is violated");
    assert_eq!(*trace.last_state(), 0, "7 violates it, 0 does not");
}

#[test]
fn i_a_visitor_replays_the_whole_path_of_every_state() {
    fn short(state: &u32) -> Vec<Option<u32>> {
        if *state < 100 { vec![Some(state + 1)] } else { Vec::new() }
    }
    let asked = |visited: bool| {
        let model = steps(0, short, || vec![Property::always("true", |_, _| true)]);
        let asked = Arc::clone(&model.asked);
        let builder = model.checker();
        let builder = if visited { builder.visitor(|_| ()) } else { builder };
        assert_eq!(builder.spawn_bfs().join().unique_state_count(), 101);
        asked.load(Ordering::Relaxed)
    };
    assert_eq!(asked(false), 101);
    assert_eq!(asked(true), 101 + 100 * 101 / 2);
}
