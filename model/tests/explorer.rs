//! The explorer against a search that is too simple to be wrong, on random graphs.
use leasehold_model::explore::{Edges, End, Options, Space, System, can_reach, explore};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU32, Ordering};

/// A graph given edge by edge. Action: the number of the edge, whose class is the number's remainder by three.
#[derive(Debug)]
struct Graph {
    initial: Vec<u64>,
    edges: BTreeMap<u64, Vec<(u32, u64)>>,
}

impl System for Graph {
    type State = u64;
    type Action = u32;
    fn initial(&self) -> Vec<u64> {
        self.initial.clone()
    }
    fn successors(&self, state: u64, out: &mut impl FnMut(u32, u64)) {
        self.edges.get(&state).into_iter().flatten().for_each(|&(action, next)| out(action, next));
    }
    /// Even and odd twins, for symmetric graphs.
    fn canonical(&self, state: u64) -> u64 {
        state & !1
    }
}

/// Up to 1,200 nodes, sparse to dense, with duplicate edges, loops and unreachable parts.
fn graph() -> impl Strategy<Value = Graph> {
    (1..1200u64, 0..4u64).prop_flat_map(|(nodes, degree)| {
        let edges = prop::collection::vec((0..nodes, 0..nodes), 0..=(nodes * degree + 8) as usize);
        (prop::collection::vec(0..nodes, 1..4), edges).prop_map(|(initial, list)| {
            let mut edges: BTreeMap<u64, Vec<(u32, u64)>> = BTreeMap::new();
            for (number, (from, to)) in (0..).zip(list) {
                edges.entry(spread(from)).or_default().push((number, spread(to)));
            }
            Graph { initial: initial.into_iter().map(spread).collect(), edges }
        })
    })
}

/// Each node and each edge twice: a graph whose twins have twin successors.
fn twins() -> impl Strategy<Value = Graph> {
    graph().prop_map(|graph| {
        let mut edges: BTreeMap<u64, Vec<(u32, u64)>> = BTreeMap::new();
        for (from, list) in &graph.edges {
            for twin in 0..2 {
                let to_twin = |&(number, to): &(u32, u64)| (number, to << 1 | (u64::from(number) + twin) & 1);
                edges.insert(from << 1 | twin, list.iter().map(to_twin).collect());
            }
        }
        Graph { initial: graph.initial.iter().map(|state| state << 1 | 1).collect(), edges }
    })
}

/// Scatters node numbers over 63 bits, so that the graph's order is not the states' order.
fn spread(node: u64) -> u64 {
    node.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 1
}

/// Every reachable state in the order a plain queue meets it, with its distance; and the transitions generated.
fn naive(graph: &Graph) -> (Vec<(u64, usize)>, u64) {
    let (mut seen, mut order, mut queue, mut transitions) = (BTreeSet::new(), Vec::new(), VecDeque::new(), 0);
    for &state in &graph.initial {
        if seen.insert(state) {
            order.push((state, 0));
            queue.push_back((state, 0));
        }
    }
    while let Some((state, distance)) = queue.pop_front() {
        graph.successors(state, &mut |_, next| {
            transitions += 1;
            if seen.insert(next) {
                order.push((next, distance + 1));
                queue.push_back((next, distance + 1));
            }
        });
    }
    (order, transitions)
}

fn search(graph: &Graph, threads: usize, stop_at: impl Fn(u64) -> bool + Sync) -> Space<Graph> {
    explore(graph, &Options { threads, ..Options::default() }, stop_at)
}

/// The path is made of real transitions from an initial state.
fn check_path(graph: &Graph, space: &Space<Graph>, index: usize) -> Result<u64, TestCaseError> {
    let mut at = space.origin(graph, index);
    prop_assert!(graph.initial.contains(&at));
    for (action, next) in space.path(graph, index) {
        prop_assert!(graph.edges[&at].contains(&(action, next)), "no edge {} from {} to {}", action, at, next);
        at = next;
    }
    Ok(at)
}

