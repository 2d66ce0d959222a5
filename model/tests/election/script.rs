//! The commands of a script.

use super::actor::{Actor, Fault, Input, Machine};
use super::print::{Names, seconds};
use super::world::World;
use leasehold_model::election::{
    Config, Durations, Election, Event, Failure, Lease, ProcessConfig, Reply, Strategy, TOLERANCE,
};
use leasehold_model::launch::duration::GoDuration;
use leasehold_model::launch::{NeverReady, Ready};
use leasehold_model::release::Release;
use std::error::Error;
use std::str::FromStr;

/// A command; every actor has a name.
#[derive(goldenscript::Command)]
pub enum Command {
    /// Declares an elector alone.
    Elector {
        name: String,
        #[arg(key)]
        lease: Option<String>,
        #[arg(key)]
        identity: Option<String>,
        #[arg(key, optional)]
        release: bool,
        #[arg(key, optional)]
        coordinated: bool,
        #[arg(key, many, optional)]
        settings: Vec<(String, String)>,
    },
    /// Declares a manager with its two elections.
    Manager {
        name: String,
        #[arg(key)]
        main: String,
        #[arg(key)]
        migration: Option<String>,
        #[arg(key)]
        ready: Option<String>,
        #[arg(key, many, optional)]
        settings: Vec<(String, String)>,
    },
    /// `Run` is called, or the process starts.
    Start(Vec<String>),
    /// The manager's service-account token controller has started.
    Token(String),
    /// The context given to `Run` is cancelled.
    Cancel(String),
    /// SIGKILL; also SIGTERM, which managers do not handle.
    Kill(String),
    /// SIGSTOP for so long: its clocks go on.
    Pause(String, Span),
    /// Its host is suspended for so long: the monotonic clock stands still, the wall clock is set right afterwards.
    Suspend(String, Span),
    /// Its wall clock is set forward.
    Wall(String, Span),
    /// Its wall clock stands still from now on.
    StopWall(String),
    /// Requests of a kind (`get`, `create`, `update`, `all`) go wrong, `times` of them (1) or all until healed.
    Fault {
        name: String,
        kind: String,
        what: String,
        delay: Option<Span>,
        #[arg(key)]
        times: Option<String>,
    },
    /// Ends all faults of an actor.
    Heal(String),
    /// Somebody writes fields of the lease.
    Edit(#[arg(many, optional)] Vec<(String, String)>),
    /// Somebody deletes the lease.
    Delete(Option<String>),
    /// Shows the lease.
    Lease(Option<String>),
    /// Asks for the check "leaderElection".
    Health(String),
    /// Lets time pass.
    Run(Span),
}

/// A duration as Go spells it.
#[derive(Clone, Copy)]
pub struct Span(i64);

impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Span, String> {
        GoDuration::parse(text).map(|duration| Span(duration.nanos))
    }
}

/// A script that runs.
#[derive(Default)]
pub struct Script {
    world: World,
}

const LEASE: &str = "lease";

impl goldenscript::Runner for Script {
    type Command = Command;

    fn run(&mut self, command: &Command, _context: &goldenscript::Context) -> Result<String, Box<dyn Error>> {
        let world = &mut self.world;
        match command {
            Command::Elector { name, lease, identity, release, coordinated, settings } => {
                let lease = lease.clone().unwrap_or_else(|| LEASE.into());
                let settings = Settings::read(settings)?;
                let identity = world.names.number(identity.as_ref().unwrap_or(name));
                let mut config = Config::new(settings.version, identity, settings.durations)?;
                config.release_on_cancel = *release;
                config.coordinated = *coordinated;
                let machine = Machine::Alone(config, Box::default());
                world.actors.push(settings.actor(name, machine, [lease.clone(), lease]));
            }
            Command::Manager { name, main, migration, ready, settings } => {
                let settings = Settings::read(settings)?;
                let ready = match ready.as_deref() {
                    Some("token") => Ready::AfterTokenController,
                    Some("never") => Ready::Never(NeverReady::CoordinatedElection),
                    Some(other) => return Err(format!("no such readiness: {other}").into()),
                    None => Ready::AtOnce,
                };
                let ready = migration.as_ref().map(|_| ready);
                let identity = world.names.number(name);
                let config = ProcessConfig::new(settings.version, identity, settings.durations, ready)?;
                let leases = [main.clone(), migration.clone().unwrap_or_default()];
                let machine = Machine::Manager(config, Box::default());
                world.actors.push(settings.actor(name, machine, leases));
            }
            Command::Start(names) => {
                for name in names {
                    let actor = self.actor(name)?;
                    self.world.happen(actor, Input::Start);
                }
            }
            Command::Token(name) => self.happen(name, Input::TokenControllerStarted)?,
            Command::Cancel(name) => self.happen(name, Input::Elector(Election::Main, Event::Cancel))?,
            Command::Kill(name) => {
                let actor = self.actor(name)?;
                self.world.actors[actor].dead = true;
                self.world.compare_leaders();
            }
            Command::Pause(name, Span(duration)) => {
                let actor = self.actor(name)?;
                self.world.actors[actor].paused_until = self.world.now + duration;
            }
            Command::Suspend(name, Span(duration)) => {
                let actor = self.actor(name)?;
                let actor = &mut self.world.actors[actor];
                actor.paused_until = self.world.now + duration;
                actor.clock.suspended += actor.clock.local(*duration);
                actor.clock.wall_ahead += actor.clock.local(*duration) / 1000;
            }
            Command::Wall(name, Span(ahead)) => {
                let actor = self.actor(name)?;
                self.world.actors[actor].clock.wall_ahead += ahead / 1000;
            }
            Command::StopWall(name) => {
                let actor = self.actor(name)?;
                let clock = &mut self.world.actors[actor].clock;
                clock.wall_stopped = Some(clock.at(self.world.now).wall);
            }
            Command::Fault { name, kind, what, delay, times } => {
                let fault = fault(what, *delay)?;
                let times = match times.as_deref() {
                    Some("all") => None,
                    Some(times) => Some(times.parse()?),
                    None => Some(1),
                };
                let actor = self.actor(name)?;
                let kinds = ["get", "create", "update"].into_iter().filter(|of| kind == of || kind == "all");
                self.world.actors[actor].faults.extend(kinds.map(|kind| (kind, fault, times)));
            }
            Command::Heal(name) => {
                let actor = self.actor(name)?;
                self.world.actors[actor].faults.clear();
            }
            Command::Edit(fields) => {
                let mut lease = world.store.get(LEASE).map(|(_, lease)| lease).unwrap_or_default();
                for (field, value) in fields {
                    edit(&mut lease, &mut world.names, field, value)?;
                }
                world.store.put(LEASE, lease);
            }
            Command::Delete(name) => world.store.delete(name.as_deref().unwrap_or(LEASE)),
            Command::Lease(name) => {
                let name = name.as_deref().unwrap_or(LEASE);
                return Ok(match world.store.get(name) {
                    None => format!("{name}: none\n"),
                    Some((version, lease)) => format!("{name} v{}: {}\n", version.0, world.names.lease(lease)),
                });
            }
            Command::Health(name) => {
                let actor = self.actor(name)?;
                let actor = &self.world.actors[actor];
                let now = actor.clock.at(self.world.now).monotonic;
                let healthy = match &actor.machine {
                    Machine::Alone(config, elector) => elector.is_healthy(config, now, TOLERANCE),
                    Machine::Manager(config, process) => process.is_healthy(config, now),
                };
                let health = if healthy { "ok" } else { "failed" };
                return Ok(format!("{:>7}  {name} leaderElection {health}\n", seconds(self.world.now)));
            }
            Command::Run(Span(duration)) => return Ok(self.world.run_until(self.world.now + duration)),
        }
        Ok(self.world.take_lines())
    }
}

