//! The safe region over two parameters, point by point.
//!
//! Of a parameter that bounds what may happen (a delay, a stop time, a pause, a clock's drift) a larger value allows
//! every run that a smaller one allows. Where both are of that kind the border is a staircase, and only its steps are
//! asked from the theorem; else every point is.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use leasehold_model::launch::duration::GoDuration;

use super::document::{Axis, Sweep, in_unit, unit};
use super::question::{Parameter, Question, Theorem, Truth};
use crate::progress::Watch;

/// One axis as it is asked for: `reply-delay` or `reply-delay=0s..5s`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Range {
    /// The parameter.
    pub parameter: Parameter,
    /// From and to, in nanoseconds or parts per million; nothing: what fits the durations.
    pub bounds: Option<(i64, i64)>,
}

/// A sweep that takes longer is announced before it begins.
const LONG: Duration = Duration::from_secs(60);

impl std::str::FromStr for Range {
    type Err = String;

    fn from_str(text: &str) -> Result<Range, String> {
        let (name, bounds) = text.split_once('=').map_or((text, None), |(name, bounds)| (name, Some(bounds)));
        let parameters = <Parameter as clap::ValueEnum>::value_variants();
        let parameter = parameters.iter().find(|p| p.name() == name).copied().ok_or_else(|| {
            let names: Vec<&str> = parameters.iter().map(|p| p.name()).collect();
            format!("`{name}` is no parameter: expected one of {}", names.join(", "))
        })?;
        let value = |text: &str| match parameter {
            Parameter::ClockRate => super::arguments::ppm(text),
            _ => GoDuration::parse(text).map(|d| d.nanos),
        };
        let bounds = match bounds {
            None => None,
            Some(bounds) => {
                let (from, to) = bounds.split_once("..").ok_or("a range is written FROM..TO, such as 0s..5s")?;
                let (from, to) = (value(from)?, value(to)?);
                if from < 0 || to <= from {
                    return Err(format!("`{text}`: a range begins at 0 or above and ends above its beginning"));
                }
                Some((from, to))
            }
        };
        Ok(Range { parameter, bounds })
    }
}

impl Range {
    /// The values: `points` of them, on whole milliseconds or parts per million.
    fn values(self, question: &Question, points: usize) -> Vec<i64> {
        let durations = question.contenders[0].durations;
        let lease = durations.lease().nanos;
        let (from, to) = self.bounds.unwrap_or(match self.parameter {
            Parameter::ReplyDelay => (0, question.contenders[0].waits().nanos),
            Parameter::StopTime => (0, lease / 2),
            Parameter::Pause => (0, lease),
            Parameter::ClockRate => (0, 200_000),
            Parameter::LeaseDuration => (durations.renew().nanos, lease.saturating_mul(2)),
            Parameter::RenewDeadline => (durations.retry().nanos, lease),
            Parameter::RetryPeriod => (durations.retry().nanos / 4, durations.renew().nanos),
        });
        let grid = super::limit::grid(self.parameter);
        let steps = points.max(2) as i128 - 1;
        let at = |i: i128| i128::from(from) + (i128::from(to) - i128::from(from)) * i / steps;
        let whole = |v: i128| i64::try_from(v / i128::from(grid)).unwrap_or(i64::MAX / grid) * grid;
        let mut values: Vec<i64> = (0..=steps).map(|i| whole(at(i))).collect();
        values.dedup();
        values
    }
}

/// Asks for every point, until Ctrl-C. `announce` is told, before it begins, of a sweep that takes long.
pub fn sweep(
    theorem: &Theorem,
    lock: &str,
    question: &Question,
    axes: [Range; 2],
    points: usize,
    watch: &Watch,
    announce: impl FnOnce(String),
) -> Sweep {
    let [xs, ys] = axes.map(|axis| axis.values(question, points));
    let monotone = axes.iter().all(|axis| axis.parameter.bounds_runs());
    let most = if monotone { xs.len() + ys.len() } else { xs.len() * ys.len() };
    let began = Instant::now();
    let mut asked = 0;
    let mut announce = Some(announce);
    let mut ask = |x: i64, y: i64| -> Option<char> {
        let changed = question.with(axes[0].parameter, x).and_then(|q| q.with(axes[1].parameter, y));
        let Some(changed) = changed else { return Some('x') };
        let line = |_: Duration| format!("{asked} of at most {most} points   Ctrl-C: stop with what was found");
        if let ControlFlow::Break(()) = watch.say(line) {
            return None;
        }
        let answer = match theorem.decide(&changed) {
            Truth::Safe => 's',
            Truth::Unsafe(_) => 'u',
            Truth::Unknown(_) => '?',
        };
        asked += 1;
        let expected = began.elapsed() * u32::try_from(most).unwrap_or(u32::MAX) / u32::try_from(asked).unwrap_or(1);
        // A few points tell how long one takes.
        if asked == 4
            && expected > LONG
            && let Some(announce) = announce.take()
        {
            let minutes = expected.as_secs() / 60 + 1;
            announce(format!("{most} points to ask for, about {minutes} min; Ctrl-C stops it with what was found"));
        }
        Some(answer)
    };
    let mut rows = vec![vec!['.'; xs.len()]; ys.len()];
    let complete = if monotone { staircase(&xs, &ys, &mut rows, &mut ask) } else { all(&xs, &ys, &mut rows, &mut ask) };
    let axis = |axis: Range, values: &[i64]| Axis {
        parameter: axis.parameter.name(),
        unit: unit(axis.parameter),
        values: values.iter().map(|&v| in_unit(axis.parameter, v)).collect(),
    };
    Sweep {
        lock: lock.into(),
        x: axis(axes[0], &xs),
        y: axis(axes[1], &ys),
        rows: rows.into_iter().map(String::from_iter).collect(),
        complete,
        asked,
    }
}

