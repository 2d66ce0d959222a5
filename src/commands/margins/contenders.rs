//! Who contends for which lease, from what manifests say.

use leasehold_model::lease_time::question::Contender;
use leasehold_model::release::Release;
use leasehold_scenarios::diagnostic::{Problem, Severity};
use leasehold_scenarios::elections::{Election, Found, Origin, Pods, Switched};

use super::document::{Note, Status, WithoutElection};
use super::judge::{Group, Member};

/// What contends for each lease that manifests name; a component whose lease has no known name is alone.
pub(super) fn contenders(found: &Found, client_go: Option<Release>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for election in found.elections.iter().filter(|e| e.switch == Switched::On) {
        let namespace = election.lock.namespace.as_deref().unwrap_or("default");
        let lock = election.lock.name.as_ref().map(|name| format!("{namespace}/{name}"));
        let member = member(election, found, client_go);
        match groups.iter_mut().find(|g| lock.as_ref() == Some(&g.lock)) {
            Some(group) => group.members.push(member),
            None => {
                let lock = lock.unwrap_or_else(|| format!("a lease of {} ({})", election.name, election.object));
                groups.push(Group { lock, members: vec![member] });
            }
        }
    }
    groups
}

fn member(election: &Election, found: &Found, client_go: Option<Release>) -> Member {
    let known = election.client_go.or(client_go);
    let origin = |origin: &Origin| match origin {
        Origin::Written(what, span) => format!("{what} ({})", found.sources.place(*span)),
        Origin::Default => "default".to_string(),
        Origin::Assumed => "assumed: client-go's recommended value".to_string(),
    };
    Member {
        contender: Contender {
            durations: election.durations,
            client_go: known.unwrap_or(Release::NEWEST),
            releases: election.releases,
            request_limit: election.component.request_limit,
        },
        name: election.name.clone(),
        object: Some((election.object.to_string(), found.sources.place(election.span))),
        origins: election.origins.each_ref().map(origin),
        client_go_assumed: known.is_none(),
        component: Some(election.component),
    }
}

pub(super) fn without_election(found: &Found) -> Vec<WithoutElection> {
    let off = found.elections.iter().filter_map(|election| match election.switch {
        Switched::Off(span) => Some((election, span.unwrap_or(election.span))),
        Switched::On => None,
    });
    off.map(|(election, span)| WithoutElection {
        name: election.name.clone(),
        object: election.object.to_string(),
        place: found.sources.place(span),
        replicas: if let Pods::Some(n) = election.pods { Some(n) } else { None },
        verdict: match election.pods {
            pods if pods.alone() => Status::Safe,
            Pods::Some(_) => Status::Unsafe,
            Pods::PerNode => Status::Inconclusive,
        },
    })
    .collect()
}

pub(super) fn nothing(found: &Found, paths: &[String]) -> Problem {
    let kinds: Vec<String> = found.others.iter().map(|(kind, n)| format!("{n} {kind}")).collect();
    let aside = found.node_leases + found.api_server_leases;
    let read = match (kinds.is_empty(), aside) {
        (true, 0) => "there is no object in it".to_string(),
        (true, n) => format!("{n} Leases there are heartbeats, not elections"),
        (false, _) => format!("read: {}", kinds.join(", ")),
    };
    Problem::error(format!("nothing that elects a leader in {}", paths.join(" "))).help(format!(
        "{read}; a component that is not known is taken for one if it has a flag such as --leader-elect or \
         --leader-election-lease-duration"
    ))
}

pub(super) fn notes(found: &Found) -> Vec<Note> {
    let shown = |problem: &Problem| Note {
        severity: if problem.severity == Severity::Warning { "warning" } else { "note" },
        message: problem.message.clone(),
        place: problem.span.map(|span| found.sources.place(span)),
    };
    found.problems.iter().chain(&found.notes).map(shown).collect()
}
