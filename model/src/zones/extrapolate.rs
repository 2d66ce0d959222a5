//! Extrapolation by lower and upper bounds: forgets what no guard can tell apart, so that finitely many zones remain.
//!
//! For each clock `x` let `L(x)` be the largest constant that some guard reachable before the next reset of `x` compares
//! it with from below (`x >= c`), and `U(x)` from above (`x <= c`). A value `v` is simulated by `w` if for every clock
//! `w(x) = v(x)`, or `L(x) < w(x) < v(x)`, or `U(x) < v(x) < w(x)`: what `v` can do, `w` can do, as long as guards and
//! invariants compare one clock with one constant. The operation below is Extra⁺_LU of Behrmann, Bouyer, Larsen and
//! Pelánek (TACAS 2004): every value it adds is simulated by one that was there, so a location that becomes reachable was
//! reachable, and the search stays exact. Diagonal guards would break this (P. Bouyer, Untameable Timed Automata!, STACS
//! 2003); `Guard` has none. A clock copy `x := y` is sound because the automaton counts the bounds of `x` for `y`, too.

use super::{bound::Bound, zone::Zone};

/// The constants of one clock; `None` if no guard of that kind is ahead.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Limits {
    /// The largest constant the clock is compared with from below.
    pub lower: Option<i64>,
    /// The largest constant the clock is compared with from above.
    pub upper: Option<i64>,
}

impl Limits {
    /// Counts a guard `x >= constant`.
    pub fn from_below(&mut self, constant: i64) {
        self.lower = self.lower.max(Some(constant));
    }

    /// Counts a guard or an invariant `x <= constant`.
    pub fn from_above(&mut self, constant: i64) {
        self.upper = self.upper.max(Some(constant));
    }

    /// True if nothing depends on the clock until it is set again.
    #[must_use]
    pub fn is_inactive(&self) -> bool {
        self.lower.is_none() && self.upper.is_none()
    }
}

impl<const N: usize> Zone<N> {
    /// Widens the zone to all values that are simulated by one in it. `limits[0]` is ignored.
    pub fn extrapolate(&mut self, limits: &[Limits; N]) {
        let old = self.bounds;
        // `-old[0][x]` is the least value of x: beyond a limit if it exceeds the constant.
        let beyond = |x: usize, limit: Option<i64>| limit.is_none_or(|c| old[0][x] < Bound::weak(-c));
        let mut changed = false;
        for x in 0..N {
            for y in 0..N {
                if x == y || old[x][y] == Bound::NONE {
                    continue;
                }
                let loose = if x == 0 {
                    match limits[y].upper {
                        None => Bound::ZERO,
                        Some(c) if beyond(y, Some(c)) => Bound::strict(-c),
                        Some(_) => continue,
                    }
                } else if limits[x].lower.is_none_or(|c| old[x][y] > Bound::weak(c))
                    || beyond(x, limits[x].lower)
                    || (y != 0 && beyond(y, limits[y].upper))
                {
                    Bound::NONE
                } else {
                    continue;
                };
                if loose != old[x][y] {
                    self.bounds[x][y] = loose;
                    changed = true;
                }
            }
        }
        if changed {
            self.close();
        }
    }
}
