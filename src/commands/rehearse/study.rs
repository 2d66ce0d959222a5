//! From a plan to what is said of the way back from each of its points, with three values.

use leasehold_model::controller::ControllerSet;
use leasehold_model::explore::{End, Options};
use leasehold_model::gap::{Assumed, Figure, Gaps, Manager, Undecided};
use leasehold_model::launch::Launch;
use leasehold_model::launch::duration::GoDuration;
use leasehold_model::lease_time::answers::{Theorem, Truth};
use leasehold_model::migration::{Overtake, Problem, Property, Status, Unfit};
use leasehold_model::plan::Plan;
use leasehold_model::rehearsal::{Harm, Judged, Naive, Outages, Point, Rehearsal, outages, rehearse};
use leasehold_model::timing::{self, Election, is_timed};

use super::wrong::WrongWay;
use crate::exit::Exit;
use crate::gap::{Gap, Question};
use crate::judge::Judgement;
use crate::scene::Scene;

/// Everything that was found out.
pub struct Study {
    /// The plan and its verdicts as `check` finds them, for names and runs.
    pub judgement: Judgement,
    /// The points that were asked for.
    pub points: Vec<Answer>,
    /// Distinct classes of states searched.
    pub states: usize,
    /// How the search ended.
    pub end: End,
    /// What undoing each step costs; `None` if the search was cut short before.
    pub outages: Option<Outages>,
    /// The longest time without a controller that is allowed.
    pub allowed: Option<GoDuration>,
    /// Ways back that only look right.
    pub wrong: Vec<WrongWay>,
    /// The titles of the scenario's steps.
    pub titles: Vec<String>,
    /// Ctrl-C came before everything was looked at.
    pub interrupted: bool,
}

/// What is said of one point.
pub struct Answer {
    /// The point.
    pub point: Point,
    /// The answer.
    pub says: Says,
    /// The scenario says that it expects no better.
    pub declared: bool,
}

/// Whether there is a safe way back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Says {
    /// From every state.
    Yes,
    /// Only one that leaves controllers without a manager until the operator goes on, or starts managers that refuse.
    Harmful,
    /// Only one that takes longer than allowed without a controller.
    TooLong,
    /// None.
    No,
    /// Not decided: it depends on a lease that is neither proved nor refuted in time.
    Open,
}

/// Judges the points of `plan` for which `asked` holds.
///
/// # Errors
/// If the cluster is too large to be searched exactly.
pub fn study(
    plan: Plan,
    scene: &Scene,
    allowed: Option<GoDuration>,
    asked: impl Fn(&Point) -> bool,
    options: &Options<'_>,
) -> Result<Study, Unfit> {
    // Whatever the scenario means to do: that is what is asked.
    let judgement = judgement(Plan { rollback: plan.rollback.if_tried(), ..plan }, scene.gap, options)?;
    let ideal = judgement.plan.problem();
    let with = |of: fn(&Truth) -> bool| {
        let pairs = judgement.elections.iter().flat_map(Election::pairs);
        let mut pairs: Vec<Overtake> = pairs.filter(|(_, truth)| of(truth)).map(|(pair, _)| pair).collect();
        pairs.sort_unstable();
        Problem { overtakes: pairs, ..ideal.clone() }
    };
    let (refuted, unproved) = (with(|truth| matches!(truth, Truth::Unsafe(_))), with(|truth| !truth.is_safe()));
    let proving = rehearse(&unproved, options)?;
    let (states, end) = (proving.states, proving.end);
    let decided = if unproved.overtakes.is_empty() {
        proving.points.into_iter().map(|point| (says(&point), point)).collect()
    } else {
        weigh(proving, rehearse(&ideal, options)?, rehearse(&refuted, options)?, &refuted)
    };
    let stopped = judgement.report.verdicts.iter().any(|verdict| verdict.end == End::Cancelled);
    let outages = if end == End::Complete && !stopped {
        let assumed = judgement.gap.question.assumed;
        Some(outages(&ideal, &managers(&judgement.plan, &judgement.launches, &assumed), &assumed, options)?)
    } else {
        None
    };
    let points = decided
        .into_iter()
        .filter(|(_, point)| asked(point))
        .map(|(says, point)| {
            let says =
                if says == Says::Yes && is_too_long(&point, outages.as_ref(), allowed) { Says::TooLong } else { says };
            let declared = is_declared(&point, says, scene);
            Answer { point, says, declared }
        })
        .collect();
    Ok(Study {
        judgement,
        points,
        states,
        end,
        outages,
        allowed,
        wrong: Vec::new(),
        titles: Vec::new(),
        interrupted: false,
    })
}

fn says(point: &Point) -> Says {
    match point.judged {
        Judged::Safe => Says::Yes,
        Judged::Harmful => Says::Harmful,
        Judged::Lost => Says::No,
    }
}

