//! How far one parameter can go: the largest value that is proved safe and the smallest that is refuted.
//!
//! Both ends come from the theorem, the safe one with the covering stop time and the other without alike writes (see
//! [`super::question`]). The closed form only says where to look first; where it is wrong, galloping and bisection find
//! the ends all the same.

use super::answers::Theorem;
use super::question::{Parameter, Question};

/// The ends of what is safe, in nanoseconds or parts per million.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Limit {
    /// The largest value that is proved safe; `None`: not even zero.
    pub safe: Option<i64>,
    /// The smallest value that was found refuted, if one was.
    pub broken: Option<i64>,
    /// Why the search for the safe end stopped early. What lies between the ends is not decided: it depends on writes that
    /// read alike.
    pub unknown: Option<&'static str>,
}

/// Milliseconds for durations, thousands of parts per million for clocks: finer rates have no unit in common with the
/// durations that exact arithmetic could use.
pub const fn grid(parameter: Parameter) -> i64 {
    match parameter {
        Parameter::ClockRate => 1_000,
        _ => 1_000_000,
    }
}

/// The limit of a parameter up to `most`, all else being as the question says.
pub fn limit(theorem: &Theorem, question: &Question, parameter: Parameter, most: i64) -> Limit {
    let grid = grid(parameter);
    let with = |steps: i64| question.with(parameter, steps.saturating_mul(grid));
    let left = |steps| with(steps).closed_form();
    let left_covering = |steps| with(steps).covering().map_or(i64::MIN, |c| c.closed_form());
    let most = most / grid;
    let proved = search(guess(most, left_covering), most, |s| theorem.proved(&with(s)));
    let border = guess(most, left) + 1;
    let refuted = |s: &i64| *s <= most && theorem.not_refuted(&with(*s)) == Ok(false);
    let broken = Some(border).filter(refuted);
    let scale = |steps: Option<i64>| steps.map(|s| s * grid);
    Limit { safe: scale(proved.safe), broken: scale(broken), unknown: proved.unknown }
}

/// The last step at which something is left by arithmetic, which falls from step to step; -1 if nothing ever is.
pub(super) fn guess(most: i64, left: impl Fn(i64) -> i64) -> i64 {
    let (mut low, mut high) = (-1, most + 1);
    while high - low > 1 {
        let middle = i64::midpoint(low, high);
        if left(middle) > 0 { low = middle } else { high = middle }
    }
    low
}

/// The ends within `0..=most`, where answers go from safe (true) to unsafe.
pub fn search(guess: i64, most: i64, mut ask: impl FnMut(i64) -> Result<bool, &'static str>) -> Limit {
    let (mut safe, mut broken, mut unknown) = (None, None, None);
    let mut at = guess.clamp(0, most);
    let mut stride = 1;
    // From the guess upwards until something breaks, downwards until something is safe.
    loop {
        match ask(at) {
            Ok(true) => safe = Some(at),
            Ok(false) => broken = Some(at),
            Err(why) => {
                unknown = Some(why);
                break;
            }
        }
        at = match (safe, broken) {
            (Some(s), None) if s < most => (s + stride).min(most),
            (None, Some(b)) if b > 0 => (b - stride).max(0),
            (Some(s), Some(b)) if b - s > 1 => i64::midpoint(s, b),
            _ => break,
        };
        stride = stride.saturating_mul(2);
    }
    Limit { safe, broken, unknown }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Safe up to `last`, refuted beyond.
    fn step(last: i64) -> impl FnMut(i64) -> Result<bool, &'static str> {
        move |at| Ok(at <= last)
    }

    proptest! {
        #[test]
        fn any_guess_finds_the_same_neighbours(last in -1i64..60, guess in -70i64..70, most in 0i64..50) {
            let found = search(guess, most, step(last));
            let safe = (last >= 0).then(|| last.min(most));
            let broken = (last < most).then_some(last + 1);
            prop_assert_eq!(found, Limit { safe, broken, unknown: None });
        }
    }

    #[test]
    fn a_guess_is_the_last_step_with_something_left() {
        assert_eq!([5, 11, 0].map(|most| guess(10, |steps| most - steps)), [4, 10, -1]);
    }

    #[test]
    fn what_has_no_answer_is_said() {
        let mut beyond = step(20);
        let found = search(5, 50, |at| if (8..12).contains(&at) { Err("no") } else { beyond(at) });
        assert_eq!(found, Limit { safe: Some(6), broken: None, unknown: Some("no") });
    }

    /// How often it asks if the last safe step is `last` and the guess this one.
    fn asked(last: i64, guess: i64) -> u32 {
        let mut asked = 0;
        let mut inner = step(last);
        search(guess, 5_000, |at| {
            asked += 1;
            inner(at)
        });
        asked
    }

    #[test]
    fn a_good_guess_asks_twice() {
        assert_eq!(asked(2_985, 2_985), 2);
    }

    #[test]
    fn a_guess_that_is_almost_right_asks_a_few_times() {
        assert_eq!([asked(2_980, 2_985), asked(2_985, 2_980)], [6, 6]);
    }
}
