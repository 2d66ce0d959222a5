//! `leasehold hazards` as a program: whole screens, what is copied, and what the comments of the scenarios promise.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::Value;
use snapbox::cmd::{Command, cargo_bin};
use snapbox::str;

/// In a directory without scenarios: everything is in the program.
fn leasehold(args: &[&str]) -> Command {
    let nowhere = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let command = Command::new(cargo_bin!("leasehold")).env_remove("CLICOLOR_FORCE").env("COLUMNS", "100");
    command.current_dir(nowhere).args(args)
}

fn json(args: &[&str]) -> Value {
    let output: Output = leasehold(args).output().expect("it runs");
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("it is JSON")
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(String::from).collect()
}

#[test]
fn the_list_has_every_hazard_with_its_scenarios() {
    leasehold(&["hazards"]).assert().code(0).stderr_eq("").stdout_eq(str![[r#"
H1   the built-in default names controllers that do not exist                             since 1.28
     VIOLATED  exclusive, returnable           LM101        H1-default-names +
H2   the file that the guide prints is refused, or protects nothing                       since 1.21
     VIOLATED  exclusive, returnable           LM102        H2-printed-names +
     VIOLATED  covered, starts                 LM104        H2-resource-lock-in-v1 +
     VIOLATED  covered, starts                 LM104        H2-resource-lock-missing +
     VIOLATED  covered, starts                 LM104        H2-unquoted-star +
H3   going back without the flag that was dropped on the way                              since 1.21
     VIOLATED  exclusive, returnable           LM208        H3-rollback-without-flag +
H4   an old name works in --controllers and not in the migration file                     since 1.28
     VIOLATED  exclusive, returnable           LM102        H4-alias-in-file +
H5   the cloud-controller-manager is there before the last KCM has let go              every release
     VIOLATED  exclusive, covered, returnable  LM208 LM402  H5-early-ccm +
     VIOLATED  exclusive, returnable           LM208        H5-no-migration +
H6   no rights on the lease: managers look healthy, controllers run nowhere               since 1.21
     VIOLATED  covered                         LM301        H6-no-rights +
     VIOLATED  covered                         LM302        H6-no-rights-ccm +
H7   a lease is given back before the controllers have stopped             since 1.36, behind a gate
     VIOLATED  exclusive, returnable           LM215        H7-release-on-exit +
H8   two durations for one lease: whoever waits counts its own                  up to client-go 0.26
     VIOLATED  exclusive, returnable           LM214        H8-unequal-durations-0.26 +
     holds                                                  H8-unequal-durations-0.27
H9   a lease duration with a fraction of a second is recorded without it               every release
     VIOLATED  exclusive, returnable           LM213        H9-fraction-of-a-second +
     VIOLATED  covered                         LM212        H9-lease-under-a-second +
H10  two migration leases, one for each manager                                           since 1.21
     VIOLATED  exclusive, returnable           LM202        H10-two-leases +
H11  leader migration is off in one of several cloud-controller-managers                  since 1.21
     VIOLATED  exclusive, returnable           LM208        H11-one-replica-off +
H12  kubelet and cloud-controller-manager both write node addresses                       up to 1.30
     holds                                     LM604        H12-kubelet-addresses +
H13  no leader election, no lock, no leader migration                                     since 1.21
     VIOLATED  exclusive, returnable           LM201        H13-no-leader-election +
H14  different names, namespaces or lock types for the migration lease  since 1.21, types up to 1.23
     VIOLATED  exclusive, returnable           LM202        H14-lease-names +
     VIOLATED  exclusive, returnable           LM202        H14-lease-namespaces +
     VIOLATED  exclusive, returnable           LM202        H14-lock-types +
H15  a stale read of the lease                                   no release: writes compare versions
     holds                                                  H15-stale-read
H16  a call to the cloud takes effect after the lease was lost                         every release
     VIOLATED  exclusive, returnable           LM213        H16-write-in-flight +
H17  node IPAM runs in both managers                                                   every release
     VIOLATED  exclusive, returnable           LM601 LM208  H17-node-ipam-in-both +
H18  the lease is deleted or edited by hand                                            every release
     VIOLATED  exclusive, returnable           LM209        H18-lease-deleted +
H19  a component's name is mistyped in the migration file                                 since 1.21
     VIOLATED  covered                         LM103        H19-typo-in-component +
H20  coordinated leader election: the migration lease is given to nobody   since 1.31, behind a gate
     VIOLATED  covered                         LM206        H20-coordinated-election +
H21  a manager with nothing to run holds the migration lease                              since 1.21
     VIOLATED  covered                         LM401        H21-idle-holder +
H22  the migration lease is a main lease                                                  since 1.21
     holds                                                  H22-main-lease-of-its-own
     VIOLATED  covered                         LM203        H22-main-lease-of-the-ccm +
H23  a removed provider or gate: managers that never get to work      every upgrade across a removal
     VIOLATED  covered, starts                 LM504        H23-cloud-allocator +
     VIOLATED  covered, starts                 LM504        H23-removed-controller +
     VIOLATED  covered, starts                 LM501        H23-removed-provider +
     VIOLATED  covered, starts                 LM502        H23-unknown-gate +
H24  the lock type endpoints, which is validated and then refused                         since 1.24
     VIOLATED  covered, starts                 LM204        H24-endpoints-lock +

The verdicts are those of the shipped scenarios, in scenarios/library/hazards of a checkout and in
this program. Those marked + have a sibling named …-fixed, which holds. `leasehold hazards H6`
judges and explains one.

"#]]);
}

#[test]
fn one_hazard_from_how_it_comes_about_to_what_mends_it() {
    leasehold(&["hazards", "H6-no-rights"]).assert().code(0).stderr_eq("").stdout_eq(str![[r#"
H6: no rights on the lease: managers look healthy, controllers run nowhere
since 1.21

kube-controller-manager may create any Lease, but get and update only its own by name, and no
bootstrap rule was ever added for leader migration. So it leads, it is healthy, it asks for the
migration lease every few seconds and is refused, for ever: service, route and cloud-node-lifecycle
run nowhere. No restart, no metric, one line in the log per retry: `leases.coordination.k8s.io
"cloud-provider-extraction-migration" is forbidden`.

H6-no-rights: Leader migration enabled without rights on its lease
  exclusive    holds       no cloud controller runs in two managers            10 states, complete
  covered      VIOLATED    service, route and cloud-node-lifecycle are left    10 states, complete
                           without a manager for good
  starts       holds       every manager starts                                10 states, complete
  returnable   holds       a safe way back from every point of the plan        10 states, complete
  gap          unbounded   service, route and cloud-node-lifecycle without a   from 6 states at rest
                           manager for good (covered); node-ipam runs
                           nowhere for up to 38.8 s in a step, 38.8 s on the
                           way back, 38.8 s after a crash, 49.9 s if a step
                           does not wait between its nodes, 49.9 s if a way
                           back does not wait, 38.8 s if a crash comes in
                           the middle of a step

How service, route and cloud-node-lifecycle can be left without a manager: 3 events, no fault needed
(covered)
     cp-1  kube-controller-manager 1.26  leads before the plan      service, route,
                                                                    cloud-node-lifecycle and
                                                                    node-ipam ← main lease
  step 1: Enable leader migration in kube-controller-manager
  1  cp-1  kube-controller-manager 1.26  is stopped for the change  runs nothing any more
  2  cp-1  kube-controller-manager 1.26  starts
  3  cp-1  kube-controller-manager 1.26  takes its main lease       node-ipam ← main lease
     ▲ from here on nobody can run service, route and cloud-node-lifecycle unless the operator acts

error[LM301]: kube-controller-manager may not use the migration lease
    ╭─[scenarios/library/hazards/common/kcm-1.26-migration/kube-controller-manager.yaml:11:12]
 11 │     image: registry.k8s.io/kube-controller-manager:v1.26.15
    ·            ────────────────────────────────────────────────
    ╰────
  = kube-controller-manager 1.26 may not get, update
    kube-system/cloud-provider-extraction-migration: every attempt is forbidden, it retries for
    ever, looks healthy, and never runs what is under that lease
  = more: leasehold explain LM301

Fix
  kube-controller-manager 1.26 in
    scenarios/library/hazards/common/kcm-1.26-migration/kube-controller-manager.yaml:
      grant this to system:kube-controller-manager, in a Role and a RoleBinding in kube-system:
          - apiGroups: [coordination.k8s.io]
            resources: [leases]
            verbs: [create]
          - apiGroups: [coordination.k8s.io]
            resources: [leases]
            resourceNames: [cloud-provider-extraction-migration]
            verbs: [get, update]
  with this change covered holds (searched again: 13 states, complete)

Read on
  leasehold explain LM301
  scenarios/library/hazards, or -o DIR for a copy of the files
  https://github.com/kubernetes/kops/issues/12723
  https://github.com/kubernetes/kops/pull/12726
  kubernetes/kubernetes:plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go:429@v1.26.3

the verdicts are those the scenario must have (exit 0)

"#]]);
}

#[test]
fn a_warning_is_shown_where_no_verdict_depends_on_it() {
    leasehold(&["hazards", "h12"]).assert().code(0).stderr_eq("").stdout_eq(str![[r#"
H12: kubelet and cloud-controller-manager both write node addresses
up to 1.30

Two writers of a node's addresses. A kubelet with an in-tree provider writes Node.status.addresses
itself; so does the cloud-node controller of a cloud-controller-manager, for every node, whether its
kubelet is `external` or not. If the two come to different lists, as they did with --node-ip before
1.25, addresses flap, and what looks at them with them. No lease is involved: the kubelet asks for
none. leasehold knows no kubelets but what `kubelets: inTree` says, and warns; it does not know what
either side would write.

H12-kubelet-addresses: The cloud-node controller beside kubelets with an in-tree provider
  exclusive    holds    no cloud controller runs in two managers               20 states, complete
  covered      holds    every controller can always run again                  20 states, complete
  starts       holds    every manager starts                                   20 states, complete
  returnable   holds    a safe way back from every point of the plan           20 states, complete
  gap          38.8 s   service, route, cloud-node-lifecycle and cloud-node    from 9 states at rest
                        run nowhere for up to 28.3 s on the way back, 28.3 s
                        if a way back does not wait, 60.7 s if a crash comes
                        in the middle of a step; node-ipam runs nowhere for
                        up to 38.8 s after a crash

warning[LM604]: kubelets with an in-tree provider and the cloud-node controller both write node
  addresses
    ╭─[scenarios/library/hazards/H12-kubelet-addresses/ccm/cloud-controller-manager.yaml:11:12]
 11 │     image: registry.k8s.io/provider-aws/cloud-controller-manager:v1.24.0
    ·            ─────────────────────────────────────────────────────────────
    ╰────
  = its cloud-node controller writes the addresses of every node, and so do kubelets with an in-tree
    cloud provider, without a lease: if the two come to different lists, the addresses flap
  = more: leasehold explain LM604

H12-kubelet-addresses-fixed: No cloud-node controller beside kubelets with an in-tree provider
  No cloud-node controller until every kubelet has --cloud-provider=external.
  exclusive, covered, starts and returnable hold (20 states, complete)

Read on
  leasehold explain LM604
  scenarios/library/hazards, or -o DIR for a copy of the files
  https://github.com/kubernetes/kubernetes/issues/109793
  https://github.com/kubernetes/kubernetes/pull/109794
  kubernetes/cloud-provider:controllers/node/node_controller.go:239-252@v0.24.4

2 scenarios, each with the verdicts it must have (exit 0)

"#]]);
}

#[test]
fn an_unknown_name_is_bad_usage_with_the_closest_match() {
    leasehold(&["hazards", "H6-no-right"]).assert().code(2).stdout_eq("").stderr_eq(str![[r#"
error: no hazard is called `H6-no-right`; did you mean H6-no-rights? `leasehold hazards` lists all

"#]]);
    leasehold(&["hazards", "nothing"]).assert().code(2).stdout_eq("").stderr_eq(str![[r#"
error: no hazard is called `nothing`; `leasehold hazards` lists all

"#]]);
}

#[test]
fn the_files_are_copied_into_an_empty_directory_only_and_judged_there_as_here() {
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("hazards-copied");
    let _ = fs::remove_dir_all(&directory);
    let text = directory.to_str().expect("the path is text");
    let output = leasehold(&["hazards", "H14-lease-names", "-o", text]).output().expect("it runs");
    assert_eq!(output.status.code(), Some(0));
    let said = String::from_utf8(output.stdout).expect("text").replace(text, "DIR");
    assert_eq!(said, "7 files in DIR\n  leasehold check DIR/hazards/H14-lease-names\n");
    let scenario = directory.join("hazards/H14-lease-names");
    let checked = leasehold(&["check", scenario.to_str().expect("the path is text")]).output().expect("it runs");
    assert_eq!(checked.status.code(), Some(1));
    let again = leasehold(&["hazards", "H14-lease-names", "-o", text]).output().expect("it runs");
    assert_eq!(again.status.code(), Some(2));
    let error = String::from_utf8(again.stderr).expect("text").replace(text, "DIR");
    assert_eq!(error, "error: DIR is not empty: nothing was written\n");
}

/// Whoever reads the comment of a scenario finds the codes that `check` gives; whoever mends it finds none.
#[test]
fn the_findings_are_those_that_the_comments_name_and_the_verdicts_those_that_are_expected() {
    for hazard in json(&["hazards", "--format", "json"])["hazards"].as_array().expect("a list") {
        let name = hazard["name"].as_str().expect("a name");
        let judged = json(&["hazards", name, "--format", "json"]);
        let scenarios = judged["hazards"][0]["scenarios"].as_array().expect("a list");
        assert!(!scenarios.is_empty(), "{name} has no scenario");
        for scenario in scenarios {
            let name = &scenario["name"];
            let check = &scenario["check"];
            let codes = |list: &str| {
                strings(&check[list].as_array().into_iter().flatten().map(|f| f["code"].clone()).collect())
            };
            let mut found = codes("findings");
            found.dedup();
            let named = strings(&scenario["codes"]);
            if found.is_empty() {
                assert!(named.iter().all(|code| codes("warnings").contains(code)), "{name}: {named:?}");
            } else {
                assert_eq!(found, named, "{name}");
            }
            for verdict in check["verdicts"].as_array().expect("a list") {
                assert_eq!(verdict["verdict"], verdict["expected"], "{name}");
                let mends = scenario["mends"] == true;
                assert!(!mends || verdict["verdict"] == "holds", "{name} mends nothing");
            }
            assert!(!scenario["about"].as_str().expect("text").is_empty(), "{name} says nothing");
        }
    }
}
