//! The tables of `compare`, as text and as Markdown: one for each provider, a line for each protocol and each range of
//! releases for which it comes to the same ([`ranges`](mod@ranges)).

mod ranges;

use anstyle::Style;

use leasehold_model::gap::Figure;

use self::ranges::{Range, ranges, releases};
use super::gap::length;
use super::layout::{BAD, FAINT, GOOD, OPEN, STRONG, count, list, pad, paint, widest, wrap};
use crate::commands::compare::document::{Cell, Document, Row, Time, Verdict};
use crate::screen::Screen;

/// The screen.
pub fn text(document: &Document, screen: &Screen) -> String {
    let mut out = String::new();
    for table in tables(document) {
        out += &paint(&table.title, STRONG, screen);
        out.push('\n');
        let columns: Vec<usize> = (0..table.head.len())
            .map(|i| widest(std::iter::once(table.head[i]).chain(table.lines.iter().map(|line| line[i].text.as_str()))))
            .collect();
        let head = table.head.iter().zip(&columns).map(|(head, &column)| pad(head, column)).collect::<Vec<_>>();
        out += &paint(format!("  {}", head.join("  ")).trim_end(), FAINT, screen);
        out.push('\n');
        for line in &table.lines {
            let cells: Vec<String> = line
                .iter()
                .zip(&columns)
                .map(|(cell, &column)| {
                    paint(&cell.text, cell.style, screen) + &pad("", column - super::layout::width(&cell.text))
                })
                .collect();
            out += format!("  {}", cells.join("  ")).trim_end();
            out.push('\n');
        }
        out.push('\n');
    }
    let names: Vec<&str> = document.protocols.iter().map(|protocol| protocol.name).collect();
    let column = widest(names.iter().copied());
    for protocol in &document.protocols {
        let first = format!("{}  ", pad(protocol.name, column));
        out += &wrap(protocol.about, &first, &" ".repeat(column + 2), screen);
    }
    out.push('\n');
    for line in legend(document) {
        out += &wrap(&line, "- ", "  ", screen);
    }
    out.push('\n');
    out + &wrap(&conclusion(document), "", "", screen)
}

/// The same for a document.
pub fn markdown(document: &Document) -> String {
    let mut out =
        "# Protocols\n\nWritten by `leasehold compare --format markdown`: every row is searched, with manifests \
                   generated for its releases.\n"
            .to_string();
    for table in tables(document) {
        out +=
            &format!("\n## {}\n\n| {} |\n|{}\n", table.title, table.head.join(" | "), "---|".repeat(table.head.len()));
        for line in &table.lines {
            let cells: Vec<&str> = line.iter().map(|cell| cell.text.as_str()).collect();
            out += &format!("| {} |\n", cells.join(" | "));
        }
    }
    out += "\n## The protocols\n\n";
    for protocol in &document.protocols {
        out += &item(&format!("**{}**. {} ({})", protocol.name, protocol.about, protocol.source));
    }
    out += "\n## How to read it\n\n";
    legend(document).iter().for_each(|line| out += &item(line));
    out
}

/// An item of a list, at most 120 columns wide where it can be broken.
fn item(text: &str) -> String {
    wrap(text, "* ", "  ", &Screen { width: 120, color: false })
}

struct Table {
    title: String,
    head: Vec<&'static str>,
    lines: Vec<Vec<Shown>>,
}

/// A cell and how it looks.
struct Shown {
    text: String,
    style: Style,
}

fn plain(text: impl Into<String>) -> Shown {
    Shown { text: text.into(), style: Style::new() }
}

fn tables(document: &Document) -> Vec<Table> {
    let is_ipam_alone = |row: &Row| row.moves == ["node-ipam"];
    let same = |one: &Row, other: &Row| one.provider == other.provider && is_ipam_alone(one) == is_ipam_alone(other);
    document.rows.chunk_by(same).map(|rows| table(document, rows)).collect()
}

