//! The screen of `margins --sweep`: a map in characters, where each row ends, and the inequality behind it.

use super::super::layout::{BAD, FAINT, GOOD, OPEN, STRONG, count, number, pad, paint, widest, wrap};
use super::{assumed_but, go};
use crate::commands::margins::document::{Contender, Unit};
use crate::commands::margins::sweep::document::{Document, Row, Scale};
use crate::screen::Screen;

/// Lines of the map, and of the table below it, at most.
const LINES: usize = 24;
/// Rows of the table.
const EDGES: usize = 11;

/// The screen.
pub fn text(document: &Document, screen: &Screen) -> String {
    let (along, across) = (name(&document.along), name(&document.across));
    let varied = [document.along.parameter, document.across.parameter];
    let mut out = paint(&format!("{}: where {along} and {across} are safe", document.lock), STRONG, screen) + "\n";
    for contender in &document.contenders {
        out += &wrap(&described(contender, &varied), "  ", "  ", screen);
    }
    out += &wrap(&assumed_but(&document.assumed, &varied), "assumed: ", "         ", screen);
    out.push('\n');
    out += &map(document, screen);
    out.push('\n');
    out += &edges(document, screen);
    if let Some(inequality) = &document.inequality {
        out += &format!("\n  proved safe   {}\n  refuted       {}\n", inequality.proved, inequality.refuted);
        let counts = document.counts;
        let asked = counts.safe + counts.undecided + counts.broken;
        out += &match inequality.differs {
            0 => format!("  the theorem says the same at all {} points\n", number(asked)),
            n => format!("  the theorem says otherwise at {n} of {} points, and counts\n", number(asked)),
        };
    }
    out.push('\n');
    out + &conclusion(document, screen) + "\n"
}

fn described(contender: &Contender, varied: &[&str]) -> String {
    let durations = [
        ("lease-duration", contender.lease_duration_seconds),
        ("renew-deadline", contender.renew_deadline_seconds),
        ("retry-period", contender.retry_period_seconds),
    ];
    let kept: Vec<String> = durations
        .iter()
        .filter(|(parameter, _)| !varied.contains(parameter))
        .map(|(parameter, value)| format!("{} {}", go(*value), parameter.replace('-', " ")))
        .collect();
    let assumed = if contender.client_go_assumed { " (assumed)" } else { "" };
    let library = contender.client_go.replacen("1.", "0.", 1);
    format!("{}: {}; client-go {library}{assumed}", contender.name, kept.join(", "))
}

fn name(scale: &Scale) -> String {
    scale.parameter.replace('-', " ")
}

/// A value with its unit.
fn value(scale: &Scale, value: f64) -> String {
    if scale.unit == Unit::Ppm { format!("{value:.0} ppm") } else { go(value) }
}

/// The map: the largest value of `across` on top.
fn map(document: &Document, screen: &Screen) -> String {
    let (along, across) = (&document.along, &document.across);
    let labels: Vec<String> = (0..across.values).map(|n| value(across, across.at(n))).collect();
    let wide = widest(labels.iter().map(String::as_str)).max(4);
    let columns = along.values.div_ceil(screen.width.saturating_sub(wide + 6).max(10));
    let lines = across.values.div_ceil(LINES);
    let mut out = format!("  {}\n", name(across));
    let rows: Vec<usize> = (0..across.values).step_by(lines).collect();
    for (place, &first) in rows.iter().enumerate().rev() {
        let group = &document.rows[first..(first + lines).min(across.values)];
        let labelled = place == 0 || place + 1 == rows.len() || place == rows.len() / 2;
        let label = if labelled { labels[first].as_str() } else { "" };
        let cells: String = (0..along.values).step_by(columns).map(|n| worst(group, n, columns)).collect();
        out += &format!("  {} {} {}\n", left(label, wide), if labelled { '┤' } else { '│' }, painted(&cells, screen));
    }
    let cells = along.values.div_ceil(columns);
    out += &format!("  {} └┬{}\n", " ".repeat(wide), "─".repeat(cells));
    let ends = [value(along, along.from), value(along, along.at(along.values - 1))];
    let gap = cells.saturating_sub(ends[0].chars().count() + ends[1].chars().count()).max(2);
    out += &format!("  {}   {}{}{}  {}\n", " ".repeat(wide), ends[0], " ".repeat(gap), ends[1], name(along));
    let mut legend = vec![painted("█", screen) + " safe", painted("▒", screen) + " not decided"];
    legend.push(painted("·", screen) + " two may lead");
    let counts = document.counts;
    if counts.refused > 0 {
        legend.push("- refused by client-go or the API server".into());
    }
    if counts.not_asked > 0 {
        legend.push("blank: not asked".into());
    }
    out += &format!("  {}   {}\n", " ".repeat(wide), legend.join("   "));
    if columns * lines > 1 {
        out += &format!("  {}   a character is {columns} × {lines} points and shows the worst\n", " ".repeat(wide));
    }
    out
}