proptest! {
    #[test]
    fn visits_what_a_queue_visits_in_its_order(graph in graph(), threads in 1..4usize) {
        let (order, transitions) = naive(&graph);
        let space = search(&graph, threads, |_| false);
        prop_assert_eq!(space.end(), End::Complete);
        prop_assert_eq!(space.found(), None);
        prop_assert_eq!(space.transitions(), transitions);
        prop_assert_eq!(space.states(), order.iter().map(|&(state, _)| state).collect::<Vec<_>>());
        prop_assert_eq!(space.depth(), order.iter().map(|&(_, distance)| distance).max().unwrap_or(0));
        for (index, &(state, distance)) in order.iter().enumerate() {
            prop_assert_eq!(space.index_of(state), Some(index));
            prop_assert_eq!(space.depth_of(index), distance);
        }
        let last = order.len() - 1;
        prop_assert_eq!(check_path(&graph, &space, last)?, order[last].0);
        prop_assert_eq!(space.index_of(u64::MAX), None);
    }

    #[test]
    fn stops_at_the_first_state_that_is_looked_for(graph in graph(), threads in 1..4usize, pick: prop::sample::Index) {
        let (order, _) = naive(&graph);
        // Looked for: the picked state and all met later with the same low bits.
        let (wanted, _) = order[pick.index(order.len())];
        let stop_at = |state: u64| state & 31 == wanted & 31;
        let first = order.iter().position(|&(state, _)| stop_at(state)).expect("it was picked from them");
        let space = search(&graph, threads, stop_at);
        prop_assert_eq!((space.end(), space.found()), (End::Found, Some(first)));
        prop_assert_eq!(space.states(), order[..=first].iter().map(|&(state, _)| state).collect::<Vec<_>>());
        prop_assert_eq!(space.path(&graph, first).len(), order[first].1);
        prop_assert_eq!(check_path(&graph, &space, first)?, order[first].0);
        prop_assert_eq!(space.transitions(), search(&graph, 1, stop_at).transitions());
        for &(state, _) in &order {
            prop_assert_eq!(space.index_of(state), space.states().iter().position(|&known| known == state));
        }
    }

    #[test]
    fn a_limit_is_exact(graph in graph(), threads in 1..4usize, max in 0..1300u64) {
        let (order, _) = naive(&graph);
        let space = explore(&graph, &Options { threads, max_states: Some(max), ..Options::default() }, |_| false);
        let end = if order.len() as u64 <= max { End::Complete } else { End::StateLimit };
        prop_assert_eq!(space.end(), end);
        prop_assert_eq!(space.states().len(), order.len().min(max as usize));
    }

    #[test]
    fn symmetry_gives_real_paths_of_the_same_length(graph in twins(), threads in 1..4usize, pick: prop::sample::Index) {
        let (order, _) = naive(&graph);
        let (wanted, _) = order[pick.index(order.len())];
        let stop_at = |state: u64| graph.canonical(state) == graph.canonical(wanted);
        let (full, folded) = (search(&graph, 1, stop_at), explore(&graph, &Options { symmetry: true, threads, ..Options::default() }, stop_at));
        let (real, class) = (full.found().expect("it is reachable"), folded.found().expect("so is its class"));
        prop_assert_eq!(folded.path(&graph, class).len(), full.path(&graph, real).len());
        prop_assert!(stop_at(check_path(&graph, &folded, class)?));
        let classes: BTreeSet<u64> = order.iter().map(|&(state, _)| graph.canonical(state)).collect();
        let all = explore(&graph, &Options { symmetry: true, threads, ..Options::default() }, |_| false);
        prop_assert_eq!(all.states().iter().copied().collect::<BTreeSet<_>>(), classes);
    }

    #[test]
    fn goals_are_reached_backward_as_forward(graph in graph(), modulus in 2..9u64) {
        let space = search(&graph, 1, |_| false);
        let goal: Vec<bool> = space.states().iter().map(|state| state % modulus == 0).collect();
        let edges = Edges::new(&graph, &space, |action| (action % 3 < 2).then_some((action % 3) as u8));
        for (follow, accepted) in [(vec![0], 1), (vec![0, 1], 2)] {
            // Forward, until nothing changes.
            let mut reaching = goal.clone();
            loop {
                let before = reaching.clone();
                for (index, &state) in space.states().iter().enumerate() {
                    graph.successors(state, &mut |action, next| {
                        let target = space.index_of(next).expect("the space is complete");
                        reaching[index] |= action % 3 < accepted && reaching[target];
                    });
                }
                if before == reaching {
                    break;
                }
            }
            prop_assert_eq!(edges.backward(&goal, |_, class| follow.contains(&class)), &reaching[..]);
            let direct = can_reach(&graph, &space, |action| action % 3 < accepted, |state| state % modulus == 0);
            prop_assert_eq!(direct, reaching);
        }
        let kept: usize = space.states().iter().flat_map(|state| graph.edges.get(state)).flatten().filter(|&&(action, _)| action % 3 < 2).count();
        prop_assert_eq!((edges.len(), edges.is_empty()), (kept, kept == 0));
    }
}

/// A ring of 150,000 states with shortcuts: enough for several shared batches and reports.
struct Ring;

