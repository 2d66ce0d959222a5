//! What a verdict `holds` rests on, in plain words with its numbers.

use leasehold_model::controller::Component;
use leasehold_model::launch::Outcome;
use leasehold_model::migration::Status;

use super::header::leases_may_be_deleted;
use super::layout::{STRONG, paint, wrap};
use crate::judge::Judgement;
use crate::screen::Screen;

/// The assumptions behind what holds; empty if nothing holds.
pub fn text(judgement: &Judgement, screen: &Screen) -> String {
    if judgement.with_status(Status::Holds).next().is_none() {
        return String::new();
    }
    let mut out = format!("{}\n", paint("Rests on", STRONG, screen));
    for line in lines(judgement) {
        out += &wrap(&line, "  - ", "    ", screen);
    }
    out
}

/// One sentence each.
pub fn lines(judgement: &Judgement) -> Vec<String> {
    let mut out = vec![exclusive_leases(judgement)];
    if !leases_may_be_deleted(&judgement.plan) {
        out.push("nobody edits or deletes a lease by hand".into());
    }
    if !judgement.plan.steps.is_empty() {
        out.push("a step of the plan begins after the step before it is complete".into());
    }
    let releases = judgement.plan.managers.iter().any(|s| s.component == Component::CloudControllerManager);
    if releases {
        out.push("a cloud-controller-manager behaves as the k8s.io/cloud-provider release named above".into());
    }
    out.push("the managers have the rights that the files grant and that Kubernetes bootstraps, and no others".into());
    out
}

/// A lease is exclusive while a holder that lost it has stopped before another may take it (docs/lease-theorem.md).
fn exclusive_leases(judgement: &Judgement) -> String {
    let margins = judgement.launches.iter().filter(|launch| matches!(launch.outcome, Outcome::Runs(_))).map(|launch| {
        let s = &launch.settings;
        let millis = [&s.lease_duration, &s.renew_deadline, &s.retry_period].map(|d| d.value.millis());
        (millis[0] - millis[1] - millis[2], millis)
    });
    let sentence = "leases are exclusive, never held by two: nothing here searches time";
    match margins.min() {
        None => sentence.into(),
        Some((margin, [lease, renew, retry])) if margin > 0 => format!(
            "{sentence}. With these flags that is true only while reply delay + stop time < {} ({} lease duration − {} renew \
             deadline − {} retry period), no lease update is slow or lost (what is then written again reads like the first \
             write, so the others do not see it), and no process is paused and resumed",
            seconds(margin),
            seconds(lease),
            seconds(renew),
            seconds(retry)
        ),
        Some((margin, _)) => format!(
            "{sentence}. With these flags nothing ensures that: lease duration − renew deadline − retry period is {}",
            seconds(margin)
        ),
    }
}

/// `3 s`, `1.5 s`
fn seconds(millis: i64) -> String {
    let text = format!("{:.3}", millis as f64 / 1000.0);
    format!("{} s", text.trim_end_matches('0').trim_end_matches('.'))
}
