//! Applies the changes of all findings in memory and searches again: a fix is shown only with the verdicts it was seen to
//! have.

use super::{Edit, Finding, causes};
use crate::explore::Options;
use crate::lease_time::answers::Theorem;
use crate::migration::{Property, Report, Status, Unfit};
use crate::plan::Plan;
use crate::timing::judge;

/// How often new findings of a changed plan may add changes.
const ROUNDS: usize = 4;

/// A changed plan that was searched again.
#[derive(Clone, PartialEq, Debug)]
pub struct Fixed {
    /// The changes, in the order in which they were applied.
    pub edits: Vec<Edit>,
    /// The plan with the changes.
    pub plan: Plan,
    /// The verdicts on it.
    pub report: Report,
}

impl Fixed {
    /// True if `edit` can be applied to what there is: it is new, and if it renumbers the plan's steps it is the first to do
    /// so, because the numbers in others are of the plan before it.
    fn takes(&self, edit: &Edit) -> bool {
        let is_second = edit.renumbers_steps() && self.edits.iter().any(Edit::renumbers_steps);
        !is_second && !self.edits.contains(edit)
    }

    /// The properties that were violated and hold with the changes.
    pub fn mended(&self, before: &Report) -> Vec<Property> {
        let mended =
            |&p: &Property| before.of(p).status == Status::Violated && self.report.of(p).status == Status::Holds;
        Property::ALL.into_iter().filter(mended).collect()
    }
}

/// Applies what the findings say, searches again, and goes on with what that search finds, until nothing is violated or no
/// finding knows a change.
///
/// Returns `None` if no change mends any property, or if a change breaks one that held.
///
/// # Errors
/// If the problem's states do not fit.
pub fn fix(
    plan: &Plan,
    before: &Report,
    findings: &[Finding],
    theorem: &Theorem,
    options: &Options<'_>,
) -> Result<Option<Fixed>, Unfit> {
    let mut fixed = Fixed { edits: Vec::new(), plan: plan.clone(), report: before.clone() };
    let mut findings = findings.to_vec();
    for _ in 0..ROUNDS {
        // A manager that a change of the plan brought in is not in the operator's files.
        let is_written = |e: &Edit| e.manager().is_none_or(|manager| manager < plan.managers.len());
        let all = findings.iter().flat_map(|f| f.edits.clone());
        let fresh: Vec<Edit> = all.filter(|e| is_written(e) && fixed.takes(e)).collect();
        if fresh.is_empty() {
            break;
        }
        for edit in fresh {
            if fixed.takes(&edit) {
                edit.apply(&mut fixed.plan);
                fixed.edits.push(edit);
            }
        }
        let judged = judge(&fixed.plan, theorem, options)?;
        findings = causes(&fixed.plan, &judged, theorem);
        fixed.report = judged.report;
    }
    let broken = |&p: &Property| before.of(p).status == Status::Holds && fixed.report.of(p).status != Status::Holds;
    let useful = !fixed.mended(before).is_empty() && !Property::ALL.iter().any(broken);
    Ok(useful.then_some(fixed))
}
