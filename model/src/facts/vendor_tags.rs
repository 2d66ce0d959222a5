//! Which `k8s.io/cloud-provider` a vendor's image was built with. A tag is often not the library's version.

use super::vendors::Vendor;
use crate::release::Release;

/// How a vendor's tags follow the library.
struct Tags {
    vendor: &'static str,
    /// Tags `vN.MINOR.x` are library `0.MINOR`, except those listed.
    same_minor: bool,
    /// Tags `vMINOR.x.y` are library `0.MINOR`.
    leading_minor: bool,
    /// Tags as read in `go.mod`, with the library's minor; a prefix up to a dot covers its patch releases.
    read: &'static [(&'static str, u8)],
}

const TAGS: [Tags; 13] = [
    Tags {
        vendor: "aws",
        same_minor: true,
        leading_minor: false,
        read: &[("v1.24.2", 25), ("v1.24.3", 25), ("v1.23.0-alpha.0", 23)],
    },
    Tags { vendor: "openstack", same_minor: true, leading_minor: false, read: &[] },
    Tags { vendor: "azure", same_minor: true, leading_minor: false, read: &[("v1.33.12", 35)] },
    Tags { vendor: "vsphere", same_minor: true, leading_minor: false, read: &[("v1.25.2", 26)] },
    Tags { vendor: "gcp", same_minor: false, leading_minor: true, read: &[("v32.2.0", 31), ("v0.0.1", 21)] },
    Tags {
        vendor: "hetzner",
        same_minor: false,
        leading_minor: false,
        read: &[("v1.13.0", 24), ("v1.16", 27), ("v1.17", 27), ("v1.18.0", 28)],
    },
    Tags {
        vendor: "digitalocean",
        same_minor: false,
        leading_minor: false,
        read: &[
            ("v0.1.33", 21),
            ("v0.1.37", 23),
            ("v0.1.42", 26),
            ("v0.1.43", 27),
            ("v0.1.44", 27),
            ("v0.1.45", 28),
            ("v0.1.46", 29),
            ("v0.1.47", 29),
            ("v0.1.48", 29),
            ("v0.1.49", 29),
            ("v0.1.50", 30),
            ("v0.1.55", 30),
            ("v0.1.60", 33),
            ("v0.1.64", 34),
            ("v0.1.66", 35),
            ("v0.1.68", 36),
        ],
    },
    Tags {
        vendor: "linode",
        same_minor: false,
        leading_minor: false,
        read: &[
            ("v0.3.16", 21),
            ("v0.3.24", 23),
            ("v0.4.3", 29),
            ("v0.4.21", 32),
            ("v0.4.25", 32),
            ("v0.5.0", 32),
            ("v0.5.2", 32),
            ("v0.6.0", 32),
            ("v0.6.2", 33),
            ("v0.7.1", 33),
            ("v0.8.3", 33),
            ("v0.9.8", 35),
        ],
    },
    Tags { vendor: "oci", same_minor: true, leading_minor: false, read: &[] },
    Tags {
        vendor: "scaleway",
        same_minor: false,
        leading_minor: false,
        read: &[("v0.21.0", 21), ("v0.28.0", 28), ("v0.36.2", 36)],
    },
    Tags {
        vendor: "equinix",
        same_minor: false,
        leading_minor: false,
        read: &[("v3.4.0", 23), ("v3.8.0", 26), ("v3.8.1", 30)],
    },
    Tags {
        vendor: "nutanix",
        same_minor: false,
        leading_minor: false,
        read: &[("v0.1.0", 24), ("v0.3.2", 27), ("v0.4.0", 30)],
    },
    Tags { vendor: "rke2", same_minor: false, leading_minor: false, read: &[("v1.25.2", 25), ("v1.28.2", 28)] },
];

/// The library that `vendor`'s image of this tag was built with, and whether that was read in its `go.mod` (else it
/// follows the vendor's numbering). `None` if neither is known.
pub fn library(vendor: &Vendor, tag: &str) -> Option<(Release, bool)> {
    let tags = TAGS.iter().find(|t| t.vendor == vendor.name)?;
    let tag = tag.trim_start_matches("ccm/");
    let with_v = if tag.starts_with('v') { tag.to_string() } else { format!("v{tag}") };
    let covers = |read: &str| with_v == read || with_v.starts_with(&format!("{read}."));
    if let Some((_, minor)) = tags.read.iter().find(|(read, _)| covers(read)) {
        return Release::new(*minor).map(|r| (r, true));
    }
    let mut parts = with_v[1..].split(['.', '-', '+']);
    let (first, second) = (parts.next()?, parts.next()?);
    let minor = match (tags.same_minor, tags.leading_minor) {
        (true, _) if first == "1" => second,
        (_, true) => first,
        _ => return None,
    };
    minor.parse().ok().and_then(Release::new).map(|r| (r, false))
}

#[cfg(test)]
mod tests {
    use super::super::vendors::lookup;
    use super::*;

    #[test]
    fn tags_are_not_always_the_library() {
        for (provider, tag, expected) in [
            ("aws", "v1.27.1", Some((27, false))),
            ("aws", "v1.24.2", Some((25, true))),
            ("azure", "1.33.12", Some((35, true))),
            ("gce", "ccm/v32.2.0", Some((31, true))),
            ("gce", "v28.0.0", Some((28, false))),
            ("hcloud", "v1.16.3", Some((27, true))),
            ("hcloud", "v1.20.0", None),
            ("openstack", "v1.20.0", None),
            ("openstack", "latest", None),
            // The numbering that follows Kubernetes begins with 1.
            ("aws", "v2.27.1", None),
            ("acme", "v1.30.0", None),
        ] {
            let found = library(&lookup(None, Some(provider)), tag).map(|(r, read)| (r.minor(), read));
            assert_eq!(found, expected, "{provider} {tag}");
        }
    }
}
