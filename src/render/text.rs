//! The whole screen of `check`: verdicts first, then why, then what to do.

use leasehold_model::explore::End;
use leasehold_model::migration::story::Story;
use leasehold_model::migration::{Counterexample, Property, Status};

use super::layout::{BAD, GOOD, OPEN, count, paint, wrap};
use super::{
    data_plane, data_plane_claims, data_plane_run, findings, fix, gap, header, problems, rests, timeline, verdicts,
};
use crate::data_plane::Found;
use crate::exit::Exit;
use crate::judge::Judgement;
use crate::scene::Scene;
use crate::screen::Screen;

/// The screen. `all`: every counterexample, not just the first of each property.
pub fn text(judgement: &Judgement, scene: &Scene, all: bool, screen: &Screen) -> String {
    let of_data_plane = |text: &dyn Fn(&Found) -> String| judgement.data_plane.as_ref().map(text).unwrap_or_default();
    let parts = [
        header::text(judgement, scene, screen),
        verdicts::text(judgement, scene, screen),
        timelines(judgement, all, screen),
        gap::paths(judgement, all, screen),
        of_data_plane(&|found| data_plane_run::text(found, all, screen)),
        of_data_plane(&|found| data_plane::orders(found, screen)),
        of_data_plane(&|found| data_plane_claims::text(found, screen)),
        findings::causes(judgement, scene, screen).trim_end().to_string(),
        of_data_plane(&|found| data_plane::findings(found, scene, screen)),
        findings::notes(judgement, scene, screen).trim_end().to_string(),
        problems::asides(&scene.sources, &scene.problems, screen),
        fix::text(judgement, scene, screen),
        rests::text(judgement, screen),
        conclusion(judgement, scene, screen),
    ];
    let parts: Vec<&str> = parts.iter().map(|part| part.trim_end()).filter(|part| !part.is_empty()).collect();
    parts.join("\n\n") + "\n"
}

/// Counterexamples with the same story are told once. Where controllers already run twice on the way forward, how the way
/// back comes to that is told in one line.
pub fn timelines(judgement: &Judgement, all: bool, screen: &Screen) -> String {
    let mut told: Vec<(Story, Vec<Property>, &Counterexample)> = Vec::new();
    let mut asides = Vec::new();
    let mut left = 0;
    let overlaps = judgement.report.of(Property::Exclusive).status == Status::Violated;
    for verdict in judgement.report.verdicts.iter().filter(|v| v.status == Status::Violated) {
        for (i, counterexample) in verdict.counterexamples.iter().enumerate() {
            let story = Story::new(&judgement.problem, counterexample);
            match told.iter_mut().find(|(known, ..)| *known == story) {
                Some((_, properties, _)) if !properties.contains(&verdict.property) => {
                    properties.push(verdict.property)
                }
                Some(_) => {}
                None if verdict.property == Property::Returnable && overlaps && !all => {
                    asides.push(timeline::way_back(judgement, &story, counterexample));
                }
                None if i == 0 || all => told.push((story, vec![verdict.property], counterexample)),
                None => left += 1,
            }
        }
    }
    let mut parts: Vec<String> =
        told.iter().map(|(_, properties, c)| timeline::text(judgement, properties, c, screen)).collect();
    if left > 0 {
        asides.push(format!("{} not shown: --all shows them", count(left, "further counterexample")));
    }
    parts.extend(asides.iter().map(|aside| wrap(aside, "", "", screen)));
    parts.iter().map(|part| part.trim_end()).collect::<Vec<_>>().join("\n\n")
}

/// The last line: how many properties are violated, and the exit code.
pub fn conclusion(judgement: &Judgement, scene: &Scene, screen: &Screen) -> String {
    let gap = judgement.gap.status();
    let data_plane = judgement.data_plane.as_ref();
    let all =
        judgement.report.verdicts.len() + usize::from(gap.is_some()) + data_plane.map_or(0, |d| d.verdicts().len());
    let number = |status| judgement.number(status);
    let (text, style) = match judgement.exit() {
        Exit::Violated => (format!("{} of {all} properties violated (exit 1)", number(Status::Violated)), BAD),
        Exit::Inconclusive => {
            let limited = judgement.report.verdicts.iter().any(|v| v.end == End::StateLimit);
            let hint = match (limited, judgement.open.is_empty()) {
                (true, _) => ": raise --max-states",
                (false, true) => "",
                (false, false) => ": see `leasehold margins`",
            };
            let open = number(Status::Inconclusive);
            (format!("{open} of {all} properties not decided, none violated (exit 3){hint}"), OPEN)
        }
        _ => (format!("all {all} properties hold (exit 0)"), GOOD),
    };
    let unexpected = judgement.report.verdicts.iter().filter(|v| verdicts::mismatch(scene, v).is_some()).count()
        + usize::from(gap == Some(Status::Violated))
        + data_plane.map_or(0, |found| found.unexpected());
    let mut out = paint(&text, style, screen);
    if unexpected > 0 {
        out += &paint(&format!("; {} the scenario expects", count_other(unexpected)), OPEN, screen);
    } else if (!scene.expected.is_empty() || gap.is_some()) && number(Status::Inconclusive) == 0 {
        out += "; as the scenario expects";
    }
    out
}

fn count_other(n: usize) -> String {
    if n == 1 { "1 verdict is not what".into() } else { format!("{n} verdicts are not what") }
}
