//! What the explorer needs to know of a model: packed states, initial states, successors.
use std::fmt::Debug;
use std::hash::Hash;

/// A transition system with packed states.
///
/// Contract: every method is a pure function; `successors` offers the same actions in the same order every time it is
/// given the same state. Paths are found again by executing it a second time.
pub trait System: Sync {
    /// A packed state, such as `u64`, `u128` or `[u64; N]`: equality is the identity of a state.
    type State: Copy + Eq + Ord + Hash + Send + Sync + Debug;
    /// What happened between two states.
    type Action: Copy + Eq + Debug + Send + Sync;

    /// The states a run may begin in.
    fn initial(&self) -> Vec<Self::State>;

    /// Calls `out` once for each enabled action with its successor, in a fixed order.
    fn successors(&self, state: Self::State, out: &mut impl FnMut(Self::Action, Self::State));

    /// The representative of the state's symmetry class; identity by default.
    ///
    /// Must be idempotent, and states of one class must have successors in the same other classes: the paths of
    /// [`super::Space`] are found by it.
    fn canonical(&self, state: Self::State) -> Self::State {
        state
    }
}
