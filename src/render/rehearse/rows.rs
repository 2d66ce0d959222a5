//! What is said of each point of a plan, in words: shared by every format.

use leasehold_model::gap::Figure;
use leasehold_model::migration::Direction;
use leasehold_model::migration::story::{Change, Story, What};
use leasehold_model::rehearsal::{At, Harm, Judged, Naive, Point, Way};

use crate::commands::rehearse::study::{Answer, Says, Study};
use crate::commands::rehearse::wrong::{Kind, WrongWay};
use crate::render::gap::length;
use crate::render::layout::list;
use crate::scene::name;

/// One line of the table.
pub struct Row {
    /// `after step 3`, `in step 3`
    pub from: String,
    /// `yes`, `NO` or `not decided`
    pub safe: &'static str,
    /// `10`, `5 to 9`; empty if there is no way back.
    pub moves: String,
    /// `51.7 s`
    pub gap: String,
    /// The way back, or why there is none.
    pub way: String,
}

/// One line for each point.
pub fn rows(study: &Study) -> Vec<Row> {
    let row = |answer: &Answer| {
        let point = &answer.point;
        Row {
            from: from(point.at),
            safe: safe(answer.says),
            moves: point.way.as_ref().map(moves).unwrap_or_default(),
            gap: if point.way.is_some() { gap(study, point.at) } else { String::new() },
            way: way(study, answer),
        }
    };
    study.points.iter().map(row).collect()
}

/// `after step 3`
pub fn from(at: At) -> String {
    match at {
        At::After(0) => "before the plan".into(),
        At::After(steps) => format!("after step {steps}"),
        At::Within(step) => format!("in step {}", step + 1),
    }
}

fn safe(says: Says) -> &'static str {
    match says {
        Says::Yes => "yes",
        Says::Harmful | Says::TooLong | Says::No => "NO",
        Says::Open => "not decided",
    }
}

fn moves(way: &Way) -> String {
    if way.fewest == way.moves { way.moves.to_string() } else { format!("{} to {}", way.fewest, way.moves) }
}

/// The longest time without a controller on the way back from a point.
pub fn gap(study: &Study, at: At) -> String {
    if at != At::After(0) && study.no_figures().is_some() {
        return "not known".into();
    }
    study.longest(at.steps_begun()).map_or("none".into(), |(figure, _)| length(figure))
}

fn way(study: &Study, answer: &Answer) -> String {
    let point = &answer.point;
    match answer.says {
        Says::Yes => undo(study, point) + &already(study, point),
        Says::TooLong => {
            let (figure, controllers) = study.longest(point.at.steps_begun()).expect("it is what is too long");
            let verb = if controllers.iter().count() > 1 { "run" } else { "runs" };
            format!(
                "{}; but {} {verb} nowhere for up to {}",
                undo(study, point),
                list(controllers.iter()),
                length(figure)
            )
        }
        Says::Harmful if point.way.is_some() => format!("{}; but {}", undo(study, point), harm(study, point)),
        Says::Harmful => format!("none that is clean: {}", harm(study, point)),
        Says::No => {
            let twice = point.refuted.as_ref().map(|run| run.controllers).unwrap_or_default();
            let some = if point.exclusive == 0 {
                String::new()
            } else {
                format!(" from {} of {} states", point.states - point.exclusive, point.states)
            };
            match twice.is_empty() {
                true => format!("none{some}"),
                false => format!("none{some}: {} may run in two managers, whatever is undone", list(twice.iter())),
            }
        }
        Says::Open => "depends on leases that are neither proved nor refuted in time: see `leasehold margins`".into(),
    }
}

/// What to do, move by move where the order matters.
fn undo(study: &Study, point: &Point) -> String {
    match point.way.as_ref().filter(|_| point.order_matters) {
        Some(way) => format!("in this order: {}", order(study, way)),
        None => undoing(point.at),
    }
}

