//! What can happen: the operator's steps, what follows from them by itself, and faults.

use super::problem::{Order, Problem, StepKind};
use super::state::{Address, Nodes, State};
use crate::explore::System;

/// An event.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Action {
    /// The operator begins the step with this number in the plan.
    Begin(u8),
    /// The in-tree service controller stops.
    InTreeStops,
    /// The external one starts.
    ExternalActs,
    /// Its load balancer is ready, with an address: a new one, or the one it found.
    BalancerReady,
    /// The last cache drops an answer with the long time to live.
    LongExpires,
    /// The last cache drops an answer from before the change of the record.
    ShortExpires,
    /// The operator takes the new load balancer's own address off.
    DetachNew,
    /// The operator takes the first address off the old load balancer.
    DetachOld,
    /// The operator puts the first address on the new load balancer.
    Attach,
    /// A node that is going to replace the one of this place joins.
    NodeJoins(u8),
    /// The node of this place that is replaced is gone.
    NodeLeaves(u8),
    /// The node of this place is replaced for another reason.
    NodeReplaced(u8),
    /// The cloud-controller-manager starts anew and gives the load balancer another address.
    ExternalRestarts,
}

/// Why something happens.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum By {
    /// The operator may do it, or not.
    Operator,
    /// It happens, sooner or later.
    Progress,
    /// It may happen at any moment.
    Fault,
}

impl Action {
    /// Why it happens.
    pub fn by(self) -> By {
        match self {
            Action::Begin(_) | Action::DetachNew | Action::DetachOld | Action::Attach => By::Operator,
            Action::NodeReplaced(_) | Action::ExternalRestarts => By::Fault,
            _ => By::Progress,
        }
    }
}

/// A Service as a transition system.
#[derive(Clone, Debug)]
pub struct Traffic<'p> {
    /// What is judged.
    pub problem: &'p Problem,
}

impl System for Traffic<'_> {
    type State = State;
    type Action = Action;

    fn initial(&self) -> Vec<State> {
        vec![State::FIRST]
    }

    fn successors(&self, state: State, out: &mut impl FnMut(Action, State)) {
        self.progress(&state, out);
        self.operator(&state, out);
        self.faults(&state, out);
    }
}

