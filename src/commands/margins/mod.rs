//! `leasehold margins`: how far the leases of any client-go elected component are from two leaders at once.
//!
//! * [`arguments`]: the command line, all mistakes at once.
//! * [`judge`]: a lease's answer, with the limit of each parameter, the durations that would do, and the [`story`] of a
//!   counterexample. [`leasehold_model::lease_time::question`] is what is asked.
//! * [`contenders`]: who contends, from manifests. [`audit`]: Lease objects. [`sweep`]: a map over two parameters.
//! * [`document`]: the result as data, with [`leases`]; it is also the JSON output.

pub mod arguments;
mod audit;
mod contenders;
pub mod document;
mod judge;
pub mod leases;
pub mod story;
pub mod sweep;

use std::path::PathBuf;

use clap::ValueEnum;
use leasehold_model::lease_time::answers::Theorem;
use leasehold_model::lease_time::frontier::Axis;
use leasehold_model::release::Release;
use leasehold_scenarios::diagnostic::{Problem, Severity};
use leasehold_scenarios::elections::lease::microseconds;
use leasehold_scenarios::elections::{self, Found};
use leasehold_scenarios::inventory::files::Disk;

use self::arguments::{Given, Wrong};
use self::contenders::{contenders, notes, nothing, without_election};
use self::document::{Document, Note, Status, seconds};
use self::judge::{Group, Judge};
use super::Ran;
use crate::exit::{Exit, Failure};
use crate::progress::Watch;
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
  leasehold margins --sweep reply-delay=0s..6s/100,stop-time=0s..6s/100
                                                   a map of both; --format svg draws a picture

How a lease is lost: a leader renews every retry period (2 s) and gives up once renewals failed for
the renew deadline (10 s). Others take the lease once they saw no renewal for the lease duration
(15 s). So 15 s - 10 s - 2 s = 3 s are left for everything that is slow: answers of the API server,
stopping, drifting clocks. A slow answer counts up to three times, and a second is taken off,
because renewals within one second read alike in a Lease, and others do not notice the later one.
Each limit is proved, by searching all runs of client-go's elector in dense time; what lies beyond
is refuted, by a run that the elector has executed, or not decided.

Exit codes:
  0  safe: never two leaders at once, under the assumptions that are printed; or a map is complete
  1  not safe: two leaders at once are possible under them
  2  bad input, or durations that client-go refuses: nothing was judged
  3  inconclusive: something is not known, or Ctrl-C stopped a map
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
    /// Map where the lease is safe over two of reply-delay, stop-time, pause, clock-rate, lease-duration, renew-deadline
    /// and retry-period.
    #[arg(long, value_name = "NAME=FROM..TO/STEPS,NAME=FROM..TO/STEPS", help_heading = "Map")]
    sweep: Option<String>,
    /// Keep the rows of the map here as they come, and go on from what the file has.
    #[arg(long, value_name = "FILE", requires = "sweep", help_heading = "Map")]
    resume: Option<PathBuf>,
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
    /// For programs: docs/schema/margins.v1.json, with --sweep docs/schema/margins-sweep.v1.json
    Json,
    /// A picture of the map.
    Svg,
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
    let axes = args.sweep.as_deref().and_then(|text| {
        let axes = sweep::axis::axes(text);
        axes.map_err(|wrongs| wrong.0.extend(wrongs.into_iter().map(|why| format!("--sweep: {why}")))).ok()
    });
    if args.sweep.is_none() && args.format == Format::Svg {
        wrong.0.push("--format svg: only a map is a picture: say --sweep".into());
    }
    if args.sweep.is_some() && args.want.is_some() {
        wrong.0.push("--want: a map advises nothing: leave out --sweep or --want".into());
    }
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
    let watch = Watch::new();
    let asked = |answered| watch.asked(answered);
    // A map stops between points, so that a row is never kept with a point that nobody waited for.
    let theorem = if axes.is_some() { Theorem::default() } else { Theorem::watched(&asked) };
    let judge = Judge { theorem, assumed, no_release: args.no_release, want };
    if let Some(axes) = axes {
        return map(&judge, &groups, axes, args);
    }
    let document = document(&judge, &groups, &found, now, args);
    drop(watch);
    super::print(&match args.format {
        Format::Json => document.json(),
        _ => render::margins::text(&document, args.all, &Screen::stdout()),
    })?;
    Ok(document.verdict.exit())
}

/// The map: it judges nothing, so all is well if it is complete.
fn map(judge: &Judge, groups: &[Group], axes: [Axis; 2], args: &Args) -> Ran {
    let [group] = groups else {
        let locks: Vec<&str> = groups.iter().map(|group| group.lock.as_str()).collect();
        return Err(Failure::Usage(format!(
            "--sweep is about one lease, and here are {}{}{}; give the manifest of one, or durations as flags",
            groups.len(),
            if groups.is_empty() { "" } else { ": " },
            locks.join(", ")
        )));
    };
    let releases = judge.no_release || judge.question(group).releases();
    let wish = sweep::Wish { axes, resume: args.resume.as_ref(), assumed: assumed(judge, releases) };
    let document = sweep::run(judge, group, wish)?;
    super::print(&match args.format {
        Format::Text => render::margins::map::text(&document, &Screen::stdout()),
        Format::Json => document.json(),
        Format::Svg => render::margins::svg::text(&document),
    })?;
    Ok(if document.complete { Exit::Holds } else { Exit::Inconclusive })
}

/// What is assumed, as data.
fn assumed(judge: &Judge, no_release: bool) -> document::Assumed {
    let assumed = &judge.assumed;
    document::Assumed {
        reply_delay_seconds: assumed.reply_delay.map(|d| seconds(d.nanos)),
        stop_time_seconds: seconds(assumed.stop_time.nanos),
        pause_seconds: seconds(assumed.pause.nanos),
        clock_rate_ppm: assumed.clock_ppm,
        no_release,
    }
}

fn document(judge: &Judge, groups: &[Group], found: &Found, now: Option<i64>, args: &Args) -> Document {
    let judged = groups.iter().map_while(|group| (!Watch::interrupted()).then(|| judge.election(group)));
    let elections: Vec<document::Election> = judged.collect();
    let without_election = without_election(found);
    let now = now.or(found.newest_renewal);
    let audited = audit::Audited {
        leases: &found.leases,
        node_leases: found.node_leases,
        api_server_leases: found.api_server_leases,
        now,
        now_shown: args.now.clone().or_else(|| now.map(elections::lease::shown)),
    };
    let all_judged = elections.len() == groups.len() && (found.leases.is_empty() || !Watch::interrupted());
    let leases =
        (all_judged && !found.leases.is_empty()).then(|| audit::audit(judge, groups, &found.sources, &audited));
    let mut notes = notes(found);
    if !all_judged {
        let message = format!(
            "stopped: {} of {} leases of manifests and {} Leases were not judged",
            groups.len() - elections.len(),
            groups.len(),
            found.leases.len()
        );
        notes.push(Note { severity: "warning", message, place: None });
    }
    let locks = leases.iter().flat_map(|l| &l.locks).filter(|lock| !lock.is_unowned()).map(|lock| lock.verdict);
    let all = elections.iter().map(|e| e.verdict).chain(without_election.iter().map(|w| w.verdict)).chain(locks);
    Document {
        version: document::VERSION,
        verdict: all.chain((!all_judged).then_some(Status::Inconclusive)).max().unwrap_or(Status::Safe),
        assumed: assumed(judge, judge.no_release),
        elections,
        without_election,
        leases,
        notes,
    }
}
