//! The longest time without a controller, by a timed automaton of the electors themselves: every retry, every request with
//! its way to the API server and back, every renewal. It shares nothing with the search but the zones; both must give the
//! same number.

use leasehold_model::controller::Controller::{NodeIpam, Service};
use leasehold_model::controller::{Component, ControllerSet};
use leasehold_model::election::Durations;
use leasehold_model::gap::delays::Taking;
use leasehold_model::gap::{Assumed, Cause, Figure, Manager, gaps};
use leasehold_model::launch::duration::GoDuration;
use leasehold_model::lease::LeaseId;
use leasehold_model::lease_time::Elector;
use leasehold_model::lease_time::gap::{End, longest as longest_wait};
use leasehold_model::migration::process::Second;
use leasehold_model::migration::*;
use leasehold_model::release::Release;
use leasehold_model::zones::automaton::{ClockLimits, Edge};
use leasehold_model::zones::{self, Automaton};
use proptest::prelude::*;

/// Times in whole units.
#[derive(Clone, Copy, Debug)]
struct Times {
    lease: i64,
    retry: i64,
    longest_retry: i64,
    request: i64,
    restart: i64,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Lease {
    Main,
    Migration,
}

/// Where a process that dies is with the renewal of one lease.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Renewal {
    Sleeps,
    Sent,
    Applied,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Seen {
    Taken,
    New,
    Same,
    Expired,
}

/// Where a process is that may take over.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Stage {
    /// It does not take part, or is content.
    Quiet,
    Starts,
    Waits,
    /// Its read is on the way; whether the lease had expired when it was sent.
    Reads(bool),
    Answered(Seen),
    Writes,
    Written(bool),
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Challenger {
    stage: Stage,
    lease: Lease,
    /// It has been served the newest record.
    observed: bool,
}

const MOST: usize = 3;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Location {
    /// The renewals of the main and the migration lease while their holder lives.
    holder: Option<[Renewal; 2]>,
    taken: [bool; 2],
    challengers: [Challenger; MOST],
    acts: bool,
}

/// One process holds both leases and dies once; some may take over.
struct Succession {
    times: Times,
    /// What each may take: from which lease on, and whether it goes on to the migration lease.
    challengers: Vec<(Stage, Lease)>,
    /// The controller acts under this lease.
    under: Lease,
    /// There is a migration lease.
    migration: bool,
    at_least: i64,
}

const GAP: usize = 1;
const CLOCKS: usize = 4 + 2 * MOST;

fn renewal(lease: Lease) -> usize {
    2 + lease as usize
}

fn next(challenger: usize) -> usize {
    4 + 2 * challenger
}

fn seen(challenger: usize) -> usize {
    5 + 2 * challenger
}

impl Automaton<CLOCKS> for Succession {
    type Location = Location;
    type Action = ();

    fn initial(&self) -> Vec<Location> {
        let mut challengers = [Challenger { stage: Stage::Quiet, lease: Lease::Main, observed: true }; MOST];
        for (challenger, &(stage, lease)) in challengers.iter_mut().zip(&self.challengers) {
            // Who starts only when the holder has died is quiet until then.
            let stage = if stage == Stage::Starts { Stage::Quiet } else { stage };
            *challenger = Challenger { stage, lease, observed: true };
        }
        vec![Location { holder: Some([Renewal::Sleeps; 2]), taken: [false; 2], challengers, acts: false }]
    }

