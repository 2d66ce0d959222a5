//! The three durations of an election, and client-go's rules for them.

use crate::facts::client_go::JITTER_FACTOR;
use crate::launch::duration::GoDuration;
use std::fmt;

/// Durations that `NewLeaderElector` accepts.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Durations {
    lease: GoDuration,
    renew: GoDuration,
    retry: GoDuration,
}

impl Durations {
    /// The defaults of Kubernetes' own components: 15 s, 10 s, 2 s
    /// (kubernetes/client-go:tools/leaderelection/leaderelection.go:132@v0.37.2).
    pub const CORE: Durations =
        Durations { lease: GoDuration::seconds(15), renew: GoDuration::seconds(10), retry: GoDuration::seconds(2) };

    /// LeaseDuration, RenewDeadline and RetryPeriod.
    ///
    /// # Errors
    /// The first of client-go's rules that they break, in its order
    /// (kubernetes/client-go:tools/leaderelection/leaderelection.go:77-91@v0.37.2, the same since 0.21).
    pub fn new(lease: GoDuration, renew: GoDuration, retry: GoDuration) -> Result<Durations, BadDurations> {
        let jittered = (JITTER_FACTOR * retry.nanos as f64) as i64;
        let broken = [
            (lease <= renew, BadDurations::LeaseWithinRenew),
            (renew.nanos <= jittered, BadDurations::RenewWithinRetry),
            (lease.nanos < 1, BadDurations::Lease),
            (renew.nanos < 1, BadDurations::Renew),
            (retry.nanos < 1, BadDurations::Retry),
        ];
        match broken.into_iter().find(|(breaks, _)| *breaks) {
            Some((_, rule)) => Err(rule),
            None => Ok(Durations { lease, renew, retry }),
        }
    }

    /// How long others wait after the last change they saw before they take the lease.
    pub const fn lease(self) -> GoDuration {
        self.lease
    }

    /// How long a leader tries to renew before it gives up.
    pub const fn renew(self) -> GoDuration {
        self.renew
    }

    /// The wait between attempts.
    pub const fn retry(self) -> GoDuration {
        self.retry
    }

    /// The longest wait between two attempts to acquire: RetryPeriod and its jitter, which is less than
    /// [`JITTER_FACTOR`] of it because Go's random fraction is less than one
    /// (kubernetes/apimachinery:pkg/util/wait/wait.go:92@v0.37.2).
    pub fn longest_retry(self) -> GoDuration {
        let largest_fraction = 1.0 - f64::EPSILON / 2.0;
        let jitter = (largest_fraction * JITTER_FACTOR * self.retry.nanos as f64) as i64;
        GoDuration { nanos: self.retry.nanos.saturating_add(jitter) }
    }

    /// What the record says: whole seconds, rounded down, so a lease shorter than a second is recorded as 0
    /// (kubernetes/client-go:tools/leaderelection/leaderelection.go:449@v0.37.2).
    pub const fn recorded_seconds(self) -> i64 {
        self.lease.nanos / 1_000_000_000
    }

    /// The time limit of one request, for electors whose lock comes from `NewFromKubeconfig`: half of RenewDeadline and
    /// at least a second (kubernetes/client-go:tools/leaderelection/resourcelock/interface.go:147@v0.37.2).
    pub fn request_timeout(self) -> GoDuration {
        GoDuration { nanos: (self.renew.nanos / 2).max(1_000_000_000) }
    }
}

/// A rule of client-go that durations break; prints as client-go's own message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BadDurations {
    /// LeaseDuration is not longer than RenewDeadline.
    LeaseWithinRenew,
    /// RenewDeadline is not longer than RetryPeriod with all its jitter.
    RenewWithinRetry,
    /// LeaseDuration is under a nanosecond.
    Lease,
    /// RenewDeadline is under a nanosecond.
    Renew,
    /// RetryPeriod is under a nanosecond.
    Retry,
}

impl fmt::Display for BadDurations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            BadDurations::LeaseWithinRenew => "leaseDuration must be greater than renewDeadline",
            BadDurations::RenewWithinRetry => "renewDeadline must be greater than retryPeriod*JitterFactor",
            BadDurations::Lease => "leaseDuration must be greater than zero",
            BadDurations::Renew => "renewDeadline must be greater than zero",
            BadDurations::Retry => "retryPeriod must be greater than zero",
        })
    }
}

impl std::error::Error for BadDurations {}

#[cfg(test)]
mod tests {
    use super::*;

    fn nanos(lease: i64, renew: i64, retry: i64) -> Result<Durations, BadDurations> {
        let duration = |nanos| GoDuration { nanos };
        Durations::new(duration(lease), duration(renew), duration(retry))
    }

    #[test]
    fn the_limits_are_client_gos() {
        const S: i64 = 1_000_000_000;
        assert_eq!(nanos(10 * S, 10 * S, 2 * S), Err(BadDurations::LeaseWithinRenew));
        assert!(nanos(10 * S + 1, 10 * S, 2 * S).is_ok());
        assert_eq!(nanos(15 * S, 12 * S, 10 * S), Err(BadDurations::RenewWithinRetry));
        assert!(nanos(15 * S, 12 * S + 1, 10 * S).is_ok());
        // 1.2 × 11 ns is 13.2 ns, which Go cuts to 13 ns.
        assert_eq!(nanos(20, 13, 11), Err(BadDurations::RenewWithinRetry));
        assert!(nanos(20, 14, 11).is_ok());
        // The first rule that fails speaks, in client-go's order.
        assert_eq!(nanos(0, 0, 0), Err(BadDurations::LeaseWithinRenew));
        assert_eq!(nanos(1, 0, 0), Err(BadDurations::RenewWithinRetry));
        assert_eq!(nanos(1, 0, -1), Err(BadDurations::Renew));
        assert_eq!(nanos(0, -1, -2), Err(BadDurations::Lease));
        assert_eq!(nanos(2, 1, 0), Err(BadDurations::Retry));
        assert_eq!(nanos(3, 2, 1).map(|d| (d.recorded_seconds(), d.request_timeout().nanos)), Ok((0, S)));
    }

    #[test]
    fn the_defaults_of_core_components() {
        assert_eq!(nanos(15_000_000_000, 10_000_000_000, 2_000_000_000), Ok(Durations::CORE));
        assert_eq!(Durations::CORE.recorded_seconds(), 15);
        assert_eq!(Durations::CORE.request_timeout(), GoDuration::seconds(5));
        // 4.4 s is never reached.
        assert_eq!(Durations::CORE.longest_retry().nanos, 4_399_999_999);
    }
}
