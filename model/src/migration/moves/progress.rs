//! What processes do by themselves, and what befalls them.
//!
//! This is where a lease is taken: a free one, as progress; one whose holder still acts, as a fault, and only by whom the
//! problem names ([`crate::migration::problem::Overtake`]).

use super::{Action, Cluster};
use crate::migration::problem::Fault;
use crate::migration::process::{Access, Behaviour, LeaseIx};
use crate::migration::state::{Packed, Stage};

impl Cluster {
    /// What processes do by themselves in `state`: each action with the state after it.
    pub fn progress(&self, state: Packed, out: &mut impl FnMut(Action, Packed)) {
        for (at, &place) in self.layout.places().iter().enumerate() {
            let Some(behaviour) = self.behaviour(state, at) else { continue };
            let to = |stage| self.layout.with_stage(state, at, stage);
            match self.layout.stage(state, at) {
                Stage::Pending => {
                    if self.may_be_placed(state, at) {
                        out(Action::Schedule(place), to(Stage::Down));
                    }
                }
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
                stage @ (Stage::Standby | Stage::Leading | Stage::LeadingStale) => {
                    if let Some(wanted) = self.wanted(state, at)
                        && self.may_take(state, wanted.lease, wanted.access)
                        && self.holder(state, wanted.lease).is_none_or(|holder| holder == at)
                    {
                        let action = if wanted.is_main { Action::AcquireMain } else { Action::AcquireMigration };
                        out(action(place), self.layout.with_exists(to(wanted.stage), wanted.lease, true));
                    }
                    match stage {
                        Stage::Leading => self.lose_what_cannot_be_renewed(state, at, out),
                        Stage::LeadingStale => out(Action::Exit(place), to(Stage::Down)),
                        _ => {}
                    }
                }
                Stage::Both if self.is_dying(state, at) => out(Action::Exit(place), to(Stage::Down)),
                Stage::Both => self.lose_what_cannot_be_renewed(state, at, out),
                Stage::Flapping | Stage::BothMainLost | Stage::BothMigrationLost | Stage::BothLost => {
                    out(Action::Exit(place), to(Stage::Down))
                }
                Stage::Unlocked => {}
            }
        }
    }

    /// The lease that the process at place index `at` contends for, if it contends for one.
    fn wanted(&self, state: Packed, at: usize) -> Option<Wanted> {
        let stage = self.layout.stage(state, at);
        if stage == Stage::Standby {
            let (lease, access) = self.main(state, at)?;
            let refuses = matches!(self.behaviour(state, at), Some(Behaviour::RefusesAfter { .. }));
            let stage = if refuses { Stage::Flapping } else { Stage::Leading };
            return Some(Wanted { lease, access, is_main: true, stage });
        }
        let stage = match stage {
            Stage::Leading => Stage::Both,
            // The elector of the migration lease does not know that the main lease is lost.
            Stage::LeadingStale => Stage::BothMainLost,
            _ => return None,
        };
        let second = self.second(state, at)?;
        Some(Wanted { lease: second.lease, access: second.access, is_main: false, stage })
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

    /// Leases that are taken although their holders still act.
    fn overtakes(&self, state: Packed, out: &mut impl FnMut(Action, Packed)) {
        let kind = |at| self.layout.process_ix(&self.problem, state, at);
        for (at, &place) in self.layout.places().iter().enumerate() {
            let Some(wanted) = self.wanted(state, at).filter(|wanted| wanted.access.hold) else { continue };
            let Some(holder) = self.holder(state, wanted.lease).filter(|&holder| holder != at) else { continue };
            // Who takes a lease only to exit acts on nothing: it exits, or the lease is free.
            let acts = self.layout.stage(state, holder) != Stage::Flapping;
            let (Some(of), Some(by)) = (kind(holder), kind(at)) else { continue };
            if acts && self.problem.may_overtake(wanted.lease, of, by) {
                let action = if wanted.is_main { Action::OvertakeMain } else { Action::OvertakeMigration };
                let lost = self.layout.with_stage(state, holder, self.stage_without(state, holder, wanted.lease));
                out(action(place), self.layout.with_stage(lost, at, wanted.stage));
            }
        }
    }

    /// What befalls processes and leases in `state`: each action with the state after it.
    pub fn faults(&self, state: Packed, out: &mut impl FnMut(Action, Packed)) {
        if !self.problem.overtakes.is_empty() {
            self.overtakes(state, out);
        }
        for &fault in &self.problem.faults {
            match fault {
                Fault::Crash => {
                    for (at, &place) in self.layout.places().iter().enumerate() {
                        if !matches!(self.layout.stage(state, at), Stage::Pending | Stage::Down | Stage::Refusing) {
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
        let next = self.layout.with_exists(state, lease, false);
        let lost = |at| self.layout.with_stage(next, at, self.stage_without(state, at, lease));
        self.holder(state, lease).map_or(next, lost)
    }

    /// The stage of the process at place index `at`, which holds `lease`, once it has lost it.
    fn stage_without(&self, state: Packed, at: usize, lease: LeaseIx) -> Stage {
        let is_main = self.main(state, at).is_some_and(|(main, _)| main == lease);
        let is_migration = self.second(state, at).is_some_and(|second| second.lease == lease);
        match self.layout.stage(state, at) {
            Stage::Leading => Stage::LeadingStale,
            Stage::Both if is_main && is_migration => Stage::BothLost,
            Stage::Both if is_main => Stage::BothMainLost,
            Stage::Both => Stage::BothMigrationLost,
            Stage::BothMainLost | Stage::BothMigrationLost => Stage::BothLost,
            Stage::Flapping => Stage::Down,
            other => unreachable!("{other:?} holds no lease"),
        }
    }
}

/// A lease that a process contends for.
struct Wanted {
    lease: LeaseIx,
    access: Access,
    is_main: bool,
    /// The process's stage once it has the lease.
    stage: Stage,
}
