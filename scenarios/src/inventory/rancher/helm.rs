//! HelmChart resources: the charts of cloud-controller-managers are rendered as far as they run a manager or give rights.
//!
//! Upstream: k3s-io/helm-controller:pkg/apis/helm.cattle.io/v1/types.go; values are merged as Helm merges them
//! (helm/helm:pkg/chartutil/coalesce.go@v3.14.0): mappings key by key, everything else is replaced, null deletes.

use leasehold_model::release::Release;

use super::made::{At, scalar, wrong};
use super::{aws, azure};
use crate::diagnostic::Problem;
use crate::inventory::{Identity, Inventory};
use crate::source::{FileId, Sources, Span};
use crate::yaml::{self, Entry, Kind, Node};

/// A HelmChart resource.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Chart {
    file: FileId,
    identity: Identity,
    span: Span,
    spec: Node,
}

/// What a chart is rendered with.
pub(super) struct Values<'p> {
    /// The chart's own values with those given laid over them.
    pub values: Node,
    /// The place of what stands in no file: the chart's name.
    pub at: At,
    /// The version of the chart, if it is pinned.
    pub version: Option<String>,
    /// The release of the cluster, if it is known.
    pub release: Option<Release>,
    /// What is wrong.
    pub problems: &'p mut Vec<Problem>,
    /// What was assumed.
    pub inferred: &'p mut Vec<String>,
}

/// Reads a HelmChart; it is rendered when all values for it are there.
pub(super) fn read(inventory: &mut Inventory, file: FileId, identity: &Identity, object: &Node, span: Span) {
    let Some(spec) = object.get("spec") else {
        return inventory.problems.push(Problem::error("a HelmChart without `spec`").at(span));
    };
    let new = Chart { file, identity: identity.clone(), span, spec: spec.clone() };
    inventory.rancher.charts.retain(|chart| chart.identity != new.identity);
    inventory.rancher.charts.push(new);
}

/// Reads a HelmChartConfig: more values for the HelmChart of its name.
pub(super) fn read_override(inventory: &mut Inventory, sources: &Sources, identity: &Identity, object: &Node) {
    if let Some(values) = content(object.path(&["spec", "valuesContent"]), sources, &mut inventory.problems) {
        inventory.rancher.overrides.push((identity.name.clone(), values));
    }
}

/// Renders a chart and reads what it makes.
pub(super) fn render(inventory: &mut Inventory, sources: &Sources, chart: Chart) {
    let Chart { file, identity, span, spec } = chart;
    let text = |key: &str| spec.get(key).and_then(scalar).filter(|text| !text.is_empty());
    let at = spec.get("chart").map_or(span, |node| node.span);
    let (name, in_name) = named(&text("chart").unwrap_or_default());
    let render = match name.as_str() {
        aws::CHART => aws::render,
        azure::CHART => azure::render,
        _ => {
            let chart = if name.is_empty() { "its chart".to_string() } else { format!("the chart `{name}`") };
            return inventory.notes.push(
                Problem::note(format!("{identity} was not read: {chart} is not known here"))
                    .at(at)
                    .label("if it runs a controller manager, give what `helm template` makes of it instead"),
            );
        }
    };
    if let Some(set) = spec.get("set").filter(|set| !set.entries().is_empty()) {
        return inventory.problems.push(
            Problem::error("values under `set`")
                .at(set.span)
                .label("write them under `valuesContent`, where they are read"),
        );
    }
    if let Some(secrets) = spec.get("valuesSecrets").filter(|secrets| !secrets.items().is_empty()) {
        inventory.notes.push(
            Problem::warning("values in Secrets were not read")
                .at(secrets.span)
                .label("what they change is not seen; `valuesContent` is read"),
        );
    }
    let mut values = At(at).yaml(if name == aws::CHART { aws::VALUES } else { azure::VALUES });
    let given = content(spec.get("valuesContent"), sources, &mut inventory.problems);
    let overrides = inventory.rancher.overrides.iter().filter(|(chart, _)| *chart == identity.name);
    let overrides: Vec<Node> = overrides.map(|(_, values)| values.clone()).collect();
    for layer in given.iter().chain(&overrides) {
        merge(&mut values, layer);
    }
    let release = inventory.rancher.release.as_ref().and_then(|release| release.value.parse().ok());
    let Inventory { problems, inferred, .. } = inventory;
    let version = text("version").or(in_name);
    let objects = render(Values { values, at: At(at), version, release, problems, inferred });
    for object in objects {
        inventory.object(sources, file, &object, false, 1);
    }
}

/// The name of a chart and the version in it: `x` of `repo/x`, `x` and `0.0.8` of `https://…/x-0.0.8.tgz`.
fn named(chart: &str) -> (String, Option<String>) {
    let last = chart.trim_end_matches('/').rsplit('/').next().unwrap_or(chart);
    match last.strip_suffix(".tgz").and_then(|stem| {
        let at = stem.match_indices('-').find(|(i, _)| stem[i + 1..].starts_with(|c: char| c.is_ascii_digit()))?.0;
        Some((stem[..at].to_string(), stem[at + 1..].to_string()))
    }) {
        Some((name, version)) => (name, Some(version)),
        None => (last.to_string(), None),
    }
}

