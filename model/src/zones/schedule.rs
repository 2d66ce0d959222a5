//! Concrete times for a sequence of events, from bounds on their differences.
//!
//! A path of a timed automaton allows exactly the times that satisfy its difference constraints; the earliest solution
//! is a longest path (R. Dechter, I. Meiri, J. Pearl, Temporal Constraint Networks, Artificial Intelligence 49, 1991).
//! A strict bound asks for more than its constant: with `n` events a surplus of `1/(n + 1)` of a unit for each is enough,
//! so solutions are rationals with that denominator, found in whole numbers. These are twice as wide as a constraint's:
//! no sum of constraints overflows.

/// Events `0..n` and what is known of their times. Event 0 is at time zero, and none is earlier.
#[derive(Clone, Debug)]
pub struct Schedule {
    events: usize,
    /// `(from, to, gap)`: `to` is at least `gap` after `from`; in units of `1/denominator`.
    gaps: Vec<(usize, usize, i128)>,
    strict: bool,
}

/// Times of events, as numerators over one denominator; in the unit of the constraints.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Times {
    /// One per event.
    pub numerators: Vec<i128>,
    /// At least 1.
    pub denominator: i128,
}

impl Schedule {
    /// That many events without any constraint.
    #[must_use]
    pub fn new(events: usize) -> Self {
        Schedule { events, gaps: Vec::new(), strict: false }
    }

    fn denominator(&self) -> i128 {
        i128::try_from(self.events).expect("few events") + 1
    }

    /// `to` happens at least `gap` after `from`; a negative gap lets it happen before.
    pub fn at_least(&mut self, from: usize, to: usize, gap: i64) {
        self.gaps.push((from, to, i128::from(gap) * self.denominator()));
    }

    /// `to` happens at most `gap` after `from`.
    pub fn at_most(&mut self, from: usize, to: usize, gap: i64) {
        self.gaps.push((to, from, -i128::from(gap) * self.denominator()));
    }

    /// `to` happens more than `gap` after `from`.
    pub fn more_than(&mut self, from: usize, to: usize, gap: i64) {
        self.gaps.push((from, to, i128::from(gap) * self.denominator() + 1));
        self.strict = true;
    }

    /// `to` happens less than `gap` after `from`.
    pub fn less_than(&mut self, from: usize, to: usize, gap: i64) {
        self.gaps.push((to, from, -i128::from(gap) * self.denominator() + 1));
        self.strict = true;
    }

    /// The earliest times that satisfy every constraint; none if nothing does.
    #[must_use]
    pub fn earliest(&self) -> Option<Times> {
        let mut times = vec![0i128; self.events];
        for _ in 0..=self.events {
            let mut changed = false;
            for &(from, to, gap) in &self.gaps {
                if times[from] + gap > times[to] {
                    times[to] = times[from] + gap;
                    changed = true;
                }
            }
            if times.first().is_some_and(|&first| first > 0) {
                return None;
            }
            if !changed {
                let denominator = if self.strict { self.denominator() } else { 1 };
                let scale = self.denominator() / denominator;
                return Some(Times { numerators: times.iter().map(|t| t / scale).collect(), denominator });
            }
        }
        None
    }
}
