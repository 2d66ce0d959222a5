//! First half of a batch: the successors of some states, sorted by the shard they fall to.
use super::System;
use super::hash::{hash, part};
use std::hash::Hash;

/// What one worker generates in a batch, and what it remembers from one batch to the next.
///
/// Aligned, as are lanes and owners: each is written by one worker, and where two share a cache line, or a pair of lines
/// that is fetched together, every write of one takes the line from the other. That cost more than half of what a second
/// core brings.
#[repr(align(128))]
pub(super) struct Outbox<T> {
    /// Candidates by owning shard, each in the order in which they were generated.
    pub(super) lanes: Vec<Lane<T>>,
    /// For each expanded state, how many transitions had been generated when it was done.
    pub(super) ends: Vec<u32>,
    /// Candidates sent lately: what is found here again needs no look into the table.
    recent: Vec<T>,
}

/// Candidates, and the number within the batch of the transition that led to each.
#[repr(align(128))]
pub(super) struct Lane<T> {
    pub(super) states: Vec<T>,
    pub(super) transitions: Vec<u32>,
}

/// Small enough for a core's own cache, large enough to see most states that are reached twice in a row.
const RECENT: usize = 1 << 13;

impl<T: Copy + Eq + Hash> Outbox<T> {
    /// `known` is a state that is in the table.
    pub(super) fn new(shards: usize, known: T) -> Self {
        let lane = || Lane { states: Vec::new(), transitions: Vec::new() };
        Self { lanes: (0..shards).map(|_| lane()).collect(), ends: Vec::new(), recent: vec![known; RECENT] }
    }

    /// Replaces the content by the successors of `states`.
    pub(super) fn expand<S: System<State = T>>(&mut self, system: &S, symmetry: bool, states: &[T]) {
        let Self { lanes, ends, recent } = self;
        for lane in &mut *lanes {
            lane.states.clear();
            lane.transitions.clear();
        }
        ends.clear();
        let shards = lanes.len();
        let mut generated = 0;
        for &state in states {
            system.successors(state, &mut |_, next| {
                generated += 1;
                let mut word = hash(&next);
                if remember(recent, word, next) {
                    return;
                }
                let mut next = next;
                if symmetry {
                    next = system.canonical(next);
                    word = hash(&next);
                    // Not `remember`: the successor itself may be its own representative, just remembered.
                    recent[word as usize % RECENT] = next;
                }
                let (owner, _) = part(word, shards);
                let lane = &mut lanes[owner];
                lane.states.push(next);
                lane.transitions.push(generated - 1);
            });
            ends.push(generated);
        }
    }

    /// Replaces the content by initial states, as if one state had led to them.
    pub(super) fn send(&mut self, initial: &[T]) {
        for (number, &state) in (0..).zip(initial) {
            let (owner, _) = part(hash(&state), self.lanes.len());
            self.lanes[owner].states.push(state);
            self.lanes[owner].transitions.push(number);
        }
        self.ends = vec![initial.len() as u32];
    }

    /// Transitions generated in the batch.
    pub(super) fn generated(&self) -> u32 {
        self.ends.last().copied().unwrap_or(0)
    }
}

/// Whether the state was sent lately; from now on it was.
fn remember<T: Copy + Eq>(recent: &mut [T], hash: u64, state: T) -> bool {
    let place = &mut recent[hash as usize % RECENT];
    *place == state || {
        *place = state;
        false
    }
}
