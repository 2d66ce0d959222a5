//! What one elector is told once, and what its client-go does with it.

use super::durations::Durations;
use super::record::Identity;
use crate::facts::client_go::{self, ExpiryBy, Polling, Release as ReleaseBy};
use crate::release::Release;

/// client-go's `LeaderElectionConfig`, as far as it decides anything, with the client-go it is given to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Config {
    /// Who it is. A process has one identity for all its electors, and a new one after each start.
    pub identity: Identity,
    /// LeaseDuration, RenewDeadline and RetryPeriod.
    pub durations: Durations,
    /// `ReleaseOnCancel`: it empties the lease when it stops, whatever made it stop.
    pub release_on_cancel: bool,
    /// `Coordinated`: others decide who leads, and it only renews what it was given.
    pub coordinated: bool,
    /// What differs between releases of client-go.
    pub behaviour: Behaviour,
}

impl Config {
    /// An elector of `k8s.io/client-go` of `library`'s minor, which neither releases nor is coordinated.
    ///
    /// # Errors
    /// client-go's own message, for an empty identity.
    pub fn new(library: Release, identity: Identity, durations: Durations) -> Result<Config, &'static str> {
        let refuses = fact(client_go::REFUSES_EMPTY_IDENTITY, library);
        if refuses && identity == Identity::EMPTY {
            return Err("Lock identity is empty");
        }
        let behaviour = Behaviour::of(library);
        Ok(Config { identity, durations, release_on_cancel: false, coordinated: false, behaviour })
    }
}

/// What an elector does differently from release to release; see [`crate::facts::client_go`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Behaviour {
    /// Whose duration decides that a lease has expired.
    pub expiry: ExpiryBy,
    /// A leader updates what it saw last, and reads only if that fails.
    pub renews_without_reading: bool,
    /// How it releases.
    pub release: ReleaseBy,
    /// When a leader tries again.
    pub polling: Polling,
    /// A failed read makes it forget the Lease it had.
    pub forgets_lease_on_failed_read: bool,
    /// The event "stopped leading" is recorded at every end of a leader.
    pub always_records_stopped: bool,
    /// It knows coordinated election.
    pub coordination: bool,
}

impl Behaviour {
    /// That of `k8s.io/client-go` of `library`'s minor.
    pub fn of(library: Release) -> Behaviour {
        Behaviour {
            expiry: fact(client_go::EXPIRY, library),
            renews_without_reading: fact(client_go::RENEWS_WITHOUT_READING, library),
            release: fact(client_go::RELEASE, library),
            polling: fact(client_go::POLLING, library),
            forgets_lease_on_failed_read: fact(client_go::FORGETS_LEASE_ON_FAILED_READ, library),
            always_records_stopped: fact(client_go::ALWAYS_RECORDS_STOPPED, library),
            coordination: fact(client_go::COORDINATION, library),
        }
    }
}

fn fact<T: Copy>(table: crate::facts::Table<T>, library: Release) -> T {
    *table.get(library).expect("the tables of client-go have no gap")
}
