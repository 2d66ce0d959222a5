//! The two layers in one: the real elector inside a small migration ([`moves`]), against what the layers say one after the
//! other: the lease theorem for each lease, then the migration model with its answers. docs/model.md says what this covers.

mod moves;
mod names;
mod parts;
mod state;

use leasehold_model::controller::Controller::{CloudNode, NodeIpam, Service};
use leasehold_model::controller::{Component, Controller, ControllerSet};
use leasehold_model::election::{Durations, ProcessConfig};
use leasehold_model::explore::{End, Options, explore};
use leasehold_model::launch::Ready;
use leasehold_model::launch::duration::GoDuration;
use leasehold_model::lease::LeaseId;
use leasehold_model::lease_time::{Answer, Assumptions, Elector, Pair, decide};
use leasehold_model::migration::process::Second;
use leasehold_model::migration::*;
use leasehold_model::release::Release;
use leasehold_model::zones;

use moves::{Kind, Migration};
use parts::Parts;
use state::{PLACES, identity};

const LEASES: [&str; 3] =
    ["kube-controller-manager", "cloud-controller-manager", "cloud-provider-extraction-migration"];
const MIGRATION: usize = 2;
const ALL: Options<'_> = Options { symmetry: false, max_states: Some(4_000_000), threads: 1, on_progress: None };

/// An instance: each of two nodes is moved from a kube-controller-manager to a cloud-controller-manager.
#[derive(Clone, Copy)]
struct Case {
    /// The minor of client-go.
    client_go: u8,
    /// LeaseDuration, RenewDeadline and RetryPeriod of both managers, in seconds.
    durations: [[i64; 3]; 2],
    /// Seconds that a request may take.
    request: u8,
    /// Seconds from the loss of a lease to the end of a process.
    stop: u8,
    service: Under,
}

/// Where the service controller is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Under {
    MigrationLease,
    MainLeases,
    /// In no manager: there are only the main leases and what else is under them.
    Nothing,
}

const CASE: Case =
    Case { client_go: 29, durations: [[4, 2, 1]; 2], request: 0, stop: 0, service: Under::MigrationLease };

/// Requests take up to a second, and there are only the main leases.
const SLOW: Case = Case { request: 1, service: Under::Nothing, ..CASE };

/// What was found, and how.
#[derive(PartialEq, Eq, Debug)]
struct Found {
    exclusive: Status,
    twice: ControllerSet,
    states: usize,
    /// Things that happen in the shortest run.
    length: usize,
}

fn set(controllers: &[Controller]) -> ControllerSet {
    controllers.iter().copied().collect()
}

impl Case {
    fn durations(self, manager: usize) -> Durations {
        let [lease, renew, retry] = self.durations[manager].map(GoDuration::seconds);
        Durations::new(lease, renew, retry).expect("client-go accepts them")
    }

    fn library(self) -> Release {
        Release::new(self.client_go).expect("a known release")
    }

    /// What each manager runs under its main lease and under the migration lease.
    fn runs(self, manager: usize) -> [ControllerSet; 2] {
        let own = set(&[[NodeIpam, CloudNode][manager]]);
        match self.service {
            Under::MigrationLease => [own, set(&[Service])],
            Under::MainLeases => [own.with(Service), ControllerSet::EMPTY],
            Under::Nothing => [own, ControllerSet::EMPTY],
        }
    }

    fn migrates(self) -> bool {
        self.service == Under::MigrationLease
    }

    /// The real electors in the migration.
    fn merged(self) -> Found {
        let kind = |at: usize, manager: usize| {
            let ready = [Ready::AfterTokenController, Ready::AtOnce][manager].clone();
            let ready = Some(ready).filter(|_| self.migrates());
            let config = ProcessConfig::new(self.library(), identity(at), self.durations(manager), ready);
            let config = config.expect("an identity");
            Kind { config, leases: [manager, MIGRATION], runs: self.runs(manager) }
        };
        let migration = Migration {
            places: std::array::from_fn(|at| [kind(at, 0), kind(at, 1)]),
            request: self.request,
            stop: self.stop,
            cut_off: true,
            parts: Parts::default(),
        };
        let space = explore(&migration, &ALL, |state| !migration.twice(state).is_empty());
        let (exclusive, twice) = match (space.end(), space.states().last()) {
            (End::Complete, _) => (Status::Holds, ControllerSet::EMPTY),
            (End::Found, Some(&last)) => (Status::Violated, migration.twice(last)),
            _ => (Status::Inconclusive, ControllerSet::EMPTY),
        };
        Found { exclusive, twice, states: space.states().len(), length: space.depth() }
    }

    /// The lease theorem for each holder and each taker of each lease, then the migration with the early moves that it
    /// allows.
    fn composed(self) -> Status {
        let elector = |manager: usize| Elector {
            request_timeout: GoDuration::seconds(self.request.into()),
            ..Elector::new(self.library(), self.durations(manager))
        };
        let assumptions = Assumptions {
            reply_delay: Some(GoDuration::seconds(self.request.into())),
            stop_time: GoDuration::seconds(self.stop.into()),
            late_writes: false,
            ..Assumptions::crash_and_loss()
        };
        let contend: [&[usize]; 3] = [&[0], &[1], if self.migrates() { &[0, 1] } else { &[] }];
        let (mut overtakes, mut undecided) = (Vec::new(), false);
        for (lease, managers) in contend.into_iter().enumerate() {
            let others: Vec<Elector> = managers.iter().map(|&manager| elector(manager)).collect();
            for (&holder, &taker) in
                managers.iter().flat_map(|holder| managers.iter().map(move |taker| (holder, taker)))
            {
                let pair = Pair { first: elector(holder), second: elector(taker), others: others.clone() };
                match decide(&pair, &assumptions, zones::Options::default()).answer {
                    Answer::Proved => {}
                    Answer::Refuted(_) => {
                        let [lease, holder, taker] = [lease, holder, taker].map(|ix| ix as u8);
                        overtakes.push(Overtake { lease, holder, taker });
                    }
                    Answer::Inconclusive(_) => undecided = true,
                }
            }
        }
        let found =
            check(&self.problem(overtakes), &Options::default()).expect("it fits").of(Property::Exclusive).status;
        if undecided && found == Status::Holds { Status::Inconclusive } else { found }
    }

