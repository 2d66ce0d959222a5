//! One entry of a difference bound matrix: `x - y < c`, `x - y <= c`, or no bound.
//!
//! Packed as twice the constant, plus one if the bound is weak, so that a tighter bound is a smaller number.

/// An upper bound on the difference of two clocks. Constants are whole time units, at most [`Bound::LARGEST`] in size.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bound(i64);

impl Bound {
    /// No bound at all.
    pub const NONE: Bound = Bound(i64::MAX);
    /// `<= 0`.
    pub const ZERO: Bound = Bound(1);
    /// The largest constant: sums of two paths through a matrix of ten clocks stay within 64 bits, even if each bound of
    /// them is the sum of two such constants.
    pub const LARGEST: i64 = 1 << 56;

    /// `<= constant`.
    #[must_use]
    pub const fn weak(constant: i64) -> Bound {
        Bound(2 * constant + 1)
    }

    /// `< constant`.
    #[must_use]
    pub const fn strict(constant: i64) -> Bound {
        Bound(2 * constant)
    }

    /// The constant, unless there is no bound.
    #[must_use]
    pub fn constant(self) -> Option<i64> {
        (self != Bound::NONE).then_some(self.0 >> 1)
    }

    /// True for `<=`.
    #[must_use]
    pub fn is_weak(self) -> bool {
        self.0 & 1 == 1
    }

    /// The bound on `x - z` that follows from one on `x - y` and one on `y - z`.
    #[must_use]
    pub fn plus(self, other: Bound) -> Bound {
        if self == Bound::NONE || other == Bound::NONE {
            return Bound::NONE;
        }
        // Both constants added; weak only if both are.
        Bound(self.0 + other.0 - ((self.0 | other.0) & 1))
    }

    /// True if a difference of `value` satisfies the bound.
    #[must_use]
    pub fn admits(self, value: i64) -> bool {
        self == Bound::NONE || Bound::weak(value) <= self
    }
}

impl std::fmt::Debug for Bound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.constant() {
            None => write!(f, "∞"),
            Some(c) => write!(f, "{}{c}", if self.is_weak() { "≤" } else { "<" }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Bound;

    #[test]
    fn tighter_is_smaller() {
        assert!(Bound::strict(3) < Bound::weak(3));
        assert!(Bound::weak(2) < Bound::strict(3));
        assert!(Bound::weak(-3) < Bound::strict(-2));
        assert!(Bound::weak(Bound::LARGEST) < Bound::NONE);
    }

    #[test]
    fn a_sum_is_weak_only_if_both_parts_are() {
        assert_eq!(Bound::weak(2).plus(Bound::weak(-5)), Bound::weak(-3));
        assert_eq!(Bound::weak(2).plus(Bound::strict(-5)), Bound::strict(-3));
        assert_eq!(Bound::strict(2).plus(Bound::strict(5)), Bound::strict(7));
        assert_eq!(Bound::NONE.plus(Bound::strict(5)), Bound::NONE);
    }

    #[test]
    fn a_strict_bound_excludes_its_constant() {
        assert!(Bound::weak(4).admits(4) && !Bound::strict(4).admits(4) && Bound::strict(4).admits(3));
    }

    #[test]
    fn a_bound_reads_as_it_is_written() {
        let all = [Bound::weak(3), Bound::strict(-3), Bound::ZERO, Bound::NONE];
        assert_eq!(all.map(|bound| format!("{bound:?}")), ["≤3", "<-3", "≤0", "∞"]);
    }
}
