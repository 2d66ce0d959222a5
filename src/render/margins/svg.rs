//! `margins --sweep --format svg`: the map as a picture, for a document or a slide.
//!
//! Rectangles, two axes and a legend are a few lines of text; a library for plots would bring fonts and colour spaces with
//! it and nothing that is needed.

use super::go;
use crate::commands::margins::document::Unit;
use crate::commands::margins::sweep::document::{Document, Scale};

/// The map's side, and the space around it.
const SIDE: f64 = 500.0;
const LEFT: f64 = 90.0;
const TOP: f64 = 50.0;

/// Letters of points, their colours (readable without colour vision: they differ in lightness) and their names.
const KINDS: [(char, &str, &str); 4] = [
    ('s', "#1b7837", "safe"),
    ('?', "#fee391", "not decided"),
    ('u', "#762a83", "two may lead"),
    ('-', "#d9d9d9", "refused by client-go or the API server"),
];

/// The picture.
pub fn text(document: &Document) -> String {
    let (along, across) = (&document.along, &document.across);
    let title = format!("{}: {} and {}", document.lock, name(along), name(across));
    let (wide, high) = (LEFT + SIDE + 40.0, TOP + SIDE + 110.0);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {wide} {high}\" role=\"img\" \
         font-family=\"sans-serif\" font-size=\"13\">\n<title>{0}</title>\n\
         <rect width=\"{wide}\" height=\"{high}\" fill=\"white\"/>\n<text x=\"{LEFT}\" y=\"30\" font-size=\"15\">{0}</text>\n",
        escaped(&title)
    );
    let (cell_wide, cell_high) = (SIDE / along.values as f64, SIDE / across.values as f64);
    for (number, row) in document.rows.iter().enumerate() {
        let letters: Vec<char> = row.points.as_deref().unwrap_or_default().chars().collect();
        let y = TOP + SIDE - (number + 1) as f64 * cell_high;
        let mut from = 0;
        for run in letters.chunk_by(|a, b| a == b) {
            let colour = KINDS.iter().find(|(letter, ..)| *letter == run[0]).map_or("white", |(_, colour, _)| colour);
            let (x, width) = (LEFT + from as f64 * cell_wide, run.len() as f64 * cell_wide);
            out += &format!(
                "<rect x=\"{x:.2}\" y=\"{y:.2}\" width=\"{width:.2}\" height=\"{cell_high:.2}\" fill=\"{colour}\"/>\n"
            );
            from += run.len();
        }
    }
    out += &format!(
        "<rect x=\"{LEFT}\" y=\"{TOP}\" width=\"{SIDE}\" height=\"{SIDE}\" fill=\"none\" stroke=\"black\"/>\n"
    );
    for number in [0, along.values / 2, along.values - 1] {
        let x = LEFT + (number as f64 + 0.5) * cell_wide;
        let y = TOP + SIDE + 18.0;
        out += &format!("<text x=\"{x:.2}\" y=\"{y}\" text-anchor=\"middle\">{}</text>\n", value(along, number));
    }
    for number in [0, across.values / 2, across.values - 1] {
        let y = TOP + SIDE - (number as f64 + 0.5) * cell_high + 4.0;
        out +=
            &format!("<text x=\"{}\" y=\"{y:.2}\" text-anchor=\"end\">{}</text>\n", LEFT - 6.0, value(across, number));
    }
    let (middle, below) = (LEFT + SIDE / 2.0, TOP + SIDE + 40.0);
    out += &format!("<text x=\"{middle}\" y=\"{below}\" text-anchor=\"middle\">{}</text>\n", name(along));
    let centre = TOP + SIDE / 2.0;
    out += &format!(
        "<text x=\"18\" y=\"{centre}\" text-anchor=\"middle\" transform=\"rotate(-90 18 {centre})\">{}</text>\n",
        name(across)
    );
    let mut x = LEFT;
    let y = TOP + SIDE + 65.0;
    for (_, colour, meaning) in KINDS.iter().take(if document.counts.refused > 0 { 4 } else { 3 }) {
        out += &format!(
            "<rect x=\"{x}\" y=\"{}\" width=\"12\" height=\"12\" fill=\"{colour}\" stroke=\"black\"/>\n\
             <text x=\"{}\" y=\"{y}\">{meaning}</text>\n",
            y - 11.0,
            x + 18.0
        );
        x += 120.0;
    }
    if !document.complete {
        out += &format!("<text x=\"{LEFT}\" y=\"{}\">white: not asked, the sweep was stopped</text>\n", y + 25.0);
    }
    out + "</svg>\n"
}

fn name(scale: &Scale) -> String {
    scale.parameter.replace('-', " ")
}

fn value(scale: &Scale, number: usize) -> String {
    let value = scale.at(number);
    if scale.unit == Unit::Ppm { format!("{value:.0} ppm") } else { go(value) }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
