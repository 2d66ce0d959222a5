//! Flags of any program. Programs of Go's own `flag` package take one dash or two, programs of pflag two; both take
//! `--flag=value` and `--flag value`. What a flag without `=` means depends on its type, which is known only to who asks.

use crate::inventory::Spanned;
use crate::source::Span;

/// The arguments of one process.
pub(super) struct Arguments<'a>(pub &'a [Spanned<String>]);

/// A flag that was found: its value, and where it is.
pub(super) struct Given<'a> {
    pub name: &'a str,
    /// After `=`.
    pub inline: Option<&'a str>,
    /// The next argument.
    pub next: Option<&'a str>,
    pub span: Span,
}

impl<'a> Given<'a> {
    /// The value of a flag that needs one.
    pub fn value(&self) -> Option<&'a str> {
        self.inline.or(self.next)
    }

    /// The value of a boolean flag, which takes none but after `=`.
    pub fn is_true(&self) -> bool {
        self.inline.is_none_or(is_true)
    }
}

/// What Go's `strconv.ParseBool` takes for true.
fn is_true(text: &str) -> bool {
    matches!(text, "1" | "t" | "T" | "true" | "TRUE" | "True")
}

impl<'a> Arguments<'a> {
    /// Every flag up to `--`.
    pub fn flags(&self) -> impl Iterator<Item = Given<'a>> {
        let args = self.0;
        let end = args.iter().position(|a| a.value == "--").unwrap_or(args.len());
        args[..end].iter().enumerate().filter_map(move |(i, arg)| {
            let text = arg.value.as_str();
            let name = text.strip_prefix("--").or_else(|| text.strip_prefix('-'))?;
            let (name, inline) = name.split_once('=').map_or((name, None), |(name, value)| (name, Some(value)));
            let next = args[..end].get(i + 1).map(|a| a.value.as_str());
            (!name.is_empty()).then_some(Given { name, inline, next, span: arg.span })
        })
    }

    /// What `--feature-gates` sets a gate to; those given later count
    /// (kubernetes/component-base:featuregate/feature_gate.go Set@v0.36.2).
    pub fn gate(&self, name: &str) -> Option<bool> {
        let lists = self.flags().filter(|given| given.name.replace('_', "-") == "feature-gates");
        let settings = lists.filter_map(|given| given.value()).flat_map(|list| list.split(','));
        let (_, value) =
            settings.filter_map(|one| one.split_once('=')).filter(|(gate, _)| gate.trim() == name).last()?;
        Some(is_true(value.trim()))
    }

    /// The last flag of that name; `_` counts as `-`, as Kubernetes' components have it.
    pub fn last(&self, name: &str) -> Option<Given<'a>> {
        self.flags().filter(|given| given.name == name || given.name.replace('_', "-") == name).last()
    }
}

/// The duration that a flag of any spelling sets: `lease`, `renew` or `retry`. `--leader-election-lease-duration`,
/// `--leader-elect-lease-duration` and `--leaderElectionLeaseDuration` all set the first.
pub(super) fn which_duration(flag: &str) -> Option<usize> {
    let letters: String = flag.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let endings = ["leaseduration", "renewdeadline", "retryperiod"];
    let which = endings.iter().position(|end| letters.ends_with(end))?;
    let of_election = letters.contains("leader") || letters.contains("elect") || letters == endings[which];
    of_election.then_some(which)
}

/// True for the flag that switches an election on, in the spellings that are common.
pub(super) fn switches_on(flag: &str) -> bool {
    let common = [
        "leader-elect",
        "leader-election",
        "enable-leader-election",
        "leaderElect",
        "leaderElection",
        "enableLeaderElection",
        "leader-elect-enabled",
        "leader-election-enabled",
    ];
    common.contains(&flag)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    #[test]
    fn flags_in_every_spelling() {
        let span = Span::new(Sources::new().add("", ""), 0..0);
        let args: Vec<_> = ["run", "-a=1", "--leader_elect", "--b", "2", "--a=3", "--", "--a=4"]
            .map(|a| Spanned { value: a.to_string(), span })
            .to_vec();
        let args = Arguments(&args);
        assert_eq!(args.last("a").and_then(|g| g.value()), Some("3"));
        assert_eq!(args.last("b").and_then(|g| g.value()), Some("2"));
        assert!(args.last("leader-elect").is_some_and(|g| g.is_true()));
        assert!(args.last("c").is_none());
    }

    #[test]
    fn gates_add_up_and_the_later_counts() {
        let span = Span::new(Sources::new().add("", ""), 0..0);
        let args: Vec<_> = ["--feature-gates=A=true,B=false", "--feature-gates", "B=true, C=f", "--feature-gates=A=0"]
            .map(|a| Spanned { value: a.to_string(), span })
            .to_vec();
        let gate = |name| Arguments(&args).gate(name);
        assert_eq!([gate("A"), gate("B"), gate("C"), gate("D")], [Some(false), Some(true), Some(false), None]);
    }

    #[test]
    fn durations_are_told_by_how_their_flags_end() {
        for (flag, expected) in [
            ("leader-elect-lease-duration", Some(0)),
            ("leaderElectionRenewDeadline", Some(1)),
            ("retry-period", Some(2)),
            ("le_retry_period", None),
            ("dns01-check-retry-period", None),
            ("leader-election-retry-period", Some(2)),
            ("upnp-lease-duration", None),
        ] {
            assert_eq!(which_duration(flag), expected, "{flag}");
        }
    }
}
