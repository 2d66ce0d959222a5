//! Files to objects: streams of documents, lists of objects, what is recognised and what is not.

use super::files::{Fs, Text, gather};
use super::volumes::{Keyed, KeyedTexts};
use super::{Identity, Inventory, MigrationSource, kubeadm, kubeconfig, rancher, rbac, workload};
use crate::diagnostic::Problem;
use crate::source::{FileId, Sources, Span};
use crate::yaml::{self, Kind, Node, base64};

/// Lists inside lists that are followed.
const MAX_LIST_DEPTH: usize = 8;

/// Reads the given files, directories and `-`.
pub fn read(fs: &dyn Fs, paths: &[String], sources: &mut Sources) -> Inventory {
    let mut inventory = Inventory { inputs: paths.to_vec(), ..Inventory::default() };
    for path in paths {
        let gathered = gather(fs, path);
        inventory.problems.extend(gathered.problems);
        inventory.notes.extend(gathered.notes);
        for text in gathered.texts {
            inventory.read_text(text, sources);
        }
    }
    rancher::finish(&mut inventory, sources);
    inventory
}

impl Inventory {
    /// Reads one file.
    pub fn read_text(&mut self, text: Text, sources: &mut Sources) {
        let found = text.found;
        let is_conf = !text.name.ends_with(".yaml") && !text.name.ends_with(".yml") && !text.name.ends_with(".json");
        let file = sources.add(text.name, text.text);
        let name = sources.name(file).to_string();
        if found && is_conf && is_ini(sources.text(file)) {
            self.notes.push(Problem::note(format!("not read: {name} is an INI file, not a manifest")));
            return;
        }
        let parsed = yaml::documents(sources, file);
        let mut problems = parsed.problems.into_iter();
        if let Some(first) = problems.next() {
            let whole = Span::new(file, 0..sources.text(file).len());
            if let Some(template) = rancher::unrendered(sources, whole) {
                return self.problems.push(template);
            }
            // A manager may be meant to read this file; then its refusal is a fact and not an error of ours.
            if parsed.documents.is_empty() && problems.len() == 0 {
                self.migration_files.push(MigrationSource { file, document: None, is_first: true });
                self.unreadable.push((file, first));
                return;
            }
            self.problems.push(first);
            self.problems.extend(problems);
        }
        if parsed.documents.iter().all(|d| d.kind == Kind::Null) {
            self.notes.push(Problem::note(format!("{name} holds no document")));
            self.migration_files.push(MigrationSource { file, document: None, is_first: true });
            return;
        }
        for (i, document) in parsed.documents.iter().enumerate() {
            if document.kind != Kind::Null {
                self.object(sources, file, document, i == 0, 0);
            }
        }
    }

    /// Reads one object of a file.
    pub(super) fn object(&mut self, sources: &Sources, file: FileId, object: &Node, is_first: bool, depth: usize) {
        let (Some(kind), Some(api_version)) = (object.get("kind"), object.get("apiVersion")) else {
            return self.no_manifest(sources, file, object);
        };
        let (Some(kind_name), Some(api)) = (kind.as_str(), api_version.as_str()) else {
            return self
                .problems
                .push(Problem::error("`kind` and `apiVersion` are strings").at(kind.span).label("expected a string"));
        };
        if kind_name == "LeaderMigrationConfiguration" {
            let document = Some(object.clone());
            return self.migration_files.push(MigrationSource { file, document, is_first });
        }
        self.duplicates(sources, object);
        if kind_name.ends_with("List") && object.get("items").is_some() {
            if depth >= MAX_LIST_DEPTH {
                return self.problems.push(Problem::error("lists nested too deeply").at(kind.span));
            }
            for item in object.get("items").map_or(&[][..], Node::items) {
                self.object(sources, file, item, false, depth + 1);
            }
            return;
        }
        let name = object.path(&["metadata", "name"]);
        let span = name.unwrap_or(kind).span;
        let text = |path: &[&str]| object.path(path).and_then(Node::as_str).unwrap_or("");
        let namespace = text(&["metadata", "namespace"]);
        let identity = Identity {
            kind: kind_name.to_string(),
            namespace: if namespace.is_empty() { "default".into() } else { namespace.into() },
            name: text(&["metadata", "name"]).to_string(),
        };
        if let Some(owner) = controller_of(object) {
            return self.notes.push(Problem::note(format!("{identity} belongs to {owner} and is not read")).at(span));
        }
        let group = api.split('/').next().unwrap_or("");
        if let Some(template) = rancher::unrendered_in(sources, &identity, object) {
            return self.problems.push(template);
        }
        if rancher::object(self, sources, (file, group), (&identity, span), object) {
            return;
        }
        match (kind_name, group) {
            ("Pod", "v1") | ("DaemonSet" | "Deployment" | "ReplicaSet" | "StatefulSet", "apps" | "extensions") => {
                let known = self.problems.len();
                let workloads = workload::read(sources, &identity, object, span, &mut self.problems);
                if workloads.is_empty() && self.problems.len() == known {
                    self.note(&identity, span, "runs no controller manager");
                }
                self.workloads.extend(workloads);
            }
            ("ConfigMap", "v1") => self.config_map(sources, &identity, object, span),
            ("Secret", "v1") => self.secret(&identity, object, span),
            ("Config", "v1") => self.kubeconfigs.push((file, kubeconfig::identity(object))),
            ("ClusterConfiguration", "kubeadm.k8s.io") => {
                let workload = kubeadm::read(object, span, &mut self.problems);
                self.workloads.push(workload);
            }
            ("Role" | "ClusterRole" | "RoleBinding" | "ClusterRoleBinding", "rbac.authorization.k8s.io") => {
                self.rbac.extend(rbac::read(&identity, object, span, &mut self.problems));
            }
            ("ServiceAccount", "v1") => {}
            ("Scenario", _) if api.starts_with("leasehold/") => self.problems.push(
                Problem::error("a scenario among the manifests").at(kind.span).label("give a scenario file by itself"),
            ),
            _ => self.note(&identity, span, "was not recognised"),
        }
    }

