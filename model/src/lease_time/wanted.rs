//! What to set so that a wanted margin is left: solved by asking the theorem, not computed.
//!
//! Two ways are tried. Keeping LeaseDuration keeps the gap after a crash and gives a leader less time to renew; keeping
//! RenewDeadline lets a leader ride out what it rode out before and makes everybody wait longer after a crash. Each
//! answer is the best on its grid that is proved: the neighbouring value is not, or client-go's own rules stop there.

use super::answers::Theorem;
use super::gap::End;
use super::limit::search;
use super::question::{Assumed, Contender, Question};
use crate::election::Durations;
use crate::launch::duration::GoDuration;

/// What is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Keeps {
    /// LeaseDuration, and with it the gap after a crash.
    Gap,
    /// RenewDeadline and RetryPeriod, and with them how long a leader rides out failing renewals.
    RenewDeadline,
}

/// Durations that leave the wanted margin.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Advice {
    /// What is kept.
    pub keeps: Keeps,
    /// What to set in every process that contends for the lease.
    pub durations: Durations,
    /// What it costs: the longest time without a leader after a crash, now and then, in nanoseconds; if it is known.
    pub gap: [Option<i64>; 2],
    /// True if one step less safe is not proved, so that nothing better is on the grid.
    pub tight: bool,
}

const SECOND: i64 = 1_000_000_000;
const MILLISECOND: i64 = 1_000_000;

/// The longest LeaseDuration that is advised.
const LONGEST: i64 = 3_600;

/// What to set so that everything may take `spare` longer than is assumed; empty if the durations leave it already.
pub fn advice(theorem: &Theorem, question: &Question, spare: GoDuration) -> Vec<Advice> {
    let Assumed { stop_time, .. } = question.assumed;
    let wanted =
        Assumed { stop_time: GoDuration { nanos: stop_time.nanos.saturating_add(spare.nanos) }, ..question.assumed };
    let leaves = Question { assumed: wanted, ..question.without_release() };
    if theorem.proved(&leaves) == Ok(true) {
        return Vec::new();
    }
    // All processes of one lease are advised the same; the first has the durations that others are compared with.
    let base = leaves.contenders[0];
    let with = |durations: Option<Durations>| Some(leaves.with_durations(durations?));
    let ask = |durations| match with(durations) {
        Some(question) => theorem.proved(&question),
        // What client-go refuses is no answer to anything.
        None => Ok(false),
    };
    let left = |durations| with(durations).map_or(i64::MIN, |q| q.covering().map_or(i64::MIN, |c| c.closed_form()));
    let before = base.gap(End::Dies, &question.assumed);
    let finished = |keeps, durations: Durations, tight| {
        let after = Contender { durations, ..base }.gap(End::Dies, &question.assumed);
        Advice { keeps, durations, gap: [before, after], tight }
    };
    let gap = keep_gap(base.durations, ask, left).map(|(d, tight)| finished(Keeps::Gap, d, tight));
    let deadline = keep_deadline(base.durations, ask, left).map(|(d, tight)| finished(Keeps::RenewDeadline, d, tight));
    // Both ways may end at the same durations.
    let deadline = deadline.filter(|advice| gap.is_none_or(|other| other.durations != advice.durations));
    gap.into_iter().chain(deadline).collect()
}

type Known = Result<bool, &'static str>;

/// The longest RenewDeadline under the same LeaseDuration. RetryPeriod is kept if two attempts still fit, else it is
/// halved until they do, so that one failed attempt is not the end.
fn keep_gap(
    now: Durations,
    ask: impl Fn(Option<Durations>) -> Known,
    left: impl Fn(Option<Durations>) -> i64,
) -> Option<(Durations, bool)> {
    let whole = [now.lease(), now.renew(), now.retry()].iter().all(|d| d.nanos % SECOND == 0);
    let grid = if whole { SECOND } else { 100 * MILLISECOND };
    let mut retry = now.retry().nanos;
    while retry >= 500 * MILLISECOND {
        let with = |steps: i64| {
            Durations::new(now.lease(), GoDuration { nanos: steps * grid }, GoDuration { nanos: retry }).ok()
        };
        let least = (2 * retry).div_euclid(grid).max(1);
        let most = (now.renew().nanos / grid).max(least);
        // The closed form falls as RenewDeadline grows.
        let guess = (least..=most).rev().find(|&steps| left(with(steps)) > 0).unwrap_or(least);
        let found = search(guess - least, most - least, |steps| ask(with(steps + least)));
        if let Some(durations) = found.safe.and_then(|steps| with(steps + least)) {
            return Some((durations, found.broken.is_some()));
        }
        retry = retry / 2 / (100 * MILLISECOND) * (100 * MILLISECOND);
    }
    None
}

/// The shortest LeaseDuration, in whole seconds as a record has them, over the same RenewDeadline and RetryPeriod.
fn keep_deadline(
    now: Durations,
    ask: impl Fn(Option<Durations>) -> Known,
    left: impl Fn(Option<Durations>) -> i64,
) -> Option<(Durations, bool)> {
    let with = |seconds: i64| Durations::new(GoDuration::seconds(seconds), now.renew(), now.retry()).ok();
    let first = now.renew().nanos / SECOND + 1;
    let mut seconds = (first..=LONGEST).find(|&seconds| left(with(seconds)) > 0)?;
    while !ask(with(seconds)).ok()? {
        seconds = (seconds < LONGEST).then_some(seconds + 1)?;
    }
    while seconds > first && ask(with(seconds - 1)) == Ok(true) {
        seconds -= 1;
    }
    let tight = seconds == first || ask(with(seconds - 1)) == Ok(false);
    Some((with(seconds)?, tight))
}
