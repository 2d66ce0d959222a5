//! `leasehold explore`: stateright's Explorer over a scenario, on loopback: the search as a web page, state by state.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::net::{SocketAddr, TcpListener};

use leasehold_model::explore::System as _;
use leasehold_model::migration::moves::Cluster;
use leasehold_model::migration::properties::in_two_processes;
use leasehold_model::migration::state::{Packed, Place, Side, Stage};
use leasehold_model::migration::{Action, Direction};
use leasehold_scenarios::compile::compile;
use leasehold_scenarios::inventory::files::Disk;
use leasehold_scenarios::resolve::{Request, resolve};
use stateright::{Model, Property};

use super::Ran;
use crate::exit::Failure;

const EXAMPLES: &str = "\
Examples:
  leasehold explore scenario.yaml
  leasehold explore scenario.yaml --listen 127.0.0.1:8080

Open the printed address in a browser. It serves until it is interrupted, to this machine only.

Exit codes:
  2  bad input or usage
  3  the cluster is too large to search
  4  the address cannot be listened on";

/// The arguments of `explore`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// A scenario file, or a directory with scenario.yaml, or with before/ and after/.
    #[arg(value_name = "SCENARIO")]
    scenario: std::path::PathBuf,
    /// Where to listen; a loopback address.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:3000")]
    listen: SocketAddr,
}

/// Serves until the process is ended.
///
/// # Errors
/// If the input is bad or the address cannot be listened on.
pub fn run(args: &Args) -> Ran {
    if !args.listen.ip().is_loopback() {
        return Err(Failure::Usage(format!(
            "{} is no loopback address: the Explorer has no access control and serves this machine only",
            args.listen
        )));
    }
    let request = Request { paths: vec![args.scenario.to_string_lossy().into_owned()], ..Request::default() };
    let resolved = resolve(&request, &Disk).map_err(|failed| Failure::unread(*failed, "nothing is served"))?;
    let titles = resolved.managers.iter().map(|manager| manager.title.clone()).collect();
    let plan = compile(&resolved);
    let cluster = Cluster::new(&plan.problem()).map_err(Failure::TooLarge)?;
    // One scene for as long as the process lives: every state that the Explorer prints borrows it.
    let scene: &'static Scene = Box::leak(Box::new(Scene { cluster, titles }));
    // The Explorer's server panics where it cannot listen.
    drop(TcpListener::bind(args.listen).map_err(|error| Failure::Environment(format!("{}: {error}", args.listen)))?);
    super::print(&format!("{}: http://{}/ until interrupted\n", resolved.title, args.listen))?;
    Walk(scene).checker().serve(args.listen);
    Err(Failure::Environment("the Explorer ended".into()))
}

/// The problem with names for people.
struct Scene {
    cluster: Cluster,
    /// Of each process.
    titles: Vec<String>,
}

/// The problem as stateright takes it. One `always` property: stateright 0.31.0 ends a search at the first violation
/// of any.
struct Walk(&'static Scene);

impl Model for Walk {
    type State = State;
    type Action = Step;

    fn init_states(&self) -> Vec<State> {
        self.0.cluster.initial().into_iter().map(|packed| State { scene: self.0, packed }).collect()
    }

    fn actions(&self, state: &State, actions: &mut Vec<Step>) {
        self.0.cluster.successors(state.packed, &mut |action, next| {
            actions.push(Step { state: *state, action, next });
        });
    }

    fn next_state(&self, _: &State, step: Step) -> Option<State> {
        Some(State { packed: step.next, ..step.state })
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![Property::always("exclusive", |walk: &Walk, state: &State| {
            in_two_processes(&walk.0.cluster, state.packed).is_empty()
        })]
    }

    fn format_action(&self, step: &Step) -> String {
        format!("{step:?}")
    }
}

/// A state that can be printed.
#[derive(Clone, Copy)]
struct State {
    scene: &'static Scene,
    packed: Packed,
}

impl PartialEq for State {
    fn eq(&self, other: &State) -> bool {
        self.packed == other.packed
    }
}

impl Eq for State {}

impl Hash for State {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.packed.hash(hasher);
    }
}

impl State {
    fn name(&self, place: Place) -> String {
        let pool = &self.scene.cluster.problem.pools[usize::from(place.pool)];
        format!("{}-{}", pool.name, place.slot + 1)
    }

    fn process(&self, at: usize) -> Option<&str> {
        let Scene { cluster, titles } = self.scene;
        let place = cluster.layout.places()[at];
        let position = usize::from(cluster.layout.position(self.packed));
        let position = match cluster.layout.side(self.packed, at) {
            Side::Absent => return None,
            Side::Old => position,
            Side::New => position + 1,
        };
        let pool = &cluster.problem.pools[usize::from(place.pool)];
        let process = pool.runs[position][usize::from(place.component)]?;
        titles.get(usize::from(process)).map(String::as_str)
    }
}

