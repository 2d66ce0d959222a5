//! Every point of a plan judged.

use std::collections::BTreeMap;

use super::ground::{Game, Ground, Harms};
use super::point::{At, Harm, Judged, Naive, Point, Rehearsal, Way};
use super::walk::{executed, is_settled, walk};
use crate::explore::Options;
use crate::migration::moves::{Action, Cluster, Direction};
use crate::migration::properties::in_two_processes;
use crate::migration::quotient::Quotient;
use crate::migration::runs::{go_on, must_replay, shortest};
use crate::migration::state::Packed;
use crate::migration::{Counterexample, Problem, Rollback, Unfit};

/// Judges every point of `problem`, whether or not its operator means to go back.
///
/// # Errors
/// If the problem's states do not fit.
///
/// # Panics
/// If a run that is shown does not pass the independent replay: an error of leasehold itself.
pub fn rehearse(problem: &Problem, options: &Options<'_>) -> Result<Rehearsal, Unfit> {
    let problem = Problem { rollback: problem.rollback.if_tried(), ..problem.clone() };
    let quotient = Quotient::new(Cluster::new(&problem)?);
    let ground = Ground::new(&quotient, options);
    let (states, end) = (ground.states().len(), ground.end());
    if !ground.is_complete() {
        return Ok(Rehearsal { points: Vec::new(), states, end });
    }
    let mut judge = Judge { cluster: &quotient.cluster, ground, options, games: BTreeMap::new() };
    let mut members: BTreeMap<At, Vec<usize>> = BTreeMap::new();
    for class in 0..states {
        members.entry(judge.ground.at(class)).or_default().push(class);
    }
    let points = At::all(problem.steps.len()).filter_map(|at| Some(judge.point(at, members.get(&at)?))).collect();
    Ok(Rehearsal { points, states, end })
}

/// The harm that does not matter: whatever there is.
const ANY: Harms = Harms::MAX;

struct Judge<'s> {
    cluster: &'s Cluster,
    ground: Ground<'s>,
    options: &'s Options<'s>,
    games: BTreeMap<Harms, Game>,
}

