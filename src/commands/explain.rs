//! `leasehold explain`: the page of a finding's code, or the list of all codes.

use std::fmt::Write as _;

use include_dir::{Dir, include_dir};
use leasehold_model::findings::Code;
use leasehold_scenarios::scenario::closest;

use super::Ran;
use crate::exit::{Exit, Failure};
use crate::screen::Screen;

/// One page for each code, `LM101.md`.
static PAGES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/docs/findings");

const EXAMPLES: &str = "\
Examples:
  leasehold explain LM101      what it means, why, since when, how to see it on a cluster, the fix
  leasehold explain            every code with its title

Exit codes:
  0  the page was printed
  2  there is no such code";

/// The arguments of `explain`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// A finding's code, such as LM101. Without it all codes are listed.
    code: Option<String>,
}

/// Explains.
///
/// # Errors
/// If there is no such code.
pub fn run(args: &Args) -> Ran {
    let screen = Screen::stdout();
    let text = match &args.code {
        None => list(&screen),
        Some(written) => match written.trim().parse::<Code>() {
            Ok(code) => render(page(code), &screen),
            Err(()) => return Err(Failure::Usage(unknown(written))),
        },
    };
    super::print(&text)?;
    Ok(Exit::Holds)
}

/// The page of `code`, in Markdown.
fn page(code: Code) -> &'static str {
    let file = PAGES.get_file(format!("{code}.md")).and_then(|file| file.contents_utf8());
    // A test has read every page.
    file.unwrap_or_default()
}

fn unknown(written: &str) -> String {
    let ids: Vec<&str> = Code::ALL.iter().map(|code| code.id()).collect();
    let upper = written.trim().to_ascii_uppercase();
    match closest(&upper, &ids) {
        Some(close) => format!("no finding is called `{written}`; did you mean {close}? `leasehold explain` lists all"),
        None => format!("no finding is called `{written}`; `leasehold explain` lists all"),
    }
}

/// Every code with its title, a long title continued under itself.
fn list(screen: &Screen) -> String {
    let mut out = String::new();
    for (i, &code) in Code::ALL.iter().enumerate() {
        let group = code.id().as_bytes()[2];
        if i > 0 && Code::ALL[i - 1].id().as_bytes()[2] != group {
            out.push('\n');
        }
        let width = screen.width.saturating_sub(7).max(20);
        for (line, text) in textwrap::wrap(code.title(), width).iter().enumerate() {
            let label = if line == 0 { code.id() } else { "" };
            let _ = writeln!(out, "{label:<7}{text}");
        }
    }
    out.push_str("\nleasehold explain CODE prints its page.\n");
    out
}

/// Markdown for a terminal: titles without marks, everything else as it stands, long paragraphs wrapped.
fn render(markdown: &str, screen: &Screen) -> String {
    let (bold, reset) = if screen.color { ("\x1b[1m", "\x1b[0m") } else { ("", "") };
    let mut out = String::new();
    let mut code = false;
    for line in markdown.lines() {
        if line.starts_with("```") {
            code = !code;
            continue;
        }
        let title = line.trim_start_matches('#');
        if code {
            let _ = writeln!(out, "    {line}");
        } else if title.len() < line.len() {
            let _ = writeln!(out, "{bold}{}{reset}", title.trim());
        } else if textwrap::core::display_width(line) <= screen.width {
            let _ = writeln!(out, "{line}");
        } else {
            let text = line.trim_start();
            let lead = line.len() - text.len() + if text.starts_with("* ") || text.starts_with("- ") { 2 } else { 0 };
            let indent = " ".repeat(lead);
            let options = textwrap::Options::new(screen.width).subsequent_indent(&indent).break_words(false);
            let _ = writeln!(out, "{}", textwrap::fill(line, options));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Screen = Screen { width: 80, color: false };

    #[test]
    fn every_code_has_a_page_and_every_page_a_code() {
        let mut pages: Vec<String> = PAGES
            .files()
            .map(|file| file.path().file_stem().expect("a file has a name").to_string_lossy().into_owned())
            .filter(|name| name.starts_with("LM"))
            .collect();
        pages.sort_unstable();
        let codes: Vec<&str> = Code::ALL.iter().map(|code| code.id()).collect();
        assert_eq!(pages, codes);
    }

    #[test]
    fn a_page_begins_with_its_code_and_title_and_says_what_to_do() {
        for &code in Code::ALL {
            let page = page(code);
            assert_eq!(page.lines().next(), Some(format!("# {code}: {}", code.title()).as_str()));
            for section in ["## What happens", "## Why", "## Since", "## How to see it on a cluster", "## Fix"] {
                assert!(page.lines().any(|line| line == section), "{code}: {section}");
            }
            assert!(render(page, &PLAIN).lines().all(|line| !line.starts_with('#')), "{code}");
        }
    }

    #[test]
    fn an_unknown_code_is_met_with_the_nearest() {
        assert_eq!(
            unknown("lm1011"),
            "no finding is called `lm1011`; did you mean LM101? `leasehold explain` lists all"
        );
        assert_eq!(unknown("E0308"), "no finding is called `E0308`; `leasehold explain` lists all");
    }

    #[test]
    fn the_list_is_aligned_and_narrow() {
        let text = list(&Screen { width: 50, color: false });
        assert!(text.lines().all(|line| line.len() <= 50), "{text}");
        assert_eq!(text.lines().filter(|line| line.starts_with("LM")).count(), Code::ALL.len());
    }
}
