//! One elector of a log beside ours: ours is given the replies of the log at their times, and must do what the log says,
//! when the log says it.
//!
//! Where the real one is free (the jitter of a wait, two things in one instant), every possibility is followed: a
//! [`Follower`] is the set of states that ours may be in, given the lines so far. The log is refused when the set is empty.
//! Callbacks that client-go starts as goroutines may come in any order within their instant.

use crate::log::{ElectorConfig, Line, What};
use crate::words::{Flight, Names, asks, replies};
use leasehold_model::election::{
    Clock, Config, Durations, Effect, Elector, Event, Identity, LeaseEvent, Monotonic, Wall,
};
use leasehold_model::launch::duration::GoDuration;
use leasehold_model::release::Release;

/// The states that one elector may be in.
#[derive(Clone)]
pub struct Follower {
    config: Config,
    states: Vec<State>,
}

#[derive(Clone, PartialEq)]
struct State {
    elector: Elector,
    /// `Run` was called.
    begun: bool,
    /// When it was last at work.
    now: i64,
    /// What it did in order, not yet seen in the log.
    ordered: Vec<Effect>,
    /// What it started as goroutines in this instant, not yet seen in the log.
    started: Vec<Effect>,
    /// The request in flight, and until when the client waits for it.
    flight: Option<Flight>,
}

impl Follower {
    /// # Errors
    /// What client-go would say about the configuration.
    pub fn new(library: Release, elector: &ElectorConfig, names: &mut Names) -> Result<Follower, String> {
        let nanos = |nanos| GoDuration { nanos };
        let [lease, renew, retry] = [elector.lease_duration, elector.renew_deadline, elector.retry_period].map(nanos);
        let durations = Durations::new(lease, renew, retry).map_err(|broken| format!("{broken:?}"))?;
        let mut config = Config::new(library, Identity(names.number(&elector.identity)), durations)?;
        config.release_on_cancel = elector.release_on_cancel;
        config.coordinated = elector.coordinated;
        if config.coordinated && !config.behaviour.coordination {
            return Err("this client-go knows no coordinated election".into());
        }
        let state =
            State { elector: Elector::new(), begun: false, now: 0, ordered: vec![], started: vec![], flight: None };
        Ok(Follower { config, states: vec![state] })
    }

    /// Takes the next line of this elector.
    ///
    /// # Errors
    /// What it might have done instead.
    pub fn take(&mut self, line: &Line, names: &mut Names) -> Result<(), String> {
        // What is between the client and the API server is no elector's business.
        if matches!(line.what, What::Applied { .. } | What::Refused { .. } | What::Again { .. }) {
            return Ok(());
        }
        let due = self.due(line.at);
        let mut next = Vec::new();
        for state in &due {
            for after in state.take(&self.config, line, names) {
                if !next.contains(&after) {
                    next.push(after);
                }
            }
        }
        if next.is_empty() {
            let before = if due.is_empty() { &self.states } else { &due };
            let possible: Vec<_> = before.iter().map(|state| state.describe(&self.config)).collect();
            return Err(format!("instead: {}", possible.join("; or ")));
        }
        self.states = next;
        Ok(())
    }

    /// Says whether the log may end here.
    ///
    /// # Errors
    /// What is missing.
    pub fn end(&self) -> Result<(), String> {
        let ends = |state: &State| {
            state.elector.returned() && state.ordered.is_empty() && state.started.is_empty() && state.flight.is_none()
        };
        if self.states.iter().any(ends) {
            return Ok(());
        }
        let possible: Vec<_> = self.states.iter().map(|state| state.describe(&self.config)).collect();
        Err(format!("the log ends before: {}", possible.join("; or ")))
    }

    /// The states that can be waiting at `at` without having done anything that the log does not say, with every order of
    /// the timers that are due then.
    fn due(&self, at: i64) -> Vec<State> {
        let mut due = Vec::new();
        let mut open: Vec<State> =
            self.states.iter().filter(|state| state.lasts_until(&self.config, at)).cloned().collect();
        while let Some(state) = open.pop() {
            if due.contains(&state) {
                continue;
            }
            if state.ordered.is_empty() {
                let timers = state.elector.timers(&self.config);
                for armed in timers.filter(|t| t.earliest.0 <= at && at <= t.latest.0.max(state.now)) {
                    open.push(state.after(&self.config, at, Event::Timer(armed.timer)));
                }
            }
            due.push(state);
        }
        due
    }
}

impl State {
    /// True if nothing must happen before `at`.
    fn lasts_until(&self, config: &Config, at: i64) -> bool {
        if self.now == at {
            return true;
        }
        let timers = self.elector.timers(config);
        self.ordered.is_empty()
            && self.started.is_empty()
            && self.flight.is_none_or(|flight| flight.end() >= at)
            && timers.filter(|t| !t.may_lapse).all(|t| t.latest.0.max(self.now) >= at)
    }

