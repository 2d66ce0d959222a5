//! Times for the events of one run, so that the last comes as late as it can.
//!
//! Independent of [`super::run`]: the spans of the run become bounds on differences of times, and the latest times that
//! satisfy them all are shortest paths (R. Bellman, On a routing problem, 1958). If the gap between two events is not
//! what the zones gave, leasehold stops with an error.

use super::timed::{Location, Timed};
use crate::migration::state::Packed;
use crate::migration::{Action, Direction};

/// The times of `cause`, which led to `first`, and of `actions` after it, in nanoseconds from event `origin` (0: the cause);
/// each as late as the others allow. With the states after each event.
///
/// # Panics
/// If the actions are no run of the cluster in this order.
pub fn latest(
    timed: &Timed<'_>,
    first: &Location,
    actions: &[Action],
    origin: impl Fn(&[Packed]) -> usize,
) -> (Vec<i64>, Vec<Packed>) {
    // (x, y, c): the time of x is at most that of y and c.
    let mut bounds: Vec<(usize, usize, i64)> = Vec::new();
    let mut states = vec![first.at.state];
    let mut location = first.clone();
    for (event, &action) in actions.iter().enumerate().map(|(i, action)| (i + 1, action)) {
        bounds.push((event - 1, event, 0));
        for wait in &location.waits {
            if wait.action == action {
                bounds.push((event, wait.since, wait.span.most));
                bounds.push((wait.since, event, -wait.span.least));
            } else {
                bounds.push((event, wait.since, timed.deadline(&location, wait)));
            }
        }
        let mut next = None;
        let mut find = |possible, state| {
            if possible == action {
                next = Some(state);
            }
        };
        timed.cluster.progress(location.at.state, &mut find);
        timed.cluster.faults(location.at.state, &mut find);
        timed.cluster.operate(location.at.state, Direction::Forward, &mut find);
        timed.cluster.operate(location.at.state, Direction::Back, &mut find);
        let state = next.expect("the run is one of the cluster");
        states.push(state);
        location = timed.follow(&location, action, state, event);
    }
    let origin = origin(&states);
    let mut times: Vec<Option<i64>> = vec![None; states.len()];
    times[origin] = Some(0);
    // So many rounds reach every event; one more would change nothing, since the run has times.
    for _ in 0..states.len() {
        for &(x, y, c) in &bounds {
            let through = times[y].map(|time| time + c);
            if through.is_some_and(|through| times[x].is_none_or(|time| through < time)) {
                times[x] = through;
            }
        }
    }
    assert_eq!(times[origin], Some(0), "the run has no times");
    (times.into_iter().map(|time| time.expect("every event is bounded by the one after it")).collect(), states)
}
