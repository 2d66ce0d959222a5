//! The properties of the data plane, if a scenario has one: `reachable`, `attached`, `leaks`, and its guide's sentences.

use leasehold_model::data_plane::cause::{causes, wrong_release};
use leasehold_model::data_plane::claims::{self, Finding};
use leasehold_model::data_plane::{Cause, Judged, Truth, judge};
use leasehold_model::explore::Options;
use leasehold_model::migration::Status;
use leasehold_scenarios::data_plane::{DataPlane, ExpectedTruth};
use leasehold_scenarios::scenario::Expected;
use leasehold_scenarios::source::Span;

/// What was found out.
#[derive(Clone, PartialEq, Debug)]
pub struct Found {
    /// What was read.
    pub input: DataPlane,
    /// The verdicts.
    pub judged: Judged,
    /// What became of each sentence, in the order of the scenario.
    pub claims: Vec<Finding>,
    /// Why, with the place in the scenario.
    pub causes: Vec<(Cause, Option<Span>)>,
}

/// A property of the data plane.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Property {
    /// Each client reaches the Service at every moment, but for an allowed outage.
    Reachable,
    /// Every volume can be attached where its pod is.
    Attached,
    /// Nothing is left that nobody uses and that costs money.
    Leaks,
}

impl Property {
    /// Its name in all output.
    pub const fn name(self) -> &'static str {
        match self {
            Property::Reachable => "reachable",
            Property::Attached => "attached",
            Property::Leaks => "leaks",
        }
    }
}

/// Zones that a claim's search may need; far more than any plan was seen to need.
const MOST_ZONES: u32 = 2_000_000;

/// Judges.
pub fn find(input: DataPlane, options: &Options<'_>) -> Found {
    let judged = judge(&input.problem, input.question, options);
    let claims: Vec<Finding> =
        input.claims.iter().map(|quote| claims::judge(&input.problem, quote.claim, MOST_ZONES)).collect();
    let place = |cause: &Cause| cause.step.and_then(|step| input.steps.get(step).copied());
    let mut found: Vec<(Cause, Option<Span>)> =
        causes(&judged).into_iter().map(|cause| (cause.clone(), place(&cause))).collect();
    for (quote, finding) in input.claims.iter().zip(&claims) {
        found.extend(wrong_release(finding).map(|cause| (cause, Some(quote.span))));
    }
    Found { input, judged, claims, causes: found }
}

impl Found {
    /// The verdicts, in the order of all output.
    pub fn verdicts(&self) -> Vec<(Property, Status)> {
        let judged = &self.judged;
        let mut verdicts = vec![(Property::Reachable, judged.reachable())];
        verdicts.extend(judged.attached().map(|status| (Property::Attached, status)));
        verdicts.push((Property::Leaks, judged.leaks()));
        verdicts
    }

    /// What the scenario expects of a property.
    pub fn expected(&self, property: Property) -> Option<Status> {
        let expect = self.input.expect;
        let expected = match property {
            Property::Reachable => expect.reachable,
            Property::Attached => expect.attached,
            Property::Leaks => expect.leaks,
        };
        expected.map(|expected| match expected {
            Expected::Holds => Status::Holds,
            Expected::Violated => Status::Violated,
        })
    }

    /// The verdicts and claims that are not what the scenario expects; what is not decided contradicts nothing.
    pub fn unexpected(&self) -> usize {
        let differs = |(property, status): &(Property, Status)| {
            *status != Status::Inconclusive && self.expected(*property).is_some_and(|expected| expected != *status)
        };
        let verdicts = self.verdicts().iter().filter(|verdict| differs(verdict)).count();
        let truths = self.input.claims.iter().zip(&self.claims);
        verdicts + truths.filter(|(quote, found)| mismatch(quote.expect, found.truth)).count()
    }
}

/// True if a claim turned out otherwise than expected.
pub fn mismatch(expected: Option<ExpectedTruth>, truth: Truth) -> bool {
    let expected = expected.map(|expected| match expected {
        ExpectedTruth::Confirmed => Truth::Confirmed,
        ExpectedTruth::Partly => Truth::Partly,
        ExpectedTruth::Refuted => Truth::Refuted,
    });
    truth != Truth::Open && expected.is_some_and(|expected| expected != truth)
}
