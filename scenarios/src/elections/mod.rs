//! Whatever elects a leader with client-go, in any manifests, and Lease objects as a cluster has them.
//!
//! * [`container`]: a container's election: which component it is, whether it elects, for which lock, how long.
//! * [`arguments`]: flags of any program, in Go's and in pflag's spelling.
//! * [`config`]: kube-scheduler's configuration file. [`lease`]: Lease objects.
//!
//! Contract: a duration that client-go refuses is an error at its place, with client-go's words. Objects that elect
//! nothing are passed over: the input may be everything that a cluster has.

mod arguments;
mod config;
mod container;
pub mod lease;
mod process;

use std::collections::BTreeMap;

use leasehold_model::election::Durations;
use leasehold_model::facts::elections::Component;
use leasehold_model::launch::duration::GoDuration;
use leasehold_model::release::Release;

use crate::diagnostic::Problem;
use crate::inventory::files::{Fs, gather};
use crate::inventory::{Identity, kubeadm};
use crate::source::{Sources, Span};
use crate::yaml::{self, Kind, Node};
use config::Config;
use lease::Lease;

/// Lists inside lists that are followed.
const MAX_LIST_DEPTH: usize = 8;

/// A container that takes part in an election, or that could.
#[derive(Clone, PartialEq, Debug)]
pub struct Election {
    /// What is known of the component.
    pub component: &'static Component,
    /// What it is called: the component's name, or the container's if the component is not known.
    pub name: String,
    /// The object that makes its pods, and where it is.
    pub object: Identity,
    /// Where the object is.
    pub span: Span,
    /// How many of it there are.
    pub pods: Pods,
    /// Whether it elects.
    pub switch: Switched,
    /// Namespace and name of its Lease, as far as they are known.
    pub lock: Lock,
    /// LeaseDuration, RenewDeadline, RetryPeriod.
    pub durations: Durations,
    /// Where each of the three came from.
    pub origins: [Origin; 3],
    /// The client-go it has, if its image tells.
    pub client_go: Option<Release>,
    /// It empties the lease on exit.
    pub releases: bool,
}

/// How many pods an object makes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pods {
    /// So many.
    Some(u32),
    /// One on each of some nodes.
    PerNode,
}

impl Pods {
    /// True if there is surely no more than one at a time, rollouts aside.
    pub fn alone(self) -> bool {
        matches!(self, Pods::Some(0 | 1))
    }
}

/// Whether a component elects.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Switched {
    /// It does.
    On,
    /// It does not: where that is said, or nothing if it is the default.
    Off(Option<Span>),
}

/// A Lease as far as a manifest tells which.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Lock {
    /// Its namespace, if it is said.
    pub namespace: Option<String>,
    /// Its name, if it is known.
    pub name: Option<String>,
}

/// Where a duration came from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Origin {
    /// A flag or a variable, and where it is.
    Written(String, Span),
    /// The component's default.
    Default,
    /// Nobody knows the component: client-go's recommended value is assumed.
    Assumed,
}

/// Everything about elections that a set of files holds.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The files.
    pub sources: Sources,
    /// Containers, in the order found.
    pub elections: Vec<Election>,
    /// Leases that are locks, in the order found.
    pub leases: Vec<Lease>,
    /// The newest renewal of all Leases, those set aside included.
    pub newest_renewal: Option<i64>,
    /// Leases that are heartbeats of nodes.
    pub node_leases: usize,
    /// Leases by which API servers say that they are there.
    pub api_server_leases: usize,
    /// Objects that elect nothing, by kind.
    pub others: BTreeMap<String, usize>,
    /// What is wrong, and worth a warning.
    pub problems: Vec<Problem>,
    /// What was not read.
    pub notes: Vec<Problem>,
    configs: Vec<Config>,
}

/// Reads the given files, directories and `-`.
pub fn read(fs: &dyn Fs, paths: &[String]) -> Found {
    let mut found = Found::default();
    let mut documents = Vec::new();
    for path in paths {
        let gathered = gather(fs, path);
        found.problems.extend(gathered.problems);
        found.notes.extend(gathered.notes);
        for text in gathered.texts {
            let is_manifest = [".yaml", ".yml", ".json"].iter().any(|end| text.name.ends_with(end));
            let file = found.sources.add(text.name, text.text);
            let parsed = yaml::documents(&found.sources, file);
            // In a directory there is often something else, such as a cloud's configuration.
            if text.found && !is_manifest && !parsed.problems.is_empty() {
                let note = format!("not read: {} is no manifest", found.sources.name(file));
                found.notes.push(Problem::note(note));
                continue;
            }
            found.problems.extend(parsed.problems);
            let given = parsed.documents.into_iter().filter(|d| d.kind != Kind::Null);
            documents.extend(given.map(|document| (document, text.found)));
        }
    }
    // Processes name the configuration files that they read, whichever comes first.
    found.configs = documents.iter().flat_map(|(document, _)| Config::all_in(&found.sources, document)).collect();
    for (document, is_found) in &documents {
        found.object(document, *is_found, 0);
    }
    for config in std::mem::take(&mut found.configs).into_iter().filter(|config| !config.is_read) {
        let read = container::scheduler(&config, &mut found.problems);
        found.elections.extend(read);
    }
    found
}

