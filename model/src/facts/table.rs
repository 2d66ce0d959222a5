//! How a fact is stated: a value, the releases it holds for, how it was checked, and where it was read.

use crate::release::Release;

/// How an entry was checked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Checked {
    /// Real code of these minors was run and gave this value; for the other minors of the range it was read.
    Executed(&'static [u8]),
    /// Read in the source at the tag named.
    Read,
}

/// One value over a range of releases.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fact<T: 'static> {
    /// The first release it holds for.
    pub since: Release,
    /// The last release it holds for; `None`: it still holds in [`Release::NEWEST`].
    pub until: Option<Release>,
    /// The value.
    pub value: T,
    /// How it was checked.
    pub checked: Checked,
    /// Where it was read, as `repository:path:line@tag`.
    pub source: &'static str,
}

impl<T> Fact<T> {
    /// True if the entry holds for `release`.
    pub fn covers(&self, release: Release) -> bool {
        self.since <= release && self.until.is_none_or(|until| release <= until)
    }

    /// True if real code of `release` itself was run.
    pub fn executed_at(&self, release: Release) -> bool {
        match self.checked {
            Checked::Executed(minors) => minors.contains(&release.minor()),
            Checked::Read => false,
        }
    }
}

/// A fact over all releases: its entries in the order of the releases, without overlap.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Table<T: 'static>(pub &'static [Fact<T>]);

impl<T> Table<T> {
    /// The entry for `release`, if the thing exists there.
    pub fn at(&self, release: Release) -> Option<&'static Fact<T>> {
        self.0.iter().find(|fact| fact.covers(release))
    }

    /// The value for `release`, if the thing exists there.
    pub fn get(&self, release: Release) -> Option<&'static T> {
        self.at(release).map(|fact| &fact.value)
    }

    /// True if the entries are in order, do not overlap, and name a source.
    pub fn is_well_formed(&self) -> bool {
        let ordered = self.0.windows(2).all(|w| w[0].until.is_some_and(|until| until < w[1].since));
        ordered && self.0.iter().all(|f| f.until.is_none_or(|u| f.since <= u) && f.source.contains('@'))
    }
}

/// The release `1.minor`, for tables.
pub(super) const fn r(minor: u8) -> Release {
    match Release::new(minor) {
        Some(release) => release,
        None => panic!("no such release"),
    }
}

/// An entry that holds from `1.since` to `1.until`.
pub(super) const fn between<T>(since: u8, until: u8, value: T, checked: Checked, source: &'static str) -> Fact<T> {
    Fact { since: r(since), until: Some(r(until)), value, checked, source }
}

/// An entry that holds from `1.since` on.
pub(super) const fn from<T>(since: u8, value: T, checked: Checked, source: &'static str) -> Fact<T> {
    Fact { since: r(since), until: None, value, checked, source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_finds_the_entry_of_a_release() {
        const TABLE: Table<u8> =
            Table(&[between(22, 25, 1, Checked::Read, "a@b"), from(27, 2, Checked::Executed(&[30]), "a@b")]);
        assert!(TABLE.is_well_formed());
        let values = [21, 22, 25, 26, 27, 37].map(|minor| TABLE.get(r(minor)).copied());
        assert_eq!(values, [None, Some(1), Some(1), None, Some(2), Some(2)]);
        let executed = [22, 27, 30].map(|minor| TABLE.at(r(minor)).is_some_and(|fact| fact.executed_at(r(minor))));
        assert_eq!(executed, [false, false, true]);
    }

    #[test]
    fn a_table_out_of_order_or_without_a_source_is_found() {
        const READ: Checked = Checked::Read;
        const WRONG: [Table<u8>; 4] = [
            Table(&[between(22, 25, 1, READ, "a@b"), from(25, 2, READ, "a@b")]),
            Table(&[from(22, 1, READ, "a@b"), from(27, 2, READ, "a@b")]),
            Table(&[between(25, 22, 1, READ, "a@b")]),
            Table(&[from(22, 1, READ, "nowhere")]),
        ];
        const RIGHT: Table<u8> = Table(&[between(22, 22, 1, READ, "a@b"), from(23, 2, READ, "a@b")]);
        for wrong in WRONG {
            assert!(!wrong.is_well_formed(), "{wrong:?}");
        }
        assert!(RIGHT.is_well_formed());
    }
}
