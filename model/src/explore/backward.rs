//! Searching backward: which states can reach a goal, by which kinds of transition.
use super::{Space, System};

/// Which states of the space can reach one where `goal` holds by transitions whose action `edge` accepts; goal states can.
///
/// For several goals or kinds of transition build [`Edges`] once.
pub fn can_reach<S: System>(
    system: &S,
    space: &Space<S>,
    edge: impl Fn(S::Action) -> bool,
    goal: impl Fn(S::State) -> bool,
) -> Vec<bool> {
    let edges = Edges::new(system, space, |action| edge(action).then_some(0));
    let goal: Vec<bool> = space.states().iter().map(|&state| goal(state)).collect();
    edges.backward(&goal, |_, _| true)
}

/// The transitions between the states of a space, reversed, each with a class.
///
/// Generated once, they answer any number of questions about goals and kinds of transition. About 5 bytes per transition
/// and 4 per state; twice that while they are sorted.
pub struct Edges {
    /// Where the transitions into each state begin, and where the last ones end.
    starts: Vec<u32>,
    sources: Vec<u32>,
    classes: Vec<u8>,
}

impl Edges {
    /// Generates every state's successors once; `class` tells an action's class, or none to leave the transition out.
    ///
    /// Transitions out of the space, which exist if the search was cut short, are left out: then a state that reaches a goal
    /// here does so, but one that does not may still.
    ///
    /// # Panics
    /// With 2³² transitions or more.
    pub fn new<S: System>(system: &S, space: &Space<S>, class: impl Fn(S::Action) -> Option<u8>) -> Self {
        let states = space.states();
        let mut targets: Vec<u32> = Vec::new();
        let mut forward_classes: Vec<u8> = Vec::new();
        let mut ends: Vec<usize> = Vec::with_capacity(states.len());
        for &state in states {
            system.successors(state, &mut |action, next| {
                if let Some(class) = class(action)
                    && let Some(target) = space.index_of_class(system, next)
                {
                    targets.push(target as u32);
                    forward_classes.push(class);
                }
            });
            ends.push(targets.len());
        }
        u32::try_from(targets.len()).expect("fewer than 2³² transitions");

        // Counting sort by target: `starts[t + 1]` first counts, then is where the next transition into `t` goes.
        let mut starts = vec![0u32; states.len() + 2];
        targets.iter().for_each(|&target| starts[target as usize + 2] += 1);
        (2..starts.len()).for_each(|at| starts[at] += starts[at - 1]);
        let mut sources = vec![0u32; targets.len()];
        let mut classes = vec![0u8; targets.len()];
        let mut first = 0;
        for (source, &end) in (0..).zip(&ends) {
            for edge in first..end {
                let next = &mut starts[targets[edge] as usize + 1];
                sources[*next as usize] = source;
                classes[*next as usize] = forward_classes[edge];
                *next += 1;
            }
            first = end;
        }
        starts.pop();
        Self { starts, sources, classes }
    }

    /// Which states can reach a goal state by transitions that `follow` accepts, given the index of the state
    /// they leave and their class; goal states can.
    ///
    /// `goal` has one entry per state of the space.
    pub fn backward(&self, goal: &[bool], follow: impl Fn(usize, u8) -> bool) -> Vec<bool> {
        assert_eq!(goal.len() + 1, self.starts.len(), "one entry per state");
        let mut reaching = goal.to_vec();
        let mut open: Vec<u32> = (0..).zip(goal).filter_map(|(state, &is_goal)| is_goal.then_some(state)).collect();
        while let Some(state) = open.pop() {
            let edges = self.starts[state as usize] as usize..self.starts[state as usize + 1] as usize;
            for (&source, &class) in self.sources[edges.clone()].iter().zip(&self.classes[edges]) {
                if !reaching[source as usize] && follow(source as usize, class) {
                    reaching[source as usize] = true;
                    open.push(source);
                }
            }
        }
        reaching
    }

    /// For each state the least cost of a way to a goal state by transitions that `cost` accepts, given the index of the
    /// state they leave and their class; `None` where there is no way. A transition costs 1 or, where `cost` says `false`,
    /// nothing.
    ///
    /// `goal` has one entry per state of the space.
    pub fn distances(&self, goal: &[bool], cost: impl Fn(usize, u8) -> Option<bool>) -> Vec<Option<u32>> {
        assert_eq!(goal.len() + 1, self.starts.len(), "one entry per state");
        let mut distances: Vec<Option<u32>> = vec![None; goal.len()];
        let mut layer: Vec<u32> = (0..).zip(goal).filter_map(|(state, &is_goal)| is_goal.then_some(state)).collect();
        let mut distance = 0;
        while !layer.is_empty() {
            let (mut open, mut next) = (std::mem::take(&mut layer), Vec::new());
            while let Some(state) = open.pop() {
                if distances[state as usize].is_some() {
                    continue;
                }
                distances[state as usize] = Some(distance);
                let edges = self.starts[state as usize] as usize..self.starts[state as usize + 1] as usize;
                for (&source, &class) in self.sources[edges.clone()].iter().zip(&self.classes[edges]) {
                    match cost(source as usize, class).filter(|_| distances[source as usize].is_none()) {
                        Some(true) => next.push(source),
                        Some(false) => open.push(source),
                        None => {}
                    }
                }
            }
            next.retain(|&state| distances[state as usize].is_none());
            layer = next;
            distance += 1;
        }
        distances
    }

    /// How many transitions there are.
    pub fn len(&self) -> usize {
        self.sources.len()
    }

    /// Whether there is no transition.
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }
}
