//! Lease objects as `kubectl get leases -A -o yaml` prints them.
//!
//! Contract: what the API server would not store is an error at its place
//! (kubernetes/kubernetes:pkg/apis/coordination/validation/validation.go:52@v1.33.13); a field that is absent is absent.
//! Times are microseconds since 1970 (kubernetes/apimachinery:pkg/apis/meta/v1/micro_time.go:26@v0.37.2).

use leasehold_model::facts::elections::{API_SERVER_IDENTITY_LABELS, API_SERVER_IDENTITY_PREFIXES, NODE_LEASES};

use crate::diagnostic::Problem;
use crate::inventory::Identity;
use crate::source::{Sources, Span};
use crate::yaml::{Kind, Node};

/// A Lease that is a lock.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lease {
    /// Kind, namespace and name.
    pub identity: Identity,
    /// Where its name is.
    pub span: Span,
    /// `holderIdentity`; empty: nobody.
    pub holder: String,
    /// `leaseDurationSeconds`
    pub seconds: Option<i64>,
    /// `renewTime`
    pub renewed: Option<i64>,
    /// `leaseTransitions`
    pub transitions: Option<i64>,
    /// `creationTimestamp`
    pub created: Option<i64>,
    /// `strategy`: others decide who leads.
    pub coordinated: bool,
}

/// What a Lease is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Use {
    /// A lock.
    Election,
    /// A node's heartbeat.
    Node,
    /// An API server says that it is there.
    ApiServer,
}

/// What a Lease is for.
pub(super) fn kind(object: &Node, identity: &Identity) -> Use {
    let labels = object.path(&["metadata", "labels"]);
    let by_label = labels.is_some_and(|l| API_SERVER_IDENTITY_LABELS.iter().any(|label| l.get(label).is_some()));
    let in_system = identity.namespace == "kube-system";
    // Their names end with 16 bytes in base 32; a lock called `apiserver-something-leader` is not one of them.
    let is_hash = |text: &str| text.len() == 26 && text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'2'..=b'7'));
    let name = identity.name.as_str();
    let by_name = API_SERVER_IDENTITY_PREFIXES.iter().any(|start| name.strip_prefix(start).is_some_and(is_hash));
    match () {
        () if identity.namespace == NODE_LEASES => Use::Node,
        () if in_system && (by_label || by_name) => Use::ApiServer,
        () => Use::Election,
    }
}

/// When a Lease was renewed, if it says so.
pub(super) fn renewed(object: &Node) -> Option<i64> {
    object.path(&["spec", "renewTime"]).and_then(Node::as_str).and_then(microseconds)
}

/// Reads a Lease; nothing if something in it is wrong.
pub(super) fn read(
    sources: &Sources,
    object: &Node,
    identity: Identity,
    span: Span,
    problems: &mut Vec<Problem>,
) -> Option<Lease> {
    let before = problems.len();
    let field = |path: &[&str]| object.path(path).filter(|node| node.kind != Kind::Null);
    let mut problem = |node: &Node, what: &str, expected: &str| {
        problems.push(Problem::error(what.to_string()).at(node.span).label(expected.to_string()));
    };
    let mut whole = |path: &[&str], least: i64, expected: &str| -> Option<i64> {
        let node = field(path)?;
        let number = sources.slice(node.span).parse::<i32>().ok().map(i64::from).filter(|n| *n >= least);
        let is_number = matches!(node.kind, Kind::Number(_));
        if number.is_none() || !is_number {
            problem(node, &format!("`{}` that no Lease has", path[path.len() - 1]), expected);
        }
        number.filter(|_| is_number)
    };
    let seconds = whole(&["spec", "leaseDurationSeconds"], 1, "expected whole seconds from 1");
    let transitions = whole(&["spec", "leaseTransitions"], 0, "expected a number from 0");
    let mut time = |path: &[&str]| -> Option<i64> {
        let node = field(path)?;
        let time = node.as_str().and_then(microseconds);
        if time.is_none() {
            problem(node, "not a time", "expected RFC 3339, such as 2026-11-21T12:00:00.000000Z");
        }
        time
    };
    let renewed = time(&["spec", "renewTime"]);
    let created = time(&["metadata", "creationTimestamp"]);
    let holder = field(&["spec", "holderIdentity"]);
    if let Some(node) = holder.filter(|node| node.as_str().is_none()) {
        problem(node, "`holderIdentity` that is no string", "quote it");
    }
    let lease = Lease {
        holder: holder.and_then(Node::as_str).unwrap_or("").to_string(),
        seconds,
        renewed,
        transitions,
        created,
        coordinated: field(&["spec", "strategy"]).and_then(Node::as_str).is_some_and(|s| !s.is_empty()),
        identity,
        span,
    };
    (problems.len() == before).then_some(lease)
}

/// A moment in RFC 3339, in microseconds since 1970.
pub fn microseconds(text: &str) -> Option<i64> {
    text.parse::<jiff::Timestamp>().ok().map(|t| t.as_microsecond())
}

/// Such a moment as text, to the second.
pub fn shown(microseconds: i64) -> String {
    jiff::Timestamp::from_microsecond(microseconds)
        .map_or_else(|_| "a time that no calendar has".into(), |t| t.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_microseconds_or_not() {
        assert_eq!(microseconds("1970-01-01T00:00:01.000002Z"), Some(1_000_002));
        assert_eq!(microseconds("1970-01-01T01:00:00+01:00"), Some(0));
        assert_eq!(microseconds("1970-01-01"), None);
        assert_eq!(microseconds("yesterday"), None);
    }
}
