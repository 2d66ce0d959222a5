//! Who reaches the Service in a state.

use super::problem::{Client, Problem};
use super::state::{Address, State};

/// How far connections of some clients arrive.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Reach {
    /// All of them.
    All,
    /// Some fail: a member that is gone keeps its share.
    Some,
    /// None.
    None,
}

/// What is between clients and the Service.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lack {
    /// The address belongs to nobody any more.
    Released,
    /// The address is attached to nothing.
    Detached,
    /// The load balancer was deleted.
    Deleted,
    /// Members of a load balancer that nobody updates are gone.
    Members,
}

/// How far connections of this kind of client arrive, and why no further.
///
/// A member that goes while a service controller updates its load balancer is no outage here: that happens with every
/// replacement of a node, and the controller follows within seconds, at the latest after 100 s
/// (`kubernetes/cloud-provider:controllers/service/controller.go:51@v0.21.0`).
pub fn reach(problem: &Problem, state: &State, client: Client) -> (Reach, Option<Lack>) {
    let first = by_first(problem, state);
    match client {
        Client::Fixed => first,
        Client::Dns if !state.moved => first,
        Client::Dns => {
            let second = by_second(state);
            let cached = if state.long || state.short { first } else { (Reach::All, None) };
            if second.0 > cached.0 { second } else { cached }
        }
    }
}

/// The worst of all kinds of clients of the problem.
pub fn worst(problem: &Problem, state: &State) -> (Reach, Option<Lack>) {
    let each = problem.clients.iter().map(|&client| reach(problem, state, client));
    each.max_by_key(|(reach, _)| *reach).unwrap_or((Reach::All, None))
}

fn by_first(problem: &Problem, state: &State) -> (Reach, Option<Lack>) {
    match state.first {
        Address::Old => old(problem, state),
        Address::New => (Reach::All, None),
        Address::Released => (Reach::None, Some(Lack::Released)),
        Address::None | Address::Free if state.old => (Reach::None, Some(Lack::Detached)),
        Address::None | Address::Free => (Reach::None, Some(Lack::Deleted)),
    }
}

fn by_second(state: &State) -> (Reach, Option<Lack>) {
    match state.second {
        Address::New => (Reach::All, None),
        Address::Released => (Reach::None, Some(Lack::Released)),
        Address::None | Address::Old | Address::Free => (Reach::None, Some(Lack::Detached)),
    }
}

/// The old load balancer: whoever acts on it keeps its members as the nodes are.
fn old(problem: &Problem, state: &State) -> (Reach, Option<Lack>) {
    if !state.old {
        return (Reach::None, Some(Lack::Deleted));
    }
    if state.in_tree || (problem.adopts() && state.ready) {
        return (Reach::All, None);
    }
    let places = &state.places[..usize::from(problem.workers)];
    let missing = places.iter().any(|place| place.frozen.misses(place.nodes));
    let met = places.iter().any(|place| place.frozen.meets(place.nodes));
    match (missing, met) {
        (false, _) => (Reach::All, None),
        (true, true) if problem.monitor => (Reach::All, None),
        (true, true) => (Reach::Some, Some(Lack::Members)),
        (true, false) => (Reach::None, Some(Lack::Members)),
    }
}
