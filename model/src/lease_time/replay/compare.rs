//! What the automaton says of the electors after a step, against what they do.

use super::super::location::{Phase, Seen};
use super::super::trace::Event as Step;
use super::Run;
use crate::election::{Identity, Operation};

impl Run<'_> {
    /// What the automaton says of the electors after a step.
    pub(super) fn compare(&self, step: &Step) -> Result<(), String> {
        for (i, host) in self.hosts.iter().enumerate() {
            let side = step.after.sides[i];
            let stopping = matches!(side.phase, Phase::Stopping | Phase::Releasing);
            if side.leads && !stopping && !host.elector.controllers_run() {
                return Err(format!("elector {i} should lead: {:?}", host.elector));
            }
            if !side.leads && host.elector.controllers_run() {
                return Err(format!("elector {i} should not lead"));
            }
            if !stopping && side.attempts() != host.elector.awaits_reply() && side.phase != Phase::Elected {
                return Err(format!("elector {i} in {:?}: {:?}", side.phase, host.elector));
            }
            let reads = matches!(host.request.map(|r| r.operation), Some(Operation::Get));
            match side.phase {
                Phase::Reading if !reads => return Err(format!("elector {i} does not read")),
                Phase::Updating | Phase::Writing(_) if reads => return Err(format!("elector {i} reads")),
                _ => {}
            }
            let holder = host.elector.observed().holder;
            let agrees = match side.seen {
                Seen::Own => holder == host.config.identity,
                Seen::Nobody => true,
                Seen::Another(_) | Seen::Expired => holder != host.config.identity && holder != Identity::EMPTY,
            };
            if !agrees && !stopping {
                return Err(format!("elector {i} observed {holder:?}, not {:?}", side.seen));
            }
        }
        Ok(())
    }
}
