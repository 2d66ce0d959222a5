//! Leases of a cluster as data, part of [`super::document`].

use schemars::JsonSchema;
use serde::Serialize;

use super::document::Status;

/// Leases of a cluster.
#[derive(Serialize, JsonSchema, Clone, PartialEq, Debug)]
pub struct Leases {
    /// The moment that ages are counted from: `--now`, or the newest renewal in the input.
    pub now: Option<String>,
    /// Each lock.
    pub locks: Vec<Lock>,
    /// Heartbeats of nodes, set aside.
    pub node_leases: usize,
    /// Leases by which API servers say that they are there, set aside.
    pub api_server_leases: usize,
}

/// One Lease that is a lock.
#[derive(Serialize, JsonSchema, Clone, PartialEq, Debug)]
pub struct Lock {
    /// `namespace/name`
    pub lease: String,
    /// `file:line:column`
    pub place: String,
    /// Who holds it; empty: nobody.
    pub holder: String,
    /// `leaseDurationSeconds`; null if absent.
    pub recorded_seconds: Option<i64>,
    /// The component it was recognised as.
    pub component: Option<&'static str>,
    /// RenewDeadline, as far as it can be known.
    pub renew_deadline_seconds: Option<f64>,
    /// RetryPeriod, as far as it can be known.
    pub retry_period_seconds: Option<f64>,
    /// How the two are known.
    pub basis: Basis,
    /// The answer, if they are.
    pub verdict: Status,
    /// How much longer than assumed everything together may take; null if nothing is left or nothing is known.
    pub left_seconds: Option<f64>,
    /// RenewDeadline and RetryPeriod together must stay below this; null if nothing can reach it.
    pub must_stay_below_seconds: Option<f64>,
    /// It empties the lease on exit.
    pub releases: bool,
    /// What else is to be seen in it.
    pub findings: Vec<Finding>,
}

/// How RenewDeadline and RetryPeriod of a Lease are known. The record does not have them.
#[derive(Serialize, JsonSchema, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// From manifests that were given as well.
    Manifest,
    /// The recorded duration is the component's default, so its others are taken for defaults too.
    ComponentDefaults,
    /// The component is not known; the recorded duration is client-go's recommended one.
    ClientGoDefaults,
    /// Not at all: the recorded duration is nobody's default.
    Unknown,
}

/// Something to be seen in a Lease.
#[derive(Serialize, JsonSchema, Clone, PartialEq, Debug)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Finding {
    /// Nobody holds it: it was released.
    Released,
    /// Its holder did not renew it for longer than its duration.
    Expired {
        /// Since its last renewal.
        seconds: f64,
    },
    /// It has no time of renewal or no duration, though somebody holds it.
    Incomplete,
    /// Its holder changes often.
    Flapping {
        /// Changes per day since it was made.
        per_day: f64,
        /// Changes in all.
        transitions: i64,
    },
    /// So short that renewals fall into one second of the record, and look alike to others.
    Short,
    /// Others decide who leads (coordinated leader election).
    Coordinated,
}
