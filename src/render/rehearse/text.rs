//! The screen of `rehearse`: the table first, then why, then what only looks right.

use leasehold_model::explore::End;
use leasehold_model::gap::Undecided;
use leasehold_model::migration::story::Story;
use leasehold_model::migration::{Counterexample, Property};
use leasehold_model::rehearsal::{Judged, Naive, Point};

use super::rows::{all_begin, begins, cost, from, naive, no_return, of_kind, rows, worst};
use crate::commands::rehearse::study::{Answer, Says, Study};
use crate::commands::rehearse::wrong::{Kind, WrongWay};
use crate::exit::Exit;
use crate::render::gap::figures_rest_on;
use crate::render::layout::{BAD, FAINT, GOOD, OPEN, STRONG, count, number, pad, paint, widest, wrap};
use crate::render::{header, rests, timeline};
use crate::scene::{Scene, name};
use crate::screen::Screen;

/// The screen. `all`: every run, not just the first of each kind.
pub fn text(study: &Study, scene: &Scene, all: bool, screen: &Screen) -> String {
    let parts = [
        header::text(&study.judgement, scene, screen),
        table(study, screen),
        steps(study, screen),
        lost(study, all, screen),
        wrong(study, all, screen),
        ways(study, all, screen),
        rests(study, screen),
        conclusion(study, screen),
    ];
    let parts: Vec<&str> = parts.iter().map(|part| part.trim_end()).filter(|part| !part.is_empty()).collect();
    parts.join("\n\n") + "\n"
}

fn table(study: &Study, screen: &Screen) -> String {
    let rows = rows(study);
    if rows.is_empty() {
        return String::new();
    }
    let heads = ["from", "safe", "moves", "gap", "way back"];
    let cells: Vec<[&str; 5]> =
        rows.iter().map(|row| [row.from.as_str(), row.safe, &row.moves, &row.gap, &row.way]).collect();
    let columns: Vec<usize> = (0..4).map(|i| widest(cells.iter().map(|row| row[i]).chain([heads[i]]))).collect();
    let line = |row: &[&str; 5]| {
        let first: String = (0..4).map(|i| format!("{}   ", pad(row[i], columns[i]))).collect();
        let hanging = " ".repeat(2 + columns.iter().sum::<usize>() + 3 * 4);
        wrap(row[4], &format!("  {first}"), &hanging, screen)
    };
    let mut out = paint(line(&heads).trim_end(), FAINT, screen) + "\n";
    for (cells, answer) in cells.iter().zip(&study.points) {
        let style = match answer.says {
            Says::Yes => GOOD,
            Says::Open => OPEN,
            Says::No | Says::Harmful | Says::TooLong => BAD,
        };
        let column = 2 + columns[0] + 3;
        let plain = line(cells);
        out += &if screen.color {
            let (before, behind) = plain.split_at(column);
            format!("{before}{}{}", paint(cells[1], style, screen), &behind[cells[1].len()..])
        } else {
            plain
        };
    }
    out + &wrap(&naive(study), "  ", "  ", screen)
}

/// What undoing each step costs that some way back undoes.
fn steps(study: &Study, screen: &Screen) -> String {
    let begun = study.points.iter().filter(|a| a.point.way.is_some()).map(|a| a.point.at.steps_begun()).max();
    let Some(begun) = begun.filter(|&begun| begun > 0) else { return String::new() };
    let mut out = paint("Without a manager for up to, after each move, one thing at a time", STRONG, screen) + "\n";
    for step in (0..begun).rev() {
        let title = format!("undo step {} ({}): ", step + 1, study.judgement.plan.steps[step].title);
        out += &wrap(&(title + &cost(study, step)), "  ", "    ", screen);
    }
    if let Some(Undecided::NeverAtRest(process)) = study.no_figures() {
        let manager = name(&study.judgement.plan.managers[usize::from(process)]);
        out += &wrap(
            &format!("no bound is known: {manager} takes a lease and exits, again and again"),
            "  ",
            "    ",
            screen,
        );
    }
    out
}

/// How the way back is lost: the first point of each kind.
fn lost(study: &Study, all: bool, screen: &Screen) -> String {
    let mut parts = Vec::new();
    for judged in [Judged::Harmful, Judged::Lost] {
        let mut answers = study.points.iter().filter(|a| a.point.judged == judged && a.says != Says::Open);
        let shown: Vec<&Answer> = if all { answers.collect() } else { answers.next().into_iter().collect() };
        parts.extend(shown.into_iter().map(|answer| refuted(study, &answer.point, screen)));
    }
    for answer in study.points.iter().filter(|a| a.point.judged == Judged::Safe) {
        if let Naive::Unsafe(run) = &answer.point.naive {
            let title = format!("How the naive way back fails {}", from(answer.point.at));
            let events = timeline::events(
                &study.judgement,
                property(study, &answer.point, run),
                run,
                "leads before the plan",
                screen,
            );
            parts.push(head(&title, screen) + &events);
        }
    }
    parts.iter().map(|part| part.trim_end()).collect::<Vec<_>>().join("\n\n")
}

