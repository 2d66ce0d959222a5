//! The data plane in the JSON of `check`: its types and how they are filled.

use leasehold_model::data_plane::cause::name;
use leasehold_model::data_plane::judge::OfClient;
use leasehold_model::data_plane::moves::By;
use leasehold_model::data_plane::{Figure, LastChance, Problem, Truth};
use leasehold_model::explore::End;
use schemars::JsonSchema;
use serde::Serialize;

use super::super::{data_plane, data_plane_claims, data_plane_run};
use super::format::{EndName, StatusName};
use super::status as status_name;
use crate::data_plane::Found;
use crate::scene::Scene;

/// Load balancers, addresses, nodes and volumes.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DataPlaneOut {
    /// The verdicts on `reachable`, `attached` (if there are volumes) and `leaks`.
    pub verdicts: Vec<DataPlaneVerdictOut>,
    /// The longest outage of each kind of client.
    pub outages: Vec<OutageOut>,
    /// What is left at the end that nobody uses.
    pub left: Vec<&'static str>,
    /// The title of the step from which no order of what is left avoids an outage; null if there is none.
    pub last_chance: Option<String>,
    /// True if no order of the steps avoids an outage, from the beginning on.
    pub unavoidable: bool,
    /// The titles of the steps in an order without an outage; null if there is none, or it is not known.
    pub safe_order: Option<Vec<String>>,
    /// The guide's sentences.
    pub claims: Vec<ClaimOut>,
    /// Why, with places.
    pub findings: Vec<DataPlaneFindingOut>,
    /// Distinct states in the plan's order.
    pub states: usize,
    /// Distinct states in any order.
    pub states_in_any_order: usize,
    /// How the searches ended; `complete` only if each was.
    pub end: EndName,
    /// What the verdicts rest on.
    pub rests_on: Vec<String>,
}

/// A verdict on the data plane.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DataPlaneVerdictOut {
    /// `reachable`, `attached` or `leaks`.
    pub property: &'static str,
    /// The verdict.
    pub verdict: StatusName,
    /// The reason in a few words.
    pub why: String,
    /// What the scenario expects; null if it says nothing.
    pub expected: Option<StatusName>,
}

/// The longest outage of one kind of client.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutageOut {
    /// `dns` or `fixedAddress`.
    pub client: &'static str,
    /// In seconds; 0 if there is none, null if it has no bound.
    pub seconds: Option<f64>,
    /// True if it lasts until the operator goes on.
    pub until_operator: bool,
    /// True if nothing in the plan ends it.
    pub for_good: bool,
    /// The run to it; empty if there is none.
    pub events: Vec<DataPlaneEventOut>,
    /// The number of events up to the one that begins it.
    pub begins_after: usize,
}

/// One event of a run.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DataPlaneEventOut {
    /// Since the beginning of the run.
    pub at_seconds: f64,
    /// `progress`, `operator` or `fault`.
    pub by: &'static str,
    /// What happens.
    pub what: String,
}

/// A sentence of the guide.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClaimOut {
    /// The sentence.
    pub quote: String,
    /// Where the guide says it.
    pub place: Option<String>,
    /// `confirmed`, `partly`, `refuted` or `open`.
    pub verdict: &'static str,
    /// Why.
    pub why: String,
}

/// A coded diagnosis with its place.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DataPlaneFindingOut {
    /// The stable code; `leasehold explain CODE` has its page.
    pub code: &'static str,
    /// What it is about, in one line.
    pub title: &'static str,
    /// What happens here.
    pub message: String,
    /// The file, as it was given; null if it is about no place.
    pub file: Option<String>,
    /// The line, from 1.
    pub line: Option<usize>,
    /// The column in characters, from 1.
    pub column: Option<usize>,
}

/// Fills the types.
pub fn data_plane(found: &Found, scene: &Scene) -> DataPlaneOut {
    let judged = &found.judged;
    let problem = &judged.problem;
    let title = |at: usize| problem.steps[at].title.clone();
    DataPlaneOut {
        verdicts: found
            .verdicts()
            .into_iter()
            .map(|(property, status)| DataPlaneVerdictOut {
                property: property.name(),
                verdict: status_name(status),
                why: data_plane::why(found, property, status),
                expected: found.expected(property).map(status_name),
            })
            .collect(),
        outages: judged.clients.iter().map(|of| outage(problem, of)).collect(),
        left: judged.leaks.iter().filter(|leak| leak.is_now()).map(|leak| name(*leak)).collect(),
        last_chance: if let LastChance::Step(at) = judged.last_chance { Some(title(at)) } else { None },
        unavoidable: judged.last_chance == LastChance::Beginning,
        safe_order: judged.safe_order.as_ref().map(|order| order.iter().map(|(_, at)| title(*at)).collect()),
        claims: found
            .input
            .claims
            .iter()
            .zip(&found.claims)
            .map(|(quote, finding)| ClaimOut {
                quote: quote.text.clone(),
                place: quote.place.clone(),
                verdict: match finding.truth {
                    Truth::Confirmed => "confirmed",
                    Truth::Partly => "partly",
                    Truth::Refuted => "refuted",
                    Truth::Open => "open",
                },
                why: data_plane_claims::because(found, finding),
            })
            .collect(),
        findings: found
            .causes
            .iter()
            .map(|(cause, span)| {
                let position = span.map(|span| scene.sources.position(span));
                DataPlaneFindingOut {
                    code: cause.code.id(),
                    title: cause.code.title(),
                    message: cause.message.clone(),
                    file: span.map(|span| scene.sources.name(span.file).into()),
                    line: position.map(|position| position.line),
                    column: position.map(|position| position.column),
                }
            })
            .collect(),
        states: judged.states.0,
        states_in_any_order: judged.states.1,
        end: if judged.end == End::Complete { EndName::Complete } else { EndName::StateLimit },
        rests_on: data_plane::rests(found),
    }
}

fn outage(problem: &Problem, of: &OfClient) -> OutageOut {
    OutageOut {
        client: data_plane::client(of.client),
        seconds: match of.outage.figure {
            Figure::Never => Some(0.0),
            Figure::Within(milliseconds) => Some(milliseconds as f64 / 1000.0),
            Figure::UntilOperator => None,
        },
        until_operator: of.outage.figure == Figure::UntilOperator && !of.for_good,
        for_good: of.for_good,
        events: of
            .outage
            .run
            .iter()
            .map(|(time, action)| DataPlaneEventOut {
                at_seconds: *time as f64 / 1000.0,
                by: match action.by() {
                    By::Progress => "progress",
                    By::Operator => "operator",
                    By::Fault => "fault",
                },
                what: data_plane_run::whole(problem, *action),
            })
            .collect(),
        begins_after: if of.outage.run.is_empty() { 0 } else { of.outage.from + 1 },
    }
}
