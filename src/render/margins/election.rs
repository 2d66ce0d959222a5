//! One lease: who contends, what is left, a bar for each parameter, how it breaks, what to set.

use super::super::layout::{BAD, FAINT, GOOD, OPEN, STRONG, pad, paint, widest, wrap};
use super::{go, word};
use crate::commands::margins::document::{Advice, Assumed, Contender, Election, Limit, Status, Unit};
use crate::screen::Screen;

/// Columns of a bar.
const BAR: usize = 20;
/// Columns of a label.
const LABEL: usize = 12;

/// True if two leases have the same durations and the same answer.
pub fn alike(a: &Election, b: &Election) -> bool {
    let durations = |e: &Election| -> Vec<(u64, u64, u64, bool)> {
        let of = |c: &Contender| {
            let bits = [c.lease_duration_seconds, c.renew_deadline_seconds, c.retry_period_seconds].map(f64::to_bits);
            (bits[0], bits[1], bits[2], c.releases)
        };
        e.contenders.iter().map(of).collect()
    };
    a.verdict == b.verdict && a.limits == b.limits && durations(a) == durations(b)
}

/// Many leases, one line each.
pub fn table(elections: &[Election], screen: &Screen) -> String {
    let locks = widest(elections.iter().map(|e| e.lock.as_str()));
    let durations: Vec<String> = elections.iter().map(|e| durations(&e.contenders[0])).collect();
    let wide = widest(durations.iter().map(String::as_str));
    let mut out =
        paint(&format!("{}  {}  {:>8}  answer", pad("lease", locks), pad("durations", wide), "left"), FAINT, screen);
    out.push('\n');
    for (election, durations) in elections.iter().zip(&durations) {
        let left = election.left_seconds.map_or_else(|| "none".into(), go);
        let line = format!(
            "{}  {}  {left:>8}  {}",
            pad(&election.lock, locks),
            pad(durations, wide),
            word(election.verdict, screen)
        );
        out += line.trim_end();
        out.push('\n');
    }
    out
}

fn durations(c: &Contender) -> String {
    format!("{} {} {}", go(c.lease_duration_seconds), go(c.renew_deadline_seconds), go(c.retry_period_seconds))
}

/// One lease in full. `others`: how many more have the same answer.
pub fn text(election: &Election, others: usize, assumed: &Assumed, screen: &Screen) -> String {
    let others = if others > 0 { format!("   and {others} more with the same durations") } else { String::new() };
    let mut out = format!("{}   {}{others}\n", paint(&election.lock, STRONG, screen), word(election.verdict, screen));
    for contender in &election.contenders {
        out += &self::contender(contender, election.contenders.len() > 1, screen);
    }
    out += &wrap(&safe_while(election, assumed), "  ", "  ", screen);
    out.push('\n');
    for limit in &election.limits {
        out += &self::limit(limit, election, screen);
    }
    if let Some(status) = election.with_release {
        out += &labelled("release", &released(status, assumed), screen);
    }
    let gap = match (election.gap_after_crash_seconds, election.gap_after_lost_lease_seconds) {
        (Some(crash), Some(lost)) => format!(
            "nobody leads for at most {} after a crash, {} after the leader was cut off from the API server",
            go(crash),
            go(lost)
        ),
        _ => "not known".into(),
    };
    out += &labelled("gap", &gap, screen);
    out += &breaks(election, screen);
    out += &set(election, screen);
    out
}

fn contender(c: &Contender, several: bool, screen: &Screen) -> String {
    let name = match (&c.object, several) {
        (Some(object), _) => format!("{} ({object}, {}): ", c.name, c.place.as_deref().unwrap_or("")),
        (None, true) => format!("{}: ", c.name),
        (None, false) => String::new(),
    };
    let library = format!("client-go 0.{}", c.client_go.trim_start_matches("1."));
    let library = if c.client_go_assumed { format!("{library} assumed") } else { library };
    let text = format!(
        "{name}{} lease duration, {} renew deadline, {} retry period; {library}",
        go(c.lease_duration_seconds),
        go(c.renew_deadline_seconds),
        go(c.retry_period_seconds)
    );
    let mut out = wrap(&text, "  ", "    ", screen);
    let labels = ["lease duration", "renew deadline", "retry period"];
    let told: Vec<String> = labels
        .iter()
        .zip(&c.origins)
        .filter(|(_, origin)| origin.contains('(') || origin.starts_with("assumed"))
        .map(|(label, origin)| format!("{label}: {origin}"))
        .collect();
    if !told.is_empty() {
        out += &wrap(&told.join(", "), "    ", "    ", screen);
    }
    if (c.recorded_seconds as f64) < c.lease_duration_seconds {
        let cut = format!(
            "the Lease records whole seconds: others wait {}s, not {}",
            c.recorded_seconds,
            go(c.lease_duration_seconds)
        );
        out += &wrap(&cut, "    ", "    ", screen);
    }
    out
}

