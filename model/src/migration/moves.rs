//! What can happen next in a state: progress, the operator, faults, in this order, so that among the shortest
//! counterexamples the one with the fewest faults is found first.

use super::problem::{Fault, PoolMode, Problem, Rollback, Unfit};
use super::process::{Access, Behaviour, LeaseIx, Process, Second};
use super::state::{Layout, Packed, Place, Side, Stage};
use crate::controller::ControllerSet;
use crate::explore::System;

/// A problem laid out for search: the transition system of the migration.
#[derive(Clone, Debug)]
pub struct Cluster<'p> {
    /// What is searched.
    pub problem: &'p Problem,
    /// Where everything is in a state.
    pub layout: Layout,
    /// `modes[step][pool]`
    modes: Vec<Vec<PoolMode>>,
}

/// One thing that happens.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Action {
    /// A configured process starts.
    Start(Place),
    /// A process takes its main lease.
    AcquireMain(Place),
    /// A process that leads takes the migration lease.
    AcquireMigration(Place),
    /// A process that lost a lease, or refuses to run, exits.
    Exit(Place),
    /// A step that changes everything at once.
    Apply(Direction),
    /// A step reaches one place: its process is replaced.
    Edit(Direction, Place),
    /// A step reaches one slot in place: all its processes are replaced.
    ReplaceSlot(Direction, Place),
    /// An empty slot is filled. The place is its first.
    AddSlot(Direction, Place),
    /// A slot is emptied.
    RemoveSlot(Direction, Place),
    /// A process crashes, is killed, or loses a lease and exits.
    Crash(Place),
    /// Somebody deletes a lease.
    DeleteLease(LeaseIx),
}

/// Whether the operator follows the plan or undoes it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Direction {
    /// As the plan says.
    Forward,
    /// The way back.
    Back,
}

/// Who makes a move.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Move {
    /// Happens eventually, if it stays possible.
    Progress,
    /// The operator may do it, and may stop for good before it.
    Operator,
    /// May happen or not.
    Fault,
}

impl Action {
    /// Who makes this move.
    pub fn by(self) -> Move {
        match self {
            Action::Start(_) | Action::AcquireMain(_) | Action::AcquireMigration(_) | Action::Exit(_) => Move::Progress,
            Action::Apply(_)
            | Action::Edit(..)
            | Action::ReplaceSlot(..)
            | Action::AddSlot(..)
            | Action::RemoveSlot(..) => Move::Operator,
            Action::Crash(_) | Action::DeleteLease(_) => Move::Fault,
        }
    }
}

impl System for Cluster<'_> {
    type State = Packed;
    type Action = Action;

    /// The cluster before the plan, settled: every process is up, the first of each kind leads.
    fn initial(&self) -> Vec<Packed> {
        let mut state = 0;
        for (at, place) in self.layout.places().iter().enumerate() {
            let pool = &self.problem.pools[usize::from(place.pool)];
            let side = if place.slot < pool.size { Side::Old } else { Side::Absent };
            state = self.layout.with_side(state, at, side);
        }
        loop {
            let mut next = None;
            self.progress(state, &mut |action, successor| {
                let settles = !matches!(action, Action::Exit(_));
                if settles && next.is_none() {
                    next = Some(successor);
                }
            });
            match next {
                Some(successor) => state = successor,
                None => return vec![state],
            }
        }
    }

    fn successors(&self, state: Packed, out: &mut impl FnMut(Action, Packed)) {
        self.progress(state, out);
        self.operate(state, Direction::Forward, out);
        if self.problem.rollback == Rollback::Anywhere {
            self.operate(state, Direction::Back, out);
        }
        self.faults(state, out);
    }

    fn canonical(&self, state: Packed) -> Packed {
        self.layout.canonical(state)
    }
}

