//! Nodes that are not alike: what lies on which, which pods they take, which are cordoned.

#[expect(dead_code, reason = "uses other helpers than the other tests")]
mod common;

use common::{Memory, refused, request, resolved};
use leasehold_model::migration::{Mode, Pool};
use leasehold_scenarios::compile::compile;
use leasehold_scenarios::inventory::nodes::{Effect, Taint, Toleration};

fn kcm(args: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: kube-controller-manager, namespace: kube-system}}\nspec:\n  \
         containers:\n  - name: kube-controller-manager\n    image: registry.k8s.io/kube-controller-manager:v1.26.15\n    \
         command: [kube-controller-manager, --allocate-node-cidrs=true{args}]\n"
    )
}

fn ccm(kind: &str, placement: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: ccm, namespace: kube-system}}\nspec:\n  template:\n    \
         spec:\n{placement}      containers:\n      - name: ccm\n        image: \
         registry.k8s.io/provider-aws/cloud-controller-manager:v1.27.1\n        args: [--cloud-provider=aws]\n"
    )
}

const CLUSTER: &str = "\
apiVersion: leasehold/v1alpha1
kind: Scenario
metadata: {name: nodes}
cluster:
  nodeGroups:
  - {name: full, count: 2, labels: {role: \"true\"}}
  - {name: split, count: 1, labels: {role: \"true\"}, taints: [{key: etcd, effect: NoExecute}]}
before: {manifests: [kcm.yaml]}
";

fn files(plan: &str, ccm: &str) -> Memory {
    let scenario = format!("{CLUSTER}{plan}");
    let (before, changed) = (kcm(""), kcm(", --profiling=false"));
    Memory::of([
        ("s.yaml", scenario.as_str()),
        ("kcm.yaml", before.as_str()),
        ("changed.yaml", changed.as_str()),
        ("ccm.yaml", ccm),
    ])
}

/// `full 2 [0 1] cordoned -x`: name, slots, what the first place runs at each position, cordons, nodes for pods.
fn pools(plan: &str, ccm: &str) -> String {
    let plan = compile(&resolved(&request(&["s.yaml"]), &files(plan, ccm)));
    let line = |pool: &Pool| {
        let runs: Vec<String> =
            pool.runs.iter().map(|run| run[0].map_or("-".into(), |process| process.to_string())).collect();
        let cordoned: String = pool.cordoned.iter().map(|&cordoned| if cordoned { 'x' } else { '-' }).collect();
        let nodes: Vec<String> =
            pool.placement.iter().map(|nodes| format!("{:?}{}", nodes.pools, u8::from(nodes.despite_cordon))).collect();
        format!("{} {} [{}] {cordoned} {}", pool.name, pool.size, runs.join(" "), nodes.join(" "))
            .trim_end()
            .to_string()
    };
    let mut lines: Vec<String> = plan.pools.iter().map(line).collect();
    lines.extend(plan.unplaced.iter().map(|of| format!("{} unplaced at {:?}: {}", of.manager, of.positions, of.why)));
    lines.join("\n")
}

#[test]
fn a_toleration_compares_keys_values_and_effects() {
    let taint = |value: &str| Taint { key: "k".into(), value: value.into(), effect: Effect::NoSchedule };
    let toleration =
        |key: &str, exists, value: &str, effect| Toleration { key: key.into(), exists, value: value.into(), effect };
    let tolerates = |toleration: Toleration| [taint(""), taint("true")].map(|taint| toleration.tolerates(&taint));
    assert_eq!(tolerates(toleration("k", false, "", None)), [true, false]);
    assert_eq!(tolerates(toleration("k", false, "true", None)), [false, true]);
    assert_eq!(tolerates(toleration("k", true, "", Some(Effect::NoSchedule))), [true, true]);
    assert_eq!(tolerates(toleration("k", true, "", Some(Effect::NoExecute))), [false, false]);
    assert_eq!(tolerates(toleration("", true, "", None)), [true, true]);
    assert_eq!(tolerates(toleration("other", true, "", None)), [false, false]);
}

#[test]
fn manifests_lie_on_some_nodes_only() {
    let plan = "plan:\n- {title: a, action: edit, onNodes: [{nodes: [split], manifests: [changed.yaml]}]}\n\
                - {title: b, action: edit, manifests: [changed.yaml]}\n";
    insta::assert_snapshot!(pools(plan, ""), @"
    full 2 [0 0 1]
    split 1 [0 1 1]
    ");
}

#[test]
fn a_daemonset_has_pods_on_the_nodes_that_take_them_cordoned_or_not() {
    let plan = "plan:\n- {title: c, action: cordon}\n- {title: a, action: apply, manifests: [ccm.yaml]}\n";
    let selector = "      nodeSelector: {role: \"true\"}\n";
    insta::assert_snapshot!(pools(plan, &ccm("DaemonSet", selector)), @"
    full 2 [0 0 0] -xx
    split 1 [0 0 0] -xx
    ccm-full 2 [- - 1]
    ");
    let tolerant = format!("{selector}      tolerations: [{{key: etcd, operator: Exists}}]\n");
    insta::assert_snapshot!(pools(plan, &ccm("DaemonSet", &tolerant)), @"
    full 2 [0 0 0] -xx
    split 1 [0 0 0] -xx
    ccm-full 2 [- - 1]
    ccm-split 1 [- - 1]
    ");
    let other = "      nodeSelector: {role: \"\"}\n";
    insta::assert_snapshot!(pools(plan, &ccm("DaemonSet", other)), @r#"
    full 2 [0 0 0] -xx
    split 1 [0 0 0] -xx
    1 unplaced at [2]: the selector asks for role="" and it is "true" there (full); the selector asks for role="" and it is "true" there (split)
    "#);
}

#[test]
fn a_deployment_waits_for_a_node_that_is_not_cordoned() {
    let plan = "plan:\n- {title: c, action: cordon, nodes: [full]}\n- {title: a, action: apply, manifests: [ccm.yaml]}\n\
                - {title: e, action: edit, uncordonEach: true, manifests: [changed.yaml]}\n";
    let selector = "      nodeSelector: {role: \"true\"}\n";
    insta::assert_snapshot!(pools(plan, &ccm("Deployment", selector)), @"
    full 2 [0 0 0 2] -xx-
    split 1 [0 0 0 2]
    ccm 1 [- - 1 1]  []0 []0 [0]0 [0]0
    ");
    // Worker nodes are described nowhere, and one of them may take it.
    insta::assert_snapshot!(pools(plan, &ccm("Deployment", "      nodeSelector: {kubernetes.io/os: linux}\n")), @"
    full 2 [0 0 0 2] -xx-
    split 1 [0 0 0 2]
    ccm 1 [- - 1 1]  []0 []0 [0, 1]1 [0, 1]1
    ");
    let tolerant = format!("{selector}      tolerations: [{{operator: Exists}}]\n");
    insta::assert_snapshot!(pools(plan, &ccm("Deployment", &tolerant)), @"
    full 2 [0 0 0 2] -xx-
    split 1 [0 0 0 2]
    ccm 1 [- - 1 1]  []0 []0 [0, 1]1 [0, 1]1
    ");
    // Without a cordon, and with a node that takes it, nothing has to be known of nodes.
    let plan = "plan:\n- {title: a, action: apply, manifests: [ccm.yaml]}\n";
    insta::assert_snapshot!(pools(plan, &ccm("Deployment", selector)), @"
    full 2 [0 0]
    split 1 [0 0]
    ccm 1 [- 1]
    ");
}

#[test]
fn a_step_that_only_uncordons_goes_from_node_to_node() {
    let plan = "plan:\n- {title: c, action: cordon}\n- {title: e, action: edit, uncordonEach: true}\n\
                - {title: u, action: uncordon}\n";
    let compiled = compile(&resolved(&request(&["s.yaml"]), &files(plan, "")));
    let modes: Vec<Mode> = compiled.steps.iter().map(|step| step.mode).collect();
    assert_eq!(modes, [Mode::AtOnce, Mode::Edit, Mode::AtOnce]);
}

#[test]
fn groups_have_names_that_are_known() {
    let plan = "plan:\n- {title: a, action: cordon, nodes: [ful], manifests: [kcm.yaml]}\n\
                - {title: b, action: edit, uncordonEach: true, nodes: [full], onNodes: [{nodes: [none], manifests: []}]}\n";
    insta::assert_snapshot!(refused(&request(&["s.yaml"]), &files(plan, "")), @r#"
     × `manifests` with `action: cordon` or `uncordon`
       ╭─[s.yaml:10:55]
     9 │ plan:
    10 │ - {title: a, action: cordon, nodes: [ful], manifests: [kcm.yaml]}
       ·                                                       ─────┬────
       ·                                                            ╰── these change nothing but the nodes
    11 │ - {title: b, action: edit, uncordonEach: true, nodes: [full], onNodes: [{nodes: [none], manifests: []}]}
       ╰────
     × `nodes` without `action: cordon`
       ╭─[s.yaml:11:55]
    10 │ - {title: a, action: cordon, nodes: [ful], manifests: [kcm.yaml]}
    11 │ - {title: b, action: edit, uncordonEach: true, nodes: [full], onNodes: [{nodes: [none], manifests: []}]}
       ·                                                       ───┬──
       ·                                                          ╰── manifests of some nodes go under `onNodes`
       ╰────
     × no group of nodes is called `ful`
       ╭─[s.yaml:10:38]
     9 │ plan:
    10 │ - {title: a, action: cordon, nodes: [ful], manifests: [kcm.yaml]}
       ·                                      ─┬─
       ·                                       ╰── did you mean `full`?
    11 │ - {title: b, action: edit, uncordonEach: true, nodes: [full], onNodes: [{nodes: [none], manifests: []}]}
       ╰────
     × no group of nodes is called `none`
       ╭─[s.yaml:11:82]
    10 │ - {title: a, action: cordon, nodes: [ful], manifests: [kcm.yaml]}
    11 │ - {title: b, action: edit, uncordonEach: true, nodes: [full], onNodes: [{nodes: [none], manifests: []}]}
       ·                                                                                  ──┬─
       ·                                                                                    ╰── there are full, split
       ╰────
    "#);
    let both = CLUSTER.replace("cluster:\n", "cluster:\n  controlPlaneNodes: 3\n").replace("split", "full");
    let before = kcm("");
    let fs = Memory::of([("s.yaml", both.as_str()), ("kcm.yaml", before.as_str())]);
    insta::assert_snapshot!(refused(&request(&["s.yaml"]), &fs), @r#"
     × two groups called `full`
      ╭─[s.yaml:8:12]
    7 │   - {name: full, count: 2, labels: {role: "true"}}
    8 │   - {name: full, count: 1, labels: {role: "true"}, taints: [{key: etcd, effect: NoExecute}]}
      ·            ──┬─
      ·              ╰── the second of them
    9 │ before: {manifests: [kcm.yaml]}
      ╰────
     × both `controlPlaneNodes` and groups of nodes
      ╭─[s.yaml:5:22]
    4 │ cluster:
    5 │   controlPlaneNodes: 3
      ·                      ┬
      ·                      ╰── the groups say how many nodes there are
    6 │   nodeGroups:
      ╰────
    "#);
    let unquoted = CLUSTER.replace("role: \"true\"", "role: true").replace("NoExecute", "NoRun");
    let fs = Memory::of([("s.yaml", unquoted.as_str()), ("kcm.yaml", before.as_str())]);
    insta::assert_snapshot!(refused(&request(&["s.yaml"]), &fs), @r#"
     × expected a string
      ╭─[s.yaml:6:43]
    5 │   nodeGroups:
    6 │   - {name: full, count: 2, labels: {role: true}}
      ·                                           ──┬─
      ·                                             ╰── YAML reads a boolean here; write "true"
    7 │   - {name: split, count: 1, labels: {role: true}, taints: [{key: etcd, effect: NoRun}]}
      ╰────
     × expected a string
      ╭─[s.yaml:7:44]
    6 │   - {name: full, count: 2, labels: {role: true}}
    7 │   - {name: split, count: 1, labels: {role: true}, taints: [{key: etcd, effect: NoRun}]}
      ·                                            ──┬─
      ·                                              ╰── YAML reads a boolean here; write "true"
    8 │ before: {manifests: [kcm.yaml]}
      ╰────
     × unknown value `NoRun`
      ╭─[s.yaml:7:80]
    6 │   - {name: full, count: 2, labels: {role: true}}
    7 │   - {name: split, count: 1, labels: {role: true}, taints: [{key: etcd, effect: NoRun}]}
      ·                                                                                ──┬──
      ·                                                                                  ╰── expected one of NoSchedule, NoExecute, PreferNoSchedule
    8 │ before: {manifests: [kcm.yaml]}
      ╰────
    "#);
}

/// Files may describe the nodes themselves; on two sides they must describe the same.
#[test]
fn nodes_that_change_with_the_files_are_refused() {
    let cluster = |pools: &str| {
        format!(
            "apiVersion: provisioning.cattle.io/v1\nkind: Cluster\nmetadata: {{name: c}}\nspec:\n  kubernetesVersion: \
             v1.26.15+rke2r1\n  rkeConfig:\n    machineGlobalConfig: {{cloud-provider-name: aws}}\n    machinePools:\n{pools}"
        )
    };
    let pool = |name: &str, quantity: u8| {
        format!("    - {{name: {name}, quantity: {quantity}, controlPlaneRole: true, workerRole: true}}\n")
    };
    let refusal = |after: &str| {
        let (before, after) = (cluster(&pool("cp", 2)), cluster(after));
        let files = Memory::of([("b.yaml", before.as_str()), ("a.yaml", after.as_str())]);
        refused(&request(&["b.yaml", "a.yaml"]), &files)
    };
    let same = (cluster(&pool("cp", 2)), cluster(&pool("cp", 2)));
    let files = Memory::of([("b.yaml", same.0.as_str()), ("a.yaml", same.1.as_str())]);
    assert_eq!(resolved(&request(&["b.yaml", "a.yaml"]), &files).groups.len(), 1);
    for after in [pool("cp", 3), pool("other", 2), pool("cp", 2) + &pool("second", 1)] {
        let said = refusal(&after);
        assert!(said.contains("are not the same before and after"), "{said}");
    }
}
