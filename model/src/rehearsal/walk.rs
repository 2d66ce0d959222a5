//! A way back as one run: one move of the operator, then progress until nothing is left to wait for, then the next move.

use super::ground::{Game, Ground};
use crate::migration::moves::{Action, Cluster, Direction};
use crate::migration::replay::World;
use crate::migration::state::Packed;
use crate::migration::{Counterexample, Problem};

/// Events of one way back, at most: far more than any plan needs. A way back that takes longer is not shown.
const LONGEST: usize = 2_000;

/// Goes on from the end of `run` to where the plan began, by the moves of `game`; the number of moves. `None` if it takes
/// too long, because a process never comes to rest or other processes than hoped for take the leases.
pub fn walk(cluster: &Cluster, ground: &Ground<'_>, game: &Game, run: &mut Counterexample) -> Option<usize> {
    let begin = run.steps.len();
    run.prefix = begin;
    let mut moves = 0;
    while run.steps.len() < begin + LONGEST {
        settle(cluster, run);
        let state = run.end();
        if cluster.layout.position(state) == 0 && cluster.at_rest(state) {
            return Some(moves);
        }
        run.steps.push(next_move(cluster, ground, game, state)?);
        moves += 1;
    }
    None
}

/// The best move of the operator: one with the fewest behind it, undoing before doing, in the order of the places.
fn next_move(cluster: &Cluster, ground: &Ground<'_>, game: &Game, state: Packed) -> Option<(Action, Packed)> {
    let mut best: Option<(u32, (Action, Packed))> = None;
    for direction in [Direction::Back, Direction::Forward] {
        cluster.operate(state, direction, &mut |action, next| {
            let class = ground.class(next);
            if let Some(left) = game.moves[class].filter(|_| game.winning[class])
                && best.as_ref().is_none_or(|(fewest, _)| left < *fewest)
            {
                best = Some((left, (action, next)));
            }
        });
    }
    best.map(|(_, step)| step)
}

/// Appends progress until there is none, or until it comes round to a state it has been in.
fn settle(cluster: &Cluster, run: &mut Counterexample) {
    let mut seen = vec![run.end()];
    loop {
        let mut next = None;
        cluster.progress(run.end(), &mut |action, state| next = next.or(Some((action, state))));
        let Some((action, state)) = next.filter(|(_, state)| !seen.contains(state)) else { return };
        seen.push(state);
        run.steps.push((action, state));
    }
}

/// True if no progress is possible.
pub fn is_settled(cluster: &Cluster, state: Packed) -> bool {
    let mut settled = true;
    cluster.progress(state, &mut |_, next| settled &= next == state);
    settled
}

/// Executes a way back again, independently of the search: it ends where the plan began, and no controller runs twice at any
/// moment of it.
///
/// # Errors
/// In words, what is wrong.
pub fn executed(problem: &Problem, run: &Counterexample) -> Result<(), String> {
    let mut world = World::new(problem);
    world.settle();
    for (i, &(action, _)) in run.steps.iter().enumerate() {
        world.apply(action).map_err(|impossible| format!("event {}: {action:?}: {}", i + 1, impossible.why))?;
        let mut once = crate::controller::ControllerSet::EMPTY;
        for place in world.places().filter(|_| i >= run.prefix) {
            let acting = world.acting(place);
            if !once.intersection(acting).is_empty() {
                return Err(format!("after event {}: {} runs twice", i + 1, once.intersection(acting)));
            }
            once = once.union(acting);
        }
    }
    for (at, pool) in problem.pools.iter().enumerate() {
        let mut carried = vec![0; pool.components.len()];
        for place in world.places().filter(|place| usize::from(place.pool) == at) {
            let component = usize::from(place.component);
            let first = pool.runs[0][component];
            match world.configured(place) {
                None => {}
                found if found == first => carried[component] += 1,
                _ => return Err(format!("{place:?} is not what it was before the plan")),
            }
        }
        let full = |(&first, &carried): (&Option<_>, &u8)| first.is_none() || carried == pool.size;
        if world.position() != 0 || !pool.runs[0].iter().zip(&carried).all(full) {
            return Err(format!("{} is not as it was before the plan", pool.name));
        }
    }
    Ok(())
}
