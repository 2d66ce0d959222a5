//! Breadth-first search over every reachable state.
//!
//! A queue would take one state at a time; this takes a batch off its front. Workers generate the successors of a share of
//! the batch each, then every worker settles the candidates that its shard of the table owns, then the new states are
//! numbered in the order in which one thread with a plain queue would have met them.
use super::expand::Outbox;
use super::settle::{NONE, Owner};
use super::{Space, System};
use std::ops::{ControlFlow, Range};

/// Visits the states reachable in `system`, breadth first, until none is left, a bound is hit, or `stop_at` holds.
pub fn explore<S: System>(system: &S, options: &Options<'_>, stop_at: impl Fn(S::State) -> bool + Sync) -> Space<S> {
    let threads = options.threads.max(1);
    let mut search = Search {
        system,
        options,
        most: options.max_states.map_or(LIMIT, |max| LIMIT.min(usize::try_from(max).unwrap_or(LIMIT))),
        owners: (0..threads).map(|number| Owner::new(number, threads)).collect(),
        space: Space::new(options.symmetry),
    };
    let end = search.run(&stop_at);
    let Search { mut owners, mut space, .. } = search;
    for owner in &mut owners {
        owner.write_numbers(space.states());
    }
    space.finish(owners.into_iter().map(|owner| owner.shard).collect(), end);
    space
}

/// How to search.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// Keep one state of each symmetry class ([`System::canonical`]).
    pub symmetry: bool,
    /// Stop with [`End::StateLimit`] rather than keep more distinct states than this.
    pub max_states: Option<u64>,
    /// Worker threads, at least 1. The result does not depend on it.
    pub threads: usize,
    /// Called from the calling thread every few ten thousand expanded states; `Break` ends the search with
    /// [`End::Cancelled`].
    pub on_progress: Option<&'a (dyn Fn(Progress) -> ControlFlow<()> + Sync)>,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self { symmetry: false, max_states: None, threads: 1, on_progress: None }
    }
}

/// How far a search is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Distinct states found so far.
    pub states: u64,
    /// States whose successors were generated.
    pub expanded: u64,
    /// Transitions generated so far.
    pub transitions: u64,
}

/// How a search ended. Only `Complete` proves that something is unreachable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Every reachable state was visited.
    Complete,
    /// There are more states than [`Options::max_states`], or than an index can number.
    StateLimit,
    /// [`Options::on_progress`] asked to stop.
    Cancelled,
    /// A state for which `stop_at` holds was reached; it is the last state of the space.
    Found,
}

/// States that 32 bits can number, plus one; the last numbers mean something else.
const LIMIT: usize = u32::MAX as usize - 2;
/// States expanded at a time by one thread: candidates stay in the core's own cache.
const BATCH: usize = 256;
/// States expanded at a time by each of several threads: enough to make up for starting them, which takes about 70 µs.
const SHARED_BATCH: usize = 1 << 14;
/// Batches below this are not worth a second thread.
const WORTH_SHARING: usize = 1 << 10;
/// States expanded between two calls of [`Options::on_progress`].
const REPORT_EVERY: usize = 1 << 16;

struct Search<'a, S: System> {
    system: &'a S,
    options: &'a Options<'a>,
    most: usize,
    owners: Vec<Owner<S::State>>,
    space: Space<S>,
}

impl<S: System> Search<'_, S> {
    fn run(&mut self, stop_at: &(impl Fn(S::State) -> bool + Sync)) -> End {
        let shards = self.owners.len();
        let mut initial = self.system.initial();
        if self.options.symmetry {
            initial.iter_mut().for_each(|state| *state = self.system.canonical(*state));
        }
        let Some(&known) = initial.first() else { return End::Complete };
        let mut producers: Vec<_> = (0..shards).map(|_| Outbox::new(shards, known)).collect();
        producers[0].send(&initial);
        self.settle(&producers, stop_at, false);
        if let Some(end) = self.number(&producers, None) {
            return end;
        }

        let batch = if shards == 1 { BATCH } else { SHARED_BATCH * shards };
        let mut at = 0;
        while at < self.space.states().len() {
            let end = self.space.states().len().min(at + batch);
            let share = shards > 1 && end - at >= WORTH_SHARING;
            self.expand(&mut producers, at..end, share);
            self.settle(&producers, stop_at, share);
            if let Some(end) = self.number(&producers, Some(at)) {
                return end;
            }
            if at / REPORT_EVERY != end / REPORT_EVERY && self.cancelled(end) {
                return End::Cancelled;
            }
            at = end;
        }
        End::Complete
    }

    fn expand(&self, producers: &mut [Outbox<S::State>], batch: Range<usize>, share: bool) {
        let symmetry = self.options.symmetry;
        let size = if share { batch.len().div_ceil(producers.len()) } else { batch.len() };
        let mut shares = self.space.states()[batch].chunks(size);
        let work = producers.iter_mut().map(|producer| (producer, shares.next().unwrap_or_default()));
        each(work, share, |(producer, states)| producer.expand(self.system, symmetry, states));
    }

    fn settle(&mut self, producers: &[Outbox<S::State>], stop_at: &(impl Fn(S::State) -> bool + Sync), share: bool) {
        let (numbered, most) = (self.space.states(), self.most);
        each(self.owners.iter_mut().enumerate(), share, |(me, owner)| {
            owner.settle(me, producers, numbered, most, stop_at)
        });
    }

    /// Numbers the fresh states in the order of the transitions that led to them. `first` is the number of the first state
    /// that was expanded; none for initial states.
    fn number(&mut self, producers: &[Outbox<S::State>], first: Option<usize>) -> Option<End> {
        let mut heads = vec![0; self.owners.len()];
        let mut parent = first;
        for (number, producer) in producers.iter().enumerate() {
            let mut done = 0;
            let mut next: Vec<u32> = (0..heads.len()).map(|o| self.owners[o].transition(heads[o], number)).collect();
            while let Some((o, &transition)) = next.iter().enumerate().min_by_key(|&(_, transition)| transition)
                && transition != NONE
            {
                let owner = &mut self.owners[o];
                let generated = if first.is_some() { u64::from(transition) + 1 } else { 0 };
                if self.space.states().len() >= self.most {
                    self.space.transitions += generated;
                    return Some(End::StateLimit);
                }
                while producer.ends[done] <= transition {
                    done += 1;
                }
                let index = self.space.push(owner.fresh[heads[o]], parent.map(|parent| parent + done));
                owner.numbers.push(index as u32);
                heads[o] += 1;
                next[o] = owner.transition(heads[o], number);
                if owner.found && heads[o] == owner.fresh.len() {
                    self.space.transitions += generated;
                    return Some(End::Found);
                }
            }
            if let Some(parent) = &mut parent {
                *parent += producer.ends.len();
                self.space.transitions += u64::from(producer.generated());
            }
        }
        None
    }

    fn cancelled(&self, expanded: usize) -> bool {
        let states = self.space.states().len() as u64;
        let progress = Progress { states, expanded: expanded as u64, transitions: self.space.transitions };
        self.options.on_progress.is_some_and(|report| report(progress).is_break())
    }
}

/// Does each piece of work, on a thread of its own if it is to be shared; the first on the calling thread.
fn each<W: Send>(mut work: impl Iterator<Item = W>, share: bool, job: impl Fn(W) + Sync) {
    if !share {
        return work.for_each(job);
    }
    std::thread::scope(|scope| {
        let first = work.next();
        for piece in work {
            let job = &job;
            scope.spawn(move || job(piece));
        }
        first.into_iter().for_each(&job);
    });
}
