//! Executes a run again, on plain records and with its times, and shares only the problem and the alphabet with the search.
//!
//! What a cache holds follows here from when which answer was given for how long, who is a member from lists of nodes, who
//! arrives from looking an address up.

mod parts;
pub mod volume;

use std::collections::{BTreeMap, BTreeSet};

use super::moves::Action;
use super::problem::{Api, Client, Order, Problem, StepKind};
use super::timed::{Figure, Outage};
use parts::{Answer, Balancer, Ip};

/// A node: its place and how many were there before it.
type Node = (u8, u8);

struct World<'p> {
    problem: &'p Problem,
    now: i64,
    answers: Vec<Answer>,
    lowered: bool,
    nodes: BTreeSet<Node>,
    leaving: Option<Node>,
    members: BTreeSet<Node>,
    old_is_there: bool,
    in_tree: bool,
    external: bool,
    ready: bool,
    ips: BTreeMap<Ip, Option<Balancer>>,
    begun: BTreeMap<StepKind, bool>,
    due: BTreeMap<&'static str, i64>,
    replacing_since: i64,
}

/// Executes `outage`'s run.
///
/// # Errors
/// What cannot happen where the run says so, or differs from what it claims.
pub fn replay(problem: &Problem, outage: &Outage) -> Result<(), String> {
    let mut world = World::new(problem);
    let mut failing: Option<(usize, i64)> = None;
    for (event, &(time, action)) in outage.run.iter().enumerate() {
        world.pass(time)?;
        world.execute(action).map_err(|why| format!("{action:?} at {time} ms: {why}"))?;
        failing = match (world.fails(), failing) {
            (true, None) => Some((event, time)),
            (true, known) => known,
            (false, _) => None,
        };
    }
    world.pass(outage.until)?;
    let Some((event, since)) = failing else { return Err("nothing fails at the end".into()) };
    let lasts = outage.until - since;
    match outage.figure {
        _ if event != outage.from => Err(format!("it begins with event {event}, not {}", outage.from)),
        Figure::Within(most) if lasts != most => Err(format!("it lasts {lasts} ms, not {most}")),
        Figure::UntilOperator if lasts <= 0 => Err("it does not last".into()),
        Figure::Never => Err("there is a run although nothing fails".into()),
        _ => Ok(()),
    }
}

