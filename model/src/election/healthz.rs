//! The health check "leaderElection" of a process: `HealthzAdaptor`.
//!
//! A process has one adaptor and may have two electors; the adaptor looks only at the one that was started last, and so
//! no longer at the main lease once the election for the migration lease has begun
//! (kubernetes/client-go:tools/leaderelection/leaderelection.go:232@v0.37.2,
//! kubernetes/cloud-provider:app/controllermanager.go:187@v0.36.6).

use super::config::Config;
use super::elector::Elector;
use super::process::Election;
use super::time::Monotonic;
use crate::launch::duration::GoDuration;

/// How long after a lease ran out both managers still call themselves healthy
/// (kubernetes/cloud-provider:app/controllermanager.go:187@v0.36.6).
pub const TOLERANCE: GoDuration = GoDuration::seconds(20);

/// Which elector the health check looks at.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct HealthzAdaptor {
    watched: Option<Election>,
}

impl HealthzAdaptor {
    /// `SetLeaderElection`: from now on it looks at this elector.
    pub fn watch(&mut self, election: Election) {
        self.watched = Some(election);
    }

    /// The elector it looks at; `None`: healthy whatever happens.
    pub fn watched(&self) -> Option<Election> {
        self.watched
    }
}

impl Elector {
    /// `Check`: false if it is the holder as far as it knows, and has not renewed for LeaseDuration and `tolerance`. An
    /// elector that does not lead is healthy
    /// (kubernetes/client-go:tools/leaderelection/leaderelection.go:528@v0.37.2).
    pub fn is_healthy(&self, config: &Config, now: Monotonic, tolerance: GoDuration) -> bool {
        let limit = GoDuration { nanos: config.durations.lease().nanos.saturating_add(tolerance.nanos) };
        let late = self.observed_at().is_none_or(|at| now - at > limit);
        !(self.is_leader(config) && late)
    }
}
