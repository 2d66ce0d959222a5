//! What the given files hold, typed, with places: everything that concerns the two controller managers, and a list of
//! everything else.
//!
//! * [`files`]: which files are read.
//! * [`documents`]: files to Kubernetes objects: multi-document streams, lists, what is not recognised.
//! * [`workload`]: pods and the workloads that make pods, as far as they run a manager.
//! * [`command`]: from a container's command to the arguments of the manager.
//! * [`volumes`]: from a path inside a container to what is there.
//! * [`kubeadm`]: the static pods that kubeadm would write.
//! * [`rbac`]: roles and bindings.
//! * [`nodes`]: groups of nodes, and where a pod may run.
//! * [`rancher`]: Rancher's own files, and the charts that its guides install.
//! * [`kubeconfig`]: who a kubeconfig makes of the process that uses it.

pub mod command;
pub mod documents;
pub mod files;
pub mod kubeadm;
pub mod kubeconfig;
pub mod nodes;
pub mod rancher;
pub mod rbac;
pub mod volumes;
pub mod workload;

use crate::diagnostic::Problem;
use crate::source::{FileId, Span};
use crate::yaml::Node;

/// A value and where it is written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it is.
    pub span: Span,
}

/// What identifies an API object: a later one of the same identity replaces an earlier one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Identity {
    /// The kind, such as `DaemonSet`.
    pub kind: String,
    /// The namespace, empty for what has none.
    pub namespace: String,
    /// The name.
    pub name: String,
}

impl std::fmt::Display for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.namespace.as_str() {
            "" => write!(f, "{} {}", self.kind, self.name),
            namespace => write!(f, "{} {namespace}/{}", self.kind, self.name),
        }
    }
}

/// Everything that a set of files holds.
#[derive(Clone, Debug, Default)]
pub struct Inventory {
    /// Managers, in the order found.
    pub workloads: Vec<workload::Workload>,
    /// ConfigMaps and Secrets.
    pub keyed: Vec<volumes::KeyedTexts>,
    /// Kubeconfigs that are files of their own.
    pub kubeconfigs: Vec<(FileId, kubeconfig::Identity)>,
    /// Groups of control-plane nodes, where a file describes them; else all nodes are alike.
    pub node_groups: Vec<nodes::NodeGroup>,
    /// Roles, bindings.
    pub rbac: Vec<rbac::Object>,
    /// Files that could be a manager's migration configuration, readable or not.
    pub migration_files: Vec<MigrationSource>,
    /// Files that are no YAML at all; whether that is an error depends on who reads them.
    pub unreadable: Vec<(FileId, Problem)>,
    /// Documents and files that were not recognised or not read.
    pub notes: Vec<Problem>,
    /// What was assumed because nothing said it.
    pub inferred: Vec<String>,
    /// What is wrong.
    pub problems: Vec<Problem>,
    /// Names of what was given, for messages.
    pub inputs: Vec<String>,
    /// What of Rancher's files waits for the other files.
    pub rancher: rancher::Pending,
}

/// A file that a manager could read as its migration configuration.
#[derive(Clone, PartialEq, Debug)]
pub struct MigrationSource {
    /// The file it is in.
    pub file: FileId,
    /// The LeaderMigrationConfiguration, if the file holds one; its place otherwise is the file.
    pub document: Option<Node>,
    /// It is the first document of the file, which is all that a manager reads.
    pub is_first: bool,
}
