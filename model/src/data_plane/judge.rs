//! From a problem to verdicts: `reachable`, `attached`, `leaks`.

use super::moves::{Action, By, Traffic};
use super::order::{LastChance, Orders};
use super::problem::{Client, Order, Problem, StepKind};
use super::reach::{Reach, reach};
use super::replay;
use super::state::{Address, State};
use super::timed::{Figure, Outage, longest};
use super::volumes::{self, Attached};
use crate::explore::{End, Options, Space, System, can_reach, explore};
use crate::migration::Status;

/// What is asked besides.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Question {
    /// The longest outage that does no harm, in milliseconds.
    pub allowed: i64,
    /// There are volumes.
    pub volumes: bool,
}

/// Everything that was found out about one Service and its volumes.
#[derive(Clone, PartialEq, Debug)]
pub struct Judged {
    /// What was judged, in the plan's order.
    pub problem: Problem,
    /// What was asked.
    pub question: Question,
    /// The longest outage of each kind of client, in the problem's order.
    pub clients: Vec<OfClient>,
    /// Whether any order of the steps avoids an outage, and one that does: the numbers of the steps, with `true` before
    /// whichever has to wait for caches.
    pub last_chance: LastChance,
    /// See [`Orders::safe`].
    pub safe_order: Option<Vec<(bool, usize)>>,
    /// Some order of the steps leads to an outage that is not allowed.
    pub some_order_fails: bool,
    /// What is left that costs money, with a shortest run to an end where it is.
    pub leaks: Vec<Leak>,
    /// Whether the volume can always be attached; none if there is none.
    pub attached: Option<Attached>,
    /// Distinct states in the plan's order and in any order.
    pub states: (usize, usize),
    /// How the searches ended; `Complete` only if each was complete.
    pub end: End,
}

/// How one kind of client fares.
#[derive(Clone, PartialEq, Debug)]
pub struct OfClient {
    /// The clients.
    pub client: Client,
    /// Their longest outage.
    pub outage: Outage,
    /// There is an outage that no step of the plan ends.
    pub for_good: bool,
}

/// What is left at the end of the plan.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Leak {
    /// The old load balancer. Deleting the Service does not delete it: nobody looks for it any more.
    OldBalancer,
    /// The floating IP that the Service had before.
    FirstAddress,
    /// The floating IP that the new load balancer got.
    SecondAddress,
    /// A floating IP that it got when it was ensured without one.
    ThirdAddress,
    /// The moved floating IP is in use, but nobody deletes it with the Service: the cloud-controller-manager deletes those
    /// whose description it wrote
    /// (`kubernetes/cloud-provider-openstack:pkg/openstack/loadbalancer.go:3120@v1.21.0`).
    OutlivesService,
}

impl Leak {
    /// True if it costs money already, although nobody uses it.
    pub fn is_now(self) -> bool {
        self != Leak::OutlivesService
    }
}

/// Judges. `problem` is in the plan's order.
pub fn judge(problem: &Problem, question: Question, options: &Options<'_>) -> Judged {
    let traffic = Traffic { problem };
    let plan = explore(&traffic, options, |_| false);
    let any = problem.in_order(Order::Any);
    let orders = Orders::new(&any, question.allowed, options);
    let zones = options.max_states.map_or(MOST_ZONES, |most| u32::try_from(most).unwrap_or(MOST_ZONES).min(MOST_ZONES));
    let of = |&client: &Client| {
        let alone = Problem { clients: vec![client], ..problem.clone() };
        let outage = replayed(&alone, longest(&alone, zones));
        OfClient { client, outage, for_good: plan.end() == End::Complete && for_good(&traffic, &plan, client) }
    };
    let clients: Vec<OfClient> = problem.clients.iter().map(of).collect();
    let attached = question.volumes.then(|| volumes::attached(problem, options));
    if let Some(Attached { stuck: Some(run), .. }) = &attached
        && let Err(why) = replay::volume::replay(problem, run)
    {
        panic!("the search and the replay disagree: {why}\n{run:?}");
    }
    let mut ends = vec![plan.end(), if orders.complete() { End::Complete } else { End::StateLimit }];
    ends.extend(clients.iter().map(|of| if of.outage.complete { End::Complete } else { End::StateLimit }));
    ends.extend(attached.as_ref().map(|attached| attached.end));
    Judged {
        last_chance: orders.last_chance(&plan),
        safe_order: orders.safe(),
        some_order_fails: orders.some_order_fails(),
        leaks: leaks(&traffic, &plan),
        states: (plan.states().len(), orders.states()),
        end: ends.into_iter().find(|end| *end != End::Complete).unwrap_or(End::Complete),
        problem: problem.clone(),
        question,
        clients,
        attached,
    }
}

