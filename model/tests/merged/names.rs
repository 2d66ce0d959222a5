//! The one state that stands for all that differ in names only. So the states are finitely many, and a search that ends is
//! complete.

use leasehold_model::election::{Identity, Monotonic, Names, Version, Wall};

use super::state::{BOTH, InFlight, LEASES, PLACES, Step, TICK, World, identity, newest};

/// A process that is gone, and whose name is in no lease.
const GONE: Identity = Identity(100);
/// A time that nobody can write again.
const OLD_WALL: Wall = Wall(-1_000_000_000_000);

/// Every version but the newest.
const OLD: Version = Version(0);

/// Gives names back that make no difference from here on.
pub struct Canonical {
    /// Moments are counted from this much later.
    by: i64,
    /// After this a moment is as good as any earlier one: the longest LeaseDuration.
    long: i64,
    /// Times that stand in a lease, or that somebody may still write into one. A record that was seen and has another time
    /// differs from every record that may be read.
    walls: Vec<Wall>,
    /// Identities of processes that are gone and stand in a lease.
    gone: Vec<Identity>,
    /// The newest version of each lease.
    versions: [Option<Version>; LEASES],
    alive: [bool; PLACES],
}

impl Canonical {
    /// The same state under its canonical names; no LeaseDuration is longer than `long`.
    pub fn of(world: &World, long: i64) -> World {
        Canonical::moved(world, long, 0)
    }

    /// The state one tick later.
    pub fn later(world: &World, long: i64) -> World {
        let mut world = Canonical::moved(world, long, TICK);
        for up in world.spots.iter_mut().filter_map(|spot| spot.up.as_mut()) {
            up.requests.iter_mut().flatten().for_each(|request| request.left -= 1);
            up.exits = up.exits.map(|left| left - 1);
        }
        world
    }

    fn moved(world: &World, long: i64, by: i64) -> World {
        let versions = world.leases.map(|lease| lease.map(|(version, _)| version));
        let alive = world.spots.map(|spot| spot.up.is_some());
        let stored = || world.leases.iter().flatten().map(|(_, lease)| lease);
        let ups = world.spots.iter().filter_map(|spot| spot.up.as_ref());
        let electors = ups.flat_map(|up| BOTH.into_iter().filter_map(|election| up.process.elector(election)));
        let began = electors.filter_map(|elector| elector.attempt_began()).map(|at| Wall(at.0 / 1000));
        let walls = stored().filter_map(|lease| lease.renewed).chain(began).chain([Wall(0)]).collect();
        let gone = stored().filter_map(|lease| lease.holder).filter(|&holder| !lives(holder, &alive)).collect();
        rename(world, &mut Canonical { by, long, walls, gone, versions, alive })
    }
}

/// True if it is nobody's identity, or that of a process that runs.
fn lives(name: Identity, alive: &[bool; PLACES]) -> bool {
    name == Identity::EMPTY || (0..PLACES).any(|at| alive[at] && name == identity(at))
}

fn rename(world: &World, names: &mut impl Names) -> World {
    let mut next = world.clone();
    for lease in next.leases.iter_mut().flatten() {
        *lease = (names.version(lease.0), lease.1.renamed(names));
    }
    for up in next.spots.iter_mut().filter_map(|spot| spot.up.as_mut()) {
        up.process = up.process.renamed(names);
        for request in up.requests.iter_mut().flatten() {
            *request = InFlight { step: renamed(request.step, names), ..*request };
        }
    }
    next
}

fn renamed(step: Step, names: &mut impl Names) -> Step {
    match step {
        Step::OnTheWay(operation) => Step::OnTheWay(operation.renamed(names)),
        Step::Answered(reply) => Step::Answered(reply.renamed(names)),
    }
}

impl Names for Canonical {
    fn moment(&mut self, at: Monotonic) -> Monotonic {
        Monotonic((at.0 - self.by).max(-self.long))
    }

    fn wall(&mut self, at: Wall) -> Wall {
        if self.walls.contains(&at) { Wall((at.0 - self.by / 1000).max(-self.long / 1000)) } else { OLD_WALL }
    }

    fn identity(&mut self, name: Identity) -> Identity {
        if lives(name, &self.alive) {
            return name;
        }
        let known = self.gone.iter().position(|&gone| gone == name);
        known.map_or(GONE, |known| Identity(GONE.0 + 1 + known as u32))
    }

    fn version(&mut self, version: Version) -> Version {
        (0..LEASES).find(|&lease| self.versions[lease] == Some(version)).map_or(OLD, newest)
    }
}