impl Found {
    fn object(&mut self, object: &Node, found: bool, depth: usize) {
        let text = |path: &[&str]| object.path(path).and_then(Node::as_str).unwrap_or("").to_string();
        let (kind, api) = (text(&["kind"]), text(&["apiVersion"]));
        if kind.is_empty() || api.is_empty() {
            let problem = Problem::error("no Kubernetes object").at(first_line(&self.sources, object.span));
            let problem = problem.label("expected a mapping with `apiVersion` and `kind`");
            return if found {
                self.notes.push(Problem { severity: crate::diagnostic::Severity::Note, ..problem })
            } else {
                self.problems.push(problem)
            };
        }
        if kind.ends_with("List") && object.get("items").is_some() {
            if depth >= MAX_LIST_DEPTH {
                return self.problems.push(Problem::error("lists nested too deeply").at(object.span));
            }
            for item in object.get("items").map_or(&[][..], Node::items) {
                self.object(item, found, depth + 1);
            }
            return;
        }
        let span = object.path(&["metadata", "name"]).or(object.get("kind")).unwrap_or(object).span;
        let namespace = text(&["metadata", "namespace"]);
        let identity = Identity {
            namespace: if namespace.is_empty() { "default".into() } else { namespace },
            name: text(&["metadata", "name"]),
            kind,
        };
        match (identity.kind.as_str(), api.split('/').next().unwrap_or("")) {
            ("Pod", "v1") => self.pods(object, &identity, span, object.get("spec"), Pods::Some(1)),
            ("DaemonSet", "apps") => {
                self.pods(object, &identity, span, object.path(&["spec", "template", "spec"]), Pods::PerNode);
            }
            ("Deployment" | "ReplicaSet" | "StatefulSet", "apps") => {
                let replicas = object.path(&["spec", "replicas"]);
                let replicas = replicas.map_or(Some(1), |node| self.sources.slice(node.span).parse().ok());
                let pods = replicas.map_or(Pods::PerNode, Pods::Some);
                self.pods(object, &identity, span, object.path(&["spec", "template", "spec"]), pods);
            }
            ("ClusterConfiguration", "kubeadm.k8s.io") => {
                let workload = kubeadm::read(object, span, &mut self.problems);
                let read = container::kubeadm(&workload, &mut self.problems);
                self.elections.extend(read);
            }
            ("Lease", "coordination.k8s.io") => self.lease(object, identity, span),
            // Read already.
            ("KubeSchedulerConfiguration", "kubescheduler.config.k8s.io") => {}
            _ => *self.others.entry(identity.kind).or_default() += 1,
        }
    }

    fn pods(&mut self, object: &Node, identity: &Identity, span: Span, spec: Option<&Node>, pods: Pods) {
        // A pod of a Deployment is read with its Deployment; a mirror pod belongs to its node.
        let owners = object.path(&["metadata", "ownerReferences"]).map_or(&[][..], Node::items);
        let is_owned = owners.iter().any(|o| o.get("kind").and_then(Node::as_str).is_some_and(|kind| kind != "Node"));
        let Some(spec) = spec.filter(|_| !is_owned) else {
            *self.others.entry(identity.kind.clone()).or_default() += 1;
            return;
        };
        let known = self.elections.len();
        for node in spec.get("containers").map_or(&[][..], Node::items) {
            let place = container::Place { sources: &self.sources, object: identity, span, pods };
            let read = container::read(&place, node, &mut self.configs, &mut self.problems, &mut self.notes);
            self.elections.extend(read);
        }
        if self.elections.len() == known {
            *self.others.entry(identity.kind.clone()).or_default() += 1;
        }
    }

    fn lease(&mut self, object: &Node, identity: Identity, span: Span) {
        self.newest_renewal = self.newest_renewal.max(lease::renewed(object));
        match lease::kind(object, &identity) {
            lease::Use::Node => self.node_leases += 1,
            lease::Use::ApiServer => self.api_server_leases += 1,
            lease::Use::Election => {
                let read = lease::read(&self.sources, object, identity, span, &mut self.problems);
                self.leases.extend(read);
            }
        }
    }
}

fn first_line(sources: &Sources, span: Span) -> Span {
    let text = sources.slice(span);
    let end = text.find('\n').unwrap_or(text.len());
    Span { end: span.start + u32::try_from(end).unwrap_or(0), ..span }
}

/// A duration that Go's parser takes, written at `span`.
pub(crate) fn go_duration(text: &str, span: Span, problems: &mut Vec<Problem>) -> Option<GoDuration> {
    match GoDuration::parse(text) {
        Ok(duration) => Some(duration),
        Err(message) => {
            problems.push(Problem::error(message).at(span).label("expected a Go duration such as 15s, 1m30s or 500ms"));
            None
        }
    }
}
