//! What a complete search says of each state: which controllers are orphaned there, and whether a way back is left.
//!
//! Contract: edges carry [`By`] as their class, and the space they were made from is complete.

use super::moves::{Action, Cluster, Direction, Move};
use super::properties::{acting, is_required};
use super::state::Packed;
use crate::controller::ControllerSet;
use crate::explore::Edges;

/// Who makes a transition, and for the operator in which direction: the class of an edge.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum By {
    /// [`Move::Progress`].
    Progress,
    /// The operator follows the plan.
    Forward,
    /// The operator undoes.
    Back,
    /// [`Move::Fault`].
    Fault,
}

impl By {
    /// Who makes `action`.
    pub fn of(action: Action) -> By {
        match (action.by(), action.direction()) {
            (Move::Progress, _) => By::Progress,
            (Move::Fault, _) => By::Fault,
            (Move::Operator, Some(Direction::Back)) => By::Back,
            (Move::Operator, _) => By::Forward,
        }
    }

    /// True for the class of an edge that the operator does not take.
    pub fn is_not_operator(class: u8) -> bool {
        class == By::Progress as u8 || class == By::Fault as u8
    }
}

/// For each state the controllers that are required there and that no progress lets run again (`covered`).
pub fn orphaned(cluster: &Cluster, states: &[Packed], edges: &Edges) -> Vec<ControllerSet> {
    let required = cluster.problem.required.union(cluster.problem.required_at_end);
    let mut orphaned = vec![ControllerSet::EMPTY; states.len()];
    for controller in required.iter() {
        let goal: Vec<bool> = states.iter().map(|&s| acting(cluster, s).contains(controller)).collect();
        let can = edges.backward(&goal, |_, by| by == By::Progress as u8);
        for (at, can) in can.into_iter().enumerate() {
            if !can && is_required(cluster, states[at], controller) {
                orphaned[at] = orphaned[at].with(controller);
            }
        }
    }
    orphaned
}

/// A game of the operator against everything else: for each state whether moves of the operator, and progress he may wait
/// for, lead to a goal, whatever else happens on the way.
///
/// A state is lost if anything but the operator may lead from it to a harmful one. It is winning if moves of the operator
/// and progress lead from it to a goal through states that are not lost. What may lead out of the winning states by itself
/// is lost too, and so on until nothing changes: then nothing but the operator leaves the winning states, and from each of
/// them he plans anew (strong cyclic planning: A. Cimatti, M. Pistore, M. Roveri, P. Traverso, Weak, strong, and strong
/// cyclic planning via symbolic model checking, 2003). So a state that is winning has a safe way to the goal even if faults
/// come on the way, as long as they do not come for ever.
///
/// `harmful` and `goal` have one entry for each state.
pub fn winning(edges: &Edges, harmful: &[bool], goal: &[bool]) -> Vec<bool> {
    let mut lost = edges.backward(harmful, |_, by| By::is_not_operator(by));
    loop {
        let safe_goal: Vec<bool> = goal.iter().zip(&lost).map(|(&goal, &lost)| goal && !lost).collect();
        let winning = edges.backward(&safe_goal, |from, by| !lost[from] && by != By::Fault as u8);
        let others: Vec<bool> = winning.iter().map(|wins| !wins).collect();
        lost = edges.backward(&others, |_, by| By::is_not_operator(by));
        if lost == others {
            return winning;
        }
    }
}
