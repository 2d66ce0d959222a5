//! `leasehold check` with time: what is assumed of it, and what follows. `SNAPSHOTS=overwrite cargo test --test check_time`
//! writes the screens anew.

use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};
use snapbox::cmd::{Command, cargo_bin};
use snapbox::str;

const GUIDE: &str = "scenarios/library/guides/kubernetes/guide-1.21-1.22";

/// `leasehold check` with these arguments, in a pipe of 100 columns.
fn check(args: &[&str], directory: &Path) -> Command {
    Command::new(cargo_bin!("leasehold"))
        .current_dir(directory)
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .env("COLUMNS", "100")
        .arg("check")
        .args(args)
}

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn json(args: &[&str], directory: &Path) -> Json {
    let output = check(&[args, &["--format", "json"]].concat(), directory).output().expect("it runs");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn verdicts(check: &Json) -> Vec<&str> {
    let verdicts = check["verdicts"].as_array().expect("a list");
    verdicts.iter().map(|v| v["verdict"].as_str().expect("a string")).collect()
}

/// A copy of the guide of 1.21 with every manager's flags changed, and its assumptions.
fn changed(test: &str, flags: &[&str], assume: &str) -> PathBuf {
    fn copy(from: &Path, to: &Path, change: &dyn Fn(String) -> String) {
        std::fs::create_dir_all(to).expect("writable");
        for entry in std::fs::read_dir(from).expect("shipped") {
            let entry = entry.expect("an entry").path();
            let to = to.join(entry.file_name().expect("a name"));
            if entry.is_dir() {
                copy(&entry, &to, change);
            } else {
                std::fs::write(&to, change(std::fs::read_to_string(&entry).expect("text"))).expect("writable");
            }
        }
    }
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("time_{test}"));
    let _ = std::fs::remove_dir_all(&root);
    let more: String = flags.iter().map(|flag| format!("\n    - {flag}")).collect();
    copy(&project().join(GUIDE), &root, &|text| {
        text.replace("\n    - --leader-elect=true", &format!("\n    - --leader-elect=true{more}"))
            .replace(
                "\n        - --leader-elect=true",
                &format!("\n        - --leader-elect=true{}", more.replace("\n    ", "\n        ")),
            )
            .replace("assume: {", &format!("assume: {{{assume}"))
    });
    root
}

