//! A state: the leases, and what runs at each place. Now is always 0; whatever else is a moment is counted from it.

use leasehold_model::election::{Election, Failure, Identity, Lease, Operation, Process, Reply, Request, Version};

/// Nanoseconds of one tick.
pub const TICK: i64 = 1_000_000_000;
/// Places, one process each.
pub const PLACES: usize = 2;
/// Leases at most.
pub const LEASES: usize = 3;
/// Both elections of a process.
pub const BOTH: [Election; 2] = [Election::Main, Election::Migration];

/// A Lease in the API server, or none.
pub type Stored = Option<(Version, Lease)>;

/// Everything.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct World {
    pub leases: [Stored; LEASES],
    pub spots: [Spot; PLACES],
}

/// What is at one place.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Spot {
    /// Whether the step is done here.
    pub new: bool,
    pub up: Option<Up>,
}

/// A process that runs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Up {
    pub process: Process,
    /// Of each elector.
    pub requests: [Option<InFlight>; 2],
    /// No request of it is taken and no answer reaches it.
    pub cut_off: bool,
    /// It lost a lease and is gone within this many ticks.
    pub exits: Option<u8>,
}

/// A request that the elector waits for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct InFlight {
    /// It is the first of an attempt: what it says does not depend on what the API server has answered.
    pub first: bool,
    /// It has ended within this many ticks.
    pub left: u8,
    pub step: Step,
}

/// How far a request is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Step {
    /// The API server has not taken it.
    OnTheWay(Operation),
    /// It has.
    Answered(Reply),
}

impl InFlight {
    /// A request sent now that takes `most` ticks, or until its context or the client ends it.
    pub fn new(request: Request, first: bool, most: u8) -> InFlight {
        let ends = request.deadline.map_or(request.timeout, |deadline| deadline.min(request.timeout));
        let left = u8::try_from((ends.0 / TICK).clamp(0, most.into())).expect("clamped");
        match request.context_done {
            true => InFlight { first, left: 0, step: Step::Answered(Reply::Failed(Failure::ContextDone)) },
            false => InFlight { first, left, step: Step::OnTheWay(request.operation) },
        }
    }
}

impl World {
    /// The process at a place, which runs.
    pub fn up(&mut self, at: usize) -> &mut Up {
        self.spots[at].up.as_mut().expect("a process runs")
    }

    /// The API server's answer: a write is compared with the newest version.
    pub fn serve(&mut self, lease: usize, operation: Operation) -> Reply {
        // Whatever else a write changes, it changes the holder or the time of the renewal as well.
        let told_apart = |written: Lease| Lease { acquired: None, transitions: None, ..written };
        let next = Version(newest(lease).0 + 1);
        match (operation, self.leases[lease]) {
            (Operation::Get, Some((version, found))) => return Reply::Found(version, found),
            (Operation::Get | Operation::Update(..), None) => return Reply::Failed(Failure::NotFound),
            (Operation::Create(_), Some(_)) => return Reply::Failed(Failure::AlreadyExists),
            (Operation::Update(version, _), Some((newest, _))) if version != newest => {
                return Reply::Failed(Failure::Conflict);
            }
            (Operation::Create(written) | Operation::Update(_, written), _) => {
                self.leases[lease] = Some((next, told_apart(written)));
            }
        }
        Reply::Stored(next)
    }
}

/// The identity of the process at a place.
pub fn identity(at: usize) -> Identity {
    Identity(1 + at as u32)
}

/// The newest version of a lease under its canonical name.
pub fn newest(lease: usize) -> Version {
    Version(1 + 10 * lease as u64)
}
