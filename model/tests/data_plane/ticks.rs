//! The longest outage once more: in whole ticks, with every clock as a number, on plans drawn at random.

use std::collections::BTreeSet;

use leasehold_model::data_plane::StepKind::*;
use leasehold_model::data_plane::moves::Action;
use leasehold_model::data_plane::reach::{Reach, worst};
use leasehold_model::data_plane::state::Address;
use leasehold_model::data_plane::timed::longest;
use leasehold_model::data_plane::{Api, Client, Faults, Figure, Problem, State, StepKind, Takes, Traffic};
use leasehold_model::explore::System;
use proptest::prelude::*;

use super::problem;

/// Longer than any wait of [`takes`], all of them one after the other: no outage that ends by itself gets here.
const FOREVER: i64 = 40;

/// A state with the age of everything that counts: long answers, short ones, a node's replacement, a command on an address,
/// the control plane's last event, the outage.
type Moment = (State, [i64; 6]);

/// The longest outage in milliseconds, which are ticks here; [`FOREVER`] if there is no bound.
fn in_ticks(problem: &Problem) -> i64 {
    let traffic = Traffic { problem };
    let first: Moment = (State::FIRST, [0; 6]);
    let mut seen = BTreeSet::from([first]);
    let mut next = vec![first];
    let mut longest = 0;
    while let Some((state, ages)) = next.pop() {
        longest = longest.max(ages[5]);
        let mut reached = Vec::new();
        if may_wait(&traffic, &state, &ages) {
            let fails = worst(problem, &state).0 != Reach::All;
            let mut older = ages.map(|age| (age + 1).min(FOREVER));
            older[5] = if fails { older[5] } else { 0 };
            reached.push((state, older));
        }
        traffic.successors(state, &mut |action, after| {
            if matches!(action, Action::NodeLeaves(_)) && ages[2] < problem.takes.node_at_least {
                return;
            }
            let mut ages = ages;
            set(&traffic, &state, action, &mut ages);
            if worst(problem, &after).0 == Reach::All {
                ages[5] = 0;
            }
            reached.push((after, ages));
        });
        let counted = reached.into_iter().map(|(state, ages)| (state, counted(&traffic, &state, ages)));
        next.extend(counted.filter(|moment| seen.insert(*moment)));
    }
    longest
}

/// Ages that nothing depends on are all the same, and so are those beyond every wait.
fn counted(traffic: &Traffic<'_>, state: &State, ages: [i64; 6]) -> [i64; 6] {
    let moving = under_way(traffic, state, MoveAddress);
    let counts =
        [state.long, state.short, under_way(traffic, state, Rotate), moving, !state.in_tree && !state.ready, true];
    let most = [7, 7, 7, 7, 7, FOREVER];
    std::array::from_fn(|age| if counts[age] { ages[age].min(most[age]) } else { 0 })
}

fn under_way(traffic: &Traffic<'_>, state: &State, kind: StepKind) -> bool {
    traffic.problem.place(kind).is_some_and(|at| state.is_under_way(at))
}

fn may_wait(traffic: &Traffic<'_>, state: &State, ages: &[i64; 6]) -> bool {
    let takes = traffic.problem.takes;
    let bare = state.first == Address::Free && under_way(traffic, state, MoveAddress);
    let refused = state.second == Address::New || state.third == Address::New;
    let within = [
        (state.long, 0, takes.ttl + takes.propagation),
        (state.short, 1, takes.lowered + takes.propagation),
        (bare && refused, 3, takes.reaction),
        (bare && !refused, 3, takes.address),
        (!state.in_tree && !state.ready, 4, takes.control_plane),
    ];
    within.iter().all(|(counts, age, most)| !counts || ages[*age] < *most)
}

fn set(traffic: &Traffic<'_>, state: &State, action: Action, ages: &mut [i64; 6]) {
    let lowered = traffic.problem.place(LowerTtl).is_some_and(|at| state.is_done(at));
    let age = match action {
        Action::Begin(at) => match traffic.problem.steps[usize::from(at)].kind {
            LowerTtl if !state.moved => 0,
            MoveRecord if lowered => 1,
            MoveRecord => 0,
            Rotate => 2,
            MoveAddress => 3,
            _ => return,
        },
        Action::NodeLeaves(_) => 2,
        Action::DetachNew | Action::DetachOld | Action::ExternalRestarts => 3,
        Action::InTreeStops | Action::ExternalActs => 4,
        _ => return,
    };
    ages[age] = 0;
}

/// Few and small, and all different.
fn takes() -> impl Strategy<Value = Takes> {
    (1..3i64, 0..2i64, 0..4i64, any::<bool>()).prop_map(|(lowered, propagation, node_at_least, new_address_first)| {
        Takes {
            ttl: 4,
            lowered,
            propagation,
            node_at_least,
            address: 1,
            reaction: 3,
            control_plane: 2,
            new_address_first,
        }
    })
}

/// Plans that can be carried out to their end.
pub fn plan() -> impl Strategy<Value = Vec<StepKind>> {
    let all =
        vec![LowerTtl, AwaitOldTtl, Migrate, MoveRecord, AwaitCaches, MoveAddress, Rotate, DeleteOld, ReleaseAddresses];
    proptest::sample::subsequence(all, 2..6).prop_shuffle().prop_filter("it can be carried out", |kinds| {
        let at = |kind| kinds.iter().position(|&k| k == kind);
        let after = |kind, needed| at(kind).is_none_or(|later| at(needed).is_some_and(|earlier| earlier < later));
        after(AwaitOldTtl, LowerTtl)
            && after(AwaitCaches, MoveRecord)
            && [MoveRecord, MoveAddress, DeleteOld].into_iter().all(|kind| after(kind, Migrate))
    })
}

pub fn any_problem() -> impl Strategy<Value = Problem> {
    let faults = (any::<bool>(), any::<bool>())
        .prop_map(|(node_replaced, external_restarts)| Faults { node_replaced, external_restarts });
    let client = prop_oneof![Just(Client::Dns), Just(Client::Fixed)];
    let api = prop_oneof![3 => Just(Api::Neutron), 1 => Just(Api::Octavia)];
    (plan(), client, takes(), faults, 1..3u8, api, any::<bool>()).prop_map(
        |(kinds, client, takes, faults, workers, in_tree, monitor)| Problem {
            workers,
            takes,
            faults,
            in_tree,
            monitor,
            ..problem(&[client], &kinds)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn zones_and_ticks_find_the_same(problem in any_problem()) {
        let outage = longest(&problem, 200_000);
        prop_assert!(outage.complete);
        let figure = match in_ticks(&problem) {
            0 => Figure::Never,
            FOREVER => Figure::UntilOperator,
            ticks => Figure::Within(ticks),
        };
        prop_assert_eq!(outage.figure, figure);
        if figure != Figure::Never {
            leasehold_model::data_plane::replay::replay(&problem, &outage).expect("a run that was found can be executed");
        }
    }
}
