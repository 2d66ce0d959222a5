//! The data plane: verdicts derived by hand, figures against another search in whole ticks, runs against their replay, the
//! order of the steps against all orders, and the public checker's count of states.

mod orders;
mod ticks;
mod verdicts;
mod volumes;

use leasehold_model::data_plane::{Api, Client, Faults, Order, Problem, Question, Step, StepKind, Takes};

/// A Service behind Neutron with three nodes, in the plan's order, without faults.
fn problem(clients: &[Client], kinds: &[StepKind]) -> Problem {
    Problem {
        workers: 3,
        in_tree: Api::Neutron,
        monitor: false,
        clients: clients.to_vec(),
        steps: kinds.iter().map(|&kind| Step { title: format!("{kind:?}"), kind }).collect(),
        order: Order::Plan,
        faults: Faults::default(),
        takes: Takes::default(),
    }
}

const NOTHING_ALLOWED: Question = Question { allowed: 0, volumes: true };
