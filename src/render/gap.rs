//! The time without a controller: its line in the table of verdicts, the runs with their times, what it rests on.

use leasehold_model::controller::ControllerSet;
use leasehold_model::gap::{Assumed, Cause, Figure, Undecided, Worst};
use leasehold_model::launch::duration::GoDuration;
use leasehold_model::migration::story::{Event, Story, What};
use leasehold_model::plan::Plan;

use super::layout::{BAD, FAINT, OPEN, STRONG, count, list, pad, paint, paragraph, widest, wrap};
use super::timeline::happening;
use super::verdicts::{Row, word};
use crate::gap::Gap;
use crate::judge::Judgement;
use crate::scene::name;
use crate::screen::Screen;

/// Its line in the table of verdicts.
pub fn row(judgement: &Judgement) -> Row {
    let gap = &judgement.gap;
    let figure = match (gap.longest(), gap.undecided()) {
        (Some(Figure::Unbounded), _) => "unbounded".into(),
        (_, Some(_)) => "not known".into(),
        (Some(longest), None) => length(longest),
        (None, None) => "none".into(),
    };
    let (word, style) = match gap.status() {
        Some(status) => word(status),
        None if gap.longest() == Some(Figure::Unbounded) => (figure, BAD),
        None => (figure, STRONG),
    };
    let search = match gap.found.rests {
        0 => String::new(),
        rests => format!("from {} at rest", count(rests, "state")),
    };
    Row { name: "gap", word, style, why: why(judgement), search, expected: None }
}

/// The figures, in a few words.
pub fn why(judgement: &Judgement) -> String {
    let gap = &judgement.gap;
    let mut parts = Vec::new();
    if !gap.for_good.is_empty() {
        parts.push(format!("{} without a manager for good (covered)", list(gap.for_good.iter())));
    }
    match gap.undecided() {
        Some(Undecided::NeverAtRest(process)) => {
            let name = name(&judgement.plan.managers[usize::from(process)]);
            parts.push(format!("no bound: {name} takes a lease and exits, again and again"));
        }
        Some(Undecided::CutShort) => parts.push("not decided: the search was cut short".into()),
        None => parts.extend(figures(gap)),
    }
    let expected = [
        (gap.question.at_most, "expected at most"),
        (gap.question.at_most_without_waiting, "without waiting expected at most"),
        (gap.question.at_most_with_crash_in_step, "with a crash in a step expected at most"),
    ];
    for (at_most, what) in expected {
        parts.extend(at_most.map(|at_most| format!("{what} {}", length(Figure::Within(at_most.nanos)))));
    }
    parts.join("; ")
}

/// `service and route run nowhere for up to 43.2 s in a step, 23.8 s after a crash`
fn figures(gap: &Gap) -> Option<String> {
    let mut parts: Vec<(ControllerSet, Vec<String>)> = Vec::new();
    for worst in gap.by_cause() {
        let same = |other: &&Worst| (other.cause, other.figure) == (worst.cause, worst.figure);
        let without = gap.found.worst.iter().filter(same).fold(ControllerSet::EMPTY, |set, w| set.union(w.controllers));
        let figure = format!("{} {}", length(worst.figure), cause(worst.cause));
        match parts.iter_mut().find(|(controllers, _)| *controllers == without) {
            Some((_, figures)) => figures.push(figure),
            None => parts.push((without, vec![figure])),
        }
    }
    if parts.is_empty() && gap.for_good.is_empty() {
        return Some("no controller ever stops".into());
    }
    let one = |(controllers, figures): &(ControllerSet, Vec<String>)| {
        let run = if controllers.iter().count() > 1 { "run" } else { "runs" };
        format!("{} {run} nowhere for up to {}", list(controllers.iter()), figures.join(", "))
    };
    if !gap.found.left_out.is_empty() && gap.question.at_most_without_waiting.is_some() {
        parts.push((gap.found.controllers, vec!["a time not searched where nodes are not waited for".into()]));
    }
    (!parts.is_empty()).then(|| parts.iter().map(one).collect::<Vec<_>>().join("; "))
}

fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::Plan => "in a step",
        Cause::WayBack => "on the way back",
        Cause::PlanWithoutWaiting => "if a step does not wait between its nodes",
        Cause::WayBackWithoutWaiting => "if a way back does not wait",
        Cause::Crash => "after a crash",
        Cause::CrashMeanwhile => "if a crash comes in the middle of a step",
        Cause::LeaseDeleted => "after a lease is deleted",
    }
}

/// `43.2 s`: never less than it is, to a tenth of a second.
pub fn length(figure: Figure) -> String {
    match figure {
        Figure::Unbounded => "unbounded".into(),
        Figure::Within(nanos) => {
            let tenths = (nanos + 99_999_999).div_euclid(100_000_000);
            match (tenths / 10, tenths % 10) {
                (whole, 0) => format!("{whole} s"),
                (whole, tenth) => format!("{whole}.{tenth} s"),
            }
        }
    }
}

/// The runs with their times: the longest where it is too long, with `all` the longest after each cause.
pub fn paths(judgement: &Judgement, all: bool, screen: &Screen) -> String {
    let gap = &judgement.gap;
    let too_long = gap.too_long().and_then(|(_, worst)| worst);
    let shown: Vec<&Worst> = if all { gap.by_cause() } else { too_long.into_iter().collect() };
    shown.into_iter().map(|worst| path(judgement, worst, screen)).collect::<Vec<_>>().join("\n")
}