impl Script {
    fn actor(&self, name: &str) -> Result<usize, Box<dyn Error>> {
        let found = self.world.actors.iter().rposition(|actor| actor.name == name);
        found.ok_or_else(|| format!("no elector {name}").into())
    }

    fn happen(&mut self, name: &str, input: Input) -> Result<(), Box<dyn Error>> {
        let actor = self.actor(name)?;
        self.world.happen(actor, input);
        Ok(())
    }
}

/// What electors and managers have in common.
struct Settings {
    version: Release,
    durations: Durations,
    jitter: i64,
    ppm: i64,
    latency: i64,
    flush: i64,
}

impl Settings {
    fn read(given: &[(String, String)]) -> Result<Settings, Box<dyn Error>> {
        let mut settings =
            Settings { version: Release::NEWEST, durations: Durations::CORE, jitter: 0, ppm: 0, latency: 0, flush: 0 };
        for (key, value) in given {
            match key.as_str() {
                "version" => settings.version = value.parse().map_err(|_| "no such version")?,
                "durations" => {
                    let parts: Vec<GoDuration> = value.split('/').map(GoDuration::parse).collect::<Result<_, _>>()?;
                    let &[lease, renew, retry] = &parts[..] else { return Err("three durations are needed".into()) };
                    settings.durations = Durations::new(lease, renew, retry)?;
                }
                "jitter" => settings.jitter = value.parse::<Span>()?.0,
                "ppm" => settings.ppm = value.parse()?,
                "latency" => settings.latency = value.parse::<Span>()?.0,
                "flush" => settings.flush = value.parse::<Span>()?.0,
                _ => return Err(format!("no such setting: {key}").into()),
            }
        }
        Ok(settings)
    }

    fn actor(&self, name: &str, machine: Machine, leases: [String; 2]) -> Actor {
        let mut actor = Actor::new(name, machine, leases);
        actor.clock.ppm = self.ppm;
        (actor.jitter, actor.latency, actor.flush) = (self.jitter, self.latency, self.flush);
        actor
    }
}

fn fault(what: &str, delay: Option<Span>) -> Result<Fault, Box<dyn Error>> {
    let delay = || delay.map(|Span(delay)| delay).ok_or("how long?");
    let refused = |failure| Fault::Refused(Reply::Failed(failure));
    Ok(match what {
        "lost" => Fault::Lost,
        "dropped" => Fault::Dropped,
        "slow" => Fault::Slow(delay()?),
        "late" => Fault::Late(delay()?),
        "conflict" => refused(Failure::Conflict),
        "exists" => refused(Failure::AlreadyExists),
        "forbidden" => refused(Failure::Forbidden),
        "error" => refused(Failure::Other),
        _ => return Err(format!("no such fault: {what}").into()),
    })
}

fn edit(lease: &mut Lease, names: &mut Names, field: &str, value: &str) -> Result<(), Box<dyn Error>> {
    match field {
        "holder" => lease.holder = Some(names.number(value)),
        "duration" => lease.duration_seconds = Some(value.parse()?),
        "transitions" => lease.transitions = Some(value.parse()?),
        "renewed" => {
            let Span(nanos) = value.parse()?;
            lease.renewed = Some(leasehold_model::election::Wall(nanos / 1000));
        }
        "preferred" => lease.preferred = Some(names.number(value)),
        "strategy" => lease.strategy = Some(Strategy(value.parse()?)),
        _ => return Err(format!("no such field: {field}").into()),
    }
    Ok(())
}
