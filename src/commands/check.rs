//! `leasehold check`: proves or refutes a migration.

use clap::ValueEnum;

use leasehold_model::explore::Options;
use leasehold_model::lease_time::answers::Theorem;
use leasehold_scenarios::compile::compile;

use super::{Ran, print};
use crate::cli::EXIT_CODES;
use crate::data_plane;
use crate::exit::Failure;
use crate::input::{Input, Timing};
use crate::judge::judge;
use crate::progress::Watch;
use crate::render;
use crate::scene::Scene;
use crate::screen::Screen;

/// The arguments of `check`.
#[derive(clap::Args, Debug)]
#[command(after_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"))]
pub struct Args {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    timing: Timing,
    /// What to print.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// Show every counterexample, not just the shortest of each property
    #[arg(long)]
    all: bool,
    /// Give up after so many distinct states; what is undecided then is inconclusive, exit code 3
    #[arg(long, value_name = "N")]
    max_states: Option<u64>,
    /// Threads to search with; the result does not depend on it [default: one for each core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
    /// Search states that differ only in which of equal nodes is which one by one; the verdicts are the same
    #[arg(long)]
    no_symmetry: bool,
}

/// An output format.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
pub enum Format {
    /// For people.
    Text,
    /// For programs: docs/schema/check.v1.json.
    Json,
}

const EXAMPLES: &str = "\
Examples:
  leasehold check cluster/
      a directory with scenario.yaml, or with before/ and after/
  leasehold check before/ after/ --before 1.29 --after 1.30 --nodes 3
      nothing but manifests, leader migration files and RBAC
  kubectl get -n kube-system pods,configmaps,roles,rolebindings -o yaml | leasehold check - after/
      the cluster as it is, and what it is going to be
  leasehold check cluster/ --format json | jq -r '.findings[].code'
      the codes of what was found; `leasehold explain CODE` has a page for each";

/// Checks.
///
/// # Errors
/// If the input is bad or the output cannot be written.
pub fn run(args: &Args) -> Ran {
    let resolved = args.input.resolve(&args.timing, "nothing was checked")?;
    let plan = compile(&resolved);
    let scene = Scene::from(resolved);
    let watch = Watch::new();
    let report = |progress| watch.report(progress);
    let options = Options {
        symmetry: !args.no_symmetry,
        max_states: args.max_states,
        threads: args.threads.map_or_else(cores, usize::from),
        on_progress: Some(&report),
    };
    let asked = |answered| watch.asked(answered);
    let mut judgement = judge(plan, scene.gap, &Theorem::watched(&asked), &options).map_err(Failure::TooLarge)?;
    judgement.data_plane = scene.data_plane.clone().map(|input| data_plane::find(input, &options));
    drop(watch);
    let text = match args.format {
        Format::Text => render::text::text(&judgement, &scene, args.all, &Screen::stdout()),
        Format::Json => render::json::text(&judgement, &scene),
    };
    print(&text)?;
    Ok(judgement.exit())
}

/// Threads to search with unless told otherwise.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
