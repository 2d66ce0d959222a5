//! What a search found: the distinct states in breadth-first order, and a shortest path to each.
use super::hash::{hash, part};
use super::table::{Shard, Store};
use super::tree::Tree;
use super::{End, System};

/// The states a search visited.
///
/// With symmetry the states are representatives; [`Space::path`] gives real ones.
pub struct Space<S: System> {
    states: Vec<S::State>,
    tree: Tree,
    shards: Vec<Shard>,
    pub(super) transitions: u64,
    symmetry: bool,
    end: End,
}

impl<S: System> Space<S> {
    pub(super) fn new(symmetry: bool) -> Self {
        Self {
            states: Vec::new(),
            tree: Tree::default(),
            shards: Vec::new(),
            transitions: 0,
            symmetry,
            end: End::Complete,
        }
    }

    /// Appends a state that is in the table already; gives its number.
    pub(super) fn push(&mut self, state: S::State, parent: Option<usize>) -> usize {
        match parent {
            Some(parent) => self.tree.push(parent as u32),
            None => self.tree.push_root(),
        }
        let index = self.states.len();
        if index == self.states.capacity() {
            self.states.reserve_exact(index / 4 + 64);
        }
        self.states.push(state);
        index
    }

    /// Takes over the table of a search that has ended.
    pub(super) fn finish(&mut self, shards: Vec<Shard>, end: End) {
        self.states.shrink_to_fit();
        self.tree.shrink_to_fit();
        self.shards = shards;
        self.end = end;
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
        self.states.len().checked_sub(1).map_or(0, |last| self.depth_of(last))
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
        let (shard, key) = part(hash(&state), self.shards.len());
        let store = Store { numbered: &self.states, fresh: &[] };
        self.shards[shard].find(key, &state, store).ok()
    }

    /// The index of a state or, with symmetry, of its class.
    pub fn index_of_class(&self, system: &S, state: S::State) -> Option<usize> {
        self.index_of(self.class(system, state))
    }

    /// The state before this one on the shortest path that was found; none for an initial state.
    pub fn parent(&self, index: usize) -> Option<usize> {
        self.tree.parent(index)
    }

    /// The initial state that [`Space::path`] sets out from.
    pub fn origin(&self, system: &S, index: usize) -> S::State {
        let root = self.states[self.chain(index)[0]];
        let initial = system.initial().into_iter().find(|&state| self.class(system, state) == root);
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
            let step = step.expect("states of one symmetry class have successors in the same classes");
            real = step.1;
            path.push(step);
        }
        path
    }

    /// Memory kept per state, in bytes: the states themselves, their parents and the table that finds them.
    pub fn bytes_per_state(&self) -> f64 {
        let table: usize = self.shards.iter().map(Shard::bytes).sum();
        let bytes = self.states.capacity() * size_of::<S::State>() + self.tree.bytes() + table;
        bytes as f64 / self.states.len().max(1) as f64
    }

    fn class(&self, system: &S, state: S::State) -> S::State {
        if self.symmetry { system.canonical(state) } else { state }
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
