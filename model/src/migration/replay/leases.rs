//! Leases in plain words: who contends for which, who takes one, who has to give one up.

use super::{Lease, World};
use crate::migration::moves::Action;
use crate::migration::problem::Overtake;
use crate::migration::process::{Access, Behaviour, LeaseIx};
use crate::migration::state::Place;

impl World<'_> {
    /// Whose lease an early move takes, and for whom.
    pub fn overtaken(&self, action: Action) -> Option<(Place, Place)> {
        let (Action::OvertakeMain(place) | Action::OvertakeMigration(place)) = action else { return None };
        let (lease, _) = self.contends_for(place).ok()?;
        Some((self.holder(lease)?, place))
    }

    /// The pair of kinds of processes of an early move.
    pub fn overtaking(&self, action: Action) -> Option<Overtake> {
        let (from, to) = self.overtaken(action)?;
        let (lease, _) = self.contends_for(to).ok()?;
        Some(Overtake { lease, holder: self.process(from)?, taker: self.process(to)? })
    }

    /// The lease that the process at `place` contends for now.
    pub(super) fn contends_for(&self, place: Place) -> Result<(LeaseIx, Access), &'static str> {
        let running = self.running(place)?;
        match self.behaviour(place).ok_or("nothing runs there")? {
            Behaviour::Elects { main, access, .. } | Behaviour::RefusesAfter { main, access } if !running.runs_main => {
                Ok((main, access))
            }
            Behaviour::Elects { migration: Some(second), .. } if !running.runs_migrated => {
                Ok((second.lease, second.access))
            }
            _ => Err("it contends for no lease"),
        }
    }

    pub(super) fn take(&mut self, lease: LeaseIx, place: Place, hold: bool, create: bool) -> Result<(), &'static str> {
        let object = &mut self.leases[usize::from(lease)];
        match object.holder {
            Some(holder) if holder != place => return Err("another process holds the lease"),
            _ if !hold => return Err("it may not get or update the lease"),
            _ if !object.exists && !create => return Err("it may not create the lease"),
            _ => *object = Lease { exists: true, holder: Some(place) },
        }
        Ok(())
    }

    pub(super) fn dies(&self, place: Place) -> bool {
        let dying = matches!(self.behaviour(place), Some(Behaviour::Elects { migration: Some(m), .. }) if m.dies);
        dying && self.running(place).is_ok_and(|r| r.runs_migrated)
    }

    pub(super) fn cannot_renew(&self, place: Place) -> bool {
        let Some(Behaviour::Elects { access, migration, .. }) = self.behaviour(place) else { return false };
        let Some(running) = &self.spot(place).running else { return false };
        running.runs_main && !access.hold || running.runs_migrated && migration.is_some_and(|m| !m.access.hold)
    }
}
