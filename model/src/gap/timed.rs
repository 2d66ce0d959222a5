//! The cluster with time: which progress is under way, since when, and until when it will have happened.
//!
//! Each progress move of [`Cluster`] has a [`Span`] from the moment it becomes possible: it happens within it, unless it
//! becomes impossible before. Moves that become possible in one instant share a clock, so a handful of clocks is enough.

use super::delays::{Assumed, Manager, Span, Taking, exit};
use crate::controller::Controller;
use crate::facts::starts::{LONGEST_BACK_OFF, LONGEST_PLACING};
use crate::launch::duration::GoDuration;
use crate::lease_time::Elector;
use crate::migration::moves::Cluster;
use crate::migration::process::{Behaviour, LeaseIx, Process, ProcessIx};
use crate::migration::state::{Packed, Place};
use crate::migration::{Action, Mode};

/// What does not change with time alone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Moment {
    /// The state.
    pub state: Packed,
    /// For each lease, which kind of elector wrote it last: the index of the first process of that kind, or [`NOBODY`].
    pub written: Vec<u8>,
}

/// Nobody has ever written the lease.
pub const NOBODY: u8 = u8::MAX;

/// A progress move that is under way.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Wait {
    /// The move.
    pub action: Action,
    /// When it happens, from the moment it became possible.
    pub span: Span,
    /// Which event made it possible, or which clock counts from it.
    pub since: usize,
}

/// A moment and what is under way.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Location {
    /// Who is where.
    pub at: Moment,
    /// What is under way.
    pub waits: Vec<Wait>,
    /// One bit for each place whose process has come to its present stage since the cluster was at rest. A state of 128 bits
    /// has room for 20 places.
    pub(super) fresh: u32,
}

/// A cluster with what is known of its times.
pub struct Timed<'c> {
    /// The cluster.
    pub cluster: &'c Cluster,
    /// Index for index with the problem's processes.
    pub managers: &'c [Manager],
    /// See [`Assumed`].
    pub assumed: Assumed,
    /// For each process the first whose elector is equal.
    kinds: Vec<u8>,
}

