//! Components that elect a leader with client-go: how each is recognised, what sets its durations, and what they are if
//! nothing does. It is also where to add a component.
//!
//! Everything was read in the component's own source at the tag named; defaults that never changed name the newest tag.
//! A component that is not here can still be judged by its flags.
//!
//! Map: this module has the columns; the rows are in `kubernetes`, `csi`, `operators` and `others`.

mod csi;
mod kubernetes;
mod operators;
mod others;

pub use others::{OPENSHIFT, OPENSHIFT_SINGLE_NODE};

use super::gates::Gate;
use super::table::Table;
use crate::launch::duration::GoDuration;
use crate::release::Release;

/// A component that elects a leader.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Component {
    /// What it is called here and, mostly, everywhere: `csi-provisioner`.
    pub name: &'static str,
    /// Other names of its program, image or container.
    pub aliases: &'static [&'static str],
    /// LeaseDuration.
    pub lease: Timing,
    /// RenewDeadline.
    pub renew: Timing,
    /// RetryPeriod.
    pub retry: Timing,
    /// What switches the election.
    pub switch: Switch,
    /// Which lock it takes.
    pub lock: Lock,
    /// `ReleaseOnCancel`.
    pub releases: Releases,
    /// How long its client waits for one request.
    pub request_limit: RequestLimit,
    /// Which client-go it has.
    pub library: Library,
    /// Where the durations were read, as `repository:path:line@tag`.
    pub source: &'static str,
}

/// One of the three durations.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Timing {
    /// What sets it, later ones before earlier ones; nothing: it is fixed in the code.
    pub set_by: &'static [Knob],
    /// What a knob's value is multiplied by: numerator and denominator.
    pub factor: (i64, i64),
    /// If nothing sets it.
    pub default: GoDuration,
}

