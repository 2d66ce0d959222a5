//! What a verdict `holds` rests on, in plain words with its numbers.

use leasehold_model::controller::Component;
use leasehold_model::migration::Status;

use super::layout::{STRONG, paint, wrap};
use super::timing;
use crate::judge::Judgement;
use crate::screen::Screen;

/// The assumptions behind what holds, and behind the time without a controller; empty if there is neither.
pub fn text(judgement: &Judgement, screen: &Screen) -> String {
    let gap = super::gap::assumptions(judgement);
    let verdicts = if judgement.with_status(Status::Holds).next().is_some() { lines(judgement) } else { Vec::new() };
    let data_plane = judgement.data_plane.as_ref().map(super::data_plane::rests).unwrap_or_default();
    if verdicts.is_empty() && gap.is_empty() && data_plane.is_empty() {
        return String::new();
    }
    let mut out = format!("{}\n", paint("Rests on", STRONG, screen));
    for line in verdicts.into_iter().chain(gap).chain(data_plane) {
        out += &wrap(&line, "  - ", "    ", screen);
    }
    out
}

/// One sentence each.
pub fn lines(judgement: &Judgement) -> Vec<String> {
    let mut out = timing::rests(judgement);
    if !judgement.plan.steps.is_empty() {
        out.push("a step of the plan begins after the step before it is complete".into());
    }
    if judgement.plan.pools.iter().any(|pool| !pool.placement.is_empty()) {
        out.push(
            "a pod that has a node keeps it, cordoned or not; how many pods a node has room for is not counted, and a rollout \
             goes through even if its new pods find no node"
                .into(),
        );
    }
    let releases = judgement.plan.managers.iter().any(|s| s.component == Component::CloudControllerManager);
    if releases {
        out.push("a cloud-controller-manager behaves as the k8s.io/cloud-provider release named above".into());
    }
    out.push("the managers have the rights that the files grant and that Kubernetes bootstraps, and no others".into());
    out
}
