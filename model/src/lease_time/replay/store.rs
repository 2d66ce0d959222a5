//! The API server as far as a trace needs one: a Lease with a version.

use crate::election::{Lease, Operation, Version};

/// What is stored.
#[derive(Default)]
pub(super) struct Store {
    pub(super) stored: Option<(Version, Lease)>,
    /// How many versions there have been.
    pub(super) versions: u64,
}

impl Store {
    /// Carries out a write as the API server does.
    pub(super) fn apply(&mut self, operation: Operation) -> Result<Version, String> {
        let lease = match (operation, self.stored) {
            (Operation::Create(lease), None) => lease,
            (Operation::Update(version, lease), Some((newest, _))) if version == newest => lease,
            (operation, stored) => return Err(format!("{operation:?} cannot be applied to {stored:?}")),
        };
        if !lease.is_valid() {
            return Err(format!("the API server refuses {lease:?}"));
        }
        Ok(self.put(lease))
    }

    pub(super) fn edit(&mut self, change: impl Fn(&mut Lease)) -> Result<(), String> {
        let (_, mut lease) = self.stored.ok_or("there is no Lease to edit")?;
        change(&mut lease);
        self.put(lease);
        Ok(())
    }

    pub(super) fn put(&mut self, lease: Lease) -> Version {
        self.versions += 1;
        let version = Version(self.versions);
        self.stored = Some((version, lease));
        version
    }
}
