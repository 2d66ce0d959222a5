//! What a migration that holds looks like: which controllers move, what each manager is started with at each step, and
//! what its migration file says. Pure.

use leasehold_model::config::MigrationConfig;
use leasehold_model::controller::{Component, Controller, ControllerSet};
use leasehold_model::facts::migration::DEFAULT_LEADER_NAME;
use leasehold_model::facts::providers::{self, InTree};
use leasehold_model::facts::vendors::{self, MigrationSupport, STOCK, Vendor};
use leasehold_model::facts::{gates, kcm};
use leasehold_model::findings::edit::right_config;
use leasehold_model::launch::{ManagerSpec, MigrationFile};
use leasehold_model::lease::Rights;
use leasehold_model::release::Release;

use super::impossible::Impossible;

/// The path of a manager's migration file, in the container and on the node. Each manager has its own: while both migrate
/// on one node, they may know a controller under different names.
pub const fn config_path(component: Component) -> &'static str {
    match component {
        Component::KubeControllerManager => "/etc/leadermigration-kcm.conf",
        Component::CloudControllerManager => "/etc/leadermigration-ccm.conf",
    }
}

/// What the user wants.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wish {
    /// The release before.
    pub from: Release,
    /// The release after.
    pub to: Release,
    /// The provider, as `--cloud-provider` of the cloud-controller-manager names it.
    pub provider: String,
    /// Control-plane nodes, 1 to 5.
    pub nodes: u8,
    /// Node IPAM moves too.
    pub node_ipam: bool,
}

/// A migration.
#[derive(Clone, PartialEq, Debug)]
pub struct Design {
    /// What was wanted.
    pub wish: Wish,
    /// Whose cloud-controller-manager it is.
    pub vendor: Vendor,
    /// The controllers that change their manager, all under the migration lease meanwhile.
    pub moves: ControllerSet,
    /// The provider inside kube-controller-manager before the migration, if it is there.
    pub in_tree: Option<InTree>,
    /// It must be assumed that the cloud-controller-manager has a node IPAM controller: its vendor's stock one has not.
    pub assumes_node_ipam: bool,
}

/// How a kube-controller-manager is started.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Kcm {
    /// Its release.
    pub release: Release,
    /// It has its in-tree provider; else `external`.
    pub in_tree: bool,
    /// Leader migration is on, with a file.
    pub migrates: bool,
    /// It runs node IPAM.
    pub node_ipam: bool,
}

/// How a cloud-controller-manager is started.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ccm {
    /// The release of its library.
    pub library: Release,
    /// Leader migration is on, with a file.
    pub migrates: bool,
    /// It runs node IPAM.
    pub node_ipam: bool,
}

impl Design {
    /// Decides what moves, if there are files that make it hold.
    ///
    /// # Errors
    /// If no files make such a migration hold.
    pub fn new(wish: Wish) -> Result<Design, Impossible> {
        check_releases(&wish)?;
        if kcm::MIGRATION_LEASE_IS_FATAL.get(wish.from).is_some() {
            return Err(Impossible::Fatal(wish.from));
        }
        let vendor = vendor(&wish.provider);
        if vendor.migration != MigrationSupport::Stock {
            return Err(Impossible::Vendor(vendor.name, vendor.migration));
        }
        let second = vendor.built(None, wish.to).initialize.second;
        if second.is_some_and(|ends| ends.provider == wish.provider) {
            return Err(Impossible::SecondInitialize(vendor.name));
        }
        Ok(Design::of(wish))
    }

    /// Decides what moves, whether there are files that make it hold or not.
    pub fn of(wish: Wish) -> Design {
        let mut vendor = vendor(&wish.provider);
        let in_tree = providers::in_tree(&wish.provider, wish.from).copied();
        let mut moves = match in_tree {
            None => ControllerSet::EMPTY.with(Controller::NodeIpam),
            Some(p) => [
                (Controller::Service, p.load_balancers),
                (Controller::Route, p.routes),
                (Controller::CloudNodeLifecycle, true),
            ]
            .into_iter()
            .filter_map(|(controller, moves)| (moves && !vendor.removed.contains(controller)).then_some(controller))
            .collect(),
        };
        if wish.node_ipam {
            moves = moves.with(Controller::NodeIpam);
        }
        let assumes_node_ipam = moves.contains(Controller::NodeIpam) && !vendor.extra.contains(Controller::NodeIpam);
        if assumes_node_ipam {
            // Under kube-controller-manager's names, as the sample in kubernetes/kubernetes registers it.
            vendor.extra = vendor.extra.with(Controller::NodeIpam);
        }
        Design { wish, vendor, moves, in_tree, assumes_node_ipam }
    }

    /// True if node IPAM moves.
    pub fn moves_node_ipam(&self) -> bool {
        self.moves.contains(Controller::NodeIpam)
    }

