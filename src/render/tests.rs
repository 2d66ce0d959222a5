//! Parts of the screen on plans built by hand; whole screens are tested through the command.

use std::ops::ControlFlow;

use leasehold_model::controller::Component::{self, CloudControllerManager as Ccm, KubeControllerManager as Kcm};
use leasehold_model::controller::ControllerSet;
use leasehold_model::explore::Options;
use leasehold_model::facts::vendors::STOCK;
use leasehold_model::launch::{ManagerSpec, MigrationFile};
use leasehold_model::lease::Rights;
use leasehold_model::lease_time::answers::Theorem;
use leasehold_model::lease_time::question::Assumed;
use leasehold_model::migration::{Fault, Mode, Pool, Property, Rollback, Status, Step, Update};
use leasehold_model::plan::Plan;
use leasehold_model::release::Release;
use leasehold_scenarios::source::Sources;
use leasehold_scenarios::yaml;

use crate::exit::Exit;
use crate::gap;
use crate::judge::{Judgement, judge};
use crate::scene::{Scene, Seat};
use crate::screen::Screen;

fn manager(component: Component, minor: u8, args: &str) -> ManagerSpec {
    ManagerSpec {
        component,
        code: Release::new(minor).expect("a known release"),
        vendor: STOCK,
        args: args.split_whitespace().map(String::from).collect(),
        migration_file: MigrationFile::Missing,
        rights: Rights::all(),
    }
}

/// The default configuration, 1.29 to 1.30.
fn headline() -> Plan {
    let flags = "--leader-elect=true --cloud-provider=gce --feature-gates=DisableCloudProviders=false \
                 --allocate-node-cidrs=true --cluster-cidr=10.244.0.0/16 --configure-cloud-routes=true";
    Plan {
        managers: vec![
            manager(Kcm, 29, flags),
            manager(Kcm, 29, &format!("{flags} --enable-leader-migration=true")),
            manager(
                Kcm,
                30,
                "--leader-elect=true --cloud-provider=external --allocate-node-cidrs=true --cluster-cidr=10.244.0.0/16",
            ),
            manager(
                Ccm,
                30,
                "--cloud-provider=gce --configure-cloud-routes=true --allocate-node-cidrs=true --cluster-cidr=10.244.0.0/16 --enable-leader-migration=true",
            ),
        ],
        pools: vec![Pool {
            name: "cp".into(),
            size: 3,
            spare: 1,
            components: Component::ALL.to_vec(),
            runs: vec![vec![Some(0), None], vec![Some(1), None], vec![Some(2), Some(3)]],
            update: Update::InPlace,
            cordoned: Vec::new(),
            placement: Vec::new(),
        }],
        steps: vec![
            Step {
                title: "Enable leader migration in kube-controller-manager".into(),
                mode: Mode::Edit,
                downtime: false,
            },
            Step { title: "Replace the nodes".into(), mode: Mode::Replace { surge: true }, downtime: false },
        ],
        faults: vec![Fault::Crash],
        rollback: Rollback::Anywhere,
        given_up: ControllerSet::EMPTY,
        timing: Assumed::USUAL,
        unplaced: Vec::new(),
        in_tree_kubelets: false,
    }
}

fn judged(plan: Plan) -> Judgement {
    judge(plan, gap::Question::default(), &Theorem::default(), &Options { symmetry: true, ..Options::default() })
        .expect("it fits")
}

fn scene(plan: &Plan) -> Scene {
    Scene { seats: vec![Seat::default(); plan.managers.len()], ..Scene::default() }
}

fn screen(width: usize) -> Screen {
    Screen { width, color: false }
}

#[test]
fn what_no_file_says_has_no_place_and_is_told_all_the_same() {
    let plan = headline();
    let scene = scene(&plan);
    let judgement = judged(plan);
    let text = super::text::text(&judgement, &scene, false, &screen(100));
    assert!(text.starts_with(
        "Kubernetes 1.29 (in-tree gce) → 1.30 (external), cloud-provider library 0.30, 3 control-plane nodes\n"
    ));
    assert!(text.contains("\nerror[LM101]: the default configuration names controllers that do not exist\n  = kube-controller-manager 1.29 uses"));
    assert!(text.contains("\n  = also cloud-controller-manager 0.30\n"));
    assert!(text.contains("\nThe way back is lost after "), "{text}");
    assert!(text.ends_with("\n2 of 4 properties violated (exit 1)\n"), "{text}");
}

#[test]
fn the_written_file_is_what_was_searched() {
    let judgement = judged(headline());
    let fixed = judgement.fixed.as_ref().expect("there is a fix");
    let MigrationFile::Document(searched) = &fixed.plan.managers[1].migration_file else { panic!("no file") };
    let text = super::fix::yaml(searched, 0);
    let mut sources = Sources::new();
    let file = sources.add("leadermigration.conf", text);
    let read = yaml::documents(&sources, file);
    assert_eq!(read.problems, []);
    assert_eq!(read.documents[0].to_value(), *searched);
}

#[test]
fn an_interrupted_search_keeps_what_it_found_and_proves_nothing_else() {
    let mut plan = headline();
    plan.faults.push(Fault::LeaseDeleted);
    let stop = |_| ControlFlow::Break(());
    let judgement = judge(
        plan,
        gap::Question::default(),
        &Theorem::default(),
        &Options { on_progress: Some(&stop), ..Options::default() },
    )
    .expect("it fits");
    let statuses: Vec<&str> = judgement.report.verdicts.iter().map(|v| v.status.name()).collect();
    assert_eq!(statuses, ["violated", "inconclusive", "inconclusive", "inconclusive"]);
    assert_eq!((judgement.exit(), judgement.fixed), (Exit::Violated, None));
}

/// The same, with controllers that the two managers do not share.
fn disjoint() -> Plan {
    let mut plan = headline();
    for spec in &mut plan.managers {
        spec.args.retain(|arg| !arg.starts_with("--enable-leader-migration"));
        if spec.component == Ccm {
            spec.args.push(
                "--controllers=-service-lb-controller,-node-route-controller,-cloud-node-lifecycle-controller".into(),
            );
        }
    }
    plan
}

#[test]
fn nothing_holds_by_a_lease_that_the_theorem_was_not_asked_about_to_the_end() {
    let exclusive = |theorem: &Theorem<'_>| {
        let judgement = judge(disjoint(), gap::Question::default(), theorem, &Options::default()).expect("it fits");
        (judgement.report.of(Property::Exclusive).status, judgement.open(Property::Exclusive).is_some())
    };
    assert_eq!(exclusive(&Theorem::default()), (Status::Holds, false));
    assert_eq!(exclusive(&Theorem::watched(&|_| ControlFlow::Break(()))), (Status::Inconclusive, true));
}

#[test]
fn an_interrupted_search_that_found_nothing_is_inconclusive() {
    let mut plan = disjoint();
    plan.pools[0].size = 5;
    let stop = |_| ControlFlow::Break(());
    let judgement = judge(
        plan,
        gap::Question::default(),
        &Theorem::default(),
        &Options { on_progress: Some(&stop), ..Options::default() },
    )
    .expect("it fits");
    assert_eq!(judgement.report.of(Property::Exclusive).status, Status::Inconclusive);
    assert_eq!(judgement.exit(), Exit::Inconclusive);
}
