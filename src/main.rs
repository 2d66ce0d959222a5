//! `leasehold`: parses arguments, calls the libraries, renders. Everything that is decided is decided in the libraries.

mod cli;
mod commands;
mod exit;
mod input;
mod render;
mod screen;

use clap::Parser;

fn main() -> std::process::ExitCode {
    cli::Cli::parse().run().into()
}