    fn edges(&self, from: &Location, out: &mut Vec<Edge<Location, ()>>) {
        if from.holder.is_some() {
            for lease in [Lease::Main, Lease::Migration] {
                if lease == Lease::Migration && !self.migration {
                    continue;
                }
                let mut to = *from;
                let renewals = to.holder.as_mut().expect("it lives");
                let at = &mut renewals[lease as usize];
                match *at {
                    Renewal::Sleeps => {
                        *at = Renewal::Sent;
                        out.push(Edge::new((), to).at_least(renewal(lease), self.times.retry).reset(renewal(lease)));
                    }
                    Renewal::Sent => {
                        *at = Renewal::Applied;
                        for challenger in to.challengers.iter_mut().filter(|c| c.lease == lease) {
                            challenger.observed = false;
                        }
                        out.push(Edge::new((), to));
                    }
                    Renewal::Applied => {
                        *at = Renewal::Sleeps;
                        out.push(Edge::new((), to).reset(renewal(lease)));
                    }
                }
            }
            let mut edge = Edge::new((), Location { holder: None, ..*from }).reset(GAP);
            for (i, _) in self.challengers.iter().enumerate().filter(|(_, (stage, _))| *stage == Stage::Starts) {
                edge.target.challengers[i].stage = Stage::Starts;
                edge.target.challengers[i].observed = false;
                edge = edge.reset(next(i));
            }
            out.push(edge);
        }
        for (i, challenger) in from.challengers.iter().enumerate() {
            let to = |change: &dyn Fn(&mut Challenger)| {
                let mut to = *from;
                change(&mut to.challengers[i]);
                Edge::new((), to)
            };
            let taken = from.taken[challenger.lease as usize];
            match challenger.stage {
                Stage::Quiet => {}
                Stage::Starts => out.push(to(&|c| c.stage = Stage::Reads(false)).reset(next(i))),
                Stage::Waits => {
                    let read = |expired| {
                        to(&move |c: &mut Challenger| c.stage = Stage::Reads(expired))
                            .at_least(next(i), self.times.retry)
                            .reset(next(i))
                    };
                    out.push(read(true).at_least(seen(i), self.times.lease));
                    out.push(read(false).at_most(seen(i), self.times.lease));
                }
                Stage::Reads(expired) => {
                    let answer = match (taken, challenger.observed, expired) {
                        (true, ..) => Seen::Taken,
                        (_, false, _) => Seen::New,
                        (_, true, true) => Seen::Expired,
                        (_, true, false) => Seen::Same,
                    };
                    out.push(to(&|c| {
                        c.stage = Stage::Answered(answer);
                        c.observed = true;
                    }));
                }
                Stage::Answered(Seen::Taken) => out.push(to(&|c| c.stage = Stage::Quiet)),
                Stage::Answered(Seen::New) => {
                    out.push(to(&|c| c.stage = Stage::Waits).reset(next(i)).reset(seen(i)));
                }
                Stage::Answered(Seen::Same) => out.push(to(&|c| c.stage = Stage::Waits).reset(next(i))),
                Stage::Answered(Seen::Expired) => out.push(to(&|c| c.stage = Stage::Writes).reset(next(i))),
                Stage::Writes => {
                    let applies = from.holder.is_none() && !taken;
                    let mut edge = to(&|c| c.stage = Stage::Written(applies));
                    edge.target.taken[challenger.lease as usize] |= applies;
                    out.push(edge);
                }
                Stage::Written(false) => out.push(to(&|c| c.stage = Stage::Waits).reset(next(i))),
                Stage::Written(true) => {
                    let acts = challenger.lease == self.under;
                    let goes_on = challenger.lease == Lease::Main && self.migration;
                    let mut edge = to(&|c| {
                        c.stage = if goes_on { Stage::Reads(false) } else { Stage::Quiet };
                        c.lease = Lease::Migration;
                        c.observed = false;
                    });
                    edge = edge.reset(next(i));
                    if acts {
                        edge.target.acts = true;
                        edge = edge.at_least(GAP, self.at_least);
                    }
                    out.push(edge);
                }
            }
        }
    }

    fn invariants(&self, at: &Location, out: &mut impl FnMut(usize, i64)) {
        for lease in [Lease::Main, Lease::Migration] {
            if lease == Lease::Migration && !self.migration {
                continue;
            }
            match at.holder.map(|renewals| renewals[lease as usize]) {
                Some(Renewal::Sleeps) => out(renewal(lease), self.times.retry),
                Some(Renewal::Sent | Renewal::Applied) => out(renewal(lease), self.times.request),
                None => {}
            }
        }
        for (i, challenger) in at.challengers.iter().enumerate() {
            match challenger.stage {
                Stage::Quiet => {}
                Stage::Starts => out(next(i), self.times.restart),
                Stage::Waits => out(next(i), self.times.longest_retry),
                _ => out(next(i), self.times.request),
            }
        }
    }

