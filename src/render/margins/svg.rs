//! A safe region as a drawing: one rectangle for each run of equal points in a row. Patterns, not only colours, tell
//! safe from unsafe.

use super::sweep::value;
use crate::commands::margins::document::{Axis, Sweep};

const SIDE: usize = 480;
const MARGIN: usize = 90;

/// The drawing.
pub fn draw(sweep: &Sweep) -> String {
    let (columns, rows) = (sweep.x.values.len().max(1), sweep.rows.len().max(1));
    let at = |i: usize, n: usize| SIDE * i / n;
    let size = SIDE + 2 * MARGIN;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\" font-family=\"sans-serif\" font-size=\"13\">\n\
         <title>{}: where two leaders at once are impossible</title>\n\
         <defs><pattern id=\"unsafe\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">\
         <path d=\"M0 6L6 0\" stroke=\"#b3261e\"/></pattern></defs>\n\
         <rect width=\"{size}\" height=\"{size}\" fill=\"#fff\"/>\n",
        escape(&sweep.lock)
    );
    for (j, row) in sweep.rows.iter().enumerate() {
        let cells: Vec<char> = row.chars().collect();
        let top = MARGIN + SIDE - at(j + 1, rows);
        let height = at(j + 1, rows) - at(j, rows);
        let mut i = 0;
        while i < cells.len() {
            let run = cells[i..].iter().take_while(|c| **c == cells[i]).count();
            let (left, width) = (MARGIN + at(i, columns), at(i + run, columns) - at(i, columns));
            let fill = match cells[i] {
                's' => "#2e7d32",
                'u' => "url(#unsafe)",
                '?' => "#f9a825",
                'x' => "#bdbdbd",
                _ => "none",
            };
            out += &format!("<rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" fill=\"{fill}\"/>\n");
            i += run;
        }
    }
    out += &format!(
        "<rect x=\"{MARGIN}\" y=\"{MARGIN}\" width=\"{SIDE}\" height=\"{SIDE}\" fill=\"none\" stroke=\"#000\"/>\n"
    );
    let bottom = MARGIN + SIDE + 20;
    let [x0, x1] = ends(&sweep.x);
    let [y0, y1] = ends(&sweep.y);
    let (right, middle) = (MARGIN + SIDE, MARGIN + SIDE / 2);
    let text = |x: usize, y: usize, anchor: &str, text: &str| {
        format!("<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{}</text>\n", escape(text))
    };
    out += &text(MARGIN, bottom, "start", &x0);
    out += &text(right, bottom, "end", &x1);
    out += &text(middle, bottom + 20, "middle", sweep.x.parameter);
    out += &text(MARGIN - 8, MARGIN + SIDE, "end", &y0);
    out += &text(MARGIN - 8, MARGIN + 12, "end", &y1);
    out += &text(MARGIN - 8, middle, "end", sweep.y.parameter);
    let stopped = if sweep.complete { "" } else { "; stopped before it was complete" };
    out += &text(MARGIN, MARGIN - 30, "start", &sweep.lock);
    out += &text(MARGIN, MARGIN - 12, "start", &format!("plain: safe; hatched: not safe{stopped}"));
    out + "</svg>\n"
}

fn ends(axis: &Axis) -> [String; 2] {
    [axis.values.first(), axis.values.last()].map(|v| v.map_or_else(String::new, |&v| value(axis, v)))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
