//! A small migration in which every process is the real [`Process`]: places, the operator, the API server, and time in
//! whole ticks of one second. Whatever may take time takes any whole number of ticks up to its bound.
//!
//! A state holds only what matters from here on: moments are counted from now, and names nobody can tell apart any more
//! are given back ([`Names`]). So the states are finitely many, and a search that ends is complete.

use std::collections::HashMap;
use std::sync::Mutex;

use leasehold_model::controller::ControllerSet;
use leasehold_model::election::{
    Clock, Effect, Election, Event, Failure, Identity, Lease, Operation, Process, ProcessConfig, ProcessEffect,
    ProcessEvent, Reply, Timer, Version,
};
use leasehold_model::explore::System;
use leasehold_model::launch::Ready;

use super::names::{Canonical, newest};
use super::request::{InFlight, Step};

/// One tick.
pub const TICK: i64 = 1_000_000_000;
/// Places, and leases, at most.
pub const PLACES: usize = 3;
pub const LEASES: usize = 3;
pub const BOTH: [Election; 2] = [Election::Main, Election::Migration];

/// A kind of manager process.
#[derive(Clone, Debug)]
pub struct Kind {
    /// How it elects; the identity is that of its place.
    pub config: ProcessConfig,
    /// Its main and its migration lease.
    pub leases: [usize; 2],
    /// What it runs under each.
    pub runs: [ControllerSet; 2],
}

/// What is searched.
pub struct Migration {
    /// For each place what it runs before the step and what after.
    pub places: Vec<[Option<Kind>; 2]>,
    /// Ticks that a request may take, from sending to the end of its processing.
    pub request: u8,
    /// Ticks from the loss of a lease to the end of the process.
    pub stop: u8,
    /// A process that leads may be cut off from the API server, one at a time, until it is gone.
    pub cut_off: bool,
    /// States whose parts were seen, each under a number.
    pub parts: Mutex<Parts>,
}

/// One thing that happens. The number is a place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Action {
    Start(u8),
    TokenControllerStarted(u8),
    /// The API server takes a request.
    Take(u8, Election),
    /// A request ends.
    Answer(u8, Election),
    Timer(u8, Election, Timer),
    Exit(u8),
    Crash(u8),
    /// From here on no request of it is taken and no answer reaches it.
    CutOff(u8),
    /// The operator carries the step out here, or takes it back.
    Edit(u8),
    Tick,
}

/// A state, unpacked.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct World {
    pub leases: [Option<(Version, Lease)>; LEASES],
    pub spots: [Spot; PLACES],
}

/// What is at one place.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Spot {
    /// Whether the step is done here.
    pub new: bool,
    pub up: Option<Up>,
}

/// A process that runs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Up {
    pub process: Process,
    /// Of each elector.
    pub requests: [Option<InFlight>; 2],
    /// No request of it is taken and no answer reaches it.
    pub cut_off: bool,
    /// It lost a lease and is gone within this many ticks.
    pub exits: Option<u8>,
}

/// Gives each part of a state a number.
#[derive(Default)]
pub struct Parts {
    leases: Table<[Option<(Version, Lease)>; LEASES]>,
    spots: Table<Spot>,
}

impl Parts {
    /// How many different parts were seen.
    pub fn sizes(&self) -> (usize, usize) {
        (self.leases.items.len(), self.spots.items.len())
    }
}

struct Table<T> {
    numbers: HashMap<T, u32>,
    items: Vec<T>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Table { numbers: HashMap::new(), items: Vec::new() }
    }
}

impl<T: Copy + Eq + std::hash::Hash> Table<T> {
    fn number(&mut self, item: T) -> u32 {
        let next = u32::try_from(self.items.len()).expect("fewer than 2^32 parts");
        let items = &mut self.items;
        *self.numbers.entry(item).or_insert_with(|| {
            items.push(item);
            next
        })
    }
}

impl Migration {
    /// The longest LeaseDuration.
    fn longest(&self) -> i64 {
        let kinds = self.places.iter().flatten().flatten();
        kinds.map(|kind| kind.config.elector.durations.lease().nanos).max().expect("something runs")
    }

    /// The kind at a place.
    fn kind(&self, world: &World, at: usize) -> Option<&Kind> {
        self.places[at][usize::from(world.spots[at].new)].as_ref()
    }

