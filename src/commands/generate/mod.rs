//! `leasehold generate`: the files and the runbook of a migration that holds.
//!
//! * [`design`]: what moves, and what each manager is started with. Pure. [`impossible`]: why nothing would hold.
//! * [`files`]: the design as manifests, migration files, access rules and a scenario. Pure.
//! * [`runbook`]: the design as instructions. Pure.
//! * [`write`]: the only part that touches the disk.
//!
//! Contract: nothing is written that `leasehold check` would not judge to hold. The generated files are read, resolved,
//! compiled and searched like anybody's before the first byte is on the disk.

pub(in crate::commands) mod design;
pub(in crate::commands) mod files;
pub(in crate::commands) mod impossible;
mod runbook;
pub mod write;

use std::fmt::Write as _;
use std::path::PathBuf;

use leasehold_model::controller::{Component, Controller};
use leasehold_model::explore::Options;
use leasehold_model::facts::vendors::STOCK;
use leasehold_model::migration::{Property, Report, Status, check};
use leasehold_model::release::Release;
use leasehold_scenarios::compile::compile;
use leasehold_scenarios::resolve::{Request, resolve};

use self::design::{Design, Wish};
use self::files::Files;
use super::Ran;
use crate::exit::{Exit, Failure};
use crate::render::layout::wrap;
use crate::screen::Screen;

const EXAMPLES: &str = "\
Examples:
  leasehold generate --from 1.30 --to 1.31 --provider gce -o migration/
  leasehold generate --from 1.25 --to 1.26 --provider openstack --nodes 5 -o migration/
  leasehold generate --from 1.33 --to 1.34 --provider aws --node-ipam -o migration/
  leasehold check migration/          proves it again, with your changes

Where --from has the provider inside kube-controller-manager, its service, route and cloud-node-lifecycle controllers
move, and node IPAM with --node-ipam. Where it has not, node IPAM is all that is left to move.

Exit codes:
  0  the files were searched, hold, and were written
  2  bad usage, or no files make such a migration hold: nothing was written
  3  the cluster is too large to search: nothing was written
  4  the environment failed: the files could not be written";

/// The arguments of `generate`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The Kubernetes release before the migration.
    #[arg(long, value_name = "RELEASE")]
    from: Release,
    /// The Kubernetes release after it: the next one, or the same.
    #[arg(long, value_name = "RELEASE")]
    to: Release,
    /// The cloud provider, as --cloud-provider of the cloud-controller-manager names it: aws, gce, openstack, vsphere, …
    #[arg(long, value_name = "NAME")]
    provider: String,
    /// Control-plane nodes.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=5))]
    nodes: u8,
    /// Move node IPAM to the cloud-controller-manager too.
    #[arg(long)]
    node_ipam: bool,
    /// The image of the cloud-controller-manager; `{library}` in it stands for the release of its library.
    #[arg(long, value_name = "IMAGE")]
    ccm_image: Option<String>,
    /// The directory to write; it must not exist, or be empty.
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
    /// Replace a directory that generate wrote.
    #[arg(long)]
    force: bool,
}

/// Generates.
///
/// # Errors
/// If no files make such a migration hold, or they cannot be written.
pub fn run(args: &Args) -> Ran {
    let wish = Wish {
        from: args.from,
        to: args.to,
        provider: args.provider.clone(),
        nodes: args.nodes,
        node_ipam: args.node_ipam,
    };
    if wish.provider.is_empty() || !wish.provider.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        return Err(Failure::Usage(format!("--provider {:?}: expected a name such as gce", wish.provider)));
    }
    let design = Design::new(wish).map_err(|why| Failure::Usage(why.to_string()))?;
    let generated = generate(&design, args.ccm_image.as_deref())?;
    write::write(&generated, &args.output, args.force)?;
    let text = summary(&design, &args.output.to_string_lossy());
    super::print(&wrap(&text, "", "", &Screen::stdout()))?;
    Ok(Exit::Holds)
}

/// The files of `design`, searched.
fn generate(design: &Design, image: Option<&str>) -> Result<Files, Failure> {
    let mut files = files::files(design, image.unwrap_or(default_image(&design.wish.provider)));
    let report = verdicts(&files)?;
    let fails = |p: &&Property| report.of(**p).status != Status::Holds;
    let failing: Vec<&str> = Property::ALL.iter().filter(fails).map(|p| p.name()).collect();
    if !failing.is_empty() {
        return Err(Failure::Usage(format!(
            "the generated files do not hold ({} of {}), so nothing was written; this is a fault of leasehold",
            failing.join(", "),
            design.wish.provider
        )));
    }
    files.insert("RUNBOOK.md".into(), runbook::runbook(design));
    Ok(files)
}

/// Reads, resolves, compiles and searches the files as `check` does.
fn verdicts(files: &Files) -> Result<Report, Failure> {
    let request = Request { paths: vec!["scenario.yaml".into()], ..Request::default() };
    let resolved =
        resolve(&request, &write::Memory(files)).map_err(|failed| Failure::unread(*failed, "nothing was written"))?;
    let options = Options { symmetry: true, ..Options::default() };
    check(&compile(&resolved).problem(), &options).map_err(Failure::TooLarge)
}

/// Where the vendor's images are; the tag is a guess that the operator replaces.
pub(in crate::commands) fn default_image(provider: &str) -> &'static str {
    match provider {
        "aws" => "registry.k8s.io/provider-aws/cloud-controller-manager:v{library}.0",
        "gce" => "registry.k8s.io/cloud-provider-gcp/cloud-controller-manager:v{library}.0",
        "openstack" => "registry.k8s.io/provider-os/openstack-cloud-controller-manager:v{library}.0",
        // v1.23.0 ends when it takes the migration lease, v1.23.1 does not.
        "vsphere" => "registry.k8s.io/cloud-pv-vsphere/cloud-provider-vsphere:v{library}.1",
        _ => "example.com/cloud-controller-manager:v{library}.0",
    }
}

fn summary(design: &Design, directory: &str) -> String {
    let wish = &design.wish;
    let mut out = String::new();
    let _ = writeln!(
        out,
        "Kubernetes {} → {}, {}, {} control-plane node{}",
        wish.from,
        wish.to,
        wish.provider,
        wish.nodes,
        if wish.nodes == 1 { "" } else { "s" }
    );
    let _ = writeln!(out, "moves to cloud-controller-manager: {}", design.moves);
    if design.in_tree.is_none() {
        let _ = writeln!(
            out,
            "kube-controller-manager {} has no provider {}, so node IPAM is all that is left to move",
            wish.from, wish.provider
        );
    }
    if design.assumes_node_ipam {
        let key = design.vendor.key(Component::CloudControllerManager, Controller::NodeIpam, wish.to);
        let _ = writeln!(
            out,
            "assumed: your cloud-controller-manager has a node IPAM controller called `{}`; that of {} has none that \
             leasehold knows of",
            key.unwrap_or("node-ipam-controller"),
            if design.vendor.name == STOCK.name { "k8s.io/cloud-provider" } else { design.vendor.name }
        );
    }
    let _ = writeln!(
        out,
        "exclusive, covered, starts and returnable hold with these files (searched before they were written)"
    );
    let _ =
        writeln!(out, "\nNext: read {directory}/RUNBOOK.md, put your own flags in, then: leasehold check {directory}");
    out
}

#[cfg(test)]
mod tests;
