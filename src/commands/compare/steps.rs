//! The steps of each protocol, from what moves and the two releases. Pure.

use leasehold_model::controller::{Controller, ControllerSet};
use leasehold_model::facts::migration::DEFAULT_LEADER_NAME;
use leasehold_model::release::Release;

use super::protocol::{Ccm, Kcm, Migration, Step};
use crate::commands::generate::design::Design;

/// The first of the two migration leases of GKE 1.25.
pub const FIRST: &str = "cloud-provider-extraction-migration-pt1";
/// The second of them.
pub const SECOND: &str = "cloud-provider-extraction-migration-pt2";

/// A file that names what moves.
pub fn file(design: &Design) -> Migration {
    Migration::File { lease: DEFAULT_LEADER_NAME, controllers: design.moves }
}

fn leases(migrations: &[Migration]) -> Vec<&'static str> {
    let mut leases: Vec<&str> = Vec::new();
    for migration in migrations {
        let lease = match migration {
            Migration::Off => continue,
            Migration::BuiltIn => DEFAULT_LEADER_NAME,
            Migration::File { lease, .. } => lease,
        };
        if !leases.contains(&lease) {
            leases.push(lease);
        }
    }
    leases
}

/// The managers of one design.
struct Managers<'d> {
    design: &'d Design,
    ipam: bool,
    in_tree: bool,
}

impl Managers<'_> {
    fn of(design: &Design) -> Managers<'_> {
        Managers { design, ipam: design.moves_node_ipam(), in_tree: design.in_tree.is_some() }
    }

    /// As before the migration, but for leader migration.
    fn old(&self, migration: Migration) -> Option<Kcm> {
        let in_tree = self.in_tree;
        Some(Kcm { release: self.design.wish.from, in_tree, switched_off: false, node_ipam: true, migration })
    }

    /// Without what moves.
    fn external(&self, release: Release) -> Option<Kcm> {
        let migration = Migration::Off;
        Some(Kcm { release, in_tree: false, switched_off: false, node_ipam: !self.ipam, migration })
    }

    /// With what moves.
    fn ccm(&self, library: Release, migration: Migration) -> Option<Ccm> {
        Some(Ccm { library, node_ipam: self.ipam, migration })
    }

    fn step(&self, title: &'static str, action: &'static str, kcm: Option<Kcm>, ccm: Option<Ccm>) -> Step {
        let kubernetes = kcm.as_ref().map_or(self.design.wish.from, |kcm| kcm.release);
        Step { title, action, kubernetes, kcm, ccm, granted: Vec::new(), stops: false, downtime: false }
    }

    fn before(&self) -> Step {
        let ccm = Ccm { library: self.design.wish.from, node_ipam: false, migration: Migration::Off };
        self.step("The cluster before", "", self.old(Migration::Off), (!self.in_tree).then_some(ccm))
    }

    fn grant(&self, migrations: &[Migration]) -> Step {
        let granted = leases(migrations);
        Step { granted, ..self.step("Grant access to the migration lease", "apply", None, None) }
    }
}

const ENABLE: &str = "Enable leader migration in kube-controller-manager";
const DISABLE: &str = "Disable leader migration in cloud-controller-manager";
const INSTALL: &str = "Install cloud-controller-manager";
const CONTEND: &str = "Let cloud-controller-manager contend for node IPAM";

/// P1, and P2 with a lease for each side.
pub fn replace_nodes(design: &Design, of_kcm: Migration, of_ccm: Migration) -> Vec<Step> {
    let managers = Managers::of(design);
    let (from, to) = (design.wish.from, design.wish.to);
    let mut steps = vec![
        managers.before(),
        managers.grant(&[of_kcm, of_ccm]),
        managers.step(ENABLE, "edit", managers.old(of_kcm), None),
    ];
    if !managers.in_tree {
        steps.push(managers.step(CONTEND, "edit", None, managers.ccm(from, of_ccm)));
    }
    steps.push(managers.step("Replace the nodes", "replaceNodes", managers.external(to), managers.ccm(to, of_ccm)));
    steps.push(Step { kubernetes: to, ..managers.step(DISABLE, "edit", None, managers.ccm(to, Migration::Off)) });
    steps
}

