//! What can happen next in a location.

use super::delays::Span;
use super::timed::{Location, Timed, Wait, moved_place};
use crate::migration::state::{Packed, Place, Side, Stage};
use crate::migration::{Action, Direction};

/// What may happen, once or several times, before the cluster is at rest again.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Meanwhile {
    /// Nothing but progress.
    Nothing,
    /// One crash of any process.
    Crash,
    /// The operator goes on with the step that has begun, in this direction.
    RestOfStep(Direction),
}

/// Side and stage of a process, whether it has just come to it, and what it waits for.
type Situation = (Side, Stage, bool, Vec<(std::mem::Discriminant<Action>, Span, usize)>);

impl Timed<'_> {
    /// What can happen in `location`: what is under way, and what may come `meanwhile`. Of processes that are in the same
    /// situation the first stands for all: which of them it is makes no difference but in names.
    pub fn possible(&self, location: &Location, meanwhile: Meanwhile) -> Vec<(Action, Packed, Option<Wait>)> {
        let mut all = Vec::new();
        let state = location.at.state;
        self.cluster.progress(state, &mut |action, next| {
            let wait = location.waits.iter().find(|wait| wait.action == action);
            all.push((action, next, Some(*wait.expect("all progress is under way"))));
        });
        match meanwhile {
            Meanwhile::Nothing => {}
            Meanwhile::Crash => self.cluster.faults(state, &mut |action, next| {
                if matches!(action, Action::Crash(_)) {
                    all.push((action, next, None));
                }
            }),
            // Where nothing of a step is half done, the step is complete.
            Meanwhile::RestOfStep(_) if self.cluster.at_rest(state) => {}
            Meanwhile::RestOfStep(direction) => {
                self.cluster.operate(state, direction, &mut |action, next| all.push((action, next, None)));
            }
        }
        let mut kept: Vec<(_, _)> = Vec::new();
        for (action, next, wait) in all {
            let key = (std::mem::discriminant(&action), self.situation(location, moved_place(action)));
            if kept.iter().all(|(known, _)| *known != key) {
                kept.push((key, (action, next, wait)));
            }
        }
        kept.into_iter().map(|(_, possible)| possible).collect()
    }

    /// All that matters of a place: its kind, the process there and those beside it, and what they wait for.
    fn situation(&self, location: &Location, place: Place) -> (Place, Vec<Situation>) {
        let layout = &self.cluster.layout;
        let one = |index: usize| {
            let waits = location.waits.iter().filter(|wait| wait.action.place() == Some(layout.places()[index]));
            let waits = waits.map(|wait| (std::mem::discriminant(&wait.action), wait.span, wait.since)).collect();
            let state = location.at.state;
            (layout.side(state, index), layout.stage(state, index), location.fresh & (1 << index) != 0, waits)
        };
        let components = self.cluster.problem.pools[usize::from(place.pool)].components.len();
        let beside = (0..components as u8).map(|component| one(layout.index(Place { component, ..place })));
        (Place { slot: 0, ..place }, beside.collect())
    }
}
