//! What a vendor's `Initialize` does beyond preparing its cloud.
//!
//! The library calls `Initialize` on one cloud object once for each lease that the process comes to hold, before it starts
//! that lease's controllers (kubernetes/cloud-provider:app/controllermanager.go `startControllers`:307, called from
//! `Run`:223@v0.36.6, :264@v0.22.5). So what is started there runs from the main lease on, whatever `--controllers` and
//! the leader migration configuration say, and once more when the migration lease is taken; what may be done only once
//! ends the process then. Read, not run.

use crate::controller::{Controller, ControllerSet};
use crate::release::Release;

/// What `Initialize` does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Initialize {
    /// Controllers it starts, if their flags ask for them.
    pub starts: ControllerSet,
    /// What else it starts, in words.
    pub tasks: &'static [&'static str],
    /// How its second call ends the process.
    pub second: Option<Ends>,
    /// Where this was read, as `repository:path:line@tag`; empty if nothing is known.
    pub source: &'static str,
}

/// How a second call ends the process.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ends {
    /// The only `--cloud-provider` of this binary that does so.
    pub provider: &'static str,
    /// The process's words, as far as they depend on nothing but the input.
    pub message: &'static str,
    /// Its exit code.
    pub exit_code: u8,
    /// What keeps it from happening, in words, if anything does.
    pub unless: Option<&'static str>,
}

/// Nothing that matters here, as far as is known.
pub const NOTHING: Initialize = Initialize { starts: ControllerSet::EMPTY, tasks: &[], second: None, source: "" };

