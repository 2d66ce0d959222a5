//! Alterations that no observer could notice, each with its reason. Everything else must be rejected.

use crate::log::{Line, Record, Run, What};
use crate::mutate::{Alteration, Kind};
use leasehold_model::release::Release;
use serde_json::Value;

/// The reason why the altered run is a run that could have been, if there is one.
pub fn reason(run: &Run, alteration: &Alteration) -> Option<&'static str> {
    let path: Vec<&str> = alteration.path.iter().map(String::as_str).collect();
    match (&alteration.kind, alteration.line) {
        (Kind::Replace(new), 0) => header(run, &path, new),
        (Kind::Replace(_), line) => field(run, line - 1, &path),
        (Kind::Swap, line) => swap(&run.lines[line - 1], run.lines.get(line)?),
        (Kind::Drop | Kind::Repeat, _) => None,
    }
}

/// A release that the alterations of a run are judged for.
fn judged(run: &Run) -> Release {
    run.header
        .client_go
        .releases()
        .last()
        .and_then(|release| release.parse().ok())
        .expect("the run is accepted unaltered")
}

/// What a request would write.
fn written(line: &Line) -> Option<&Record> {
    match &line.what {
        What::Request { record, .. } | What::Unsent { record, .. } => record.as_ref(),
        _ => None,
    }
}

fn header(run: &Run, path: &[&str], new: &Value) -> Option<&'static str> {
    match path {
        ["run"] => return Some("the name of a run says nothing about it"),
        ["clientGo", ..] => return Some("the facts are those of a minor: its patch releases are not told apart"),
        _ => {}
    }
    let ["electors", index, field] = path else { return None };
    let index: usize = index.parse().ok()?;
    let config = &run.header.electors[index];
    let value = new["electors"][index][field].as_i64();
    let own: Vec<&Line> = run.lines.iter().filter(|line| line.elector.as_ref() == Some(&config.identity)).collect();
    let is = |line: &Line, what: &What| line.what == *what;
    let started = own.iter().find(|line| is(line, &What::Started)).map(|line| line.at);
    match *field {
        "leaseDuration" => {
            let second = 1_000_000_000;
            if judged(run).minor() < 27 {
                return Some("before 0.27 it also decides at each read of another's lease, and no read falls between");
            }
            if value? / second == config.lease_duration / second {
                return Some("a lease stores whole seconds");
            }
            let held = |r: &Record| r.holder.as_ref() == Some(&config.identity);
            let writes = own.iter().any(|line| written(line).is_some_and(held));
            (!writes).then_some("the elector never writes its lease duration")
        }
        "renewDeadline" => {
            let timeout = |deadline: i64| (deadline / 2).max(1_000_000_000);
            let limited = own.iter().any(|line| {
                let own_timeout = timeout(config.renew_deadline);
                matches!(line.what, What::Request { deadline, .. } if deadline - line.at != own_timeout)
            });
            (timeout(value?) == timeout(config.renew_deadline) && !limited)
                .then_some("the client's time limit stays the same, and no renewal comes near its end")
        }
        "retryPeriod" => {
            let timer = own.windows(2).any(|pair| {
                let next = pair[1].at;
                next > pair[0].at && started.is_some_and(|at| next > at) && matches!(pair[1].what, What::Request { .. })
            });
            (!timer).then_some("every wait of the elector is a random one, and lies in the interval of both")
        }
        "stop" => {
            let ended = own.iter().find(|line| is(line, &What::Ended))?.at;
            let cancelled = own.iter().any(|line| is(line, &What::Cancel));
            (!cancelled && value? >= ended).then_some("the elector has ended by then")
        }
        "releaseOnCancel" => {
            let releases = own.iter().any(|line| written(line).is_some_and(|r| r.holder.as_deref() == Some("")));
            (!releases).then_some("an elector that does not hold the lease releases nothing")
        }
        _ => None,
    }
}

fn field(run: &Run, index: usize, path: &[&str]) -> Option<&'static str> {
    let line = &run.lines[index];
    match (&line.what, path) {
        (What::Request { call, .. } | What::Again { call, .. }, ["fate", ..]) => {
            let gave_up = |other: &Line| match &other.what {
                What::Reply { call: c, error: Some(error), .. } => {
                    c == call && ["deadline", "canceled"].contains(&&**error)
                }
                _ => false,
            };
            let gave_up = run.lines.iter().any(|other| other.elector == line.elector && gave_up(other));
            gave_up.then_some("the client gives up before the answer comes")
        }
        (What::Write { .. }, ["record", "strategy" | "preferred"]) if judged(run).minor() < 31 => {
            Some("a client before 0.31 drops the fields of coordinated election")
        }
        (What::Write { .. }, _) => {
            let next = run.lines[index + 1..].iter().find(|other| {
                matches!(other.what, What::Applied { version: Some(_), .. } | What::Write { .. } | What::Delete)
            });
            next.is_none_or(|next| next.elector.is_none())
                .then_some("nobody reads the lease before it is written again")
        }
        _ => None,
    }
}

fn swap(line: &Line, next: &Line) -> Option<&'static str> {
    let goroutine = |line: &Line| {
        let callback = matches!(line.what, What::Started | What::NewLeader { .. } | What::LeadingDone);
        callback || matches!(line.what, What::Applied { .. } | What::Refused { .. })
    };
    if line.at != next.at {
        None
    } else if line.elector != next.elector {
        Some("one instant, two electors")
    } else if goroutine(line) || goroutine(next) {
        Some("one instant, two goroutines")
    } else {
        None
    }
}
