//! Where a new pod may run: it is pending until a node is found, and what runs already stays where it is.
//!
//! A cordon keeps new pods away and touches no other (kubernetes/kubernetes:pkg/scheduler/framework/plugins/
//! nodeunschedulable/node_unschedulable.go@v1.30.0). How many pods a node has room for is not counted.

use super::Cluster;
use crate::migration::state::{Packed, Side, Stage};

impl Cluster {
    /// `state` with place index `at` on another side, its process gone: a new pod is to be placed before its process can
    /// start.
    pub(super) fn renewed(&self, state: Packed, at: usize, side: Side) -> Packed {
        let next = self.layout.with_side(state, at, side);
        let pool = &self.problem.pools[usize::from(self.layout.places()[at].pool)];
        let is_pod = !pool.placement.is_empty() && self.layout.process_ix(&self.problem, next, at).is_some();
        self.layout.with_stage(next, at, if is_pod { Stage::Pending } else { Stage::Down })
    }

    /// True if there is a node for the pod at place index `at`.
    pub(super) fn may_be_placed(&self, state: Packed, at: usize) -> bool {
        let pool = &self.problem.pools[usize::from(self.layout.places()[at].pool)];
        let Some(nodes) = self.layout.position_at(state, at).and_then(|position| pool.placement.get(position)) else {
            return pool.placement.is_empty();
        };
        nodes.pools.iter().any(|&pool| nodes.despite_cordon || self.has_schedulable_node(state, usize::from(pool)))
    }

    /// True if one node of a pool is not cordoned. A node is as the side of its first place says.
    fn has_schedulable_node(&self, state: Packed, pool: usize) -> bool {
        let first = |at: &usize| {
            let place = self.layout.places()[*at];
            usize::from(place.pool) == pool && place.component == 0
        };
        (0..self.layout.places().len())
            .filter(first)
            .filter_map(|at| self.layout.position_at(state, at))
            .any(|position| !self.problem.pools[pool].is_cordoned(position))
    }
}
