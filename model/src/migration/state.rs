//! The packed state: one `u128` holds the plan's position, which leases exist, and for every place its side of the
//! current step and the stage of its process.
//!
//! Bits from the low end: for each place 4 bits of [`Stage`] and 2 bits of [`Side`], places of a slot side by side, slots
//! of a pool side by side; then one bit for each lease that exists; then 5 bits of position.

use super::problem::{Problem, Unfit};
use super::process::{LeaseIx, Process, ProcessIx};

/// A packed state.
pub type Packed = u128;

/// Which configuration a place carries while a step is under way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    /// The slot is empty.
    Absent,
    /// The step has not reached the place.
    Old,
    /// The step is done here.
    New,
}

/// How far the process at a place is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    /// Nothing runs; if something is configured here, it will start.
    Down,
    /// It contends for its main lease.
    Standby,
    /// It holds its main lease, and contends for the migration lease if it may.
    Leading,
    /// It holds both leases.
    Both,
    /// It runs everything without a lease.
    Unlocked,
    /// It exits at every start.
    Refusing,
    /// It took its main lease and is about to exit.
    Flapping,
    /// It lost its main lease and does not know yet; it still acts, and contends for the migration lease if it may.
    LeadingStale,
    /// It holds the migration lease; it lost its main lease and does not know yet.
    BothMainLost,
    /// It holds the main lease; it lost the migration lease and does not know yet.
    BothMigrationLost,
    /// It lost both leases and does not know yet.
    BothLost,
    /// A new pod that no node has been found for: nothing runs.
    Pending,
}

const STAGES: [Stage; 12] = [
    Stage::Down,
    Stage::Standby,
    Stage::Leading,
    Stage::Both,
    Stage::Unlocked,
    Stage::Refusing,
    Stage::Flapping,
    Stage::LeadingStale,
    Stage::BothMainLost,
    Stage::BothMigrationLost,
    Stage::BothLost,
    Stage::Pending,
];

impl Stage {
    /// True if the process holds its main lease.
    pub fn holds_main(self) -> bool {
        matches!(self, Stage::Leading | Stage::Both | Stage::Flapping | Stage::BothMigrationLost)
    }

    /// True if the process holds the migration lease.
    pub fn holds_migration(self) -> bool {
        matches!(self, Stage::Both | Stage::BothMainLost)
    }
}

/// A place: a manager in a slot of a pool.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Place {
    /// Index into [`Problem::pools`].
    pub pool: u8,
    /// Index of the slot in its pool.
    pub slot: u8,
    /// Index into the pool's components.
    pub component: u8,
}

/// Where everything is in the packed state of one problem.
#[derive(Clone, Debug)]
pub struct Layout {
    places: Vec<Place>,
    /// For each pool: first bit, bits of a slot, slots.
    pools: Vec<(u32, u32, u32)>,
    leases_at: u32,
    position_at: u32,
}

const PLACE_BITS: u32 = 6;
const STAGE_BITS: u32 = 4;
const POSITION_BITS: u32 = 5;
/// Slots of one pool, spare included.
const MAX_SLOTS: usize = 8;

impl Layout {
    /// Lays out `problem`.
    ///
    /// # Errors
    /// If a state does not fit into 128 bits.
    pub fn new(problem: &Problem) -> Result<Layout, Unfit> {
        let mut places = Vec::new();
        let mut pools = Vec::new();
        let mut bit = 0;
        for (pool, p) in problem.pools.iter().enumerate() {
            let width = PLACE_BITS * p.components.len() as u32;
            pools.push((bit, width, p.slots() as u32));
            for slot in 0..p.slots() {
                for component in 0..p.components.len() {
                    places.push(Place { pool: pool as u8, slot: slot as u8, component: component as u8 });
                    bit += PLACE_BITS;
                }
            }
        }
        let leases_at = bit;
        let position_at = bit + problem.leases.len() as u32;
        let bits = position_at + POSITION_BITS;
        if bits > Packed::BITS
            || problem.steps.len() >= 1 << POSITION_BITS
            || problem.pools.iter().any(|p| p.slots() > MAX_SLOTS)
        {
            return Err(Unfit::TooLarge { bits });
        }
        Ok(Layout { places, pools, leases_at, position_at })
    }

