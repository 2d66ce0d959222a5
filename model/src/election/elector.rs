//! `LeaderElector.Run` without input and output: acquire, lead, lose, release.
//!
//! Contract: the driver delivers events in the order of time and carries out the effects; it answers every request
//! exactly once, and fires every timer that does not lapse. An elector that waits for a reply fires no timer: like the
//! goroutine it stands for, it is blocked until its request returns. Two events of the same instant may come in either
//! order, and real client-go may then do what either order says.
//!
//! Source: kubernetes/client-go:tools/leaderelection/leaderelection.go:211-312@v0.37.2, and the loops of
//! kubernetes/apimachinery:pkg/util/wait that it calls.

use super::attempt::{Attempt, Memory, Next};
use super::config::Config;
use super::event::{Armed, Effect, Event, Failure, LeaseEvent, Operation, Reply, Request, Timer};
use super::poll::Poll;
use super::record::{Identity, Record};
use super::release::Releasing;
use super::time::{Clock, Monotonic};

/// The state of one elector. Its [`Config`] is kept outside and given to every call; it must be the same each time.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Elector {
    phase: Phase,
    memory: Memory,
    /// `reportedLeader`
    reported: Identity,
    /// The context given to `Run` is cancelled.
    cancelled: bool,
    /// The context given to `OnStartedLeading` lives.
    // invariant: only while leading or releasing
    controllers: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
enum Phase {
    /// Before `Run`.
    #[default]
    Created,
    /// An attempt to acquire. Next: leads, or waits.
    Acquiring(Attempt),
    /// Between two attempts to acquire. Next: acquires.
    Waiting { earliest: Monotonic, latest: Monotonic },
    /// An attempt to renew. Next: sleeps, or polls, or loses.
    Renewing(Poll, Attempt),
    /// Between two attempts of the same renewal. Next: renews, or loses.
    Polling(Poll),
    /// RetryPeriod after a success. Next: renews.
    Sleeping { until: Monotonic },
    /// Empties the lease. Next: returned.
    Releasing(Releasing),
    /// `Run` has returned.
    Returned,
}

impl Elector {
    /// An elector before `Run`.
    pub fn new() -> Elector {
        Elector::default()
    }

    /// Takes one event and appends what the elector does to `effects`.
    ///
    /// # Panics
    /// If the driver breaks the contract: a reply that nothing waits for, or a timer that does not run or fires early.
    pub fn handle(&mut self, config: &Config, now: Clock, event: Event, effects: &mut Vec<Effect>) {
        assert!(config.behaviour.coordination || !config.coordinated, "no coordinated election before 0.31");
        let mut run = Turn { elector: self, config, now, effects };
        match event {
            Event::Start => run.start(),
            Event::Reply(reply) => run.reply(reply),
            Event::Timer(timer) => run.timer(timer),
            Event::Cancel => run.cancel(),
        }
    }

    /// The timers that run, the deadline first: none while a request is in flight.
    pub fn timers(&self, config: &Config) -> impl Iterator<Item = Armed> + use<> {
        let retry = |earliest, latest| Armed { timer: Timer::Retry, earliest, latest, may_lapse: false };
        let timers = match self.phase {
            Phase::Waiting { earliest, latest } => [Some(retry(earliest, latest)), None, None],
            Phase::Sleeping { until } => [Some(retry(until, until)), None, None],
            Phase::Polling(poll) => poll.timers(config),
            _ => [None; 3],
        };
        timers.into_iter().flatten()
    }

    /// True from `OnStartedLeading` until it is cancelled or has failed to renew: what the process believes, not what the
    /// lease says.
    pub fn leads(&self) -> bool {
        self.controllers && matches!(self.phase, Phase::Renewing(..) | Phase::Polling(_) | Phase::Sleeping { .. })
    }

    /// True as long as the context given to `OnStartedLeading` lives: its controllers act. It outlives
    /// [`leads`](Self::leads) where the lease is released first.
    pub fn controllers_run(&self) -> bool {
        self.controllers
    }

