//! What the output looks like: its width and whether it has colours.

use std::io::IsTerminal;

/// Width of the output where nobody looks at it through a terminal, and the widest that is used in one.
const WIDEST: usize = 120;
/// The narrowest that is laid out; a narrower terminal wraps.
const NARROWEST: usize = 40;

/// The properties of one output stream that rendering depends on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Screen {
    /// Columns.
    pub width: usize,
    /// Whether escape sequences for colour are written. Text is complete without them.
    pub color: bool,
}

impl Screen {
    /// Standard output.
    pub fn stdout() -> Screen {
        let color = anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never;
        Screen { width: width(terminal_size::terminal_size_of(std::io::stdout())), color }
    }

    /// Standard error.
    pub fn stderr() -> Screen {
        let color = anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never;
        Screen { width: width(terminal_size::terminal_size_of(std::io::stderr())), color }
    }

    /// True if standard error is a terminal, so that progress may be shown there.
    pub fn shows_progress() -> bool {
        std::io::stderr().is_terminal()
    }
}

/// The terminal's width; without a terminal the variable COLUMNS, as a shell sets it.
fn width(terminal: Option<(terminal_size::Width, terminal_size::Height)>) -> usize {
    let columns = || std::env::var("COLUMNS").ok()?.parse().ok();
    let width = terminal.map(|(width, _)| usize::from(width.0)).or_else(columns).unwrap_or(WIDEST);
    width.clamp(NARROWEST, WIDEST)
}
