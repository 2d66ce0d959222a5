//! The format of `leasehold check --format json`, version 1: these types are its only definition.

use schemars::JsonSchema;
use serde::Serialize;

/// What `leasehold check --format json` prints.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(title = "leasehold check v1")]
pub struct Check {
    /// The version of this format: 1. Fields may be added within a version; none changes its meaning or goes away.
    pub version: u8,
    /// What printed it, such as `leasehold 0.1.0`.
    pub tool: String,
    /// The exit code: 0 holds, 1 violated, 3 inconclusive.
    pub exit: u8,
    /// What was judged, in one line.
    pub summary: String,
    /// The scenario's title.
    pub title: Option<String>,
    /// One for each property.
    pub verdicts: Vec<VerdictOut>,
    /// How long controllers run nowhere.
    pub gap: GapOut,
    /// The runs that refute properties, shortest first within a property.
    pub counterexamples: Vec<CounterexampleOut>,
    /// Why, with places.
    pub findings: Vec<FindingOut>,
    /// What looks like a mistake although no verdict depends on it.
    pub warnings: Vec<FindingOut>,
    /// The change that was searched again; null if none is known.
    pub fix: Option<FixOut>,
    /// What was assumed about the input.
    pub assumptions: Vec<String>,
    /// What verdicts `holds` rest on.
    pub rests_on: Vec<String>,
    /// What is assumed of time, and how far leases are exclusive under it.
    pub timing: TimingOut,
    /// Load balancers, addresses, nodes and volumes; null if the scenario has none.
    pub data_plane: Option<super::data_plane::DataPlaneOut>,
    /// How it was searched.
    pub search: SearchOut,
}

/// A verdict.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct VerdictOut {
    /// The property's name.
    pub property: PropertyName,
    /// The verdict.
    pub verdict: StatusName,
    /// The reason in a few words.
    pub why: String,
    /// What the scenario expects; null if it says nothing.
    pub expected: Option<StatusName>,
    /// Distinct states visited.
    pub states: usize,
    /// How the search ended.
    pub end: EndName,
    /// For `returnable`: the states from which a safe way back exists.
    pub returnable_states: Option<usize>,
}

/// A property.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum PropertyName {
    /// No cloud controller runs in two managers.
    Exclusive,
    /// Every controller that is needed can run again.
    Covered,
    /// No manager refuses to start.
    Starts,
    /// There is a safe way back from every point.
    Returnable,
}

/// A verdict's status.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum StatusName {
    /// Proved by a complete search.
    Holds,
    /// Refuted by a counterexample.
    Violated,
    /// Neither: the search was cut short, or it depends on time and the lease theorem has no answer.
    Inconclusive,
}

/// How a search ended.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum EndName {
    /// Every reachable state was visited.
    Complete,
    /// `--max-states` was reached.
    StateLimit,
    /// It was interrupted.
    Cancelled,
    /// It ended at the first state that was looked for.
    Found,
}

/// A run that refutes a property.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CounterexampleOut {
    /// The property it refutes.
    pub property: PropertyName,
    /// The controllers concerned, by identity.
    pub controllers: Vec<&'static str>,
    /// Who runs what before the first event.
    pub beginning: Vec<ActingOut>,
    /// What happens, in order.
    pub events: Vec<EventOut>,
    /// The events that refute the property; for `returnable` those behind show the overlap that a way back runs into.
    pub refuted_after: usize,
}

