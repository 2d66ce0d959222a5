//! `LeaderElectionRecord`, the Lease that `LeaseLock` stores it in, and what a reader can tell apart.
//!
//! Source: kubernetes/client-go:tools/leaderelection/resourcelock/leaselock.go:42-166@v0.37.2.

use super::time::Wall;

/// An identity as the driver numbers it: electors only compare identities. 0 is the empty one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Identity(pub u32);

impl Identity {
    /// The empty string: nobody.
    pub const EMPTY: Identity = Identity(0);
}

/// A `CoordinatedLeaseStrategy` as the driver numbers it. 0 is the empty one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Strategy(pub u32);

impl Strategy {
    /// The empty string: no coordinated election.
    pub const NONE: Strategy = Strategy(0);
}

/// A Lease's resourceVersion as the driver numbers it: electors only send it back.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Version(pub u64);

/// client-go's `LeaderElectionRecord`; a field that the Lease lacks has Go's zero value.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Record {
    /// Who holds the lease; empty: nobody.
    pub holder: Identity,
    /// LeaseDuration in whole seconds.
    pub duration_seconds: i64,
    /// When this holder took it; `None` is Go's zero time.
    pub acquired: Option<Wall>,
    /// When this holder renewed it last; `None` is Go's zero time.
    pub renewed: Option<Wall>,
    /// How often the lease changed hands.
    pub transitions: i64,
    /// How the coordinator chooses the holder; since 0.31.
    pub strategy: Strategy,
    /// Whom the coordinator wants instead: the mark "end of term"; since 0.31.
    pub preferred: Identity,
}

impl Record {
    /// What `LeaseLock` makes of a Lease it has read. Before 0.31 it does not know the fields of coordinated election.
    pub fn read(lease: Lease, knows_coordination: bool) -> Record {
        Record {
            holder: lease.holder.unwrap_or_default(),
            duration_seconds: lease.duration_seconds.unwrap_or_default().into(),
            acquired: lease.acquired,
            renewed: lease.renewed,
            transitions: lease.transitions.unwrap_or_default().into(),
            strategy: lease.strategy.filter(|_| knows_coordination).unwrap_or_default(),
            preferred: lease.preferred.filter(|_| knows_coordination).unwrap_or_default(),
        }
    }

    /// The Lease that `LeaseLock` writes. The numbers are cut to 32 bits.
    pub fn lease(self) -> Lease {
        Lease {
            holder: Some(self.holder),
            duration_seconds: Some(self.duration_seconds as i32),
            acquired: self.acquired,
            renewed: self.renewed,
            transitions: Some(self.transitions as i32),
            strategy: Some(self.strategy).filter(|&strategy| strategy != Strategy::NONE),
            preferred: Some(self.preferred).filter(|&preferred| preferred != Identity::EMPTY),
        }
    }

    /// The record as bytes of JSON would be compared.
    pub fn raw(self) -> Raw {
        let cut = |time: Option<Wall>| time.map(Wall::whole_second);
        Raw(Record { acquired: cut(self.acquired), renewed: cut(self.renewed), ..self })
    }
}

/// A record as far as its JSON tells it apart: times only to the second. An elector believes that a lease is alive as
/// long as this changes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Raw(pub(super) Record);

/// The spec of a Lease; every field may be absent.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Lease {
    /// `holderIdentity`
    pub holder: Option<Identity>,
    /// `leaseDurationSeconds`
    pub duration_seconds: Option<i32>,
    /// `acquireTime`
    pub acquired: Option<Wall>,
    /// `renewTime`
    pub renewed: Option<Wall>,
    /// `leaseTransitions`
    pub transitions: Option<i32>,
    /// `strategy`, in the API since 1.31.
    pub strategy: Option<Strategy>,
    /// `preferredHolder`, in the API since 1.31.
    pub preferred: Option<Identity>,
}

impl Lease {
    /// True if the API server stores it. It refuses a duration of no seconds, and so every request of an elector whose
    /// LeaseDuration is under a second (kubernetes/kubernetes:pkg/apis/coordination/validation/validation.go:52@v1.33.13).
    pub fn is_valid(self) -> bool {
        self.duration_seconds.is_none_or(|seconds| seconds > 0)
            && self.transitions.is_none_or(|transitions| transitions >= 0)
            && (self.preferred.unwrap_or_default() == Identity::EMPTY
                || self.strategy.unwrap_or_default() != Strategy::NONE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORD: Record = Record {
        holder: Identity(1),
        duration_seconds: 15,
        acquired: Some(Wall(1_250_000)),
        renewed: Some(Wall(2_999_999)),
        transitions: 3,
        strategy: Strategy::NONE,
        preferred: Identity::EMPTY,
    };

    #[test]
    fn a_lease_has_what_the_record_says_and_no_more() {
        let lease = Lease {
            holder: Some(Identity(1)),
            duration_seconds: Some(15),
            acquired: Some(Wall(1_250_000)),
            renewed: Some(Wall(2_999_999)),
            transitions: Some(3),
            strategy: None,
            preferred: None,
        };
        assert_eq!(RECORD.lease(), lease);
        assert_eq!(Record::read(lease, true), RECORD);
        assert_eq!(Record::read(Lease::default(), true), Record::default());
        let released = Record { holder: Identity::EMPTY, ..RECORD }.lease();
        assert_eq!(released.holder, Some(Identity::EMPTY));
        // Go's int becomes an int32.
        assert_eq!(Record { duration_seconds: 3_000_000_000, ..RECORD }.lease().duration_seconds, Some(-1_294_967_296));
    }

    #[test]
    fn before_0_31_the_marks_of_a_coordinator_are_not_read() {
        let marked = Lease { strategy: Some(Strategy(1)), preferred: Some(Identity(2)), ..RECORD.lease() };
        assert_eq!(Record::read(marked, false), RECORD);
        let read = Record::read(marked, true);
        assert_eq!((read.strategy, read.preferred, read.lease()), (Strategy(1), Identity(2), marked));
        assert_ne!(read.raw(), RECORD.raw());
    }

    #[test]
    fn records_of_one_second_read_the_same() {
        let renewed = |micros| Record { renewed: Some(Wall(micros)), ..RECORD }.raw();
        assert_eq!(renewed(2_000_000), RECORD.raw());
        assert_ne!(renewed(3_000_000), RECORD.raw());
        assert_ne!(renewed(1_999_999), RECORD.raw());
        assert_ne!(Record { renewed: None, ..RECORD }.raw(), RECORD.raw());
        assert_eq!(renewed(-1), renewed(-1_000_000));
        let acquired = |micros| Record { acquired: Some(Wall(micros)), ..RECORD }.raw();
        assert_eq!(acquired(2_000_000), acquired(2_999_999));
        assert_ne!(acquired(2_000_000), acquired(3_000_000));
    }

    #[test]
    fn the_api_server_refuses_what_it_validates() {
        let valid = RECORD.lease();
        assert!(valid.is_valid() && Lease::default().is_valid());
        assert!(!Lease { duration_seconds: Some(0), ..valid }.is_valid());
        assert!(Lease { duration_seconds: Some(1), ..valid }.is_valid());
        assert!(!Lease { transitions: Some(-1), ..valid }.is_valid());
        assert!(!Lease { preferred: Some(Identity(2)), ..valid }.is_valid());
        assert!(Lease { preferred: Some(Identity(2)), strategy: Some(Strategy(1)), ..valid }.is_valid());
    }
}
