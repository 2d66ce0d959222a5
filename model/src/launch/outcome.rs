//! What a manager process does once it is started: the output of launch.

use crate::controller::ControllerSet;
use crate::lease::LeaseId;

/// What launch found out about one manager.
#[derive(Clone, PartialEq, Debug)]
pub struct Launch {
    /// Refuses, runs without a lock, or runs with leases.
    pub outcome: Outcome,
    /// The values that decided it, with where each came from.
    pub settings: super::settings::Settings,
}

/// What the process does.
#[derive(Clone, PartialEq, Debug)]
pub enum Outcome {
    /// It exits, and its supervisor starts it again: a crash loop.
    Refuses(Refusal),
    /// `--leader-elect=false`: it runs all of these at once, holds no lease, and leader migration is silently off.
    Unlocked(ControllerSet),
    /// It elects a leader.
    Runs(Running),
}

/// How a process refuses to run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// Before or after it took its main lease.
    pub when: RefusesWhen,
    /// Which of its decisions ends it.
    pub cause: Cause,
    /// What the real binary prints, as far as it depends on nothing but the input.
    pub message: String,
    /// The process's exit code.
    pub exit_code: u8,
    /// `Some(i)`: argument `i` is the cause.
    pub arg: Option<usize>,
}

/// Which decision of a real binary ends its process.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cause {
    /// `--help`, `--version`: it was only asked to print something.
    Prints,
    /// A flag that it does not have.
    UnknownFlag,
    /// The line's syntax, the form of a flag's value, or an argument that is no flag.
    CommandLine,
    /// A feature gate that it does not have, or that is locked to another value.
    FeatureGate,
    /// A name in `--controllers` that is no controller.
    UnknownController,
    /// An in-tree cloud provider that this release does not have or does not allow.
    InTreeProvider,
    /// No cloud provider where it cannot do without.
    NoProvider,
    /// An allocator of node CIDRs that works with an in-tree cloud provider only.
    CidrAllocator,
    /// CIDRs that a controller needs and cannot use.
    ClusterCidr,
    /// The leader migration configuration, or its feature gate.
    MigrationConfig,
    /// The lock type of the migration lease.
    MigrationLock,
    /// The lock type of the main lease.
    MainLock,
    /// The durations of the election.
    Durations,
    /// kube-controller-manager has no private key for service accounts.
    NoPrivateKey,
    /// The cloud provider's `Initialize`, called once more for the migration lease.
    SecondInitialize,
    /// kube-controller-manager's informers, made once more for the migration lease under a name that is taken.
    SecondInformers,
}

/// When a process refuses.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RefusesWhen {
    /// At start: it never holds anything.
    BeforeLocks,
    /// After it took this main lease: the crash loop flaps the lease, and the dead process stays its holder for a
    /// lease duration each round.
    AfterMainLock(LeaseId),
}

/// A process that elects a leader and runs controllers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Running {
    /// The main lease, which it contends for from its start.
    pub main: LeaseId,
    /// What it runs while it holds the main lease.
    pub main_set: ControllerSet,
    /// The migration lease, if leader migration is on.
    pub migration: Option<Migration>,
}

/// The second election of a process with leader migration on. It begins only after the main lease is held.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Migration {
    /// The migration lease.
    pub lease: LeaseId,
    /// What it runs while it holds both leases. May be empty: then it holds the lease for nothing.
    pub set: ControllerSet,
    /// When it begins to contend.
    pub ready: Ready,
    /// If set, the process exits as soon as it holds the lease: a crash loop that runs the main set for a while in
    /// each round.
    pub dies: Option<Death>,
}

/// How a process ends that gets as far as its migration lease.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Death {
    /// Which of its decisions ends it.
    pub cause: Cause,
    /// What the real binary prints, as far as it depends on nothing but the input.
    pub message: String,
    /// The process's exit code.
    pub exit_code: u8,
}

/// When a process with leader migration on begins to contend for the migration lease.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ready {
    /// As soon as it leads (cloud-controller-manager).
    AtOnce,
    /// Once the service-account token controller is started (kube-controller-manager).
    AfterTokenController,
    /// Never.
    Never(NeverReady),
}

/// Why a kube-controller-manager with leader migration on never contends for the migration lease.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NeverReady {
    /// `--controllers` leaves out the controller of this name, whose start is the signal to contend.
    TokenControllerOff(&'static str),
    /// Coordinated election gives a lease to announced candidates only, and it announces none for this one.
    CoordinatedElection,
}

impl std::fmt::Display for NeverReady {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            NeverReady::TokenControllerOff(token) => write!(
                f,
                "--controllers leaves out {token}, whose start is the signal to contend for the migration lease"
            ),
            NeverReady::CoordinatedElection => f.write_str(
                "with CoordinatedLeaderElection the migration lease is given only to announced candidates, and \
                 kube-controller-manager announces none for it",
            ),
        }
    }
}
