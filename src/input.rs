//! The options for what is read, shared by every command that reads.

use std::path::PathBuf;

use leasehold_model::release::Release;

/// What to read, and what the files do not say.
#[derive(clap::Args, Clone, Debug)]
pub struct Input {
    /// A scenario file, a directory with scenario.yaml, a directory with before/ and after/, or two paths: before and
    /// after. `-` reads standard input.
    #[arg(value_name = "PATH", required = true, num_args = 1..)]
    pub paths: Vec<PathBuf>,
    /// Kubernetes release before the migration, where no image tag says it: 1.29
    #[arg(long, value_name = "RELEASE")]
    pub before: Option<Release>,
    /// Kubernetes release after the migration: 1.30
    #[arg(long, value_name = "RELEASE")]
    pub after: Option<Release>,
    /// Control-plane nodes, 1 to 5 [default: what the scenario says, else 3]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=5))]
    pub nodes: Option<u8>,
    /// The k8s.io/cloud-provider release that the cloud-controller-manager was built with: 0.30
    #[arg(long, value_name = "RELEASE")]
    pub cloud_provider_library: Option<Release>,
    /// Whose cloud-controller-manager it is, where its image does not say: azure
    #[arg(long, value_name = "NAME")]
    pub vendor: Option<String>,
}
