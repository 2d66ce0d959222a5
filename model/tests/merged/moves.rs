//! A small migration in which every process is the real elector's [`Process`]: what can happen next. Time passes in whole
//! ticks of one second; whatever may take time takes any whole number of ticks up to its bound.

use leasehold_model::controller::ControllerSet;
use leasehold_model::election::{
    Clock, Effect, Election, Event, Failure, Process, ProcessConfig, ProcessEffect, ProcessEvent, Reply, Timer,
};
use leasehold_model::explore::System;
use leasehold_model::launch::Ready;

use super::names::Canonical;
use super::parts::{Packed, Parts};
use super::state::{BOTH, InFlight, LEASES, PLACES, Spot, Step, TICK, Up, World};

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
    /// For each place what it runs before the step and after.
    pub places: [[Kind; 2]; PLACES],
    /// Ticks that a request may take, from sending to the end of its processing.
    pub request: u8,
    /// Ticks from the loss of a lease to the end of the process.
    pub stop: u8,
    /// A process that leads may be cut off from the API server, one at a time, until it is gone.
    pub cut_off: bool,
    /// The parts of the states.
    pub parts: Parts,
}

/// One thing that happens at a place, or the passing of time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Action {
    Start(u8),
    TokenControllerStarted(u8),
    /// The API server takes a request.
    Take(u8, Election),
    /// A request ends.
    End(u8, Election),
    Timer(u8, Election, Timer),
    Exit(u8),
    CutOff(u8),
    /// The operator carries the step out here, or takes it back; the process is killed. Forth and back is a crash.
    Edit(u8),
    Tick,
}

impl Migration {
    /// The controllers that act in two processes.
    pub fn twice(&self, state: Packed) -> ControllerSet {
        let world = self.parts.unpack(state);
        let (mut once, mut twice) = (ControllerSet::EMPTY, ControllerSet::EMPTY);
        for at in 0..PLACES {
            let Some(up) = world.spots[at].up else { continue };
            let acts = BOTH.into_iter().filter(|&election| up.process.controllers_may_act(election));
            let runs = self.kind(&world, at).runs;
            let acting = acts.fold(ControllerSet::EMPTY, |set, election| set.union(runs[election as usize]));
            twice = twice.union(once.intersection(acting));
            once = once.union(acting);
        }
        twice
    }

    fn kind(&self, world: &World, at: usize) -> &Kind {
        &self.places[at][usize::from(world.spots[at].new)]
    }

    fn pack(&self, world: &World) -> Packed {
        self.parts.pack(&Canonical::of(world, self.longest()))
    }

    /// The longest LeaseDuration.
    fn longest(&self) -> i64 {
        let kinds = self.places.iter().flatten();
        kinds.map(|kind| kind.config.elector.durations.lease().nanos).max().expect("something runs")
    }

    /// Delivers one event to the process at `at`.
    fn happen(&self, world: &mut World, at: usize, event: ProcessEvent) {
        let config = &self.kind(world, at).config;
        let up = world.up(at);
        let goes_on = |of: Election| match event {
            ProcessEvent::Election(election, Event::Reply(reply)) => {
                election == of && !matches!(reply, Reply::Stored(_))
            }
            _ => false,
        };
        let mut effects = Vec::new();
        up.process.handle(config, Clock::default(), event, &mut effects);
        for effect in effects {
            match effect {
                ProcessEffect::Election(election, Effect::Request(request)) => {
                    up.requests[election as usize] = Some(InFlight::new(request, !goes_on(election), self.request));
                }
                ProcessEffect::Exiting(..) => up.exits = Some(self.stop),
                ProcessEffect::Exited(_) => return world.spots[at].up = None,
                ProcessEffect::Election(..) => {}
            }
        }
    }

    /// The API server takes the request, if it has not.
    fn take(&self, world: &mut World, at: usize, election: Election) {
        let lease = self.kind(world, at).leases[election as usize];
        let request = world.up(at).requests[election as usize].expect("a request is in flight");
        if let Step::OnTheWay(operation) = request.step {
            let step = Step::Answered(world.serve(lease, operation));
            world.up(at).requests[election as usize] = Some(InFlight { step, ..request });
        }
    }