/// The values in a string.
fn content(string: Option<&Node>, sources: &Sources, problems: &mut Vec<Problem>) -> Option<Node> {
    let string = string.filter(|node| node.kind != Kind::Null)?;
    if string.as_str().is_none() {
        problems.push(wrong(string, "valuesContent", "a string of YAML").help("write it as a block after `|-`"));
        return None;
    }
    let read = yaml::documents_in(sources, string);
    problems.extend(read.problems);
    let values = read.documents.into_iter().next().filter(|values| values.kind != Kind::Null)?;
    if !matches!(values.kind, Kind::Mapping(_)) {
        problems.push(
            Problem::error("values that are no mapping")
                .at(values.span)
                .label(format!("this is {}", values.describe())),
        );
        return None;
    }
    Some(values)
}

/// Lays `over` over `base`.
fn merge(base: &mut Node, over: &Node) {
    let Kind::Mapping(entries) = &mut base.kind else { return };
    for entry in over.entries() {
        let Some(key) = entry.key.as_str() else { continue };
        let at = entries.iter().position(|old| old.key.as_str() == Some(key));
        match (at, &entry.value.kind) {
            (Some(at), Kind::Null) => drop(entries.remove(at)),
            (None, Kind::Null) => {}
            (Some(at), Kind::Mapping(_)) if matches!(entries[at].value.kind, Kind::Mapping(_)) => {
                merge(&mut entries[at].value, &entry.value);
            }
            (Some(at), _) => entries[at] = Entry { key: entry.key.clone(), value: entry.value.clone() },
            (None, _) => entries.push(entry.clone()),
        }
    }
}

impl Values<'_> {
    /// The value at a path.
    pub fn get(&self, path: &[&str]) -> Option<&Node> {
        self.values.path(path)
    }

    /// The value at a path as `{{ … }}` writes it: what is not there is nothing.
    pub fn text(&mut self, path: &[&str]) -> Node {
        let Some(node) = self.get(path) else { return self.at.text("") };
        match scalar(node) {
            Some(text) => Node { kind: Kind::String(text), span: node.span },
            None => {
                let problem = wrong(node, path.last().copied().unwrap_or(""), "a string");
                self.problems.push(problem);
                self.at.text("")
            }
        }
    }

    /// The labels that the pods ask of a node.
    pub fn node_selector(&mut self, path: &[&str]) -> Node {
        let Some(selector) = self.get(path).cloned() else { return self.at.map([]) };
        if !matches!(selector.kind, Kind::Mapping(_)) {
            self.problems.push(wrong(&selector, "nodeSelector", "a mapping"));
        }
        for entry in selector.entries().iter().filter(|entry| entry.value.as_str().is_none()) {
            self.problems.push(
                Problem::error("a label that is no string")
                    .at(entry.value.span)
                    .label(format!("YAML reads this as {}; quote it", entry.value.describe())),
            );
        }
        selector
    }

    /// A list at a path; nothing is an empty one.
    pub fn list(&mut self, path: &[&str]) -> Node {
        match self.get(path).cloned() {
            Some(node) if matches!(node.kind, Kind::Sequence(_)) => node,
            Some(node) => {
                self.problems.push(wrong(&node, path.last().copied().unwrap_or(""), "a list"));
                self.at.list([])
            }
            None => self.at.list([]),
        }
    }

    /// The version that is installed, of those known; `None` if it is another. What is assumed is said.
    pub fn version<'v>(&mut self, chart: &str, known: &[&'v str]) -> Option<&'v str> {
        let newest = known.last().copied()?;
        match &self.version {
            None => {
                self.inferred.push(format!(
                    "HelmChart {chart} has no `version`: the newest one known here, {newest}, is taken, and the day of the \
                     installation decides in truth"
                ));
                Some(newest)
            }
            Some(version) => {
                let found = known.iter().copied().find(|known| *known == version.trim_start_matches('v'));
                if found.is_none() {
                    self.problems.push(
                        Problem::error(format!("the chart {chart} {version} is not known here"))
                            .at(self.at.0)
                            .label("expected a version that is known")
                            .help(format!(
                                "known are {}; give what `helm template` makes of others instead of the HelmChart",
                                known.join(", ")
                            )),
                    );
                }
                found
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_merged_as_helm_merges_them() {
        let at = At(Span::new(Sources::new().add("", ""), 0..0));
        let mut values = at.yaml("{a: {x: 1, k: 2}, list: [1, 2], gone: 1, map: {k: v}}");
        merge(
            &mut values,
            &at.yaml("{a: {k: 3, z: 4, x: null}, list: [5], gone: null, map: text, new: {m: 1}, none: null}"),
        );
        assert_eq!(values.to_value(), at.yaml("{a: {k: 3, z: 4}, list: [5], map: text, new: {m: 1}}").to_value());
    }

    #[test]
    fn charts_are_named_by_repository_or_archive() {
        assert_eq!(named("aws/aws-cloud-controller-manager"), ("aws-cloud-controller-manager".into(), None));
        assert_eq!(
            named("https://e.test/v/cloud-provider-azure-1.29.0+20240201.tgz"),
            ("cloud-provider-azure".into(), Some("1.29.0+20240201".into()))
        );
    }
}
