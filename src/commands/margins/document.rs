//! What `margins` found out, as data. The types are the format: the JSON Schema in `docs/schema/margins.v1.json` is
//! generated from them. Durations are seconds, clock rates parts per million.

use schemars::JsonSchema;
use serde::Serialize;

use super::leases::Leases;
use crate::exit::Exit;
use leasehold_model::lease_time::question::Parameter;

/// The version of this format: fields may be added to it, none renamed or removed.
pub const VERSION: u32 = 1;

/// Everything.
#[derive(Serialize, JsonSchema, Clone, PartialEq, Debug)]
pub struct Document {
    /// The version of this format.
    pub version: u32,
    /// The worst of everything below.
    pub verdict: Status,
    /// What is assumed of everything around the processes.
    pub assumed: Assumed,
    /// Each lease that processes contend for, as flags or manifests say.
    pub elections: Vec<Election>,
    /// What is replicated without an election, or might be.
    pub without_election: Vec<WithoutElection>,
    /// The Leases of a cluster; null if none were given.
    pub leases: Option<Leases>,
    /// What was assumed or not read, and warnings.
    pub notes: Vec<Note>,
}

/// An answer of the lease theorem.
#[derive(Serialize, JsonSchema, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Proved: never two at once, under the assumptions.
    Safe,
    /// Neither proved nor refuted.
    Inconclusive,
    /// Refuted: two act at once in a run that the assumptions allow.
    Unsafe,
}

/// What is assumed.
#[derive(Serialize, JsonSchema, Clone, PartialEq, Debug)]
pub struct Assumed {
    /// The time that a request takes, from sending it to its answer being processed or given up, at most; null: as long
    /// as the client waits.
    pub reply_delay_seconds: Option<f64>,
    /// From losing the lease to the last act, at most.
    pub stop_time_seconds: f64,
    /// One pause of a leader's process, at most; 0: none.
    pub pause_seconds: f64,
    /// How far each clock may run fast or slow.
    pub clock_rate_ppm: i64,
    /// True if emptying the lease on exit was left out of the question.
    pub no_release: bool,
}

/// A lease, and who contends for it.
#[derive(Serialize, JsonSchema, Clone, PartialEq, Debug)]
pub struct Election {
    /// `namespace/name` of the Lease, as far as it is known; else what contends.
    pub lock: String,
    /// The worse of the two below.
    pub verdict: Status,
    /// With crashes, lost and late answers.
    pub while_running: Status,
    /// With processes that empty the lease on exit as well; null if none does.
    pub with_release: Option<Status>,
    /// Why there is no answer.
    pub reason: Option<String>,
    /// How much longer than assumed everything together may take; null if nothing is left.
    pub left_seconds: Option<f64>,
    /// Who contends.
    pub contenders: Vec<Contender>,
    /// How far each parameter can go, the others being as assumed.
    pub limits: Vec<Limit>,
    /// The longest time without a leader after the leader's process died, if a standby runs.
    pub gap_after_crash_seconds: Option<f64>,
    /// The same after the leader was cut off from the API server: it acts until its renew deadline is over.
    pub gap_after_lost_lease_seconds: Option<f64>,
    /// What to set.
    pub advice: Vec<Advice>,
    /// For what `advice` is: seconds to spare under the assumptions.
    pub wanted_seconds: Option<f64>,
    /// A run in which two act at once, re-executed by client-go's elector as modelled; empty if there is none.
    pub counterexample: Vec<Event>,
}

/// Processes that contend.
#[derive(Serialize, JsonSchema, Clone, PartialEq, Debug)]
pub struct Contender {
    /// The component, or what the container is called.
    pub name: String,
    /// The object that makes its pods.
    pub object: Option<String>,
    /// `file:line:column`
    pub place: Option<String>,
    /// LeaseDuration.
    pub lease_duration_seconds: f64,
    /// What a challenger reads in the record: whole seconds.
    pub recorded_seconds: i64,
    /// RenewDeadline.
    pub renew_deadline_seconds: f64,
    /// RetryPeriod.
    pub retry_period_seconds: f64,
    /// Where the three come from: flag, variable, `default` or `assumed`.
    pub origins: Vec<String>,
    /// Its client-go: `1.30` stands for 0.30.
    pub client_go: String,
    /// True if nothing told which, and the newest known is assumed.
    pub client_go_assumed: bool,
    /// It empties the lease on exit.
    pub releases: bool,
    /// How long its client waits for the answer to one renewal.
    pub waits_seconds: f64,
    /// Where its defaults were read.
    pub source: Option<&'static str>,
}

