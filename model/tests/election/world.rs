//! The world of a script: it moves in virtual time from one event to the next, always in the same order.
//!
//! In one instant the store goes first, then replies, then deadlines, then other timers, each in the order in which the
//! actors were declared. What follows from an event in the same instant stands on the same line.

use super::actor::{Actor, Fault, InFlight, Input};
use super::clock::Nanos;
use super::print::{Line, Lines, Names};
use super::store::Store;
use leasehold_model::election::{Effect, Election, Event, Failure, Operation, ProcessEffect, Reply, Request, Timer};
use leasehold_model::launch::duration::GoDuration;
use std::collections::{BTreeMap, BTreeSet};

/// Everything.
#[derive(Default)]
pub struct World {
    pub now: Nanos,
    pub store: Store,
    pub actors: Vec<Actor>,
    pub names: Names,
    /// Requests on their way to the store, some of which nobody waits for any more.
    on_the_way: Vec<OnTheWay>,
    requests: u64,
    lines: Lines,
    /// Who acts under which lease.
    acting: BTreeMap<String, Vec<String>>,
}

struct OnTheWay {
    arrives: Nanos,
    number: u64,
    actor: usize,
    election: Election,
    operation: Operation,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Kind {
    Reply,
    Deadline,
    Retry,
    Exit,
}

const BOTH: [Election; 2] = [Election::Main, Election::Migration];

impl World {
    /// Lets time pass until `end`, and returns what happened.
    pub fn run_until(&mut self, end: Nanos) -> String {
        loop {
            let arrival = self.on_the_way.iter().map(|request| request.arrives).min();
            let next = self.next();
            let at = arrival.into_iter().chain(next.map(|(at, ..)| at)).min();
            let Some(at) = at.filter(|&at| at <= end) else { break };
            self.now = self.now.max(at);
            match next {
                Some((when, kind, actor, election)) if arrival.is_none_or(|arrival| arrival > when) => {
                    let input = match kind {
                        Kind::Reply => Input::Elector(election, Event::Reply(self.answer(actor, election))),
                        Kind::Deadline => Input::Elector(election, Event::Timer(Timer::RenewDeadline)),
                        Kind::Retry => Input::Elector(election, Event::Timer(Timer::Retry)),
                        Kind::Exit => Input::Exit,
                    };
                    self.happen(actor, input);
                }
                _ => self.arrive(),
            }
        }
        self.now = end;
        self.take_lines()
    }

    /// What happened since the last call.
    pub fn take_lines(&mut self) -> String {
        self.lines.take()
    }

    /// Lets one thing happen to one actor now.
    pub fn happen(&mut self, actor: usize, input: Input) {
        let mut lines = [Election::Main, Election::Migration].map(|of| Line::new(self.now, &self.actors[actor], of));
        self.react(actor, input, &mut lines);
        for line in lines.iter().filter(|line| !line.is_empty()) {
            self.lines.push(line);
        }
        self.compare_leaders();
    }

    fn react(&mut self, actor: usize, input: Input, lines: &mut [Line; 2]) {
        let of = match input {
            Input::Elector(election, _) => election,
            Input::TokenControllerStarted => Election::Migration,
            Input::Start | Input::Exit => Election::Main,
        };
        lines[of as usize].input(input, &self.names);
        let clock = self.actors[actor].clock.at(self.now);
        for effect in self.actors[actor].handle(clock, input) {
            let of = if let ProcessEffect::Election(election, _) = effect { election } else { of };
            lines[of as usize].effect(effect, &self.names);
            match effect {
                ProcessEffect::Election(election, Effect::Request(request)) => {
                    self.send(actor, election, request);
                    self.answer_at_once(actor, election, lines);
                }
                ProcessEffect::Election(election, Effect::CancelRequest) => {
                    let request = self.actors[actor].in_flight[election as usize].as_mut();
                    let request = request.expect("only a request in flight can be cancelled");
                    request.ends = (self.now, Reply::Failed(Failure::ContextDone));
                    self.answer_at_once(actor, election, lines);
                }
                ProcessEffect::Exiting(..) => self.actors[actor].exits_at = Some(self.now + self.actors[actor].flush),
                ProcessEffect::Exited(_) => self.actors[actor].dead = true,
                ProcessEffect::Election(..) => {}
            }
        }
    }

    /// Goes on with a request that takes no time.
    fn answer_at_once(&mut self, actor: usize, election: Election, lines: &mut [Line; 2]) {
        while self.on_the_way.iter().any(|request| request.arrives <= self.now) {
            self.arrive();
        }
        let request = self.actors[actor].in_flight[election as usize].expect("a request is in flight");
        if request.ends.0 <= self.now || request.answered.is_some_and(|at| at <= self.now) {
            let reply = self.answer(actor, election);
            self.react(actor, Input::Elector(election, Event::Reply(reply)), lines);
        }
    }

