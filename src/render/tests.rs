//! Parts of the screen on plans built by hand; whole screens are tested through the command.

use leasehold_model::controller::Component::{self, CloudControllerManager as Ccm, KubeControllerManager as Kcm};
use leasehold_model::explore::Options;
use leasehold_model::facts::vendors::STOCK;
use leasehold_model::launch::{ManagerSpec, MigrationFile};
use leasehold_model::lease::Rights;
use leasehold_model::migration::{Fault, Mode, Pool, Rollback, Step, Update};
use leasehold_model::plan::Plan;
use leasehold_model::release::Release;

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
            manager(Kcm, 30, "--leader-elect=true --cloud-provider=external"),
            manager(Ccm, 30, "--cloud-provider=gce --configure-cloud-routes=true --enable-leader-migration=true"),
        ],
        pools: vec![Pool {
            name: "cp".into(),
            size: 3,
            spare: 1,
            components: Component::ALL.to_vec(),
            runs: vec![vec![Some(0), None], vec![Some(1), None], vec![Some(2), Some(3)]],
            update: Update::InPlace,
        }],
        steps: vec![
            Step { title: "Enable leader migration in kube-controller-manager".into(), mode: Mode::Edit },
            Step { title: "Replace the nodes".into(), mode: Mode::Replace { surge: true } },
        ],
        faults: vec![Fault::Crash],
        rollback: Rollback::Anywhere,
    }
}

fn judged(plan: Plan) -> Judgement {
    judge(plan, &Options { symmetry: true, ..Options::default() }).expect("it fits")
}

fn scene(plan: &Plan) -> Scene {
    Scene { seats: vec![Seat::default(); plan.managers.len()], ..Scene::default() }
}

fn screen(width: usize) -> Screen {
    Screen { width, color: false }
}

#[test]
fn look() {
    let plan = headline();
    let scene = scene(&plan);
    let judgement = judged(plan);
    println!("{}", super::text::text(&judgement, &scene, false, &screen(120)));
    println!("{}", super::text::text(&judgement, &scene, false, &screen(60)));
}
