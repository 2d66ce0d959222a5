//! Is a log of the real client-go a behaviour of our elector?

use crate::follow::Follower;
use crate::log::{self, Line, Run};
use crate::words::Names;
use crate::world::World;
use leasehold_model::election::Behaviour;
use leasehold_model::release::Release;
use std::collections::BTreeMap;

/// Reads a run, a header and its lines, and judges it for every release its header names.
///
/// # Errors
/// The first line, counted from the header, that cannot be, and why.
pub fn accept(lines: &[&str]) -> Result<Run, String> {
    let run = log::read(lines)?;
    for release in run.header.client_go.releases() {
        judge(&run, release).map_err(|error| format!("client-go {release}: {error}"))?;
    }
    Ok(run)
}

/// Judges a run as one of a release of client-go.
///
/// # Errors
/// The first line, counted from the header, that cannot be, and why.
pub fn judge(run: &Run, release: &str) -> Result<(), String> {
    let mut judge = Judge::new(run, release)?;
    for (i, line) in run.lines.iter().enumerate() {
        judge.take(run, line).map_err(|error| format!("line {}: {error}", i + 2))?;
    }
    judge.end(run)
}

/// A run as far as it was judged.
#[derive(Clone)]
pub struct Judge {
    names: Names,
    world: World,
    followers: BTreeMap<String, Follower>,
}

impl Judge {
    /// Before the first line of a run, for one release of client-go.
    ///
    /// # Errors
    /// What is wrong with the header.
    pub fn new(run: &Run, release: &str) -> Result<Judge, String> {
        let library: Release = release.parse().map_err(|error| format!("{error}"))?;
        let mut names = Names::default();
        let mut followers = BTreeMap::new();
        for elector in &run.header.electors {
            let follower = Follower::new(library, elector, &mut names)?;
            if followers.insert(elector.identity.clone(), follower).is_some() {
                return Err(format!("two electors {}", elector.identity));
            }
        }
        Ok(Judge { names, world: World::new(Behaviour::of(library).coordination), followers })
    }

    /// Takes the next line.
    ///
    /// # Errors
    /// Why it cannot be.
    pub fn take(&mut self, run: &Run, line: &Line) -> Result<(), String> {
        self.world.take(run, line)?;
        match line.elector.as_ref().and_then(|elector| self.followers.get_mut(elector)) {
            Some(follower) => follower.take(line, &mut self.names),
            None => Ok(()),
        }
    }

    /// Says whether the run may end here.
    ///
    /// # Errors
    /// What is missing.
    pub fn end(&self, run: &Run) -> Result<(), String> {
        self.world.end(run)?;
        self.followers.values().try_for_each(Follower::end)
    }
}
