//! Every migration that can be generated holds, and speaks the language of its releases.

use leasehold_model::controller::ControllerSet;
use leasehold_model::facts::providers;

use super::impossible::Impossible;
use super::*;

const IN_TREE: [&str; 4] = ["aws", "gce", "openstack", "vsphere"];

fn release(minor: u8) -> Release {
    Release::new(minor).expect("a known release")
}

fn wish(from: u8, to: u8, provider: &str, node_ipam: bool) -> Wish {
    Wish { from: release(from), to: release(to), provider: provider.into(), nodes: 3, node_ipam }
}

/// Searches, and returns what moves.
fn held(wish: Wish) -> ControllerSet {
    let title = format!("{wish:?}");
    let design = Design::new(wish).unwrap_or_else(|why| panic!("{title}: {why}"));
    let files = files::files(&design, default_image(&design.wish.provider));
    let report = match verdicts(&files) {
        Ok(report) => report,
        Err(Failure::Input { problems, .. }) => panic!("{title}: {problems:#?}"),
        Err(other) => panic!("{title}: {other:?}"),
    };
    for property in Property::ALL {
        let verdict = report.of(property);
        assert_eq!(verdict.status, Status::Holds, "{title}: {} {:?}", property.name(), verdict.counterexamples);
        assert!(verdict.states > 20, "{title}: {} states are no migration", verdict.states);
    }
    design.moves
}

#[test]
fn every_adjacent_pair_of_every_provider_holds() {
    let mut searched = 0;
    for from in 21..=35 {
        for provider in IN_TREE {
            let in_tree = providers::in_tree(provider, release(from));
            for node_ipam in [false, true] {
                // Without a provider inside kube-controller-manager node IPAM moves either way.
                if in_tree.is_none() && !node_ipam {
                    continue;
                }
                if (provider, from) == ("vsphere", 21) {
                    // Library 0.22: what_cannot_hold_is_refused_with_a_way_on.
                    continue;
                }
                let moves = held(wish(from, from + 1, provider, node_ipam)).to_string();
                let expected = match (in_tree, node_ipam) {
                    (None, _) => "node-ipam",
                    (Some(p), false) if p.routes => "service, route, cloud-node-lifecycle",
                    (Some(p), true) if p.routes => "service, route, cloud-node-lifecycle, node-ipam",
                    (Some(_), false) => "cloud-node-lifecycle",
                    (Some(_), true) => "cloud-node-lifecycle, node-ipam",
                };
                assert_eq!(moves, expected, "{from} {provider}");
                searched += 1;
            }
        }
    }
    // aws 1.21–1.26, gce –1.30, openstack –1.25, vsphere 1.22–1.29 twice; each later pair up to 1.36 once.
    assert_eq!(searched, 2 * (6 + 10 + 5 + 8) + (9 + 5 + 10 + 6));
}

#[test]
fn one_to_five_nodes_hold_and_so_does_a_migration_within_one_release() {
    for nodes in [1, 5] {
        held(Wish { nodes, ..wish(30, 31, "gce", true) });
    }
    held(wish(30, 30, "gce", false));
    held(wish(33, 34, "cloud-of-mine", true));
    held(wish(21, 22, "hcloud", false));
}

#[test]
fn what_cannot_hold_is_refused_with_a_way_on() {
    let refused = |wish| Design::new(wish).expect_err("no files make it hold");
    assert!(matches!(refused(wish(29, 30, "azure", false)), Impossible::Vendor("azure", _)));
    assert!(refused(wish(29, 30, "azure", false)).to_string().contains("LM505"));
    for (from, provider) in [(21, "vsphere"), (33, "digitalocean")] {
        let why = refused(wish(from, from + 1, provider, provider == "digitalocean"));
        assert_eq!(why, Impossible::SecondInitialize(provider));
        assert!(why.to_string().contains("LM506"));
    }
    assert_eq!(refused(wish(30, 29, "gce", false)), Impossible::Backwards);
    assert!(refused(wish(28, 30, "gce", false)).to_string().contains("--to 1.29"));
    assert_eq!(refused(wish(36, 37, "gce", true)), Impossible::Fatal(release(36)));
}

/// The names, versions and gates that differ between releases, in the files themselves.
#[test]
fn files_speak_the_language_of_their_release() {
    let files = |from: u8, provider: &str, ipam| {
        let design = Design::new(wish(from, from + 1, provider, ipam)).expect("it can be");
        files::files(&design, "example.com/ccm:v{library}.1")
    };
    let oldest = files(21, "aws", false);
    let config = &oldest["2-enable/etc/leadermigration-kcm.conf"];
    assert!(
        config.contains("v1alpha1") && config.contains("resourceLock: leases") && config.contains("name: service\n")
    );
    let gate = "--feature-gates=ControllerManagerLeaderMigration=true";
    assert!(oldest["2-enable/kube-controller-manager.yaml"].contains(gate));
    assert!(!oldest["0-before/kube-controller-manager.yaml"].contains("feature-gates"));
    assert!(oldest["3-replace/etc/leadermigration-ccm.conf"].contains("v1beta1"));
    assert!(oldest["3-replace/cloud-controller-manager.yaml"].contains("example.com/ccm:v1.22.1"));

    // The names change between the two files.
    let renamed = files(27, "gce", true);
    assert!(renamed["2-enable/etc/leadermigration-kcm.conf"].contains("name: nodeipam\n"));
    assert!(renamed["3-replace/etc/leadermigration-ccm.conf"].contains("name: node-ipam-controller\n"));
    assert!(renamed["3-replace/kube-controller-manager.yaml"].contains("tokencleaner,-node-ipam-controller"));

    let last = files(30, "gce", false);
    assert!(last["0-before/kube-controller-manager.yaml"].contains("DisableCloudProviders=false"));
    assert!(!last["2-enable/etc/leadermigration-kcm.conf"].contains("resourceLock"));
    assert!(last["3-replace/kube-controller-manager.yaml"].contains("--cloud-provider=external"));
    assert!(!last["3-replace/kube-controller-manager.yaml"].contains("leader-migration"));
    // Openstack is no longer counted among the built-in providers, so the gate leaves it alone.
    assert!(!files(25, "openstack", false)["0-before/kube-controller-manager.yaml"].contains("feature-gates"));
}
