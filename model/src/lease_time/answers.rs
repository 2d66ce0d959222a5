//! Answers to questions about a lease: quick ones, each asked once. Why they are right is said in [`super::question`].

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::constants::Rates;
use super::handover::Handover;
use super::parameters::{Assumptions, Elector, Others, Pair, Pause};
use super::question::{Contender, Question};
use super::theorem::{Answer, Reason, decide};
use super::trace::Trace;
use super::units::TooFine;
use crate::launch::duration::GoDuration;
use crate::zones::Options;

/// Zones kept for one question, about a second's work; usual durations need far fewer. A screen asks dozens of questions,
/// and a question that needs more is not decided.
const QUICK: Options = Options { max_zones: 100_000, extrapolate: true };

/// The answer to a question.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Truth {
    /// Proved: no two processes ever act under the lease at once.
    Safe,
    /// Refuted, by this run.
    Unsafe(Box<Trace>),
    /// Neither, and why.
    Unknown(&'static str),
}

impl Truth {
    /// True if it is proved.
    pub fn is_safe(&self) -> bool {
        *self == Truth::Safe
    }

    /// True if it is proved, false if it is refuted, and else why neither is known.
    pub fn known(&self) -> Result<bool, &'static str> {
        match self {
            Truth::Safe => Ok(true),
            Truth::Unsafe(_) => Ok(false),
            Truth::Unknown(why) => Err(why),
        }
    }
}

/// Answers questions, each only once.
#[derive(Default)]
pub struct Theorem<'w> {
    known: Mutex<BTreeMap<Vec<i64>, Truth>>,
    /// Automata without writes that read alike, in essence, in which two never lead.
    proved: Mutex<Vec<Handover>>,
    watch: Option<&'w Watch<'w>>,
}

/// Told, before each question that takes a search, how many were answered. What breaks leaves the rest undecided.
pub type Watch<'w> = dyn Fn(usize) -> ControlFlow<()> + Sync + 'w;

/// One process that holds a lease and one that takes it: numbers of a question's contenders.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Roles {
    /// Leads first.
    pub holder: usize,
    /// Becomes leader while the holder may still act.
    pub taker: usize,
}

/// What is said of a question that is neither proved with the covering delay nor refuted without writes that read alike.
const BETWEEN: &str = "it depends on renewals within one second, which read alike";

/// What is said of a client that waits for an answer for ever, if nothing else bounds it.
const NO_LIMIT: &str = "this client waits for an answer without a limit: say --reply-delay";

/// What is said if the only run that was found allows a little more than client-go does: neither proved nor refuted.
const NOT_REPRODUCED: &str = "the search found a run that client-go's elector, as modelled, does not reproduce";

/// What is said of questions that nobody waited for.
const INTERRUPTED: &str = "the search was interrupted";

