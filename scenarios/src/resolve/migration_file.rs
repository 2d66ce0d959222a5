//! What a manager finds at the path of `--leader-migration-config`: through its mounts to a file of the node or a key
//! of a ConfigMap or Secret, and from there to one of the given files.

use leasehold_model::launch::MigrationFile;

use super::Report;
use crate::diagnostic::Problem;
use crate::flags;
use crate::inventory::volumes::{Keyed, KeyedTexts, Target, locate, normalise};
use crate::inventory::workload::Workload;
use crate::inventory::{Inventory, MigrationSource};
use crate::source::{FileId, Sources, Span};
use crate::yaml::{Node, Unreadable, first_document};

/// What is there, for launch and for messages.
pub(super) struct Found {
    pub file: MigrationFile,
    pub document: Option<Node>,
    pub problem: Option<Problem>,
}

impl Found {
    fn missing() -> Found {
        Found { file: MigrationFile::Missing, document: None, problem: None }
    }

    fn read(sources: &Sources, file: FileId, string: Option<&Node>) -> Found {
        match first_document(sources, file, string) {
            Ok(node) => Found { file: MigrationFile::Document(node.to_value()), document: Some(node), problem: None },
            Err(Unreadable { reader, problem }) => {
                Found { file: MigrationFile::Unparsable(reader), document: None, problem: Some(problem) }
            }
        }
    }
}

/// Where files of the node, ConfigMaps and Secrets are looked for.
pub(super) struct Place<'a> {
    /// Files of the node, what was put there last first.
    pub host_files: &'a [&'a Inventory],
    /// ConfigMaps and Secrets of the cluster. One of the same kind, namespace and name replaces earlier ones, so the last
    /// counts.
    pub keyed: &'a [KeyedTexts],
    /// The texts of all files.
    pub sources: &'a Sources,
}

/// What `workload` finds; [`MigrationFile::Missing`] without comment if it names no file.
pub(super) fn find(workload: &Workload, place: &Place<'_>, used: &mut Vec<FileId>, report: &mut Report) -> Found {
    let Some((path, arg)) = flags::last(&workload.args, "leader-migration-config").filter(|(path, _)| !path.is_empty())
    else {
        return Found::missing();
    };
    let at = workload.args[arg].span;
    match locate(&workload.mounts, path) {
        Target::Host { path, span } => on_the_node(workload, &path, span, place, used, report),
        Target::Key { kind, name, key, span, optional } => {
            let object = Reference { kind, name, key, span, optional };
            under_key(workload, object, place, report)
        }
        Target::Hidden { kind, span } => {
            report.problem(
                Problem::error(format!("{path} is in a volume of kind `{kind}`"))
                    .at(span)
                    .label("leasehold reads files of the node, ConfigMaps and Secrets")
                    .help("put the configuration into a ConfigMap, or mount the file from the node"),
            );
            Found::missing()
        }
        // Processes outside containers, and paths without a slash, see the node's own files.
        Target::NotMounted if workload.mounts.is_empty() || !path.starts_with('/') => {
            on_the_node(workload, path, at, place, used, report)
        }
        Target::NotMounted => {
            report.problem(
                Problem::warning(format!("{path} is not mounted into the container"))
                    .at(at)
                    .label("no volumeMount covers this path, so the process finds no file"),
            );
            Found::missing()
        }
    }
}

