//! Roles and bindings, typed.

use super::Identity;
use crate::diagnostic::Problem;
use crate::source::Span;
use crate::yaml::{Kind, Node};

/// A Role, ClusterRole, RoleBinding or ClusterRoleBinding.
#[derive(Clone, PartialEq, Debug)]
pub struct Object {
    /// What identifies it; the namespace is empty for ClusterRole and ClusterRoleBinding.
    pub identity: Identity,
    /// Where its name is.
    pub span: Span,
    /// What it says.
    pub content: Content,
}

/// What an object says.
#[derive(Clone, PartialEq, Debug)]
pub enum Content {
    /// A Role or ClusterRole.
    Role(Vec<Rule>),
    /// A RoleBinding or ClusterRoleBinding.
    Binding {
        /// `Role` or `ClusterRole`.
        role_kind: String,
        /// The role's name.
        role: String,
        /// Who gets it.
        subjects: Vec<Subject>,
    },
}

/// One rule, its lists as written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rule {
    /// `apiGroups`
    pub api_groups: Vec<String>,
    /// `resources`
    pub resources: Vec<String>,
    /// `resourceNames`; empty: every name.
    pub resource_names: Vec<String>,
    /// `verbs`
    pub verbs: Vec<String>,
}

/// Whom a binding gives a role.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Subject {
    /// `User`, `Group` or `ServiceAccount`.
    pub kind: String,
    /// The name.
    pub name: String,
    /// The namespace of a service account.
    pub namespace: String,
}

/// Reads an object of one of the four kinds; `None` if it is another.
pub fn read(identity: &Identity, object: &Node, span: Span, problems: &mut Vec<Problem>) -> Option<Object> {
    let mut identity = identity.clone();
    if identity.kind.starts_with("Cluster") {
        identity.namespace.clear();
    }
    let content = match identity.kind.as_str() {
        "Role" | "ClusterRole" => {
            if let Some(aggregation) = object.get("aggregationRule") {
                problems.push(
                    Problem::warning("an aggregated ClusterRole")
                        .at(aggregation.span)
                        .label("its rules are made by the cluster; only `rules` written here are read"),
                );
            }
            let rules = object.get("rules").map_or(&[][..], Node::items);
            Content::Role(rules.iter().map(|rule| read_rule(rule, problems)).collect())
        }
        "RoleBinding" | "ClusterRoleBinding" => {
            let text = |node: &Node, key: &str| node.get(key).and_then(Node::as_str).unwrap_or("").to_string();
            let role = object.get("roleRef");
            if role.is_none() {
                problems.push(Problem::error(format!("a {} without `roleRef`", identity.kind)).at(span));
            }
            Content::Binding {
                role_kind: role.map_or_else(String::new, |r| text(r, "kind")),
                role: role.map_or_else(String::new, |r| text(r, "name")),
                subjects: object
                    .get("subjects")
                    .map_or(&[][..], Node::items)
                    .iter()
                    .map(|s| Subject { kind: text(s, "kind"), name: text(s, "name"), namespace: text(s, "namespace") })
                    .collect(),
            }
        }
        _ => return None,
    };
    Some(Object { identity, span, content })
}

fn read_rule(rule: &Node, problems: &mut Vec<Problem>) -> Rule {
    let mut list = |key: &str| {
        let Some(node) = rule.get(key) else { return Vec::new() };
        if !matches!(node.kind, Kind::Sequence(_) | Kind::Null) {
            problems.push(
                Problem::error(format!("`{key}` of a rule is a list of strings"))
                    .at(node.span)
                    .label(format!("this is {}", node.describe())),
            );
        }
        node.items().iter().filter_map(Node::as_str).map(str::to_string).collect()
    };
    Rule {
        api_groups: list("apiGroups"),
        resources: list("resources"),
        resource_names: list("resourceNames"),
        verbs: list("verbs"),
    }
}
