//! What an elector does by itself: it attempts, hears of its requests, gives up.

use super::super::constants::Span;
use super::super::location::{Answer, Location, Paused, Phase, Record, Seen, Side};
use super::{ATTEMPT, Action, Edges, Handover, PHASE, RENEWAL, SEEN, WRITTEN, holder_of};
use crate::zones::automaton::Edge;

impl Handover {
    pub(super) fn local(&self, i: usize, from: &Location, out: &mut Edges) {
        let side = from.sides[i];
        let host = self.host(i);
        let begin = out.len();
        match side.phase {
            Phase::Idle => {
                let mut to = *from;
                to.sides[i].phase = Phase::Reading;
                out.push(begun(i, Edge::new(Action::Start(i), to)));
            }
            Phase::Waiting => self.attempt(i, from, self.least(host.retry), false, out),
            Phase::Sleeping => self.attempt(i, from, self.least(host.retry), true, out),
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

    /// What a guard from below asks for, if there is one.
    fn least(&self, span: Span) -> Option<i64> {
        (!self.loose).then_some(span.least)
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
                push(side.seen, Phase::Reading, &|edge| {
                    if self.loose { edge } else { edge.at_most(SEEN[i], valid.most) }
                });
            }
            Seen::Own if host.renews_without_reading => {
                push(Seen::Own, Phase::Updating, &|edge| edge);
                match (side.leads, renewal) {
                    (true, true) if host.own_expires > 0 => {}
                    (true, false) if !self.loose => {
                        push(Seen::Own, Phase::Reading, &|edge| edge.at_least(RENEWAL, host.own_expires));
                    }
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
            let edge = Edge::new(Action::Deadline(i), to).reset(PHASE[i]);
            out.push(match self.least(host.renew) {
                Some(least) => edge.at_least(RENEWAL, least),
                None => edge,
            });
        }
    }
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