    /// True if it waits for a reply.
    pub fn awaits_reply(&self) -> bool {
        matches!(self.phase, Phase::Acquiring(_) | Phase::Renewing(..) | Phase::Releasing(_))
    }

    /// True if `Run` has returned.
    pub fn returned(&self) -> bool {
        self.phase == Phase::Returned
    }

    /// `IsLeader`: the record it observed last names it.
    pub fn is_leader(&self, config: &Config) -> bool {
        self.memory.names(config.identity)
    }

    /// The record it observed last: what it read that was new, or wrote.
    pub fn observed(&self) -> Record {
        self.memory.observed
    }

    /// When it observed that; `None`: never.
    pub fn observed_at(&self) -> Option<Monotonic> {
        self.memory.observed_at
    }

    /// When the attempt in flight began, if there is one.
    pub fn attempt_began(&self) -> Option<Monotonic> {
        match self.phase {
            Phase::Acquiring(attempt) | Phase::Renewing(_, attempt) => Some(attempt.began),
            _ => None,
        }
    }

    /// The end of the renewal that is under way, if one is.
    pub fn renew_deadline(&self) -> Option<Monotonic> {
        match self.phase {
            Phase::Renewing(poll, _) | Phase::Polling(poll) => Some(poll.deadline),
            _ => None,
        }
    }
}

/// One event and the elector it happens to.
struct Turn<'a> {
    elector: &'a mut Elector,
    config: &'a Config,
    now: Clock,
    effects: &'a mut Vec<Effect>,
}

