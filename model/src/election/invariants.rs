//! What holds of every elector at every event, whatever the store, the network and the clocks do. Each function is the
//! sentence it is named; drivers in tests check them all after each event.
//!
//! None of them says that only one elector leads: that is no invariant of client-go.

use super::config::Config;
use super::elector::Elector;
use super::event::{Armed, Effect, Event, LeaseEvent, Operation, Reply};
use super::record::{Identity, Lease};
use super::time::Clock;
use crate::facts::client_go::ExpiryBy;
use crate::launch::duration::GoDuration;

#[cfg(test)]
mod tests;

/// One event of one elector.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    /// The elector's configuration.
    pub config: &'a Config,
    /// Its state before the event.
    pub before: &'a Elector,
    /// What its clocks showed.
    pub now: Clock,
    /// What happened.
    pub event: Event,
    /// What it did.
    pub effects: &'a [Effect],
    /// Its state after the event.
    pub after: &'a Elector,
}

/// A sentence and the function that decides it.
pub type Invariant = (&'static str, fn(&Step) -> bool);

/// All of them.
pub const ALL: [Invariant; 12] = [
    ("at most one request is in flight", at_most_one_request_is_in_flight),
    ("an elector that waits for no reply runs a timer", an_elector_that_waits_for_no_reply_runs_a_timer),
    ("no wait is longer than its durations allow", no_wait_is_longer_than_its_durations_allow),
    ("a renewal's deadline does not move", the_deadline_of_a_renewal_does_not_move),
    ("leading begins with a stored write of its own name", leading_begins_with_a_stored_write_of_its_own_name),
    ("controllers run from start to stop", controllers_run_from_start_to_stop),
    ("Run returns last and once", run_returns_last_and_once),
    ("a challenger waits until the term it saw is over", a_challenger_waits_until_the_term_it_saw_is_over),
    ("it writes only itself, or nobody when it releases", it_writes_only_itself_or_nobody_when_it_releases),
    ("a coordinated elector never takes a lease", a_coordinated_elector_never_takes_a_lease),
    ("what it observed is not newer than now", what_it_observed_is_not_newer_than_now),
    ("a new leader is the one it observes", a_new_leader_is_the_one_it_observes),
];

/// The name of the first one that does not hold.
///
/// # Errors
/// That name.
pub fn check(step: &Step) -> Result<(), &'static str> {
    ALL.iter().find(|(_, holds)| !holds(step)).map_or(Ok(()), |(name, _)| Err(name))
}

/// Blocked like the goroutine it stands for.
pub fn at_most_one_request_is_in_flight(step: &Step) -> bool {
    let answered = matches!(step.event, Event::Reply(_));
    let pending = usize::from(step.before.awaits_reply() && !answered);
    pending + operations(step).count() == usize::from(step.after.awaits_reply())
}

/// It never waits for ever: between `Run`'s call and its return there is a reply or a timer to come.
pub fn an_elector_that_waits_for_no_reply_runs_a_timer(step: &Step) -> bool {
    let waits = started(step) && !step.after.returned() && !step.after.awaits_reply();
    waits == step.after.timers(step.config).any(|armed| !armed.may_lapse)
}

/// A challenger tries again within RetryPeriod and its jitter; a leader within RetryPeriod, and gives up within
/// RenewDeadline.
pub fn no_wait_is_longer_than_its_durations_allow(step: &Step) -> bool {
    let durations = step.config.durations;
    let longest = if step.after.leads() { durations.retry() } else { durations.longest_retry() };
    let limit = longest.max(step.after.renew_deadline().map_or(longest, |_| durations.renew()));
    step.after
        .timers(step.config)
        .all(|Armed { earliest, latest, .. }| earliest <= latest && latest - step.now.monotonic <= limit)
}

/// Failed attempts buy no time.
pub fn the_deadline_of_a_renewal_does_not_move(step: &Step) -> bool {
    match (step.before.renew_deadline(), step.after.renew_deadline()) {
        (Some(before), Some(after)) => before == after,
        _ => true,
    }
}

