//! JSON patches (RFC 6902), as `kubectl patch --type=json` applies them: `add`, `remove`, `replace` and `test`, which are
//! the operations that the guides use. Values keep their places, which no crate for JSON patches does.
//!
//! Contract: a patch is applied whole or not at all.

use crate::diagnostic::Problem;
use crate::inventory::workload::{self, Workload};
use crate::source::{Sources, Span};
use crate::yaml::{Entry, Kind, Node};

/// A patch: operations in their order.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Patch(Vec<Operation>);

#[derive(Clone, PartialEq, Debug)]
struct Operation {
    what: What,
    path: Vec<String>,
    /// Where the path is written.
    at: Span,
}

#[derive(Clone, PartialEq, Debug)]
enum What {
    Add(Node),
    Remove,
    Replace(Node),
    Test(Node),
}

/// Reads a patch from a document: a list of operations.
///
/// # Errors
/// Every operation that is none.
pub fn read(document: &Node) -> Result<Patch, Vec<Problem>> {
    let Kind::Sequence(items) = &document.kind else {
        return Err(vec![
            Problem::error("a JSON patch is a list of operations")
                .at(document.span)
                .label(format!("this is {}", document.describe()))
                .help("expected [{\"op\": \"add\", \"path\": \"/spec/…\", \"value\": …}]"),
        ]);
    };
    let (mut operations, mut problems) = (Vec::new(), Vec::new());
    for item in items {
        match operation(item) {
            Ok(operation) => operations.push(operation),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(Patch(operations)) } else { Err(problems) }
}

fn operation(node: &Node) -> Result<Operation, Problem> {
    let name = node.get("op");
    let wrong = |at: &Node, what: &str, label: &str| Problem::error(what.to_string()).at(at.span).label(label);
    let path = node.get("path").ok_or_else(|| wrong(node, "an operation without `path`", "expected `path`"))?;
    let text = path.as_str().ok_or_else(|| wrong(path, "a path that is no string", "expected a string"))?;
    if !text.is_empty() && !text.starts_with('/') {
        return Err(wrong(path, "a path that is no JSON pointer", "expected a leading `/`"));
    }
    let value = || {
        let value = node.get("value").cloned();
        value.ok_or_else(|| wrong(name.unwrap_or(node), "an operation without `value`", "this operation needs one"))
    };
    let what = match name.and_then(Node::as_str) {
        Some("add") => What::Add(value()?),
        Some("remove") => What::Remove,
        Some("replace") => What::Replace(value()?),
        Some("test") => What::Test(value()?),
        _ => return Err(wrong(name.unwrap_or(node), "an unknown operation", "expected add, remove, replace or test")),
    };
    // RFC 6901: `~1` is `/` and `~0` is `~`.
    let path = text.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~")).collect();
    Ok(Operation { what, path, at: node.get("path").map_or(node.span, |path| path.span) })
}

/// A workload as a patch of its object leaves it.
///
/// # Errors
/// The first operation that cannot be done, and what is wrong with the result.
pub fn apply(patch: &Patch, workload: &Workload, sources: &Sources) -> Result<Workload, Vec<Problem>> {
    let Some(object) = &workload.object else {
        let problem = Problem::error(format!("{} has no manifest that could be patched", workload.identity));
        return Err(vec![problem.at(workload.span)]);
    };
    let patched = patch_node(patch, object).map_err(|problem| vec![problem])?;
    let mut problems = Vec::new();
    let read = workload::read(sources, &workload.identity, &patched, workload.span, &mut problems);
    match read.into_iter().find(|read| read.component == workload.component) {
        Some(read) if problems.is_empty() => Ok(Workload { group: workload.group.clone(), ..read }),
        _ if !problems.is_empty() => Err(problems),
        _ => Err(vec![
            Problem::error(format!("after this patch {} runs no {}", workload.identity, workload.component))
                .at(patch.0.first().map_or(workload.span, |operation| operation.at)),
        ]),
    }
}

/// A value as a patch leaves it.
///
/// # Errors
/// The first operation that cannot be done.
pub fn patch_node(patch: &Patch, node: &Node) -> Result<Node, Problem> {
    let mut patched = node.clone();
    for operation in &patch.0 {
        operation.apply(&mut patched)?;
    }
    Ok(patched)
}

impl Operation {
    fn apply(&self, root: &mut Node) -> Result<(), Problem> {
        let Some((last, above)) = self.path.split_last() else {
            return match &self.what {
                What::Add(value) | What::Replace(value) => {
                    *root = value.clone();
                    Ok(())
                }
                What::Test(value) => self.test(root, value),
                What::Remove => Err(self.refused("the whole object cannot be removed by a patch")),
            };
        };
        let mut parent = root;
        for part in above {
            parent = self.child(parent, part)?;
        }
        if let What::Test(value) = &self.what {
            let found = self.child(parent, last)?;
            return self.test(found, value);
        }
        match &mut parent.kind {
            Kind::Sequence(items) => self.in_list(items, last),
            Kind::Mapping(entries) => self.in_mapping(entries, last),
            _ => Err(self.refused(&format!("`{last}` cannot be below {}", parent.describe()))),
        }
    }

    fn in_list(&self, items: &mut Vec<Node>, last: &str) -> Result<(), Problem> {
        let length = items.len();
        let at = match last {
            "-" => length,
            _ => self.index(last)?,
        };
        match &self.what {
            What::Add(value) if at <= length => items.insert(at, value.clone()),
            What::Replace(value) if at < length => items[at] = value.clone(),
            What::Remove if at < length => drop(items.remove(at)),
            _ => return Err(self.refused(&format!("the list has {length} items and none at `{last}`"))),
        }
        Ok(())
    }

    fn in_mapping(&self, entries: &mut Vec<Entry>, last: &str) -> Result<(), Problem> {
        let at = entries.iter().rposition(|entry| entry.key.as_str() == Some(last));
        match (&self.what, at) {
            (What::Add(value) | What::Replace(value), Some(at)) => entries[at].value = value.clone(),
            (What::Add(value), None) => {
                let key = Node { kind: Kind::String(last.to_string()), span: self.at };
                entries.push(Entry { key, value: value.clone() });
            }
            (What::Remove, Some(_)) => entries.retain(|entry| entry.key.as_str() != Some(last)),
            _ => return Err(self.refused(&format!("there is no `{last}`"))),
        }
        Ok(())
    }

    fn child<'n>(&self, node: &'n mut Node, part: &str) -> Result<&'n mut Node, Problem> {
        let missing = self.refused(&format!("there is no `{part}`"));
        match &mut node.kind {
            Kind::Sequence(items) => {
                let at = self.index(part)?;
                items.get_mut(at).ok_or(missing)
            }
            Kind::Mapping(entries) => {
                let found = entries.iter_mut().rev().find(|entry| entry.key.as_str() == Some(part));
                found.map(|entry| &mut entry.value).ok_or(missing)
            }
            _ => Err(missing),
        }
    }

    fn index(&self, part: &str) -> Result<usize, Problem> {
        let is_number = part == "0" || (!part.starts_with('0') && part.bytes().all(|b| b.is_ascii_digit()));
        let number = part.parse().ok().filter(|_| is_number);
        number.ok_or_else(|| self.refused(&format!("`{part}` is no place in a list; expected a number from 0, or `-`")))
    }

    fn test(&self, found: &Node, value: &Node) -> Result<(), Problem> {
        if found.to_value() == value.to_value() {
            return Ok(());
        }
        Err(self.refused("the value here is another one, so the test fails"))
    }

    fn refused(&self, why: &str) -> Problem {
        Problem::error("a patch that cannot be applied").at(self.at).label(why.to_string())
    }
}
