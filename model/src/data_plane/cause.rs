//! Why a verdict on the data plane is violated: the code, the step, and what happens there.

use super::claims::{Claim, Truth};
use super::judge::{Judged, Leak, OfClient};
use super::moves::{Action, Traffic};
use super::problem::{Client, Problem, StepKind};
use super::reach::{Lack, reach};
use super::state::{Address, State};
use super::timed::Figure;
use super::volumes;
use crate::explore::System;
use crate::findings::Code;

/// A coded diagnosis.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cause {
    /// The code.
    pub code: Code,
    /// The number of the step it is about; none if it is about no step.
    pub step: Option<usize>,
    /// What happens.
    pub message: String,
}

/// The causes of everything that is violated, each code once for each step.
pub fn causes(judged: &Judged) -> Vec<Cause> {
    let allowed = judged.question.allowed;
    let fails = |of: &&OfClient| of.outage.figure > Figure::Within(allowed);
    let mut found: Vec<Cause> = Vec::new();
    for of in judged.clients.iter().filter(fails) {
        let cause = outage(&judged.problem, of);
        if !found.iter().any(|known| (known.code, known.step) == (cause.code, cause.step)) {
            found.push(cause);
        }
    }
    if let Some(run) = judged.attached.as_ref().and_then(|attached| attached.stuck.as_ref()) {
        found.push(stuck(&judged.problem, run));
    }
    let left: Vec<&str> = judged.leaks.iter().filter(|leak| leak.is_now()).map(|leak| name(*leak)).collect();
    if !left.is_empty() {
        let message = format!("at the end of the plan {} left, and nothing looks for it any more", listed(&left));
        found.push(Cause { code: Code::LM709, step: None, message });
    }
    found
}

/// A claim about a release that is wrong; none for any other.
pub fn wrong_release(finding: &super::claims::Finding) -> Option<Cause> {
    let known = finding.release.filter(|_| finding.truth == Truth::Refuted)?;
    let message = match finding.claim {
        Claim::ProviderRemovedIn(claimed) => format!(
            "kube-controller-manager has the in-tree OpenStack provider up to {known}, so {claimed} does not remove it; what \
             {claimed} decides is another matter: since {} Cinder volumes go to the CSI driver by default",
            volumes::MIGRATES_BY_DEFAULT
        ),
        Claim::BeforeUpgradeTo(claimed) => format!(
            "before the upgrade to {claimed} is too late: nodes of {known} hand Cinder volumes to the CSI driver by default \
             (CSIMigrationOpenStack), and only the migration installs it"
        ),
        _ => return None,
    };
    Some(Cause { code: Code::LM711, step: None, message })
}

/// What a leak is called.
pub fn name(leak: Leak) -> &'static str {
    match leak {
        Leak::OldBalancer => "the old load balancer",
        Leak::FirstAddress => "the old floating IP",
        Leak::SecondAddress => "the floating IP that the new load balancer got first",
        Leak::ThirdAddress => "the floating IP that it got while it had none",
        Leak::OutlivesService => "the moved floating IP, once the Service is deleted",
    }
}

fn listed(items: &[&str]) -> String {
    match items {
        [one] => format!("{one} is"),
        [init @ .., last] => format!("{} and {last} are", init.join(", ")),
        [] => String::new(),
    }
}

/// The states that a run passes, the first one included.
pub fn states(problem: &Problem, run: impl IntoIterator<Item = Action>) -> Vec<State> {
    let traffic = Traffic { problem };
    let mut states = vec![State::FIRST];
    for action in run {
        let mut next = None;
        traffic.successors(states[states.len() - 1], &mut |possible, state| {
            if possible == action {
                next = Some(state);
            }
        });
        states.extend(next);
    }
    states
}

fn outage(problem: &Problem, of: &OfClient) -> Cause {
    let states = states(problem, of.outage.run.iter().map(|(_, action)| *action));
    let (before, after) = (states[of.outage.from], states[of.outage.from + 1]);
    let action = of.outage.run[of.outage.from].1;
    let lack = reach(problem, &after, of.client).1.unwrap_or(Lack::Detached);
    let is_cached = of.client == Client::Dns && after.moved && after.second == Address::New;
    let is_left_behind = of.client == Client::Fixed && after.moved && after.first != Address::New;
    let begun = (0..problem.steps.len()).rfind(|&at| after.begun >> at & 1 == 1);
    let cause = |code, message: String| Cause { code, step: begun, message };
    let old = "the old load balancer is updated by nobody since the in-tree service controller stopped";
    match (lack, action) {
        (_, Action::NodeReplaced(_)) => cause(
            Code::LM704,
            format!("a node is replaced while clients still use the old load balancer; {old}, so the lost member keeps its share"),
        ),
        _ if is_left_behind => cause(
            Code::LM705,
            "the record leads to the new load balancer, but clients that know only the old address stay with the old one".into(),
        ),
        _ if is_cached => {
            let kept = if before.long { problem.takes.ttl } else { problem.takes.lowered } + problem.takes.propagation;
            let what = if lack == Lack::Members { "loses its first member" } else { "is gone" };
            cause(
                Code::LM703,
                format!("caches keep the old address for up to {} s, and the old load balancer {what} before that", kept / 1000),
            )
        }
        (Lack::Members, _) => cause(
            Code::LM701,
            format!("nodes go while the address of the Service still leads to the old load balancer; {old}"),
        ),
        (Lack::Deleted, _) => {
            cause(Code::LM702, "the old load balancer is deleted while its address is the one that clients use".into())
        }
        (Lack::Detached, _) if !problem.takes.new_address_first || problem.faults.external_restarts => cause(
            Code::LM707,
            "the old floating IP is detached, and cannot be attached while the new load balancer has one of its own".into(),
        ),
        (Lack::Detached, _) => cause(
            Code::LM706,
            format!("between two commands the address leads nowhere, for up to {} s", seconds(problem.takes.address)),
        ),
        (Lack::Released, _) => {
            cause(Code::LM708, "the floating IP is given back while it is the address that clients use".into())
        }
    }
}

fn stuck(problem: &Problem, run: &[volumes::Action]) -> Cause {
    let step = run.iter().find_map(|action| match action {
        volumes::Action::Step(at) => {
            let at = usize::from(*at);
            matches!(problem.steps[at].kind, StepKind::Upgrade(_)).then_some(at)
        }
        _ => None,
    });
    let message = format!(
        "a node created now hands Cinder volumes to the CSI driver, which is not installed (CSIMigrationOpenStack is on by \
         default since {}): its pods wait for their volumes until the migration is done",
        volumes::MIGRATES_BY_DEFAULT
    );
    Cause { code: Code::LM710, step, message }
}

fn seconds(milliseconds: i64) -> String {
    match (milliseconds / 1000, milliseconds % 1000) {
        (whole, 0) => whole.to_string(),
        (whole, rest) => format!("{whole}.{}", format!("{rest:03}").trim_end_matches('0')),
    }
}
