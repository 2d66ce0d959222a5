//! How a script shows what happened: one line for each actor and moment.

use super::actor::{Actor, Input, Machine};
use super::clock::Nanos;
use leasehold_model::election::{
    Effect, Election, Event, Failure, Identity, Lease, LeaseEvent, Operation, ProcessEffect, Record, Reply, Request,
    Timer, Version, Wall,
};
use std::collections::BTreeMap;

/// The identities of a script: an elector sees only their numbers.
#[derive(Default)]
pub struct Names(Vec<String>);

impl Names {
    /// The number of an identity; that of the empty one is 0.
    pub fn number(&mut self, name: &str) -> Identity {
        if name.is_empty() {
            return Identity::EMPTY;
        }
        let index = self.0.iter().position(|known| known == name).unwrap_or_else(|| {
            self.0.push(name.into());
            self.0.len() - 1
        });
        Identity(index as u32 + 1)
    }

    /// Its name, or `-` for the empty one.
    pub fn name(&self, identity: Identity) -> &str {
        identity.0.checked_sub(1).map_or("-", |index| &self.0[index as usize])
    }

    /// A lease in short: holder, duration, transitions, and when it was renewed.
    pub fn lease(&self, lease: Lease) -> String {
        let record = Record::read(lease, true);
        let time = |time: Option<Wall>| time.map_or("never".into(), |Wall(micros)| seconds(micros * 1000));
        let mut text = format!(
            "{}, {} s, {} transitions, acquired {}, renewed {}",
            self.name(record.holder),
            record.duration_seconds,
            record.transitions,
            time(record.acquired),
            time(record.renewed)
        );
        if record.preferred != Identity::EMPTY {
            text += &format!(", preferred {}", self.name(record.preferred));
        }
        if record.strategy.0 != 0 {
            text += ", coordinated";
        }
        text
    }
}

/// What one elector does in one moment: a line.
pub struct Line {
    now: Nanos,
    who: String,
    items: Vec<String>,
}

impl Line {
    /// An empty line about one election of `actor`.
    pub fn new(now: Nanos, actor: &Actor, election: Election) -> Line {
        let who = match (&actor.machine, election) {
            (Machine::Alone(..), _) => actor.name.clone(),
            (Machine::Manager(..), Election::Main) => format!("{} main", actor.name),
            (Machine::Manager(..), Election::Migration) => format!("{} migration", actor.name),
        };
        Line { now, who, items: Vec::new() }
    }

    /// What happened.
    pub fn input(&mut self, input: Input, names: &Names) {
        let text = match input {
            Input::Start | Input::Elector(_, Event::Start) => "start",
            Input::TokenControllerStarted => "token controller started",
            Input::Exit => "exit",
            Input::Elector(_, Event::Cancel) => "cancel",
            Input::Elector(_, Event::Timer(Timer::Retry)) => "retry",
            Input::Elector(_, Event::Timer(Timer::RenewDeadline)) => "deadline",
            Input::Elector(_, Event::Reply(reply)) => {
                let text = show_reply(reply, names);
                match self.items.last_mut() {
                    Some(request) => *request += &format!(" {text}"),
                    None => self.items.push(text),
                }
                return;
            }
        };
        self.items.push(text.into());
    }

    /// What the actor did.
    pub fn effect(&mut self, effect: ProcessEffect, names: &Names) {
        let text = match effect {
            ProcessEffect::Exiting(_, latest) => format!("exits by {}", seconds(latest.0)),
            ProcessEffect::Exited(code) => format!("exit code {code}"),
            ProcessEffect::Election(_, effect) => match effect {
                Effect::Request(request) => show_request(request),
                Effect::CancelRequest => "cancels its request".into(),
                Effect::NewLeader(identity) => format!("new leader {}", names.name(identity)),
                Effect::Record(LeaseEvent::BecameLeader) => "event became leader".into(),
                Effect::Record(LeaseEvent::StoppedLeading) => "event stopped leading".into(),
                Effect::StartedLeading => "LEADS".into(),
                Effect::StopControllers => "stops controllers".into(),
                Effect::StoppedLeading => "STOPPED".into(),
                Effect::Returned => "returns".into(),
            },
        };
        self.items.push(text);
    }

