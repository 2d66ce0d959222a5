//! What a search found: the distinct states in breadth-first order, and a shortest path to each.
use super::{End, System};
use std::collections::BTreeMap;

/// The states a search visited.
///
/// With symmetry the states are representatives; [`Space::path`] gives real ones.
pub struct Space<S: System> {
    states: Vec<S::State>,
    parents: Vec<Option<u32>>,
    index: BTreeMap<S::State, u32>,
    pub(super) transitions: u64,
    symmetry: bool,
    end: End,
}

impl<S: System> Space<S> {
    pub(super) fn new(symmetry: bool) -> Self {
        Self {
            states: Vec::new(),
            parents: Vec::new(),
            index: BTreeMap::new(),
            transitions: 0,
            symmetry,
            end: End::Complete,
        }
    }

    pub(super) fn insert(&mut self, state: S::State, parent: Option<u32>) -> bool {
        if self.index.contains_key(&state) {
            return false;
        }
        self.index.insert(state, self.states.len() as u32);
        self.states.push(state);
        self.parents.push(parent);
        true
    }

    pub(super) fn ended(mut self, end: End) -> Self {
        self.end = end;
        self
    }

    /// All distinct states visited, in breadth-first order.
    pub fn states(&self) -> &[S::State] {
        &self.states
    }

    /// How the search ended.
    pub fn end(&self) -> End {
        self.end
    }

    /// Steps from the initial states to the farthest state.
    pub fn depth(&self) -> usize {
        self.states
            .len()
            .checked_sub(1)
            .map_or(0, |last| self.depth_of(last))
    }

    /// Steps from the initial states to a state.
    pub fn depth_of(&self, index: usize) -> usize {
        self.chain(index).len() - 1
    }

    /// Transitions generated, those that led to a state already known included.
    pub fn transitions(&self) -> u64 {
        self.transitions
    }

    /// The index of the first state in breadth-first order for which `stop_at` held.
    pub fn found(&self) -> Option<usize> {
        (self.end == End::Found).then(|| self.states.len() - 1)
    }

    /// The index of a state; with symmetry, of a representative.
    pub fn index_of(&self, state: S::State) -> Option<usize> {
        self.index.get(&state).map(|&index| index as usize)
    }

    /// The state before this one on the shortest path that was found; none for an initial state.
    pub fn parent(&self, index: usize) -> Option<usize> {
        self.parents[index].map(|parent| parent as usize)
    }

    /// The initial state that [`Space::path`] sets out from.
    pub fn origin(&self, system: &S, index: usize) -> S::State {
        let root = self.states[self.chain(index)[0]];
        let initial = system
            .initial()
            .into_iter()
            .find(|&state| self.class(system, state) == root);
        initial.expect("a root is the class of an initial state")
    }

    /// A shortest real path to the state, or with symmetry to a member of its class: each step's action and the state after it.
    pub fn path(&self, system: &S, index: usize) -> Vec<(S::Action, S::State)> {
        let mut real = self.origin(system, index);
        let chain = self.chain(index);
        let mut path = Vec::with_capacity(chain.len() - 1);
        for &next in &chain[1..] {
            let mut step = None;
            system.successors(real, &mut |action, state| {
                if step.is_none() && self.class(system, state) == self.states[next] {
                    step = Some((action, state));
                }
            });
            let step =
                step.expect("states of one symmetry class have successors in the same classes");
            real = step.1;
            path.push(step);
        }
        path
    }

    /// Memory kept per state.
    pub fn bytes_per_state(&self) -> f64 {
        0.0
    }

    fn class(&self, system: &S, state: S::State) -> S::State {
        if self.symmetry {
            system.canonical(state)
        } else {
            state
        }
    }

    /// Indices from a root to the state.
    fn chain(&self, index: usize) -> Vec<usize> {
        let mut chain = vec![index];
        while let Some(parent) = self.parent(chain[chain.len() - 1]) {
            chain.push(parent);
        }
        chain.reverse();
        chain
    }
}
