//! Second half of a batch: a shard tells candidates that are new from those already known.
use super::expand::{Lane, Outbox};
use super::hash::{hash, part};
use super::table::{Shard, Store};
use std::hash::Hash;

/// A shard, and the states it met for the first time in the present batch.
#[repr(align(128))]
pub(super) struct Owner<T> {
    pub(super) shard: Shard,
    pub(super) fresh: Vec<T>,
    /// For each fresh state, the number within its producer's batch of the transition that led to it.
    transitions: Vec<u32>,
    /// For each producer, how many fresh states there are up to its end.
    ends: Vec<usize>,
    /// Whether the last fresh state is one that was looked for: nothing after it was settled.
    pub(super) found: bool,
    /// Where the fresh states' slots are.
    slots: Vec<u32>,
    /// The final numbers of the states of the batch before, to be written to their slots.
    pub(super) numbers: Vec<u32>,
    /// Candidates that were not recognised at first look.
    unsure: Vec<u32>,
}

/// No transition: a batch has fewer.
pub(super) const NONE: u32 = u32::MAX;
/// Candidates looked up together, so that the waits for memory overlap.
const TOGETHER: usize = 512;

impl<T: Copy + Eq + Hash> Owner<T> {
    pub(super) fn new(number: usize, shards: usize) -> Self {
        Self {
            shard: Shard::new(number, shards),
            fresh: Vec::new(),
            transitions: Vec::new(),
            ends: Vec::new(),
            found: false,
            slots: Vec::new(),
            numbers: Vec::new(),
            unsure: Vec::new(),
        }
    }

    /// The transition that led to a fresh state, given by its place among them; [`NONE`] if `producer` has no such state.
    pub(super) fn transition(&self, fresh: usize, producer: usize) -> u32 {
        if fresh < self.ends[producer] { self.transitions[fresh] } else { NONE }
    }

    /// Takes in this shard's lane of every producer, in order.
    pub(super) fn settle(
        &mut self,
        me: usize,
        producers: &[Outbox<T>],
        numbered: &[T],
        most: usize,
        stop_at: &impl Fn(T) -> bool,
    ) {
        self.write_numbers(numbered);
        self.fresh.clear();
        self.transitions.clear();
        self.slots.clear();
        self.ends.clear();
        for producer in producers {
            self.settle_lane(&producer.lanes[me], numbered, most, stop_at);
            self.ends.push(self.fresh.len());
        }
    }

    fn settle_lane(&mut self, lane: &Lane<T>, numbered: &[T], most: usize, stop_at: &impl Fn(T) -> bool) {
        let shards = self.shard.shards();
        let last = numbered.len().saturating_sub(1);
        for (states, transitions) in lane.states.chunks(TOGETHER).zip(lane.transitions.chunks(TOGETHER)) {
            // No branch depends on the table here: the processor need not wait for one look-up to begin the next.
            self.unsure.resize(states.len(), 0);
            let mut unsure = 0;
            for (i, state) in states.iter().enumerate() {
                let (_, key) = part(hash(state), shards);
                let guess = self.shard.guess(key).min(last);
                self.unsure[unsure] = i as u32;
                unsure += usize::from(numbered.get(guess) != Some(state));
            }
            for i in 0..unsure {
                let i = self.unsure[i] as usize;
                if self.found || numbered.len() + self.fresh.len() > most {
                    return;
                }
                let state = states[i];
                let (_, key) = part(hash(&state), shards);
                let index = numbered.len() + self.fresh.len();
                if !self.shard.has_room(index) {
                    self.shard.grow(Store { numbered, fresh: &self.fresh }, &mut self.slots);
                }
                if let Err(at) = self.shard.find(key, &state, Store { numbered, fresh: &self.fresh }) {
                    self.shard.fill(at, key, index);
                    self.slots.push(at as u32);
                    self.fresh.push(state);
                    self.transitions.push(transitions[i]);
                    self.found = stop_at(state);
                }
            }
        }
    }

    /// Writes the final numbers of the last batch's states to their slots.
    pub(super) fn write_numbers(&mut self, numbered: &[T]) {
        if self.numbers.last().is_some_and(|&number| !self.shard.can_hold(number as usize)) {
            self.shard.grow(Store { numbered, fresh: &[] }, &mut self.slots);
        } else {
            for (&at, &number) in self.slots.iter().zip(&self.numbers) {
                self.shard.renumber(at as usize, number as usize);
            }
        }
        self.numbers.clear();
    }
}