fn path(judgement: &Judgement, worst: &Worst, screen: &Screen) -> String {
    let story = Story::new(&judgement.problem, &worst.run);
    let (before, shown) = story.events.split_at(worst.disturbance);
    let title = format!(
        "How {} {} to run nowhere for {} {} (gap)",
        list(worst.controllers.iter()),
        if worst.controllers.iter().count() > 1 { "come" } else { "comes" },
        match worst.figure {
            Figure::Within(_) => length(worst.figure),
            Figure::Unbounded => "good, unless the operator goes on,".into(),
        },
        cause(worst.cause)
    );
    let title = paragraph(&title, 0, screen);
    let mut out: String = title.lines().map(|line| paint(line, STRONG, screen) + "\n").collect();
    let acting = before.last().map_or(&story.beginning, |event| &event.acting);
    let holders = acting.iter().filter_map(|a| {
        let runs = a.controllers.intersection(worst.controllers);
        let manager = name(&judgement.plan.managers[usize::from(a.process)]);
        (!runs.is_empty()).then(|| format!("{} on {} runs {}", manager, a.node, list(runs.iter())))
    });
    let earlier = if before.is_empty() { String::new() } else { format!(" (after {})", count(before.len(), "event")) };
    let at_rest = format!("at rest{earlier}: {}", list(holders));
    out += &paint(wrap(&at_rest, "  ", "    ", screen).trim_end(), FAINT, screen);
    out.push('\n');
    let mut rows: Vec<[String; 4]> = shown
        .iter()
        .zip(&worst.times)
        .map(|(event, &time)| {
            let process = event.process.map(|p| name(&judgement.plan.managers[usize::from(p)])).unwrap_or_default();
            [moment(time), event.node.clone(), process, what(judgement, &story, event, screen)]
        })
        .collect();
    if let Figure::Within(nanos) = worst.figure {
        let act = format!("{} again", if worst.controllers.iter().count() > 1 { "act" } else { "acts" });
        rows.push([moment(nanos), String::new(), String::new(), format!("{} {act}", list(worst.controllers.iter()))]);
    }
    let columns: Vec<usize> = (0..3).map(|i| widest(rows.iter().map(|row| row[i].as_str()))).collect();
    for row in &rows {
        let first = " ".repeat(2 + columns[0].saturating_sub(super::layout::width(&row[0])))
            + &format!("{}  {}  {}  ", row[0], pad(&row[1], columns[1]), pad(&row[2], columns[2]));
        let hanging = " ".repeat(super::layout::width(&first).min(screen.width / 2));
        out += &wrap(&row[3], &first, &hanging, screen);
    }
    if worst.figure == Figure::Unbounded {
        out += &paint("     ▲ from here on nobody takes it up unless the operator goes on\n", OPEN, screen);
    }
    out
}

fn what(judgement: &Judgement, story: &Story, event: &Event, screen: &Screen) -> String {
    let what = happening(judgement, story, event, screen);
    match &event.what {
        What::Step { step, .. } => format!("{what}: step {} ({})", step + 1, judgement.problem.steps[*step].title),
        _ => what,
    }
}

/// `23.8 s`, to a tenth of a second.
fn moment(nanos: i64) -> String {
    format!("{:.1} s", nanos as f64 / 1e9)
}

/// What the figures rest on, one sentence each; empty if there are none.
pub fn assumptions(judgement: &Judgement) -> Vec<String> {
    let gap = &judgement.gap;
    if gap.undecided().is_some() || gap.found.worst.is_empty() {
        return Vec::new();
    }
    figures_rest_on(&gap.question.assumed, &judgement.plan)
}

/// The same for figures of `plan` that were found with `assumed`.
pub fn figures_rest_on(assumed: &Assumed, plan: &Plan) -> Vec<String> {
    let within = |duration: GoDuration| length(Figure::Within(duration.nanos));
    let mut lines = vec![
        format!(
            "gap: requests are answered within {}; a manager runs again within {} after it stops for an edit, {} after a \
             crash, {} after its node is added or replaced; controllers act within {} of their lease, 10 s later if node IPAM \
             of 1.30 or older starts before them (assume.startUp in a scenario)",
            within(assumed.request),
            within(assumed.start_after_edit),
            within(assumed.start_after_crash),
            within(assumed.start_of_node),
            within(assumed.start_of_controllers)
        ),
        "gap: unless said otherwise one thing at a time: each node of a step, and each fault, comes when every lease has its \
         leader and every manager has looked at it; nothing is paused, clocks are exact, and a manager that dies leaves no \
         request behind"
            .into(),
    ];
    if plan.pools.iter().any(|pool| !pool.placement.is_empty()) {
        let placing = within(leasehold_model::facts::starts::LONGEST_PLACING);
        lines.push(format!("gap: a pending pod is placed within {placing} of the moment at which a node can take it"));
    }
    if plan.steps.iter().any(|step| step.downtime) {
        lines.push("gap: in a planned downtime the time counts from the beginning of the step that ends it".into());
    }
    lines
}
