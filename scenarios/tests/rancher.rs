//! Rancher's files: the arguments that the managers get, with the place of each; groups of nodes; what is assumed and noted.

#[expect(dead_code, reason = "uses other helpers than the other tests")]
mod common;

use std::fmt::Write;

use common::Memory;
use leasehold_scenarios::diagnostic::{Problem, Severity};
use leasehold_scenarios::inventory::nodes::NodeGroup;
use leasehold_scenarios::inventory::{Inventory, documents};
use leasehold_scenarios::source::Sources;

/// What is read from these files.
fn read(files: &[(&str, &str)]) -> (Inventory, Sources) {
    let fs = Memory::of(files.iter().copied());
    let mut sources = Sources::new();
    let paths: Vec<String> = files.iter().map(|(path, _)| path.to_string()).collect();
    (documents::read(&fs, &paths, &mut sources), sources)
}

/// Managers, groups, assumptions, notes and errors, a line each; of the arguments those that a file names.
fn shown(files: &[(&str, &str)]) -> String {
    let (inventory, sources) = read(files);
    let mut out = String::new();
    for workload in &inventory.workloads {
        let group = workload.group.as_ref().map_or_else(String::new, |group| format!(" on {group}"));
        let release = workload.release.as_ref().map_or("", |release| &release.value);
        writeln!(out, "{} [{}{group}] {release}", workload.component, workload.kind).unwrap();
        if let Some(image) = &workload.image {
            writeln!(out, "  image {}", image.value).unwrap();
        }
        for arg in workload.args.iter().filter(|arg| arg.span != workload.span) {
            let at = sources.position(arg.span);
            writeln!(out, "  {}:{} {}", at.line, at.column, arg.value).unwrap();
        }
    }
    for NodeGroup { name, count, roles, labels, taints, .. } in &inventory.node_groups {
        let roles = [("control plane", roles.control_plane), ("etcd", roles.etcd), ("worker", roles.worker)];
        let roles: Vec<&str> = roles.iter().filter(|(_, has)| *has).map(|(role, _)| *role).collect();
        let labels: Vec<String> = labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let taints: Vec<String> = taints.iter().map(ToString::to_string).collect();
        writeln!(out, "group {name}: {count} ({}); {}; {}", roles.join(", "), labels.join(" "), taints.join(" "))
            .unwrap();
    }
    for line in &inventory.inferred {
        writeln!(out, "assumed: {line}").unwrap();
    }
    for problem in inventory.problems.iter().chain(&inventory.notes) {
        out += &line(problem, &sources);
    }
    out.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

fn line(problem: &Problem, sources: &Sources) -> String {
    let severity = match problem.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let at = problem.span.map_or_else(String::new, |span| {
        let at = sources.position(span);
        format!("{}:{} ", at.line, at.column)
    });
    let label = problem.label.as_ref().map_or_else(String::new, |label| format!(" | {label}"));
    format!("{severity}: {at}{}{label}\n", problem.message)
}

/// A cluster with this `rkeConfig`, indented by four.
fn cluster(version: &str, config: &str) -> String {
    format!(
        "apiVersion: provisioning.cattle.io/v1\nkind: Cluster\nmetadata: {{name: shop}}\nspec:\n  kubernetesVersion: \
         {version}\n  rkeConfig:\n{config}"
    )
}

fn of_cluster(version: &str, config: &str) -> String {
    shown(&[("c.yaml", &cluster(version, config))])
}

#[test]
fn every_argument_of_rke2_in_its_order() {
    let text = cluster("v1.26.15+rke2r1", "    machineGlobalConfig: {cloud-provider-name: aws}\n");
    let (inventory, _) = read(&[("c.yaml", &text)]);
    let args: Vec<&str> = inventory.workloads[0].args.iter().map(|arg| arg.value.as_str()).collect();
    insta::assert_snapshot!(args.join("\n"), @r#"
    --flex-volume-plugin-dir=/var/lib/kubelet/volumeplugins
    --terminated-pod-gc-threshold=1000
    --permit-port-sharing=true
    --cloud-provider=aws
    --cloud-config=
    --allocate-node-cidrs=true
    --authentication-kubeconfig=/var/lib/rancher/rke2/server/cred/controller.kubeconfig
    --authorization-kubeconfig=/var/lib/rancher/rke2/server/cred/controller.kubeconfig
    --bind-address=127.0.0.1
    --cert-dir=/var/lib/rancher/rke2/server/tls/kube-controller-manager
    --cluster-cidr=10.42.0.0/16
    --cluster-signing-kube-apiserver-client-cert-file=/var/lib/rancher/rke2/server/tls/client-ca.nochain.crt
    --cluster-signing-kube-apiserver-client-key-file=/var/lib/rancher/rke2/server/tls/client-ca.key
    --cluster-signing-kubelet-client-cert-file=/var/lib/rancher/rke2/server/tls/client-ca.nochain.crt
    --cluster-signing-kubelet-client-key-file=/var/lib/rancher/rke2/server/tls/client-ca.key
    --cluster-signing-kubelet-serving-cert-file=/var/lib/rancher/rke2/server/tls/server-ca.nochain.crt
    --cluster-signing-kubelet-serving-key-file=/var/lib/rancher/rke2/server/tls/server-ca.key
    --cluster-signing-legacy-unknown-cert-file=/var/lib/rancher/rke2/server/tls/server-ca.nochain.crt
    --cluster-signing-legacy-unknown-key-file=/var/lib/rancher/rke2/server/tls/server-ca.key
    --controllers=*,tokencleaner
    --kubeconfig=/var/lib/rancher/rke2/server/cred/controller.kubeconfig
    --profiling=false
    --root-ca-file=/var/lib/rancher/rke2/server/tls/server-ca.crt
    --secure-port=10257
    --service-account-private-key-file=/var/lib/rancher/rke2/server/tls/service.current.key
    --service-cluster-ip-range=10.43.0.0/16
    --use-service-account-credentials=true
    "#);
    let mounts: Vec<&str> = inventory.workloads[0].mounts.iter().map(|mount| mount.path.as_str()).collect();
    insta::assert_snapshot!(mounts.join("\n"), @r#"
    /var/lib/kubelet/volumeplugins
    /var/lib/rancher/rke2/server/cred/controller.kubeconfig
    /var/lib/rancher/rke2/server/cred/controller.kubeconfig
    /var/lib/rancher/rke2/server/tls/kube-controller-manager
    /var/lib/rancher/rke2/server/tls/client-ca.nochain.crt
    /var/lib/rancher/rke2/server/tls/client-ca.key
    /var/lib/rancher/rke2/server/tls/client-ca.nochain.crt
    /var/lib/rancher/rke2/server/tls/client-ca.key
    /var/lib/rancher/rke2/server/tls/server-ca.nochain.crt
    /var/lib/rancher/rke2/server/tls/server-ca.key
    /var/lib/rancher/rke2/server/tls/server-ca.nochain.crt
    /var/lib/rancher/rke2/server/tls/server-ca.key
    /var/lib/rancher/rke2/server/cred/controller.kubeconfig
    /var/lib/rancher/rke2/server/tls/server-ca.crt
    /var/lib/rancher/rke2/server/tls/service.current.key
    "#);
}

#[test]
fn every_argument_of_rke_by_release() {
    let args = |version: &str| {
        let (inventory, _) = read(&[("cluster.yml", &format!("kubernetes_version: {version}\n"))]);
        let args: Vec<String> = inventory.workloads[0].args.iter().map(|arg| arg.value.clone()).collect();
        args.join("\n")
    };
    insta::assert_snapshot!(args("v1.26.15-rancher1-1"), @r#"
    --allocate-node-cidrs=true
    --allow-untagged-cloud=true
    --authentication-kubeconfig=/etc/kubernetes/ssl/kubecfg-kube-controller-manager.yaml
    --authorization-kubeconfig=/etc/kubernetes/ssl/kubecfg-kube-controller-manager.yaml
    --cloud-provider=
    --cluster-cidr=10.42.0.0/16
    --configure-cloud-routes=false
    --enable-hostpath-provisioner=false
    --kubeconfig=/etc/kubernetes/ssl/kubecfg-kube-controller-manager.yaml
    --leader-elect=true
    --node-monitor-grace-period=40s
    --pod-eviction-timeout=5m0s
    --profiling=false
    --root-ca-file=/etc/kubernetes/ssl/kube-ca.pem
    --service-account-private-key-file=/etc/kubernetes/ssl/kube-service-account-token-key.pem
    --service-cluster-ip-range=10.43.0.0/16
    --terminated-pod-gc-threshold=1000
    --v=2
    --use-service-account-credentials=true
    "#);
    let (old, new) = (args("v1.23.17-rancher1-1"), args("v1.27.16-rancher1-1"));
    assert!(old.contains("--address=0.0.0.0") && old.contains("--pod-eviction-timeout=5m0s"));
    assert!(!new.contains("--address=") && !new.contains("--pod-eviction-timeout"));
}

const GUIDE_SELECTOR: &str = "      - config:
          kube-controller-manager-arg: [enable-leader-migration]
        machineLabelSelector:
          matchExpressions:
            - {key: rke.cattle.io/control-plane-role, operator: In, values: ['true']}
";

#[test]
fn a_selector_replaces_and_never_merges() {
    let config = format!(
        "    machineGlobalConfig:
      cloud-provider-name: azure
      kube-controller-manager-arg: [feature-gates=DisableCloudProviders=false, v=4]
    machineSelectorConfig:
{GUIDE_SELECTOR}      - config:
          kube-controller-manager-arg: [v=5]
          cloud-provider-name: external
        machineLabelSelector: {{matchLabels: {{rke.cattle.io/rke-machine-pool-name: b}}}}
    machinePools:
      - {{name: a, quantity: 1, controlPlaneRole: true, etcdRole: true, workerRole: true}}
      - {{name: b, quantity: 2, controlPlaneRole: true, taints: [{{key: x, effect: NoSchedule}}], labels: {{zone: z}}}}
      - {{name: c, quantity: 9, workerRole: true}}
"
    );
    insta::assert_snapshot!(of_cluster("v1.29.3+rke2r1", &config), @r#"
    kube-controller-manager [static pod by RKE2 on a] v1.29.3+rke2r1
      8:28 --cloud-provider=azure
      8:28 --cloud-config=
      12:41 --enable-leader-migration=true
    kube-controller-manager [static pod by RKE2 on b] v1.29.3+rke2r1
      18:32 --cloud-provider=external
      18:32 --cloud-config=
      17:41 --v=5
    group a: 1 (control plane, etcd, worker); node-role.kubernetes.io/control-plane=true node-role.kubernetes.io/etcd=true node-role.kubernetes.io/master=true node-role.kubernetes.io/worker=true;
    group b: 2 (control plane); node-role.kubernetes.io/control-plane=true node-role.kubernetes.io/master=true zone=z; x:NoSchedule node-role.kubernetes.io/control-plane:NoSchedule
    warning: 12:11 `kube-controller-manager-arg` takes the place of the list that was set before, it adds nothing to it | `feature-gates=DisableCloudProviders=false`, `v=4` are lost on the nodes selected here
    warning: 17:11 `kube-controller-manager-arg` takes the place of the list that was set before, it adds nothing to it | `enable-leader-migration` is lost on the nodes selected here
    "#);
}

#[test]
fn keys_beside_config_do_nothing() {
    let config = "    machineGlobalConfig: {cloud-provider-name: aws}
    machineSelectorConfig:
      - config:
        kube-controller-manager-arg:
          - cloud-provider=external
        machineLabelSelector: {matchLabels: {rke.cattle.io/control-plane-role: 'true'}}
    machinePools:
      - {name: a, quantity: 3, controlPlaneRole: true}
";
    insta::assert_snapshot!(of_cluster("v1.26.15+rke2r1", config), @r#"
    kube-controller-manager [static pod by RKE2] v1.26.15+rke2r1
      7:48 --cloud-provider=aws
      7:48 --cloud-config=
    group a: 3 (control plane); node-role.kubernetes.io/control-plane=true node-role.kubernetes.io/master=true; node-role.kubernetes.io/control-plane:NoSchedule
    warning: 10:9 `kube-controller-manager-arg` beside `config` does nothing | Rancher reads `config` and `machineLabelSelector` here and nothing else
    "#);
}

#[test]
fn a_user_overrides_the_provider_by_an_argument() {
    let config = "    machineGlobalConfig:
      cloud-provider-name: aws
      disable-cloud-controller: true
      kube-controller-manager-arg: [cloud-provider=external, leader-migration-config=/etc/m.yaml, secure-port=1]
      kube-controller-manager-extra-mount: ['/opt:/etc:ro', nonsense]
";
    insta::assert_snapshot!(of_cluster("v1.26.15+rke2r1", config), @r#"
    kube-controller-manager [static pod by RKE2] v1.26.15+rke2r1
      8:28 --cloud-provider=aws
      8:28 --cloud-config=
      10:37 --cloud-provider=external
      10:62 --leader-migration-config=/etc/m.yaml
      10:99 --secure-port=1
    assumed: the cluster has no machinePools: its nodes are taken to be alike, each with all three roles
    warning: 11:61 a mount that RKE2 leaves out | expected source:destination
    "#);
}

#[test]
fn without_a_provider_rke2_brings_its_own() {
    insta::assert_snapshot!(of_cluster("v1.28.15+rke2r1", "    machineGlobalConfig: {cni: canal}\n"), @r#"
    kube-controller-manager [static pod by RKE2] v1.28.15+rke2r1
    cloud-controller-manager [static pod by RKE2] v1.28.15+rke2r1
      image rancher/rke2-cloud-provider
    assumed: the cluster has no machinePools: its nodes are taken to be alike, each with all three roles
    "#);
    let (inventory, _) = read(&[("c.yaml", &cluster("v1.28.15+rke2r1", "    machineGlobalConfig: {cni: canal}\n"))]);
    let args: Vec<&str> = inventory.workloads.iter().flat_map(|w| &w.args).map(|arg| arg.value.as_str()).collect();
    assert!(args.contains(&"--controllers=*,tokencleaner,-service,-route,-cloud-node-lifecycle"), "{args:?}");
    assert!(args.contains(&"--configure-cloud-routes=false") && args.contains(&"--controllers=*,-route,-service"));
}

#[test]
fn rke2_stops_passing_aws_on_with_a_patch_release() {
    for (version, passes) in [("v1.28.15+rke2r1", true), ("v1.29.10+rke2r1", true), ("v1.29.11+rke2r1", false)] {
        let shown = of_cluster(version, "    machineGlobalConfig: {cloud-provider-name: aws}\n");
        assert_eq!(shown.contains("--cloud-provider=aws"), passes, "{shown}");
        assert!(!shown.contains("cloud-controller-manager ["), "RKE2's own is off: {shown}");
    }
    let own = of_cluster("v1.29.3+rke2r1", "    machineGlobalConfig: {cloud-provider-name: harvester}\n");
    assert!(own.contains("--cloud-provider=external"), "{own}");
}

#[test]
fn odd_clusters() {
    let config = "    machineGlobalConfig:
      - cloud-provider-name
    machineSelectorConfig:
      - config: {cloud-provider-name: aws, kube-controller-manager-args: [x], leader-elect: true, kubelet-arg: 5}
        machineLabelSelector: {matchLabels: {pool: nowhere}}
      - config: [kube-controller-manager-arg]
      - text
      - config:
          kube-controller-manager-arg: {enable-leader-migration: true}
          cloud-provider-name: [aws]
          cni: 5
          kubelet-args: [x]
    machinePools:
      - {name: a, quantity: 7, controlPlaneRole: true}
      - {name: a, controlPlaneRole: 'yes', masterRole: true}
      - {quantity: many, etcdRole: true, taints: [{key: a, effect: Never}]}
      - {name: none, quantity: 0, controlPlaneRole: true}
    additionalManifest: [a]
    extraManifest: x
";
    insta::assert_snapshot!(of_cluster("v1.26.15+rke2r1", config), @r#"
    kube-controller-manager [static pod by RKE2] v1.26.15+rke2r1
      16:33 --cloud-provider=aws
      16:33 --cloud-config=
    group a: 7 (control plane); node-role.kubernetes.io/control-plane=true node-role.kubernetes.io/master=true; node-role.kubernetes.io/control-plane:NoSchedule
    error: 20:29 a control plane of 7 nodes | leasehold takes up to 5 nodes
    error: 21:37 `controlPlaneRole` is true or false | this is a string
    error: 21:16 two machine pools are called `a` | expected another name
    error: 22:9 a machine pool without a name | expected `name`
    error: 22:20 `quantity` is a number from 0 | this is a string
    error: 22:68 a taint without an effect that Kubernetes knows | expected NoSchedule, NoExecute or PreferNoSchedule
    error: 12:17 `config` is a mapping | this is a list
    error: 13:9 `machineSelectorConfig` is a list of mappings | this is a string
    error: 8:7 `machineGlobalConfig` is a mapping | this is a list
    error: 24:25 `additionalManifest` is a string of manifests | this is a list
    note: 25:5 `extraManifest` of `rkeConfig` is not known here and was not read
    note: 21:44 `masterRole` of a machine pool is not known here and was not read
    note: 23:32 a machine pool without machines
    warning: 11:31 this selector matches no machine pool | its configuration reaches no node
    warning: 15:11 Rancher drops `kube-controller-manager-arg`: its value is a mapping | expected a string, a boolean or a list
    warning: 17:11 Rancher drops `cni`: its value is a number | expected a string, a boolean or a list
    warning: 18:11 Rancher drops `kubelet-args`: it is no option of RKE2 that Rancher passes on | did you mean `kubelet-arg`?
    "#);
    insta::assert_snapshot!(of_cluster("v1.26.15+rke2r1", "    machinePools: [{name: w, workerRole: true}]\n"), @"error: 7:19 no machine pool has `controlPlaneRole: true` | no node runs kube-controller-manager");
    insta::assert_snapshot!(of_cluster("v1.26.15+k3s1", "    machineGlobalConfig: {}\n"), @"note: 5:22 a K3s cluster is not read: its managers run inside K3s");
    insta::assert_snapshot!(of_cluster("v1.26.15+rke2r1", "    - a\n"), @"error: 7:5 `rkeConfig` is a mapping | this is a list");
    let imported = "apiVersion: provisioning.cattle.io/v1\nkind: Cluster\nmetadata: {name: c}\nspec: {}\n";
    insta::assert_snapshot!(shown(&[("c.yaml", imported)]), @"note: 3:18 a cluster without `rkeConfig`: Rancher does not configure its managers");
}

#[test]
fn manifests_inside_manifests_end() {
    let mut text = String::from("a: b\n");
    for _ in 0..9 {
        let inner: String = text.lines().map(|line| format!("      {line}\n")).collect();
        text = cluster("v1.26.15+rke2r1", &format!("    additionalManifest: |-\n{inner}"));
    }
    let shown = shown(&[("c.yaml", &text)]);
    assert!(shown.contains("manifests nested too deeply"), "{shown}");
}

#[test]
fn files_of_rke2_are_laid_over_each_other() {
    let files = [
        ("n/etc/rancher/rke2/config.yaml.d/90.yaml", "kube-controller-manager-arg+: enable-leader-migration\n"),
        ("n/etc/rancher/rke2/config.yaml.d/50.yaml", "cloud-provider-name: external\n"),
        ("n/etc/rancher/rke2/config.yaml", "cloud-provider-name: azure\nkube-controller-manager-arg: [v=4]\n"),
    ];
    insta::assert_snapshot!(shown(&files), @r#"
    kube-controller-manager [static pod by RKE2]
      1:22 --cloud-provider=external
      1:22 --cloud-config=
      1:31 --enable-leader-migration=true
      2:31 --v=4
    "#);
    let two = [
        ("a/config.yaml", "cloud-provider-name: azure\nkube-controller-manager-arg: [v=4]\n"),
        ("b/config.yaml", "cloud-provider-name: azure\nkube-controler-manager-arg: [v=4]\n"),
    ];
    insta::assert_snapshot!(shown(&two), @r#"
    kube-controller-manager [static pod by RKE2 on a]
      1:22 --cloud-provider=azure
      1:22 --cloud-config=
      2:31 --v=4
    kube-controller-manager [static pod by RKE2 on b]
      1:22 --cloud-provider=azure
      1:22 --cloud-config=
    group a: 1 (control plane, etcd); node-role.kubernetes.io/control-plane=true node-role.kubernetes.io/etcd=true node-role.kubernetes.io/master=true;
    group b: 1 (control plane, etcd); node-role.kubernetes.io/control-plane=true node-role.kubernetes.io/etcd=true node-role.kubernetes.io/master=true;
    assumed: configurations of RKE2 lie in 2 directories: each is taken for one control-plane node
    warning: 2:1 RKE2 leaves out `kube-controler-manager-arg`, which it does not know | did you mean `kube-controller-manager-arg`?
    "#);
    let empty = shown(&[("config.yaml", "cloud-provider-name: ''\nkubelet-arg: [v=1]\n")]);
    assert!(!empty.contains("cloud-controller-manager ["), "an empty provider turns RKE2's own off: {empty}");
}

#[test]
fn rke_merges_extra_args() {
    let text = "cloud_provider: {name: external-aws, useInstanceMetadataHostname: true}
kubernetes_version: v1.26.15-rancher1-1
services:
  kube-controller:
    cluster_cidr: 10.9.0.0/16
    extra_args: {enable-leader-migration: true, configure-cloud-routes: \"yes\", v: 4, leader-elect: yes}
    extra_args_array: {controllers: ['*', -route]}
    extra_binds: ['/opt/m:/etc/m:z', /opt]
nodes:
  - {address: a, role: [controlplane, etcd]}
  - {address: b, role: [controlplane, etcd]}
  - {address: c, role: [controlplane, etcd], labels: {zone: 1}, taints: [{key: k, value: v, effect: NoExecute}]}
  - {address: d, role: [controlplane, worker, master]}
  - {address: e, role: [worker]}
";
    insta::assert_snapshot!(shown(&[("cluster.yml", text)]), @r#"
    kube-controller-manager [container by RKE] v1.26.15-rancher1-1
      1:24 --cloud-config=/etc/kubernetes/cloud-config
      1:24 --cloud-provider=external
      5:19 --cluster-cidr=10.9.0.0/16
      6:49 --configure-cloud-routes=yes
      6:18 --enable-leader-migration=true
      6:86 --leader-elect=yes
      6:80 --v=4
      7:38 --controllers=*
      7:43 --controllers=-route
    group controlplane+etcd: 2 (control plane, etcd); node-role.kubernetes.io/controlplane=true node-role.kubernetes.io/etcd=true; node-role.kubernetes.io/etcd=true:NoExecute node-role.kubernetes.io/controlplane=true:NoSchedule
    group controlplane+etcd 2: 1 (control plane, etcd); node-role.kubernetes.io/controlplane=true node-role.kubernetes.io/etcd=true zone=1; k=v:NoExecute node-role.kubernetes.io/etcd=true:NoExecute node-role.kubernetes.io/controlplane=true:NoSchedule
    group controlplane+worker: 1 (control plane, worker); node-role.kubernetes.io/controlplane=true node-role.kubernetes.io/worker=true;
    error: 8:38 a bind that is no bind | expected "/on/the/node:/in/the/container"
    error: 13:47 an unknown role | expected controlplane, etcd or worker
    "#);
}

#[test]
fn odd_files_of_rke() {
    let text = "rancher_kubernetes_engine_config:
  kubernetes_versions: v1.26
  services: {kube-controller: {extra_args: [enable-leader-migration], extra_arg: {}}}
  nodes: [{address: e, role: worker}, {address: f, role: [etcd]}]
  addons: |-
    apiVersion: v1
    kind: Service
    metadata: {name: s}
    ---
    a: [
";
    insta::assert_snapshot!(shown(&[("cluster.yml", text)]), @r#"
    kube-controller-manager [container by RKE]
    error: 3:44 `extra_args` is a mapping | this is a list
    error: 4:30 `role` is a list | this is a string
    error: 4:10 no node has the role controlplane | no node runs kube-controller-manager
    error: 10:8 not YAML | this `[` is never closed
    warning: 2:3 `kubernetes_versions` is no field of RKE's cluster.yml | did you mean `kubernetes_version`?
    warning: 3:71 `extra_arg` is no field of `kube-controller` | did you mean `extra_args`?
    note: 8:22 Service default/s was not recognised
    "#);
    let beside = "cloud_provider: {name: aws}\nrancher_kubernetes_engine_config: {cloud_provider: {name: azure}}\n";
    assert!(shown(&[("cluster.yml", beside)]).contains("warning: 1:1 `cloud_provider` beside"));
    insta::assert_snapshot!(shown(&[("cluster.yml", "rancher_kubernetes_engine_config: []\n")]), @"error: 1:35 `rancher_kubernetes_engine_config` is a mapping | this is a list");
}

/// A HelmChart with these lines of its spec and these values.
fn chart(spec: &str, values: &str) -> String {
    let values = values.replace('\n', "\n    ");
    format!(
        "apiVersion: helm.cattle.io/v1\nkind: HelmChart\nmetadata: {{name: ccm, namespace: kube-system}}\nspec:\n{spec}  \
         valuesContent: |-\n    {values}\n"
    )
}

#[test]
fn a_chart_is_rendered_with_its_values() {
    let aws = chart(
        "  chart: aws-cloud-controller-manager\n  version: 0.0.8\n",
        "nodeSelector: {node-role.kubernetes.io/control-plane: null, a: b}\nargs: [--v=2, --enable-leader-migration]\n\
         tolerations: [{key: t, operator: Exists}]\nclusterRoleRules: [{apiGroups: [''], resources: [pods], verbs: [get]}]",
    );
    let (inventory, sources) = read(&[("chart.yaml", &aws)]);
    let workload = &inventory.workloads[0];
    assert_eq!(workload.placement.node_selector.iter().collect::<Vec<_>>(), [(&"a".to_string(), &"b".to_string())]);
    let keys: Vec<(&str, bool)> = workload.placement.tolerations.iter().map(|t| (t.key.as_str(), t.exists)).collect();
    assert_eq!((keys, workload.placement.host_network), (vec![("t", true)], false));
    assert_eq!(workload.service_account.as_deref(), Some("cloud-controller-manager"));
    assert_eq!(sources.place(workload.args[1].span), "chart.yaml:9:19");
    insta::assert_snapshot!(shown(&[("chart.yaml", &aws)]), @"
    cloud-controller-manager [DaemonSet]
      image registry.k8s.io/provider-aws/cloud-controller-manager:v1.27.1
      9:12 --v=2
      9:19 --enable-leader-migration
    ");
    let rules = format!("{:?}", inventory.rbac);
    assert!(
        rules.contains("pods") && !rules.contains("leases"),
        "a list of rules takes the place of the chart's: {rules}"
    );
}

#[test]
fn values_of_another_object_and_of_rancher_go_over_those_of_the_chart() {
    let text = format!(
        "{}---\napiVersion: helm.cattle.io/v1\nkind: HelmChartConfig\nmetadata: {{name: ccm, namespace: kube-system}}\nspec:\n  \
         valuesContent: |-\n    image: {{tag: v1.30.0}}\n",
        chart("  chart: https://e.test/aws-cloud-controller-manager-0.0.9.tgz\n", "args: [--v=9]")
    );
    insta::assert_snapshot!(shown(&[("chart.yaml", &text)]), @r#"
    cloud-controller-manager [DaemonSet]
      image registry.k8s.io/provider-aws/cloud-controller-manager:v1.30.0
      7:12 --v=9
    "#);
    let rancher = cluster(
        "v1.29.3+rke2r1",
        "    machineGlobalConfig: {cloud-provider-name: external}\n    chartValues: {ccm: {cloudControllerManager: \
         {replicas: 2, leaderElectLeaseDuration: 30s, updateStrategy: {type: Recreate}}}}\n",
    );
    let azure = chart("  chart: cloud-provider-azure\n  version: 1.29.0+20240201\n", "infra: {clusterName: shop}");
    insta::assert_snapshot!(shown(&[("a.yaml", &azure), ("c.yaml", &rancher)]), @r#"
    kube-controller-manager [static pod by RKE2] v1.29.3+rke2r1
      7:48 --cloud-provider=external
      7:48 --cloud-config=
    cloud-controller-manager [Deployment, 2 replicas]
      image mcr.microsoft.com/oss/kubernetes/azure-cloud-controller-manager:v1.29.0
      8:26 --cluster-name=shop
      8:89 --leader-elect-lease-duration=30s
    assumed: the cluster has no machinePools: its nodes are taken to be alike, each with all three roles
    warning: 8:110 `updateStrategy` does nothing | the chart 1.29.0+20240201 has no such value; the Deployment surges by one pod
    "#);
}

#[test]
fn odd_charts() {
    for (spec, values) in [
        ("  chart: aws-cloud-controller-manager\n  version: 0.0.3\n", "args: []"),
        ("  chart: aws-cloud-controller-manager\n", "args: --v=2\nnodeSelector: {a: true}\nimage: {tag: [1]}"),
        ("  chart: aws-cloud-controller-manager\n  set: {a: b}\n", "args: []"),
        ("  chart: aws-cloud-controller-manager\n", "- a"),
        ("  chart: aws-cloud-controller-manager\n", "a: [\nb"),
        ("  chart: vendor/other-ccm\n", "a: 1"),
        ("  repo: x\n", "a: 1"),
    ] {
        let shown = shown(&[("chart.yaml", &chart(spec, values))]);
        let problems: Vec<&str> = shown.lines().filter(|l| l.starts_with("error") || l.starts_with("note")).collect();
        assert!(!problems.is_empty(), "{spec}{values}: {shown}");
    }
    let azure = chart("  chart: cloud-provider-azure\n  version: 1.28.5\n", "infra: {}");
    let new = cluster("v1.30.3+rke2r1", "    machineGlobalConfig: {cloud-provider-name: external}\n");
    insta::assert_snapshot!(shown(&[("a.yaml", &azure), ("c.yaml", &new)]), @r#"
    kube-controller-manager [static pod by RKE2] v1.30.3+rke2r1
      7:48 --cloud-provider=external
      7:48 --cloud-config=
    assumed: the cluster has no machinePools: its nodes are taken to be alike, each with all three roles
    error: 5:10 the chart cloud-provider-azure 1.28.5 is not installed on Kubernetes 1.30 | it knows no image for this release, and its values name no `imageTag`
    "#);
    let wrong = "apiVersion: helm.cattle.io/v1\nkind: HelmChart\nmetadata: {name: ccm}\nspec: {chart: \
                 aws-cloud-controller-manager, valuesContent: {args: []}, version: 0.0.11}\n";
    insta::assert_snapshot!(shown(&[("chart.yaml", wrong)]), @r#"
    cloud-controller-manager [DaemonSet]
      image registry.k8s.io/provider-aws/cloud-controller-manager:v1.35.0
    error: 4:60 `valuesContent` is a string of YAML | this is a mapping
    "#);
    insta::assert_snapshot!(shown(&[("chart.yaml", &chart("  chart: aws-cloud-controller-manager\n", "args: --v=2\nnodeSelector: {a: true}"))]), @r#"
    cloud-controller-manager [DaemonSet]
      image registry.k8s.io/provider-aws/cloud-controller-manager:v1.35.0
    assumed: HelmChart aws-cloud-controller-manager has no `version`: the newest one known here, 0.0.11, is taken, and the day of the installation decides in truth
    error: 7:11 `args` is a list | this is a string
    error: 8:23 a label that is no string | YAML reads this as a boolean; quote it
    "#);
    insta::assert_snapshot!(shown(&[("chart.yaml", &chart("  chart: vendor/other-ccm\n", "a: 1"))]), @"note: 5:10 HelmChart kube-system/ccm was not read: the chart `other-ccm` is not known here | if it runs a controller manager, give what `helm template` makes of it instead");
}

#[test]
fn a_template_is_to_be_rendered_first() {
    let template = "{{- if .Values.enabled }}\napiVersion: apps/v1\nkind: DaemonSet\n{{- end }}\n";
    insta::assert_snapshot!(shown(&[("daemonset.yaml", template)]), @"error: 1:1 a template that was not rendered | Helm puts a value here");
    let quoted = "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: a}\nspec: {template: {spec: {containers: [\n  {name: \
                  cloud-controller-manager, image: '{{ .Values.image }}'}]}}}\n";
    insta::assert_snapshot!(shown(&[("daemonset.yaml", quoted)]), @"error: 5:44 a template that was not rendered | Helm puts a value here");
    let alert = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: '{{ if .Values.x }}'}\n";
    assert_eq!(shown(&[("a.yaml", alert)]), "");
}
