//! What one manager process does, condensed from its launch: the alphabet of the search.

use crate::controller::{Component, ControllerSet};
use crate::launch::settings::Settings;
use crate::launch::{Launch, Outcome, Ready, RefusesWhen};
use crate::lease::{LeaseId, Rights, Verb};

/// Index of a lease identity in [`super::Problem::leases`].
pub type LeaseIx = u8;

/// Index of a process in [`super::Problem::processes`].
pub type ProcessIx = u8;

/// A kind of manager process: every process started with these flags, files and rights behaves like this.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Process {
    /// Which manager.
    pub component: Component,
    /// What it does once started.
    pub behaviour: Behaviour,
}

/// What a process does once it is started.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Behaviour {
    /// It exits at start, again and again.
    RefusesAtStart,
    /// It takes its main lease and exits, again and again.
    RefusesAfter {
        /// The main lease it takes.
        main: LeaseIx,
        /// Whether it can take it at all.
        access: Access,
    },
    /// It runs these controllers without any lease.
    Unlocked(ControllerSet),
    /// It elects a leader.
    Elects {
        /// The main lease.
        main: LeaseIx,
        /// Its rights on the main lease.
        access: Access,
        /// What it runs under the main lease.
        main_set: ControllerSet,
        /// The migration lease, if leader migration is on.
        migration: Option<Second>,
    },
}

/// The second election of a migrating process.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Second {
    /// The migration lease.
    pub lease: LeaseIx,
    /// What the process can do with it; nothing, if it never contends or contends in vain.
    pub access: Access,
    /// What it runs while it holds both leases.
    pub set: ControllerSet,
    /// It exits as soon as it holds the migration lease, again and again, and starts nothing of `set`.
    pub dies: bool,
}

/// What the API server lets a process do with a lease.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Access {
    /// It may get and update it, so it can hold it.
    pub hold: bool,
    /// It may create it where it does not exist.
    pub create: bool,
}

impl Access {
    /// Access to nothing.
    pub const NONE: Access = Access { hold: false, create: false };

    fn of(rights: &Rights, settings: &Settings, lease: &LeaseId) -> Access {
        let valid = lease.is_valid_object_name() && settings.is_storable(lease) && settings.is_given(lease);
        Access {
            hold: valid && rights.allows(Verb::Get, lease) && rights.allows(Verb::Update, lease),
            create: valid && rights.allows(Verb::Create, lease),
        }
    }
}

impl Process {
    /// Condenses what a manager does that was launched with these rights; `leases` grows by the identities not yet in it.
    ///
    /// # Panics
    /// If the problem has more than 255 lease identities.
    pub fn new(component: Component, launch: &Launch, rights: &Rights, leases: &mut Vec<LeaseId>) -> Process {
        let access = |lease: &LeaseId| Access::of(rights, &launch.settings, lease);
        let mut index = |lease: &LeaseId| -> LeaseIx {
            let at = leases.iter().position(|l| l == lease).unwrap_or_else(|| {
                leases.push(lease.clone());
                leases.len() - 1
            });
            LeaseIx::try_from(at).expect("a plan names a handful of leases")
        };
        let behaviour = match &launch.outcome {
            Outcome::Refuses(refusal) => match &refusal.when {
                RefusesWhen::BeforeLocks => Behaviour::RefusesAtStart,
                RefusesWhen::AfterMainLock(main) => Behaviour::RefusesAfter { main: index(main), access: access(main) },
            },
            Outcome::Unlocked(set) => Behaviour::Unlocked(*set),
            Outcome::Runs(running) => Behaviour::Elects {
                main: index(&running.main),
                access: access(&running.main),
                main_set: running.main_set,
                migration: running.migration.as_ref().map(|migration| Second {
                    lease: index(&migration.lease),
                    access: match migration.ready {
                        Ready::Never(_) => Access::NONE,
                        Ready::AtOnce | Ready::AfterTokenController => access(&migration.lease),
                    },
                    set: migration.set,
                    dies: migration.dies.is_some(),
                }),
            },
        };
        Process { component, behaviour }
    }

    /// Which kind of process it is and which leases it elects for.
    pub(super) fn leases(&self) -> (std::mem::Discriminant<Behaviour>, Option<LeaseIx>, Option<LeaseIx>) {
        let (main, migration) = match self.behaviour {
            Behaviour::RefusesAtStart | Behaviour::Unlocked(_) => (None, None),
            Behaviour::RefusesAfter { main, .. } => (Some(main), None),
            Behaviour::Elects { main, migration, .. } => (Some(main), migration.map(|second| second.lease)),
        };
        (std::mem::discriminant(&self.behaviour), main, migration)
    }

    /// True if it makes no difference to the process whether `lease` exists while nobody holds it: it cannot hold it, or
    /// it can create it.
    pub(super) fn needs_no(&self, lease: LeaseIx) -> bool {
        let makes_do = |at: LeaseIx, access: Access| at != lease || !access.hold || access.create;
        match self.behaviour {
            Behaviour::RefusesAtStart | Behaviour::Unlocked(_) => true,
            Behaviour::RefusesAfter { main, access } => makes_do(main, access),
            Behaviour::Elects { main, access, migration, .. } => {
                makes_do(main, access) && migration.is_none_or(|second| makes_do(second.lease, second.access))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lease::LockRule;

    #[test]
    fn to_hold_a_lease_takes_get_and_update_and_a_name_the_api_server_takes() {
        let access = |name: &str, verbs: &[&str]| {
            let verbs = verbs.iter().map(ToString::to_string).collect();
            let rule = LockRule { namespace: None, names: None, resources: vec!["leases".into()], verbs };
            let settings = Settings::defaults(Component::KubeControllerManager);
            Access::of(&Rights { rules: vec![rule] }, &settings, &LeaseId::kube_system(name))
        };
        assert_eq!(access("a", &["get", "update"]), Access { hold: true, create: false });
        assert_eq!(access("a", &["get", "create"]), Access { hold: false, create: true });
        assert_eq!(access("a", &["update"]), Access::NONE);
        assert_eq!(access("A", &["get", "update", "create"]), Access::NONE);
    }
}