    /// The state after an event that the elector takes while nothing of it is outstanding.
    fn after(&self, config: &Config, at: i64, event: Event) -> State {
        let mut next = self.clone();
        let mut effects = Vec::new();
        let clock = Clock { monotonic: Monotonic(at), wall: Wall(at.div_euclid(1000)) };
        next.elector.handle(config, clock, event, &mut effects);
        next.begun |= event == Event::Start;
        next.now = at;
        for effect in effects {
            match effect {
                Effect::NewLeader(_) | Effect::StartedLeading | Effect::StopControllers => next.started.push(effect),
                Effect::CancelRequest => {
                    if let Some(flight) = &mut next.flight {
                        flight.cancelled = Some(at);
                    }
                }
                Effect::Request(request) => {
                    next.flight = Some(Flight { request, cancelled: None });
                    next.ordered.push(effect);
                }
                _ => next.ordered.push(effect),
            }
        }
        next
    }

    fn take(&self, config: &Config, line: &Line, names: &mut Names) -> Vec<State> {
        let at = line.at;
        let goes_on = |state: Option<State>| state.into_iter().collect();
        match &line.what {
            What::Run if self.begun => vec![],
            What::Run => vec![self.after(config, at, Event::Start)],
            What::Cancel => {
                if self.ordered.is_empty() {
                    vec![self.after(config, at, Event::Cancel)]
                } else {
                    vec![]
                }
            }
            What::Reply { version, record, error, .. } => {
                let Some(flight) = self.flight.filter(|_| self.ordered.is_empty()) else { return vec![] };
                let waiting = State { flight: None, ..self.clone() };
                let replies = replies(flight, at, version, record, error, names);
                replies.into_iter().map(|reply| waiting.after(config, at, Event::Reply(reply))).collect()
            }
            What::Request { op, version, record, deadline, .. } => goes_on(self.does(|effect| {
                let Effect::Request(request) = effect else { return false };
                let end = Flight { request: *request, cancelled: None }.end();
                !request.context_done && end == *deadline && asks(request, *op, version, record, names)
            })),
            What::Unsent { op, version, record, .. } => goes_on(self.does(|effect| {
                let Effect::Request(request) = effect else { return false };
                let past = request.deadline.is_some_and(|deadline| deadline.0 <= at);
                (request.context_done || past) && asks(request, *op, version, record, names)
            })),
            What::Started => goes_on(self.starts(Effect::StartedLeading)),
            What::LeadingDone => {
                // One goroutine: it starts before it sees that it is over.
                let begun = !self.started.contains(&Effect::StartedLeading);
                goes_on(if begun { self.starts(Effect::StopControllers) } else { None })
            }
            What::NewLeader { identity } => goes_on(self.starts(Effect::NewLeader(Identity(names.number(identity))))),
            What::Event { message } => goes_on(self.does(|effect| {
                let Effect::Record(event) = effect else { return false };
                let text = match event {
                    LeaseEvent::BecameLeader => "became leader",
                    LeaseEvent::StoppedLeading => "stopped leading",
                };
                line.elector.as_ref().is_some_and(|elector| *message == format!("{elector} {text}"))
            })),
            What::Stopped => goes_on(self.does(|effect| *effect == Effect::StoppedLeading)),
            What::Ended => goes_on(self.does(|effect| *effect == Effect::Returned)),
            What::Applied { .. }
            | What::Refused { .. }
            | What::Again { .. }
            | What::Write { .. }
            | What::Delete
            | What::Nothing => vec![],
        }
    }

    /// The state after the first of the ordered effects was seen.
    fn does(&self, mut matches: impl FnMut(&Effect) -> bool) -> Option<State> {
        let mut next = self.clone();
        (!next.ordered.is_empty() && matches(&next.ordered.remove(0))).then_some(next)
    }

    /// The state after a goroutine was seen.
    fn starts(&self, effect: Effect) -> Option<State> {
        let mut next = self.clone();
        let index = next.started.iter().position(|started| *started == effect)?;
        next.started.remove(index);
        Some(next)
    }

    fn describe(&self, config: &Config) -> String {
        let timers: Vec<_> = self.elector.timers(config).collect();
        let Self { ordered, started, flight, elector, now, .. } = self;
        let flight = flight.map(|flight| (flight.request.operation, flight.end()));
        format!(
            "since {now}: does {ordered:?}, starts {started:?}, waits for {flight:?} and {timers:?}, being {elector:?}"
        )
    }
}
