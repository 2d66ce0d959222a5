//! The alphabet of an elector: what happens to it, and what it does.

use super::record::{Identity, Lease, Version};
use super::time::Monotonic;

/// Something that happens to an elector.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Event {
    /// `Run` is called. Once, and first; only [`Event::Cancel`] may come before it.
    Start,
    /// The request in flight returns.
    Reply(Reply),
    /// A timer of [`Elector::timers`](super::Elector::timers) is due.
    Timer(Timer),
    /// The context given to `Run` is cancelled.
    Cancel,
}

/// How a request ends.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Reply {
    /// A read found this.
    Found(Version, Lease),
    /// A create or an update was stored under this version.
    Stored(Version),
    /// It failed, or its answer was lost: whether a write was applied is not known then.
    Failed(Failure),
}

/// Why a request failed, as far as anybody can tell it apart.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Failure {
    /// 404: an elector creates the lease if a read says so.
    NotFound,
    /// 409 on a create.
    AlreadyExists,
    /// 409 on an update: the version is not the newest.
    Conflict,
    /// 403.
    Forbidden,
    /// 422: the API server refuses the object.
    Invalid,
    /// The client's own time limit, [`Durations::request_timeout`](super::Durations::request_timeout).
    Timeout,
    /// The request's context ended: its deadline passed or it was cancelled.
    ContextDone,
    /// Anything else: no connection, 429, 5xx.
    Other,
}

/// Something an elector waits for beside a reply.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Timer {
    /// The renewal's context ends: RenewDeadline has passed since it began, or `Run`'s context was cancelled meanwhile.
    RenewDeadline,
    /// The next attempt.
    Retry,
}

/// A timer that runs. It fires at one moment from `earliest` to `latest`, at once if that is past, and later only if
/// the process did not get to run.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Armed {
    /// Which.
    pub timer: Timer,
    /// Not before this.
    pub earliest: Monotonic,
    /// Not after this. The jitter of a retry lies between the two; else they are equal.
    pub latest: Monotonic,
    /// True if it may also never fire: a tick in the very instant in which the attempt before it ended, which Go may
    /// drop or deliver.
    pub may_lapse: bool,
}

/// Something an elector does. Effects of one event happen in their order, in the instant of the event.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Effect {
    /// It sends a request; there is no other in flight.
    Request(Request),
    /// The context of the request in flight is cancelled. An HTTP client returns it at once, with
    /// [`Failure::ContextDone`]; the reply may have been faster.
    CancelRequest,
    /// `OnNewLeader`: it observes another holder than before; empty: none.
    NewLeader(Identity),
    /// The event on the Lease.
    Record(LeaseEvent),
    /// `OnStartedLeading`: the controllers start.
    StartedLeading,
    /// The context given to `OnStartedLeading` is cancelled: the controllers are told to stop.
    StopControllers,
    /// `OnStoppedLeading`, which is called even if it never led.
    StoppedLeading,
    /// `Run` returns. The last effect.
    Returned,
}

/// Events that an elector records on its Lease.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum LeaseEvent {
    /// "became leader"
    BecameLeader,
    /// "stopped leading"
    StoppedLeading,
}

/// A request to the API server.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Request {
    /// What is asked.
    pub operation: Operation,
    /// The deadline of its context, if it has one: a client returns then with [`Failure::ContextDone`].
    pub deadline: Option<Monotonic>,
    /// When the client's own time limit ends it, with [`Failure::Timeout`].
    pub timeout: Monotonic,
    /// True if its context has ended already: a client returns [`Failure::ContextDone`] without sending anything.
    pub context_done: bool,
}

/// What is asked of the API server.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Operation {
    /// Read the lease.
    Get,
    /// Create it.
    Create(Lease),
    /// Replace what is stored under this version.
    Update(Version, Lease),
}
