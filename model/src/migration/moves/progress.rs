//! What processes do by themselves, and what befalls them.
//!
//! This is where a lease is taken, so this is where the layer of time will say when it may be taken early.

use super::{Action, Cluster};
use crate::migration::problem::Fault;
use crate::migration::process::{Access, Behaviour, LeaseIx};
use crate::migration::state::{Packed, Stage};

impl Cluster {
    pub(super) fn progress(&self, state: Packed, out: &mut impl FnMut(Action, Packed)) {
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

    pub(super) fn faults(&self, state: Packed, out: &mut impl FnMut(Action, Packed)) {
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
}
