//! Every other flag of the two stock commands, so that a misspelt one is told from one that decides nothing.
//!
//! The table is generated from what the real commands of [`KCM_EXECUTED`] and [`CCM_EXECUTED`] list (testbed/facts); of
//! other releases nobody can say that they lack a flag.

#[rustfmt::skip]
mod table;

use super::flags::Kind;
use super::span::Span;
use super::table::r;
use crate::controller::Component;
use crate::release::Release;
use table::FLAGS;
pub use table::{CCM_EXECUTED, KCM_EXECUTED};

/// A flag that decides nothing.
struct Row {
    name: &'static str,
    kind: Kind,
    kcm: Span,
    ccm: Span,
}

const fn flag(name: &'static str, kind: Kind, kcm: Span, ccm: Span) -> Row {
    Row { name, kind, kcm, ccm }
}

/// What is known of a flag that decides nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Presence {
    /// The stock command has it.
    Has(Kind),
    /// The stock command certainly does not have it.
    Lacks,
    /// Nobody can say.
    Unsure,
}

/// What is known of flag `name` in the stock `component` at `release`.
pub fn presence(component: Component, name: &str, release: Release) -> Presence {
    let (span, executed): (fn(&Row) -> Span, _) = match component {
        Component::KubeControllerManager => (|row| row.kcm, KCM_EXECUTED),
        Component::CloudControllerManager => (|row| row.ccm, CCM_EXECUTED),
    };
    match FLAGS.binary_search_by_key(&name, |row| row.name) {
        Ok(at) if span(&FLAGS[at]).covers(release) => Presence::Has(FLAGS[at].kind),
        _ if executed.contains(&release.minor()) => Presence::Lacks,
        // Older than the oldest list: most likely it was there already.
        Ok(at) if executed.first().is_some_and(|&oldest| release < r(oldest) && span(&FLAGS[at]).covers(r(oldest))) => {
            Presence::Has(FLAGS[at].kind)
        }
        _ => Presence::Unsure,
    }
}

/// How many flags that decide nothing the stock `component` has at `release`, one of the executed minors.
pub fn count(component: Component, release: Release) -> usize {
    FLAGS.iter().filter(|row| matches!(presence(component, row.name, release), Presence::Has(_))).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A release that was not asked has what its neighbours have; one older than all has what the oldest has.
    #[test]
    fn nothing_is_claimed_of_a_flag_beyond_what_was_listed() {
        for (component, executed) in
            [(Component::KubeControllerManager, KCM_EXECUTED), (Component::CloudControllerManager, CCM_EXECUTED)]
        {
            let oldest = r(executed[0]);
            for row in FLAGS {
                let span = if component == Component::KubeControllerManager { row.kcm } else { row.ccm };
                for release in Release::all() {
                    let listed = span.covers(release);
                    let before = release < oldest && span.covers(oldest);
                    let expected = match (listed || before, executed.contains(&release.minor())) {
                        (true, _) => Presence::Has(row.kind),
                        (false, true) => Presence::Lacks,
                        (false, false) => Presence::Unsure,
                    };
                    assert_eq!(presence(component, row.name, release), expected, "{} {release}", row.name);
                }
            }
        }
    }
}
