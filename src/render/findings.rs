//! Findings with their places, one message for each code; the same code in other managers goes below the first.

use leasehold_model::controller::ControllerSet;
use leasehold_model::findings::{Code, Finding};
use miette::Severity;

use super::layout::list;
use super::report::Report;
use crate::judge::Judgement;
use crate::scene::{Scene, name};
use crate::screen::Screen;

/// The causes of what is violated.
pub fn causes(judgement: &Judgement, scene: &Scene, screen: &Screen) -> String {
    render(judgement, &judgement.findings, ("error", Severity::Error), scene, screen)
}

/// What looks like a mistake although no verdict depends on it.
pub fn notes(judgement: &Judgement, scene: &Scene, screen: &Screen) -> String {
    render(judgement, &judgement.notes, ("warning", Severity::Warning), scene, screen)
}

fn render(
    judgement: &Judgement,
    findings: &[Finding],
    (word, severity): (&str, Severity),
    scene: &Scene,
    screen: &Screen,
) -> String {
    let mut codes: Vec<Code> = Vec::new();
    for finding in findings {
        if !codes.contains(&finding.code) {
            codes.push(finding.code);
        }
    }
    let mut out = String::new();
    for code in codes {
        let group: Vec<&Finding> = findings.iter().filter(|f| f.code == code).collect();
        let first = group[0];
        let mut lines = vec![first.message.clone()];
        lines.extend(also(judgement, &group, scene));
        let controllers = group.iter().fold(ControllerSet::EMPTY, |set, f| set.union(could_be_given_up(judgement, f)));
        if !controllers.is_empty() {
            let flags: Vec<String> = controllers.iter().map(|c| format!("--given-up {c}")).collect();
            lines.push(format!(
                "nothing runs {} at the end of the plan; if that is meant, say so: {}, or `assume: {{givenUp: [{}]}}` in a \
                 scenario",
                list(controllers.iter()),
                flags.join(" "),
                controllers
            ));
        }
        lines.push(format!("more: leasehold explain {code}"));
        let place = scene.place(first.manager, &first.at);
        let report = Report {
            word: format!("{word}[{code}]:"),
            severity,
            title: code.title().into(),
            place: place.map(|span| (span, None)),
            lines,
        };
        out += &report.render(&scene.sources, screen);
        out.push('\n');
    }
    out
}

/// The controllers of a finding that the operator may have given up on purpose: no manager of the plan's end is able to run
/// them.
pub fn could_be_given_up(judgement: &Judgement, finding: &Finding) -> ControllerSet {
    match finding.code {
        Code::LM402 | Code::LM603 => {
            finding.controllers.difference(judgement.plan.capable_at(judgement.plan.steps.len()))
        }
        _ => ControllerSet::EMPTY,
    }
}

/// One line for each other place with the same code.
fn also(judgement: &Judgement, group: &[&Finding], scene: &Scene) -> Vec<String> {
    let place = |f: &Finding| scene.place(f.manager, &f.at).map(|span| scene.sources.place(span));
    let manager = |f: &Finding| name(&judgement.plan.managers[f.manager]);
    let mut shown = vec![(place(group[0]), group[0].message.clone())];
    let mut lines = Vec::new();
    for finding in &group[1..] {
        let key = (place(finding), finding.message.clone());
        if shown.contains(&key) {
            continue;
        }
        let at = key.0.clone().map_or_else(|| manager(finding), |place| format!("{place} ({})", manager(finding)));
        let known = shown.iter().any(|(_, message)| is_about_another(message, &finding.message));
        lines.push(if known { format!("also {at}") } else { format!("also {at}: {}", finding.message) });
        shown.push(key);
    }
    lines
}

/// True if two messages differ in nothing but the manager's name.
fn is_about_another(one: &str, other: &str) -> bool {
    let rest = |message: &str| {
        let mut words = message.split_whitespace().filter(|w| !w.starts_with("(library") && !w.starts_with("0."));
        let words: Vec<&str> = words.by_ref().filter(|w| !w.starts_with("1.")).collect();
        words.join(" ").replace("cloud-controller-manager", "").replace("kube-controller-manager", "")
    };
    rest(one) == rest(other)
}