    fn send(&mut self, actor: usize, election: Election, request: Request) {
        let now = self.now;
        let from = &mut self.actors[actor];
        let kind = match request.operation {
            Operation::Get => "get",
            Operation::Create(_) => "create",
            Operation::Update(..) => "update",
        };
        let done = |at| (at, Reply::Failed(Failure::ContextDone));
        let timeout = (from.clock.when(request.timeout), Reply::Failed(Failure::Timeout));
        let deadline = request.deadline.map(|at| done(from.clock.when(at)));
        let mut ends = deadline.filter(|deadline| deadline.0 <= timeout.0).unwrap_or(timeout);
        let (mut arrives, mut answered, mut reply) = (Some(now + from.latency), Some(now + 2 * from.latency), None);
        if request.context_done {
            (arrives, answered, ends) = (None, None, done(now));
        } else {
            match from.meets(kind) {
                None => {}
                Some(Fault::Lost) => answered = None,
                Some(Fault::Dropped) => (arrives, answered) = (None, None),
                Some(Fault::Slow(delay)) => answered = Some(now + delay),
                Some(Fault::Late(delay)) => (arrives, answered) = (Some(now + delay), Some(now + delay)),
                Some(Fault::Refused(with)) => (arrives, reply) = (None, Some(with)),
            }
        }
        self.requests += 1;
        let (number, operation) = (self.requests, request.operation);
        from.in_flight[election as usize] = Some(InFlight { number, reply, answered, ends });
        self.on_the_way.extend(arrives.map(|arrives| OnTheWay { arrives, number, actor, election, operation }));
    }

    /// The store takes the request that arrives first, whether or not anybody still waits for it.
    fn arrive(&mut self) {
        let first = (0..self.on_the_way.len()).min_by_key(|&index| self.on_the_way[index].arrives);
        let request = self.on_the_way.remove(first.expect("a request is on its way"));
        let actor = &mut self.actors[request.actor];
        let reply = self.store.apply(&actor.leases[request.election as usize], request.operation);
        if let Some(waiting) = actor.in_flight[request.election as usize].as_mut()
            && waiting.number == request.number
        {
            waiting.reply = Some(reply);
        }
    }

    /// Takes the answer of a request: the store's if it came in time, else the client's own.
    fn answer(&mut self, actor: usize, election: Election) -> Reply {
        let request = self.actors[actor].in_flight[election as usize].take().expect("a request is in flight");
        match request.answered {
            Some(at) if at < request.ends.0 => request.reply.expect("the store answered"),
            _ => request.ends.1,
        }
    }

    /// The next event of an actor.
    fn next(&self) -> Option<(Nanos, Kind, usize, Election)> {
        let mut next = Vec::new();
        for (index, actor) in self.actors.iter().enumerate().filter(|(_, actor)| !actor.dead) {
            let mut push = |at: Nanos, kind, election| {
                next.push((at.max(actor.paused_until).max(self.now), kind, index, election));
            };
            for election in BOTH {
                if let Some(request) = actor.in_flight[election as usize] {
                    push(request.answered.map_or(request.ends.0, |at| at.min(request.ends.0)), Kind::Reply, election);
                }
            }
            for (election, armed) in actor.timers().into_iter().filter(|(_, armed)| !armed.may_lapse) {
                let kind = if armed.timer == Timer::Retry { Kind::Retry } else { Kind::Deadline };
                let jitter = GoDuration { nanos: actor.jitter.min((armed.latest - armed.earliest).nanos) };
                push(actor.clock.when(armed.earliest + jitter), kind, election);
            }
            if let Some(at) = actor.exits_at {
                push(at, Kind::Exit, Election::Main);
            }
        }
        next.into_iter().min()
    }

    /// Prints when a second process begins to act under a lease, and when there is one again.
    pub fn compare_leaders(&mut self) {
        let mut acting: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for actor in &self.actors {
            for election in BOTH.into_iter().filter(|&election| actor.acts(election)) {
                let who = acting.entry(actor.leases[election as usize].clone()).or_default();
                if !who.contains(&actor.name) {
                    who.push(actor.name.clone());
                }
            }
        }
        let leases: BTreeSet<&String> = self.acting.keys().chain(acting.keys()).collect();
        for lease in leases {
            let [before, after] = [&self.acting, &acting].map(|map| map.get(lease).map_or(&[][..], |who| who));
            if before != after && before.len().max(after.len()) > 1 {
                self.lines.acting(self.now, lease, after);
            }
        }
        self.acting = acting;
    }
}