    /// Warns of keys that are given twice.
    pub(super) fn duplicates(&mut self, sources: &Sources, object: &Node) {
        for (later, earlier) in yaml::duplicate_keys(object) {
            self.problems.push(
                Problem::warning(format!("the key `{}` is given twice", sources.slice(later))).at(later).label(
                    format!("Kubernetes keeps this one and drops the one in line {}", sources.position(earlier).line),
                ),
            );
        }
    }

    fn note(&mut self, identity: &Identity, span: Span, what: &str) {
        let shown = if identity.name.is_empty() { identity.kind.clone() } else { identity.to_string() };
        self.notes.push(Problem::note(format!("{shown} {what}")).at(span));
    }

    fn no_manifest(&mut self, sources: &Sources, file: FileId, object: &Node) {
        if rancher::document(self, sources, file, object) {
            return;
        }
        let problem = Problem::error(format!("{} is no Kubernetes manifest", sources.name(file)));
        let problem = match object.entries().first() {
            None => problem
                .at(first_line(sources, object.span))
                .label(format!("expected a mapping with `apiVersion` and `kind`; this is {}", object.describe())),
            Some(entry) => {
                let missing: Vec<&str> =
                    ["apiVersion", "kind"].into_iter().filter(|key| object.get(key).is_none()).collect();
                problem.at(entry.key.span).label(format!("this document has no `{}`", missing.join("` and no `")))
            }
        };
        self.problems.push(problem);
    }

    fn config_map(&mut self, sources: &Sources, identity: &Identity, object: &Node, span: Span) {
        let data: Vec<(String, Node)> = object
            .get("data")
            .map_or(&[][..], Node::entries)
            .iter()
            .filter_map(|entry| match (entry.key.as_str(), entry.value.as_str()) {
                (Some(key), Some(_)) => Some((key.to_string(), entry.value.clone())),
                _ => {
                    self.problems.push(
                        Problem::error("a value of a ConfigMap that is no string")
                            .at(entry.value.span)
                            .label(format!("this is {}; write it as a block after `|`", entry.value.describe())),
                    );
                    None
                }
            })
            .collect();
        if identity.name == "kubeadm-config"
            && let Some((_, text)) = data.iter().find(|(key, _)| key == "ClusterConfiguration")
        {
            let inner = yaml::documents_in(sources, text);
            self.problems.extend(inner.problems);
            if let Some(object) = inner.documents.first() {
                let workload = kubeadm::read(object, span, &mut self.problems);
                self.workloads.push(workload);
            }
        }
        self.keyed.push(KeyedTexts {
            kind: Keyed::ConfigMap,
            namespace: identity.namespace.clone(),
            name: identity.name.clone(),
            span,
            data,
        });
    }

    /// What is under `stringData` takes the place of what is under `data`. Values that are no text are left out: nothing
    /// here reads them.
    fn secret(&mut self, identity: &Identity, object: &Node, span: Span) {
        let entries = |key: &str| object.get(key).map_or(&[][..], Node::entries).iter();
        let decoded = entries("data").filter_map(|entry| {
            let text = String::from_utf8(base64::decode(entry.value.as_str()?)?).ok()?;
            Some((entry.key.as_str()?.to_string(), Node { kind: Kind::String(text), span: entry.value.span }))
        });
        let plain =
            entries("stringData").filter_map(|entry| Some((entry.key.as_str()?.to_string(), entry.value.clone())));
        self.keyed.push(KeyedTexts {
            kind: Keyed::Secret,
            namespace: identity.namespace.clone(),
            name: identity.name.clone(),
            span,
            data: decoded.chain(plain).collect(),
        });
    }
}

/// The object that made this one, unless it is a node (a mirror pod of a static pod).
fn controller_of(object: &Node) -> Option<String> {
    object.path(&["metadata", "ownerReferences"])?.items().iter().find_map(|owner| {
        let kind = owner.get("kind")?.as_str()?;
        let name = owner.get("name")?.as_str()?;
        (kind != "Node").then(|| format!("{kind} {name}"))
    })
}

fn first_line(sources: &Sources, span: Span) -> Span {
    let text = sources.slice(span);
    let end = text.find('\n').unwrap_or(text.len());
    Span { end: span.start + end as u32, ..span }
}

/// The cloud configuration of an in-tree provider lies beside the manifests on many nodes: INI, as
/// kubernetes/kubernetes:vendor/gopkg.in/gcfg.v1 reads it.
fn is_ini(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with(['#', ';']));
    lines.next().is_some_and(|l| l.starts_with('[') && l.ends_with(']'))
        && lines.all(|l| l.contains('=') || l.starts_with('['))
}