/// How far a parameter can go.
#[derive(Serialize, JsonSchema, Clone, PartialEq, Debug)]
pub struct Limit {
    /// `reply-delay`, `stop-time`, `pause` or `clock-rate`.
    pub parameter: &'static str,
    /// The unit of the two values.
    pub unit: Unit,
    /// The largest value that is proved safe; null: not even 0.
    pub safe: Option<f64>,
    /// The smallest value that was found refuted; null: none was. What lies between is not decided.
    pub broken: Option<f64>,
    /// The largest value that was asked for.
    pub most: f64,
    /// What is assumed; null: whatever happens.
    pub assumed: Option<f64>,
    /// Why the search for `safe` stopped early.
    pub reason: Option<&'static str>,
}

/// A unit.
#[derive(Serialize, JsonSchema, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Seconds.
    Seconds,
    /// Parts per million.
    Ppm,
}

/// What to set.
#[derive(Serialize, JsonSchema, Clone, PartialEq, Debug)]
pub struct Advice {
    /// `lease-duration` (and the gap with it) or `renew-deadline`.
    pub keeps: &'static str,
    /// LeaseDuration.
    pub lease_duration_seconds: f64,
    /// RenewDeadline.
    pub renew_deadline_seconds: f64,
    /// RetryPeriod.
    pub retry_period_seconds: f64,
    /// The longest time without a leader after a crash, then.
    pub gap_after_crash_seconds: Option<f64>,
    /// True if one step less safe is not proved.
    pub tight: bool,
}

/// Something that happens in a counterexample.
#[derive(Serialize, JsonSchema, Clone, PartialEq, Debug)]
pub struct Event {
    /// When, since the run began.
    pub at_seconds: f64,
    /// What.
    pub what: String,
}

/// A component that does not elect.
#[derive(Serialize, JsonSchema, Clone, PartialEq, Debug)]
pub struct WithoutElection {
    /// The component, or what the container is called.
    pub name: String,
    /// The object that makes its pods.
    pub object: String,
    /// `file:line:column` of what switches the election off, else of the object.
    pub place: String,
    /// How many there are; null: nobody can say.
    pub replicas: Option<u32>,
    /// `unsafe` if there is surely more than one; `safe` if there is one.
    pub verdict: Status,
}

/// Something about the input.
#[derive(Serialize, JsonSchema, Clone, PartialEq, Debug)]
pub struct Note {
    /// `warning`, `note` or `assumed`.
    pub severity: &'static str,
    /// What it is.
    pub message: String,
    /// `file:line:column`
    pub place: Option<String>,
}

impl Status {
    /// The exit code.
    pub const fn exit(self) -> Exit {
        match self {
            Status::Safe => Exit::Holds,
            Status::Inconclusive => Exit::Inconclusive,
            Status::Unsafe => Exit::Violated,
        }
    }
}

impl Document {
    /// The document as JSON, ending with a line break.
    pub fn json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("the document has nothing that JSON has not");
        text.push('\n');
        text
    }
}

/// A value of a parameter in its unit.
pub fn in_unit(parameter: Parameter, value: i64) -> f64 {
    match parameter {
        Parameter::ClockRate => value as f64,
        _ => seconds(value),
    }
}

/// The unit of a parameter.
pub const fn unit(parameter: Parameter) -> Unit {
    match parameter {
        Parameter::ClockRate => Unit::Ppm,
        _ => Unit::Seconds,
    }
}

/// Nanoseconds as seconds.
pub fn seconds(nanos: i64) -> f64 {
    nanos as f64 / 1e9
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_margins_schema() {
        let mut schema =
            schemars::SchemaGenerator::from(schemars::generate::SchemaSettings::draft2020_12().for_serialize())
                .into_root_schema_for::<Document>();
        schema.insert("title".into(), "leasehold margins v1".into());
        let text = format!("{}\n", serde_json::to_string_pretty(&schema).expect("a schema is JSON"));
        crate::generated::compare("docs/schema/margins.v1.json", &text);
    }
}