impl<'w> Theorem<'w> {
    /// Answers questions until `watch` breaks. One question takes up to a few seconds.
    pub fn watched(watch: &'w Watch<'w>) -> Theorem<'w> {
        Theorem { watch: Some(watch), ..Theorem::default() }
    }

    /// The answer: refuted if one pair is, proved if all are.
    pub fn decide(&self, question: &Question) -> Truth {
        all(question.roles().map(|roles| self.decide_pair(question, roles)))
    }

    /// The answer for one holder and one taker among all contenders.
    pub fn decide_pair(&self, question: &Question, roles: Roles) -> Truth {
        let covering = question.covering();
        if hopeful(&covering, roles).is_some_and(|covering| self.pair_without_alike(covering, roles).is_safe()) {
            return Truth::Safe;
        }
        match self.pair_without_alike(question, roles) {
            Truth::Safe if covering.is_none() => Truth::Unknown(NO_LIMIT),
            Truth::Safe => Truth::Unknown(BETWEEN),
            Truth::Unknown(why) => match self.refuted_alone(question, roles) {
                Some(trace) => Truth::Unsafe(trace),
                None => Truth::Unknown(why),
            },
            refuted => refuted,
        }
    }

    /// A run in which the two act together and nobody else writes, if one is found quickly.
    pub fn refuted_alone(&self, question: &Question, roles: Roles) -> Option<Box<Trace>> {
        let found = self.once(key(question, roles, true), || {
            let (pair, assumptions) = stated(question, roles, None);
            let mut answers =
                narrower(&pair, &assumptions).into_iter().map(|(pair, assumptions)| truth(&pair, &assumptions, QUICK));
            answers.find(|truth| matches!(truth, Truth::Unsafe(_))).unwrap_or(Truth::Unknown(NOT_REPRODUCED))
        });
        if let Truth::Unsafe(trace) = found { Some(trace) } else { None }
    }

    /// Proves what it can of these pairs on so many threads, so that asking for them afterwards is quick.
    pub fn prepare(&self, asked: &[(&Question, Roles)], threads: usize) {
        let mut different: Vec<(Question, Roles, Handover)> = Vec::new();
        for (question, roles) in asked {
            if let Some(covering) = hopeful(&question.covering(), *roles).cloned()
                && let Ok(automaton) = automaton(&covering, *roles)
                && different.iter().all(|(.., other)| *other != automaton)
            {
                different.push((covering, *roles, automaton));
            }
        }
        let next = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..threads.min(different.len()) {
                scope.spawn(|| {
                    while let Some((question, roles, _)) = different.get(next.fetch_add(1, Ordering::Relaxed)) {
                        self.pair_without_alike(question, *roles);
                    }
                });
            }
        });
    }

    /// True if it is proved quickly; false: it may be true all the same.
    pub fn proved(&self, question: &Question) -> Result<bool, &'static str> {
        let Some(covering) = question.covering() else { return Err(NO_LIMIT) };
        if covering.closed_form() <= 0 {
            // Where arithmetic leaves nothing, a proof would only take long.
            return Ok(false);
        }
        match self.without_alike(&covering) {
            Truth::Unknown(NOT_REPRODUCED) => Ok(false),
            other => other.known(),
        }
    }

    /// False if it is refuted quickly; true: it may be false all the same.
    pub fn not_refuted(&self, question: &Question) -> Result<bool, &'static str> {
        self.without_alike(question).known()
    }

    fn without_alike(&self, question: &Question) -> Truth {
        all(question.roles().map(|roles| self.pair_without_alike(question, roles)))
    }

    fn pair_without_alike(&self, question: &Question, roles: Roles) -> Truth {
        let essence = automaton(question, roles).ok();
        if essence.as_ref().is_some_and(|essence| locked(&self.proved).contains(essence)) {
            return Truth::Safe;
        }
        let truth = self.once(key(question, roles, false), || {
            let (pair, assumptions) = stated(question, roles, None);
            truth(&pair, &assumptions, QUICK)
        });
        if let Some(essence) = essence.filter(|_| truth.is_safe()) {
            locked(&self.proved).push(essence);
        }
        truth
    }

    fn once(&self, key: Vec<i64>, ask: impl FnOnce() -> Truth) -> Truth {
        let answered = {
            let known = locked(&self.known);
            if let Some(truth) = known.get(&key) {
                return truth.clone();
            }
            known.len()
        };
        if self.watch.is_some_and(|watch| watch(answered).is_break()) {
            return Truth::Unknown(INTERRUPTED);
        }
        let truth = ask();
        locked(&self.known).insert(key, truth.clone());
        truth
    }
}

/// Where arithmetic leaves nothing, a proof is not tried: it would only take long.
fn hopeful(covering: &Option<Question>, roles: Roles) -> Option<&Question> {
    covering.as_ref().filter(|covering| covering.closed_form_of(roles) > 0)
}

