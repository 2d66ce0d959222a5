//! Which lock each controller ends up under, and who runs it then.

use super::*;

/// Which manager runs each of service, route and cloud-node-lifecycle once both are started, KCM first.
fn both(kcm: &ManagerSpec, ccm: &ManagerSpec, order: [usize; 2]) -> String {
    let launched = [launch(kcm), launch(ccm)];
    let contenders: Vec<Contender> =
        launched.iter().zip([kcm, ccm]).map(|(l, s)| Contender { launch: l, rights: &s.rights }).collect();
    let settled = settle(&contenders, &order.map(Event::Start));
    let runs = |c: Controller| -> String {
        let acts = |i: usize| matches!(settled.states[i], State::Runs(set) if set.contains(c));
        match (acts(0), acts(1)) {
            (true, true) => "both",
            (true, false) => "kcm",
            (false, true) => "ccm",
            (false, false) => "none",
        }
        .into()
    };
    [Controller::Service, Controller::Route, Controller::CloudNodeLifecycle].map(runs).join(" ")
}

/// Where the two managers would run a controller, as `KCM/CCM`: `mig`, `MAIN` or `-`.
fn locks(kcm: &ManagerSpec, ccm: &ManagerSpec) -> String {
    let place = |spec: &ManagerSpec, c: Controller| {
        let running = running(spec);
        match running.migration {
            Some(m) if m.set.contains(c) => "mig",
            _ if running.main_set.contains(c) => "MAIN",
            _ => "-",
        }
    };
    [Controller::Service, Controller::Route, Controller::CloudNodeLifecycle]
        .map(|c| format!("{}/{}", place(kcm, c), place(ccm, c)))
        .join(" ")
}

/// The names in the files of KCM and CCM; `None`: neither has a file.
type Files<'a> = Option<(&'a [&'a str], &'a [&'a str])>;

/// The lock of each controller by the names that KCM and CCM know (A: up to 1.27 and 0.27, B: after) and by the
/// configuration. Two different places can run a controller at once.
#[test]
fn locks_by_names_and_configuration() {
    let union: Vec<&str> = OLD.into_iter().chain(CANONICAL).collect();
    let table: [(&str, &str, Files, &str); 14] = [
        ("A", "A", None, "mig/mig mig/mig mig/mig"),
        ("A", "A", Some((&OLD, &OLD)), "mig/mig mig/mig mig/mig"),
        ("A", "B", None, "mig/MAIN mig/MAIN mig/mig"),
        ("A", "B", Some((&OLD, &OLD)), "mig/MAIN mig/MAIN mig/MAIN"),
        ("A", "B", Some((&CANONICAL, &CANONICAL)), "MAIN/mig MAIN/mig MAIN/mig"),
        ("B", "A", None, "MAIN/mig MAIN/mig mig/mig"),
        ("B", "A", Some((&OLD, &OLD)), "MAIN/mig MAIN/mig MAIN/mig"),
        ("B", "B", None, "MAIN/MAIN MAIN/MAIN mig/mig"),
        ("B", "B", Some((&OLD, &OLD)), "MAIN/MAIN MAIN/MAIN MAIN/MAIN"),
        ("B", "B", Some((&CANONICAL, &CANONICAL)), "mig/mig mig/mig mig/mig"),
        ("A", "A", Some((&union, &union)), "mig/mig mig/mig mig/mig"),
        ("A", "B", Some((&union, &union)), "mig/mig mig/mig mig/mig"),
        ("B", "B", Some((&union, &union)), "mig/mig mig/mig mig/mig"),
        ("A", "B", Some((&OLD, &CANONICAL)), "mig/mig mig/mig mig/mig"),
    ];
    let old = ["1.22", "1.25", "1.27"];
    let new = ["1.28", "1.29", "1.30"];
    for (kcm_names, ccm_names, files, expected) in table {
        for kcm_release in if kcm_names == "A" { old } else { new } {
            for ccm_release in if ccm_names == "A" { old } else { ["1.28", "1.33", "1.37"] } {
                let (mut k, mut c) = (kcm(kcm_release, &[]), ccm(ccm_release, &[]));
                match files {
                    None => [&mut k, &mut c].map(|s| s.args.push("--enable-leader-migration".into())),
                    Some((for_kcm, for_ccm)) => {
                        let names = [for_kcm, for_ccm];
                        let mut specs = [&mut k, &mut c];
                        for (spec, names) in specs.iter_mut().zip(names) {
                            **spec = with_file((**spec).clone(), file("v1beta1", LEASE, Some("leases"), names, "*"));
                        }
                        [(), ()]
                    }
                };
                assert_eq!(locks(&k, &c), expected, "KCM {kcm_release}, CCM {ccm_release}");
                let seen = [[0, 1], [1, 0]].iter().any(|&order| both(&k, &c, order).contains("both"));
                assert_eq!(seen, expected.contains("MAIN"), "KCM {kcm_release}, CCM {ccm_release}");
            }
        }
    }
}

#[test]
fn start_order_hides_one_sided_mistakes() {
    let kcm = with_file(kcm("1.30", &[]), canonical());
    let mut ccm = ccm("1.36", &[]);
    ccm.args.push("--enable-leader-migration".into());
    assert_eq!(both(&kcm, &ccm, [0, 1]), "both both kcm");
    assert_eq!(both(&kcm, &ccm, [1, 0]), "ccm ccm ccm");
}

#[test]
fn rights_decide_who_holds_the_migration_lease() {
    let stock = |release: &str| crate::facts::rbac::stock(Component::KubeControllerManager, release.parse().unwrap());
    let mut kcm = with_file(kcm("1.30", &[]), canonical());
    kcm.rights = stock("1.30");
    let ccm = with_file(ccm("1.30", &[]), canonical());
    assert_eq!(both(&kcm, &ccm, [0, 1]), "ccm ccm ccm");
    assert!(launch(&kcm).obstacle(&LeaseId::kube_system(LEASE), &kcm.rights).unwrap().ends_with("is forbidden"));
    // The guide's role patch is enough: creating comes from the bootstrap ClusterRole.
    kcm.rights.rules.push(LockRule {
        namespace: Some("kube-system".into()),
        names: Some(vec![LEASE.into()]),
        resources: vec!["leases".into()],
        verbs: ["create", "list", "get", "update"].map(String::from).to_vec(),
    });
    assert_eq!(both(&kcm, &ccm, [0, 1]), "kcm kcm kcm");
    // From 1.31 on a fresh cluster lets it have any lease of kube-system.
    kcm.rights = stock("1.31");
    assert_eq!(both(&kcm, &ccm, [0, 1]), "kcm kcm kcm");
}

#[test]
fn a_process_may_have_one_lease_for_both_elections() {
    let own = file("v1", "kube-controller-manager", None, &CANONICAL, "*");
    let kcm = with_file(kcm("1.30", &[]), own);
    let launched = launch(&kcm);
    let contenders = [Contender { launch: &launched, rights: &kcm.rights }];
    let settled = settle(&contenders, &[Event::Start(0)]);
    assert_eq!(settled.leases.len(), 1);
    let State::Runs(set) = settled.states[0] else { panic!() };
    assert_eq!(set.to_string(), "service, route, cloud-node-lifecycle, node-ipam");
}
