//! What looks like a mistake although no property depends on it, and what changes of a plan's order do to it.

use leasehold_model::controller::Component::{self, CloudControllerManager as Ccm, KubeControllerManager as Kcm};
use leasehold_model::controller::{Controller, ControllerSet};
use leasehold_model::facts::vendors::STOCK;
use leasehold_model::findings::edit::{flags_of_migration, right_config, shared_controllers};
use leasehold_model::findings::lint::lints;
use leasehold_model::findings::{Code, Edit, Finding, Where};
use leasehold_model::launch::{ManagerSpec, MigrationFile};
use leasehold_model::lease::Rights;
use leasehold_model::lease_time::question::Assumed;
use leasehold_model::migration::*;
use leasehold_model::plan::Plan;
use leasehold_model::release::Release;
use leasehold_model::value::Value;

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

/// Each row is what runs at one position: a kube-controller-manager, a cloud-controller-manager.
fn plan(managers: Vec<ManagerSpec>, runs: &[[Option<u8>; 2]]) -> Plan {
    Plan {
        managers,
        pools: vec![Pool {
            name: "cp".into(),
            size: 1,
            spare: 0,
            components: Component::ALL.to_vec(),
            runs: runs.iter().map(|row| row.to_vec()).collect(),
            update: Update::InPlace,
            cordoned: Vec::new(),
            placement: Vec::new(),
        }],
        steps: (1..runs.len()).map(|nth| Step { title: nth.to_string(), mode: Mode::Edit, downtime: false }).collect(),
        faults: Vec::new(),
        rollback: Rollback::None,
        given_up: ControllerSet::EMPTY,
        timing: Assumed::USUAL,
        unplaced: Vec::new(),
        in_tree_kubelets: false,
    }
}

fn codes(plan: &Plan) -> Vec<(Code, usize, Where)> {
    lints(plan).iter().map(|Finding { code, manager, at, .. }| (*code, *manager, at.clone())).collect()
}

#[test]
fn a_file_without_the_flag_that_reads_it_is_noted() {
    let of = |args: &str| codes(&plan(vec![manager(Kcm, 29, args)], &[[Some(0), None]]));
    assert_eq!(of("--v=2 --leader-migration-config=/etc/leadermigration.conf"), [(Code::LM105, 0, Where::Arg(1))]);
    assert_eq!(of("--enable-leader-migration=true"), []);
    assert_eq!(of("--v=2"), []);
}

#[test]
fn an_entry_that_gives_a_controller_to_another_component_is_noted() {
    let of = |entries: &[(&str, &str)]| {
        let mut kcm = manager(Kcm, 29, "--enable-leader-migration=true --leader-migration-config=/f");
        let mut config = right_config(&kcm, ControllerSet::EMPTY, "cloud-provider-extraction-migration");
        config.controller_leaders = entries
            .iter()
            .map(|&(name, component)| leasehold_model::config::ControllerLeader {
                name: name.into(),
                component: component.into(),
            })
            .collect();
        let version = leasehold_model::findings::edit::api_version(kcm.code);
        kcm.migration_file = MigrationFile::Document(leasehold_model::findings::edit::document(&config, version));
        codes(&plan(vec![kcm], &[[Some(0), None]]))
    };
    let (kcm, ccm) = (Kcm.name(), Ccm.name());
    assert_eq!(of(&[("service", kcm), ("route", kcm), ("service", ccm)]), [(Code::LM107, 0, Where::Entry(2))]);
    assert_eq!(of(&[("service", kcm), ("route", ccm)]), []);
    assert_eq!(of(&[("service", kcm), ("route", ccm), ("service", kcm)]), []);
}

#[test]
fn what_a_provider_does_outside_every_filter_is_noted_where_leader_migration_is_on() {
    let mut own = STOCK;
    own.initialize.tasks = &["the node's labels"];
    let of = |vendor, args: &str| {
        let mut ccm = manager(Ccm, 29, args);
        ccm.vendor = vendor;
        codes(&plan(vec![ccm], &[[None, Some(0)]]))
    };
    let on = "--cloud-provider=own --enable-leader-migration=true";
    assert_eq!(of(own, on), [(Code::LM507, 0, Where::Arg(1))]);
    assert_eq!(of(own, &format!("{on} --leader-elect=false")), []);
    assert_eq!(of(own, "--cloud-provider=own"), []);
    assert_eq!(of(STOCK, on), []);
}

#[test]
fn a_library_of_another_release_than_every_manager_beside_it_is_noted() {
    let managers = || vec![manager(Kcm, 29, ""), manager(Kcm, 30, ""), manager(Ccm, 30, ""), manager(Ccm, 31, "")];
    let of = |runs: &[[Option<u8>; 2]]| codes(&plan(managers(), runs));
    assert_eq!(of(&[[Some(0), None], [Some(1), Some(2)]]), []);
    assert_eq!(of(&[[Some(0), None], [Some(1), Some(3)]]), [(Code::LM503, 3, Where::Manager)]);
    // Beside both releases, one after the other.
    assert_eq!(of(&[[Some(0), Some(2)], [Some(1), Some(2)]]), []);
    // Beside none.
    assert_eq!(of(&[[None, Some(3)]]), []);
}

