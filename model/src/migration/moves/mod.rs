//! What can happen next in a state: progress, the operator, faults, in this order, so that among the shortest
//! counterexamples the one with the fewest faults is found first.

mod operator;
mod placement;
mod progress;

use super::problem::{PoolMode, Problem, Rollback, Unfit};
use super::process::{Access, Behaviour, LeaseIx, Process, Second};
use super::state::{Layout, Packed, Place, Side, Stage};
use crate::controller::ControllerSet;
use crate::explore::System;

/// A problem laid out for search: the transition system of the migration.
#[derive(Clone, Debug)]
pub struct Cluster {
    /// What is searched.
    pub problem: Problem,
    /// Where everything is in a state.
    pub layout: Layout,
    /// `modes[step][pool]`
    modes: Vec<Vec<PoolMode>>,
    /// The leases that everybody who may hold them may also create. Whether such a lease exists while nobody holds it
    /// enables nothing but its deletion, which changes nothing else.
    taken_to_exist: Packed,
}

/// One thing that happens.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Action {
    /// A node is found for a new pod.
    Schedule(Place),
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
    /// A step reaches one node and changes nothing but whether it is cordoned. The place is its first.
    Cordon(Direction, Place),
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
    /// A process takes its main lease while its holder still acts.
    OvertakeMain(Place),
    /// A process that leads takes the migration lease while its holder still acts.
    OvertakeMigration(Place),
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
            Action::Schedule(_)
            | Action::Start(_)
            | Action::AcquireMain(_)
            | Action::AcquireMigration(_)
            | Action::Exit(_) => Move::Progress,
            Action::Apply(_)
            | Action::Edit(..)
            | Action::Cordon(..)
            | Action::ReplaceSlot(..)
            | Action::AddSlot(..)
            | Action::RemoveSlot(..) => Move::Operator,
            Action::Crash(_) | Action::DeleteLease(_) | Action::OvertakeMain(_) | Action::OvertakeMigration(_) => {
                Move::Fault
            }
        }
    }
}

impl Action {
    /// Where it happens, for slots their first place; `None` for what happens to all places or to none.
    pub fn place(self) -> Option<Place> {
        match self {
            Action::Schedule(place)
            | Action::Start(place)
            | Action::AcquireMain(place)
            | Action::AcquireMigration(place)
            | Action::Exit(place)
            | Action::Crash(place)
            | Action::OvertakeMain(place)
            | Action::OvertakeMigration(place)
            | Action::Edit(_, place)
            | Action::Cordon(_, place)
            | Action::ReplaceSlot(_, place)
            | Action::AddSlot(_, place)
            | Action::RemoveSlot(_, place) => Some(place),
            Action::Apply(_) | Action::DeleteLease(_) => None,
        }
    }

    /// Which way the operator goes; `None` for moves that are not his.
    pub fn direction(self) -> Option<Direction> {
        match self {
            Action::Apply(direction)
            | Action::Edit(direction, _)
            | Action::Cordon(direction, _)
            | Action::ReplaceSlot(direction, _)
            | Action::AddSlot(direction, _)
            | Action::RemoveSlot(direction, _) => Some(direction),
            _ => {
                debug_assert!(self.by() != Move::Operator, "{self:?} goes some way");
                None
            }
        }
    }
}

impl System for Cluster {
    type State = Packed;
    type Action = Action;

    /// The cluster before the plan, settled: every process is up, the first of each kind leads.
    fn initial(&self) -> Vec<Packed> {
        let mut state = 0;
        for (at, place) in self.layout.places().iter().enumerate() {
            let pool = &self.problem.pools[usize::from(place.pool)];
            let side = if place.slot < pool.size { Side::Old } else { Side::Absent };
            state = self.renewed(state, at, side);
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

    /// The representative of the states that differ only in which of equal slots is which and in whether a lease exists
    /// that nobody needs to exist.
    fn canonical(&self, state: Packed) -> Packed {
        self.layout.canonical(state | self.taken_to_exist)
    }
}

impl Cluster {
    /// Lays out `problem`.
    ///
    /// # Errors
    /// If its states do not fit.
    pub fn new(problem: &Problem) -> Result<Cluster, Unfit> {
        let layout = Layout::new(problem)?;
        let modes = (0..problem.steps.len())
            .map(|step| (0..problem.pools.len()).map(|pool| problem.pool_mode(step, pool)).collect())
            .collect();
        // Whoever holds a lease must be known by what is configured, so that no lease is held that does not exist.
        let leases = if problem.changes_only_rights_at_once() { problem.leases.len() } else { 0 };
        let taken_to_exist = (0..leases as LeaseIx)
            .filter(|&lease| problem.processes.iter().all(|process| process.needs_no(lease)))
            .fold(0, |bits, lease| layout.with_exists(bits, lease, true));
        Ok(Cluster { problem: problem.clone(), layout, modes, taken_to_exist })
    }

    /// What the process at place index `at` runs in `state`.
    pub fn acting(&self, state: Packed, at: usize) -> ControllerSet {
        let stage = self.layout.stage(state, at);
        if matches!(stage, Stage::Pending | Stage::Down | Stage::Standby | Stage::Refusing | Stage::Flapping) {
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
        self.layout.process(&self.problem, state, at).map(|process: &Process| process.behaviour)
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
}
