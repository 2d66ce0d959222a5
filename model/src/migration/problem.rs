//! What is searched: the processes a plan starts, the pools of places they run on, the steps, the assumptions.

use super::process::{LeaseIx, Process, ProcessIx};
use crate::controller::{Component, ControllerSet};
use crate::lease::LeaseId;

/// A cluster, a plan and its assumptions, ready to be searched.
///
/// A plan with `n` steps has `n + 1` *positions*: position 0 is the cluster before the first step, position `i + 1` the
/// cluster after step `i`.
#[derive(Clone, PartialEq, Debug)]
pub struct Problem {
    /// Every kind of process that any position runs.
    pub processes: Vec<Process>,
    /// Every lease that any process names.
    pub leases: Vec<LeaseId>,
    /// The pools of places.
    pub pools: Vec<Pool>,
    /// The steps, in the order of the plan: a step begins when the step before it is complete.
    pub steps: Vec<Step>,
    /// Which faults may happen, each any number of times at any moment.
    pub faults: Vec<Fault>,
    /// Who may take a lease while its holder still acts, sorted; empty: leases are ideal.
    pub overtakes: Vec<Overtake>,
    /// Whether the operator may go back.
    pub rollback: Rollback,
    /// Controllers that must be able to run at every resting point: those that ran before the migration.
    pub required: ControllerSet,
    /// Controllers that must be able to run once the last step is complete.
    pub required_at_end: ControllerSet,
}

/// Interchangeable slots: control-plane nodes, or the replicas of a Deployment.
#[derive(Clone, PartialEq, Debug)]
pub struct Pool {
    /// The slots are named after it: `cp` gives `cp-1`, `cp-2`, …
    pub name: String,
    /// How many slots are in use while no step replaces any: 1 to 5.
    pub size: u8,
    /// How many slots a replacement may use beyond that: 0 or 1.
    pub spare: u8,
    /// The managers of one slot, one place each: one or two.
    pub components: Vec<Component>,
    /// For each position, for each place of a slot, the process that is configured there.
    pub runs: Vec<Vec<Option<ProcessIx>>>,
    /// How an edit changes a slot of this pool.
    pub update: Update,
    /// For each position, whether the nodes are cordoned; empty: they never are, or the slots are no nodes.
    pub cordoned: Vec<bool>,
    /// For each position, where new pods of this pool may be placed; empty: wherever a process is configured it starts.
    pub placement: Vec<Nodes>,
}

/// The nodes that a new pod may be placed on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Nodes {
    /// Indices of the pools of nodes that have the right labels and no other taint than that of a cordon.
    pub pools: Vec<u8>,
    /// The pod tolerates a cordon.
    pub despite_cordon: bool,
}

/// How a pool carries out a change of its processes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Update {
    /// The old process stops, then the new one starts: static pods, DaemonSets, Deployments without surge.
    InPlace,
    /// A new slot is filled before an old one is emptied: Deployments with surge.
    Surge,
}

/// One operator step.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// What the operator would call it.
    pub title: String,
    /// How it reaches the next position.
    pub mode: Mode,
    /// The plan says that controllers may run nowhere from the moment this step begins until the next one is complete.
    pub downtime: bool,
}

/// How a step moves the cluster to the next position.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// Everywhere at the same moment, without any restart: rights granted or withdrawn.
    AtOnce,
    /// Place by place, in any order, each process restarted; the operator waits for none to come back.
    Edit,
    /// Node by node, in any order, all managers of a node together.
    Replace {
        /// The new node is there before an old one goes.
        surge: bool,
    },
}

/// A fault that may happen at any moment, any number of times.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Fault {
    /// A process crashes, is killed, or loses a lease and exits; it is started again.
    Crash,
    /// Somebody deletes a lease by hand. Its holder goes on for up to RetryPeriod + RenewDeadline, so this fault alone
    /// breaks every lease.
    LeaseDeleted,
}

/// A process that may take a lease too early: its holder does not know yet that it lost it, and still acts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Overtake {
    /// The lease.
    pub lease: LeaseIx,
    /// The kind of process that holds it.
    pub holder: ProcessIx,
    /// The kind of process that takes it.
    pub taker: ProcessIx,
}

/// Whether the operator may undo what was done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rollback {
    /// Forward only; `returnable` still asks what would follow if the operator went back.
    None,
    /// Forward only, because whoever carries the plan out refuses to go back.
    Refused,
    /// From every prefix: any part of a step that was done may be undone, in any order, as often as one likes.
    Anywhere,
}

