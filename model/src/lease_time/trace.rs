//! A path of the automaton with concrete times: exact rationals, on hosts whose clocks run at constant rates.
//!
//! The automaton allows a little more than client-go does (see [`super::handover`]); here every constraint is exact:
//! attempts of one renewal begin at ticks of the kind that the release has, and whether
//! an observed record is still valid decides what an attempt does first. What no times satisfy is no trace.

use super::constants::{Constants, Rate, Rates};
use super::handover::{Action, CLOCKS, Handover};
use super::location::{Location, Paused, Phase, Seen};
use super::parameters::{Assumptions, Pair};
use super::units::{TooFine, Unit};
use crate::facts::client_go::Polling;
use crate::zones::automaton::{Automaton, Guard, Update};
use crate::zones::{Schedule, Step};

/// One event of a trace.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Event {
    /// What happens.
    pub action: Action,
    /// When, in units of the trace.
    pub at: i128,
    /// The state before it.
    pub before: Location,
    /// The state after it.
    pub after: Location,
}

/// A timed run that ends with two processes acting together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Trace {
    /// What its times count.
    pub unit: Unit,
    /// The rates of the two hosts' clocks.
    pub rates: [Rate; 2],
    /// What happens, in order.
    pub events: Vec<Event>,
}

impl Trace {
    /// The earliest times for a path; none if exact client-go cannot follow it at any constant rates.
    ///
    /// # Errors
    /// If the durations have no common unit.
    pub fn of(
        pair: &Pair,
        assumptions: &Assumptions,
        path: &[Step<Location, Action>],
    ) -> Result<Option<Trace>, TooFine> {
        let exact = pair.first.drift_ppm == 0 && pair.second.drift_ppm == 0;
        let all = [Rate::Slow, Rate::True, Rate::Fast];
        let rates: Vec<[Rate; 2]> = if exact {
            vec![[Rate::True; 2]]
        } else {
            // A slow leader and a fast challenger are what breaks a lease.
            all.iter().flat_map(|&first| all.iter().rev().map(move |&second| [first, second])).collect()
        };
        for rates in rates {
            let automaton = Handover::new(pair, assumptions, Rates::Fixed(rates))?;
            if let Some(events) = (Scheduling { automaton: &automaton, pair, path }).events() {
                return Ok(Some(Trace { unit: automaton.constants.unit, rates, events }));
            }
        }
        Ok(None)
    }

    /// The time of an event in nanoseconds, as a fraction in lowest terms.
    #[must_use]
    pub fn nanos(&self, event: &Event) -> (u128, u128) {
        self.unit.nanos(event.at)
    }
}

struct Scheduling<'a> {
    automaton: &'a Handover,
    pair: &'a Pair,
    path: &'a [Step<Location, Action>],
}

/// The state of one elector along the path, as numbers of events.
#[derive(Clone, Copy, Default)]
struct Marks {
    attempt: usize,
    attempt_end: usize,
    renewal: usize,
    first_attempt_end: Option<usize>,
    observed: usize,
}

