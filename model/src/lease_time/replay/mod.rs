//! Executes a trace with the elector of [`crate::election`]: the second opinion without which no counterexample is shown.
//!
//! Contract: shares with the search only the trace's alphabet. Two electors and a store run through the events at their
//! times; every request must be the one that the trace says, every timer must be due, and at the end both processes
//! must act. What the automaton says of an elector (what it saw, whether it leads) is compared after every event.
//!
//! Map: `store` is the API server, `compare` what the trace says of an elector against what it does.

mod compare;
mod store;

use self::store::Store;
use super::constants::Rate;
use super::handover::Action;
use super::location::Phase;
use super::parameters::{Elector as Parameters, Pair};
use super::trace::{Event as Step, Trace};
use crate::election::{
    Clock, Config, Effect, Elector, Event, Failure, Identity, Lease, Monotonic, Operation, Reply, Request, Timer, Wall,
};
use crate::launch::duration::GoDuration;

/// Where a trace and the elector part.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mismatch {
    /// The number of the event.
    pub event: usize,
    /// What was expected and what happened.
    pub reason: String,
}

/// Executes a trace on the electors of its pair.
///
/// # Errors
/// If an elector does not do what the trace says.
pub fn replay(pair: &Pair, trace: &Trace) -> Result<(), Mismatch> {
    // Whether two writes fall into one second depends on where the seconds begin: at one of the attempts, if anywhere.
    let attempts = trace.events.iter().filter(|e| matches!(e.action, Action::Attempt(0) | Action::Start(0)));
    let mut first = None;
    for start in attempts {
        let seconds_begin = local(trace, start.at, 0, &pair.first);
        let mut run = Run::new(pair, trace, seconds_begin);
        match run.all() {
            Ok(()) => return Ok(()),
            Err(mismatch) => first = first.or(Some(mismatch)),
        }
    }
    Err(first.unwrap_or(Mismatch { event: 0, reason: "the first elector never tries".into() }))
}

/// What a host's clock shows at a true time: whole nanoseconds. Rounding down keeps every whole difference.
fn local(trace: &Trace, at: i128, i: usize, elector: &Parameters) -> i64 {
    let (numerator, denominator) = trace.unit.nanos(at);
    let million = 1_000_000u128;
    let ppm = u128::from(elector.drift_ppm);
    let rate = match trace.rates[i] {
        Rate::Slow => million - ppm,
        Rate::True => million,
        Rate::Fast => million + ppm,
    };
    i64::try_from(numerator * rate / (denominator * million)).expect("a trace lasts less than centuries")
}

struct Host {
    config: Config,
    elector: Elector,
    request: Option<Request>,
    answer: Option<Reply>,
    late: Option<Operation>,
}

struct Run<'a> {
    pair: &'a Pair,
    trace: &'a Trace,
    hosts: [Host; 2],
    store: Store,
    seconds_begin: i64,
}

const SECOND: i64 = 1_000_000_000;

impl<'a> Run<'a> {
    fn new(pair: &'a Pair, trace: &'a Trace, seconds_begin: i64) -> Self {
        let host = |parameters: &Parameters, identity| Host {
            config: Config {
                identity: Identity(identity),
                durations: parameters.durations,
                release_on_cancel: parameters.releases,
                coordinated: false,
                behaviour: parameters.behaviour,
            },
            elector: Elector::new(),
            request: None,
            answer: None,
            late: None,
        };
        let hosts = [host(&pair.first, 1), host(&pair.second, 2)];
        Run { pair, trace, hosts, store: Store::default(), seconds_begin }
    }

    fn all(&mut self) -> Result<(), Mismatch> {
        for (number, step) in self.trace.events.iter().enumerate() {
            self.step(step)
                .and_then(|()| self.compare(step))
                .map_err(|reason| Mismatch { event: number, reason: format!("{:?}: {reason}", step.action) })?;
        }
        let last = self.trace.events.last().ok_or(Mismatch { event: 0, reason: "an empty trace".into() })?;
        let acts = |i: usize| self.hosts[i].elector.controllers_run() || last.after.sides[i].phase == Phase::Stopping;
        if acts(0) && acts(1) {
            Ok(())
        } else {
            Err(Mismatch { event: self.trace.events.len(), reason: "they do not act together".into() })
        }
    }

