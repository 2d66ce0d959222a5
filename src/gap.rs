//! The property `gap`: how long a controller acts nowhere, and whether that is too long for the scenario.

use leasehold_model::controller::ControllerSet;
use leasehold_model::gap::{Assumed, Cause, Figure, Gaps, Manager, Undecided, Worst, gaps};
use leasehold_model::launch::Launch;
use leasehold_model::launch::duration::GoDuration;
use leasehold_model::migration::{Problem, Property, Report, Status, Unfit};
use leasehold_model::plan::Plan;

/// What is asked.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Question {
    /// How long things take that no flag sets.
    pub assumed: Assumed,
    /// The longest gap that is expected, one thing at a time.
    pub at_most: Option<GoDuration>,
    /// The longest that is expected if nobody waits between the nodes of a step.
    pub at_most_without_waiting: Option<GoDuration>,
    /// The longest that is expected if a crash comes in the middle of a step.
    pub at_most_with_crash_in_step: Option<GoDuration>,
}

/// What was found out.
#[derive(Clone, PartialEq, Debug)]
pub struct Gap {
    /// What was asked.
    pub question: Question,
    /// The figures.
    pub found: Gaps,
    /// The controllers that somewhere no manager can run again, as `covered` found.
    pub for_good: ControllerSet,
    /// `covered` was not decided, so it is not known whether there are any.
    pub covered_is_open: bool,
}

/// The longest time that is expected, and of which causes.
type Limit = (Option<GoDuration>, fn(Cause) -> bool);

/// Asks.
///
/// # Errors
/// If the cluster is too large to be searched exactly.
pub fn judge(question: Question, plan: &Plan, launches: &[Launch], report: &Report) -> Result<Gap, Unfit> {
    judge_with(question, plan, launches, report, gaps)
}

/// Asks, and has `search` find the figures.
///
/// # Errors
/// Those of `search`.
pub fn judge_with(
    mut question: Question,
    plan: &Plan,
    launches: &[Launch],
    report: &Report,
    search: impl FnOnce(&Problem, &[Manager], &Assumed) -> Result<Gaps, Unfit>,
) -> Result<Gap, Unfit> {
    let managers = plan.managers.iter().zip(launches);
    let managers: Vec<Manager> = managers.map(|(spec, launch)| Manager::new(spec, launch, &question.assumed)).collect();
    // Where any reply is allowed for, as long as a client waits.
    let waits = managers.iter().filter_map(|manager| manager.elector).map(|elector| elector.request_timeout).max();
    question.assumed.request = plan.timing.reply_delay.or(waits).unwrap_or(question.assumed.request);
    let covered = report.of(Property::Covered);
    let for_good = covered.counterexamples.iter().fold(ControllerSet::EMPTY, |set, c| set.union(c.controllers));
    let covered_is_open = covered.status == Status::Inconclusive;
    Ok(Gap { question, found: search(&plan.problem(), &managers, &question.assumed)?, for_good, covered_is_open })
}

impl Gap {
    /// Why nothing is known, if so.
    pub fn undecided(&self) -> Option<Undecided> {
        self.found.undecided.or(self.covered_is_open.then_some(Undecided::CutShort))
    }

    /// The longest gap, one thing at a time; `None`: no controller ever stops.
    pub fn longest(&self) -> Option<Figure> {
        self.with_for_good(self.found.longest(|worst| worst.cause.is_alone()))
    }

    fn with_for_good(&self, worst: Option<&Worst>) -> Option<Figure> {
        if self.for_good.is_empty() { worst.map(|worst| worst.figure) } else { Some(Figure::Unbounded) }
    }

    /// The longest after each cause that has any, but for the controllers that are somewhere left for good.
    pub fn by_cause(&self) -> Vec<&Worst> {
        let bounded = |worst: &Worst| worst.controllers.intersection(self.for_good).is_empty();
        let longest = |cause| self.found.longest(|worst| worst.cause == cause && bounded(worst));
        Cause::ALL.into_iter().filter_map(longest).collect()
    }

    /// What is expected of which causes.
    fn expected(&self) -> [Limit; 3] {
        let Question { at_most, at_most_without_waiting, at_most_with_crash_in_step, .. } = self.question;
        [
            (at_most, Cause::is_alone),
            (at_most_without_waiting, |cause| cause != Cause::CrashMeanwhile),
            (at_most_with_crash_in_step, |cause| cause.is_alone() || cause == Cause::CrashMeanwhile),
        ]
    }

    /// The longest gap that is longer than expected; where no run shows it, only its figure.
    pub fn too_long(&self) -> Option<(Figure, Option<&Worst>)> {
        self.expected().into_iter().find_map(|(at_most, counts)| {
            let worst = self.found.longest(|worst| counts(worst.cause));
            let figure = self.with_for_good(worst)?;
            (figure > Figure::Within(at_most?.nanos)).then_some((figure, worst))
        })
    }

    /// The verdict, if the scenario expects anything.
    pub fn status(&self) -> Option<Status> {
        if self.expected().iter().all(|(at_most, _)| at_most.is_none()) {
            return None;
        }
        let exceeds = self.too_long().is_some();
        let left_out = self.question.at_most_without_waiting.is_some() && !self.found.left_out.is_empty();
        // What was found refutes; that there is nothing longer takes a complete search.
        Some(match (exceeds, self.undecided()) {
            (true, _) => Status::Violated,
            (false, undecided) if undecided.is_some() || left_out => Status::Inconclusive,
            (false, _) => Status::Holds,
        })
    }
}