/// P2, one lease after the other: when kube-controller-manager has lost its provider it goes on to the second lease, and
/// each lease then has a holder of its own, as GKE 1.25 shows it.
pub fn two_stages(design: &Design) -> Vec<Step> {
    let (from, to) = (design.wish.from, design.wish.to);
    let ipam = ControllerSet::EMPTY.with(Controller::NodeIpam);
    let first = Migration::File { lease: FIRST, controllers: design.moves.difference(ipam) };
    let second = Migration::File { lease: SECOND, controllers: ipam };
    let managers = Managers::of(design);
    let external = managers.external(to).map(|kcm| Kcm { node_ipam: true, migration: second, ..kcm });
    let ccm = |node_ipam, migration| Some(Ccm { library: to, node_ipam, migration });
    let provider = "Take the provider from kube-controller-manager, and put node IPAM under the second lease";
    let late = |step: Step| Step { kubernetes: to, ..step };
    vec![
        managers.before(),
        managers.grant(&[first, second]),
        managers.step(ENABLE, "edit", managers.old(first), None),
        Step { kubernetes: from, ..managers.step(INSTALL, "edit", None, ccm(false, first)) },
        managers.step(provider, "edit", external, None),
        late(managers.step(CONTEND, "edit", None, ccm(true, second))),
        managers.step("Switch node IPAM off in kube-controller-manager", "edit", managers.external(to), None),
        late(managers.step(DISABLE, "edit", None, ccm(true, Migration::Off))),
    ]
}

/// P3.
pub fn in_place(design: &Design) -> Vec<Step> {
    let managers = Managers::of(design);
    let (to, migration) = (design.wish.to, file(design));
    let take = if managers.in_tree { "Take the provider from kube-controller-manager" } else { "Switch node IPAM off" };
    let install = if managers.in_tree { INSTALL } else { CONTEND };
    vec![
        managers.before(),
        managers.grant(&[migration]),
        managers.step(ENABLE, "edit", managers.old(migration), None),
        managers.step(install, "edit", None, managers.ccm(to, migration)),
        managers.step(take, "edit", managers.external(to), None),
        Step { kubernetes: to, ..managers.step(DISABLE, "edit", None, managers.ccm(to, Migration::Off)) },
    ]
}

/// P4; `waits`: cloud-controller-manager comes when every kube-controller-manager has been changed.
pub fn switched_off(design: &Design, waits: bool) -> Vec<Step> {
    let managers = Managers::of(design);
    let (from, to) = (design.wish.from, design.wish.to);
    let off = managers.old(Migration::Off).map(|kcm| Kcm {
        switched_off: managers.in_tree,
        node_ipam: !managers.ipam,
        ..kcm
    });
    let ccm = managers.ccm(from, Migration::Off);
    let title = "Switch the controllers off in kube-controller-manager";
    let mut steps = vec![managers.before()];
    if waits {
        steps.push(Step { downtime: true, ..managers.step(title, "edit", off, None) });
        steps.push(managers.step(INSTALL, "edit", None, ccm));
    } else {
        // The downtime is declared all the same: what is missing is the wait.
        steps.push(Step { downtime: true, ..managers.step(title, "edit", off, ccm) });
    }
    if managers.in_tree || from != to {
        steps.push(managers.step(
            "Take the provider from kube-controller-manager",
            "edit",
            managers.external(to),
            None,
        ));
    }
    if from != to {
        let upgraded = managers.ccm(to, Migration::Off);
        let upgrade = managers.step("Upgrade cloud-controller-manager", "edit", None, upgraded);
        steps.push(Step { kubernetes: to, ..upgrade });
    }
    steps
}

/// P5; `waits`: the condition is False only when every kube-controller-manager is external.
pub fn handshake(design: &Design, waits: bool) -> Vec<Step> {
    let managers = Managers::of(design);
    let to = design.wish.to;
    let (external, ccm) = (managers.external(to), managers.ccm(to, Migration::Off));
    let title = "Roll out kube-controller-manager without provider";
    let mut steps = vec![managers.before()];
    if waits {
        steps.push(Step { downtime: true, ..managers.step(title, "edit", external, None) });
        steps.push(Step { kubernetes: to, ..managers.step(INSTALL, "edit", None, ccm) });
    } else {
        steps.push(Step { downtime: true, ..managers.step(title, "edit", external, ccm) });
    }
    steps
}

/// Stop, then start.
pub fn stop_then_start(design: &Design) -> Vec<Step> {
    let managers = Managers::of(design);
    let to = design.wish.to;
    let stop = managers.step("Stop every kube-controller-manager", "edit", None, None);
    vec![
        managers.before(),
        Step { stops: true, downtime: true, ..stop },
        managers.step("Start both managers", "edit", managers.external(to), managers.ccm(to, Migration::Off)),
    ]
}