    /// True if nothing happened.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    fn text(&self) -> String {
        self.items.join("; ")
    }
}

/// The lines of a script so far. A line that only repeats the elector's line before, but for versions, is counted.
#[derive(Default)]
pub struct Lines {
    text: String,
    width: usize,
    /// For each elector: its last line without versions, how often it was repeated, and until when.
    last: BTreeMap<String, (String, u32, Nanos)>,
}

impl Lines {
    /// Adds a line.
    pub fn push(&mut self, line: &Line) {
        let shape: Vec<&str> = line.items.iter().flat_map(|item| item.split(' ')).filter(|w| !is_version(w)).collect();
        let shape = shape.join(" ");
        match self.last.get_mut(&line.who) {
            Some((last, times, until)) if *last == shape => (*times, *until) = (*times + 1, line.now),
            _ => {
                self.count(&line.who);
                self.width = self.width.max(line.who.chars().count());
                let width = self.width;
                self.text += &format!("{:>7}  {:width$}  {}\n", seconds(line.now), line.who, line.text());
                self.last.insert(line.who.clone(), (shape, 0, 0));
            }
        }
    }

    /// Adds who acts under a lease.
    pub fn acting(&mut self, now: Nanos, lease: &str, who: &[String]) {
        let mark = if who.len() > 1 { "!!" } else { "ok" };
        let who = if who.is_empty() { "nobody".to_string() } else { who.join(" and ") };
        self.text += &format!("{:>7}  {mark} {who} under {lease}\n", seconds(now));
    }

    /// Everything since the last call.
    pub fn take(&mut self) -> String {
        for who in self.last.keys().cloned().collect::<Vec<_>>() {
            self.count(&who);
        }
        std::mem::take(&mut self.text)
    }

    fn count(&mut self, who: &str) {
        let width = self.width;
        if let Some((_, times @ 1.., until)) = self.last.remove(who) {
            self.text += &format!("{:>7}  {who:width$}  {times} more until {}\n", "", seconds(until));
        }
    }
}

fn is_version(word: &str) -> bool {
    word.trim_end_matches(';').strip_prefix('v').is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()))
}

fn show_request(request: Request) -> String {
    let done = if request.context_done { " (context done)" } else { "" };
    match request.operation {
        Operation::Get => format!("get{done}"),
        Operation::Create(_) => format!("create{done}"),
        Operation::Update(version, lease) if lease.holder == Some(Identity::EMPTY) => {
            format!("empty {}{done}", show(version))
        }
        Operation::Update(version, _) => format!("update {}{done}", show(version)),
    }
}

fn show_reply(reply: Reply, names: &Names) -> String {
    match reply {
        Reply::Found(version, lease) => format!("→ {} {}", show(version), names.name(lease.holder.unwrap_or_default())),
        Reply::Stored(version) => format!("→ {}", show(version)),
        Reply::Failed(failure) => format!("→ {}", show_failure(failure)),
    }
}

/// Seconds with three digits after the point, or as many as it takes.
pub fn seconds(nanos: Nanos) -> String {
    let (whole, rest) = (nanos.div_euclid(1_000_000_000), nanos.rem_euclid(1_000_000_000));
    let digits = format!("{rest:09}");
    let tail = digits.trim_end_matches('0').len().max(3);
    format!("{whole}.{}", &digits[..tail])
}

fn show(version: Version) -> String {
    format!("v{}", version.0)
}

fn show_failure(failure: Failure) -> &'static str {
    match failure {
        Failure::NotFound => "not found",
        Failure::AlreadyExists => "already exists",
        Failure::Conflict => "conflict",
        Failure::Forbidden => "forbidden",
        Failure::Invalid => "invalid",
        Failure::Timeout => "timeout",
        Failure::ContextDone => "context done",
        Failure::Other => "error",
    }
}
