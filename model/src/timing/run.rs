//! What a run of the lease theorem that ends with two leaders comes to, in a few figures.

use crate::launch::duration::GoDuration;
use crate::lease_time::handover::Action;
use crate::lease_time::location::{Phase, Seen};
use crate::lease_time::trace::{Event, Trace};

/// The end of such a run, when the taker begins to lead. Times are rounded down to microseconds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Taken {
    /// Since the taker last saw the lease change; nothing if it saw it emptied, or never held by another.
    pub waited: Option<GoDuration>,
    /// The longest time from a write of the holder being applied to its success being processed.
    pub slowest: GoDuration,
    /// What the holder does.
    pub holder: Holder,
}

/// What the holder does when its lease is taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Holder {
    /// It leads, and tries to renew.
    Renews,
    /// It gave up, or was told to exit, so long ago, and has not stopped yet.
    Stops(GoDuration),
    /// Its process was paused, or has just gone on.
    Paused,
}

impl Taken {
    /// Reads it off a run.
    pub fn of(trace: &Trace) -> Taken {
        let at = |event: &Event| {
            let (numerator, denominator) = trace.nanos(event);
            i64::try_from(numerator / denominator / 1_000 * 1_000).unwrap_or(i64::MAX)
        };
        let end = trace.events.last().map_or(0, at);
        let last = |wanted: &dyn Fn(&Event) -> bool| trace.events.iter().rev().find(|event| wanted(event)).map(at);
        let sees = |event: &Event| {
            let is_news = matches!(event.before.sides[1].phase, Phase::Answered(answer) if answer.changed);
            event.action == Action::Reply(1) && is_news && matches!(event.after.sides[1].seen, Seen::Another(_))
        };
        let mut applied = None;
        let mut slowest = 0;
        for event in &trace.events {
            match event.action {
                Action::Apply(0) => applied = Some(at(event)),
                Action::Reply(0) if matches!(event.before.sides[0].phase, Phase::Written | Phase::Updated) => {
                    slowest = applied.take().map_or(slowest, |applied| slowest.max(at(event) - applied));
                }
                Action::Fail(0) => applied = None,
                _ => {}
            }
        }
        let stops = last(&|event| matches!(event.action, Action::Deadline(0) | Action::Cancel(0)));
        let paused = last(&|event| matches!(event.action, Action::Pause));
        let nanos = |nanos| GoDuration { nanos };
        Taken {
            waited: last(&sees).map(|seen| nanos(end - seen)),
            slowest: nanos(slowest),
            holder: match (stops, paused) {
                (Some(since), _) => Holder::Stops(nanos(end - since)),
                (None, Some(_)) => Holder::Paused,
                (None, None) => Holder::Renews,
            },
        }
    }
}
