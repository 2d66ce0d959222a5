//! Two electors, a lease and everything around them as a timed automaton: the first leads, the second takes over.
//!
//! What it rests on (docs/lease-theorem.md has the argument in full):
//! * Processes exit when they stop leading, and come back under a new identity. So each of the two is one process, from
//!   its start to its end, and everything else that writes is [`Others`].
//! * Of two processes that act together one led first. The automaton follows the pair until the first has stopped or
//!   the second leads; the other order is the other pair.
//! * It allows more than client-go does in two places, each harmless to a proof, and a counterexample is executed by the
//!   elector itself before anyone sees it: attempts of one renewal follow each other after any time up to RetryPeriod
//!   (there are two kinds of ticker), and a leader whose own record may have expired may or may not read first.
//!
//! Source: kubernetes/client-go:tools/leaderelection/leaderelection.go:252-515@v0.37.2 and its older forms, see
//! [`crate::facts::client_go`].
//!
//! Map: `elector` is what an elector does; `server` what the API server does for it; `around` everyone else, and pauses;
//! `bounds` how long anything may take.

mod around;
mod bounds;
mod elector;
mod server;

use super::constants::{Constants, Host, Rates};
use super::location::{Holder, Location, Paused, Record, Side};
use super::parameters::{Assumptions, Others, Pair, Pause};
use super::units::TooFine;
use crate::zones::automaton::{Automaton, ClockLimits, Edge};

/// Clocks, the first's and the second's. In an attempt: since the request was sent; else since the phase began.
pub const PHASE: [usize; 2] = [1, 5];
/// Since the observed record was seen; while a write's reply is on its way: since it was applied.
pub const SEEN: [usize; 2] = [2, 6];
/// Since the first's renewal began.
pub const RENEWAL: usize = 3;
/// Since the attempt began in which the first wrote the stored record.
pub const WRITTEN: usize = 4;
/// Since what is stored last began to read differently, if one of the two wrote it.
pub const RECORD: usize = 7;
/// Since the pause began or ended.
pub const PAUSE: usize = 8;
/// Since the first's attempt began.
pub const ATTEMPT: usize = 9;
/// The clocks and clock 0.
pub const CLOCKS: usize = 10;

/// What an edge does; `usize`: the first elector (0) or the second (1).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Action {
    /// It starts, with a read.
    Start(usize),
    /// It begins an attempt.
    Attempt(usize),
    /// The server applies its write.
    Apply(usize),
    /// The server answers its read.
    Read(usize),
    /// The server answers its read with an older record.
    ReadOld(usize),
    /// The reply arrives.
    Reply(usize),
    /// The request fails, or its reply is lost.
    Fail(usize),
    /// RenewDeadline ends its renewal.
    Deadline(usize),
    /// It is told to exit, and releases.
    Cancel(usize),
    /// Its release ends.
    ReleaseEnds(usize),
    /// The server empties the lease for it.
    Empty(usize),
    /// The server applies a write that it no longer waits for.
    Late(usize),
    /// Another elector writes.
    OtherWrites(u8),
    /// Another elector releases.
    OtherReleases,
    /// Someone deletes the Lease.
    Delete,
    /// Someone empties the holder.
    EditHolder,
    /// Someone writes a duration of one second.
    EditDuration,
    /// The first's process stops running.
    Pause,
    /// It runs again.
    Resume,
}

/// The automaton of one question.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Handover {
    pub(super) constants: Constants,
    pub(super) assumptions: Assumptions,
    others_release: bool,
    others_empty_any: bool,
    loose: bool,
}

type Edges = Vec<Edge<Location, Action>>;

impl Handover {
    /// The automaton of a question.
    ///
    /// # Errors
    /// If the durations have no common unit.
    pub fn new(pair: &Pair, assumptions: &Assumptions, rates: Rates) -> Result<Self, TooFine> {
        let all = || [&pair.first, &pair.second].into_iter().chain(&pair.others);
        let constants = Constants::new(pair, assumptions, rates)?;
        let absent = assumptions.others == Others::Absent;
        Ok(Handover {
            constants,
            assumptions: *assumptions,
            others_release: !absent && all().any(|e| e.releases),
            others_empty_any: !absent && all().any(|e| e.releases && e.behaviour.release.reads_first()),
            loose: false,
        })
    }

