//! The question itself: can two processes act under one lease at the same time?

use super::constants::{Rate, Rates};
use super::drawn::drawn;
use super::handover::Handover;
use super::parameters::{Assumptions, Pair};
use super::replay::{Mismatch, replay};
use super::trace::Trace;
use super::units::TooFine;
use crate::zones::{Options, search};

/// The answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// Never, in dense time, under the assumptions.
    Proved,
    /// Yes: so. The elector of [`crate::election`] has executed it.
    Refuted(Trace),
    /// Not known.
    Inconclusive(Reason),
}

/// Why an answer is not known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Reason {
    /// The search was cut short.
    ZoneLimit,
    /// The durations have no common unit.
    TooFine,
    /// No path that was found is one of exact client-go: the automaton allows a little more, so this proves nothing.
    NoExactTimes,
    /// The elector does not do what the path says.
    NotReproduced(Mismatch),
}

/// An answer and what it took.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verdict {
    /// The answer.
    pub answer: Answer,
    /// Distinct locations of all searches.
    pub locations: usize,
    /// Zones that were kept.
    pub zones: usize,
    /// Zones that were generated.
    pub generated: u64,
}

/// Decides one pair.
#[must_use]
pub fn decide(pair: &Pair, assumptions: &Assumptions, options: Options) -> Verdict {
    let mut verdict = attempt(pair, assumptions, Rates::Any, options);
    let drifts = pair.first.drift_ppm > 0 || pair.second.drift_ppm > 0;
    if drifts && verdict.answer == Answer::Inconclusive(Reason::NoExactTimes) {
        // Rates that change at will gave a path that no constant rates can follow: ask again with the worst of those.
        // That can refute, and prove nothing.
        let constant = attempt(pair, assumptions, Rates::Fixed([Rate::Slow, Rate::Fast]), options);
        verdict.locations += constant.locations;
        verdict.zones += constant.zones;
        verdict.generated += constant.generated;
        if constant.answer != Answer::Proved {
            verdict.answer = constant.answer;
        }
    }
    verdict
}

fn attempt(pair: &Pair, assumptions: &Assumptions, rates: Rates, options: Options) -> Verdict {
    let mut verdict = Verdict { answer: Answer::Inconclusive(Reason::TooFine), locations: 0, zones: 0, generated: 0 };
    let Ok(automaton) = Handover::new(pair, assumptions, rates) else { return verdict };
    if rates == Rates::Any && assumptions.alike_within.is_none() {
        let found = search(&automaton.clone().loosened(), options, |_| true);
        (verdict.locations, verdict.zones, verdict.generated) = (found.locations, found.zones, found.generated);
        if found.complete && !found.reached() {
            verdict.answer = Answer::Proved;
            return verdict;
        }
        if let Some(trace) = drawn(pair, assumptions) {
            verdict.answer = Answer::Refuted(trace);
            return verdict;
        }
    }
    let mut refusal = None;
    let mut refuted = None;
    let found = search(&automaton, options, |path| {
        match Trace::of(pair, assumptions, path) {
            Err(TooFine) => refusal = refusal.take().or(Some(Reason::TooFine)),
            Ok(None) => refusal = refusal.take().or(Some(Reason::NoExactTimes)),
            Ok(Some(trace)) => match replay(pair, &trace) {
                Ok(()) => refuted = Some(trace),
                Err(mismatch) => refusal = refusal.take().or(Some(Reason::NotReproduced(mismatch))),
            },
        }
        refuted.is_some()
    });
    verdict.locations += found.locations;
    verdict.zones += found.zones;
    verdict.generated += found.generated;
    verdict.answer = match (refuted, refusal) {
        (Some(trace), _) => Answer::Refuted(trace),
        (None, Some(reason)) => Answer::Inconclusive(reason),
        (None, None) if found.complete => Answer::Proved,
        (None, None) => Answer::Inconclusive(Reason::ZoneLimit),
    };
    verdict
}

/// Decides any number of electors of these configurations: every pair of them, in both orders, among others of all.
///
/// Refuted if one pair is; proved if all are.
#[must_use]
pub fn decide_all(pairs: &[Pair], assumptions: &Assumptions, options: Options) -> Verdict {
    let mut all = Verdict { answer: Answer::Proved, locations: 0, zones: 0, generated: 0 };
    for pair in pairs {
        let one = decide(pair, assumptions, options);
        all.locations += one.locations;
        all.zones += one.zones;
        all.generated += one.generated;
        match (&all.answer, &one.answer) {
            (_, Answer::Refuted(_)) => {
                all.answer = one.answer;
                return all;
            }
            (Answer::Proved, Answer::Inconclusive(_)) => all.answer = one.answer,
            _ => {}
        }
    }
    all
}
