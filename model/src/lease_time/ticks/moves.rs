//! What one elector does between two ticks.

use super::elector::{DOWN, EXPIRED, Elector, MINE, MISSING, NOBODY, Stage, THEIRS};
use super::{State, Stored, Ticks};

impl Ticks {
    pub(super) fn moves(&self, state: &State, i: usize, out: &mut impl FnMut(&'static str, State)) {
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
}
