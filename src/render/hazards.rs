//! The screens of `hazards`: the catalogue, and one hazard from how it comes about to what mends it.

use std::path::Path;

use leasehold_model::findings::Code;
use leasehold_model::migration::{Property, Status};

use super::layout::{BAD, FAINT, GOOD, STRONG, count, list as words, pad, paint, paragraph, widest, width, wrap};
use super::{findings, fix, text, verdicts};
use crate::commands::hazards::library::{ROOT, directory};
use crate::commands::hazards::table::Hazard;
use crate::commands::hazards::{Judged, Shipped};
use crate::exit::Exit;
use crate::scene::expected;
use crate::screen::Screen;

/// Every hazard in a line, under it the scenarios that show it.
pub fn list(all: &[(Hazard, Vec<Shipped>)], screen: &Screen) -> String {
    let names = widest(all.iter().map(|(hazard, _)| hazard.name)) + 2;
    let indent = " ".repeat(names);
    let showing = |scenarios: &[Shipped]| -> Vec<[String; 4]> {
        scenarios.iter().filter(|one| !one.mends).map(columns).collect()
    };
    let rows: Vec<[String; 4]> = all.iter().flat_map(|(_, scenarios)| showing(scenarios)).collect();
    let wide = [0, 1, 2].map(|column| widest(rows.iter().map(|row| row[column].as_str())));
    let mut out = String::new();
    for (hazard, scenarios) in all {
        let name = paint(&pad(hazard.name, names), STRONG, screen);
        let room = screen.width.saturating_sub(names + width(hazard.title) + width(hazard.since));
        out += &if room >= 2 {
            format!("{name}{}{}{}\n", hazard.title, " ".repeat(room), paint(hazard.since, FAINT, screen))
        } else {
            let title = wrap(&format!("{} ({})", hazard.title, hazard.since), &indent, &indent, screen);
            name + title.trim_start()
        };
        for [verdict, properties, codes, scenario] in showing(scenarios) {
            let style = if verdict == "holds" { GOOD } else { BAD };
            let verdict = paint(&pad(&verdict, wide[0]), style, screen);
            out += &format!("{indent}{verdict}  {}  {}  {scenario}\n", pad(&properties, wide[1]), pad(&codes, wide[2]));
        }
    }
    out.push('\n');
    out + &wrap(
        &format!(
            "The verdicts are those of the shipped scenarios, in {ROOT}/hazards of a checkout and in this program. Those \
             marked + have a sibling named …-fixed, which holds. `leasehold hazards H6` judges and explains one."
        ),
        "",
        "",
        screen,
    )
}

/// Its verdict, the properties that are violated, the findings, its name.
fn columns(shipped: &Shipped) -> [String; 4] {
    let violated: Vec<&str> = expected(shipped.resolved.expect)
        .into_iter()
        .filter(|(_, status)| *status == Status::Violated)
        .map(|(property, _)| property.name())
        .collect();
    let verdict = if violated.is_empty() { "holds" } else { "VIOLATED" };
    let mark = if shipped.mended_by.is_some() { " +" } else { "" };
    let codes = shipped.about.codes.join(" ");
    [verdict.to_string(), violated.join(", "), codes, format!("{}{mark}", shipped.name)]
}

/// One hazard, judged.
pub fn text(hazard: &Hazard, judged: &[Judged], exit: Exit, screen: &Screen) -> String {
    let mut parts = vec![heading(hazard, screen)];
    for one in judged {
        parts.push(if one.shipped.mends { mended(one, screen) } else { shown(one, screen) });
    }
    parts.push(read_on(judged, screen));
    parts.push(conclusion(judged, exit, screen));
    let parts: Vec<&str> = parts.iter().map(|part| part.trim_end()).filter(|part| !part.is_empty()).collect();
    parts.join("\n\n") + "\n"
}

fn heading(hazard: &Hazard, screen: &Screen) -> String {
    let title = wrap(&format!("{}: {}", hazard.name, hazard.title), "", "  ", screen);
    let title: String = title.lines().map(|line| paint(line, STRONG, screen) + "\n").collect();
    title + &wrap(hazard.since, "", "", screen)
}