    fn clock(&self, i: usize, at: i128) -> Clock {
        let parameters = [&self.pair.first, &self.pair.second][i];
        let monotonic = local(self.trace, at, i, parameters);
        // The first's seconds begin at a chosen moment, the second's at zero; a thousand seconds keep it positive.
        let origin = if i == 0 { self.seconds_begin } else { 0 };
        let wall = 1000 * SECOND + monotonic - origin;
        Clock { monotonic: Monotonic(monotonic), wall: Wall(wall / 1000) }
    }

    fn step(&mut self, step: &Step) -> Result<(), String> {
        match step.action {
            Action::Start(i) => self.deliver(i, step, Event::Start),
            Action::Attempt(i) if step.before.sides[i].phase == Phase::Elected => {
                self.hosts[i].request.map(|_| ()).ok_or_else(|| "no renewal began at once".into())
            }
            Action::Attempt(i) => self.timer(i, step, Timer::Retry),
            Action::Reply(i) => {
                let answer = self.hosts[i].answer.take().ok_or("nothing was answered")?;
                self.deliver(i, step, Event::Reply(answer))
            }
            Action::Fail(i) => {
                let host = &mut self.hosts[i];
                host.answer = None;
                let request = host.request.ok_or("no request is on its way")?;
                if step.after.sides[i].late && !step.before.sides[i].late {
                    host.late = Some(request.operation);
                }
                let now = self.clock(i, step.at).monotonic;
                let failure = if now >= request.timeout { Failure::Timeout } else { Failure::Other };
                self.deliver(i, step, Event::Reply(Reply::Failed(failure)))
            }
            Action::Deadline(i) => {
                if let Some(request) = self.hosts[i].request.filter(|_| self.hosts[i].elector.awaits_reply()) {
                    if step.after.sides[i].late && !step.before.sides[i].late {
                        self.hosts[i].late = Some(request.operation);
                    }
                    let renews = self.hosts[i].elector.renew_deadline();
                    let mut requests = 0;
                    // Each request of the attempt now ends with its context, the ones it would still send included.
                    while self.hosts[i].elector.awaits_reply() && self.hosts[i].elector.renew_deadline() == renews {
                        self.deliver(i, step, Event::Reply(Reply::Failed(Failure::ContextDone)))?;
                        requests += 1;
                        if requests > 3 {
                            return Err("an attempt does not end with its context".into());
                        }
                    }
                }
                if self.hosts[i].elector.leads() { self.timer(i, step, Timer::RenewDeadline) } else { Ok(()) }
            }
            Action::Cancel(i) => self.deliver(i, step, Event::Cancel),
            Action::ReleaseEnds(i) => {
                while self.hosts[i].elector.awaits_reply() {
                    self.deliver(i, step, Event::Reply(Reply::Failed(Failure::Other)))?;
                }
                Ok(())
            }
            Action::Read(i) => {
                let answer = match self.store.stored {
                    Some((version, lease)) => Reply::Found(version, lease),
                    None => Reply::Failed(Failure::NotFound),
                };
                self.answers(i, |operation| operation == Operation::Get, answer)
            }
            Action::ReadOld(_) => Err("a stale read cannot be executed".into()),
            Action::Apply(i) => {
                let request = self.hosts[i].request.ok_or("no request is on its way")?;
                let version = self.store.apply(request.operation)?;
                self.answers(i, |_| true, Reply::Stored(version))
            }
            Action::Late(i) => {
                let operation = self.hosts[i].late.take().ok_or("no late write is known")?;
                self.store.apply(operation).map(|_| ())
            }
            Action::Empty(i) => self.empty(i, step),
            Action::OtherWrites(_) => {
                let seconds = self.recorded(step);
                let at = self.clock(1, step.at).wall;
                self.store.put(Lease {
                    holder: Some(Identity(3)),
                    duration_seconds: Some(seconds),
                    acquired: Some(at),
                    // Records of different writes read differently, as those of different electors do.
                    renewed: Some(Wall(at.0 + 1_000_000 * i64::try_from(self.store.versions).unwrap_or(0))),
                    transitions: Some(0),
                    ..Lease::default()
                });
                Ok(())
            }
            Action::OtherReleases | Action::EditHolder => self.store.edit(|lease| lease.holder = Some(Identity::EMPTY)),
            Action::EditDuration => self.store.edit(|lease| lease.duration_seconds = Some(1)),
            Action::Delete => {
                self.store.stored = None;
                Ok(())
            }
            Action::Pause | Action::Resume => Ok(()),
        }
    }

