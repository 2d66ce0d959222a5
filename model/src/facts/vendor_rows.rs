//! The vendors that are known by name, each as far as it differs from the stock command, with its source.

use super::table::{Checked, Table, from};
use super::vendors::{MigrationSupport, STOCK, Vendor};
use crate::controller::{Controller, ControllerSet};

/// The library's own command with the recording provider of this project's test control plane.
pub const RECORDER: Vendor = Vendor {
    name: "recorder",
    providers: &["recorder"],
    routes: Some(true),
    closed: true,
    source: "leasehold:testbed/evidence/README.md@v0.1.0",
    ..STOCK
};

pub(super) const AZURE: Vendor = Vendor {
    name: "azure",
    images: &["azure-cloud-controller-manager"],
    providers: &["azure"],
    migration: MigrationSupport::Ignored,
    extra: only(Controller::NodeIpam),
    extra_keys: &[(Controller::NodeIpam, Table(&[from(21, "node-ipam", Checked::Read, AZURE_SOURCE)]))],
    notes: &["takes the leader migration flags and ignores them: every controller runs under the main lease"],
    source: AZURE_SOURCE,
    ..STOCK
};
const AZURE_SOURCE: &str =
    "kubernetes-sigs/cloud-provider-azure:cmd/cloud-controller-manager/app/controllermanager.go@v1.29.15";

pub(super) const GCP: Vendor = Vendor {
    name: "gcp",
    images: &["cloud-provider-gcp/cloud-controller-manager", "k8scloudprovidergcp/cloud-controller-manager"],
    providers: &["gce"],
    extra: only(Controller::NodeIpam),
    routes: Some(true),
    notes: &[
        "deploy/cloud-node-controller-role.yaml grants get and update on the lease cloud-controller-manager only: with \
         it this manager asks for the migration lease in vain",
    ],
    source: GCP_SOURCE,
    ..STOCK
};
const GCP_SOURCE: &str = "kubernetes/cloud-provider-gcp:cmd/cloud-controller-manager/main.go@ccm/v32.2.0";

const AWS: Vendor = Vendor {
    name: "aws",
    images: &["provider-aws/cloud-controller-manager"],
    providers: &["aws"],
    source: "kubernetes/cloud-provider-aws:cmd/aws-cloud-controller-manager/main.go@v1.30.0",
    ..STOCK
};

const OPENSTACK: Vendor = Vendor {
    name: "openstack",
    images: &["openstack-cloud-controller-manager"],
    providers: &["openstack"],
    notes: &["publishes no leader_election_master_status metric: watch the leases themselves"],
    source: "kubernetes/cloud-provider-openstack:cmd/openstack-cloud-controller-manager/main.go@v1.31.0",
    ..STOCK
};

const VSPHERE: Vendor = Vendor {
    name: "vsphere",
    images: &["cloud-pv-vsphere/cloud-provider-vsphere", "cloud-provider-vsphere/cpi/release/manager"],
    providers: &["vsphere"],
    provider: "vsphere",
    notes: &["its own command around the library's app.Run, so leader migration works as in the library"],
    source: "kubernetes/cloud-provider-vsphere:cmd/vsphere-cloud-controller-manager/main.go@v1.30.0",
    ..STOCK
};

const HCLOUD: Vendor = Vendor {
    name: "hetzner",
    images: &["hetznercloud/hcloud-cloud-controller-manager"],
    providers: &["hcloud"],
    notes: &["its published manifests switch leader election off, and with it leader migration"],
    source: "hetznercloud/hcloud-cloud-controller-manager:main.go@v1.16.0",
    ..STOCK
};

pub(super) const DIGITALOCEAN: Vendor = Vendor {
    name: "digitalocean",
    images: &["digitalocean/digitalocean-cloud-controller-manager"],
    providers: &["digitalocean"],
    provider: "digitalocean",
    aliases: false,
    notes: &["its published manifests switch leader election off, and with it leader migration"],
    source: "digitalocean/digitalocean-cloud-controller-manager:cloud-controller-manager/do/cloud.go@v0.1.45",
    ..STOCK
};

