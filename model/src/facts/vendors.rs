//! Cloud-controller-managers that differ from the stock command of `k8s.io/cloud-provider`.
//!
//! The vendors themselves are in [`super::vendor_rows`]. One is found by its image ([`lookup`]) or by its `--cloud-provider` value. Most run the library's command
//! unchanged; whatever deviates here carries its source. Tags and the library they were built with:
//! [`super::vendor_tags`].

use super::controllers;
use super::table::Table;
use super::vendor_initialize::{self, Initialize, NOTHING};
pub use super::vendor_rows::{KNOWN, RECORDER};
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
    use super::super::vendor_rows::{AZURE, DIGITALOCEAN, GCP, NUTANIX};
    use super::*;

    #[test]
    fn a_port_is_no_tag() {
        for (image, expected) in [
            ("registry.example:5000/ccm", "registry.example:5000/ccm"),
            ("registry.example:5000/ccm:v1", "registry.example:5000/ccm"),
            ("ccm:v1@sha256:00", "ccm"),
            ("ccm", "ccm"),
        ] {
            assert_eq!(repository(image), expected);
        }
    }

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
