//! Cloud-controller-managers that differ from the stock command of `k8s.io/cloud-provider`.
//!
//! A vendor is found by its image ([`lookup`]) or by its `--cloud-provider` value. Most run the library's command
//! unchanged; whatever deviates here carries its source. Tags and the library they were built with:
//! [`super::vendor_tags`].

use super::controllers;
use super::table::{Checked, Table, from};
use super::vendor_initialize::{self, Initialize, NOTHING};
use crate::controller::{Component, Controller, ControllerSet};
use crate::release::Release;

/// What a vendor's cloud-controller-manager does with the leader migration flags.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MigrationSupport {
    /// It runs the library's `app.Run`, so leader migration works as in the library.
    Stock,
    /// It accepts the flags and ignores them: one main lease, every controller under it.
    Ignored,
    /// It does not know the flags and exits.
    UnknownFlag,
}

/// A cloud-controller-manager as far as it differs from stock.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Vendor {
    /// Its name in output, such as `azure`; `stock` for the library's own command.
    pub name: &'static str,
    /// How its images end, without registry and tag.
    pub images: &'static [&'static str],
    /// Its `--cloud-provider` values.
    pub providers: &'static [&'static str],
    /// What it does with `--enable-leader-migration`.
    pub migration: MigrationSupport,
    /// Controllers it registers besides the library's, under kube-controller-manager's key for them.
    pub extra: ControllerSet,
    /// The keys of those of them that it registers under another key.
    pub extra_keys: &'static [(Controller, Table<&'static str>)],
    /// Those of them that run only if `--controllers` names them.
    pub off_by_default: ControllerSet,
    /// Controllers of the library that it does not have, or that its cloud never starts.
    pub removed: ControllerSet,
    /// False if the cloud has no routes; `None` if nobody can say. Only asked where `--cluster-cidr` is unusable.
    pub routes: Option<bool>,
    /// True if it is known to have no flags and controllers but those of the library and of this entry. Else a name
    /// leasehold does not know is taken for one of the vendor's own.
    pub closed: bool,
    /// True if its `--controllers` takes the names from before 1.28 where the library does.
    pub aliases: bool,
    /// The provider it names itself where `--cloud-provider` is not given; empty if that is not known.
    pub provider: &'static str,
    /// The main lease's default name.
    pub main_lease: &'static str,
    /// What its `Initialize` does. Depends on the build: [`Vendor::built`].
    pub initialize: Initialize,
    /// What else is known to be different, for the user.
    pub notes: &'static [&'static str],
    /// Where this was read, as `repository:path@tag`.
    pub source: &'static str,
}

/// The library's own command, which most vendors use unchanged, as far as that can be known of an unknown vendor.
pub const STOCK: Vendor = Vendor {
    name: "stock",
    images: &[],
    providers: &[],
    migration: MigrationSupport::Stock,
    extra: ControllerSet::EMPTY,
    extra_keys: &[],
    off_by_default: ControllerSet::EMPTY,
    removed: ControllerSet::EMPTY,
    routes: None,
    closed: false,
    aliases: true,
    provider: "",
    main_lease: "cloud-controller-manager",
    initialize: NOTHING,
    notes: &[],
    source: "kubernetes/cloud-provider:app/controllermanager.go@v0.36.0",
};

/// The library's own command with the recording provider of this project's test control plane.
pub const RECORDER: Vendor = Vendor {
    name: "recorder",
    providers: &["recorder"],
    routes: Some(true),
    closed: true,
    source: "leasehold:testbed/evidence/README.md@v0.1.0",
    ..STOCK
};

