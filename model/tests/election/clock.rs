//! A host's clocks: a rate, a suspended time, and a wall clock that may be wrong.

use leasehold_model::election::{Clock, Monotonic, Wall};

/// True time, in nanoseconds since the start of the script.
pub type Nanos = i64;

/// The clocks of one host.
#[derive(Clone, Copy, Debug, Default)]
pub struct HostClock {
    /// How much faster than true time it runs, in parts per million; negative: slower.
    pub ppm: i64,
    /// Local nanoseconds that passed while the host was suspended, and its monotonic clock with it.
    pub suspended: i64,
    /// How far the wall clock is ahead of the monotonic one, in microseconds.
    pub wall_ahead: i64,
    /// What the wall clock shows if it stands still.
    pub wall_stopped: Option<Wall>,
}

impl HostClock {
    /// What the clocks show.
    pub fn at(self, now: Nanos) -> Clock {
        let running = now as i128 * (1_000_000 + self.ppm as i128) / 1_000_000;
        let local = running as i64 - self.suspended;
        let wall = self.wall_stopped.unwrap_or(Wall(local.div_euclid(1000) + self.wall_ahead));
        Clock { monotonic: Monotonic(local), wall }
    }

    /// The first true moment at which the monotonic clock shows `local` or more.
    pub fn when(self, local: Monotonic) -> Nanos {
        let running = (local.0 as i128 + self.suspended as i128) * 1_000_000;
        let rate = 1_000_000 + self.ppm as i128;
        running.div_euclid(rate) as i64 + i64::from(running.rem_euclid(rate) != 0)
    }

    /// The local time that passes in `duration` of true time.
    pub fn local(self, duration: Nanos) -> i64 {
        (duration as i128 * (1_000_000 + self.ppm as i128) / 1_000_000) as i64
    }
}
