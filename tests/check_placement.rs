//! `leasehold check` where pods have no node, or have one too early: whole screens, character by character.
//! `SNAPSHOTS=overwrite cargo test --test check_placement` writes them anew.

use snapbox::cmd::{Command, cargo_bin};
use snapbox::str;

/// `leasehold check` of a scenario of Rancher's guides, in a pipe of 100 columns.
fn check(name: &str) -> Command {
    Command::new(cargo_bin!("leasehold"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .env("COLUMNS", "100")
        .arg("check")
        .arg(format!("scenarios/library/guides/rancher/{name}"))
}

#[test]
fn a_pod_on_the_node_that_was_changed_first() {
    check("azure-rke1-1.29-two-nodes").assert().code(1).stderr_eq("").stdout_eq(str![[r#"
RKE on Azure, two nodes, 1.29
from: Migrating Azure In-tree to Out-of-tree
Kubernetes 1.29 (in-tree azure) → 1.29 (external), cloud-provider library 0.29, azure's
  cloud-controller-manager, 2 control-plane nodes, 1 replica of ccm
assumed: cloud-controller-manager: k8s.io/cloud-provider 0.29, assumed from its image tag v1.29.15
assumed: the operator may go back from every point of the plan; faults at any moment: a manager
         crashes or loses its lease
assumed: no request to the API server takes longer than 500ms, controllers stop within 100ms of
         losing a lease, clocks run true and are not set back, no process is paused
assumed: `--cloud-config-secret-name` and `--enable-dynamic-reloading` of cloud-controller-manager
         0.29: the binary accepts this flag, and it decides nothing here

  exclusive    VIOLATED   service and cloud-node-lifecycle run in two         75 states, complete
                          managers at once
  covered      holds      every controller can always run again               75 states, complete
  starts       holds      every manager starts                                75 states, complete
  returnable   VIOLATED   a safe way back from only 23 of 75 states           75 states, complete
  gap          52.2 s     cloud-node-lifecycle runs nowhere for up to 52.2    from 29 states at rest
                          s in a step, 51.7 s on the way back, 52.2 s after
                          a crash, 63.3 s if a step does not wait between
                          its nodes, 88.5 s if a way back does not wait,
                          102.4 s if a crash comes in the middle of a step

How service can run twice at once: 13 events, no fault needed (exclusive)
      controlplane-1  kube-controller-manager 1.29   leads before the plan             service,
                                                                                       cloud-node-lifecycle
                                                                                       and node-ipam
                                                                                       ← main lease
  step 1: Grant kube-controller-manager the migration lease
   1                                                 applied
  step 2: Enable leader migration in kube-controller-manager (rke up, guide 1)
   2  controlplane-1  kube-controller-manager 1.29   is stopped for the change         runs nothing
                                                                                       any more
   3  controlplane-1  kube-controller-manager 1.29   starts
   4  controlplane-1  kube-controller-manager 1.29   takes its main lease              service and
                                                                                       node-ipam ←
                                                                                       main lease
   5  controlplane-2  kube-controller-manager 1.29   is stopped for the change
  step 3: Cordon the control plane nodes (guide 2)
   6                                                 applied
  step 4: Install the chart (guide 3)
   7  ccm-1           cloud-controller-manager       is put in place
  step 5: Add leader migration to the Deployment (guide 5)
   8  ccm-2                                          replica added
   9  ccm-1                                          replica removed
  step 6: Change the cloud provider and drop leader migration (rke up, guide 8)
  10  controlplane-2  kube-controller-manager        is put in place; node uncordoned
  11  ccm-2           cloud-controller-manager 0.29  its pod gets a node
  12  ccm-2           cloud-controller-manager 0.29  starts
  13  ccm-2           cloud-controller-manager 0.29  takes its main lease              service and
                                                                                       cloud-node-lifecycle
                                                                                       ← main lease
     ▲ from here on in two managers at once: service (controlplane-1 KCM and ccm-2 CCM)

The way back is lost after 8 events in all, in step 6 (Change the cloud provider and drop leader
migration (rke up, guide 8)): --all shows how (returnable)

1 further counterexample not shown: --all shows them

error[LM505]: this cloud-controller-manager accepts the leader migration flags and ignores them
    ╭─[scenarios/library/guides/rancher/common/ccm-azure-rke1-1.29-migration/cloud-controller-manager.yaml:92:11]
 92 │         - --enable-leader-migration
    ·           ─────────────────────────
    ╰────
  = cloud-controller-manager (library 0.29) accepts --enable-leader-migration and ignores it: it has
    one lease, and every controller is under it. No flag, file or right makes this migration
    exclusive; only stopping one manager before the other starts does
  = more: leasehold explain LM505

error[LM405]: a cloud-controller-manager that ignores leader migration is placed while another
  manager still runs
    ╭─[scenarios/library/guides/rancher/common/ccm-azure-rke1-1.29-migration/cloud-controller-manager.yaml:55:9]
 55 │         node-role.kubernetes.io/controlplane: "true"
    ·         ────────────────────────────────────────────
    ╰────
  = cloud-controller-manager (library 0.29) runs service beside kube-controller-manager 1.29: one
    node of controlplane that is not cordoned is enough for its pod. What works is to stop, then to
    start: keep the workload at no replicas until the last kube-controller-manager has been changed,
    and say `downtime: true`
  = more: leasehold explain LM405

Rests on
  - no lease is taken while its holder still acts: proved in dense time for client-go 0.29 with 15s
    lease duration, 10s renew deadline, 2s retry period, as long as no request to the API server
    takes longer than 949ms (500ms assumed), under the other assumptions about time above
  - nobody edits or deletes a lease by hand
  - a step of the plan begins after the step before it is complete
  - a pod that has a node keeps it, cordoned or not; how many pods a node has room for is not
    counted, and a rollout goes through even if its new pods find no node
  - a cloud-controller-manager behaves as the k8s.io/cloud-provider release named above
  - the managers have the rights that the files grant and that Kubernetes bootstraps, and no others
  - gap: requests are answered within 0.5 s; a manager runs again within 16 s after it stops for an
    edit, 11 s after a crash, 300 s after its node is added or replaced; controllers act within 2 s
    of their lease, 10 s later if node IPAM of 1.30 or older starts before them (assume.startUp in a
    scenario)
  - gap: unless said otherwise one thing at a time: each node of a step, and each fault, comes when
    every lease has its leader and every manager has looked at it; nothing is paused, clocks are
    exact, and a manager that dies leaves no request behind
  - gap: a pending pod is placed within 11 s of the moment at which a node can take it

2 of 4 properties violated (exit 1); as the scenario expects

"#]]);
}

#[test]
fn a_daemonset_that_no_node_takes() {
    check("aws-rke2-split-roles").assert().code(1).stderr_eq("").stdout_eq(str![[r#"
RKE2 on AWS, servers without the worker role
from: Migrating Amazon In-tree to Out-of-tree
Kubernetes 1.26 (in-tree aws) → 1.27 (external), cloud-provider library 0.27, aws's
  cloud-controller-manager, 3 control-plane nodes
assumed: aws-cloud-controller-manager: k8s.io/cloud-provider 0.27, assumed from its image tag
         v1.27.1
assumed: route is given up on purpose, as the scenario says: no manager has to run it
assumed: the operator may go back from every point of the plan; faults at any moment: a manager
         crashes or loses its lease
assumed: no request to the API server takes longer than 500ms, controllers stop within 100ms of
         losing a lease, clocks run true and are not set back, no process is paused

  exclusive    holds       no cloud controller runs in two managers           33 states, complete
  covered      VIOLATED    service and cloud-node-lifecycle are left          33 states, complete
                           without a manager for good
  starts       holds       every manager starts                               33 states, complete
  returnable   holds       a safe way back from every point of the plan       33 states, complete
  gap          unbounded   service and cloud-node-lifecycle without a         from 19 states at rest
                           manager for good (covered); node-ipam runs
                           nowhere for up to 38.8 s in a step, 38.8 s on
                           the way back, 38.8 s after a crash, 49.9 s if a
                           step does not wait between its nodes, 49.9 s if
                           a way back does not wait, 38.8 s if a crash
                           comes in the middle of a step

How service and cloud-node-lifecycle can be left without a manager: 9 events, no fault needed
(covered)
     server-1  kube-controller-manager 1.26  leads before the plan      service, route,
                                                                        cloud-node-lifecycle and
                                                                        node-ipam ← main lease
  step 1: Grant kube-controller-manager the migration lease
  1                                          applied
  step 2: Enable leader migration in kube-controller-manager (guide 1)
  2  server-1  kube-controller-manager 1.26  is stopped for the change  runs nothing any more
  3  server-2  kube-controller-manager 1.26  is stopped for the change
  4  server-3  kube-controller-manager 1.26  is stopped for the change
  step 3: Cordon the control plane nodes (guide 2)
  5                                          applied
  step 4: Install the chart with leader migration (guide 3)
  6                                          applied
  step 5: Change the cloud provider and drop leader migration (guide 5)
  7  server-1  kube-controller-manager       is put in place
  8  server-1  kube-controller-manager 1.27  starts
  9  server-1  kube-controller-manager 1.27  takes its main lease       node-ipam ← main lease
     ▲ from here on nobody can run service and cloud-node-lifecycle unless the operator acts

error[LM404]: no node takes the pods of this workload
    ╭─[scenarios/library/guides/rancher/common/ccm-aws-rke2-0.27-migration/cloud-controller-manager.yaml:53:9]
 53 │         node-role.kubernetes.io/control-plane: "true"
    ·         ─────────────────────────────────────────────
    ╰────
  = no node takes cloud-controller-manager (library 0.27): the taint
    node-role.kubernetes.io/etcd:NoExecute is not tolerated (server); it makes no pod at all, and
    `kubectl rollout status` calls that a success
  = more: leasehold explain LM404

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

1 of 4 properties violated (exit 1); as the scenario expects

"#]]);
}

#[test]
fn a_planned_downtime() {
    check("azure-rke2-downtime").assert().code(0).stderr_eq("").stdout_eq(str![[r#"
RKE2 on Azure with downtime: stop, then start, 1.29 to 1.30
from: Migrating Azure In-tree to Out-of-tree
Kubernetes 1.29 (in-tree azure) → 1.30 (external), cloud-provider library 0.29, azure's
  cloud-controller-manager, 3 control-plane nodes, 1 replica of ccm
assumed: cloud-controller-manager: k8s.io/cloud-provider 0.29, assumed from its image tag v1.29.15
assumed: route is given up on purpose, as the scenario says: no manager has to run it
assumed: controllers may run nowhere from step 1 (Change the cloud provider) until the step after it
         is complete, as the scenario says
assumed: the operator may go back from every point of the plan; faults at any moment: a manager
         crashes or loses its lease
assumed: no request to the API server takes longer than 500ms, controllers stop within 100ms of
         losing a lease, clocks run true and are not set back, no process is paused
assumed: `--cloud-config-secret-name` and `--enable-dynamic-reloading` of cloud-controller-manager
         0.29: the binary accepts this flag, and it decides nothing here

  exclusive    holds   no cloud controller runs in two managers               14 states, complete
  covered      holds   every controller but route can always run again,       14 states, complete
                       outside the planned downtime
  starts       holds   every manager starts                                   14 states, complete
  returnable   holds   a safe way back from every point of the plan           14 states, complete
  gap          holds   service and cloud-node-lifecycle run nowhere for up    from 13 states at rest
                       to 39.4 s in a step, 71.8 s if a crash comes in the
                       middle of a step; node-ipam runs nowhere for up to
                       38.8 s on the way back, 49.9 s if a step does not
                       wait between its nodes, 49.9 s if a way back does
                       not wait; service, cloud-node-lifecycle and
                       node-ipam run nowhere for up to 38.8 s after a
                       crash; expected at most 60 s

warning[LM503]: the cloud-controller-manager's library is not that of the cluster's release
    ╭─[scenarios/library/guides/rancher/common/ccm-azure-rke2-1.29/cloud-controller-manager.yaml:78:16]
 78 │         image: mcr.microsoft.com/oss/kubernetes/azure-cloud-controller-manager:v1.29.15
    ·                ────────────────────────────────────────────────────────────────────────
    ╰────
  = it was built with cloud-provider 0.29, and runs beside kube-controller-manager 1.30: names and
    defaults are those of its library, not of the cluster
  = more: leasehold explain LM503

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
  - gap: in a planned downtime the time counts from the beginning of the step that ends it

all 5 properties hold (exit 0); as the scenario expects

"#]]);
}
