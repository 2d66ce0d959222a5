//! What follows one disturbance, in dense time: everything that can happen until the cluster is at rest again, and the
//! longest time in which a controller acts nowhere.
//!
//! One clock counts from the moment the controller stopped, the others from the moments at which what is under way became
//! possible. Every order in which the moves can happen is followed, with all times that it allows ([`Zone`]); without
//! extrapolation, since every run ends. So the longest time is exact for the spans given.

use super::choices::Meanwhile;
use super::timed::{Location, Moment, Timed, Wait};
use crate::controller::Controller;
use crate::migration::Action;
use crate::migration::properties::is_required;
use crate::zones::Zone;
use std::collections::BTreeMap;

/// Clock 0 is zero, clock 1 counts the gap; no plan has moves that wait since more than ten different moments.
const CLOCKS: usize = 12;
const GAP: usize = 1;

/// What follows a disturbance.
#[derive(Clone, Debug, Default)]
pub struct Aftermath {
    /// The longest time without the controller.
    pub longest: Option<Longest>,
    /// Where the cluster comes to rest, and what happened until then.
    pub rests: Vec<(Moment, Vec<Action>)>,
    /// The search was cut short.
    pub cut_short: bool,
}

/// How long a controller acts nowhere.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Longest {
    /// Nanoseconds; `None`: for good, unless the operator goes on.
    pub nanos: Option<i64>,
    /// What happens until the controller is run again, after the disturbance.
    pub actions: Vec<Action>,
}

impl Longest {
    /// Whether this is longer.
    pub fn exceeds(&self, other: Option<&Longest>) -> bool {
        let length = |longest: &Longest| longest.nanos.unwrap_or(i64::MAX);
        other.is_none_or(|other| length(self) > length(other))
    }
}

struct Node {
    location: Location,
    /// The controller acts nowhere and has done so before.
    open: bool,
    meanwhile: Meanwhile,
    zone: Zone<CLOCKS>,
    parent: usize,
    action: Action,
}

/// Follows `cause`, which led from rest to `first` at time zero; `acted`: `controller` acted before it. What comes `meanwhile`
/// comes at any moment. Gives up rather than keep more than `most` zones.
pub fn follow(
    timed: &Timed<'_>,
    cause: Action,
    first: Location,
    controller: Controller,
    acted: bool,
    meanwhile: Meanwhile,
    most: usize,
) -> Aftermath {
    let mut out = Aftermath::default();
    let mut nodes = Nodes::default();
    let open = acted && !timed.acts(first.at.state, controller);
    nodes.enter(timed, Node { location: first, open, meanwhile, zone: Zone::origin(), parent: 0, action: cause });
    let mut next = 0;
    while next < nodes.all.len() {
        let number = next;
        next += 1;
        let Node { ref location, open, meanwhile, zone, .. } = nodes.all[number];
        let location = location.clone();
        if location.waits.is_empty() {
            if open && is_required(timed.cluster, location.at.state, controller) {
                out.keep(None, || nodes.actions(number));
            }
            if out.rests.iter().all(|(rest, _)| *rest != location.at) {
                out.rests.push((location.at, nodes.actions(number)));
            }
            continue;
        }
        let acted = timed.acts(location.at.state, controller);
        let unused = (GAP + 1..CLOCKS).find(|&clock| location.waits.iter().all(|wait| wait.since != clock));
        for (action, state, wait) in timed.possible(&location, meanwhile) {
            let mut zone = zone;
            let in_time =
                |wait: Wait| zone.at_least(wait.since, wait.span.least) && zone.at_most(wait.since, wait.span.most);
            if !wait.is_none_or(in_time) {
                continue;
            }
            let Some(clock) = unused else {
                out.cut_short = true;
                break;
            };
            let acts = timed.acts(state, controller);
            if open && acts {
                let waited = zone.bound(GAP, 0).constant().expect("every move happens in time");
                let nanos = waited + timed.start_up(state, action, controller).nanos;
                out.keep(Some(nanos), || nodes.actions(number).into_iter().chain([action]).collect());
            }
            if acted && !acts {
                zone.reset(GAP);
            }
            zone.reset(clock);
            let open = !acts && (open || acted);
            let crashed = matches!(action, Action::Crash(_));
            let later = if crashed { Meanwhile::Nothing } else { meanwhile };
            let location = timed.follow(&location, action, state, clock);
            nodes.enter(timed, Node { location, open, meanwhile: later, zone, parent: number, action });
        }
        if nodes.all.len() > most {
            out.cut_short = true;
            return out;
        }
    }
    out
}

impl Aftermath {
    fn keep(&mut self, nanos: Option<i64>, actions: impl FnOnce() -> Vec<Action>) {
        let length = |nanos: Option<i64>| nanos.unwrap_or(i64::MAX);
        if self.longest.as_ref().is_none_or(|known| length(nanos) > length(known.nanos)) {
            self.longest = Some(Longest { nanos, actions: actions() });
        }
    }
}

#[derive(Default)]
struct Nodes {
    all: Vec<Node>,
    known: BTreeMap<(Location, bool, Meanwhile), Vec<usize>>,
}

impl Nodes {
    /// Lets time pass as long as nothing has to happen, forgets the clocks that count for nothing, and keeps the node
    /// unless another has all its times.
    fn enter(&mut self, timed: &Timed<'_>, mut node: Node) {
        let waits = &node.location.waits;
        let deadlines: Vec<_> = waits.iter().map(|w| (w.since, timed.deadline(&node.location, w))).collect();
        let in_time = |zone: &mut Zone<CLOCKS>| deadlines.iter().all(|&(clock, most)| zone.at_most(clock, most));
        if !in_time(&mut node.zone) {
            return;
        }
        node.zone.delay();
        assert!(in_time(&mut node.zone), "no time at all is always possible");
        for clock in GAP..CLOCKS {
            let counts = if clock == GAP { node.open } else { waits.iter().any(|wait| wait.since == clock) };
            if !counts {
                node.zone.free(clock);
            }
        }
        let same = self.known.entry((node.location.clone(), node.open, node.meanwhile)).or_default();
        if same.iter().any(|&other| self.all[other].zone.includes(&node.zone)) {
            return;
        }
        same.push(self.all.len());
        self.all.push(node);
    }

    /// What happened after the disturbance.
    fn actions(&self, mut at: usize) -> Vec<Action> {
        let mut actions = Vec::new();
        while at != 0 {
            actions.push(self.all[at].action);
            at = self.all[at].parent;
        }
        actions.reverse();
        actions
    }
}