/// The sentence that everything else explains.
fn safe_while(election: &Election, assumed: &Assumed) -> String {
    let c = &election.contenders[0];
    let alike = election.contenders.iter().all(|other| durations(other) == durations(c));
    let arithmetic = || {
        let recorded = go(c.recorded_seconds as f64);
        let drift = if assumed.clock_rate_ppm > 0 { " and the drift of two clocks" } else { "" };
        format!("{recorded} − {} − {}{drift}", go(c.renew_deadline_seconds), go(c.retry_period_seconds))
    };
    let arithmetic = if alike { format!(" ({})", arithmetic()) } else { String::new() };
    let stop = election.limits.iter().find(|l| l.parameter == "stop-time").and_then(|l| l.safe);
    match (stop, election.left_seconds) {
        (Some(stop), Some(left)) => format!(
            "safe while stopping takes no more than {}, requests being as assumed{arithmetic}; {} left",
            go(stop),
            go(left)
        ),
        (Some(stop), None) => format!("safe only if stopping takes no more than {}{arithmetic}", go(stop)),
        (None, _) => match (&election.reason, election.while_running) {
            (_, Status::Unsafe) => format!("not safe even if controllers stop at once{arithmetic}"),
            (reason, _) => format!("not decided: {}{arithmetic}", reason.as_deref().unwrap_or("no answer")),
        },
    }
}

fn labelled(label: &str, text: &str, screen: &Screen) -> String {
    let indent = " ".repeat(LABEL + 4);
    wrap(text, &format!("  {}  ", pad(label, LABEL)), &indent, screen)
}

fn limit(limit: &Limit, election: &Election, screen: &Screen) -> String {
    let label = match limit.parameter {
        "reply-delay" => "reply delay",
        "stop-time" => "stop time",
        "clock-rate" => "clock rate",
        other => other,
    };
    let lease = election.contenders.iter().map(|c| c.lease_duration_seconds).fold(0.0, f64::max);
    let scale = if matches!(limit.parameter, "stop-time" | "pause") { lease } else { limit.most };
    let value = |v: f64| match limit.unit {
        Unit::Seconds => go(v),
        Unit::Ppm => format!("{v} ppm"),
    };
    let assumed = match limit.assumed {
        None => "assumed: whatever comes".into(),
        Some(0.0) => "assumed none".to_string(),
        Some(v) => format!("assumed {}", value(v)),
    };
    let is_reply = limit.parameter == "reply-delay";
    let waits = value(limit.most);
    let words = match (limit.safe, limit.broken) {
        (Some(safe), None) if is_reply && safe >= limit.most => {
            format!("safe as long as the client waits, up to {waits}; {assumed}")
        }
        (Some(safe), None) if safe >= limit.most => format!("safe to {} and beyond; {assumed}", value(safe)),
        (Some(safe), None) => format!("safe to {}, beyond not decided; {assumed}", value(safe)),
        (None, Some(0.0)) => format!("none is safe; {assumed}"),
        (None, Some(broken)) => format!("none is proved safe, {} is refuted; {assumed}", value(broken)),
        (None, None) => format!("none is proved safe; {assumed}"),
        (Some(safe), Some(broken)) => {
            let hint = match limit.parameter {
                "reply-delay" => format!(" The client waits up to {waits}: a slow API server can break it."),
                "pause" => " After a longer one it may go on beside the next leader; no durations prevent that.".into(),
                _ => String::new(),
            };
            format!("safe to {}, refuted from {}; {assumed}.{hint}", value(safe), value(broken))
        }
    };
    let reached = limit.assumed.is_some_and(|a| limit.safe.is_none_or(|safe| a > safe));
    let style = match (limit.reason, reached) {
        (_, false) => GOOD,
        (Some(_), true) => OPEN,
        (None, true) => BAD,
    };
    let bar = bar(limit.safe.unwrap_or(0.0), scale);
    let indent = " ".repeat(LABEL + BAR + 6);
    let lines = wrap(&words, &format!("  {}  {bar}  ", pad(label, LABEL)), &indent, screen);
    lines.replacen(&bar, &paint(&bar, style, screen), 1)
}

