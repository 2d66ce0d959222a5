//! Shortest runs of a cluster, executed again before anybody sees them.

use super::moves::{Action, Cluster};
use super::state::Packed;
use super::verdict::{Counterexample, retrace};
use crate::controller::ControllerSet;
use crate::explore::{End, Options, System, explore};

/// A shortest run to a state that is looked for and that is known to be reachable; else how the search for it was cut short.
///
/// # Panics
/// If there is no such state.
pub fn shortest(
    cluster: &Cluster,
    options: &Options<'_>,
    looked_for: impl Fn(Packed) -> bool + Sync,
) -> Result<Counterexample, End> {
    let space = explore(cluster, options, looked_for);
    let Some(at) = space.found() else {
        assert_ne!(space.end(), End::Complete, "a class was reached and none of its states");
        return Err(space.end());
    };
    let (origin, steps) = (space.origin(cluster, at), space.path(cluster, at));
    let run = Counterexample { controllers: ControllerSet::EMPTY, origin, prefix: steps.len(), steps };
    must_replay(cluster, &run);
    Ok(run)
}

/// Goes on from the end of `run` by actions that are `allowed`, on a shortest way to a state that is looked for. True if one
/// was found; then [`Counterexample::prefix`] is where the run ended before.
pub fn go_on(
    cluster: &Cluster,
    run: &mut Counterexample,
    options: &Options<'_>,
    allowed: impl Fn(Action) -> bool + Sync,
    looked_for: impl Fn(Packed) -> bool + Sync,
) -> bool {
    let from = From { cluster, state: run.end(), allowed };
    let space = explore(&from, &Options { max_states: Some(1 << 22), ..*options }, looked_for);
    let Some(at) = space.found() else { return false };
    run.prefix = run.steps.len();
    run.steps.extend(space.path(&from, at));
    must_replay(cluster, run);
    true
}

/// # Panics
/// If the independent replay does not execute `run`: an error of leasehold itself.
pub fn must_replay(cluster: &Cluster, run: &Counterexample) {
    if let Err(why) = retrace(cluster, run) {
        panic!("the search and the replay disagree: {why}\n{run:?}");
    }
}

/// The same cluster, beginning in another state.
struct From<'s, A> {
    cluster: &'s Cluster,
    state: Packed,
    allowed: A,
}

impl<A: Fn(Action) -> bool + Sync> System for From<'_, A> {
    type State = Packed;
    type Action = Action;

    fn initial(&self) -> Vec<Packed> {
        vec![self.state]
    }

    fn successors(&self, state: Packed, out: &mut impl FnMut(Action, Packed)) {
        self.cluster.successors(state, &mut |action, next| {
            if (self.allowed)(action) {
                out(action, next);
            }
        });
    }

    fn canonical(&self, state: Packed) -> Packed {
        self.cluster.canonical(state)
    }
}
