//! What the search needs to know of a timed automaton.

use super::extrapolate::Limits;
use std::fmt::Debug;

pub use super::extrapolate::Limits as ClockLimits;

/// A timed automaton over the clocks `1..N`, all in whole time units.
///
/// Contract: methods are pure functions of the location; `edges` offers the same edges in the same order every time.
pub trait Automaton<const N: usize> {
    /// A location: everything but the clocks.
    type Location: Copy + Ord + Debug;
    /// What an edge does.
    type Action: Copy + Eq + Debug;

    /// Where runs begin, with all clocks zero.
    fn initial(&self) -> Vec<Self::Location>;

    /// The edges that leave a location, with their guards.
    fn edges(&self, location: &Self::Location, out: &mut Vec<Edge<Self::Location, Self::Action>>);

    /// Calls `out` with each clock that must not exceed a constant here, and the constant.
    fn invariants(&self, location: &Self::Location, out: &mut impl FnMut(usize, i64));

    /// The constants each clock may still be compared with from here before it is set again (see
    /// [`ClockLimits`]). Larger or more is allowed, less is not.
    fn limits(&self, location: &Self::Location) -> [ClockLimits; N];

    /// True where the search ends.
    fn is_goal(&self, location: &Self::Location) -> bool;
}

/// A comparison of one clock with one constant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Guard {
    /// The clock is at least the constant.
    AtLeast(usize, i64),
    /// The clock is at most the constant.
    AtMost(usize, i64),
}

/// What happens to a clock on an edge.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Update {
    /// It becomes zero.
    Reset(usize),
    /// The first becomes what the second is.
    Copy(usize, usize),
}

/// A few values without an allocation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Few<T, const MOST: usize> {
    values: [Option<T>; MOST],
    len: usize,
}

impl<T: Copy, const MOST: usize> Default for Few<T, MOST> {
    fn default() -> Self {
        Few { values: [None; MOST], len: 0 }
    }
}

impl<T: Copy, const MOST: usize> Few<T, MOST> {
    /// Adds a value.
    ///
    /// # Panics
    /// If there is no room: an edge of the automaton has more guards or updates than the type provides for.
    pub fn push(&mut self, value: T) {
        self.values[self.len] = Some(value);
        self.len += 1;
    }

    /// The values in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = T> + '_ {
        self.values[..self.len].iter().map(|value| value.expect("the first values are there"))
    }
}

/// An edge: when its guards hold, it may be taken at once and without time passing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Edge<L, A> {
    /// What it does.
    pub action: A,
    /// When.
    pub guards: Few<Guard, 4>,
    /// What it does to clocks, in this order.
    pub updates: Few<Update, 5>,
    /// Where it leads.
    pub target: L,
}

impl<L, A> Edge<L, A> {
    /// An edge that can always be taken and changes no clock.
    pub fn new(action: A, target: L) -> Self {
        Edge { action, guards: Few::default(), updates: Few::default(), target }
    }

    /// Adds a guard `clock >= constant`.
    #[must_use]
    pub fn at_least(mut self, clock: usize, constant: i64) -> Self {
        self.guards.push(Guard::AtLeast(clock, constant));
        self
    }

    /// Adds a guard `clock <= constant`.
    #[must_use]
    pub fn at_most(mut self, clock: usize, constant: i64) -> Self {
        self.guards.push(Guard::AtMost(clock, constant));
        self
    }

    /// Adds a reset.
    #[must_use]
    pub fn reset(mut self, clock: usize) -> Self {
        self.updates.push(Update::Reset(clock));
        self
    }

    /// Adds a copy of one clock to another.
    #[must_use]
    pub fn copy(mut self, to: usize, from: usize) -> Self {
        self.updates.push(Update::Copy(to, from));
        self
    }
}

/// True if a location's limits cover its invariants and the guards of its edges, and those of the next locations for all
/// clocks that an edge does not set: what extrapolation rests on. For tests of an automaton.
pub fn limits_are_consistent<const N: usize, A: Automaton<N>>(automaton: &A, location: &A::Location) -> bool {
    let own = automaton.limits(location);
    let mut needed = [Limits::default(); N];
    automaton.invariants(location, &mut |clock, most| needed[clock].from_above(most));
    let mut edges = Vec::new();
    automaton.edges(location, &mut edges);
    for edge in &edges {
        for guard in edge.guards.iter() {
            match guard {
                Guard::AtLeast(clock, c) => needed[clock].from_below(c),
                Guard::AtMost(clock, c) => needed[clock].from_above(c),
            }
        }
        // Which clock of this location each clock of the next one comes from; none if it was reset.
        let mut origin: [Option<usize>; N] = std::array::from_fn(Some);
        for update in edge.updates.iter() {
            match update {
                Update::Reset(clock) => origin[clock] = None,
                Update::Copy(to, from) => origin[to] = origin[from],
            }
        }
        let ahead = automaton.limits(&edge.target);
        for clock in 1..N {
            if let Some(source) = origin[clock] {
                needed[source].lower = needed[source].lower.max(ahead[clock].lower);
                needed[source].upper = needed[source].upper.max(ahead[clock].upper);
            }
        }
    }
    (1..N).all(|clock| needed[clock].lower <= own[clock].lower && needed[clock].upper <= own[clock].upper)
}