    /// What acts at a place.
    pub fn acting(&self, world: &World, at: usize) -> ControllerSet {
        let (Some(kind), Some(up)) = (self.kind(world, at), &world.spots[at].up) else { return ControllerSet::EMPTY };
        let acts = BOTH.into_iter().filter(|&election| up.process.controllers_may_act(election));
        acts.fold(ControllerSet::EMPTY, |set, election| set.union(kind.runs[election as usize]))
    }

    /// The controllers that act in two processes.
    pub fn twice(&self, world: &World) -> ControllerSet {
        let (mut once, mut twice) = (ControllerSet::EMPTY, ControllerSet::EMPTY);
        for at in 0..self.places.len() {
            let acting = self.acting(world, at);
            twice = twice.union(once.intersection(acting));
            once = once.union(acting);
        }
        twice
    }

    pub fn pack(&self, world: &World) -> [u32; PLACES + 1] {
        let world = Canonical::of(world, self.longest());
        let parts = &mut *self.parts.lock().expect("nobody panicked");
        let mut packed = [parts.leases.number(world.leases); PLACES + 1];
        for (at, spot) in world.spots.into_iter().enumerate() {
            packed[at] = parts.spots.number(spot);
        }
        packed
    }

    pub fn unpack(&self, packed: [u32; PLACES + 1]) -> World {
        let parts = self.parts.lock().expect("nobody panicked");
        let spot = |at: usize| parts.spots.items[packed[at] as usize];
        World { leases: parts.leases.items[packed[PLACES] as usize], spots: std::array::from_fn(spot) }
    }

    /// Delivers one event to the process at `at`.
    fn happen(&self, world: &mut World, at: usize, event: ProcessEvent) {
        let kind = self.kind(world, at).expect("a process is configured");
        let up = world.spots[at].up.as_mut().expect("a process runs");
        let same_attempt = |of: Election| match event {
            ProcessEvent::Election(election, Event::Reply(reply)) => {
                election == of && !matches!(reply, Reply::Stored(_))
            }
            _ => false,
        };
        let mut effects = Vec::new();
        up.process.handle(&kind.config, Clock::default(), event, &mut effects);
        for effect in effects {
            match effect {
                ProcessEffect::Election(election, Effect::Request(request)) => {
                    let first = !same_attempt(election);
                    up.requests[election as usize] = Some(InFlight::new(request, first, self.request));
                }
                ProcessEffect::Exiting(..) => up.exits = Some(self.stop),
                ProcessEffect::Exited(_) => {
                    world.spots[at].up = None;
                    return;
                }
                ProcessEffect::Election(..) => {}
            }
        }
    }

    /// The API server takes the request.
    fn take(&self, world: &mut World, at: usize, election: Election) {
        let lease = self.kind(world, at).expect("a process is configured").leases[election as usize];
        let request = world.spots[at].up.as_mut().and_then(|up| up.requests[election as usize].as_mut());
        let request = request.expect("a request is in flight");
        if let Step::OnTheWay(operation) = request.step {
            request.step = Step::Answered(apply(&mut world.leases, lease, operation));
        }
    }

    /// The request ends: with the API server's answer, or for want of one.
    fn finish(&self, world: &mut World, at: usize, election: Election) {
        let cut_off = world.spots[at].up.is_some_and(|up| up.cut_off);
        if !cut_off {
            self.take(world, at, election);
        }
        let request = world.spots[at].up.as_mut().and_then(|up| up.requests[election as usize].take());
        let reply = match request.expect("a request is in flight").step {
            Step::Answered(reply) if !cut_off => reply,
            _ => Reply::Failed(Failure::Other),
        };
        self.happen(world, at, ProcessEvent::Election(election, Event::Reply(reply)));
    }

    /// Where requests take no time, the first of each attempt ends in the instant in which it is sent: sent later, it
    /// would say the same. So nothing of others that could come between is left out.
    fn settle(&self, action: Action, mut world: World, out: &mut impl FnMut(Action, World)) {
        let first = |up: &Up, election: Election| up.requests[election as usize].filter(|request| request.first);
        let fresh = (0..self.places.len()).find_map(|at| {
            let up = world.spots[at].up.as_ref().filter(|_| self.request == 0)?;
            BOTH.into_iter().find_map(|election| first(up, election).map(|_| (at, election)))
        });
        let Some((at, election)) = fresh else { return out(action, world) };
        self.finish(&mut world, at, election);
        self.settle(action, world, out);
    }

