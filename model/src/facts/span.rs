//! The releases in which a flag or a name is there, for the generated tables.

use crate::release::Release;

/// From the first minor through the last, or through the newest whose list is known; `None`: in none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Span(Option<(u8, Option<u8>)>);

/// In no release.
pub(super) const NEVER: Span = Span(None);

/// From `1.minor` on.
pub(super) const fn first(minor: u8) -> Span {
    Span(Some((minor, None)))
}

/// From `1.first` through `1.last`.
pub(super) const fn span(first: u8, last: u8) -> Span {
    Span(Some((first, Some(last))))
}

impl Span {
    pub(super) fn covers(self, release: Release) -> bool {
        self.0.is_some_and(|(first, last)| first <= release.minor() && last.is_none_or(|last| release.minor() <= last))
    }
}