/// More zones than any plan of ten steps and four nodes was seen to need.
const MOST_ZONES: u32 = 2_000_000;

/// The outage, if its run can be executed again.
///
/// # Panics
/// If it cannot.
pub fn replayed(problem: &Problem, outage: Outage) -> Outage {
    if outage.figure != Figure::Never
        && let Err(why) = replay::replay(problem, &outage)
    {
        panic!("the search and the replay disagree: {why}\n{outage:?}");
    }
    outage
}

impl Judged {
    /// The longest outage of any client.
    pub fn longest(&self) -> Figure {
        self.clients.iter().map(|of| of.outage.figure).max().unwrap_or(Figure::Never)
    }

    /// Each client reaches the Service at every moment, but for an outage that is allowed.
    pub fn reachable(&self) -> Status {
        let too_long = |outage: &Outage| match outage.figure {
            Figure::Never => false,
            Figure::Within(most) => most > self.question.allowed,
            Figure::UntilOperator => true,
        };
        if self.clients.iter().any(|of| too_long(&of.outage)) {
            Status::Violated
        } else if self.clients.iter().all(|of| of.outage.complete) {
            Status::Holds
        } else {
            Status::Inconclusive
        }
    }

    /// Every volume can be attached where its pod is; none if there is no volume.
    pub fn attached(&self) -> Option<Status> {
        self.attached.as_ref().map(|attached| match (&attached.stuck, attached.end) {
            (Some(_), _) => Status::Violated,
            (None, End::Complete) => Status::Holds,
            (None, _) => Status::Inconclusive,
        })
    }

    /// Nothing is left that costs money and that nobody uses.
    pub fn leaks(&self) -> Status {
        match (self.leaks.iter().any(|leak| leak.is_now()), self.end) {
            (true, _) => Status::Violated,
            (false, End::Complete) => Status::Holds,
            (false, _) => Status::Inconclusive,
        }
    }
}

/// True if there is an outage that nothing in the plan ends.
fn for_good<'p>(traffic: &Traffic<'p>, plan: &Space<Traffic<'p>>, client: Client) -> bool {
    let arrives = |state: State| reach(traffic.problem, &state, client).0 == Reach::All;
    can_reach(traffic, plan, |_| true, arrives).contains(&false)
}

/// What is left at any end of the plan.
fn leaks(traffic: &Traffic<'_>, plan: &Space<Traffic<'_>>) -> Vec<Leak> {
    let adopts = traffic.problem.adopts();
    let mut found = Vec::new();
    for state in ends(traffic, plan) {
        let left = |address| matches!(address, Address::Free | Address::Old);
        let moved = state.first == Address::New && traffic.problem.has(StepKind::MoveAddress);
        let each = [
            (Leak::OldBalancer, state.old && !adopts),
            (Leak::FirstAddress, left(state.first) && !adopts),
            (Leak::SecondAddress, left(state.second)),
            (Leak::ThirdAddress, left(state.third)),
            (Leak::OutlivesService, moved),
        ];
        found.extend(each.into_iter().filter(|(_, is_left)| *is_left).map(|(leak, _)| leak));
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// The states in which every step is complete and nothing more happens by itself.
pub(super) fn ends(traffic: &Traffic<'_>, plan: &Space<Traffic<'_>>) -> Vec<State> {
    let all = (1u16 << traffic.problem.steps.len()) - 1;
    let is_end = |state: &&State| {
        let mut goes_on = state.done != all;
        traffic.successors(**state, &mut |action: Action, _| goes_on |= action.by() == By::Progress);
        !goes_on
    };
    plan.states().iter().filter(is_end).copied().collect()
}
