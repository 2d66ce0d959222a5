//! The catalogue: what can go wrong when cloud controllers change managers, H1 to H24.
//!
//! Only what no file says is here. How a hazard comes about, its sources and its links are in the comment at the head of
//! its scenarios (`scenarios/library/hazards/`), its verdicts are what they expect.

/// One hazard.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Hazard {
    /// `H6`: stable, never reused.
    pub name: &'static str,
    /// What goes wrong, in one line.
    pub title: &'static str,
    /// The releases of Kubernetes in which it can happen.
    pub since: &'static str,
}

const fn hazard(name: &'static str, title: &'static str, since: &'static str) -> Hazard {
    Hazard { name, title, since }
}

/// All of them, in order.
pub static HAZARDS: [Hazard; 24] = [
    hazard("H1", "the built-in default names controllers that do not exist", "since 1.28"),
    hazard("H2", "the file that the guide prints is refused, or protects nothing", "since 1.21"),
    hazard("H3", "going back without the flag that was dropped on the way", "since 1.21"),
    hazard("H4", "an old name works in --controllers and not in the migration file", "since 1.28"),
    hazard("H5", "the cloud-controller-manager is there before the last KCM has let go", "every release"),
    hazard("H6", "no rights on the lease: managers look healthy, controllers run nowhere", "since 1.21"),
    hazard("H7", "a lease is given back before the controllers have stopped", "since 1.36, behind a gate"),
    hazard("H8", "two durations for one lease: whoever waits counts its own", "up to client-go 0.26"),
    hazard("H9", "a lease duration with a fraction of a second is recorded without it", "every release"),
    hazard("H10", "two migration leases, one for each manager", "since 1.21"),
    hazard("H11", "leader migration is off in one of several cloud-controller-managers", "since 1.21"),
    hazard("H12", "kubelet and cloud-controller-manager both write node addresses", "up to 1.30"),
    hazard("H13", "no leader election, no lock, no leader migration", "since 1.21"),
    hazard("H14", "different names, namespaces or lock types for the migration lease", "since 1.21, types up to 1.23"),
    hazard("H15", "a stale read of the lease", "no release: writes compare versions"),
    hazard("H16", "a call to the cloud takes effect after the lease was lost", "every release"),
    hazard("H17", "node IPAM runs in both managers", "every release"),
    hazard("H18", "the lease is deleted or edited by hand", "every release"),
    hazard("H19", "a component's name is mistyped in the migration file", "since 1.21"),
    hazard("H20", "coordinated leader election: the migration lease is given to nobody", "since 1.31, behind a gate"),
    hazard("H21", "a manager with nothing to run holds the migration lease", "since 1.21"),
    hazard("H22", "the migration lease is a main lease", "since 1.21"),
    hazard("H23", "a removed provider or gate: managers that never get to work", "every upgrade across a removal"),
    hazard("H24", "the lock type endpoints, which is validated and then refused", "since 1.24"),
];