fn on_the_node(
    workload: &Workload,
    path: &str,
    at: Span,
    place: &Place<'_>,
    used: &mut Vec<FileId>,
    report: &mut Report,
) -> Found {
    for inventory in place.host_files {
        let best = best_matches(path, inventory, place.sources);
        if let Some(first) = best.first() {
            used.extend(best.iter().map(|m| m.file));
            if let Some(other) = best.iter().find(|m| differ(first, m, place.sources)) {
                report.problem(
                    Problem::error(format!("two conflicting files for {path}"))
                        .at(start(first, place.sources))
                        .label(format!("{} says something else", place.sources.name(other.file)))
                        .help("keep one of them, or give the files the path they have on the node"),
                );
            }
            return Found::read(place.sources, first.file, None);
        }
    }
    let documents: Vec<&MigrationSource> = place
        .host_files
        .first()
        .map_or(&[][..], |i| &i.migration_files)
        .iter()
        .filter(|m| m.document.is_some())
        .collect();
    match documents.as_slice() {
        [only] => {
            used.push(only.file);
            report.inferred(format!(
                "{} is taken to be {path} of {}, as the only LeaderMigrationConfiguration there",
                place.sources.name(only.file),
                workload.identity.name
            ));
            if only.is_first {
                return Found::read(place.sources, only.file, None);
            }
            // One of several documents in a file of manifests: on the node it is a file of its own.
            let node = only.document.clone();
            Found {
                file: node.as_ref().map_or(MigrationFile::Missing, |n| MigrationFile::Document(n.to_value())),
                document: node,
                problem: None,
            }
        }
        [] => {
            report.problem(
                Problem::warning(format!("no file given for {path} of the node"))
                    .at(at)
                    .label("without this file the process does not start")
                    .help(format!("give a file named {}", base_name(path))),
            );
            Found::missing()
        }
        several => {
            let names: Vec<&str> = several.iter().map(|m| place.sources.name(m.file)).collect();
            report.problem(
                Problem::error(format!("several files could be {path}"))
                    .at(at)
                    .label(format!("none of {} is named {}", names.join(", "), base_name(path)))
                    .help("give the file the name it has on the node"),
            );
            Found::missing()
        }
    }
}

/// The files of the same name whose path agrees longest with `path`, from the end.
fn best_matches<'a>(path: &str, inventory: &'a Inventory, sources: &Sources) -> Vec<&'a MigrationSource> {
    let agrees = |m: &MigrationSource| agreement(path, sources.name(m.file));
    let mut files: Vec<(usize, &MigrationSource)> =
        inventory.migration_files.iter().map(|m| (agrees(m), m)).filter(|(n, _)| *n > 0).collect();
    let longest = files.iter().map(|(n, _)| *n).max().unwrap_or(0);
    files.retain(|(n, _)| *n == longest);
    files.dedup_by_key(|(_, m)| m.file);
    files.into_iter().map(|(_, m)| m).collect()
}

/// How many components, from the end, a path on the node and a given file's name have in common.
pub(super) fn agreement(path: &str, file: &str) -> usize {
    let name = normalise(file);
    name.rsplit('/').zip(path.rsplit('/')).take_while(|(a, b)| a == b && !a.is_empty()).count()
}

fn differ(a: &MigrationSource, b: &MigrationSource, sources: &Sources) -> bool {
    let value = |m: &MigrationSource| first_document(sources, m.file, None).map(|n| n.to_value()).ok();
    a.file != b.file && (value(a).is_none() || value(a) != value(b))
}

fn start(source: &MigrationSource, sources: &Sources) -> Span {
    let end = sources.text(source.file).lines().next().unwrap_or("").len();
    Span::new(source.file, 0..end)
}

fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// A key of an object, as a volume refers to it.
struct Reference<'a> {
    kind: Keyed,
    name: &'a str,
    key: Option<String>,
    span: Span,
    optional: bool,
}

fn under_key(workload: &Workload, wanted: Reference<'_>, place: &Place<'_>, report: &mut Report) -> Found {
    let Reference { kind, name, key, span, optional } = wanted;
    let namespace = &workload.identity.namespace;
    let mut of_this_name = place.keyed.iter().rev().filter(|k| k.kind == kind && k.name == name);
    let Some(object) = of_this_name.clone().find(|k| k.namespace == *namespace) else {
        if !optional {
            let elsewhere = of_this_name.next();
            report.problem(Problem::error(format!("{kind} {namespace}/{name} is not among the files")).at(span).label(
                match elsewhere {
                    Some(other) => format!("there is one of this name in namespace {}", other.namespace),
                    None => "the pod does not start without it".to_string(),
                },
            ));
        }
        return Found::missing();
    };
    let text = key.as_ref().and_then(|key| object.get(key));
    match text {
        Some(text) => Found::read(place.sources, text.span.file, Some(text)),
        None => {
            let keys: Vec<&str> = object.data.iter().map(|(key, _)| key.as_str()).collect();
            report.problem(
                Problem::warning(match &key {
                    Some(key) => format!("{kind} {namespace}/{name} has no key `{key}`"),
                    None => format!("no item of {kind} {namespace}/{name} is mounted at that path"),
                })
                .at(span)
                .label(format!("its keys are {}; the process finds no file", keys.join(", "))),
            );
            Found::missing()
        }
    }
}
