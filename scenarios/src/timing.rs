//! What is assumed of time, as text: in `assume.timing` of a scenario, and as flags.

use leasehold_model::launch::duration::GoDuration;
use leasehold_model::lease_time::question::{Assumed, MOST_PPM, Parameter};

/// Sets one value from its text.
///
/// # Errors
/// What is wrong with the text.
pub fn set(assumed: &mut Assumed, parameter: Parameter, text: &str) -> Result<(), String> {
    match parameter {
        Parameter::ReplyDelay if text == "any" => assumed.reply_delay = None,
        Parameter::ReplyDelay => assumed.reply_delay = Some(duration(text)?),
        Parameter::StopTime => assumed.stop_time = duration(text)?,
        Parameter::Pause => assumed.pause = duration(text)?,
        Parameter::ClockRate => assumed.clock_ppm = ppm(text)?,
    }
    Ok(())
}

/// A duration as Go writes it that is not negative.
///
/// # Errors
/// Go's own message, or that it is negative.
pub fn duration(text: &str) -> Result<GoDuration, String> {
    GoDuration::parse(text).and_then(|d| match d.nanos {
        0.. => Ok(d),
        _ => Err(format!("{text} is negative")),
    })
}

/// Parts per million: `500ppm`, `500`, `0.05%`.
///
/// # Errors
/// What was expected.
pub fn ppm(text: &str) -> Result<i64, String> {
    let expected = || format!("`{text}` is no clock rate: expected 500ppm or 0.05%, at most {MOST_PPM}ppm");
    let (number, scale) = match text.strip_suffix('%') {
        Some(number) => (number, 10_000.0),
        None => (text.strip_suffix("ppm").unwrap_or(text), 1.0),
    };
    let value = number.trim().parse::<f64>().ok().filter(|v| v.is_finite() && *v >= 0.0).ok_or_else(expected)?;
    let ppm = (value * scale).ceil();
    if ppm > MOST_PPM as f64 { Err(expected()) } else { Ok(ppm as i64) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clock_rates_in_both_units() {
        assert_eq!(["500ppm", "78", "0.05%", "0"].map(ppm), [Ok(500), Ok(78), Ok(500), Ok(0)]);
        for text in ["-1ppm", "fast", "60%", "", "nan"] {
            assert!(ppm(text).is_err(), "{text}");
        }
    }
}