fn refuted(study: &Study, point: &Point, screen: &Screen) -> String {
    let title = match point.judged {
        Judged::Lost if no_return(study) == Some(point.at) => {
            format!("The point of no return: {}. Every way back from there may run a controller twice", from(point.at))
        }
        Judged::Lost => format!("No way back {}", from(point.at)),
        _ => format!("No clean way back {}", from(point.at)),
    };
    let Some(run) = &point.refuted else { return head(&title, screen) };
    head(&title, screen)
        + &timeline::events(&study.judgement, property(study, point, run), run, "leads before the plan", screen)
}

/// What the end of a run violates.
pub fn property(study: &Study, point: &Point, run: &Counterexample) -> Property {
    let story = Story::new(&study.judgement.problem, run);
    let twice = story.events.last().is_some_and(|event| !event.twice.is_empty());
    match (point.judged, twice) {
        (Judged::Lost, _) => Property::Returnable,
        (_, true) => Property::Exclusive,
        _ if run.controllers.is_empty() => Property::Starts,
        _ => Property::Covered,
    }
}

fn head(title: &str, screen: &Screen) -> String {
    wrap(title, "", "  ", screen).lines().map(|line| paint(line, STRONG, screen) + "\n").collect()
}

/// The ways back that look right: the first of each kind as a timeline.
fn wrong(study: &Study, all: bool, screen: &Screen) -> String {
    let mut parts = Vec::new();
    for kind in Kind::ALL {
        let found = of_kind(study, kind);
        let Some(worst) = worst(&found) else { continue };
        let title = format!("Looks right, is not ({}): {}", all_begin(study, &found), kind.words());
        let shown: Vec<&WrongWay> = if all { found } else { vec![worst] };
        parts.push(
            head(&title, screen)
                + &shown.into_iter().map(|w| wrong_way(study, w, screen)).collect::<Vec<_>>().join("\n"),
        );
    }
    parts.iter().map(|part| part.trim_end()).collect::<Vec<_>>().join("\n\n")
}

fn wrong_way(study: &Study, wrong: &WrongWay, screen: &Screen) -> String {
    let beginning = format!("leads {}", begins(study, wrong));
    timeline::events(&wrong.judgement, wrong.property, &wrong.run, &beginning, screen)
}

/// Every way back that was executed, event by event.
fn ways(study: &Study, all: bool, screen: &Screen) -> String {
    let shown = study.points.iter().filter(|a| all && a.point.way.as_ref().is_some_and(|way| way.moves > 0));
    let parts: Vec<String> = shown
        .map(|answer| {
            let way = answer.point.way.as_ref().expect("filtered");
            let title = format!("One way back, {}: {}", from(answer.point.at), count(way.moves, "move"));
            head(&title, screen)
                + &timeline::events(&study.judgement, Property::Exclusive, &way.run, "leads before the plan", screen)
        })
        .collect();
    parts.iter().map(|part| part.trim_end()).collect::<Vec<_>>().join("\n\n")
}

fn rests(study: &Study, screen: &Screen) -> String {
    if study.points.iter().all(|answer| answer.says != Says::Yes) {
        return String::new();
    }
    let mut out = paint("Rests on", STRONG, screen) + "\n";
    for line in lines(study) {
        out += &wrap(&line, "  - ", "    ", screen);
    }
    out
}

/// What `yes` and the figures rest on, one sentence each.
pub fn lines(study: &Study) -> Vec<String> {
    let mut out = rests::lines(&study.judgement);
    out.push("faults may come at any moment of the way back, any number of times, but not for ever".into());
    out.push(format!(
        "every state that can be reached was judged, half done and with processes down: {}, equal ones counted once",
        count(study.states, "state")
    ));
    if study.no_figures().is_none() {
        out.extend(figures_rest_on(&study.judgement.gap.question.assumed, &study.judgement.plan));
    }
    out
}

/// The last line.
pub fn conclusion(study: &Study, screen: &Screen) -> String {
    let all = study.points.len();
    let bad: Vec<&Answer> = study.points.iter().filter(|a| !matches!(a.says, Says::Yes | Says::Open)).collect();
    let declared = bad.iter().all(|answer| answer.declared);
    let points = |n: usize| count(n, "point");
    let (text, style) = match study.exit() {
        Exit::Violated => (format!("no safe way back from {} of {} (exit 1)", number(bad.len()), points(all)), BAD),
        Exit::Inconclusive if study.end != End::Complete => {
            let (how, hint) = match study.end {
                End::Cancelled => ("was interrupted", ""),
                _ => ("stopped at the limit", ": raise --max-states"),
            };
            (format!("not decided: the search {how} after {} (exit 3){hint}", count(study.states, "state")), OPEN)
        }
        Exit::Inconclusive => {
            let open = study.points.iter().filter(|a| a.says == Says::Open).count();
            match open {
                0 if study.interrupted => ("interrupted before everything was looked at (exit 3)".to_string(), OPEN),
                0 => ("not decided: no figures for --max-gap (exit 3)".to_string(), OPEN),
                _ => (format!("not decided for {} of {} (exit 3)", number(open), points(all)), OPEN),
            }
        }
        _ if !bad.is_empty() && declared => {
            let text =
                format!("no safe way back from {} of {}, as the scenario expects (exit 0)", bad.len(), points(all));
            (text, OPEN)
        }
        _ => (
            format!(
                "a safe way back from {} (exit 0)",
                if all == 1 { "the point".into() } else { format!("all {}", points(all)) }
            ),
            GOOD,
        ),
    };
    paint(&text, style, screen)
}
