//! `leasehold compare`: every protocol by which cloud controllers are moved, side by side.
//!
//! * [`protocol`]: the protocols; [`steps`]: their steps; [`files`](mod@files): the steps as files. Pure.
//! * [`pairs`]: which migrations are compared.
//! * [`judge`]: the rows. [`document`]: what was found out.

pub mod document;
mod files;
mod judge;
mod pairs;
mod protocol;
mod steps;

use std::ops::ControlFlow;

use clap::ValueEnum;
use leasehold_model::release::Release;

use self::document::{Document, VERSION, Verdict};
use self::judge::Case;
use super::{Ran, print};
use crate::commands::generate::design::{Design, Wish, check_releases};
use crate::exit::{Exit, Failure};
use crate::progress::Watch;
use crate::render;
use crate::screen::Screen;

const EXAMPLES: &str = "\
Examples:
  leasehold compare --from 1.29 --to 1.30 --provider gce
      one migration: which protocol never runs a controller twice, and what it costs
  leasehold compare --provider aws
      every release that has the aws provider in kube-controller-manager
  leasehold compare --from 1.30 --to 1.30
      a migration without an upgrade, for every provider that 1.30 has
  leasehold compare --format json | jq -r '.rows[].exclusive.findings[]' | sort | uniq -c
      what goes wrong most; `leasehold explain CODE` has a page for each

Each row is searched: the manifests of its protocol are generated for its releases and judged as `leasehold check` judges
yours. `leasehold generate` writes the files of the protocol that holds, `leasehold check` judges a plan of your own.

Exit codes:
  0  for each migration there is a protocol with which all four properties hold
  1  for some migration there is none
  2  bad usage: nothing was compared
  3  inconclusive: stopped by Ctrl-C, or some verdict is not decided
  4  the environment failed: output could not be written";

/// The arguments of `compare`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The Kubernetes release before the migration [default: every one that has the provider]
    #[arg(long, value_name = "RELEASE")]
    from: Option<Release>,
    /// The release after it, the next one or the same [default: both]
    #[arg(long, value_name = "RELEASE")]
    to: Option<Release>,
    /// The cloud provider [default: each of them]
    #[arg(long, value_name = "NAME", value_parser = pairs::PROVIDERS)]
    provider: Option<String>,
    /// Control-plane nodes.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=5))]
    nodes: u8,
    /// How to print.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Threads to search with; the result does not depend on it [default: one for each core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
}

/// An output format.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
enum Format {
    /// For people.
    Text,
    /// The same tables for a document.
    Markdown,
    /// For programs: docs/schema/compare.v1.json.
    Json,
}

/// Compares.
///
/// # Errors
/// If the arguments do not go together or the output cannot be written.
pub fn run(args: &Args) -> Ran {
    if let (Some(from), Some(to)) = (args.from, args.to) {
        let provider = args.provider.clone().unwrap_or_default();
        check_releases(&Wish { from, to, provider, nodes: args.nodes, node_ipam: false })
            .map_err(|why| Failure::Usage(why.to_string()))?;
    }
    let wishes = pairs::wishes(args.from, args.to, args.provider.as_deref(), args.nodes);
    if wishes.is_empty() {
        return Err(Failure::Usage(
            "nothing to compare: between these releases this provider is in no kube-controller-manager, and node IPAM is \
             compared from 1.31 on; say another --from, or leave out --to"
                .into(),
        ));
    }
    let threads = args.threads.map_or_else(|| std::thread::available_parallelism().map_or(1, usize::from), usize::from);
    let watch = Watch::new();
    let document = compare(&wishes, args.nodes, threads, &|done, all| {
        watch.show(|elapsed| {
            format!("compared {done} of {all} rows, {} s   Ctrl-C: stop with what was found", elapsed.as_secs())
        });
        if Watch::interrupted() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    drop(watch);
    print(&match args.format {
        Format::Text => render::compare::text(&document, &Screen::stdout()),
        Format::Markdown => render::compare::markdown(&document),
        Format::Json => document.json(),
    })?;
    Ok(exit(&document))
}

/// Judges every protocol for every wish; `watch` is told how many rows of how many are done.
///
/// # Errors
/// If a cluster is too large to be searched exactly.
fn compare(
    wishes: &[Wish],
    nodes: u8,
    threads: usize,
    watch: &(dyn Fn(usize, usize) -> ControlFlow<()> + Sync),
) -> Result<Document, Failure> {
    let cases: Vec<Case> = wishes
        .iter()
        .map(|wish| Design::of(wish.clone()))
        .flat_map(|design| {
            let in_tree = design.in_tree.is_some();
            let protocols = protocol::ALL.into_iter().filter(move |protocol| in_tree || protocol.node_ipam_alone);
            protocols.map(move |protocol| Case { design: pairs::with_node_ipam(&design, &protocol), protocol })
        })
        .collect();
    let rows = judge::rows(&cases, threads, &|done| watch(done, cases.len()))?;
    let complete = rows.iter().all(Option::is_some);
    let rows: Vec<document::Row> = rows.into_iter().flatten().collect();
    let is_shown = |protocol: &protocol::Protocol| rows.iter().any(|row| row.protocol == protocol.id);
    let protocols = protocol::ALL.into_iter().filter(is_shown).map(|protocol| document::Protocol {
        id: protocol.id,
        name: protocol.name,
        about: protocol.about,
        source: protocol.source,
    });
    Ok(Document { version: VERSION, complete, nodes, protocols: protocols.collect(), rows })
}

fn exit(document: &Document) -> Exit {
    let open = document.rows.iter().flat_map(document::Row::cells).any(|cell| cell.verdict == Verdict::Inconclusive);
    if open || !document.complete {
        Exit::Inconclusive
    } else if document.ways().contains(&false) {
        Exit::Violated
    } else {
        Exit::Holds
    }
}

#[cfg(test)]
mod tests;