    /// Every place, in packed order.
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// The index of a place in [`Layout::places`].
    pub fn index(&self, place: Place) -> usize {
        let (first, width, _) = self.pools[usize::from(place.pool)];
        ((first + width * u32::from(place.slot)) / PLACE_BITS + u32::from(place.component)) as usize
    }

    /// The stage at place index `at`.
    pub fn stage(&self, state: Packed, at: usize) -> Stage {
        STAGES[(state >> (PLACE_BITS * at as u32)) as usize & 0xF]
    }

    /// The side at place index `at`.
    pub fn side(&self, state: Packed, at: usize) -> Side {
        match (state >> (PLACE_BITS * at as u32 + STAGE_BITS)) & 3 {
            0 => Side::Absent,
            1 => Side::Old,
            _ => Side::New,
        }
    }

    /// `state` with another stage at place index `at`.
    #[must_use]
    pub fn with_stage(&self, state: Packed, at: usize, stage: Stage) -> Packed {
        let shift = PLACE_BITS * at as u32;
        state & !(0xF << shift) | (stage as Packed) << shift
    }

    /// `state` with another side at place index `at`.
    #[must_use]
    pub fn with_side(&self, state: Packed, at: usize, side: Side) -> Packed {
        let shift = PLACE_BITS * at as u32 + STAGE_BITS;
        state & !(3 << shift) | (side as Packed) << shift
    }

    /// True if the object of `lease` exists.
    pub fn exists(&self, state: Packed, lease: LeaseIx) -> bool {
        state >> (self.leases_at + u32::from(lease)) & 1 == 1
    }

    /// `state` with the object of `lease` existing or not.
    #[must_use]
    pub fn with_exists(&self, state: Packed, lease: LeaseIx, exists: bool) -> Packed {
        let bit = 1 << (self.leases_at + u32::from(lease));
        if exists { state | bit } else { state & !bit }
    }

    /// The position of the step under way, or the last position.
    pub fn position(&self, state: Packed) -> u8 {
        (state >> self.position_at) as u8 & 0x1F
    }

    /// `state` at another position.
    #[must_use]
    pub fn with_position(&self, state: Packed, position: u8) -> Packed {
        state & !(0x1F << self.position_at) | Packed::from(position) << self.position_at
    }

    /// The representative of the state's symmetry class: the slots of each pool sorted. Slots of a pool differ in nothing
    /// but their name, so every property has the same value on both.
    pub fn canonical(&self, state: Packed) -> Packed {
        let mut out = state;
        for &(first, width, slots) in &self.pools {
            let mask = (1 << width) - 1;
            let mut contents = [0u32; MAX_SLOTS];
            let contents = &mut contents[..slots as usize];
            for (slot, content) in (0u32..).zip(contents.iter_mut()) {
                *content = (state >> (first + width * slot)) as u32 & mask as u32;
            }
            contents.sort_unstable_by(|a, b| b.cmp(a));
            out &= !(((1 << (width * slots)) - 1) << first);
            for (slot, &content) in (0u32..).zip(contents.iter()) {
                out |= Packed::from(content) << (first + width * slot);
            }
        }
        out
    }

    /// The position whose configuration place index `at` carries; `None` if its slot is empty.
    pub fn position_at(&self, state: Packed, at: usize) -> Option<usize> {
        let position = usize::from(self.position(state));
        match self.side(state, at) {
            Side::Absent => None,
            Side::Old => Some(position),
            Side::New => Some(position + 1),
        }
    }

    /// The process configured at place index `at`, if any.
    pub fn process<'p>(&self, problem: &'p Problem, state: Packed, at: usize) -> Option<&'p Process> {
        self.process_ix(problem, state, at).map(|index| &problem.processes[usize::from(index)])
    }

    /// The index of the process configured at place index `at`, if any.
    pub fn process_ix(&self, problem: &Problem, state: Packed, at: usize) -> Option<ProcessIx> {
        let place = self.places[at];
        let position = self.position_at(state, at)?;
        problem.pools[usize::from(place.pool)].runs[position][usize::from(place.component)]
    }
}