impl Rollback {
    /// What the operator could do if he wanted to.
    pub fn if_tried(self) -> Rollback {
        if self == Rollback::Refused { Rollback::Refused } else { Rollback::Anywhere }
    }
}

/// Why a problem cannot be searched.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Unfit {
    /// A state would need this many bits and has 128, or a pool has more than eight slots.
    TooLarge {
        /// Bits needed.
        bits: u32,
    },
}

impl std::fmt::Display for Unfit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Unfit::TooLarge { bits } => write!(
                f,
                "the cluster is too large to search exactly: a state would take {bits} bits of 128; use fewer nodes or replicas"
            ),
        }
    }
}

impl std::error::Error for Unfit {}

impl Pool {
    /// Slots in all.
    pub fn slots(&self) -> usize {
        usize::from(self.size) + usize::from(self.spare)
    }

    /// Puts a second position after `position` that is the same.
    pub(crate) fn repeat_position(&mut self, position: usize) {
        self.runs.insert(position, self.runs[position].clone());
        if !self.cordoned.is_empty() {
            self.cordoned.insert(position, self.cordoned[position]);
        }
        if !self.placement.is_empty() {
            self.placement.insert(position, self.placement[position].clone());
        }
    }

    /// True if pods may be placed at the two positions alike, as far as this pool is concerned.
    pub(crate) fn places_alike(&self, one: usize, other: usize) -> bool {
        self.is_cordoned(one) == self.is_cordoned(other) && self.placement.get(one) == self.placement.get(other)
    }

    /// True if the nodes are cordoned at `position`.
    pub(super) fn is_cordoned(&self, position: usize) -> bool {
        self.cordoned.get(position).is_some_and(|&cordoned| cordoned)
    }

    /// True if `step` cordons or uncordons the nodes.
    pub(super) fn changes_cordon(&self, step: usize) -> bool {
        self.is_cordoned(step) != self.is_cordoned(step + 1)
    }
}

impl Problem {
    /// The last position: every step complete.
    pub fn last_position(&self) -> u8 {
        u8::try_from(self.steps.len()).expect("a plan has a handful of steps")
    }

    /// True if a process of kind `taker` may take `lease` while one of kind `holder` holds it and acts.
    pub(super) fn may_overtake(&self, lease: LeaseIx, holder: ProcessIx, taker: ProcessIx) -> bool {
        self.overtakes.binary_search(&Overtake { lease, holder, taker }).is_ok()
    }

    /// True if the steps that restart nothing change nothing of a process but its rights: it goes on electing for the same
    /// leases, or goes on refusing or running without any.
    pub(super) fn changes_only_rights_at_once(&self) -> bool {
        let leases = |process: Option<ProcessIx>| process.map(|at| self.processes[usize::from(at)].leases());
        (0..self.steps.len()).filter(|&step| self.steps[step].mode == Mode::AtOnce).all(|step| {
            self.pools.iter().all(|pool| {
                let (before, after) = (&pool.runs[step], &pool.runs[step + 1]);
                before.iter().zip(after).all(|(&before, &after)| leases(before) == leases(after))
            })
        })
    }

    /// How pool `pool` takes part in step `step`.
    pub(super) fn pool_mode(&self, step: usize, pool: usize) -> PoolMode {
        let pool = &self.pools[pool];
        let (before, after) = (&pool.runs[step], &pool.runs[step + 1]);
        let exchanges = before.iter().zip(after).any(|(b, a)| b.is_some() && a.is_some() && b != a);
        match self.steps[step].mode {
            _ if before == after && !pool.changes_cordon(step) => PoolMode::Untouched,
            Mode::AtOnce => PoolMode::Untouched,
            Mode::Replace { surge: true } if pool.spare > 0 && exchanges => PoolMode::Surge,
            Mode::Replace { .. } => PoolMode::Slots,
            Mode::Edit if pool.update == Update::Surge && pool.spare > 0 && exchanges => PoolMode::Surge,
            Mode::Edit => PoolMode::Places,
        }
    }
}

/// How one pool takes part in one step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum PoolMode {
    /// Nothing is restarted.
    Untouched,
    /// Place by place, where the process differs.
    Places,
    /// Slot by slot in place, all places of a slot together.
    Slots,
    /// A spare slot is filled with the new before a slot with the old is emptied.
    Surge,
}
