//! Any [`System`] as a model of the public checker stateright: a second opinion, and its Explorer.
//!
//! Pinned to 0.31.0, whose faults `model/tests/stateright_faults.rs` records. What follows from them is kept here: one
//! `always` property per run, only enabled actions, never a missing successor, no timeout, no `eventually`, no symmetry but
//! our own.
use super::System;
use stateright::{Model, Property};
use std::fmt;

/// A system together with the one property it is checked for.
pub struct Checked<S: System> {
    system: S,
    symmetry: bool,
    name: &'static str,
    holds: Box<Predicate<S>>,
    describe: Box<Description<S>>,
}

type Predicate<S> = dyn Fn(&S, <S as System>::State) -> bool + Send + Sync;
type Description<S> = dyn Fn(&S, <S as System>::State) -> String + Send + Sync;

/// An action with the state it leads to: actions alone need not tell successors apart.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Step<A, T> {
    /// What happens.
    pub action: A,
    /// The state after it.
    pub next: T,
}

impl<S: System> Checked<S> {
    /// Checks that `holds` is true of every reachable state; the property goes by `name`.
    ///
    /// To visit every state whatever it is like, let `holds` be always true: stateright stops at the first violation, and
    /// at once if there is no property.
    pub fn new(system: S, name: &'static str, holds: impl Fn(&S, S::State) -> bool + Send + Sync + 'static) -> Self {
        let describe = Box::new(|_: &S, state: S::State| format!("{state:#?}"));
        Self { system, symmetry: false, name, holds: Box::new(holds), describe }
    }

    /// Visits representatives of symmetry classes instead of states. stateright's own symmetry cannot know the system.
    pub fn symmetric(self) -> Self {
        Self { symmetry: true, ..self }
    }

    /// Shows states in words in the Explorer.
    pub fn described_by(self, describe: impl Fn(&S, S::State) -> String + Send + Sync + 'static) -> Self {
        Self { describe: Box::new(describe), ..self }
    }

    /// The system that is checked.
    pub fn system(&self) -> &S {
        &self.system
    }

    fn class(&self, state: S::State) -> S::State {
        if self.symmetry { self.system.canonical(state) } else { state }
    }
}

impl<S: System> Model for Checked<S> {
    type State = S::State;
    type Action = Step<S::Action, S::State>;

    fn init_states(&self) -> Vec<S::State> {
        let mut initial: Vec<_> = self.system.initial().into_iter().map(|state| self.class(state)).collect();
        initial.sort_unstable();
        initial.dedup();
        initial
    }

    fn actions(&self, state: &S::State, actions: &mut Vec<Self::Action>) {
        self.system.successors(*state, &mut |action, next| actions.push(Step { action, next: self.class(next) }));
    }

    fn next_state(&self, _: &S::State, step: Self::Action) -> Option<S::State> {
        Some(step.next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![Property::always(self.name, |checked: &Self, state| (checked.holds)(&checked.system, *state))]
    }

    fn format_step(&self, _: &S::State, step: Self::Action) -> Option<String> {
        Some((self.describe)(&self.system, step.next))
    }
}

impl<A: fmt::Debug, T> fmt::Debug for Step<A, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.action.fmt(f)
    }
}
