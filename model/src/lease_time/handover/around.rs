//! Everyone else who writes, and pauses of the first elector.

use super::super::location::{Holder, Location, Paused, Phase, Record, Side};
use super::super::parameters::{Others, Pause};
use super::{Action, Edges, Handover, PAUSE, RECORD, SEEN};
use crate::zones::automaton::Edge;

impl Handover {
    /// Everyone else.
    pub(super) fn surroundings(&self, from: &Location, out: &mut Edges) {
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

    pub(super) fn pauses(&self, from: &Location, out: &mut Edges) {
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

    pub(super) fn after_pause(&self) -> Paused {
        if matches!(self.assumptions.pause, Pause::Often(_)) { Paused::Ready } else { Paused::Spent }
    }
}
