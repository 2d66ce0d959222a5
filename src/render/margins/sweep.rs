//! A safe region as text: one character a point.

use super::super::layout::{GOOD, paint};
use super::go;
use crate::commands::margins::document::{Axis, Sweep, Unit};
use crate::screen::Screen;

/// The region, its highest row first.
pub fn text(sweep: &Sweep, screen: &Screen) -> String {
    let labels: Vec<String> = sweep.y.values.iter().map(|&v| value(&sweep.y, v)).collect();
    let wide = labels.iter().map(String::len).max().unwrap_or(0);
    let mut out = format!("{} (up) over {} (right)\n", sweep.y.parameter, sweep.x.parameter);
    for (row, label) in sweep.rows.iter().zip(&labels).rev() {
        let cells: String = row.chars().map(|c| cell(c, screen)).collect();
        out += &format!("  {label:>wide$}  {cells}\n");
    }
    let (first, last) = (sweep.x.values.first().copied(), sweep.x.values.last().copied());
    let ends = [first, last].map(|v| v.map_or_else(String::new, |v| value(&sweep.x, v)));
    let between = sweep.x.values.len().saturating_sub(ends[0].len() + ends[1].len()).max(1);
    out += &format!("  {}  {}{}{}\n", " ".repeat(wide), ends[0], " ".repeat(between), ends[1]);
    let stopped = if sweep.complete { "" } else { "; stopped: . was not asked" };
    out += &format!("  █ safe  · not safe  ? not decided  x refused by client-go; {} asked{stopped}\n", sweep.asked);
    out
}

fn cell(c: char, screen: &Screen) -> String {
    match c {
        's' => paint("█", GOOD, screen),
        'u' => "·".into(),
        other => other.to_string(),
    }
}

/// A value with its unit.
pub fn value(axis: &Axis, v: f64) -> String {
    match axis.unit {
        Unit::Seconds => go(v),
        Unit::Ppm => format!("{v} ppm"),
    }
}
