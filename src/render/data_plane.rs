//! The data plane on the screen of `check`: its rows of the table, what was assumed, the guide's sentences, the order of the
//! steps, and what its verdicts rest on. [`super::data_plane_run`] tells its runs.

use leasehold_model::data_plane::cause::name;
use leasehold_model::data_plane::{Api, Cause, Client, Figure, LastChance, Leak};
use leasehold_model::explore::End;
use leasehold_model::findings::Code;
use leasehold_model::migration::Status;
use leasehold_scenarios::source::Span;
use miette::Severity;

use super::layout::{STRONG, count, list, paint, wrap};
use super::report::Report;
use super::verdicts::{Row, word};
use crate::data_plane::{Found, Property};
use crate::scene::Scene;
use crate::screen::Screen;

/// The rows of the table of verdicts.
pub fn rows(found: &Found) -> Vec<Row> {
    let row = |(property, status): (Property, Status)| {
        let (word, style) = word(status);
        let expected = found.expected(property).filter(|e| *e != status && status != Status::Inconclusive);
        let expected = expected.map(|status| status.name().to_string());
        Row {
            name: property.name(),
            word,
            style,
            why: why(found, property, status),
            search: search(found, property),
            expected,
        }
    };
    found.verdicts().into_iter().map(row).collect()
}

/// A verdict's reason, in a few words.
pub fn why(found: &Found, property: Property, status: Status) -> String {
    let judged = &found.judged;
    match (property, status) {
        (_, Status::Inconclusive) => "not decided: the search was cut short".into(),
        (Property::Reachable, Status::Holds) if judged.longest() == Figure::Never => {
            "no client loses a connection".into()
        }
        (Property::Reachable, _) => {
            let failing = judged.clients.iter().filter(|of| of.outage.figure != Figure::Never);
            let each = failing.map(|of| {
                let long = if of.for_good { "for good".into() } else { figure(of.outage.figure) };
                format!("connections {} fail {long}", who(of.client))
            });
            let allowed = found.input.question.allowed;
            let allowed = if allowed > 0 { format!(" ({} allowed)", span(allowed)) } else { String::new() };
            list(each) + &allowed
        }
        (Property::Attached, Status::Holds) => "every volume can be attached where its pod is".into(),
        (Property::Attached, Status::Violated) => "a volume can never be attached where its pod is".into(),
        (Property::Leaks, Status::Holds) => "nothing is left that nobody uses and that costs money".into(),
        (Property::Leaks, Status::Violated) => {
            let left = judged.leaks.iter().filter(|leak| leak.is_now()).map(|leak| name(*leak));
            format!("left at the end: {}", list(left))
        }
    }
}

/// `of clients that …`
pub fn who(client: Client) -> &'static str {
    match client {
        Client::Dns => "of clients that follow DNS",
        Client::Fixed => "of clients that know the address only",
    }
}

/// The clients' name in a scenario and in JSON.
pub fn client(client: Client) -> &'static str {
    match client {
        Client::Dns => "dns",
        Client::Fixed => "fixedAddress",
    }
}

/// `for up to 60 s`
pub fn figure(figure: Figure) -> String {
    match figure {
        Figure::Never => "never".into(),
        Figure::Within(most) => format!("for up to {}", span(most)),
        Figure::UntilOperator => "until the operator goes on".into(),
    }
}

/// `1.5 s`, `1 h`
pub fn span(milliseconds: i64) -> String {
    match (milliseconds / 1000, milliseconds % 1000) {
        (0, 0) => "0 s".into(),
        (whole, 0) if whole % 3600 == 0 => format!("{} h", whole / 3600),
        (whole, 0) if whole % 60 == 0 && whole > 60 => format!("{} min", whole / 60),
        (whole, 0) => format!("{whole} s"),
        (whole, rest) => format!("{whole}.{} s", format!("{rest:03}").trim_end_matches('0')),
    }
}

fn search(found: &Found, property: Property) -> String {
    let judged = &found.judged;
    let end = |end| if end == End::Complete { "complete" } else { "cut short" };
    match property {
        Property::Attached => {
            let attached = judged.attached.as_ref();
            attached.map_or(String::new(), |a| format!("{}, {}", count(a.states, "state"), end(a.end)))
        }
        _ => format!("{}, {}", count(judged.states.0, "state"), end(judged.end)),
    }
}

