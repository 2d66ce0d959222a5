//! The two clocks an elector reads. Go's `time.Now` gives both at once: durations are measured on the monotonic one,
//! and only what is written into a lease comes from the wall clock.

use crate::launch::duration::GoDuration;
use std::ops::{Add, Sub};

/// A reading of one host's monotonic clock, in nanoseconds since some moment of its own. Readings of two hosts are not
/// comparable.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Monotonic(pub i64);

impl Add<GoDuration> for Monotonic {
    type Output = Monotonic;

    /// Saturating, so that absurd durations mean "never".
    fn add(self, duration: GoDuration) -> Monotonic {
        Monotonic(self.0.saturating_add(duration.nanos))
    }
}

impl Sub for Monotonic {
    type Output = GoDuration;

    fn sub(self, earlier: Monotonic) -> GoDuration {
        GoDuration { nanos: self.0.saturating_sub(earlier.0) }
    }
}

/// Microseconds since 1970 on one host's wall clock: the precision of a Lease's times
/// (kubernetes/apimachinery:pkg/apis/meta/v1/micro_time.go:26@v0.37.2).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Wall(pub i64);

impl Wall {
    /// The same moment without its fraction of a second, as `metav1.Time` prints it
    /// (kubernetes/apimachinery:pkg/apis/meta/v1/time.go:170@v0.37.2).
    pub const fn whole_second(self) -> Wall {
        Wall(self.0.div_euclid(1_000_000) * 1_000_000)
    }
}

/// What a host's clocks show at one moment.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Clock {
    /// For durations.
    pub monotonic: Monotonic,
    /// For the times in a lease.
    pub wall: Wall,
}