/// A bar: what is safe of a scale.
fn bar(safe: f64, scale: f64) -> String {
    let part = if scale > 0.0 { (safe / scale).clamp(0.0, 1.0) } else { 0.0 };
    let full = (part * BAR as f64).floor() as usize;
    // Something is never shown as nothing, and an end never as none.
    let full = if safe > 0.0 { full.max(1) } else { full };
    let full = if safe < scale { full.min(BAR - 1) } else { full };
    "█".repeat(full) + &"░".repeat(BAR - full)
}

fn released(status: Status, assumed: &Assumed) -> String {
    match status {
        Status::Safe => "empties its lease on exit, and nothing acts after that".into(),
        Status::Inconclusive => "empties its lease on exit; whether that is safe is not decided".into(),
        Status::Unsafe => format!(
            "NOT SAFE: empties its lease on exit while its work may go on for up to {}; another may lead at once. \
             --no-release leaves this out",
            go(assumed.stop_time_seconds)
        ),
    }
}

fn breaks(election: &Election, screen: &Screen) -> String {
    if election.counterexample.is_empty() {
        return String::new();
    }
    let mut out = format!("\n  {}\n", paint("How two lead at once", STRONG, screen));
    let times: Vec<String> = election.counterexample.iter().map(|e| format!("{:.3} s", e.at_seconds)).collect();
    let wide = widest(times.iter().map(String::as_str));
    for (event, time) in election.counterexample.iter().zip(&times) {
        out += &wrap(&event.what, &format!("  {time:>wide$}  "), &" ".repeat(wide + 4), screen);
    }
    out
}

fn set(election: &Election, screen: &Screen) -> String {
    let Some(wanted) = election.wanted_seconds else { return String::new() };
    let purpose =
        if wanted == 0.0 { "To be safe under these assumptions".into() } else { format!("To leave {}", go(wanted)) };
    if election.advice.is_empty() {
        let text = match election.left_seconds {
            Some(left) if left >= wanted => format!("{purpose}: nothing to change, {} are left", go(left)),
            _ => format!("{purpose}: no such durations were found"),
        };
        return format!("\n{}", wrap(&text, "  ", "  ", screen));
    }
    let mut out = format!("\n  {}, set\n", paint(&purpose, STRONG, screen));
    for advice in &election.advice {
        out += &wrap(&self::advice(advice, election), "  - ", "    ", screen);
    }
    out
}

fn advice(advice: &Advice, election: &Election) -> String {
    let now = &election.contenders[0];
    let several = election.contenders.len() > 1;
    let mut set = Vec::new();
    for (name, before, after) in [
        ("lease duration", now.lease_duration_seconds, advice.lease_duration_seconds),
        ("renew deadline", now.renew_deadline_seconds, advice.renew_deadline_seconds),
        ("retry period", now.retry_period_seconds, advice.retry_period_seconds),
    ] {
        if several || before != after {
            set.push(format!("{name} {}", go(after)));
        }
    }
    let gap = match (election.gap_after_crash_seconds, advice.gap_after_crash_seconds) {
        (Some(now), Some(then)) if (then - now).abs() < 0.001 => "the gap after a crash stays".into(),
        (Some(now), Some(then)) => format!("the gap after a crash becomes {} (now {})", go(then), go(now)),
        _ => "the gap after a crash is not known".into(),
    };
    let rides = if advice.renew_deadline_seconds < now.renew_deadline_seconds {
        format!(
            "; a leader gives up after {} of failing renewals (now {})",
            go(advice.renew_deadline_seconds),
            go(now.renew_deadline_seconds)
        )
    } else {
        String::new()
    };
    let everywhere = if several { " in all of them" } else { "" };
    let tight = if advice.tight { "; one step less is not proved" } else { "" };
    format!("{}{everywhere}: {gap}{rides}{tight}", set.join(", "))
}
