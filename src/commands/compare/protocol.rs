//! The protocols by which people move cloud controllers, each as the steps of one migration. Pure.
//!
//! Every protocol is generated from the same [`Design`], so that what differs between two rows is the protocol.

use leasehold_model::controller::ControllerSet;
use leasehold_model::release::Release;

use super::steps::{
    FIRST, SECOND, file, handshake, in_place, replace_nodes, stop_then_start, switched_off, two_stages,
};
use crate::commands::generate::design::Design;

/// A protocol.
#[derive(Clone, Copy, Debug)]
pub struct Protocol {
    /// Its name in JSON.
    pub id: &'static str,
    /// Its name in tables.
    pub name: &'static str,
    /// What is done, in a sentence or two.
    pub about: &'static str,
    /// Who does it so, as `repository:path@tag` where that is public.
    pub source: &'static str,
    /// Its steps.
    pub steps: fn(&Design) -> Vec<Step>,
    /// It moves node IPAM alone too, where no provider is left in kube-controller-manager.
    pub node_ipam_alone: bool,
}

/// Every protocol, in the order of all output.
pub const ALL: [Protocol; 10] = [
    Protocol {
        id: "p1-built-in",
        name: "P1 built-in names",
        about: "The Kubernetes guide: grant the migration lease, enable leader migration, replace the nodes one by one, \
                disable it. Without a file: each manager takes its built-in default.",
        source: "kubernetes/website:content/en/docs/tasks/administer-cluster/controller-manager-leader-migration.md",
        steps: |design| replace_nodes(design, Migration::BuiltIn, Migration::BuiltIn),
        node_ipam_alone: true,
    },
    Protocol {
        id: "p1-file",
        name: "P1 own file, right names",
        about: "The same with a file for each manager that names every controller that moves as this manager's release \
                calls it (leasehold generate).",
        source: "kubernetes/enhancements:keps/sig-cloud-provider/2436-controller-manager-leader-migration/README.md",
        steps: |design| replace_nodes(design, file(design), file(design)),
        node_ipam_alone: true,
    },
    Protocol {
        id: "p2-sides",
        name: "P2 a lease for each side",
        about: "Two migration leases as GKE 1.25 shows them, taken for one plan: kube-controller-manager contends for one, \
                cloud-controller-manager for the other.",
        source: "ferenc-hechler/tmf-oda-canvas-playground:INFO/initial-data.md@9d7be7c",
        steps: |design| {
            let of = |lease| Migration::File { lease, controllers: design.moves };
            replace_nodes(design, of(SECOND), of(FIRST))
        },
        node_ipam_alone: true,
    },
    Protocol {
        id: "p2-stages",
        name: "P2 a lease for each stage",
        about: "The same two leases, one after the other: the first until the provider's controllers have moved, the second \
                for node IPAM.",
        source: "ferenc-hechler/tmf-oda-canvas-playground:INFO/initial-data.md@9d7be7c",
        steps: two_stages,
        node_ipam_alone: false,
    },
    Protocol {
        id: "p3-in-place",
        name: "P3 in place, right names",
        about: "Rancher's order: enable leader migration, install cloud-controller-manager beside, take the provider from \
                kube-controller-manager, drop the flag. Here with a file of the right names; Rancher has none.",
        source: "rancher/rancher-docs:docs/how-to-guides/new-user-guides/kubernetes-clusters-in-rancher-setup/\
                 set-up-cloud-providers/amazon.md@34f0a74",
        steps: in_place,
        node_ipam_alone: true,
    },
    Protocol {
        id: "p4",
        name: "P4 switched off, then CCM",
        about: "No leader migration: the controllers are switched off in every kube-controller-manager, and only then \
                cloud-controller-manager is installed (cloud-provider-openstack, KubeOne, KKP).",
        source: "kubernetes/cloud-provider-openstack:docs/openstack-cloud-controller-manager/\
                 migrate-to-ccm-with-csimigration.md@v1.21.0",
        steps: |design| switched_off(design, true),
        node_ipam_alone: true,
    },
    Protocol {
        id: "p4-early",
        name: "P4 CCM early",
        about: "The same, and cloud-controller-manager is installed while kube-controller-managers are still being changed.",
        source: "scenarios/library/protocols/P4-ccm-early",
        steps: |design| switched_off(design, false),
        node_ipam_alone: true,
    },
    Protocol {
        id: "p5",
        name: "P5 handshake",
        about: "OpenShift: every kube-controller-manager becomes external; once its operator says that none owns the cloud \
                controllers (CloudControllerOwner), cloud-controller-manager is deployed.",
        source: "openshift/cluster-kube-controller-manager-operator:pkg/operator/targetconfigcontroller/\
                 targetconfigcontroller.go:323@release-4.10",
        steps: |design| handshake(design, true),
        node_ipam_alone: false,
    },
    Protocol {
        id: "p5-early",
        name: "P5 condition too early",
        about: "The same, and the condition is False, or taken for it, while a kube-controller-manager still has the provider.",
        source: "openshift/cluster-cloud-controller-manager-operator:pkg/controllers/clusteroperator_controller.go:282\
                 @release-4.10",
        steps: |design| handshake(design, false),
        node_ipam_alone: false,
    },
    Protocol {
        id: "stop-start",
        name: "stop, then start",
        about: "Every kube-controller-manager is stopped, then the new ones are started together with \
                cloud-controller-manager. Everything else that kube-controller-manager does stands still too.",
        source: "rancher/rancher-docs#844, rancher/rancher-docs#1369",
        steps: stop_then_start,
        node_ipam_alone: true,
    },
];

/// One step, or the cluster before the first.
#[derive(Clone, PartialEq, Debug)]
pub struct Step {
    /// What the operator would call it.
    pub title: &'static str,
    /// How it is done, as a scenario says it; empty for the cluster before.
    pub action: &'static str,
    /// The Kubernetes release from here on.
    pub kubernetes: Release,
    /// The kube-controller-manager that is put there.
    pub kcm: Option<Kcm>,
    /// The cloud-controller-manager that is put there.
    pub ccm: Option<Ccm>,
    /// The migration leases that both managers may use from here on.
    pub granted: Vec<&'static str>,
    /// Every kube-controller-manager is stopped.
    pub stops: bool,
    /// Controllers may run nowhere until the next step is complete.
    pub downtime: bool,
}

/// A kube-controller-manager.
#[derive(Clone, PartialEq, Debug)]
pub struct Kcm {
    /// Its release.
    pub release: Release,
    /// It has its in-tree provider; else `external`.
    pub in_tree: bool,
    /// The provider's controllers are switched off by `--controllers`.
    pub switched_off: bool,
    /// It runs node IPAM.
    pub node_ipam: bool,
    /// Its leader migration.
    pub migration: Migration,
}

/// A cloud-controller-manager.
#[derive(Clone, PartialEq, Debug)]
pub struct Ccm {
    /// The release of its library.
    pub library: Release,
    /// It runs node IPAM.
    pub node_ipam: bool,
    /// Its leader migration.
    pub migration: Migration,
}

/// The leader migration of a manager.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Migration {
    /// Off.
    Off,
    /// On, with the built-in default.
    BuiltIn,
    /// On, with a file.
    File {
        /// `leaderName`.
        lease: &'static str,
        /// The controllers under it.
        controllers: ControllerSet,
    },
}
