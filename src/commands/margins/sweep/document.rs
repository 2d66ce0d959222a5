//! What a sweep found out, as data. The types are the format: `docs/schema/margins-sweep.v1.json` is generated from them.

use leasehold_model::lease_time::frontier::{Axis, Point};
use schemars::JsonSchema;
use serde::Serialize;

use super::super::document::{Assumed, Contender, Unit, seconds};
use super::axis::is_clock;

/// The version of this format: fields may be added to it, none renamed or removed.
pub const VERSION: u32 = 1;

/// Everything.
#[derive(Serialize, JsonSchema, Clone, PartialEq, Debug)]
pub struct Document {
    /// The version of this format.
    pub version: u32,
    /// False if it was stopped before every row was done.
    pub complete: bool,
    /// `namespace/name` of the Lease, as far as it is known; else what contends.
    pub lock: String,
    /// What is assumed; what an axis varies is not.
    pub assumed: Assumed,
    /// Who contends; what an axis varies is not as it says.
    pub contenders: Vec<Contender>,
    /// Along a row, from left to right.
    pub along: Scale,
    /// From row to row.
    pub across: Scale,
    /// Every row, in the order of `across`.
    pub rows: Vec<Row>,
    /// How many points of each kind.
    pub counts: Counts,
    /// What arithmetic says; null where it is not so simple: with several configurations.
    pub inequality: Option<Inequality>,
}

/// One axis.
#[derive(Serialize, JsonSchema, Clone, PartialEq, Debug)]
pub struct Scale {
    /// What it varies, as on the command line.
    pub parameter: &'static str,
    /// The unit of its values.
    pub unit: Unit,
    /// The first value.
    pub from: f64,
    /// From value to value.
    pub step: f64,
    /// How many values.
    pub values: usize,
    /// What is varied.
    #[serde(skip)]
    pub axis: Axis,
}

/// One row.
#[derive(Serialize, JsonSchema, Clone, PartialEq, Debug)]
pub struct Row {
    /// The value of `across`.
    pub at: f64,
    /// A letter for each point: `s` proved safe, `u` refuted, `?` neither, `-` refused by client-go or the API server;
    /// null if the sweep was stopped before.
    pub points: Option<String>,
    /// The outermost value of `along` that is proved safe: the largest, or for `lease-duration` the smallest.
    pub safe: Option<f64>,
    /// The innermost value that is refuted: the smallest, or for `lease-duration` the largest.
    pub broken: Option<f64>,
}

/// How many points of each kind.
#[derive(Serialize, JsonSchema, Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Counts {
    /// Proved safe.
    pub safe: usize,
    /// Neither proved nor refuted.
    pub undecided: usize,
    /// Refuted.
    pub broken: usize,
    /// Durations that client-go refuses, or that the API server does not store.
    pub refused: usize,
    /// Of rows that were not done.
    pub not_asked: usize,
}

/// Arithmetic that says what the theorem says.
#[derive(Serialize, JsonSchema, Clone, PartialEq, Debug)]
pub struct Inequality {
    /// Where it holds, safety is proved.
    pub proved: String,
    /// Where it holds, safety is refuted.
    pub refuted: String,
    /// Points at which the theorem says otherwise.
    pub differs: usize,
}

/// The letter of a point.
pub const fn letter(point: Point) -> char {
    match point {
        Point::Safe => 's',
        Point::Undecided => '?',
        Point::Unsafe => 'u',
        Point::Refused => '-',
    }
}

/// An axis as data.
pub fn scale(axis: Axis) -> Scale {
    let clock = is_clock(axis.varied);
    let value = |value: i64| if clock { value as f64 } else { seconds(value) };
    Scale {
        parameter: axis.varied.name(),
        unit: if clock { Unit::Ppm } else { Unit::Seconds },
        from: value(axis.from),
        step: value(axis.step),
        values: axis.count(),
        axis,
    }
}

impl Scale {
    /// A value in the unit.
    pub fn at(&self, number: usize) -> f64 {
        let value = self.axis.value(number);
        if self.unit == Unit::Ppm { value as f64 } else { seconds(value) }
    }
}

impl Document {
    /// The document as JSON, ending with a line break.
    pub fn json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("the document has nothing that JSON has not");
        text.push('\n');
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_margins_sweep_schema() {
        let mut schema =
            schemars::SchemaGenerator::from(schemars::generate::SchemaSettings::draft2020_12().for_serialize())
                .into_root_schema_for::<Document>();
        schema.insert("title".into(), "leasehold margins --sweep v1".into());
        let text = format!("{}\n", serde_json::to_string_pretty(&schema).expect("a schema is JSON"));
        crate::generated::compare("docs/schema/margins-sweep.v1.json", &text);
    }
}
