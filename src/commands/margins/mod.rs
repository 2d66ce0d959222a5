//! `leasehold margins`: how far the leases of any client-go elected component are from two leaders at once.
//!
//! * [`arguments`]: the command line, all mistakes at once.
//! * [`judge`]: a lease's answer, with the limit of each parameter, the durations that would do, and the [`story`] of a
//!   counterexample. [`leasehold_model::lease_time::question`] is what is asked.
//! * [`audit`]: Lease objects.
//! * [`document`]: the result as data, which is also the JSON output.

pub mod arguments;
mod audit;
pub mod document;
mod judge;
pub mod story;

use std::path::PathBuf;

use clap::ValueEnum;
use leasehold_model::lease_time::answers::Theorem;
use leasehold_model::lease_time::question::Contender;
use leasehold_model::release::Release;
use leasehold_scenarios::diagnostic::{Problem, Severity};
use leasehold_scenarios::elections::lease::microseconds;
use leasehold_scenarios::elections::{self, Election, Found, Origin, Pods, Switched};
use leasehold_scenarios::inventory::files::Disk;

use self::arguments::{Given, Wrong};
use self::document::{Document, Note, Status, WithoutElection, seconds};
use self::judge::{Group, Judge, Member};
use super::Ran;
use crate::exit::Failure;
use crate::render;
use crate::screen::Screen;

const EXAMPLES: &str = "\
Examples:
  leasehold margins --lease-duration 15s --renew-deadline 10s --retry-period 2s
  leasehold margins deploy/                        every component there that elects with client-go
  leasehold margins before/ after/                 both sides of a migration, with different flags
  kubectl get leases -A -o yaml | leasehold margins -
  leasehold margins --other 60s/40s/5s@1.26        two configurations contend for one lease
  leasehold margins --renew-deadline 12s --want 2s what to set so that 2 s are left
  leasehold margins --reply-delay any              survive whatever the client waits for

How a lease is lost: a leader renews every retry period (2 s) and gives up once renewals failed for
the renew deadline (10 s). Others take the lease once they saw no renewal for the lease duration
(15 s). So 15 s - 10 s - 2 s = 3 s are left for everything that is slow: answers of the API server,
stopping, drifting clocks. A slow answer counts up to three times, and a second is taken off,
because renewals within one second read alike in a Lease, and others do not notice the later one.
Each limit is proved, by searching all runs of client-go's elector in dense time; what lies beyond
is refuted, by a run that the elector has executed, or not decided.

Exit codes:
  0  safe: never two leaders at once, under the assumptions that are printed
  1  not safe: two leaders at once are possible under them
  2  bad input, or durations that client-go refuses: nothing was judged
  3  inconclusive: something is not known
  4  the environment failed: output could not be written";

/// The arguments of `margins`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Manifests of anything that elects a leader, and Leases as kubectl prints them: files, directories, `-`.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How long others wait after the last renewal they saw [default: 15s].
    #[arg(long, value_name = "DURATION", help_heading = "Durations, without PATH")]
    lease_duration: Option<String>,
    /// How long a leader tries to renew before it gives up [default: 10s].
    #[arg(long, value_name = "DURATION", help_heading = "Durations, without PATH")]
    renew_deadline: Option<String>,
    /// The wait between renewals, and between attempts [default: 2s].
    #[arg(long, value_name = "DURATION", help_heading = "Durations, without PATH")]
    retry_period: Option<String>,
    /// Another configuration that contends for the same lease: 15s/10s/2s@1.26 (may be repeated).
    #[arg(long, value_name = "LEASE/RENEW/RETRY[@CLIENT-GO]", help_heading = "Durations, without PATH")]
    other: Vec<String>,
    /// The lease is emptied on exit (ReleaseOnCancel).
    #[arg(long, help_heading = "Durations, without PATH")]
    release_on_cancel: bool,
    /// The client-go where nothing tells: 1.36 stands for 0.36 [default: the newest known].
    #[arg(long, value_name = "RELEASE")]
    client_go: Option<Release>,
    /// The longest time that a request takes, from sending it to its answer being processed or given up; `any`: whatever
    /// the client waits for.
    #[arg(long, value_name = "DURATION", default_value = "500ms", help_heading = "Assumptions")]
    reply_delay: String,
    /// The longest time from losing the lease to the last act of a controller.
    #[arg(long, value_name = "DURATION", default_value = "100ms", help_heading = "Assumptions")]
    stop_time: String,
    /// One pause of a leader's process, at most; 0s: none.
    #[arg(long, value_name = "DURATION", default_value = "0s", help_heading = "Assumptions")]
    pause: String,
    /// How far each host's clock may run fast or slow: 500ppm, 0.05%.
    #[arg(long, value_name = "RATE", default_value = "0ppm", help_heading = "Assumptions")]
    clock_rate: String,
    /// Leave out that a process empties its lease on exit before its work has stopped.
    #[arg(long, help_heading = "Assumptions")]
    no_release: bool,
    /// Say what to set so that this much is left under the assumptions.
    #[arg(long, value_name = "DURATION")]
    want: Option<String>,
    /// The moment that the age of Leases is counted from [default: the newest renewal in the input].
    #[arg(long, value_name = "RFC3339")]
    now: Option<String>,
    /// How to print.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Show every lease in full, not only those that are not safe.
    #[arg(long)]
    all: bool,
}

