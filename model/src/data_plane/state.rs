//! One moment of a Service, its load balancers and its nodes.

use super::problem::MOST_WORKERS;

/// A node's place: what became of the node that was there, and which nodes of the place the old load balancer knows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Place {
    /// The nodes that are there.
    pub nodes: Nodes,
    /// The members of the old load balancer, once nobody updates them any more.
    pub frozen: Nodes,
}

/// The nodes of one place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Nodes {
    /// The first one.
    Old,
    /// The first one and the one that replaces it.
    Both,
    /// The one that replaced it.
    New,
    /// One that replaced that.
    Newer,
}

impl Nodes {
    /// True if there is a node here that is not among `there`.
    pub fn misses(self, there: Nodes) -> bool {
        let has = |nodes: Nodes| match nodes {
            Nodes::Old => [true, false],
            Nodes::Both => [true, true],
            Nodes::New => [false, true],
            Nodes::Newer => [false, false],
        };
        has(self).into_iter().zip(has(there)).any(|(wanted, found)| wanted && !found)
    }

    /// True if a node is in both.
    pub fn meets(self, there: Nodes) -> bool {
        self == there
            || matches!((self, there), (Nodes::Both, Nodes::Old | Nodes::New) | (Nodes::Old | Nodes::New, Nodes::Both))
    }
}

/// Where a floating IP is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Address {
    /// It does not exist yet.
    None,
    /// Attached to the old load balancer.
    Old,
    /// Attached to the new load balancer.
    New,
    /// Attached to nothing; it still costs money.
    Free,
    /// Given back.
    Released,
}

/// A moment. The states of a search are these.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct State {
    /// One bit for each step of the plan that has begun.
    pub begun: u16,
    /// One bit for each step of the plan that is complete.
    pub done: u16,
    /// The in-tree service controller acts.
    pub in_tree: bool,
    /// The external one acts.
    pub external: bool,
    /// The external one has its load balancer: a new one, or the old one that it found.
    pub ready: bool,
    /// The old load balancer is there.
    pub old: bool,
    /// The address that the Service had before.
    pub first: Address,
    /// The address that the new load balancer got.
    pub second: Address,
    /// An address that it got when it was ensured again without one.
    pub third: Address,
    /// The record names the second address, no longer the first.
    pub moved: bool,
    /// A cache may hold the first address with the long time to live, although the record gives it no longer.
    pub long: bool,
    /// A cache may hold the first address with the short time to live, although the record gives it no longer.
    pub short: bool,
    /// The nodes; places beyond the number of nodes stay as they are.
    pub places: [Place; MOST_WORKERS as usize],
}

impl State {
    /// Before the first step: the in-tree controller serves, the record names its load balancer.
    pub const FIRST: State = State {
        begun: 0,
        done: 0,
        in_tree: true,
        external: false,
        ready: false,
        old: true,
        first: Address::Old,
        second: Address::None,
        third: Address::None,
        moved: false,
        long: false,
        short: false,
        places: [Place { nodes: Nodes::Old, frozen: Nodes::Old }; MOST_WORKERS as usize],
    };

    /// True if step `at` of the plan is complete.
    pub fn is_done(&self, at: usize) -> bool {
        self.done >> at & 1 == 1
    }

    /// True if step `at` of the plan has begun and is not complete.
    pub fn is_under_way(&self, at: usize) -> bool {
        self.begun >> at & 1 == 1 && !self.is_done(at)
    }
}
