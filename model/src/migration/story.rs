//! A counterexample as people tell it: events with node names, who runs what after each, and the moment of overlap.

use super::moves::{Action, Direction, Move};
use super::problem::{Overtake, Problem};
use super::process::{Behaviour, ProcessIx};
use super::replay::World;
use super::state::Place;
use super::verdict::Counterexample;
use crate::controller::{Component, Controller, ControllerSet};
use crate::lease::LeaseId;

/// What happens in a counterexample, in order.
#[derive(Clone, PartialEq, Debug)]
pub struct Story {
    /// Who runs what before the first event.
    pub beginning: Vec<Acting>,
    /// The events.
    pub events: Vec<Event>,
}

/// One event.
#[derive(Clone, PartialEq, Debug)]
pub struct Event {
    /// Who makes it happen.
    pub by: Move,
    /// The node or replica it happens on; empty for an event everywhere at once.
    pub node: String,
    /// The process it happens to: an index into [`Problem::processes`].
    pub process: Option<ProcessIx>,
    /// What happens.
    pub what: What,
    /// What the event does to the node besides: it is cordoned by it, or uncordoned.
    pub cordoned: Option<bool>,
    /// Who runs what afterwards, on every node that runs anything.
    pub acting: Vec<Acting>,
    /// The controllers that run in two processes afterwards.
    pub twice: ControllerSet,
}

/// What an event is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum What {
    /// A node is found for the pod.
    Placed,
    /// The process starts.
    Starts,
    /// The process starts and exits again.
    Refuses,
    /// It takes its main lease.
    Leads(LeaseId),
    /// It takes the migration lease.
    TakesMigration(LeaseId),
    /// It takes this lease, while the process that held it still acts.
    Overtakes {
        /// The lease.
        lease: LeaseId,
        /// True if it is its main lease.
        is_main: bool,
        /// The node or replica of the process that still acts.
        from: String,
        /// The kinds of the two processes.
        pair: Overtake,
    },
    /// It exits.
    Exits,
    /// It crashes, is killed, or loses a lease and exits.
    Crashes,
    /// The operator carries a step out here, or undoes it.
    Step {
        /// Index into [`Problem::steps`].
        step: usize,
        /// Whether it is done or undone.
        direction: Direction,
        /// What becomes of the node or process.
        change: Change,
    },
    /// Somebody deletes the lease.
    LeaseDeleted(LeaseId),
}

/// What a step does to one node or process.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    /// Everything at once, nothing restarted.
    Everywhere,
    /// This manager is replaced by the next one's configuration.
    Process(Component),
    /// The node is cordoned, or uncordoned.
    Cordon {
        /// It is cordoned now.
        cordoned: bool,
    },
    /// All managers of the node are replaced.
    Node,
    /// A node is added.
    Added,
    /// A node is removed.
    Removed,
}

/// A process that runs controllers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Acting {
    /// The node or replica.
    pub node: String,
    /// An index into [`Problem::processes`].
    pub process: ProcessIx,
    /// What it runs.
    pub controllers: ControllerSet,
    /// What it runs under its migration lease.
    pub migrated: ControllerSet,
}

impl Story {
    /// Tells `counterexample`.
    ///
    /// # Panics
    /// If it is no run of `problem`; every counterexample of a report is one.
    pub fn new(problem: &Problem, counterexample: &Counterexample) -> Story {
        let mut teller = Teller { problem, world: World::new(problem), names: Names::new(problem) };
        teller.world.settle();
        let beginning = teller.acting();
        let events = counterexample.steps.iter().map(|&(action, _)| teller.event(action)).collect();
        Story { beginning, events }
    }
}

struct Teller<'p> {
    problem: &'p Problem,
    world: World<'p>,
    names: Names,
}

