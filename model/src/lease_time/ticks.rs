//! The same question in whole ticks, for any number of explicit electors: an independent model to compare with.
//!
//! Shares nothing with [`super::handover`]: every elector lives its whole life (it leads, stops, exits and starts again
//! under a new identity), any two may act together, and time is a counter in each of them. All constraints of the timed
//! automaton are closed, so whole numbers decide reachability as dense time does (T. Henzinger, Z. Manna, A. Pnueli, What
//! good are digital clocks?, 1992), as long as every constant is a whole number of ticks.
//!
//! Electors are interchangeable; [`System::canonical`] sorts them.

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

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[repr(u8)]
enum Stage {
    Down,
    Wait,
    Renew,
    Renewed,
    Get,
    Got,
    Put,
    Create,
    Stored,
    Sleep,
    Poll,
    Stop,
}

const STAGES: [Stage; 12] = [
    Stage::Down,
    Stage::Wait,
    Stage::Renew,
    Stage::Renewed,
    Stage::Get,
    Stage::Got,
    Stage::Put,
    Stage::Create,
    Stage::Stored,
    Stage::Sleep,
    Stage::Poll,
    Stage::Stop,
];

const NOBODY: u8 = 0;
const MINE: u8 = 1;
const THEIRS: u8 = 2;
const EXPIRED: u8 = 3;
/// Read and not found; only for what a read found.
const MISSING: u8 = 3;

/// One elector, 30 bits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Elector {
    stage: Stage,
    /// Ticks in this stage, or since the request was sent.
    since: u8,
    /// Ticks since the record was observed, or since the write was applied.
    observed: u8,
    /// Ticks since the renewal began.
    renewing: u8,
    seen: u8,
    leads: bool,
    /// The stored record is this elector's.
    holds: bool,
    /// It reads like what this elector read last.
    alike: bool,
    /// This elector knows the newest version.
    newest: bool,
    /// Its next write would read like what is stored.
    repeats: bool,
    /// Its attempt began in this tick.
    young: bool,
    /// The stored record was written by an attempt that began in this tick.
    young_record: bool,
    found: u8,
    found_changed: bool,
    found_newest: bool,
    found_alike: bool,
}

const DOWN: Elector = Elector {
    stage: Stage::Down,
    since: 0,
    observed: 0,
    renewing: 0,
    seen: NOBODY,
    leads: false,
    holds: false,
    alike: false,
    newest: false,
    repeats: false,
    young: false,
    young_record: false,
    found: 0,
    found_changed: false,
    found_newest: false,
    found_alike: false,
};

const BITS: u32 = 31;

impl Elector {
    fn pack(self) -> u128 {
        let mut word = 0u128;
        let mut put = |value: u8, bits: u32| word = word << bits | u128::from(value);
        put(self.stage as u8, 4);
        put(self.since, 4);
        put(self.observed, 4);
        put(self.renewing, 4);
        put(self.seen, 2);
        put(self.found, 2);
        for flag in [
            self.leads,
            self.holds,
            self.alike,
            self.newest,
            self.repeats,
            self.young,
            self.young_record,
            self.found_changed,
            self.found_newest,
            self.found_alike,
        ] {
            put(u8::from(flag), 1);
        }
        word
    }

    fn unpack(mut word: u128) -> Elector {
        let mut take = |bits: u32| {
            let value = (word & ((1 << bits) - 1)) as u8;
            word >>= bits;
            value
        };
        let [found_alike, found_newest, found_changed, young_record, young, repeats, newest, alike, holds, leads] =
            [(); 10].map(|()| take(1) == 1);
        let found = take(2);
        let seen = take(2);
        let renewing = take(4);
        let observed = take(4);
        let since = take(4);
        let stage = STAGES[usize::from(take(4))];
        Elector {
            stage,
            since,
            observed,
            renewing,
            seen,
            leads,
            holds,
            alike,
            newest,
            repeats,
            young,
            young_record,
            found,
            found_changed,
            found_newest,
            found_alike,
        }
    }

    fn forget_attempt(&mut self) {
        self.repeats = false;
        self.young = false;
        self.found = 0;
        self.found_changed = false;
        self.found_newest = false;
        self.found_alike = false;
    }

    fn overtaken(&mut self, alike: bool) {
        self.newest = false;
        self.alike &= alike;
        self.repeats &= alike;
        self.found_newest = false;
        self.found_alike &= alike;
    }

    fn tries(&self) -> bool {
        (Stage::Renew..=Stage::Stored).contains(&self.stage)
    }

    fn renews(&self) -> bool {
        self.leads && (self.tries() || self.stage == Stage::Poll)
    }
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

    /// Begins an attempt, in each way it may begin.
    fn attempt(&self, state: &State, i: usize, elected: bool, out: &mut impl FnMut(State)) {
        let mut begin = |change: &dyn Fn(&mut Elector)| {
            for repeats in [false, true] {
                let mut next = *state;
                let e = &mut next.electors[i];
                // Only the first renewal follows a write at once; else RetryPeriod, at least a second, lies between.
                if repeats && !(self.alike_in_a_tick && elected && e.holds && e.young_record) {
                    continue;
                }
                e.forget_attempt();
                e.since = 0;
                e.stage = Stage::Get;
                e.young = self.alike_in_a_tick;
                e.repeats = repeats;
                change(e);
                out(next);
            }
        };
        let e = state.electors[i];
        match e.seen {
            THEIRS => {
                if e.observed >= self.lease {
                    begin(&|e| {
                        e.seen = EXPIRED;
                        e.observed = 0;
                    });
                }
                begin(&|_| {});
            }
            MINE if self.renews_without_reading => {
                begin(&|e| e.stage = Stage::Renew);
                // Before it leads, and late in a renewal, its own record may be too old for that.
                if !e.leads || e.renewing + self.retry >= self.lease {
                    begin(&|_| {});
                }
            }
            _ => begin(&|_| {}),
        }
    }

