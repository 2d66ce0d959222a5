//! The same with time: how long connections fail, at worst, and a run in which they do.
//!
//! Timed automata in dense time ([`crate::zones`]) over the moves of [`Traffic`]. What happens by itself happens within its
//! time, the operator's steps come whenever he likes. All bounds are closed and multiples of one unit, so the longest outage
//! is one too, and is found by asking for one length after the other, in halves.

use super::moves::{Action, Traffic};
use super::problem::{Problem, StepKind};
use super::reach::{Reach, worst};
use super::state::{Address, State};
use crate::explore::System;
use crate::zones::automaton::ClockLimits;
use crate::zones::{Automaton, Edge, Guard, Options, Schedule, Step, Update, search};

/// How long connections fail.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Figure {
    /// Never.
    Never,
    /// So many milliseconds, at most.
    Within(i64),
    /// As long as the operator takes for his next steps.
    UntilOperator,
}

/// The longest outage.
#[derive(Clone, PartialEq, Debug)]
pub struct Outage {
    /// How long.
    pub figure: Figure,
    /// A shortest run to it with the time of each event, in milliseconds; empty if there is none.
    pub run: Vec<(i64, Action)>,
    /// The run's outage: which event begins it, and when it has lasted as long as the figure says, or for a moment.
    pub from: usize,
    /// The end of the run, in milliseconds.
    pub until: i64,
    /// Zones that were looked at in the largest search.
    pub zones: usize,
    /// False if a search was cut short: then an outage may be longer, and `Never` is not proved.
    pub complete: bool,
}

// Clocks: since the outage began; since a long and a short answer was given last; since a node's replacement began; since
// the last command on an address; since the control plane's last event.
const OUT: usize = 1;
const LONG: usize = 2;
const SHORT: usize = 3;
const NODE: usize = 4;
const ADDRESS: usize = 5;
const CONTROL: usize = 6;
const CLOCKS: usize = 7;

/// Where the automaton is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Location {
    state: State,
    phase: Phase,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Phase {
    Up,
    Out,
    Asked,
}

/// The automaton that asks whether an outage can last `asked`, in units.
struct Timed<'p> {
    traffic: Traffic<'p>,
    unit: i64,
    asked: i64,
}

/// The longest outage of any of the problem's clients; `max_zones` bounds each search.
pub fn longest(problem: &Problem, max_zones: u32) -> Outage {
    let unit = unit(problem);
    let all = total(problem) / unit + 1;
    let mut zones = 0;
    let mut complete = true;
    let mut ask = |asked| {
        let timed = Timed { traffic: Traffic { problem }, unit, asked };
        let found = search(&timed, Options { max_zones, ..Options::default() }, |_| true);
        zones = zones.max(found.zones);
        complete &= found.complete || found.path.is_some();
        found.path
    };
    let (figure, path, asked) = match (ask(1), ask(all)) {
        (None, _) => (Figure::Never, None, 0),
        (Some(first), Some(_)) => (Figure::UntilOperator, Some(first), 1),
        (Some(first), None) => {
            let (mut can, mut cannot, mut path) = (1, all, first);
            while cannot - can > 1 {
                let middle = can.midpoint(cannot);
                match ask(middle) {
                    Some(longer) => (can, path) = (middle, longer),
                    None => cannot = middle,
                }
            }
            (Figure::Within(can * unit), Some(path), can)
        }
    };
    let timed = Timed { traffic: Traffic { problem }, unit, asked };
    let (run, from, until) = path.map_or((Vec::new(), 0, 0), |path| timed.times(&path));
    Outage { figure, run, from, until, zones, complete }
}

/// The largest unit that every time is a multiple of.
fn unit(problem: &Problem) -> i64 {
    times(problem).into_iter().fold(0, greatest_common_divisor).max(1)
}

fn greatest_common_divisor(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

fn times(problem: &Problem) -> [i64; 6] {
    let takes = problem.takes;
    [
        takes.ttl + takes.propagation,
        takes.lowered + takes.propagation,
        takes.node_at_least,
        takes.address,
        takes.reaction,
        takes.control_plane,
    ]
}

/// No outage that ends by itself lasts longer: every wait counts once, those on an address once for each of its commands, those
/// on the control plane for each of its events.
fn total(problem: &Problem) -> i64 {
    4 * times(problem).into_iter().sum::<i64>()
}

impl Automaton<CLOCKS> for Timed<'_> {
    type Location = Location;
    type Action = Option<Action>;

    fn initial(&self) -> Vec<Location> {
        vec![Location { state: State::FIRST, phase: Phase::Up }]
    }

    fn edges(&self, location: &Location, out: &mut Vec<Edge<Location, Option<Action>>>) {
        if location.phase == Phase::Out {
            let goal = Location { phase: Phase::Asked, ..*location };
            out.push(Edge::new(None, goal).at_least(OUT, self.asked));
        }
        if location.phase == Phase::Asked {
            return;
        }
        self.traffic.successors(location.state, &mut |action, state| {
            let fails = worst(self.traffic.problem, &state).0 != Reach::All;
            let phase = if fails { Phase::Out } else { Phase::Up };
            let mut edge = Edge::new(Some(action), Location { state, phase });
            if matches!(action, Action::NodeLeaves(_)) {
                edge = edge.at_least(NODE, self.traffic.problem.takes.node_at_least / self.unit);
            }
            if phase == Phase::Out && location.phase == Phase::Up {
                edge = edge.reset(OUT);
            }
            for clock in self.set(&location.state, action) {
                edge = edge.reset(clock);
            }
            out.push(edge);
        });
    }

    fn invariants(&self, location: &Location, out: &mut impl FnMut(usize, i64)) {
        for (clock, most) in self.most(&location.state) {
            out(clock, most / self.unit);
        }
    }

    fn limits(&self, location: &Location) -> [ClockLimits; CLOCKS] {
        let mut limits = [ClockLimits::default(); CLOCKS];
        if location.phase == Phase::Out {
            limits[OUT].from_below(self.asked);
        }
        for (clock, most) in self.most(&location.state) {
            // Bounds of an address differ from state to state; the largest covers those ahead.
            let takes = self.traffic.problem.takes;
            let most = if clock == ADDRESS { takes.address + takes.reaction } else { most };
            limits[clock].from_above(most / self.unit);
        }
        if self.traffic.under_way(&location.state, StepKind::Rotate).is_some() {
            limits[NODE].from_below(self.traffic.problem.takes.node_at_least / self.unit);
        }
        limits
    }

    fn is_goal(&self, location: &Location) -> bool {
        location.phase == Phase::Asked
    }
}

