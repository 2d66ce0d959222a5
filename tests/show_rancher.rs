//! `leasehold show` for Rancher's files, as people see it.

use std::process::{Command, Output, Stdio};

fn show(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_leasehold"))
        .arg("show")
        .args(args)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/rancher"))
        .env("COLUMNS", "100")
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::null())
        .output()
        .expect("it runs")
}

fn screen(args: &[&str]) -> String {
    let output = show(args);
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn a_cluster_of_rancher_before_its_migration() {
    snapbox::assert_data_eq!(
        screen(&["rke2-aws-before.yaml"]),
        snapbox::str![[r#"
kube-controller-manager 1.26 (before)
  written in  rke2-aws-before.yaml:4:9, Pod kube-system/kube-controller-manager (static pod by RKE2)
  starts      yes
  main        kube-system/kube-controller-manager: runs node-ipam
  migration   kube-system/cloud-provider-extraction-migration: runs service, route,
              cloud-node-lifecycle
              in vain, for ever: leases.coordination.k8s.io "cloud-provider-extraction-migration" is
              forbidden
              system:kube-controller-manager may not get, update it
  decided by  --cloud-provider=aws            line 11
              --leader-elect=true             default
              --enable-leader-migration=true  line 17
              leaderName: cloud-provider-extraction-migration  default
              route: *                        default
              service: *                      default
              cloud-node-lifecycle: *         default
              --controllers=*,tokencleaner    line 4
              --allocate-node-cidrs=true      line 4
              --cluster-cidr=10.42.0.0/16     line 4

cloud-controller-manager library 0.35, in Kubernetes 1.26 (before)
  written in  rke2-aws-before.yaml:41:16, DaemonSet kube-system/aws-cloud-controller-manager
              (DaemonSet)
  image       registry.k8s.io/provider-aws/cloud-controller-manager:v1.35.0
  vendor      aws
  starts      yes
  main        kube-system/cloud-controller-manager: runs service, cloud-node
  migration   kube-system/cloud-provider-extraction-migration: runs cloud-node-lifecycle
  decided by  --cloud-provider=aws                line 52
              --leader-elect=true                 default
              --enable-leader-migration=true      line 53
              leaderName: cloud-provider-extraction-migration  default
              route-controller: *                 default
              service-controller: *               default
              cloud-node-lifecycle-controller: *  default
              --configure-cloud-routes=false      line 50

nodes         cp: 3 (control plane, etcd); taints node-role.kubernetes.io/etcd:NoExecute,
              node-role.kubernetes.io/control-plane:NoSchedule

assumed       HelmChart aws-cloud-controller-manager has no `version`: the newest one known here,
              0.0.11, is taken, and the day of the installation decides in truth
assumed       Kubernetes 1.26 is read from rke2-aws-before.yaml:7:22
assumed       aws-cloud-controller-manager: k8s.io/cloud-provider 0.35, assumed from its image tag
              v1.35.0

warning       `kube-controller-manager-arg` takes the place of the list that was set before, it adds
              nothing to it: `configure-cloud-routes=false` is lost on the nodes selected here
              (rke2-aws-before.yaml:16:11)

"#]]
    );
}

#[test]
fn a_cluster_of_rancher_after_its_migration_with_the_block_of_the_guide() {
    snapbox::assert_data_eq!(
        screen(&["rke2-aws-after.yaml"]),
        snapbox::str![[r#"
kube-controller-manager 1.27 (before)
  written in  rke2-aws-after.yaml:4:9, Pod kube-system/kube-controller-manager (static pod by RKE2)
  starts      yes
  main        kube-system/kube-controller-manager: runs node-ipam
  migration   no migration lease
  decided by  --cloud-provider=external        line 11
              --leader-elect=true              default
              --enable-leader-migration=false  default
              --controllers=*,tokencleaner     line 4
              --allocate-node-cidrs=true       line 4
              --configure-cloud-routes=false   line 13
              --cluster-cidr=10.42.0.0/16      line 4

cloud-controller-manager library 0.27, in Kubernetes 1.27 (before)
  written in  rke2-aws-after.yaml:53:16, DaemonSet kube-system/aws-cloud-controller-manager
              (DaemonSet)
  image       registry.k8s.io/provider-aws/cloud-controller-manager:v1.27.1
  vendor      aws
  starts      yes
  main        kube-system/cloud-controller-manager: runs cloud-node
  migration   kube-system/cloud-provider-extraction-migration: runs service, cloud-node-lifecycle
  decided by  --cloud-provider=aws            line 65
              --leader-elect=true             default
              --enable-leader-migration=true  line 66
              leaderName: cloud-provider-extraction-migration  default
              route: *                        default
              service: *                      default
              cloud-node-lifecycle: *         default
              --configure-cloud-routes=false  line 63

nodes         cp: 3 (control plane, etcd); taints node-role.kubernetes.io/etcd:NoExecute,
              node-role.kubernetes.io/control-plane:NoSchedule

assumed       Kubernetes 1.27 is read from rke2-aws-after.yaml:7:22
assumed       aws-cloud-controller-manager: k8s.io/cloud-provider 0.27, assumed from its image tag
              v1.27.1

warning       `disable-cloud-controller` beside `config` does nothing: Rancher reads `config` and
              `machineLabelSelector` here and nothing else (rke2-aws-after.yaml:25:9)
warning       `kube-apiserver-arg` beside `config` does nothing: Rancher reads `config` and
              `machineLabelSelector` here and nothing else (rke2-aws-after.yaml:26:9)
warning       `kube-controller-manager-arg` beside `config` does nothing: Rancher reads `config` and
              `machineLabelSelector` here and nothing else (rke2-aws-after.yaml:28:9)
warning       `kubelet-arg` beside `config` does nothing: Rancher reads `config` and
              `machineLabelSelector` here and nothing else (rke2-aws-after.yaml:30:9)

"#]]
    );
}

#[test]
fn pools_of_a_cluster_on_azure_with_different_arguments() {
    snapbox::assert_data_eq!(
        screen(&["rke2-azure.yaml"]),
        snapbox::str![[r#"
kube-controller-manager 1.29 (before)
  written in  rke2-azure.yaml:3:18, Pod kube-system/kube-controller-manager (static pod by RKE2, on
              the nodes of old)
  starts      NO: takes kube-system/kube-controller-manager and exits, again and again (exit code 1)
              cloud provider "azure" was specified, but built-in cloud providers are disabled.
              Please set --cloud-provider=external and migrate to an external cloud provider
  decided by  --cloud-provider=azure              line 8
              --leader-elect=true                 default
              --enable-leader-migration=true      line 15
              leaderName: cloud-provider-extraction-migration  default
              route-controller: *                 default
              service-controller: *               default
              cloud-node-lifecycle-controller: *  default
              --controllers=*,tokencleaner        line 3
              --allocate-node-cidrs=true          line 3
              --cluster-cidr=10.42.0.0/16         line 3

kube-controller-manager 1.29 (before)
  written in  rke2-azure.yaml:3:18, Pod kube-system/kube-controller-manager (static pod by RKE2, on
              the nodes of new)
  starts      yes
  main        kube-system/kube-controller-manager: runs service, cloud-node-lifecycle, node-ipam
  migration   no migration lease
  decided by  --cloud-provider=azure                       line 8
              --leader-elect=true                          default
              --enable-leader-migration=false              default
              --controllers=*,tokencleaner                 line 3
              --allocate-node-cidrs=true                   line 3
              --configure-cloud-routes=false               line 11
              --cluster-cidr=10.42.0.0/16                  line 3
              --feature-gates=DisableCloudProviders=false  line 10

cloud-controller-manager library 0.29, in Kubernetes 1.29 (before)
  written in  rke2-azure.yaml:28:16, Deployment kube-system/cloud-controller-manager (Deployment, 1
              replica)
  image       mcr.microsoft.com/oss/kubernetes/azure-cloud-controller-manager:v1.29.15
  vendor      azure
              takes the leader migration flags and ignores them: every controller runs under the
              main lease
  starts      yes
  main        kube-system/cloud-controller-manager: runs service, cloud-node-lifecycle
  migration   no migration lease
  decided by  --cloud-provider=azure           line 28
              --leader-elect=true              line 28
              --enable-leader-migration=false  default
              --controllers=*,-cloud-node      line 28
              --allocate-node-cidrs=false      line 42
              --configure-cloud-routes=false   line 45
              --cluster-cidr=                  line 28
  unchecked   --cloud-config-secret-name: the binary accepts this flag, and it decides nothing here
              (rke2-azure.yaml:36:36)
  unchecked   --enable-dynamic-reloading: the binary accepts this flag, and it decides nothing here
              (rke2-azure.yaml:39:37)

nodes         old: 1 (control plane, etcd, worker)
nodes         new: 2 (control plane); taints node-role.kubernetes.io/control-plane:NoSchedule

assumed       HelmChart cloud-provider-azure has no `version`: the newest one known here, 1.36.0, is
              taken, and the day of the installation decides in truth
assumed       Kubernetes 1.29 is read from rke2-azure.yaml:5:22
assumed       cloud-controller-manager: k8s.io/cloud-provider 0.29, assumed from its image tag
              v1.29.15

warning       `kube-controller-manager-arg` takes the place of the list that was set before, it adds
              nothing to it: `feature-gates=DisableCloudProviders=false`,
              `configure-cloud-routes=false` are lost on the nodes selected here
              (rke2-azure.yaml:14:11)

"#]]
    );
}

#[test]
fn a_cluster_of_rke() {
    snapbox::assert_data_eq!(
        screen(&["rke1.yaml"]),
        snapbox::str![[r#"
kube-controller-manager 1.26 (before)
  written in  rke1.yaml:7:5, Container kube-controller-manager (container by RKE)
  starts      NO: exits at start, before it holds any lease (exit code 1)
              unable to read leader migration configuration from "/etc/kubernetes/migration.yaml":
              open /etc/kubernetes/migration.yaml: no such file or directory
  decided by  --cloud-provider=external       line 4
              --leader-elect=true             line 7
              --enable-leader-migration=true  line 9
              --leader-migration-config=/etc/kubernetes/migration.yaml  line 10
              --allocate-node-cidrs=true      line 7
              --configure-cloud-routes=false  line 7
              --cluster-cidr=10.42.0.0/16     line 7
  unchecked   --pod-eviction-timeout: the binary accepts this flag, and it decides nothing here
              (rke1.yaml:7:5)

nodes         controlplane+etcd: 2 (control plane, etcd); taints
              node-role.kubernetes.io/etcd=true:NoExecute,
              node-role.kubernetes.io/controlplane=true:NoSchedule
nodes         controlplane+worker: 1 (control plane, worker)

assumed       Kubernetes 1.26 is read from rke1.yaml:2:23

warning       no file given for /etc/kubernetes/migration.yaml of the node: without this file the
              process does not start (rke1.yaml:7:5)

"#]]
    );
}

#[test]
fn configurations_of_two_nodes() {
    snapbox::assert_data_eq!(
        screen(&["nodes", "--before", "1.26"]),
        snapbox::str![[r#"
kube-controller-manager 1.26 (before)
  written in  nodes/cp-1/etc/rancher/rke2/config.yaml:1:1, Pod kube-system/kube-controller-manager
              (static pod by RKE2, on the nodes of cp-1)
  starts      yes
  main        kube-system/kube-controller-manager: runs node-ipam
  migration   kube-system/cloud-provider-extraction-migration: runs service, route,
              cloud-node-lifecycle
              in vain, for ever: leases.coordination.k8s.io "cloud-provider-extraction-migration" is
              forbidden
              system:kube-controller-manager may not get, update it
  decided by  --cloud-provider=aws            line 2
              --leader-elect=true             default
              --enable-leader-migration=true
                nodes/cp-1/etc/rancher/rke2/config.yaml.d/50-migration.yaml:2:5
              leaderName: cloud-provider-extraction-migration  default
              route: *                        default
              service: *                      default
              cloud-node-lifecycle: *         default
              --controllers=*,tokencleaner    line 1
              --allocate-node-cidrs=true      line 1
              --cluster-cidr=10.42.0.0/16     line 1

kube-controller-manager 1.26 (before)
  written in  nodes/cp-2/etc/rancher/rke2/config.yaml:1:1, Pod kube-system/kube-controller-manager
              (static pod by RKE2, on the nodes of cp-2)
  starts      yes
  main        kube-system/kube-controller-manager: runs service, route, cloud-node-lifecycle,
              node-ipam
  migration   no migration lease
  decided by  --cloud-provider=aws             line 3
              --leader-elect=true              default
              --enable-leader-migration=false  default
              --controllers=*,tokencleaner     line 1
              --allocate-node-cidrs=true       line 1
              --cluster-cidr=10.42.0.0/16      line 1

nodes         cp-1: 1 (control plane, etcd)
nodes         cp-2: 1 (control plane, etcd)

assumed       cloud-provider-name: aws is taken to be passed on to kube-controller-manager; RKE2
              does so up to 1.28, and in 1.29, 1.30 and 1.31 up to a patch release
assumed       configurations of RKE2 lie in 2 directories: each is taken for one control-plane node

warning       RKE2 leaves out `kube-controler-manager-arg`, which it does not know: did you mean
              `kube-controller-manager-arg`? (nodes/cp-2/etc/rancher/rke2/config.yaml:4:1)

"#]]
    );
}

#[test]
fn errors_of_one_file_at_once() {
    let output = show(&["odd.yaml"]);
    assert_eq!(output.status.code(), Some(2));
    snapbox::assert_data_eq!(
        screen(&["odd.yaml"]),
        snapbox::str![[r#"
  × `quantity` is a number from 0
    ╭─[odd.yaml:18:30]
 17 │     machinePools:
 18 │       - {name: cp, quantity: three, controlPlaneRole: true, etcRole: true}
    ·                              ──┬──
    ·                                ╰── this is a string
 19 │     additionalManifest: |-
    ╰────
  × an unknown operator
    ╭─[odd.yaml:16:65]
 15 │           matchExpressions:
 16 │             - {key: rke.cattle.io/control-plane-role, operator: is, values: ['true']}
    ·                                                                 ─┬
    ·                                                                  ╰── expected In, NotIn, Exists or DoesNotExist
 17 │     machinePools:
    ╰────
  × `kube-controller-manager-arg` is a list of strings
    ╭─[odd.yaml:13:15]
 12 │           kube-controller-manager-arg:
 13 │             - v: 4
    ·               ──┬─
    ·                 ╰── this is a mapping; write `- flag=value`
 14 │         machineLabelSelector:
    ╰────
  × `args` is a list
    ╭─[odd.yaml:27:17]
 26 │         valuesContent: |-
 27 │           args: --v=2
    ·                 ──┬──
    ·                   ╰── this is a string
    ╰────
  ⚠ `etcRole` is no field of a machine pool
    ╭─[odd.yaml:18:61]
 17 │     machinePools:
 18 │       - {name: cp, quantity: three, controlPlaneRole: true, etcRole: true}
    ·                                                             ───┬───
    ·                                                                ╰── did you mean `etcdRole`?
 19 │     additionalManifest: |-
    ╰────
4 errors, nothing was shown (exit 2)

"#]]
    );
}