const AZURE: Vendor = Vendor {
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

const GCP: Vendor = Vendor {
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

const DIGITALOCEAN: Vendor = Vendor {
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

const NUTANIX: Vendor = Vendor {
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

/// The vendor of a cloud-controller-manager, by its image (with or without registry, tag and digest) or else by its
/// `--cloud-provider` value; [`STOCK`] if neither is known.
pub fn lookup(image: Option<&str>, cloud_provider: Option<&str>) -> Vendor {
    let by_image = image.map(repository).and_then(|name| {
        KNOWN.into_iter().find(|v| v.images.iter().any(|end| name == *end || name.ends_with(&format!("/{end}"))))
    });
    let by_provider = || cloud_provider.and_then(|name| KNOWN.into_iter().find(|v| v.providers.contains(&name)));
    by_image.or_else(by_provider).unwrap_or(STOCK)
}

/// An image without digest and tag.
pub(super) fn repository(image: &str) -> &str {
    let image = image.split('@').next().unwrap_or(image);
    match image.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => name,
        _ => image,
    }
}

impl Vendor {
    /// The vendor as of one build: that of this image tag, if it is known, with this library.
    #[must_use]
    pub fn built(self, tag: Option<&str>, library: Release) -> Vendor {
        Vendor { initialize: vendor_initialize::initialize(self.name, tag, library), ..self }
    }

    /// The key that `component` of this vendor registers `controller` under, if it has it.
    pub fn key(&self, component: Component, controller: Controller, release: Release) -> Option<&'static str> {
        if component == Component::KubeControllerManager {
            return controllers::key(component, controller, release);
        }
        if self.removed.contains(controller) {
            return None;
        }
        if !self.extra.contains(controller) {
            return controllers::key(component, controller, release);
        }
        let own = self.extra_keys.iter().find(|(c, _)| *c == controller);
        own.and_then(|(_, table)| table.get(release).copied())
            .or_else(|| controllers::key(Component::KubeControllerManager, controller, release))
    }

    /// What `--controllers` makes of `name` in `component` of this vendor.
    pub fn resolve_alias<'a>(&self, component: Component, name: &'a str, release: Release) -> &'a str {
        if self.aliases || component == Component::KubeControllerManager {
            controllers::resolve_alias(component, name, release)
        } else {
            name
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vendors_are_found_by_image_and_by_provider() {
        for (image, provider, name) in [
            (Some("mcr.microsoft.com/oss/kubernetes/azure-cloud-controller-manager:v1.29.15"), None, "azure"),
            (Some("registry.k8s.io/cloud-provider-gcp/cloud-controller-manager:v32.2.0"), Some("aws"), "gcp"),
            (Some("registry.k8s.io/provider-aws/cloud-controller-manager@sha256:00"), None, "aws"),
            (Some("host:5000/private/ccm:v1"), Some("openstack"), "openstack"),
            (Some("azure-cloud-controller-manager"), None, "azure"),
            (Some("not-azure-cloud-controller-manager:v1"), None, "stock"),
            (None, Some("recorder"), "recorder"),
            (None, Some("acme"), "stock"),
            (None, None, "stock"),
        ] {
            assert_eq!(lookup(image, provider).name, name, "{image:?} {provider:?}");
        }
    }

    #[test]
    fn every_deviation_has_its_source() {
        for vendor in KNOWN {
            assert!(vendor.source.contains(':') && vendor.source.contains('@'), "{}", vendor.name);
            assert!(vendor.extra_keys.iter().all(|(_, table)| table.is_well_formed()), "{}", vendor.name);
        }
        let names: std::collections::BTreeSet<_> = KNOWN.iter().map(|v| v.name).collect();
        assert_eq!(names.len(), KNOWN.len());
    }

    #[test]
    fn keys_follow_the_vendor() {
        let (ccm, r27, r30) = (Component::CloudControllerManager, "1.27".parse().unwrap(), "1.30".parse().unwrap());
        assert_eq!(GCP.key(ccm, Controller::NodeIpam, r27), Some("nodeipam"));
        assert_eq!(GCP.key(ccm, Controller::NodeIpam, r30), Some("node-ipam-controller"));
        assert_eq!(AZURE.key(ccm, Controller::NodeIpam, r30), Some("node-ipam"));
        assert_eq!(STOCK.key(ccm, Controller::NodeIpam, r30), None);
        assert_eq!(NUTANIX.key(ccm, Controller::Service, r30), None);
        assert_eq!(DIGITALOCEAN.resolve_alias(ccm, "service", r30), "service");
        assert_eq!(STOCK.resolve_alias(ccm, "service", r30), "service-lb-controller");
    }
}
