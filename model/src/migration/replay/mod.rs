//! An independent interpreter of one run. It shares with the search only the problem and the alphabet of actions: it keeps
//! processes and lease holders as plain records instead of packed stages, checks every precondition in its own words, and
//! so catches a search that invents a step.

mod leases;
mod nodes;
mod operator;

use super::moves::Action;
use super::problem::{Overtake, Problem};
use super::process::{Behaviour, LeaseIx, ProcessIx};
use super::state::Place;
use crate::controller::ControllerSet;
use crate::lease::LeaseId;

/// The cluster as plain records.
#[derive(Clone, Debug)]
pub struct World<'p> {
    problem: &'p Problem,
    /// Steps that are complete everywhere.
    position: usize,
    places: Vec<Spot>,
    leases: Vec<Lease>,
}

#[derive(Clone, Debug)]
struct Spot {
    place: Place,
    /// `None`: the slot is empty; else whether the step under way is done here.
    taken: Option<bool>,
    /// A new pod that has no node yet.
    waits_for_node: bool,
    running: Option<Running>,
}

#[derive(Clone, Debug)]
struct Running {
    process: ProcessIx,
    runs_main: bool,
    runs_migrated: bool,
    refuses: bool,
    /// A lease was lost under it.
    stale: bool,
}

#[derive(Clone, Debug, Default)]
struct Lease {
    exists: bool,
    holder: Option<Place>,
}

/// Why a run is impossible.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Impossible {
    /// What cannot happen.
    pub action: Action,
    /// Why not.
    pub why: String,
}

impl<'p> World<'p> {
    /// The cluster before the plan, with nothing running yet.
    pub fn new(problem: &'p Problem) -> World<'p> {
        let mut places = Vec::new();
        for (pool, p) in problem.pools.iter().enumerate() {
            for slot in 0..p.slots() {
                for component in 0..p.components.len() {
                    let place = Place { pool: pool as u8, slot: slot as u8, component: component as u8 };
                    let taken = (slot < usize::from(p.size)).then_some(false);
                    places.push(Spot { place, taken, waits_for_node: false, running: None });
                }
            }
        }
        let leases = vec![Lease::default(); problem.leases.len()];
        let mut world = World { problem, position: 0, places, leases };
        let places: Vec<Place> = world.places().collect();
        places.into_iter().for_each(|place| world.make_pod(place));
        world
    }

    /// Lets everything start and elect leaders, the first place first: the state every run begins in.
    pub fn settle(&mut self) {
        let places: Vec<Place> = self.places.iter().map(|s| s.place).collect();
        for &place in &places {
            let _ = self.apply(Action::Schedule(place));
            let _ = self.apply(Action::Start(place));
        }
        loop {
            let taken = places.iter().any(|&place| {
                self.apply(Action::AcquireMain(place)).is_ok() || self.apply(Action::AcquireMigration(place)).is_ok()
            });
            if !taken {
                return;
            }
        }
    }

    /// What the process at `place` runs.
    pub fn acting(&self, place: Place) -> ControllerSet {
        let Some(running) = self.spot(place).running.as_ref().filter(|r| !r.refuses) else {
            return ControllerSet::EMPTY;
        };
        match self.problem.processes[usize::from(running.process)].behaviour {
            Behaviour::Unlocked(set) => set,
            Behaviour::Elects { main_set, migration, .. } => {
                let main = if running.runs_main { main_set } else { ControllerSet::EMPTY };
                let migrated =
                    migration.filter(|m| running.runs_migrated && !m.dies).map_or(ControllerSet::EMPTY, |m| m.set);
                main.union(migrated)
            }
            Behaviour::RefusesAtStart | Behaviour::RefusesAfter { .. } => ControllerSet::EMPTY,
        }
    }

    /// Every place, in the order of the problem.
    pub fn places(&self) -> impl Iterator<Item = Place> + '_ {
        self.places.iter().map(|s| s.place)
    }

    /// The process running at `place`.
    pub fn process(&self, place: Place) -> Option<ProcessIx> {
        self.spot(place).running.as_ref().map(|r| r.process)
    }

    /// The process configured at `place`, running or not.
    pub fn configured(&self, place: Place) -> Option<ProcessIx> {
        let taken = usize::from(self.spot(place).taken?);
        self.problem.pools[usize::from(place.pool)].runs[self.position + taken][usize::from(place.component)]
    }

    /// Who holds a lease.
    pub fn holder(&self, lease: LeaseIx) -> Option<Place> {
        self.leases[usize::from(lease)].holder
    }

    /// Which process holds the lease of this identity.
    pub fn process_that_holds(&self, lease: &LeaseId) -> Option<ProcessIx> {
        let at = self.problem.leases.iter().position(|l| l == lease)?;
        self.leases[at].holder.and_then(|place| self.process(place))
    }

    /// True if the lease's object exists.
    pub fn exists(&self, lease: &LeaseId) -> bool {
        let known = self.problem.leases.iter().position(|l| l == lease);
        known.is_some_and(|at| self.leases[at].exists)
    }

    /// Steps that are complete everywhere.
    pub fn position(&self) -> usize {
        self.position
    }

    /// Performs `action`.
    ///
    /// # Errors
    /// If it cannot happen now.
    pub fn apply(&mut self, action: Action) -> Result<(), Impossible> {
        self.perform(action).map_err(|why| Impossible { action, why: why.to_string() })
    }