/// The builds of a vendor that a row is about.
#[derive(Clone, Copy)]
enum Builds {
    /// Every build with this library or a newer one.
    Since(u8),
    /// Every build with one of these libraries.
    Libraries(u8, u8),
    /// This tag only; without a tag it is not assumed.
    Tag(&'static str),
    /// Tags from `vMAJOR.MINOR` on; without a tag, builds with this library or a newer one.
    TagSince((u32, u32), u8),
}

const DIGITALOCEAN: &str =
    "digitalocean/digitalocean-cloud-controller-manager:cloud-controller-manager/do/cloud.go:236@v0.1.60";
const VSPHERE: &str = "kubernetes/cloud-provider-vsphere:pkg/cloudprovider/vsphere/server/server.go:114@v1.22.6";
const LINODE: &str = "linode/linode-cloud-controller-manager:cloud/linode/cloud.go:194@v0.6.2";
const OCI: &str = "oracle/oci-cloud-controller-manager:pkg/cloudprovider/providers/oci/ccm.go:178@v1.35.0";
const SCALEWAY: &str = "scaleway/scaleway-cloud-controller-manager:scaleway/cloud.go:134@v0.28.0";
const EQUINIX: &str = "kubernetes-sigs/cloud-provider-equinix-metal:metal/cloud.go:79@v3.8.1";
const EXOSCALE: &str = "exoscale/exoscale-cloud-controller-manager:exoscale/exoscale.go:82@v0.14.0";

const OF_DIGITALOCEAN: Initialize = Initialize {
    tasks: &["the tags of load balancers", "the firewall of public services"],
    source: DIGITALOCEAN,
    ..NOTHING
};
const VSPHERE_SERVER: Initialize = Initialize {
    second: Some(Ends {
        provider: "vsphere",
        message: "Server Listen() failed: listen tcp …: bind: address already in use",
        exit_code: 255,
        unless: Some("its cloud configuration disables the API server (`apiDisable: true`)"),
    }),
    source: VSPHERE,
    ..NOTHING
};

/// By vendor and build; of one vendor the first row that fits counts.
const ROWS: [(&str, Builds, Initialize); 10] = [
    (
        // The go directive of its go.mod decides whether net/http has the patterns of Go 1.22.
        "digitalocean",
        Builds::Libraries(21, 29),
        Initialize { second: registers_twice("panic: http: multiple registrations for /metrics"), ..OF_DIGITALOCEAN },
    ),
    (
        "digitalocean",
        Builds::Since(30),
        Initialize {
            second: registers_twice("panic: pattern \"/metrics\" (…) conflicts with pattern \"/metrics\" (…)"),
            ..OF_DIGITALOCEAN
        },
    ),
    ("vsphere", Builds::Libraries(21, 22), VSPHERE_SERVER),
    // v1.23.1, of the same library, has no server any more.
    ("vsphere", Builds::Tag("v1.23.0"), VSPHERE_SERVER),
    (
        "linode",
        Builds::TagSince((0, 6), 32),
        Initialize {
            starts: ControllerSet::EMPTY.with(Controller::NodeIpam),
            tasks: &["the removal of NodeBalancers", "the metadata of nodes"],
            source: LINODE,
            ..NOTHING
        },
    ),
    (
        "linode",
        Builds::Since(21),
        Initialize {
            tasks: &["the removal of NodeBalancers", "the metadata of nodes"],
            source: "linode/linode-cloud-controller-manager:cloud/linode/cloud.go:137@v0.4.21",
            ..NOTHING
        },
    ),
    (
        "oci",
        Builds::Since(22),
        Initialize {
            tasks: &[
                "the labels and the provider ID of nodes",
                "with ENABLE_FLEX_CIDR_CONTROLLER the pod CIDRs of nodes, as node-ipam does",
            ],
            source: OCI,
            ..NOTHING
        },
    ),
    (
        "scaleway",
        Builds::Since(21),
        Initialize { tasks: &["the labels and taints of nodes from their tags"], source: SCALEWAY, ..NOTHING },
    ),
    (
        "equinix",
        Builds::Since(23),
        Initialize { tasks: &["the control plane's address and load balancer"], source: EQUINIX, ..NOTHING },
    ),
    (
        "exoscale",
        Builds::Since(21),
        Initialize {
            tasks: &["with EXOSCALE_SKS_AGENT_RUNNERS the approval of nodes' certificates"],
            source: EXOSCALE,
            ..NOTHING
        },
    ),
];

/// A handler and metrics that may be registered only once: a panic.
const fn registers_twice(message: &'static str) -> Option<Ends> {
    Some(Ends { provider: "digitalocean", message, exit_code: 2, unless: None })
}

/// What `Initialize` of `vendor`'s build does: the build with this image tag, if it is known, and this library.
pub fn initialize(vendor: &str, tag: Option<&str>, library: Release) -> Initialize {
    let minor = library.minor();
    let fits = |builds: Builds| match builds {
        Builds::Since(first) => minor >= first,
        Builds::Libraries(first, last) => (first..=last).contains(&minor),
        Builds::Tag(only) => tag == Some(only),
        Builds::TagSince(first, library) => match tag.and_then(version) {
            Some(version) => version >= first,
            None => minor >= library,
        },
    };
    let row = ROWS.into_iter().find(|&(name, builds, _)| name == vendor && fits(builds));
    row.map_or(NOTHING, |(_, _, initialize)| initialize)
}

/// `vMAJOR.MINOR.…`
fn version(tag: &str) -> Option<(u32, u32)> {
    let mut parts = tag.strip_prefix('v').unwrap_or(tag).split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(vendor: &str, tag: Option<&str>, library: &str) -> Initialize {
        initialize(vendor, tag, library.parse().unwrap())
    }

    #[test]
    fn a_second_call_ends_some_builds() {
        let exits = |vendor, tag, library| of(vendor, tag, library).second.map(|ends| ends.exit_code);
        assert_eq!(exits("digitalocean", Some("v0.1.33"), "0.21"), Some(2));
        assert_eq!(exits("digitalocean", None, "0.36"), Some(2));
        assert_ne!(of("digitalocean", None, "0.29").second, of("digitalocean", None, "0.30").second);
        assert_eq!(exits("vsphere", Some("v1.22.9"), "0.22"), Some(255));
        assert_eq!(exits("vsphere", Some("v1.23.0"), "0.23"), Some(255));
        for tag in [Some("v1.23.1"), Some("v1.24.0"), None] {
            assert_eq!(exits("vsphere", tag, "0.23"), None, "{tag:?}");
        }
        assert_eq!(of("aws", Some("v1.30.0"), "0.30"), NOTHING);
    }

    #[test]
    fn node_ipam_of_linode_began_with_v0_6() {
        let starts = |tag, library| of("linode", tag, library).starts.contains(Controller::NodeIpam);
        assert!(starts(Some("v0.6.0"), "0.32") && starts(Some("v0.9.8"), "0.35"));
        assert!(!starts(Some("v0.5.2"), "0.32") && !starts(Some("v0.4.21"), "0.32"));
        // Where the tag does not tell, it is taken to be there: better a warning too many.
        assert!(starts(None, "0.32") && starts(Some("latest"), "0.33") && !starts(None, "0.31"));
    }

    #[test]
    fn every_row_has_its_source() {
        for (vendor, _, row) in ROWS {
            assert!(row.source.contains(':') && row.source.contains('@'), "{vendor}");
            assert!(row.second.is_some() || !row.tasks.is_empty(), "{vendor}");
        }
    }
}