impl Teller<'_> {
    fn event(&mut self, action: Action) -> Event {
        let position = self.world.position();
        let place = action.place();
        let before = place.and_then(|place| self.world.process(place));
        if let Action::AddSlot(_, place) = action {
            self.names.fill(place);
        }
        let overtaken = self.overtaken(action);
        let was_cordoned = place.is_some_and(|place| self.world.is_cordoned(place));
        self.world.apply(action).unwrap_or_else(|why| panic!("no run of this problem: {why:?}"));
        let process = match (place, action) {
            (Some(place), Action::Schedule(_)) => self.world.configured(place),
            (Some(place), Action::Start(_) | Action::AcquireMain(_) | Action::AcquireMigration(_)) => {
                self.world.process(place)
            }
            _ => before,
        };
        let what = overtaken.unwrap_or_else(|| self.what(action, process, position));
        let acting = self.acting();
        let (mut once, mut twice) = (ControllerSet::EMPTY, ControllerSet::EMPTY);
        for a in &acting {
            twice = twice.union(once.intersection(a.controllers));
            once = once.union(a.controllers);
        }
        let node = place.map(|place| self.names.of(place)).unwrap_or_default();
        let is_cordoned = place.is_some_and(|place| self.world.is_cordoned(place));
        let changes_only_that = matches!(action, Action::Cordon(..));
        let cordoned = (was_cordoned != is_cordoned && !changes_only_that).then_some(is_cordoned);
        Event { by: action.by(), node, process, what, cordoned, acting, twice }
    }

    /// Whose lease an action takes although it still acts.
    fn overtaken(&self, action: Action) -> Option<What> {
        let (from, _) = self.world.overtaken(action)?;
        let pair = self.world.overtaking(action)?;
        Some(What::Overtakes {
            lease: self.problem.leases[usize::from(pair.lease)].clone(),
            is_main: matches!(action, Action::OvertakeMain(_)),
            from: self.names.of(from),
            pair,
        })
    }

    fn what(&self, action: Action, process: Option<ProcessIx>, position: usize) -> What {
        let behaviour = process.map(|p| self.problem.processes[usize::from(p)].behaviour);
        let lease = |at: u8| self.problem.leases[usize::from(at)].clone();
        let step = |direction, change| {
            let at_rest_before_back = direction == Direction::Back && position > self.world.position();
            What::Step { step: if at_rest_before_back { position - 1 } else { position }, direction, change }
        };
        match (action, behaviour) {
            (Action::Schedule(_), _) => What::Placed,
            (Action::Start(_), Some(Behaviour::RefusesAtStart)) => What::Refuses,
            (Action::Start(_), _) => What::Starts,
            (Action::AcquireMain(_), Some(Behaviour::Elects { main, .. } | Behaviour::RefusesAfter { main, .. })) => {
                What::Leads(lease(main))
            }
            (Action::AcquireMigration(_), Some(Behaviour::Elects { migration: Some(second), .. })) => {
                What::TakesMigration(lease(second.lease))
            }
            (
                Action::AcquireMain(_)
                | Action::AcquireMigration(_)
                | Action::OvertakeMain(_)
                | Action::OvertakeMigration(_),
                other,
            ) => panic!("{other:?} takes no such lease"),
            (Action::Exit(_), _) => What::Exits,
            (Action::Crash(_), _) => What::Crashes,
            (Action::Apply(direction), _) => step(direction, Change::Everywhere),
            (Action::Edit(direction, place), _) => {
                let pool = &self.problem.pools[usize::from(place.pool)];
                step(direction, Change::Process(pool.components[usize::from(place.component)]))
            }
            (Action::Cordon(direction, place), _) => {
                step(direction, Change::Cordon { cordoned: self.world.is_cordoned(place) })
            }
            (Action::ReplaceSlot(direction, _), _) => step(direction, Change::Node),
            (Action::AddSlot(direction, _), _) => step(direction, Change::Added),
            (Action::RemoveSlot(direction, _), _) => step(direction, Change::Removed),
            (Action::DeleteLease(at), _) => What::LeaseDeleted(lease(at)),
        }
    }

    fn acting(&self) -> Vec<Acting> {
        let mut found = Vec::new();
        for place in self.world.places() {
            let controllers = self.world.acting(place);
            if let Some(process) = self.world.process(place).filter(|_| !controllers.is_empty()) {
                let migrated = match self.problem.processes[usize::from(process)].behaviour {
                    Behaviour::Elects { main_set, .. } => Controller::ALL
                        .into_iter()
                        .filter(|&c| controllers.contains(c) && !main_set.contains(c))
                        .collect(),
                    _ => ControllerSet::EMPTY,
                };
                found.push(Acting { node: self.names.of(place), process, controllers, migrated });
            }
        }
        found
    }
}

/// A node that is removed and one that is added later are two nodes, although they use one slot.
struct Names {
    pools: Vec<String>,
    /// For each pool, for each slot, the number of its present node.
    numbers: Vec<Vec<usize>>,
}

impl Names {
    fn new(problem: &Problem) -> Names {
        let numbers = problem.pools.iter().map(|pool| (1..=usize::from(pool.size)).collect()).collect();
        Names { pools: problem.pools.iter().map(|pool| pool.name.clone()).collect(), numbers }
    }

    fn of(&self, place: Place) -> String {
        let (pool, slot) = (usize::from(place.pool), usize::from(place.slot));
        format!("{}-{}", self.pools[pool], self.numbers[pool][slot])
    }

    /// The node that comes into the slot gets the next number.
    fn fill(&mut self, place: Place) {
        let numbers = &mut self.numbers[usize::from(place.pool)];
        let next = numbers.iter().max().map_or(1, |highest| highest + 1);
        match numbers.get_mut(usize::from(place.slot)) {
            Some(number) => *number = next,
            None => numbers.push(next),
        }
    }
}