fn left(text: &str, columns: usize) -> String {
    format!("{}{text}", " ".repeat(columns.saturating_sub(text.chars().count())))
}

/// The worst point of a cell.
fn worst(rows: &[Row], first: usize, columns: usize) -> char {
    let letters = rows.iter().flat_map(|row| match &row.points {
        Some(points) => points.bytes().skip(first).take(columns).collect(),
        None => vec![b' '],
    });
    let rank = |letter: &u8| [b'-', b's', b'?', b' ', b'u'].iter().position(|l| l == letter);
    match letters.max_by_key(rank) {
        Some(b's') => '█',
        Some(b'?') => '▒',
        Some(b'u') => '·',
        Some(b'-') => '-',
        _ => ' ',
    }
}

fn painted(cells: &str, screen: &Screen) -> String {
    let style = |cell: char| match cell {
        '█' => GOOD,
        '▒' => OPEN,
        '·' => BAD,
        _ => FAINT,
    };
    let cells: Vec<char> = cells.trim_end().chars().collect();
    cells.chunk_by(|a, b| a == b).map(|run| paint(&run.iter().collect::<String>(), style(run[0]), screen)).collect()
}

/// Where rows end: some of them, first and last always.
fn edges(document: &Document, screen: &Screen) -> String {
    let (along, across) = (&document.along, &document.across);
    let lease = along.parameter == "lease-duration";
    let (safe, broken) = if lease { ("safe from", "refuted up to") } else { ("safe to", "refuted from") };
    let shown = |edge: Option<f64>, none: &str| edge.map_or_else(|| none.to_string(), |v| value(along, v));
    let last = document.rows.len() - 1;
    let some = (0..EDGES.min(last + 1)).map(|n| &document.rows[n * last / (EDGES.min(last + 1) - 1).max(1)]);
    let head = [name(across), format!("{} {safe}", name(along)), broken.to_string()];
    let rows: Vec<[String; 3]> = some
        .filter(|row| row.points.is_some())
        .map(|row| [value(across, row.at), shown(row.safe, "none"), shown(row.broken, "not found")])
        .collect();
    let columns: Vec<usize> = (0..3).map(|i| widest(rows.iter().chain([&head]).map(|row| row[i].as_str()))).collect();
    let line = |row: &[String; 3]| {
        let cells: Vec<String> = row.iter().zip(&columns).map(|(text, &wide)| pad(text, wide)).collect();
        format!("  {}", cells.join("  ")).trim_end().to_string() + "\n"
    };
    paint(line(&head).trim_end(), FAINT, screen) + "\n" + &rows.iter().map(line).collect::<String>()
}

fn conclusion(document: &Document, screen: &Screen) -> String {
    let counts = document.counts;
    let all = document.along.values * document.across.values;
    let refused = if counts.refused > 0 { format!(", {} refused", number(counts.refused)) } else { String::new() };
    let parts = format!(
        "{} safe, {} not decided, {} with two leaders{refused}",
        number(counts.safe),
        number(counts.undecided),
        number(counts.broken)
    );
    if document.complete {
        format!("{}: {parts} (exit 0)", count(all, "point"))
    } else {
        let stopped =
            format!("stopped: {} of {} not asked; {parts} (exit 3)", number(counts.not_asked), count(all, "point"));
        paint(&stopped, OPEN, screen)
    }
}
