//! The same question in whole ticks, for any number of explicit electors: an independent model to compare with.
//!
//! Shares nothing with [`super::handover`]: every elector lives its whole life (it leads, stops, exits and starts again
//! under a new identity), any two may act together, and time is a counter in each of them. All constraints of the timed
//! automaton are closed, so whole numbers decide reachability as dense time does (T. Henzinger, Z. Manna, A. Pnueli, What
//! good are digital clocks?, 1992), as long as every constant is a whole number of ticks.
//!
//! Electors are interchangeable; [`System::canonical`] sorts them.
//!
//! Map: `elector` is one elector's state in 31 bits, `moves` what it does, this module time, others and the packing.

mod elector;
mod moves;

use self::elector::{BITS, DOWN, Elector, Stage, THEIRS};
use crate::explore::System;

/// Constants in ticks, and what may happen. Every duration is at most 14.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Ticks {
    /// Explicit electors, 1 to 4.
    pub electors: usize,
    /// LeaseDuration.
    pub lease: u8,
    /// RenewDeadline.
    pub renew: u8,
    /// RetryPeriod.
    pub retry: u8,
    /// The longest wait between attempts to acquire.
    pub longest_retry: u8,
    /// The limit of one request.
    pub timeout: u8,
    /// Applied to processed.
    pub reply_delay: u8,
    /// End of `renew` to the last act.
    pub stop: u8,
    /// A leader first updates what it saw last (client-go since 0.30).
    pub renews_without_reading: bool,
    /// Writes of attempts that began in the same tick read alike.
    pub alike_in_a_tick: bool,
    /// Whether others write.
    pub others: Writers,
    /// Processes crash.
    pub crash: bool,
}

/// Who writes beside the explicit electors.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Writers {
    /// Nobody.
    Nobody,
    /// Others, at any moment.
    Anytime,
    /// Others, but only while no explicit elector leads: too weak.
    WhileNobodyLeads,
    /// Others, at any moment, and they may empty the holder: too strong.
    EmptyToo,
}

/// What happens between two states; `usize`: which elector.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Happens {
    /// A tick passes.
    Tick,
    /// An elector moves.
    Elector(usize, &'static str),
    /// Someone else writes.
    Other,
}

/// What is stored, if no explicit elector's record is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Stored {
    Absent,
    Empty,
    /// An explicit elector's, or another's.
    Held,
}

#[derive(Clone, Copy, Debug)]
struct State {
    stored: Stored,
    electors: [Elector; 4],
}

impl Ticks {
    /// True if two electors act.
    #[must_use]
    pub fn overlaps(&self, state: u128) -> bool {
        self.unpack(state).electors.iter().filter(|elector| elector.leads).count() > 1
    }

    /// What a state looks like to the elector with that number alone: what is stored and its own state.
    #[must_use]
    pub fn view(&self, state: u128, elector: usize) -> u128 {
        let state = self.unpack(state);
        (state.stored as u128) << BITS | state.electors[elector].pack()
    }

    /// The first two electors of a state and what is stored, as a state of two electors.
    #[must_use]
    pub fn first_two(&self, state: u128) -> u128 {
        let state = self.unpack(state);
        Ticks { electors: 2, ..*self }.pack(state)
    }

    fn pack(&self, state: State) -> u128 {
        let electors = state.electors[..self.electors].iter();
        electors.fold(state.stored as u128, |word, elector| word << BITS | elector.pack())
    }

    fn unpack(&self, mut word: u128) -> State {
        let mut electors = [DOWN; 4];
        for elector in electors[..self.electors].iter_mut().rev() {
            *elector = Elector::unpack(word & ((1 << BITS) - 1));
            word >>= BITS;
        }
        let stored = [Stored::Absent, Stored::Empty, Stored::Held][word as usize];
        State { stored, electors }
    }

    fn tick(&self, state: &State) -> Option<State> {
        let mut next = *state;
        for elector in &mut next.electors[..self.electors] {
            let most = match elector.stage {
                Stage::Down => u8::MAX,
                Stage::Wait => self.longest_retry,
                Stage::Sleep | Stage::Poll => self.retry,
                Stage::Stop => self.stop,
                _ => self.timeout,
            };
            if elector.since >= most || elector.renews() && elector.renewing >= self.renew {
                return None;
            }
            if elector.stage != Stage::Down {
                elector.since += 1;
            }
            let stored = matches!(elector.stage, Stage::Renewed | Stage::Stored);
            if stored {
                // Beyond the limit no success is processed any more.
                elector.observed = (elector.observed + 1).min(self.reply_delay + 1);
            } else if elector.seen == THEIRS {
                elector.observed = (elector.observed + 1).min(self.lease);
            }
            if elector.renews() {
                elector.renewing += 1;
            }
            elector.young = false;
            elector.young_record = false;
        }
        Some(next)
    }

    fn others(&self, state: &State, out: &mut impl FnMut(State)) {
        let leads = state.electors.iter().any(|e| e.leads);
        let mut write = |stored| {
            let mut next = *state;
            next.stored = stored;
            for e in &mut next.electors[..self.electors] {
                e.overtaken(false);
                e.holds = false;
                e.young_record = false;
            }
            out(next);
        };
        match self.others {
            Writers::Nobody => {}
            Writers::Anytime => write(Stored::Held),
            Writers::WhileNobodyLeads if leads => {}
            Writers::WhileNobodyLeads => write(Stored::Held),
            Writers::EmptyToo => {
                write(Stored::Held);
                write(Stored::Empty);
            }
        }
    }
}

impl System for Ticks {
    type State = u128;
    type Action = Happens;

    fn initial(&self) -> Vec<u128> {
        vec![self.pack(State { stored: Stored::Absent, electors: [DOWN; 4] })]
    }

    fn successors(&self, packed: u128, out: &mut impl FnMut(Happens, u128)) {
        let state = self.unpack(packed);
        if let Some(next) = self.tick(&state) {
            out(Happens::Tick, self.pack(next));
        }
        for i in 0..self.electors {
            self.moves(&state, i, &mut |what, next| out(Happens::Elector(i, what), self.pack(next)));
        }
        self.others(&state, &mut |next| out(Happens::Other, self.pack(next)));
    }

    fn canonical(&self, packed: u128) -> u128 {
        let mut state = self.unpack(packed);
        state.electors[..self.electors].sort_unstable();
        self.pack(state)
    }
}