/// One event.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EventOut {
    /// `progress`, `operator` or `fault`.
    pub by: &'static str,
    /// The node or replica; null for an event everywhere at once.
    pub node: Option<String>,
    /// The manager it happens to, such as `kube-controller-manager 1.29`.
    pub process: Option<String>,
    /// `placed` (its pod gets a node), `starts`, `refuses`, `takesMainLease`, `takesMigrationLease`, `takesMainLeaseEarly`, `takesMigrationLeaseEarly`,
    /// `exits`, `crashes`, `step`, `undo` or `leaseDeleted`. *Early*: while its holder still acts.
    pub what: &'static str,
    /// The step's title.
    pub step: Option<String>,
    /// The lease, as namespace/name.
    pub lease: Option<String>,
    /// Who runs what afterwards.
    pub acting: Vec<ActingOut>,
    /// The controllers that run in two managers afterwards.
    pub twice: Vec<&'static str>,
    /// For a lease that is taken early: how, with the times of a run that client-go's elector has executed; else empty.
    pub in_time: Vec<TimedOut>,
}

/// One event of a run in time.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TimedOut {
    /// Since the run began.
    pub at_seconds: f64,
    /// What happens.
    pub what: String,
}

/// What is assumed of time, and how far leases are exclusive under it.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TimingOut {
    /// The longest time that a request takes; null: whatever the client waits for.
    pub reply_delay_seconds: Option<f64>,
    /// The longest time from losing a lease to the last act.
    pub stop_time_seconds: f64,
    /// One pause of a leader's process, at most.
    pub pause_seconds: f64,
    /// How far each clock may run fast or slow, in parts per million.
    pub clock_rate_ppm: i64,
    /// The leases that two processes may contend for.
    pub leases: Vec<LeaseOut>,
}

/// How far one lease is exclusive.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LeaseOut {
    /// As namespace/name.
    pub lease: String,
    /// `safe`: proved that it is never taken while its holder still acts; `unsafe`: refuted; `inconclusive`.
    pub verdict: &'static str,
    /// Requests may take this long and it is still proved; null if no more than what is assumed was asked about.
    pub proved_up_to_seconds: Option<f64>,
    /// Who contends.
    pub contenders: Vec<ContenderOut>,
    /// Pairs that are not proved.
    pub open: Vec<PairOut>,
}

/// A manager that contends for a lease.
#[derive(Serialize, JsonSchema, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct ContenderOut {
    /// The manager.
    pub manager: String,
    /// `--leader-elect-lease-duration`
    pub lease_duration_seconds: f64,
    /// `--leader-elect-renew-deadline`
    pub renew_deadline_seconds: f64,
    /// `--leader-elect-retry-period`
    pub retry_period_seconds: f64,
    /// It empties the lease on exit.
    pub releases: bool,
}

/// A holder and a taker whose hand-over is not proved.
#[derive(Serialize, JsonSchema, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct PairOut {
    /// The manager that holds the lease.
    pub holder: String,
    /// The manager that may take it while the holder still acts.
    pub taker: String,
    /// `unsafe` or `inconclusive`.
    pub verdict: &'static str,
    /// Why it is not known.
    pub reason: Option<&'static str>,
}

/// A manager that runs controllers.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ActingOut {
    /// The node or replica.
    pub node: String,
    /// The manager.
    pub process: String,
    /// What it runs.
    pub controllers: Vec<&'static str>,
    /// What of that it runs under its migration lease.
    pub migrated: Vec<&'static str>,
}

/// A coded diagnosis with its place.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FindingOut {
    /// The stable code; `leasehold explain CODE` has its page.
    pub code: &'static str,
    /// What it is about, in one line.
    pub title: &'static str,
    /// What happens here.
    pub message: String,
    /// The manager, such as `kube-controller-manager 1.29`.
    pub manager: String,
    /// The controllers concerned, by identity.
    pub controllers: Vec<&'static str>,
    /// The file, as it was given; null if nothing was written in any.
    pub file: Option<String>,
    /// The line, from 1.
    pub line: Option<usize>,
    /// The column in characters, from 1.
    pub column: Option<usize>,
    /// Those of them that no manager of the plan's end is able to run: given up on purpose, they are no violation
    /// (`--given-up`).
    pub could_be_given_up: Vec<&'static str>,
    /// The changes that this finding calls for; they are part of `fix`.
    pub fix: Vec<EditOut>,
}

