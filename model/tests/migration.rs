//! Verdicts, exact state counts and shortest counterexamples on small plans built by hand.

use leasehold_model::controller::Controller::{CloudNode, CloudNodeLifecycle, NodeIpam, Route, Service};
use leasehold_model::controller::{Component, ControllerSet};
use leasehold_model::explore::Options;
use leasehold_model::lease::LeaseId;
use leasehold_model::migration::process::Second;
use leasehold_model::migration::*;

const FULL: Access = Access { hold: true, create: true };
const KCM_MAIN: LeaseIx = 0;
const CCM_MAIN: LeaseIx = 1;
const MIGRATION: LeaseIx = 2;

fn set(controllers: &[leasehold_model::controller::Controller]) -> ControllerSet {
    controllers.iter().copied().collect()
}

fn cloud() -> ControllerSet {
    set(&[Service, Route, CloudNodeLifecycle])
}

fn process(component: Component, main_set: ControllerSet, migration: Option<(Access, ControllerSet)>) -> Process {
    let main = if component == Component::KubeControllerManager { KCM_MAIN } else { CCM_MAIN };
    let migration = migration.map(|(access, set)| Second { lease: MIGRATION, access, set });
    Process { component, behaviour: Behaviour::Elects { main, access: FULL, main_set, migration } }
}

/// The Kubernetes guide: enable leader migration on every kube-controller-manager, replace the nodes one by one, disable
/// leader migration.
fn guide(nodes: u8, kcm: Process, ccm: Process) -> Problem {
    let ipam = set(&[NodeIpam]);
    let processes = vec![
        process(Component::KubeControllerManager, cloud().union(ipam), None),
        kcm,
        process(Component::KubeControllerManager, ipam, None),
        ccm,
        process(Component::CloudControllerManager, cloud().with(CloudNode), None),
    ];
    Problem {
        processes,
        leases: ["kube-controller-manager", "cloud-controller-manager", "cloud-provider-extraction-migration"]
            .map(LeaseId::kube_system)
            .to_vec(),
        pools: vec![Pool {
            name: "cp".into(),
            size: nodes,
            spare: 1,
            components: Component::ALL.to_vec(),
            runs: vec![vec![Some(0), None], vec![Some(1), None], vec![Some(2), Some(3)], vec![Some(2), Some(4)]],
            update: Update::InPlace,
        }],
        steps: vec![
            Step { title: "enable leader migration".into(), mode: Mode::Edit },
            Step { title: "replace nodes".into(), mode: Mode::Replace { surge: true } },
            Step { title: "disable leader migration".into(), mode: Mode::Edit },
        ],
        faults: vec![Fault::Crash],
        rollback: Rollback::Anywhere,
        required: cloud().union(ipam),
        required_at_end: set(&[CloudNode]),
    }
}

fn right(nodes: u8) -> Problem {
    let kcm = process(Component::KubeControllerManager, set(&[NodeIpam]), Some((FULL, cloud())));
    let ccm = process(Component::CloudControllerManager, set(&[CloudNode]), Some((FULL, cloud())));
    guide(nodes, kcm, ccm)
}

fn judge(problem: &Problem, symmetry: bool) -> Report {
    let options = Options { symmetry, ..Options::default() };
    check(problem, &options).expect("the problem fits")
}

fn line(report: &Report) -> String {
    let one = |v: &Verdict| {
        let controllers: Vec<String> =
            v.counterexamples.iter().map(|c| format!("{} in {}", c.controllers, c.steps.len())).collect();
        format!("{} {} [{}] {}", v.property.name(), v.status.name(), controllers.join("; "), v.states)
    };
    report.verdicts.iter().map(one).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_guide_with_matching_names_holds() {
    for n in 1..=3 {
        println!("{n}: {}", line(&judge(&right(n), true)));
    }
    println!("{}", line(&judge(&right(2), false)));
}

#[test]
fn service_and_route_under_the_main_lease_run_twice() {
    let under_main = set(&[NodeIpam, Service, Route]);
    let kcm = process(Component::KubeControllerManager, under_main, Some((FULL, set(&[CloudNodeLifecycle]))));
    let ccm_main = set(&[CloudNode, Service, Route]);
    let ccm = process(Component::CloudControllerManager, ccm_main, Some((FULL, set(&[CloudNodeLifecycle]))));
    println!("{}", line(&judge(&guide(3, kcm, ccm), true)));
}

#[test]
fn without_rights_on_the_migration_lease_nothing_runs() {
    let kcm = process(Component::KubeControllerManager, set(&[NodeIpam]), Some((Access::NONE, cloud())));
    let ccm = process(Component::CloudControllerManager, set(&[CloudNode]), Some((FULL, cloud())));
    println!("{}", line(&judge(&guide(3, kcm, ccm), true)));
}
