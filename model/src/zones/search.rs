//! Breadth-first search of a timed automaton, zone by zone, with inclusion.
//!
//! Contract: [`Outcome::reached`] is true exactly if a goal location can be reached in dense time, provided the search
//! was complete; its path has the fewest edges. The result depends on the automaton and the options alone.

use super::automaton::{Automaton, Edge, Guard, Update};
use super::zone::Zone;
use std::collections::BTreeMap;

/// How to search.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Give up rather than keep more zones than this.
    pub max_zones: u32,
    /// Drop zones that lie in others and forget what no guard can tell apart. Off only to compare.
    pub extrapolate: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options { max_zones: 5_000_000, extrapolate: true }
    }
}

/// One edge of a path: the location it leaves and its place among that location's edges.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Step<L, A> {
    /// The location it leaves.
    pub from: L,
    /// Its number among the edges that leave `from`.
    pub edge: usize,
    /// What it does.
    pub action: A,
}

/// What a search found.
#[derive(Clone, Debug)]
pub struct Outcome<L, A> {
    /// The shortest path to a goal, if one was reached; its first location is the initial one.
    pub path: Option<Vec<Step<L, A>>>,
    /// Paths to a goal that were not accepted.
    pub rejected: u32,
    /// True if the bound was not hit.
    pub complete: bool,
    /// Distinct locations that were kept.
    pub locations: usize,
    /// Zones that were kept.
    pub zones: usize,
    /// Zones that were generated.
    pub generated: u64,
}

impl<L, A> Outcome<L, A> {
    /// True if a goal was reached.
    pub fn reached(&self) -> bool {
        self.path.is_some() || self.rejected > 0
    }
}

#[derive(Clone, Copy)]
struct Node<L, const N: usize> {
    location: L,
    zone: Zone<N>,
    parent: u32,
    edge: u32,
    /// A larger zone of the same location was found later: no need to look at this one.
    covered: bool,
}

const NONE: u32 = u32::MAX;

/// Searches until a goal is reached whose path `accept` takes, nothing is left, or the bound is hit. Paths that are not
/// accepted are counted, and the search goes on.
pub fn search<const N: usize, A: Automaton<N>>(
    automaton: &A,
    options: Options,
    mut accept: impl FnMut(&[Step<A::Location, A::Action>]) -> bool,
) -> Outcome<A::Location, A::Action> {
    let mut nodes: Vec<Node<A::Location, N>> = Vec::new();
    let mut known: BTreeMap<A::Location, Vec<u32>> = BTreeMap::new();
    let mut edges = Vec::new();
    let mut generated = 0u64;
    let mut complete = true;
    let mut path = None;
    let mut rejected = 0u32;

    let mut keep = |nodes: &mut Vec<Node<A::Location, N>>, location: A::Location, zone: Zone<N>, parent, edge| {
        let zone = widen(automaton, &location, zone, options.extrapolate);
        let same = known.entry(location).or_default();
        if same.iter().any(|&other| nodes[other as usize].zone.includes(&zone)) {
            return None;
        }
        same.retain(|&other| {
            let smaller = zone.includes(&nodes[other as usize].zone);
            nodes[other as usize].covered |= smaller;
            !smaller
        });
        let number = u32::try_from(nodes.len()).expect("fewer zones than the bound of the options");
        same.push(number);
        nodes.push(Node { location, zone, parent, edge, covered: false });
        Some(number)
    };

    for location in automaton.initial() {
        if let Some(zone) = enter(automaton, &location, Zone::origin()) {
            keep(&mut nodes, location, zone, NONE, 0);
        }
    }
    let mut next = 0;
    while path.is_none() && complete && next < nodes.len() {
        let Node { location, zone, covered, .. } = nodes[next];
        let number = u32::try_from(next).expect("numbers of nodes fit");
        next += 1;
        if automaton.is_goal(&location) {
            let candidate = path_to(automaton, &nodes, number);
            if accept(&candidate) {
                path = Some(candidate);
            } else {
                rejected += 1;
            }
            continue;
        }
        if covered {
            continue;
        }
        edges.clear();
        automaton.edges(&location, &mut edges);
        for (place, edge) in edges.iter().enumerate() {
            let Some(after) = follow(automaton, edge, zone) else { continue };
            generated += 1;
            keep(&mut nodes, edge.target, after, number, u32::try_from(place).expect("few edges"));
        }
        complete = nodes.len() < options.max_zones as usize;
    }
    Outcome { path, rejected, complete, locations: known.len(), zones: nodes.len(), generated }
}

/// The values after an edge and any time that its target allows; none if the edge cannot be taken.
fn follow<const N: usize, A: Automaton<N>>(
    automaton: &A,
    edge: &Edge<A::Location, A::Action>,
    mut zone: Zone<N>,
) -> Option<Zone<N>> {
    for guard in edge.guards.iter() {
        let possible = match guard {
            Guard::AtLeast(clock, constant) => zone.at_least(clock, constant),
            Guard::AtMost(clock, constant) => zone.at_most(clock, constant),
        };
        if !possible {
            return None;
        }
    }
    for update in edge.updates.iter() {
        match update {
            Update::Reset(clock) => zone.reset(clock),
            Update::Copy(to, from) => zone.copy(to, from),
        }
    }
    enter(automaton, &edge.target, zone)
}

/// Lets time pass in a location as far as its invariants allow.
fn enter<const N: usize, A: Automaton<N>>(automaton: &A, location: &A::Location, mut zone: Zone<N>) -> Option<Zone<N>> {
    let mut possible = true;
    automaton.invariants(location, &mut |clock, most| possible = possible && zone.at_most(clock, most));
    if !possible {
        return None;
    }
    zone.delay();
    automaton.invariants(location, &mut |clock, most| possible = possible && zone.at_most(clock, most));
    debug_assert!(possible, "no time at all is always possible");
    Some(zone)
}

fn widen<const N: usize, A: Automaton<N>>(
    automaton: &A,
    location: &A::Location,
    mut zone: Zone<N>,
    extrapolate: bool,
) -> Zone<N> {
    let limits = automaton.limits(location);
    for (clock, limit) in limits.iter().enumerate().skip(1) {
        if limit.is_inactive() {
            zone.free(clock);
        }
    }
    if extrapolate {
        zone.extrapolate(&limits);
    }
    zone
}

fn path_to<const N: usize, A: Automaton<N>>(
    automaton: &A,
    nodes: &[Node<A::Location, N>],
    last: u32,
) -> Vec<Step<A::Location, A::Action>> {
    let mut path = Vec::new();
    let mut at = last;
    while nodes[at as usize].parent != NONE {
        let Node { parent, edge, .. } = nodes[at as usize];
        let from = nodes[parent as usize].location;
        let mut edges = Vec::new();
        automaton.edges(&from, &mut edges);
        path.push(Step { from, edge: edge as usize, action: edges[edge as usize].action });
        at = parent;
    }
    path.reverse();
    path
}
