//! kube-scheduler's configuration file, as far as its election goes: it becomes flags that come before the process's own,
//! because flags override the file
//! (kubernetes/kubernetes:cmd/kube-scheduler/app/options/options.go `ApplyLeaderElectionTo`:163,236@v1.36.3).

use leasehold_model::launch::duration::GoDuration;

use super::{Election, Origin};
use crate::inventory::Spanned;
use crate::source::{Sources, Span};
use crate::yaml::{self, Entry, Node};

/// Fields of `leaderElection` and the flags that override them.
const FIELDS: [(&str, &str); 6] = [
    ("leaderElect", "leader-elect"),
    ("leaseDuration", "leader-elect-lease-duration"),
    ("renewDeadline", "leader-elect-renew-deadline"),
    ("retryPeriod", "leader-elect-retry-period"),
    ("resourceName", "leader-elect-resource-name"),
    ("resourceNamespace", "leader-elect-resource-namespace"),
];

/// A file that kube-scheduler is given with `--config`.
#[derive(Clone, Debug)]
pub(super) struct Config {
    /// Its name without directories.
    file: String,
    /// Where it begins.
    pub span: Span,
    /// What it says, as flags.
    pub flags: Vec<Spanned<String>>,
    /// A process of the input reads it.
    pub is_read: bool,
}

impl Config {
    /// Every configuration in an object of the input: the object itself, or values of a ConfigMap, alone or in a list.
    pub fn all_in(sources: &Sources, object: &Node) -> Vec<Config> {
        let kind = object.get("kind").and_then(Node::as_str).unwrap_or("");
        if kind == "ConfigMap" {
            let values = object.get("data").map_or(&[][..], Node::entries).iter();
            let read = |entry: &Entry| {
                let documents = yaml::documents_in(sources, &entry.value).documents;
                documents.first().and_then(|first| Config::of(sources, first, entry.key.as_str()))
            };
            return values.filter_map(read).collect();
        }
        if kind.ends_with("List") {
            let items = object.get("items").map_or(&[][..], Node::items).iter();
            return items.flat_map(|item| Config::all_in(sources, item)).collect();
        }
        Config::of(sources, object, None).into_iter().collect()
    }

    /// Reads a document, if it is one; `key`: the name of the file, where it is no file of the input.
    fn of(sources: &Sources, document: &Node, key: Option<&str>) -> Option<Config> {
        let text = |key: &str| document.get(key).and_then(Node::as_str).unwrap_or("");
        let group = text("apiVersion").split('/').next();
        if text("kind") != "KubeSchedulerConfiguration" || group != Some("kubescheduler.config.k8s.io") {
            return None;
        }
        let flag = |(field, flag): &(&str, &str)| {
            let node = document.path(&["leaderElection", field])?;
            let value = node.as_str().unwrap_or_else(|| sources.slice(node.span));
            // Nothing and zero stand for the default (kubernetes/component-base:config/v1alpha1/defaults.go:38@v0.36.6).
            let is_default =
                value.is_empty() || value == "null" || GoDuration::parse(value).is_ok_and(|d| d.nanos == 0);
            (!is_default).then(|| Spanned { value: format!("--{flag}={value}"), span: node.span })
        };
        let span = document.get("kind").unwrap_or(document).span;
        let path = key.unwrap_or_else(|| sources.name(span.file));
        Some(Config {
            file: path.rsplit('/').next().unwrap_or(path).to_string(),
            span,
            flags: FIELDS.iter().filter_map(flag).collect(),
            is_read: false,
        })
    }
}

/// The file that `--config=path` names: the one of that name, or the only one there is.
pub(super) fn named<'a>(configs: &'a mut [Config], path: &str) -> Option<&'a mut Config> {
    let file = path.rsplit('/').next().unwrap_or(path);
    let same = configs.iter().position(|config| config.file == file);
    let only = (configs.len() == 1).then_some(0);
    configs.get_mut(same.or(only)?)
}

/// Names fields instead of the flags that stand for them.
pub(super) fn name_fields(elections: &mut [Election], flags: &[Spanned<String>]) {
    for origin in elections.iter_mut().flat_map(|election| &mut election.origins) {
        let Origin::Written(name, span) = origin else { continue };
        let field = FIELDS.iter().find(|(_, flag)| name.trim_start_matches('-') == *flag);
        if let Some((field, _)) = field.filter(|_| flags.iter().any(|flag| flag.span == *span)) {
            *name = format!("leaderElection.{field}");
        }
    }
}