fn table(document: &Document, rows: &[Row]) -> Table {
    let moves = &rows[0].moves;
    let verb = if moves.len() > 1 { "move" } else { "moves" };
    let nodes = count(usize::from(document.nodes), "control-plane node");
    let title = format!("{}: {} {verb} ({nodes})", rows[0].provider, list(moves));
    // Managers seldom refuse to start, and the screen is narrow.
    let starts = rows.iter().any(|row| row.starts.verdict != Verdict::Holds);
    let mut head =
        vec!["releases", "protocol", "exclusive", "covered", "starts", "returnable", "in a step", "crash", "steps"];
    let mut lines = Vec::new();
    for protocol in &document.protocols {
        let of_it: Vec<&Row> = rows.iter().filter(|row| row.protocol == protocol.id).collect();
        for range in ranges(&of_it) {
            lines.push(line(protocol.name, &range));
        }
    }
    if !starts {
        head.remove(4);
        lines.iter_mut().for_each(|line| drop(line.remove(4)));
    }
    Table { title, head, lines }
}

fn line(name: &str, range: &Range<'_>) -> Vec<Shown> {
    let first = range.rows[0];
    let steps = range.rows.iter().map(|row| row.steps);
    let (fewest, most) = (steps.clone().min().unwrap_or_default(), steps.max().unwrap_or_default());
    let mut line = vec![plain(releases(range)), plain(name)];
    line.extend(first.cells().map(cell));
    line.push(plain(format!("{}{}", if first.gap.downtime { "+" } else { "" }, time(first.gap.step))));
    line.push(plain(time(first.gap.crash)));
    line.push(plain(if fewest == most { most.to_string() } else { format!("{fewest}–{most}") }));
    line
}

fn cell(cell: &Cell) -> Shown {
    match cell.verdict {
        Verdict::Holds => Shown { text: "holds".into(), style: GOOD },
        Verdict::Violated => Shown { text: format!("✗ {}", cell.findings.join(" ")).trim_end().into(), style: BAD },
        Verdict::Inconclusive => Shown { text: "?".into(), style: OPEN },
    }
}

fn time(time: Time) -> String {
    match time {
        Time::Within { seconds } => length(Figure::Within((seconds * 1e9).round() as i64)),
        Time::Unbounded => "unbounded".into(),
        Time::None => "none".into(),
        Time::Unknown => "?".into(),
    }
}

fn legend(document: &Document) -> Vec<String> {
    let any = |of_it: fn(&Row) -> bool| document.rows.iter().any(of_it);
    let mut lines = vec![
        "✗: violated, with the cause (`leasehold explain CODE`). Whole runs, places in files and fixes: `leasehold \
         check`."
            .to_string(),
    ];
    if any(|row| row.cells().iter().any(|cell| cell.verdict == Verdict::Inconclusive)) {
        lines.push("?: neither proved nor refuted.".into());
    }
    lines.push(
        "from 1.22 … 1.26: from any of these releases, to the next one or without an upgrade; → next: to the next one only; in \
         1.21: without an upgrade only."
            .into(),
    );
    lines.push(
        "in a step, crash: the longest time that a controller runs nowhere while a step is carried out node by node, or after \
         one crash, under the assumptions of `leasehold check`: requests within 0.5 s, a manager back within 16 s of an edit, \
         11 s of a crash and 5 min of a new node."
            .into(),
    );
    if any(|row| [row.gap.step, row.gap.crash].contains(&Time::Unknown)) {
        lines
            .push("? in place of a time: no bound, because a manager takes a lease and exits, again and again.".into());
    }
    if any(|row| row.gap.downtime) {
        lines.push(
            "+: the plan stops the controllers on purpose. The time counts from the beginning of the step that brings them \
             back; what the operator takes until then comes on top. `covered` asks nothing in between."
                .into(),
        );
    }
    if any(|row| row.protocol == "p2-stages") {
        lines.push(
            "P2 a lease for each stage moves node IPAM too; that cloud-controller-manager has one is assumed.".into(),
        );
    }
    lines
}

fn conclusion(document: &Document) -> String {
    let ways = document.ways();
    let with = ways.iter().filter(|way| **way).count();
    let mut text = match (ways.len(), with) {
        (1, 1) => "All four properties hold with at least one of these protocols.".to_string(),
        (1, _) => "With none of these protocols all four properties hold.".into(),
        (all, with) if all == with => {
            format!("{}: for each there is a protocol with which all four properties hold.", count(all, "migration"))
        }
        (all, with) => format!(
            "{}: for {} there is no protocol with which all four properties hold.",
            count(all, "migration"),
            all - with
        ),
    };
    if !document.complete {
        text += " Stopped before every row was done.";
    }
    text
}
