//! The worst run as one would draw it: no search, and exact at the border of what the inequality allows.
//!
//! The first leads and renews once more; the second looks at that moment and counts from it. The first hears of its success
//! as late as may be, waits RetryPeriod, fails to renew until RenewDeadline is over, and stops as late as may be. The
//! second tries in vain until the record has expired for it, and takes it. A search finds shorter runs, but often only
//! such as no ticker allows, because it drops those that reach nothing new.
//!
//! Nothing rests on this: what is drawn is given exact times and executed like any other counterexample.

use super::constants::Rates;
use super::handover::{Action, Handover};
use super::location::{Location, Paused, Phase, Seen};
use super::parameters::{Assumptions, Pair, Pause};
use super::replay::replay;
use super::trace::Trace;
use crate::zones::Step;
use crate::zones::automaton::Automaton;

/// The worst run of a pair, if it ends with two that act and the elector executes it.
#[must_use]
pub fn drawn(pair: &Pair, assumptions: &Assumptions) -> Option<Trace> {
    let automaton = Handover::new(pair, assumptions, Rates::Any).ok()?;
    let path = Drawing::new(&automaton)?.path()?;
    let trace = Trace::of(pair, assumptions, &path).ok()??;
    replay(pair, &trace).is_ok().then_some(trace)
}

struct Drawing<'a> {
    automaton: &'a Handover,
    at: Location,
    path: Vec<Step<Location, Action>>,
}

impl<'a> Drawing<'a> {
    fn new(automaton: &'a Handover) -> Option<Self> {
        Some(Drawing { automaton, at: *automaton.initial().first()?, path: Vec::new() })
    }

    fn path(mut self) -> Option<Vec<Step<Location, Action>>> {
        use Action::{Apply, Attempt, Deadline, Fail, Read, Reply, Resume, Start};
        let constants = &self.automaton.constants;
        let ([first, second], own) = (&constants.hosts, usize::from(constants.own[0]));
        let without_reading = first.renews_without_reading;
        for action in [Start(0), Read(0), Reply(0), Apply(0), Reply(0), Attempt(0)] {
            self.step(action, |_| true)?;
        }
        if !without_reading {
            self.step(Read(0), |_| true)?;
            self.step(Reply(0), |_| true)?;
        }
        for action in [Apply(0), Start(1), Read(1), Reply(1)] {
            self.step(action, |_| true)?;
        }
        let mut heard = constants.reply_delay.unwrap_or(first.timeout).min(first.timeout);
        if let Pause::Once(Some(_)) | Pause::Often(Some(_)) = self.automaton.assumptions.pause {
            self.step(Action::Pause, |to| matches!(to.sides[0].phase, Phase::Updated | Phase::Written))?;
            self.step(Resume, |to| to.paused == Paused::Overdue)?;
            heard += constants.pause?;
        }
        self.step(Reply(0), |_| true)?;
        // Who tries when: the first at its ticks, the second as seldom as it may.
        let renewal = heard + first.retry.most;
        let expires = second.valid[own].least;
        let ticks =
            (0..).map(|tick| tick * first.retry.most.max(1)).take_while(|&tick| tick == 0 || tick < first.renew.most);
        let waits = (expires + second.longest_retry.least - 1) / second.longest_retry.least.max(1);
        let mut tries: Vec<(i128, usize)> = ticks.map(|tick| (i128::from(renewal + tick), 0)).collect();
        tries.extend((1..waits).map(|n| (i128::from(expires) * i128::from(n) / i128::from(waits), 1)));
        tries.retain(|&(at, _)| at < i128::from(expires));
        tries.sort_unstable();
        for (_, i) in tries {
            // The first finds its own record valid and updates at once; the second finds another's valid.
            self.step(Attempt(i), |to| match i {
                0 => !without_reading || to.sides[0].phase == Phase::Updating,
                _ => to.sides[1].seen != Seen::Expired,
            })?;
            if self.at.sides[i].phase == Phase::Updating {
                self.step(Fail(i), |_| true)?;
            }
            self.step(Fail(i), |_| true)?;
        }
        if renewal + first.renew.most < expires {
            self.step(Deadline(0), |to| to.sides[0].phase == Phase::Stopping)?;
        }
        for action in [Attempt(1), Read(1), Reply(1), Apply(1), Reply(1)] {
            self.step(action, |to| action != Attempt(1) || to.sides[1].seen == Seen::Expired)?;
        }
        self.automaton.is_goal(&self.at).then_some(self.path)
    }

    /// Takes the first edge that does this and leads to such a location.
    fn step(&mut self, action: Action, leads_to: impl Fn(&Location) -> bool) -> Option<()> {
        let mut edges = Vec::new();
        self.automaton.edges(&self.at, &mut edges);
        let edge = edges.iter().position(|e| e.action == action && leads_to(&e.target))?;
        self.path.push(Step { from: self.at, edge, action });
        self.at = edges[edge].target;
        Some(())
    }
}
