//! How long controllers run nowhere on the way back, at most: one move at a time, as [`crate::gap`] counts it.
//!
//! Every cluster at rest that the plan, the way back and crashes can lead to is disturbed by every move that undoes
//! something. So the figure of a step bounds what undoing it costs, in whatever order of places and whoever leads.

use std::collections::{BTreeMap, BTreeSet};

use crate::controller::ControllerSet;
use crate::explore::{Options, Progress, System};
use crate::gap::choices::Meanwhile;
use crate::gap::judge::alike;
use crate::gap::run::{Longest, follow};
use crate::gap::timed::{Moment, Timed};
use crate::gap::{Assumed, Figure, Manager, Undecided};
use crate::migration::moves::{Cluster, Direction};
use crate::migration::state::Packed;
use crate::migration::{Action, Problem, Unfit};

/// What undoing one step costs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Outage {
    /// The step's index.
    pub step: u8,
    /// Controllers that every process of the plan runs alike.
    pub controllers: ControllerSet,
    /// How long they run nowhere after one move, at most.
    pub figure: Figure,
}

/// What undoing each step costs.
#[derive(Clone, PartialEq, Debug)]
pub struct Outages {
    /// By step, then by controllers; nothing where they never stop.
    pub steps: Vec<Outage>,
    /// Different clusters at rest that were disturbed.
    pub rests: usize,
    /// Why the figures say nothing, if they do not.
    pub undecided: Option<Undecided>,
}

impl Outages {
    /// The longest of a way back from a point where `begun` steps have begun; `None` if no controller ever stops.
    pub fn longest(&self, begun: usize) -> Option<&Outage> {
        let undone = self.steps.iter().filter(|outage| usize::from(outage.step) < begun);
        // The first of equal ones.
        undone.rev().max_by_key(|outage| outage.figure)
    }
}

/// Zones kept for one move: far more than any shipped plan needs.
const MOST_ZONES: usize = 50_000;
/// Rests that are disturbed, at most.
const MOST_RESTS: usize = 20_000;
/// The clock of what a move makes possible.
const FIRST_CLOCK: usize = 2;

/// Finds the longest times, with ideal leases. `managers` are the processes of `problem`, in their order.
///
/// # Errors
/// If the problem's states do not fit.
pub fn outages(
    problem: &Problem,
    managers: &[Manager],
    assumed: &Assumed,
    options: &Options<'_>,
) -> Result<Outages, Unfit> {
    let problem = &Problem { overtakes: Vec::new(), rollback: problem.rollback.if_tried(), ..problem.clone() };
    let cluster = Cluster::new(problem)?;
    let timed = Timed::new(&cluster, managers, *assumed);
    let nothing = |undecided| Outages { steps: Vec::new(), rests: 0, undecided: Some(undecided) };
    if let Some(process) = timed.flaps() {
        return Ok(nothing(Undecided::NeverAtRest(process)));
    }
    if cluster.layout.places().len() > 32 {
        return Ok(nothing(Undecided::CutShort));
    }
    let alike = alike(problem, problem.required.union(problem.required_at_end));
    let first = timed.initial(cluster.initial()[0]);
    let mut walk = Walk { timed, known: BTreeSet::new(), open: Vec::new(), found: BTreeMap::new(), cut_short: false };
    walk.come_to_rest(first);
    let mut rests = 0;
    while let Some(at) = walk.open.pop() {
        walk.disturb(&at, &alike);
        rests += 1;
        let done = Progress { states: walk.known.len() as u64, expanded: rests as u64, transitions: 0 };
        let stop = options.on_progress.is_some_and(|report| report(done).is_break());
        if stop || walk.cut_short || walk.known.len() > MOST_RESTS {
            return Ok(Outages { rests, ..nothing(Undecided::CutShort) });
        }
    }
    let outage = |(&(step, class), longest): (&(u8, usize), &Longest)| Outage {
        step,
        controllers: alike[class],
        figure: longest.nanos.map_or(Figure::Unbounded, Figure::Within),
    };
    Ok(Outages { steps: walk.found.iter().map(outage).collect(), rests, undecided: None })
}

struct Walk<'c> {
    timed: Timed<'c>,
    known: BTreeSet<Moment>,
    open: Vec<Moment>,
    /// By step and class of controllers.
    found: BTreeMap<(u8, usize), Longest>,
    cut_short: bool,
}

impl Walk<'_> {
    /// Of the rests that differ only in which of equal slots is which one is kept.
    fn come_to_rest(&mut self, at: Moment) {
        let canonical = Moment { state: self.timed.cluster.layout.canonical(at.state), written: at.written.clone() };
        if self.known.insert(canonical) {
            self.open.push(at);
        }
    }

    fn disturb(&mut self, at: &Moment, alike: &[ControllerSet]) {
        let cluster = self.timed.cluster;
        let mut disturbances: Vec<(Action, Packed, Option<u8>)> = Vec::new();
        cluster.successors(at.state, &mut |action, next| match action.direction() {
            Some(direction) => {
                let undone = (direction == Direction::Back).then(|| undone(cluster, at.state));
                disturbances.push((action, next, undone));
            }
            None if matches!(action, Action::Crash(_)) => disturbances.push((action, next, None)),
            None => {}
        });
        let mut different = BTreeSet::new();
        for (action, next, undone) in disturbances {
            if !different.insert((cluster.layout.canonical(next), undone)) {
                continue;
            }
            let first = self.timed.follow(&self.timed.at_rest(at.clone()), action, next, FIRST_CLOCK);
            for (class, set) in alike.iter().enumerate().filter(|&(class, _)| class == 0 || undone.is_some()) {
                let controller = set.iter().next().expect("no set is empty");
                let acted = self.timed.acts(at.state, controller);
                let nothing = Meanwhile::Nothing;
                let after = follow(&self.timed, action, first.clone(), controller, acted, nothing, MOST_ZONES);
                self.cut_short |= after.cut_short;
                if let (Some(longest), Some(step)) = (after.longest, undone)
                    && longest.exceeds(self.found.get(&(step, class)))
                {
                    self.found.insert((step, class), longest);
                }
                if class == 0 {
                    after.rests.into_iter().for_each(|(rest, _)| self.come_to_rest(rest));
                }
            }
        }
    }
}

/// The step that a move back from `state` undoes.
fn undone(cluster: &Cluster, state: Packed) -> u8 {
    let position = cluster.layout.position(state);
    if cluster.at_rest(state) { position - 1 } else { position }
}