/// What was assumed, one sentence each.
pub fn assumptions(found: &Found) -> Vec<String> {
    let problem = &found.judged.problem;
    let api = match problem.in_tree {
        Api::Neutron => "Neutron LBaaS, where openstack-cloud-controller-manager does not look",
        Api::Octavia => "Octavia, where openstack-cloud-controller-manager finds them",
    };
    let monitor = if problem.monitor { "with" } else { "without" };
    let mut faults = Vec::new();
    if problem.faults.node_replaced {
        faults.push("a node is replaced by an autoscaler, a repair or somebody");
    }
    if problem.faults.external_restarts {
        faults.push("openstack-cloud-controller-manager starts anew");
    }
    if faults.is_empty() {
        faults.push("none");
    }
    vec![format!(
        "{} behind the load balancers of a Service; those of the in-tree provider are in {api}; {monitor} health monitor; faults \
         of the data plane: {}",
        count(problem.workers.into(), "node"),
        list(faults)
    )]
}

/// Which order avoids an outage, and where the last chance goes; empty if the plan has none.
pub fn orders(found: &Found, screen: &Screen) -> String {
    let judged = &found.judged;
    if judged.reachable() != Status::Violated {
        return String::new();
    }
    let title = |at: usize| format!("{} ({})", at + 1, judged.problem.steps[at].title);
    let searched = format!("{} in any order", count(judged.states.1, "state"));
    let chance = match judged.last_chance {
        LastChance::Unknown => {
            "whether another order of the steps avoids it is not decided: the search was cut short".into()
        }
        LastChance::Beginning => format!("no order of the steps avoids it, whatever is waited for ({searched})"),
        LastChance::Never => format!("from everywhere some order of what is left avoids it ({searched})"),
        LastChance::Step(at) => format!("from step {} on no order of what is left avoids it ({searched})", title(at)),
    };
    let mut out = format!("{}\n{}", paint("Order of the steps", STRONG, screen), wrap(&chance, "  ", "  ", screen));
    if let Some(safe) = &judged.safe_order {
        let steps: Vec<String> = safe
            .iter()
            .map(|(waits, at)| {
                let wait = if *waits { "(when no cache holds an old answer) " } else { "" };
                format!("{wait}{}", judged.problem.steps[*at].title)
            })
            .collect();
        out += &wrap(&format!("without an outage: {}", steps.join(" → ")), "  ", "    ", screen);
    }
    out
}

/// The causes, with the places of their steps.
pub fn findings(found: &Found, scene: &Scene, screen: &Screen) -> String {
    let report = |(cause, span): &(Cause, Option<Span>)| {
        let is_note = cause.code == Code::LM711;
        let report = Report {
            word: format!("{}[{}]:", if is_note { "warning" } else { "error" }, cause.code),
            severity: if is_note { Severity::Warning } else { Severity::Error },
            title: cause.code.title().into(),
            place: span.map(|span| (span, None)),
            lines: vec![cause.message.clone(), format!("more: leasehold explain {}", cause.code)],
        };
        report.render(&scene.sources, screen)
    };
    found.causes.iter().map(report).collect::<Vec<_>>().join("\n")
}

/// What the verdicts rest on, one sentence each.
pub fn rests(found: &Found) -> Vec<String> {
    let takes = found.judged.problem.takes;
    let mut lines = vec![
        format!(
            "reachable: clients keep a DNS answer for no longer than its time to live ({}, lowered {}; every name server follows \
             within {}); a command on a floating IP takes effect within {}",
            span(takes.ttl),
            span(takes.lowered),
            span(takes.propagation),
            span(takes.address)
        ),
        "reachable: a load balancer follows replaced nodes at once while its controller runs; that it takes up to 100 s is so with \
         every replacement, and not counted; every node forwards to the pods (externalTrafficPolicy: Cluster)"
            .into(),
    ];
    if found.judged.attached.is_some() {
        lines.push(
            "attached: Cinder refuses a second attachment; a node that is gone holds no volume; the migration installs the CSI \
             driver on every node"
                .into(),
        );
    }
    if found.judged.leaks.contains(&Leak::OutlivesService) {
        lines.push("leaks: the moved floating IP is in use; it stays when the Service is deleted".into());
    }
    lines
}