    /// The duration that the record after a step says, in seconds.
    fn recorded(&self, step: &Step) -> i32 {
        let mut all: Vec<i64> = [&self.pair.first, &self.pair.second]
            .into_iter()
            .chain(&self.pair.others)
            .map(|e| e.durations.recorded_seconds())
            .collect();
        all.push(1);
        all.sort_unstable();
        all.dedup();
        let Action::OtherWrites(d) = step.action else { unreachable!("only for others") };
        i32::try_from(all[usize::from(d)]).unwrap_or(i32::MAX)
    }

    fn answers(&mut self, i: usize, expected: impl Fn(Operation) -> bool, reply: Reply) -> Result<(), String> {
        let request = self.hosts[i].request.ok_or("no request is on its way")?;
        if !expected(request.operation) {
            return Err(format!("{:?} is on its way", request.operation));
        }
        self.hosts[i].answer = Some(reply);
        Ok(())
    }

    /// The server empties the lease for an elector that releases: its requests are answered at once.
    fn empty(&mut self, i: usize, step: &Step) -> Result<(), String> {
        for _ in 0..3 {
            let request = self.hosts[i].request.filter(|_| self.hosts[i].elector.awaits_reply());
            let request = request.ok_or("no release is on its way")?;
            if request.operation == Operation::Get {
                let (version, lease) = self.store.stored.ok_or("there is no Lease")?;
                self.deliver(i, step, Event::Reply(Reply::Found(version, lease)))?;
            } else {
                let version = self.store.apply(request.operation)?;
                self.hosts[i].answer = Some(Reply::Stored(version));
                return Ok(());
            }
        }
        Err("a release does not come to its update".into())
    }

    fn timer(&mut self, i: usize, step: &Step, timer: Timer) -> Result<(), String> {
        let now = self.clock(i, step.at).monotonic;
        let host = &self.hosts[i];
        let armed: Vec<_> = host.elector.timers(&host.config).collect();
        let longest = [&self.pair.first, &self.pair.second][i].longest_retry;
        let waits = step.before.sides[i].phase == Phase::Waiting;
        let overdue = step.before.paused != step.after.paused;
        let due = armed.iter().any(|a| {
            // The parameters may ask for another jitter than client-go's.
            let latest = if waits {
                a.earliest + (GoDuration { nanos: longest.nanos - host.config.durations.retry().nanos })
            } else {
                a.latest
            };
            a.timer == timer && a.earliest <= now && (now <= latest || overdue)
        });
        if !due {
            return Err(format!("{timer:?} is not due at {now:?}: {armed:?}"));
        }
        self.deliver(i, step, Event::Timer(timer))
    }

    fn deliver(&mut self, i: usize, step: &Step, event: Event) -> Result<(), String> {
        let now = self.clock(i, step.at);
        let host = &mut self.hosts[i];
        if matches!(event, Event::Reply(_)) && !host.elector.awaits_reply() {
            return Err("no reply is awaited".into());
        }
        let mut effects = Vec::new();
        host.request = None;
        host.elector.handle(&host.config, now, event, &mut effects);
        for effect in effects {
            if let Effect::Request(request) = effect {
                host.request = Some(request);
            }
        }
        Ok(())
    }
}