impl System for Ring {
    type State = u128;
    type Action = ();
    fn initial(&self) -> Vec<u128> {
        vec![0]
    }
    fn successors(&self, state: u128, out: &mut impl FnMut((), u128)) {
        for step in [1, 77, 3_001, 149_999] {
            out((), (state + step) % 150_000);
        }
    }
}

#[test]
fn progress_can_cancel() {
    for threads in [1, 2] {
        let calls = AtomicU32::new(0);
        let report = |progress: leasehold_model::explore::Progress| {
            assert!(progress.expanded <= progress.states && progress.transitions == 4 * progress.expanded);
            if calls.fetch_add(1, Ordering::Relaxed) == 1 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let space = explore(&Ring, &Options { threads, on_progress: Some(&report), ..Options::default() }, |_| false);
        assert_eq!((space.end(), calls.into_inner(), space.found()), (End::Cancelled, 2, None));
        assert!(space.states().len() < 150_000 || threads == 2);
    }
}

/// Whoever watches is told now and then, not at every batch.
#[test]
fn progress_comes_once_in_65536_states() {
    let calls = AtomicU32::new(0);
    let report = |_| {
        calls.fetch_add(1, Ordering::Relaxed);
        ControlFlow::Continue(())
    };
    let space = explore(&Ring, &Options { on_progress: Some(&report), ..Options::default() }, |_| false);
    assert_eq!((space.end(), calls.into_inner()), (End::Complete, 150_000 / 65_536));
}

#[test]
fn threads_do_not_change_a_large_search() {
    let one = explore(&Ring, &Options::default(), |_| false);
    assert_eq!((one.states().len(), one.transitions(), one.end()), (150_000, 600_000, End::Complete));
    for threads in [2, 3, 8] {
        let many = explore(&Ring, &Options { threads, ..Options::default() }, |_| false);
        assert_eq!((many.states(), many.transitions(), many.end()), (one.states(), one.transitions(), one.end()));
        assert!((0..150_000).all(|index| many.parent(index) == one.parent(index)));
    }
}

#[test]
fn threads_do_not_change_where_a_large_search_ends() {
    let all = explore(&Ring, &Options::default(), |_| false);
    for at in (20_000..150_000).step_by(30_011) {
        let looked_for = |state| state == all.states()[at] || state == all.states()[at + 5];
        for threads in [1, 2, 3] {
            let options = Options { threads, ..Options::default() };
            let found = explore(&Ring, &options, looked_for);
            assert_eq!((found.end(), found.found(), found.states()), (End::Found, Some(at), &all.states()[..=at]));
            // The transition that led to it is the last one counted.
            let (parent, state) = (found.parent(at).expect("not a root"), all.states()[at]);
            let mut order = Vec::new();
            Ring.successors(all.states()[parent], &mut |(), next| order.push(next));
            let ordinal = order.iter().position(|&next| next == state).expect("a successor");
            assert_eq!(found.transitions(), parent as u64 * 4 + ordinal as u64 + 1);
            let bounded = explore(&Ring, &Options { max_states: Some(at as u64), ..options }, |_| false);
            assert_eq!((bounded.end(), bounded.states()), (End::StateLimit, &all.states()[..at]));
            assert_eq!(bounded.transitions(), found.transitions());
            assert_eq!((found.index_of(state), bounded.index_of(state)), (Some(at), None));
        }
    }
}

/// Systems name progress before faults, and paths prefer what is named first.
#[test]
fn of_equal_steps_a_path_takes_the_first() {
    let edges = BTreeMap::from([(0, vec![(7, 1), (3, 2), (5, 2)]), (1, vec![]), (2, vec![])]);
    let graph = Graph { initial: vec![0], edges };
    let space = search(&graph, 1, |_| false);
    let to_two = space.index_of(2).expect("it is reachable");
    assert_eq!(space.path(&graph, to_two), [(3, 2)]);
}

/// 16 bytes for the state, two bits and a sample for its parent, 6.7 bytes for its slots in the table.
#[test]
fn memory_per_state_counts_state_parent_and_table() {
    let space = explore(&Ring, &Options::default(), |_| false);
    assert!((space.bytes_per_state() - 22.99).abs() < 0.02, "{}", space.bytes_per_state());
}

#[test]
fn nothing_to_start_from_is_complete() {
    let space = search(&Graph { initial: Vec::new(), edges: BTreeMap::new() }, 2, |_| true);
    assert_eq!((space.states().len(), space.end(), space.depth(), space.index_of(0)), (0, End::Complete, 0, None));
}
