//! A convex set of clock values as a difference bound matrix.
//!
//! Clock 0 is the constant zero; entry `(x, y)` bounds `x - y`. Contract: every zone is canonical (each entry is the
//! tightest that follows from all of them) and not empty. An operation that could empty it says so by returning false,
//! and the zone must not be used any more.

use super::bound::Bound;

/// A set of values of `N - 1` clocks, numbered from 1.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Zone<const N: usize> {
    pub(super) bounds: [[Bound; N]; N],
}

impl<const N: usize> Zone<N> {
    /// All clocks are zero.
    #[must_use]
    pub fn origin() -> Self {
        Zone { bounds: [[Bound::ZERO; N]; N] }
    }

    /// Lets any time pass.
    pub fn delay(&mut self) {
        for x in 1..N {
            self.bounds[x][0] = Bound::NONE;
        }
    }

    /// Sets a clock to zero.
    pub fn reset(&mut self, x: usize) {
        self.copy(x, 0);
    }

    /// Sets clock `x` to the value of clock `y`.
    pub fn copy(&mut self, x: usize, y: usize) {
        debug_assert!(x != 0, "clock 0 is always zero");
        if x == y {
            return;
        }
        for z in 0..N {
            self.bounds[x][z] = self.bounds[y][z];
            self.bounds[z][x] = self.bounds[z][y];
        }
        self.bounds[x][x] = Bound::ZERO;
        self.bounds[x][y] = Bound::ZERO;
        self.bounds[y][x] = Bound::ZERO;
    }

    /// Forgets a clock: it may have any value from zero on.
    pub fn free(&mut self, x: usize) {
        for z in 0..N {
            self.bounds[x][z] = Bound::NONE;
            self.bounds[z][x] = self.bounds[z][0];
        }
        self.bounds[x][x] = Bound::ZERO;
    }

    /// Keeps the values with `x - y` within the bound. False if none is left.
    #[must_use]
    pub fn constrain(&mut self, x: usize, y: usize, bound: Bound) -> bool {
        if self.bounds[y][x].plus(bound) < Bound::ZERO {
            return false;
        }
        if bound < self.bounds[x][y] {
            self.bounds[x][y] = bound;
            for p in 0..N {
                let to_x = self.bounds[p][x];
                if to_x == Bound::NONE {
                    continue;
                }
                let through = to_x.plus(bound);
                for q in 0..N {
                    let longer = through.plus(self.bounds[y][q]);
                    if longer < self.bounds[p][q] {
                        self.bounds[p][q] = longer;
                    }
                }
            }
        }
        true
    }

    /// Keeps the values with `x >= constant`. False if none is left.
    #[must_use]
    pub fn at_least(&mut self, x: usize, constant: i64) -> bool {
        self.constrain(0, x, Bound::weak(-constant))
    }

    /// Keeps the values with `x <= constant`. False if none is left.
    #[must_use]
    pub fn at_most(&mut self, x: usize, constant: i64) -> bool {
        self.constrain(x, 0, Bound::weak(constant))
    }

    /// True if every value of the other zone is in this one.
    #[must_use]
    pub fn includes(&self, other: &Self) -> bool {
        (0..N).all(|x| (0..N).all(|y| other.bounds[x][y] <= self.bounds[x][y]))
    }

    /// The tightest bound on `x - y`.
    #[must_use]
    pub fn bound(&self, x: usize, y: usize) -> Bound {
        self.bounds[x][y]
    }

    /// True if the values of all clocks (the first is clock 0 and must be zero) are in the zone.
    #[must_use]
    pub fn contains(&self, values: &[i64; N]) -> bool {
        (0..N).all(|x| (0..N).all(|y| self.bounds[x][y].admits(values[x] - values[y])))
    }

    /// Makes the matrix canonical again after entries were loosened (Floyd and Warshall).
    pub(super) fn close(&mut self) {
        for k in 0..N {
            for i in 0..N {
                let to_k = self.bounds[i][k];
                if to_k == Bound::NONE {
                    continue;
                }
                for j in 0..N {
                    let through = to_k.plus(self.bounds[k][j]);
                    if through < self.bounds[i][j] {
                        self.bounds[i][j] = through;
                    }
                }
            }
        }
    }
}