impl fmt::Debug for State {
    /// One line for each process: where, what, how far, what it runs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cluster = &self.scene.cluster;
        let position = usize::from(cluster.layout.position(self.packed));
        match cluster.problem.steps.get(position) {
            Some(step) => writeln!(f, "step {}: {}", position + 1, step.title)?,
            None => writeln!(f, "every step is complete")?,
        }
        for (at, &place) in cluster.layout.places().iter().enumerate() {
            let Some(process) = self.process(at) else { continue };
            let stage = cluster.layout.stage(self.packed, at);
            write!(f, "{:<6} {process}: {}", self.name(place), words(stage))?;
            let acting = cluster.acting(self.packed, at);
            if acting.is_empty() { writeln!(f)? } else { writeln!(f, ", runs {acting}")? }
        }
        let exists = |at: &usize| cluster.layout.exists(self.packed, *at as u8);
        for at in (0..cluster.problem.leases.len()).filter(exists) {
            let holder = cluster.holder(self.packed, at as u8);
            let holder = holder.map_or("nobody".into(), |at| self.name(cluster.layout.places()[at]));
            writeln!(f, "lease  {}: {holder}", cluster.problem.leases[at])?;
        }
        let twice = in_two_processes(cluster, self.packed);
        if twice.is_empty() { Ok(()) } else { writeln!(f, "IN TWO PROCESSES: {twice}") }
    }
}

fn words(stage: Stage) -> &'static str {
    match stage {
        Stage::Down => "down",
        Stage::Pending => "its pod has no node",
        Stage::Standby => "waits for its main lease",
        Stage::Leading => "leads",
        Stage::Both => "leads and holds the migration lease",
        Stage::Unlocked => "runs without a lease",
        Stage::Refusing => "exits at every start",
        Stage::Flapping => "took its main lease and is about to exit",
        Stage::LeadingStale => "lost its main lease and has not noticed",
        Stage::BothMainLost => "holds the migration lease; lost its main lease and has not noticed",
        Stage::BothMigrationLost => "leads; lost the migration lease and has not noticed",
        Stage::BothLost => "lost both leases and has not noticed",
    }
}

/// What happens, in which state, and where it leads.
#[derive(Clone, Copy, PartialEq)]
struct Step {
    state: State,
    action: Action,
    next: Packed,
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cluster = &self.state.scene.cluster;
        let after = State { packed: self.next, ..self.state };
        let at = |place: Place| cluster.layout.index(place);
        let title = |place: Place, state: &State| state.process(at(place)).unwrap_or("nothing").to_string();
        let name = |place| self.state.name(place);
        let way = |direction| if direction == Direction::Back { "undone" } else { "done" };
        match self.action {
            Action::Schedule(p) => write!(f, "{}: the pod of {} gets a node", name(p), title(p, &self.state)),
            Action::Start(p) => write!(f, "{}: {} starts", name(p), title(p, &self.state)),
            Action::AcquireMain(p) => write!(f, "{}: {} takes its main lease", name(p), title(p, &self.state)),
            Action::AcquireMigration(p) => {
                write!(f, "{}: {} takes the migration lease", name(p), title(p, &self.state))
            }
            Action::OvertakeMain(p) | Action::OvertakeMigration(p) => {
                write!(f, "{}: {} takes a lease while its holder still acts", name(p), title(p, &self.state))
            }
            Action::Exit(p) => write!(f, "{}: {} exits", name(p), title(p, &self.state)),
            Action::Crash(p) => write!(f, "{}: {} crashes", name(p), title(p, &self.state)),
            Action::Apply(d) => write!(f, "the step is {} everywhere", way(d)),
            Action::Edit(d, p) => {
                write!(
                    f,
                    "{}: the step is {}: {} instead of {}",
                    name(p),
                    way(d),
                    title(p, &after),
                    title(p, &self.state)
                )
            }
            Action::Cordon(d, p) => write!(f, "{}: the step is {} here: cordoned or not", name(p), way(d)),
            Action::ReplaceSlot(d, p) => write!(f, "{}: the node is replaced, the step is {} here", name(p), way(d)),
            Action::AddSlot(d, p) => write!(f, "{}: a node is added, the step is {} here", name(p), way(d)),
            Action::RemoveSlot(d, p) => write!(f, "{}: the node is removed, the step is {} here", name(p), way(d)),
            Action::DeleteLease(at) => {
                write!(f, "somebody deletes {}", cluster.problem.leases[usize::from(at)])
            }
        }
    }
}
