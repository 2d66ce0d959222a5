//! A manager as an operator would start it: the input of launch.

use crate::controller::Component;
use crate::facts::vendors::Vendor;
use crate::lease::Rights;
use crate::release::Release;
use crate::value::Value;

/// One manager process before it is started.
#[derive(Clone, PartialEq, Debug)]
pub struct ManagerSpec {
    /// Which manager.
    pub component: Component,
    /// The release of the code that decides its behaviour: for kube-controller-manager its Kubernetes minor, for
    /// cloud-controller-manager the minor of the `k8s.io/cloud-provider` library it was built with.
    pub code: Release,
    /// How a cloud-controller-manager differs from stock; [`crate::facts::vendors::STOCK`] for
    /// kube-controller-manager.
    pub vendor: Vendor,
    /// The arguments after the program's name, as the process receives them.
    pub args: Vec<String>,
    /// What the process finds at the path of `--leader-migration-config`.
    pub migration_file: MigrationFile,
    /// The rights of the user it runs as.
    pub rights: Rights,
}

/// What is found at the path of `--leader-migration-config`. Only asked for when leader migration is enabled with a path.
#[derive(Clone, PartialEq, Debug)]
pub enum MigrationFile {
    /// Nothing is there: not mounted, or the ConfigMap or its key is missing.
    Missing,
    /// The text is no YAML; the reader's message.
    Unparsable(String),
    /// The first document of the file; managers read no further.
    Document(Value),
}