/// Equal for equal pairs of equal questions, asked in the same way.
fn key(question: &Question, roles: Roles, narrowed: bool) -> Vec<i64> {
    let mut key = question.key();
    key.extend([roles.holder, roles.taker, usize::from(narrowed)].map(|i| i64::try_from(i).unwrap_or(i64::MAX)));
    key
}

/// Refuted if one is, proved if all are.
fn all(truths: impl Iterator<Item = Truth>) -> Truth {
    let mut all = Truth::Safe;
    for truth in truths {
        match truth {
            Truth::Unsafe(_) => return truth,
            Truth::Unknown(_) if all.is_safe() => all = truth,
            Truth::Safe | Truth::Unknown(_) => {}
        }
    }
    all
}

/// What another thread was doing when it panicked does no harm: entries are only added, whole.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Asks the theorem in full: slow, to compare with.
#[must_use]
pub fn in_full(question: &Question) -> Truth {
    all(question.roles().map(|roles| {
        let (pair, assumptions) = stated(question, roles, Some(Assumptions::ONE_SECOND));
        truth(&pair, &assumptions, Options::default())
    }))
}

/// The automaton of a pair without writes that read alike, in essence.
fn automaton(question: &Question, roles: Roles) -> Result<Handover, TooFine> {
    let (pair, assumptions) = stated(question, roles, None);
    Handover::new(&pair, &assumptions, Rates::Any).map(|automaton| automaton.essence())
}

/// A pair as the theorem takes it.
pub(super) fn stated(question: &Question, roles: Roles, alike_within: Option<GoDuration>) -> (Pair, Assumptions) {
    let assumed = &question.assumed;
    let request = question.request();
    let elector = |contender: &Contender| {
        let mut elector = contender.elector(assumed.clock_ppm);
        elector.request_timeout = request;
        elector
    };
    let others: Vec<Elector> = question.contenders.iter().map(elector).collect();
    let pair = Pair { first: others[roles.holder], second: others[roles.taker], others };
    let assumptions = Assumptions {
        reply_delay: Some(request),
        stop_time: assumed.stop_time,
        pause: if assumed.pause.nanos == 0 { Pause::Never } else { Pause::Once(Some(assumed.pause)) },
        alike_within,
        ..Assumptions::crash_and_loss()
    };
    (pair, assumptions)
}

/// Questions whose runs are all runs of this one, and that are far smaller: nobody else writes, no write comes late; and,
/// first, requests take no time, without a pause and with it. What refutes one of them refutes this one, and is simpler to
/// read.
fn narrower(pair: &Pair, assumptions: &Assumptions) -> Vec<(Pair, Assumptions)> {
    let alone = Assumptions { others: Others::Absent, late_writes: false, ..*assumptions };
    let paused = Assumptions { reply_delay: Some(GoDuration { nanos: 0 }), ..alone };
    let instant = Assumptions { pause: Pause::Never, ..paused };
    let at_once = |elector: Elector| Elector { request_timeout: GoDuration { nanos: 0 }, ..elector };
    let quick = Pair { first: at_once(pair.first), second: at_once(pair.second), others: pair.others.clone() };
    let mut questions = vec![(quick.clone(), instant), (quick, paused), (pair.clone(), alone)];
    questions.dedup();
    questions
}

fn truth(pair: &Pair, assumptions: &Assumptions, options: Options) -> Truth {
    match decide(pair, assumptions, options).answer {
        Answer::Proved => Truth::Safe,
        Answer::Refuted(trace) => Truth::Unsafe(Box::new(trace)),
        Answer::Inconclusive(Reason::ZoneLimit) => Truth::Unknown("the search was cut short"),
        Answer::Inconclusive(Reason::TooFine) => {
            Truth::Unknown("durations and clock rates have no common unit coarse enough; use rounder numbers")
        }
        Answer::Inconclusive(Reason::NoExactTimes | Reason::NotReproduced(_)) => Truth::Unknown(NOT_REPRODUCED),
    }
}
