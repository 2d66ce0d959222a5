//! The codes of findings: stable, never reused. Each has a page in `docs/findings/`.

use std::fmt;

macro_rules! codes {
    ($($code:ident $title:literal;)*) => {
        /// A finding's code.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Code {
            $(#[doc = $title] $code,)*
        }

        impl Code {
            /// Every code, in order.
            pub const ALL: &'static [Code] = &[$(Code::$code),*];

            /// The code as printed: `LM101`.
            pub const fn id(self) -> &'static str {
                match self { $(Code::$code => stringify!($code),)* }
            }

            /// What it is about, in one line.
            pub const fn title(self) -> &'static str {
                match self { $(Code::$code => $title,)* }
            }
        }
    };
}

codes! {
    LM101 "the default configuration names controllers that do not exist";
    LM102 "an entry's name is no controller of this binary and protects nothing";
    LM103 "an entry's component is neither manager, so its controller runs nowhere";
    LM104 "the manager refuses the leader migration configuration";
    LM105 "--leader-migration-config without --enable-leader-migration is ignored";
    LM106 "the configuration does not name the controller";
    LM107 "of two entries for one controller the last wins";
    LM108 "the entry gives the controller to the other manager";
    LM201 "without leader election there is no lease and no leader migration";
    LM202 "the two managers use different migration leases";
    LM203 "the migration lease is another manager's main lease";
    LM204 "the migration lease's lock type no longer exists";
    LM205 "the lease's name is no valid object name";
    LM206 "with coordinated leader election only the default main lease is ever acquired";
    LM207 "two versions of one manager use different main leases";
    LM208 "leader migration is off in this manager";
    LM209 "a lease deleted by hand does not stop its holder";
    LM210 "the manager never contends for the migration lease";
    LM211 "the election's durations are refused at start";
    LM212 "a lease duration under a second is recorded as 0, which the API server refuses";
    LM213 "the election's durations leave too little for slow answers and for stopping";
    LM214 "processes with different durations contend for one lease";
    LM215 "the lease is given back before the controllers have stopped";
    LM301 "kube-controller-manager may not use the migration lease";
    LM302 "cloud-controller-manager may not use a lease it needs";
    LM401 "a kube-controller-manager without in-tree provider holds the migration lease and runs nothing";
    LM402 "a controller is switched off in one manager before another runs it";
    LM403 "new pods of a workload have no node while all that could take them are cordoned";
    LM404 "no node takes the pods of this workload";
    LM405 "a cloud-controller-manager that ignores leader migration is placed while another manager still runs";
    LM406 "whoever carries the plan out refuses to go back";
    LM501 "the in-tree cloud provider is removed or disabled in this release";
    LM502 "the manager does not know a flag or a feature gate";
    LM503 "the cloud-controller-manager's library is not that of the cluster's release";
    LM504 "the manager refuses to start";
    LM505 "this cloud-controller-manager accepts the leader migration flags and ignores them";
    LM506 "this cloud-controller-manager ends when it takes the migration lease";
    LM507 "this cloud-controller-manager starts work that leader migration does not see";
    LM508 "this kube-controller-manager ends when it takes the migration lease";
    LM601 "node IPAM is not switched off in the new kube-controller-manager";
    LM602 "node IPAM is not named in the leader migration configuration";
    LM603 "no manager runs the controller at this point of the plan";
    LM604 "kubelets with an in-tree provider and the cloud-node controller both write node addresses";
    LM701 "nodes go while clients still use a load balancer that nobody updates";
    LM702 "the old load balancer is deleted while clients still use it";
    LM703 "caches still hold the old address when its load balancer fails";
    LM704 "a node may be replaced before traffic has moved";
    LM705 "clients that know only the address do not follow the record";
    LM706 "while a floating IP moves, its address leads nowhere";
    LM707 "the new load balancer's own floating IP is in the way";
    LM708 "a floating IP is given back while clients still use it";
    LM709 "something is left that nobody uses and that costs money";
    LM710 "volumes of nodes without the CSI driver cannot be attached";
    LM711 "the guide names the wrong release";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl std::str::FromStr for Code {
    type Err = ();

    /// Reads `LM101`, in any case.
    fn from_str(text: &str) -> Result<Code, ()> {
        Code::ALL.iter().copied().find(|code| code.id().eq_ignore_ascii_case(text)).ok_or(())
    }
}