    fn limits(&self, at: &Location) -> [ClockLimits; CLOCKS] {
        let mut limits = [ClockLimits::default(); CLOCKS];
        let mut until = |clock: usize, most: i64| {
            limits[clock].from_above(most);
            limits[clock].from_below(most);
        };
        until(GAP, self.at_least);
        if at.holder.is_some() {
            until(renewal(Lease::Main), self.times.retry.max(self.times.request));
            until(renewal(Lease::Migration), self.times.retry.max(self.times.request));
        }
        for (i, challenger) in at.challengers.iter().enumerate() {
            let starts = self.challengers.get(i).is_some_and(|(stage, _)| *stage == Stage::Starts);
            if challenger.stage != Stage::Quiet || starts && at.holder.is_some() {
                until(next(i), self.times.longest_retry.max(self.times.request).max(self.times.restart));
                until(seen(i), self.times.lease);
            }
        }
        limits
    }

    fn is_goal(&self, at: &Location) -> bool {
        at.acts
    }
}

/// The longest time, in units.
fn longest(times: Times, challengers: &[(Stage, Lease)], under: Lease, migration: bool) -> i64 {
    let lasts = |at_least| {
        let succession = Succession { times, challengers: challengers.to_vec(), under, migration, at_least };
        let found = zones::search(&succession, zones::Options::default(), |_| true);
        assert!(found.complete);
        found.reached()
    };
    let (mut low, mut high) = (0, 1);
    while lasts(high) {
        (low, high) = (high, 2 * high);
    }
    while high - low > 1 {
        let middle = (low + high) / 2;
        if lasts(middle) { low = middle } else { high = middle }
    }
    low
}

const UNIT: i64 = 1_000_000_000;
const FULL: Access = Access { hold: true, create: true };

/// Managers at rest: so many kube-controller-managers, and cloud-controller-managers that elect for the same migration
/// lease. Nothing but crashes happens.
fn cluster(kcms: u8, ccms: u8, migration: bool) -> Problem {
    let service = ControllerSet::EMPTY.with(Service);
    let elects = |main: u8, component| {
        let second = migration.then_some(Second { lease: 2, access: FULL, set: service, dies: false });
        let main_set = if main == 0 { ControllerSet::EMPTY.with(NodeIpam) } else { ControllerSet::EMPTY };
        Process { component, behaviour: Behaviour::Elects { main, access: FULL, main_set, migration: second } }
    };
    let pool = |name: &str, size, component: Component, process| Pool {
        name: name.into(),
        size,
        spare: 0,
        components: vec![component],
        runs: vec![vec![Some(process)]],
        update: Update::InPlace,
        cordoned: Vec::new(),
        placement: Vec::new(),
    };
    let mut pools = vec![pool("kcm", kcms, Component::KubeControllerManager, 0)];
    if ccms > 0 {
        pools.push(pool("ccm", ccms, Component::CloudControllerManager, 1));
    }
    Problem {
        processes: vec![elects(0, Component::KubeControllerManager), elects(1, Component::CloudControllerManager)],
        leases: ["kcm", "ccm", "migration"].map(LeaseId::kube_system).to_vec(),
        pools,
        steps: Vec::new(),
        faults: vec![Fault::Crash],
        overtakes: Vec::new(),
        rollback: Rollback::None,
        required: if migration { service.with(NodeIpam) } else { ControllerSet::EMPTY.with(NodeIpam) },
        required_at_end: ControllerSet::EMPTY,
    }
}

/// The longest time after a crash by the search, in units.
fn searched(problem: &Problem, times: Times, controller: leasehold_model::controller::Controller) -> i64 {
    let duration = |units: i64| GoDuration { nanos: units * UNIT };
    let renew = GoDuration { nanos: times.lease * UNIT - 1 };
    let durations = Durations::new(duration(times.lease), renew, duration(times.retry)).expect("client-go takes them");
    let mut elector = Elector::new(Release::new(30).expect("it exists"), durations);
    elector.longest_retry = duration(times.longest_retry);
    let none = GoDuration::seconds(0);
    let manager = Manager { elector: Some(elector), main_start: none, migrated_start: none, ready: none, flush: none };
    let assumed = Assumed {
        request: duration(times.request),
        start_after_crash: duration(times.restart),
        start_of_controllers: none,
        ..Assumed::default()
    };
    let found = gaps(problem, &[manager, manager], &assumed).expect("it fits");
    assert_eq!(found.undecided, None);
    let worst = found.longest(|worst| worst.cause == Cause::Crash && worst.controllers.contains(controller));
    match worst.expect("it stops").figure {
        Figure::Within(nanos) => {
            assert_eq!(nanos % UNIT, 0);
            nanos / UNIT
        }
        Figure::Unbounded => panic!("it is taken up again"),
    }
}

const STANDBY: (Stage, Lease) = (Stage::Waits, Lease::Main);
const AGAIN: (Stage, Lease) = (Stage::Starts, Lease::Main);
const OTHER: (Stage, Lease) = (Stage::Waits, Lease::Migration);

/// One lease: a manager that comes back itself, and one with a standby beside it.
fn agree_on_one_lease(times: Times) {
    let alone = searched(&cluster(1, 0, false), times, NodeIpam);
    assert_eq!(alone, longest(times, &[AGAIN], Lease::Main, false), "alone {times:?}");
    let pair = searched(&cluster(2, 0, false), times, NodeIpam);
    assert_eq!(pair, longest(times, &[STANDBY, AGAIN], Lease::Main, false), "pair {times:?}");
}

/// Two leases, one after the other: a manager that comes back itself, and a cloud-controller-manager that watches the
/// migration lease.
fn agree_on_two_leases(times: Times) {
    let alone = searched(&cluster(1, 0, true), times, Service);
    assert_eq!(alone, longest(times, &[AGAIN], Lease::Migration, true), "alone {times:?}");
    let both = searched(&cluster(1, 1, true), times, Service);
    assert_eq!(both, longest(times, &[OTHER, AGAIN], Lease::Migration, true), "both {times:?}");
}

/// Two leases, one after the other, and a standby.
fn agree_on_a_standby_with_two_leases(times: Times) {
    let pair = searched(&cluster(2, 0, true), times, Service);
    assert_eq!(pair, longest(times, &[STANDBY, AGAIN], Lease::Migration, true), "pair {times:?}");
}

#[test]
fn the_electors_themselves_give_the_same_gaps() {
    for (request, restart) in [(0, 0), (0, 3), (1, 2), (1, 9)] {
        agree_on_one_lease(Times { lease: 6, retry: 1, longest_retry: 2, request, restart });
    }
    for (request, restart) in [(0, 3), (1, 2)] {
        agree_on_two_leases(Times { lease: 4, retry: 1, longest_retry: 2, request, restart });
    }
    agree_on_a_standby_with_two_leases(Times { lease: 3, retry: 1, longest_retry: 1, request: 0, restart: 2 });
}

#[test]
#[ignore = "minutes: for changes of model/src/gap"]
fn the_electors_themselves_give_the_same_gaps_on_a_grid() {
    for lease in [4, 6] {
        for (request, restart) in [(0, 0), (0, 3), (1, 2), (1, 9)] {
            let times = Times { lease, retry: 1, longest_retry: 2, request, restart };
            agree_on_one_lease(times);
            agree_on_two_leases(times);
            agree_on_a_standby_with_two_leases(times);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn the_electors_themselves_give_the_same_gaps_whatever_the_times(
        lease in 3..9i64,
        retry in 1..3i64,
        jitter in 0..2i64,
        request in 0..2i64,
        restart in 0..12i64,
    ) {
        // What client-go takes, what makes a lease exclusive, and a jitter like client-go's: with less, attempts come in
        // steps that need not end just before the lease expires, and the figure is more than the truth.
        let longest_retry = 2 * retry + jitter;
        prop_assume!(lease > longest_retry + 2 * request && 5 * lease > 11 * retry);
        agree_on_one_lease(Times { lease, retry, longest_retry, request, restart });
    }

    /// One lease watched: the span is what the model of a hand-over gives.
    #[test]
    fn the_longest_time_to_take_a_watched_lease_is_exact(
        lease in 3..20i64,
        retry in 1..3i64,
        jitter in 0..4i64,
        request in 0..3i64,
    ) {
        prop_assume!(10 * lease > 12 * retry + 10);
        let duration = |units: i64| GoDuration { nanos: units * UNIT };
        let renew = GoDuration { nanos: lease * UNIT - UNIT / 2 };
        let durations = Durations::new(duration(lease), renew, duration(retry)).expect("client-go takes them");
        let mut elector = Elector::new(Release::new(30).expect("it exists"), durations);
        elector.longest_retry = duration(2 * retry + jitter);
        let exact = longest_wait(&elector, &elector, End::Dies, duration(request), GoDuration::seconds(0)).expect("coarse");
        let span = Taking { next: &elector, request: request * UNIT }.watched(&elector);
        prop_assert_eq!((exact.nanos, exact.over), (u128::try_from(span.most).expect("positive"), 1));
    }
}
