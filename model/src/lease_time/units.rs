//! Durations in one whole-number unit, exactly.
//!
//! A clock that runs fast or slow by some parts per million turns a duration into a rational number of nanoseconds. All
//! of them are multiples of the greatest common divisor of all; that is the unit.

use crate::launch::duration::GoDuration;
use crate::zones::Bound;

/// Nanoseconds as a fraction in lowest terms, never negative.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Nanos {
    numerator: u128,
    denominator: u128,
}

const MILLION: u128 = 1_000_000;

impl Nanos {
    /// A duration by the true clock; negative ones count as zero.
    #[must_use]
    pub fn exact(duration: GoDuration) -> Self {
        Nanos { numerator: u128::try_from(duration.nanos).unwrap_or(0), denominator: 1 }
    }

    /// The true time that passes while a clock fast by so many parts per million counts this.
    #[must_use]
    pub fn on_fast(self, ppm: u32) -> Self {
        self.scaled(MILLION, MILLION + u128::from(ppm))
    }

    /// The true time that passes while a clock slow by so many parts per million counts this.
    #[must_use]
    pub fn on_slow(self, ppm: u32) -> Self {
        self.scaled(MILLION, MILLION - u128::from(ppm))
    }

    fn scaled(self, by: u128, over: u128) -> Self {
        let (numerator, denominator) = (self.numerator * by, self.denominator * over);
        let common = gcd(numerator, denominator).max(1);
        Nanos { numerator: numerator / common, denominator: denominator / common }
    }
}

/// The unit that all durations of a question are whole multiples of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Unit(Nanos);

/// The durations have no common unit in which all of them are small enough for exact arithmetic.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TooFine;

impl std::fmt::Display for TooFine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "durations and clock rates have no common unit coarse enough; use rounder numbers")
    }
}

impl std::error::Error for TooFine {}

impl Unit {
    /// One nanosecond.
    pub const NANOSECOND: Unit = Unit(Nanos { numerator: 1, denominator: 1 });

    /// The largest unit of these durations.
    ///
    /// # Errors
    /// If a duration has too many units of it.
    pub fn of(durations: &[Nanos]) -> Result<Unit, TooFine> {
        let mut denominator = 1u128;
        for d in durations {
            let factor = d.denominator / gcd(denominator, d.denominator);
            denominator = denominator.checked_mul(factor).ok_or(TooFine)?;
        }
        let mut numerator = 0u128;
        for d in durations {
            let scaled = d.numerator.checked_mul(denominator / d.denominator).ok_or(TooFine)?;
            numerator = gcd(numerator, scaled);
        }
        let unit = Unit(Nanos { numerator: numerator.max(1), denominator }.scaled(1, 1));
        let fits = durations.iter().all(|&d| unit.count(d).is_some_and(|n| n <= Bound::LARGEST));
        if fits { Ok(unit) } else { Err(TooFine) }
    }

    /// How many units a duration has, if it is a whole number of them.
    #[must_use]
    pub fn count(self, duration: Nanos) -> Option<i64> {
        let numerator = duration.numerator.checked_mul(self.0.denominator)?;
        let denominator = duration.denominator.checked_mul(self.0.numerator)?;
        if numerator % denominator == 0 { i64::try_from(numerator / denominator).ok() } else { None }
    }

    /// So many units, in nanoseconds: numerator and denominator in lowest terms.
    ///
    /// # Panics
    /// If `units` is negative.
    #[must_use]
    pub fn nanos(self, units: i128) -> (u128, u128) {
        let units = u128::try_from(units).expect("times are not negative");
        let time = self.0.scaled(units, 1);
        (time.numerator, time.denominator)
    }
}

fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    fn millis(millis: i64) -> Nanos {
        Nanos::exact(GoDuration { nanos: millis * 1_000_000 })
    }

    #[test]
    fn the_unit_is_the_greatest_common_divisor() {
        let all = [millis(15_000), millis(10_000), millis(2_800)];
        let unit = Unit::of(&all).unwrap();
        assert_eq!(all.map(|d| unit.count(d)), [Some(75), Some(50), Some(14)]);
        assert_eq!(unit.nanos(75), (15_000_000_000, 1));
        assert_eq!(unit.count(millis(1)), None);
    }

    #[test]
    fn drift_is_exact() {
        // 15 s on a clock fast by 500 ppm: 15 s · 2000/2001.
        let fast = millis(15_000).on_fast(500);
        let slow = millis(12_000).on_slow(500);
        let unit = Unit::of(&[fast, slow, millis(1)]).unwrap();
        let (a, b) = (unit.count(fast).unwrap(), unit.count(slow).unwrap());
        assert_eq!(unit.nanos(a.into()), (15_000_000_000 * 2000 / 3, 667));
        assert_eq!(i128::from(a) * 2001 * 12 * 2000, i128::from(b) * 15 * 2000 * 1999);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let odd = |ppm| millis(15_000).on_fast(ppm);
        let many: Vec<Nanos> = [1, 3, 7, 13, 19, 31, 37, 43].into_iter().map(odd).collect();
        assert_eq!(Unit::of(&many), Err(TooFine));
        assert!(TooFine.to_string().ends_with("use rounder numbers"));
    }
}