impl Judge<'_> {
    /// `members`: the classes that can be reached at the point.
    fn point(&mut self, at: At, members: &[usize]) -> Point {
        for &class in members {
            self.play(self.ground.may_go_wrong[class]);
        }
        self.play(ANY);
        let safe: Vec<usize> = members.iter().copied().filter(|&class| self.strict(class).winning[class]).collect();
        let exclusive: Vec<usize> = members.iter().copied().filter(|&class| self.games[&ANY].winning[class]).collect();
        let judged = match (safe.len(), exclusive.len()) {
            (safe, _) if safe == members.len() => Judged::Safe,
            (_, exclusive) if exclusive == members.len() => Judged::Harmful,
            _ => Judged::Lost,
        };
        let unavoidable = if judged == Judged::Harmful { self.unavoidable(members) } else { Vec::new() };
        let way = match judged {
            Judged::Safe => self.way(at, &safe, false),
            // From the states that make the point a bad one.
            Judged::Harmful => {
                let harmful: Vec<usize> = exclusive.iter().copied().filter(|class| !safe.contains(class)).collect();
                self.way(at, &harmful, true)
            }
            Judged::Lost => None,
        };
        let refuted = match judged {
            Judged::Safe => None,
            Judged::Harmful => self.fall(at, |class| !self.strict(class).winning[class], false),
            Judged::Lost => self.fall(at, |class| !self.games[&ANY].winning[class], true),
        };
        // A way back that nobody may go is no safe one.
        let refuses = self.cluster.problem.rollback == Rollback::Refused && judged != Judged::Safe;
        let naive_fails = refuses || members.iter().any(|&class| self.strict(class).naive_fails[class]);
        let naive = match (naive_fails, judged, &refuted) {
            (false, ..) => Naive::Safe,
            (true, Judged::Safe, _) => {
                let run = self.fall(at, |class| self.strict(class).naive_fails[class], false);
                run.map_or(Naive::Open, |run| Naive::Unsafe(Box::new(run)))
            }
            // The same as whatever one tries.
            (true, _, run) => run.clone().map_or(Naive::Open, |run| Naive::Unsafe(Box::new(run))),
        };
        let (states, safe, exclusive) = (members.len(), safe.len(), exclusive.len());
        let order_matters = match judged {
            Judged::Safe => naive_fails,
            Judged::Harmful | Judged::Lost => members.iter().any(|&class| self.games[&ANY].naive_fails[class]),
        };
        let there = members.iter().fold(0, |set, &class| set | self.ground.may_go_wrong[class]);
        let already = self.named(there);
        Point { at, states, safe, exclusive, judged, already, unavoidable, way, refuted, naive, order_matters }
    }

    fn named(&self, set: Harms) -> Vec<Harm> {
        let harms = self.ground.harms.iter().enumerate();
        harms.filter(|(bit, _)| set >> bit & 1 == 1).map(|(_, &harm)| harm).collect()
    }

    /// The harm that is not there already and that no way back avoids, even if any other harm is allowed.
    fn unavoidable(&mut self, members: &[usize]) -> Vec<Harm> {
        let mut found = Vec::new();
        for (bit, harm) in self.ground.harms.clone().into_iter().enumerate() {
            let others = ANY & !(1 << bit);
            self.play(others);
            let wins = |class: usize| self.games[&others].winning[class];
            if members.iter().any(|&class| self.ground.may_go_wrong[class] & !others == 0 && !wins(class)) {
                found.push(harm);
            }
        }
        found
    }

    fn play(&mut self, allowed: Harms) {
        if !self.games.contains_key(&allowed) {
            let game = self.ground.game(allowed);
            self.games.insert(allowed, game);
        }
    }

    /// The game in which no harm is allowed but what the class has already.
    fn strict(&self, class: usize) -> &Game {
        &self.games[&self.ground.may_go_wrong[class]]
    }

    /// The way back from that of the classes which needs the most moves; from one that has come to rest, if any has.
    fn way(&self, at: At, from: &[usize], any_harm: bool) -> Option<Way> {
        let game = |class| if any_harm { &self.games[&ANY] } else { self.strict(class) };
        let moves = |&&class: &&usize| game(class).moves[class];
        let fewest = from.iter().filter_map(|class| moves(&class)).min()? as usize;
        let settled = |&&class: &&usize| is_settled(self.cluster, self.ground.states()[class]);
        let rests: Vec<&usize> = from.iter().filter(|class| settled(class)).collect();
        let candidates = if rests.is_empty() { from.iter().collect() } else { rests };
        let most = candidates.iter().filter_map(moves).max()?;
        let classes: Vec<usize> = candidates.into_iter().copied().filter(|class| moves(&class) == Some(most)).collect();
        let needs_rest = classes.iter().any(|class| settled(&class));
        let begins = |state: Packed| {
            At::of(self.cluster, state) == at
                && (!needs_rest || is_settled(self.cluster, state))
                && classes.binary_search(&self.ground.class(state)).is_ok()
        };
        let mut run = shortest(self.cluster, self.options, begins).ok()?;
        let class = self.ground.class(run.end());
        let moves = walk(self.cluster, &self.ground, game(class), &mut run)?;
        must_replay(self.cluster, &run);
        if let Err(why) = executed(&self.cluster.problem, &run) {
            panic!("the way back that was found and the replay disagree: {why}\n{run:?}");
        }
        let harms = self.harms(&run, self.ground.may_go_wrong[class]);
        Some(Way { run, moves, fewest, harms })
    }

    /// What a way back does that was not there before, each with the first event after which it is there and the first after
    /// which it is there no more.
    fn harms(&self, run: &Counterexample, before: Harms) -> Vec<(Harm, usize, usize)> {
        let wrong: Vec<Harms> =
            run.steps.iter().map(|&(_, state)| self.ground.wrong[self.ground.class(state)] & !before).collect();
        let mut found = Vec::new();
        for (bit, &harm) in self.ground.harms.iter().enumerate() {
            let is_there = |set: &Harms| set >> bit & 1 == 1;
            let Some(first) = wrong.iter().skip(run.prefix).position(is_there) else { continue };
            let last = wrong.iter().rposition(is_there).expect("there is a first");
            found.push((harm, run.prefix + first, last + 1));
        }
        found
    }

    /// A shortest run to a class of the point that is looked for, and from there on a shortest naive way back to what it runs
    /// into; `only_overlap`: to a controller that runs twice.
    fn fall(&self, at: At, looked_for: impl Fn(usize) -> bool + Sync, only_overlap: bool) -> Option<Counterexample> {
        let found = |state| At::of(self.cluster, state) == at && looked_for(self.ground.class(state));
        let mut run = shortest(self.cluster, self.options, found).ok()?;
        let allowed = if only_overlap { ANY } else { self.ground.may_go_wrong[self.ground.class(run.end())] };
        let is_naive = |action: Action| action.direction() != Some(Direction::Forward);
        let harmful = |state| self.ground.is_harmful(self.ground.class(state), allowed);
        if !harmful(run.end()) && !go_on(self.cluster, &mut run, self.options, is_naive, harmful) {
            return None;
        }
        let end = run.end();
        let twice = in_two_processes(self.cluster, end);
        let fresh = self.named(self.ground.wrong[self.ground.class(end)] & !allowed);
        let orphaned = fresh.into_iter().filter_map(|harm| match harm {
            Harm::Orphaned(controller) => Some(controller),
            Harm::Refuses(_) => None,
        });
        run.controllers = if twice.is_empty() { orphaned.collect() } else { twice };
        Some(run)
    }
}
