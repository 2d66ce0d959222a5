//! The order of the steps: where a safe one is shown it is safe when it is carried out as a plan; where none is, no
//! permutation with all the waiting there can be is safe.

use leasehold_model::data_plane::StepKind::*;
use leasehold_model::data_plane::order::Orders;
use leasehold_model::data_plane::timed::longest;
use leasehold_model::data_plane::{Figure, Order, Problem, Step, StepKind};
use leasehold_model::explore::Options;
use proptest::prelude::*;

use super::ticks::any_problem;

/// The steps one after the other, with a wait for caches wherever one is possible.
fn patient(problem: &Problem, kinds: &[StepKind]) -> Problem {
    let mut steps = Vec::new();
    for &kind in kinds {
        steps.push(kind);
        match kind {
            LowerTtl => steps.push(AwaitOldTtl),
            MoveRecord => steps.push(AwaitCaches),
            _ => {}
        }
    }
    let steps = steps.into_iter().map(|kind| Step { title: String::new(), kind }).collect();
    Problem { steps, order: Order::Plan, ..problem.clone() }
}

fn kinds(problem: &Problem) -> Vec<StepKind> {
    let wait = |kind: &StepKind| matches!(kind, AwaitOldTtl | AwaitCaches);
    problem.steps.iter().map(|step| step.kind).filter(|kind| !wait(kind)).collect()
}

fn permutations(kinds: &[StepKind]) -> Vec<Vec<StepKind>> {
    if kinds.is_empty() {
        return vec![Vec::new()];
    }
    let with = |at: usize| {
        let mut rest = kinds.to_vec();
        let first = rest.remove(at);
        permutations(&rest).into_iter().map(move |rest| [vec![first], rest].concat())
    };
    (0..kinds.len()).flat_map(with).collect()
}

/// A permutation that can be carried out to its end.
fn is_possible(problem: &Problem, order: &[StepKind]) -> bool {
    let migrated = order.iter().position(|kind| *kind == Migrate).unwrap_or(order.len());
    let needs = |kind: &StepKind| match kind {
        MoveRecord | MoveAddress | DeleteOld => true,
        Rotate => problem.place(Migrate).is_some_and(|at| Some(at) < problem.place(Rotate)),
        _ => false,
    };
    order.iter().enumerate().all(|(at, kind)| !needs(kind) || at > migrated)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_safe_order_is_shown_exactly_if_there_is_one(problem in any_problem()) {
        let any = problem.in_order(Order::Any);
        let orders = Orders::new(&any, 0, &Options::default());
        prop_assert!(orders.complete());
        let is_safe = |order: &[StepKind]| longest(&patient(&problem, order), 200_000).figure == Figure::Never;
        match orders.safe() {
            Some(safe) => {
                let order: Vec<StepKind> = safe.iter().map(|(_, at)| any.steps[*at].kind).collect();
                prop_assert_eq!(order.len(), kinds(&problem).len());
                prop_assert!(is_safe(&order), "{:?}", order);
            }
            None => {
                for order in permutations(&kinds(&problem)).into_iter().filter(|order| is_possible(&problem, order)) {
                    prop_assert!(!is_safe(&order), "{:?}", order);
                }
            }
        }
    }
}
