//! One process of a script: an elector alone, or a manager with its two; what it waits for, and what is wrong with it.

use super::clock::{HostClock, Nanos};
use leasehold_model::election::invariants::{Step, check};
use leasehold_model::election::{
    Armed, Clock, Config, Effect, Election, Elector, Event, Process, ProcessConfig, ProcessEffect, ProcessEvent, Reply,
};

/// The machine of an actor.
pub enum Machine {
    /// One elector.
    Alone(Config, Box<Elector>),
    /// A manager.
    Manager(ProcessConfig, Box<Process>),
}

/// Something that happens to an actor.
#[derive(Clone, Copy, Debug)]
pub enum Input {
    Start,
    TokenControllerStarted,
    Exit,
    Elector(Election, Event),
}

/// What is wrong with requests of one kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// Applied, but the answer never comes.
    Lost,
    /// It never arrives.
    Dropped,
    /// Applied at once, answered after this long.
    Slow(Nanos),
    /// Applied only after this long, then answered.
    Late(Nanos),
    /// Answered with this at once, not applied.
    Refused(Reply),
}

/// A request that its elector waits for.
#[derive(Clone, Copy, Debug)]
pub struct InFlight {
    /// Its number among all requests.
    pub number: u64,
    /// The store's answer, once it is known.
    pub reply: Option<Reply>,
    /// When that arrives; `None`: never.
    pub answered: Option<Nanos>,
    /// When the client gives up, and what it says then.
    pub ends: (Nanos, Reply),
}

/// One process.
pub struct Actor {
    pub name: String,
    pub machine: Machine,
    /// The names of the main and of the migration lease.
    pub leases: [String; 2],
    pub clock: HostClock,
    /// The jitter it draws, in nanoseconds.
    pub jitter: i64,
    /// How long a request takes each way.
    pub latency: Nanos,
    /// How long its log takes to be flushed.
    pub flush: Nanos,
    pub in_flight: [Option<InFlight>; 2],
    /// What is wrong with `get`, `create`, `update`, and for how many requests; `None`: until healed.
    pub faults: Vec<(&'static str, Fault, Option<u32>)>,
    /// It does not get to run until then.
    pub paused_until: Nanos,
    pub exits_at: Option<Nanos>,
    pub dead: bool,
}

impl Actor {
    /// A process with right clocks, on a network that takes no time, with nothing wrong.
    pub fn new(name: &str, machine: Machine, leases: [String; 2]) -> Actor {
        Actor {
            name: name.into(),
            machine,
            leases,
            clock: HostClock::default(),
            jitter: 0,
            latency: 0,
            flush: 0,
            in_flight: [None; 2],
            faults: Vec::new(),
            paused_until: 0,
            exits_at: None,
            dead: false,
        }
    }

    /// Runs the machine on one event, checks the invariants of its electors, and returns what they do.
    pub fn handle(&mut self, now: Clock, input: Input) -> Vec<ProcessEffect> {
        let both = [Election::Main, Election::Migration];
        let before = both.map(|election| self.elector(election).copied());
        let mut effects = Vec::new();
        match &mut self.machine {
            Machine::Alone(config, elector) => {
                let mut done = Vec::new();
                let event = match input {
                    Input::Start => Event::Start,
                    Input::Elector(_, event) => event,
                    input => panic!("{} is an elector: {input:?} does not happen to it", self.name),
                };
                elector.handle(config, now, event, &mut done);
                effects.extend(done.into_iter().map(|effect| ProcessEffect::Election(Election::Main, effect)));
            }
            Machine::Manager(config, process) => {
                let event = match input {
                    Input::Start => ProcessEvent::Start,
                    Input::TokenControllerStarted => ProcessEvent::TokenControllerStarted,
                    Input::Exit => ProcessEvent::Exit,
                    Input::Elector(election, event) => ProcessEvent::Election(election, event),
                };
                process.handle(config, now, event, &mut effects);
            }
        }
        for (election, before) in both.into_iter().zip(before) {
            let event = match (input, before) {
                (Input::Elector(of, event), Some(_)) if of == election => event,
                (Input::Start, _) | (_, None) => Event::Start,
                _ => continue,
            };
            self.check(election, before.unwrap_or_default(), now, event, &effects);
        }
        effects
    }

    fn check(&self, election: Election, before: Elector, now: Clock, event: Event, effects: &[ProcessEffect]) {
        let Some(after) = self.elector(election) else { return };
        let mut own: Vec<Effect> = effects
            .iter()
            .filter_map(|effect| match effect {
                ProcessEffect::Election(of, effect) if *of == election => Some(*effect),
                _ => None,
            })
            .collect();
        if let (Machine::Manager(..), Some(Effect::StoppedLeading)) = (&self.machine, own.last()) {
            own.push(Effect::Returned);
        }
        let step = Step { config: self.config(), before: &before, now, event, effects: &own, after };
        check(&step).unwrap_or_else(|sentence| panic!("not true: {sentence}\n{step:#?}"));
    }

    /// The elector of an election, once it has begun.
    pub fn elector(&self, election: Election) -> Option<&Elector> {
        match &self.machine {
            Machine::Alone(_, elector) => (election == Election::Main).then_some(elector),
            Machine::Manager(_, process) => process.elector(election),
        }
    }

    /// The configuration of its electors.
    pub fn config(&self) -> &Config {
        match &self.machine {
            Machine::Alone(config, _) => config,
            Machine::Manager(config, _) => &config.elector,
        }
    }

    /// The timers that run.
    pub fn timers(&self) -> Vec<(Election, Armed)> {
        match &self.machine {
            Machine::Alone(config, elector) => elector.timers(config).map(|armed| (Election::Main, armed)).collect(),
            Machine::Manager(config, process) => process.timers(config).collect(),
        }
    }

    /// True if its controllers of this election act.
    pub fn acts(&self, election: Election) -> bool {
        !self.dead
            && match &self.machine {
                Machine::Alone(_, elector) => election == Election::Main && elector.controllers_run(),
                Machine::Manager(_, process) => process.controllers_may_act(election),
            }
    }

    /// The fault that the next request of this kind meets.
    pub fn meets(&mut self, kind: &str) -> Option<Fault> {
        let index = self.faults.iter().position(|(of, _, times)| *of == kind && *times != Some(0))?;
        let (_, fault, times) = &mut self.faults[index];
        *times = times.map(|times| times - 1);
        Some(*fault)
    }
}
