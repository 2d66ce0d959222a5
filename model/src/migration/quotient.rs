//! The cluster up to what no verdict can tell apart: the transition system that verdicts come from.
//!
//! Contract: the classes of [`Quotient::canonical`] are those of [`Cluster::canonical`], and beyond that a process that
//! elects a leader and is down counts as one that has started and contends. Its start is *inert*: it can always happen, it
//! is progress, it changes neither what acts nor what else can happen, and only a fault or the operator takes it back. So
//! a state and its representative can do the same up to starts: `docs/model.md` has the argument in full. Starts of
//! other processes are kept, because they show.
//!
//! Lengths of runs are not kept, so counterexamples are searched in the [`Cluster`] itself.

use super::moves::{Action, Cluster};
use super::process::Behaviour;
use super::state::{Packed, Stage};
use crate::explore::System;

/// A [`Cluster`], one state for each class.
#[derive(Clone, Debug)]
pub struct Quotient {
    /// What it is the quotient of.
    pub cluster: Cluster,
    /// Whether starts are inert: not if a step without restarts can make a contender of what is none, or the other way round.
    inert: bool,
}

impl Quotient {
    /// The quotient of `cluster`.
    pub fn new(cluster: Cluster) -> Quotient {
        let inert = cluster.problem.changes_only_rights_at_once();
        Quotient { cluster, inert }
    }

    /// Every process that will elect a leader has started.
    fn started(&self, state: Packed) -> Packed {
        let Cluster { problem, layout, .. } = &self.cluster;
        (0..layout.places().len()).fold(state, |state, at| match layout.process(problem, state, at) {
            Some(process) if layout.stage(state, at) == Stage::Down && elects(process.behaviour) => {
                layout.with_stage(state, at, Stage::Standby)
            }
            _ => state,
        })
    }
}

impl System for Quotient {
    type State = Packed;
    type Action = Action;

    fn initial(&self) -> Vec<Packed> {
        self.cluster.initial()
    }

    fn successors(&self, state: Packed, out: &mut impl FnMut(Action, Packed)) {
        self.cluster.successors(state, out);
    }

    /// The class, whose states can do the same only up to inert starts: no paths can be asked of a space of these.
    fn canonical(&self, state: Packed) -> Packed {
        self.cluster.canonical(if self.inert { self.started(state) } else { state })
    }
}

fn elects(behaviour: Behaviour) -> bool {
    matches!(behaviour, Behaviour::Elects { .. } | Behaviour::RefusesAfter { .. })
}
