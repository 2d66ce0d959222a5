//! The options for what is read, shared by every command that reads.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use leasehold_model::controller::Controller;
use leasehold_model::lease_time::question::Parameter;
use leasehold_model::release::Release;
use leasehold_scenarios::inventory::files::Disk;
use leasehold_scenarios::resolve::{Request, Resolved, resolve};

use crate::exit::Failure;

/// What to read, and what the files do not say.
#[derive(clap::Args, Clone, Debug)]
pub struct Input {
    /// A scenario file, a directory with scenario.yaml, a directory with before/ and after/, or two paths: before and
    /// after. `-` reads standard input.
    #[arg(value_name = "PATH", required = true, num_args = 1..)]
    pub paths: Vec<PathBuf>,
    /// Kubernetes release before the migration, where no image tag says it: 1.29
    #[arg(long, value_name = "RELEASE")]
    pub before: Option<Release>,
    /// Kubernetes release after the migration: 1.30
    #[arg(long, value_name = "RELEASE")]
    pub after: Option<Release>,
    /// Control-plane nodes, 1 to 5 [default: what the scenario says, else 3]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=5))]
    pub nodes: Option<u8>,
    /// The k8s.io/cloud-provider release that the cloud-controller-manager was built with: 0.30
    #[arg(long, value_name = "RELEASE")]
    pub cloud_provider_library: Option<Release>,
    /// Whose cloud-controller-manager it is, where its image does not say: azure
    #[arg(long, value_name = "NAME")]
    pub vendor: Option<String>,
    /// A controller that is given up on purpose, such as `route` with an overlay network: no manager has to run it; may be
    /// given several times
    #[arg(long, value_name = "CONTROLLER", value_delimiter = ',', value_parser = controller())]
    pub given_up: Vec<Controller>,
}

/// What is assumed of time; what is given goes before what a scenario says.
#[derive(clap::Args, Clone, Default, Debug)]
#[command(next_help_heading = "Assumptions about time")]
pub struct Timing {
    /// The longest time that a request takes, from sending it to its answer being processed or given up; `any`: whatever
    /// the client waits for [default: what the scenario says, else 500ms]
    #[arg(long, value_name = "DURATION")]
    reply_delay: Option<String>,
    /// The longest time from losing a lease to the last act of a controller [default: what the scenario says, else 100ms]
    #[arg(long, value_name = "DURATION")]
    stop_time: Option<String>,
    /// One pause of a leader's process, at most; 0s: none [default: what the scenario says, else 0s]
    #[arg(long, value_name = "DURATION")]
    pause: Option<String>,
    /// How far each host's clock may run fast or slow: 500ppm, 0.05% [default: what the scenario says, else 0ppm]
    #[arg(long, value_name = "RATE")]
    clock_rate: Option<String>,
}

impl Timing {
    /// What was given.
    fn given(&self) -> Vec<(Parameter, String)> {
        let all = [
            (Parameter::ReplyDelay, &self.reply_delay),
            (Parameter::StopTime, &self.stop_time),
            (Parameter::Pause, &self.pause),
            (Parameter::ClockRate, &self.clock_rate),
        ];
        all.into_iter().filter_map(|(parameter, text)| Some((parameter, text.clone()?))).collect()
    }
}

/// The controllers' names.
fn controller() -> impl TypedValueParser<Value = Controller> {
    let known = PossibleValuesParser::new(Controller::ALL.map(Controller::name));
    known.map(|name| name.parse().expect("one of the names above"))
}

impl Input {
    /// Reads and resolves everything.
    ///
    /// # Errors
    /// Every problem of every file at once. `consequence` says what was not done: `nothing was checked`.
    pub fn resolve(&self, timing: &Timing, consequence: &'static str) -> Result<Resolved, Failure> {
        let request = Request { timing: timing.given(), ..self.request() };
        resolve(&request, &Disk).map_err(|failed| Failure::unread(*failed, consequence))
    }

    /// What was given, as the reader takes it.
    pub fn request(&self) -> Request {
        Request {
            paths: self.paths.iter().map(|path| path.to_string_lossy().into_owned()).collect(),
            before: self.before.map(|release| release.to_string()),
            after: self.after.map(|release| release.to_string()),
            nodes: self.nodes,
            library: self.cloud_provider_library.map(Release::library),
            vendor: self.vendor.clone(),
            given_up: self.given_up.clone(),
            timing: Vec::new(),
        }
    }
}
