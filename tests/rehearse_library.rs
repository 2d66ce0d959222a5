//! Every shipped scenario rehearsed: for each point of its plan what is said of the way back.
//!
//! The numbers are exact. A change in them is a change of the model, of the facts or of a scenario, and needs a reason.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use leasehold_model::explore::{End, Options};
use leasehold_model::migration::{Property, Status, check};
use leasehold_model::rehearsal::{At, Judged, Naive, Point, rehearse};
use leasehold_scenarios::compile::compile;
use leasehold_scenarios::inventory::files::Disk;
use leasehold_scenarios::resolve::{Request, resolve};

fn library() -> Vec<PathBuf> {
    fn below(directory: &Path, found: &mut Vec<PathBuf>) {
        let mut entries: Vec<PathBuf> =
            std::fs::read_dir(directory).expect("a directory").map(|entry| entry.expect("an entry").path()).collect();
        entries.sort();
        if entries.iter().any(|entry| entry.ends_with("scenario.yaml")) {
            return found.push(directory.to_path_buf());
        }
        entries.iter().filter(|entry| entry.is_dir()).for_each(|entry| below(entry, found));
    }
    let mut found = Vec::new();
    below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/library"), &mut found);
    found
}

/// One line for each scenario: the point (`2`: after two steps, `2+`: within the step after them), its states, and the moves
/// of the longest way back; where there is none from some state, how many have one; `!`: only one that does harm.
#[test]
fn points() {
    let mut out = String::new();
    let mut counts = [0; 3];
    let mut order_decides = BTreeSet::new();
    let options = Options { symmetry: true, ..Options::default() };
    for directory in library() {
        let paths = vec![directory.to_str().expect("a UTF-8 path").to_string()];
        let resolved = resolve(&Request { paths, ..Request::default() }, &Disk).expect("it is read");
        let problem = compile(&resolved).problem();
        let rehearsal = rehearse(&problem, &options).expect("it fits");
        assert_eq!(rehearsal.end, End::Complete);
        let name = directory.file_name().expect("a name").to_string_lossy().into_owned();
        let points: Vec<String> = rehearsal.points.iter().map(point).collect();
        let _ = writeln!(out, "{name}: {}", points.join(", "));
        for found in &rehearsal.points {
            counts[found.judged as usize] += 1;
            let naive = found.naive == Naive::Safe;
            assert!(!naive || found.judged == Judged::Safe, "{name}: {:?}", found.at);
            if found.judged == Judged::Safe && !naive {
                order_decides.insert(name.clone());
            }
        }
        let returnable = check(&problem, &options).expect("it fits").of(Property::Returnable).status;
        let lost = rehearsal.points.iter().any(|point| point.judged == Judged::Lost);
        assert_eq!(lost, returnable == Status::Violated, "{name}");
    }
    // Everywhere else the naive way back is safe where any is; docs/rehearse.md says so.
    let known =
        ["P4-ccm-early", "P5-revision-not-raised", "azure-rke1-1.29-one-node", "stop-then-start-without-waiting"];
    assert_eq!(order_decides.into_iter().collect::<Vec<_>>(), known);
    let [safe, harmful, lost] = counts;
    let _ = writeln!(out, "{safe} points are safe, {harmful} harmful, {lost} lost");
    insta::assert_snapshot!(out, @r"
    azure-flags-ignored-1.29-1.30: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 2+ 0 of 43, 3 0 of 5, 3+ 0 of 20, 4 0 of 5
    canonical-names-1.30-1.31: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 2+ 61 in 9, 3 8 in 10, 3+ 27 in 12, 4 5 in 13
    ccm-newer-than-cluster-1.26: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 2+ 0 of 16, 3 0 of 8, 3+ 0 of 22, 4 0 of 6
    ccm-upgrade-0.33-0.36-daemonset-3: 0 4 in 0, 0+ 12 in 2, 1 4 in 3
    ccm-upgrade-0.33-0.36-daemonset-3-migration-dropped: 0 6 in 0, 0+ 16 in 2, 1 4 in 3
    ccm-upgrade-0.33-0.36-daemonset-3-migration-on: 0 6 in 0, 0+ 20 in 2, 1 6 in 3
    ccm-upgrade-0.33-0.36-deployment-2: 0 4 in 0, 0+ 18 in 3, 1 4 in 4
    ccm-upgrade-0.33-0.36-deployment-2-migration-on: 0 6 in 0, 0+ 30 in 3, 1 6 in 4
    ccm-upgrade-unlocked: 0 4 in 0, 0+ 0 of 8, 1 0 of 4
    ccm-vendor-replaced-other-lease: 0 4 in 0, 1 0 of 8, 1+ 0 of 16, 2 0 of 4
    ccm-vendor-replaced-same-lease: 0 4 in 0, 0+ 6 in 1, 1 6 in 2, 1+ 6 in 3, 2 4 in 4
    ccm-vendor-replaced-unlocked: 0 4 in 0, 1 0 of 8, 2 0 of 4
    default-1.26-1.27: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 2+ 61 in 9, 3 8 in 10, 3+ 27 in 12, 4 5 in 13
    default-1.27-1.28: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 2+ 0 of 61, 3 0 of 8, 3+ 0 of 27, 4 0 of 5
    default-1.28-1.29: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 2+ 0 of 61, 3 0 of 8, 3+ 0 of 27, 4 0 of 5
    default-1.29-1.30: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 2+ 0 of 61, 3 0 of 8, 3+ 0 of 27, 4 0 of 5
    default-1.30-1.31: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 2+ 0 of 61, 3 0 of 8, 3+ 0 of 27, 4 0 of 5
    digitalocean-second-initialize-1.30: 0 4 in 0, 0+ 16 in 2, 1 6 in 3
    documented-names-1.28-1.29: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 2+ 0 of 61, 3 0 of 8, 3+ 0 of 27, 4 0 of 5
    documented-names-1.30-1.31: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 2+ 0 of 61, 3 0 of 8, 3+ 0 of 27, 4 0 of 5
    endpoints-lock-1.29-1.30: 0 2 in 0, 1 2 in 1, 1+ 6 in 3, 2 2 in 4, 2+ 0 of 33 in 9! Orphaned(NodeIpam), 3 0 of 5 in 10! Refuses(2) Orphaned(NodeIpam), 3+ 0 of 20 in 12! Refuses(2) Orphaned(Service) Orphaned(Route) Orphaned(CloudNodeLifecycle) Orphaned(NodeIpam), 4 0 of 5 in 13! Refuses(2) Orphaned(Service) Orphaned(Route) Orphaned(CloudNodeLifecycle) Orphaned(NodeIpam) Refuses(4)
    guide-1.21-1.22: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 2+ 61 in 9, 3 8 in 10, 3+ 27 in 12, 4 5 in 13
    guide-1.21-1.22-no-rbac: 0 2 in 0, 0+ 6 in 2, 1 2 in 3, 1+ 0 of 51 in 8! Orphaned(Service) Orphaned(Route) Orphaned(CloudNodeLifecycle), 2 0 of 8 in 9! Orphaned(Service) Orphaned(Route) Orphaned(CloudNodeLifecycle), 2+ 0 of 27 in 11! Orphaned(Service) Orphaned(Route) Orphaned(CloudNodeLifecycle), 3 0 of 5 in 12! Orphaned(Service) Orphaned(Route) Orphaned(CloudNodeLifecycle)
    guide-1.21-1.22-printed-rights: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 2+ 20 in 9, 3 2 in 10, 3+ 6 in 12, 4 2 in 13
    kcm-left-on-1.26-1.27: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 2+ 74 in 9, 3 11 in 10, 3+ 41 in 12, 4 0 of 8 in 13! Orphaned(Service) Orphaned(Route) Orphaned(CloudNodeLifecycle)
    lease-deleted-1.26-1.27: 0 0 of 7, 1 0 of 7, 1+ 0 of 78, 2 0 of 40, 2+ 0 of 6392, 3 0 of 635, 3+ 0 of 1399, 4 0 of 86
    linode-node-ipam-1.33: 0 4 in 0, 1 4 in 1, 1+ 16 in 3, 2 6 in 4, 2+ 0 of 22, 3 0 of 8
    no-leader-election-1.26-1.27: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 2+ 0 of 60, 3 0 of 10
    node-ipam-1.26-1.27-forgotten: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 2+ 0 of 61, 3 0 of 8, 3+ 0 of 27, 4 0 of 5
    node-ipam-1.26-1.27-migrated: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 2+ 61 in 9, 3 8 in 10, 3+ 27 in 12, 4 5 in 13
    node-ipam-1.33-1.34-guide-text: 0 5 in 0, 1 5 in 1, 1+ 27 in 3, 2 8 in 4, 2+ 0 of 87, 3 0 of 8, 3+ 0 of 27, 4 0 of 5
    node-ipam-1.33-1.34-guide-verbatim: 0 5 in 0, 1 5 in 1, 1+ 34 in 3, 2 10 in 4, 2+ 185 in 9, 3 0 of 10 in 10! Refuses(3), 3+ 0 of 34 in 12! Refuses(3) Orphaned(NodeIpam) Orphaned(Service) Orphaned(Route) Orphaned(CloudNodeLifecycle) Orphaned(CloudNode), 4 0 of 5 in 13! Refuses(3) Orphaned(NodeIpam) Refuses(5) Orphaned(Service) Orphaned(Route) Orphaned(CloudNodeLifecycle) Orphaned(CloudNode)
    node-ipam-1.33-1.34-late: 0 5 in 0, 1 5 in 1, 1+ 27 in 3, 2 8 in 4, 2+ 87 in 9, 3 0 of 8 in 10! Orphaned(NodeIpam), 3+ 0 of 27 in 12! Orphaned(NodeIpam), 4 0 of 5 in 13! Orphaned(NodeIpam)
    node-ipam-1.33-1.34-migrated: 0 5 in 0, 1 5 in 1, 1+ 27 in 3, 2 8 in 4, 2+ 41 in 6, 3 11 in 7, 3+ 105 in 12, 4 8 in 13, 4+ 27 in 15, 5 5 in 16
    node-ipam-1.36-1.37: 0 5 in 0, 1 5 in 1, 1+ 27 in 3, 2 8 in 4, 2+ 41 in 6, 3 0 of 11 in 7! Orphaned(NodeIpam), 3+ 0 of 105 in 12! Orphaned(NodeIpam), 4 0 of 8 in 13! Refuses(3) Orphaned(NodeIpam), 4+ 0 of 27 in 15! Refuses(3) Orphaned(NodeIpam), 5 0 of 5 in 16! Refuses(3) Orphaned(NodeIpam)
    removed-provider: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 2+ 61 in 9, 3 8 in 10, 3+ 27 in 12, 4 5 in 13
    route-given-up-1.30-1.31: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 2+ 61 in 9, 3 8 in 10, 3+ 27 in 12, 4 5 in 13
    same-version-1.26: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 2+ 29 in 6, 3 11 in 7, 3+ 41 in 9, 4 8 in 10, 4+ 27 in 12, 5 5 in 13
    same-version-1.26-provider-first: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 2+ 8 in 6, 3 2 in 7, 3+ 0 of 20 in 9! Orphaned(Service) Orphaned(Route) Orphaned(CloudNodeLifecycle), 4 0 of 8 in 10! Orphaned(Service) Orphaned(Route) Orphaned(CloudNodeLifecycle), 4+ 0 of 27 in 12! Orphaned(Service) Orphaned(Route) Orphaned(CloudNodeLifecycle), 5 0 of 5 in 13! Orphaned(Service) Orphaned(Route) Orphaned(CloudNodeLifecycle)
    single-node-1.26-1.27: 0 2 in 0, 1 2 in 1, 2 3 in 2, 2+ 11 in 3, 3 6 in 4, 4 4 in 5
    single-node-1.30-1.31-in-place: 0 2 in 0, 1 2 in 1, 2 3 in 2, 3 6 in 3, 4 4 in 4
    unequal-lease-names: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 2+ 0 of 66, 3 0 of 8, 3+ 0 of 27, 4 0 of 5
    vsphere-second-initialize-1.21-1.22: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 2+ 61 in 9, 3 8 in 10, 3+ 0 of 27 in 12! Orphaned(CloudNodeLifecycle), 4 0 of 5 in 13! Orphaned(CloudNodeLifecycle) Refuses(4)
    H13-no-leader-election: 0 3 in 0, 0+ 0 of 60, 1 0 of 10
    H13-no-leader-election-fixed: 0 3 in 0, 0+ 61 in 5, 1 8 in 6
    H14-lease-names: 0 3 in 0, 0+ 0 of 66, 1 0 of 8
    H14-lease-names-fixed: 0 3 in 0, 0+ 61 in 5, 1 8 in 6
    H14-lease-namespaces: 0 3 in 0, 0+ 0 of 66, 1 0 of 8
    H14-lease-namespaces-fixed: 0 3 in 0, 0+ 61 in 5, 1 8 in 6
    H14-lock-types: 0 3 in 0, 0+ 0 of 66, 1 0 of 8
    H14-lock-types-fixed: 0 3 in 0, 0+ 61 in 5, 1 8 in 6
    H15-stale-read: 0 3 in 0, 0+ 61 in 5, 1 8 in 6
    H16-write-in-flight: 0 3 in 0, 0+ 35 in 3, 1 8 in 4
    H16-write-in-flight-fixed: 0 3 in 0, 0+ 35 in 3, 1 8 in 4
    H20-coordinated-election: 0 3 in 0, 0+ 8 in 2, 1 2 in 3
    H20-coordinated-election-fixed: 0 2 in 0, 0+ 8 in 2, 1 3 in 3
    H22-main-lease-of-its-own: 0 5 in 0, 0+ 27 in 2, 1 8 in 3
    H22-main-lease-of-the-ccm: 0 5 in 0, 0+ 22 in 2, 1 6 in 3
    H22-main-lease-of-the-ccm-fixed: 0 5 in 0, 0+ 27 in 2, 1 8 in 3
    H7-release-on-exit: 0 2 in 0, 0+ 6 in 2, 1 2 in 3
    H7-release-on-exit-fixed: 0 2 in 0, 0+ 6 in 2, 1 2 in 3
    H8-unequal-durations-0.26: 0 3 in 0, 0+ 61 in 5, 1 8 in 6
    H8-unequal-durations-0.26-fixed: 0 3 in 0, 0+ 61 in 5, 1 8 in 6
    H8-unequal-durations-0.27: 0 3 in 0, 0+ 61 in 5, 1 8 in 6
    H9-fraction-of-a-second: 0 3 in 0, 0+ 61 in 5, 1 8 in 6
    H9-fraction-of-a-second-fixed: 0 3 in 0, 0+ 61 in 5, 1 8 in 6
    H9-lease-under-a-second: 0 3 in 0, 0+ 20 in 5, 1 2 in 6
    H9-lease-under-a-second-fixed: 0 3 in 0, 0+ 61 in 5, 1 8 in 6
    273 points are safe, 26 harmful, 71 lost
    ");
}

fn point(point: &Point) -> String {
    let at = match point.at {
        At::After(steps) => format!("{steps}"),
        At::Within(step) => format!("{step}+"),
    };
    let moves = point.way.as_ref().map(|way| format!(" in {}", way.moves)).unwrap_or_default();
    match point.judged {
        Judged::Safe => format!("{at} {}{moves}", point.states),
        Judged::Harmful => {
            let harms: Vec<String> = point.unavoidable.iter().map(|harm| format!("{harm:?}")).collect();
            format!("{at} {} of {}{moves}! {}", point.safe, point.states, harms.join(" "))
        }
        Judged::Lost => format!("{at} {} of {}", point.exclusive, point.states),
    }
}
