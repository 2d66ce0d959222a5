//! How long an elector may stay where it is, and what its clocks may still be compared with.

use super::super::location::{Holder, Location, Phase, Record, Seen};
use super::{ATTEMPT, CLOCKS, Handover, PHASE, RENEWAL, SEEN, WRITTEN};
use crate::zones::automaton::ClockLimits;

impl Handover {
    pub(super) fn side_invariants(&self, i: usize, at: &Location, out: &mut impl FnMut(usize, i64)) {
        let side = at.sides[i];
        let host = self.host(i);
        match side.phase {
            Phase::Idle => {}
            Phase::Elected if i == 1 => {}
            Phase::Elected => out(PHASE[i], 0),
            Phase::Sleeping => out(PHASE[i], host.retry.most),
            Phase::Releasing => out(PHASE[i], host.release.expect("only who releases gets here")),
            Phase::Stopping => out(PHASE[i], self.constants.stop),
            _ if self.loose => {}
            Phase::Waiting => out(PHASE[i], host.longest_retry.most),
            Phase::Polling => out(PHASE[i], host.retry.most),
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

    pub(super) fn side_limits(&self, i: usize, at: &Location, limits: &mut [ClockLimits; CLOCKS]) {
        let side = at.sides[i];
        let host = self.host(i);
        let phase = &mut limits[PHASE[i]];
        match side.phase {
            Phase::Idle => {}
            Phase::Elected => phase.from_above(0),
            Phase::Sleeping => {
                self.lower(phase, host.retry.least);
                phase.from_above(host.retry.most);
            }
            Phase::Releasing => phase.from_above(host.release.unwrap_or(0)),
            Phase::Stopping => phase.from_above(self.constants.stop),
            _ if self.loose => {}
            Phase::Waiting => {
                phase.from_below(host.retry.least);
                phase.from_above(host.longest_retry.most);
            }
            Phase::Polling => phase.from_above(host.retry.most),
            _ => phase.from_above(host.timeout),
        }
        if i == 0 && side.attempts() && self.assumptions.alike_within.is_some() {
            limits[ATTEMPT].from_above(self.constants.alike_within);
        }
        if matches!(side.phase, Phase::Updated | Phase::Written) {
            if let Some(delay) = self.constants.reply_delay {
                limits[SEEN[i]].from_above(delay);
            }
        } else if let Seen::Another(d) = side.seen {
            let valid = host.valid[usize::from(d)];
            limits[SEEN[i]].from_below(valid.least);
            if !self.loose {
                limits[SEEN[i]].from_above(valid.most);
            }
        }
        if i == 0 && side.renews() {
            self.lower(&mut limits[RENEWAL], host.renew.least.max(host.own_expires));
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

    /// Counts a guard from below that the loosened automaton does not have.
    fn lower(&self, clock: &mut ClockLimits, constant: i64) {
        if !self.loose {
            clock.from_below(constant);
        }
    }
}