#[test]
fn what_both_managers_can_run_has_to_be_under_the_migration_lease() {
    let flags = "--cloud-provider=gce --allocate-node-cidrs=true --cluster-cidr=10.0.0.0/16 \
                 --configure-cloud-routes=true";
    let kcm = manager(Kcm, 26, flags);
    let alone = plan(vec![kcm.clone()], &[[Some(0), None]]);
    // No cloud-controller-manager yet: what the provider needs, and node IPAM stays where it is.
    assert_eq!(shared_controllers(&alone).to_string(), "service, route, cloud-node-lifecycle");
    let both = plan(vec![kcm.clone(), manager(Ccm, 27, flags)], &[[Some(0), Some(1)]]);
    assert_eq!(shared_controllers(&both).to_string(), "service, route, cloud-node-lifecycle");
    let without = manager(Ccm, 27, &format!("{flags} --controllers=*,-service"));
    assert_eq!(shared_controllers(&plan(vec![kcm, without], &[[Some(0), Some(1)]])), {
        [Controller::Route, Controller::CloudNodeLifecycle].into_iter().collect()
    });
}

#[test]
fn the_flags_of_migration_name_the_gate_only_where_it_is_off() {
    let named = |minor: u8, args: &str| {
        let flags = flags_of_migration(&manager(Kcm, minor, args));
        flags.into_iter().map(|(flag, value)| format!("{flag}={value}")).collect::<Vec<_>>()
    };
    let both = ["enable-leader-migration=true", "leader-migration-config=/etc/leadermigration.conf"];
    let gate = "ControllerManagerLeaderMigration=true";
    assert_eq!(named(29, "--feature-gates=A=true"), both);
    for (args, gates) in [
        ("", format!("feature-gates={gate}")),
        ("--feature-gates=", format!("feature-gates={gate}")),
        ("--feature-gates=A=true", format!("feature-gates=A=true,{gate}")),
        ("--feature-gates A=true", format!("feature-gates=A=true,{gate}")),
    ] {
        assert_eq!(named(21, args), [both[0], both[1], &gates], "{args}");
    }
}

/// A change that has to be made before a step becomes a step of its own, and a copy of the manager that it changes.
#[test]
fn an_early_change_is_a_step_before_and_stays() {
    let managers = vec![manager(Kcm, 29, "--a"), manager(Ccm, 29, "--b"), manager(Ccm, 30, "--c")];
    let mut changed = plan(managers, &[[Some(0), Some(1)], [None, Some(1)], [None, Some(2)]]);
    let edit = Edit::SetFlag { manager: 1, flag: "b".into(), value: "new".into() };
    let early = Edit::Early { manager: 1, before: 1, edits: vec![edit] };
    assert!(early.renumbers_steps());
    early.apply(&mut changed);
    assert_eq!(
        changed.steps.iter().map(|step| step.title.as_str()).collect::<Vec<_>>(),
        ["1", "Change cloud-controller-manager first", "2"]
    );
    assert_eq!(changed.pools[0].runs, [[Some(0), Some(1)], [None, Some(1)], [None, Some(3)], [None, Some(2)]]);
    assert_eq!((&changed.managers[1].args, &changed.managers[3].args), (&vec!["--b".into()], &vec!["--b=new".into()]));
}

#[test]
fn a_step_that_comes_first_takes_its_change_with_it() {
    let managers = vec![manager(Kcm, 29, ""), manager(Kcm, 30, ""), manager(Ccm, 29, ""), manager(Ccm, 30, "")];
    let mut changed = plan(managers, &[[Some(0), Some(2)], [Some(1), Some(2)], [Some(1), Some(3)]]);
    let first = Edit::StepFirst { step: 1, before: 0 };
    assert!(first.renumbers_steps() && first.manager().is_none());
    first.apply(&mut changed);
    assert_eq!(changed.pools[0].runs, [[Some(0), Some(2)], [Some(0), Some(3)], [Some(1), Some(3)]]);
    assert!(!Edit::SetFlag { manager: 0, flag: "v".into(), value: "2".into() }.renumbers_steps());
}

#[test]
fn a_file_without_value_is_no_configuration() {
    let mut kcm = manager(Kcm, 29, "--enable-leader-migration=true --leader-migration-config=/f");
    kcm.migration_file = MigrationFile::Document(Value::Null);
    assert_eq!(codes(&plan(vec![kcm], &[[Some(0), None]])), []);
}

#[test]
fn a_cloud_node_controller_beside_in_tree_kubelets_is_noted_and_no_other() {
    let of = |in_tree_kubelets: bool, component, args: &str| {
        codes(&Plan { in_tree_kubelets, ..plan(vec![manager(component, 24, args)], &[[Some(0), None]]) })
    };
    let noted = [(Code::LM604, 0, Where::Manager)];
    assert_eq!(of(true, Ccm, "--cloud-provider=aws"), noted);
    assert_eq!(of(true, Ccm, "--cloud-provider=aws --leader-elect=false"), noted);
    assert_eq!(of(true, Ccm, "--cloud-provider=aws --controllers=*,-cloud-node"), []);
    assert_eq!(of(true, Kcm, "--cloud-provider=aws"), []);
    assert_eq!(of(false, Ccm, "--cloud-provider=aws"), []);
}
