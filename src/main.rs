//! `leasehold`: parses arguments, calls the libraries, renders. Everything that is decided is decided in the libraries.

mod cli;
mod commands;
mod data_plane;
mod exit;
mod gap;
#[cfg(test)]
mod generated;
mod input;
mod judge;
mod progress;
mod render;
mod scene;
mod screen;

use clap::Parser;

fn main() -> std::process::ExitCode {
    cli::Cli::parse().run().into()
}
