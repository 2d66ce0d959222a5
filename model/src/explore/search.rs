//! Breadth-first search over every reachable state.
use super::{Space, System};
use std::ops::ControlFlow;

/// Visits the states reachable in `system`, breadth first, until none is left, a bound is hit, or `stop_at` holds.
pub fn explore<S: System>(
    system: &S,
    options: &Options<'_>,
    stop_at: impl Fn(S::State) -> bool + Sync,
) -> Space<S> {
    let canonical = |state| {
        if options.symmetry {
            system.canonical(state)
        } else {
            state
        }
    };
    let mut space = Space::new(options.symmetry);
    for state in system.initial() {
        let state = canonical(state);
        if space.insert(state, None) && stop_at(state) {
            return space.ended(End::Found);
        }
    }
    let mut at = 0;
    while at < space.states().len() {
        let mut found = false;
        let mut limit = false;
        system.successors(space.states()[at], &mut |_, next| {
            let next = canonical(next);
            if found || limit {
                return;
            }
            space.transitions += 1;
            if space.index_of(next).is_none() {
                if options
                    .max_states
                    .is_some_and(|max| space.states().len() as u64 >= max)
                {
                    limit = true;
                } else {
                    space.insert(next, Some(at as u32));
                    found = stop_at(next);
                }
            }
        });
        if found {
            return space.ended(End::Found);
        }
        if limit {
            return space.ended(End::StateLimit);
        }
        at += 1;
        if at.is_multiple_of(1 << 16)
            && let Some(report) = options.on_progress
        {
            let progress = Progress {
                states: space.states().len() as u64,
                expanded: at as u64,
                transitions: space.transitions,
            };
            if report(progress).is_break() {
                return space.ended(End::Cancelled);
            }
        }
    }
    space.ended(End::Complete)
}

/// How to search.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// Keep one state of each symmetry class ([`System::canonical`]).
    pub symmetry: bool,
    /// Stop with [`End::StateLimit`] rather than keep more distinct states than this.
    pub max_states: Option<u64>,
    /// Worker threads, at least 1. The result does not depend on it.
    pub threads: usize,
    /// Called from the calling thread every few ten thousand expanded states; `Break` ends the search with
    /// [`End::Cancelled`].
    pub on_progress: Option<&'a (dyn Fn(Progress) -> ControlFlow<()> + Sync)>,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self {
            symmetry: false,
            max_states: None,
            threads: 1,
            on_progress: None,
        }
    }
}

/// How far a search is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Distinct states found so far.
    pub states: u64,
    /// States whose successors were generated.
    pub expanded: u64,
    /// Transitions generated so far.
    pub transitions: u64,
}

/// How a search ended. Only `Complete` proves that something is unreachable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Every reachable state was visited.
    Complete,
    /// There are more states than [`Options::max_states`], or than an index can number.
    StateLimit,
    /// [`Options::on_progress`] asked to stop.
    Cancelled,
    /// A state for which `stop_at` holds was reached; it is the last state of the space.
    Found,
}
