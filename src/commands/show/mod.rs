//! `leasehold show`: what was understood, nothing searched.
//!
//! * [`document`]: the result as data, which is also the JSON output.
//! * [`understand`]: from resolved managers to that data.
//! * [`settings`]: the values that decided it, with their places.
//! * [`text`]: the result for people.

mod document;
mod settings;
mod text;
mod understand;

use clap::ValueEnum;
use leasehold_scenarios::inventory::files::Disk;
use leasehold_scenarios::resolve::resolve_any;

use self::document::Document;
use super::Ran;
use crate::exit::{Exit, Failure};
use crate::input::Input;
use crate::screen::Screen;

const EXAMPLES: &str = "\
Examples:
  leasehold show before/ after/ --before 1.29 --after 1.30
  leasehold show /etc/kubernetes/manifests        any mix of manifests, migration or not
  kubectl -n kube-system get ds,deploy,cm,role,rolebinding -o yaml | leasehold show - --before 1.30
  leasehold show scenario.yaml --format json | jq '.managers[] | {component, side, starts}'

Every stage lists the managers in force at it: `before`, then each step by its title, and `after`
for the last one.

Exit codes:
  0  the managers were shown, whether or not they start
  2  bad input or usage: nothing was shown
  4  the environment failed: output could not be written";

/// The arguments of `show`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(flatten)]
    input: Input,
    /// How to print.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// How to print.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
enum Format {
    /// For people.
    Text,
    /// For programs: docs/schema/show.v1.json
    Json,
}

/// Shows.
///
/// # Errors
/// If the input is bad or the output cannot be written.
pub fn run(args: &Args) -> Ran {
    let resolved =
        resolve_any(&args.input.request(), &Disk).map_err(|failed| Failure::unread(*failed, "nothing was shown"))?;
    let document = Document::new(&resolved);
    super::print(&match args.format {
        Format::Json => document.json(),
        Format::Text => text::render(&document, &Screen::stdout()),
    })?;
    Ok(Exit::Holds)
}
