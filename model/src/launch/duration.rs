//! Go durations, as flags spell them (golang/go:src/time/format.go ParseDuration@go1.22).

use std::fmt;

/// A duration, in nanoseconds as in Go.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct GoDuration {
    /// Nanoseconds; may be negative.
    pub nanos: i64,
}

const UNITS: [(&str, i64); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("\u{b5}s", 1_000),
    ("\u{3bc}s", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

impl GoDuration {
    /// A duration of whole seconds.
    pub const fn seconds(seconds: i64) -> GoDuration {
        GoDuration { nanos: seconds * 1_000_000_000 }
    }

    /// Whole milliseconds, rounded towards zero.
    pub const fn millis(self) -> i64 {
        self.nanos / 1_000_000
    }

    /// Reads `15s`, `1m30s`, `1.5h`, `-2s`, `0`.
    ///
    /// # Errors
    /// Go's own message.
    pub fn parse(text: &str) -> Result<GoDuration, String> {
        let invalid = || format!("time: invalid duration {}", crate::config::quote(text));
        let (negative, mut rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        if rest == "0" {
            return Ok(GoDuration { nanos: 0 });
        }
        if rest.is_empty() {
            return Err(invalid());
        }
        let mut total: i128 = 0;
        while !rest.is_empty() {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let (whole, after) = rest.split_at(digits);
            let (fraction, after) = match after.strip_prefix('.') {
                Some(after) => after.split_at(after.bytes().take_while(u8::is_ascii_digit).count()),
                None => ("", after),
            };
            if whole.is_empty() && fraction.is_empty() {
                return Err(invalid());
            }
            let unit_length = after.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(after.len());
            let (unit, after) = after.split_at(unit_length);
            if unit.is_empty() {
                return Err(format!("time: missing unit in duration {}", crate::config::quote(text)));
            }
            let Some(&(_, scale)) = UNITS.iter().find(|(name, _)| *name == unit) else {
                return Err(format!(
                    "time: unknown unit {} in duration {}",
                    crate::config::quote(unit),
                    crate::config::quote(text)
                ));
            };
            if whole.len() > 18 {
                return Err(invalid());
            }
            total += i128::from(whole.parse::<i64>().unwrap_or(0)) * i128::from(scale);
            let fraction = &fraction[..fraction.len().min(18)];
            if !fraction.is_empty() {
                let parts = 10i128.pow(fraction.len() as u32);
                total += i128::from(fraction.parse::<i64>().unwrap_or(0)) * i128::from(scale) / parts;
            }
            rest = after;
        }
        let total = if negative { -total } else { total };
        i64::try_from(total).map(|nanos| GoDuration { nanos }).map_err(|_| invalid())
    }
}

impl fmt::Display for GoDuration {
    /// As Go prints it: `15s`, `1m30s`, `1.5s`, `500ms`, `0s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.nanos < 0 { "-" } else { "" };
        let nanos = self.nanos.unsigned_abs();
        let decimal = |value: u64, unit: u64| {
            let text = format!("{}.{:0width$}", value / unit, value % unit, width = unit.ilog10() as usize);
            text.trim_end_matches('0').trim_end_matches('.').to_string()
        };
        match nanos {
            1..1_000 => write!(f, "{sign}{nanos}ns"),
            1_000..1_000_000 => write!(f, "{sign}{}\u{b5}s", decimal(nanos, 1_000)),
            1_000_000..1_000_000_000 => write!(f, "{sign}{}ms", decimal(nanos, 1_000_000)),
            _ => {
                let (hours, rest) = (nanos / 3_600_000_000_000, nanos % 3_600_000_000_000);
                let (minutes, rest) = (rest / 60_000_000_000, rest % 60_000_000_000);
                f.write_str(sign)?;
                if hours > 0 {
                    write!(f, "{hours}h")?;
                }
                if hours > 0 || minutes > 0 {
                    write!(f, "{minutes}m")?;
                }
                write!(f, "{}s", decimal(rest, 1_000_000_000))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_prints_as_go_does() {
        for (text, nanos, printed) in [
            ("15s", 15_000_000_000, "15s"),
            ("1m30s", 90_000_000_000, "1m30s"),
            ("1.5s", 1_500_000_000, "1.5s"),
            ("500ms", 500_000_000, "500ms"),
            ("1h", 3_600_000_000_000, "1h0m0s"),
            ("-2s", -2_000_000_000, "-2s"),
            ("0", 0, "0s"),
            ("+.5m", 30_000_000_000, "30s"),
            ("10us", 10_000, "10\u{b5}s"),
            ("0ns", 0, "0s"),
            ("1ns", 1, "1ns"),
            ("-999ns", -999, "-999ns"),
            ("1000ns", 1_000, "1\u{b5}s"),
            ("999999ns", 999_999, "999.999\u{b5}s"),
            ("1h1ms", 3_600_001_000_000, "1h0m0.001s"),
        ] {
            let read = GoDuration::parse(text).unwrap();
            assert_eq!((read.nanos, read.to_string().as_str()), (nanos, printed), "{text}");
        }
        for (text, message) in [
            ("15", "time: missing unit in duration \"15\""),
            ("", "time: invalid duration \"\""),
            ("15x", "time: unknown unit \"x\" in duration \"15x\""),
            ("s", "time: invalid duration \"s\""),
            (".s", "time: invalid duration \".s\""),
            ("1000000000000000000ns", "time: invalid duration \"1000000000000000000ns\""),
        ] {
            assert_eq!(GoDuration::parse(text).unwrap_err(), message);
        }
    }
    #[test]
    fn seconds_and_milliseconds() {
        assert_eq!(GoDuration::seconds(15).nanos, 15_000_000_000);
        assert_eq!(GoDuration::seconds(15).millis(), 15_000);
        assert_eq!(GoDuration { nanos: -1_999_999 }.millis(), -1);
        // Eighteen digits are read, whatever the sum is.
        assert_eq!(GoDuration::parse("100000000000000000ns").map(|d| d.nanos), Ok(100_000_000_000_000_000));
    }
}