type Rows = Vec<Vec<char>>;

fn all(xs: &[i64], ys: &[i64], rows: &mut Rows, ask: &mut impl FnMut(i64, i64) -> Option<char>) -> bool {
    for (row, &y) in rows.iter_mut().zip(ys) {
        for (cell, &x) in row.iter_mut().zip(xs) {
            match ask(x, y) {
                Some(answer) => *cell = answer,
                None => return false,
            }
        }
    }
    true
}

/// Walks along the border: from the right in the lowest row; what is safe there makes everything to its left safe, and
/// what is unsafe everything to its right and above it.
fn staircase(xs: &[i64], ys: &[i64], rows: &mut Rows, ask: &mut impl FnMut(i64, i64) -> Option<char>) -> bool {
    let mut right = xs.len();
    for (j, &y) in ys.iter().enumerate() {
        rows[j][right..].fill('u');
        let mut open = Vec::new();
        let mut i = right;
        while i > 0 {
            match ask(xs[i - 1], y) {
                None => {
                    // What lies to the left of the border is not known without an answer.
                    return false;
                }
                Some('s') => {
                    rows[j][..i].fill('s');
                    break;
                }
                Some('u') => {
                    rows[j][i - 1..right].fill('u');
                    right = i - 1;
                    open.clear();
                }
                Some(_) => open.push(i - 1),
            }
            i -= 1;
        }
        for at in open {
            rows[j][at] = '?';
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_staircase_is_what_all_points_give(a in 1i64..4, b in 1i64..4, c in -3i64..40, n in 1usize..9, m in 1usize..9) {
            let xs: Vec<i64> = (0..n as i64).collect();
            let ys: Vec<i64> = (0..m as i64).collect();
            let answer = |x: i64, y: i64| if a * x + b * y <= c { 's' } else { 'u' };
            let (mut walked, mut each) = (vec![vec!['.'; n]; m], vec![vec!['.'; n]; m]);
            let mut asked = 0;
            let mut ask = |x, y| {
                asked += 1;
                Some(answer(x, y))
            };
            prop_assert!(staircase(&xs, &ys, &mut walked, &mut ask));
            prop_assert!(asked <= n + m);
            prop_assert!(all(&xs, &ys, &mut each, &mut |x, y| Some(answer(x, y))));
            prop_assert_eq!(walked, each);
        }
    }

    #[test]
    fn points_without_an_answer_are_kept_apart() {
        let (xs, ys) = ([0, 1, 2, 3], [0, 1]);
        let mut rows = vec![vec!['.'; 4]; 2];
        let mut ask = |x: i64, _| {
            Some(if x < 1 {
                's'
            } else if x < 2 {
                '?'
            } else {
                'u'
            })
        };
        assert!(staircase(&xs, &ys, &mut rows, &mut ask));
        let rows: Vec<String> = rows.into_iter().map(String::from_iter).collect();
        assert_eq!(rows, ["s?uu", "s?uu"]);
    }

    #[test]
    fn a_stopped_sweep_says_what_it_did_not_ask() {
        let mut left = 2;
        let mut rows = vec![vec!['.'; 3]; 2];
        let mut ask = |_, _| {
            left -= 1;
            (left >= 0).then_some('u')
        };
        assert!(!staircase(&[0, 1, 2], &[0, 1], &mut rows, &mut ask));
        let rows: Vec<String> = rows.into_iter().map(String::from_iter).collect();
        assert_eq!(rows, [".uu", "..."]);
    }

    #[test]
    fn ranges_are_read_with_their_units() {
        let range = |text: &str| text.parse::<Range>();
        assert_eq!(range("pause"), Ok(Range { parameter: Parameter::Pause, bounds: None }));
        let delay = Range { parameter: Parameter::ReplyDelay, bounds: Some((0, 5_000_000_000)) };
        assert_eq!(range("reply-delay=0s..5s"), Ok(delay));
        let rate = Range { parameter: Parameter::ClockRate, bounds: Some((0, 10_000)) };
        assert_eq!(range("clock-rate=0ppm..1%"), Ok(rate));
        for (text, error) in [
            (
                "delay",
                "`delay` is no parameter: expected one of reply-delay, stop-time, pause, clock-rate, lease-duration, renew-deadline, retry-period",
            ),
            ("pause=1s", "a range is written FROM..TO, such as 0s..5s"),
            ("pause=2s..1s", "`pause=2s..1s`: a range begins at 0 or above and ends above its beginning"),
            ("pause=0..5", "time: missing unit in duration \"5\""),
        ] {
            assert_eq!(range(text).unwrap_err(), error);
        }
    }
}
