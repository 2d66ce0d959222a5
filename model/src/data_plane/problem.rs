//! What is judged: one Service of type LoadBalancer, the operator's steps, and how long things take.

use crate::release::Release;

/// A Service with everything that decides who reaches it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// Nodes that are members of the load balancers, 1 to [`MOST_WORKERS`].
    pub workers: u8,
    /// Which API the in-tree service controller asks (`use-octavia`, by default off:
    /// `kubernetes/legacy-cloud-providers:openstack/openstack.go:103@v0.21.0`). The cloud-controller-manager asks Octavia
    /// (on by default: `kubernetes/cloud-provider-openstack:pkg/openstack/openstack.go:204@v1.21.0`).
    pub in_tree: Api,
    /// Load balancers have a health monitor (`create-monitor`, off by default: `…/openstack.go:208@v1.21.0`). Without it a
    /// member that is gone keeps its share of the connections.
    pub monitor: bool,
    /// Who uses the Service; at least one.
    pub clients: Vec<Client>,
    /// The steps in the order of the plan; each kind at most once.
    pub steps: Vec<Step>,
    /// In which order they may be carried out.
    pub order: Order,
    /// The faults that may happen at any moment.
    pub faults: Faults,
    /// How long things take.
    pub takes: Takes,
}

/// More nodes show nothing new: one that is there, one that is being replaced and one that is gone are told apart.
pub const MOST_WORKERS: u8 = 4;

/// Where a load balancer lives. An API does not show the load balancers of the other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Api {
    /// Neutron LBaaS v2.
    Neutron,
    /// Octavia.
    Octavia,
}

/// A way in which clients find the Service.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Client {
    /// They resolve its name, and keep an answer no longer than its time to live.
    Dns,
    /// They know its old address and nothing else.
    Fixed,
}

/// A step of the operator.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// What the plan calls it.
    pub title: String,
    /// What it does.
    pub kind: StepKind,
}

/// What a step does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum StepKind {
    /// The record gets its short time to live.
    LowerTtl,
    /// Wait until no cache holds an answer with the long time to live.
    AwaitOldTtl,
    /// The external cloud provider is switched on: the in-tree service controller stops, the external one starts and makes
    /// its load balancer; volumes are handed to Cinder CSI.
    Migrate,
    /// The record gets the new load balancer's address.
    MoveRecord,
    /// Wait until no cache holds an answer from before the record was changed.
    AwaitCaches,
    /// The old floating IP is taken off the old load balancer and put on the new one.
    MoveAddress,
    /// Every node is replaced, a new one before an old one goes.
    Rotate,
    /// The old load balancer is deleted by hand.
    DeleteOld,
    /// Floating IPs that are attached to nothing are given back.
    ReleaseAddresses,
    /// Control plane, then nodes, go to another release. Only before the migration: afterwards it is a rotation.
    Upgrade(Release),
}

/// In which order steps may be carried out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Order {
    /// As listed: a step begins when the one before it is complete.
    Plan,
    /// Any order that is possible at all, and several at the same time.
    Any,
}

/// What may happen at any moment besides.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Faults {
    /// A node is replaced: by an autoscaler, a repair, or somebody.
    pub node_replaced: bool,
    /// The cloud-controller-manager starts anew and ensures every load balancer again: one without an address gets one
    /// (`kubernetes/cloud-provider-openstack:pkg/openstack/loadbalancer.go:1175@v1.21.0`, `getServiceAddress`). Once: what
    /// happens again only takes longer.
    pub external_restarts: bool,
}

/// How long things take, in milliseconds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Takes {
    /// The record's time to live before it is lowered.
    pub ttl: i64,
    /// The record's time to live once it is lowered.
    pub lowered: i64,
    /// From a change of the record until every name server gives the new answer, at most.
    pub propagation: i64,
    /// From the beginning of a rotation, or of the next node in it, until an old node is gone, at least.
    pub node_at_least: i64,
    /// From one command of the operator on a floating IP to the next one's effect, at most.
    pub address: i64,
    /// Until the operator has understood why a floating IP cannot be attached, at most.
    pub reaction: i64,
    /// From the end of the in-tree service controller until the external one acts, and from then until the load balancer is
    /// ready, each at most.
    pub control_plane: i64,
    /// The address that the new load balancer got is taken off it before the old one is moved: only one floating IP can be
    /// attached to a fixed address (`openstack/neutron:neutron/extensions/l3.py`, `FloatingIPPortAlreadyAssociated`).
    pub new_address_first: bool,
}

impl Default for Takes {
    /// Time to live: an hour before, a minute after. A command takes 5 s (two calls of Neutron's API and their effect on the
    /// router), an operator needs 5 minutes to understand an error. A pod runs again within 16 s ([`crate::gap`]) and Octavia
    /// builds a load balancer in some minutes: a try waits for about 2.5, and the next follows
    /// (`kubernetes/cloud-provider-openstack:pkg/openstack/loadbalancer.go:67,537@v1.21.0`). Nothing is taken for granted of
    /// how long a node lives on in a rotation.
    fn default() -> Self {
        Takes {
            ttl: 3_600_000,
            lowered: 60_000,
            propagation: 0,
            node_at_least: 0,
            address: 5_000,
            reaction: 300_000,
            control_plane: 600_000,
            new_address_first: true,
        }
    }
}

impl Problem {
    /// True if the plan has a step of this kind.
    pub fn has(&self, kind: StepKind) -> bool {
        self.place(kind).is_some()
    }

    /// The number of the step of this kind in the plan.
    pub fn place(&self, kind: StepKind) -> Option<usize> {
        self.steps.iter().position(|step| step.kind == kind)
    }

    /// True if the cloud-controller-manager finds the load balancer of the in-tree controller: it asks Octavia for
    /// `kube_service_…` and then for the in-tree name `a<uid>`
    /// (`kubernetes/cloud-provider-openstack:pkg/openstack/loadbalancer.go:391,807@v1.21.0`).
    pub fn adopts(&self) -> bool {
        self.in_tree == Api::Octavia
    }

    /// The same with another order.
    #[must_use]
    pub fn in_order(&self, order: Order) -> Problem {
        Problem { order, ..self.clone() }
    }
}
