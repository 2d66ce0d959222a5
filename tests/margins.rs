//! `leasehold margins` as people and programs see it. The answers come from the lease theorem, so every screen is also a
//! statement about client-go; the figures were worked out by hand first.

use std::io::Write;
use std::process::{Command, Output, Stdio};

fn margins(args: &[&str], input: Option<&str>) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_leasehold"))
        .arg("margins")
        .args(args)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/margins"))
        .env("COLUMNS", "100")
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(input.unwrap_or_default().as_bytes()).expect("it reads");
    drop(stdin);
    child.wait_with_output().expect("it ends")
}

fn screen(args: &[&str], code: i32) -> String {
    let output = margins(args, None);
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{err}");
    assert!(!output.stdout.contains(&0x1b), "a pipe gets no colours");
    String::from_utf8(output.stdout).expect("text")
}

fn json(args: &[&str], code: i32) -> serde_json::Value {
    serde_json::from_str(&screen(&[args, &["--format", "json"]].concat(), code)).expect("JSON")
}

/// Messages of bad input.
fn refused(args: &[&str], input: Option<&str>) -> String {
    let output = margins(args, input);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr).expect("text")
}

#[test]
fn every_mistake_of_the_manifests_at_its_place() {
    snapbox::assert_data_eq!(
        refused(&["refused.yaml"], None),
        snapbox::str![[r#"
  × client-go refuses these durations: leaseDuration must be greater than renewDeadline
    ╭─[refused.yaml:12:11]
 11 │         - --leader-elect
 12 │         - --leader-election-lease-duration=10s
    ·           ──────────────────┬─────────────────
    ·                             ╰── 10s lease duration, 10s renew deadline, 2s retry period
 13 │       - name: second
    ╰────
  help: the process ends with this message before it asks for its lease, again and again
  × time: missing unit in duration "8"
    ╭─[refused.yaml:15:32]
 14 │         image: example.com/other:v1
 15 │         args: [--leader-elect, --leader-election-renew-deadline=8, --leader-election-lease-duration=500ms]
    ·                                ─────────────────┬────────────────
    ·                                                 ╰── expected a Go duration such as 15s, 1m30s or 500ms
    ╰────
2 errors, nothing was judged (exit 2)

"#]]
    );
}

#[test]
fn every_mistake_of_the_command_line() {
    let text =
        refused(&["--lease-duration", "15", "--retry-period", "9s", "--reply-delay", "1y", "--now", "noon"], None);
    for expected in [
        "--lease-duration: time: missing unit in duration \"15\"",
        "--reply-delay: time: unknown unit \"y\" in duration \"1y\"",
        "--now: `noon` is no time",
        "3 errors, nothing was judged (exit 2)",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
    let text = refused(&["--lease-duration", "10s"], None);
    assert!(
        text.contains("client-go refuses these durations: leaseDuration must be greater than renewDeadline"),
        "{text}"
    );
    let text = refused(&["--lease-duration", "900ms", "--renew-deadline", "600ms", "--retry-period", "100ms"], None);
    assert!(text.contains("a lease duration of 900ms is recorded as 0 whole seconds"), "{text}");
    let text = refused(&["--lease-duration", "15s", "leases.yaml"], None);
    assert!(text.contains("durations come from PATH or from flags, not from both"), "{text}");
}

#[test]
fn what_elects_nobody_is_no_answer() {
    let text = refused(&["-"], Some("apiVersion: v1\nkind: Service\nmetadata: {name: a}\n"));
    assert!(text.contains("nothing that elects a leader in -") && text.contains("read: 1 Service"), "{text}");
    let shown = screen(&["without.yaml"], 1);
    assert!(shown.contains("cluster-autoscaler  elects nobody: 2 replicas act at once"), "{shown}");
    assert!(shown.contains("snapshot-controller  elects nobody: 1 replica"), "{shown}");
    assert!(shown.ends_with("1 of 2 are not safe (exit 1)\n"), "{shown}");
}

/// The defaults of the CSI sidecars leave nothing: 15 s are 10 s and 5 s.
#[test]
fn the_sidecars_of_csi_are_not_safe_as_their_authors_set_them() {
    let shown = json(&["csi.yaml"], 1);
    let elections = shown["elections"].as_array().expect("elections");
    let summary: Vec<_> = elections
        .iter()
        .map(|e| (e["contenders"][0]["name"].as_str().unwrap_or(""), e["verdict"].as_str().unwrap_or("")))
        .collect();
    assert_eq!(summary, [("csi-attacher", "unsafe"), ("csi-resizer", "safe")]);
    assert!(elections[0]["left_seconds"].is_null());
    assert!(elections[0]["counterexample"].as_array().is_some_and(|events| events.len() > 5));
    assert_eq!(elections[0]["contenders"][0]["client_go"], "1.32");
    // 15 s - 12 s - 3 x 0.5 s - 1 s - 0.1 s, to the millisecond below.
    assert_eq!(elections[1]["left_seconds"], 0.399);
}

#[test]
fn leases_of_a_cluster() {
    let shown = json(&["leases.yaml", "--no-release"], 1);
    let leases = &shown["leases"];
    assert_eq!((&leases["node_leases"], &leases["api_server_leases"]), (&1.into(), &1.into()));
    assert_eq!(leases["now"], "2026-11-21T12:00:00Z");
    let rows: Vec<String> = leases["locks"]
        .as_array()
        .expect("locks")
        .iter()
        .map(|lock| {
            let findings: Vec<&str> =
                lock["findings"].as_array().expect("a list").iter().filter_map(|f| f["kind"].as_str()).collect();
            format!("{} {} {} {}", lock["lease"], lock["basis"], lock["verdict"], findings.join(" ")).replace('"', "")
        })
        .collect();
    assert_eq!(
        rows,
        [
            "kube-system/kube-controller-manager component-defaults safe ",
            "kube-system/external-attacher-leader-ebs-csi-aws-com component-defaults unsafe ",
            "kube-system/ebs-csi-aws-com component-defaults unsafe flapping",
            "operators/my-operator.example.com unknown inconclusive ",
            "operators/old-operator client-go-defaults safe expired",
            "kube-system/karpenter-leader-election unknown inconclusive released short",
        ]
    );
    // 30 s - 3 x 0.5 s - 1 s - 0.1 s.
    assert_eq!(leases["locks"][3]["must_stay_below_seconds"], 27.399);
}

#[test]
fn the_screen_says_what_is_left_how_it_breaks_and_what_to_set() {
    snapbox::assert_data_eq!(
        screen(&["csi.yaml"], 1),
        snapbox::str![[r#"
assumed: no request takes longer than 500ms, controllers stop within 100ms, clocks within 0 ppm, no
         process is paused, no clock is set while it is used; nobody edits or deletes a Lease, and
         the API server never reads an old one

a lease of csi-attacher (Deployment kube-system/ebs-csi-controller)   NOT SAFE
  csi-attacher (Deployment kube-system/ebs-csi-controller, csi.yaml:4:18): 15s lease duration, 10s
    renew deadline, 5s retry period; client-go 0.32
  not safe even if controllers stop at once (15s − 10s − 5s)

  reply delay   ░░░░░░░░░░░░░░░░░░░░  none is safe; assumed 500ms
  stop time     ░░░░░░░░░░░░░░░░░░░░  none is safe; assumed 100ms
  pause         ░░░░░░░░░░░░░░░░░░░░  none is safe; assumed none
  clock rate    ░░░░░░░░░░░░░░░░░░░░  none is safe; assumed none
  gap           nobody leads for at most 39.5s after a crash, 30s after the leader was cut off from
                the API server

  How two lead at once
   0.000 s  A starts and reads the lease
   0.000 s  A's update that takes the lease is applied
   0.000 s  A hears of it and leads: its controllers act
   0.000 s  A's renewal is applied; nobody knows yet
   0.000 s  B starts and reads the lease
   0.000 s  A hears that it renewed
  15.000 s  B's update that takes the lease is applied
  15.000 s  B hears of it and leads: its controllers act

  To be safe under these assumptions, set
  - renew deadline 9s, retry period 2.5s: the gap after a crash becomes 28.5s (now 39.5s); a leader
    gives up after 9s of failing renewals (now 10s); one step less is not proved
  - lease duration 18s: the gap after a crash becomes 42.5s (now 39.5s); one step less is not proved

a lease of csi-resizer (Deployment kube-system/ebs-csi-controller)   safe
  csi-resizer (Deployment kube-system/ebs-csi-controller, csi.yaml:4:18): 15s lease duration, 10s
    renew deadline, 2s retry period; client-go 0.31
    retry period: --leader-election-retry-period (csi.yaml:20:11)
  safe while stopping takes no more than 499ms, requests being as assumed (15s − 10s − 2s); 399ms
  left

  reply delay   █░░░░░░░░░░░░░░░░░░░  safe to 633ms, refuted from 2.9s; assumed 500ms. The client
                                      waits up to 10s: a slow API server can break it.
  stop time     █░░░░░░░░░░░░░░░░░░░  safe to 499ms, refuted from 2.5s; assumed 100ms.
  pause         █░░░░░░░░░░░░░░░░░░░  safe to 399ms, refuted from 2.4s; assumed none. After a longer
                                      one it may go on beside the next leader; no durations prevent
                                      that.
  clock rate    █░░░░░░░░░░░░░░░░░░░  safe to 14000 ppm, refuted from 90000 ppm; assumed none.
  gap           nobody leads for at most 26.3s after a crash, 16.8s after the leader was cut off
                from the API server

1 of 2 are not safe (exit 1)

"#]]
    );
    snapbox::assert_data_eq!(
        screen(&["leases.yaml", "--no-release"], 1),
        snapbox::str![[r#"
assumed: no request takes longer than 500ms, controllers stop within 100ms, clocks within 0 ppm, no
         process is paused, no clock is set while it is used; nobody edits or deletes a Lease, and
         the API server never reads an old one; nobody empties a lease on exit

lease                                                 held by                         recorded  renew + retry                     left   answer
kube-system/kube-controller-manager                   cp-1_0f3e6a52-7d39-4f7b-9f0e-…  15s       10s + 2s kube-controller-manager  399ms  safe
kube-system/external-attacher-leader-ebs-csi-aws-com  ebs-csi-controller-6d9f7c5b8d…  15s       10s + 5s csi-attacher             none   NOT SAFE
kube-system/ebs-csi-aws-com                           1763100000000-1234-ebs-csi-aw…  15s       10s + 5s csi-provisioner          none   NOT SAFE
operators/my-operator.example.com                     my-operator-7c9d_1              30s       not known                         ?      not decided
operators/old-operator                                old-operator-5d8_2              15s       10s + 2s assumed                         set aside
kube-system/karpenter-leader-election                 nobody                          1s        not known                                set aside
set aside: 1 Lease of a node and 1 Lease of an API server's identity: heartbeats, nobody is elected
by them
- kube-system/ebs-csi-aws-com: its holder changed 90 times, 4.4 times a day: it is lost again and
  again (leases.yaml:22:20)
- operators/old-operator: not renewed for 492h0m0s, though its duration is 15s: nobody runs, or
  nobody may write it (leases.yaml:38:20)
- kube-system/karpenter-leader-election: nobody holds it: it was released, and nobody took it
  (leases.yaml:46:20)
- kube-system/karpenter-leader-election: one second or less: renewals within one second look alike
  to others (leases.yaml:46:20)
1 lease not decided: a Lease does not record renew deadline and retry period, and no component with
this recorded duration is known. Safe if the two together stay below
  operators/my-operator.example.com  27.399s
Give the manifests as well: leasehold margins leases.yaml deploy/

2 of 4 are not safe, 1 not decided (exit 1)

"#]]
    );
}
