//! `leasehold completions`: completions for shells. The committed reference, manual pages and completions under
//! `docs/cli` are generated from the same command line.

use clap::CommandFactory as _;
use clap_complete::Shell;

use super::Ran;
use crate::cli::Cli;
use crate::exit::Exit;

const EXAMPLES: &str = "\
Examples:
  source <(leasehold completions bash)
  leasehold completions zsh > \"${fpath[1]}/_leasehold\"
  leasehold completions fish > ~/.config/fish/completions/leasehold.fish";

/// The arguments of `completions`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The shell.
    shell: Shell,
}

/// Prints completions.
///
/// # Errors
/// If they cannot be written.
pub fn run(args: &Args) -> Ran {
    super::print(&completions(args.shell))?;
    Ok(Exit::Holds)
}

fn completions(shell: Shell) -> String {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "leasehold", &mut out);
    String::from_utf8(out).expect("completions are text")
}

// The reference has every command, so these need every feature.
#[cfg(all(test, feature = "explorer"))]
mod tests {
    use clap::ValueEnum as _;

    use super::*;
    use crate::generated::compare;

    /// `leasehold`, then each command, by its full name.
    fn commands() -> Vec<(String, clap::Command)> {
        let mut root = Cli::command().term_width(100).color(clap::ColorChoice::Never).disable_help_subcommand(true);
        root.build();
        let mut found = vec![("leasehold".to_string(), root.clone())];
        for command in root.get_subcommands() {
            let name = format!("leasehold {}", command.get_name());
            found.push((name.clone(), command.clone().display_name(name.replace(' ', "-")).bin_name(name)));
        }
        found
    }

    #[test]
    fn generated_cli_reference() {
        let mut reference =
            "# Command line\n\nWhat `--help` prints. Generated from the program; a test keeps it up to date.\n"
                .to_string();
        for (name, mut command) in commands() {
            let help = command.render_long_help().to_string();
            let help: Vec<&str> = help.lines().map(str::trim_end).collect();
            reference += &format!("\n## {name}\n\n```text\n{}\n```\n", help.join("\n").trim_end());
        }
        compare("docs/cli/README.md", &reference);
    }

    #[test]
    fn generated_manual_pages() {
        for (name, command) in commands() {
            let mut page = Vec::new();
            let version = env!("CARGO_PKG_VERSION");
            clap_mangen::Man::new(command.version(version)).render(&mut page).expect("a buffer takes everything");
            let page = String::from_utf8(page).expect("manual pages are text");
            compare(&format!("docs/cli/man/{}.1", name.replace(' ', "-")), &page);
        }
    }

    #[test]
    fn generated_completions() {
        for shell in Shell::value_variants() {
            let path = match shell {
                Shell::Bash => "leasehold.bash".to_string(),
                Shell::Zsh => "_leasehold".to_string(),
                other => format!("leasehold.{other}"),
            };
            let text = completions(*shell);
            assert!(text.contains("explain"), "{shell} does not know the commands");
            compare(&format!("docs/cli/completions/{path}"), &text);
        }
    }
}
