//! Whether any order of the steps avoids an outage: a game of the operator against everything else.
//!
//! He may carry his steps out in any order, several at a time, and wait as long as he likes. Against him are what happens by
//! itself, in any order, and faults. He wins from a state if he can complete every step without an outage that is not allowed.

use super::moves::{Action, By, Traffic};
use super::problem::{Client, Order, Problem, StepKind};
use super::reach::{Lack, Reach, worst};
use super::state::{Address, State};
use crate::explore::{End, Options, Space, System, explore};

/// Every state of every order, and where the operator still wins.
pub struct Orders<'p> {
    problem: &'p Problem,
    allowed: i64,
    space: Space<Traffic<'p>>,
    wins: Vec<bool>,
}

/// Where the last chance goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LastChance {
    /// Every order of the plan's steps avoids it from everywhere: nothing is lost.
    Never,
    /// There is no order that avoids it, not even at the beginning.
    Beginning,
    /// It is gone once this step of the plan has begun, at the latest when it is complete.
    Step(usize),
    /// The search was cut short.
    Unknown,
}

impl<'p> Orders<'p> {
    /// Searches. `problem` must have [`Order::Any`]; `allowed`: the longest outage that does no harm, in milliseconds.
    pub fn new(problem: &'p Problem, allowed: i64, options: &Options<'_>) -> Orders<'p> {
        debug_assert_eq!(problem.order, Order::Any);
        let traffic = Traffic { problem };
        let space = explore(&traffic, options, |_| false);
        let wins = wins(&traffic, &space, allowed);
        Orders { problem, allowed, space, wins }
    }

    /// True if every state was visited.
    pub fn complete(&self) -> bool {
        self.space.end() == End::Complete
    }

    /// Distinct states.
    pub fn states(&self) -> usize {
        self.space.states().len()
    }

    /// True if the operator can still avoid it from this state.
    pub fn wins(&self, state: State) -> bool {
        self.space.index_of(state).is_some_and(|at| self.wins[at])
    }

    /// True if some order leads to an outage that is not allowed.
    pub fn some_order_fails(&self) -> bool {
        self.space.states().iter().any(|state| is_bad(self.problem, self.allowed, state))
    }

    /// Where the last chance goes when the plan is carried out as it is written.
    pub fn last_chance(&self, plan: &Space<Traffic<'_>>) -> LastChance {
        if !self.complete() || plan.end() != End::Complete {
            return LastChance::Unknown;
        }
        if !self.wins(State::FIRST) {
            return LastChance::Beginning;
        }
        let lost = plan.states().iter().filter(|state| !self.wins(**state));
        // In the plan's order the last step that has begun has the highest number.
        let step = lost.map(|state| (16 - state.begun.leading_zeros()) as usize).min();
        step.map_or(LastChance::Never, |begun| LastChance::Step(begun.saturating_sub(1)))
    }

    /// An order that avoids it, with `true` before each step that has to wait for caches; none if there is none.
    pub fn safe(&self) -> Option<Vec<(bool, usize)>> {
        if !self.complete() || !self.wins(State::FIRST) {
            return None;
        }
        let traffic = Traffic { problem: self.problem };
        let mut order = Vec::new();
        let (mut state, mut waited) = (State::FIRST, false);
        loop {
            let mut next = None;
            traffic.successors(state, &mut |action, successor| {
                // Everything that happens by itself first; then the first step in the plan's order that keeps the chance.
                if next.is_none() && action.by() != By::Fault && self.wins(successor) {
                    next = Some((action, successor));
                }
            });
            let Some((action, successor)) = next else { return Some(order) };
            match action {
                Action::LongExpires | Action::ShortExpires => waited = true,
                Action::Begin(at) => {
                    let kind = self.problem.steps[usize::from(at)].kind;
                    if !matches!(kind, StepKind::AwaitOldTtl | StepKind::AwaitCaches) {
                        order.push((waited, usize::from(at)));
                        waited = false;
                    }
                }
                _ => {}
            }
            state = successor;
        }
    }
}

/// True if connections fail that must not: an outage that is over within the limit by itself is allowed.
fn is_bad(problem: &Problem, allowed: i64, state: &State) -> bool {
    let (reach, lack) = worst(problem, state);
    if reach == Reach::All {
        return false;
    }
    let takes = problem.takes;
    let traffic = Traffic { problem };
    let is_cached = problem.clients == [Client::Dns] && state.moved && state.second == Address::New;
    let moving = traffic.under_way(state, StepKind::MoveAddress).is_some();
    let within = match lack {
        _ if is_cached => takes.propagation + if state.long { takes.ttl } else { takes.lowered },
        Some(Lack::Detached) if moving && takes.new_address_first && !problem.faults.external_restarts => takes.address,
        Some(Lack::Detached) if moving => 2 * takes.address + takes.reaction,
        Some(Lack::Members) if problem.adopts() && !state.ready => 2 * takes.control_plane,
        _ => i64::MAX,
    };
    within > allowed
}

/// The least solution: a state wins if nothing fails in it, whatever happens by itself and every fault leads to a state that
/// wins, and it is the end, or something happens by itself, or a move of the operator leads to a state that wins.
fn wins(traffic: &Traffic<'_>, space: &Space<Traffic<'_>>, allowed: i64) -> Vec<bool> {
    let states = space.states();
    let end = (1u16 << traffic.problem.steps.len()) - 1;
    let mut wins = vec![false; states.len()];
    let successors: Vec<Vec<(By, u32)>> = states
        .iter()
        .map(|&state| {
            let mut found = Vec::new();
            traffic.successors(state, &mut |action, next| {
                found.push((action.by(), space.index_of(next).map_or(u32::MAX, |at| at as u32)));
            });
            found
        })
        .collect();
    let is_bad: Vec<bool> = states.iter().map(|state| is_bad(traffic.problem, allowed, state)).collect();
    loop {
        let mut changed = false;
        // Backward: almost every state comes after those that lead to it.
        for at in (0..states.len()).rev().filter(|&at| !is_bad[at]) {
            if wins[at] {
                continue;
            }
            let won = |&(_, next): &(By, u32)| next != u32::MAX && wins[next as usize];
            let of = |by| successors[at].iter().filter(move |(b, _)| *b == by);
            let environment = of(By::Progress).chain(of(By::Fault)).all(won);
            let goes_on = of(By::Progress).next().is_some() || of(By::Operator).any(won) || states[at].done == end;
            wins[at] = environment && goes_on;
            changed |= wins[at];
        }
        if !changed {
            return wins;
        }
    }
}
