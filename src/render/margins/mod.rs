//! The screen of `margins`: the answer first, then how far each parameter can go, then what to do.
//!
//! * [`election`]: one lease in full; [`leases`]: Leases of a cluster as a table.
//! * [`map`] and [`svg`]: a sweep over two parameters.

mod election;
mod leases;
pub mod map;
pub mod svg;

use leasehold_model::launch::duration::GoDuration;

use super::layout::{BAD, FAINT, GOOD, OPEN, count, paint, wrap};
use crate::commands::margins::document::{Assumed, Document, Election, Note, Status};
use crate::screen::Screen;

/// More leases than this come as a table, and only those that are not safe in full.
const FEW: usize = 3;

/// The screen. `all`: every lease in full.
pub fn text(document: &Document, all: bool, screen: &Screen) -> String {
    let mut parts = vec![wrap(&assumed(&document.assumed), "assumed: ", "         ", screen)];
    if document.elections.len() > FEW {
        parts.push(election::table(&document.elections, screen));
    }
    let in_full = |e: &&Election| all || document.elections.len() <= FEW || e.verdict != Status::Safe;
    let mut told: Vec<&Election> = Vec::new();
    for election in document.elections.iter().filter(in_full) {
        // Many components share their defaults: the same story is told once.
        let alike =
            told.iter().find(|other| !all && document.elections.len() > FEW && election::alike(other, election));
        match alike {
            Some(_) => {}
            None => {
                let others = document.elections.iter().filter(|e| election::alike(e, election)).count() - 1;
                let others = if all || document.elections.len() <= FEW { 0 } else { others };
                parts.push(election::text(election, others, &document.assumed, screen));
                told.push(election);
            }
        }
    }
    parts.extend(document.leases.iter().map(|leases| leases::text(leases, screen)));
    parts.push(without_election(document, screen));
    parts.push(document.notes.iter().map(|note| self::note(note, screen)).collect());
    parts.push(conclusion(document, screen));
    let parts: Vec<&str> = parts.iter().map(|part| part.trim_end()).filter(|part| !part.is_empty()).collect();
    parts.join("\n\n") + "\n"
}

fn assumed(assumed: &Assumed) -> String {
    assumed_but(assumed, &[])
}

/// What is assumed, but for what is varied.
fn assumed_but(assumed: &Assumed, varied: &[&str]) -> String {
    let reply = match assumed.reply_delay_seconds {
        Some(delay) => format!("no request takes longer than {}", go(delay)),
        None => "requests take as long as the client waits for".into(),
    };
    let pause = match assumed.pause_seconds {
        0.0 => "no process is paused".to_string(),
        pause => format!("a leader is paused once, for at most {}", go(pause)),
    };
    let stop = format!("controllers stop within {}", go(assumed.stop_time_seconds));
    let clocks = format!("clocks within {} ppm", assumed.clock_rate_ppm);
    let given = [("reply-delay", reply), ("stop-time", stop), ("clock-rate", clocks), ("pause", pause)];
    let kept: String =
        given.into_iter().filter(|(name, _)| !varied.contains(name)).map(|(_, text)| text + ", ").collect();
    let release = if assumed.no_release { "; nobody empties a lease on exit" } else { "" };
    format!(
        "{kept}no clock is set while it is used; nobody edits or deletes a Lease, and the API server never reads an old \
         one{release}"
    )
}

fn without_election(document: &Document, screen: &Screen) -> String {
    let line = |w: &crate::commands::margins::document::WithoutElection| {
        let (pods, style) = match (w.replicas, w.verdict) {
            (Some(n), Status::Unsafe) => (format!("{n} replicas act at once: nothing keeps them apart"), BAD),
            (Some(n), _) => (format!("{}, and a rollout may run two for a while", count(n as usize, "replica")), FAINT),
            (None, _) => ("one on each of some nodes: are there several?".to_string(), OPEN),
        };
        let text = format!("{}  elects nobody: {pods}   {} ({})", w.name, w.object, w.place);
        paint(wrap(&text, "", "  ", screen).trim_end(), style, screen) + "\n"
    };
    document.without_election.iter().map(line).collect()
}

fn note(note: &Note, screen: &Screen) -> String {
    let place = note.place.as_ref().map(|place| format!(" ({place})")).unwrap_or_default();
    let first = format!("{}: ", note.severity);
    let lines = wrap(&format!("{}{place}", note.message), &first, &" ".repeat(first.len()), screen);
    lines.lines().map(|line| paint(line, FAINT, screen) + "\n").collect()
}

fn conclusion(document: &Document, screen: &Screen) -> String {
    let locks = document.leases.iter().flat_map(|l| &l.locks).filter(|lock| !lock.is_unowned());
    let verdicts: Vec<Status> = document
        .elections
        .iter()
        .map(|e| e.verdict)
        .chain(locks.map(|lock| lock.verdict))
        .chain(document.without_election.iter().map(|w| w.verdict))
        .collect();
    let number = |status| verdicts.iter().filter(|v| **v == status).count();
    let (bad, open, all) = (number(Status::Unsafe), number(Status::Inconclusive), verdicts.len());
    let of = |n: usize| if all == 1 { "it is".to_string() } else { format!("{n} of {all} are") };
    let open_too = if open > 0 { format!(", {open} not decided") } else { String::new() };
    match document.verdict {
        Status::Unsafe => paint(&format!("{} not safe{open_too} (exit 1)", of(bad)), BAD, screen),
        Status::Inconclusive => paint(&format!("{} not decided, none refuted (exit 3)", of(open)), OPEN, screen),
        Status::Safe if all == 1 => paint("safe under these assumptions (exit 0)", GOOD, screen),
        Status::Safe => paint(&format!("all {all} are safe under these assumptions (exit 0)"), GOOD, screen),
    }
}

/// The word for an answer.
fn word(status: Status, screen: &Screen) -> String {
    match status {
        Status::Safe => paint("safe", GOOD, screen),
        Status::Inconclusive => paint("not decided", OPEN, screen),
        Status::Unsafe => paint("NOT SAFE", BAD, screen),
    }
}

/// Seconds as Go prints a duration, to the millisecond.
fn go(seconds: f64) -> String {
    GoDuration { nanos: (seconds * 1e3).round() as i64 * 1_000_000 }.to_string()
}
