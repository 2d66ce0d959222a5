//! What the API server does for an elector: it applies writes, also late ones, answers reads, empties on release.

use super::super::location::{Answer, Location, Phase, Record, Seen, Side};
use super::{ATTEMPT, Action, Edges, Handover, RECORD, SEEN, WRITTEN, holder_of};
use crate::zones::automaton::Edge;

impl Handover {
    /// What the server does for an elector.
    pub(super) fn server(&self, i: usize, from: &Location, out: &mut Edges) {
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

    /// True if the server would apply the write on its way.
    pub(super) fn applicable(&self, i: usize, from: &Location) -> bool {
        if !self.constants.storable[i] {
            return false;
        }
        match from.sides[i].phase {
            Phase::Updating | Phase::Writing(false) => from.sides[i].current,
            Phase::Writing(true) => from.record == Record::Absent,
            _ => false,
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
}