    fn perform(&mut self, action: Action) -> Result<(), &'static str> {
        match action {
            Action::Schedule(place) => self.schedule(place),
            Action::Start(place) => self.start(place),
            Action::AcquireMain(place) => {
                let (main, access) = match self.behaviour(place).ok_or("nothing runs there")? {
                    Behaviour::Elects { main, access, .. } | Behaviour::RefusesAfter { main, access } => (main, access),
                    _ => return Err("it elects no leader"),
                };
                let refuser = matches!(self.behaviour(place), Some(Behaviour::RefusesAfter { .. }));
                if self.running(place)?.runs_main || self.running(place)?.refuses {
                    return Err("it leads already");
                }
                self.take(main, place, access.hold, access.create)?;
                let running = self.running_mut(place);
                running.runs_main = true;
                running.refuses = refuser;
                Ok(())
            }
            Action::AcquireMigration(place) => {
                let Some(Behaviour::Elects { migration: Some(second), .. }) = self.behaviour(place) else {
                    return Err("its leader migration is off");
                };
                let running = self.running(place)?;
                if !running.runs_main || running.runs_migrated {
                    return Err("it does not contend now");
                }
                self.take(second.lease, place, second.access.hold, second.access.create)?;
                self.running_mut(place).runs_migrated = true;
                Ok(())
            }
            Action::Exit(place) => {
                let running = self.up(place)?;
                if !(running.stale || running.refuses || self.cannot_renew(place) || self.dies(place)) {
                    return Err("it has no reason to exit");
                }
                self.stop(place);
                Ok(())
            }
            Action::Crash(place) => {
                self.up(place)?;
                self.stop(place);
                Ok(())
            }
            Action::DeleteLease(lease) => {
                let object = &mut self.leases[usize::from(lease)];
                if !std::mem::take(&mut object.exists) {
                    return Err("there is no such lease");
                }
                match object.holder.take() {
                    Some(place) if self.running(place)?.refuses => self.stop(place),
                    Some(place) => self.running_mut(place).stale = true,
                    None => {}
                }
                Ok(())
            }
            Action::OvertakeMain(place) | Action::OvertakeMigration(place) => {
                let (lease, access) = self.contends_for(place)?;
                if matches!(action, Action::OvertakeMain(_)) == self.running(place)?.runs_main {
                    return Err("it does not contend for that lease now");
                }
                let former = self.holder(lease).filter(|&former| former != place).ok_or("nobody else holds it")?;
                if self.running(former)?.refuses {
                    return Err("its holder does not act");
                }
                let kinds = (self.process(former), self.process(place));
                let allowed = |o: &Overtake| o.lease == lease && (Some(o.holder), Some(o.taker)) == kinds;
                if !access.hold || !self.problem.overtakes.iter().any(allowed) {
                    return Err("no such process may take it while its holder acts");
                }
                self.running_mut(former).stale = true;
                self.leases[usize::from(lease)].holder = None;
                match action {
                    Action::OvertakeMain(_) => self.perform(Action::AcquireMain(place)),
                    _ => self.perform(Action::AcquireMigration(place)),
                }
            }
            Action::Apply(_)
            | Action::Edit(..)
            | Action::Cordon(..)
            | Action::ReplaceSlot(..)
            | Action::AddSlot(..)
            | Action::RemoveSlot(..) => self.operate(action),
        }
    }

    fn start(&mut self, place: Place) -> Result<(), &'static str> {
        let process = self.configured(place).ok_or("nothing is configured there")?;
        if self.spot(place).waits_for_node {
            return Err("its pod has no node");
        }
        let refuses = matches!(self.problem.processes[usize::from(process)].behaviour, Behaviour::RefusesAtStart);
        let refused_so_far = |r: &Running| r.refuses && !r.runs_main;
        match &self.spot(place).running {
            None => {}
            Some(r) if refused_so_far(r) && !refuses => {}
            Some(_) => return Err("it runs, or refuses to, already"),
        }
        let fresh = Running { process, runs_main: false, runs_migrated: false, refuses, stale: false };
        self.spot_mut(place).running = Some(fresh);
        Ok(())
    }

    fn stop(&mut self, place: Place) {
        self.spot_mut(place).running = None;
        for lease in &mut self.leases {
            lease.holder = lease.holder.filter(|&holder| holder != place);
        }
    }

    fn behaviour(&self, place: Place) -> Option<Behaviour> {
        let running = self.spot(place).running.as_ref()?;
        Some(self.problem.processes[usize::from(running.process)].behaviour)
    }

    fn running(&self, place: Place) -> Result<&Running, &'static str> {
        self.spot(place).running.as_ref().ok_or("nothing runs there")
    }

    /// A process that got past its start.
    fn up(&self, place: Place) -> Result<&Running, &'static str> {
        self.running(place).and_then(|r| if r.refuses && !r.runs_main { Err("it is not up") } else { Ok(r) })
    }

    fn running_mut(&mut self, place: Place) -> &mut Running {
        self.spot_mut(place).running.as_mut().expect("checked by the caller")
    }

    fn spot(&self, place: Place) -> &Spot {
        self.places.iter().find(|s| s.place == place).expect("the place belongs to the problem")
    }

    fn spot_mut(&mut self, place: Place) -> &mut Spot {
        self.places.iter_mut().find(|s| s.place == place).expect("the place belongs to the problem")
    }
}