impl Turn<'_> {
    fn start(&mut self) {
        assert!(self.elector.phase == Phase::Created, "Run is called once");
        if self.elector.cancelled { self.end() } else { self.acquire() }
    }

    fn timer(&mut self, timer: Timer) {
        let now = self.now.monotonic;
        let due = self.elector.timers(self.config).any(|armed| armed.timer == timer && armed.earliest <= now);
        assert!(due, "{timer:?} is not due in {:?}", self.elector.phase);
        match (self.elector.phase, timer) {
            (Phase::Waiting { .. }, _) => self.acquire(),
            (Phase::Sleeping { .. }, _) => self.renew(Poll::begin(self.config, now)),
            (Phase::Polling(_), Timer::RenewDeadline) => self.lose(),
            (Phase::Polling(poll), Timer::Retry) if poll.is_over_at_tick(self.config, now) => self.lose(),
            (Phase::Polling(poll), Timer::Retry) => self.renew(poll.tick(self.config, now)),
            (phase, _) => unreachable!("{phase:?} arms no timer"),
        }
    }

    fn reply(&mut self, reply: Reply) {
        let memory = &mut self.elector.memory;
        match &mut self.elector.phase {
            Phase::Acquiring(attempt) => {
                let next = attempt.reply(memory, self.config, self.now, reply);
                self.acquired(next);
            }
            Phase::Renewing(poll, attempt) => {
                poll.context_done |= reply == Reply::Failed(Failure::ContextDone);
                let next = attempt.reply(memory, self.config, self.now, reply);
                self.renewed(next);
            }
            Phase::Releasing(releasing) => {
                let next = releasing.reply(memory, self.config, self.now, reply);
                self.released(next);
            }
            phase => panic!("nothing waits for {reply:?} in {phase:?}"),
        }
    }

    fn cancel(&mut self) {
        if std::mem::replace(&mut self.elector.cancelled, true) {
            return;
        }
        self.stop_controllers();
        match &mut self.elector.phase {
            Phase::Created | Phase::Releasing(_) | Phase::Returned => {}
            Phase::Acquiring(_) => self.effects.push(Effect::CancelRequest),
            Phase::Renewing(poll, _) => {
                poll.context_done = true;
                self.effects.push(Effect::CancelRequest);
            }
            Phase::Waiting { .. } => self.end(),
            Phase::Polling(_) => self.lose(),
            Phase::Sleeping { .. } => self.release(),
        }
    }

    /// An attempt of `acquire`.
    fn acquire(&mut self) {
        let (attempt, next) = Attempt::begin(&self.elector.memory, self.config, self.now);
        self.elector.phase = Phase::Acquiring(attempt);
        self.acquired(next);
    }

    fn acquired(&mut self, next: Next) {
        let durations = self.config.durations;
        match next {
            Next::Send(operation) => self.send(operation, None, self.elector.cancelled),
            Next::Done(false) => {
                self.report();
                let now = self.now.monotonic;
                self.elector.phase =
                    Phase::Waiting { earliest: now + durations.retry(), latest: now + durations.longest_retry() };
                if self.elector.cancelled {
                    self.end();
                }
            }
            Next::Done(true) => {
                self.report();
                self.effects.extend([Effect::Record(LeaseEvent::BecameLeader), Effect::StartedLeading]);
                self.elector.controllers = true;
                if self.elector.cancelled {
                    self.stop_controllers();
                    self.release();
                } else {
                    self.renew(Poll::begin(self.config, self.now.monotonic));
                }
            }
        }
    }

    /// An attempt of `renew`.
    fn renew(&mut self, poll: Poll) {
        let (attempt, next) = Attempt::begin(&self.elector.memory, self.config, self.now);
        self.elector.phase = Phase::Renewing(poll, attempt);
        self.renewed(next);
    }

    fn renewed(&mut self, next: Next) {
        let Phase::Renewing(poll, attempt) = self.elector.phase else { unreachable!("only a renewal ends so") };
        let now = self.now.monotonic;
        match next {
            Next::Send(operation) => self.send(operation, Some(poll.deadline), poll.context_done),
            Next::Done(false) => {
                let poll = poll.failed(self.config, attempt.began, now);
                self.elector.phase = Phase::Polling(poll);
                if poll.is_over_after_attempt(self.config, now) {
                    self.lose();
                }
            }
            Next::Done(true) => {
                self.report();
                self.elector.phase = Phase::Sleeping { until: now + self.config.durations.retry() };
                if self.elector.cancelled {
                    self.release();
                }
            }
        }
    }

    /// The renewal failed for good.
    fn lose(&mut self) {
        self.report();
        if !self.config.behaviour.always_records_stopped {
            self.effects.push(Effect::Record(LeaseEvent::StoppedLeading));
        }
        self.release();
    }

    /// The end of `renew`.
    fn release(&mut self) {
        if !self.config.release_on_cancel {
            return self.stopped();
        }
        let (releasing, next) = Releasing::begin(&self.elector.memory, self.config, self.now);
        self.elector.phase = Phase::Releasing(releasing);
        self.released(next);
    }

    fn released(&mut self, next: Next) {
        let Phase::Releasing(releasing) = self.elector.phase else { unreachable!("only a release ends so") };
        match next {
            Next::Send(operation) => self.send(operation, releasing.deadline, false),
            Next::Done(_) => self.stopped(),
        }
    }

    /// `renew` has returned.
    fn stopped(&mut self) {
        if self.config.behaviour.always_records_stopped {
            self.effects.push(Effect::Record(LeaseEvent::StoppedLeading));
        }
        self.stop_controllers();
        self.end();
    }

    /// The end of `Run`.
    fn end(&mut self) {
        self.elector.phase = Phase::Returned;
        self.effects.extend([Effect::StoppedLeading, Effect::Returned]);
    }

    fn stop_controllers(&mut self) {
        if std::mem::take(&mut self.elector.controllers) {
            self.effects.push(Effect::StopControllers);
        }
    }

    /// `maybeReportTransition`
    fn report(&mut self) {
        let holder = self.elector.memory.observed.holder;
        if std::mem::replace(&mut self.elector.reported, holder) != holder {
            self.effects.push(Effect::NewLeader(holder));
        }
    }

    fn send(&mut self, operation: Operation, deadline: Option<Monotonic>, cancelled: bool) {
        let now = self.now.monotonic;
        let timeout = now + self.config.durations.request_timeout();
        let context_done = cancelled || deadline.is_some_and(|deadline| deadline < now);
        self.effects.push(Effect::Request(Request { operation, deadline, timeout, context_done }));
    }
}