/// What sets a duration.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Knob {
    /// A flag, without dashes, that takes a Go duration.
    Flag(&'static str),
    /// A flag that takes whole seconds.
    SecondsFlag(&'static str),
    /// An environment variable that takes a Go duration.
    Env(&'static str),
    /// An environment variable that takes whole seconds.
    SecondsEnv(&'static str),
}

impl Knob {
    /// The flag's or the variable's name.
    pub const fn name(self) -> &'static str {
        match self {
            Knob::Flag(name) | Knob::SecondsFlag(name) | Knob::Env(name) | Knob::SecondsEnv(name) => name,
        }
    }
}

/// What switches an election on or off.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Switch {
    /// It always elects.
    Always,
    /// A boolean flag, with its default.
    Flag(&'static str, bool),
    /// A boolean flag that switches the election off; it is on by default.
    Disable(&'static str),
    /// An environment variable that is `true`, with its default.
    Env(&'static str, bool),
}

/// Which lock a component takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lock {
    /// A Lease of that name; the second: the flag that changes it.
    Named(&'static str, Option<&'static str>),
    /// A Lease whose name begins so, and goes on with the name of the driver or of the instance.
    Prefixed(&'static str),
    /// A Lease that is named after the driver, or by its author.
    Unknown,
}

/// When a component empties its lease on exit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Releases {
    /// Never.
    Never,
    /// Always.
    Always,
    /// Since this minor release.
    Since(u8),
    /// Unless this flag says otherwise.
    Unless(&'static str),
    /// With this feature gate, in the releases that have it.
    Gate(&'static str, Table<Gate>),
}

impl Releases {
    /// True if a component with this client-go, which Kubernetes' own have of their own minor, empties its lease where
    /// nothing is set.
    pub fn by_default(&self, client_go: Release) -> bool {
        match self {
            Releases::Never => false,
            Releases::Always | Releases::Unless(_) => true,
            Releases::Since(minor) => client_go.minor() >= *minor,
            Releases::Gate(_, gate) => gate.get(client_go).is_some_and(|gate| gate.default),
        }
    }
}

/// How long a component's client waits for one request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RequestLimit {
    /// Half of RenewDeadline and at least a second
    /// (kubernetes/client-go:tools/leaderelection/resourcelock/interface.go:147@v0.37.2).
    HalfOfRenewDeadline,
    /// RenewDeadline.
    RenewDeadline,
    /// None of its own: while it renews, RenewDeadline ends a request; while it acquires, nothing does.
    Nothing,
}

/// Which client-go a component has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Library {
    /// That of its own minor: tag `v1.30.4` has client-go 0.30.
    OwnMinor,
    /// Its tags, as read in its `go.mod`, with client-go's minor; a prefix up to a dot covers its patch releases.
    Tags(&'static [(&'static str, u8)]),
    /// That of the `k8s.io/cloud-provider` it was built with.
    CloudProvider,
}

const fn seconds(s: i64) -> GoDuration {
    GoDuration::seconds(s)
}

const fn timing(set_by: &'static [Knob], default: GoDuration) -> Timing {
    Timing { set_by, factor: (1, 1), default }
}

/// The flags of k8s.io/component-base
/// (kubernetes/component-base:config/options/leaderelectionconfig.go:30-40@v0.36.6), and its defaults
/// (kubernetes/component-base:config/v1alpha1/defaults.go:38-44@v0.36.6).
const CORE: Component = Component {
    name: "core",
    aliases: &[],
    lease: timing(&[Knob::Flag("leader-elect-lease-duration")], seconds(15)),
    renew: timing(&[Knob::Flag("leader-elect-renew-deadline")], seconds(10)),
    retry: timing(&[Knob::Flag("leader-elect-retry-period")], seconds(2)),
    switch: Switch::Flag("leader-elect", true),
    lock: Lock::Unknown,
    releases: Releases::Never,
    request_limit: RequestLimit::HalfOfRenewDeadline,
    library: Library::OwnMinor,
    source: "kubernetes/component-base:config/v1alpha1/defaults.go:38@v0.36.6",
};

/// An election that is not known: client-go's recommended durations, and no flag that is known.
pub const UNKNOWN: Component = Component {
    name: "unknown",
    lease: timing(&[], seconds(15)),
    renew: timing(&[], seconds(10)),
    retry: timing(&[], seconds(2)),
    switch: Switch::Always,
    request_limit: RequestLimit::Nothing,
    library: Library::Tags(&[]),
    source: "kubernetes/client-go:tools/leaderelection/leaderelection.go:132@v0.37.2",
    ..CORE
};

/// Leases in this namespace are heartbeats of nodes (kubernetes/api:core/v1/types.go:32@v0.36.6).
pub const NODE_LEASES: &str = "kube-node-lease";

/// Labels of Leases in `kube-system` by which API servers say that they are there
/// (kubernetes/kubernetes:pkg/controlplane/apiserver/server.go:72@v1.36.3, pkg/controlplane/instance.go:126@v1.26.3).
pub const API_SERVER_IDENTITY_LABELS: [&str; 2] = ["apiserver.kubernetes.io/identity", "k8s.io/component"];

/// Names of such Leases begin so, and go on with a hash (kubernetes/apiserver:pkg/server/config.go:431@v0.36.3,
/// :346@v0.26.3).
pub const API_SERVER_IDENTITY_PREFIXES: [&str; 2] = ["apiserver-", "kube-apiserver-"];

/// Every component that is known by name.
pub fn known() -> impl Iterator<Item = &'static Component> {
    const ROWS: [&[Component]; 4] = [&kubernetes::KNOWN, &csi::KNOWN, &operators::KNOWN, &others::KNOWN];
    ROWS.into_iter().flatten()
}

/// The component whose program, image or container is called `name`.
pub fn named(name: &str) -> Option<&'static Component> {
    known().find(|c| c.name == name || c.aliases.contains(&name))
}