/// `undo step 1 of cloud-controller-manager on cp-1 and cp-2; undo step 1 of kube-controller-manager on cp-1 and cp-2`
fn order(study: &Study, way: &Way) -> String {
    let story = Story::new(&study.judgement.problem, &way.run);
    let mut parts: Vec<(String, Vec<String>)> = Vec::new();
    for event in &story.events[way.run.prefix..] {
        let What::Step { step, direction, change } = event.what else { continue };
        let verb = if direction == Direction::Back { "undo" } else { "do" };
        let step = step + 1;
        let what = match change {
            Change::Added => format!("{verb} step {step}: add"),
            Change::Removed => format!("{verb} step {step}: remove"),
            Change::Process(component) => format!("{verb} step {step} of {component} on"),
            _ if event.node.is_empty() => format!("{verb} step {step}"),
            _ => format!("{verb} step {step} on"),
        };
        match parts.last_mut().filter(|(known, _)| *known == what) {
            Some((_, nodes)) => nodes.push(event.node.clone()),
            None => parts.push((what, vec![event.node.clone()])),
        }
    }
    let part = |(what, nodes): &(String, Vec<String>)| format!("{what} {}", list(nodes)).trim_end().to_string();
    parts.iter().map(part).collect::<Vec<_>>().join("; ")
}

/// `undo what is done of step 3, then steps 2 and 1`
fn undoing(at: At) -> String {
    let steps = |steps: u8| match steps {
        1 => "step 1".to_string(),
        _ => format!("steps {}", list((1..=steps).rev())),
    };
    match at {
        At::After(0) => "nothing to undo".into(),
        At::After(done) => format!("undo {}", steps(done)),
        At::Within(0) => "undo what is done of step 1".into(),
        At::Within(step) => format!("undo what is done of step {}, then {}", step + 1, steps(step)),
    }
}

/// What a harmful way back does: what none avoids, else what the one that is shown does.
pub fn harms(point: &Point) -> Vec<Harm> {
    match (&point.way, point.unavoidable.is_empty()) {
        (_, false) => point.unavoidable.clone(),
        (Some(way), true) if !way.harms.is_empty() => way.harms.iter().map(|&(harm, ..)| harm).collect(),
        _ => {
            let orphaned = point.refuted.iter().flat_map(|run| run.controllers.iter());
            orphaned.map(Harm::Orphaned).collect()
        }
    }
}

/// `service and route are left without a manager until step 3 is undone`
fn harm(study: &Study, point: &Point) -> String {
    let until = until(study, point).map(|step| format!(" until step {step} is undone")).unwrap_or_default();
    let words = in_words(study, &harms(point), &until);
    if words.is_empty() { "no way back keeps every property".into() } else { words }
}

/// `; node-ipam may be left without a manager there already`
fn already(study: &Study, point: &Point) -> String {
    let words = in_words(study, &point.already, "");
    if words.is_empty() { words } else { format!(" (at worst already there: {words})") }
}

fn in_words(study: &Study, harms: &[Harm], until: &str) -> String {
    let orphaned: Vec<_> =
        harms.iter().filter_map(|h| if let Harm::Orphaned(c) = h { Some(*c) } else { None }).collect();
    let mut refusing: Vec<String> = harms
        .iter()
        .filter_map(|h| match h {
            Harm::Refuses(process) => Some(name(&study.judgement.plan.managers[usize::from(*process)])),
            Harm::Orphaned(_) => None,
        })
        .collect();
    refusing.dedup();
    let mut parts = Vec::new();
    if !orphaned.is_empty() {
        let verb = if orphaned.len() > 1 { "are" } else { "is" };
        parts.push(format!("{} {verb} left without a manager{until}", list(&orphaned)));
    }
    if !refusing.is_empty() {
        parts.push(format!("{} {} to start", list(&refusing), if refusing.len() > 1 { "refuse" } else { "refuses" }));
    }
    parts.join(", and ")
}

/// The number of the step that is being undone when the last controller gets its manager back, on the way back shown.
fn until(study: &Study, point: &Point) -> Option<usize> {
    let way = point.way.as_ref()?;
    let ends = way.harms.iter().filter(|(harm, ..)| matches!(harm, Harm::Orphaned(_))).map(|&(.., end)| end).max()?;
    let story = Story::new(&study.judgement.problem, &way.run);
    story.events[..=ends.min(story.events.len() - 1)].iter().rev().find_map(|event| match event.what {
        What::Step { step, .. } => Some(step + 1),
        _ => None,
    })
}

