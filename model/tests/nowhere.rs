//! Why no process can run a controller: switched off, or nobody there.

use leasehold_model::controller::Component::{self, CloudControllerManager as Ccm, KubeControllerManager as Kcm};
use leasehold_model::controller::ControllerSet;
use leasehold_model::explore::Options;
use leasehold_model::facts::vendors::STOCK;
use leasehold_model::findings::{Code, Edit, Finding, Where, causes};
use leasehold_model::launch::{ManagerSpec, MigrationFile};
use leasehold_model::lease::Rights;
use leasehold_model::lease_time::answers::Theorem;
use leasehold_model::lease_time::question::Assumed;
use leasehold_model::migration::*;
use leasehold_model::plan::Plan;
use leasehold_model::release::Release;
use leasehold_model::timing::judge;

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

const KCM: &str =
    "--leader-elect=true --allocate-node-cidrs=true --cluster-cidr=10.244.0.0/16 --configure-cloud-routes=true";
const GATE: &str = "--feature-gates=DisableCloudProviders=false";

/// Leader migration enabled on every kube-controller-manager, then the nodes replaced.
fn upgrade(from: u8, migrating: &str, ccm: &str) -> Plan {
    let in_tree = |extra: &str| manager(Kcm, from, &format!("{KCM} --cloud-provider=gce {GATE} {extra}"));
    Plan {
        managers: vec![
            in_tree(""),
            in_tree(migrating),
            manager(Kcm, from + 1, &format!("{KCM} --cloud-provider=external")),
            manager(
                Ccm,
                from + 1,
                &format!(
                    "--leader-elect=true --cloud-provider=gce --configure-cloud-routes=true --cluster-cidr=10.244.0.0/16 {ccm}"
                ),
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
            Step { title: "enable leader migration".into(), mode: Mode::Edit, downtime: false },
            Step { title: "replace nodes".into(), mode: Mode::Replace { surge: true }, downtime: false },
        ],
        faults: vec![Fault::Crash],
        rollback: Rollback::Anywhere,
        given_up: ControllerSet::EMPTY,
        in_tree_kubelets: false,
        unplaced: Vec::new(),
        timing: Assumed::USUAL,
    }
}

fn findings(plan: &Plan) -> Vec<Finding> {
    let theorem = Theorem::default();
    let judged = judge(plan, &theorem, &Options { symmetry: true, ..Options::default() }).expect("it fits");
    causes(plan, &judged, &theorem)
}

const ON: &str = "--enable-leader-migration=true";

/// The findings without those about two processes, in short.
fn nowhere(plan: &Plan) -> Vec<(Code, usize, Where, String, Vec<Edit>)> {
    let found = findings(plan).into_iter().filter(|finding| [Code::LM402, Code::LM603].contains(&finding.code));
    found.map(|f| (f.code, f.manager, f.at, f.controllers.to_string(), f.edits)).collect()
}

#[test]
fn a_controller_that_the_last_managers_switch_off_is_found_by_its_flag() {
    for (flag, on) in [
        ("--controllers=*,-route", ""),
        ("--controllers=*,-route", ON),
        ("--controllers=service,cloud-node,cloud-node-lifecycle", ON),
        ("--configure-cloud-routes=false", ""),
        ("--configure-cloud-routes=false", ON),
    ] {
        let place = Where::Arg(4 + usize::from(!on.is_empty()));
        let expected = [(Code::LM402, 3, place, "route".to_string(), vec![])];
        assert_eq!(nowhere(&upgrade(26, ON, &format!("{on} {flag}"))), expected, "{flag} {on}");
    }
}

/// A cloud-controller-manager that is there for nodes only stays when the kube-controller-managers have given up the rest.
#[test]
fn who_stays_without_it_has_to_take_over_before_the_step_that_gives_it() {
    let early = |kcm: &str, ccm: &str, next: &str| {
        let mut plan = upgrade(26, kcm, &format!("{ccm} --controllers=cloud-node"));
        plan.managers.push(upgrade(26, ON, next).managers.remove(3));
        plan.pools[0].runs = vec![vec![Some(1), Some(3)], vec![Some(2), Some(4)]];
        plan.steps.truncate(1);
        let found = nowhere(&plan);
        let [(Code::LM402, 3, _, controllers, edits)] = &found[..] else { panic!("{found:?}") };
        assert_eq!(controllers, "service, route, cloud-node-lifecycle");
        edits.first().map(|edit| match edit {
            Edit::Early { manager: 3, before: 0, edits } => edits.clone(),
            other => panic!("{other:?}"),
        })
    };
    for ccm in ["", ON] {
        let edits = early(ON, ccm, ON).expect("it comes too late");
        let on = Edit::SetFlag { manager: 3, flag: "controllers".into(), value: "cloud-node,service".into() };
        assert_eq!(edits[0], on);
        assert!(matches!(&edits[1..], [Edit::UseConfig { manager: 3, .. }]));
    }
    // Without leader migration on both sides nobody waits for anybody.
    assert_eq!((early("", "", ON), early(ON, "", "")), (None, None));
}

/// Each row is what runs at one position.
fn edited(runs: &[[Option<u8>; 2]]) -> Plan {
    let mut plan = upgrade(26, "", "");
    plan.pools[0].runs = runs.iter().map(|row| row.to_vec()).collect();
    plan.steps =
        (1..runs.len()).map(|nth| Step { title: nth.to_string(), mode: Mode::Edit, downtime: false }).collect();
    plan
}

#[test]
fn the_step_that_takes_the_last_one_away_waits_for_the_one_that_brings_another() {
    let [old, same, new, both] = [[Some(0), None], [Some(1), None], [Some(2), None], [Some(2), Some(3)]];
    let found = |runs: &[[Option<u8>; 2]]| {
        let found = nowhere(&edited(runs));
        let [(code, manager, _, controllers, edits)] = &found[..] else { panic!("{found:?}") };
        assert_eq!((*code, *manager, &controllers[..]), (Code::LM603, 2, "service, route, cloud-node-lifecycle"));
        edits.clone()
    };
    let first = |step, before| vec![Edit::StepFirst { step, before }];
    assert_eq!(found(&[old, new, both]), first(1, 0));
    assert_eq!(found(&[old, same, new, both]), first(2, 1));
    assert_eq!(found(&[old, new, new, both]), first(2, 0));
    // Nothing brings it back.
    assert_eq!(found(&[old, new]), []);
    assert_eq!(found(&[old, same, new]), []);
}
