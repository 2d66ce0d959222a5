//! Whole messages for bad input.

#[expect(dead_code, reason = "uses other helpers than the other tests")]
mod common;

use common::{Memory, refused, request};

const KCM: &str = "\
apiVersion: v1
kind: Pod
metadata: {name: kube-controller-manager, namespace: kube-system}
spec:
  containers:
  - name: kube-controller-manager
    image: registry.k8s.io/kube-controller-manager:v1.29.3
    command: [kube-controller-manager, --cloud-provider=aws, --leader-elect=true]
";

const SCENARIO: &str = "\
apiVersion: leasehold/v1alpha1
kind: Scenario
metadata: {name: x}
before: {kubernetes: \"1.29\", manifests: [kcm.yaml]}
";

/// A directory whose `before/` and `after/` hold a kube-controller-manager, and one more file in `before/`.
fn before_with(name: &str, text: &str) -> String {
    let path = format!("d/before/{name}");
    let fs = Memory::of([("d/before/kcm.yaml", KCM), ("d/after/kcm.yaml", KCM), (&path, text)]);
    refused(&request(&["d"]), &fs)
}

/// A scenario with this text instead of `from`.
fn scenario(from: &str, to: &str) -> String {
    assert!(SCENARIO.contains(from));
    let text = SCENARIO.replace(from, to);
    refused(&request(&["s.yaml"]), &Memory::of([("s.yaml", text.as_str()), ("kcm.yaml", KCM)]))
}

#[test]
fn unreadable_files() {
    insta::assert_snapshot!(refused(&request(&["nowhere", "d/after"]), &Memory::of([("d/after/kcm.yaml", KCM)])), @r#"  × cannot read nowhere: no such file or directory"#);
    insta::assert_snapshot!(refused(&request(&["d"]), &Memory::of([("d/x.yaml", KCM)])), @r#"
    × d is neither a scenario nor a migration
    help: expected a scenario file, a directory with scenario.yaml, a directory with before/ and
          after/, or two paths: before and after
    "#);
    insta::assert_snapshot!(refused(&request(&[]), &Memory::default()), @r#"
    × 0 paths given
    help: expected one path (a scenario, or a directory) or two (before and after)
    "#);
}

#[test]
fn not_yaml() {
    insta::assert_snapshot!(before_with("a.yaml", "kind: ConfigMap\nmetadata: {name: x\ndata: y\n"), @r#"
     × not YAML
      ╭─[d/before/a.yaml:3:5]
    2 │ metadata: {name: x
    3 │ data: y
      ·     ┬
      ·     ╰── expected `,` or `}`
      ╰────
    "#);
    insta::assert_snapshot!(before_with("a.yaml", "a: b: c\n"), @r#"
     × not YAML
      ╭─[d/before/a.yaml:1:5]
    1 │ a: b: c
      ·     ┬
      ·     ╰── a second `: ` on one line; quote a text that contains `: `
      ╰────
    "#);
    insta::assert_snapshot!(before_with("a.yaml", "kind: \"Pod\n"), @r#"
     × not YAML
      ╭─[d/before/a.yaml:1:11]
    1 │ kind: "Pod
      ·           ▲
      ·           ╰── a quote is never closed
      ╰────
    "#);
    insta::assert_snapshot!(before_with("a.yaml", "a:\n  - b\n c: d\n"), @r#"
     × not YAML
      ╭─[d/before/a.yaml:3:2]
    2 │   - b
    3 │  c: d
      ·  ┬
      ·  ╰── expected a key in the column of the keys above
      ╰────
    "#);
    insta::assert_snapshot!(before_with("a.yaml", "image: @x\n"), @r#"
     × not YAML
      ╭─[d/before/a.yaml:1:8]
    1 │ image: @x
      ·        ┬
      ·        ╰── this character cannot begin a value; quote the text
      ╰────
    "#);
}

#[test]
fn a_bare_star() {
    insta::assert_snapshot!(before_with("a.yaml", "apiVersion: v1\nkind: Pod\nargs:\n- --controllers\n- *\n"), @r#"
     × not YAML
      ╭─[d/before/a.yaml:5:3]
    4 │ - --controllers
    5 │ - *
      ·   ┬
      ·   ╰── YAML reads a bare `*` as an alias; write "*"
      ╰────
    "#);
    insta::assert_snapshot!(before_with("a.yaml", "component: *all\n"), @r#"
     × not YAML
      ╭─[d/before/a.yaml:1:12]
    1 │ component: *all
      ·            ──┬─
      ·              ╰── YAML reads `*all` as an alias, and there is no `&all` before it; write "*all" for the text
      ╰────
    "#);
}

#[test]
fn tabs() {
    insta::assert_snapshot!(before_with("a.yaml", "kind: Pod\nspec:\n\tcontainers: []\n"), @r#"
     × a tab in the indentation
      ╭─[d/before/a.yaml:3:1]
    2 │ spec:
    3 │     containers: []
      · ──┬─
      ·   ╰── YAML is indented with spaces
      ╰────
     help: replace the tabs by spaces
    "#);
}

#[test]
fn no_manifest_at_all() {
    insta::assert_snapshot!(before_with("README", "What is in here:\nnothing.\n"), @r#"
     × not YAML
      ╭─[d/before/README:2:1]
    1 │ What is in here:
    2 │ nothing.
      · ┬
      · ╰── expected `key: value`
      ╰────
    "#);
    insta::assert_snapshot!(before_with("values.yaml", "replicas: 3\nimage: x\n"), @r#"
     × d/before/values.yaml is no Kubernetes manifest
      ╭─[d/before/values.yaml:1:1]
    1 │ replicas: 3
      · ────┬───
      ·     ╰── this document has no `apiVersion` and no `kind`
    2 │ image: x
      ╰────
    "#);
    insta::assert_snapshot!(before_with("x.yaml", "apiVersion: v1\nmetadata: {}\n"), @r#"
     × d/before/x.yaml is no Kubernetes manifest
      ╭─[d/before/x.yaml:1:1]
    1 │ apiVersion: v1
      · ─────┬────
      ·      ╰── this document has no `kind`
    2 │ metadata: {}
      ╰────
    "#);
}

#[test]
fn binary() {
    insta::assert_snapshot!(before_with("a.yaml", "a: \u{0}\u{1}\n"), @r#"
    × not YAML: the file holds control characters (d/before/a.yaml:1:4: the character U+0000 is not
    │ allowed; is this a binary file?)
    "#);
    let fs = Memory::of([("d/before/kcm.yaml", KCM), ("d/after/kcm.yaml", KCM)])
        .with("d/after/a.yaml", vec![0x7f, b'E', b'L', b'F', 0xff, 0xfe, 0x00]);
    insta::assert_snapshot!(refused(&request(&["d"]), &fs), @r#"  × d/after/a.yaml: not a text: byte 4 is neither UTF-8 nor UTF-16"#);
}

#[test]
fn a_hundred_megabytes() {
    let fs = Memory::of([("d/before/kcm.yaml", KCM), ("d/after/kcm.yaml", KCM)])
        .with("d/after/a.yaml", vec![b' '; 100 << 20]);
    insta::assert_snapshot!(refused(&request(&["d"]), &fs), @r#"  × d/after/a.yaml: the file has 100 MiB; leasehold reads files of up to 16 MiB"#);
}

#[test]
fn deep_nesting_and_alias_bombs() {
    insta::assert_snapshot!(before_with("a.yaml", &("[".repeat(300) + &"]".repeat(300))), @r#"  × not YAML (d/before/a.yaml:1:256: nested too deeply; leasehold reads up to 255 levels)"#);
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_string();
    for i in 1..12 {
        let refs = vec![format!("*a{}", i - 1); 10].join(", ");
        bomb += &format!("a{i}: &a{i} [{refs}]\n");
    }
    insta::assert_snapshot!(before_with("a.yaml", &bomb), @r#"
     × aliases that expand to far more than is written
      ╭─[d/before/a.yaml:4:20]
    3 │ a2: &a2 [*a1, *a1, *a1, *a1, *a1, *a1, *a1, *a1, *a1, *a1]
    4 │ a3: &a3 [*a2, *a2, *a2, *a2, *a2, *a2, *a2, *a2, *a2, *a2]
      ·                    ─┬─
      ·                     ╰── with this one the document is refused, by Kubernetes as well
    5 │ a4: &a4 [*a3, *a3, *a3, *a3, *a3, *a3, *a3, *a3, *a3, *a3]
      ╰────
    "#);
    insta::assert_snapshot!(before_with("a.yaml", "a: &a [1, *a]\n"), @r#"
     × an alias inside the value it stands for
      ╭─[d/before/a.yaml:1:11]
    1 │ a: &a [1, *a]
      ·           ─┬
      ·            ╰── `a` contains itself
      ╰────
    "#);
}

#[test]
fn empty_directories_and_sides_without_managers() {
    insta::assert_snapshot!(refused(&request(&["d/before", "d/after"]), &Memory::of([("d/before/.keep", ""), ("d/after/kcm.yaml", KCM)])), @r#"
    × no manifest in d/before
    help: expected files named *.yaml, *.yml, *.json or *.conf
    ☞ not read in d/before: .keep
    "#);
    insta::assert_snapshot!(refused(&request(&["d"]), &Memory::of([("d/before/a.yaml", "# nothing\n"), ("d/after/kcm.yaml", KCM)])), @r#"
    × no kube-controller-manager in d/before
    help: expected a Pod, DaemonSet or Deployment that runs it, or kubeadm's ClusterConfiguration
    ☞ d/before/a.yaml holds no document
    "#);
    let config_map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n";
    insta::assert_snapshot!(refused(&request(&["d"]), &Memory::of([("d/before/kcm.yaml", KCM), ("d/after/a.yaml", config_map)])), @r#"
    × no controller manager in d/after
    help: expected a kube-controller-manager, a cloud-controller-manager, or both
    "#);
}

#[test]
fn versions() {
    let fs = || Memory::of([("d/before/kcm.yaml", KCM), ("d/after/kcm.yaml", KCM)]);
    let told = |before: &str, after: &str| {
        let mut request = request(&["d"]);
        request.before = Some(before.into());
        request.after = Some(after.into());
        refused(&request, &fs())
    };
    insta::assert_snapshot!(told("1.19", "2.0"), @r#"
    × unknown Kubernetes version: --before 1.19
    help: leasehold knows 1.21 to 1.37
    × not a Kubernetes version: --after 2.0
    help: expected a release such as `1.30` or `v1.30.4`
    "#);
    insta::assert_snapshot!(told("1.30", "1.29"), @r#"
    × the release before (1.30) is newer than the one after (1.29)
    help: give the older side first; going back is checked from every step
    "#);
    let untagged = KCM.replace(":v1.29.3", "");
    let fs = Memory::of([("d/before/kcm.yaml", untagged.as_str()), ("d/after/kcm.yaml", untagged.as_str())]);
    insta::assert_snapshot!(refused(&request(&["d"]), &fs), @r#"
    × which Kubernetes release is d/before?
    help: no image tag of kube-controller-manager says it; add --before 1.30
    × which Kubernetes release is d/after?
    help: no image tag of kube-controller-manager says it; add --after 1.30
    "#);
    let old = KCM.replace("v1.29.3", "v1.20.1");
    let fs = Memory::of([("d/before/kcm.yaml", old.as_str()), ("d/after/kcm.yaml", KCM)]);
    insta::assert_snapshot!(refused(&request(&["d"]), &fs), @r#"
     × unknown Kubernetes version
      ╭─[d/before/kcm.yaml:7:12]
    6 │   - name: kube-controller-manager
    7 │     image: registry.k8s.io/kube-controller-manager:v1.20.1
      ·            ───────────────────────┬───────────────────────
      ·                                   ╰── leasehold knows 1.21 to 1.37
    8 │     command: [kube-controller-manager, --cloud-provider=aws, --leader-elect=true]
      ╰────
    "#);
    insta::assert_snapshot!(scenario("\"1.29\"", "\"1.19\""), @r#"
     × unknown Kubernetes version
      ╭─[s.yaml:4:22]
    3 │ metadata: {name: x}
    4 │ before: {kubernetes: "1.19", manifests: [kcm.yaml]}
      ·                      ───┬──
      ·                         ╰── leasehold knows 1.21 to 1.37
      ╰────
    "#);
    insta::assert_snapshot!(scenario("\"1.29\"", "1.29"), @r#"
     × expected a string
      ╭─[s.yaml:4:22]
    3 │ metadata: {name: x}
    4 │ before: {kubernetes: 1.29, manifests: [kcm.yaml]}
      ·                      ──┬─
      ·                        ╰── YAML reads a number here; write "1.29"
      ╰────
    "#);
    let mut nodes = request(&["d"]);
    nodes.nodes = Some(9);
    insta::assert_snapshot!(refused(&nodes, &Memory::of([("d/before/kcm.yaml", KCM), ("d/after/kcm.yaml", KCM)])), @r#"  × --nodes 9: expected a number from 1 to 5"#);
}

#[test]
fn a_controller_given_up_is_one_of_the_known() {
    let given_up = "assume: {givenUp: [routes]}\nbefore:";
    insta::assert_snapshot!(scenario("before:", given_up), @r#"
     × unknown value `routes`
      ╭─[s.yaml:4:20]
    3 │ metadata: {name: x}
    4 │ assume: {givenUp: [routes]}
      ·                    ───┬──
      ·                       ╰── did you mean `route`? (one of service, route, cloud-node-lifecycle, cloud-node, node-ipam)
    5 │ before: {kubernetes: "1.29", manifests: [kcm.yaml]}
      ╰────
    "#);
}

#[test]
fn our_own_file() {
    insta::assert_snapshot!(scenario("kind: Scenario", "kind: Scenery"), @r#"
     × unknown value `Scenery`
      ╭─[s.yaml:2:7]
    1 │ apiVersion: leasehold/v1alpha1
    2 │ kind: Scenery
      ·       ───┬───
      ·          ╰── expected `Scenario`
    3 │ metadata: {name: x}
      ╰────
    "#);
    insta::assert_snapshot!(scenario("before:", "befor:"), @r#"
     × unknown field `befor`
      ╭─[s.yaml:4:1]
    3 │ metadata: {name: x}
    4 │ befor: {kubernetes: "1.29", manifests: [kcm.yaml]}
      · ──┬──
      ·   ╰── did you mean `before`?
      ╰────
     × missing field `before`
      ╭─[s.yaml:1:1]
    1 │ apiVersion: leasehold/v1alpha1
      · ─────┬────
      ·      ╰── this mapping needs `before`
    2 │ kind: Scenario
      ╰────
    "#);
    insta::assert_snapshot!(scenario("metadata: {name: x}\n", "metadata: {name: x}\nmetadata: {name: y}\n"), @r#"
     × the key `metadata` is given twice
      ╭─[s.yaml:4:1]
    3 │ metadata: {name: x}
    4 │ metadata: {name: y}
      · ────┬───
      ·     ╰── first given in line 3
    5 │ before: {kubernetes: "1.29", manifests: [kcm.yaml]}
      ╰────
     × expected a string
      ╭─[s.yaml:4:18]
    3 │ metadata: {name: x}
    4 │ metadata: {name: y}
      ·                  ┬
      ·                  ╰── YAML reads a boolean here; write "y"
    5 │ before: {kubernetes: "1.29", manifests: [kcm.yaml]}
      ╰────
    "#);
    let steps = "before: {manifests: [kcm.yaml]}\nplan:\n- {title: a, action: editt, manifest: [x]}\n- {action: apply, \
                 surge: yes please}\n- nothing\ncluster: {controlPlaneNodes: 7}\nexpect: {exclusive: hold, gab: 3}\nassume: \
                 {faults: [crash, fire], rights: [{component: kcm, lease: x}]}\n#";
    insta::assert_snapshot!(scenario("before:", steps), @r#"
     × unknown value `editt`
      ╭─[s.yaml:6:22]
    5 │ plan:
    6 │ - {title: a, action: editt, manifest: [x]}
      ·                      ──┬──
      ·                        ╰── did you mean `edit`? (one of apply, edit, replaceNodes, cordon, uncordon)
    7 │ - {action: apply, surge: yes please}
      ╰────
     × unknown field `manifest`
      ╭─[s.yaml:6:29]
    5 │ plan:
    6 │ - {title: a, action: editt, manifest: [x]}
      ·                             ────┬───
      ·                                 ╰── did you mean `manifests`?
    7 │ - {action: apply, surge: yes please}
      ╰────
     × expected true or false
      ╭─[s.yaml:7:26]
    6 │ - {title: a, action: editt, manifest: [x]}
    7 │ - {action: apply, surge: yes please}
      ·                          ─────┬────
      ·                               ╰── this is a string
    8 │ - nothing
      ╰────
     × missing field `title`
      ╭─[s.yaml:7:4]
    6 │ - {title: a, action: editt, manifest: [x]}
    7 │ - {action: apply, surge: yes please}
      ·    ───┬──
      ·       ╰── this mapping needs `title`
    8 │ - nothing
      ╰────
     × expected a mapping
      ╭─[s.yaml:8:3]
    7 │ - {action: apply, surge: yes please}
    8 │ - nothing
      ·   ───┬───
      ·      ╰── this is a string
    9 │ cluster: {controlPlaneNodes: 7}
      ╰────
     × 7 is out of range
       ╭─[s.yaml:9:30]
     8 │ - nothing
     9 │ cluster: {controlPlaneNodes: 7}
       ·                              ┬
       ·                              ╰── expected a number from 1 to 5
    10 │ expect: {exclusive: hold, gab: 3}
       ╰────
     × unknown value `hold`
       ╭─[s.yaml:10:21]
     9 │ cluster: {controlPlaneNodes: 7}
    10 │ expect: {exclusive: hold, gab: 3}
       ·                     ──┬─
       ·                       ╰── did you mean `holds`? (one of holds, violated)
    11 │ assume: {faults: [crash, fire], rights: [{component: kcm, lease: x}]}
       ╰────
     × unknown field `gab`
       ╭─[s.yaml:10:27]
     9 │ cluster: {controlPlaneNodes: 7}
    10 │ expect: {exclusive: hold, gab: 3}
       ·                           ─┬─
       ·                            ╰── did you mean `gap`?
    11 │ assume: {faults: [crash, fire], rights: [{component: kcm, lease: x}]}
       ╰────
     × unknown value `fire`
       ╭─[s.yaml:11:26]
    10 │ expect: {exclusive: hold, gab: 3}
    11 │ assume: {faults: [crash, fire], rights: [{component: kcm, lease: x}]}
       ·                          ──┬─
       ·                            ╰── expected one of crash, leaseDeleted
    12 │ # {kubernetes: "1.29", manifests: [kcm.yaml]}
       ╰────
     × unknown value `kcm`
       ╭─[s.yaml:11:54]
    10 │ expect: {exclusive: hold, gab: 3}
    11 │ assume: {faults: [crash, fire], rights: [{component: kcm, lease: x}]}
       ·                                                      ─┬─
       ·                                                       ╰── expected one of kube-controller-manager, cloud-controller-manager
    12 │ # {kubernetes: "1.29", manifests: [kcm.yaml]}
       ╰────
    "#);
    let missing = "plan:\n- {title: a, action: apply, surge: true, manifests: [gone.yaml]}\n- {title: b, action: edit, \
                   remove: [kube-controler-manager], vendor: azur}\nbefore:";
    insta::assert_snapshot!(scenario("before:", missing), @r#"
     × `surge` without `action: replaceNodes`
      ╭─[s.yaml:5:36]
    4 │ plan:
    5 │ - {title: a, action: apply, surge: true, manifests: [gone.yaml]}
      ·                                    ──┬─
      ·                                      ╰── only a replacement of nodes can surge
    6 │ - {title: b, action: edit, remove: [kube-controler-manager], vendor: azur}
      ╰────
     × cannot read gone.yaml: no such file or directory
     × unknown vendor `azur`
      ╭─[s.yaml:6:70]
    5 │ - {title: a, action: apply, surge: true, manifests: [gone.yaml]}
    6 │ - {title: b, action: edit, remove: [kube-controler-manager], vendor: azur}
      ·                                                                      ──┬─
      ·                                                                        ╰── did you mean `azure`?
    7 │ before: {kubernetes: "1.29", manifests: [kcm.yaml]}
      ╰────
     × nothing is called `kube-controler-manager` here
      ╭─[s.yaml:6:37]
    5 │ - {title: a, action: apply, surge: true, manifests: [gone.yaml]}
    6 │ - {title: b, action: edit, remove: [kube-controler-manager], vendor: azur}
      ·                                     ───────────┬──────────
      ·                                                ╰── did you mean `kube-controller-manager`?
    7 │ before: {kubernetes: "1.29", manifests: [kcm.yaml]}
      ╰────
    "#);
    insta::assert_snapshot!(refused(&request(&["s.yaml"]), &Memory::of([("s.yaml", "")])), @r#"
    × s.yaml is no scenario
    help: expected a document with apiVersion leasehold/v1alpha1 and kind Scenario
    "#);
    insta::assert_snapshot!(refused(&request(&["s.yaml"]), &Memory::of([("s.yaml", KCM)])), @r#"
     × s.yaml is no scenario
      ╭─[s.yaml:2:7]
    1 │ apiVersion: v1
    2 │ kind: Pod
      ·       ─┬─
      ·        ╰── expected a Scenario of leasehold/v1alpha1
    3 │ metadata: {name: kube-controller-manager, namespace: kube-system}
      ╰────
     help: for manifests without a plan, give two paths: before and after
    "#);
}

const LM: &str = "apiVersion: controllermanager.config.k8s.io/v1\nkind: LeaderMigrationConfiguration\nleaderName: a\n";

fn kcm_with_file(volume: &str) -> String {
    KCM.replace("--leader-elect=true]", "--enable-leader-migration, --leader-migration-config=/etc/lm.conf]")
        + &format!(
            "    volumeMounts:\n    - {{name: lm, mountPath: /etc/lm.conf, subPath: lm.conf}}\n  volumes:\n  - {volume}\n"
        )
}

#[test]
fn two_conflicting_migration_files() {
    let kcm = kcm_with_file("{name: lm, hostPath: {path: /etc}}");
    let other = LM.replace("leaderName: a", "leaderName: b");
    let fs = Memory::of([
        ("d/before/kcm.yaml", kcm.as_str()),
        ("d/before/etc/lm.conf", LM),
        ("d/before/node-2/etc/lm.conf", &other),
        ("d/after/kcm.yaml", KCM),
    ]);
    insta::assert_snapshot!(refused(&request(&["d"]), &fs), @r#"
     × two conflicting files for /etc/lm.conf
      ╭─[d/before/etc/lm.conf:1:1]
    1 │ apiVersion: controllermanager.config.k8s.io/v1
      · ───────────────────────┬──────────────────────
      ·                        ╰── d/before/node-2/etc/lm.conf says something else
    2 │ kind: LeaderMigrationConfiguration
      ╰────
     help: keep one of them, or give the files the path they have on the node
    "#);
    let fs = Memory::of([
        ("d/before/kcm.yaml", kcm.as_str()),
        ("d/before/one.yaml", LM),
        ("d/before/two.yaml", &other),
        ("d/after/kcm.yaml", KCM),
    ]);
    insta::assert_snapshot!(refused(&request(&["d"]), &fs), @r#"
     × several files could be /etc/lm.conf
       ╭─[d/before/kcm.yaml:12:33]
    11 │   volumes:
    12 │   - {name: lm, hostPath: {path: /etc}}
       ·                                 ──┬─
       ·                                   ╰── none of d/before/one.yaml, d/before/two.yaml is named lm.conf
       ╰────
     help: give the file the name it has on the node
     ☞ no manager reads d/before/one.yaml
     ☞ no manager reads d/before/two.yaml
    "#);
}

#[test]
fn a_missing_config_map() {
    let kcm = kcm_with_file("{name: lm, configMap: {name: leader-migration}}");
    let fs = Memory::of([("d/before/kcm.yaml", kcm.as_str()), ("d/after/kcm.yaml", KCM)]);
    insta::assert_snapshot!(refused(&request(&["d"]), &fs), @r#"
     × ConfigMap kube-system/leader-migration is not among the files
       ╭─[d/before/kcm.yaml:12:34]
    11 │   volumes:
    12 │   - {name: lm, configMap: {name: leader-migration}}
       ·                                  ────────┬───────
       ·                                          ╰── the pod does not start without it
       ╰────
    "#);
    let secret = kcm_with_file("{name: lm, secret: {secretName: leader-migration}}");
    let fs = Memory::of([("d/before/kcm.yaml", secret.as_str()), ("d/after/kcm.yaml", KCM)]);
    insta::assert_snapshot!(refused(&request(&["d"]), &fs), @r#"
     × Secret kube-system/leader-migration is not among the files
       ╭─[d/before/kcm.yaml:12:37]
    11 │   volumes:
    12 │   - {name: lm, secret: {secretName: leader-migration}}
       ·                                     ────────┬───────
       ·                                             ╰── the pod does not start without it
       ╰────
    "#);
    let hidden = kcm_with_file("{name: lm, csi: {driver: secrets.example.com}}");
    let fs = Memory::of([("d/before/kcm.yaml", hidden.as_str()), ("d/after/kcm.yaml", KCM)]);
    insta::assert_snapshot!(refused(&request(&["d"]), &fs), @r#"
     × /etc/lm.conf is in a volume of kind `csi`
       ╭─[d/before/kcm.yaml:10:7]
     9 │     volumeMounts:
    10 │     - {name: lm, mountPath: /etc/lm.conf, subPath: lm.conf}
       ·       ──────────────────────────┬──────────────────────────
       ·                                 ╰── leasehold reads files of the node, ConfigMaps and Secrets
    11 │   volumes:
       ╰────
     help: put the configuration into a ConfigMap, or mount the file from the node
    "#);
}

#[test]
fn manifests_that_cannot_be_followed() {
    let shell = KCM.replace(
        "command: [kube-controller-manager, --cloud-provider=aws, --leader-elect=true]",
        "command:\n    - /bin/sh\n    - -c\n    - |\n      set -e\n      exec kube-controller-manager --cloud-provider=$PROVIDER",
    );
    insta::assert_snapshot!(before_with("kcm.yaml", &shell), @r#"
     × a manager started by a shell script that cannot be followed
       ╭─[d/before/kcm.yaml:12:7]
    11 │         - |
    12 │ ╭─▶       set -e
    13 │ ├─▶       exec kube-controller-manager --cloud-provider=$PROVIDER
       · ╰──── only one plain command can be followed, and this has more than one command
       ╰────
     help: give the manager's flags in `command` and `args` without a shell
    "#);
    insta::assert_snapshot!(before_with("kcm.yaml", &KCM.replace("--leader-elect=true", "true, 3")), @r#"
     × an argument that is no string
      ╭─[d/before/kcm.yaml:8:62]
    7 │     image: registry.k8s.io/kube-controller-manager:v1.29.3
    8 │     command: [kube-controller-manager, --cloud-provider=aws, true, 3]
      ·                                                              ──┬─
      ·                                                                ╰── YAML reads this as a boolean; quote it
      ╰────
     × an argument that is no string
      ╭─[d/before/kcm.yaml:8:68]
    7 │     image: registry.k8s.io/kube-controller-manager:v1.29.3
    8 │     command: [kube-controller-manager, --cloud-provider=aws, true, 3]
      ·                                                                    ┬
      ·                                                                    ╰── YAML reads this as a number; quote it
      ╰────
    "#);
    insta::assert_snapshot!(before_with("other.yaml", &KCM.replace("aws", "gce")), @r#"
     × two different manifests of the static pod kube-controller-manager
      ╭─[d/before/other.yaml:3:18]
    2 │ kind: Pod
    3 │ metadata: {name: kube-controller-manager, namespace: kube-system}
      ·                  ───────────┬───────────
      ·                             ╰── another one was given before, and the two are not alike
    4 │ spec:
      ╰────
     help: that one has `--cloud-provider=aws`, this one `--cloud-provider=gce`; the nodes of one
           side run the same, a mixed cluster is a scenario with groups of nodes
    "#);
    let scalar =
        KCM.replace("[kube-controller-manager, --cloud-provider=aws, --leader-elect=true]", "kube-controller-manager");
    insta::assert_snapshot!(before_with("kcm.yaml", &scalar), @r#"
     × `command` of a container is a list of strings
      ╭─[d/before/kcm.yaml:8:14]
    7 │     image: registry.k8s.io/kube-controller-manager:v1.29.3
    8 │     command: kube-controller-manager
      ·              ───────────┬───────────
      ·                         ╰── this is a string
      ╰────
    "#);
    let config_map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n  a: {b: c}\n  d: 3\n";
    insta::assert_snapshot!(before_with("a.yaml", config_map), @r#"
     × a value of a ConfigMap that is no string
      ╭─[d/before/a.yaml:5:6]
    4 │ data:
    5 │   a: {b: c}
      ·      ───┬──
      ·         ╰── this is a mapping; write it as a block after `|`
    6 │   d: 3
      ╰────
     × a value of a ConfigMap that is no string
      ╭─[d/before/a.yaml:6:6]
    5 │   a: {b: c}
    6 │   d: 3
      ·      ┬
      ·      ╰── this is a number; write it as a block after `|`
      ╰────
    "#);
    let step = "plan:\n- {title: a, action: apply, manifests: [kcm.yaml]}\nbefore:";
    insta::assert_snapshot!(scenario("before:", step), @r#"
     × a static pod cannot be applied
      ╭─[kcm.yaml:3:18]
    2 │ kind: Pod
    3 │ metadata: {name: kube-controller-manager, namespace: kube-system}
      ·                  ───────────┬───────────
      ·                             ╰── it is a file on every node; use `action: edit` or `action: replaceNodes`
    4 │ spec:
      ╰────
    "#);
}

#[test]
fn a_long_line_is_named_and_not_shown() {
    let long = format!("{{\"kind\": \"Pod\", \"x\": \"{}\", \"y\": [}}", "x".repeat(1000));
    insta::assert_snapshot!(before_with("a.json", &long), @r#"  × not YAML (d/before/a.json:1:1031: expected `,` or `]`)"#);
}