    /// The request ends: with the API server's answer, or for want of one.
    fn end(&self, world: &mut World, at: usize, election: Election) {
        let cut_off = world.up(at).cut_off;
        if !cut_off {
            self.take(world, at, election);
        }
        let request = world.up(at).requests[election as usize].take().expect("a request is in flight");
        let reply = match request.step {
            Step::Answered(reply) if !cut_off => reply,
            _ => Reply::Failed(Failure::Other),
        };
        self.happen(world, at, ProcessEvent::Election(election, Event::Reply(reply)));
    }

    /// Where requests take no time, the first of each attempt ends in the instant in which it is sent: sent later in that
    /// instant, it would say the same, so nothing of others that could come between is left out.
    fn settle(&self, world: &mut World) {
        if self.request > 0 {
            return;
        }
        let first = |up: &Up, election: Election| up.requests[election as usize].is_some_and(|request| request.first);
        let pending = |world: &World| {
            let ups = (0..PLACES).filter_map(|at| Some((at, world.spots[at].up.as_ref()?)));
            let mut found = ups.flat_map(|(at, up)| BOTH.into_iter().filter(|&e| first(up, e)).map(move |e| (at, e)));
            found.next()
        };
        while let Some((at, election)) = pending(world) {
            self.end(world, at, election);
        }
    }

    /// What one place can do now; true if some of it may not wait for the next tick.
    fn place(&self, world: &World, at: usize, out: &mut impl FnMut(Action, Packed)) -> bool {
        let place = at as u8;
        let kind = self.kind(world, at);
        let mut to = |action, change: &dyn Fn(&mut World)| {
            let mut next = world.clone();
            change(&mut next);
            self.settle(&mut next);
            out(action, self.pack(&next));
        };
        to(Action::Edit(place), &|next| next.spots[at] = Spot { new: !next.spots[at].new, up: None });
        let Some(up) = &world.spots[at].up else {
            to(Action::Start(place), &|next| {
                let up = Up { process: Process::new(), requests: [None; 2], cut_off: false, exits: None };
                next.spots[at].up = Some(up);
                self.happen(next, at, ProcessEvent::Start);
            });
            return false;
        };
        let leads = up.process.controllers_may_act(Election::Main);
        let waits = up.process.elector(Election::Migration).is_none();
        if leads && waits && kind.config.migration == Some(Ready::AfterTokenController) {
            let started = ProcessEvent::TokenControllerStarted;
            to(Action::TokenControllerStarted(place), &|next| self.happen(next, at, started));
        }
        // A process that waits and is cut off is one that waits longer.
        let alone = !world.spots.iter().any(|spot| spot.up.is_some_and(|up| up.cut_off));
        if self.cut_off && alone && leads {
            to(Action::CutOff(place), &|next| next.up(at).cut_off = true);
        }
        let mut urgent = false;
        for election in BOTH {
            let Some(request) = up.requests[election as usize] else { continue };
            urgent |= request.left == 0;
            // Taken and answered in one instant are one step.
            if self.request > 0 && !up.cut_off && matches!(request.step, Step::OnTheWay(_)) {
                to(Action::Take(place, election), &|next| self.take(next, at, election));
            } else {
                to(Action::End(place, election), &|next| self.end(next, at, election));
            }
        }
        for (election, armed) in up.process.timers(&kind.config) {
            urgent |= armed.latest.0 < TICK && !armed.may_lapse;
            if armed.earliest.0 <= 0 && (armed.latest.0 >= 0 || !armed.may_lapse) {
                let event = ProcessEvent::Election(election, Event::Timer(armed.timer));
                to(Action::Timer(place, election, armed.timer), &|next| self.happen(next, at, event));
            }
        }
        if let Some(left) = up.exits {
            urgent |= left == 0;
            to(Action::Exit(place), &|next| self.happen(next, at, ProcessEvent::Exit));
        }
        urgent
    }
}

impl System for Migration {
    type State = Packed;
    type Action = Action;

    /// Nothing runs yet, and there is no lease.
    fn initial(&self) -> Vec<Packed> {
        vec![self.pack(&World { leases: [None; LEASES], spots: [Spot::default(); PLACES] })]
    }

    fn successors(&self, state: Packed, out: &mut impl FnMut(Action, Packed)) {
        let world = self.parts.unpack(state);
        let mut urgent = false;
        for at in 0..PLACES {
            urgent |= self.place(&world, at, out);
        }
        if !urgent {
            out(Action::Tick, self.pack(&Canonical::later(&world, self.longest())));
        }
    }
}
