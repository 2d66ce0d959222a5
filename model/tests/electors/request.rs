//! A call of the typed client on its way to the API server and back, as its script says.

use crate::log::{Fate, Op, Record};

/// Nothing, or why a line cannot be.
pub type Checked = Result<(), String>;

/// # Errors
/// What `otherwise` says, unless it holds.
pub fn check(holds: bool, otherwise: impl FnOnce() -> String) -> Checked {
    if holds { Ok(()) } else { Err(otherwise()) }
}

/// A call that has yet to return or to reach the API server.
#[derive(Clone)]
pub struct Call {
    pub op: Op,
    /// What an update is based on.
    pub version: Option<u64>,
    pub record: Option<Record>,
    /// `None`: not sent.
    pub way: Option<Way>,
    pub answer: Option<Answer>,
    pub replied: bool,
}

impl Call {
    /// True if it has yet to reach the API server.
    pub fn is_under_way(&self) -> bool {
        self.answer.is_none() && self.way.as_ref().is_some_and(|way| way.applied().is_some())
    }
}

/// A request on its way.
#[derive(Clone)]
pub struct Way {
    pub sent: i64,
    pub deadline: i64,
    pub fate: Fate,
}

impl Way {
    pub fn fault(&self) -> Option<&str> {
        self.fate.fault.as_deref()
    }

    /// When the store applies it, or the API server refuses it.
    pub fn applied(&self) -> Option<i64> {
        let before = self.fate.before.filter(|_| self.fault() != Some("unsent"));
        before.map(|before| self.sent + before)
    }

    /// When the client learns how it went, if it waits so long.
    pub fn answered(&self) -> Option<i64> {
        let after = if self.fault() == Some("unsent") { Some(0) } else { self.fate.after };
        Some(self.sent + self.fate.before? + after?)
    }

    /// # Errors
    /// If the delays are not those that a fault has.
    pub fn check(&self) -> Checked {
        let delays = match self.fault() {
            Some("dropped") => (false, false),
            Some("unsent" | "silent") => (true, false),
            None | Some("lost") => (true, true),
            Some(fault) => (reason(fault).is_some(), true),
        };
        let Fate { before, after, .. } = self.fate;
        check(delays == (before.is_some(), after.is_some()), || "other delays belong to this fault".into())?;
        check(before.is_none_or(|delay| delay > 0) && after.is_none_or(|delay| delay > 0), || "no delay is 0".into())
    }
}

/// What the API server made of a request.
#[derive(Clone, PartialEq, Debug)]
pub enum Answer {
    Lease(u64, Record),
    Error(String),
}

impl Answer {
    pub fn is_error(&self) -> bool {
        matches!(self, Answer::Error(_))
    }
}

/// The reason that the API server gives for a fault of the script.
pub fn reason(fault: &str) -> Option<&'static str> {
    Some(match fault {
        "forbidden" => "Forbidden",
        "conflict" => "Conflict",
        "notFound" => "NotFound",
        "internal" => "InternalError",
        "unavailable" => "ServiceUnavailable",
        "gateway" => "Timeout",
        "busy" => "TooManyRequests",
        _ => return None,
    })
}
