//! The command line, read as github.com/spf13/pflag reads it (spf13/pflag:flag.go parseArgs@v1.0.5).
//!
//! * `--flag=value`, `--flag value`; a boolean takes no separate value: `--flag true` leaves `true` over.
//! * One dash introduces one-letter flags only: `-v 2`, `-v2`, `-v=2`; `-leader-elect` is an error.
//! * `--` ends the flags. Errors come at the first bad argument, before anything else is looked at.

use super::outcome::Cause;
use crate::config::quote;
use crate::facts::flags::Kind;

/// A flag as given.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Given {
    /// The flag's name, without dashes.
    pub name: String,
    /// Its value as text.
    pub value: String,
    /// The argument that has the flag's name.
    pub arg: usize,
}

/// Why the command line is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct FlagError {
    /// pflag's words.
    pub message: String,
    /// The argument at fault.
    pub arg: usize,
    /// What is wrong; [`Cause::Prints`] for `--help`.
    pub cause: Cause,
}

impl FlagError {
    pub(super) fn new(arg: usize, cause: Cause, message: String) -> FlagError {
        FlagError { message, arg, cause }
    }

    fn help(arg: usize) -> FlagError {
        FlagError::new(arg, Cause::Prints, "prints its help and exits".into())
    }
}

/// What is known about a flag name.
pub(super) enum Known {
    /// The binary has it.
    Flag(Kind),
    /// The binary does not have it.
    Absent,
    /// Nobody can say.
    Unsure,
}

/// Reads `args`. Calls `known` for what each flag is and `set` with each flag in turn, so that the first error of
/// either is the one reported. Returns what is left over, with its places.
pub(super) fn parse(
    args: &[String],
    known: impl Fn(&str) -> Known,
    mut set: impl FnMut(Given, Known) -> Result<(), FlagError>,
) -> Result<Vec<(usize, String)>, FlagError> {
    let mut rest = Vec::new();
    let mut i = 0;
    while i < args.len() {
        let arg = &args[i];
        let at = i;
        i += 1;
        if arg == "--" {
            rest.extend((i..args.len()).map(|k| (k, args[k].clone())));
            break;
        } else if let Some(long) = arg.strip_prefix("--") {
            if long.starts_with(['-', '=']) {
                return Err(FlagError::new(at, Cause::CommandLine, format!("bad flag syntax: {arg}")));
            }
            let (name, value) = match long.split_once('=') {
                Some((name, value)) => (name, Some(value.to_string())),
                None => (long, None),
            };
            let name = name.replace('_', "-");
            let kind = known(&name);
            if matches!(kind, Known::Absent) {
                return Err(match name.as_str() {
                    "help" => FlagError::help(at),
                    _ => FlagError::new(at, Cause::UnknownFlag, format!("unknown flag: --{name}")),
                });
            }
            let value = match (value, &kind) {
                (Some(value), _) => value,
                (None, Known::Flag(Kind::Bool)) => "true".into(),
                (None, Known::Unsure) if args.get(i).is_none_or(|next| next.starts_with('-')) => "true".into(),
                (None, _) => match args.get(i) {
                    Some(next) => {
                        i += 1;
                        next.clone()
                    }
                    None => {
                        let message = format!("flag needs an argument: {arg}");
                        return Err(FlagError::new(at, Cause::CommandLine, message));
                    }
                },
            };
            set(Given { name, value, arg: at }, kind)?;
        } else if arg.len() > 1 && arg.starts_with('-') {
            i = shorthands(args, at, &known, &mut set)?;
        } else {
            rest.push((at, arg.clone()));
        }
    }
    Ok(rest)
}

/// Reads `-v…`, the only one-letter flag besides `-h`. Returns the next argument's place.
fn shorthands(
    args: &[String],
    at: usize,
    known: &impl Fn(&str) -> Known,
    set: &mut impl FnMut(Given, Known) -> Result<(), FlagError>,
) -> Result<usize, FlagError> {
    let letters = &args[at][1..];
    let given = |value: &str| Given { name: "v".into(), value: value.to_string(), arg: at };
    match letters.as_bytes()[0] {
        b'h' => Err(FlagError::help(at)),
        b'v' => {
            let (value, next) = match (&letters[1..], args.get(at + 1)) {
                ("", Some(next)) => (next.as_str(), at + 2),
                ("", None) => {
                    let message = format!("flag needs an argument: 'v' in -{letters}");
                    return Err(FlagError::new(at, Cause::CommandLine, message));
                }
                (value, _) if value.len() > 1 => (value.strip_prefix('=').unwrap_or(value), at + 1),
                (value, _) => (value, at + 1),
            };
            set(given(value), known("v"))?;
            Ok(next)
        }
        _ => {
            let letter = letters.chars().next().expect("the argument is longer than its dash");
            let message = format!("unknown shorthand flag: '{letter}' in -{letters}");
            Err(FlagError::new(at, Cause::UnknownFlag, message))
        }
    }
}

/// pflag's words for a value it cannot take.
pub(super) fn invalid(given: &Given, why: &str) -> FlagError {
    let shown = if given.name == "v" { "-v, --v".to_string() } else { format!("--{}", given.name) };
    let message = format!("invalid argument {} for {} flag: {why}", quote(&given.value), quote(&shown));
    FlagError::new(given.arg, Cause::CommandLine, message)
}

/// A boolean as `strconv.ParseBool` takes it.
pub(super) fn boolean(given: &Given) -> Result<bool, FlagError> {
    match given.value.as_str() {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        other => Err(invalid(given, &format!("strconv.ParseBool: parsing {}: invalid syntax", quote(other)))),
    }
}

/// A whole number as `strconv.ParseInt` takes it.
pub(super) fn integer(given: &Given) -> Result<i64, FlagError> {
    let why = || format!("strconv.ParseInt: parsing {}: invalid syntax", quote(&given.value));
    given.value.parse().map_err(|_| invalid(given, &why()))
}
