//! Cloud providers inside kube-controller-manager.

use super::table::{Checked, Table, between};
use crate::release::Release;

/// A provider compiled into kube-controller-manager.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct InTree {
    /// Its `--cloud-provider` value.
    pub name: &'static str,
    /// False where the provider never has load balancers: the service controller then does not start.
    pub load_balancers: bool,
    /// False where the provider never has routes: the route controller then does not start.
    pub routes: bool,
}

const fn full(name: &'static str) -> InTree {
    InTree { name, load_balancers: true, routes: true }
}

/// One table for each provider: the releases that have it.
const IN_TREE: [Table<InTree>; 5] = [
    Table(&[between(21, 26, full("aws"), Checked::Read, "kubernetes/legacy-cloud-providers:aws/aws.go@v0.26.0")]),
    Table(&[between(21, 29, full("azure"), Checked::Read, "kubernetes/legacy-cloud-providers:azure/azure.go@v0.29.0")]),
    Table(&[between(21, 30, full("gce"), Checked::Read, "kubernetes/legacy-cloud-providers:gce/gce.go@v0.30.0")]),
    Table(&[between(
        21,
        25,
        full("openstack"),
        Checked::Read,
        "kubernetes/legacy-cloud-providers:openstack/openstack.go@v0.25.0",
    )]),
    Table(&[between(
        21,
        29,
        InTree { load_balancers: false, routes: false, ..full("vsphere") },
        Checked::Read,
        "kubernetes/legacy-cloud-providers:vsphere/vsphere.go:892,910@v0.29.0",
    )]),
];

/// The recording provider of this project's own test control plane, registered in its kube-controller-manager as a
/// provider upstream does not know. A registered provider works up to 1.31, the last release that has cloud loops, one
/// release after the last that has a provider of its own.
const RECORDER: Table<InTree> = Table(&[between(
    21,
    31,
    full("recorder"),
    Checked::Executed(&[30]),
    "kubernetes/kubernetes:cmd/kube-controller-manager/app/core.go startServiceLBController@v1.31.0",
)]);

/// The provider that kube-controller-manager finds under `name` at `release`.
pub fn in_tree(name: &str, release: Release) -> Option<&'static InTree> {
    IN_TREE.iter().chain([&RECORDER]).filter_map(|table| table.get(release)).find(|p| p.name == name)
}

/// The names that the gate `DisableCloudProviders` refuses, whether the provider is there or not.
pub const GATED: Table<&[&str]> = Table(&[
    between(
        21,
        25,
        &["aws", "azure", "gce", "openstack", "vsphere"],
        Checked::Read,
        "kubernetes/cloud-provider:plugins.go IsDeprecatedInternal@v0.25.0",
    ),
    between(
        26,
        26,
        &["aws", "azure", "gce", "vsphere"],
        Checked::Read,
        "kubernetes/cloud-provider:plugins.go IsDeprecatedInternal@v0.26.0",
    ),
    between(
        27,
        29,
        &["azure", "gce", "vsphere"],
        Checked::Executed(&[27, 28]),
        "kubernetes/cloud-provider:plugins.go IsDeprecatedInternal@v0.29.0",
    ),
    between(
        30,
        31,
        &["gce"],
        Checked::Executed(&[30, 31]),
        "kubernetes/cloud-provider:plugins.go IsDeprecatedInternal@v0.30.0",
    ),
]);