    fn problem(self, overtakes: Vec<Overtake>) -> Problem {
        let access = Access { hold: true, create: true };
        let process = |manager: usize| {
            let [main_set, set] = self.runs(manager);
            let second = Second { lease: MIGRATION as u8, access, set, dies: false };
            let migration = Some(second).filter(|_| self.migrates());
            let behaviour = Behaviour::Elects { main: manager as u8, access, main_set, migration };
            Process { component: Component::ALL[manager], behaviour }
        };
        Problem {
            processes: vec![process(0), process(1)],
            leases: LEASES.map(LeaseId::kube_system).to_vec(),
            pools: vec![Pool {
                name: "cp".into(),
                size: PLACES as u8,
                spare: 0,
                components: Component::ALL.to_vec(),
                runs: vec![vec![Some(0), None], vec![None, Some(1)]],
                update: Update::InPlace,
                cordoned: Vec::new(),
                placement: Vec::new(),
            }],
            steps: vec![Step { title: "move the node".into(), mode: Mode::Replace { surge: false }, downtime: false }],
            faults: vec![Fault::Crash],
            rollback: Rollback::Anywhere,
            required: ControllerSet::EMPTY,
            required_at_end: ControllerSet::EMPTY,
            overtakes,
        }
    }

    /// Searches both ways; they must agree.
    fn judge(self) -> Found {
        let merged = self.merged();
        assert_eq!(merged.exclusive, self.composed(), "{merged:?}");
        merged
    }
}

fn violated(controllers: &[Controller], states: usize, length: usize) -> Found {
    Found { exclusive: Status::Violated, twice: set(controllers), states, length }
}

fn holds(states: usize, length: usize) -> Found {
    Found { exclusive: Status::Holds, twice: ControllerSet::EMPTY, states, length }
}

/// P + D = 3 s of 4 s: a leader that is cut off has stopped a second before anybody takes its lease.
#[test]
fn with_a_positive_margin_no_lease_is_taken_early() {
    assert_eq!(CASE.judge(), holds(884_444, 55));
}

/// P + D = 4 s of 4 s: both act in one instant.
#[test]
fn without_a_margin_the_main_lease_is_taken_while_its_holder_acts() {
    assert_eq!(Case { durations: [[4, 3, 1]; 2], ..CASE }.judge(), violated(&[NodeIpam], 62_252, 15));
}

/// The last second of the margin.
#[test]
fn stopping_takes_from_the_margin() {
    assert_eq!(Case { stop: 1, ..CASE }.judge(), violated(&[NodeIpam], 63_159, 15));
}

/// Requests that take up to a second, under the main leases alone.
#[test]
fn answering_takes_from_the_margin() {
    assert_eq!(SLOW.judge(), violated(&[NodeIpam], 492_843, 25));
}

/// What is under two main leases runs twice whatever the durations are.
#[test]
fn under_main_leases_time_does_not_matter() {
    assert_eq!(Case { service: Under::MainLeases, ..CASE }.judge(), violated(&[Service], 89, 5));
}

/// Up to 0.26 a challenger goes by its own duration: the main leases have a margin, the migration lease has none.
#[test]
#[ignore = "minutes, by ci/full"]
fn a_shorter_duration_of_the_other_manager_is_enough_up_to_0_26() {
    let unequal = Case { durations: [[5, 3, 1], [4, 2, 1]], ..CASE };
    assert_eq!(Case { client_go: 26, ..unequal }.judge(), violated(&[Service], 1_002_141, 30));
    assert_eq!(Case { client_go: 27, ..unequal }.judge(), holds(1_793_532, 63));
}

/// The first renewal of a term reads like the write that began it and ends up to two requests later, so P + D + 2 s counts:
/// exactly 5 s is too little.
#[test]
#[ignore = "minutes, by ci/full"]
fn slow_requests_take_from_the_margin_twice() {
    assert_eq!(Case { durations: [[5, 2, 1]; 2], ..SLOW }.judge(), violated(&[NodeIpam], 888_151, 28));
    assert_eq!(Case { durations: [[6, 2, 1]; 2], ..SLOW }.judge(), holds(2_516_868, 62));
}

#[test]
#[ignore = "minutes, by ci/full"]
fn longer_durations_and_a_newer_client_go() {
    assert_eq!(Case { durations: [[6, 4, 1]; 2], ..CASE }.judge(), holds(2_392_480, 69));
    assert_eq!(Case { durations: [[6, 5, 1]; 2], ..CASE }.judge(), violated(&[NodeIpam], 331_327, 20));
    assert_eq!(Case { durations: [[6, 4, 1]; 2], stop: 1, ..CASE }.judge(), violated(&[NodeIpam], 332_565, 20));
    assert_eq!(Case { client_go: 37, ..CASE }.judge(), holds(2_679_392, 64));
}
