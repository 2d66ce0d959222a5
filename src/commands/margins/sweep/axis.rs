//! `--sweep`: two axes as they are written, `reply-delay=0s..6s/100`.

use leasehold_model::launch::duration::GoDuration;
use leasehold_model::lease_time::frontier::{Axis, Varied};
use leasehold_model::lease_time::question::Parameter;
use leasehold_scenarios::timing;

/// The most steps of an axis: a map of a million points.
const MOST_STEPS: u32 = 1_000;

/// Reads both axes.
///
/// # Errors
/// What is wrong with each, and what was expected.
pub fn axes(text: &str) -> Result<[Axis; 2], Vec<String>> {
    let parts: Vec<&str> = text.split(',').collect();
    let [first, second] = parts.as_slice() else {
        return Err(vec!["expected two axes, such as reply-delay=0s..6s/100,stop-time=0s..6s/100".into()]);
    };
    match (axis(first), axis(second)) {
        (Ok(a), Ok(b)) if a.varied == b.varied => Err(vec![format!("both axes are {}", a.varied.name())]),
        (Ok(a), Ok(b)) => Ok([a, b]),
        (a, b) => Err([a.err(), b.err()].into_iter().flatten().collect()),
    }
}

fn axis(text: &str) -> Result<Axis, String> {
    let malformed = || format!("`{text}`: expected NAME=FROM..TO/STEPS, such as stop-time=0s..6s/100");
    let (name, range) = text.trim().split_once('=').ok_or_else(malformed)?;
    let varied = Varied::ALL.into_iter().find(|varied| varied.name() == name).ok_or_else(|| {
        let names: Vec<&str> = Varied::ALL.iter().map(|varied| varied.name()).collect();
        format!("`{name}` cannot be varied: expected {}", names.join(", "))
    })?;
    let (range, steps) = range.rsplit_once('/').ok_or_else(malformed)?;
    let (from, to) = range.split_once("..").ok_or_else(malformed)?;
    let steps = steps.parse::<u32>().ok().filter(|steps| (1..=MOST_STEPS).contains(steps));
    let steps = steps.ok_or_else(|| format!("`{text}`: expected 1 to {MOST_STEPS} steps"))?;
    let value = |value: &str| read(varied, value).map_err(|why| format!("`{text}`: {why}"));
    let (from, to) = (value(from)?, value(to)?);
    if to <= from {
        return Err(format!("`{text}`: the range is empty"));
    }
    // Finer than a microsecond, durations have no unit in common that exact arithmetic could use.
    let (grid, unit) = if is_clock(varied) { (1, "part per million") } else { (1_000, "microsecond") };
    let whole = (to - from) % i64::from(steps) == 0 && (to - from) / i64::from(steps) % grid == 0 && from % grid == 0;
    if !whole {
        return Err(format!("`{text}`: a step is no whole {unit}: choose another number of steps"));
    }
    Ok(Axis { varied, from, step: (to - from) / i64::from(steps), steps })
}

fn read(varied: Varied, text: &str) -> Result<i64, String> {
    match varied {
        Varied::Assumed(Parameter::ClockRate) => timing::ppm(text),
        _ => timing::duration(text).map(|d| d.nanos),
    }
}

/// True for a rate; everything else is a duration.
pub fn is_clock(varied: Varied) -> bool {
    varied == Varied::Assumed(Parameter::ClockRate)
}

/// A value as it is written.
pub fn shown(varied: Varied, value: i64) -> String {
    if is_clock(varied) { format!("{value}ppm") } else { GoDuration { nanos: value }.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_are_read_with_every_mistake() {
        let read = axes("reply-delay=0s..6s/100,clock-rate=0..0.1%/10").expect("two axes");
        assert_eq!(read[0], Axis { varied: Varied::ALL[0], from: 0, step: 60_000_000, steps: 100 });
        assert_eq!(read[1], Axis { varied: Varied::ALL[3], from: 0, step: 100, steps: 10 });
        let wrong: Vec<String> = [
            "reply-delay=0s..6s/100",
            "reply-delay=0s..6s/100,reply-delay=0s..6s/100",
            "delay=0s..6s/100,stop-time=0s..6/100",
            "stop-time=0s..6s,pause=6s..0s/3",
            "stop-time=0s..6s/0,pause=0s..1s/7",
        ]
        .iter()
        .flat_map(|text| axes(text).expect_err("wrong"))
        .collect();
        assert_eq!(
            wrong,
            [
                "expected two axes, such as reply-delay=0s..6s/100,stop-time=0s..6s/100",
                "both axes are reply-delay",
                "`delay` cannot be varied: expected reply-delay, stop-time, pause, clock-rate, lease-duration, \
                 renew-deadline, retry-period",
                "`stop-time=0s..6/100`: time: missing unit in duration \"6\"",
                "`stop-time=0s..6s`: expected NAME=FROM..TO/STEPS, such as stop-time=0s..6s/100",
                "`pause=6s..0s/3`: the range is empty",
                "`stop-time=0s..6s/0`: expected 1 to 1000 steps",
                "`pause=0s..1s/7`: a step is no whole microsecond: choose another number of steps",
            ]
        );
    }
}