    fn moves(&self, state: &State, i: usize, out: &mut impl FnMut(&'static str, State)) {
        let e = state.electors[i];
        let with = |change: &dyn Fn(&mut Elector)| {
            let mut next = *state;
            change(&mut next.electors[i]);
            next
        };
        let failed = |e: &mut Elector| {
            e.forget_attempt();
            e.since = 0;
            e.stage = if e.leads { Stage::Poll } else { Stage::Wait };
            e.newest &= e.leads;
        };
        match e.stage {
            Stage::Down => out(
                "start",
                with(&|e| {
                    e.stage = Stage::Get;
                    e.young = self.alike_in_a_tick;
                }),
            ),
            Stage::Wait if e.since >= self.retry => self.attempt(state, i, false, &mut |next| out("try", next)),
            Stage::Sleep if e.since >= self.retry => {
                let begun = with(&|e| e.renewing = 0);
                self.attempt(&begun, i, false, &mut |next| out("renew", next));
            }
            Stage::Poll => self.attempt(state, i, false, &mut |next| out("try again", next)),
            Stage::Wait | Stage::Sleep => {}
            Stage::Renew => {
                if e.newest {
                    out("update applied", self.write(state, i, Stage::Renewed));
                }
                out(
                    "update fails",
                    with(&|e| {
                        e.stage = Stage::Get;
                        e.since = 0;
                    }),
                );
            }
            Stage::Renewed | Stage::Stored => {
                if e.observed <= self.reply_delay {
                    let mut led = with(&|e| {
                        e.forget_attempt();
                        e.seen = MINE;
                        e.since = 0;
                        e.observed = 0;
                    });
                    if e.leads {
                        led.electors[i].stage = Stage::Sleep;
                        out("renewed", led);
                    } else {
                        led.electors[i].leads = true;
                        led.electors[i].renewing = 0;
                        self.attempt(&led, i, true, &mut |next| out("elected", next));
                    }
                }
                if e.stage == Stage::Renewed {
                    out(
                        "reply lost",
                        with(&|e| {
                            e.stage = Stage::Get;
                            e.since = 0;
                            e.observed = 0;
                            e.newest = false;
                        }),
                    );
                } else {
                    out(
                        "reply lost",
                        with(&|e| {
                            e.newest = false;
                            e.observed = 0;
                            failed(e);
                            e.newest = false;
                        }),
                    );
                }
            }
            Stage::Get => {
                out(
                    "read",
                    with(&|e| {
                        e.stage = Stage::Got;
                        e.found = match state.stored {
                            Stored::Absent => MISSING,
                            Stored::Empty => NOBODY,
                            Stored::Held if e.holds => MINE,
                            Stored::Held => THEIRS,
                        };
                        e.found_changed = !e.alike;
                        e.found_newest = true;
                        e.found_alike = true;
                    }),
                );
                out("read fails", with(&failed));
            }
            Stage::Got => {
                out("reply lost", with(&failed));
                out("reply", with(&|e| self.judge(e, failed)));
            }
            Stage::Put | Stage::Create => {
                if if e.stage == Stage::Put { e.newest } else { state.stored == Stored::Absent } {
                    out("write applied", self.write(state, i, Stage::Stored));
                }
                out("write fails", with(&failed));
            }
            Stage::Stop => out("exit", with(&|e| *e = DOWN)),
        }
        if e.renews() && e.renewing >= self.renew {
            out(
                "deadline",
                with(&|e| {
                    e.forget_attempt();
                    e.stage = Stage::Stop;
                    e.since = 0;
                    e.observed = 0;
                    e.renewing = 0;
                    e.seen = NOBODY;
                    e.alike = false;
                    e.newest = false;
                }),
            );
        }
        if self.crash && e.stage != Stage::Down {
            out("crash", with(&|e| *e = DOWN));
        }
    }

    /// The reply to a read arrives.
    fn judge(&self, e: &mut Elector, failed: impl Fn(&mut Elector)) {
        e.alike = e.found_alike;
        e.newest = e.found_newest;
        let (found, changed) = (e.found, e.found_changed);
        e.found = 0;
        e.found_changed = false;
        e.found_newest = false;
        e.found_alike = false;
        if found == MISSING {
            e.stage = Stage::Create;
            e.since = 0;
            if e.seen != MINE {
                e.seen = NOBODY;
                e.observed = 0;
            }
            return;
        }
        if changed {
            e.seen = found;
            e.observed = 0;
        }
        if e.seen == THEIRS {
            failed(e);
        } else {
            e.stage = Stage::Put;
            e.since = 0;
        }
    }

    /// The elector's write is applied.
    fn write(&self, state: &State, i: usize, stage: Stage) -> State {
        let mut next = *state;
        let repeats = state.electors[i].repeats;
        for (j, other) in next.electors[..self.electors].iter_mut().enumerate() {
            if j != i {
                other.overtaken(repeats);
                other.holds = false;
                other.young_record = false;
            }
        }
        next.stored = Stored::Held;
        let e = &mut next.electors[i];
        e.stage = stage;
        e.holds = true;
        e.observed = 0;
        e.newest = true;
        e.alike &= repeats;
        if !repeats {
            e.young_record = e.young;
        }
        e.repeats = self.alike_in_a_tick;
        next
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