/// The component that takes a Lease of this name by default, or one whose name begins like it.
pub fn of_lock(name: &str) -> Option<&'static Component> {
    let exactly = known().find(|c| matches!(c.lock, Lock::Named(lock, _) if lock == name));
    let prefixed = || known().find(|c| matches!(c.lock, Lock::Prefixed(start) if name.starts_with(start)));
    exactly.or_else(prefixed)
}

impl Library {
    /// client-go's minor in an image of this tag, if it is known.
    pub fn of_tag(self, tag: &str) -> Option<Release> {
        match self {
            Library::OwnMinor => tag.parse().ok(),
            Library::Tags(read) => {
                let covers = |prefix: &str| tag == prefix || tag.starts_with(&format!("{prefix}."));
                read.iter().find(|(prefix, _)| covers(prefix)).and_then(|&(_, minor)| Release::new(minor))
            }
            Library::CloudProvider => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::election::Durations;
    use std::collections::BTreeSet;

    fn all() -> impl Iterator<Item = &'static Component> {
        known().chain([&OPENSHIFT, &OPENSHIFT_SINGLE_NODE, &UNKNOWN])
    }

    #[test]
    fn every_component_can_be_told_from_the_others_and_has_a_source() {
        let mut names = BTreeSet::new();
        for c in known() {
            assert!(names.insert(c.name) && c.aliases.iter().all(|a| names.insert(a)), "{} twice", c.name);
        }
        for c in all() {
            assert!(c.source.contains(':') && c.source.contains('@'), "{}", c.name);
        }
        let locks: Vec<&str> =
            known().filter_map(|c| if let Lock::Named(lock, _) = c.lock { Some(lock) } else { None }).collect();
        assert_eq!(locks.iter().collect::<BTreeSet<_>>().len(), locks.len());
    }

    #[test]
    fn client_go_accepts_every_default_and_five_of_them_leave_nothing() {
        let mut none_left = BTreeSet::new();
        for c in all() {
            let (lease, renew, retry) = (c.lease.default, c.renew.default, c.retry.default);
            let durations = Durations::new(lease, renew, retry);
            assert!(durations.is_ok(), "{}: {durations:?}", c.name);
            if lease.nanos <= renew.nanos + retry.nanos {
                none_left.insert((lease.nanos, renew.nanos, retry.nanos));
            }
            let scaled = |t: Timing, unit: i64| t.factor.0 * unit / t.factor.1;
            if c.lease.set_by == c.retry.set_by && !c.lease.set_by.is_empty() {
                let unit = c.lease.default.nanos * c.lease.factor.1 / c.lease.factor.0;
                assert_eq!(scaled(c.renew, unit), c.renew.default.nanos, "{}", c.name);
                assert_eq!(scaled(c.retry, unit), c.retry.default.nanos, "{}", c.name);
            }
        }
        const S: i64 = 1_000_000_000;
        let expected = [(12, 10, 2), (15, 10, 5), (15, 14, 4), (35, 30, 5), (270, 240, 60)];
        assert_eq!(none_left, expected.map(|(a, b, c)| (a * S, b * S, c * S)).into());
    }

    #[test]
    fn components_are_found_by_name_lock_and_tag() {
        assert_eq!(named("external-attacher").map(|c| c.name), Some("csi-attacher"));
        assert_eq!(named("my-operator"), None);
        assert_eq!(of_lock("external-resizer-ebs-csi-aws-com").map(|c| c.name), Some("csi-resizer"));
        assert_eq!(of_lock("kube-scheduler").map(|c| c.name), Some("kube-scheduler"));
        assert_eq!(of_lock("ebs-csi-aws-com"), None);
        let minor = |name, tag| named(name).unwrap().library.of_tag(tag).map(Release::minor);
        assert_eq!(minor("csi-attacher", "v4.8.1"), Some(32));
        assert_eq!(minor("csi-attacher", "v4.80.0"), None);
        assert_eq!(minor("kube-scheduler", "v1.30.4"), Some(30));
        assert_eq!(minor("cloud-controller-manager", "v1.30.4"), None);
    }
}
