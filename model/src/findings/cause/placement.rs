//! Why a pod that could run a controller has no node.

use super::super::{Code, Finding, Where};
use super::Inquiry;
use crate::controller::Controller;
use crate::migration::replay::World;
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
}
