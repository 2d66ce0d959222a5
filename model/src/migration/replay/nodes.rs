//! Nodes and pods in plain words: which node is cordoned, where a new pod may run.

use super::World;
use crate::migration::state::Place;

impl World<'_> {
    /// True if the node of `place` is cordoned.
    pub fn is_cordoned(&self, place: Place) -> bool {
        let first = self.spot(Place { component: 0, ..place });
        let done = first.taken.is_some_and(|done| done);
        let cordoned = &self.problem.pools[usize::from(place.pool)].cordoned;
        cordoned.get(self.position + usize::from(done)).copied().unwrap_or(false)
    }

    /// True if the pod of `place` waits for a node.
    pub fn is_pending(&self, place: Place) -> bool {
        self.spot(place).waits_for_node
    }

    /// What is configured at `place` is new there; if it is a pod of a workload it needs a node.
    pub(super) fn make_pod(&mut self, place: Place) {
        let is_workload = !self.problem.pools[usize::from(place.pool)].placement.is_empty();
        let waits = is_workload && self.configured(place).is_some();
        self.spot_mut(place).waits_for_node = waits;
    }

    pub(super) fn schedule(&mut self, place: Place) -> Result<(), &'static str> {
        if !self.spot(place).waits_for_node {
            return Err("no pod waits for a node there");
        }
        if !self.has_a_node_for(place) {
            return Err("no node may take it");
        }
        self.spot_mut(place).waits_for_node = false;
        Ok(())
    }

    fn has_a_node_for(&self, place: Place) -> bool {
        let done = self.spot(place).taken == Some(true);
        let asked = &self.problem.pools[usize::from(place.pool)].placement[self.position + usize::from(done)];
        let mut nodes = self.places.iter().filter(|s| s.place.component == 0 && s.taken.is_some());
        nodes.any(|node| {
            asked.pools.contains(&node.place.pool) && (asked.despite_cordon || !self.is_cordoned(node.place))
        }) || asked.despite_cordon && !asked.pools.is_empty()
    }
}
