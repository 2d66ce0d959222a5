//! Sentences of a guide as questions to the model.

use super::judge::{ends, replayed};
use super::moves::Traffic;
use super::problem::{Client, Faults, Order, Problem, Step, StepKind};
use super::reach::{Reach, worst};
use super::state::{Address, State};
use super::timed::{Figure, Outage, longest};
use super::volumes::attached;
use crate::explore::{End, Options, Space, explore};
use crate::facts::providers::in_tree;
use crate::release::Release;

/// What a sentence claims.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Claim {
    /// The Service gets another address.
    NewAddress,
    /// For a while there are two load balancers.
    TwoBalancers,
    /// To change the record costs no connection.
    RecordWithoutOutage,
    /// To move the floating IP costs connections for a short time.
    AddressWithShortOutage,
    /// Nodes that are replaced before traffic was moved cost connections.
    RotationFirstFails,
    /// The old load balancer stops working with the rotation.
    OldStopsWithRotation,
    /// The old load balancer has to be deleted by hand.
    OldStaysUntilDeleted,
    /// The in-tree provider is removed in this release.
    ProviderRemovedIn(Release),
    /// The migration has to be done before the upgrade to this release, and not earlier.
    BeforeUpgradeTo(Release),
}

/// Whether a claim is true.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Truth {
    /// In every run.
    Confirmed,
    /// As far as it goes; what follows it in the plan undoes it.
    Partly,
    /// There is a run, or a fact, against it.
    Refuted,
    /// A search was cut short.
    Open,
}

/// What became of a claim.
#[derive(Clone, PartialEq, Debug)]
pub struct Finding {
    /// The claim.
    pub claim: Claim,
    /// Whether it is true.
    pub truth: Truth,
    /// How long connections fail, where the claim is about that.
    pub outage: Option<Outage>,
    /// The last release with the in-tree provider, or the first whose upgrade comes too late, where the claim is about that.
    pub release: Option<Release>,
}

/// Judges a claim. `problem` is in the plan's order.
pub fn judge(problem: &Problem, claim: Claim, max_zones: u32) -> Finding {
    let asked = Asked { problem, max_zones };
    let of = |truth| Finding { claim, truth, outage: None, release: None };
    let timed = |truth, outage| Finding { outage: Some(outage), ..of(truth) };
    let dated = |is_true, release| Finding { release, ..of(if is_true { Truth::Confirmed } else { Truth::Refuted }) };
    match claim {
        Claim::NewAddress => of(asked.always(problem, |state| !state.ready || state.second != Address::None)),
        Claim::TwoBalancers if problem.adopts() => of(Truth::Refuted),
        Claim::TwoBalancers => {
            of(asked.always(problem, |state| !state.ready || state.old || begins(problem, state, StepKind::DeleteOld)))
        }
        Claim::RecordWithoutOutage => {
            let (alone, all) = asked.way(StepKind::MoveRecord, Client::Dns);
            match (alone.figure, all.figure) {
                (Figure::Never, Figure::Never) => timed(truth_of(&all, Truth::Confirmed), all),
                (Figure::Never, _) => timed(Truth::Partly, all),
                _ => timed(Truth::Refuted, alone),
            }
        }
        Claim::AddressWithShortOutage => {
            let (alone, all) = asked.way(StepKind::MoveAddress, Client::Fixed);
            match (alone.figure, all.figure) {
                (Figure::Within(_), Figure::Within(_)) => timed(truth_of(&all, Truth::Confirmed), all),
                (Figure::Within(_), _) => timed(Truth::Partly, all),
                _ => timed(Truth::Refuted, alone),
            }
        }
        Claim::RotationFirstFails => {
            let outage = asked.outage(&rotating_first(problem));
            let is_so = outage.figure != Figure::Never;
            timed(if is_so { Truth::Confirmed } else { truth_of(&outage, Truth::Refuted) }, outage)
        }
        Claim::OldStopsWithRotation => of(asked.always(problem, |state| {
            let fails = worst(&Problem { clients: vec![Client::Fixed], ..problem.clone() }, &on_old(state)).0;
            match (state.old, was(problem, state, StepKind::Rotate), begins(problem, state, StepKind::Rotate)) {
                (true, true, _) => fails == Reach::None,
                (true, _, false) => problem.faults.node_replaced || fails == Reach::All,
                _ => true,
            }
        })),
        Claim::OldStaysUntilDeleted => {
            let without = asked.without(StepKind::DeleteOld);
            let traffic = Traffic { problem: &without };
            let space = asked.explore(&traffic);
            let stays = !problem.adopts() && ends(&traffic, &space).iter().all(|state| state.old);
            of(if space.end() != End::Complete {
                Truth::Open
            } else if stays {
                Truth::Confirmed
            } else {
                Truth::Refuted
            })
        }
        Claim::ProviderRemovedIn(release) => {
            let last = Release::all().rfind(|&release| in_tree("openstack", release).is_some());
            dated(last.and_then(Release::next) == Some(release), last)
        }
        Claim::BeforeUpgradeTo(release) => {
            let first = Release::all().find(|&release| asked.upgrade_sticks(release));
            dated(first == Some(release), first)
        }
    }
}

