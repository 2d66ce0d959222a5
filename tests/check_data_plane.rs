//! `leasehold check` with a data plane: whole screens. `SNAPSHOTS=overwrite cargo test --test check_data_plane` writes them anew.

use serde_json::Value as Json;
use snapbox::cmd::{Command, cargo_bin};
use snapbox::str;

const GUIDES: &str = "scenarios/library/guides/openstack";

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

fn json(name: &str) -> Json {
    let output = check(&[&format!("{GUIDES}/{name}"), "--format", "json"]).output().expect("it runs");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn the_guide_followed_with_dns() {
    check(&[&format!("{GUIDES}/gks-dns")]).assert().code(1).stderr_eq("").stdout_eq(str![[r#"
One button, then DNS, in a Kubermatic cluster on OpenStack
from: External Cloud Provider Migration (OCCM)
Kubernetes 1.21 (in-tree openstack) → 1.21 (no cloud provider), cloud-provider library 0.21,
  openstack's cloud-controller-manager, 1 control-plane node, 1 replica of ccm
assumed: Kubermatic's Cluster does not set `useOctavia`, so the in-tree load balancers are in
         Neutron LBaaS
assumed: Kubermatic refuses to switch the external cloud provider off again: a way back goes around
         it
assumed: route is given up on purpose, as the scenario says: no manager has to run it
assumed: controllers may run nowhere from step 1 (Kubermatic stops the cloud controllers of
         kube-controller-manager) until the step after it is complete, as the scenario says
assumed: whoever carries the plan out refuses to go back; faults at any moment: a manager crashes or
         loses its lease
assumed: no request to the API server takes longer than 500ms, controllers stop within 100ms of
         losing a lease, clocks run true and are not set back, no process is paused
assumed: 3 nodes behind the load balancers of a Service; those of the in-tree provider are in
         Neutron LBaaS, where openstack-cloud-controller-manager does not look; without health
         monitor; faults of the data plane: none
assumed: `RotateKubeletServerCertificate`, `CSIMigration`, `ExpandCSIVolumes`,
         `CSIMigrationOpenStack` and `InTreePluginOpenStackUnregister` of kube-controller-manager
         1.21: the binary knows this feature gate, and it decides nothing here
assumed: `--port` of kube-controller-manager 1.21: the binary accepts this flag, and it decides
         nothing here
assumed: `--cluster-cidr` of cloud-controller-manager 0.21: it is not usable, and this cloud is
         taken to have no routes; if it has, the route controller ends the process

  exclusive    holds      no cloud controller runs in two managers             21 states, complete
  covered      holds      every controller but route can always run again,     21 states, complete
                          outside the planned downtime
  starts       holds      every manager starts                                 21 states, complete
  returnable   VIOLATED   a safe way back from only 2 of 21 states             21 states, complete
  gap          44.4 s     node-ipam runs nowhere for up to 38.3 s in a step,   from 8 states at rest
                          49.4 s if a step does not wait between its nodes,
                          70.7 s if a crash comes in the middle of a step;
                          service, cloud-node-lifecycle and node-ipam run
                          nowhere for up to 44.4 s after a crash
  reachable    holds      no client loses a connection                         19 states, complete
  attached     holds      every volume can be attached where its pod is        204 states, complete
  leaks        VIOLATED   left at the end: the old floating IP                 19 states, complete

How the way back is lost: 1 event, no fault needed (returnable)
     kcm-1  kube-controller-manager 1.21  leads before the plan  service, route,
                                                                 cloud-node-lifecycle and node-ipam
                                                                 ← main lease
  step 1: Kubermatic stops the cloud controllers of kube-controller-manager
  1  kcm-2                                node added

What the guide says
  confirmed  “This needs to be done before the upgrade to Kubernetes v1.21”
             in 1.21 Cinder volumes go to the CSI driver by default, which only the migration
             installs
  REFUTED    “as the in-tree provider will be removed in that version”
             kube-controller-manager has it up to 1.25
  confirmed  “Your load balancer will get a new IP” (Step 1)
             openstack-cloud-controller-manager does not find the old load balancer and makes one
  confirmed  “At this state you will have two load balancers, the old Neutron load balancer with the
             old IP and a new Octavia load balancer with a new IP.” (Step 1)
             until the old one is deleted by hand
  confirmed  “Changing DNS has no downtime and should be prepared with a reduction of the TTL before
             starting the migration.” (Step 2)
             both load balancers work until every cache has the new address
  confirmed  “Changing the FIP leads to a small downtime, while detaching it from the Neutron and
             reattaching it to the Octavia load balancer.” (Step 2)
             for up to 5 s, if its new address is taken off first
  confirmed  “Do not recreate your nodes before finishing this step. This will lead to a downtime,
             as the old load balancer will not be updated.” (Step 2)
             with the rotation right after the button connections fail until the operator goes on; a
             share of them from the first node on
  confirmed  “The old neutron load balancer stops working at that point.” (Step 3)
             share by share with each node, wholly with the last
  confirmed  “Delete the old Neutron load balancer.” (Step 4)
             nobody else deletes it, not even when the Service is deleted; its floating IP stays
             beyond that

error[LM406]: whoever carries the plan out refuses to go back
    ╭─[scenarios/library/guides/openstack/common/kcm-1.21-openstack/kube-controller-manager.yaml:23:16]
 23 │         image: k8s.gcr.io/kube-controller-manager:v1.21.5
    ·                ──────────────────────────────────────────
    ╰────
  = once the plan has begun, kube-controller-manager 1.21 does not come back as it was: whoever
    carries the plan out refuses it, so every                  fault from then on has to be mended
    forward
  = more: leasehold explain LM406

error[LM709]: something is left that nobody uses and that costs money
  = at the end of the plan the old floating IP is left, and nothing looks for it any more
  = more: leasehold explain LM709

warning[LM711]: the guide names the wrong release
    ╭─[scenarios/library/guides/openstack/gks-dns/scenario.yaml:50:7]
 50 │       as the in-tree provider will be removed in that version
    ·       ───────────────────────────────────────────────────────
    ╰────
  = kube-controller-manager has the in-tree OpenStack provider up to 1.25, so 1.21 does not remove
    it; what 1.21 decides is another matter: since 1.21 Cinder volumes go to the CSI driver by
    default
  = more: leasehold explain LM711

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
  - gap: in a planned downtime the time counts from the beginning of the step that ends it
  - reachable: clients keep a DNS answer for no longer than its time to live (1 h, lowered 60 s;
    every name server follows within 0 s); a command on a floating IP takes effect within 5 s
  - reachable: a load balancer follows replaced nodes at once while its controller runs; that it
    takes up to 100 s is so with every replacement, and not counted; every node forwards to the pods
    (externalTrafficPolicy: Cluster)
  - attached: Cinder refuses a second attachment; a node that is gone holds no volume; the migration
    installs the CSI driver on every node

2 of 7 properties violated (exit 1); as the scenario expects

"#]]);
}

#[test]
fn the_guide_in_german() {
    check(&[&format!("{GUIDES}/imke-dns")]).assert().code(1).stderr_eq("").stdout_eq(str![[r#"
Ein Knopf, dann DNS, in einem Kubermatic-Cluster auf OpenStack
from: External Cloud Provider Migration (OCCM), deutsch
Kubernetes 1.21 (in-tree openstack) → 1.21 (no cloud provider), cloud-provider library 0.21,
  openstack's cloud-controller-manager, 1 control-plane node, 1 replica of ccm
assumed: Kubermatic's Cluster does not set `useOctavia`, so the in-tree load balancers are in
         Neutron LBaaS
assumed: Kubermatic refuses to switch the external cloud provider off again: a way back goes around
         it
assumed: route is given up on purpose, as the scenario says: no manager has to run it
assumed: controllers may run nowhere from step 1 (Kubermatic stops the cloud controllers of
         kube-controller-manager) until the step after it is complete, as the scenario says
assumed: whoever carries the plan out refuses to go back; faults at any moment: a manager crashes or
         loses its lease
assumed: no request to the API server takes longer than 500ms, controllers stop within 100ms of
         losing a lease, clocks run true and are not set back, no process is paused
assumed: 3 nodes behind the load balancers of a Service; those of the in-tree provider are in
         Neutron LBaaS, where openstack-cloud-controller-manager does not look; without health
         monitor; faults of the data plane: none
assumed: `RotateKubeletServerCertificate`, `CSIMigration`, `ExpandCSIVolumes`,
         `CSIMigrationOpenStack` and `InTreePluginOpenStackUnregister` of kube-controller-manager
         1.21: the binary knows this feature gate, and it decides nothing here
assumed: `--port` of kube-controller-manager 1.21: the binary accepts this flag, and it decides
         nothing here
assumed: `--cluster-cidr` of cloud-controller-manager 0.21: it is not usable, and this cloud is
         taken to have no routes; if it has, the route controller ends the process

  exclusive    holds      no cloud controller runs in two managers             21 states, complete
  covered      holds      every controller but route can always run again,     21 states, complete
                          outside the planned downtime
  starts       holds      every manager starts                                 21 states, complete
  returnable   VIOLATED   a safe way back from only 2 of 21 states             21 states, complete
  gap          44.4 s     node-ipam runs nowhere for up to 38.3 s in a step,   from 8 states at rest
                          49.4 s if a step does not wait between its nodes,
                          70.7 s if a crash comes in the middle of a step;
                          service, cloud-node-lifecycle and node-ipam run
                          nowhere for up to 44.4 s after a crash
  reachable    holds      no client loses a connection                         19 states, complete
  attached     holds      every volume can be attached where its pod is        204 states, complete
  leaks        VIOLATED   left at the end: the old floating IP                 19 states, complete

How the way back is lost: 1 event, no fault needed (returnable)
     kcm-1  kube-controller-manager 1.21  leads before the plan  service, route,
                                                                 cloud-node-lifecycle and node-ipam
                                                                 ← main lease
  step 1: Kubermatic stops the cloud controllers of kube-controller-manager
  1  kcm-2                                node added

What the guide says
  REFUTED    “Das muss bis spätestens for dem kubernetes 1.22 update geschehen”
             1.21 is too late already: there volumes need the CSI driver by default
  REFUTED    “in dieser Version wird der In-tree Provider entfehrnt”
             kube-controller-manager has it up to 1.25
  confirmed  “Der Loadblancer bekommt eine neue IP” (Schritt 1)
             openstack-cloud-controller-manager does not find the old load balancer and makes one
  confirmed  “Zu dieses Zeitpunkt haben sie 2 Loadblancer, den alten Neutron und den neuen Octavia
             Loadblancer mit einer neuen IP.” (Schritt 1)
             until the old one is deleted by hand
  confirmed  “Das Ändern des DNS Eintrags sollte ohne Unterbrechnung von statten gehen.” (Schritt 2)
             both load balancers work until every cache has the new address
  confirmed  “Das umziehen der alten IP(FIP) ist mit einer kurzen Downtume verbunden, während man
             sie vom alten Neutron löst wird und an den neuen Octavia anhängt.” (Schritt 2)
             for up to 5 s, if its new address is taken off first
  confirmed  “Bitte starten sie keine Workernode Rotation bevor sie dieses Schritt beendet haben.
             Der alte Loadblancer wird nicht mehr upgedated und die Anwendungen werden nicht mehr
             erreichbar sein.” (Schritt 2)
             with the rotation right after the button connections fail until the operator goes on; a
             share of them from the first node on
  confirmed  “der alte Neutron Loadblancer leitet ab hier den Traffic nicht mer richtig weiter.”
             (Schritt 3)
             share by share with each node, wholly with the last
  confirmed  “Der alte Neutron Loadblancer muss noch von Hand gelöscht werden.” (Schritt 4)
             nobody else deletes it, not even when the Service is deleted; its floating IP stays
             beyond that

error[LM406]: whoever carries the plan out refuses to go back
    ╭─[scenarios/library/guides/openstack/common/kcm-1.21-openstack/kube-controller-manager.yaml:23:16]
 23 │         image: k8s.gcr.io/kube-controller-manager:v1.21.5
    ·                ──────────────────────────────────────────
    ╰────
  = once the plan has begun, kube-controller-manager 1.21 does not come back as it was: whoever
    carries the plan out refuses it, so every                  fault from then on has to be mended
    forward
  = more: leasehold explain LM406

error[LM709]: something is left that nobody uses and that costs money
  = at the end of the plan the old floating IP is left, and nothing looks for it any more
  = more: leasehold explain LM709

warning[LM711]: the guide names the wrong release
    ╭─[scenarios/library/guides/openstack/imke-dns/scenario.yaml:45:7]
 45 │       Das muss bis spätestens for dem kubernetes 1.22 update geschehen
    ·       ────────────────────────────────────────────────────────────────
    ╰────
  = before the upgrade to 1.22 is too late: nodes of 1.21 hand Cinder volumes to the CSI driver by
    default (CSIMigrationOpenStack), and only the migration installs it
  = more: leasehold explain LM711

warning[LM711]: the guide names the wrong release
    ╭─[scenarios/library/guides/openstack/imke-dns/scenario.yaml:50:7]
 50 │       in dieser Version wird der In-tree Provider entfehrnt
    ·       ─────────────────────────────────────────────────────
    ╰────
  = kube-controller-manager has the in-tree OpenStack provider up to 1.25, so 1.22 does not remove
    it; what 1.22 decides is another matter: since 1.21 Cinder volumes go to the CSI driver by
    default
  = more: leasehold explain LM711

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
  - gap: in a planned downtime the time counts from the beginning of the step that ends it
  - reachable: clients keep a DNS answer for no longer than its time to live (1 h, lowered 60 s;
    every name server follows within 0 s); a command on a floating IP takes effect within 5 s
  - reachable: a load balancer follows replaced nodes at once while its controller runs; that it
    takes up to 100 s is so with every replacement, and not counted; every node forwards to the pods
    (externalTrafficPolicy: Cluster)
  - attached: Cinder refuses a second attachment; a node that is gone holds no volume; the migration
    installs the CSI driver on every node

2 of 7 properties violated (exit 1); as the scenario expects

"#]]);
}

#[test]
fn nodes_rotated_before_caches_know() {
    check(&[&format!("{GUIDES}/gks-dns-not-waiting")]).assert().code(1).stderr_eq("").stdout_eq(str![[r#"
DNS, and nodes rotated as soon as the record is changed
from: External Cloud Provider Migration (OCCM)
Kubernetes 1.21 (in-tree openstack) → 1.21 (no cloud provider), cloud-provider library 0.21,
  openstack's cloud-controller-manager, 1 control-plane node, 1 replica of ccm
assumed: Kubermatic's Cluster does not set `useOctavia`, so the in-tree load balancers are in
         Neutron LBaaS
assumed: Kubermatic refuses to switch the external cloud provider off again: a way back goes around
         it
assumed: route is given up on purpose, as the scenario says: no manager has to run it
assumed: controllers may run nowhere from step 1 (Kubermatic stops the cloud controllers of
         kube-controller-manager) until the step after it is complete, as the scenario says
assumed: whoever carries the plan out refuses to go back; faults at any moment: a manager crashes or
         loses its lease
assumed: no request to the API server takes longer than 500ms, controllers stop within 100ms of
         losing a lease, clocks run true and are not set back, no process is paused
assumed: 3 nodes behind the load balancers of a Service; those of the in-tree provider are in
         Neutron LBaaS, where openstack-cloud-controller-manager does not look; without health
         monitor; faults of the data plane: none
assumed: `RotateKubeletServerCertificate`, `CSIMigration`, `ExpandCSIVolumes`,
         `CSIMigrationOpenStack` and `InTreePluginOpenStackUnregister` of kube-controller-manager
         1.21: the binary knows this feature gate, and it decides nothing here
assumed: `--port` of kube-controller-manager 1.21: the binary accepts this flag, and it decides
         nothing here
assumed: `--cluster-cidr` of cloud-controller-manager 0.21: it is not usable, and this cloud is
         taken to have no routes; if it has, the route controller ends the process

  exclusive    holds      no cloud controller runs in two managers             21 states, complete
  covered      holds      every controller but route can always run again,     21 states, complete
                          outside the planned downtime
  starts       holds      every manager starts                                 21 states, complete
  returnable   VIOLATED   a safe way back from only 2 of 21 states             21 states, complete
  gap          44.4 s     node-ipam runs nowhere for up to 38.3 s in a step,   from 8 states at rest
                          49.4 s if a step does not wait between its nodes,
                          70.7 s if a crash comes in the middle of a step;
                          service, cloud-node-lifecycle and node-ipam run
                          nowhere for up to 44.4 s after a crash
  reachable    VIOLATED   connections of clients that follow DNS fail for up   26 states, complete
                          to 60 s
  attached     holds      every volume can be attached where its pod is        192 states, complete
  leaks        VIOLATED   left at the end: the old floating IP                 26 states, complete

How the way back is lost: 1 event, no fault needed (returnable)
     kcm-1  kube-controller-manager 1.21  leads before the plan  service, route,
                                                                 cloud-node-lifecycle and node-ipam
                                                                 ← main lease
  step 1: Kubermatic stops the cloud controllers of kube-controller-manager
  1  kcm-2                                node added

How connections of clients that follow DNS fail for up to 60 s: 11 events, no fault needed
  (reachable)
  step 1: Reduce the TTL
   0 s  the record has the short time to live
   0 s  the last cache drops its old answer
  step 2: Wait until the old TTL has passed
  step 3: Press the update button
   0 s  the in-tree service controller stops: nobody updates the old load balancer any more
   0 s  openstack-cloud-controller-manager starts
   0 s  its load balancer is ready, with a floating IP of its own
  step 4: Update the DNS settings
   0 s  the record has the new address
  step 5: Rotate the machine deployments
   0 s  a node joins to replace node 1
   0 s  node 1 is gone
        ▲ from here on a share of the connections fails: a member is gone and keeps its share
  60 s  at the latest connections arrive again, after 60 s

Order of the steps
  from step 5 (Rotate the machine deployments) on no order of what is left avoids it (324 states in
  any order)
  without an outage: Reduce the TTL → (when no cache holds an old answer) Press the update button →
    Update the DNS settings → (when no cache holds an old answer) Rotate the machine deployments →
    Delete the old Neutron load balancer

What the guide says
  confirmed  “This needs to be done before the upgrade to Kubernetes v1.21”
             in 1.21 Cinder volumes go to the CSI driver by default, which only the migration
             installs
  REFUTED    “as the in-tree provider will be removed in that version”
             kube-controller-manager has it up to 1.25
  confirmed  “Your load balancer will get a new IP” (Step 1)
             openstack-cloud-controller-manager does not find the old load balancer and makes one
  confirmed  “At this state you will have two load balancers, the old Neutron load balancer with the
             old IP and a new Octavia load balancer with a new IP.” (Step 1)
             until the old one is deleted by hand
  partly     “Changing DNS has no downtime and should be prepared with a reduction of the TTL before
             starting the migration.” (Step 2)
             the change itself costs nothing; but the plan goes on while caches hold the old
             address, and connections fail for up to 60 s
  confirmed  “Changing the FIP leads to a small downtime, while detaching it from the Neutron and
             reattaching it to the Octavia load balancer.” (Step 2)
             for up to 5 s, if its new address is taken off first
  confirmed  “Do not recreate your nodes before finishing this step. This will lead to a downtime,
             as the old load balancer will not be updated.” (Step 2)
             with the rotation right after the button connections fail until the operator goes on; a
             share of them from the first node on
  confirmed  “The old neutron load balancer stops working at that point.” (Step 3)
             share by share with each node, wholly with the last
  confirmed  “Delete the old Neutron load balancer.” (Step 4)
             nobody else deletes it, not even when the Service is deleted; its floating IP stays
             beyond that

error[LM406]: whoever carries the plan out refuses to go back
    ╭─[scenarios/library/guides/openstack/common/kcm-1.21-openstack/kube-controller-manager.yaml:23:16]
 23 │         image: k8s.gcr.io/kube-controller-manager:v1.21.5
    ·                ──────────────────────────────────────────
    ╰────
  = once the plan has begun, kube-controller-manager 1.21 does not come back as it was: whoever
    carries the plan out refuses it, so every                  fault from then on has to be mended
    forward
  = more: leasehold explain LM406

error[LM703]: caches still hold the old address when its load balancer fails
    ╭─[scenarios/library/guides/openstack/gks-dns-not-waiting/scenario.yaml:38:13]
 38 │   - {title: Rotate the machine deployments
    ·             ──────────────────────────────
    ╰────
  = caches keep the old address for up to 60 s, and the old load balancer loses its first member
    before that
  = more: leasehold explain LM703

error[LM709]: something is left that nobody uses and that costs money
  = at the end of the plan the old floating IP is left, and nothing looks for it any more
  = more: leasehold explain LM709

warning[LM711]: the guide names the wrong release
    ╭─[scenarios/library/guides/openstack/gks-dns-not-waiting/scenario.yaml:47:7]
 47 │       as the in-tree provider will be removed in that version
    ·       ───────────────────────────────────────────────────────
    ╰────
  = kube-controller-manager has the in-tree OpenStack provider up to 1.25, so 1.21 does not remove
    it; what 1.21 decides is another matter: since 1.21 Cinder volumes go to the CSI driver by
    default
  = more: leasehold explain LM711

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
  - gap: in a planned downtime the time counts from the beginning of the step that ends it
  - reachable: clients keep a DNS answer for no longer than its time to live (1 h, lowered 60 s;
    every name server follows within 0 s); a command on a floating IP takes effect within 5 s
  - reachable: a load balancer follows replaced nodes at once while its controller runs; that it
    takes up to 100 s is so with every replacement, and not counted; every node forwards to the pods
    (externalTrafficPolicy: Cluster)
  - attached: Cinder refuses a second attachment; a node that is gone holds no volume; the migration
    installs the CSI driver on every node

3 of 7 properties violated (exit 1); as the scenario expects

"#]]);
}

#[test]
fn a_floating_ip_moved_as_printed() {
    check(&[&format!("{GUIDES}/gks-floating-ip-as-printed")]).assert().code(1).stderr_eq("").stdout_eq(str![[r#"
The floating IP, moved with the two commands that the guide names
from: External Cloud Provider Migration (OCCM)
Kubernetes 1.21 (in-tree openstack) → 1.21 (no cloud provider), cloud-provider library 0.21,
  openstack's cloud-controller-manager, 1 control-plane node, 1 replica of ccm
assumed: Kubermatic's Cluster does not set `useOctavia`, so the in-tree load balancers are in
         Neutron LBaaS
assumed: Kubermatic refuses to switch the external cloud provider off again: a way back goes around
         it
assumed: route is given up on purpose, as the scenario says: no manager has to run it
assumed: controllers may run nowhere from step 1 (Kubermatic stops the cloud controllers of
         kube-controller-manager) until the step after it is complete, as the scenario says
assumed: whoever carries the plan out refuses to go back; faults at any moment: a manager crashes or
         loses its lease
assumed: no request to the API server takes longer than 500ms, controllers stop within 100ms of
         losing a lease, clocks run true and are not set back, no process is paused
assumed: 3 nodes behind the load balancers of a Service; those of the in-tree provider are in
         Neutron LBaaS, where openstack-cloud-controller-manager does not look; without health
         monitor; faults of the data plane: none
assumed: `RotateKubeletServerCertificate`, `CSIMigration`, `ExpandCSIVolumes`,
         `CSIMigrationOpenStack` and `InTreePluginOpenStackUnregister` of kube-controller-manager
         1.21: the binary knows this feature gate, and it decides nothing here
assumed: `--port` of kube-controller-manager 1.21: the binary accepts this flag, and it decides
         nothing here
assumed: `--cluster-cidr` of cloud-controller-manager 0.21: it is not usable, and this cloud is
         taken to have no routes; if it has, the route controller ends the process

  exclusive    holds      no cloud controller runs in two managers             21 states, complete
  covered      holds      every controller but route can always run again,     21 states, complete
                          outside the planned downtime
  starts       holds      every manager starts                                 21 states, complete
  returnable   VIOLATED   a safe way back from only 2 of 21 states             21 states, complete
  gap          44.4 s     node-ipam runs nowhere for up to 38.3 s in a step,   from 8 states at rest
                          49.4 s if a step does not wait between its nodes,
                          70.7 s if a crash comes in the middle of a step;
                          service, cloud-node-lifecycle and node-ipam run
                          nowhere for up to 44.4 s after a crash
  reachable    VIOLATED   connections of clients that follow DNS fail for up   17 states, complete
                          to 305 s and connections of clients that know the
                          address only fail for up to 305 s (10 s allowed)
  attached     holds      every volume can be attached where its pod is        168 states, complete
  leaks        VIOLATED   left at the end: the floating IP that the new load   17 states, complete
                          balancer got first

How the way back is lost: 1 event, no fault needed (returnable)
     kcm-1  kube-controller-manager 1.21  leads before the plan  service, route,
                                                                 cloud-node-lifecycle and node-ipam
                                                                 ← main lease
  step 1: Kubermatic stops the cloud controllers of kube-controller-manager
  1  kcm-2                                node added

How connections of clients that follow DNS and of clients that know the address only fail for up to
  305 s: 7 events, no fault needed (reachable)
  step 1: Press the update button
    0 s  the in-tree service controller stops: nobody updates the old load balancer any more
    0 s  openstack-cloud-controller-manager starts
    0 s  its load balancer is ready, with a floating IP of its own
  step 2: Move the old FIP to the new Octavia load balancer
    0 s  the old floating IP is taken off the old load balancer
         ▲ from here on connections fail: the address is attached to nothing
  5 min  the new load balancer's own floating IP is taken off
  305 s  at the latest connections arrive again, after 305 s

Order of the steps
  no order of the steps avoids it, whatever is waited for (78 states in any order)

What the guide says
  confirmed  “Changing the FIP leads to a small downtime, while detaching it from the Neutron and
             reattaching it to the Octavia load balancer.” (Step 2)
             for up to 305 s, and first the new address has to go

error[LM406]: whoever carries the plan out refuses to go back
    ╭─[scenarios/library/guides/openstack/common/kcm-1.21-openstack/kube-controller-manager.yaml:23:16]
 23 │         image: k8s.gcr.io/kube-controller-manager:v1.21.5
    ·                ──────────────────────────────────────────
    ╰────
  = once the plan has begun, kube-controller-manager 1.21 does not come back as it was: whoever
    carries the plan out refuses it, so every                  fault from then on has to be mended
    forward
  = more: leasehold explain LM406

error[LM707]: the new load balancer's own floating IP is in the way
    ╭─[scenarios/library/guides/openstack/gks-floating-ip-as-printed/scenario.yaml:35:13]
 35 │   - {title: Move the old FIP to the new Octavia load balancer
    ·             ─────────────────────────────────────────────────
    ╰────
  = the old floating IP is detached, and cannot be attached while the new load balancer has one of
    its own
  = more: leasehold explain LM707

error[LM709]: something is left that nobody uses and that costs money
  = at the end of the plan the floating IP that the new load balancer got first is left, and nothing
    looks for it any more
  = more: leasehold explain LM709

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
  - gap: in a planned downtime the time counts from the beginning of the step that ends it
  - reachable: clients keep a DNS answer for no longer than its time to live (1 h, lowered 60 s;
    every name server follows within 0 s); a command on a floating IP takes effect within 5 s
  - reachable: a load balancer follows replaced nodes at once while its controller runs; that it
    takes up to 100 s is so with every replacement, and not counted; every node forwards to the pods
    (externalTrafficPolicy: Cluster)
  - attached: Cinder refuses a second attachment; a node that is gone holds no volume; the migration
    installs the CSI driver on every node
  - leaks: the moved floating IP is in use; it stays when the Service is deleted

3 of 7 properties violated (exit 1); as the scenario expects

"#]]);
}

#[test]
fn an_upgrade_first() {
    check(&[&format!("{GUIDES}/imke-upgrade-first")]).assert().code(1).stderr_eq("").stdout_eq(str![[r#"
Erst Kubernetes 1.21, dann die Migration, wie die Frist erlaubt
from: External Cloud Provider Migration (OCCM), deutsch
Kubernetes 1.21 (in-tree openstack) → 1.21 (no cloud provider), cloud-provider library 0.21,
  openstack's cloud-controller-manager, 1 control-plane node, 1 replica of ccm
assumed: Kubermatic's Cluster does not set `useOctavia`, so the in-tree load balancers are in
         Neutron LBaaS
assumed: Kubermatic refuses to switch the external cloud provider off again: a way back goes around
         it
assumed: route is given up on purpose, as the scenario says: no manager has to run it
assumed: controllers may run nowhere from step 1 (Kubermatic stops the cloud controllers of
         kube-controller-manager) until the step after it is complete, as the scenario says
assumed: whoever carries the plan out refuses to go back; faults at any moment: a manager crashes or
         loses its lease
assumed: no request to the API server takes longer than 500ms, controllers stop within 100ms of
         losing a lease, clocks run true and are not set back, no process is paused
assumed: 3 nodes behind the load balancers of a Service; those of the in-tree provider are in
         Neutron LBaaS, where openstack-cloud-controller-manager does not look; without health
         monitor; faults of the data plane: none
assumed: `RotateKubeletServerCertificate`, `CSIMigration`, `ExpandCSIVolumes`,
         `CSIMigrationOpenStack` and `InTreePluginOpenStackUnregister` of kube-controller-manager
         1.21: the binary knows this feature gate, and it decides nothing here
assumed: `--port` of kube-controller-manager 1.21: the binary accepts this flag, and it decides
         nothing here
assumed: `--cluster-cidr` of cloud-controller-manager 0.21: it is not usable, and this cloud is
         taken to have no routes; if it has, the route controller ends the process

  exclusive    holds      no cloud controller runs in two managers             21 states, complete
  covered      holds      every controller but route can always run again,     21 states, complete
                          outside the planned downtime
  starts       holds      every manager starts                                 21 states, complete
  returnable   VIOLATED   a safe way back from only 2 of 21 states             21 states, complete
  gap          44.4 s     node-ipam runs nowhere for up to 38.3 s in a step,   from 8 states at rest
                          49.4 s if a step does not wait between its nodes,
                          70.7 s if a crash comes in the middle of a step;
                          service, cloud-node-lifecycle and node-ipam run
                          nowhere for up to 44.4 s after a crash
  reachable    holds      no client loses a connection                         20 states, complete
  attached     VIOLATED   a volume can never be attached where its pod is      960 states, complete
  leaks        VIOLATED   left at the end: the old floating IP                 20 states, complete

How the way back is lost: 1 event, no fault needed (returnable)
     kcm-1  kube-controller-manager 1.21  leads before the plan  service, route,
                                                                 cloud-node-lifecycle and node-ipam
                                                                 ← main lease
  step 1: Kubermatic stops the cloud controllers of kube-controller-manager
  1  kcm-2                                node added

How a volume comes to be attached nowhere: 2 events (attached)
  step 1: Kubernetes 1.21 Update
    node 1 is replaced
    ▲ from here on nobody attaches the volume where its pod is

What the guide says
  REFUTED    “Das muss bis spätestens for dem kubernetes 1.22 update geschehen”
             1.21 is too late already: there volumes need the CSI driver by default

error[LM406]: whoever carries the plan out refuses to go back
    ╭─[scenarios/library/guides/openstack/common/kcm-1.21-openstack/kube-controller-manager.yaml:23:16]
 23 │         image: k8s.gcr.io/kube-controller-manager:v1.21.5
    ·                ──────────────────────────────────────────
    ╰────
  = once the plan has begun, kube-controller-manager 1.21 does not come back as it was: whoever
    carries the plan out refuses it, so every                  fault from then on has to be mended
    forward
  = more: leasehold explain LM406

error[LM710]: volumes of nodes without the CSI driver cannot be attached
    ╭─[scenarios/library/guides/openstack/imke-upgrade-first/scenario.yaml:35:13]
 35 │   - {title: Kubernetes 1.21 Update
    ·             ──────────────────────
    ╰────
  = a node created now hands Cinder volumes to the CSI driver, which is not installed
    (CSIMigrationOpenStack is on by default since 1.21): its pods wait for their volumes until the
    migration is done
  = more: leasehold explain LM710

error[LM709]: something is left that nobody uses and that costs money
  = at the end of the plan the old floating IP is left, and nothing looks for it any more
  = more: leasehold explain LM709

warning[LM711]: the guide names the wrong release
    ╭─[scenarios/library/guides/openstack/imke-upgrade-first/scenario.yaml:45:7]
 45 │       Das muss bis spätestens for dem kubernetes 1.22 update geschehen
    ·       ────────────────────────────────────────────────────────────────
    ╰────
  = before the upgrade to 1.22 is too late: nodes of 1.21 hand Cinder volumes to the CSI driver by
    default (CSIMigrationOpenStack), and only the migration installs it
  = more: leasehold explain LM711

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
  - gap: in a planned downtime the time counts from the beginning of the step that ends it
  - reachable: clients keep a DNS answer for no longer than its time to live (1 h, lowered 60 s;
    every name server follows within 0 s); a command on a floating IP takes effect within 5 s
  - reachable: a load balancer follows replaced nodes at once while its controller runs; that it
    takes up to 100 s is so with every replacement, and not counted; every node forwards to the pods
    (externalTrafficPolicy: Cluster)
  - attached: Cinder refuses a second attachment; a node that is gone holds no volume; the migration
    installs the CSI driver on every node

3 of 7 properties violated (exit 1); as the scenario expects

"#]]);
}

#[test]
fn the_same_as_json() {
    let result = json("gks-dns-not-waiting");
    let data_plane = &result["dataPlane"];
    assert_eq!(result["exit"], 1);
    assert_eq!(data_plane["verdicts"][0]["property"], "reachable");
    assert_eq!(data_plane["verdicts"][0]["verdict"], "violated");
    assert_eq!(data_plane["outages"][0]["seconds"], 60.0);
    assert_eq!(data_plane["outages"][0]["untilOperator"], false);
    assert_eq!(data_plane["outages"][0]["beginsAfter"], 11);
    assert_eq!(data_plane["lastChance"], "Rotate the machine deployments");
    assert_eq!(data_plane["left"], serde_json::json!(["the old floating IP"]));
    assert_eq!(data_plane["claims"][4]["verdict"], "partly");
    assert_eq!(data_plane["findings"][0]["code"], "LM703");
    assert_eq!(data_plane["end"], "complete");
    assert_eq!(json("gks-fixed-address")["dataPlane"]["unavoidable"], true);
    let none = check(&["scenarios/library/guides/kubernetes/default-1.26-1.27", "--format", "json"]);
    let none: Json = serde_json::from_slice(&none.output().expect("it runs").stdout).expect("JSON");
    assert_eq!(none["dataPlane"], Json::Null);
}

#[test]
fn a_search_that_is_cut_short_is_inconclusive() {
    let name = format!("{GUIDES}/gks-dns-cleaned-up");
    let output = check(&[&name, "--max-states", "4", "--format", "json"]).output().expect("it runs");
    let result: Json = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(output.status.code(), Some(3));
    for verdict in result["dataPlane"]["verdicts"].as_array().expect("verdicts") {
        assert_eq!(verdict["verdict"], "inconclusive", "{verdict}");
    }
}

#[test]
fn everything_wrong_is_said_at_once() {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("data-plane-bad-input");
    std::fs::create_dir_all(&path).expect("a directory");
    let common = format!("{}/{GUIDES}/common", env!("CARGO_MANIFEST_DIR"));
    let scenario = format!(
        r#"apiVersion: leasehold/v1alpha1
kind: Scenario
metadata: {{name: bad}}
before: {{kubernetes: "1.21", manifests: [{common}/kcm-1.21-openstack/]}}
dataPlane:
  manifests: [cluster.yaml]
  clients: []
  durations: {{ttl: 1m, loweredTtl: 5m}}
  steps:
  - {{title: Lower, action: lowerTtl}}
  - {{title: Change, action: moveRecord}}
  - {{title: Press, action: migrate}}
  - {{title: Press again, action: migrate}}
  - {{title: Upgrade, action: upgrade, kubernetes: "1.19"}}
  claims:
  - {{quote: "before 1.21", says: beforeUpgradeTo}}
"#
    );
    std::fs::write(path.join("scenario.yaml"), scenario).expect("it can be written");
    let cluster = "apiVersion: kubermatic.k8s.io/v1\nkind: Cluster\nspec:\n  features: {externalCloudProvider: true}\n  cloud: {aws: {}}\n";
    std::fs::write(path.join("cluster.yaml"), cluster).expect("it can be written");
    Command::new(cargo_bin!("leasehold"))
        .current_dir(&path)
        .env("COLUMNS", "100")
        .args(["check", "scenario.yaml"])
        .assert()
        .code(2)
        .stdout_eq("")
        .stderr_eq(str![[r#"
  × the external cloud provider is on already
   ╭─[cluster.yaml:4:37]
 3 │ spec:
 4 │   features: {externalCloudProvider: true}
   ·                                     ──┬─
   ·                                       ╰── expected the cluster before the migration, without this feature
 5 │   cloud: {aws: {}}
   ╰────
  × not a cluster on OpenStack
   ╭─[cluster.yaml:4:3]
 3 │     spec:
 4 │ ╭─▶   features: {externalCloudProvider: true}
 5 │ ├─▶   cloud: {aws: {}}
   · ╰──── expected `cloud.openstack`
   ╰────
  × this step cannot begin
    ╭─[scenario.yaml:11:29]
 10 │   - {title: Lower, action: lowerTtl}
 11 │   - {title: Change, action: moveRecord}
    ·                             ─────┬────
    ·                                  ╰── expected `migrate` in an earlier step
 12 │   - {title: Press, action: migrate}
    ╰────
  × this action is there twice
    ╭─[scenario.yaml:13:34]
 12 │   - {title: Press, action: migrate}
 13 │   - {title: Press again, action: migrate}
    ·                                  ───┬───
    ·                                     ╰── expected each action at most once
 14 │   - {title: Upgrade, action: upgrade, kubernetes: "1.19"}
    ╰────
  × unknown Kubernetes release
    ╭─[scenario.yaml:14:51]
 13 │   - {title: Press again, action: migrate}
 14 │   - {title: Upgrade, action: upgrade, kubernetes: "1.19"}
    ·                                                   ───┬──
    ·                                                      ╰── leasehold knows 1.21 to 1.37
 15 │   claims:
    ╰────
  × `loweredTtl` is not lower than `ttl`
   ╭─[scenario.yaml:8:36]
 7 │   clients: []
 8 │   durations: {ttl: 1m, loweredTtl: 5m}
   ·                                    ─┬
   ·                                     ╰── expected less than 60 s
 9 │   steps:
   ╰────
  × nobody uses the Service
   ╭─[scenario.yaml:7:12]
 6 │   manifests: [cluster.yaml]
 7 │   clients: []
   ·            ─┬
   ·             ╰── expected dns, fixedAddress or both
 8 │   durations: {ttl: 1m, loweredTtl: 5m}
   ╰────
  × which Kubernetes release?
    ╭─[scenario.yaml:16:5]
 15 │   claims:
 16 │   - {quote: "before 1.21", says: beforeUpgradeTo}
    ·     ──────────────────────┬──────────────────────
    ·                           ╰── this needs `kubernetes: "1.21"`
    ╰────
8 errors, nothing was checked (exit 2)

"#]]);
}
