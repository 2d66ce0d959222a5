//! Runs of the data plane as timelines.

use leasehold_model::data_plane::cause::states;
use leasehold_model::data_plane::judge::OfClient;
use leasehold_model::data_plane::moves::{Action, By};
use leasehold_model::data_plane::reach::{Reach, reach};
use leasehold_model::data_plane::{Figure, Lack, Problem, volumes};
use leasehold_model::migration::Status;

use super::data_plane::{figure, span, who};
use super::layout::{BAD, STRONG, count, list, pad, paint, widest, width, wrap};
use crate::data_plane::Found;
use crate::screen::Screen;

/// The run to the longest outage of each kind of client, where it is too long, and to a volume that is stuck.
pub fn text(found: &Found, all: bool, screen: &Screen) -> String {
    let mut parts = Vec::new();
    if found.judged.reachable() == Status::Violated || all {
        // Clients that fare the same are told of together.
        let mut told: Vec<Vec<&OfClient>> = Vec::new();
        for of in found.judged.clients.iter().filter(|of| of.outage.figure != Figure::Never) {
            let same = |known: &&mut Vec<&OfClient>| known[0].outage == of.outage && known[0].for_good == of.for_good;
            match told.iter_mut().find(same) {
                Some(known) => known.push(of),
                None => told.push(vec![of]),
            }
        }
        parts.extend(told.iter().map(|of| outage(&found.judged.problem, of, screen)));
    }
    if let Some(run) = found.judged.attached.as_ref().and_then(|attached| attached.stuck.as_ref()) {
        parts.push(stuck(&found.judged.problem, run, screen));
    }
    parts.join("\n")
}

fn outage(problem: &Problem, alike: &[&OfClient], screen: &Screen) -> String {
    let of = alike[0];
    let run = &of.outage.run;
    let faults = run.iter().filter(|(_, action)| action.by() == By::Fault).count();
    let faults = if faults == 0 { "no fault needed".into() } else { count(faults, "fault") };
    let long = if of.for_good { "for good".into() } else { figure(of.outage.figure) };
    let whose = list(alike.iter().map(|of| who(of.client)));
    let title = format!("How connections {whose} fail {long}: {}, {faults} (reachable)", count(run.len(), "event"));
    let states = states(problem, run.iter().map(|(_, action)| *action));
    let mut rows = Vec::new();
    for (event, (time, action)) in run.iter().enumerate() {
        if let Action::Begin(at) = action {
            let at = usize::from(*at);
            rows.push((None, format!("step {}: {}", at + 1, problem.steps[at].title)));
        }
        let what = told(problem, *action);
        if !what.is_empty() {
            rows.push((Some(span(*time)), what));
        }
        if event == of.outage.from {
            let alone = Problem { clients: vec![of.client], ..problem.clone() };
            rows.push((None, format!("▲ {}", lost(reach(&alone, &states[event + 1], of.client)))));
        }
    }
    if let Figure::Within(most) = of.outage.figure {
        rows.push((
            Some(span(of.outage.until)),
            format!("at the latest connections arrive again, after {}", span(most)),
        ));
    } else if of.for_good {
        rows.push((None, "  and nothing in the plan mends it".into()));
    }
    table(&title, &rows, screen)
}

fn table(title: &str, rows: &[(Option<String>, String)], screen: &Screen) -> String {
    let head = wrap(title, "", "  ", screen);
    let mut out: String = head.lines().map(|line| paint(line, STRONG, screen) + "\n").collect();
    let column = widest(rows.iter().filter_map(|(time, _)| time.as_deref()));
    for (time, text) in rows {
        let first = match time {
            Some(time) => format!("  {}{time}  ", " ".repeat(column - width(time))),
            None if text.starts_with('▲') => format!("  {}  ", pad("", column)),
            None => "  ".into(),
        };
        let rest = " ".repeat(width(&first) + if text.starts_with('▲') { 2 } else { 0 });
        let lines = wrap(text, &first, &rest, screen);
        out += &if text.starts_with('▲') { paint(lines.trim_end(), BAD, screen) + "\n" } else { lines };
    }
    out
}

