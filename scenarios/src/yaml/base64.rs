//! `!!binary` and the values of Secrets, as Go's encoding/base64 reads it: the standard alphabet with padding, line breaks ignored.

/// The bytes, if the text is base64.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let symbols: Vec<u8> = text.bytes().filter(|b| !matches!(b, b'\n' | b'\r')).collect();
    if !symbols.len().is_multiple_of(4) {
        return None;
    }
    let mut out = Vec::new();
    for (i, group) in symbols.chunks(4).enumerate() {
        let padding = group.iter().rev().take_while(|b| **b == b'=').count();
        if padding > 2 || (padding > 0 && (i + 1) * 4 != symbols.len()) {
            return None;
        }
        let mut bits = 0u32;
        for symbol in &group[..4 - padding] {
            bits = bits << 6 | value(*symbol)?;
        }
        bits <<= 6 * padding;
        out.extend_from_slice(&bits.to_be_bytes()[1..4 - padding]);
    }
    Some(out)
}

fn value(symbol: u8) -> Option<u32> {
    let value = match symbol {
        b'A'..=b'Z' => symbol - b'A',
        b'a'..=b'z' => symbol - b'a' + 26,
        b'0'..=b'9' => symbol - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn padding_is_required_and_only_at_the_end() {
        assert_eq!(decode("cm91dGU=").as_deref(), Some(&b"route"[..]));
        assert_eq!(decode("cm91\ndGVz").as_deref(), Some(&b"routes"[..]));
        assert_eq!(decode("cg==").as_deref(), Some(&b"r"[..]));
        for bad in ["cm91dGU", "c===", "cg==cg==", "c!==", "cm9="] {
            let lenient = bad == "cm9=";
            assert_eq!(decode(bad).is_some(), lenient, "{bad}");
        }
    }
}
