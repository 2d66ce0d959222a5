//! Altered runs: every field of every line, and every line as a whole, changed in turn.

use crate::accept::Judge;
use crate::log::{self, Line};
use serde::Deserialize;
use serde_json::{Map, Value};

/// One alteration.
#[derive(Clone, Debug)]
pub struct Alteration {
    /// The line, counted from 0 at the header.
    pub line: usize,
    /// The field; empty: the line as a whole.
    pub path: Vec<String>,
    /// What was changed, as `field: old -> new`.
    pub what: String,
    pub kind: Kind,
}

/// What an alteration does.
#[derive(Clone, Debug)]
pub enum Kind {
    /// The line becomes this.
    Replace(Value),
    Drop,
    Repeat,
    /// The line and the next change places.
    Swap,
}

/// What became of the alterations of a run.
#[derive(Default)]
pub struct Score {
    pub altered: u32,
    /// Those that were accepted.
    pub survivors: Vec<Alteration>,
}

/// Values that a field of text may take instead.
const WHAT: [&str; 18] = [
    "run",
    "cancel",
    "request",
    "unsent",
    "again",
    "applied",
    "refused",
    "reply",
    "started",
    "leadingDone",
    "stopped",
    "newLeader",
    "event",
    "ended",
    "write",
    "delete",
    "nothing",
    "",
];
const ERRORS: [&str; 13] = [
    "NotFound",
    "AlreadyExists",
    "Conflict",
    "Forbidden",
    "Invalid",
    "InternalError",
    "ServiceUnavailable",
    "Timeout",
    "TooManyRequests",
    "deadline",
    "canceled",
    "connection",
    "",
];
const FAULTS: [&str; 12] = [
    "unsent",
    "lost",
    "dropped",
    "silent",
    "forbidden",
    "conflict",
    "notFound",
    "internal",
    "unavailable",
    "gateway",
    "busy",
    "",
];
const OPS: [&str; 4] = ["get", "create", "update", ""];

/// Alters a run in every way and judges the results as the newest release of its header.
pub fn score(lines: &[&str]) -> Score {
    let run = log::read(lines).expect("the run is accepted unaltered");
    let release = run.header.client_go.releases().last().expect("a release").clone();
    let mut score = Score::default();
    for alteration in alterations(0, lines[0]) {
        let Kind::Replace(value) = &alteration.kind else { continue };
        score.altered += 1;
        let text = value.to_string();
        let altered: Vec<&str> = std::iter::once(text.as_str()).chain(lines[1..].iter().copied()).collect();
        if crate::accept::accept(&altered).is_ok() {
            score.survivors.push(alteration);
        }
    }
    let mut before = Judge::new(&run, &release).expect("the run is accepted unaltered");
    for (i, line) in run.lines.iter().enumerate() {
        for alteration in alterations(i + 1, lines[i + 1]) {
            let rest = &run.lines[i + 1..];
            let altered = match &alteration.kind {
                Kind::Replace(value) => Line::deserialize(value).ok().map(|line| (vec![line], rest)),
                Kind::Drop => Some((vec![], rest)),
                Kind::Repeat => Some((vec![line.clone(), line.clone()], rest)),
                Kind::Swap => rest.first().map(|next| (vec![next.clone(), line.clone()], &rest[1..])),
            };
            score.altered += 1;
            if let Some((first, rest)) = altered {
                let mut judge = before.clone();
                let accepted =
                    first.iter().chain(rest).all(|line| judge.take(&run, line).is_ok()) && judge.end(&run).is_ok();
                if accepted {
                    score.survivors.push(alteration);
                }
            }
        }
        before.take(&run, line).expect("the run is accepted unaltered");
    }
    score
}

/// Every alteration of one line.
fn alterations(number: usize, line: &str) -> Vec<Alteration> {
    let value: Value = serde_json::from_str(line).expect("a line is JSON");
    let mut found = Vec::new();
    fields(&value, &mut Vec::new(), &mut |path, new| {
        let mut altered = value.clone();
        let name = path.join(".");
        let old = set(&mut altered, path, new);
        let new = new.map_or("removed".to_owned(), Value::to_string);
        if altered != value {
            found.push(Alteration {
                line: number,
                path: path.to_vec(),
                what: format!("{name}: {old} -> {new}"),
                kind: Kind::Replace(altered),
            });
        }
    });
    if number > 0 {
        let whole = |what: &str, kind| Alteration { line: number, path: vec![], what: what.to_owned(), kind };
        found.extend([
            whole("dropped", Kind::Drop),
            whole("repeated", Kind::Repeat),
            whole("swapped with the next", Kind::Swap),
        ]);
    }
    found
}

/// Calls `alter` with the path of every field and a new value, `None` for none.
fn fields(value: &Value, path: &mut Vec<String>, alter: &mut impl FnMut(&[String], Option<&Value>)) {
    match value {
        Value::Object(object) => {
            for (name, field) in object {
                path.push(name.clone());
                fields(field, path, alter);
                alter(path, None);
                path.pop();
            }
        }
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                path.push(i.to_string());
                fields(item, path, alter);
                path.pop();
            }
        }
        Value::Number(number) => {
            let number = number.as_i64().expect("whole numbers only");
            for by in [1, -1, 1_000_000, -1_000_000, 3_000_000_000, -3_000_000_000_i64] {
                alter(path, Some(&Value::from(number + by)));
            }
        }
        Value::String(text) => {
            let others: &[&str] = match path.last().map(String::as_str) {
                Some("what") => &WHAT,
                Some("error") => &ERRORS,
                Some("op") => &OPS,
                Some("fault") => &FAULTS,
                Some("elector" | "holder" | "identity" | "preferred") => &["a", "b", "c", "someone", ""],
                _ => &[""],
            };
            for other in others {
                alter(path, Some(&Value::from(*other)));
            }
            if let Ok(number) = text.parse::<i64>() {
                alter(path, Some(&Value::from((number + 1).to_string())));
                alter(path, Some(&Value::from((number - 1).to_string())));
            }
            alter(path, Some(&Value::from(format!("{text}x"))));
        }
        Value::Bool(bool) => alter(path, Some(&Value::from(!bool))),
        Value::Null => {}
    }
}

/// Sets or removes the field, and returns what it was.
fn set(value: &mut Value, path: &[String], new: Option<&Value>) -> Value {
    let (name, path) = path.split_first().expect("a path");
    let empty = &mut Map::new();
    match (value, path.is_empty(), new) {
        (Value::Array(items), false, _) => set(&mut items[name.parse::<usize>().expect("an index")], path, new),
        (Value::Array(items), true, Some(new)) => {
            std::mem::replace(&mut items[name.parse::<usize>().expect("an index")], new.clone())
        }
        (Value::Object(object), false, _) => set(object.get_mut(name).expect("a field"), path, new),
        (Value::Object(object), true, Some(new)) => object.insert(name.clone(), new.clone()).expect("a field"),
        (Value::Object(object), true, None) => object.remove(name).expect("a field"),
        _ => empty.remove(name).expect("a field"),
    }
}