impl Timed<'_> {
    /// The clocks that count from an event.
    fn set(&self, state: &State, action: Action) -> Vec<usize> {
        let kind = |at: u8| self.traffic.problem.steps[usize::from(at)].kind;
        match action {
            Action::Begin(at) => match kind(at) {
                StepKind::LowerTtl if !state.moved => vec![LONG],
                StepKind::MoveRecord if self.traffic.is_lowered(state) => vec![SHORT],
                StepKind::MoveRecord => vec![LONG],
                StepKind::MoveAddress => vec![ADDRESS],
                StepKind::Rotate => vec![NODE],
                _ => Vec::new(),
            },
            Action::NodeLeaves(_) => vec![NODE],
            Action::DetachNew | Action::DetachOld | Action::ExternalRestarts => vec![ADDRESS],
            Action::InTreeStops | Action::ExternalActs => vec![CONTROL],
            _ => Vec::new(),
        }
    }

    /// The clocks that may not exceed a time in this state, in milliseconds.
    fn most(&self, state: &State) -> Vec<(usize, i64)> {
        let takes = self.traffic.problem.takes;
        let mut most = Vec::new();
        if state.long {
            most.push((LONG, takes.ttl + takes.propagation));
        }
        if state.short {
            most.push((SHORT, takes.lowered + takes.propagation));
        }
        if !state.in_tree && !state.ready {
            most.push((CONTROL, takes.control_plane));
        }
        if state.first == Address::Free && self.traffic.under_way(state, StepKind::MoveAddress).is_some() {
            let refused = state.second == Address::New || state.third == Address::New;
            most.push((ADDRESS, if refused { takes.reaction } else { takes.address }));
        }
        most
    }

    /// The earliest times of a path's events, the event that begins its outage, and its end.
    fn times(&self, path: &[Step<Location, Option<Action>>]) -> (Vec<(i64, Action)>, usize, i64) {
        // Event 0 is the beginning; the path's own events follow, the last is the end.
        let mut schedule = Schedule::new(path.len() + 1);
        let mut since = [0usize; CLOCKS];
        let mut from = 0;
        let mut edges = Vec::new();
        for (event, step) in path.iter().enumerate().map(|(i, step)| (i + 1, step)) {
            schedule.at_least(event - 1, event, 0);
            self.invariants(&step.from, &mut |clock, most| schedule.at_most(since[clock], event, most));
            edges.clear();
            self.edges(&step.from, &mut edges);
            let edge = &edges[step.edge];
            for guard in edge.guards.iter() {
                match guard {
                    Guard::AtLeast(clock, least) => schedule.at_least(since[clock], event, least),
                    Guard::AtMost(clock, most) => schedule.at_most(since[clock], event, most),
                }
            }
            for update in edge.updates.iter() {
                let Update::Reset(clock) = update else { unreachable!("nothing is copied") };
                since[clock] = event;
                if clock == OUT {
                    from = event - 1;
                }
            }
        }
        let times = schedule.earliest().expect("the path is one of the automaton");
        let at = |event: usize| times.numerators[event] as i64 / times.denominator as i64 * self.unit;
        let events = path.iter().enumerate().filter_map(|(i, step)| Some((at(i + 1), step.action?)));
        (events.collect(), from, at(path.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::problem::{Api, Client, Faults, Order, Step as PlanStep, Takes};
    use super::*;
    use crate::zones::automaton::limits_are_consistent;
    use std::collections::BTreeSet;

    /// What extrapolation rests on, at every location of every order.
    #[test]
    fn limits_cover_every_guard_ahead() {
        use StepKind::{DeleteOld, LowerTtl, Migrate, MoveAddress, MoveRecord, Rotate};
        let step = |kind| PlanStep { title: String::new(), kind };
        let steps = [LowerTtl, Migrate, MoveRecord, MoveAddress, Rotate, DeleteOld].map(step).to_vec();
        let (clients, takes) = (vec![Client::Dns], Takes::default());
        let faults = Faults { node_replaced: true, external_restarts: true };
        let (order, monitor) = (Order::Any, false);
        let problem = Problem { workers: 1, in_tree: Api::Neutron, monitor, clients, steps, order, faults, takes };
        let timed = Timed { traffic: Traffic { problem: &problem }, unit: 1, asked: 1 };
        let mut seen: BTreeSet<Location> = timed.initial().into_iter().collect();
        let mut next: Vec<Location> = timed.initial();
        while let Some(location) = next.pop() {
            assert!(limits_are_consistent(&timed, &location), "{location:?}");
            let mut edges = Vec::new();
            timed.edges(&location, &mut edges);
            next.extend(edges.into_iter().map(|edge| edge.target).filter(|target| seen.insert(*target)));
        }
        assert!(seen.len() > 500);
    }
}