/// What is said of the naive way back, in a sentence or two; empty if no way back is safe.
pub fn naive(study: &Study) -> String {
    let is_there = |a: &&Answer| a.point.judged == Judged::Safe && a.says != Says::Open && a.point.at != At::After(0);
    let points: Vec<&Answer> = study.points.iter().filter(is_there).collect();
    let of = |is: fn(&Naive) -> bool| -> Vec<String> {
        points.iter().filter(|answer| is(&answer.point.naive)).map(|answer| from(answer.point.at)).collect()
    };
    let (fails, open) = (of(|naive| matches!(naive, Naive::Unsafe(_))), of(|naive| *naive == Naive::Open));
    let mut parts = Vec::new();
    if points.is_empty() {
        return String::new();
    }
    if fails.is_empty() && open.is_empty() {
        parts.push("is safe wherever there is a safe one, whatever crashes on the way".to_string());
    }
    if !fails.is_empty() {
        parts.push(format!("is NOT safe {}", list(&fails)));
    }
    if !open.is_empty() {
        parts.push(format!("is not known to be safe {}", list(&open)));
    }
    let naive = "step by step in reverse, place by place in any order, waiting for nothing";
    format!("The naive way back ({naive}) {}.", parts.join(" and "))
}

/// Where the points begin from which, all of them, every way back may run a controller twice.
pub fn no_return(study: &Study) -> Option<At> {
    let last_with_a_way = study.points.iter().rposition(|answer| answer.says != Says::No);
    study.points.get(last_with_a_way.map_or(0, |last| last + 1)).map(|answer| answer.point.at)
}

/// `after step 3`, where the wrong way back begins.
pub fn begins(study: &Study, wrong: &WrongWay) -> String {
    from(At::After(position(study, wrong.done)))
}

/// `after steps 3 and 4`
pub fn all_begin(study: &Study, wrong: &[&WrongWay]) -> String {
    let steps: Vec<u8> = wrong.iter().map(|wrong| position(study, wrong.done)).collect();
    format!("after step{} {}", if steps.len() > 1 { "s" } else { "" }, list(&steps))
}

/// How many steps of the plan are complete when so many of the scenario are.
fn position(study: &Study, done: usize) -> u8 {
    let numbers = crate::commands::rehearse::undo::origins(&study.judgement.plan.steps, &study.titles);
    numbers.iter().filter(|&&origin| origin < done).count() as u8
}

/// The wrong ways of one kind.
pub fn of_kind(study: &Study, kind: Kind) -> Vec<&WrongWay> {
    study.wrong.iter().filter(|wrong| wrong.kind == kind).collect()
}

/// The one of them that is worst: a controller runs twice, else the first.
pub fn worst<'w>(wrong: &[&'w WrongWay]) -> Option<&'w WrongWay> {
    wrong.iter().min_by_key(|wrong| wrong.property).copied()
}

/// What a step costs to undo: `service, route 51.7 s; cloud-node 26 s`
pub fn cost(study: &Study, step: usize) -> String {
    let Some(outages) = &study.outages else { return "not known".into() };
    if outages.undecided.is_some() {
        return "not known".into();
    }
    let of_step: Vec<_> = outages.steps.iter().filter(|outage| usize::from(outage.step) == step).collect();
    let mut figures: Vec<Figure> = of_step.iter().map(|outage| outage.figure).collect();
    figures.sort_unstable();
    figures.dedup();
    let parts: Vec<String> = figures
        .into_iter()
        .rev()
        .map(|figure| {
            let same = of_step.iter().filter(|outage| outage.figure == figure);
            format!("{} {}", list(same.flat_map(|outage| outage.controllers.iter())), length(figure))
        })
        .collect();
    if parts.is_empty() { "none".into() } else { parts.join("; ") }
}
