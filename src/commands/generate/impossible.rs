//! Why no migration can be generated, with a way on.

use std::fmt;

use leasehold_model::facts::vendors::MigrationSupport;
use leasehold_model::release::Release;

/// Why no migration can be generated.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Impossible {
    /// The release after is older.
    Backwards,
    /// More than one minor release at once.
    TooFar(Release),
    /// The kube-controller-manager before exits as soon as it holds the migration lease.
    Fatal(Release),
    /// This vendor's manager takes no part in leader migration.
    Vendor(&'static str, MigrationSupport),
    /// This vendor's manager ends when it takes the migration lease.
    SecondInitialize(&'static str),
}

impl fmt::Display for Impossible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Impossible::Backwards => {
                write!(
                    f,
                    "--to is older than --from: give them in the order of the upgrade; the way back is part of it"
                )
            }
            Impossible::TooFar(next) => {
                write!(
                    f,
                    "a control plane is upgraded one minor release at a time: try --to {next}, then go on from there"
                )
            }
            Impossible::Fatal(from) => write!(
                f,
                "kube-controller-manager {from} exits each time it has taken the migration lease, so no files make this \
                 migration hold: migrate while every kube-controller-manager is older (leasehold explain LM508)"
            ),
            Impossible::Vendor(name, MigrationSupport::Ignored) => write!(
                f,
                "the cloud-controller-manager of {name} takes the leader migration flags and ignores them, so no files make \
                 this migration hold; stop every kube-controller-manager's cloud controllers before the first \
                 cloud-controller-manager starts, and accept the gap (leasehold explain LM505)"
            ),
            Impossible::SecondInitialize(name) => write!(
                f,
                "the cloud-controller-manager of {name} ends when it takes the migration lease, so no files make this \
                 migration hold (leasehold explain LM506)"
            ),
            Impossible::Vendor(name, _) => write!(
                f,
                "the cloud-controller-manager of {name} has no leader migration flags and exits when it is given them"
            ),
        }
    }
}