    /// What one place can do now; true if one of it may not wait for the next tick.
    fn place(&self, world: &World, at: usize, out: &mut impl FnMut(Action, World)) -> bool {
        let place = at as u8;
        let Some(kind) = self.kind(world, at) else { return false };
        let mut to = |action, change: &dyn Fn(&mut World)| {
            let mut next = world.clone();
            change(&mut next);
            self.settle(action, next, out);
        };
        let Some(up) = &world.spots[at].up else {
            to(Action::Start(place), &|next| {
                next.spots[at].up =
                    Some(Up { process: Process::new(), requests: [None; 2], cut_off: false, exits: None });
                self.happen(next, at, ProcessEvent::Start);
            });
            return false;
        };
        let mut urgent = false;
        let waits = kind.config.migration == Some(Ready::AfterTokenController)
            && up.process.elector(Election::Migration).is_none();
        if waits && up.process.controllers_may_act(Election::Main) {
            to(Action::TokenControllerStarted(place), &|next| {
                self.happen(next, at, ProcessEvent::TokenControllerStarted);
            });
        }
        for election in BOTH {
            let Some(request) = up.requests[election as usize] else { continue };
            urgent |= request.left == 0;
            match request.step {
                // Taken and answered in one instant are one step; so is what never arrives.
                _ if self.request == 0 || up.cut_off => {
                    to(Action::Answer(place, election), &|next| self.finish(next, at, election));
                }
                Step::OnTheWay(_) => to(Action::Take(place, election), &|next| self.take(next, at, election)),
                Step::Answered(_) => to(Action::Answer(place, election), &|next| self.finish(next, at, election)),
            }
        }
        for (election, armed) in up.process.timers(&kind.config) {
            urgent |= armed.latest.0 < TICK && !armed.may_lapse;
            if armed.earliest.0 <= 0 && (armed.latest.0 >= 0 || !armed.may_lapse) {
                to(Action::Timer(place, election, armed.timer), &|next| {
                    self.happen(next, at, ProcessEvent::Election(election, Event::Timer(armed.timer)));
                });
            }
        }
        if let Some(left) = up.exits {
            urgent |= left == 0;
            to(Action::Exit(place), &|next| self.happen(next, at, ProcessEvent::Exit));
        }
        // A process that waits and crashes, or is cut off, is one that waits longer.
        if up.process.controllers_may_act(Election::Main) {
            to(Action::Crash(place), &|next| next.spots[at].up = None);
            if self.cut_off && !world.spots.iter().any(|spot| spot.up.is_some_and(|up| up.cut_off)) {
                to(Action::CutOff(place), &|next| next.spots[at].up.as_mut().expect("it runs").cut_off = true);
            }
        }
        urgent
    }
}

/// The API server: a write is compared with the newest version.
fn apply(leases: &mut [Option<(Version, Lease)>; LEASES], at: usize, operation: Operation) -> Reply {
    // Whatever a write changes beside the holder and the time of the renewal, it changes one of these two as well.
    let stored = |written: Lease| Lease { acquired: None, transitions: None, ..written };
    let next = Version(newest(at).0 + 1);
    match (operation, leases[at]) {
        (Operation::Get, Some((version, found))) => return Reply::Found(version, found),
        (Operation::Get, None) | (Operation::Update(..), None) => return Reply::Failed(Failure::NotFound),
        (Operation::Create(_), Some(_)) => return Reply::Failed(Failure::AlreadyExists),
        (Operation::Update(version, _), Some((newest, _))) if version != newest => {
            return Reply::Failed(Failure::Conflict);
        }
        (Operation::Create(written) | Operation::Update(_, written), _) => leases[at] = Some((next, stored(written))),
    }
    Reply::Stored(next)
}

impl System for Migration {
    type State = [u32; PLACES + 1];
    type Action = Action;

    /// Nothing runs yet.
    fn initial(&self) -> Vec<Self::State> {
        vec![self.pack(&World { leases: [None; LEASES], spots: [Spot::default(); PLACES] })]
    }

    fn successors(&self, state: Self::State, out: &mut impl FnMut(Action, Self::State)) {
        let world = self.unpack(state);
        let mut urgent = false;
        for at in 0..self.places.len() {
            urgent |= self.place(&world, at, &mut |action, next| out(action, self.pack(&next)));
            let mut next = world.clone();
            next.spots[at] = Spot { new: !world.spots[at].new, up: None };
            out(Action::Edit(at as u8), self.pack(&next));
        }
        if !urgent {
            out(Action::Tick, self.pack(&Canonical::later(&world, self.longest())));
        }
    }
}

/// The identity of the process at a place.
pub fn identity(at: usize) -> Identity {
    Identity(1 + at as u32)
}
