//! Every name that kube-controller-manager's `--controllers` knows: keys, and from 1.28 on the old names as aliases.
//!
//! The table is generated from testbed/facts. Of a release whose list is not there nobody can say that a name is
//! unknown. Until 1.28 feature gates decide what is registered at all
//! (kubernetes/kubernetes:cmd/kube-controller-manager/app/controllermanager.go NewControllerInitializers@v1.28.3); a
//! name that is known only with a gate on is taken as known: to refuse it would be a guess about the gates.

#[rustfmt::skip]
mod table;

use super::span::Span;
use crate::release::Release;
pub use table::COMPLETE;
use table::NAMES;

/// A name, and the releases that know it.
type Row = (&'static str, Span);

/// True if `--controllers` takes `name` at `release`; `None` if nobody can say.
pub fn knows(name: &str, release: Release) -> Option<bool> {
    match NAMES.binary_search_by_key(&name, |row| row.0) {
        Ok(at) if NAMES[at].1.covers(release) => Some(true),
        _ => COMPLETE.contains(&release.minor()).then_some(false),
    }
}

/// Every name that `--controllers` takes at `release`, in order.
pub fn all(release: Release) -> impl Iterator<Item = &'static str> {
    NAMES.iter().filter(move |row| row.1.covers(release)).map(|row| row.0)
}