impl<'c> Timed<'c> {
    /// `managers` are those of the cluster's processes, in their order.
    pub fn new(cluster: &'c Cluster, managers: &'c [Manager], assumed: Assumed) -> Timed<'c> {
        let first = |of: &Manager| managers.iter().position(|m| m.elector == of.elector).expect("it is one of them");
        let kinds = managers.iter().map(|manager| first(manager) as u8).collect();
        Timed { cluster, managers, assumed, kinds }
    }

    /// The cluster before the plan: each lease was written by its holder.
    pub fn initial(&self, state: Packed) -> Moment {
        let leases = 0..self.cluster.problem.leases.len() as LeaseIx;
        let writer = |lease| self.cluster.holder(state, lease).and_then(|at| self.kind(state, at)).unwrap_or(NOBODY);
        Moment { state, written: leases.map(writer).collect() }
    }

    /// Nothing under way.
    pub fn at_rest(&self, at: Moment) -> Location {
        Location { at, waits: Vec::new(), fresh: 0 }
    }

    /// True if the process at any place runs `controller`.
    pub fn acts(&self, state: Packed, controller: Controller) -> bool {
        (0..self.cluster.layout.places().len()).any(|at| self.cluster.acting(state, at).contains(controller))
    }

    /// The location after `action`, which leads to `next`. What becomes possible by it is under way since `now`.
    pub fn follow(&self, from: &Location, action: Action, next: Packed, now: usize) -> Location {
        let layout = &self.cluster.layout;
        let mut at = Moment { state: next, written: from.at.written.clone() };
        let mut fresh = from.fresh;
        let moved = action.place();
        if let (Action::Start(place) | Action::AcquireMain(place) | Action::AcquireMigration(place), index) =
            (action, moved.map(|place| layout.index(place)))
        {
            let index = index.expect("it has a place");
            fresh |= 1 << index;
            if let Some(lease) = self.lease(next, place, action) {
                at.written[usize::from(lease)] = self.kind(next, index).unwrap_or(NOBODY);
            }
        }
        let is_moved = |place: Place| match action {
            Action::ReplaceSlot(_, slot) | Action::AddSlot(_, slot) | Action::RemoveSlot(_, slot) => {
                (slot.pool, slot.slot) == (place.pool, place.slot)
            }
            Action::Cordon(..) => false,
            _ => moved == Some(place),
        };
        let mut location = Location { at, waits: Vec::new(), fresh };
        let mut waits = Vec::new();
        self.cluster.progress(next, &mut |possible, _| {
            let place = moved_place(possible);
            let known = from.waits.iter().find(|wait| wait.action == possible && !is_moved(place));
            waits.push(match known {
                Some(wait) if !self.follows_soon(from, action, wait) => *wait,
                Some(_) => Wait { action: possible, span: Span::within(self.assumed.start_after_edit), since: now },
                None => {
                    let span = self.span(&location, possible, action, is_moved(place));
                    Wait { action: possible, span, since: now }
                }
            });
        });
        location.waits = waits;
        location
    }

    /// True if the start of one manager of a new node, `action`, shows that the node is up, so that the other starts soon.
    fn follows_soon(&self, from: &Location, action: Action, wait: &Wait) -> bool {
        let (Action::Start(first), Action::Start(second)) = (action, wait.action) else { return false };
        let begun = from.waits.iter().find(|wait| wait.action == action).map(|wait| wait.since);
        (first.pool, first.slot) == (second.pool, second.slot)
            && begun == Some(wait.since)
            && wait.span.most > self.assumed.start_after_edit.nanos
    }

    /// When `wait` is over for everything else: its lease is taken when a write is applied, and whoever wrote it leads up to a
    /// request later. So a slower contender of the same lease may come to lead after a faster one must have tried.
    pub fn deadline(&self, location: &Location, wait: &Wait) -> i64 {
        let lease = |wait: &Wait| self.lease(location.at.state, moved_place(wait.action), wait.action);
        let contended = lease(wait).is_some()
            && location
                .waits
                .iter()
                .any(|other| lease(other) == lease(wait) && (other.span, other.since) != (wait.span, wait.since));
        wait.span.most + if contended { self.assumed.request.nanos } else { 0 }
    }

    /// How long `possible` takes from the moment `cause` made it possible; `arrives`: its process has just got so far.
    fn span(&self, location: &Location, possible: Action, cause: Action, arrives: bool) -> Span {
        let (state, request) = (location.at.state, self.assumed.request.nanos);
        let place = moved_place(possible);
        let index = self.cluster.layout.index(place);
        let process = self.process(state, index).expect("something runs or will run there");
        let manager = &self.managers[usize::from(process)];
        match possible {
            Action::Schedule(_) => Span::within(LONGEST_PLACING),
            Action::Start(_) => {
                let crashed = Span::within(self.assumed.start_after_crash);
                match cause {
                    Action::Edit(..) | Action::Schedule(_) => Span::within(self.assumed.start_after_edit),
                    // A pod more of a workload, not a node.
                    Action::AddSlot(..) if self.is_edit(state) => Span::within(self.assumed.start_after_edit),
                    Action::ReplaceSlot(..) | Action::AddSlot(..) => Span::within(self.assumed.start_of_node),
                    Action::Apply(_) => crashed.after(LONGEST_BACK_OFF),
                    _ => crashed,
                }
            }
            Action::Exit(_) => exit(manager, request),
            _ => {
                let lease = self.lease(state, place, possible).expect("it takes a lease");
                let next = manager.elector.as_ref().expect("it elects a leader");
                let taking = Taking { next, request };
                let ready = if matches!(possible, Action::AcquireMigration(_)) {
                    manager.ready
                } else {
                    GoDuration::seconds(0)
                };
                let holder = self.writer(&location.at, lease).filter(|_| self.cluster.layout.exists(state, lease));
                let arrived = holder.map_or(taking.created(), |holder| taking.arrived(holder)).after(ready);
                let watched = match (cause, holder) {
                    _ if arrives => return arrived,
                    (_, None) => taking.asked_again(),
                    (Action::Apply(_), Some(holder)) => taking.granted(holder),
                    (_, Some(holder)) => taking.watched(holder),
                };
                // It may not have looked at the lease yet.
                if location.fresh & (1 << index) == 0 { watched } else { watched.or(arrived) }
            }
        }
    }

    /// True if the step under way changes workloads in place.
    fn is_edit(&self, state: Packed) -> bool {
        let step = self.cluster.problem.steps.get(usize::from(self.cluster.layout.position(state)));
        step.is_some_and(|step| step.mode == Mode::Edit)
    }

    /// How long it takes, at most, from `action` until `controller` acts that runs because of it.
    pub fn start_up(&self, state: Packed, action: Action, controller: Controller) -> GoDuration {
        let place = match action {
            Action::Start(place) | Action::AcquireMain(place) | Action::AcquireMigration(place) => place,
            _ => {
                return self
                    .managers
                    .iter()
                    .map(|m| m.main_start.max(m.migrated_start))
                    .max()
                    .expect("there are managers");
            }
        };
        let index = self.cluster.layout.index(place);
        let process = self.process(state, index).expect("something runs there");
        let manager = &self.managers[usize::from(process)];
        match self.cluster.problem.processes[usize::from(process)].behaviour {
            Behaviour::Elects { main_set, .. } if !main_set.contains(controller) => manager.migrated_start,
            _ => manager.main_start,
        }
    }

    /// The lease that `action` takes.
    fn lease(&self, state: Packed, place: Place, action: Action) -> Option<LeaseIx> {
        let index = self.cluster.layout.index(place);
        let process = &self.cluster.problem.processes[usize::from(self.process(state, index)?)];
        match (action, process.behaviour) {
            (Action::AcquireMain(_), Behaviour::Elects { main, .. } | Behaviour::RefusesAfter { main, .. }) => {
                Some(main)
            }
            (Action::AcquireMigration(_), Behaviour::Elects { migration, .. }) => migration.map(|second| second.lease),
            _ => None,
        }
    }

    fn writer(&self, at: &Moment, lease: LeaseIx) -> Option<&Elector> {
        let kind = at.written[usize::from(lease)];
        self.managers.get(usize::from(kind)).and_then(|manager| manager.elector.as_ref())
    }

    fn kind(&self, state: Packed, at: usize) -> Option<u8> {
        self.process(state, at).map(|process| self.kinds[usize::from(process)])
    }

    fn process(&self, state: Packed, at: usize) -> Option<ProcessIx> {
        self.cluster.layout.process_ix(&self.cluster.problem, state, at)
    }

    /// True if some process takes a lease and then exits, again and again: nothing comes to rest where it runs.
    pub fn flaps(&self) -> Option<ProcessIx> {
        let flaps = |process: &Process| match process.behaviour {
            Behaviour::RefusesAfter { access, .. } => access.hold,
            Behaviour::Elects { migration: Some(second), .. } => second.dies && second.access.hold,
            _ => false,
        };
        let used = |at: usize| {
            let pools = self.cluster.problem.pools.iter();
            pools.flat_map(|pool| pool.runs.iter().flatten()).any(|process| *process == Some(at as u8))
        };
        (0..self.cluster.problem.processes.len())
            .find(|&at| used(at) && flaps(&self.cluster.problem.processes[at]))
            .map(|at| at as ProcessIx)
    }
}

pub(super) fn moved_place(action: Action) -> Place {
    action.place().expect("progress and crashes happen at a place")
}
