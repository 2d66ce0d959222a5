//! What the operator does: the steps of the plan, forward and back.

use super::{Action, Cluster, Direction};
use crate::migration::problem::PoolMode;
use crate::migration::state::{Packed, Place, Side};

impl Cluster {
    /// What the operator can do in `state`: each action with the state after it.
    pub fn operate(&self, state: Packed, direction: Direction, out: &mut impl FnMut(Action, Packed)) {
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
                        if self.replaces_process(step, place) {
                            out(Action::Edit(direction, place), self.completed(self.renewed(state, at, to)));
                        } else {
                            let next = self.layout.with_side(state, at, to);
                            out(Action::Cordon(direction, place), self.completed(next));
                        }
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
        let pool = &self.problem.pools[usize::from(place.pool)];
        match self.modes[step][usize::from(place.pool)] {
            PoolMode::Untouched => false,
            PoolMode::Places => self.replaces_process(step, place) || place.component == 0 && pool.changes_cordon(step),
            PoolMode::Slots | PoolMode::Surge => true,
        }
    }

    /// True if `step` changes what is configured at `place`.
    fn replaces_process(&self, step: usize, place: Place) -> bool {
        let (runs, component) = (&self.problem.pools[usize::from(place.pool)].runs, usize::from(place.component));
        runs[step][component] != runs[step + 1][component]
    }

    /// How many slots of a pool are filled.
    pub(super) fn present(&self, state: Packed, pool: usize) -> u8 {
        let slots = self.layout.places().iter().filter(|p| usize::from(p.pool) == pool && p.component == 0);
        slots.filter(|&&p| self.layout.side(state, self.layout.index(p)) != Side::Absent).count() as u8
    }

    /// All places of a slot on another side, nothing running.
    fn with_slot(&self, state: Packed, place: Place, side: Side) -> Packed {
        let first = self.layout.index(place);
        let components = self.problem.pools[usize::from(place.pool)].components.len();
        (first..first + components).fold(state, |state, at| self.renewed(state, at, side))
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
