//! Label selectors (kubernetes/kubernetes:staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/helpers.go
//! `LabelSelectorAsSelector`@v1.30.0).

use std::collections::BTreeMap;

use super::made::{entries, items, scalar, unknown, wrong};
use crate::diagnostic::Problem;
use crate::yaml::{Kind, Node};

/// What a set of labels has to fulfil: everything in it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Selector(Vec<Requirement>);

#[derive(Clone, PartialEq, Eq, Debug)]
struct Requirement {
    key: String,
    /// `None`: whether the key is there is all that counts.
    values: Option<Vec<String>>,
    /// False for `NotIn` and `DoesNotExist`.
    wanted: bool,
}

impl Selector {
    /// Reads a selector; one without requirements selects everything.
    pub fn read(node: &Node, problems: &mut Vec<Problem>) -> Selector {
        if !matches!(node.kind, Kind::Mapping(_) | Kind::Null) {
            problems.push(wrong(node, "machineLabelSelector", "a mapping"));
        }
        unknown(node, &["matchLabels", "matchExpressions"], "a label selector", problems);
        let mut found = Vec::new();
        for entry in entries(node.get("matchLabels"), "matchLabels", problems) {
            match (entry.key.as_str(), entry.value.as_str()) {
                (Some(key), Some(value)) => found.push(Requirement {
                    key: key.to_string(),
                    values: Some(vec![value.to_string()]),
                    wanted: true,
                }),
                _ => problems.push(
                    Problem::error("a label that is no string")
                        .at(entry.value.span)
                        .label(format!("YAML reads this as {}; quote it", entry.value.describe())),
                ),
            }
        }
        for expression in items(node.get("matchExpressions"), "matchExpressions", problems) {
            found.extend(requirement(expression, problems));
        }
        Selector(found)
    }

    /// True if `labels` fulfil everything.
    pub fn matches(&self, labels: &BTreeMap<String, String>) -> bool {
        self.0.iter().all(|Requirement { key, values, wanted }| {
            let value = labels.get(key);
            let fits = value.is_some_and(|value| values.as_ref().is_none_or(|values| values.contains(value)));
            fits == *wanted
        })
    }
}

fn requirement(node: &Node, problems: &mut Vec<Problem>) -> Option<Requirement> {
    let text = |key: &str| node.get(key).and_then(Node::as_str).unwrap_or("").to_string();
    let at = node.get("operator").unwrap_or(node);
    let key = text("key");
    if key.is_empty() {
        problems.push(
            Problem::error("a requirement without `key`")
                .at(node.span)
                .label("expected {key: …, operator: …, values: …}"),
        );
        return None;
    }
    let mut values = Vec::new();
    for value in items(node.get("values"), "values", problems) {
        match value.as_str() {
            Some(text) => values.push(text.to_string()),
            None => problems.push(
                Problem::error("a label that is no string")
                    .at(value.span)
                    .label(format!("YAML reads this as {}; quote it", scalar(value).unwrap_or_default())),
            ),
        }
    }
    let (wanted, needs_values) = match text("operator").as_str() {
        "In" => (true, true),
        "NotIn" => (false, true),
        "Exists" => (true, false),
        "DoesNotExist" => (false, false),
        _ => {
            problems.push(
                Problem::error("an unknown operator").at(at.span).label("expected In, NotIn, Exists or DoesNotExist"),
            );
            return None;
        }
    };
    if needs_values == values.is_empty() {
        let label = if needs_values { "this operator needs `values`" } else { "this operator takes no `values`" };
        problems.push(Problem::error("a requirement that Kubernetes refuses").at(at.span).label(label));
        return None;
    }
    Some(Requirement { key, values: needs_values.then_some(values), wanted })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::rancher::made::At;
    use crate::source::{Sources, Span};

    fn read(text: &str) -> (Selector, Vec<String>) {
        let at = At(Span::new(Sources::new().add("", ""), 0..0));
        let mut problems = Vec::new();
        let selector = Selector::read(&at.yaml(text), &mut problems);
        (selector, problems.into_iter().map(|p| p.label.unwrap_or(p.message)).collect())
    }

    #[test]
    fn every_operator_selects_as_kubernetes_does() {
        let labels: BTreeMap<String, String> = [("a".to_string(), "1".to_string())].into();
        for (selector, matches) in [
            ("{}", true),
            ("{matchLabels: {a: '1'}}", true),
            ("{matchLabels: {a: '2'}}", false),
            ("{matchExpressions: [{key: a, operator: In, values: ['2', '1']}]}", true),
            ("{matchExpressions: [{key: b, operator: In, values: ['1']}]}", false),
            ("{matchExpressions: [{key: a, operator: NotIn, values: ['1']}]}", false),
            ("{matchExpressions: [{key: b, operator: NotIn, values: ['1']}]}", true),
            ("{matchExpressions: [{key: a, operator: Exists}]}", true),
            ("{matchExpressions: [{key: a, operator: DoesNotExist}]}", false),
            ("{matchLabels: {a: '1'}, matchExpressions: [{key: b, operator: Exists}]}", false),
        ] {
            let (selector_read, problems) = read(selector);
            assert_eq!((selector_read.matches(&labels), problems), (matches, vec![]), "{selector}");
        }
    }

    #[test]
    fn what_kubernetes_refuses_is_an_error() {
        let (_, problems) = read(
            "{matchLabels: {a: true}, matchExpressions: [{operator: In}, {key: a, operator: in, values: [x]}, \
             {key: a, operator: In}, {key: a, operator: Exists, values: [x]}]}",
        );
        assert_eq!(
            problems,
            [
                "YAML reads this as a boolean; quote it",
                "expected {key: …, operator: …, values: …}",
                "expected In, NotIn, Exists or DoesNotExist",
                "this operator needs `values`",
                "this operator takes no `values`"
            ]
        );
    }
}
