//! A counterexample of the lease theorem in words. The theorem's module has executed it with the elector; here it is only
//! told.

use leasehold_model::lease_time::handover::Action;
use leasehold_model::lease_time::location::Phase;
use leasehold_model::lease_time::trace::{Event, Trace};

use super::document;

/// What happens to the holder and the taker of these names, with times from the first event; what nobody needs to follow
/// it is left out.
pub fn events(trace: &Trace, names: [&str; 2]) -> Vec<document::Event> {
    trace
        .events
        .iter()
        .filter_map(|event| {
            let (numerator, denominator) = trace.nanos(event);
            let nanos = numerator as f64 / denominator as f64;
            // Whole microseconds: the fractions of a schedule say nothing.
            Some(document::Event { at_seconds: (nanos / 1e3).round() / 1e6, what: what(event, names)? })
        })
        .collect()
}

fn what(event: &Event, names: [&str; 2]) -> Option<String> {
    let name = |i: usize| names[i];
    let leads = |i: usize| event.before.sides[i].leads;
    let began = |i: usize| !leads(i) && event.after.sides[i].leads;
    Some(match event.action {
        Action::Start(i) => format!("{} starts and reads the lease", name(i)),
        Action::Apply(i) if leads(i) => format!("{}'s renewal is applied; nobody knows yet", name(i)),
        Action::Apply(i) => format!("{}'s update that takes the lease is applied", name(i)),
        Action::Reply(i) if began(i) => format!("{} hears of it and leads: its controllers act", name(i)),
        Action::Reply(i) if leads(i) && matches!(event.before.sides[i].phase, Phase::Written | Phase::Updated) => {
            format!("{} hears that it renewed", name(i))
        }
        Action::Deadline(i) => {
            format!("{} gives up: the renew deadline is over; its controllers are told to stop", name(i))
        }
        Action::Cancel(i) => format!("{} is told to exit", name(i)),
        Action::Empty(i) => format!("{} empties the lease", name(i)),
        Action::OtherWrites(_) => "another process writes the lease".into(),
        Action::OtherReleases => "another process empties the lease".into(),
        Action::Delete => "somebody deletes the Lease".into(),
        Action::EditHolder => "somebody empties the holder".into(),
        Action::Pause => format!("{}'s process stops running", name(0)),
        Action::Resume => format!("{}'s process runs again", name(0)),
        _ => return None,
    })
}
