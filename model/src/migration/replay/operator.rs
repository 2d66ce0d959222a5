//! The interpreter's own account of what an operator's move changes.

use super::{Spot, World};
use crate::migration::moves::{Action, Direction};
use crate::migration::problem::{Mode, Pool, Update};
use crate::migration::state::Place;

/// How a step reaches a pool.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum How {
    Everywhere,
    PlaceByPlace,
    SlotBySlot,
    NewBeforeOld,
}

impl World<'_> {
    /// The operator's moves.
    pub(super) fn operate(&mut self, action: Action) -> Result<(), &'static str> {
        let direction = match action {
            Action::Apply(d)
            | Action::Edit(d, _)
            | Action::Cordon(d, _)
            | Action::ReplaceSlot(d, _)
            | Action::AddSlot(d, _)
            | Action::RemoveSlot(d, _) => d,
            _ => return Err("no move of the operator"),
        };
        if direction == Direction::Back && self.at_rest() {
            self.position = self.position.checked_sub(1).ok_or("there is nothing to undo")?;
            for at in 0..self.places.len() {
                if self.takes_part(self.places[at].place) {
                    self.places[at].taken = self.places[at].taken.map(|_| true);
                }
            }
        }
        if self.position == self.problem.steps.len() {
            return Err("the plan is complete");
        }
        let from = direction == Direction::Back;
        let everywhere = !self.places().any(|place| self.takes_part(place));
        match action {
            Action::Apply(_) if everywhere => self.position += usize::from(direction == Direction::Forward),
            Action::Edit(_, place) if self.how(place) == How::PlaceByPlace && self.gets_another_process(place) => {
                self.change(&[place], Some(from), Some(!from))?;
            }
            Action::Cordon(_, place)
                if self.how(place) == How::PlaceByPlace
                    && self.takes_part(place)
                    && !self.gets_another_process(place) =>
            {
                if self.spot(place).taken != Some(from) {
                    return Err("the node is as the step wants it");
                }
                self.spot_mut(place).taken = Some(!from);
            }
            Action::ReplaceSlot(_, place) if self.how(place) == How::SlotBySlot => {
                self.change(&self.slot(place), Some(from), Some(!from))?;
            }
            Action::AddSlot(_, place) if self.how(place) == How::NewBeforeOld && self.surplus(place) == 0 => {
                if !self.places.iter().any(|s| s.place.pool == place.pool && s.taken == Some(from)) {
                    return Err("nothing is left to replace");
                }
                self.change(&self.slot(place), None, Some(!from))?;
            }
            Action::RemoveSlot(_, place) if self.how(place) == How::NewBeforeOld && self.surplus(place) > 0 => {
                self.change(&self.slot(place), Some(from), None)?;
            }
            _ => return Err("the step does not work that way, or not now"),
        }
        if !everywhere && self.every_pool_has_its_size() {
            let left = self.places.iter().any(|s| s.taken == Some(false) && self.takes_part(s.place));
            if !left {
                self.position += 1;
                self.places.iter_mut().for_each(|s| s.taken = s.taken.map(|_| false));
            }
        }
        self.follow_changed_rights();
        Ok(())
    }

    fn change(&mut self, places: &[Place], from: Option<bool>, to: Option<bool>) -> Result<(), &'static str> {
        for &place in places {
            if self.spot(place).taken != from {
                return Err("the step is not due there");
            }
            self.stop(place);
            self.spot_mut(place).taken = to;
            self.make_pod(place);
        }
        Ok(())
    }

    /// Rights change without a restart: a process goes on as what is configured at its place now.
    fn follow_changed_rights(&mut self) {
        let configured: Vec<_> = self.places.iter().map(|s| self.configured(s.place)).collect();
        for (spot, process) in self.places.iter_mut().zip(configured) {
            if let (Some(running), Some(process)) = (&mut spot.running, process) {
                running.process = process;
            }
        }
    }

    /// How the step under way changes the pool of `place`.
    fn how(&self, place: Place) -> How {
        let pool = &self.problem.pools[usize::from(place.pool)];
        let (now, next) = (&pool.runs[self.position], &pool.runs[self.position + 1]);
        let replaces_a_process = (0..now.len()).any(|i| now[i] != next[i] && now[i].is_some() && next[i].is_some());
        let new_before_old = pool.spare > 0 && replaces_a_process;
        match self.problem.steps[self.position].mode {
            Mode::AtOnce => How::Everywhere,
            _ if now == next && !self.cordons_or_uncordons(pool) => How::Everywhere,
            Mode::Edit if pool.update == Update::Surge && new_before_old => How::NewBeforeOld,
            Mode::Edit => How::PlaceByPlace,
            Mode::Replace { surge } if surge && new_before_old => How::NewBeforeOld,
            Mode::Replace { .. } => How::SlotBySlot,
        }
    }

    /// True if the step under way changes something at `place`.
    fn takes_part(&self, place: Place) -> bool {
        let pool = &self.problem.pools[usize::from(place.pool)];
        match self.how(place) {
            How::Everywhere => false,
            How::PlaceByPlace if place.component == 0 && self.cordons_or_uncordons(pool) => true,
            How::PlaceByPlace => self.gets_another_process(place),
            How::SlotBySlot | How::NewBeforeOld => true,
        }
    }

    /// True if the step under way configures another process at `place`.
    fn gets_another_process(&self, place: Place) -> bool {
        let runs = &self.problem.pools[usize::from(place.pool)].runs;
        let component = usize::from(place.component);
        runs[self.position][component] != runs[self.position + 1][component]
    }

    fn cordons_or_uncordons(&self, pool: &Pool) -> bool {
        let cordoned = |position: usize| pool.cordoned.get(position).copied().unwrap_or(false);
        cordoned(self.position) != cordoned(self.position + 1)
    }

    fn at_rest(&self) -> bool {
        self.every_pool_has_its_size() && self.places.iter().all(|s| s.taken != Some(true))
    }

    fn every_pool_has_its_size(&self) -> bool {
        (0..self.problem.pools.len()).all(|i| self.filled(i) == usize::from(self.problem.pools[i].size))
    }

    fn filled(&self, pool: usize) -> usize {
        let first = |s: &&Spot| usize::from(s.place.pool) == pool && s.place.component == 0 && s.taken.is_some();
        self.places.iter().filter(first).count()
    }

    /// Slots of the place's pool that are filled beyond its size.
    fn surplus(&self, place: Place) -> usize {
        let pool = usize::from(place.pool);
        self.filled(pool) - usize::from(self.problem.pools[pool].size)
    }

    fn slot(&self, place: Place) -> Vec<Place> {
        let same = |p: &Place| p.pool == place.pool && p.slot == place.slot;
        self.places().filter(same).collect()
    }
}
