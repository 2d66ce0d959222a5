//! `leasehold rehearse`: whole screens, character by character. `SNAPSHOTS=overwrite cargo test --test rehearse` writes them
//! anew.

use serde_json::Value as Json;
use snapbox::cmd::{Command, cargo_bin};
use snapbox::str;

const GUIDES: &str = "scenarios/library/guides/kubernetes";

/// `leasehold rehearse` of a guide with these arguments, in the project's directory, in a pipe of 100 columns.
fn rehearse(guide: &str, args: &[&str]) -> Command {
    Command::new(cargo_bin!("leasehold"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .env("COLUMNS", "100")
        .args(["rehearse", &format!("{GUIDES}/{guide}")])
        .args(args)
}

fn json(guide: &str, args: &[&str]) -> Json {
    let output = rehearse(guide, &[args, &["--format", "json"]].concat()).output().expect("it runs");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn the_guide_can_be_undone_from_every_point() {
    rehearse("guide-1.21-1.22", &[]).assert().code(0).stderr_eq("").stdout_eq(str![[r#"
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

  from              safe   moves      gap      way back
  before the plan   yes    0          none     nothing to undo
  after step 1      yes    1          none     undo step 1
  in step 2         yes    2 to 3     51.7 s   undo what is done of step 2, then step 1
  after step 2      yes    4          51.7 s   undo steps 2 and 1
  in step 3         yes    5 to 9     51.7 s   undo what is done of step 3, then steps 2 and 1
  after step 3      yes    10         51.7 s   undo steps 3, 2 and 1
  in step 4         yes    11 to 12   51.7 s   undo what is done of step 4, then steps 3, 2 and 1
  after step 4      yes    13         51.7 s   undo steps 4, 3, 2 and 1
  The naive way back (step by step in reverse, place by place in any order, waiting for nothing) is
  safe wherever there is a safe one, whatever crashes on the way.

Without a manager for up to, after each move, one thing at a time
  undo step 4 (Disable leader migration in cloud-controller-manager): service, route and
    cloud-node-lifecycle 50.2 s; cloud-node 28.8 s
  undo step 3 (Replace the nodes): service, route and cloud-node-lifecycle 51.7 s; node-ipam 38.3 s;
    cloud-node 28.3 s
  undo step 2 (Enable leader migration in kube-controller-manager): service, route and
    cloud-node-lifecycle 51.7 s; node-ipam 38.8 s
  undo step 1 (Grant access to the migration lease): none

Looks right, is not (after steps 3 and 4): the files of before the plan put back in one go, leader
  migration off as it was then
     cp-1  kube-controller-manager 1.22   leads after step 3    node-ipam ← main lease
     cp-1  cloud-controller-manager 0.22  leads after step 3    cloud-node ← main lease; service,
                                                                route and cloud-node-lifecycle ←
                                                                migration lease
  step 1: Put the files of before the plan back
  1  cp-4                                 node added
  2  cp-4  kube-controller-manager 1.21   starts
  3  cp-1  kube-controller-manager 1.22   crashes (fault)       runs nothing any more
  4  cp-4  kube-controller-manager 1.21   takes its main lease  service, route, cloud-node-lifecycle
                                                                and node-ipam ← main lease
     ▲ from here on in two managers at once: service (cp-1 CCM and cp-4 KCM), route (cp-1 CCM and
       cp-4 KCM) and cloud-node-lifecycle (cp-1 CCM and cp-4 KCM)

Looks right, is not (after steps 2, 3 and 4): the steps undone in the order of the plan, not in
  reverse
     cp-1  kube-controller-manager 1.22   leads after step 3    node-ipam ← main lease
     cp-1  cloud-controller-manager 0.22  leads after step 3    cloud-node ← main lease; service,
                                                                route and cloud-node-lifecycle ←
                                                                migration lease
  step 1: Undo step 1: Grant access to the migration lease
  1                                       applied
  step 2: Undo step 2: Enable leader migration in kube-controller-manager
  2                                       applied
  step 3: Undo step 3: Replace the nodes
  3  cp-4                                 node added
  4  cp-4  kube-controller-manager 1.21   starts
  5  cp-1  kube-controller-manager 1.22   crashes (fault)       runs nothing any more
  6  cp-4  kube-controller-manager 1.21   takes its main lease  service, route, cloud-node-lifecycle
                                                                and node-ipam ← main lease
     ▲ from here on in two managers at once: service (cp-1 CCM and cp-4 KCM), route (cp-1 CCM and
       cp-4 KCM) and cloud-node-lifecycle (cp-1 CCM and cp-4 KCM)

Rests on
  - no lease is taken while its holder still acts: proved in dense time for client-go 0.21 with 15s
    lease duration, 10s renew deadline, 2s retry period, as long as no request to the API server
    takes longer than 949ms (500ms assumed), under the other assumptions about time above
  - nobody edits or deletes a lease by hand
  - a step of the plan begins after the step before it is complete
  - a cloud-controller-manager behaves as the k8s.io/cloud-provider release named above
  - the managers have the rights that the files grant and that Kubernetes bootstraps, and no others
  - faults may come at any moment of the way back, any number of times, but not for ever
  - every state that can be reached was judged, half done and with processes down: 116 states, equal
    ones counted once
  - gap: requests are answered within 0.5 s; a manager runs again within 16 s after it stops for an
    edit, 11 s after a crash, 300 s after its node is added or replaced; controllers act within 2 s
    of their lease, 10 s later if node IPAM of 1.30 or older starts before them (assume.startUp in a
    scenario)
  - gap: unless said otherwise one thing at a time: each node of a step, and each fault, comes when
    every lease has its leader and every manager has looked at it; nothing is paused, clocks are
    exact, and a manager that dies leaves no request behind

a safe way back from all 8 points (exit 0)

"#]]);
}

#[test]
fn the_default_configuration_has_a_point_of_no_return() {
    rehearse("default-1.29-1.30", &[]).assert().code(0).stderr_eq("").stdout_eq(str![[r#"
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

  from              safe   moves    gap      way back
  before the plan   yes    0        none     nothing to undo
  after step 1      yes    1        none     undo step 1
  in step 2         yes    2 to 3   51.7 s   undo what is done of step 2, then step 1
  after step 2      yes    4        51.7 s   undo steps 2 and 1
  in step 3         NO                       none: service and route may run in two managers,
                                             whatever is undone
  after step 3      NO                       none: service and route may run in two managers,
                                             whatever is undone
  in step 4         NO                       none: service and route may run in two managers,
                                             whatever is undone
  after step 4      NO                       none: service and route may run in two managers,
                                             whatever is undone
  The naive way back (step by step in reverse, place by place in any order, waiting for nothing) is
  safe wherever there is a safe one, whatever crashes on the way.

Without a manager for up to, after each move, one thing at a time
  undo step 2 (Enable leader migration in kube-controller-manager): cloud-node-lifecycle 51.7 s;
    service, route and node-ipam 38.8 s
  undo step 1 (Grant access to the migration lease): none

The point of no return: in step 3. Every way back from there may run a controller twice
     cp-1  kube-controller-manager 1.29   leads before the plan      service, route,
                                                                     cloud-node-lifecycle and
                                                                     node-ipam ← main lease
  step 1: Grant access to the migration lease
  1                                       applied
  step 2: Enable leader migration in kube-controller-manager
  2  cp-1  kube-controller-manager 1.29   is stopped for the change  runs nothing any more
  3  cp-2  kube-controller-manager 1.29   is stopped for the change
  4  cp-3  kube-controller-manager 1.29   is stopped for the change
  step 3: Replace the nodes
  5  cp-4                                 node added
     ▲ from here on no way back avoids an overlap; the shortest that runs into it:
  6  cp-4  cloud-controller-manager 0.30  starts
  7  cp-4  cloud-controller-manager 0.30  takes its main lease       service, route and cloud-node ←
                                                                     main lease
  8  cp-1  kube-controller-manager 1.29   starts
  9  cp-1  kube-controller-manager 1.29   takes its main lease       service, route and node-ipam ←
                                                                     main lease
     ▲ from here on in two managers at once: service (cp-1 KCM and cp-4 CCM) and route (cp-1 KCM and
       cp-4 CCM)

Looks right, is not (after step 2): the steps undone in the order of the plan, not in reverse
     cp-1  kube-controller-manager 1.29  leads after step 2  service, route and node-ipam ← main
                                                             lease; cloud-node-lifecycle ← migration
                                                             lease
  step 1: Undo step 1: Grant access to the migration lease
  1                                      applied
  2  cp-1  kube-controller-manager 1.29  exits               runs nothing any more
     ▲ from here on nobody can run cloud-node-lifecycle unless the operator acts

Rests on
  - no lease is taken while its holder still acts: proved in dense time for client-go 0.29 and
    client-go 0.30 with 15s lease duration, 10s renew deadline, 2s retry period, as long as no
    request to the API server takes longer than 633ms (500ms assumed), under the other assumptions
    about time above
  - nobody edits or deletes a lease by hand
  - a step of the plan begins after the step before it is complete
  - a cloud-controller-manager behaves as the k8s.io/cloud-provider release named above
  - the managers have the rights that the files grant and that Kubernetes bootstraps, and no others
  - faults may come at any moment of the way back, any number of times, but not for ever
  - every state that can be reached was judged, half done and with processes down: 116 states, equal
    ones counted once
  - gap: requests are answered within 0.5 s; a manager runs again within 16 s after it stops for an
    edit, 11 s after a crash, 300 s after its node is added or replaced; controllers act within 2 s
    of their lease, 10 s later if node IPAM of 1.30 or older starts before them (assume.startUp in a
    scenario)
  - gap: unless said otherwise one thing at a time: each node of a step, and each fault, comes when
    every lease has its leader and every manager has looked at it; nothing is paused, clocks are
    exact, and a manager that dies leaves no request behind

no safe way back from 4 of 8 points, as the scenario expects (exit 0)

"#]]);
}

#[test]
fn a_cloud_controller_manager_is_upgraded_and_downgraded() {
    rehearse("ccm-upgrade-0.33-0.36-daemonset-3", &[]).assert().code(0).stderr_eq("").stdout_eq(str![[r#"
A DaemonSet of three cloud-controller-managers upgraded, library 0.33 to 0.36
from: kubernetes/cloud-provider-aws:charts/aws-cloud-controller-manager@v1.36.0
Kubernetes 1.34 (external), cloud-provider library 0.33 → 0.36, aws's cloud-controller-manager, 3
  control-plane nodes, 3 replicas of ccm
assumed: the operator may go back from every point of the plan; faults at any moment: a manager
         crashes or loses its lease
assumed: no request to the API server takes longer than 500ms, controllers stop within 100ms of
         losing a lease, clocks run true and are not set back, no process is paused

  from              safe   moves    gap      way back
  before the plan   yes    0        none     nothing to undo
  in step 1         yes    1 to 2   28.8 s   undo what is done of step 1
  after step 1      yes    3        28.8 s   undo step 1
  The naive way back (step by step in reverse, place by place in any order, waiting for nothing) is
  safe wherever there is a safe one, whatever crashes on the way.

Without a manager for up to, after each move, one thing at a time
  undo step 1 (Upgrade cloud-controller-manager): service, route, cloud-node-lifecycle and
    cloud-node 28.8 s

Rests on
  - no lease is taken while its holder still acts: proved in dense time for client-go 0.34 and
    client-go 0.33 with 15s lease duration, 10s renew deadline, 2s retry period, as long as no
    request to the API server takes longer than 633ms (500ms assumed), under the other assumptions
    about time above
  - nobody edits or deletes a lease by hand
  - a step of the plan begins after the step before it is complete
  - a cloud-controller-manager behaves as the k8s.io/cloud-provider release named above
  - the managers have the rights that the files grant and that Kubernetes bootstraps, and no others
  - faults may come at any moment of the way back, any number of times, but not for ever
  - every state that can be reached was judged, half done and with processes down: 20 states, equal
    ones counted once
  - gap: requests are answered within 0.5 s; a manager runs again within 16 s after it stops for an
    edit, 11 s after a crash, 300 s after its node is added or replaced; controllers act within 2 s
    of their lease, 10 s later if node IPAM of 1.30 or older starts before them (assume.startUp in a
    scenario)
  - gap: unless said otherwise one thing at a time: each node of a step, and each fault, comes when
    every lease has its leader and every manager has looked at it; nothing is paused, clocks are
    exact, and a manager that dies leaves no request behind

a safe way back from all 3 points (exit 0)

"#]]);
}

#[test]
fn node_ipam_goes_back() {
    rehearse("node-ipam-1.33-1.34-migrated", &[]).assert().code(0).stderr_eq("").stdout_eq(str![[r#"
Node IPAM moved correctly, 1.33 to 1.34, gce
from: Migrate Replicated Control Plane To Use Cloud Controller Manager, section "Special case:
      migrating the Node IPAM controller"
Kubernetes 1.33 (external) → 1.34 (external), cloud-provider library 0.31 → 0.34, gcp's
  cloud-controller-manager, 3 control-plane nodes
assumed: cloud-controller-manager: its kubeconfig /etc/kubernetes/cloud-controller-manager.conf is
         not among the files, so its user is taken to be system:cloud-controller-manager
assumed: the operator may go back from every point of the plan; faults at any moment: a manager
         crashes or loses its lease
assumed: no request to the API server takes longer than 500ms, controllers stop within 100ms of
         losing a lease, clocks run true and are not set back, no process is paused

  from              safe   moves      gap      way back
  before the plan   yes    0          none     nothing to undo
  after step 1      yes    1          none     undo step 1
  in step 2         yes    2 to 3     51.7 s   undo what is done of step 2, then step 1
  after step 2      yes    4          51.7 s   undo steps 2 and 1
  in step 3         yes    5 to 6     51.7 s   undo what is done of step 3, then steps 2 and 1
  after step 3      yes    7          51.7 s   undo steps 3, 2 and 1
  in step 4         yes    8 to 12    59.7 s   undo what is done of step 4, then steps 3, 2 and 1
  after step 4      yes    13         59.7 s   undo steps 4, 3, 2 and 1
  in step 5         yes    14 to 15   60.2 s   undo what is done of step 5, then steps 4, 3, 2 and 1
  after step 5      yes    16         60.2 s   undo steps 5, 4, 3, 2 and 1
  The naive way back (step by step in reverse, place by place in any order, waiting for nothing) is
  safe wherever there is a safe one, whatever crashes on the way.

Without a manager for up to, after each move, one thing at a time
  undo step 5 (Disable leader migration in cloud-controller-manager): node-ipam 60.2 s; service,
    route, cloud-node-lifecycle and cloud-node 38.3 s
  undo step 4 (Replace the nodes): node-ipam 59.7 s; service, route, cloud-node-lifecycle and
    cloud-node 28.3 s
  undo step 3 (Let cloud-controller-manager contend for it): node-ipam 38.8 s; service, route,
    cloud-node-lifecycle and cloud-node 28.8 s
  undo step 2 (Put node IPAM of kube-controller-manager under the migration lease): node-ipam 51.7 s
  undo step 1 (Grant kube-controller-manager access to the migration lease): none

Looks right, is not (after steps 3, 4 and 5): the files of before the plan put back in one go,
  leader migration off as it was then
     cp-1  kube-controller-manager 1.33   leads after step 3         node-ipam ← migration lease
     cp-1  cloud-controller-manager 0.31  leads after step 3         service, route,
                                                                     cloud-node-lifecycle and
                                                                     cloud-node ← main lease
  step 1: Put the files of before the plan back
  1  cp-1  kube-controller-manager 1.33   is stopped for the change  runs nothing any more
  2  cp-1  kube-controller-manager 1.33   starts
  3  cp-1  kube-controller-manager 1.33   takes its main lease       node-ipam ← main lease
  4  cp-1  cloud-controller-manager 0.31  takes the migration lease  node-ipam ← migration lease
     ▲ from here on in two managers at once: node-ipam (cp-1 KCM and cp-1 CCM)

Looks right, is not (after steps 3, 4 and 5): the steps undone in the order of the plan, not in
  reverse
     cp-1  kube-controller-manager 1.33   leads after step 3         node-ipam ← migration lease
     cp-1  cloud-controller-manager 0.31  leads after step 3         service, route,
                                                                     cloud-node-lifecycle and
                                                                     cloud-node ← main lease
  step 1: Undo step 1: Grant kube-controller-manager access to the migration lease
  1                                       applied
  step 2: Undo step 2: Put node IPAM of kube-controller-manager under the migration lease
  2  cp-1  kube-controller-manager 1.33   is stopped for the change  runs nothing any more
  3  cp-1  kube-controller-manager 1.33   starts
  4  cp-1  kube-controller-manager 1.33   takes its main lease       node-ipam ← main lease
  5  cp-1  cloud-controller-manager 0.31  takes the migration lease  node-ipam ← migration lease
     ▲ from here on in two managers at once: node-ipam (cp-1 KCM and cp-1 CCM)

Rests on
  - no lease is taken while its holder still acts: proved in dense time for client-go 0.33,
    client-go 0.34 and client-go 0.31 with 15s lease duration, 10s renew deadline, 2s retry period,
    as long as no request to the API server takes longer than 633ms (500ms assumed), under the other
    assumptions about time above
  - nobody edits or deletes a lease by hand
  - a step of the plan begins after the step before it is complete
  - a cloud-controller-manager behaves as the k8s.io/cloud-provider release named above
  - the managers have the rights that the files grant and that Kubernetes bootstraps, and no others
  - faults may come at any moment of the way back, any number of times, but not for ever
  - every state that can be reached was judged, half done and with processes down: 242 states, equal
    ones counted once
  - gap: requests are answered within 0.5 s; a manager runs again within 16 s after it stops for an
    edit, 11 s after a crash, 300 s after its node is added or replaced; controllers act within 2 s
    of their lease, 10 s later if node IPAM of 1.30 or older starts before them (assume.startUp in a
    scenario)
  - gap: unless said otherwise one thing at a time: each node of a step, and each fault, comes when
    every lease has its leader and every manager has looked at it; nothing is paused, clocks are
    exact, and a manager that dies leaves no request behind

a safe way back from all 10 points (exit 0)

"#]]);
}

#[test]
fn from_a_manager_that_crash_loops_the_way_back_is_safe_and_has_no_figures() {
    rehearse("removed-provider", &[]).assert().code(0).stderr_eq("").stdout_eq(str![[r#"
A provider that is gone, 1.26 to 1.27, aws
from: Migrate Replicated Control Plane To Use Cloud Controller Manager
Kubernetes 1.26 (in-tree aws) → 1.27 (aws, which it does not have), cloud-provider library 0.27,
  aws's cloud-controller-manager, 3 control-plane nodes
assumed: cloud-controller-manager: its kubeconfig /etc/kubernetes/cloud-controller-manager.conf is
         not among the files, so its user is taken to be system:cloud-controller-manager
assumed: the operator may go back from every point of the plan; faults at any moment: a manager
         crashes or loses its lease
assumed: no request to the API server takes longer than 500ms, controllers stop within 100ms of
         losing a lease, clocks run true and are not set back, no process is paused

  from              safe   moves      gap         way back
  before the plan   yes    0          none        nothing to undo
  after step 1      yes    1          not known   undo step 1
  in step 2         yes    2 to 3     not known   undo what is done of step 2, then step 1
  after step 2      yes    4          not known   undo steps 2 and 1
  in step 3         yes    5 to 9     not known   undo what is done of step 3, then steps 2 and 1
                                                  (at worst already there: kube-controller-manager
                                                  1.27 refuses to start)
  after step 3      yes    10         not known   undo steps 3, 2 and 1 (at worst already there:
                                                  node-ipam is left without a manager, and
                                                  kube-controller-manager 1.27 refuses to start)
  in step 4         yes    11 to 12   not known   undo what is done of step 4, then steps 3, 2 and 1
                                                  (at worst already there: node-ipam is left without
                                                  a manager, and kube-controller-manager 1.27
                                                  refuses to start)
  after step 4      yes    13         not known   undo steps 4, 3, 2 and 1 (at worst already there:
                                                  node-ipam is left without a manager, and
                                                  kube-controller-manager 1.27 refuses to start)
  The naive way back (step by step in reverse, place by place in any order, waiting for nothing) is
  safe wherever there is a safe one, whatever crashes on the way.

Without a manager for up to, after each move, one thing at a time
  undo step 4 (Disable leader migration in cloud-controller-manager): not known
  undo step 3 (Replace the nodes): not known
  undo step 2 (Enable leader migration in kube-controller-manager): not known
  undo step 1 (Grant access to the migration lease): not known
  no bound is known: kube-controller-manager 1.27 takes a lease and exits, again and again

Looks right, is not (after steps 3 and 4): the files of before the plan put back in one go, leader
  migration off as it was then
     cp-1  cloud-controller-manager 0.27  leads after step 3    cloud-node ← main lease; service,
                                                                route and cloud-node-lifecycle ←
                                                                migration lease
  1  cp-1  kube-controller-manager 1.27   exits
  step 1: Put the files of before the plan back
  2  cp-4                                 node added
  3  cp-4  kube-controller-manager 1.26   starts
  4  cp-4  kube-controller-manager 1.26   takes its main lease  service, route, cloud-node-lifecycle
                                                                and node-ipam ← main lease
     ▲ from here on in two managers at once: service (cp-1 CCM and cp-4 KCM), route (cp-1 CCM and
       cp-4 KCM) and cloud-node-lifecycle (cp-1 CCM and cp-4 KCM)

Looks right, is not (after steps 2, 3 and 4): the steps undone in the order of the plan, not in
  reverse
     cp-1  cloud-controller-manager 0.27  leads after step 3    cloud-node ← main lease; service,
                                                                route and cloud-node-lifecycle ←
                                                                migration lease
  1  cp-1  kube-controller-manager 1.27   exits
  step 1: Undo step 1: Grant access to the migration lease
  2                                       applied
  step 2: Undo step 2: Enable leader migration in kube-controller-manager
  3                                       applied
  step 3: Undo step 3: Replace the nodes
  4  cp-4                                 node added
  5  cp-4  kube-controller-manager 1.26   starts
  6  cp-4  kube-controller-manager 1.26   takes its main lease  service, route, cloud-node-lifecycle
                                                                and node-ipam ← main lease
     ▲ from here on in two managers at once: service (cp-1 CCM and cp-4 KCM), route (cp-1 CCM and
       cp-4 KCM) and cloud-node-lifecycle (cp-1 CCM and cp-4 KCM)

Rests on
  - no lease is taken while its holder still acts: proved in dense time for client-go 0.26 and
    client-go 0.27 with 15s lease duration, 10s renew deadline, 2s retry period, as long as no
    request to the API server takes longer than 949ms (500ms assumed), under the other assumptions
    about time above
  - nobody edits or deletes a lease by hand
  - a step of the plan begins after the step before it is complete
  - a cloud-controller-manager behaves as the k8s.io/cloud-provider release named above
  - the managers have the rights that the files grant and that Kubernetes bootstraps, and no others
  - faults may come at any moment of the way back, any number of times, but not for ever
  - every state that can be reached was judged, half done and with processes down: 116 states, equal
    ones counted once

a safe way back from all 8 points (exit 0)

"#]]);
}

#[test]
fn a_plan_in_the_wrong_order_can_be_undone_only_with_an_outage() {
    rehearse("same-version-1.26-provider-first", &[]).assert().code(0).stderr_eq("").stdout_eq(str![[r#"
The same in the wrong order, aws
from: Migrate Replicated Control Plane To Use Cloud Controller Manager
Kubernetes 1.26 (in-tree aws) → 1.26 (external), cloud-provider library 0.26, aws's
  cloud-controller-manager, 3 control-plane nodes
assumed: cloud-controller-manager: its kubeconfig /etc/kubernetes/cloud-controller-manager.conf is
         not among the files, so its user is taken to be system:cloud-controller-manager
assumed: the operator may go back from every point of the plan; faults at any moment: a manager
         crashes or loses its lease
assumed: no request to the API server takes longer than 500ms, controllers stop within 100ms of
         losing a lease, clocks run true and are not set back, no process is paused

  from              safe   moves      gap         way back
  before the plan   yes    0          none        nothing to undo
  after step 1      yes    1          none        undo step 1
  in step 2         yes    2 to 3     51.7 s      undo what is done of step 2, then step 1
  after step 2      yes    4          51.7 s      undo steps 2 and 1
  in step 3         yes    5 to 6     51.7 s      undo what is done of step 3, then steps 2 and 1
                                                  (at worst already there: service, route and
                                                  cloud-node-lifecycle are left without a manager)
  after step 3      yes    7          51.7 s      undo steps 3, 2 and 1 (at worst already there:
                                                  service, route and cloud-node-lifecycle are left
                                                  without a manager)
  in step 4         NO     8 to 9     unbounded   undo what is done of step 4, then steps 3, 2 and
                                                  1; but service, route and cloud-node-lifecycle are
                                                  left without a manager until step 3 is undone
  after step 4      NO     10         unbounded   undo steps 4, 3, 2 and 1; but service, route and
                                                  cloud-node-lifecycle are left without a manager
                                                  until step 3 is undone
  in step 5         NO     11 to 12   unbounded   undo what is done of step 5, then steps 4, 3, 2
                                                  and 1; but service, route and cloud-node-lifecycle
                                                  are left without a manager until step 3 is undone
  after step 5      NO     13         unbounded   undo steps 5, 4, 3, 2 and 1; but service, route
                                                  and cloud-node-lifecycle are left without a
                                                  manager until step 3 is undone
  The naive way back (step by step in reverse, place by place in any order, waiting for nothing) is
  safe wherever there is a safe one, whatever crashes on the way.

Without a manager for up to, after each move, one thing at a time
  undo step 5 (Disable leader migration in cloud-controller-manager): service, route and
    cloud-node-lifecycle 50.2 s; cloud-node 28.8 s
  undo step 4 (Add cloud-controller-manager with leader migration): service, route and
    cloud-node-lifecycle unbounded; cloud-node 28.3 s
  undo step 3 (Take the provider from kube-controller-manager): node-ipam 38.8 s
  undo step 2 (Enable leader migration in kube-controller-manager): service, route and
    cloud-node-lifecycle 51.7 s; node-ipam 38.8 s
  undo step 1 (Grant access to the migration lease): none

No clean way back in step 4
     cp-1  kube-controller-manager 1.26  leads before the plan      service, route,
                                                                    cloud-node-lifecycle and
                                                                    node-ipam ← main lease
  step 1: Grant access to the migration lease
  1                                      applied
  step 2: Enable leader migration in kube-controller-manager
  2  cp-1  kube-controller-manager 1.26  is stopped for the change  runs nothing any more
  3  cp-2  kube-controller-manager 1.26  is stopped for the change
  4  cp-3  kube-controller-manager 1.26  is stopped for the change
  step 3: Take the provider from kube-controller-manager
  5  cp-1  kube-controller-manager       is put in place
  6  cp-2  kube-controller-manager       is put in place
  7  cp-3  kube-controller-manager       is put in place
  step 4: Add cloud-controller-manager with leader migration
  8  cp-1  cloud-controller-manager      is put in place
  undo step 4: Add cloud-controller-manager with leader migration
  9  cp-1  cloud-controller-manager      is taken away
     ▲ from here on nobody can run service, route and cloud-node-lifecycle unless the operator acts

Looks right, is not (after steps 4 and 5): the files of before the plan put back in one go, leader
  migration off as it was then
     cp-1  kube-controller-manager 1.26   leads after step 4         node-ipam ← main lease
     cp-1  cloud-controller-manager 0.26  leads after step 4         cloud-node ← main lease;
                                                                     service, route and
                                                                     cloud-node-lifecycle ←
                                                                     migration lease
  step 1: Put the files of before the plan back
  1  cp-1  kube-controller-manager 1.26   is stopped for the change  runs nothing any more
  2  cp-1  kube-controller-manager 1.26   starts
  3  cp-1  kube-controller-manager 1.26   takes its main lease       service, route,
                                                                     cloud-node-lifecycle and
                                                                     node-ipam ← main lease
     ▲ from here on in two managers at once: service (cp-1 KCM and cp-1 CCM), route (cp-1 KCM and
       cp-1 CCM) and cloud-node-lifecycle (cp-1 KCM and cp-1 CCM)

Looks right, is not (after steps 2, 4 and 5): the steps undone in the order of the plan, not in
  reverse
     cp-1  kube-controller-manager 1.26   leads after step 4         node-ipam ← main lease
     cp-1  cloud-controller-manager 0.26  leads after step 4         cloud-node ← main lease;
                                                                     service, route and
                                                                     cloud-node-lifecycle ←
                                                                     migration lease
  step 1: Undo step 1: Grant access to the migration lease
  1                                       applied
  step 2: Undo step 2: Enable leader migration in kube-controller-manager
  2                                       applied
  step 3: Undo step 3: Take the provider from kube-controller-manager
  3  cp-1  kube-controller-manager 1.26   is stopped for the change  runs nothing any more
  4  cp-1  kube-controller-manager 1.26   starts
  5  cp-1  kube-controller-manager 1.26   takes its main lease       service, route,
                                                                     cloud-node-lifecycle and
                                                                     node-ipam ← main lease
     ▲ from here on in two managers at once: service (cp-1 KCM and cp-1 CCM), route (cp-1 KCM and
       cp-1 CCM) and cloud-node-lifecycle (cp-1 KCM and cp-1 CCM)

Looks right, is not (after step 4): the last step undone, and nothing else
     cp-1  kube-controller-manager 1.26   leads after step 4         node-ipam ← main lease
     cp-1  cloud-controller-manager 0.26  leads after step 4         cloud-node ← main lease;
                                                                     service, route and
                                                                     cloud-node-lifecycle ←
                                                                     migration lease
  step 1: Undo step 4: Add cloud-controller-manager with leader migration
  1  cp-1  cloud-controller-manager 0.26  is stopped for the change  runs nothing any more
  2  cp-2  cloud-controller-manager 0.26  is stopped for the change
  3  cp-3  cloud-controller-manager 0.26  is stopped for the change
     ▲ from here on nobody can run service, route and cloud-node-lifecycle unless the operator acts

Rests on
  - no lease is taken while its holder still acts: proved in dense time for client-go 0.26 with 15s
    lease duration, 10s renew deadline, 2s retry period, as long as no request to the API server
    takes longer than 949ms (500ms assumed), under the other assumptions about time above
  - nobody edits or deletes a lease by hand
  - a step of the plan begins after the step before it is complete
  - a cloud-controller-manager behaves as the k8s.io/cloud-provider release named above
  - the managers have the rights that the files grant and that Kubernetes bootstraps, and no others
  - faults may come at any moment of the way back, any number of times, but not for ever
  - every state that can be reached was judged, half done and with processes down: 85 states, equal
    ones counted once
  - gap: requests are answered within 0.5 s; a manager runs again within 16 s after it stops for an
    edit, 11 s after a crash, 300 s after its node is added or replaced; controllers act within 2 s
    of their lease, 10 s later if node IPAM of 1.30 or older starts before them (assume.startUp in a
    scenario)
  - gap: unless said otherwise one thing at a time: each node of a step, and each fault, comes when
    every lease has its leader and every manager has looked at it; nothing is paused, clocks are
    exact, and a manager that dies leaves no request behind

no safe way back from 4 of 10 points, as the scenario expects (exit 0)

"#]]);
}

#[test]
fn the_table_for_a_change_ticket() {
    rehearse("default-1.29-1.30", &["--format", "markdown"]).assert().code(0).stderr_eq("").stdout_eq(str![[r#"
# Way back: The default configuration, 1.29 to 1.30, gce

Kubernetes 1.29 (in-tree gce) → 1.30 (external), cloud-provider library 0.30, gcp's cloud-controller-manager, 3 control-plane nodes. **No safe way back from 4 of 8 points, as the scenario expects (exit 0)**.

1. Grant access to the migration lease
2. Enable leader migration in kube-controller-manager
3. Replace the nodes
4. Disable leader migration in cloud-controller-manager

| from | safe | moves | without a manager for up to | way back |
|---|---|---|---|---|
| before the plan | yes | 0 | none | nothing to undo |
| after step 1 | yes | 1 | none | undo step 1 |
| in step 2 | yes | 2 to 3 | 51.7 s | undo what is done of step 2, then step 1 |
| after step 2 | yes | 4 | 51.7 s | undo steps 2 and 1 |
| in step 3 | **NO** |  |  | none: service and route may run in two managers, whatever is undone |
| after step 3 | **NO** |  |  | none: service and route may run in two managers, whatever is undone |
| in step 4 | **NO** |  |  | none: service and route may run in two managers, whatever is undone |
| after step 4 | **NO** |  |  | none: service and route may run in two managers, whatever is undone |

The naive way back (step by step in reverse, place by place in any order, waiting for nothing) is safe wherever there is a safe one, whatever crashes on the way.

| undoing | without a manager for up to, after each move |
|---|---|
| step 2 | cloud-node-lifecycle 51.7 s; service, route and node-ipam 38.8 s |
| step 1 | none |

**Not like this**, although it looks right:

* the steps undone in the order of the plan, not in reverse (after step 2): cloud-node-lifecycle is left without a manager.

Point of no return: in step 3.

Rests on:

* no lease is taken while its holder still acts: proved in dense time for client-go 0.29 and client-go 0.30 with 15s lease duration, 10s renew deadline, 2s retry period, as long as no request to the API server takes longer than 633ms (500ms assumed), under the other assumptions about time above
* nobody edits or deletes a lease by hand
* a step of the plan begins after the step before it is complete
* a cloud-controller-manager behaves as the k8s.io/cloud-provider release named above
* the managers have the rights that the files grant and that Kubernetes bootstraps, and no others
* faults may come at any moment of the way back, any number of times, but not for ever
* every state that can be reached was judged, half done and with processes down: 116 states, equal ones counted once
* gap: requests are answered within 0.5 s; a manager runs again within 16 s after it stops for an edit, 11 s after a crash, 300 s after its node is added or replaced; controllers act within 2 s of their lease, 10 s later if node IPAM of 1.30 or older starts before them (assume.startUp in a scenario)
* gap: unless said otherwise one thing at a time: each node of a step, and each fault, comes when every lease has its leader and every manager has looked at it; nothing is paused, clocks are exact, and a manager that dies leaves no request behind
* assumed: cloud-controller-manager: its kubeconfig /etc/kubernetes/cloud-controller-manager.conf is not among the files, so its user is taken to be system:cloud-controller-manager
* assumed: the operator may go back from every point of the plan; faults at any moment: a manager crashes or loses its lease
* assumed: no request to the API server takes longer than 500ms, controllers stop within 100ms of losing a lease, clocks run true and are not set back, no process is paused

"#]]);
}

#[test]
fn the_runbook_has_the_files_and_the_commands_of_the_plan() {
    rehearse("guide-1.21-1.22", &["--format", "runbook"]).assert().code(0).stderr_eq("").stdout_eq(str![[r#"
# Way back: The Kubernetes guide as printed, 1.21 to 1.22

Find where you are, then undo step by step, the last step first. One node or object at a time; do not begin the next before what must be seen is seen.

* **before the plan**: nothing to undo
* **after step 1**: undo step 1
* **in step 2**: undo what is done of step 2, then step 1; without a manager for up to 51.7 s after a move
* **after step 2**: undo steps 2 and 1; without a manager for up to 51.7 s after a move
* **in step 3**: undo what is done of step 3, then steps 2 and 1; without a manager for up to 51.7 s after a move
* **after step 3**: undo steps 3, 2 and 1; without a manager for up to 51.7 s after a move
* **in step 4**: undo what is done of step 4, then steps 3, 2 and 1; without a manager for up to 51.7 s after a move
* **after step 4**: undo steps 4, 3, 2 and 1; without a manager for up to 51.7 s after a move

**Not like this**, although it looks right:

* the files of before the plan put back in one go, leader migration off as it was then (after steps 3 and 4): service, route and cloud-node-lifecycle run in two managers.
* the steps undone in the order of the plan, not in reverse (after steps 2, 3 and 4): service, route and cloud-node-lifecycle run in two managers.

## Before the plan begins

Have the files that are named below at hand on every control-plane node. `/etc/kubernetes/manifests` is where kubeadm has the kubelet look for static pods; use your own directory.

The plan overwrites objects that Kubernetes made itself. Keep them as they are now:

```sh
kubectl -n kube-system get role/system::leader-locking-kube-controller-manager -o yaml > before-role-system--leader-locking-kube-controller-manager.yaml
```

## Undo step 4: Disable leader migration in cloud-controller-manager

On each control-plane node that has it, one at a time, in any order:

```sh
sudo cp scenarios/library/guides/kubernetes/guide-1.21-1.22/after/etc/leadermigration.conf /etc/leadermigration.conf
sudo cp scenarios/library/guides/kubernetes/guide-1.21-1.22/after/cloud-controller-manager.yaml /etc/kubernetes/manifests/cloud-controller-manager.yaml
```

Must be seen after each move, before the next: every lease has a holder and is renewed every few seconds.

```sh
kubectl -n kube-system get lease kube-controller-manager cloud-controller-manager cloud-provider-extraction-migration -o custom-columns=NAME:.metadata.name,HOLDER:.spec.holderIdentity,RENEWED:.spec.renewTime
```

Without a manager for up to: service, route and cloud-node-lifecycle 50.2 s; cloud-node 28.8 s. Longer than that is not expected: look at the logs.

No manager may be in CrashLoopBackOff: `kubectl -n kube-system get pods -o wide | grep controller-manager`.

## Undo step 3: Replace the nodes

One node at a time: add a node of Kubernetes 1.21 with `scenarios/library/guides/kubernetes/guide-1.21-1.22/enabled/kube-controller-manager.yaml`, wait, then remove one of those of 1.22. On the new node, before its kubelet starts:

```sh
sudo cp scenarios/library/guides/kubernetes/guide-1.21-1.22/enabled/etc/leadermigration.conf /etc/leadermigration.conf
sudo cp scenarios/library/guides/kubernetes/guide-1.21-1.22/enabled/kube-controller-manager.yaml /etc/kubernetes/manifests/kube-controller-manager.yaml
```

Must be seen after each move, before the next: every lease has a holder and is renewed every few seconds.

```sh
kubectl -n kube-system get lease kube-controller-manager cloud-provider-extraction-migration cloud-controller-manager -o custom-columns=NAME:.metadata.name,HOLDER:.spec.holderIdentity,RENEWED:.spec.renewTime
```

Without a manager for up to: service, route and cloud-node-lifecycle 51.7 s; node-ipam 38.3 s; cloud-node 28.3 s. Longer than that is not expected: look at the logs.

No manager may be in CrashLoopBackOff: `kubectl -n kube-system get pods -o wide | grep controller-manager`.

## Undo step 2: Enable leader migration in kube-controller-manager

On each control-plane node that has it, one at a time, in any order:

```sh
sudo cp scenarios/library/guides/kubernetes/guide-1.21-1.22/before/kube-controller-manager.yaml /etc/kubernetes/manifests/kube-controller-manager.yaml
sudo rm /etc/leadermigration.conf   # once the new container runs
```

Must be seen after each move, before the next: every lease has a holder and is renewed every few seconds.

```sh
kubectl -n kube-system get lease kube-controller-manager cloud-provider-extraction-migration -o custom-columns=NAME:.metadata.name,HOLDER:.spec.holderIdentity,RENEWED:.spec.renewTime
```

Without a manager for up to: service, route and cloud-node-lifecycle 51.7 s; node-ipam 38.8 s. Longer than that is not expected: look at the logs.

No manager may be in CrashLoopBackOff: `kubectl -n kube-system get pods -o wide | grep controller-manager`.

## Undo step 1: Grant access to the migration lease

```sh
kubectl auth reconcile --remove-extra-permissions -f before-role-system--leader-locking-kube-controller-manager.yaml
```

Must be seen before the next step: every lease has a holder and is renewed every few seconds.

```sh
kubectl -n kube-system get lease kube-controller-manager -o custom-columns=NAME:.metadata.name,HOLDER:.spec.holderIdentity,RENEWED:.spec.renewTime
```

"#]]);
}

#[test]
fn the_runbook_of_a_workload_applies_what_was_there_before() {
    let guide = "ccm-upgrade-0.33-0.36-daemonset-3-migration-on";
    rehearse(guide, &["--format", "runbook", "--from", "1"]).assert().code(0).stderr_eq("").stdout_eq(str![[r#"
# Way back: The same with leader migration still on

Find where you are, then undo step by step, the last step first. One node or object at a time; do not begin the next before what must be seen is seen.

* **in step 1**: undo what is done of step 1; without a manager for up to 50.2 s after a move
* **after step 1**: undo step 1; without a manager for up to 50.2 s after a move

## Undo step 1: Upgrade cloud-controller-manager

```sh
kubectl apply -f scenarios/library/guides/kubernetes/common/ccm-aws-daemonset-0.33-migration/cloud-controller-manager.yaml
kubectl -n kube-system rollout status daemonset/aws-cloud-controller-manager
```

Must be seen after each move, before the next: every lease has a holder and is renewed every few seconds.

```sh
kubectl -n kube-system get lease kube-controller-manager cloud-controller-manager cloud-provider-extraction-migration -o custom-columns=NAME:.metadata.name,HOLDER:.spec.holderIdentity,RENEWED:.spec.renewTime
```

Without a manager for up to: cloud-node-lifecycle 50.2 s; service, route and cloud-node 28.8 s. Longer than that is not expected: look at the logs.

No manager may be in CrashLoopBackOff: `kubectl -n kube-system get pods -o wide | grep controller-manager`.

"#]]);
}

#[test]
fn one_step_and_every_run_of_it() {
    rehearse("guide-1.21-1.22", &["--from", "2", "--all"]).assert().code(0).stderr_eq("").stdout_eq(str![[r#"
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

  from           safe   moves    gap      way back
  in step 2      yes    2 to 3   51.7 s   undo what is done of step 2, then step 1
  after step 2   yes    4        51.7 s   undo steps 2 and 1
  The naive way back (step by step in reverse, place by place in any order, waiting for nothing) is
  safe wherever there is a safe one, whatever crashes on the way.

Without a manager for up to, after each move, one thing at a time
  undo step 2 (Enable leader migration in kube-controller-manager): service, route and
    cloud-node-lifecycle 51.7 s; node-ipam 38.8 s
  undo step 1 (Grant access to the migration lease): none

Looks right, is not (after step 2): the steps undone in the order of the plan, not in reverse
     cp-1  kube-controller-manager 1.21  leads after step 2  node-ipam ← main lease; service, route
                                                             and cloud-node-lifecycle ← migration
                                                             lease
  step 1: Undo step 1: Grant access to the migration lease
  1                                      applied
  2  cp-1  kube-controller-manager 1.21  exits               runs nothing any more
     ▲ from here on nobody can run service, route and cloud-node-lifecycle unless the operator acts

One way back, in step 2: 3 moves
      cp-1  kube-controller-manager 1.21  leads before the plan      service, route,
                                                                     cloud-node-lifecycle and
                                                                     node-ipam ← main lease
  step 1: Grant access to the migration lease
   1                                      applied
  step 2: Enable leader migration in kube-controller-manager
   2  cp-2  kube-controller-manager 1.21  is stopped for the change
   3  cp-2  kube-controller-manager 1.21  starts
   4  cp-3  kube-controller-manager 1.21  is stopped for the change
   5  cp-3  kube-controller-manager 1.21  starts
  undo step 2: Enable leader migration in kube-controller-manager
   6  cp-2  kube-controller-manager 1.21  is stopped for the change
   7  cp-2  kube-controller-manager 1.21  starts
   8  cp-3  kube-controller-manager 1.21  is stopped for the change
   9  cp-3  kube-controller-manager 1.21  starts
  undo step 1: Grant access to the migration lease
  10                                      taken back

One way back, after step 2: 4 moves
      cp-1  kube-controller-manager 1.21  leads before the plan      service, route,
                                                                     cloud-node-lifecycle and
                                                                     node-ipam ← main lease
  step 1: Grant access to the migration lease
   1                                      applied
  step 2: Enable leader migration in kube-controller-manager
   2  cp-1  kube-controller-manager 1.21  is stopped for the change  runs nothing any more
   3  cp-1  kube-controller-manager 1.21  starts
   4  cp-1  kube-controller-manager 1.21  takes its main lease       node-ipam ← main lease
   5  cp-1  kube-controller-manager 1.21  takes the migration lease  service, route and
                                                                     cloud-node-lifecycle ←
                                                                     migration lease
   6  cp-2  kube-controller-manager 1.21  is stopped for the change
   7  cp-2  kube-controller-manager 1.21  starts
   8  cp-3  kube-controller-manager 1.21  is stopped for the change
   9  cp-3  kube-controller-manager 1.21  starts
  undo step 2: Enable leader migration in kube-controller-manager
  10  cp-1  kube-controller-manager 1.21  is stopped for the change  runs nothing any more
  11  cp-1  kube-controller-manager 1.21  starts
  12  cp-1  kube-controller-manager 1.21  takes its main lease       service, route,
                                                                     cloud-node-lifecycle and
                                                                     node-ipam ← main lease
  13  cp-2  kube-controller-manager 1.21  is stopped for the change
  14  cp-2  kube-controller-manager 1.21  starts
  15  cp-3  kube-controller-manager 1.21  is stopped for the change
  16  cp-3  kube-controller-manager 1.21  starts
  undo step 1: Grant access to the migration lease
  17                                      taken back

Rests on
  - no lease is taken while its holder still acts: proved in dense time for client-go 0.21 with 15s
    lease duration, 10s renew deadline, 2s retry period, as long as no request to the API server
    takes longer than 949ms (500ms assumed), under the other assumptions about time above
  - nobody edits or deletes a lease by hand
  - a step of the plan begins after the step before it is complete
  - a cloud-controller-manager behaves as the k8s.io/cloud-provider release named above
  - the managers have the rights that the files grant and that Kubernetes bootstraps, and no others
  - faults may come at any moment of the way back, any number of times, but not for ever
  - every state that can be reached was judged, half done and with processes down: 116 states, equal
    ones counted once
  - gap: requests are answered within 0.5 s; a manager runs again within 16 s after it stops for an
    edit, 11 s after a crash, 300 s after its node is added or replaced; controllers act within 2 s
    of their lease, 10 s later if node IPAM of 1.30 or older starts before them (assume.startUp in a
    scenario)
  - gap: unless said otherwise one thing at a time: each node of a step, and each fault, comes when
    every lease has its leader and every manager has looked at it; nothing is paused, clocks are
    exact, and a manager that dies leaves no request behind

a safe way back from all 2 points (exit 0)

"#]]);
}

/// What the table of a guide says, by hand: three places of an edit are three moves, three nodes with surge are six.
#[test]
fn points_states_and_moves_are_in_the_json() {
    let found = json("guide-1.21-1.22", &[]);
    assert_eq!((&found["version"], &found["exit"], &found["pointOfNoReturn"]), (&1.into(), &0.into(), &Json::Null));
    let points = found["points"].as_array().expect("points");
    let moves: Vec<(&str, u64, u64)> = points
        .iter()
        .map(|p| {
            let at = |i: usize| p["moves"][i].as_u64().expect("a number");
            (p["from"].as_str().expect("text"), at(0), at(1))
        })
        .collect();
    let expected = [
        ("before the plan", 0, 0),
        ("after step 1", 1, 1),
        ("in step 2", 2, 3),
        ("after step 2", 4, 4),
        ("in step 3", 5, 9),
        ("after step 3", 10, 10),
        ("in step 4", 11, 12),
        ("after step 4", 13, 13),
    ];
    assert_eq!(moves, expected);
    let states: u64 = points.iter().map(|p| p["states"].as_u64().expect("a number")).sum();
    assert_eq!(Json::from(states), found["states"]);
    assert!(points.iter().all(|p| p["safeStates"] == p["states"] && p["naiveIsSafe"] == Json::Bool(true)));
    let kinds: Vec<(&Json, &Json)> =
        found["wrongWays"].as_array().expect("ways").iter().map(|w| (&w["kind"], &w["from"])).collect();
    let named = |kind: &'static str, from: &'static str| (Json::from(kind), Json::from(from));
    let expected = [
        named("planOrder", "after step 2"),
        named("straight", "after step 3"),
        named("planOrder", "after step 3"),
        named("straight", "after step 4"),
        named("planOrder", "after step 4"),
    ];
    assert_eq!(kinds, expected.iter().map(|(kind, from)| (kind, from)).collect::<Vec<_>>());
}

/// The figures are those of `check`, step by step: none is longer than the longest there, and one is as long.
#[test]
fn the_longest_gap_is_that_of_check() {
    let any: &[&str] = &["--reply-delay", "any"];
    let guides: [(&str, &[&str]); 5] = [
        ("guide-1.21-1.22", &[]),
        ("default-1.26-1.27", &[]),
        ("default-1.26-1.27", any),
        ("node-ipam-1.33-1.34-migrated", &[]),
        ("same-version-1.26", &[]),
    ];
    for (guide, args) in guides {
        let found = json(guide, args);
        let steps = found["steps"].as_array().expect("steps").iter();
        let all = steps.flat_map(|step| step["undoing"].as_array().expect("known").iter());
        let longest = all.map(|outage| outage["seconds"].as_f64().expect("bounded")).fold(0.0, f64::max);
        let check = Command::new(cargo_bin!("leasehold"))
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .args(["check", &format!("{GUIDES}/{guide}"), "--format", "json"])
            .args(args)
            .output()
            .expect("it runs");
        let check: Json = serde_json::from_slice(&check.stdout).expect("JSON");
        let worst = check["gap"]["worst"].as_array().expect("figures").iter().filter(|w| w["cause"] == "wayBack");
        let expected = worst.map(|worst| worst["seconds"].as_f64().expect("bounded")).fold(0.0, f64::max);
        assert!(longest > 10.0, "{guide}");
        assert_eq!(longest.to_bits(), expected.to_bits(), "{guide}: {longest} {expected}");
    }
}

#[test]
fn a_gap_that_is_too_long_is_no_safe_way_back() {
    let found = json("guide-1.21-1.22", &["--max-gap", "51s"]);
    let verdicts: Vec<&str> =
        found["points"].as_array().expect("points").iter().map(|p| p["verdict"].as_str().expect("text")).collect();
    assert_eq!(verdicts, ["safe", "safe", "tooLong", "tooLong", "tooLong", "tooLong", "tooLong", "tooLong"]);
    assert_eq!(found["exit"], 1);
    assert_eq!(json("guide-1.21-1.22", &["--max-gap", "52s"])["exit"], 0);
    // Without figures nothing can be said of it.
    assert_eq!(json("removed-provider", &["--max-gap", "60s"])["exit"], 3);
}

#[test]
fn a_search_that_is_cut_short_is_inconclusive() {
    let found = json("guide-1.21-1.22", &["--max-states", "50"]);
    assert_eq!((&found["exit"], &found["end"]), (&3.into(), &"stateLimit".into()));
    assert_eq!(found["points"], Json::Array(Vec::new()));
    let shown = rehearse("guide-1.21-1.22", &["--max-states", "50"]).assert().code(3).get_output().stdout.clone();
    let shown = String::from_utf8(shown).expect("text");
    assert!(
        shown.ends_with("not decided: the search stopped at the limit after 50 states (exit 3): raise --max-states\n")
    );
}

/// Two directories declare nothing: the provider moves without leader migration.
#[test]
fn without_a_scenario_no_way_back_is_a_violation() {
    let after = format!("{GUIDES}/common/ccm-aws-1.27");
    let before = format!("{GUIDES}/common/kcm-1.26-aws");
    let output = Command::new(cargo_bin!("leasehold"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["rehearse", &before, &after, "--before", "1.26", "--after", "1.27"])
        .output()
        .expect("it runs");
    let shown = String::from_utf8(output.stdout).expect("text");
    assert_eq!(output.status.code(), Some(1), "{shown}");
    assert!(shown.ends_with("no safe way back from 2 of 3 points (exit 1)\n"), "{shown}");
}

/// Every cloud-controller-manager has to be gone before the first kube-controller-manager with the provider comes back. Where
/// nobody gives the controllers up for that time, that does harm.
#[test]
fn where_the_order_decides_it_is_said() {
    let shown = |args: &[&str]| {
        Command::new(cargo_bin!("leasehold"))
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .env("COLUMNS", "100")
            .args(["rehearse", "tests/rehearse/without-migration.yaml", "--from", "1"])
            .args(args)
            .assert()
    };
    shown(&[]).code(1).stderr_eq("").stdout_eq(str![[r#"
The provider moves in one step without leader migration, aws
Kubernetes 1.26 (in-tree aws) → 1.26 (external), cloud-provider library 0.26, aws's
  cloud-controller-manager, 2 control-plane nodes
assumed: cloud-controller-manager: no role for system:cloud-controller-manager is given, so every
         right on leases is assumed
assumed: the operator may go back from every point of the plan; faults at any moment: a manager
         crashes or loses its lease
assumed: no request to the API server takes longer than 500ms, controllers stop within 100ms of
         losing a lease, clocks run true and are not set back, no process is paused

  from           safe   moves   gap         way back
  in step 1      NO                         none from 32 of 43 states: service, route and
                                            cloud-node-lifecycle may run in two managers, whatever
                                            is undone
  after step 1   NO     4       unbounded   in this order: undo step 1 of cloud-controller-manager
                                            on cp-1 and cp-2; undo step 1 of kube-controller-manager
                                            on cp-1 and cp-2; but service, route and
                                            cloud-node-lifecycle are left without a manager until
                                            step 1 is undone

Without a manager for up to, after each move, one thing at a time
  undo step 1 (Move the provider): service, route and cloud-node-lifecycle unbounded; node-ipam 38.8
    s; cloud-node 28.3 s

No clean way back after step 1
     cp-1  kube-controller-manager 1.26  leads before the plan      service, route,
                                                                    cloud-node-lifecycle and
                                                                    node-ipam ← main lease
  step 1: Move the provider
  1  cp-1  kube-controller-manager 1.26  is stopped for the change  runs nothing any more
  2  cp-1  cloud-controller-manager      is put in place
  3  cp-2  kube-controller-manager 1.26  is stopped for the change
  4  cp-2  cloud-controller-manager      is put in place
  undo step 1: Move the provider
  5  cp-1  cloud-controller-manager      is taken away
  6  cp-2  cloud-controller-manager      is taken away
     ▲ from here on nobody can run service, route and cloud-node-lifecycle unless the operator acts

No way back in step 1
     cp-1  kube-controller-manager 1.26   leads before the plan  service, route,
                                                                 cloud-node-lifecycle and node-ipam
                                                                 ← main lease
  step 1: Move the provider
  1  cp-1  cloud-controller-manager       is put in place
     ▲ from here on no way back avoids an overlap; the shortest that runs into it:
  2  cp-1  cloud-controller-manager 0.26  starts
  3  cp-1  cloud-controller-manager 0.26  takes its main lease   service, route,
                                                                 cloud-node-lifecycle and cloud-node
                                                                 ← main lease
     ▲ from here on in two managers at once: service (cp-1 KCM and cp-1 CCM), route (cp-1 KCM and
       cp-1 CCM) and cloud-node-lifecycle (cp-1 KCM and cp-1 CCM)

Looks right, is not (after step 1): the last step undone, and nothing else
     cp-1  kube-controller-manager 1.26   leads after step 1         node-ipam ← main lease
     cp-1  cloud-controller-manager 0.26  leads after step 1         service, route,
                                                                     cloud-node-lifecycle and
                                                                     cloud-node ← main lease
  step 1: Undo step 1: Move the provider
  1  cp-1  kube-controller-manager 1.26   is stopped for the change  runs nothing any more
  2  cp-1  kube-controller-manager 1.26   starts
  3  cp-1  kube-controller-manager 1.26   takes its main lease       service, route,
                                                                     cloud-node-lifecycle and
                                                                     node-ipam ← main lease
     ▲ from here on in two managers at once: service (cp-1 KCM and cp-1 CCM), route (cp-1 KCM and
       cp-1 CCM) and cloud-node-lifecycle (cp-1 KCM and cp-1 CCM)

no safe way back from 2 of 2 points (exit 1)

"#]]);
    let given_up = "--given-up=service,route,cloud-node-lifecycle,cloud-node";
    shown(&[given_up]).code(1).stderr_eq("").stdout_eq(str![[r#"
The provider moves in one step without leader migration, aws
Kubernetes 1.26 (in-tree aws) → 1.26 (external), cloud-provider library 0.26, aws's
  cloud-controller-manager, 2 control-plane nodes
assumed: cloud-controller-manager: no role for system:cloud-controller-manager is given, so every
         right on leases is assumed
assumed: service is given up on purpose, as --given-up says: no manager has to run it
assumed: route is given up on purpose, as --given-up says: no manager has to run it
assumed: cloud-node-lifecycle is given up on purpose, as --given-up says: no manager has to run it
assumed: cloud-node is given up on purpose, as --given-up says: no manager has to run it
assumed: the operator may go back from every point of the plan; faults at any moment: a manager
         crashes or loses its lease
assumed: no request to the API server takes longer than 500ms, controllers stop within 100ms of
         losing a lease, clocks run true and are not set back, no process is paused

  from           safe   moves   gap      way back
  in step 1      NO                      none from 32 of 43 states: service, route and
                                         cloud-node-lifecycle may run in two managers, whatever is
                                         undone
  after step 1   yes    4       38.8 s   in this order: undo step 1 of cloud-controller-manager on
                                         cp-1 and cp-2; undo step 1 of kube-controller-manager on
                                         cp-1 and cp-2
  The naive way back (step by step in reverse, place by place in any order, waiting for nothing) is
  NOT safe after step 1.

Without a manager for up to, after each move, one thing at a time
  undo step 1 (Move the provider): node-ipam 38.8 s

No way back in step 1
     cp-1  kube-controller-manager 1.26   leads before the plan  service, route,
                                                                 cloud-node-lifecycle and node-ipam
                                                                 ← main lease
  step 1: Move the provider
  1  cp-1  cloud-controller-manager       is put in place
     ▲ from here on no way back avoids an overlap; the shortest that runs into it:
  2  cp-1  cloud-controller-manager 0.26  starts
  3  cp-1  cloud-controller-manager 0.26  takes its main lease   service, route,
                                                                 cloud-node-lifecycle and cloud-node
                                                                 ← main lease
     ▲ from here on in two managers at once: service (cp-1 KCM and cp-1 CCM), route (cp-1 KCM and
       cp-1 CCM) and cloud-node-lifecycle (cp-1 KCM and cp-1 CCM)

How the naive way back fails after step 1
     cp-1  kube-controller-manager 1.26   leads before the plan      service, route,
                                                                     cloud-node-lifecycle and
                                                                     node-ipam ← main lease
  step 1: Move the provider
  1  cp-1  kube-controller-manager 1.26   is stopped for the change  runs nothing any more
  2  cp-1  cloud-controller-manager       is put in place
  3  cp-2  kube-controller-manager 1.26   is stopped for the change
  4  cp-2  cloud-controller-manager       is put in place
  5  cp-1  cloud-controller-manager 0.26  starts
  6  cp-1  cloud-controller-manager 0.26  takes its main lease       service, route,
                                                                     cloud-node-lifecycle and
                                                                     cloud-node ← main lease
  undo step 1: Move the provider
  7  cp-1  kube-controller-manager        is put in place
  8  cp-1  kube-controller-manager 1.26   starts
  9  cp-1  kube-controller-manager 1.26   takes its main lease       service, route,
                                                                     cloud-node-lifecycle and
                                                                     node-ipam ← main lease
     ▲ from here on in two managers at once: service (cp-1 KCM and cp-1 CCM), route (cp-1 KCM and
       cp-1 CCM) and cloud-node-lifecycle (cp-1 KCM and cp-1 CCM)

Looks right, is not (after step 1): the last step undone, and nothing else
     cp-1  kube-controller-manager 1.26   leads after step 1         node-ipam ← main lease
     cp-1  cloud-controller-manager 0.26  leads after step 1         service, route,
                                                                     cloud-node-lifecycle and
                                                                     cloud-node ← main lease
  step 1: Undo step 1: Move the provider
  1  cp-1  kube-controller-manager 1.26   is stopped for the change  runs nothing any more
  2  cp-1  kube-controller-manager 1.26   starts
  3  cp-1  kube-controller-manager 1.26   takes its main lease       service, route,
                                                                     cloud-node-lifecycle and
                                                                     node-ipam ← main lease
     ▲ from here on in two managers at once: service (cp-1 KCM and cp-1 CCM), route (cp-1 KCM and
       cp-1 CCM) and cloud-node-lifecycle (cp-1 KCM and cp-1 CCM)

Rests on
  - no lease is taken while its holder still acts: proved in dense time for client-go 0.26 with 15s
    lease duration, 10s renew deadline, 2s retry period, as long as no request to the API server
    takes longer than 949ms (500ms assumed), under the other assumptions about time above
  - nobody edits or deletes a lease by hand
  - a step of the plan begins after the step before it is complete
  - a cloud-controller-manager behaves as the k8s.io/cloud-provider release named above
  - the managers have the rights that the files grant and that Kubernetes bootstraps, and no others
  - faults may come at any moment of the way back, any number of times, but not for ever
  - every state that can be reached was judged, half done and with processes down: 50 states, equal
    ones counted once
  - gap: requests are answered within 0.5 s; a manager runs again within 16 s after it stops for an
    edit, 11 s after a crash, 300 s after its node is added or replaced; controllers act within 2 s
    of their lease, 10 s later if node IPAM of 1.30 or older starts before them (assume.startUp in a
    scenario)
  - gap: unless said otherwise one thing at a time: each node of a step, and each fault, comes when
    every lease has its leader and every manager has looked at it; nothing is paused, clocks are
    exact, and a manager that dies leaves no request behind

no safe way back from 1 of 2 points (exit 1)

"#]]);
    shown(&[given_up, "--format", "runbook"]).code(1).stderr_eq("").stdout_eq(str![[r#"
# Way back: The provider moves in one step without leader migration, aws

Find where you are, then undo step by step, the last step first. One node or object at a time; do not begin the next before what must be seen is seen.

* **in step 1**: **do not go back**: none from 32 of 43 states: service, route and cloud-node-lifecycle may run in two managers, whatever is undone
* **after step 1**: in this order: undo step 1 of cloud-controller-manager on cp-1 and cp-2; undo step 1 of kube-controller-manager on cp-1 and cp-2; without a manager for up to 38.8 s after a move

**Not like this**, although it looks right:

* the last step undone, and nothing else (after step 1): service, route and cloud-node-lifecycle run in two managers.

## Before the plan begins

Have the files that are named below at hand on every control-plane node. `/etc/kubernetes/manifests` is where kubeadm has the kubelet look for static pods; use your own directory.

## Undo step 1: Move the provider

**The order matters**: keep to the one at the top. If another manager comes to lead than `leasehold rehearse --all` shows, or one crashes, rehearse again from there before the next move.

kube-controller-manager of a node, when its turn has come:

```sh
sudo cp scenarios/library/guides/kubernetes/common/kcm-1.26-aws/kube-controller-manager.yaml /etc/kubernetes/manifests/kube-controller-manager.yaml
```

cloud-controller-manager of a node, when its turn has come:

```sh
sudo rm /etc/kubernetes/manifests/cloud-controller-manager.yaml
```


Must be seen after each move, before the next: every lease has a holder and is renewed every few seconds.

```sh
kubectl -n kube-system get lease kube-controller-manager cloud-controller-manager -o custom-columns=NAME:.metadata.name,HOLDER:.spec.holderIdentity,RENEWED:.spec.renewTime
```

Without a manager for up to: node-ipam 38.8 s. Longer than that is not expected: look at the logs.

No manager may be in CrashLoopBackOff: `kubectl -n kube-system get pods -o wide | grep controller-manager`.

"#]]);
}

#[test]
fn bad_usage_is_refused() {
    let wrong = rehearse("guide-1.21-1.22", &["--from", "9"]).assert().code(2).stdout_eq("");
    wrong.stderr_eq("error: --from 9: expected a step of the plan, 0 to 4\n");
    rehearse("guide-1.21-1.22", &["--max-gap", "60"]).assert().code(2).stdout_eq("").stderr_eq(str![[r#"
error: invalid value '60' for '--max-gap <DURATION>': expected a duration such as 60s or 1m30s

For more information, try '--help'.

"#]]);
}

/// Where leases are neither proved nor refuted in time, nothing is called safe.
#[test]
fn leases_that_are_not_proved_are_not_relied_on() {
    let output = Command::new(cargo_bin!("leasehold"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["rehearse", "scenarios/library/hazards/H7-release-on-exit", "--format", "json"])
        .output()
        .expect("it runs");
    let found: Json = serde_json::from_slice(&output.stdout).expect("JSON");
    let verdicts: Vec<&Json> = found["points"].as_array().expect("points").iter().map(|p| &p["verdict"]).collect();
    assert_eq!(verdicts, ["inconclusive", "lost", "lost"]);
    assert_eq!(output.status.code(), Some(3));
}

#[test]
fn a_runbook_uncordons_what_the_plan_cordons_and_tells_groups_of_nodes_apart() {
    let runbook = |name: &str| {
        let output = rehearse(&format!("../rancher/{name}"), &["--format", "runbook"]).output().expect("it runs");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let cordoned = runbook("aws-rke2-granted-0.27");
    assert!(cordoned.contains("\nkubectl uncordon -l node-role.kubernetes.io/control-plane=true\n"), "{cordoned}");
    let groups = runbook("aws-rke2-some-nodes");
    assert!(groups.contains("\n# on the nodes of server:\nsudo cp "), "{groups}");
}
