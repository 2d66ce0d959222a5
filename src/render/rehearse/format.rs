//! The format of `leasehold rehearse --format json`, version 1: these types are its only definition.

use schemars::JsonSchema;
use serde::Serialize;

use crate::render::json::format::{CounterexampleOut, EndName};

/// What `leasehold rehearse --format json` prints.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(title = "leasehold rehearse v1")]
pub struct Rehearsed {
    /// The version of this format: 1. Fields may be added within a version; none changes its meaning or goes away.
    pub version: u8,
    /// What printed it, such as `leasehold 0.1.0`.
    pub tool: String,
    /// The exit code: 0 safe from every point or declared, 1 not, 3 inconclusive.
    pub exit: u8,
    /// What was judged, in one line.
    pub summary: String,
    /// The scenario's title.
    pub title: Option<String>,
    /// The steps of the plan, in order.
    pub steps: Vec<StepOut>,
    /// The points of the plan, in order; empty if the search was cut short.
    pub points: Vec<PointOut>,
    /// From this point and from every later one every way back may run a controller twice; null if there is none.
    pub point_of_no_return: Option<String>,
    /// Ways back that look right and are not.
    pub wrong_ways: Vec<WrongWayOut>,
    /// The longest time without a controller that is allowed.
    pub max_gap_seconds: Option<f64>,
    /// Clusters at rest that were disturbed for the figures; null if there are none.
    pub states_at_rest: Option<usize>,
    /// Distinct classes of states visited.
    pub states: usize,
    /// How the search ended.
    pub end: EndName,
    /// What was assumed about the input.
    pub assumptions: Vec<String>,
    /// What `safe` and the figures rest on.
    pub rests_on: Vec<String>,
}

/// One step.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StepOut {
    /// From 1.
    pub number: usize,
    /// What the operator calls it.
    pub title: String,
    /// How long controllers run nowhere after one move that undoes it, at most; null if that is not known.
    pub undoing: Option<Vec<OutageOut>>,
}

/// A time without controllers.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutageOut {
    /// The controllers, by identity.
    pub controllers: Vec<&'static str>,
    /// At most; null: until the operator goes on.
    pub seconds: Option<f64>,
}

/// One point of the plan.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PointOut {
    /// `before the plan`, `in step 3`, `after step 3`.
    pub from: String,
    /// Steps that are complete.
    pub complete: u8,
    /// True if the next step has begun: some places are done, others are not.
    pub half_done: bool,
    /// `safe`, `harmful` (controllers are left without a manager, or managers refuse to start), `tooLong`, `lost` (a
    /// controller may run twice) or `inconclusive`.
    pub verdict: &'static str,
    /// The scenario expects no better.
    pub declared: bool,
    /// The way back, or why there is none, in words.
    pub why: String,
    /// Classes of states that can be reached there, whoever leads and whatever has crashed.
    pub states: usize,
    /// Those with a safe way back.
    pub safe_states: usize,
    /// Those with a way back that runs no controller twice.
    pub exclusive_states: usize,
    /// The operator's moves on the way back, at least and at most, as long as nothing crashes on the way.
    pub moves: Option<[usize; 2]>,
    /// The longest time without a controller after one of these moves.
    pub gap: Option<OutageOut>,
    /// Whether undoing step by step in reverse, place by place in any order and without waiting, is safe.
    pub naive_is_safe: bool,
    /// Undone in another order than `way`, or without waiting, it may come to what that avoids.
    pub order_matters: bool,
    /// A way back that was executed again: the plan up to the point, then the way back, which begins after `refutedAfter`
    /// events.
    pub way: Option<CounterexampleOut>,
    /// How a state is reached from which no way back is safe, and what a way back from there runs into.
    pub refuted: Option<CounterexampleOut>,
    /// What the naive way back runs into where another one is safe.
    pub naive_refuted: Option<CounterexampleOut>,
}

/// A way back that looks right and is not.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct WrongWayOut {
    /// `straight`, `planOrder` or `lastStepAlone`.
    pub kind: &'static str,
    /// What one would do.
    pub what: &'static str,
    /// Where it begins: `after step 3`.
    pub from: String,
    /// What it runs into; the run begins there, and its steps are those of the way back.
    pub refuted: CounterexampleOut,
}
