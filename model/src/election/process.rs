//! How kube-controller-manager and cloud-controller-manager use election: two electors in one process.
//!
//! The main elector runs from the start. With leader migration on, the elector for the migration lease is created once
//! the process is ready for it, with the same identity and durations, and neither ever gives a lease back. If either
//! ends, the whole process exits; until it is gone the other elector and all controllers go on.
//!
//! Source: kubernetes/cloud-provider:app/controllermanager.go:256-301,521-548@v0.36.6,
//! kubernetes/kubernetes:cmd/kube-controller-manager/app/controllermanager.go:281-340@v1.30.4.

use super::config::Config;
use super::durations::Durations;
use super::elector::Elector;
use super::event::{Armed, Effect, Event};
use super::healthz::{HealthzAdaptor, TOLERANCE};
use super::record::Identity;
use super::time::{Clock, Monotonic};
use crate::facts::exits::{LOST_LEASE, LostLease};
use crate::launch::Ready;
use crate::launch::duration::GoDuration;
use crate::release::Release;

/// One of the two elections a process takes part in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Election {
    /// For the main lease, from the start.
    Main,
    /// For the migration lease.
    Migration,
}

/// What a process is told once.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProcessConfig {
    /// Both electors': they have the same identity and durations.
    pub elector: Config,
    /// When it begins to contend for the migration lease; `None`: leader migration is off.
    pub migration: Option<Ready>,
    /// How it ends when it loses a lease.
    pub exit: LostLease,
}

impl ProcessConfig {
    /// A manager built with the libraries of `library`'s minor; `migration` as launch found it.
    ///
    /// # Errors
    /// client-go's own message, for an empty identity.
    pub fn new(
        library: Release,
        identity: Identity,
        durations: Durations,
        migration: Option<Ready>,
    ) -> Result<ProcessConfig, &'static str> {
        let exit = *LOST_LEASE.get(library).expect("every release ends a process that lost a lease");
        Ok(ProcessConfig { elector: Config::new(library, identity, durations)?, migration, exit })
    }
}

/// Something that happens to a process. A process that is killed is simply dropped: it gives nothing back.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ProcessEvent {
    /// It starts.
    Start,
    /// To one of its electors: a reply or a timer.
    Election(Election, Event),
    /// Its service-account token controller has started (kube-controller-manager, while it holds the main lease).
    TokenControllerStarted,
    /// An exit that was announced takes place.
    Exit,
}

/// Something a process does.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ProcessEffect {
    /// By one of its electors. [`Effect::Returned`] is never among them: `OnStoppedLeading` does not return.
    Election(Election, Effect),
    /// It lost this lease and exits: [`ProcessEvent::Exit`] follows at once or after the log is flushed, at the latest
    /// at this moment.
    Exiting(Election, Monotonic),
    /// It is gone, with this exit code.
    Exited(u8),
}

/// The state of one process.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Process {
    pub(super) main: Elector,
    /// `None`: not contended for yet.
    pub(super) migration: Option<Elector>,
    healthz: HealthzAdaptor,
    /// Whether the controllers of the main and of the migration lease were started.
    started: [bool; 2],
    pub(super) end: End,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub(super) enum End {
    /// It runs.
    #[default]
    None,
    /// It exits until this moment. Next: exited.
    By(Monotonic),
    /// It is gone.
    Exited,
}

impl Process {
    /// A process before it starts.
    pub fn new() -> Process {
        Process::default()
    }

    /// Takes one event and appends what the process does to `effects`.
    ///
    /// # Panics
    /// If the driver breaks the contract of [`Elector::handle`], or speaks to a process that is gone or to an election
    /// that has not begun.
    pub fn handle(
        &mut self,
        config: &ProcessConfig,
        now: Clock,
        event: ProcessEvent,
        effects: &mut Vec<ProcessEffect>,
    ) {
        assert!(self.end != End::Exited, "the process is gone");
        match event {
            ProcessEvent::Start => self.begin(Election::Main, config, now, effects),
            ProcessEvent::Election(election, event) => self.elect(election, config, now, event, effects),
            ProcessEvent::TokenControllerStarted => {
                assert!(self.started[Election::Main as usize], "the token controller runs under the main lease");
                if config.migration == Some(Ready::AfterTokenController) {
                    self.begin(Election::Migration, config, now, effects);
                }
            }
            ProcessEvent::Exit => {
                assert!(self.end != End::None, "no exit was announced");
                self.end = End::Exited;
                effects.push(ProcessEffect::Exited(config.exit.exit_code));
            }
        }
    }

    /// The timers that run, each with its election.
    pub fn timers(&self, config: &ProcessConfig) -> impl Iterator<Item = (Election, Armed)> + use<> {
        let gone = self.end == End::Exited;
        let main = self.main.timers(&config.elector).map(|armed| (Election::Main, armed));
        let migration = self.migration.map(|elector| elector.timers(&config.elector));
        let migration = migration.into_iter().flatten().map(|armed| (Election::Migration, armed));
        main.chain(migration).filter(move |_| !gone)
    }

    /// One of its electors; `None`: the election has not begun.
    pub fn elector(&self, election: Election) -> Option<&Elector> {
        match election {
            Election::Main => Some(&self.main),
            Election::Migration => self.migration.as_ref(),
        }
    }

    /// True from the start of this election's controllers until the process is gone: controllers that were told to stop
    /// may still be at work.
    pub fn controllers_may_act(&self, election: Election) -> bool {
        self.started[election as usize] && self.end != End::Exited
    }

    /// What `/healthz` answers for the check "leaderElection".
    pub fn is_healthy(&self, config: &ProcessConfig, now: Monotonic) -> bool {
        let watched = self.healthz.watched().and_then(|election| self.elector(election));
        watched.is_none_or(|elector| elector.is_healthy(&config.elector, now, TOLERANCE))
    }

    /// `RunOrDie`
    fn begin(&mut self, election: Election, config: &ProcessConfig, now: Clock, effects: &mut Vec<ProcessEffect>) {
        if election == Election::Migration {
            assert!(self.migration.is_none(), "the migration lease is contended for once");
            self.migration = Some(Elector::new());
        }
        self.healthz.watch(election);
        self.elect(election, config, now, Event::Start, effects);
    }

    fn elect(
        &mut self,
        election: Election,
        config: &ProcessConfig,
        now: Clock,
        event: Event,
        effects: &mut Vec<ProcessEffect>,
    ) {
        let elector = match election {
            Election::Main => &mut self.main,
            Election::Migration => self.migration.as_mut().expect("the election has begun"),
        };
        let mut done = Vec::new();
        elector.handle(&config.elector, now, event, &mut done);
        for effect in done {
            if effect != Effect::Returned {
                effects.push(ProcessEffect::Election(election, effect));
            }
            match effect {
                Effect::StartedLeading => {
                    self.started[election as usize] = true;
                    if (election, &config.migration) == (Election::Main, &Some(Ready::AtOnce)) {
                        self.begin(Election::Migration, config, now, effects);
                    }
                }
                Effect::StoppedLeading if self.end == End::None => {
                    let latest = now.monotonic + GoDuration::seconds(config.exit.flush_seconds.into());
                    self.end = End::By(latest);
                    effects.push(ProcessEffect::Exiting(election, latest));
                }
                _ => {}
            }
        }
    }
}
