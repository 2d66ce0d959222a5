//! The API server, as far as electors can see it: leases with versions, linearizable.

use leasehold_model::election::{Failure, Lease, Operation, Reply, Version};
use std::collections::BTreeMap;

/// Every lease by name.
#[derive(Default)]
pub struct Store {
    leases: BTreeMap<String, (Version, Lease)>,
    versions: u64,
}

impl Store {
    /// Applies a request, or refuses it as the real one does.
    pub fn apply(&mut self, name: &str, operation: Operation) -> Reply {
        match operation {
            Operation::Get => {
                self.get(name).map_or(Reply::Failed(Failure::NotFound), |(version, lease)| Reply::Found(version, lease))
            }
            Operation::Create(lease) | Operation::Update(_, lease) if !lease.is_valid() => {
                Reply::Failed(Failure::Invalid)
            }
            Operation::Create(lease) => match self.get(name) {
                Some(_) => Reply::Failed(Failure::AlreadyExists),
                None => Reply::Stored(self.put(name, lease)),
            },
            Operation::Update(version, lease) => match self.get(name) {
                None => Reply::Failed(Failure::NotFound),
                Some((current, _)) if current != version => Reply::Failed(Failure::Conflict),
                // An update that changes nothing is not written
                // (kubernetes/apiserver:pkg/storage/etcd3/store.go:526@v0.33.13).
                Some((current, stored)) if stored == lease => Reply::Stored(current),
                Some(_) => Reply::Stored(self.put(name, lease)),
            },
        }
    }

    /// What is stored.
    pub fn get(&self, name: &str) -> Option<(Version, Lease)> {
        self.leases.get(name).copied()
    }

    /// Stores it, whatever was there.
    pub fn put(&mut self, name: &str, lease: Lease) -> Version {
        self.versions += 1;
        let version = Version(self.versions);
        self.leases.insert(name.into(), (version, lease));
        version
    }

    /// Removes it.
    pub fn delete(&mut self, name: &str) {
        self.leases.remove(name);
    }
}