    /// The arguments of a kube-controller-manager, after what kubeadm writes
    /// (kubernetes/kubernetes:cmd/kubeadm/app/phases/controlplane/manifests.go@v1.30.4), in the order of their names.
    pub fn kcm_args(&self, kcm: &Kcm) -> Vec<String> {
        let conf = "/etc/kubernetes/controller-manager.conf";
        let mut args = vec![
            "--allocate-node-cidrs=true".to_string(),
            format!("--authentication-kubeconfig={conf}"),
            format!("--authorization-kubeconfig={conf}"),
            "--bind-address=127.0.0.1".into(),
            "--client-ca-file=/etc/kubernetes/pki/ca.crt".into(),
            "--cluster-cidr=10.244.0.0/16".into(),
            "--cluster-name=kubernetes".into(),
            "--cluster-signing-cert-file=/etc/kubernetes/pki/ca.crt".into(),
            "--cluster-signing-key-file=/etc/kubernetes/pki/ca.key".into(),
            format!("--kubeconfig={conf}"),
            "--leader-elect=true".into(),
            "--requestheader-client-ca-file=/etc/kubernetes/pki/front-proxy-ca.crt".into(),
            "--root-ca-file=/etc/kubernetes/pki/ca.crt".into(),
            "--service-account-private-key-file=/etc/kubernetes/pki/sa.key".into(),
            "--service-cluster-ip-range=10.96.0.0/12".into(),
            "--use-service-account-credentials=true".into(),
        ];
        let key = STOCK.key(Component::KubeControllerManager, Controller::NodeIpam, kcm.release);
        let off = match key {
            Some(key) if !kcm.node_ipam => format!(",-{key}"),
            _ => String::new(),
        };
        args.push(format!("--controllers=*,bootstrapsigner,tokencleaner{off}"));
        let provider = if kcm.in_tree { self.wish.provider.as_str() } else { "external" };
        args.push(format!("--cloud-provider={provider}"));
        if let Some(in_tree) = self.in_tree.filter(|_| kcm.in_tree) {
            args.push(format!("--configure-cloud-routes={}", in_tree.routes));
        }
        args.extend(migration_flags(Component::KubeControllerManager, kcm.migrates));
        args.extend(feature_gates(kcm.release, kcm.migrates, self.in_tree.filter(|_| kcm.in_tree)));
        args.sort_unstable();
        args
    }

    /// The arguments of a cloud-controller-manager, in the order of their names.
    pub fn ccm_args(&self, ccm: &Ccm) -> Vec<String> {
        let conf = "/etc/kubernetes/cloud-controller-manager.conf";
        let mut args = vec![
            "--allocate-node-cidrs=true".to_string(),
            format!("--authentication-kubeconfig={conf}"),
            format!("--authorization-kubeconfig={conf}"),
            format!("--cloud-provider={}", self.wish.provider),
            "--cluster-cidr=10.244.0.0/16".into(),
            "--cluster-name=kubernetes".into(),
            format!("--configure-cloud-routes={}", self.in_tree.is_none_or(|p| p.routes)),
            format!("--kubeconfig={conf}"),
            "--leader-elect=true".into(),
            "--use-service-account-credentials=true".into(),
        ];
        if let Some(key) = self.vendor.key(Component::CloudControllerManager, Controller::NodeIpam, ccm.library) {
            let off_by_default = self.vendor.off_by_default.contains(Controller::NodeIpam);
            match (ccm.node_ipam, off_by_default) {
                (false, false) => args.push(format!("--controllers=*,-{key}")),
                (true, true) => args.push(format!("--controllers=*,{key}")),
                _ => {}
            }
        }
        args.extend(migration_flags(Component::CloudControllerManager, ccm.migrates));
        args.extend(feature_gates(ccm.library, ccm.migrates, None));
        args.sort_unstable();
        args
    }

    /// What the migration file of `component` says in a binary of `code`.
    pub fn config(&self, component: Component, code: Release) -> MigrationConfig {
        let vendor = if component == Component::KubeControllerManager { STOCK } else { self.vendor };
        let spec = ManagerSpec {
            component,
            code,
            vendor,
            args: Vec::new(),
            migration_file: MigrationFile::Missing,
            rights: Rights::default(),
        };
        right_config(&spec, self.moves, DEFAULT_LEADER_NAME)
    }
}

/// The releases are in order and at most one apart.
///
/// # Errors
/// If not.
pub fn check_releases(wish: &Wish) -> Result<(), Impossible> {
    if wish.to < wish.from {
        return Err(Impossible::Backwards);
    }
    match wish.from.next() {
        Some(next) if wish.to > next => Err(Impossible::TooFar(next)),
        _ => Ok(()),
    }
}

/// The vendor of a provider's cloud-controller-manager.
fn vendor(provider: &str) -> Vendor {
    let known = vendors::lookup(None, Some(provider));
    let by_name = || vendors::KNOWN.into_iter().find(|vendor| vendor.name == provider);
    if known.name == STOCK.name { by_name().unwrap_or(STOCK) } else { known }
}

fn migration_flags(component: Component, on: bool) -> Vec<String> {
    if !on {
        return Vec::new();
    }
    vec!["--enable-leader-migration=true".into(), format!("--leader-migration-config={}", config_path(component))]
}

/// The gates that are not already as they must be.
fn feature_gates(release: Release, migrates: bool, in_tree: Option<InTree>) -> Option<String> {
    let mut gates = Vec::new();
    if migrates && gates::LEADER_MIGRATION.get(release).is_some_and(|gate| !gate.default) {
        gates.push("ControllerManagerLeaderMigration=true");
    }
    let disabled = gates::DISABLE_CLOUD_PROVIDERS.get(release).is_some_and(|gate| gate.default);
    let gated = |name| providers::GATED.get(release).is_some_and(|names| names.contains(&name));
    if disabled && in_tree.is_some_and(|provider| gated(provider.name)) {
        gates.push("DisableCloudProviders=false");
    }
    (!gates.is_empty()).then(|| format!("--feature-gates={}", gates.join(",")))
}
