//! The command line as a whole: one variant of [`Command`] and one module of [`crate::commands`] for each command.

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Parser, Subcommand, ValueEnum};

#[cfg(feature = "explorer")]
use crate::commands::explore;
use crate::commands::{check, compare, completions, explain, generate, hazards, margins, rehearse, show};
use crate::exit::Exit;
use crate::screen::Screen;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// The exit codes, printed under `--help` of every command that has verdicts.
pub const EXIT_CODES: &str = "\
Exit codes:
  0  every property holds
  1  a property is violated (a manager that refuses to start is a violation)
  2  bad input or usage: nothing was checked
  3  inconclusive: the search was cut short, or the cluster is too large for it; never 0
  4  the environment failed: output could not be written";

/// Proves or refutes that a cloud controller never runs in two controller managers, nor in none, while a Kubernetes
/// control plane migrates to a cloud-controller-manager.
#[derive(Parser, Debug)]
#[command(name = "leasehold", version, styles = STYLES, max_term_width = 100, after_help = EXIT_CODES)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// When to use colour.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", display_order = 900)]
    pub color: Color,
}

/// The commands.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Proves or refutes a migration, with a timeline, the cause in your files, and the fix.
    Check(check::Args),
    /// Says from where in a plan there is a safe way back, which, and what only looks like one.
    Rehearse(rehearse::Args),
    /// Shows what was understood: which manager runs what under which lease, and why. Nothing is searched.
    Show(show::Args),
    /// Explains a finding's code.
    Explain(explain::Args),
    /// Lists what can go wrong, and shows each hazard on small manifests.
    Hazards(hazards::Args),
    /// Writes the files and the runbook of a migration that holds.
    Generate(generate::Args),
    /// Compares the protocols by which cloud controllers are moved, release by release.
    Compare(compare::Args),
    /// Says how far the leases of any client-go elected component are from two leaders at once.
    Margins(Box<margins::Args>),
    /// Serves the search as a web page, to walk through it state by state.
    #[cfg(feature = "explorer")]
    Explore(explore::Args),
    /// Prints the completions of a shell.
    Completions(completions::Args),
}

/// When to use colour.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
pub enum Color {
    /// If the output is a terminal and NO_COLOR is not set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Cli {
    /// Runs the command and prints why it failed, if it did.
    pub fn run(self) -> Exit {
        match self.color {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        }
        .write_global();
        let ran = match &self.command {
            Command::Check(args) => check::run(args),
            Command::Rehearse(args) => rehearse::run(args),
            Command::Show(args) => show::run(args),
            Command::Explain(args) => explain::run(args),
            Command::Hazards(args) => hazards::run(args),
            Command::Generate(args) => generate::run(args),
            Command::Compare(args) => compare::run(args),
            Command::Margins(args) => margins::run(args),
            #[cfg(feature = "explorer")]
            Command::Explore(args) => explore::run(args),
            Command::Completions(args) => completions::run(args),
        };
        ran.unwrap_or_else(|failure| failure.report(&Screen::stderr()))
    }
}