const ALIBABA: Vendor = Vendor {
    name: "alibaba",
    images: &["acs/cloud-controller-manager-amd64", "acs/cloud-controller-manager"],
    providers: &["alicloud"],
    migration: MigrationSupport::UnknownFlag,
    main_lease: "ccm",
    source: "kubernetes/cloud-provider-alibaba-cloud:cmd/manager/main.go@v2.4.4",
    ..STOCK
};

const IBM: Vendor = Vendor {
    name: "ibm",
    images: &["armada-master/ibm-cloud-controller-manager"],
    providers: &["ibm"],
    removed: only(Controller::Route),
    notes: &["its manifest elects with 60s, 25s and 5s"],
    source: "IBM-Cloud/cloud-provider-ibm:main.go@release-1.28",
    ..STOCK
};

pub(super) const NUTANIX: Vendor = Vendor {
    name: "nutanix",
    images: &["cloud-provider-nutanix/controller"],
    removed: only(Controller::Service).union(only(Controller::Route)),
    aliases: false,
    source: "nutanix-cloud-native/cloud-provider-nutanix:main.go@v0.4.0",
    ..STOCK
};

const RKE2: Vendor = Vendor {
    name: "rke2",
    images: &["rancher/rke2-cloud-provider"],
    main_lease: "rke2-cloud-controller-manager",
    source: "rancher/image-build-rke2-cloud-provider:main.go@v0.0.1-alpha1",
    ..STOCK
};

const LINODE: Vendor = Vendor {
    name: "linode",
    images: &["linode/linode-cloud-controller-manager"],
    providers: &["linode"],
    provider: "linode",
    source: "linode/linode-cloud-controller-manager:main.go@v0.6.2",
    ..STOCK
};

const OCI: Vendor = Vendor {
    name: "oci",
    images: &["oracle/cloud-provider-oci"],
    providers: &["oci"],
    notes: &["publishes no leader_election_master_status metric: watch the leases themselves"],
    source: "oracle/oci-cloud-controller-manager:cmd/oci-cloud-controller-manager/main.go@v1.35.0",
    ..STOCK
};

const SCALEWAY: Vendor = Vendor {
    name: "scaleway",
    images: &["scaleway/scaleway-cloud-controller-manager"],
    providers: &["scaleway"],
    source: "scaleway/scaleway-cloud-controller-manager:cmd/scaleway-cloud-controller-manager/main.go@v0.28.0",
    ..STOCK
};

const EQUINIX: Vendor = Vendor {
    name: "equinix",
    images: &["equinix/cloud-provider-equinix-metal"],
    providers: &["equinixmetal", "packet"],
    provider: "equinixmetal",
    source: "kubernetes-sigs/cloud-provider-equinix-metal:main.go@v3.8.1",
    ..STOCK
};

const EXOSCALE: Vendor = Vendor {
    name: "exoscale",
    images: &["exoscale/cloud-controller-manager"],
    providers: &["exoscale"],
    source: "exoscale/exoscale-cloud-controller-manager:cmd/exoscale-cloud-controller-manager/main.go@v0.30.0",
    ..STOCK
};

/// Every vendor that is known by name.
pub const KNOWN: [Vendor; 17] = [
    RECORDER,
    AZURE,
    GCP,
    AWS,
    OPENSTACK,
    VSPHERE,
    HCLOUD,
    DIGITALOCEAN,
    ALIBABA,
    IBM,
    NUTANIX,
    RKE2,
    LINODE,
    OCI,
    SCALEWAY,
    EQUINIX,
    EXOSCALE,
];

const fn only(controller: Controller) -> ControllerSet {
    ControllerSet::EMPTY.with(controller)
}
