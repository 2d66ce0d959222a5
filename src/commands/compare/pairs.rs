//! Which migrations are compared.

use leasehold_model::controller::Controller;
use leasehold_model::facts::providers;
use leasehold_model::facts::vendors;
use leasehold_model::release::Release;

use super::protocol::Protocol;
use crate::commands::generate::design::{Design, Wish};

/// The providers that were in kube-controller-manager.
pub const PROVIDERS: [&str; 5] = ["aws", "azure", "gce", "openstack", "vsphere"];

/// The first release of which no provider is left in kube-controller-manager, so that node IPAM is all that moves.
const NODE_IPAM_FROM: u8 = 31;

/// The migrations to the next release and within one, for every provider in kube-controller-manager; then those of node IPAM
/// alone, for vendors that have it, or for the one that was asked for.
pub fn wishes(from: Option<Release>, to: Option<Release>, provider: Option<&str>, nodes: u8) -> Vec<Wish> {
    let mut wishes = Vec::new();
    let asked = |name: &&str| provider.is_none_or(|asked| asked == *name);
    for name in PROVIDERS.into_iter().filter(asked) {
        for old in Release::all().filter(|old| from.is_none_or(|from| from == *old)) {
            let in_tree = providers::in_tree(name, old).is_some();
            let has_ipam = provider.is_some() || vendors::lookup(None, Some(name)).extra.contains(Controller::NodeIpam);
            if !in_tree && (old.minor() < NODE_IPAM_FROM || !has_ipam) {
                continue;
            }
            for new in [old.next(), Some(old)].into_iter().flatten().filter(|new| to.is_none_or(|to| to == *new)) {
                wishes.push(Wish { from: old, to: new, provider: name.into(), nodes, node_ipam: false });
            }
        }
    }
    wishes
}

/// Two leases, one after the other, need something for the second.
pub fn with_node_ipam(design: &Design, protocol: &Protocol) -> Design {
    if protocol.id == "p2-stages" {
        Design::of(Wish { node_ipam: true, ..design.wish.clone() })
    } else {
        design.clone()
    }
}
