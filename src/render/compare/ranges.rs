//! Rows that come to the same, put together.

use leasehold_model::release::Release;

use crate::commands::compare::document::Row;

/// Consecutive releases for which a protocol comes to the same.
pub struct Range<'d> {
    /// The rows, in order.
    pub rows: Vec<&'d Row>,
    /// With an upgrade and without.
    pub both: bool,
}

/// The rows of one protocol. Where an upgrade and a migration without one come to the same they go together.
pub fn ranges<'d>(rows: &[&'d Row]) -> Vec<Range<'d>> {
    let mut units: Vec<Range<'d>> = Vec::new();
    for of_release in rows.chunk_by(|one, other| one.from == other.from) {
        match of_release {
            [upgrade, within] if upgrade.says_the_same(within) => {
                units.push(Range { rows: of_release.to_vec(), both: true });
            }
            // There is no next release.
            [within] if within.from == Release::NEWEST.to_string() && rows.len() > 1 => {
                units.push(Range { rows: of_release.to_vec(), both: true });
            }
            _ => units.extend(of_release.iter().map(|row| Range { rows: vec![row], both: false })),
        }
    }
    let kind = |unit: &Range<'_>| (unit.both, !unit.both && unit.rows[0].from == unit.rows[0].to);
    let mut ranges: Vec<Range<'d>> = Vec::new();
    for wanted in [(true, false), (false, false), (false, true)] {
        let of_kind: Vec<&Range<'d>> = units.iter().filter(|unit| kind(unit) == wanted).collect();
        for alike in of_kind.chunk_by(|one, other| one.rows[0].says_the_same(other.rows[0])) {
            ranges.push(Range { rows: alike.iter().flat_map(|unit| unit.rows.clone()).collect(), both: wanted.0 });
        }
    }
    ranges.sort_by_key(|range| position(rows, range.rows[0]));
    ranges
}

/// Where a row stands.
fn position(rows: &[&Row], wanted: &Row) -> Option<usize> {
    rows.iter().position(|row| std::ptr::eq(*row, wanted))
}

/// `1.29 → 1.30`, `from 1.22 … 1.26`, `in 1.21`
pub fn releases(range: &Range<'_>) -> String {
    let (first, last) = (range.rows[0], range.rows[range.rows.len() - 1]);
    let from = if first.from == last.from { first.from.clone() } else { format!("{} … {}", first.from, last.from) };
    match (range.both, first.from == first.to, first.from == last.from) {
        (true, ..) => format!("from {from}"),
        (false, true, _) => format!("in {from}"),
        (false, false, true) => format!("{from} → {}", first.to),
        (false, false, false) => format!("{from} → next"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::compare::document::{Cell, Gap, Time, Verdict};

    fn row(from: &str, to: &str, findings: &[&str], steps: usize) -> Row {
        let holds = Cell { verdict: Verdict::Holds, findings: Vec::new() };
        let findings: Vec<String> = findings.iter().map(|code| (*code).to_string()).collect();
        let verdict = if findings.is_empty() { Verdict::Holds } else { Verdict::Violated };
        let within = Time::Within { seconds: 38.75 };
        Row {
            provider: "gce".into(),
            from: from.into(),
            to: to.into(),
            moves: vec!["service".into()],
            protocol: "p4",
            steps,
            exclusive: Cell { verdict, findings },
            covered: holds.clone(),
            starts: holds.clone(),
            returnable: holds,
            gap: Gap { downtime: false, step: within, way_back: Time::None, crash: within },
            states: 1,
        }
    }

    /// What comes to the same goes together; what differs anywhere does not.
    #[test]
    fn releases_go_together_where_they_come_to_the_same() {
        let rows = [
            row("1.26", "1.27", &[], 4),
            row("1.26", "1.26", &[], 3),
            row("1.27", "1.28", &["LM101"], 4),
            row("1.27", "1.27", &[], 3),
            row("1.28", "1.29", &["LM101"], 4),
            row("1.28", "1.28", &["LM101"], 4),
            row("1.37", "1.37", &["LM101"], 4),
        ];
        let rows: Vec<&Row> = rows.iter().collect();
        let shown: Vec<String> = ranges(&rows)
            .iter()
            .map(|range| format!("{}: {}", releases(range), range.rows[0].exclusive.findings.join(" ")))
            .collect();
        assert_eq!(shown, ["from 1.26: ", "1.27 → 1.28: LM101", "in 1.27: ", "from 1.28 … 1.37: LM101",]);
    }
}