/// How to print.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
enum Format {
    /// For people.
    Text,
    /// For programs: docs/schema/margins.v1.json
    Json,
}

/// Judges.
///
/// # Errors
/// If the input is bad or the output cannot be written.
pub fn run(args: &Args) -> Ran {
    let mut wrong = Wrong::default();
    let text = Option::as_deref;
    let given = Given {
        lease: text(&args.lease_duration),
        renew: text(&args.renew_deadline),
        retry: text(&args.retry_period),
        client_go: args.client_go,
        releases: args.release_on_cancel,
        others: &args.other,
    };
    let assumed = arguments::assumed(&args.reply_delay, &args.stop_time, &args.pause, &args.clock_rate, &mut wrong);
    let want = args.want.as_deref().and_then(|text| wrong.duration("want", text));
    let now = args.now.as_deref().and_then(|text| {
        let now = microseconds(text);
        if now.is_none() {
            wrong.0.push(format!("--now: `{text}` is no time: expected RFC 3339, such as 2026-11-21T12:00:00Z"));
        }
        now
    });
    let mut found = Found::default();
    let mut groups = Vec::new();
    if args.paths.is_empty() {
        groups.extend(given.group(&mut wrong));
    } else {
        if given.any() || args.release_on_cancel {
            wrong.0.push("durations come from PATH or from flags, not from both".into());
        }
        let paths: Vec<String> = args.paths.iter().map(|path| path.to_string_lossy().into_owned()).collect();
        found = elections::read(&Disk, &paths);
        for election in found.elections.iter().filter(|e| e.durations.recorded_seconds() == 0) {
            let problem = Problem::error(arguments::unrecordable(election.durations));
            found.problems.push(problem.at(election.span));
        }
        if found.elections.is_empty() && found.leases.is_empty() && found.problems.is_empty() {
            found.problems.push(nothing(&found, &paths));
        }
        groups = contenders(&found, args.client_go);
    }
    if found.problems.iter().any(|p| p.severity == Severity::Error) || !wrong.0.is_empty() {
        found.problems.extend(wrong.0.into_iter().map(Problem::error));
        return Err(Failure::Input {
            sources: found.sources,
            problems: found.problems,
            consequence: "nothing was judged",
        });
    }
    let Some(assumed) = assumed else { unreachable!("a wrong assumption was reported") };
    let judge = Judge { theorem: Theorem::default(), assumed, no_release: args.no_release, want };
    let document = document(&judge, &groups, &found, now, args);
    super::print(&match args.format {
        Format::Json => document.json(),
        Format::Text => render::margins::text(&document, args.all, &Screen::stdout()),
    })?;
    Ok(document.verdict.exit())
}

fn document(judge: &Judge, groups: &[Group], found: &Found, now: Option<i64>, args: &Args) -> Document {
    let elections: Vec<document::Election> = groups.iter().map(|group| judge.election(group)).collect();
    let without_election = without_election(found);
    let now = now.or(found.newest_renewal);
    let audited = audit::Audited {
        leases: &found.leases,
        node_leases: found.node_leases,
        api_server_leases: found.api_server_leases,
        now,
        now_shown: args.now.clone().or_else(|| now.map(elections::lease::shown)),
    };
    let leases = (!found.leases.is_empty()).then(|| audit::audit(judge, groups, &found.sources, &audited));
    let locks = leases.iter().flat_map(|l| &l.locks).filter(|lock| !lock.is_unowned()).map(|lock| lock.verdict);
    let all = elections.iter().map(|e| e.verdict).chain(without_election.iter().map(|w| w.verdict)).chain(locks);
    let assumed = &judge.assumed;
    Document {
        version: document::VERSION,
        verdict: all.max().unwrap_or(Status::Safe),
        assumed: document::Assumed {
            reply_delay_seconds: assumed.reply_delay.map(|d| seconds(d.nanos)),
            stop_time_seconds: seconds(assumed.stop_time.nanos),
            pause_seconds: seconds(assumed.pause.nanos),
            clock_rate_ppm: assumed.clock_ppm,
            no_release: judge.no_release,
        },
        elections,
        without_election,
        leases,
        notes: notes(found),
    }
}

/// What contends for each lease that manifests name; a component whose lease has no known name is alone.
fn contenders(found: &Found, client_go: Option<Release>) -> Vec<Group> {
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

fn without_election(found: &Found) -> Vec<WithoutElection> {
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

fn nothing(found: &Found, paths: &[String]) -> Problem {
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

fn notes(found: &Found) -> Vec<Note> {
    let shown = |problem: &Problem| Note {
        severity: if problem.severity == Severity::Warning { "warning" } else { "note" },
        message: problem.message.clone(),
        place: problem.span.map(|span| found.sources.place(span)),
    };
    found.problems.iter().chain(&found.notes).map(shown).collect()
}
