//! A run of a volume, executed again on plain records.

use std::collections::BTreeMap;

use super::super::problem::{Problem, StepKind};
use super::super::volumes::{Action, MIGRATES_BY_DEFAULT};
use super::ensure;

/// A node: whether its kubelet says that Cinder is migrated. It never changes its mind.
type Nodes = BTreeMap<u8, bool>;

struct World<'p> {
    problem: &'p Problem,
    nodes: Nodes,
    steps: Vec<usize>,
    provider: bool,
    attached_to: Option<u8>,
    pod_on: u8,
}

/// Executes the run and tells whether the volume is then stuck.
///
/// # Errors
/// What cannot happen where the run says so, or if the volume is not stuck at its end.
pub fn replay(problem: &Problem, run: &[Action]) -> Result<(), String> {
    let nodes = (0..problem.workers).map(|node| (node, false)).collect();
    let mut world = World { problem, nodes, steps: Vec::new(), provider: true, attached_to: Some(0), pod_on: 0 };
    for &action in run {
        world.execute(action).map_err(|why| format!("{action:?}: {why}"))?;
    }
    // By itself the provider goes, at most, and then the volume is where it can be.
    for _ in 0..3 {
        for action in [Action::Detach, Action::Attach, Action::ProviderGoes] {
            let _ = world.execute(action);
        }
    }
    ensure(world.attached_to != Some(world.pod_on), "the volume comes to its pod")
}

impl World<'_> {
    fn has(&self, found: impl Fn(StepKind) -> bool) -> bool {
        self.steps.iter().any(|&at| found(self.problem.steps[at].kind))
    }

    fn driver(&self) -> bool {
        self.has(|kind| kind == StepKind::Migrate)
    }

    fn can_change(&self, node: u8) -> bool {
        if self.nodes[&node] { self.driver() } else { self.provider }
    }

    fn execute(&mut self, action: Action) -> Result<(), String> {
        match action {
            Action::Step(at) => self.steps.push(usize::from(at)),
            Action::PodMoves(node) => self.pod_on = node,
            Action::NodeReplaced(node) => {
                let by_default = |kind| matches!(kind, StepKind::Upgrade(to) if to >= MIGRATES_BY_DEFAULT);
                let migrated = self.driver() || self.has(by_default);
                self.nodes.insert(node, migrated);
                self.attached_to = self.attached_to.filter(|&at| at != node);
            }
            Action::Detach => {
                let node = self.attached_to.ok_or("it is attached to nothing")?;
                ensure(node != self.pod_on && self.can_change(node), "it stays")?;
                self.attached_to = None;
            }
            Action::Attach => {
                ensure(self.attached_to.is_none(), "Cinder refuses a second attachment")?;
                ensure(self.can_change(self.pod_on), "nobody can attach it")?;
                self.attached_to = Some(self.pod_on);
            }
            Action::ProviderGoes => {
                ensure(self.driver() && self.nodes.values().all(|migrated| *migrated), "a node needs it")?;
                self.provider = false;
            }
        }
        Ok(())
    }
}