/// As [`timing`] weighs verdicts: safe is what is safe with every lease taken early that is not proved; lost is what is lost
/// with none, or with those that are refuted if the run can be timed.
fn weigh(proving: Rehearsal, ideal: Rehearsal, refuting: Rehearsal, refuted: &Problem) -> Vec<(Says, Point)> {
    let of = |rehearsal: &Rehearsal, at| rehearsal.points.iter().find(|point| point.at == at).cloned();
    let one = |proved: Point| {
        let at = proved.at;
        if proved.judged == Judged::Safe {
            // A run is shown only if it needs no lease that is merely not proved.
            let known = of(&ideal, at).map(|point| point.naive).filter(|naive| matches!(naive, Naive::Unsafe(_)));
            let naive = if proved.naive == Naive::Safe { Naive::Safe } else { known.unwrap_or(Naive::Open) };
            return (Says::Yes, Point { naive, ..proved });
        }
        if let Some(point) = of(&ideal, at).filter(|point| point.judged != Judged::Safe) {
            let way = point.way.clone().filter(|_| proved.judged == Judged::Harmful);
            return (says(&point), Point { way, ..point });
        }
        let timed = |point: &Point| point.refuted.as_ref().is_some_and(|run| is_timed(refuted, run));
        if let Some(point) = of(&refuting, at).filter(|point| point.judged != Judged::Safe && timed(point)) {
            return (says(&point), point);
        }
        (Says::Open, Point { way: None, refuted: None, ..proved })
    };
    proving.points.into_iter().map(one).collect()
}

fn is_too_long(point: &Point, outages: Option<&Outages>, allowed: Option<GoDuration>) -> bool {
    let longest = outages.and_then(|outages| outages.longest(point.at.steps_begun()));
    let (Some(longest), Some(allowed)) = (longest, allowed) else { return false };
    longest.figure > Figure::Within(allowed.nanos)
}

/// The scenario expects the property violated that the way back violates.
fn is_declared(point: &Point, says: Says, scene: &Scene) -> bool {
    let expects = |property| scene.expected.contains(&(property, Status::Violated));
    let harm = |harm: &Harm| match harm {
        Harm::Orphaned(_) => expects(Property::Covered),
        Harm::Refuses(_) => expects(Property::Starts),
    };
    match says {
        Says::No | Says::Open => expects(Property::Returnable),
        Says::Harmful => {
            expects(Property::Returnable) || !point.unavoidable.is_empty() && point.unavoidable.iter().all(harm)
        }
        Says::TooLong | Says::Yes => false,
    }
}

/// The verdicts of `check`; nothing is said of gaps, causes and fixes.
fn judgement(plan: Plan, mut question: Question, options: &Options<'_>) -> Result<Judgement, Unfit> {
    let timing::Judged { problem, launches, report, elections, open } =
        timing::judge(&plan, &Theorem::default(), options)?;
    // Where any reply is allowed for, as long as a client waits; as `check` does.
    let electors = managers(&plan, &launches, &question.assumed).into_iter().filter_map(|manager| manager.elector);
    let waits = electors.map(|elector| elector.request_timeout).max();
    question.assumed.request = plan.timing.reply_delay.or(waits).unwrap_or(question.assumed.request);
    let undecided = Some(Undecided::CutShort);
    let found =
        Gaps { worst: Vec::new(), controllers: ControllerSet::EMPTY, rests: 0, left_out: Vec::new(), undecided };
    let gap = Gap { question, found, for_good: ControllerSet::EMPTY, covered_is_open: false };
    let (findings, notes, fixed, symmetry) = (Vec::new(), Vec::new(), None, options.symmetry);
    Ok(Judgement {
        plan,
        problem,
        launches,
        report,
        elections,
        open,
        gap,
        findings,
        notes,
        fixed,
        symmetry,
        data_plane: None,
    })
}

fn managers(plan: &Plan, launches: &[Launch], assumed: &Assumed) -> Vec<Manager> {
    plan.managers.iter().zip(launches).map(|(spec, launch)| Manager::new(spec, launch, assumed)).collect()
}

impl Study {
    /// Why nothing is known of the time without a controller, if so.
    pub fn no_figures(&self) -> Option<Undecided> {
        self.outages.as_ref().map_or(Some(Undecided::CutShort), |outages| outages.undecided)
    }

    /// The longest time without a controller on the way back from a point where so many steps have begun; `None`: none, or
    /// not known.
    pub fn longest(&self, begun: usize) -> Option<(Figure, ControllerSet)> {
        let longest = self.outages.as_ref()?.longest(begun)?;
        let alike = self.outages.as_ref()?.steps.iter();
        let same = alike.filter(|outage| usize::from(outage.step) < begun && outage.figure == longest.figure);
        Some((longest.figure, same.fold(ControllerSet::EMPTY, |set, outage| set.union(outage.controllers))))
    }

    /// The exit code: 1 if a point has no safe way back and the scenario does not declare it; 3 if that is not decided
    /// somewhere.
    pub fn exit(&self) -> Exit {
        let open = |answer: &&Answer| answer.says == Says::Open;
        let bad = self.points.iter().any(|a| !a.declared && !matches!(a.says, Says::Yes | Says::Open));
        let unknown_gap = self.allowed.is_some() && self.no_figures().is_some();
        if bad {
            Exit::Violated
        } else if self.end != End::Complete
            || self.interrupted
            || unknown_gap
            || self.points.iter().any(|answer| open(&answer))
        {
            Exit::Inconclusive
        } else {
            Exit::Holds
        }
    }
}