impl<'p> World<'p> {
    fn new(problem: &'p Problem) -> World<'p> {
        let nodes: BTreeSet<Node> = (0..problem.workers).map(|place| (place, 0)).collect();
        World {
            problem,
            now: 0,
            answers: vec![Answer { ip: Ip::First, until: None, kept: problem.takes.ttl, dropped: false }],
            lowered: false,
            members: nodes.clone(),
            nodes,
            leaving: None,
            old_is_there: true,
            in_tree: true,
            external: false,
            ready: false,
            ips: [(Ip::First, Some(Balancer::Old))].into(),
            begun: BTreeMap::new(),
            due: BTreeMap::new(),
            replacing_since: 0,
        }
    }

    /// Lets time pass: nothing that is due may be missed.
    fn pass(&mut self, to: i64) -> Result<(), String> {
        if to < self.now {
            return Err(format!("time goes back to {to} ms"));
        }
        if let Some((what, at)) = self.due.iter().find(|(_, at)| **at < to) {
            return Err(format!("{what} was due at {at} ms, before {to} ms"));
        }
        for answer in self.answers.iter().filter(|answer| answer.is_old()) {
            if answer.until.is_some_and(|until| until + answer.kept + self.problem.takes.propagation < to) {
                return Err("a cache keeps an answer for too long".into());
            }
        }
        self.now = to;
        Ok(())
    }

    fn fails(&self) -> bool {
        self.problem.clients.iter().any(|client| match client {
            Client::Fixed => !self.arrives(Ip::First),
            Client::Dns => self.answers.iter().any(|answer| !answer.dropped && !self.arrives(answer.ip)),
        })
    }

    fn arrives(&self, ip: Ip) -> bool {
        match self.ips.get(&ip).copied().flatten() {
            None => false,
            Some(Balancer::New) => self.ready,
            Some(Balancer::Old) => {
                let alive = self.members.intersection(&self.nodes).count();
                self.old_is_there && if self.problem.monitor { alive > 0 } else { alive == self.members.len() }
            }
        }
    }

    fn execute(&mut self, action: Action) -> Result<(), String> {
        let takes = self.problem.takes;
        match action {
            Action::Begin(at) => self.begin(usize::from(at))?,
            Action::InTreeStops => {
                ensure(self.is_under_way(StepKind::Migrate) && self.in_tree, "it does not act")?;
                self.in_tree = false;
                self.due.insert("the cloud-controller-manager", self.now + takes.control_plane);
            }
            Action::ExternalActs => {
                ensure(!self.in_tree && !self.external, "it is not its turn")?;
                self.external = true;
                self.due.remove("the cloud-controller-manager");
                self.due.insert("the load balancer", self.now + takes.control_plane);
            }
            Action::BalancerReady => {
                ensure(self.external && !self.ready, "nobody makes it")?;
                self.ready = true;
                self.due.remove("the load balancer");
                self.begun.insert(StepKind::Migrate, true);
                if self.problem.in_tree == Api::Neutron {
                    self.ips.insert(Ip::Second, Some(Balancer::New));
                }
            }
            Action::LongExpires => self.drop(takes.ttl)?,
            Action::ShortExpires => self.drop(takes.lowered)?,
            Action::DetachNew => {
                ensure(self.is_under_way(StepKind::MoveAddress), "no address is being moved")?;
                let own = self.ips.iter_mut().filter(|(ip, at)| **ip != Ip::First && **at == Some(Balancer::New));
                let found = own.map(|(_, at)| *at = None).count();
                ensure(found == 1, "the new load balancer has no address of its own")?;
                self.address_is_due();
            }
            Action::DetachOld => {
                ensure(self.ips[&Ip::First] == Some(Balancer::Old), "it is not there")?;
                self.ips.insert(Ip::First, None);
                self.address_is_due();
            }
            Action::Attach => {
                ensure(self.is_under_way(StepKind::MoveAddress), "no address is being moved")?;
                ensure(self.on_new() == 0 && self.ips[&Ip::First].is_none(), "the fixed address has a floating IP")?;
                self.ips.insert(Ip::First, Some(Balancer::New));
                self.begun.insert(StepKind::MoveAddress, true);
                self.due.remove("the address");
            }
            Action::NodeJoins(place) => {
                ensure(self.is_under_way(StepKind::Rotate) && self.leaving.is_none(), "it is not its turn")?;
                ensure(self.nodes.remove(&(place, 0)), "it was replaced already")?;
                self.nodes.extend([(place, 0), (place, 1)]);
                self.leaving = Some((place, 0));
            }
            Action::NodeLeaves(place) => {
                ensure(self.leaving.take() == Some((place, 0)), "it is not its turn")?;
                ensure(self.now >= self.replacing_since + takes.node_at_least, "it is too early")?;
                self.nodes.remove(&(place, 0));
                self.replacing_since = self.now;
            }
            Action::NodeReplaced(place) => {
                ensure(self.problem.faults.node_replaced, "this is not assumed")?;
                let of: Vec<Node> = self.nodes.iter().copied().filter(|node| node.0 == place).collect();
                let [(_, count)] = of[..] else { return Err("it is being replaced".into()) };
                self.nodes.remove(&(place, count));
                self.nodes.insert((place, count + 1));
            }
            Action::ExternalRestarts => {
                ensure(self.problem.faults.external_restarts && self.ready, "this is not assumed")?;
                ensure(self.on_new() == 0, "the load balancer has an address")?;
                self.ips.insert(Ip::Third, Some(Balancer::New));
                if self.due.contains_key("the address") {
                    self.address_is_due();
                }
            }
        }
        // Whoever acts on the old load balancer keeps its members as the nodes are.
        if self.in_tree || (self.problem.in_tree == Api::Octavia && self.ready) {
            self.members.clone_from(&self.nodes);
        }
        Ok(())
    }

    fn begin(&mut self, at: usize) -> Result<(), String> {
        let kind = self.problem.steps[at].kind;
        ensure(!self.begun.contains_key(&kind), "it has begun")?;
        let old = self.problem.in_tree == Api::Neutron;
        if self.problem.order == Order::Plan {
            let earlier = self.problem.steps[..at].iter();
            ensure(earlier.clone().all(|step| self.is_complete(step.kind)), "an earlier step is not complete")?;
        }
        let ends_later = matches!(kind, StepKind::Migrate | StepKind::Rotate) || (kind == StepKind::MoveAddress && old);
        self.begun.insert(kind, !ends_later);
        let takes = self.problem.takes;
        match kind {
            StepKind::LowerTtl => {
                let given = self.answers.iter_mut().find(|answer| answer.until.is_none()).expect("there is a record");
                given.until = Some(self.now);
                let ip = given.ip;
                // A record that is the same is looked up in vain: only the time to live differs.
                self.answers.push(Answer { ip, until: None, kept: takes.lowered, dropped: false });
                self.lowered = true;
            }
            StepKind::AwaitOldTtl | StepKind::AwaitCaches => {
                let old = |a: &Answer| a.is_old() && (kind == StepKind::AwaitCaches || a.kept == takes.ttl);
                ensure(!self.answers.iter().any(old), "a cache still holds an old answer")?;
            }
            StepKind::MoveRecord if old => {
                ensure(self.ready, "there is no new address yet")?;
                let kept = if self.lowered { takes.lowered } else { takes.ttl };
                let given = self.answers.iter_mut().find(|answer| answer.until.is_none()).expect("there is a record");
                given.until = Some(self.now);
                self.answers.push(Answer { ip: Ip::Second, until: None, kept, dropped: false });
            }
            StepKind::MoveAddress if old => ensure(self.ready, "there is nothing to move it to")?,
            StepKind::Rotate => self.replacing_since = self.now,
            StepKind::DeleteOld if old => {
                ensure(!self.in_tree, "it would be made again")?;
                self.old_is_there = false;
                let first = self.ips.get_mut(&Ip::First).expect("it was there from the beginning");
                *first = first.filter(|at| *at == Balancer::New);
            }
            StepKind::ReleaseAddresses => self.ips.retain(|_, at| at.is_some()),
            _ => {}
        }
        Ok(())
    }

    /// The last cache drops the answers that are no longer given and were kept that long.
    fn drop(&mut self, kept: i64) -> Result<(), String> {
        let old = self.answers.iter_mut().filter(|a| a.is_old() && a.kept == kept);
        ensure(old.map(|answer| answer.dropped = true).count() > 0, "no cache holds one")
    }

    fn is_complete(&self, kind: StepKind) -> bool {
        match (self.begun.get(&kind), kind) {
            (Some(_), StepKind::Rotate) => self.nodes.iter().all(|(_, count)| *count > 0) && self.leaving.is_none(),
            (begun, _) => begun == Some(&true),
        }
    }

    fn is_under_way(&self, kind: StepKind) -> bool {
        self.begun.get(&kind) == Some(&false)
    }

    fn on_new(&self) -> usize {
        self.ips.values().filter(|at| **at == Some(Balancer::New)).count()
    }

    /// While the first address is attached to nothing the operator hurries.
    fn address_is_due(&mut self) {
        self.due.remove("the address");
        if self.ips.get(&Ip::First) == Some(&None) {
            let takes = self.problem.takes;
            let wait = if self.on_new() > 0 { takes.reaction } else { takes.address };
            self.due.insert("the address", self.now + wait);
        }
    }
}

fn ensure(is_so: bool, why: &str) -> Result<(), String> {
    if is_so { Ok(()) } else { Err(why.into()) }
}
