//! What a plain scalar means to the Go reader of the managers: YAML 1.1 as go-yaml v2 resolves it
//! (kubernetes-sigs/yaml:goyaml.v2/resolve.go@v1.4.0; the same code as gopkg.in/yaml.v2 v2.4.0, which older releases use).

use super::Kind;

/// The meaning of a scalar with the explicit core tag `tag` (`str`, `bool`, `int`, `float`, `null`, `timestamp`), or of a
/// plain one without. The error names what the text is instead.
pub(super) fn resolve(tag: Option<&str>, text: &str) -> Result<Kind, &'static str> {
    if tag == Some("str") {
        return Ok(Kind::String(text.to_string()));
    }
    let (found, kind) = untagged(text, tag.is_none() || tag == Some("timestamp"));
    match tag {
        None => Ok(kind),
        Some(tag) if tag == found || (tag == "float" && found == "int") => Ok(kind),
        Some(_) => Err(found),
    }
}

fn untagged(text: &str, timestamps: bool) -> (&'static str, Kind) {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return ("null", Kind::Null),
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            return ("bool", Kind::Bool(true));
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            return ("bool", Kind::Bool(false));
        }
        ".nan" | ".NaN" | ".NAN" | ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" | "-.inf" | "-.Inf"
        | "-.INF" => return ("float", Kind::Number(text.to_string())),
        _ => {}
    }
    let number = |kind| (kind, Kind::Number(text.to_string()));
    let plain = text.replace('_', "");
    match text.as_bytes()[0] {
        b'.' if is_float(text) => number("float"),
        b'0'..=b'9' | b'+' | b'-' => {
            if timestamps && is_timestamp(text) {
                // A time, but go-yaml hands it to an untyped value as a string.
                ("timestamp", Kind::String(text.to_string()))
            } else if integer(&plain).is_some() {
                number("int")
            } else if is_float(&plain) {
                number("float")
            } else {
                ("str", Kind::String(text.to_string()))
            }
        }
        _ => ("str", Kind::String(text.to_string())),
    }
}

/// The integer that Go's `strconv.ParseInt(text, 0, 64)` or `ParseUint` reads.
pub(super) fn integer(text: &str) -> Option<i128> {
    let (sign, digits) = match text.as_bytes().first()? {
        b'-' => (-1, &text[1..]),
        b'+' => (1, &text[1..]),
        _ => (1, text),
    };
    let (radix, digits) = match digits.get(..2) {
        Some("0x" | "0X") => (16, &digits[2..]),
        Some("0o" | "0O") => (8, &digits[2..]),
        Some("0b" | "0B") => (2, &digits[2..]),
        _ if digits.len() > 1 && digits.starts_with('0') => (8, &digits[1..]),
        _ => (10, digits),
    };
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    let value = sign * i128::from_str_radix(digits, radix).ok()?;
    let unsigned = text.as_bytes()[0].is_ascii_digit();
    let largest = if unsigned { i128::from(u64::MAX) } else { i128::from(i64::MAX) };
    (i128::from(i64::MIN)..=largest).contains(&value).then_some(value)
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, and no larger than a float64.
fn is_float(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['-', '+']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let well_formed = match mantissa.split_once('.') {
        Some(("", fraction)) => !fraction.is_empty() && digits(fraction),
        Some((whole, fraction)) => digits(whole) && digits(fraction),
        None => !mantissa.is_empty() && digits(mantissa),
    };
    well_formed && exponent.is_none_or(|e| !e.is_empty() && digits(e)) && text.parse::<f64>().is_ok_and(f64::is_finite)
}

/// `2021-12-14`, and the longer forms go-yaml tries. Only the shape is checked.
fn is_timestamp(text: &str) -> bool {
    let (date, time) = match text.find(['T', 't', ' ']) {
        Some(i) => (&text[..i], Some(&text[i + 1..])),
        None => (text, None),
    };
    let short = |s: &str| (1..=2).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = date.split('-').collect();
    let [year, month, day] = parts[..] else { return false };
    year.len() == 4
        && year.bytes().all(|b| b.is_ascii_digit())
        && short(month)
        && short(day)
        && time.is_none_or(|t| t.splitn(3, ':').take(2).filter(|p| short(p)).count() == 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn booleans_and_nulls_are_those_of_yaml_1_1() {
        for text in ["y", "Yes", "on", "TRUE"] {
            assert_eq!(resolve(None, text), Ok(Kind::Bool(true)), "{text}");
        }
        for text in ["n", "NO", "off", "False"] {
            assert_eq!(resolve(None, text), Ok(Kind::Bool(false)), "{text}");
        }
        for text in ["", "~", "null"] {
            assert_eq!(resolve(None, text), Ok(Kind::Null), "{text}");
        }
        for text in ["yEs", "nULL", "oN", "*", "a"] {
            assert_eq!(resolve(None, text), Ok(Kind::String(text.into())), "{text}");
        }
    }

    #[test]
    fn numbers_are_those_of_strconv() {
        for text in
            ["0", "-1", "+1", "0x1F", "0o17", "017", "08", "1_000", "1.5", ".5", "-.5e3", "1.", "1e3", ".inf", "0b11"]
        {
            assert_eq!(resolve(None, text), Ok(Kind::Number(text.into())), "{text}");
        }
        for text in ["1.2.3", "1:30", "-", "+", "_1", "0x", "1e", ".", "1e999", "0o8", "2021-1-2", "1.31.0-rc.1"] {
            assert_eq!(resolve(None, text), Ok(Kind::String(text.into())), "{text}");
        }
        assert_eq!((integer("0x10"), integer("010"), integer("-5")), (Some(16), Some(8), Some(-5)));
        assert_eq!((integer("18446744073709551615"), integer("18446744073709551616")), (Some(u64::MAX as i128), None));
    }

    #[test]
    fn explicit_tags_are_honoured_or_refused() {
        assert_eq!(resolve(Some("str"), "1"), Ok(Kind::String("1".into())));
        assert_eq!(resolve(Some("float"), "1"), Ok(Kind::Number("1".into())));
        assert_eq!(resolve(Some("int"), "x"), Err("str"));
        assert_eq!(resolve(Some("bool"), "1"), Err("int"));
    }
}