impl<'p> Cluster<'p> {
    /// Lays out `problem`.
    ///
    /// # Errors
    /// If its states do not fit.
    pub fn new(problem: &'p Problem) -> Result<Cluster<'p>, Unfit> {
        let layout = Layout::new(problem)?;
        let modes = (0..problem.steps.len())
            .map(|step| (0..problem.pools.len()).map(|pool| problem.pool_mode(step, pool)).collect())
            .collect();
        Ok(Cluster { problem, layout, modes })
    }

    /// What the process at place index `at` runs in `state`.
    pub fn acting(&self, state: Packed, at: usize) -> ControllerSet {
        let stage = self.layout.stage(state, at);
        if matches!(stage, Stage::Down | Stage::Standby | Stage::Refusing | Stage::Flapping) {
            return ControllerSet::EMPTY;
        }
        match self.behaviour(state, at) {
            Some(Behaviour::Unlocked(set)) => set,
            Some(Behaviour::Elects { main_set, migration, .. }) => match stage {
                Stage::Leading | Stage::LeadingStale => main_set,
                _ => main_set.union(migration.filter(|m| !m.dies).map_or(ControllerSet::EMPTY, |m| m.set)),
            },
            _ => ControllerSet::EMPTY,
        }
    }

    /// The place index that holds `lease` in `state`.
    pub fn holder(&self, state: Packed, lease: LeaseIx) -> Option<usize> {
        (0..self.layout.places().len()).find(|&at| {
            let stage = self.layout.stage(state, at);
            stage.holds_main() && self.main(state, at).is_some_and(|(main, _)| main == lease)
                || stage.holds_migration() && self.second(state, at).is_some_and(|second| second.lease == lease)
        })
    }

    /// True in the states in which the step at the position has not begun, or every step is complete.
    pub fn at_rest(&self, state: Packed) -> bool {
        (0..self.layout.places().len()).all(|at| self.layout.side(state, at) != Side::New)
            && (0..self.problem.pools.len()).all(|pool| self.present(state, pool) == self.problem.pools[pool].size)
    }

    /// True if the process at place index `at` refuses to run: at its start, or once it has taken a lease.
    pub fn refuses(&self, state: Packed, at: usize) -> bool {
        matches!(self.layout.stage(state, at), Stage::Refusing | Stage::Flapping) || self.is_dying(state, at)
    }

    fn is_dying(&self, state: Packed, at: usize) -> bool {
        self.layout.stage(state, at).holds_migration() && self.second(state, at).is_some_and(|second| second.dies)
    }

    fn behaviour(&self, state: Packed, at: usize) -> Option<Behaviour> {
        self.layout.process(self.problem, state, at).map(|process: &Process| process.behaviour)
    }

    fn main(&self, state: Packed, at: usize) -> Option<(LeaseIx, Access)> {
        match self.behaviour(state, at)? {
            Behaviour::Elects { main, access, .. } | Behaviour::RefusesAfter { main, access } => Some((main, access)),
            _ => None,
        }
    }

    fn second(&self, state: Packed, at: usize) -> Option<Second> {
        match self.behaviour(state, at)? {
            Behaviour::Elects { migration, .. } => migration,
            _ => None,
        }
    }

    fn progress(&self, state: Packed, out: &mut impl FnMut(Action, Packed)) {
        for (at, &place) in self.layout.places().iter().enumerate() {
            let Some(behaviour) = self.behaviour(state, at) else { continue };
            let to = |stage| self.layout.with_stage(state, at, stage);
            match self.layout.stage(state, at) {
                Stage::Down | Stage::Refusing => {
                    let stage = match behaviour {
                        Behaviour::RefusesAtStart => Stage::Refusing,
                        Behaviour::Unlocked(_) => Stage::Unlocked,
                        Behaviour::Elects { .. } | Behaviour::RefusesAfter { .. } => Stage::Standby,
                    };
                    if to(stage) != state {
                        out(Action::Start(place), to(stage));
                    }
                }
                Stage::Standby => {
                    let Some((main, access)) = self.main(state, at) else { continue };
                    let leads = match behaviour {
                        Behaviour::RefusesAfter { .. } => Stage::Flapping,
                        _ => Stage::Leading,
                    };
                    if self.may_take(state, main, access) && self.holder(state, main).is_none() {
                        out(Action::AcquireMain(place), self.layout.with_exists(to(leads), main, true));
                    }
                }
                Stage::Leading => {
                    if let Some(second) = self.second(state, at)
                        && self.may_take(state, second.lease, second.access)
                        && self.holder(state, second.lease).is_none_or(|holder| holder == at)
                    {
                        out(
                            Action::AcquireMigration(place),
                            self.layout.with_exists(to(Stage::Both), second.lease, true),
                        );
                    }
                    self.lose_what_cannot_be_renewed(state, at, out);
                }
                Stage::Both if self.is_dying(state, at) => out(Action::Exit(place), to(Stage::Down)),
                Stage::Both => self.lose_what_cannot_be_renewed(state, at, out),
                Stage::Flapping
                | Stage::LeadingStale
                | Stage::BothMainLost
                | Stage::BothMigrationLost
                | Stage::BothLost => out(Action::Exit(place), to(Stage::Down)),
                Stage::Unlocked => {}
            }
        }
    }

    fn may_take(&self, state: Packed, lease: LeaseIx, access: Access) -> bool {
        access.hold && (access.create || self.layout.exists(state, lease))
    }

    /// A process whose right on a lease it holds was withdrawn fails to renew, and exits.
    fn lose_what_cannot_be_renewed(&self, state: Packed, at: usize, out: &mut impl FnMut(Action, Packed)) {
        let stage = self.layout.stage(state, at);
        let main_lost = self.main(state, at).is_some_and(|(_, access)| !access.hold);
        let migration_lost =
            stage.holds_migration() && self.second(state, at).is_some_and(|second| !second.access.hold);
        if main_lost || migration_lost {
            out(Action::Exit(self.layout.places()[at]), self.layout.with_stage(state, at, Stage::Down));
        }
    }

    fn faults(&self, state: Packed, out: &mut impl FnMut(Action, Packed)) {
        for &fault in &self.problem.faults {
            match fault {
                Fault::Crash => {
                    for (at, &place) in self.layout.places().iter().enumerate() {
                        if !matches!(self.layout.stage(state, at), Stage::Down | Stage::Refusing) {
                            out(Action::Crash(place), self.layout.with_stage(state, at, Stage::Down));
                        }
                    }
                }
                Fault::LeaseDeleted => {
                    for lease in 0..self.problem.leases.len() as LeaseIx {
                        if self.layout.exists(state, lease) {
                            out(Action::DeleteLease(lease), self.without_lease(state, lease));
                        }
                    }
                }
            }
        }
    }

    /// The lease's object is gone; its holder does not know yet.
    fn without_lease(&self, state: Packed, lease: LeaseIx) -> Packed {
        let mut next = self.layout.with_exists(state, lease, false);
        if let Some(at) = self.holder(state, lease) {
            let is_main = self.main(state, at).is_some_and(|(main, _)| main == lease);
            let is_migration = self.second(state, at).is_some_and(|second| second.lease == lease);
            let stage = match self.layout.stage(state, at) {
                Stage::Leading => Stage::LeadingStale,
                Stage::Both if is_main && is_migration => Stage::BothLost,
                Stage::Both if is_main => Stage::BothMainLost,
                Stage::Both => Stage::BothMigrationLost,
                Stage::BothMainLost | Stage::BothMigrationLost => Stage::BothLost,
                Stage::Flapping => Stage::Down,
                other => unreachable!("{other:?} holds no lease"),
            };
            next = self.layout.with_stage(next, at, stage);
        }
        next
    }

    fn operate(&self, state: Packed, direction: Direction, out: &mut impl FnMut(Action, Packed)) {
        let mut state = state;
        let mut position = self.layout.position(state);
        if direction == Direction::Back && self.at_rest(state) {
            // Going back from rest takes up the step before, which is complete everywhere.
            let Some(previous) = position.checked_sub(1) else { return };
            position = previous;
            state = self.with_sides(self.layout.with_position(state, previous), Side::New);
        }
        if position == self.problem.last_position() {
            return;
        }
        let step = usize::from(position);
        if self.modes[step].iter().all(|&mode| mode == PoolMode::Untouched) {
            let reached = position + u8::from(direction == Direction::Forward);
            return out(Action::Apply(direction), self.layout.with_position(state, reached));
        }
        let (from, to) = match direction {
            Direction::Forward => (Side::Old, Side::New),
            Direction::Back => (Side::New, Side::Old),
        };
        for pool in 0..self.problem.pools.len() {
            let places = || self.layout.places().iter().copied().filter(move |p| usize::from(p.pool) == pool);
            let slots = || places().filter(|p| p.component == 0);
            let side = |place: Place| self.layout.side(state, self.layout.index(place));
            match self.modes[step][pool] {
                PoolMode::Untouched => {}
                PoolMode::Places => {
                    for place in places().filter(|&p| side(p) == from && self.takes_part(step, p)) {
                        let at = self.layout.index(place);
                        let next = self.layout.with_side(self.layout.with_stage(state, at, Stage::Down), at, to);
                        out(Action::Edit(direction, place), self.completed(next));
                    }
                }
                PoolMode::Slots => {
                    for place in slots().filter(|&p| side(p) == from) {
                        out(Action::ReplaceSlot(direction, place), self.completed(self.with_slot(state, place, to)));
                    }
                }
                PoolMode::Surge if self.present(state, pool) > self.problem.pools[pool].size => {
                    for place in slots().filter(|&p| side(p) == from) {
                        let next = self.with_slot(state, place, Side::Absent);
                        out(Action::RemoveSlot(direction, place), self.completed(next));
                    }
                }
                PoolMode::Surge if slots().any(|p| side(p) == from) => {
                    for place in slots().filter(|&p| side(p) == Side::Absent) {
                        out(Action::AddSlot(direction, place), self.completed(self.with_slot(state, place, to)));
                    }
                }
                PoolMode::Surge => {}
            }
        }
    }

    /// True if `step` changes what runs at `place`.
    fn takes_part(&self, step: usize, place: Place) -> bool {
        let runs = &self.problem.pools[usize::from(place.pool)].runs;
        let component = usize::from(place.component);
        match self.modes[step][usize::from(place.pool)] {
            PoolMode::Untouched => false,
            PoolMode::Places => runs[step][component] != runs[step + 1][component],
            PoolMode::Slots | PoolMode::Surge => true,
        }
    }

    /// How many slots of a pool are filled.
    fn present(&self, state: Packed, pool: usize) -> u8 {
        let slots = self.layout.places().iter().filter(|p| usize::from(p.pool) == pool && p.component == 0);
        slots.filter(|&&p| self.layout.side(state, self.layout.index(p)) != Side::Absent).count() as u8
    }

    /// All places of a slot on another side, nothing running.
    fn with_slot(&self, state: Packed, place: Place, side: Side) -> Packed {
        let first = self.layout.index(place);
        let components = self.problem.pools[usize::from(place.pool)].components.len();
        (first..first + components)
            .fold(state, |state, at| self.layout.with_side(self.layout.with_stage(state, at, Stage::Down), at, side))
    }

    /// Every filled place that takes part in the step under way on `side`; the others on the old side, so that a state has
    /// one form.
    fn with_sides(&self, state: Packed, side: Side) -> Packed {
        let step = usize::from(self.layout.position(state));
        self.layout.places().iter().enumerate().fold(state, |state, (at, &place)| match self.layout.side(state, at) {
            Side::Absent => state,
            _ if side == Side::New && self.takes_part(step, place) => self.layout.with_side(state, at, Side::New),
            _ => self.layout.with_side(state, at, Side::Old),
        })
    }

    /// If the step under way is complete everywhere, the state at rest at the next position; else the state itself.
    fn completed(&self, state: Packed) -> Packed {
        let position = self.layout.position(state);
        let step = usize::from(position);
        let complete = self
            .layout
            .places()
            .iter()
            .enumerate()
            .all(|(at, &place)| !self.takes_part(step, place) || self.layout.side(state, at) != Side::Old)
            && (0..self.problem.pools.len()).all(|pool| self.present(state, pool) == self.problem.pools[pool].size);
        if complete {
            let rested = self.with_sides(state, Side::Old);
            self.layout.with_position(rested, position + 1)
        } else {
            state
        }
    }
}