/// Nobody leads by what it read.
pub fn leading_begins_with_a_stored_write_of_its_own_name(step: &Step) -> bool {
    let starts = step.effects.contains(&Effect::StartedLeading);
    let stored = matches!(step.event, Event::Reply(Reply::Stored(_))) && step.after.is_leader(step.config);
    (!starts || stored && !step.before.leads()) && (step.before.leads() || starts || !step.after.leads())
}

/// `OnStartedLeading` comes before the cancellation of its context, once each.
pub fn controllers_run_from_start_to_stop(step: &Step) -> bool {
    let mut running = step.before.controllers_run();
    for effect in step.effects {
        match effect {
            Effect::StartedLeading if !running => running = true,
            Effect::StopControllers if running => running = false,
            Effect::StartedLeading | Effect::StopControllers => return false,
            _ => {}
        }
    }
    running == step.after.controllers_run()
}

/// `OnStoppedLeading` is the last callback, the controllers were told before it, and nothing comes after.
pub fn run_returns_last_and_once(step: &Step) -> bool {
    let ends = step.effects.contains(&Effect::Returned);
    let stops = step.effects.contains(&Effect::StoppedLeading);
    match step.before.returned() {
        true => step.effects.is_empty() && step.after.returned(),
        false if ends => {
            step.effects.ends_with(&[Effect::StoppedLeading, Effect::Returned])
                && step.after.returned()
                && !step.after.controllers_run()
        }
        false => !stops && !step.after.returned(),
    }
}

/// A write over another's name only after its duration has passed on the challenger's own clock since it last saw the
/// record change.
pub fn a_challenger_waits_until_the_term_it_saw_is_over(step: &Step) -> bool {
    let observed = step.after.observed();
    let free = observed.holder == Identity::EMPTY || step.after.is_leader(step.config);
    let duration = match step.config.behaviour.expiry {
        ExpiryBy::OwnDuration => step.config.durations.lease(),
        ExpiryBy::Record => GoDuration { nanos: observed.duration_seconds.saturating_mul(1_000_000_000) },
    };
    let over = || match (step.after.observed_at(), step.after.attempt_began()) {
        (Some(since), Some(began)) => since + duration <= began,
        _ => false,
    };
    let updates = operations(step).any(|operation| matches!(operation, Operation::Update(..)));
    !updates || free || over()
}

/// It empties a lease only where it was told to release, and never writes a third name.
pub fn it_writes_only_itself_or_nobody_when_it_releases(step: &Step) -> bool {
    let own = |lease: Lease| lease.holder == Some(step.config.identity);
    let releases = step.config.release_on_cancel && !step.after.leads();
    operations(step).all(|operation| match operation {
        Operation::Get => true,
        Operation::Create(lease) => own(lease),
        Operation::Update(_, lease) => own(lease) || releases && lease.holder == Some(Identity::EMPTY),
    })
}

/// It renews what others gave it.
pub fn a_coordinated_elector_never_takes_a_lease(step: &Step) -> bool {
    !step.config.coordinated
        || operations(step).all(|operation| match operation {
            Operation::Get => true,
            Operation::Create(_) => false,
            Operation::Update(..) => step.after.is_leader(step.config),
        })
}

/// The moment of observation is that of an answer, and does not go back.
pub fn what_it_observed_is_not_newer_than_now(step: &Step) -> bool {
    let in_order = step.before.observed_at() <= step.after.observed_at();
    in_order && step.after.observed_at().is_none_or(|at| at <= step.now.monotonic)
}

/// It reports what it believes, and an event of the lease fits to what it does.
pub fn a_new_leader_is_the_one_it_observes(step: &Step) -> bool {
    let became = step.effects.contains(&Effect::Record(LeaseEvent::BecameLeader));
    let reported = step.effects.iter().all(|effect| match effect {
        Effect::NewLeader(identity) => *identity == step.after.observed().holder,
        _ => true,
    });
    reported && became == step.effects.contains(&Effect::StartedLeading)
}

fn operations(step: &Step) -> impl Iterator<Item = Operation> {
    step.effects.iter().filter_map(|effect| match effect {
        Effect::Request(request) => Some(request.operation),
        _ => None,
    })
}

/// `Run` was called, now or before.
fn started(step: &Step) -> bool {
    step.event == Event::Start || step.before.awaits_reply() || step.before.timers(step.config).next().is_some()
}
