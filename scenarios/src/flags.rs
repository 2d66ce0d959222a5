//! The few flags that decide what else is read: which file, whose rights, which cloud. Everything else about flags is
//! launch's business.

use crate::inventory::Spanned;

/// The last value given to `--name`, as pflag reads it: `--name=value` or `--name value`, with `_` for `-`; and the
/// argument that gives it.
pub fn last<'a>(args: &'a [Spanned<String>], name: &str) -> Option<(&'a str, usize)> {
    let mut found = None;
    let mut i = 0;
    while let Some(arg) = args.get(i) {
        let text = arg.value.as_str();
        if text == "--" {
            break;
        }
        let Some(long) = text.strip_prefix("--") else {
            i += 1;
            continue;
        };
        let (given, value) = match long.split_once('=') {
            Some((given, value)) => (given, Some(value)),
            None => (long, None),
        };
        if given.replace('_', "-") == name {
            match (value, args.get(i + 1)) {
                (Some(value), _) => found = Some((value, i)),
                (None, Some(next)) => {
                    found = Some((next.value.as_str(), i));
                    i += 1;
                }
                (None, None) => {}
            }
        }
        i += 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Sources, Span};

    #[test]
    fn the_last_one_wins_in_every_spelling() {
        let span = Span::new(Sources::new().add("", ""), 0..0);
        let args: Vec<_> = ["--a=1", "--b", "x", "--a", "2", "-a=3", "--leader_elect=false", "--", "--a=9"]
            .map(|a| Spanned { value: a.to_string(), span })
            .to_vec();
        assert_eq!(last(&args, "a"), Some(("2", 3)));
        assert_eq!(last(&args, "leader-elect"), Some(("false", 6)));
        assert_eq!(last(&args, "c"), None);
    }
}
