//! What a log says, in the words of our elector.

use crate::log::{Op, Record};
use leasehold_model::election::{
    Failure, Identity, Lease, Monotonic, Operation, Reply, Request, Strategy, Version, Wall,
};

/// The strings of a run as numbers; the empty one is 0.
#[derive(Clone, Default)]
pub struct Names(Vec<String>);

impl Names {
    /// The number of a name.
    pub fn number(&mut self, name: &str) -> u32 {
        if name.is_empty() {
            return 0;
        }
        let known = self.0.iter().position(|n| n == name).unwrap_or_else(|| {
            self.0.push(name.to_owned());
            self.0.len() - 1
        });
        known as u32 + 1
    }
}

/// A request in flight, and whether its context was cancelled.
#[derive(Clone, Copy, PartialEq)]
pub struct Flight {
    pub request: Request,
    pub cancelled: Option<i64>,
}

impl Flight {
    /// When the client gives up.
    pub fn end(self) -> i64 {
        let limit = self.request.deadline.map_or(self.request.timeout, |deadline| deadline.min(self.request.timeout)).0;
        self.cancelled.map_or(limit, |at| at.min(limit))
    }
}

/// True if our request is the one of the log.
pub fn asks(request: &Request, op: Op, version: &Option<String>, record: &Option<Record>, names: &mut Names) -> bool {
    let version = version.as_ref().map(|version| version.parse().map(Version));
    let lease = record.as_ref().map(|record| lease(record, names));
    match (request.operation, op) {
        (Operation::Get, Op::Get) => true,
        (Operation::Create(ours), Op::Create) => lease == Some(Some(ours)),
        (Operation::Update(based, ours), Op::Update) => version == Some(Ok(based)) && lease == Some(Some(ours)),
        _ => false,
    }
}

/// What the client may have returned, as the elector tells it apart.
pub fn replies(
    flight: Flight,
    at: i64,
    version: &Option<String>,
    record: &Option<Record>,
    error: &Option<String>,
    names: &mut Names,
) -> Vec<Reply> {
    let failed = |failure| vec![Reply::Failed(failure)];
    let past = |limit: Option<Monotonic>| limit.is_some_and(|limit| limit.0 <= at);
    match error.as_deref() {
        None => {
            let version = version.as_ref().and_then(|version| version.parse().ok()).map(Version);
            let lease = record.as_ref().and_then(|record| lease(record, names));
            match (version, lease, flight.request.operation) {
                (Some(version), Some(lease), Operation::Get) => vec![Reply::Found(version, lease)],
                (Some(version), Some(_), _) => vec![Reply::Stored(version)],
                _ => vec![],
            }
        }
        Some("canceled") if flight.cancelled.is_some() || flight.request.context_done => failed(Failure::ContextDone),
        Some("canceled") => vec![],
        Some("deadline") => {
            let limits =
                [(Some(flight.request.timeout), Failure::Timeout), (flight.request.deadline, Failure::ContextDone)];
            limits.into_iter().filter(|(limit, _)| past(*limit)).map(|(_, failure)| Reply::Failed(failure)).collect()
        }
        Some("NotFound") => failed(Failure::NotFound),
        Some("AlreadyExists") => failed(Failure::AlreadyExists),
        Some("Conflict") => failed(Failure::Conflict),
        Some("Forbidden") => failed(Failure::Forbidden),
        Some("Invalid") => failed(Failure::Invalid),
        Some(_) => failed(Failure::Other),
    }
}

/// The Lease of a record; `None` if its times have more than the six decimals of a Lease.
fn lease(record: &Record, names: &mut Names) -> Option<Lease> {
    let wall = |nanos: Option<i64>| match nanos {
        Some(nanos) if nanos.rem_euclid(1000) != 0 => Err(()),
        nanos => Ok(nanos.map(|nanos| Wall(nanos.div_euclid(1000)))),
    };
    Some(Lease {
        holder: record.holder.as_ref().map(|name| Identity(names.number(name))),
        duration_seconds: record.duration,
        acquired: wall(record.acquire).ok()?,
        renewed: wall(record.renew).ok()?,
        transitions: record.transitions,
        strategy: record.strategy.as_ref().map(|name| Strategy(names.number(name))),
        preferred: record.preferred.as_ref().map(|name| Identity(names.number(name))),
    })
}
