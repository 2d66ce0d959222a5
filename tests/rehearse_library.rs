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
    gks-dns: 0 2 in 0, 0+ 0 of 3, 1 0 of 2, 2 0 of 4, 2+ 0 of 6, 3 0 of 4
    gks-dns-cleaned-up: 0 2 in 0, 0+ 0 of 3, 1 0 of 2, 2 0 of 4, 2+ 0 of 6, 3 0 of 4
    gks-dns-not-waiting: 0 2 in 0, 0+ 0 of 3, 1 0 of 2, 2 0 of 4, 2+ 0 of 6, 3 0 of 4
    gks-fixed-address: 0 2 in 0, 0+ 0 of 3, 1 0 of 2, 2 0 of 4, 2+ 0 of 6, 3 0 of 4
    gks-floating-ip: 0 2 in 0, 0+ 0 of 3, 1 0 of 2, 2 0 of 4, 2+ 0 of 6, 3 0 of 4
    gks-floating-ip-as-printed: 0 2 in 0, 0+ 0 of 3, 1 0 of 2, 2 0 of 4, 2+ 0 of 6, 3 0 of 4
    gks-floating-ip-restart: 0 2 in 0, 0+ 0 of 3, 1 0 of 2, 2 0 of 4, 2+ 0 of 6, 3 0 of 4
    gks-node-replaced: 0 2 in 0, 0+ 0 of 3, 1 0 of 2, 2 0 of 4, 2+ 0 of 6, 3 0 of 4
    gks-octavia: 0 2 in 0, 0+ 0 of 3, 1 0 of 2, 2 0 of 4, 2+ 0 of 6, 3 0 of 4
    gks-old-deleted-early: 0 2 in 0, 0+ 0 of 3, 1 0 of 2, 2 0 of 4, 2+ 0 of 6, 3 0 of 4
    gks-rotate-first: 0 2 in 0, 0+ 0 of 3, 1 0 of 2, 2 0 of 4, 2+ 0 of 6, 3 0 of 4
    gks-ttl-not-lowered: 0 2 in 0, 0+ 0 of 3, 1 0 of 2, 2 0 of 4, 2+ 0 of 6, 3 0 of 4
    imke-dns: 0 2 in 0, 0+ 0 of 3, 1 0 of 2, 2 0 of 4, 2+ 0 of 6, 3 0 of 4
    imke-upgrade-first: 0 2 in 0, 0+ 0 of 3, 1 0 of 2, 2 0 of 4, 2+ 0 of 6, 3 0 of 4
    aws-rke1-default-selector: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 3 3 in 5, 4 3 in 6, 4+ 8 in 8, 5 2 in 9
    aws-rke1-downtime: 0 2 in 0, 0+ 6 in 2, 1 2 in 3, 1+ 8 in 5, 2 4 in 6
    aws-rke1-granted-0.27: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 3 3 in 5, 3+ 16 in 7, 4 8 in 8, 4+ 22 in 10, 5 6 in 11, 5+ 16 in 13, 6 4 in 14
    aws-rke1-granted-0.33: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 3 3 in 5, 3+ 0 of 16, 4 0 of 8, 4+ 0 of 22, 5 0 of 6, 5+ 0 of 16, 6 0 of 4
    aws-rke1-granted-same-version: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 3 3 in 5, 3+ 16 in 7, 4 8 in 8, 4+ 22 in 10, 5 6 in 11, 5+ 16 in 13, 6 4 in 14
    aws-rke1-one-node: 0 2 in 0, 1 2 in 1, 2 3 in 2, 3 3 in 3, 4 8 in 4, 5 6 in 5, 6 4 in 6
    aws-rke1-split-roles: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 3 3 in 5, 4 3 in 6, 4+ 8 in 8, 5 2 in 9, 6 2 in 10
    aws-rke1-stock-0.27: 0 2 in 0, 0+ 6 in 2, 1 2 in 3, 2 2 in 4, 2+ 0 of 12 in 6! Orphaned(Service) Orphaned(CloudNodeLifecycle), 3 0 of 6 in 7! Orphaned(Service) Orphaned(CloudNodeLifecycle), 3+ 0 of 18 in 9! Orphaned(Service) Orphaned(CloudNodeLifecycle), 4 0 of 6 in 10! Orphaned(Service) Orphaned(CloudNodeLifecycle), 4+ 0 of 16 in 12! Orphaned(Service) Orphaned(CloudNodeLifecycle), 5 0 of 4 in 13! Orphaned(Service) Orphaned(CloudNodeLifecycle)
    aws-rke1-stock-0.33: 0 2 in 0, 0+ 6 in 2, 1 2 in 3, 2 2 in 4, 2+ 0 of 12 in 6! Orphaned(Service) Orphaned(CloudNodeLifecycle), 3 0 of 6 in 7! Orphaned(Service) Orphaned(CloudNodeLifecycle), 3+ 0 of 18 in 9! Orphaned(Service) Orphaned(CloudNodeLifecycle), 4 0 of 6 in 10! Orphaned(Service) Orphaned(CloudNodeLifecycle), 4+ 0 of 16 in 12! Orphaned(Service) Orphaned(CloudNodeLifecycle), 5 0 of 4 in 13! Orphaned(Service) Orphaned(CloudNodeLifecycle)
    aws-rke2-chart-first: 0 2 in 0, 1 2 in 1, 2 2 in 2, 2+ 0 of 12, 3 0 of 6, 3+ 0 of 22, 4 0 of 8, 4+ 0 of 22, 5 0 of 6, 5+ 0 of 16, 6 0 of 4
    aws-rke2-chart-flag-dropped-first: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 3 3 in 5, 3+ 16 in 7, 4 8 in 8, 4+ 0 of 22, 5 0 of 6, 5+ 0 of 16, 6 0 of 4
    aws-rke2-downtime: 0 2 in 0, 0+ 6 in 2, 1 2 in 3, 1+ 8 in 5, 2 4 in 6
    aws-rke2-flag-dropped-first: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 3 3 in 5, 3+ 16 in 7, 4 8 in 8, 4+ 0 of 22, 5 0 of 6, 5+ 0 of 18, 6 0 of 6, 6+ 0 of 16, 7 0 of 4
    aws-rke2-flag-lost: 0 2 in 0, 1 2 in 1, 2 2 in 2, 3 2 in 3, 3+ 0 of 12, 4 0 of 6, 4+ 0 of 18, 5 0 of 6, 5+ 0 of 16, 6 0 of 4
    aws-rke2-granted-0.27: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 3 3 in 5, 3+ 16 in 7, 4 8 in 8, 4+ 22 in 10, 5 6 in 11, 5+ 16 in 13, 6 4 in 14
    aws-rke2-granted-0.27-no-cordon: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 2+ 16 in 6, 3 8 in 7, 3+ 22 in 9, 4 6 in 10, 4+ 16 in 12, 5 4 in 13
    aws-rke2-granted-0.33: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 3 3 in 5, 3+ 0 of 16, 4 0 of 8, 4+ 0 of 22, 5 0 of 6, 5+ 0 of 16, 6 0 of 4
    aws-rke2-granted-same-version: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 3 3 in 5, 3+ 16 in 7, 4 8 in 8, 4+ 22 in 10, 5 6 in 11, 5+ 16 in 13, 6 4 in 14
    aws-rke2-one-server: 0 2 in 0, 1 2 in 1, 2 3 in 2, 3 3 in 3, 4 8 in 4, 5 6 in 5, 6 4 in 6
    aws-rke2-provider-kept: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 3 3 in 5, 3+ 16 in 7, 4 8 in 8, 4+ 0 of 22, 5 0 of 6
    aws-rke2-provider-kept-1.27: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 3 3 in 5, 3+ 16 in 7, 4 8 in 8, 4+ 22 in 10, 5 6 in 11
    aws-rke2-some-nodes: 0 3 in 0, 1 3 in 1, 1+ 5 in 2, 2 4 in 3, 3 4 in 4, 3+ 0 of 51, 4 0 of 18, 4+ 0 of 79, 5 0 of 15, 5+ 0 of 57, 6 0 of 9
    aws-rke2-split-roles: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 3 3 in 5, 4 3 in 6, 4+ 8 in 8, 5 2 in 9, 6 2 in 10
    aws-rke2-stock-0.27: 0 2 in 0, 0+ 6 in 2, 1 2 in 3, 2 2 in 4, 2+ 0 of 12 in 6! Orphaned(Service) Orphaned(CloudNodeLifecycle), 3 0 of 6 in 7! Orphaned(Service) Orphaned(CloudNodeLifecycle), 3+ 0 of 18 in 9! Orphaned(Service) Orphaned(CloudNodeLifecycle), 4 0 of 6 in 10! Orphaned(Service) Orphaned(CloudNodeLifecycle), 4+ 0 of 16 in 12! Orphaned(Service) Orphaned(CloudNodeLifecycle), 5 0 of 4 in 13! Orphaned(Service) Orphaned(CloudNodeLifecycle)
    aws-rke2-stock-0.33: 0 2 in 0, 0+ 6 in 2, 1 2 in 3, 2 2 in 4, 2+ 0 of 12 in 6! Orphaned(Service) Orphaned(CloudNodeLifecycle), 3 0 of 6 in 7! Orphaned(Service) Orphaned(CloudNodeLifecycle), 3+ 0 of 18 in 9! Orphaned(Service) Orphaned(CloudNodeLifecycle), 4 0 of 6 in 10! Orphaned(Service) Orphaned(CloudNodeLifecycle), 4+ 0 of 16 in 12! Orphaned(Service) Orphaned(CloudNodeLifecycle), 5 0 of 4 in 13! Orphaned(Service) Orphaned(CloudNodeLifecycle)
    aws-rke2-way-back: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 3 3 in 5, 3+ 16 in 7, 4 8 in 8, 4+ 22 in 10, 5 6 in 11, 5+ 0 of 18, 6 0 of 6
    azure-rke1-1.27-granted: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 3 3 in 5, 4 3 in 6, 4+ 3 of 9, 5 3 of 9, 5+ 0 of 24, 6 0 of 6, 6+ 0 of 16, 7 0 of 6
    azure-rke1-1.27-stock: 0 2 in 0, 0+ 6 in 2, 1 2 in 3, 2 2 in 4, 3 2 in 5, 3+ 2 of 6 in 6! Orphaned(Service) Orphaned(CloudNodeLifecycle), 4 2 of 6 in 7! Orphaned(Service) Orphaned(CloudNodeLifecycle), 4+ 0 of 18 in 9! Orphaned(Service) Orphaned(CloudNodeLifecycle), 5 0 of 6 in 10! Orphaned(Service) Orphaned(CloudNodeLifecycle), 5+ 0 of 16 in 11! Orphaned(Service) Orphaned(CloudNodeLifecycle), 6 0 of 6 in 12! Orphaned(Service) Orphaned(CloudNodeLifecycle)
    azure-rke1-1.29-granted: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 3 3 in 5, 4 3 in 6, 4+ 3 of 9, 5 3 of 9, 5+ 0 of 24, 6 0 of 6, 6+ 0 of 16, 7 0 of 6
    azure-rke1-1.29-one-node: 0 2 in 0, 1 2 in 1, 2 3 in 2, 3 3 in 3, 4 3 in 4, 4+ 3 of 9, 5 3 of 9, 6 6, 6+ 16, 7 6
    azure-rke1-1.29-stock: 0 2 in 0, 0+ 6 in 2, 1 2 in 3, 2 2 in 4, 3 2 in 5, 3+ 2 of 6, 4 2 of 6, 4+ 0 of 18, 5 0 of 6, 5+ 0 of 16, 6 0 of 6
    azure-rke1-1.29-two-nodes: 0 2 in 0, 1 2 in 1, 1+ 4 in 2, 2 3 in 3, 3 3 in 4, 4 3 in 5, 4+ 3 of 9, 5 3 of 9, 5+ 0 of 12, 6 0 of 6, 6+ 0 of 16, 7 0 of 6
    azure-rke1-1.30: 0 2 in 0, 0+ 6 in 2, 1 2 in 3, 2 2 in 4, 3 2 in 5, 3+ 2 of 6, 4 2 of 6, 4+ 0 of 18, 5 0 of 6, 5+ 0 of 16, 6 0 of 6
    azure-rke1-downtime: 0 2 in 0, 0+ 6 in 2, 1 2 in 3, 2 4 in 4
    azure-rke2-1.27-granted: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 3 3 in 5, 4 3 in 6, 4+ 3 of 9, 5 3 of 9, 6 0 of 9, 6+ 0 of 24, 7 0 of 6, 7+ 0 of 16, 8 0 of 6
    azure-rke2-1.27-granted-uncordon-last: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 3 3 in 5, 4 3 in 6, 4+ 3 of 9, 5 3 of 9, 5+ 8 of 24, 6 2 of 6! Orphaned(Service) Orphaned(CloudNodeLifecycle), 7 0 of 6! Orphaned(Service) Orphaned(CloudNodeLifecycle), 7+ 0 of 16! Orphaned(Service) Orphaned(CloudNodeLifecycle), 8 0 of 6! Orphaned(Service) Orphaned(CloudNodeLifecycle)
    azure-rke2-1.27-stock: 0 2 in 0, 0+ 6 in 2, 1 2 in 3, 2 2 in 4, 3 2 in 5, 3+ 2 of 6 in 6! Orphaned(Service) Orphaned(CloudNodeLifecycle), 4 2 of 6 in 7! Orphaned(Service) Orphaned(CloudNodeLifecycle), 5 0 of 6 in 8! Orphaned(Service) Orphaned(CloudNodeLifecycle), 5+ 0 of 18 in 10! Orphaned(Service) Orphaned(CloudNodeLifecycle), 6 0 of 6 in 11! Orphaned(Service) Orphaned(CloudNodeLifecycle), 6+ 0 of 16 in 12! Orphaned(Service) Orphaned(CloudNodeLifecycle), 7 0 of 6 in 13! Orphaned(Service) Orphaned(CloudNodeLifecycle)
    azure-rke2-1.29-cordon-skipped: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 3 0 of 6, 3+ 0 of 9, 4 0 of 6, 4+ 0 of 16, 5 0 of 4, 5+ 0 of 6, 6 0 of 4
    azure-rke2-1.29-drain: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 3 3 in 5, 4 3 in 6, 4+ 3 of 9, 5 3 of 9, 5+ 0 of 24, 6 0 of 6, 6+ 0 of 16, 7 0 of 6
    azure-rke2-1.29-gate-lost: 0 2 in 0, 1 2 in 1, 1+ 6 in 3, 2 2 in 4, 3 2 in 5, 4 2 in 6, 4+ 2 of 6 in 7! Orphaned(Service) Orphaned(CloudNodeLifecycle), 5 2 of 6 in 8! Orphaned(Service) Orphaned(CloudNodeLifecycle), 5+ 0 of 18 in 10! Orphaned(Service) Orphaned(CloudNodeLifecycle) Orphaned(NodeIpam), 6 0 of 6 in 11! Refuses(2) Orphaned(Service) Orphaned(CloudNodeLifecycle) Orphaned(NodeIpam), 7 0 of 6 in 12! Refuses(2) Orphaned(Service) Orphaned(CloudNodeLifecycle) Orphaned(NodeIpam), 7+ 0 of 16 in 13! Refuses(2) Orphaned(Service) Orphaned(CloudNodeLifecycle) Orphaned(NodeIpam), 8 0 of 6 in 14! Refuses(2) Orphaned(Service) Orphaned(CloudNodeLifecycle) Orphaned(NodeIpam)
    azure-rke2-1.29-granted: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 3 3 in 5, 4 3 in 6, 4+ 3 of 9, 5 3 of 9, 6 0 of 9, 6+ 0 of 24, 7 0 of 6, 7+ 0 of 16, 8 0 of 6
    azure-rke2-1.29-granted-uncordon-last: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 3 3 in 5, 4 3 in 6, 4+ 3 of 9, 5 3 of 9, 5+ 8 of 24, 6 2 of 6! Orphaned(Service) Orphaned(CloudNodeLifecycle), 7 0 of 6! Orphaned(Service) Orphaned(CloudNodeLifecycle), 7+ 0 of 16! Orphaned(Service) Orphaned(CloudNodeLifecycle), 8 0 of 6! Orphaned(Service) Orphaned(CloudNodeLifecycle)
    azure-rke2-1.29-one-server: 0 2 in 0, 1 2 in 1, 2 3 in 2, 3 3 in 3, 4 3 in 4, 4+ 3 of 9, 5 3 of 9, 6 0 of 9, 7 0 of 6, 7+ 0 of 16, 8 0 of 6
    azure-rke2-1.29-split-roles: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 3 3 in 5, 4 3 in 6, 4+ 3 in 7, 5 3 in 8, 6 3 in 9, 6+ 8 in 11, 7 2 in 12, 7+ 2 in 13, 8 2 in 14
    azure-rke2-1.29-stock: 0 2 in 0, 0+ 6 in 2, 1 2 in 3, 2 2 in 4, 3 2 in 5, 3+ 2 of 6, 4 2 of 6, 5 0 of 6, 5+ 0 of 18, 6 0 of 6, 6+ 0 of 16, 7 0 of 6
    azure-rke2-1.29-stock-uncordon-last: 0 2 in 0, 0+ 6 in 2, 1 2 in 3, 2 2 in 4, 3 2 in 5, 3+ 2 of 6, 4 2 of 6, 4+ 6 of 18, 5 2 of 6! Orphaned(CloudNodeLifecycle) Orphaned(Service), 6 0 of 6! Orphaned(CloudNodeLifecycle) Orphaned(Service), 6+ 0 of 16! Orphaned(CloudNodeLifecycle) Orphaned(Service), 7 0 of 6! Orphaned(CloudNodeLifecycle) Orphaned(Service)
    azure-rke2-1.30: 0 2 in 0, 0+ 6 in 2, 1 2 in 3, 2 2 in 4, 3 2 in 5, 3+ 2 of 6, 4 2 of 6, 5 0 of 6, 5+ 0 of 18, 6 0 of 6, 6+ 0 of 16, 7 0 of 6
    azure-rke2-downtime: 0 2 in 0, 0+ 6 in 2, 1 2 in 3, 2 4 in 4
    H1-default-names: 0 3 in 0, 0+ 0 of 61, 1 0 of 8
    H1-default-names-fixed: 0 3 in 0, 0+ 61 in 5, 1 8 in 6
    H10-two-leases: 0 3 in 0, 0+ 0 of 34, 1 0 of 13
    H10-two-leases-fixed: 0 3 in 0, 0+ 34 in 2, 1 13 in 3
    H11-one-replica-off: 0 5 in 0, 0+ 34 of 69, 1 0 of 21
    H11-one-replica-off-fixed: 0 5 in 0, 0+ 76 in 2, 1 24 in 3
    H12-kubelet-addresses: 0 2 in 0, 0+ 13 in 2, 1 5 in 3
    H12-kubelet-addresses-fixed: 0 2 in 0, 0+ 13 in 2, 1 5 in 3
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
    H17-node-ipam-in-both: 0 5 in 0, 0+ 0 of 20, 1 0 of 5
    H17-node-ipam-in-both-fixed: 0 5 in 0, 0+ 27 in 2, 1 8 in 3, 1+ 41 in 5, 2 11 in 6, 2+ 41 in 8, 3 8 in 9
    H18-lease-deleted: 0 0 of 40, 0+ 0 of 6392, 1 0 of 635
    H18-lease-deleted-fixed: 0 3 in 0, 0+ 61 in 5, 1 8 in 6
    H19-typo-in-component: 0 3 in 0, 0+ 61 in 5, 1 8 in 6
    H19-typo-in-component-fixed: 0 3 in 0, 0+ 61 in 5, 1 8 in 6
    H2-printed-names: 0 3 in 0, 0+ 0 of 61, 1 0 of 8
    H2-printed-names-fixed: 0 3 in 0, 0+ 61 in 5, 1 8 in 6
    H2-resource-lock-in-v1: 0 2 in 0, 0+ 10 in 2, 1 4 in 3
    H2-resource-lock-in-v1-fixed: 0 2 in 0, 0+ 8 in 2, 1 3 in 3
    H2-resource-lock-missing: 0 2 in 0, 0+ 10 in 2, 1 4 in 3
    H2-resource-lock-missing-fixed: 0 2 in 0, 0+ 8 in 2, 1 3 in 3
    H2-unquoted-star: 0 2 in 0, 0+ 10 in 2, 1 4 in 3
    H2-unquoted-star-fixed: 0 2 in 0, 0+ 8 in 2, 1 3 in 3
    H20-coordinated-election: 0 3 in 0, 0+ 8 in 2, 1 2 in 3
    H20-coordinated-election-fixed: 0 2 in 0, 0+ 8 in 2, 1 3 in 3
    H21-idle-holder: 0 3 in 0, 0+ 74 in 5, 1 11 in 6
    H21-idle-holder-fixed: 0 3 in 0, 0+ 61 in 5, 1 8 in 6
    H22-main-lease-of-its-own: 0 5 in 0, 0+ 27 in 2, 1 8 in 3
    H22-main-lease-of-the-ccm: 0 5 in 0, 0+ 22 in 2, 1 6 in 3
    H22-main-lease-of-the-ccm-fixed: 0 5 in 0, 0+ 27 in 2, 1 8 in 3
    H23-cloud-allocator: 0 2 in 0, 0+ 6 in 2, 1 2 in 3
    H23-cloud-allocator-fixed: 0 2 in 0, 0+ 6 in 2, 1 2 in 3
    H23-removed-controller: 0 2 in 0, 0+ 10 in 2, 1 4 in 3
    H23-removed-controller-fixed: 0 2 in 0, 0+ 6 in 2, 1 2 in 3
    H23-removed-provider: 0 3 in 0, 0+ 61 in 5, 1 8 in 6
    H23-removed-provider-fixed: 0 3 in 0, 0+ 61 in 5, 1 8 in 6
    H23-unknown-gate: 0 3 in 0, 0+ 132 in 5, 1 16 in 6
    H23-unknown-gate-fixed: 0 3 in 0, 0+ 10 in 2, 1 3 in 3, 1+ 61 in 8, 2 8 in 9
    H24-endpoints-lock: 0 2 in 0, 0+ 6 in 2, 1 2 in 3
    H24-endpoints-lock-fixed: 0 2 in 0, 0+ 8 in 2, 1 3 in 3
    H3-rollback-without-flag: 0 8 in 0, 0+ 0 of 34, 1 0 of 8
    H3-rollback-without-flag-fixed: 0 8 in 0, 0+ 41 in 2, 1 11 in 3
    H4-alias-in-file: 0 3 in 0, 0+ 0 of 61, 1 0 of 8
    H4-alias-in-file-fixed: 0 3 in 0, 0+ 61 in 5, 1 8 in 6
    H5-early-ccm: 0 2 in 0, 0+ 21 of 125, 1 0 of 5 in 6! Orphaned(Service) Orphaned(Route) Orphaned(CloudNodeLifecycle)
    H5-early-ccm-fixed: 0 2 in 0, 0+ 6 in 2, 1 2 in 3, 1+ 13 in 5, 2 5 in 6
    H5-no-migration: 0 2 in 0, 0+ 0 of 33, 1 0 of 5
    H5-no-migration-fixed: 0 2 in 0, 0+ 8 in 2, 1 3 in 3, 1+ 61 in 8, 2 8 in 9
    H6-no-rights: 0 2 in 0, 0+ 6 in 2, 1 2 in 3
    H6-no-rights-ccm: 0 3 in 0, 0+ 20 in 5, 1 2 in 6
    H6-no-rights-ccm-fixed: 0 3 in 0, 1 3 in 1, 1+ 61 in 6, 2 8 in 7
    H6-no-rights-fixed: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4
    H7-release-on-exit: 0 2 in 0, 0+ 6 in 2, 1 2 in 3
    H7-release-on-exit-fixed: 0 2 in 0, 0+ 6 in 2, 1 2 in 3
    H8-unequal-durations-0.26: 0 3 in 0, 0+ 61 in 5, 1 8 in 6
    H8-unequal-durations-0.26-fixed: 0 3 in 0, 0+ 61 in 5, 1 8 in 6
    H8-unequal-durations-0.27: 0 3 in 0, 0+ 61 in 5, 1 8 in 6
    H9-fraction-of-a-second: 0 3 in 0, 0+ 61 in 5, 1 8 in 6
    H9-fraction-of-a-second-fixed: 0 3 in 0, 0+ 61 in 5, 1 8 in 6
    H9-lease-under-a-second: 0 3 in 0, 0+ 20 in 5, 1 2 in 6
    H9-lease-under-a-second-fixed: 0 3 in 0, 0+ 61 in 5, 1 8 in 6
    P2-lease-for-each-side: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 2+ 0 of 34, 3 0 of 13, 3+ 0 of 58, 4 0 of 13
    P2-leases-in-two-stages: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 2+ 29 in 6, 3 11 in 7, 3+ 53 in 9, 4 13 in 10, 4+ 53 in 12, 5 11 in 13, 5+ 41 in 15, 6 8 in 16, 6+ 27 in 18, 7 5 in 19
    P2-second-lease-too-early: 0 2 in 0, 1 2 in 1, 1+ 8 in 3, 2 3 in 4, 2+ 29 in 6, 3 11 in 7, 3+ 0 of 53, 4 0 of 13, 4+ 0 of 53, 5 0 of 11
    P4-ccm-early: 0 2 in 0, 0+ 16 of 64, 1 4 in 6, 1+ 12 in 8, 2 4 in 9
    P4-kkp: 0 2 in 0, 0+ 3 in 1, 1 2 in 2, 2 4 in 3
    P4-kubeone: 0 2 in 0, 0+ 6 in 2, 1 2 in 3, 1+ 8 in 5, 2 4 in 6, 2+ 12 in 8, 3 4 in 9
    P4-occm-document: 0 2 in 0, 0+ 6 in 2, 1 2 in 3, 1+ 8 in 5, 2 4 in 6, 2+ 12 in 8, 3 4 in 9, 3+ 12 in 11, 4 4 in 12
    P5-condition-missing: 0 2 in 0, 0+ 0 of 4, 1 0 of 4, 1+ 0 of 12, 2 0 of 4
    P5-handshake: 0 2 in 0, 0+ 6 in 2, 1 2 in 3, 1+ 4 in 4, 2 4 in 5
    P5-revision-not-raised: 0 2 in 0, 0+ 12 of 44, 1 4 in 5
    P5-set-back: 0 4 in 0, 0+ 0 of 12, 1 0 of 4
    stop-then-start: 0 2 in 0, 0+ 4 in 2, 1 1 in 3, 1+ 80 in 8, 2 5 in 9
    stop-then-start-without-waiting: 0 2 in 0, 0+ 21 of 125, 1 5 in 6
    788 points are safe, 83 harmful, 312 lost
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
