//! Rows: each protocol's files are read, resolved, compiled and searched like anybody's.
//!
//! Many migrations differ in nothing but release numbers, so what was searched once is not searched again: the lease
//! theorem keeps its answers, and the figures of a problem hold for every problem that is equal but for its titles.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use leasehold_model::explore::{End, Options, Progress};
use leasehold_model::findings::causes;
use leasehold_model::gap::{Assumed, Cause, Figure, Gaps, Manager, gaps};
use leasehold_model::lease_time::answers::Theorem;
use leasehold_model::migration::{Problem, Property, Report, Status, Unfit};
use leasehold_model::timing::{self, Judged};
use leasehold_scenarios::compile::compile;
use leasehold_scenarios::resolve::{Request, resolve};

use super::document::{Cell, Gap, Row, Time, Verdict};
use super::files::files;
use super::protocol::Protocol;
use crate::commands::generate::design::Design;
use crate::commands::generate::write::Memory;
use crate::exit::Failure;
use crate::gap::{Question, judge_with};

/// One protocol for one migration.
pub struct Case {
    /// The migration.
    pub design: Design,
    /// How it is done.
    pub protocol: Protocol,
}

/// The rows of `cases` in their order, judged by so many threads. `watch` is told how many are done; once it breaks no further
/// row is begun, and those that are missing are `None`.
///
/// # Errors
/// If a cluster is too large to be searched exactly.
pub fn rows(
    cases: &[Case],
    threads: usize,
    watch: &(dyn Fn(usize) -> ControlFlow<()> + Sync),
) -> Result<Vec<Option<Row>>, Failure> {
    let done = AtomicUsize::new(0);
    let look = || watch(done.load(Ordering::Relaxed));
    let asked = |_: usize| look();
    let progress = |_: Progress| look();
    let options = Options { symmetry: true, threads: 1, on_progress: Some(&progress), ..Options::default() };
    let judge = Judge { theorem: Theorem::watched(&asked), options, known: Mutex::default() };
    let rows: Vec<Mutex<Option<Row>>> = cases.iter().map(|_| Mutex::default()).collect();
    let failed: Mutex<Option<Failure>> = Mutex::default();
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..threads.min(cases.len()) {
            scope.spawn(|| {
                while !look().is_break() {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(case) = cases.get(number) else { return };
                    match judge.row(case) {
                        Ok(row) => *lock(&rows[number]) = row,
                        Err(failure) => {
                            lock(&failed).get_or_insert(failure);
                            return;
                        }
                    }
                    done.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    if let Some(failure) = lock(&failed).take() {
        return Err(failure);
    }
    Ok(rows.iter().map(|row| lock(row).take()).collect())
}

/// The figure that was shown; for tests, which have no other way to a row's exact time.
#[cfg(test)]
pub fn figure(time: Time) -> Option<Figure> {
    match time {
        Time::Within { seconds } => Some(Figure::Within((seconds * 1e9).round() as i64)),
        Time::Unbounded => Some(Figure::Unbounded),
        Time::None | Time::Unknown => None,
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What was asked of the search for gaps, and what it said.
struct Known {
    problem: Problem,
    managers: Vec<Manager>,
    gaps: Gaps,
}

struct Judge<'o> {
    theorem: Theorem<'o>,
    options: Options<'o>,
    known: Mutex<Vec<Known>>,
}

impl Judge<'_> {
    /// `None` if the search was interrupted.
    fn row(&self, case: &Case) -> Result<Option<Row>, Failure> {
        let Case { design, protocol } = case;
        let files = files(design, protocol);
        let request = Request { paths: vec!["scenario.yaml".into()], ..Request::default() };
        let resolved =
            resolve(&request, &Memory(&files)).map_err(|failed| Failure::unread(*failed, "nothing was compared"))?;
        let (steps, downtime) = (resolved.steps.len(), resolved.steps.iter().any(|step| step.downtime));
        let plan = compile(&resolved);
        let judged = timing::judge(&plan, &self.theorem, &self.options).map_err(Failure::TooLarge)?;
        if judged.report.verdicts.iter().any(|verdict| verdict.end == End::Cancelled) {
            return Ok(None);
        }
        let gap =
            judge_with(Question::default(), &plan, &judged.launches, &judged.report, |problem, managers, assumed| {
                self.gaps(problem, managers, assumed)
            })
            .map_err(Failure::TooLarge)?;
        let cell = |property: Property| {
            let verdict = judged.report.of(property);
            let alone = Judged { report: Report { verdicts: vec![verdict.clone()] }, ..judged.clone() };
            let mut findings: Vec<String> =
                causes(&plan, &alone, &self.theorem).iter().map(|finding| finding.code.to_string()).collect();
            findings.sort_unstable();
            findings.dedup();
            Cell {
                verdict: match verdict.status {
                    Status::Holds => Verdict::Holds,
                    Status::Violated => Verdict::Violated,
                    Status::Inconclusive => Verdict::Inconclusive,
                },
                findings,
            }
        };
        let time = |cause: Cause| match gap.found.longest(|worst| worst.cause == cause).map(|worst| worst.figure) {
            _ if gap.undecided().is_some() => Time::Unknown,
            Some(Figure::Unbounded) => Time::Unbounded,
            Some(Figure::Within(nanos)) => Time::Within { seconds: nanos as f64 / 1e9 },
            None => Time::None,
        };
        Ok(Some(Row {
            provider: design.wish.provider.clone(),
            from: design.wish.from.to_string(),
            to: design.wish.to.to_string(),
            moves: design.moves.iter().map(|controller| controller.name().to_string()).collect(),
            protocol: protocol.id,
            steps,
            exclusive: cell(Property::Exclusive),
            covered: cell(Property::Covered),
            starts: cell(Property::Starts),
            returnable: cell(Property::Returnable),
            gap: Gap { downtime, step: time(Cause::Plan), way_back: time(Cause::WayBack), crash: time(Cause::Crash) },
            states: judged.report.of(Property::Exclusive).states,
        }))
    }

    /// The figures, searched for once.
    fn gaps(&self, problem: &Problem, managers: &[Manager], assumed: &Assumed) -> Result<Gaps, Unfit> {
        let managers: Vec<Manager> = managers.iter().map(|manager| manager.without_release()).collect();
        let mut problem = problem.clone();
        problem.steps.iter_mut().for_each(|step| step.title.clear());
        problem.leases.iter_mut().for_each(|lease| lease.name.clear());
        let known =
            lock(&self.known).iter().find(|k| k.problem == problem && k.managers == managers).map(|k| k.gaps.clone());
        if let Some(gaps) = known {
            return Ok(gaps);
        }
        let found = gaps(&problem, &managers, assumed)?;
        lock(&self.known).push(Known { problem, managers, gaps: found.clone() });
        Ok(found)
    }
}
