//! `leasehold compare` as a program: its tables, its JSON, what it refuses. docs/protocols.md has the whole comparison.

use std::process::{Command, Output};

fn run(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_leasehold"));
    command.arg("compare").args(args).env("COLUMNS", "100").env_remove("CLICOLOR_FORCE");
    command.output().expect("it runs")
}

fn screen(args: &[&str], code: i32) -> String {
    let output = run(args);
    assert_eq!(output.status.code(), Some(code), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

fn refused(args: &[&str]) -> String {
    let output = run(args);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr).expect("text")
}

#[test]
fn one_migration() {
    snapbox::assert_data_eq!(
        screen(&["--from", "1.29", "--to", "1.30", "--provider", "gce"], 0),
        snapbox::str![[r#"
gce: service, route and cloud-node-lifecycle move (3 control-plane nodes)
  releases     protocol                   exclusive  covered  returnable  in a step  crash   steps
  1.29 → 1.30  P1 built-in names          ✗ LM101    holds    ✗ LM101     52.2 s     55.8 s  4
  1.29 → 1.30  P1 own file, right names   holds      holds    holds       52.2 s     55.8 s  4
  1.29 → 1.30  P2 a lease for each side   ✗ LM202    holds    ✗ LM202     52.2 s     55.8 s  4
  1.29 → 1.30  P2 a lease for each stage  holds      holds    holds       62.2 s     62.2 s  7
  1.29 → 1.30  P3 in place, right names   holds      holds    holds       52.2 s     52.2 s  5
  1.29 → 1.30  P4 switched off, then CCM  holds      holds    holds       +39.4 s    38.8 s  4
  1.29 → 1.30  P4 CCM early               ✗ LM208    holds    ✗ LM208     +39.4 s    38.8 s  3
  1.29 → 1.30  P5 handshake               holds      holds    holds       +39.4 s    38.8 s  2
  1.29 → 1.30  P5 condition too early     ✗ LM208    holds    ✗ LM208     +39.4 s    38.8 s  1
  1.29 → 1.30  stop, then start           holds      holds    holds       +49.4 s    44.4 s  2

P1 built-in names          The Kubernetes guide: grant the migration lease, enable leader migration,
                           replace the nodes one by one, disable it. Without a file: each manager
                           takes its built-in default.
P1 own file, right names   The same with a file for each manager that names every controller that
                           moves as this manager's release calls it (leasehold generate).
P2 a lease for each side   Two migration leases as GKE 1.25 shows them, taken for one plan:
                           kube-controller-manager contends for one, cloud-controller-manager for
                           the other.
P2 a lease for each stage  The same two leases, one after the other: the first until the provider's
                           controllers have moved, the second for node IPAM.
P3 in place, right names   Rancher's order: enable leader migration, install
                           cloud-controller-manager beside, take the provider from
                           kube-controller-manager, drop the flag. Here with a file of the right
                           names; Rancher has none.
P4 switched off, then CCM  No leader migration: the controllers are switched off in every
                           kube-controller-manager, and only then cloud-controller-manager is
                           installed (cloud-provider-openstack, KubeOne, KKP).
P4 CCM early               The same, and cloud-controller-manager is installed while
                           kube-controller-managers are still being changed.
P5 handshake               OpenShift: every kube-controller-manager becomes external; once its
                           operator says that none owns the cloud controllers
                           (CloudControllerOwner), cloud-controller-manager is deployed.
P5 condition too early     The same, and the condition is False, or taken for it, while a
                           kube-controller-manager still has the provider.
stop, then start           Every kube-controller-manager is stopped, then the new ones are started
                           together with cloud-controller-manager. Everything else that
                           kube-controller-manager does stands still too.

- ✗: violated, with the cause (`leasehold explain CODE`). Whole runs, places in files and fixes:
  `leasehold check`.
- from 1.22 … 1.26: from any of these releases, to the next one or without an upgrade; → next: to
  the next one only; in 1.21: without an upgrade only.
- in a step, crash: the longest time that a controller runs nowhere while a step is carried out node
  by node, or after one crash, under the assumptions of `leasehold check`: requests within 0.5 s, a
  manager back within 16 s of an edit, 11 s of a crash and 5 min of a new node.
- +: the plan stops the controllers on purpose. The time counts from the beginning of the step that
  brings them back; what the operator takes until then comes on top. `covered` asks nothing in
  between.
- P2 a lease for each stage moves node IPAM too; that cloud-controller-manager has one is assumed.

All four properties hold with at least one of these protocols.

"#]]
    );
}

/// The default configuration is right up to 1.27 and wrong from 1.28 on; ranges of releases go together.
#[test]
fn every_release_of_a_provider() {
    let text = screen(&["--provider", "openstack", "--nodes", "2"], 0);
    let table: Vec<&str> = text.lines().take_while(|line| !line.is_empty()).collect();
    snapbox::assert_data_eq!(
        table.join("\n"),
        snapbox::str![[r#"
openstack: service, route and cloud-node-lifecycle move (2 control-plane nodes)
  releases          protocol                   exclusive  covered  starts   returnable  in a step  crash   steps
  1.21 → 1.22       P1 built-in names          holds      ✗ LM104  ✗ LM104  holds       unbounded  55.8 s  4
  in 1.21           P1 built-in names          holds      ✗ LM104  ✗ LM104  holds       unbounded  44.4 s  4
  from 1.22 … 1.25  P1 built-in names          holds      holds    holds    holds       52.2 s     55.8 s  4
  from 1.21 … 1.25  P1 own file, right names   holds      holds    holds    holds       52.2 s     55.8 s  4
  from 1.21 … 1.25  P2 a lease for each side   ✗ LM202    holds    holds    ✗ LM202     52.2 s     55.8 s  4
  from 1.21 … 1.25  P2 a lease for each stage  holds      holds    holds    holds       62.2 s     62.2 s  7
  from 1.21 … 1.25  P3 in place, right names   holds      holds    holds    holds       52.2 s     52.2 s  5
  from 1.21 … 1.25  P4 switched off, then CCM  holds      holds    holds    holds       +39.4 s    38.8 s  3–4
  from 1.21 … 1.25  P4 CCM early               ✗ LM208    holds    holds    ✗ LM208     +39.4 s    38.8 s  2–3
  from 1.21 … 1.25  P5 handshake               holds      holds    holds    holds       +39.4 s    38.8 s  2
  from 1.21 … 1.25  P5 condition too early     ✗ LM208    holds    holds    ✗ LM208     +39.4 s    38.8 s  1
  from 1.21 … 1.25  stop, then start           holds      holds    holds    holds       +49.4 s    44.4 s  2
"#]]
    );
}

#[test]
fn markdown_has_the_same_table() {
    let text =
        screen(&["--from", "1.29", "--to", "1.29", "--provider", "vsphere", "--nodes", "1", "--format", "markdown"], 0);
    let table: Vec<&str> = text.lines().filter(|line| line.starts_with(['#', '|'])).collect();
    snapbox::assert_data_eq!(
        table.join("\n"),
        snapbox::str![[r#"
# Protocols
## vsphere: cloud-node-lifecycle moves (1 control-plane node)
| releases | protocol | exclusive | covered | returnable | in a step | crash | steps |
|---|---|---|---|---|---|---|---|
| in 1.29 | P1 built-in names | holds | holds | holds | 62.8 s | 57.8 s | 4 |
| in 1.29 | P1 own file, right names | holds | holds | holds | 62.8 s | 57.8 s | 4 |
| in 1.29 | P2 a lease for each side | ✗ LM202 | holds | ✗ LM202 | 62.8 s | 57.8 s | 4 |
| in 1.29 | P2 a lease for each stage | holds | holds | holds | 72.8 s | 67.8 s | 7 |
| in 1.29 | P3 in place, right names | holds | holds | holds | 62.8 s | 57.8 s | 5 |
| in 1.29 | P4 switched off, then CCM | holds | holds | holds | +49.4 s | 44.4 s | 3 |
| in 1.29 | P4 CCM early | ✗ LM208 | holds | ✗ LM208 | +49.4 s | 44.4 s | 2 |
| in 1.29 | P5 handshake | holds | holds | holds | +49.4 s | 44.4 s | 2 |
| in 1.29 | P5 condition too early | ✗ LM208 | holds | ✗ LM208 | +49.4 s | 44.4 s | 1 |
| in 1.29 | stop, then start | holds | holds | holds | +49.4 s | 44.4 s | 2 |
## The protocols
## How to read it
"#]]
    );
}

#[test]
fn json_has_a_row_for_each_protocol() {
    let text =
        screen(&["--from", "1.29", "--to", "1.30", "--provider", "azure", "--nodes", "1", "--format", "json"], 0);
    let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!((&json["version"], &json["complete"], &json["nodes"]), (&1.into(), &true.into(), &1.into()));
    let rows = json["rows"].as_array().expect("rows");
    assert_eq!(rows.len(), 10);
    let row = |id: &str| rows.iter().find(|row| row["protocol"] == id).expect("it has a row");
    assert_eq!(row("p1-file")["exclusive"], serde_json::json!({"verdict": "violated", "findings": ["LM505"]}));
    assert_eq!(row("p4")["gap"]["downtime"], true);
    assert_eq!(row("p4")["gap"]["crash"]["is"], "within");
    assert_eq!(row("stop-start")["steps"], 2);
}

#[test]
fn what_cannot_be_compared_is_refused() {
    assert!(refused(&["--from", "1.26", "--to", "1.28"]).contains("one minor release at a time: try --to 1.27"));
    assert!(refused(&["--from", "1.27", "--to", "1.26"]).contains("--to is older than --from"));
    let nothing = refused(&["--from", "1.28", "--provider", "aws"]);
    assert!(nothing.starts_with("error: nothing to compare: "), "{nothing}");
    assert!(
        refused(&["--provider", "digitalocean"]).contains("[possible values: aws, azure, gce, openstack, vsphere]")
    );
}