#[test]
fn what_holds_says_how_slow_requests_may_be() {
    let output = check(&[GUIDE], project()).assert().code(0).get_output().stdout.clone();
    let text = String::from_utf8(output).expect("text");
    let at = text.find("Rests on").expect("it rests on something");
    snapbox::assert_data_eq!(
        &text[at..],
        str![[r#"
Rests on
  - no lease is taken while its holder still acts: proved in dense time for client-go 0.21 with 15s
    lease duration, 10s renew deadline, 2s retry period, as long as no request to the API server
    takes longer than 949ms (500ms assumed), under the other assumptions about time above
  - nobody edits or deletes a lease by hand
  - a step of the plan begins after the step before it is complete
  - a cloud-controller-manager behaves as the k8s.io/cloud-provider release named above
  - the managers have the rights that the files grant and that Kubernetes bootstraps, and no others
  - gap: requests are answered within 0.5 s; a manager runs again within 16 s after it stops for an
    edit, 11 s after a crash, 300 s after its node is added or replaced; controllers act within 2 s
    of their lease, 10 s later if node IPAM of 1.30 or older starts before them (assume.startUp in a
    scenario)
  - gap: unless said otherwise one thing at a time: each node of a step, and each fault, comes when
    every lease has its leader and every manager has looked at it; nothing is paused, clocks are
    exact, and a manager that dies leaves no request behind

all 4 properties hold (exit 0); as the scenario expects

"#]]
    );
}

#[test]
fn slow_requests_are_refuted_where_they_are_assumed() {
    check(&[GUIDE, "--reply-delay", "5s"], project()).assert().code(1).stderr_eq("").stdout_eq(str![[r#"
The Kubernetes guide as printed, 1.21 to 1.22
from: Migrate Replicated Control Plane To Use Cloud Controller Manager
Kubernetes 1.21 (in-tree aws) → 1.22 (no cloud provider), cloud-provider library 0.22, aws's
  cloud-controller-manager, 3 control-plane nodes
assumed: cloud-controller-manager is assumed to have rights on every lease from elsewhere, as the
         scenario says
assumed: the operator may go back from every point of the plan; faults at any moment: a manager
         crashes or loses its lease
assumed: no request to the API server takes longer than 5s, controllers stop within 100ms of losing
         a lease, clocks run true and are not set back, no process is paused

  exclusive    VIOLATED   service, route, cloud-node-lifecycle, cloud-node    7,599 states, complete
                          and node-ipam run in two managers at once
                          expected: holds. Either the scenario's expectation is wrong, or the files
                          are
  covered      holds      every controller can always run again               7,599 states, complete
  starts       holds      every manager starts                                7,599 states, complete
  returnable   VIOLATED   no safe way back from anywhere                      7,599 states, complete
                          expected: holds. Either the scenario's expectation is wrong, or the files
                          are
  gap          97.2 s     service, route and cloud-node-lifecycle run         from 50 states at rest
                          nowhere for up to 97.2 s in a step, 95.2 s on the
                          way back, 93.8 s after a crash, 189 s if a crash
                          comes in the middle of a step

How service, route, cloud-node-lifecycle and node-ipam can run twice at once: 1 event, 1 fault
(exclusive and returnable)
     cp-1  kube-controller-manager 1.21  leads before the plan                    service, route,
                                                                                  cloud-node-lifecycle
                                                                                  and node-ipam ←
                                                                                  main lease
  1  cp-2  kube-controller-manager 1.21  takes its main lease too early (timing)  service, route,
                                                                                  cloud-node-lifecycle
                                                                                  and node-ipam ←
                                                                                  main lease
     ▲ cp-2 takes the lease 15s after it last saw it change, when cp-1 still acts and tries to
       renew; the slowest answer to a renewal takes 3s
     ▲ from here on in two managers at once: service (cp-1 KCM and cp-2 KCM), route (cp-1 KCM and
       cp-2 KCM), cloud-node-lifecycle (cp-1 KCM and cp-2 KCM) and node-ipam (cp-1 KCM and cp-2 KCM)
  in time, a run that client-go's elector has executed:
   0.000 s  cp-1 starts and reads the lease
   0.000 s  cp-1's update that takes the lease is applied
   0.000 s  cp-1 hears of it and leads: its controllers act
   0.000 s  cp-1's renewal is applied; nobody knows yet
   0.000 s  cp-2 starts and reads the lease
   3.000 s  cp-1 hears that it renewed
  15.000 s  cp-2's update that takes the lease is applied
  15.000 s  cp-2 hears of it and leads: its controllers act

1 further counterexample not shown: --all shows them

error[LM213]: the election's durations leave too little for slow answers and for stopping
    ╭─[scenarios/library/guides/kubernetes/guide-1.21-1.22/before/kube-controller-manager.yaml:15:12]
 15 │     image: registry.k8s.io/kube-controller-manager:v1.21.14
    ·            ────────────────────────────────────────────────
    ╰────
  = kube-controller-manager 1.21: 15s lease duration − 10s renew deadline − 2s retry period = 3s are
    left for a request (5s assumed) and stopping (100ms assumed)
  = also
    scenarios/library/guides/kubernetes/guide-1.21-1.22/after/cloud-controller-manager.yaml:15:12
    (cloud-controller-manager 0.22)
  = more: leasehold explain LM213

Fix
  kube-controller-manager 1.21 in
    scenarios/library/guides/kubernetes/guide-1.21-1.22/before/kube-controller-manager.yaml,
    kube-controller-manager 1.21 in
    scenarios/library/guides/kubernetes/guide-1.21-1.22/enabled/kube-controller-manager.yaml,
    kube-controller-manager 1.22 in
    scenarios/library/guides/kubernetes/guide-1.21-1.22/after/kube-controller-manager.yaml,
    cloud-controller-manager 0.22 in
    scenarios/library/guides/kubernetes/guide-1.21-1.22/after/cloud-controller-manager.yaml and
    cloud-controller-manager 0.22 in
    scenarios/library/guides/kubernetes/guide-1.21-1.22/disabled/cloud-controller-manager.yaml:
        + --leader-elect-renew-deadline=5s
  with these changes exclusive and returnable hold (searched again: 116 states, complete)

Rests on
  - kube-system/kube-controller-manager, kube-system/cloud-provider-extraction-migration and
    kube-system/cloud-controller-manager may be taken while its holder still acts; what holds does
    so all the same
  - a step of the plan begins after the step before it is complete
  - a cloud-controller-manager behaves as the k8s.io/cloud-provider release named above
  - the managers have the rights that the files grant and that Kubernetes bootstraps, and no others
  - gap: requests are answered within 5 s; a manager runs again within 16 s after it stops for an
    edit, 11 s after a crash, 300 s after its node is added or replaced; controllers act within 2 s
    of their lease, 10 s later if node IPAM of 1.30 or older starts before them (assume.startUp in a
    scenario)
  - gap: unless said otherwise one thing at a time: each node of a step, and each fault, comes when
    every lease has its leader and every manager has looked at it; nothing is paused, clocks are
    exact, and a manager that dies leaves no request behind

2 of 4 properties violated (exit 1); 2 verdicts are not what the scenario expects

"#]]);
}

/// The retry period of the sidecars of CSI: nothing is left, whatever is assumed.
#[test]
fn durations_that_leave_nothing_are_refuted_at_their_place() {
    let root = changed("nothing_left", &["--leader-elect-retry-period=5s"], "");
    check(&["."], &root).assert().code(1).stderr_eq("").stdout_eq(str![[r#"
The Kubernetes guide as printed, 1.21 to 1.22
from: Migrate Replicated Control Plane To Use Cloud Controller Manager
Kubernetes 1.21 (in-tree aws) → 1.22 (no cloud provider), cloud-provider library 0.22, aws's
  cloud-controller-manager, 3 control-plane nodes
assumed: cloud-controller-manager is assumed to have rights on every lease from elsewhere, as the
         scenario says
assumed: the operator may go back from every point of the plan; faults at any moment: a manager
         crashes or loses its lease
assumed: no request to the API server takes longer than 500ms, controllers stop within 100ms of
         losing a lease, clocks run true and are not set back, no process is paused

  exclusive    VIOLATED   service, route, cloud-node-lifecycle, cloud-node    7,599 states, complete
                          and node-ipam run in two managers at once
                          expected: holds. Either the scenario's expectation is wrong, or the files
                          are
  covered      holds      every controller can always run again               7,599 states, complete
  starts       holds      every manager starts                                7,599 states, complete
  returnable   VIOLATED   no safe way back from anywhere                      7,599 states, complete
                          expected: holds. Either the scenario's expectation is wrong, or the files
                          are
  gap          72 s       service, route and cloud-node-lifecycle run         from 50 states at rest
                          nowhere for up to 72 s in a step, 71.5 s on the
                          way back, 71.5 s after a crash, 141.5 s if a
                          crash comes in the middle of a step

How service, route, cloud-node-lifecycle and node-ipam can run twice at once: 1 event, 1 fault
(exclusive and returnable)
     cp-1  kube-controller-manager 1.21  leads before the plan                    service, route,
                                                                                  cloud-node-lifecycle
                                                                                  and node-ipam ←
                                                                                  main lease
  1  cp-2  kube-controller-manager 1.21  takes its main lease too early (timing)  service, route,
                                                                                  cloud-node-lifecycle
                                                                                  and node-ipam ←
                                                                                  main lease
     ▲ cp-2 takes the lease 15s after it last saw it change, when cp-1 still acts and tries to
       renew; no answer has to be slow for that
     ▲ from here on in two managers at once: service (cp-1 KCM and cp-2 KCM), route (cp-1 KCM and
       cp-2 KCM), cloud-node-lifecycle (cp-1 KCM and cp-2 KCM) and node-ipam (cp-1 KCM and cp-2 KCM)
  in time, a run that client-go's elector has executed:
   0.000 s  cp-1 starts and reads the lease
   0.000 s  cp-1's update that takes the lease is applied
   0.000 s  cp-1 hears of it and leads: its controllers act
   0.000 s  cp-1's renewal is applied; nobody knows yet
   0.000 s  cp-2 starts and reads the lease
   0.000 s  cp-1 hears that it renewed
  15.000 s  cp-2's update that takes the lease is applied
  15.000 s  cp-2 hears of it and leads: its controllers act

1 further counterexample not shown: --all shows them

error[LM213]: the election's durations leave too little for slow answers and for stopping
    ╭─[./before/kube-controller-manager.yaml:33:7]
 33 │     - --leader-elect-retry-period=5s
    ·       ──────────────────────────────
    ╰────
  = kube-controller-manager 1.21: 15s lease duration − 10s renew deadline − 5s retry period = 0s are
    left for a request (500ms assumed) and stopping (100ms assumed)
  = also ./after/cloud-controller-manager.yaml:29:7 (cloud-controller-manager 0.22)
  = more: leasehold explain LM213

Fix
  kube-controller-manager 1.21 in ./before/kube-controller-manager.yaml, kube-controller-manager
    1.21 in ./enabled/kube-controller-manager.yaml, kube-controller-manager 1.22 in
    ./after/kube-controller-manager.yaml, cloud-controller-manager 0.22 in
    ./after/cloud-controller-manager.yaml and cloud-controller-manager 0.22 in
    ./disabled/cloud-controller-manager.yaml:
        - --leader-elect-retry-period=5s
        + --leader-elect-retry-period=2.5s
  with these changes exclusive and returnable hold (searched again: 116 states, complete)

Rests on
  - kube-system/kube-controller-manager, kube-system/cloud-provider-extraction-migration and
    kube-system/cloud-controller-manager may be taken while its holder still acts; what holds does
    so all the same
  - a step of the plan begins after the step before it is complete
  - a cloud-controller-manager behaves as the k8s.io/cloud-provider release named above
  - the managers have the rights that the files grant and that Kubernetes bootstraps, and no others
  - gap: requests are answered within 0.5 s; a manager runs again within 16 s after it stops for an
    edit, 11 s after a crash, 300 s after its node is added or replaced; controllers act within 2 s
    of their lease, 10 s later if node IPAM of 1.30 or older starts before them (assume.startUp in a
    scenario)
  - gap: unless said otherwise one thing at a time: each node of a step, and each fault, comes when
    every lease has its leader and every manager has looked at it; nothing is paused, clocks are
    exact, and a manager that dies leaves no request behind

2 of 4 properties violated (exit 1); 2 verdicts are not what the scenario expects

"#]]);
}

#[test]
fn what_is_neither_proved_nor_refuted_is_inconclusive() {
    let root = changed("undecided", &["--leader-elect-retry-period=3s"], "");
    check(&["."], &root).assert().code(3).stderr_eq("").stdout_eq(str![[r#"
The Kubernetes guide as printed, 1.21 to 1.22
from: Migrate Replicated Control Plane To Use Cloud Controller Manager
Kubernetes 1.21 (in-tree aws) → 1.22 (no cloud provider), cloud-provider library 0.22, aws's
  cloud-controller-manager, 3 control-plane nodes
assumed: cloud-controller-manager is assumed to have rights on every lease from elsewhere, as the
         scenario says
assumed: the operator may go back from every point of the plan; faults at any moment: a manager
         crashes or loses its lease
assumed: no request to the API server takes longer than 500ms, controllers stop within 100ms of
         losing a lease, clocks run true and are not set back, no process is paused

  exclusive    inconclusive   not decided: whether                            7,599 states, complete
                              kube-system/kube-controller-manager is
                              exclusive: a second kube-controller-manager
                              1.21 may take it while the first still acts
                              (it depends on renewals within one second,
                              which read alike)
  covered      holds          every controller can always run again           7,599 states, complete
  starts       holds          every manager starts                            7,599 states, complete
  returnable   inconclusive   not decided: whether                            7,599 states, complete
                              kube-system/kube-controller-manager is
                              exclusive: a second kube-controller-manager
                              1.21 may take it while the first still acts
                              (it depends on renewals within one second,
                              which read alike)
  gap          60.2 s         service, route and cloud-node-lifecycle run     from 50 states at rest
                              nowhere for up to 58.8 s in a step, 58.3 s on
                              the way back, 60.2 s after a crash, 115.6 s
                              if a crash comes in the middle of a step

Rests on
  - kube-system/kube-controller-manager, kube-system/cloud-provider-extraction-migration and
    kube-system/cloud-controller-manager may perhaps be taken while its holder still acts, which is
    not decided; what holds does so all the same
  - a step of the plan begins after the step before it is complete
  - a cloud-controller-manager behaves as the k8s.io/cloud-provider release named above
  - the managers have the rights that the files grant and that Kubernetes bootstraps, and no others
  - gap: requests are answered within 0.5 s; a manager runs again within 16 s after it stops for an
    edit, 11 s after a crash, 300 s after its node is added or replaced; controllers act within 2 s
    of their lease, 10 s later if node IPAM of 1.30 or older starts before them (assume.startUp in a
    scenario)
  - gap: unless said otherwise one thing at a time: each node of a step, and each fault, comes when
    every lease has its leader and every manager has looked at it; nothing is paused, clocks are
    exact, and a manager that dies leaves no request behind

2 of 4 properties not decided, none violated (exit 3): see `leasehold margins`

"#]]);
}

#[test]
fn json_has_the_assumptions_the_answers_and_the_run() {
    let root = changed("json", &["--leader-elect-retry-period=5s"], "timing: {replyDelay: 250ms, clockRate: 78ppm}, ");
    let found = json(&[".", "--stop-time", "1s"], &root);
    assert_eq!(found["exit"], 1);
    assert_eq!(verdicts(&found), ["violated", "holds", "holds", "violated"]);
    let timing = &found["timing"];
    assert_eq!(
        json!([timing["replyDelaySeconds"], timing["stopTimeSeconds"], timing["pauseSeconds"], timing["clockRatePpm"]]),
        json!([0.25, 1.0, 0.0, 78])
    );
    let leases: Vec<_> =
        timing["leases"].as_array().expect("a list").iter().map(|l| [&l["lease"], &l["verdict"]]).collect();
    assert_eq!(
        json!(leases),
        json!([
            ["kube-system/kube-controller-manager", "unsafe"],
            ["kube-system/cloud-provider-extraction-migration", "unsafe"],
            ["kube-system/cloud-controller-manager", "unsafe"]
        ])
    );
    assert_eq!(timing["leases"][0]["contenders"][0]["retryPeriodSeconds"], 5.0);
    let event = &found["counterexamples"][0]["events"][0];
    assert_eq!((&event["what"], &event["by"]), (&json!("takesMainLeaseEarly"), &json!("fault")));
    let run = event["inTime"].as_array().expect("a run");
    assert_eq!(run[0]["what"], "cp-1 starts and reads the lease");
    assert!(run.last().expect("an end")["what"].as_str().expect("text").starts_with("cp-2 hears of it and leads"));
    assert_eq!(found["findings"][0]["code"], "LM213");
    assert_eq!(found["fix"]["mends"], json!(["exclusive", "returnable"]));

    let usual = json(&[GUIDE], project());
    assert_eq!(usual["timing"]["leases"][0]["provedUpToSeconds"], 0.949);
    assert_eq!(usual["timing"]["leases"][0]["open"], json!([]));
}

/// A flag goes before the scenario, and the other values stay.
#[test]
fn flags_go_before_what_the_scenario_assumes() {
    let root = changed("flags_first", &[], "timing: {replyDelay: 5s, pause: 1ms}, ");
    assert_eq!(json(&["."], &root)["exit"], 1);
    let told = json(&[".", "--reply-delay", "500ms"], &root);
    assert_eq!((&told["exit"], &told["timing"]["pauseSeconds"]), (&json!(0), &json!(0.001)));
}

#[test]
fn wrong_assumptions_are_shown_all_at_once_where_they_stand() {
    let root = changed("wrong", &[], "timing: {replyDelay: 5x, pause: -1s, clockRate: fast}, ");
    check(&[".", "--stop-time", "soon"], &root).assert().code(2).stdout_eq("").stderr_eq(str![[r#"
  × `replyDelay` cannot be read
    ╭─[./scenario.yaml:27:31]
 26 │   manifests: [disabled/]
 27 │ assume: {timing: {replyDelay: 5x, pause: -1s, clockRate: fast}, rollback: anywhere, faults: [crash], rights: [{component: cloud-controller-manager, lease: "*"}]}
    ·                               ─┬
    ·                                ╰── time: unknown unit "x" in duration "5x"
 28 │ expect:
    ╰────
  × `pause` cannot be read
    ╭─[./scenario.yaml:27:42]
 26 │   manifests: [disabled/]
 27 │ assume: {timing: {replyDelay: 5x, pause: -1s, clockRate: fast}, rollback: anywhere, faults: [crash], rights: [{component: cloud-controller-manager, lease: "*"}]}
    ·                                          ─┬─
    ·                                           ╰── -1s is negative
 28 │ expect:
    ╰────
  × `clockRate` cannot be read
    ╭─[./scenario.yaml:27:58]
 26 │   manifests: [disabled/]
 27 │ assume: {timing: {replyDelay: 5x, pause: -1s, clockRate: fast}, rollback: anywhere, faults: [crash], rights: [{component: cloud-controller-manager, lease: "*"}]}
    ·                                                          ──┬─
    ·                                                            ╰── `fast` is no clock rate: expected 500ppm or 0.05%, at most 500000ppm
 28 │ expect:
    ╰────
  × --stop-time: time: invalid duration "soon"
4 errors, nothing was checked (exit 2)

"#]]);
    let root = changed("unknown", &[], "timing: {replydelay: 5s}, ");
    check(&["."], &root).assert().code(2).stdout_eq("").stderr_eq(str![[r#"
  × unknown field `replydelay`
    ╭─[./scenario.yaml:27:19]
 26 │   manifests: [disabled/]
 27 │ assume: {timing: {replydelay: 5s}, rollback: anywhere, faults: [crash], rights: [{component: cloud-controller-manager, lease: "*"}]}
    ·                   ─────┬────
    ·                        ╰── did you mean `replyDelay`?
 28 │ expect:
    ╰────
1 error, nothing was checked (exit 2)

"#]]);
}
