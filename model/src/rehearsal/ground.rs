//! Every class of states with what is wrong in it, and the games that are played on them.
//!
//! Contract: what is said holds for a complete search only ([`Ground::is_complete`]).

use super::point::{At, Harm};
use crate::controller::ControllerSet;
use crate::explore::{Edges, End, Options, Space, explore};
use crate::migration::moves::Cluster;
use crate::migration::properties::{in_two_processes, is_back};
use crate::migration::quotient::Quotient;
use crate::migration::regions::{By, orphaned, winning};
use crate::migration::state::Packed;

/// A set of [`Harm`], one bit for each of [`Ground::harms`].
pub type Harms = u128;

/// The classes of a problem.
pub struct Ground<'q> {
    quotient: &'q Quotient,
    space: Space<Quotient>,
    edges: Edges,
    /// What is wrong anywhere, in order: at most 128 different things, because a plan has at most 100 managers.
    pub harms: Vec<Harm>,
    /// For each class whether a controller runs twice.
    overlap: Vec<bool>,
    /// For each class what is wrong there.
    pub wrong: Vec<Harms>,
    /// For each class what is wrong there or may come to be without the operator.
    pub may_go_wrong: Vec<Harms>,
    /// For each class whether the way back ends there.
    back: Vec<bool>,
}

/// The outcome of one game: how far the operator may go.
pub struct Game {
    /// The classes from which there is a way back that does no more than the harm allowed.
    pub winning: Vec<bool>,
    /// For each class the moves of the operator on a shortest such way.
    pub moves: Vec<Option<u32>>,
    /// The classes from which the naive way back may do more than that.
    pub naive_fails: Vec<bool>,
}

impl<'q> Ground<'q> {
    /// Searches `quotient`, whose problem allows the way back.
    pub fn new(quotient: &'q Quotient, options: &Options<'_>) -> Ground<'q> {
        let cluster = &quotient.cluster;
        let space = explore(quotient, options, |_| false);
        let edges = Edges::new(quotient, &space, |action| Some(By::of(action) as u8));
        let states = space.states();
        let mut harms = Vec::new();
        let orphaned = orphaned(cluster, states, &edges);
        let wrong: Vec<Harms> =
            states.iter().zip(&orphaned).map(|(&state, &left)| mask(cluster, state, left, &mut harms)).collect();
        let mut may_go_wrong = vec![0; states.len()];
        for bit in 0..harms.len() {
            let goal: Vec<bool> = wrong.iter().map(|set| set >> bit & 1 == 1).collect();
            let may = edges.backward(&goal, |_, by| By::is_not_operator(by));
            may_go_wrong.iter_mut().zip(may).for_each(|(set, may)| *set |= Harms::from(may) << bit);
        }
        let overlap = states.iter().map(|&s| !in_two_processes(cluster, s).is_empty()).collect();
        let back = states.iter().map(|&s| is_back(cluster, s)).collect();
        Ground { quotient, space, edges, harms, overlap, wrong, may_go_wrong, back }
    }

    /// True if every reachable state was visited.
    pub fn is_complete(&self) -> bool {
        self.space.end() == End::Complete
    }

    /// How the search ended.
    pub fn end(&self) -> End {
        self.space.end()
    }

    /// One state of each class.
    pub fn states(&self) -> &[Packed] {
        self.space.states()
    }

    /// The class of a state.
    ///
    /// # Panics
    /// If the search was cut short and did not meet it.
    pub fn class(&self, state: Packed) -> usize {
        self.space.index_of_class(self.quotient, state).expect("the space is complete")
    }

    /// The point of the plan that a class belongs to.
    pub fn at(&self, class: usize) -> At {
        At::of(&self.quotient.cluster, self.states()[class])
    }

    /// True if the class has an overlap or a harm that is not `allowed`.
    pub fn is_harmful(&self, class: usize, allowed: Harms) -> bool {
        self.overlap[class] || self.wrong[class] & !allowed != 0
    }

    /// Plays the game in which the operator may do the harm that is `allowed`.
    pub fn game(&self, allowed: Harms) -> Game {
        let harmful: Vec<bool> = (0..self.states().len()).map(|class| self.is_harmful(class, allowed)).collect();
        let winning = winning(&self.edges, &harmful, &self.back);
        let goal: Vec<bool> = winning.iter().zip(&self.back).map(|(&wins, &back)| wins && back).collect();
        let moves = self.edges.distances(&goal, |from, by| {
            let counts = !By::is_not_operator(by);
            (winning[from] && by != By::Fault as u8).then_some(counts)
        });
        let naive_fails = self.edges.backward(&harmful, |_, by| by != By::Forward as u8);
        Game { winning, moves, naive_fails }
    }
}

/// What is wrong in `state`, where the controllers `left` are orphaned; `harms` grows by what is not in it yet.
fn mask(cluster: &Cluster, state: Packed, left: ControllerSet, harms: &mut Vec<Harm>) -> Harms {
    let refusing = (0..cluster.layout.places().len())
        .filter(|&at| cluster.refuses(state, at))
        .filter_map(|at| cluster.layout.process_ix(&cluster.problem, state, at).map(Harm::Refuses));
    let mut set = 0;
    for harm in left.iter().map(Harm::Orphaned).chain(refusing) {
        let bit = harms.iter().position(|&known| known == harm).unwrap_or_else(|| {
            harms.push(harm);
            harms.len() - 1
        });
        set |= 1u128.checked_shl(bit as u32).expect("a plan has at most 100 managers");
    }
    set
}
