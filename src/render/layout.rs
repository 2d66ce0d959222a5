//! Lines that fit: columns, wrapped text, numbers, and styles that only double what words say.

use anstyle::{AnsiColor, Style};
use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

use crate::screen::Screen;

/// Red: violated, an overlap.
pub const BAD: Style = AnsiColor::Red.on_default().bold();
/// Green: holds.
pub const GOOD: Style = AnsiColor::Green.on_default().bold();
/// Yellow: inconclusive, a warning.
pub const OPEN: Style = AnsiColor::Yellow.on_default().bold();
/// Headings.
pub const STRONG: Style = Style::new().bold();
/// What matters less.
pub const FAINT: Style = Style::new().dimmed();

/// `text` in `style`, if the screen has colours.
pub fn paint(text: &str, style: Style, screen: &Screen) -> String {
    if screen.color && !text.is_empty() { format!("{style}{text}{style:#}") } else { text.to_string() }
}

/// `text` wrapped to the screen, its first line behind `first` and the others behind `rest`.
pub fn wrap(text: &str, first: &str, rest: &str, screen: &Screen) -> String {
    let options = Options::new(screen.width)
        .initial_indent(first)
        .subsequent_indent(rest)
        // A path or a flag is never broken: it can still be copied where it is too long for the line.
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit)
        .break_words(false);
    text.lines()
        .enumerate()
        .flat_map(|(i, line)| {
            textwrap::wrap(line, if i == 0 { options.clone() } else { options.clone().initial_indent(rest) })
        })
        .flat_map(|line| [line.trim_end().to_string(), "\n".to_string()])
        .collect()
}

/// `text` wrapped behind `indent` blanks.
pub fn paragraph(text: &str, indent: usize, screen: &Screen) -> String {
    let blanks = " ".repeat(indent);
    wrap(text, &blanks, &blanks, screen)
}

/// Columns a text takes on the screen.
pub fn width(text: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(text)
}

/// `text` filled up with blanks to `columns`.
pub fn pad(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// The width of the widest text.
pub fn widest<'a>(texts: impl IntoIterator<Item = &'a str>) -> usize {
    texts.into_iter().map(width).max().unwrap_or_default()
}

/// `1,204,000`
pub fn number(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 state`, `2 states`
pub fn count(n: usize, thing: &str) -> String {
    format!("{} {thing}{}", number(n), if n == 1 { "" } else { "s" })
}

/// `a`, `a and b`, `a, b and c`
pub fn list<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    match items.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [init @ .., last] => format!("{} and {last}", init.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_lists_end_with_and() {
        assert_eq!([0, 999, 1000, 1_204_000].map(number), ["0", "999", "1,000", "1,204,000"]);
        assert_eq!([count(1, "state"), count(2, "state")], ["1 state", "2 states"]);
        assert_eq!(list(["a"; 0]), "");
        assert_eq!([list(["a"]), list(["a", "b"]), list(["a", "b", "c"])], ["a", "a and b", "a, b and c"]);
    }

    #[test]
    fn wrapped_lines_fit_and_hang() {
        let screen = Screen { width: 20, color: false };
        assert_eq!(wrap("one two three four five\nsix", "- ", "  ", &screen), "- one two three four\n  five\n  six\n");
    }
}
