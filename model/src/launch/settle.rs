//! What becomes of several managers started one after another, when nothing fails: who holds which lease, who runs
//! what, who has exited. Leases are ideal: a free one is taken at once by whoever asks first.

use std::collections::BTreeMap;

use super::outcome::{Death, Launch, Outcome, Ready, RefusesWhen, Running};
use crate::controller::ControllerSet;
use crate::lease::{LeaseId, Rights, Verb};

/// What happens in a run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Event {
    /// Manager `i` is started and left alone until nothing more happens.
    Start(usize),
    /// Manager `i` is killed and not started again; its leases run out.
    Kill(usize),
}

/// A manager of a run.
#[derive(Clone, Copy, Debug)]
pub struct Contender<'a> {
    /// What its launch found.
    pub launch: &'a Launch,
    /// The rights of its user.
    pub rights: &'a Rights,
}

/// What a manager has come to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum State {
    /// It was never started.
    NotStarted,
    /// It runs these controllers; none if it waits for its main lease.
    Runs(ControllerSet),
    /// It exits with this code, each time it is started.
    Exits(u8),
    /// It was killed.
    Killed,
}

/// The end of a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settled {
    /// For each manager, what it has come to.
    pub states: Vec<State>,
    /// For each lease that exists, the manager named in it. A dead one stays until another takes the lease.
    pub leases: BTreeMap<LeaseId, usize>,
}

/// Plays `events` with `managers`.
pub fn settle(managers: &[Contender<'_>], events: &[Event]) -> Settled {
    let mut run = Settled { states: vec![State::NotStarted; managers.len()], leases: BTreeMap::new() };
    let mut started: Vec<usize> = Vec::new();
    for event in events {
        match *event {
            Event::Start(i) => {
                run.states[i] = match &managers[i].launch.outcome {
                    Outcome::Refuses(refusal) if refusal.when == RefusesWhen::BeforeLocks => {
                        State::Exits(refusal.exit_code)
                    }
                    Outcome::Unlocked(set) => State::Runs(*set),
                    _ => State::Runs(ControllerSet::EMPTY),
                };
                started.push(i);
            }
            Event::Kill(i) => run.states[i] = State::Killed,
        }
        while started.iter().any(|&i| run.advance(managers, i)) {}
    }
    run
}

impl Settled {
    /// Lets manager `i` take one lease, if it can. True if something changed.
    fn advance(&mut self, managers: &[Contender<'_>], i: usize) -> bool {
        let State::Runs(acting) = self.states[i] else { return false };
        match &managers[i].launch.outcome {
            Outcome::Unlocked(_) => false,
            Outcome::Refuses(refusal) => match &refusal.when {
                RefusesWhen::AfterMainLock(main) if self.take(main, managers, i) => {
                    self.states[i] = State::Exits(refusal.exit_code);
                    true
                }
                _ => false,
            },
            Outcome::Runs(running) => {
                let (set, death) = self.lead(running, managers, i);
                let next = match death {
                    Some(death) => State::Exits(death.exit_code),
                    None => State::Runs(set),
                };
                let changed = next != State::Runs(acting);
                self.states[i] = next;
                changed
            }
        }
    }

    /// Takes what `running` can have; returns what it then runs, or how it ends.
    fn lead<'a>(
        &mut self,
        running: &'a Running,
        managers: &[Contender<'_>],
        i: usize,
    ) -> (ControllerSet, Option<&'a Death>) {
        if !self.take(&running.main, managers, i) {
            return (ControllerSet::EMPTY, None);
        }
        match &running.migration {
            Some(migration)
                if !matches!(migration.ready, Ready::Never(_)) && self.take(&migration.lease, managers, i) =>
            {
                (running.main_set.union(migration.set), migration.dies.as_ref())
            }
            _ => (running.main_set, None),
        }
    }

    /// True if `i` holds `lease` or can take it now.
    fn take(&mut self, lease: &LeaseId, managers: &[Contender<'_>], i: usize) -> bool {
        let Contender { launch, rights } = managers[i];
        let free = match self.leases.get(lease) {
            Some(&holder) if holder == i => return true,
            Some(&holder) => !matches!(self.states[holder], State::Runs(_)),
            None => rights.allows(Verb::Create, lease),
        };
        let taken = free && launch.obstacle(lease, rights).is_none();
        if taken {
            self.leases.insert(lease.clone(), i);
        }
        taken
    }
}
