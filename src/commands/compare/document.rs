//! What a comparison found out, as data. The types are the format: `docs/schema/compare.v1.json` is generated from them.

use schemars::JsonSchema;
use serde::Serialize;

/// The version of this format: fields may be added to it, none renamed or removed.
pub const VERSION: u32 = 1;

/// Everything.
#[derive(Serialize, JsonSchema, Clone, PartialEq, Debug)]
pub struct Document {
    /// The version of this format.
    pub version: u32,
    /// False if it was stopped before every row was done.
    pub complete: bool,
    /// Control-plane nodes.
    pub nodes: u8,
    /// The protocols that have rows.
    pub protocols: Vec<Protocol>,
    /// A row for each protocol of each migration, in order of providers, then of releases, then of protocols.
    pub rows: Vec<Row>,
}

/// A protocol.
#[derive(Serialize, JsonSchema, Clone, PartialEq, Eq, Debug)]
pub struct Protocol {
    /// What rows call it.
    pub id: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What is done.
    pub about: &'static str,
    /// Who does it so.
    pub source: &'static str,
}

/// One protocol for one migration.
#[derive(Serialize, JsonSchema, Clone, PartialEq, Debug)]
pub struct Row {
    /// The provider, as `--cloud-provider` names it.
    pub provider: String,
    /// The release before.
    pub from: String,
    /// The release after.
    pub to: String,
    /// The controllers that change their manager.
    pub moves: Vec<String>,
    /// [`Protocol::id`]
    pub protocol: &'static str,
    /// How many steps the operator takes.
    pub steps: usize,
    /// Whether a controller ever runs in two managers.
    pub exclusive: Cell,
    /// Whether every controller can always run again.
    pub covered: Cell,
    /// Whether every manager starts.
    pub starts: Cell,
    /// Whether there is a safe way back from every point.
    pub returnable: Cell,
    /// How long controllers run nowhere.
    pub gap: Gap,
    /// Distinct states searched.
    pub states: usize,
}

/// The verdict on one property.
#[derive(Serialize, JsonSchema, Clone, PartialEq, Eq, Debug)]
pub struct Cell {
    /// The verdict.
    pub verdict: Verdict,
    /// The codes of what causes a violation.
    pub findings: Vec<String>,
}

/// A verdict.
#[derive(Serialize, JsonSchema, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "camelCase")]
pub enum Verdict {
    /// Proved by a complete search.
    Holds,
    /// Refuted.
    Violated,
    /// Neither.
    Inconclusive,
}

/// How long controllers run nowhere, at worst, one thing at a time.
#[derive(Serialize, JsonSchema, Clone, PartialEq, Debug)]
#[serde(rename_all = "camelCase")]
pub struct Gap {
    /// The plan stops the controllers from one step until the next one. How long the operator takes until then comes on
    /// top of `step`, which begins with the step that brings them back.
    pub downtime: bool,
    /// In a step of the plan.
    pub step: Time,
    /// On the way back.
    pub way_back: Time,
    /// After one crash.
    pub crash: Time,
}

/// A time.
#[derive(Serialize, JsonSchema, Clone, Copy, PartialEq, Debug)]
#[serde(rename_all = "camelCase", tag = "is")]
pub enum Time {
    /// So long at most.
    Within {
        /// Seconds.
        seconds: f64,
    },
    /// For good, unless the operator goes on.
    Unbounded,
    /// No controller stops.
    None,
    /// No bound is known: a manager takes a lease and exits, again and again.
    Unknown,
}

impl Row {
    /// The four verdicts.
    pub fn cells(&self) -> [&Cell; 4] {
        [&self.exclusive, &self.covered, &self.starts, &self.returnable]
    }

    /// True if all four properties hold.
    pub fn holds(&self) -> bool {
        self.cells().iter().all(|cell| cell.verdict == Verdict::Holds)
    }

    /// True if tables say the same of two migrations, however many steps they take.
    pub fn says_the_same(&self, other: &Row) -> bool {
        let shown = |row: &Row| (row.protocol, row.gap.downtime, row.gap.step, row.gap.crash);
        shown(self) == shown(other) && self.cells() == other.cells()
    }

    /// True if both are about the same migration.
    pub fn same_migration(&self, other: &Row) -> bool {
        (&self.provider, &self.from, &self.to) == (&other.provider, &other.from, &other.to)
    }
}

impl Document {
    /// The document as JSON, ending with a line break.
    pub fn json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("the document has nothing that JSON has not");
        text.push('\n');
        text
    }

    /// For each migration, whether all four properties hold with some protocol.
    pub fn ways(&self) -> Vec<bool> {
        let groups = self.rows.chunk_by(|one, other| one.same_migration(other));
        groups.map(|rows| rows.iter().any(Row::holds)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_compare_schema() {
        let mut schema =
            schemars::SchemaGenerator::from(schemars::generate::SchemaSettings::draft2020_12().for_serialize())
                .into_root_schema_for::<Document>();
        schema.insert("title".into(), "leasehold compare v1".into());
        let text = format!("{}\n", serde_json::to_string_pretty(&schema).expect("a schema is JSON"));
        crate::generated::compare("docs/schema/compare.v1.json", &text);
    }
}
