//! Answers to questions about a lease: quick ones, each asked once. Why they are right is said in [`super::question`].

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::parameters::{Assumptions, Elector, Pair, Pause};
use super::question::{Contender, Question};
use super::theorem::{Answer, Reason, decide_all};
use super::trace::Trace;
use crate::launch::duration::GoDuration;
use crate::zones::Options;

/// Zones kept for one question, about a second's work; usual durations need some 35,000. A screen asks dozens of questions,
/// and a question that needs more is not decided.
const MOST_ZONES: u32 = 100_000;

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
pub struct Theorem {
    known: RefCell<BTreeMap<Vec<i64>, Truth>>,
}

/// What is said of a question that is neither proved with the covering delay nor refuted without writes that read alike.
const BETWEEN: &str = "it depends on renewals within one second, which read alike";

/// What is said of a client that waits for an answer for ever, if nothing else bounds it.
const NO_LIMIT: &str = "this client waits for an answer without a limit: say --reply-delay";

/// What is said if the only run that was found allows a little more than client-go does: neither proved nor refuted.
const NOT_REPRODUCED: &str = "the search found a run that client-go's elector, as modelled, does not reproduce";

impl Theorem {
    /// The answer.
    pub fn decide(&self, question: &Question) -> Truth {
        if self.proved(question) == Ok(true) {
            return Truth::Safe;
        }
        match self.without_alike(question) {
            Truth::Safe => Truth::Unknown(BETWEEN),
            other => other,
        }
    }

    /// True if it is proved quickly; false: it may be true all the same.
    pub fn proved(&self, question: &Question) -> Result<bool, &'static str> {
        let Some(covering) = question.covering() else { return Err(NO_LIMIT) };
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
        self.once(question.key(), || ask(question))
    }

    fn once(&self, key: Vec<i64>, ask: impl FnOnce() -> Truth) -> Truth {
        if let Some(truth) = self.known.borrow().get(&key) {
            return truth.clone();
        }
        let truth = ask();
        self.known.borrow_mut().insert(key, truth.clone());
        truth
    }
}

/// Asks the theorem in full: slow, to compare with.
#[must_use]
pub fn in_full(question: &Question) -> Truth {
    asked(question, Some(Assumptions::ONE_SECOND), Options::default())
}

/// Asks the theorem without writes that read alike.
fn ask(question: &Question) -> Truth {
    asked(question, None, Options { max_zones: MOST_ZONES, ..Options::default() })
}

fn asked(question: &Question, alike_within: Option<GoDuration>, options: Options) -> Truth {
    let assumed = &question.assumed;
    let request = question.request();
    let elector = |contender: &Contender| {
        let mut elector = contender.elector(assumed.clock_ppm);
        elector.request_timeout = request;
        elector
    };
    let electors: Vec<Elector> = question.contenders.iter().map(elector).collect();
    let pairs = match electors.as_slice() {
        [one] => vec![Pair::alike(*one)],
        several => Pair::all(several),
    };
    let assumptions = Assumptions {
        reply_delay: Some(request),
        stop_time: assumed.stop_time,
        pause: if assumed.pause.nanos == 0 { Pause::Never } else { Pause::Once(Some(assumed.pause)) },
        alike_within,
        ..Assumptions::crash_and_loss()
    };
    match decide_all(&pairs, &assumptions, options).answer {
        Answer::Proved => Truth::Safe,
        Answer::Refuted(trace) => Truth::Unsafe(Box::new(trace)),
        Answer::Inconclusive(Reason::ZoneLimit) => Truth::Unknown("the search was cut short"),
        Answer::Inconclusive(Reason::TooFine) => {
            Truth::Unknown("durations and clock rates have no common unit coarse enough; use rounder numbers")
        }
        Answer::Inconclusive(Reason::NoExactTimes | Reason::NotReproduced(_)) => Truth::Unknown(NOT_REPRODUCED),
    }
}