    /// The same where requests and the waits between attempts last as long as they like: every run of the automaton is
    /// one of this, so what this never reaches is never reached. It has far fewer zones, because nobody counts attempts;
    /// how long a leader goes on without a success, when its success counts and how long others wait is as before.
    #[must_use]
    pub fn loosened(mut self) -> Self {
        // A success that is processed within the limit of its request is processed that soon after it was applied.
        let limit = self.constants.hosts.iter().map(|host| host.timeout).max();
        self.constants.reply_delay = self.constants.reply_delay.into_iter().chain(limit).min();
        self.loose = true;
        self
    }

    /// The same automaton with every constant that no edge uses set to one value. Automata that agree in it have the same
    /// runs, so what is proved of one is proved of the other. A counterexample is not shared: its exact ticks differ.
    #[must_use]
    pub fn essence(&self) -> Handover {
        let mut essence = self.clone();
        let constants = &mut essence.constants;
        let edited = usize::from(constants.shortest);
        let written = |d: usize| constants.others.iter().chain(&constants.own).any(|&o| usize::from(o) == d);
        let unused = (!self.assumptions.edited && !written(edited)).then_some((edited, usize::from(constants.own[0])));
        for host in &mut constants.hosts {
            if self.assumptions.alike_within.is_none() {
                (host.same_second, host.always_same_second) = (false, false);
            }
            host.release_reads_first &= host.release.is_some();
            if let Some((edited, own)) = unused {
                host.valid[edited] = host.valid[own];
            }
        }
        if let Some((edited, own)) = unused {
            constants.valid_for_others[edited] = constants.valid_for_others[own];
        }
        essence
    }

    fn host(&self, i: usize) -> &Host {
        &self.constants.hosts[i]
    }
}

impl Automaton<CLOCKS> for Handover {
    type Location = Location;
    type Action = Action;

    fn initial(&self) -> Vec<Location> {
        let paused = if self.assumptions.pause == Pause::Never { Paused::Spent } else { Paused::Ready };
        vec![Location { record: Record::Absent, sides: [Side::IDLE; 2], paused }]
    }

    fn edges(&self, from: &Location, out: &mut Edges) {
        if from.paused != Paused::Now {
            self.local(0, from, out);
        }
        if !from.sides[1].leads {
            self.local(1, from, out);
        }
        self.server(0, from, out);
        self.server(1, from, out);
        let mut around = Vec::new();
        self.surroundings(from, &mut around);
        self.pauses(from, &mut around);
        out.append(&mut around);
    }

    fn invariants(&self, at: &Location, out: &mut impl FnMut(usize, i64)) {
        match at.paused {
            Paused::Now => {
                if let Some(longest) = self.constants.pause {
                    out(PAUSE, longest);
                }
            }
            Paused::Overdue => out(PAUSE, 0),
            Paused::Ready | Paused::Spent => self.side_invariants(0, at, out),
        }
        self.side_invariants(1, at, out);
    }

    fn limits(&self, at: &Location) -> [ClockLimits; CLOCKS] {
        let mut limits = [ClockLimits::default(); CLOCKS];
        for i in [0, 1] {
            self.side_limits(i, at, &mut limits);
        }
        if self.assumptions.others == Others::TakeExpired
            && matches!(at.record, Record::Held(Holder::First | Holder::Second, _))
        {
            let most = self.constants.valid_for_others.iter().max().copied().unwrap_or(0);
            limits[RECORD].from_below(most);
        }
        match (at.paused, self.constants.pause) {
            (Paused::Now, Some(longest)) => limits[PAUSE].from_above(longest),
            (Paused::Overdue, _) => limits[PAUSE].from_above(0),
            _ => {}
        }
        limits
    }

    fn is_goal(&self, at: &Location) -> bool {
        at.both_lead() && at.paused != Paused::Now
    }
}

fn holder_of(i: usize) -> Holder {
    [Holder::First, Holder::Second][i]
}
