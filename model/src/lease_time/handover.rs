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

use super::constants::{Constants, Host, Rates};
use super::location::{Answer, Holder, Location, Paused, Phase, Record, Seen, Side};
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
#[derive(Clone, Debug)]
pub struct Handover {
    pub(super) constants: Constants,
    pub(super) assumptions: Assumptions,
    others_release: bool,
    others_empty_any: bool,
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
        })
    }

    fn host(&self, i: usize) -> &Host {
        &self.constants.hosts[i]
    }

    fn local(&self, i: usize, from: &Location, out: &mut Edges) {
        let side = from.sides[i];
        let host = self.host(i);
        let begin = out.len();
        match side.phase {
            Phase::Idle => {
                let mut to = *from;
                to.sides[i].phase = Phase::Reading;
                out.push(begun(i, Edge::new(Action::Start(i), to)));
            }
            Phase::Waiting => self.attempt(i, from, Some(host.retry.least), false, out),
            Phase::Sleeping => self.attempt(i, from, Some(host.retry.least), true, out),
            Phase::Elected => self.attempt(i, from, None, true, out),
            Phase::Polling => self.attempt(i, from, None, false, out),
            Phase::Updating | Phase::Updated | Phase::Reading | Phase::Answered(_) => self.replies(i, from, out),
            Phase::Writing(_) | Phase::Written => self.replies(i, from, out),
            Phase::Releasing => {
                let mut to = *from;
                to.sides[i].phase = Phase::Stopping;
                out.push(Edge::new(Action::ReleaseEnds(i), to).reset(PHASE[i]));
            }
            // When it has stopped nothing is left to ask.
            Phase::Stopping => {}
        }
        if side.renews() {
            self.deadline(i, from, out);
        }
        if side.leads && host.release.is_some() && !matches!(side.phase, Phase::Releasing | Phase::Stopping) {
            let mut to = *from;
            to.sides[i] = Side { phase: Phase::Stopping, empties: side.seen == Seen::Own, ..settled(side) };
            out.push(Edge::new(Action::Cancel(i), to).reset(PHASE[i]));
        }
        if i == 0 && from.paused == Paused::Overdue {
            let after = self.after_pause();
            out[begin..].iter_mut().for_each(|edge| edge.target.paused = after);
        }
    }

    /// The beginning of an attempt, of a new renewal if `renewal`; after `wait`.
    fn attempt(&self, i: usize, from: &Location, wait: Option<i64>, renewal: bool, out: &mut Edges) {
        let host = self.host(i);
        let side = from.sides[i];
        let mut push = |seen: Seen, phase: Phase, guard: &dyn Fn(Edge<Location, Action>) -> Edge<Location, Action>| {
            for repeats in self.may_repeat(i, from) {
                let mut to = *from;
                to.sides[i] = Side { phase, seen, repeats: *repeats, ..side };
                let mut edge = guard(Edge::new(Action::Attempt(i), to));
                if let Some(wait) = wait {
                    edge = edge.at_least(PHASE[i], wait);
                }
                if *repeats && i == 0 {
                    edge = edge.at_most(WRITTEN, self.constants.alike_within);
                }
                if renewal {
                    edge = edge.reset(RENEWAL);
                }
                out.push(begun(i, edge));
            }
        };
        match side.seen {
            Seen::Another(d) => {
                let valid = host.valid[usize::from(d)];
                push(Seen::Expired, Phase::Reading, &|edge| edge.at_least(SEEN[i], valid.least));
                push(side.seen, Phase::Reading, &|edge| edge.at_most(SEEN[i], valid.most));
            }
            Seen::Own if host.renews_without_reading => {
                push(Seen::Own, Phase::Updating, &|edge| edge);
                match (side.leads, renewal) {
                    (true, true) if host.own_expires > 0 => {}
                    (true, false) => push(Seen::Own, Phase::Reading, &|edge| edge.at_least(RENEWAL, host.own_expires)),
                    _ => push(Seen::Own, Phase::Reading, &|edge| edge),
                }
            }
            Seen::Own | Seen::Nobody | Seen::Expired => push(side.seen, Phase::Reading, &|edge| edge),
        }
    }

    /// Whether the writes of an attempt that begins now would read like what is stored.
    fn may_repeat(&self, i: usize, from: &Location) -> &'static [bool] {
        let host = self.host(i);
        let own = matches!(from.record, Record::Held(holder, _) if holder == holder_of(i));
        let possible = own
            && match from.sides[i].phase {
                // The first renewal follows the acquisition at once.
                Phase::Elected => true,
                _ if from.sides[i].leads => host.same_second,
                _ => host.always_same_second,
            };
        if possible && self.assumptions.alike_within.is_some() { &[true, false] } else { &[false] }
    }

    /// What the elector learns of its request.
    fn replies(&self, i: usize, from: &Location, out: &mut Edges) {
        let side = from.sides[i];
        let fails = |out: &mut Edges, late: bool| {
            let mut to = *from;
            let retried = side.phase == Phase::Updating || side.phase == Phase::Updated;
            if retried {
                to.sides[i] = Side { phase: Phase::Reading, late, ..side };
                to.sides[i].current &= side.phase == Phase::Updating;
            } else {
                to.sides[i] = Side { late, ..back(side) };
                to.sides[i].current &= side.leads && side.phase != Phase::Written;
            }
            out.push(Edge::new(Action::Fail(i), to).reset(PHASE[i]));
        };
        let applicable = self.applicable(i, from);
        let unsent = matches!(side.phase, Phase::Updating | Phase::Writing(_));
        if self.assumptions.loss || unsent && !applicable {
            fails(out, side.late);
            if self.assumptions.late_writes && unsent && applicable {
                fails(out, true);
            }
        }
        match side.phase {
            // The second's success matters only while the first may act: else it is the other pair's question.
            Phase::Updated | Phase::Written if i == 0 || from.sides[0].leads => {
                let mut to = *from;
                let phase = if side.leads { Phase::Sleeping } else { Phase::Elected };
                to.sides[i] = Side { phase, leads: true, seen: Seen::Own, ..settled(side) };
                let mut edge = Edge::new(Action::Reply(i), to).reset(PHASE[i]);
                let overdue = i == 0 && from.paused == Paused::Overdue;
                if let (Some(delay), false) = (self.constants.reply_delay, overdue) {
                    edge = edge.at_most(SEEN[i], delay);
                }
                out.push(edge);
            }
            Phase::Answered(answer) => self.judge(i, from, answer, out),
            _ => {}
        }
    }

    /// What it does with what it read.
    fn judge(&self, i: usize, from: &Location, answer: Answer, out: &mut Edges) {
        let mut to = *from;
        let side = &mut to.sides[i];
        side.alike = answer.alike;
        side.current = answer.current;
        let Some(read) = answer.seen else {
            if side.seen != Seen::Own {
                side.seen = Seen::Nobody;
            }
            side.phase = Phase::Writing(true);
            out.push(Edge::new(Action::Reply(i), to).reset(PHASE[i]));
            return;
        };
        if answer.changed {
            side.seen = read;
        }
        let write = Side { phase: Phase::Writing(false), ..*side };
        if matches!(side.seen, Seen::Another(_)) {
            to.sides[i] = back(to.sides[i]);
            to.sides[i].current &= to.sides[i].leads;
            let edge = Edge::new(Action::Reply(i), to).reset(PHASE[i]);
            out.push(if answer.changed { edge.reset(SEEN[i]) } else { edge });
        } else {
            to.sides[i] = write;
            out.push(Edge::new(Action::Reply(i), to).reset(PHASE[i]));
        }
    }

    /// RenewDeadline.
    fn deadline(&self, i: usize, from: &Location, out: &mut Edges) {
        let side = from.sides[i];
        let host = self.host(i);
        let unsent = matches!(side.phase, Phase::Updating | Phase::Writing(_));
        let late = self.assumptions.late_writes && unsent && self.applicable(i, from);
        for late in if late { &[false, true][..] } else { &[false] } {
            let mut to = *from;
            let releases = host.release.is_some() && (side.seen == Seen::Own || host.release_reads_first);
            let phase = if releases { Phase::Releasing } else { Phase::Stopping };
            let empties = releases && side.seen == Seen::Own;
            to.sides[i] = Side { phase, empties, late: side.late || *late, ..settled(side) };
            out.push(Edge::new(Action::Deadline(i), to).at_least(RENEWAL, host.renew.least).reset(PHASE[i]));
        }
    }

    /// True if the server would apply the write on its way.
    fn applicable(&self, i: usize, from: &Location) -> bool {
        if !self.constants.storable[i] {
            return false;
        }
        match from.sides[i].phase {
            Phase::Updating | Phase::Writing(false) => from.sides[i].current,
            Phase::Writing(true) => from.record == Record::Absent,
            _ => false,
        }
    }

    /// What the server does for an elector.
    fn server(&self, i: usize, from: &Location, out: &mut Edges) {
        let side = from.sides[i];
        if self.applicable(i, from) {
            let mut to = *from;
            let repeats = side.repeats;
            self.store(i, &mut to, repeats);
            let phase = if side.phase == Phase::Updating { Phase::Updated } else { Phase::Written };
            to.sides[i] = Side { phase, current: true, alike: side.alike && repeats, late: false, ..side };
            to.sides[i].repeats = self.assumptions.alike_within.is_some();
            out.push(self.dated(i, Edge::new(Action::Apply(i), to), repeats).reset(SEEN[i]));
        }
        if side.phase == Phase::Reading {
            let mut answer = |action, answer: Answer| {
                let mut to = *from;
                to.sides[i].phase = Phase::Answered(answer);
                out.push(Edge::new(action, to));
            };
            answer(
                Action::Read(i),
                Answer { seen: self.seen(i, from.record), changed: !side.alike, current: true, alike: true },
            );
            if self.assumptions.stale_reads {
                let mut stale = |seen, changed| {
                    answer(Action::ReadOld(i), Answer { seen, changed, current: false, alike: false });
                };
                stale(Some(side.seen), false);
                stale(None, true);
                stale(Some(Seen::Nobody), true);
                stale(Some(Seen::Own), true);
                let written = self.constants.others.iter().chain([&self.constants.own[1 - i]]);
                for &d in written {
                    stale(Some(Seen::Another(self.judged_alike(i, d))), true);
                }
            }
        }
        if side.late {
            let mut to = *from;
            self.store(i, &mut to, false);
            to.sides[i].overtaken(false);
            out.push(self.dated(i, Edge::new(Action::Late(i), to), false));
        }
        let stored = from.record != Record::Absent && from.record != Record::Empty;
        if side.empties && stored && (side.current || self.host(i).release_reads_first) {
            let mut to = *from;
            to.record = Record::Empty;
            to.sides.iter_mut().for_each(|side| side.overtaken(false));
            to.sides[i].empties = false;
            out.push(Edge::new(Action::Empty(i), to));
        }
    }

    /// Stores an elector's record.
    fn store(&self, i: usize, to: &mut Location, alike: bool) {
        to.record = Record::Held(holder_of(i), self.constants.own[i]);
        to.sides[1 - i].overtaken(alike);
    }

    /// Sets the clocks of a record that reads differently from the one before.
    fn dated(&self, i: usize, edge: Edge<Location, Action>, alike: bool) -> Edge<Location, Action> {
        match (alike, i, edge.action) {
            (true, ..) => edge,
            (false, 0, Action::Late(_)) => edge.reset(WRITTEN).reset(RECORD),
            (false, 0, _) => edge.copy(WRITTEN, ATTEMPT).reset(RECORD),
            (false, ..) => edge.reset(RECORD),
        }
    }

    /// What an elector sees in a record.
    fn seen(&self, i: usize, record: Record) -> Option<Seen> {
        match record {
            Record::Absent => None,
            Record::Empty => Some(Seen::Nobody),
            Record::Held(holder, _) if holder == holder_of(i) => Some(Seen::Own),
            Record::Held(_, d) => Some(Seen::Another(self.judged_alike(i, d))),
        }
    }

    /// The first number of a duration that the elector judges like this one: fewer locations.
    fn judged_alike(&self, i: usize, d: u8) -> u8 {
        let valid = &self.host(i).valid;
        let first = valid.iter().position(|&span| span == valid[usize::from(d)]);
        u8::try_from(first.expect("it is in the table")).expect("a handful of durations")
    }

    /// Everyone else.
    fn surroundings(&self, from: &Location, out: &mut Edges) {
        let becomes = |action, record: Record| {
            let mut to = *from;
            to.record = record;
            to.sides.iter_mut().for_each(|side| side.overtaken(false));
            Edge::new(action, to)
        };
        let held = match from.record {
            Record::Held(Holder::Other, _) | Record::Absent | Record::Empty => None,
            Record::Held(_, d) => Some(d),
        };
        let allowed = match self.assumptions.others {
            Others::Absent => false,
            Others::WriteWhileNobodyLeads => !from.sides.iter().any(|side| side.leads),
            Others::TakeExpired | Others::WriteAnytime => true,
        };
        for &d in self.constants.others.iter().filter(|_| allowed) {
            let edge = becomes(Action::OtherWrites(d), Record::Held(Holder::Other, d));
            out.push(match (self.assumptions.others, held) {
                (Others::TakeExpired, Some(d)) => {
                    edge.at_least(RECORD, self.constants.valid_for_others[usize::from(d)])
                }
                _ => edge,
            });
        }
        if let Record::Held(holder, d) = from.record {
            if self.others_empty_any || self.others_release && holder == Holder::Other {
                out.push(becomes(Action::OtherReleases, Record::Empty));
            }
            if self.assumptions.edited {
                out.push(becomes(Action::EditHolder, Record::Empty));
                if d != self.constants.shortest {
                    out.push(becomes(Action::EditDuration, Record::Held(holder, self.constants.shortest)));
                }
            }
        }
        if self.assumptions.deleted && from.record != Record::Absent {
            out.push(becomes(Action::Delete, Record::Absent));
        }
        // What changes nothing needs no edge.
        out.retain(|edge| edge.target != *from);
    }

    fn after_pause(&self) -> Paused {
        if matches!(self.assumptions.pause, Pause::Often(_)) { Paused::Ready } else { Paused::Spent }
    }

    fn pauses(&self, from: &Location, out: &mut Edges) {
        let becomes = |action, paused| Edge::new(action, Location { paused, ..*from }).reset(PAUSE);
        let side = from.sides[0];
        match from.paused {
            Paused::Ready if matches!(side.phase, Phase::Updated | Phase::Written) => {
                // Either the reply comes in time to be found after the pause, or it is lost: then this is a write that
                // can only fail any more.
                let pause = becomes(Action::Pause, Paused::Now);
                out.push(match self.constants.reply_delay {
                    Some(delay) => pause.at_most(SEEN[0], delay),
                    None => pause,
                });
                if self.assumptions.loss {
                    let mut lost = pause;
                    let phase = if side.phase == Phase::Updated { Phase::Updating } else { Phase::Writing(false) };
                    lost.target.sides[0] = Side { phase, current: false, ..side };
                    out.push(lost);
                }
            }
            Paused::Ready if side.attempts() || side.leads => out.push(becomes(Action::Pause, Paused::Now)),
            Paused::Now => {
                out.push(becomes(Action::Resume, Paused::Overdue));
                out.push(becomes(Action::Resume, self.after_pause()));
            }
            _ => {}
        }
    }

    fn side_invariants(&self, i: usize, at: &Location, out: &mut impl FnMut(usize, i64)) {
        let side = at.sides[i];
        let host = self.host(i);
        match side.phase {
            Phase::Idle => {}
            Phase::Waiting => out(PHASE[i], host.longest_retry.most),
            Phase::Elected if i == 1 => {}
            Phase::Elected => out(PHASE[i], 0),
            Phase::Sleeping | Phase::Polling => out(PHASE[i], host.retry.most),
            Phase::Releasing => out(PHASE[i], host.release.expect("only who releases gets here")),
            Phase::Stopping => out(PHASE[i], self.constants.stop),
            _ => out(PHASE[i], host.timeout),
        }
        if side.renews() {
            out(RENEWAL, host.renew.most);
        }
        if let (Phase::Updated | Phase::Written, false, Some(delay)) =
            (side.phase, self.assumptions.loss, self.constants.reply_delay)
        {
            out(SEEN[i], delay);
        }
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

impl Handover {
    fn side_limits(&self, i: usize, at: &Location, limits: &mut [ClockLimits; CLOCKS]) {
        let side = at.sides[i];
        let host = self.host(i);
        let phase = &mut limits[PHASE[i]];
        match side.phase {
            Phase::Idle => {}
            Phase::Waiting => {
                phase.from_below(host.retry.least);
                phase.from_above(host.longest_retry.most);
            }
            Phase::Elected => phase.from_above(0),
            Phase::Sleeping => {
                phase.from_below(host.retry.least);
                phase.from_above(host.retry.most);
            }
            Phase::Polling => phase.from_above(host.retry.most),
            Phase::Releasing => phase.from_above(host.release.unwrap_or(0)),
            Phase::Stopping => phase.from_above(self.constants.stop),
            _ => {
                phase.from_above(host.timeout);
                if i == 0 && self.assumptions.alike_within.is_some() {
                    limits[ATTEMPT].from_above(self.constants.alike_within);
                }
            }
        }
        if matches!(side.phase, Phase::Updated | Phase::Written) {
            if let Some(delay) = self.constants.reply_delay {
                limits[SEEN[i]].from_above(delay);
            }
        } else if let Seen::Another(d) = side.seen {
            let valid = host.valid[usize::from(d)];
            limits[SEEN[i]].from_below(valid.least);
            limits[SEEN[i]].from_above(valid.most);
        }
        if i == 0 && side.renews() {
            limits[RENEWAL].from_below(host.renew.least.max(host.own_expires));
            limits[RENEWAL].from_above(host.renew.most);
        }
        let own = matches!(at.record, Record::Held(Holder::First, _));
        let ahead = match side.phase {
            Phase::Releasing | Phase::Stopping => false,
            Phase::Elected => true,
            Phase::Written | Phase::Updated if !side.leads => true,
            _ => side.repeats || host.always_same_second || side.leads && host.same_second,
        };
        if i == 0 && own && ahead && self.assumptions.alike_within.is_some() {
            limits[WRITTEN].from_above(self.constants.alike_within);
        }
    }
}

fn holder_of(i: usize) -> Holder {
    [Holder::First, Holder::Second][i]
}

/// The beginning of an attempt.
fn begun(i: usize, edge: Edge<Location, Action>) -> Edge<Location, Action> {
    let edge = edge.reset(PHASE[i]);
    if i == 0 { edge.reset(ATTEMPT) } else { edge }
}

/// An elector whose attempt is over.
fn settled(side: Side) -> Side {
    Side { repeats: false, ..side }
}

/// An elector whose attempt failed.
fn back(side: Side) -> Side {
    let phase = if side.leads { Phase::Polling } else { Phase::Waiting };
    Side { phase, ..settled(side) }
}
