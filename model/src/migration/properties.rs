//! What must hold, one named function each, by controller identity and never by a controller's name.
//!
//! Sources: KEP-2436 ("no controllers become active in both controller managers", kubernetes/enhancements:
//! keps/sig-cloud-provider/2436-controller-manager-leader-migration/README.md, test plan) for `exclusive`; the same
//! document's goal of an HA control plane without interruption for `covered`.

use super::moves::Cluster;
use super::state::Packed;
use crate::controller::{Controller, ControllerSet};

/// `exclusive`: the controllers that act in two processes at once. Two processes of one component count too.
pub fn in_two_processes(cluster: &Cluster, state: Packed) -> ControllerSet {
    let (mut once, mut twice) = (ControllerSet::EMPTY, ControllerSet::EMPTY);
    for at in 0..cluster.layout.places().len() {
        let acting = cluster.acting(state, at);
        twice = twice.union(once.intersection(acting));
        once = once.union(acting);
    }
    twice
}

/// What acts anywhere.
pub fn acting(cluster: &Cluster, state: Packed) -> ControllerSet {
    (0..cluster.layout.places().len()).fold(ControllerSet::EMPTY, |set, at| set.union(cluster.acting(state, at)))
}

/// `covered`: true if `controller` must be able to run, without the operator doing anything, in `state`: it ran before the
/// migration, or the plan is complete and its end needs it.
pub fn is_required(cluster: &Cluster, state: Packed, controller: Controller) -> bool {
    let problem = &cluster.problem;
    problem.required.contains(controller) && !is_downtime(cluster, state)
        || problem.required_at_end.contains(controller)
            && cluster.layout.position(state) == problem.last_position()
            && cluster.at_rest(state)
}

/// True where the plan says that controllers may run nowhere: a step with downtime has begun, and the next one is not
/// complete.
pub fn is_downtime(cluster: &Cluster, state: Packed) -> bool {
    let (steps, position) = (&cluster.problem.steps, usize::from(cluster.layout.position(state)));
    let is_under_way = steps.get(position).is_some_and(|step| step.downtime) && !cluster.at_rest(state);
    is_under_way || position > 0 && position < steps.len() && steps[position - 1].downtime
}

/// `starts`: true if a process that the plan puts somewhere refuses to run there.
pub fn refuses(cluster: &Cluster, state: Packed) -> bool {
    (0..cluster.layout.places().len()).any(|at| cluster.refuses(state, at))
}

/// `returnable`: true where the way back ends: nothing of the plan is in force.
pub fn is_back(cluster: &Cluster, state: Packed) -> bool {
    cluster.layout.position(state) == 0 && cluster.at_rest(state)
}