impl Scheduling<'_> {
    fn constants(&self) -> &Constants {
        &self.automaton.constants
    }

    fn events(&self) -> Option<Vec<Event>> {
        let mut schedule = Schedule::new(self.path.len() + 1);
        let mut polled = Vec::new();
        let targets = self.constrain(&mut schedule, &mut polled);
        let times = self.choose_ticks(&schedule, &polled)?;
        let events = self.path.iter().zip(targets).zip(&times[1..]);
        Some(events.map(|((step, after), &at)| Event { action: step.action, at, before: step.from, after }).collect())
    }

    /// The constraints of the path; the polled attempts are left to choose. Returns where each step leads.
    fn constrain(&self, schedule: &mut Schedule, polled: &mut Vec<Polled>) -> Vec<Location> {
        let mut last = [0usize; CLOCKS];
        let mut marks = [Marks::default(); 2];
        let mut edges = Vec::new();
        let mut targets = Vec::new();
        for (index, step) in self.path.iter().enumerate() {
            let now = index + 1;
            schedule.at_least(index, now, 0);
            self.automaton.invariants(&step.from, &mut |clock, most| schedule.at_most(last[clock], now, most));
            edges.clear();
            self.automaton.edges(&step.from, &mut edges);
            let edge = edges[step.edge];
            assert!(edge.action == step.action, "edges come in the same order whatever the rates");
            for guard in edge.guards.iter() {
                match guard {
                    Guard::AtLeast(clock, c) => schedule.at_least(last[clock], now, c),
                    Guard::AtMost(clock, c) => schedule.at_most(last[clock], now, c),
                }
            }
            for update in edge.updates.iter() {
                match update {
                    Update::Reset(clock) => last[clock] = now,
                    Update::Copy(to, from) => last[to] = last[from],
                }
            }
            self.automaton.invariants(&edge.target, &mut |clock, most| schedule.at_most(last[clock], now, most));
            for i in [0, 1] {
                self.exactly(i, now, step, &edge.target, &mut marks[i], schedule, polled);
            }
            targets.push(edge.target);
        }
        targets
    }

    /// What the automaton leaves open about one elector's step.
    #[expect(clippy::too_many_arguments, reason = "the state of one pass over the path")]
    fn exactly(
        &self,
        i: usize,
        now: usize,
        step: &Step<Location, Action>,
        target: &Location,
        marks: &mut Marks,
        schedule: &mut Schedule,
        polled: &mut Vec<Polled>,
    ) {
        let host = &self.constants().hosts[i];
        let (before, after) = (step.from.sides[i], target.sides[i]);
        let paused = i == 0 && step.from.paused == Paused::Overdue;
        match step.action {
            Action::Start(of) if of == i => {
                marks.attempt = now;
            }
            Action::Attempt(of) if of == i => {
                let valid = match before.seen {
                    Seen::Another(d) => Some(host.valid[usize::from(d)].least),
                    Seen::Own if host.renews_without_reading => {
                        Some(host.valid[usize::from(self.constants().own[i])].least)
                    }
                    _ => None,
                };
                if let Some(valid) = valid {
                    let expired =
                        after.seen == Seen::Expired || before.seen == Seen::Own && after.phase == Phase::Reading;
                    if expired {
                        schedule.at_least(marks.observed, now, valid);
                    } else {
                        schedule.at_most(marks.observed, now, valid - 1);
                    }
                }
                if before.phase == Phase::Polling {
                    if !paused {
                        polled.push(Polled { host: i, attempt: now, marks: *marks });
                    }
                } else if before.leads {
                    marks.renewal = now;
                    marks.first_attempt_end = None;
                }
                marks.attempt = now;
            }
            Action::Reply(of) | Action::Fail(of) if of == i => {
                let read = matches!(before.phase, Phase::Answered(answer) if answer.changed);
                let stored = step.action == Action::Reply(i) && matches!(before.phase, Phase::Updated | Phase::Written);
                if step.action == Action::Reply(i) && read || stored {
                    marks.observed = now;
                }
                if !after.attempts() {
                    marks.attempt_end = now;
                    marks.first_attempt_end = marks.first_attempt_end.or(Some(now));
                }
            }
            _ => {}
        }
    }

    /// Times of all events, with ticks chosen for the polled attempts.
    fn choose_ticks(&self, schedule: &Schedule, polled: &[Polled]) -> Option<Vec<i128>> {
        let times = schedule.earliest()?;
        let Some((first, rest)) = polled.split_first() else {
            assert!(times.denominator == 1, "closed constraints have whole solutions");
            return Some(times.numerators);
        };
        let host = &self.constants().hosts[first.host];
        let retry = host.retry.least.max(1);
        let Polled { attempt, marks, .. } = *first;
        let ticks = host.renew.most / retry + 1;
        let polling = [&self.pair.first, &self.pair.second][first.host].behaviour.polling;
        (1..=ticks).find_map(|k| {
            let (tick, before) = (k * retry, (k - 1) * retry);
            match polling {
                Polling::FromStart => {
                    // The first tick after the attempt before began; at once if it came while that ran.
                    let mut on_tick = schedule.clone();
                    on_tick.at_least(marks.renewal, marks.attempt, before);
                    on_tick.at_most(marks.renewal, marks.attempt, tick - 1);
                    let mut at_once = on_tick.clone();
                    on_tick.at_least(marks.renewal, attempt, tick);
                    on_tick.at_most(marks.renewal, attempt, tick);
                    at_once.at_least(marks.renewal, marks.attempt_end, tick);
                    at_once.at_most(marks.attempt_end, attempt, 0);
                    self.choose_ticks(&on_tick, rest).or_else(|| self.choose_ticks(&at_once, rest))
                }
                Polling::FromFirstAnswer => {
                    // The first tick after the attempt before ended.
                    let origin = marks.first_attempt_end.expect("a polled attempt follows another");
                    let mut on_tick = schedule.clone();
                    on_tick.at_least(origin, marks.attempt_end, before);
                    on_tick.at_most(origin, marks.attempt_end, tick - 1);
                    on_tick.at_least(origin, attempt, tick);
                    on_tick.at_most(origin, attempt, tick);
                    self.choose_ticks(&on_tick, rest)
                }
            }
        })
    }
}

/// An attempt that a tick begins.
#[derive(Clone, Copy)]
struct Polled {
    host: usize,
    attempt: usize,
    marks: Marks,
}
