//! `leasehold check`: whole screens, character by character. `SNAPSHOTS=overwrite cargo test --test check` writes them anew.

use std::path::{Path, PathBuf};
use std::process::Command as Process;

use serde_json::Value as Json;
use snapbox::cmd::{Command, cargo_bin};
use snapbox::str;

const GUIDES: &str = "scenarios/library/guides/kubernetes";

/// `leasehold check` with these arguments, in the project's directory, in a pipe of 100 columns.
fn check(args: &[&str]) -> Command {
    Command::new(cargo_bin!("leasehold"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .env("COLUMNS", "100")
        .arg("check")
        .args(args)
}

fn guide(name: &str) -> String {
    format!("{GUIDES}/{name}")
}

fn stdout(command: Command) -> String {
    let output = command.output().expect("it runs");
    String::from_utf8(output.stdout).expect("text")
}

fn json(args: &[&str]) -> Json {
    let text = stdout(check(&[args, &["--format", "json"]].concat()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn the_default_configuration_since_1_28_is_refuted() {
    check(&[&guide("default-1.29-1.30")]).assert().code(1).stderr_eq("").stdout_eq(str![[r#"
The default configuration, 1.29 to 1.30, gce
from: Migrate Replicated Control Plane To Use Cloud Controller Manager
Kubernetes 1.29 (in-tree gce) → 1.30 (external), cloud-provider library 0.30, gcp's
  cloud-controller-manager, 3 control-plane nodes
assumed: cloud-controller-manager: its kubeconfig /etc/kubernetes/cloud-controller-manager.conf is
         not among the files, so its user is taken to be system:cloud-controller-manager
assumed: the operator may go back from every point of the plan; faults at any moment: a manager
         crashes or loses its lease
assumed: no request to the API server takes longer than 500ms, controllers stop within 100ms of
         losing a lease, clocks run true and are not set back, no process is paused

  exclusive    VIOLATED   service and route run in two managers at once       116 states, complete
  covered      holds      every controller can always run again               116 states, complete
  starts       holds      every manager starts                                116 states, complete
  returnable   VIOLATED   a safe way back from only 15 of 116 states          116 states, complete
  gap          55.8 s     cloud-node-lifecycle runs nowhere for up to 52.2    from 50 states at rest
                          s in a step, 51.7 s on the way back, 55.8 s after
                          a crash, 103.5 s if a crash comes in the middle
                          of a step

How service and route can run twice at once: 9 events, no fault needed (exclusive)
     cp-1  kube-controller-manager 1.29   leads before the plan      service, route,
                                                                     cloud-node-lifecycle and
                                                                     node-ipam ← main lease
  step 1: Grant access to the migration lease
  1                                       applied
  step 2: Enable leader migration in kube-controller-manager
  2  cp-1  kube-controller-manager 1.29   is stopped for the change  runs nothing any more
  3  cp-1  kube-controller-manager 1.29   starts
  4  cp-1  kube-controller-manager 1.29   takes its main lease       service, route and node-ipam ←
                                                                     main lease
  5  cp-2  kube-controller-manager 1.29   is stopped for the change
  6  cp-3  kube-controller-manager 1.29   is stopped for the change
  step 3: Replace the nodes
  7  cp-4                                 node added
  8  cp-4  cloud-controller-manager 0.30  starts
  9  cp-4  cloud-controller-manager 0.30  takes its main lease       service, route and cloud-node ←
                                                                     main lease
     ▲ from here on in two managers at once: service (cp-1 KCM and cp-4 CCM) and route (cp-1 KCM and
       cp-4 CCM)

The way back is lost after 5 events in all, in step 3 (Replace the nodes): --all shows how
(returnable)

error[LM101]: the default configuration names controllers that do not exist
    ╭─[scenarios/library/guides/kubernetes/common/kcm-1.29-gce-migration/kube-controller-manager.yaml:32:7]
 32 │     - --enable-leader-migration=true
    ·       ──────────────────────────────
    ╰────
  = kube-controller-manager 1.29 uses its built-in default configuration, which names
    route-controller, service-controller, cloud-node-lifecycle-controller: in this binary service is
    called `service-lb-controller`, route is called `node-route-controller`, so what the default
    names does not exist and they stay under the main lease
  = also
    scenarios/library/guides/kubernetes/common/ccm-gcp-1.30-migration/cloud-controller-manager.yaml:27:7
    (cloud-controller-manager 0.30)
  = more: leasehold explain LM101

Fix
  kube-controller-manager 1.29 in
    scenarios/library/guides/kubernetes/common/kcm-1.29-gce-migration/kube-controller-manager.yaml:
        + --leader-migration-config=/etc/leadermigration.conf
      write /etc/leadermigration.conf, mounted into the pod:
          apiVersion: controllermanager.config.k8s.io/v1
          kind: LeaderMigrationConfiguration
          leaderName: cloud-provider-extraction-migration
          controllerLeaders:
          - name: service-lb-controller
            component: kube-controller-manager
          - name: node-route-controller
            component: kube-controller-manager
          - name: cloud-node-lifecycle-controller
            component: kube-controller-manager
  cloud-controller-manager 0.30 in
    scenarios/library/guides/kubernetes/common/ccm-gcp-1.30-migration/cloud-controller-manager.yaml:
        + --leader-migration-config=/etc/leadermigration.conf
      write /etc/leadermigration.conf, mounted into the pod:
          apiVersion: controllermanager.config.k8s.io/v1
          kind: LeaderMigrationConfiguration
          leaderName: cloud-provider-extraction-migration
          controllerLeaders:
          - name: service-lb-controller
            component: cloud-controller-manager
          - name: node-route-controller
            component: cloud-controller-manager
          - name: cloud-node-lifecycle-controller
            component: cloud-controller-manager
  with these changes exclusive and returnable hold (searched again: 116 states, complete)

Rests on
  - no lease is taken while its holder still acts: proved in dense time for client-go 0.29 and
    client-go 0.30 with 15s lease duration, 10s renew deadline, 2s retry period, as long as no
    request to the API server takes longer than 633ms (500ms assumed), under the other assumptions
    about time above
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

2 of 4 properties violated (exit 1); as the scenario expects

"#]]);
}

#[test]
fn without_rights_the_controllers_run_nowhere() {
    check(&[&guide("guide-1.21-1.22-no-rbac")]).assert().code(1).stderr_eq("").stdout_eq(str![[r#"
The Kubernetes guide without its first step, 1.21 to 1.22
from: Migrate Replicated Control Plane To Use Cloud Controller Manager
Kubernetes 1.21 (in-tree aws) → 1.22 (no cloud provider), cloud-provider library 0.22, aws's
  cloud-controller-manager, 3 control-plane nodes
assumed: cloud-controller-manager is assumed to have rights on every lease from elsewhere, as the
         scenario says
assumed: the operator may go back from every point of the plan; faults at any moment: a manager
         crashes or loses its lease
assumed: no request to the API server takes longer than 500ms, controllers stop within 100ms of
         losing a lease, clocks run true and are not set back, no process is paused

  exclusive    holds       no cloud controller runs in two managers           101 states, complete
  covered      VIOLATED    service, route and cloud-node-lifecycle are left   101 states, complete
                           without a manager for good
  starts       holds       every manager starts                               101 states, complete
  returnable   holds       a safe way back from every point of the plan       101 states, complete
  gap          unbounded   service, route and cloud-node-lifecycle without    from 39 states at rest
                           a manager for good (covered); node-ipam runs
                           nowhere for up to 38.8 s in a step, 38.8 s on
                           the way back, 38.8 s after a crash; cloud-node
                           runs nowhere for up to 60.7 s if a crash comes
                           in the middle of a step

How service, route and cloud-node-lifecycle can be left without a manager: 3 events, no fault needed
(covered)
     cp-1  kube-controller-manager 1.21  leads before the plan      service, route,
                                                                    cloud-node-lifecycle and
                                                                    node-ipam ← main lease
  step 1: Enable leader migration in kube-controller-manager
  1  cp-1  kube-controller-manager 1.21  is stopped for the change  runs nothing any more
  2  cp-1  kube-controller-manager 1.21  starts
  3  cp-1  kube-controller-manager 1.21  takes its main lease       node-ipam ← main lease
     ▲ from here on nobody can run service, route and cloud-node-lifecycle unless the operator acts

error[LM301]: kube-controller-manager may not use the migration lease
    ╭─[scenarios/library/guides/kubernetes/guide-1.21-1.22/enabled/kube-controller-manager.yaml:15:12]
 15 │     image: registry.k8s.io/kube-controller-manager:v1.21.14
    ·            ────────────────────────────────────────────────
    ╰────
  = kube-controller-manager 1.21 may not get, update
    kube-system/cloud-provider-extraction-migration: every attempt is forbidden, it retries for
    ever, looks healthy, and never runs what is under that lease
  = more: leasehold explain LM301

Fix
  kube-controller-manager 1.21 in
    scenarios/library/guides/kubernetes/guide-1.21-1.22/enabled/kube-controller-manager.yaml:
      grant this to system:kube-controller-manager, in a Role and a RoleBinding in kube-system:
          - apiGroups: [coordination.k8s.io]
            resources: [leases]
            verbs: [create]
          - apiGroups: [coordination.k8s.io]
            resources: [leases]
            resourceNames: [cloud-provider-extraction-migration]
            verbs: [get, update]
  with this change covered holds (searched again: 114 states, complete)

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

1 of 4 properties violated (exit 1); as the scenario expects

"#]]);
}

#[test]
fn a_manager_that_refuses_to_start_is_a_violation_with_its_own_words() {
    check(&[&guide("endpoints-lock-1.29-1.30")]).assert().code(1).stderr_eq("").stdout_eq(str![[r#"
The lock type `endpoints`, 1.29 to 1.30, gce
from: Migrate Replicated Control Plane To Use Cloud Controller Manager
Kubernetes 1.29 (in-tree gce) → 1.30 (external), cloud-provider library 0.30, gcp's
  cloud-controller-manager, 3 control-plane nodes
assumed: cloud-controller-manager: its kubeconfig /etc/kubernetes/cloud-controller-manager.conf is
         not among the files, so its user is taken to be system:cloud-controller-manager
assumed: the operator may go back from every point of the plan; faults at any moment: a manager
         crashes or loses its lease
assumed: no request to the API server takes longer than 500ms, controllers stop within 100ms of
         losing a lease, clocks run true and are not set back, no process is paused

  exclusive    holds       no cloud controller runs in two managers              75 states, complete
  covered      VIOLATED    service, route, cloud-node-lifecycle and node-ipam    75 states, complete
                           are left without a manager for good
  starts       VIOLATED    kube-controller-manager 1.29 and                      75 states, complete
                           cloud-controller-manager 0.30 refuse to start
  returnable   holds       a safe way back from every point of the plan          75 states, complete
  gap          unbounded   service, route, cloud-node-lifecycle and node-ipam
                           without a manager for good (covered); no bound:
                           kube-controller-manager 1.29 takes a lease and
                           exits, again and again

How service, route, cloud-node-lifecycle and node-ipam can be left without a manager: 4 events, no
fault needed (covered)
     cp-1  kube-controller-manager 1.29  leads before the plan      service, route,
                                                                    cloud-node-lifecycle and
                                                                    node-ipam ← main lease
  step 1: Grant access to the migration lease
  1                                      applied
  step 2: Enable leader migration in kube-controller-manager
  2  cp-1  kube-controller-manager 1.29  is stopped for the change  runs nothing any more
  3  cp-2  kube-controller-manager 1.29  is stopped for the change
  4  cp-3  kube-controller-manager 1.29  is stopped for the change
     ▲ from here on nobody can run service, route, cloud-node-lifecycle and node-ipam unless the
       operator acts

How a manager comes to refuse to start: 4 events, no fault needed (starts)
     cp-1  kube-controller-manager 1.29  leads before the plan      service, route,
                                                                    cloud-node-lifecycle and
                                                                    node-ipam ← main lease
  step 1: Grant access to the migration lease
  1                                      applied
  step 2: Enable leader migration in kube-controller-manager
  2  cp-1  kube-controller-manager 1.29  is stopped for the change  runs nothing any more
  3  cp-1  kube-controller-manager 1.29  starts
  4  cp-1  kube-controller-manager 1.29  takes its main lease       nothing ←
                                                                    kube-system/kube-controller-manager
     ▲ kube-controller-manager 1.29 exits with code 1: endpoints lock is removed, migrate to
       endpointsleases (using version v0.27.x)

error[LM204]: the migration lease's lock type no longer exists
   ╭─[scenarios/library/guides/kubernetes/common/endpoints-kcm/etc/leadermigration.conf:3:1]
 3 │ kind: LeaderMigrationConfiguration
   · ──────────────────────────────────
   ╰────
  = kube-controller-manager 1.29 exits with code 1: endpoints lock is removed, migrate to
    endpointsleases (using version v0.27.x)
  = also scenarios/library/guides/kubernetes/common/endpoints-ccm/etc/leadermigration.conf:3:1
    (cloud-controller-manager 0.30): cloud-controller-manager (library 0.30) exits with code 255:
    endpoints lock is removed, migrate to endpointsleases (using version v0.27.x)
  = more: leasehold explain LM204

Fix
  kube-controller-manager 1.29 in
    scenarios/library/guides/kubernetes/common/kcm-1.29-gce-file/kube-controller-manager.yaml:
      write /etc/leadermigration.conf, mounted into the pod:
          apiVersion: controllermanager.config.k8s.io/v1
          kind: LeaderMigrationConfiguration
          leaderName: cloud-provider-extraction-migration
          controllerLeaders:
          - name: service-lb-controller
            component: kube-controller-manager
          - name: node-route-controller
            component: kube-controller-manager
          - name: cloud-node-lifecycle-controller
            component: kube-controller-manager
  cloud-controller-manager 0.30 in
    scenarios/library/guides/kubernetes/common/ccm-gcp-1.30-file/cloud-controller-manager.yaml:
      write /etc/leadermigration.conf, mounted into the pod:
          apiVersion: controllermanager.config.k8s.io/v1
          kind: LeaderMigrationConfiguration
          leaderName: cloud-provider-extraction-migration
          controllerLeaders:
          - name: service-lb-controller
            component: cloud-controller-manager
          - name: node-route-controller
            component: cloud-controller-manager
          - name: cloud-node-lifecycle-controller
            component: cloud-controller-manager
  with these changes covered and starts hold (searched again: 116 states, complete)

Rests on
  - no lease is taken while its holder still acts: proved in dense time for client-go 0.29 and
    client-go 0.30 with 15s lease duration, 10s renew deadline, 2s retry period, as long as no
    request to the API server takes longer than 633ms (500ms assumed), under the other assumptions
    about time above
  - nobody edits or deletes a lease by hand
  - a step of the plan begins after the step before it is complete
  - a cloud-controller-manager behaves as the k8s.io/cloud-provider release named above
  - the managers have the rights that the files grant and that Kubernetes bootstraps, and no others

2 of 4 properties violated (exit 1); as the scenario expects

"#]]);
}

#[test]
fn what_holds_is_short_and_says_what_it_rests_on() {
    check(&[&guide("default-1.26-1.27")]).assert().code(0).stderr_eq("").stdout_eq(str![[r#"
The default configuration, 1.26 to 1.27, aws
from: Migrate Replicated Control Plane To Use Cloud Controller Manager
Kubernetes 1.26 (in-tree aws) → 1.27 (external), cloud-provider library 0.27, aws's
  cloud-controller-manager, 3 control-plane nodes
assumed: cloud-controller-manager: its kubeconfig /etc/kubernetes/cloud-controller-manager.conf is
         not among the files, so its user is taken to be system:cloud-controller-manager
assumed: the operator may go back from every point of the plan; faults at any moment: a manager
         crashes or loses its lease
assumed: no request to the API server takes longer than 500ms, controllers stop within 100ms of
         losing a lease, clocks run true and are not set back, no process is paused

  exclusive    holds    no cloud controller runs in two managers              116 states, complete
  covered      holds    every controller can always run again                 116 states, complete
  starts       holds    every manager starts                                  116 states, complete
  returnable   holds    a safe way back from every point of the plan          116 states, complete
  gap          55.8 s   service, route and cloud-node-lifecycle run nowhere   from 50 states at rest
                        for up to 52.2 s in a step, 51.7 s on the way back,
                        55.8 s after a crash, 103.5 s if a crash comes in
                        the middle of a step

Rests on
  - no lease is taken while its holder still acts: proved in dense time for client-go 0.26 and
    client-go 0.27 with 15s lease duration, 10s renew deadline, 2s retry period, as long as no
    request to the API server takes longer than 949ms (500ms assumed), under the other assumptions
    about time above
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

"#]]);
}

#[test]
fn a_search_that_was_cut_short_holds_nothing() {
    check(&[&guide("default-1.26-1.27"), "--max-states", "100"]).assert().code(3).stderr_eq("").stdout_eq(str![[r#"
The default configuration, 1.26 to 1.27, aws
from: Migrate Replicated Control Plane To Use Cloud Controller Manager
Kubernetes 1.26 (in-tree aws) → 1.27 (external), cloud-provider library 0.27, aws's
  cloud-controller-manager, 3 control-plane nodes
assumed: cloud-controller-manager: its kubeconfig /etc/kubernetes/cloud-controller-manager.conf is
         not among the files, so its user is taken to be system:cloud-controller-manager
assumed: the operator may go back from every point of the plan; faults at any moment: a manager
         crashes or loses its lease
assumed: no request to the API server takes longer than 500ms, controllers stop within 100ms of
         losing a lease, clocks run true and are not set back, no process is paused

  exclusive    inconclusive   not decided: the search was cut short
                              100 states, stopped at the limit
  covered      inconclusive   not decided: the search was cut short
                              100 states, stopped at the limit
  starts       inconclusive   not decided: the search was cut short
                              100 states, stopped at the limit
  returnable   inconclusive   not decided: the search was cut short
                              100 states, stopped at the limit
  gap          not known      not decided: the search was cut short
                              from 50 states at rest

4 of 4 properties not decided, none violated (exit 3): raise --max-states

"#]]);
}

#[test]
fn what_a_cut_short_search_found_stays_found() {
    let found = json(&[&guide("default-1.29-1.30"), "--no-symmetry", "--max-states", "50000"]);
    assert_eq!(found["exit"], 1);
    assert_eq!(verdicts(&found), ["violated", "inconclusive", "inconclusive", "inconclusive"]);
    assert_eq!(found["search"]["end"], "stateLimit");
    assert_eq!(found["fix"], Json::Null, "a search that is cut short again proves no fix");
}

#[test]
fn a_narrow_terminal_gets_narrow_text() {
    let narrow = check(&[&guide("default-1.29-1.30")]).env("COLUMNS", "60");
    let text = stdout(narrow);
    for line in text.lines().filter(|line| line.chars().count() > 60) {
        let quoted = line.contains('│') || line.contains('╭') || line.contains('·');
        let words = line.split_whitespace().filter(|word| *word != "+" && *word != "-" && *word != "=").count();
        assert!(quoted || words <= 2, "this could be broken: {line}");
    }
    let head: String =
        text.lines().take_while(|line| !line.starts_with("error")).flat_map(|line| [line, "\n"]).collect();
    snapbox::assert_data_eq!(
        head,
        str![[r#"
The default configuration, 1.29 to 1.30, gce
from: Migrate Replicated Control Plane To Use Cloud
      Controller Manager
Kubernetes 1.29 (in-tree gce) → 1.30 (external),
  cloud-provider library 0.30, gcp's
  cloud-controller-manager, 3 control-plane nodes
assumed: cloud-controller-manager: its kubeconfig
         /etc/kubernetes/cloud-controller-manager.conf is
         not among the files, so its user is taken to be
         system:cloud-controller-manager
assumed: the operator may go back from every point of the
         plan; faults at any moment: a manager crashes or
         loses its lease
assumed: no request to the API server takes longer than
         500ms, controllers stop within 100ms of losing a
         lease, clocks run true and are not set back, no
         process is paused

  exclusive    VIOLATED   service and route run in two
                          managers at once
                          116 states, complete
  covered      holds      every controller can always run
                          again
                          116 states, complete
  starts       holds      every manager starts
                          116 states, complete
  returnable   VIOLATED   a safe way back from only 15 of
                          116 states
                          116 states, complete
  gap          55.8 s     cloud-node-lifecycle runs nowhere
                          for up to 52.2 s in a step, 51.7 s
                          on the way back, 55.8 s after a
                          crash, 103.5 s if a crash comes in
                          the middle of a step
                          from 50 states at rest

How service and route can run twice at once: 9 events, no
fault needed (exclusive)
     cp-1  kube-controller-manager 1.29
           leads before the plan
           service, route, cloud-node-lifecycle and
           node-ipam ← main lease
  step 1: Grant access to the migration lease
  1        applied
  step 2: Enable leader migration in kube-controller-manager
  2  cp-1  kube-controller-manager 1.29
           is stopped for the change
           runs nothing any more
  3  cp-1  kube-controller-manager 1.29
           starts
  4  cp-1  kube-controller-manager 1.29
           takes its main lease
           service, route and node-ipam ← main lease
  5  cp-2  kube-controller-manager 1.29
           is stopped for the change
  6  cp-3  kube-controller-manager 1.29
           is stopped for the change
  step 3: Replace the nodes
  7  cp-4  node added
  8  cp-4  cloud-controller-manager 0.30
           starts
  9  cp-4  cloud-controller-manager 0.30
           takes its main lease
           service, route and cloud-node ← main lease
     ▲ from here on in two managers at once: service (cp-1
       KCM and cp-4 CCM) and route (cp-1 KCM and cp-4 CCM)

The way back is lost after 5 events in all, in step 3
(Replace the nodes): --all shows how (returnable)


"#]]
    );
}

#[test]
fn colour_only_doubles_what_words_say() {
    let coloured = stdout(check(&[&guide("default-1.29-1.30"), "--color", "always"]));
    assert!(coloured.contains("\u{1b}["), "there is colour");
    let plain = stdout(check(&[&guide("default-1.29-1.30")]));
    assert!(!plain.contains('\u{1b}'), "a pipe gets no colour");
    assert_eq!(without_escapes(&coloured), plain);
    let refused = stdout(check(&[&guide("default-1.29-1.30")]).env("NO_COLOR", "1").env("CLICOLOR_FORCE", "0"));
    assert_eq!(refused, plain);
}

fn without_escapes(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('\u{1b}') {
        out += &rest[..at];
        rest = &rest[at..];
        rest = rest.find('m').map_or("", |end| &rest[end + 1..]);
    }
    out + rest
}

#[test]
fn neither_threads_nor_symmetry_change_a_verdict() {
    let all = json(&[&guide("default-1.29-1.30")]);
    let one = json(&[&guide("default-1.29-1.30"), "--threads", "1"]);
    assert_eq!(all, one);
    let every = json(&[&guide("default-1.29-1.30"), "--no-symmetry"]);
    assert_eq!(verdicts(&every), verdicts(&all));
    assert!(every["search"]["states"].as_u64() > all["search"]["states"].as_u64());
}

fn verdicts(check: &Json) -> Vec<&str> {
    let verdicts = check["verdicts"].as_array().expect("a list");
    verdicts.iter().map(|v| v["verdict"].as_str().expect("a string")).collect()
}

#[test]
fn json_says_the_same_and_fits_its_schema() {
    let found = json(&[&guide("default-1.29-1.30")]);
    let schema = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/schema/check.v1.json"));
    let schema: Json = serde_json::from_str(&schema.expect("committed")).expect("JSON");
    assert_eq!(against(&schema, &schema, &found, "$"), [""; 0]);

    assert_eq!((&found["version"], &found["exit"]), (&Json::from(1), &Json::from(1)));
    assert_eq!(verdicts(&found), ["violated", "holds", "holds", "violated"]);
    let finding = &found["findings"][0];
    assert_eq!(finding["code"], "LM101");
    assert_eq!(finding["file"], format!("{GUIDES}/common/kcm-1.29-gce-migration/kube-controller-manager.yaml"));
    assert_eq!((&finding["line"], &finding["column"]), (&Json::from(32), &Json::from(7)));
    let last = found["counterexamples"][0]["events"].as_array().and_then(|events| events.last()).expect("events");
    assert_eq!(last["twice"], serde_json::json!(["service", "route"]));
    assert_eq!(found["fix"]["mends"], serde_json::json!(["exclusive", "returnable"]));
}

#[test]
fn the_schema_check_of_this_test_finds_what_does_not_fit() {
    let schema = serde_json::json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}});
    assert_eq!(against(&schema, &schema, &serde_json::json!({"b": 1}), "$"), ["$.a is missing", "$.b is unknown"]);
    assert_eq!(against(&schema, &schema, &serde_json::json!({"a": "x"}), "$"), ["$.a is no integer"]);
}

/// What `value` has against `schema`, as far as our own schemas go.
fn against(root: &Json, schema: &Json, value: &Json, at: &str) -> Vec<String> {
    if let Some(pointer) = schema["$ref"].as_str() {
        return against(root, root.pointer(&pointer[1..]).expect("a definition"), value, at);
    }
    for key in ["oneOf", "anyOf"] {
        if let Some(options) = schema[key].as_array() {
            let fits = options.iter().any(|option| against(root, option, value, at).is_empty());
            return if fits { vec![] } else { vec![format!("{at} fits none of {key}")] };
        }
    }
    let is = |name: &str| match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    };
    let types: Vec<&str> = match &schema["type"] {
        Json::String(name) => vec![name],
        Json::Array(names) => names.iter().filter_map(Json::as_str).collect(),
        _ => vec![],
    };
    if !types.is_empty() && !types.iter().any(|name| is(name)) {
        return vec![format!("{at} is no {}", types.join(" or "))];
    }
    let mut found = Vec::new();
    if schema.get("const").is_some_and(|constant| constant != value)
        || schema["enum"].as_array().is_some_and(|allowed| !allowed.contains(value))
    {
        found.push(format!("{at} is another value"));
    }
    if let (Some(properties), Some(fields)) = (schema["properties"].as_object(), value.as_object()) {
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str) {
            if !fields.contains_key(name) {
                found.push(format!("{at}.{name} is missing"));
            }
        }
        for (name, value) in fields {
            match properties.get(name) {
                Some(schema) => found.extend(against(root, schema, value, &format!("{at}.{name}"))),
                None => found.push(format!("{at}.{name} is unknown")),
            }
        }
    }
    for (i, item) in value.as_array().into_iter().flatten().enumerate() {
        found.extend(against(root, &schema["items"], item, &format!("{at}[{i}]")));
    }
    found
}

/// A directory of its own for one test, filled with copies of shipped manifests.
fn directory(test: &str, files: &[(&str, &str)]) -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = std::fs::remove_dir_all(&root);
    for (to, from) in files {
        let to = root.join(to);
        std::fs::create_dir_all(to.parent().expect("a file in a directory")).expect("writable");
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(GUIDES).join(from);
        std::fs::copy(&from, &to).unwrap_or_else(|error| panic!("{}: {error}", from.display()));
    }
    root
}

const BEFORE_AND_AFTER: [(&str, &str); 3] = [
    ("before/kcm.yaml", "common/kcm-1.29-gce-migration/kube-controller-manager.yaml"),
    ("after/kcm.yaml", "common/kcm-1.30-external/kube-controller-manager.yaml"),
    ("after/ccm.yaml", "common/ccm-gcp-1.30-migration/cloud-controller-manager.yaml"),
];

#[test]
fn two_directories_of_manifests_are_enough() {
    let root = directory("two_directories", &BEFORE_AND_AFTER);
    check(&["before/", "after/", "--before", "1.29", "--after", "1.30", "--nodes", "3"])
        .current_dir(&root)
        .assert()
        .code(1)
        .stderr_eq("")
        .stdout_eq(str![[r#"
before/ to after/
Kubernetes 1.29 (in-tree gce) → 1.30 (external), cloud-provider library 0.30, gcp's
  cloud-controller-manager, 3 control-plane nodes
assumed: no plan given: nodes are replaced one by one, a new one before an old one goes
assumed: no plan given: rollback is possible at any point
assumed: cloud-controller-manager: k8s.io/cloud-provider 0.30, assumed from its image tag v30.0.0
assumed: cloud-controller-manager: no role for system:cloud-controller-manager is given, so every
         right on leases is assumed
assumed: the operator may go back from every point of the plan; faults at any moment: a manager
         crashes or loses its lease
assumed: no request to the API server takes longer than 500ms, controllers stop within 100ms of
         losing a lease, clocks run true and are not set back, no process is paused

  exclusive    VIOLATED    service and route run in two managers at once      61 states, complete
  covered      VIOLATED    cloud-node-lifecycle is left without a manager     61 states, complete
                           for good
  starts       holds       every manager starts                               61 states, complete
  returnable   VIOLATED    a safe way back from only 2 of 61 states           61 states, complete
  gap          unbounded   cloud-node-lifecycle without a manager for good    from 17 states at rest
                           (covered); node-ipam runs nowhere for up to 38.3
                           s in a step; service, route and node-ipam run
                           nowhere for up to 38.3 s on the way back, 38.8 s
                           after a crash; service, route and cloud-node run
                           nowhere for up to 60.7 s if a crash comes in the
                           middle of a step

How service and route can run twice at once: 3 events, no fault needed (exclusive and returnable)
     cp-1  kube-controller-manager 1.29   leads before the plan  service, route and node-ipam ← main
                                                                 lease
  step 1: Replace the nodes
  1  cp-4                                 node added
  2  cp-4  cloud-controller-manager 0.30  starts
  3  cp-4  cloud-controller-manager 0.30  takes its main lease   service, route and cloud-node ←
                                                                 main lease
     ▲ from here on in two managers at once: service (cp-1 KCM and cp-4 CCM) and route (cp-1 KCM and
       cp-4 CCM)

How cloud-node-lifecycle can be left without a manager: 0 events, no fault needed (covered)
    cp-1  kube-controller-manager 1.29  leads before the plan  service, route and node-ipam ← main
                                                               lease
     ▲ from here on nobody can run cloud-node-lifecycle unless the operator acts

error[LM101]: the default configuration names controllers that do not exist
    ╭─[before/kcm.yaml:32:7]
 32 │     - --enable-leader-migration=true
    ·       ──────────────────────────────
    ╰────
  = kube-controller-manager 1.29 uses its built-in default configuration, which names
    route-controller, service-controller, cloud-node-lifecycle-controller: in this binary service is
    called `service-lb-controller`, route is called `node-route-controller`, so what the default
    names does not exist and they stay under the main lease
  = also after/ccm.yaml:27:7 (cloud-controller-manager 0.30)
  = more: leasehold explain LM101

error[LM301]: kube-controller-manager may not use the migration lease
    ╭─[before/kcm.yaml:16:12]
 16 │     image: registry.k8s.io/kube-controller-manager:v1.29.15
    ·            ────────────────────────────────────────────────
    ╰────
  = kube-controller-manager 1.29 may not get, update
    kube-system/cloud-provider-extraction-migration: every attempt is forbidden, it retries for
    ever, looks healthy, and never runs what is under that lease
  = more: leasehold explain LM301

Fix
  kube-controller-manager 1.29 in before/kcm.yaml:
        + --leader-migration-config=/etc/leadermigration.conf
      write /etc/leadermigration.conf, mounted into the pod:
          apiVersion: controllermanager.config.k8s.io/v1
          kind: LeaderMigrationConfiguration
          leaderName: cloud-provider-extraction-migration
          controllerLeaders:
          - name: service-lb-controller
            component: kube-controller-manager
          - name: node-route-controller
            component: kube-controller-manager
          - name: cloud-node-lifecycle-controller
            component: kube-controller-manager
      grant this to system:kube-controller-manager, in a Role and a RoleBinding in kube-system:
          - apiGroups: [coordination.k8s.io]
            resources: [leases]
            verbs: [create]
          - apiGroups: [coordination.k8s.io]
            resources: [leases]
            resourceNames: [cloud-provider-extraction-migration]
            verbs: [get, update]
  cloud-controller-manager 0.30 in after/ccm.yaml:
        + --leader-migration-config=/etc/leadermigration.conf
      write /etc/leadermigration.conf, mounted into the pod:
          apiVersion: controllermanager.config.k8s.io/v1
          kind: LeaderMigrationConfiguration
          leaderName: cloud-provider-extraction-migration
          controllerLeaders:
          - name: service-lb-controller
            component: cloud-controller-manager
          - name: node-route-controller
            component: cloud-controller-manager
          - name: cloud-node-lifecycle-controller
            component: cloud-controller-manager
  with these changes exclusive, covered and returnable hold (searched again: 72 states, complete)

Rests on
  - no lease is taken while its holder still acts: proved in dense time for client-go 0.29 and
    client-go 0.30 with 15s lease duration, 10s renew deadline, 2s retry period, as long as no
    request to the API server takes longer than 633ms (500ms assumed), under the other assumptions
    about time above
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

3 of 4 properties violated (exit 1)

"#]]);
}

/// A copy of a shipped scenario with its text changed.
fn changed_scenario(test: &str, name: &str, change: &[(&str, &str)]) -> PathBuf {
    let guides = Path::new(env!("CARGO_MANIFEST_DIR")).join(GUIDES);
    let text = std::fs::read_to_string(guides.join(name).join("scenario.yaml")).expect("shipped");
    let own = guides.join(name).display().to_string();
    let text = text.replace("../", &format!("{}/", guides.display()));
    let text = text.replace("enabled/", &format!("{own}/enabled/")).replace("[after/]", &format!("[{own}/after/]"));
    let text = change.iter().fold(text, |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    });
    let root = directory(test, &[]);
    std::fs::create_dir_all(&root).expect("writable");
    std::fs::write(root.join("scenario.yaml"), text).expect("writable");
    root
}

#[test]
fn a_controller_is_given_up_by_the_scenario_or_by_a_flag_and_is_still_exclusive() {
    let given_up = [("  givenUp: [route]", "  controllers: []")];
    let root = changed_scenario("given_up", "route-given-up-1.30-1.31", &given_up);
    let run = |args: &[&str]| {
        let output = check(&[&[".", "--format", "json"], args].concat()).current_dir(&root).output().expect("it runs");
        serde_json::from_slice::<Json>(&output.stdout).expect("JSON")
    };
    let silent = run(&[]);
    assert_eq!(verdicts(&silent), ["holds", "violated", "holds", "holds"]);
    let finding = &silent["findings"][0];
    assert_eq!((&finding["code"], &finding["couldBeGivenUp"]), (&"LM402".into(), &serde_json::json!(["route"])));
    assert_eq!(
        finding["message"],
        "--configure-cloud-routes switches route off in cloud-controller-manager (library 0.31), and no other manager \
         runs it here"
    );
    let text = stdout(check(&["."]).current_dir(&root));
    assert!(text.contains("--given-up route"), "{text}");

    let told = run(&["--given-up", "route"]);
    assert_eq!(verdicts(&told), ["holds"; 4]);
    let line = "route is given up on purpose, as --given-up says: no manager has to run it";
    assert!(told["assumptions"].as_array().expect("a list").contains(&line.into()), "{}", told["assumptions"]);
    assert_eq!(told["verdicts"][1]["why"], "every controller but route can always run again");

    // What is given up may still not run twice.
    let twice = json(&[&guide("default-1.29-1.30"), "--given-up", "route,service"]);
    assert_eq!(twice["verdicts"][0]["why"], "service and route run in two managers at once");

    check(&["a", "b", "--given-up", "routes"]).assert().code(2).stdout_eq("").stderr_eq(str![[r#"
error: invalid value 'routes' for '--given-up <CONTROLLER>'
  [possible values: service, route, cloud-node-lifecycle, cloud-node, node-ipam]

  tip: a similar value exists: 'route'

For more information, try '--help'.

"#]]);
}

#[test]
fn a_cluster_too_large_for_the_exact_search_is_inconclusive() {
    let pods = directory("too_large", &BEFORE_AND_AFTER);
    let deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ccm, namespace: kube-system}\nspec:\n  \
                      replicas: 9\n  template: {spec: {containers: [{name: ccm, image: registry.k8s.io/cloud-provider-gcp/\
                      cloud-controller-manager:v30.0.0, args: [--cloud-provider=gce]}]}}\n";
    std::fs::write(pods.join("after/ccm.yaml"), deployment).expect("writable");
    check(&["before", "after"]).current_dir(&pods).assert().code(3).stdout_eq("").stderr_eq(str![[r#"
inconclusive: the cluster is too large to search exactly: a state would take [..] bits of 128; use fewer nodes or replicas

"#]]);
}

#[test]
fn one_directory_with_before_and_after_says_the_same() {
    let root = directory("one_directory", &BEFORE_AND_AFTER);
    let one = check(&["--nodes", "3", "."]).current_dir(&root).output().expect("it runs");
    let two = check(&["--nodes", "3", "before", "after"]).current_dir(&root).output().expect("it runs");
    let table = |output: &std::process::Output| {
        let text = String::from_utf8(output.stdout.clone()).expect("text");
        text.lines().skip_while(|line| !line.starts_with("  exclusive")).take(4).collect::<Vec<_>>().join("\n")
    };
    assert!(table(&one).contains("VIOLATED"));
    assert_eq!((one.status.code(), table(&one)), (two.status.code(), table(&two)));
}

#[test]
fn standard_input_is_read() {
    let root = directory("standard_input", &BEFORE_AND_AFTER);
    let manifest = std::fs::read_to_string(root.join("before/kcm.yaml")).expect("copied");
    let piped =
        check(&["-", "after", "--format", "json"]).current_dir(&root).stdin(manifest).output().expect("it runs");
    let found: Json = serde_json::from_slice(&piped.stdout).expect("JSON");
    assert_eq!(verdicts(&found)[0], "violated");
    assert_eq!(found["findings"][0]["file"], "<stdin>");
}

#[test]
fn bad_input_is_shown_all_at_once() {
    let root = directory("bad_input", &[]);
    std::fs::create_dir_all(&root).expect("writable");
    std::fs::write(root.join("kcm.yaml"), "kind: Pod\nspec:\n\tcontainers: []\n").expect("writable");
    let scenario = "apiVersion: leasehold/v1alpha1\nkind: Scenario\nmetadata: {name: bad}\n\
                    before: {kubernetes: \"1.19\", manifest: [kcm.yaml]}\nplan:\n- {title: Go, action: restart}\n";
    std::fs::write(root.join("scenario.yaml"), scenario).expect("writable");
    check(&["."]).current_dir(&root).assert().code(2).stdout_eq("").stderr_eq(str![[r#"
  × unknown field `manifest`
   ╭─[./scenario.yaml:4:30]
 3 │ metadata: {name: bad}
 4 │ before: {kubernetes: "1.19", manifest: [kcm.yaml]}
   ·                              ────┬───
   ·                                  ╰── did you mean `manifests`?
 5 │ plan:
   ╰────
  × missing field `manifests`
   ╭─[./scenario.yaml:4:10]
 3 │ metadata: {name: bad}
 4 │ before: {kubernetes: "1.19", manifest: [kcm.yaml]}
   ·          ─────┬────
   ·               ╰── this mapping needs `manifests`
 5 │ plan:
   ╰────
  × unknown value `restart`
   ╭─[./scenario.yaml:6:23]
 5 │ plan:
 6 │ - {title: Go, action: restart}
   ·                       ───┬───
   ·                          ╰── expected one of apply, edit, replaceNodes, cordon, uncordon
   ╰────
3 errors, nothing was checked (exit 2)

"#]]);
}

#[test]
fn what_is_not_there_is_bad_input() {
    check(&["nowhere/"]).assert().code(2).stdout_eq("").stderr_eq(str![[r#"
  × cannot read nowhere/: no such file or directory
1 error, nothing was checked (exit 2)

"#]]);
}

#[test]
fn a_release_outside_the_known_range_is_refused() {
    check(&["a", "b", "--before", "1.20"]).assert().code(2).stdout_eq("").stderr_eq(str![[r#"
error: invalid value '1.20' for '--before <RELEASE>': leasehold knows 1.21 to 1.37

For more information, try '--help'.

"#]]);
}

#[test]
fn a_verdict_that_the_scenario_does_not_expect_is_pointed_out() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(GUIDES);
    let text = std::fs::read_to_string(root.join("default-1.29-1.30/scenario.yaml")).expect("shipped");
    let text = text.replace("../", &format!("{}/", root.display())).replace("exclusive: violated", "exclusive: holds");
    let here = directory("unexpected", &[]);
    std::fs::create_dir_all(&here).expect("writable");
    std::fs::write(here.join("scenario.yaml"), text).expect("writable");
    let output = stdout(check(&["scenario.yaml"]).current_dir(&here));
    let table: Vec<&str> = output.lines().skip_while(|line| !line.starts_with("  exclusive")).take(2).collect();
    assert!(table[1].trim_start().starts_with("expected: holds."), "{table:?}");
    assert!(output.ends_with("2 of 4 properties violated (exit 1); 1 verdict is not what the scenario expects\n"));
}

#[test]
fn a_gap_longer_than_expected_is_a_violation() {
    let expect = |expected: &str| {
        let gap = format!("  returnable: holds\n  gap: {expected}\n");
        let change = [("  returnable: holds\n", gap.as_str())];
        let root = changed_scenario("gap", "canonical-names-1.30-1.31", &change);
        check(&[root.to_str().expect("UTF-8")])
    };
    expect("{atMost: 45s}").assert().code(1).stderr_eq("").stdout_eq(str![[r#"
The names the binaries know, 1.30 to 1.31, gce
from: Migrate Replicated Control Plane To Use Cloud Controller Manager
Kubernetes 1.30 (in-tree gce) → 1.31 (external), cloud-provider library 0.31, gcp's
  cloud-controller-manager, 3 control-plane nodes
assumed: cloud-controller-manager: its kubeconfig /etc/kubernetes/cloud-controller-manager.conf is
         not among the files, so its user is taken to be system:cloud-controller-manager
assumed: the operator may go back from every point of the plan; faults at any moment: a manager
         crashes or loses its lease
assumed: no request to the API server takes longer than 500ms, controllers stop within 100ms of
         losing a lease, clocks run true and are not set back, no process is paused

  exclusive    holds      no cloud controller runs in two managers            116 states, complete
  covered      holds      every controller can always run again               116 states, complete
  starts       holds      every manager starts                                116 states, complete
  returnable   holds      a safe way back from every point of the plan        116 states, complete
  gap          VIOLATED   service, route and cloud-node-lifecycle run         from 50 states at rest
                          nowhere for up to 52.2 s in a step, 51.7 s on the
                          way back, 55.8 s after a crash, 103.5 s if a
                          crash comes in the middle of a step; expected at
                          most 45 s

How service, route and cloud-node-lifecycle come to run nowhere for 55.8 s after a crash (gap)
  at rest (after 17 events): cloud-controller-manager 0.31 on cp-4 runs service, route and
    cloud-node-lifecycle
   0.0 s  cp-4  cloud-controller-manager 0.31  crashes (fault)
  11.0 s  cp-4  cloud-controller-manager 0.31  starts
  32.4 s  cp-4  cloud-controller-manager 0.31  takes its main lease
  53.8 s  cp-4  cloud-controller-manager 0.31  takes the migration lease
  55.8 s                                       service, route and cloud-node-lifecycle act again

Rests on
  - no lease is taken while its holder still acts: proved in dense time for client-go 0.30 and
    client-go 0.31 with 15s lease duration, 10s renew deadline, 2s retry period, as long as no
    request to the API server takes longer than 633ms (500ms assumed), under the other assumptions
    about time above
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

1 of 5 properties violated (exit 1); 1 verdict is not what the scenario expects

"#]]);
    let last = |command: Command| stdout(command).lines().last().map(String::from).expect("a line");
    assert_eq!(last(expect("{atMost: 60s}")), "all 5 properties hold (exit 0); as the scenario expects");
    let with_crash = last(expect("{atMost: 60s, atMostWithCrashInStep: 60s}"));
    assert_eq!(with_crash, "1 of 5 properties violated (exit 1); 1 verdict is not what the scenario expects");
}

#[test]
fn start_up_times_are_told_by_the_scenario() {
    let told = "assume: {rollback: none, faults: [], startUp: {afterEdit: 1s, ofNode: 1m30s, ofControllers: 0s}}\n";
    let change = [("assume: {rollback: anywhere, faults: [crash]}\n", told)];
    let root = changed_scenario("start-up", "canonical-names-1.30-1.31", &change);
    let found = json(&[root.to_str().expect("UTF-8")]);
    let causes = found["gap"]["worst"].as_array().expect("a list").iter().map(|worst| &worst["cause"]);
    assert!(causes.clone().all(|cause| cause == "step") && causes.count() > 0);
    let rests_on = found["gap"]["restsOn"][0].as_str().expect("a sentence");
    for told in ["1 s after it stops for an edit", "11 s after a crash", "90 s after its node", "act within 0 s"] {
        assert!(rests_on.contains(told), "{told}: {rests_on}");
    }
}

#[test]
fn wrong_durations_are_shown_with_their_place() {
    let change = [
        ("faults: [crash]", "faults: [crash], startUp: {afterEdit: soon, ofNode: -3s, later: 1s}"),
        ("  returnable: holds\n", "  returnable: holds\n  gap: {atMost: 45}\n"),
    ];
    let root = changed_scenario("wrong-durations", "canonical-names-1.30-1.31", &change);
    check(&["scenario.yaml"]).current_dir(root).assert().code(2).stdout_eq("").stderr_eq(str![[r#"
  × `soon` is no duration
    ╭─[scenario.yaml:27:68]
 26 │   manifests: [..]
 27 │ assume: {rollback: anywhere, faults: [crash], startUp: {afterEdit: soon, ofNode: -3s, later: 1s}}
    ·                                                                    ──┬─
    ·                                                                      ╰── expected a duration such as 45s, 1m30s or 500ms
 28 │ expect:
    ╰────
  × `-3s` is no duration
    ╭─[scenario.yaml:27:82]
 26 │   manifests: [..]
 27 │ assume: {rollback: anywhere, faults: [crash], startUp: {afterEdit: soon, ofNode: -3s, later: 1s}}
    ·                                                                                  ─┬─
    ·                                                                                   ╰── expected a duration such as 45s, 1m30s or 500ms
 28 │ expect:
    ╰────
  × unknown field `later`
    ╭─[scenario.yaml:27:87]
 26 │   manifests: [..]
 27 │ assume: {rollback: anywhere, faults: [crash], startUp: {afterEdit: soon, ofNode: -3s, later: 1s}}
    ·                                                                                       ──┬──
    ·                                                                                         ╰── expected one of afterCrash, afterEdit, ofControllers, ofNode
 28 │ expect:
    ╰────
  × `45` is no duration
    ╭─[scenario.yaml:33:17]
 32 │   returnable: holds
 33 │   gap: {atMost: 45}
    ·                 ─┬
    ·                  ╰── expected a duration such as 45s, 1m30s or 500ms
    ╰────
4 errors, nothing was checked (exit 2)

"#]]);
}

#[test]
fn a_reader_that_stops_reading_is_no_failure() {
    let mut child = Process::new(cargo_bin!("leasehold"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["check", &guide("default-1.29-1.30")])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("it runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(1), ""));
}
