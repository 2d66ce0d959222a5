//! The index of states already met: an open-addressing table of 32-bit slots that point into the store.
//!
//! A slot is 0 when free, else a state's number plus one in its low bits and as much of the state's hash as fits above,
//! so that another state in the way is nearly always passed without looking at the store. States are compared in full:
//! nothing is ever taken for equal because hashes are.
use super::hash::{hash, part};
use std::hash::Hash;

/// Of the slots, at most this part is in use: 13 / 16.
const FULL: (usize, usize) = (13, 16);

/// One worker's part of the table: the states whose hash falls to it.
pub(super) struct Shard {
    slots: Vec<u32>,
    used: usize,
    /// Low bits of a slot that hold the state's number plus one.
    bits: u32,
    number: usize,
    shards: usize,
}

/// Where states are kept: those already numbered for good, and those that a shard has only just met.
#[derive(Clone, Copy)]
pub(super) struct Store<'a, T> {
    pub(super) numbered: &'a [T],
    pub(super) fresh: &'a [T],
}

impl<T: Copy + Eq + Hash> Store<'_, T> {
    fn get(&self, index: usize) -> Option<&T> {
        // A slot may point past the end where a search stopped in the middle of a batch.
        self.numbered.get(index).or_else(|| self.fresh.get(index.wrapping_sub(self.numbered.len())))
    }
}

impl Shard {
    pub(super) fn new(number: usize, shards: usize) -> Self {
        Self { slots: vec![0; 256], used: 0, bits: 8, number, shards }
    }

    /// How many shards there are.
    pub(super) fn shards(&self) -> usize {
        self.shards
    }

    /// The first slot to look at for a hash within this shard.
    fn slot(&self, key: u64) -> usize {
        ((u128::from(key) * self.slots.len() as u128) >> 64) as usize
    }

    /// A state that may be the one with this hash, if it is found at the first look.
    pub(super) fn guess(&self, key: u64) -> usize {
        let mask = ((1u64 << self.bits) - 1) as u32;
        (self.slots[self.slot(key)] & mask).wrapping_sub(1) as usize
    }

    /// The number of a state, or the free slot it belongs in.
    pub(super) fn find<T: Copy + Eq + Hash>(&self, key: u64, state: &T, store: Store<'_, T>) -> Result<usize, usize> {
        let mask = ((1u64 << self.bits) - 1) as u32;
        let tag = (key << self.bits) as u32;
        let mut at = self.slot(key);
        loop {
            let slot = self.slots[at];
            if slot == 0 {
                return Err(at);
            }
            let index = (slot & mask) as usize - 1;
            if slot & !mask == tag && store.get(index) == Some(state) {
                return Ok(index);
            }
            at += 1;
            if at == self.slots.len() {
                at = 0;
            }
        }
    }

    /// Points a slot at a state.
    pub(super) fn fill(&mut self, at: usize, key: u64, index: usize) {
        self.used += 1;
        self.slots[at] = (key << self.bits) as u32 | (index as u32 + 1);
    }

    /// Gives a state that was filled in under one number another.
    pub(super) fn renumber(&mut self, at: usize, index: usize) {
        let mask = ((1u64 << self.bits) - 1) as u32;
        self.slots[at] = self.slots[at] & !mask | (index as u32 + 1);
    }

    /// Whether a state with this number can be added.
    pub(super) fn has_room(&self, index: usize) -> bool {
        self.used * FULL.1 < self.slots.len() * FULL.0 && self.can_hold(index)
    }

    /// Whether the number fits into a slot.
    pub(super) fn can_hold(&self, index: usize) -> bool {
        (index as u64 + 1) >> self.bits == 0
    }

    /// Makes room; the slots of the fresh states are written to `slots_of_fresh`.
    pub(super) fn grow<T: Copy + Eq + Hash>(&mut self, store: Store<'_, T>, slots_of_fresh: &mut Vec<u32>) {
        let size = self.slots.len();
        let size = if self.used * FULL.1 < size * FULL.0 { size } else { size + size / 2 };
        let most = (size * self.shards).max(store.numbered.len() + store.fresh.len());
        self.bits = (usize::BITS - most.leading_zeros()).min(32);
        // The old slots are given back first: everything needed is in the store.
        self.slots = Vec::new();
        // Written, not just allocated as zeros: a page that is read before it is written is mapped twice, and the second
        // time stops every core.
        self.slots.resize(size, 0);
        self.used = 0;
        for (index, state) in store.numbered.iter().enumerate() {
            let (owner, key) = part(hash(state), self.shards);
            if owner == self.number {
                let at = self.free_slot(key);
                self.fill(at, key, index);
            }
        }
        slots_of_fresh.clear();
        for (index, state) in store.fresh.iter().enumerate() {
            let (_, key) = part(hash(state), self.shards);
            let at = self.free_slot(key);
            self.fill(at, key, store.numbered.len() + index);
            slots_of_fresh.push(at as u32);
        }
    }

    fn free_slot(&self, key: u64) -> usize {
        let mut at = self.slot(key);
        while self.slots[at] != 0 {
            at += 1;
            if at == self.slots.len() {
                at = 0;
            }
        }
        at
    }

    /// Memory held, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.slots.capacity() * 4
    }
}
