//! `LeaderElector.Run` without input and output: acquire, lead, lose, release.
//!
//! Source: kubernetes/client-go:tools/leaderelection/leaderelection.go:211-312@v0.37.2, and the loops of
//! kubernetes/apimachinery:pkg/util/wait that it calls.

use super::attempt::{Attempt, Next};
use super::config::Config;
use super::elector::{Elector, Phase};
use super::event::{Effect, Event, Failure, LeaseEvent, Operation, Reply, Request, Timer};
use super::poll::Poll;
use super::release::Releasing;
use super::time::{Clock, Monotonic};

/// One event and the elector it happens to.
pub(super) struct Turn<'a> {
    pub elector: &'a mut Elector,
    pub config: &'a Config,
    pub now: Clock,
    pub effects: &'a mut Vec<Effect>,
}

impl Turn<'_> {
    /// Takes the event.
    pub fn take(&mut self, event: Event) {
        match event {
            Event::Start => self.start(),
            Event::Reply(reply) => self.reply(reply),
            Event::Timer(timer) => self.timer(timer),
            Event::Cancel => self.cancel(),
        }
    }

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