/// A scenario with the mistake in it: how it comes about, what follows, the cause, the fix.
fn shown(one: &Judged, screen: &Screen) -> String {
    let parts = [
        paragraph(&one.shipped.about.text, 0, screen).trim_end().to_string(),
        title(&one.shipped, screen) + verdicts::text(&one.judgement, &one.scene, screen).trim_end(),
        text::timelines(&one.judgement, false, screen),
        findings::causes(&one.judgement, &one.scene, screen).trim_end().to_string(),
        findings::notes(&one.judgement, &one.scene, screen).trim_end().to_string(),
        fix::text(&one.judgement, &one.scene, screen).trim_end().to_string(),
    ];
    let parts: Vec<&str> = parts.iter().map(|part| part.trim_end()).filter(|part| !part.is_empty()).collect();
    parts.join("\n\n")
}

/// A scenario with the mistake mended: that it holds, in a line.
fn mended(one: &Judged, screen: &Screen) -> String {
    let verdicts = &one.judgement.report.verdicts;
    let mut out = title(&one.shipped, screen) + &paragraph(&one.shipped.about.text, 2, screen);
    if verdicts.iter().all(|verdict| verdict.status == Status::Holds) {
        let names = words(verdicts.iter().map(|verdict| verdict.property.name()));
        let search = verdicts::search(one.judgement.report.of(Property::Exclusive));
        out += &wrap(&format!("{names} hold ({search})"), "  ", "  ", screen);
    } else {
        out += &verdicts::text(&one.judgement, &one.scene, screen);
    }
    out
}

fn title(shipped: &Shipped, screen: &Screen) -> String {
    let text = wrap(&format!("{}: {}", shipped.name, shipped.resolved.title), "", "  ", screen);
    text.lines().map(|line| paint(line, STRONG, screen) + "\n").collect()
}

/// Pages of findings, public threads, sources.
fn read_on(judged: &[Judged], screen: &Screen) -> String {
    let mut codes: Vec<Code> = judged
        .iter()
        .flat_map(|one| one.judgement.findings.iter().chain(&one.judgement.notes))
        .map(|f| f.code)
        .collect();
    codes.sort_unstable();
    codes.dedup();
    let mut lines: Vec<String> = codes.iter().map(|code| format!("leasehold explain {code}")).collect();
    lines.push(format!("{ROOT}/hazards, or -o DIR for a copy of the files"));
    let mut add = |line: &String| {
        if !lines.contains(line) {
            lines.push(line.clone());
        }
    };
    judged.iter().flat_map(|one| &one.shipped.about.links).for_each(&mut add);
    judged.iter().flat_map(|one| &one.shipped.about.sources).for_each(&mut add);
    let lines: String = lines.iter().map(|line| wrap(line, "  ", "    ", screen)).collect();
    format!("{}\n{lines}", paint("Read on", STRONG, screen))
}

fn conclusion(judged: &[Judged], exit: Exit, screen: &Screen) -> String {
    let several = judged.len() > 1;
    match exit {
        Exit::Holds if several => format!("{} scenarios, each with the verdicts it must have (exit 0)", judged.len()),
        Exit::Holds => "the verdicts are those the scenario must have (exit 0)".into(),
        Exit::Inconclusive => "not decided: the search was cut short (exit 3)".into(),
        _ => paint("a verdict is not what its scenario expects: a fault of leasehold (exit 1)", BAD, screen),
    }
}

/// What was copied, and what to do with it.
pub fn copied(shipped: &[Shipped], to: &Path, files: usize, screen: &Screen) -> String {
    let mut out = wrap(&format!("{} in {}", count(files, "file"), to.display()), "", "", screen);
    for one in shipped {
        let inside = directory(&one.name);
        let inside = inside.strip_prefix(ROOT).unwrap_or(&inside).trim_start_matches('/');
        out += &format!("  leasehold check {}\n", to.join(inside).display());
    }
    out
}
