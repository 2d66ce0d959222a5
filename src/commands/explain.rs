//! `leasehold explain`: the page of a finding's code, or the list of all codes.

use std::fmt::Write as _;

use include_dir::{Dir, include_dir};
use leasehold_model::findings::Code;
use leasehold_scenarios::scenario::closest;

use super::Ran;
use crate::exit::{Exit, Failure};
use crate::render::layout::{STRONG, paint, wrap};
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
        out += &wrap(code.title(), &format!("{:<7}", code.id()), &" ".repeat(7), screen);
    }
    out.push_str("\nleasehold explain CODE prints its page.\n");
    out
}

/// Markdown for a terminal: titles without marks; paragraphs as they stand, or filled anew where a line does not fit.
fn render(markdown: &str, screen: &Screen) -> String {
    let is_narrow = markdown.lines().any(|line| textwrap::core::display_width(line) > screen.width);
    let mut out = String::new();
    let mut paragraph = String::new();
    let mut code = false;
    for line in markdown.lines() {
        let fence = line.starts_with("```");
        let title = line.trim_start_matches('#');
        let begins = |mark: &str| line.trim_start().starts_with(mark);
        let apart =
            code || fence || line.is_empty() || title.len() < line.len() || begins("|") || line.starts_with("    ");
        if apart || !is_narrow || begins("* ") || begins("- ") {
            fill(&mut out, &mut paragraph, screen);
        }
        if fence {
            code = !code;
        } else if code {
            let _ = writeln!(out, "    {line}");
        } else if title.len() < line.len() {
            let _ = writeln!(out, "{}", paint(title.trim(), STRONG, screen));
        } else if apart || !is_narrow {
            let _ = writeln!(out, "{line}");
        } else if paragraph.is_empty() {
            paragraph.push_str(line);
        } else {
            paragraph.push(' ');
            paragraph.push_str(line.trim_start());
        }
    }
    fill(&mut out, &mut paragraph, screen);
    out
}

/// Writes the paragraph, continued under its text, and empties it.
fn fill(out: &mut String, paragraph: &mut String, screen: &Screen) {
    let text = paragraph.trim_start();
    if text.is_empty() {
        return;
    }
    let mark = if text.starts_with("* ") || text.starts_with("- ") { 2 } else { 0 };
    *out += &wrap(paragraph, "", &" ".repeat(paragraph.len() - text.len() + mark), screen);
    paragraph.clear();
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
    fn a_narrow_page_is_filled_anew_without_its_code() {
        let page = "# LM: a\n\nlong words\ngo on here\n* an item that\n  goes on\n```sh\nkubectl get lease\n```\n";
        let text = render(page, &Screen { width: 16, color: false });
        assert_eq!(text, "LM: a\n\nlong words go on\nhere\n* an item that\n  goes on\n    kubectl get lease\n");
    }

    #[test]
    fn the_list_is_aligned_and_narrow() {
        let text = list(&Screen { width: 50, color: false });
        assert!(text.lines().all(|line| line.len() <= 50), "{text}");
        assert_eq!(text.lines().filter(|line| line.starts_with("LM")).count(), Code::ALL.len());
    }
}
