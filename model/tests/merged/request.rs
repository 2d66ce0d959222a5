//! A request between a process and the API server.

use leasehold_model::election::{Failure, Names, Operation, Reply, Request};

use super::world::TICK;

/// A request that the elector waits for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct InFlight {
    /// It is the first of an attempt: what it says does not depend on what the API server has answered.
    pub first: bool,
    /// It has ended within this many ticks.
    pub left: u8,
    pub step: Step,
}

/// How far it is.
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

    pub fn renamed(self, names: &mut impl Names) -> InFlight {
        let step = match self.step {
            Step::OnTheWay(operation) => Step::OnTheWay(operation.renamed(names)),
            Step::Answered(reply) => Step::Answered(reply.renamed(names)),
        };
        InFlight { step, ..self }
    }
}
