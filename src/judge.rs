//! From a plan to verdicts, their causes and a fix that was searched again.

use leasehold_model::explore::{End, Options};
use leasehold_model::findings::{Finding, Fixed, causes, fix, lints};
use leasehold_model::launch::{Launch, Outcome};
use leasehold_model::lease_time::answers::{Theorem, Truth};
use leasehold_model::lease_time::trace::Trace;
use leasehold_model::migration::{Overtake, Problem, Property, Report, Status, Unfit};
use leasehold_model::plan::Plan;
use leasehold_model::timing::{self, Election, Open, Why};

use crate::data_plane::Found;
use crate::exit::Exit;
use crate::gap::{self, Gap};
use crate::scene::name;

/// Everything that `check` found out.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// What was judged.
    pub plan: Plan,
    /// What was searched.
    pub problem: Problem,
    /// What each manager does once it is started, in the order of the plan's managers.
    pub launches: Vec<Launch>,
    /// The verdicts.
    pub report: Report,
    /// The leases that several processes contend for, with what the lease theorem says of each pair.
    pub elections: Vec<Election>,
    /// What is not decided because of time.
    pub open: Vec<Open>,
    /// How long controllers act nowhere.
    pub gap: Gap,
    /// Why, with places and changes.
    pub findings: Vec<Finding>,
    /// What looks like a mistake although no verdict depends on it.
    pub notes: Vec<Finding>,
    /// The plan with the changes, searched again; `None` if no change is known that mends anything.
    pub fixed: Option<Fixed>,
    /// True if the search kept one state of each class of equal ones.
    pub symmetry: bool,
    /// What was found out about the data plane, if there is one.
    pub data_plane: Option<Found>,
}

/// Judges `plan`; `question`: what is asked about the time without a controller. What `theorem` leaves undecided, because
/// nobody waited, is inconclusive.
///
/// # Errors
/// If the cluster is too large to be searched exactly.
pub fn judge(
    plan: Plan,
    question: gap::Question,
    theorem: &Theorem<'_>,
    options: &Options<'_>,
) -> Result<Judgement, Unfit> {
    let judged = timing::judge(&plan, theorem, options)?;
    let findings = causes(&plan, &judged, theorem);
    let timing::Judged { problem, launches, report, elections, open } = judged;
    let same = |f: &Finding, g: &Finding| (f.code, f.manager, &f.at) == (g.code, g.manager, &g.at);
    let notes = lints(&plan).into_iter().filter(|note| !findings.iter().any(|f| same(f, note))).collect();
    let interrupted = report.verdicts.iter().any(|v| v.end == End::Cancelled);
    let fixed =
        if findings.is_empty() || interrupted { None } else { fix(&plan, &report, &findings, theorem, options)? };
    let gap = gap::judge(question, &plan, &launches, &report)?;
    let symmetry = options.symmetry;
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

impl Judgement {
    /// The properties with this status.
    pub fn with_status(&self, status: Status) -> impl Iterator<Item = Property> + '_ {
        self.report.verdicts.iter().filter(move |v| v.status == status).map(|v| v.property)
    }

    /// How many properties have this status, those of gap and data plane included.
    pub fn number(&self, status: Status) -> usize {
        let data_plane = self.data_plane.iter().flat_map(Found::verdicts).filter(|(_, s)| *s == status).count();
        self.with_status(status).count() + usize::from(self.gap.status() == Some(status)) + data_plane
    }

    /// The run in which a lease is taken while its holder still acts.
    pub fn run_of(&self, pair: Overtake) -> Option<&Trace> {
        let mut answers = self.elections.iter().filter_map(|election| election.answer(pair));
        answers.find_map(|truth| if let Truth::Unsafe(trace) = truth { Some(&**trace) } else { None })
    }

    /// Why time leaves a property undecided.
    pub fn open(&self, property: Property) -> Option<Why> {
        self.open.iter().find(|open| open.property == property).map(|open| open.why)
    }

    /// The managers that refuse to start or die soon after, by name.
    pub fn refusing(&self) -> Vec<String> {
        let dies = |launch: &Launch| match &launch.outcome {
            Outcome::Refuses(_) => true,
            Outcome::Runs(running) => running.migration.as_ref().is_some_and(|m| m.dies.is_some()),
            Outcome::Unlocked(_) => false,
        };
        self.plan.managers.iter().zip(&self.launches).filter(|(_, l)| dies(l)).map(|(spec, _)| name(spec)).collect()
    }

    /// The exit code: the worst verdict. A refuted property stays refuted however the rest of the search ended.
    pub fn exit(&self) -> Exit {
        let is = |status| self.number(status) > 0;
        if is(Status::Violated) {
            Exit::Violated
        } else if is(Status::Inconclusive) {
            Exit::Inconclusive
        } else {
            Exit::Holds
        }
    }
}