/// Changes that were searched again.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FixOut {
    /// What to change.
    pub edits: Vec<EditOut>,
    /// The properties that were violated and hold with the changes.
    pub mends: Vec<PropertyName>,
    /// Distinct states visited when it was searched again.
    pub states: usize,
    /// How that search ended.
    pub end: EndName,
}

/// One change to one manager.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind")]
pub enum EditOut {
    /// Leader migration on, with this configuration file.
    UseConfig {
        /// The manager.
        manager: String,
        /// The file's text.
        text: String,
    },
    /// The flag has this value.
    SetFlag {
        /// The manager.
        manager: String,
        /// Without dashes.
        flag: String,
        /// Its value.
        value: String,
    },
    /// The flags are not given.
    RemoveFlags {
        /// The manager.
        manager: String,
        /// Without dashes.
        flags: Vec<String>,
    },
    /// The manager's user may get, create and update the lease.
    Grant {
        /// The manager.
        manager: String,
        /// As namespace/name.
        lease: String,
    },
    /// A step of its own, before a step of the plan, changes the manager wherever it runs.
    Early {
        /// The manager.
        manager: String,
        /// The title of the step before which it is done.
        before: String,
        /// Its changes.
        edits: Vec<EditOut>,
    },
    /// One step is done before another that comes earlier in the plan.
    StepFirst {
        /// The title of the step that comes first now.
        step: String,
        /// The title of the step before which it is done.
        before: String,
    },
}

/// How it was searched.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SearchOut {
    /// Distinct states visited, of the largest search.
    pub states: usize,
    /// How it ended; `complete` only if every search was.
    pub end: EndName,
    /// True if states that differ only in which of equal nodes is which were visited once.
    pub symmetry: bool,
    /// The faults that were considered.
    pub faults: Vec<&'static str>,
}

/// How long controllers run nowhere.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct GapOut {
    /// The verdict; null if the scenario expects nothing.
    pub verdict: Option<StatusName>,
    /// What the scenario expects, one thing at a time, in seconds.
    pub at_most_seconds: Option<f64>,
    /// What it expects if nobody waits between the nodes of a step, in seconds.
    pub at_most_without_waiting_seconds: Option<f64>,
    /// What it expects if a crash comes in the middle of a step, in seconds.
    pub at_most_with_crash_in_step_seconds: Option<f64>,
    /// The longest, one thing at a time, in seconds; null if it is unbounded, if no controller ever stops, or if it is not known.
    pub seconds: Option<f64>,
    /// True if there is no bound: somewhere nobody takes a controller up unless the operator goes on.
    pub unbounded: bool,
    /// Why nothing is known; null if all is.
    pub undecided: Option<String>,
    /// The figures in words.
    pub why: String,
    /// The longest time without each controller after each kind of disturbance. What is not listed never stops.
    pub worst: Vec<WorstGapOut>,
    /// The causes that would have taken too long to search, so that `worst` has nothing of them.
    pub left_out: Vec<&'static str>,
    /// How many different states of the cluster at rest were disturbed.
    pub states_at_rest: usize,
    /// What the figures rest on.
    pub rests_on: Vec<String>,
}

/// The longest time without some controllers after one kind of disturbance.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorstGapOut {
    /// The controllers, by identity.
    pub controllers: Vec<&'static str>,
    /// `step`, `wayBack`, `crash`, `leaseDeleted`, `stepWithoutWaiting`, `wayBackWithoutWaiting` or `crashInStep`.
    pub cause: &'static str,
    /// Seconds; null if nobody takes them up unless the operator goes on.
    pub seconds: Option<f64>,
    /// Who runs what before the first event.
    pub beginning: Vec<ActingOut>,
    /// What happens, from the beginning of the plan on.
    pub events: Vec<EventOut>,
    /// The number of events before the disturbance; after them the cluster is at rest.
    pub at_rest_after: usize,
    /// The times of the disturbance and of the events after it, in seconds from the moment the controllers stop.
    pub times: Vec<f64>,
}