/// A search that was cut short proves nothing.
fn truth_of(outage: &Outage, truth: Truth) -> Truth {
    if outage.complete { truth } else { Truth::Open }
}

fn was(problem: &Problem, state: &State, kind: StepKind) -> bool {
    problem.place(kind).is_some_and(|at| state.is_done(at))
}

fn begins(problem: &Problem, state: &State, kind: StepKind) -> bool {
    problem.place(kind).is_some_and(|at| state.begun >> at & 1 == 1)
}

/// The same moment, asked by somebody who still uses the old load balancer's address.
fn on_old(state: &State) -> State {
    State { first: Address::Old, ..*state }
}

/// Nodes are replaced as soon as the external provider is switched on.
fn rotating_first(problem: &Problem) -> Problem {
    let mut steps = problem.steps.clone();
    let title = "Rotate the nodes".to_string();
    let rotate = problem.place(StepKind::Rotate).map_or(Step { title, kind: StepKind::Rotate }, |at| steps.remove(at));
    let after = steps.iter().position(|step| step.kind == StepKind::Migrate).map_or(0, |at| at + 1);
    steps.insert(after, rotate);
    Problem { steps, ..problem.clone() }
}

struct Asked<'p> {
    problem: &'p Problem,
    max_zones: u32,
}

impl Asked<'_> {
    fn outage(&self, problem: &Problem) -> Outage {
        replayed(problem, longest(problem, self.max_zones))
    }

    fn explore<'t>(&self, traffic: &Traffic<'t>) -> Space<Traffic<'t>> {
        explore(traffic, &Options { max_states: Some(self.max_zones.into()), ..Options::default() }, |_| false)
    }

    fn always(&self, problem: &Problem, holds: impl Fn(&State) -> bool) -> Truth {
        let space = self.explore(&Traffic { problem });
        match (space.states().iter().all(holds), space.end()) {
            (false, _) => Truth::Refuted,
            (true, End::Complete) => Truth::Confirmed,
            (true, _) => Truth::Open,
        }
    }

    /// The outage of `client` if traffic is moved in this way: of the move alone, without faults, and of the whole plan.
    fn way(&self, way: StepKind, client: Client) -> (Outage, Outage) {
        let mut all = Problem { clients: vec![client], ..self.problem.clone() };
        for step in &mut all.steps {
            if matches!(step.kind, StepKind::MoveRecord | StepKind::MoveAddress) {
                step.kind = way;
            }
        }
        let mut alone = Problem { faults: Faults::default(), ..all.clone() };
        let before = [StepKind::LowerTtl, StepKind::AwaitOldTtl, StepKind::Migrate, way];
        alone.steps.retain(|step| before.contains(&step.kind));
        (self.outage(&alone), self.outage(&all))
    }

    fn without(&self, kind: StepKind) -> Problem {
        let mut problem = self.problem.clone();
        problem.steps.retain(|step| step.kind != kind);
        problem
    }

    /// True if volumes cannot be attached after an upgrade of everything to `release` without the migration.
    fn upgrade_sticks(&self, release: Release) -> bool {
        let step = |kind| Step { title: String::new(), kind };
        let steps = vec![step(StepKind::Upgrade(release)), step(StepKind::Rotate)];
        let problem = Problem { steps, order: Order::Plan, ..self.problem.clone() };
        attached(&problem, &Options::default()).stuck.is_some() || in_tree("openstack", release).is_none()
    }
}
