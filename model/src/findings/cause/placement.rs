//! Why a pod that could run a controller has no node.

use super::super::{Code, Finding, Where};
use super::Inquiry;
use crate::controller::{Component, Controller};
use crate::migration::replay::World;
use crate::migration::state::Place;
use crate::plan::capable;

impl Inquiry<'_> {
    /// The managers that are able to run `controller` and have no node in `world`.
    pub(super) fn without_node(&self, world: &World<'_>, controller: Controller) -> Vec<Finding> {
        let able = |at: usize| capable(&self.plan.managers[at]).contains(controller);
        let in_force = self.plan.unplaced.iter().filter(|of| of.positions.contains(&world.position()));
        let mut found: Vec<Finding> = in_force
            .filter(|of| able(of.manager))
            .map(|of| {
                let pods = if of.has_pods {
                    "its pods are pending for ever"
                } else {
                    "it makes no pod at all, and `kubectl rollout status` calls that a success"
                };
                let message = format!("no node takes {}: {}; {pods}", self.name(of.manager), of.why);
                self.finding(Code::LM404, of.manager, Where::Placement, controller, message, Vec::new())
            })
            .collect();
        for place in world.places().filter(|&place| world.is_pending(place)) {
            let Some(at) = world.configured(place).map(usize::from).filter(|&at| able(at)) else { continue };
            if found.iter().any(|known| known.manager == at) {
                continue;
            }
            let message = format!(
                "the pods of {} are pending: every node that could take them is cordoned, and a Deployment's pod does not \
                 tolerate that; until the operator uncordons a node nobody runs {controller}",
                self.name(at)
            );
            found.push(self.finding(Code::LM403, at, Where::Placement, controller, message, Vec::new()));
        }
        found
    }

    /// A Deployment's pod that runs `controller` beside a manager on a node: what let it start.
    pub(super) fn placed_too_early(&self, world: &World<'_>, controller: Controller) -> Option<Finding> {
        let pools = &self.plan.pools;
        let runs = |place: &Place| world.acting(*place).contains(controller);
        let at = |place: Place| world.process(place).map(usize::from);
        let is_of = |place: Place, component| at(place).is_some_and(|at| self.plan.managers[at].component == component);
        let is_pod = |place: Place| pools[usize::from(place.pool)].components == [Component::CloudControllerManager];
        let pod = world.places().filter(runs).find(|&place| is_pod(place))?;
        let other = world.places().filter(runs).find(|&place| is_of(place, Component::KubeControllerManager))?;
        let on_nodes = |place: &Place| pools[usize::from(place.pool)].components.len() > 1 && place.component == 0;
        let schedulable = world.places().filter(on_nodes).find(|&node| !world.is_cordoned(node));
        let why = match schedulable {
            _ if pools.iter().all(|pool| pool.cordoned.is_empty()) => {
                "nothing keeps its pod away, because no node is cordoned".into()
            }
            Some(node) => {
                let group = &pools[usize::from(node.pool)].name;
                format!("one node of {group} that is not cordoned is enough for its pod")
            }
            None => "a cordon does not stop a pod that runs".into(),
        };
        let (pod, other) = (at(pod)?, at(other)?);
        let message = format!(
            "{} runs {controller} beside {}: {why}. What works is to stop, then to start: keep \
             the workload at no replicas until the last kube-controller-manager has been changed, and say `downtime: true`",
            self.name(pod),
            self.name(other)
        );
        Some(self.finding(Code::LM405, pod, Where::Placement, controller, message, Vec::new()))
    }
}