impl Traffic<'_> {
    fn progress(&self, state: &State, out: &mut impl FnMut(Action, State)) {
        if let Some(at) = self.under_way(state, StepKind::Migrate) {
            if state.in_tree {
                let mut next = State { in_tree: false, ..*state };
                next.places.iter_mut().for_each(|place| place.frozen = place.nodes);
                out(Action::InTreeStops, next);
            } else if !state.external {
                out(Action::ExternalActs, State { external: true, ..*state });
            } else {
                let second = if self.problem.adopts() { Address::None } else { Address::New };
                out(Action::BalancerReady, State { ready: true, second, done: state.done | 1 << at, ..*state });
            }
        }
        if state.long {
            out(Action::LongExpires, State { long: false, ..*state });
        }
        if state.short {
            out(Action::ShortExpires, State { short: false, ..*state });
        }
        if let Some(at) = self.under_way(state, StepKind::Rotate) {
            let places = &state.places[..usize::from(self.problem.workers)];
            // One at a time: a new one comes before an old one goes (surge 1, unavailable 0).
            if let Some(place) = places.iter().position(|place| place.nodes == Nodes::Both) {
                let mut next = with(state, place, Nodes::New);
                if places.iter().enumerate().all(|(i, p)| i == place || p.nodes >= Nodes::New) {
                    next.done |= 1 << at;
                }
                out(Action::NodeLeaves(place as u8), next);
            } else {
                self.distinct(
                    state,
                    |nodes| nodes == Nodes::Old,
                    |place| {
                        out(Action::NodeJoins(place), with(state, usize::from(place), Nodes::Both));
                    },
                );
            }
        }
    }

    fn operator(&self, state: &State, out: &mut impl FnMut(Action, State)) {
        for (at, step) in self.problem.steps.iter().enumerate() {
            let earlier = (1 << at) - 1;
            let is_its_turn = self.problem.order == Order::Any || state.done & earlier == earlier;
            if state.begun >> at & 1 == 0 && is_its_turn && self.is_possible(state, step.kind) {
                out(Action::Begin(at as u8), self.begin(state, at, step.kind));
            }
        }
        let Some(at) = self.under_way(state, StepKind::MoveAddress) else { return };
        let other = state.second == Address::New || state.third == Address::New;
        let first = self.problem.takes.new_address_first;
        if other && (first || state.first == Address::Free) {
            let off = |address| if address == Address::New { Address::Free } else { address };
            out(Action::DetachNew, State { second: off(state.second), third: off(state.third), ..*state });
        }
        if state.first == Address::Old && (!first || !other) {
            out(Action::DetachOld, State { first: Address::Free, ..*state });
        }
        if state.first == Address::Free && !other {
            out(Action::Attach, State { first: Address::New, done: state.done | 1 << at, ..*state });
        }
    }

    fn faults(&self, state: &State, out: &mut impl FnMut(Action, State)) {
        let faults = self.problem.faults;
        // While the in-tree controller acts the load balancer follows, and nothing can be told apart.
        if faults.node_replaced && !state.in_tree {
            self.distinct(
                state,
                |nodes| matches!(nodes, Nodes::Old | Nodes::New),
                |place| {
                    let at = usize::from(place);
                    let next = if state.places[at].nodes == Nodes::Old { Nodes::New } else { Nodes::Newer };
                    let mut replaced = with(state, at, next);
                    self.rotated(&mut replaced);
                    out(Action::NodeReplaced(place), replaced);
                },
            );
        }
        let bare = state.first != Address::New && state.second != Address::New && state.third != Address::New;
        if faults.external_restarts && state.ready && bare && state.third == Address::None && !self.problem.adopts() {
            out(Action::ExternalRestarts, State { third: Address::New, ..*state });
        }
    }

    /// Whether a step can be begun at all.
    fn is_possible(&self, state: &State, kind: StepKind) -> bool {
        match kind {
            StepKind::LowerTtl | StepKind::Migrate | StepKind::Upgrade(_) => true,
            // A rotation that comes after the migration is there to finish it.
            StepKind::Rotate => {
                let migrates = self.problem.place(StepKind::Migrate);
                state.ready || migrates.is_none() || migrates > self.problem.place(StepKind::Rotate)
            }
            StepKind::AwaitOldTtl => !state.long,
            StepKind::AwaitCaches => !state.long && !state.short,
            StepKind::MoveRecord | StepKind::MoveAddress => state.ready,
            StepKind::DeleteOld => !state.in_tree && !self.is_moving_address(state),
            StepKind::ReleaseAddresses => !self.is_moving_address(state),
        }
    }

    /// True if the record has its short time to live.
    pub(super) fn is_lowered(&self, state: &State) -> bool {
        self.problem.place(StepKind::LowerTtl).is_some_and(|at| state.is_done(at))
    }

    fn is_moving_address(&self, state: &State) -> bool {
        self.under_way(state, StepKind::MoveAddress).is_some()
    }

    fn begin(&self, state: &State, at: usize, kind: StepKind) -> State {
        let begun = State { begun: state.begun | 1 << at, ..*state };
        let done = State { done: begun.done | 1 << at, ..begun };
        let adopts = self.problem.adopts();
        match kind {
            StepKind::LowerTtl => State { long: state.long || !state.moved, ..done },
            StepKind::AwaitOldTtl | StepKind::AwaitCaches | StepKind::Upgrade(_) => done,
            StepKind::Migrate => begun,
            StepKind::Rotate => {
                let mut next = begun;
                self.rotated(&mut next);
                next
            }
            // What was found keeps its address: there is nothing to move and nothing to delete.
            StepKind::MoveRecord | StepKind::MoveAddress | StepKind::DeleteOld if adopts => done,
            StepKind::MoveRecord if self.is_lowered(state) => State { moved: true, short: true, ..done },
            StepKind::MoveRecord => State { moved: true, long: true, ..done },
            StepKind::MoveAddress => begun,
            StepKind::DeleteOld => {
                let first = if state.first == Address::Old { Address::Free } else { state.first };
                State { old: false, first, ..done }
            }
            StepKind::ReleaseAddresses => {
                let give = |address| if address == Address::Free { Address::Released } else { address };
                State { first: give(state.first), second: give(state.second), third: give(state.third), ..done }
            }
        }
    }

    /// A rotation in which no node is left to replace is complete.
    fn rotated(&self, state: &mut State) {
        let places = &state.places[..usize::from(self.problem.workers)];
        if let Some(at) = self.under_way(state, StepKind::Rotate)
            && places.iter().all(|place| place.nodes >= Nodes::New)
        {
            state.done |= 1 << at;
        }
    }

    /// The number of the step of this kind, if it has begun and is not complete.
    pub(super) fn under_way(&self, state: &State, kind: StepKind) -> Option<usize> {
        self.problem.place(kind).filter(|&at| state.is_under_way(at))
    }

    /// Of places that nothing tells apart the first stands for all: what happens to another leads to the same but for names.
    fn distinct(&self, state: &State, of: impl Fn(Nodes) -> bool, mut out: impl FnMut(u8)) {
        let places = &state.places[..usize::from(self.problem.workers)];
        for (at, place) in places.iter().enumerate() {
            if of(place.nodes) && !places[..at].contains(place) {
                out(at as u8);
            }
        }
    }
}

fn with(state: &State, place: usize, nodes: Nodes) -> State {
    let mut next = *state;
    next.places[place].nodes = nodes;
    next
}
