//! The result of `rehearse` as JSON, version 1. [`super::format`] defines it; docs/schema/rehearse.v1.json is generated.

use leasehold_model::controller::ControllerSet;
use leasehold_model::gap::Figure;
use leasehold_model::migration::Property;
use leasehold_model::rehearsal::{At, Judged, Naive};

use super::format::{OutageOut, PointOut, Rehearsed, StepOut, WrongWayOut};
use super::rows::{begins, from, no_return, rows};
use super::text::{lines, property};
use crate::commands::rehearse::study::{Answer, Says, Study};
use crate::render::header;
use crate::render::json::{counterexample, end};
use crate::scene::Scene;

/// The result as JSON, indented, ending with a line break.
pub fn text(study: &Study, scene: &Scene) -> String {
    serde_json::to_string_pretty(&rehearsed(study, scene)).expect("plain data") + "\n"
}

fn rehearsed(study: &Study, scene: &Scene) -> Rehearsed {
    let wrong = study.wrong.iter().map(|wrong| WrongWayOut {
        kind: wrong.kind.name(),
        what: wrong.kind.words(),
        from: begins(study, wrong),
        refuted: counterexample(&wrong.judgement, scene, wrong.property, &wrong.run),
    });
    Rehearsed {
        version: 1,
        tool: concat!("leasehold ", env!("CARGO_PKG_VERSION")).into(),
        exit: study.exit() as u8,
        summary: header::summary(&study.judgement),
        title: scene.title.clone(),
        steps: (0..study.judgement.plan.steps.len()).map(|step| step_out(study, step)).collect(),
        points: study.points.iter().zip(rows(study)).map(|(a, row)| point(study, scene, a, row.way)).collect(),
        point_of_no_return: no_return(study).map(from),
        wrong_ways: wrong.collect(),
        max_gap_seconds: study.allowed.map(|allowed| allowed.nanos as f64 / 1e9),
        states_at_rest: study.outages.as_ref().filter(|o| o.undecided.is_none()).map(|outages| outages.rests),
        states: study.states,
        end: end(study.end),
        assumptions: header::assumptions(&study.judgement, scene),
        rests_on: lines(study),
    }
}

fn step_out(study: &Study, step: usize) -> StepOut {
    let known = study.outages.as_ref().filter(|outages| outages.undecided.is_none());
    let undoing = known.map(|outages| {
        let of_step = outages.steps.iter().filter(|outage| usize::from(outage.step) == step);
        of_step.map(|outage| outage_out(outage.figure, outage.controllers)).collect()
    });
    StepOut { number: step + 1, title: study.judgement.plan.steps[step].title.clone(), undoing }
}

fn outage_out(figure: Figure, controllers: ControllerSet) -> OutageOut {
    let seconds = match figure {
        Figure::Within(nanos) => Some(nanos as f64 / 1e9),
        Figure::Unbounded => None,
    };
    OutageOut { controllers: controllers.iter().map(|c| c.name()).collect(), seconds }
}

fn point(study: &Study, scene: &Scene, answer: &Answer, why: String) -> PointOut {
    let point = &answer.point;
    let run = |property, run| counterexample(&study.judgement, scene, property, run);
    let longest = study.longest(point.at.steps_begun()).filter(|_| point.way.is_some() && study.no_figures().is_none());
    let (complete, half_done) = match point.at {
        At::After(steps) => (steps, false),
        At::Within(step) => (step, true),
    };
    PointOut {
        from: from(point.at),
        complete,
        half_done,
        verdict: match answer.says {
            Says::Yes => "safe",
            Says::Harmful => "harmful",
            Says::TooLong => "tooLong",
            Says::No => "lost",
            Says::Open => "inconclusive",
        },
        declared: answer.declared,
        why,
        states: point.states,
        safe_states: point.safe,
        exclusive_states: point.exclusive,
        moves: point.way.as_ref().map(|way| [way.fewest, way.moves]),
        gap: longest.map(|(figure, controllers)| outage_out(figure, controllers)),
        order_matters: point.order_matters,
        naive_is_safe: point.naive == Naive::Safe,
        way: point.way.as_ref().map(|way| run(Property::Returnable, &way.run)),
        refuted: point.refuted.as_ref().map(|refuted| run(property(study, point, refuted), refuted)),
        naive_refuted: match &point.naive {
            Naive::Unsafe(naive) if point.judged == Judged::Safe => Some(run(property(study, point, naive), naive)),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn generated_rehearse_schema() {
        let schema = serde_json::to_string_pretty(&schemars::schema_for!(super::Rehearsed)).expect("plain data");
        crate::generated::compare("docs/schema/rehearse.v1.json", &(schema + "\n"));
    }
}
