//! Where safety ends: the largest value of a parameter that is still safe, exactly.
//!
//! More of a parameter only adds runs (longer delays, stops, pauses, drifts and request limits allow everything that
//! shorter ones do), so safety is monotone in it and bisection finds the one place where it ends. LeaseDuration is monotone
//! the other way: with lost requests a challenger that judges by a shorter one can still fail to take the lease as late
//! as it likes. RetryPeriod is not monotone and is no [`Parameter`] here.

use super::parameters::{Assumptions, Elector, Pair, Pause};
use super::theorem::{Answer, decide_all};
use crate::launch::duration::GoDuration;
use crate::zones::Options;

/// What is varied.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Parameter {
    /// [`Assumptions::reply_delay`], in nanoseconds.
    ReplyDelay,
    /// [`Assumptions::stop_time`], in nanoseconds.
    StopTime,
    /// One pause, its length in nanoseconds.
    Pause,
    /// [`Elector::request_timeout`] of all electors, in nanoseconds; the reply delay is cut to it.
    RequestTimeout,
    /// [`Elector::drift_ppm`] of all electors, in parts per million.
    Drift,
}

impl Parameter {
    /// The question with this value.
    #[must_use]
    pub fn set(self, configurations: &[Elector], assumptions: &Assumptions, value: i64) -> (Vec<Elector>, Assumptions) {
        let mut electors = configurations.to_vec();
        let mut changed = *assumptions;
        let duration = GoDuration { nanos: value };
        match self {
            Parameter::ReplyDelay => changed.reply_delay = Some(duration),
            Parameter::StopTime => changed.stop_time = duration,
            Parameter::Pause => changed.pause = Pause::Once(Some(duration)),
            Parameter::RequestTimeout => electors.iter_mut().for_each(|e| e.request_timeout = duration),
            Parameter::Drift => {
                let ppm = u32::try_from(value).unwrap_or(u32::MAX).min(999_999);
                electors.iter_mut().for_each(|e| e.drift_ppm = ppm);
            }
        }
        (electors, changed)
    }
}

/// One side of a frontier, or both: values are on the grid `step`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Frontier {
    /// The largest value found safe; none if not even zero is.
    pub safe: Option<i64>,
    /// The smallest value found unsafe; none if not even the largest asked about is.
    pub unsafe_from: Option<i64>,
    /// The values whose answer is not known lie between the two; zero if there are none but a step.
    pub unknown: i64,
    /// Questions asked.
    pub questions: u32,
}

/// The frontier of one parameter between zero and `most`, on multiples of `step`.
///
/// # Panics
/// If `step` is not positive or `most` is negative.
#[must_use]
pub fn frontier(
    configurations: &[Elector],
    assumptions: &Assumptions,
    parameter: Parameter,
    step: i64,
    most: i64,
    options: Options,
) -> Frontier {
    assert!(step > 0 && most >= 0, "a grid from zero upwards");
    let mut questions = 0;
    let mut ask = |steps: i64| {
        questions += 1;
        let (electors, assumptions) = parameter.set(configurations, assumptions, steps * step);
        decide_all(&Pair::all(&electors), &assumptions, options).answer
    };
    // The last step below which everything is proved, and the first from which everything is refuted. What is not known
    // counts as neither.
    let last = most / step;
    let mut edge = |safe: &dyn Fn(&Answer) -> bool| {
        if !safe(&ask(0)) {
            return None;
        }
        let (mut low, mut high) = (0, last + 1);
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if safe(&ask(middle)) { low = middle } else { high = middle }
        }
        Some(low)
    };
    let proved = edge(&|answer| *answer == Answer::Proved);
    // Between the two only if something was inconclusive: ask there again for what is refuted.
    let not_refuted = match proved {
        Some(steps) if steps >= last => Some(steps),
        _ => edge(&|answer| !matches!(answer, Answer::Refuted(_))),
    };
    let unsafe_steps = not_refuted.map_or(0, |steps| steps + 1);
    Frontier {
        safe: proved.map(|steps| steps * step),
        unsafe_from: (unsafe_steps <= last).then_some(unsafe_steps * step),
        unknown: (unsafe_steps - 1 - proved.unwrap_or(-1)) * step,
        questions,
    }
}

/// Both parameters of a sweep and their grids: values are `0, step, …, (points - 1) · step`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Axis {
    /// What is varied.
    pub parameter: Parameter,
    /// The distance of two values.
    pub step: i64,
    /// How many values.
    pub points: usize,
}

/// The safe region over two parameters, row by row: can be stopped after any row, kept, and gone on with.
///
/// Because safety is monotone in both, the edge only moves down from row to row, and a sweep asks about at most as many
/// points as both axes have together. The other points follow.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sweep {
    /// Along a row.
    pub along: Axis,
    /// From row to row.
    pub across: Axis,
    /// For each row done, how many values along it are proved safe, and from which on they are refuted.
    pub rows: Vec<Row>,
}

/// One row of a sweep.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Row {
    /// That many values from zero on are safe.
    pub safe: usize,
    /// Values from this number on are unsafe; between the two nothing is known.
    pub unsafe_from: usize,
}

impl Sweep {
    /// A sweep of which nothing is done.
    #[must_use]
    pub fn new(along: Axis, across: Axis) -> Self {
        Sweep { along, across, rows: Vec::new() }
    }

    /// True if every row is done.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.rows.len() >= self.across.points
    }

    /// Does one more row, if one is left.
    pub fn next_row(&mut self, configurations: &[Elector], assumptions: &Assumptions, options: Options) {
        if self.is_done() {
            return;
        }
        let value = i64::try_from(self.rows.len()).expect("few rows") * self.across.step;
        let (electors, assumptions) = self.across.parameter.set(configurations, assumptions, value);
        let ask = |number: usize| {
            let value = i64::try_from(number).expect("few values") * self.along.step;
            let (electors, assumptions) = self.along.parameter.set(&electors, &assumptions, value);
            decide_all(&Pair::all(&electors), &assumptions, options).answer
        };
        let above =
            self.rows.last().copied().unwrap_or(Row { safe: self.along.points, unsafe_from: self.along.points });
        let mut row = above;
        let mut unsafe_from = above.unsafe_from;
        while row.safe > 0 {
            match ask(row.safe - 1) {
                Answer::Proved => break,
                Answer::Refuted(_) => unsafe_from = row.safe - 1,
                Answer::Inconclusive(_) => {}
            }
            row.safe -= 1;
        }
        row.unsafe_from = unsafe_from;
        self.rows.push(row);
    }
}
