//! The flags that decide what a manager does with its leases and cloud controllers.

use crate::controller::Component;

/// How a flag takes its value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// `--flag`, `--flag=true`; the value never follows as the next argument.
    Bool,
    /// A Go duration such as `15s`.
    Duration,
    /// Any text.
    Text,
    /// Comma-separated; given again, it adds to what was given before.
    List,
    /// `Gate=true,Other=false`; given again, it adds to what was given before.
    Gates,
    /// A whole number.
    Int,
}

/// A flag that decides something, with its default.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Flag {
    /// Its name, without dashes.
    pub name: &'static str,
    /// How it takes its value.
    pub kind: Kind,
    /// Its default in kube-controller-manager, as text; `None`: the flag is not there.
    pub kcm: Option<&'static str>,
    /// Its default in cloud-controller-manager.
    pub ccm: Option<&'static str>,
    /// Where the defaults were read; they are the same in every release.
    pub source: &'static str,
}

const ELECTION: &str = "kubernetes/component-base:config/v1alpha1/defaults.go@v0.21.0 v0.36.0";
const MIGRATION: &str = "kubernetes/controller-manager:pkg/leadermigration/options/options.go:50@v0.36.0";
const GENERIC: &str = "kubernetes/controller-manager:options/generic.go@v0.36.0";
const SHARED: &str = "kubernetes/cloud-provider:options/kubecloudshared.go@v0.36.0";

const fn both(name: &'static str, kind: Kind, default: &'static str, source: &'static str) -> Flag {
    Flag { name, kind, kcm: Some(default), ccm: Some(default), source }
}

const fn kcm(name: &'static str, kind: Kind, default: &'static str, source: &'static str) -> Flag {
    Flag { name, kind, kcm: Some(default), ccm: None, source }
}

/// Every flag that decides something.
pub const DECIDING: [Flag; 18] = [
    both("leader-elect", Kind::Bool, "true", ELECTION),
    both("leader-elect-lease-duration", Kind::Duration, "15s", ELECTION),
    both("leader-elect-renew-deadline", Kind::Duration, "10s", ELECTION),
    both("leader-elect-retry-period", Kind::Duration, "2s", ELECTION),
    both("leader-elect-resource-lock", Kind::Text, "leases", ELECTION),
    Flag {
        name: "leader-elect-resource-name",
        kind: Kind::Text,
        kcm: Some("kube-controller-manager"),
        ccm: Some("cloud-controller-manager"),
        source: "kubernetes/cloud-provider:options/options.go:126@v0.36.0",
    },
    both(
        "leader-elect-resource-namespace",
        Kind::Text,
        "kube-system",
        "kubernetes/cloud-provider:options/options.go:127@v0.36.0",
    ),
    both("enable-leader-migration", Kind::Bool, "false", MIGRATION),
    both("leader-migration-config", Kind::Text, "", MIGRATION),
    both("controllers", Kind::List, "*", GENERIC),
    both("feature-gates", Kind::Gates, "", GENERIC),
    both("cloud-provider", Kind::Text, "", SHARED),
    both("allocate-node-cidrs", Kind::Bool, "false", SHARED),
    both("configure-cloud-routes", Kind::Bool, "true", SHARED),
    both("cluster-cidr", Kind::Text, "", SHARED),
    both("cidr-allocator-type", Kind::Text, "RangeAllocator", SHARED),
    both("external-cloud-volume-plugin", Kind::Text, "", SHARED),
    kcm(
        "service-account-private-key-file",
        Kind::Text,
        "",
        "kubernetes/kubernetes:cmd/kube-controller-manager/app/options/serviceaccountcontroller.go@v1.30.4",
    ),
];

/// The deciding flag `name` of `component`.
pub fn deciding(component: Component, name: &str) -> Option<&'static Flag> {
    DECIDING.iter().find(|flag| flag.name == name && flag.default(component).is_some())
}

impl Flag {
    /// The flag's default in `component`, as text; `None` if it does not have the flag.
    pub const fn default(&self, component: Component) -> Option<&'static str> {
        match component {
            Component::KubeControllerManager => self.kcm,
            Component::CloudControllerManager => self.ccm,
        }
    }
}
