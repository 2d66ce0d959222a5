//! Leases of a cluster as a table, and what to look at.

use super::super::layout::{FAINT, OPEN, count, pad, paint, widest, wrap};
use super::{go, word};
use crate::commands::margins::document::Status;
use crate::commands::margins::leases::{Basis, Finding, Leases, Lock};
use crate::screen::Screen;

/// Longer holders are cut.
const HOLDER: usize = 30;

/// The table.
pub fn text(leases: &Leases, screen: &Screen) -> String {
    let rows: Vec<[String; 5]> = leases.locks.iter().map(row).collect();
    let head = ["lease", "held by", "recorded", "renew + retry", "left"].map(str::to_string);
    let columns: Vec<usize> = (0..5).map(|i| widest(rows.iter().chain([&head]).map(|row| row[i].as_str()))).collect();
    let line = |row: &[String; 5]| {
        row.iter().zip(&columns).map(|(text, &wide)| pad(text, wide)).collect::<Vec<_>>().join("  ")
    };
    let mut out = paint(&format!("{}  answer", line(&head)), FAINT, screen) + "\n";
    for (row, lock) in rows.iter().zip(&leases.locks) {
        let answer = if lock.is_unowned() { paint("set aside", FAINT, screen) } else { word(lock.verdict, screen) };
        out += &format!("{}  {answer}\n", line(row));
    }
    let aside = set_aside(leases);
    if !aside.is_empty() {
        out += &wrap(&aside, "", "", screen);
    }
    for lock in &leases.locks {
        for text in remarks(lock) {
            let lines = wrap(&format!("{}: {text} ({})", lock.lease, lock.place), "- ", "  ", screen);
            out += &paint(lines.trim_end(), OPEN, screen);
            out.push('\n');
        }
    }
    out += &unknown(leases, screen);
    out
}

fn row(lock: &Lock) -> [String; 5] {
    let holder = match lock.holder.chars().count() {
        0 => "nobody".into(),
        n if n > HOLDER => lock.holder.chars().take(HOLDER - 1).chain(['…']).collect(),
        _ => lock.holder.clone(),
    };
    let timing = match (lock.renew_deadline_seconds, lock.retry_period_seconds) {
        (Some(renew), Some(retry)) => {
            let from = match lock.basis {
                Basis::Manifest => "manifest",
                Basis::ComponentDefaults => lock.component.unwrap_or("defaults"),
                Basis::ClientGoDefaults => "assumed",
                Basis::Unknown => "",
            };
            format!("{} + {} {from}", go(renew), go(retry))
        }
        _ => "not known".into(),
    };
    let left = match (lock.left_seconds, lock.basis) {
        _ if lock.is_unowned() => String::new(),
        (Some(left), _) => go(left),
        (None, Basis::Unknown) => "?".into(),
        (None, _) => "none".into(),
    };
    let recorded = lock.recorded_seconds.map_or_else(|| "–".into(), |s| format!("{s}s"));
    [lock.lease.clone(), holder, recorded, timing, left]
}

fn set_aside(leases: &Leases) -> String {
    let kinds = [
        (leases.node_leases, "Lease of a node", "Leases of nodes"),
        (leases.api_server_leases, "Lease of an API server's identity", "Leases of API servers' identities"),
    ];
    let shown: Vec<String> = kinds
        .iter()
        .filter(|(n, ..)| *n > 0)
        .map(|(n, one, many)| format!("{n} {}", if *n == 1 { one } else { many }))
        .collect();
    if shown.is_empty() {
        return String::new();
    }
    format!("set aside: {}: heartbeats, nobody is elected by them", shown.join(" and "))
}

fn remarks(lock: &Lock) -> Vec<String> {
    let mut remarks: Vec<String> = lock
        .findings
        .iter()
        .map(|finding| match finding {
            Finding::Released => "nobody holds it: it was released, and nobody took it".into(),
            Finding::Expired { seconds } => format!(
                "not renewed for {}, though its duration is {}s: nobody runs, or nobody may write it",
                go(seconds.round()),
                lock.recorded_seconds.unwrap_or(0)
            ),
            Finding::Incomplete => "somebody holds it without a time of renewal or a duration: not client-go's".into(),
            Finding::Flapping { per_day, transitions } => {
                format!("its holder changed {transitions} times, {per_day} times a day: it is lost again and again")
            }
            Finding::Short => "one second or less: renewals within one second look alike to others".into(),
            Finding::Coordinated => "others decide who leads (coordinated leader election)".into(),
        })
        .collect();
    if lock.releases && lock.verdict == Status::Unsafe && lock.left_seconds.is_some() && !lock.is_unowned() {
        remarks.push("safe while it runs, but it empties the lease on exit before its work has stopped".into());
    }
    remarks
}

/// What would be needed where RenewDeadline and RetryPeriod are not known.
fn unknown(leases: &Leases, screen: &Screen) -> String {
    let unknown: Vec<&Lock> = leases.locks.iter().filter(|l| l.basis == Basis::Unknown && !l.is_unowned()).collect();
    if unknown.is_empty() {
        return String::new();
    }
    let mut out = wrap(
        &format!(
            "{} not decided: a Lease does not record renew deadline and retry period, and no component with this \
             recorded duration is known. Safe if the two together stay below",
            count(unknown.len(), "lease")
        ),
        "",
        "",
        screen,
    );
    for lock in unknown {
        let below = match lock.must_stay_below_seconds {
            Some(below) => go(below),
            None => "nothing: the recorded duration is used up by what is assumed".into(),
        };
        out += &format!("  {}  {below}\n", lock.lease);
    }
    out += &wrap("Give the manifests as well: leasehold margins leases.yaml deploy/", "", "", screen);
    out
}