/// What happens, with the title of a step that begins.
pub fn whole(problem: &Problem, action: Action) -> String {
    match action {
        Action::Begin(at) => format!("step {}: {}", u16::from(at) + 1, problem.steps[usize::from(at)].title),
        _ => told(problem, action),
    }
}

/// What happens, in a few words; nothing where the step's title says it.
fn told(problem: &Problem, action: Action) -> String {
    let place = |at: u8| u16::from(at) + 1;
    match action {
        Action::Begin(at) => begun(problem, usize::from(at)).into(),
        Action::InTreeStops => {
            "the in-tree service controller stops: nobody updates the old load balancer any more".into()
        }
        Action::ExternalActs => "openstack-cloud-controller-manager starts".into(),
        Action::BalancerReady if problem.adopts() => "it finds the old load balancer and updates it from now on".into(),
        Action::BalancerReady => "its load balancer is ready, with a floating IP of its own".into(),
        Action::LongExpires | Action::ShortExpires => "the last cache drops its old answer".into(),
        Action::DetachNew => "the new load balancer's own floating IP is taken off".into(),
        Action::DetachOld => "the old floating IP is taken off the old load balancer".into(),
        Action::Attach => "the old floating IP is on the new load balancer".into(),
        Action::NodeJoins(at) => format!("a node joins to replace node {}", place(at)),
        Action::NodeLeaves(at) => format!("node {} is gone", place(at)),
        Action::NodeReplaced(at) => format!("fault: node {} is replaced", place(at)),
        Action::ExternalRestarts => {
            "fault: openstack-cloud-controller-manager starts anew, finds no floating IP and makes one".into()
        }
    }
}

fn begun(problem: &Problem, at: usize) -> &'static str {
    use leasehold_model::data_plane::StepKind;
    match problem.steps[at].kind {
        StepKind::LowerTtl => "the record has the short time to live",
        StepKind::MoveRecord if !problem.adopts() => "the record has the new address",
        StepKind::DeleteOld if !problem.adopts() => "the old load balancer is gone",
        StepKind::ReleaseAddresses => "what is attached to nothing is given back",
        _ => "",
    }
}

fn lost((reach, lack): (Reach, Option<Lack>)) -> String {
    let how = if reach == Reach::Some {
        "from here on a share of the connections fails"
    } else {
        "from here on connections fail"
    };
    let why = match lack {
        Some(Lack::Members) => "a member is gone and keeps its share",
        Some(Lack::Deleted) => "there is no load balancer at the address",
        Some(Lack::Detached) => "the address is attached to nothing",
        Some(Lack::Released) => "the address was given back",
        None => return how.into(),
    };
    format!("{how}: {why}")
}

fn stuck(problem: &Problem, run: &[volumes::Action], screen: &Screen) -> String {
    let title = format!("How a volume comes to be attached nowhere: {} (attached)", count(run.len(), "event"));
    let place = |at: u8| u16::from(at) + 1;
    let mut rows: Vec<(Option<String>, String)> = Vec::new();
    for action in run {
        let text = match *action {
            volumes::Action::Step(at) => {
                let at = usize::from(at);
                rows.push((None, format!("step {}: {}", at + 1, problem.steps[at].title)));
                continue;
            }
            volumes::Action::NodeReplaced(at) => format!("node {} is replaced", place(at)),
            volumes::Action::PodMoves(at) => format!("the pod comes to node {}", place(at)),
            volumes::Action::Detach => "the volume is taken off its node".into(),
            volumes::Action::Attach => "the volume is attached to the pod's node".into(),
            volumes::Action::ProviderGoes => "the provider is taken from kube-controller-manager".into(),
        };
        rows.push((Some(String::new()), text));
    }
    rows.push((None, "▲ from here on nobody attaches the volume where its pod is".into()));
    table(&title, &rows, screen)
}
