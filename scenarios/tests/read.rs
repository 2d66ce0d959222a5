//! What people have, as it is read: manifests after those that kubeadm, kops, RKE2 and the vendors' charts write.

#[expect(dead_code, reason = "uses other helpers than the other tests")]
mod common;

use common::{Memory, request, resolved, summary};
use leasehold_model::launch::MigrationFile;
use leasehold_model::lease::{LeaseId, Verb};
use leasehold_scenarios::inventory::files::Disk;
use leasehold_scenarios::resolve::{Manager, Resolved};

/// A kube-controller-manager to stand on the other side.
const KCM: &str = "\
apiVersion: v1
kind: Pod
metadata: {name: kube-controller-manager, namespace: kube-system}
spec:
  containers:
  - name: kube-controller-manager
    image: registry.k8s.io/kube-controller-manager:v1.30.1
    command: [kube-controller-manager]
";

/// The first manager that `manifest` describes, with every argument at its place.
fn arguments(manifest: &str) -> String {
    let fs = Memory::of([("b.yaml", manifest), ("a.yaml", KCM)]);
    let resolved = resolved(&request(&["b.yaml", "a.yaml"]), &fs);
    places(&resolved, &resolved.managers[0])
}

fn places(resolved: &Resolved, manager: &Manager) -> String {
    let mut out = format!("{} [{}]\n", manager.title, manager.workload);
    for (arg, span) in manager.spec.args.iter().zip(&manager.spans.args) {
        let at = resolved.sources.position(*span);
        let raw = resolved.sources.slice(*span);
        let raw = raw.lines().next().unwrap_or("");
        let written = if raw == arg { String::new() } else { format!("   written {raw}") };
        out += &format!("{}:{} {arg}{written}\n", at.line, at.column);
    }
    out
}

/// The cloud-controller-manager of `manifests`, beside a kube-controller-manager.
fn ccm(manifests: &str) -> (Resolved, Manager) {
    let fs = Memory::of([("b.yaml", KCM), ("d/ccm.yaml", manifests), ("d/kcm.yaml", KCM)]);
    let resolved = resolved(&request(&["b.yaml", "d"]), &fs);
    let manager = resolved.managers.iter().find(|m| m.library.is_some()).expect("a cloud-controller-manager").clone();
    (resolved, manager)
}

const KUBEADM: &str = "\
apiVersion: v1
kind: Pod
metadata:
  creationTimestamp: null
  labels:
    component: kube-controller-manager
    tier: control-plane
  name: kube-controller-manager
  namespace: kube-system
spec:
  containers:
  - command:
    - kube-controller-manager
    - --allocate-node-cidrs=true
    - --cloud-provider=aws
    - --cluster-cidr=10.244.0.0/16
    - --controllers=*,bootstrapsigner,tokencleaner
    - --enable-leader-migration
    - --leader-elect=true
    - --leader-migration-config
    - /etc/leadermigration.conf
    - \"--use-service-account-credentials=true\"
    image: registry.k8s.io/kube-controller-manager:v1.26.15
    imagePullPolicy: IfNotPresent
    livenessProbe: {failureThreshold: 8, httpGet: {host: 127.0.0.1, path: /healthz, port: 10257, scheme: HTTPS}}
    name: kube-controller-manager
    volumeMounts:
    - mountPath: /etc/ssl/certs
      name: ca-certs
      readOnly: true
    - mountPath: /etc/leadermigration.conf
      name: leader-migration
      readOnly: true
  hostNetwork: true
  priorityClassName: system-node-critical
  volumes:
  - hostPath:
      path: /etc/ssl/certs
      type: DirectoryOrCreate
    name: ca-certs
  - hostPath:
      path: /etc/kubernetes/leadermigration.conf
      type: File
    name: leader-migration
status: {}
";

const GUIDE_FILE: &str = "\
kind: LeaderMigrationConfiguration
apiVersion: controllermanager.config.k8s.io/v1alpha1
leaderName: cloud-provider-extraction-migration
resourceLock: leases
controllerLeaders:
  - name: route
    component: kube-controller-manager
  - name: service
    component: kube-controller-manager
  - name: cloud-node-lifecycle
    component: kube-controller-manager
";

#[test]
fn a_static_pod_of_kubeadm() {
    insta::assert_snapshot!(arguments(KUBEADM), @r#"
    kube-controller-manager 1.26 [static pod]
    14:7 --allocate-node-cidrs=true
    15:7 --cloud-provider=aws
    16:7 --cluster-cidr=10.244.0.0/16
    17:7 --controllers=*,bootstrapsigner,tokencleaner
    18:7 --enable-leader-migration
    19:7 --leader-elect=true
    20:7 --leader-migration-config
    21:7 /etc/leadermigration.conf
    22:7 --use-service-account-credentials=true   written "--use-service-account-credentials=true"
    "#);
}

#[test]
fn a_static_pod_of_kops() {
    let manifest = "\
apiVersion: v1
kind: Pod
metadata: {name: kube-controller-manager, namespace: kube-system}
spec:
  containers:
  - args:
    - --log-file=/var/log/kube-controller-manager.log
    - --also-stdout
    - /usr/local/bin/kube-controller-manager
    - --cloud-provider=aws
    - --enable-leader-migration=true
    command:
    - /go-runner
    image: registry.k8s.io/kube-controller-manager:v1.23.17
    name: kube-controller-manager
";
    insta::assert_snapshot!(arguments(manifest), @r#"
    kube-controller-manager 1.23 [static pod]
    10:7 --cloud-provider=aws
    11:7 --enable-leader-migration=true
    "#);
}

#[test]
fn a_static_pod_of_rke2() {
    let manifest = "\
{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"metadata\": {\"name\": \"kube-controller-manager\", \"namespace\": \"kube-system\"},
 \"spec\": {\"containers\": [{\"name\": \"kube-controller-manager\", \"image\": \"index.docker.io/rancher/hardened-kubernetes:v1.26.15-rke2r1-build20240314\",
  \"command\": [\"kube-controller-manager\"],
  \"args\": [\"--cloud-provider=aws\", \"--enable-leader-migration=true\", \"--v=2\"]}]}}
";
    insta::assert_snapshot!(arguments(manifest), @r#"
    kube-controller-manager 1.26 [static pod]
    4:12 --cloud-provider=aws   written "--cloud-provider=aws"
    4:36 --enable-leader-migration=true   written "--enable-leader-migration=true"
    4:70 --v=2   written "--v=2"
    "#);
}

#[test]
fn a_shell_that_execs_one_command() {
    let manifest = "\
apiVersion: v1
kind: Pod
metadata: {name: kube-controller-manager, namespace: kube-system}
spec:
  containers:
  - name: kube-controller-manager
    image: registry.k8s.io/kube-controller-manager:v1.22.0
    command:
    - /bin/sh
    - -c
    - |
      exec /usr/local/bin/kube-controller-manager --cloud-provider=gce \\
        --controllers=*,-route '--leader-elect=true' 1>>/var/log/kcm.log 2>&1
";
    insta::assert_snapshot!(arguments(manifest), @r#"
    kube-controller-manager 1.22 [static pod]
    12:51 --cloud-provider=gce
    13:9 --controllers=*,-route
    13:32 --leader-elect=true   written '--leader-elect=true'
    "#);
    let one_line = manifest.split("    - |").next().unwrap().to_string() + "    - exec kube-controller-manager --v=2\n";
    insta::assert_snapshot!(arguments(&one_line), @r#"
    kube-controller-manager 1.22 [static pod]
    11:36 --v=2
    "#);
}

#[test]
fn kubeadm_configuration_in_both_forms() {
    let v1beta3 = "\
apiVersion: kubeadm.k8s.io/v1beta3
kind: InitConfiguration
---
apiVersion: kubeadm.k8s.io/v1beta3
kind: ClusterConfiguration
kubernetesVersion: v1.29.3
networking: {podSubnet: 10.244.0.0/16}
controllerManager:
  extraArgs:
    cloud-provider: external
    controllers: \"*,-nodeipam\"
";
    insta::assert_snapshot!(arguments(v1beta3), @r#"
    kube-controller-manager 1.29 [static pod by kubeadm]
    8:1 --allocate-node-cidrs=true   written controllerManager
    8:1 --authentication-kubeconfig=/etc/kubernetes/controller-manager.conf   written controllerManager
    8:1 --authorization-kubeconfig=/etc/kubernetes/controller-manager.conf   written controllerManager
    8:1 --bind-address=127.0.0.1   written controllerManager
    8:1 --client-ca-file=/etc/kubernetes/pki/ca.crt   written controllerManager
    8:1 --cluster-cidr=10.244.0.0/16   written controllerManager
    8:1 --cluster-name=kubernetes   written controllerManager
    8:1 --cluster-signing-cert-file=/etc/kubernetes/pki/ca.crt   written controllerManager
    8:1 --cluster-signing-key-file=/etc/kubernetes/pki/ca.key   written controllerManager
    8:1 --kubeconfig=/etc/kubernetes/controller-manager.conf   written controllerManager
    8:1 --leader-elect=true   written controllerManager
    8:1 --requestheader-client-ca-file=/etc/kubernetes/pki/front-proxy-ca.crt   written controllerManager
    8:1 --root-ca-file=/etc/kubernetes/pki/ca.crt   written controllerManager
    8:1 --service-account-private-key-file=/etc/kubernetes/pki/sa.key   written controllerManager
    8:1 --service-cluster-ip-range=10.96.0.0/12   written controllerManager
    8:1 --use-service-account-credentials=true   written controllerManager
    10:5 --cloud-provider=external   written cloud-provider: external
    11:5 --controllers=*,-nodeipam   written controllers: "*,-nodeipam"
    "#);
    let v1beta4 = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: kubeadm-config, namespace: kube-system}
data:
  ClusterConfiguration: |
    apiVersion: kubeadm.k8s.io/v1beta4
    kind: ClusterConfiguration
    kubernetesVersion: v1.31.0
    controllerManager:
      extraArgs:
      - name: cloud-provider
        value: external
      extraVolumes:
      - {name: lm, hostPath: /etc/lm.conf, mountPath: /etc/lm.conf}
";
    insta::assert_snapshot!(arguments(&v1beta4.replace("1.31", "1.30")), @r#"
    kube-controller-manager 1.30 [static pod by kubeadm]
    9:5 --authentication-kubeconfig=/etc/kubernetes/controller-manager.conf   written controllerManager
    9:5 --authorization-kubeconfig=/etc/kubernetes/controller-manager.conf   written controllerManager
    9:5 --bind-address=127.0.0.1   written controllerManager
    9:5 --client-ca-file=/etc/kubernetes/pki/ca.crt   written controllerManager
    9:5 --cluster-name=kubernetes   written controllerManager
    9:5 --cluster-signing-cert-file=/etc/kubernetes/pki/ca.crt   written controllerManager
    9:5 --cluster-signing-key-file=/etc/kubernetes/pki/ca.key   written controllerManager
    9:5 --controllers=*,bootstrapsigner,tokencleaner   written controllerManager
    9:5 --kubeconfig=/etc/kubernetes/controller-manager.conf   written controllerManager
    9:5 --leader-elect=true   written controllerManager
    9:5 --requestheader-client-ca-file=/etc/kubernetes/pki/front-proxy-ca.crt   written controllerManager
    9:5 --root-ca-file=/etc/kubernetes/pki/ca.crt   written controllerManager
    9:5 --service-account-private-key-file=/etc/kubernetes/pki/sa.key   written controllerManager
    9:5 --use-service-account-credentials=true   written controllerManager
    11:9 --cloud-provider=external   written name: cloud-provider
    "#);
}

#[test]
fn the_chart_of_the_aws_cloud_controller_manager() {
    let (resolved, manager) = ccm("\
# Source: aws-cloud-controller-manager/templates/serviceaccount.yaml
apiVersion: v1
kind: ServiceAccount
metadata: {name: cloud-controller-manager, namespace: kube-system}
---
# Source: aws-cloud-controller-manager/templates/clusterrole.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: system:cloud-controller-manager}
rules:
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  verbs: [create, get, list, watch, update]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: system:cloud-controller-manager}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: system:cloud-controller-manager}
subjects:
- {apiGroup: \"\", kind: ServiceAccount, name: cloud-controller-manager, namespace: kube-system}
---
# Source: aws-cloud-controller-manager/templates/daemonset.yaml
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: aws-cloud-controller-manager, namespace: kube-system}
spec:
  selector: {matchLabels: {k8s-app: aws-cloud-controller-manager}}
  updateStrategy: {type: RollingUpdate}
  template:
    metadata: {labels: {k8s-app: aws-cloud-controller-manager}}
    spec:
      serviceAccountName: cloud-controller-manager
      containers:
      - name: aws-cloud-controller-manager
        image: registry.k8s.io/provider-aws/cloud-controller-manager:v1.27.1
        args:
        - --v=2
        - --cloud-provider=aws
");
    insta::assert_snapshot!(places(&resolved, &manager), @r#"
    cloud-controller-manager (DaemonSet kube-system/aws-cloud-controller-manager), library 0.27 [DaemonSet]
    37:11 --v=2
    38:11 --cloud-provider=aws
    "#);
    insta::assert_snapshot!(summary(&resolved), @r#"
    kube-controller-manager 1.30 [static pod; system:kube-controller-manager; no file; 0 args]
    -- Apply the access rules of after: Apply, no restart
    kube-controller-manager 1.30 [static pod; system:kube-controller-manager; no file; 0 args]
    -- Change the managers: Edit
    kube-controller-manager 1.30 [static pod; system:kube-controller-manager; no file; 0 args]
    cloud-controller-manager (DaemonSet kube-system/aws-cloud-controller-manager), library 0.27 [DaemonSet; system:serviceaccount:kube-system:cloud-controller-manager; no file; 2 args]
    inferred: Kubernetes 1.30 is read from b.yaml:7:12
    inferred: Kubernetes 1.30 is read from d/kcm.yaml:7:12
    inferred: no plan given: the access rules of d are applied first
    inferred: no plan given: managers are changed in place, in any order, because a DaemonSet or Deployment starts its pods beside the old managers
    inferred: no plan given: rollback is possible at any point
    inferred: aws-cloud-controller-manager: k8s.io/cloud-provider 0.27, assumed from its image tag v1.27.1
    "#);
    let lease = LeaseId::kube_system("cloud-provider-extraction-migration");
    assert!(manager.spec.rights.allows(Verb::Update, &lease));
}

#[test]
fn the_manifests_of_the_openstack_cloud_controller_manager() {
    let (resolved, manager) = ccm("\
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: openstack-cloud-controller-manager, namespace: kube-system}
spec:
  template:
    spec:
      containers:
      - name: openstack-cloud-controller-manager
        image: registry.k8s.io/provider-os/openstack-cloud-controller-manager:v1.31.1@sha256:0000
        command:
        - /bin/openstack-cloud-controller-manager
        - --v=1
        - --cluster-name=$(CLUSTER_NAME)
        - --cloud-config=$(CLOUD_CONFIG)
        - --cloud-provider=openstack
        - --use-service-account-credentials=false
        env:
        - {name: CLOUD_CONFIG, value: /etc/config/cloud.conf}
        - {name: CLUSTER_NAME, valueFrom: {configMapKeyRef: {name: x, key: y}}}
      - name: sidecar
        image: busybox
        command: [sleep, infinity]
      serviceAccountName: cloud-controller-manager
");
    insta::assert_snapshot!(places(&resolved, &manager), @r#"
    cloud-controller-manager (DaemonSet kube-system/openstack-cloud-controller-manager), library 0.31 [DaemonSet]
    12:11 --v=1
    13:11 --cluster-name=$(CLUSTER_NAME)
    14:11 --cloud-config=/etc/config/cloud.conf   written --cloud-config=$(CLOUD_CONFIG)
    15:11 --cloud-provider=openstack
    16:11 --use-service-account-credentials=false
    "#);
}

/// Images without an entrypoint, as OpenStack's was: the program comes first in `args`.
#[test]
fn a_program_in_args_is_no_argument() {
    let (_, manager) =
        ccm("apiVersion: v1\nkind: Pod\nmetadata: {name: c, namespace: kube-system}\nspec: {containers: [{name: c, \
                            image: example.com/x:v1.30.0, args: [/bin/openstack-cloud-controller-manager, \
                            --cloud-provider=openstack]}]}\n");
    assert_eq!(manager.spec.args, ["--cloud-provider=openstack"]);
}

#[test]
fn deployments_and_how_far_they_surge() {
    let deployment = |spec: &str| {
        let (_, manager) = ccm(&format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: ccm, namespace: kube-system}}\nspec:\n  {spec}\n  template:\n    \
             spec:\n      containers:\n      - {{name: c, image: example.com/ccm, command: [/hcloud-cloud-controller-manager]}}\n"
        ));
        format!("{:?}", manager.workload)
    };
    assert_eq!(deployment("replicas: 3"), "Deployment { replicas: 3, max_surge: 1 }");
    assert_eq!(deployment("paused: false"), "Deployment { replicas: 1, max_surge: 1 }");
    assert_eq!(deployment("strategy: {type: Recreate}"), "Deployment { replicas: 1, max_surge: 0 }");
    assert_eq!(
        deployment("replicas: 5\n  strategy: {rollingUpdate: {maxSurge: 30%}}"),
        "Deployment { replicas: 5, max_surge: 2 }"
    );
    assert_eq!(deployment("strategy: {rollingUpdate: {maxSurge: 0}}"), "Deployment { replicas: 1, max_surge: 0 }");
}

#[test]
fn a_program_of_any_name_that_takes_a_cloud_provider_is_a_manager_and_a_kubelet_is_not() {
    let pod = |program: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: x, namespace: kube-system}}\nspec:\n  containers:\n  - {{name: c, \
             image: example.com/x:1, command: [{program}, --cloud-provider=mine]}}\n"
        )
    };
    let read = |program: &str| {
        let fs =
            Memory::of([("d/before/kcm.yaml", KUBEADM), ("d/after/kcm.yaml", KCM), ("d/after/x.yaml", &pod(program))]);
        resolved(&request(&["d"]), &fs).inferred.join("\n")
    };
    assert!(read("/manager").contains("Pod kube-system/x is taken for a cloud-controller-manager, by its flag"));
    assert!(read("/usr/bin/kubelet").contains("no cloud-controller-manager was found"));
}

#[test]
fn the_manifests_of_many_clusters_are_no_control_plane() {
    let pods: Vec<(String, String)> = (0..150)
        .map(|n| {
            let pod = format!(
                "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {{name: ccm-{n}, namespace: kube-system}}\nspec:\n  template:\n    \
                 spec:\n      containers:\n      - {{name: c, image: x/cloud-controller-manager:v1.30.0, command: \
                 [/cloud-controller-manager, --v={n}]}}\n"
            );
            (format!("d/after/{n}.yaml"), pod)
        })
        .collect();
    let files = pods.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    let fs = Memory::of(files.chain([("d/before/kcm.yaml", KUBEADM), ("d/after/kcm.yaml", KCM)]));
    let failed = leasehold_scenarios::resolve::resolve(&request(&["d"]), &fs).expect_err("too many");
    assert!(
        failed.problems.iter().any(|p| p.message.contains("different managers are more than")),
        "{:?}",
        failed.problems
    );
}

#[test]
fn the_guides_own_file_through_a_host_path() {
    let fs = Memory::of([
        ("d/before/kcm.yaml", KUBEADM),
        ("d/before/node/etc/kubernetes/leadermigration.conf", GUIDE_FILE),
        ("d/before/cloud.conf", "; in-tree\n[Global]\nzone = x\n"),
        ("d/before/.git", "x"),
        ("d/before/notes.txt", "x"),
        ("d/after/kcm.yaml", KCM),
    ]);
    let resolved = resolved(&request(&["d"]), &fs);
    insta::assert_snapshot!(summary(&resolved), @r#"
    kube-controller-manager 1.26 [static pod; system:kube-controller-manager; file d/before/node/etc/kubernetes/leadermigration.conf:1:1; 9 args]
    -- Replace the nodes: ReplaceNodes, surge
    kube-controller-manager 1.30 [static pod; system:kube-controller-manager; no file; 0 args]
    inferred: Kubernetes 1.26 is read from d/before/kcm.yaml:23:12
    inferred: Kubernetes 1.30 is read from d/after/kcm.yaml:7:12
    inferred: no plan given: nodes are replaced one by one, a new one before an old one goes
    inferred: no plan given: rollback is possible at any point
    inferred: no cloud-controller-manager was found in what was read, so none is taken to run
    note: not read in d/before: .git, notes.txt
    note: not read: d/before/cloud.conf is an INI file, not a manifest
    "#);
    let document = resolved.managers[0].spans.migration_file.as_ref().unwrap();
    let last = document.get("controllerLeaders").unwrap().items()[2].get("name").unwrap();
    assert_eq!(resolved.sources.place(last.span), "d/before/node/etc/kubernetes/leadermigration.conf:10:11");
    assert_eq!(resolved.sources.slice(last.span), "cloud-node-lifecycle");
}

#[test]
fn a_file_in_a_config_map_keeps_its_places() {
    let kcm = KUBEADM.replace(
        "  - hostPath:\n      path: /etc/kubernetes/leadermigration.conf\n      type: File\n",
        "  - projected: {sources: [{configMap: {name: lm, items: [{key: lm.yaml, path: leadermigration.conf}]}}]}\n",
    );
    let kcm = kcm.replace(
        "mountPath: /etc/leadermigration.conf\n",
        "mountPath: /etc/leadermigration.conf\n      subPath: leadermigration.conf\n",
    );
    let indented: String = GUIDE_FILE.lines().map(|l| format!("    {l}\r\n")).collect();
    let map = format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: lm, namespace: kube-system}}\ndata:\n  lm.yaml: |\n{indented}"
    );
    let fs = Memory::of([("d/before/kcm.yaml", kcm.as_str()), ("d/before/map.yaml", &map), ("d/after/kcm.yaml", KCM)]);
    let resolved = resolved(&request(&["d"]), &fs);
    let document = resolved.managers[0].spans.migration_file.as_ref().unwrap();
    let name = document.get("leaderName").unwrap();
    assert_eq!(resolved.sources.place(name.span), "d/before/map.yaml:8:17");
    assert_eq!(resolved.sources.slice(name.span), "cloud-provider-extraction-migration");
    let last = document.get("controllerLeaders").unwrap().items()[2].get("component").unwrap();
    assert_eq!(resolved.sources.place(last.span), "d/before/map.yaml:16:20");
    assert_eq!(resolved.sources.slice(last.span), "kube-controller-manager");
}

#[test]
fn a_file_that_the_manager_refuses_is_no_error_of_ours() {
    let bad = GUIDE_FILE.replacen("component: kube-controller-manager", "component: *", 1);
    let fs = Memory::of([
        ("d/before/kcm.yaml", KUBEADM),
        ("d/before/leadermigration.conf", bad.as_str()),
        ("d/after/kcm.yaml", KCM),
    ]);
    let resolved = resolved(&request(&["d"]), &fs);
    assert_eq!(
        resolved.managers[0].spec.migration_file,
        MigrationFile::Unparsable("yaml: line 7: did not find expected alphabetic or numeric character".into())
    );
    let problem = resolved.managers[0].spans.migration_problem.as_ref().unwrap();
    assert_eq!(resolved.sources.place(problem.span.unwrap()), "d/before/leadermigration.conf:7:16");
}

#[test]
fn the_only_file_there_is_taken_and_said_so() {
    let fs = Memory::of([
        ("d/before/kcm.yaml", KUBEADM),
        ("d/before/migration.yaml", GUIDE_FILE),
        ("d/after/kcm.yaml", KCM),
    ]);
    insta::assert_snapshot!(summary(&resolved(&request(&["d"]), &fs)), @r#"
    kube-controller-manager 1.26 [static pod; system:kube-controller-manager; file d/before/migration.yaml:1:1; 9 args]
    -- Replace the nodes: ReplaceNodes, surge
    kube-controller-manager 1.30 [static pod; system:kube-controller-manager; no file; 0 args]
    inferred: Kubernetes 1.26 is read from d/before/kcm.yaml:23:12
    inferred: Kubernetes 1.30 is read from d/after/kcm.yaml:7:12
    inferred: no plan given: nodes are replaced one by one, a new one before an old one goes
    inferred: no plan given: rollback is possible at any point
    inferred: d/before/migration.yaml is taken to be /etc/kubernetes/leadermigration.conf of kube-controller-manager, as the only LeaderMigrationConfiguration there
    inferred: no cloud-controller-manager was found in what was read, so none is taken to run
    "#);
    let fs = Memory::of([("d/before/kcm.yaml", KUBEADM), ("d/after/kcm.yaml", KCM)]);
    insta::assert_snapshot!(summary(&resolved(&request(&["d"]), &fs)), @r#"
    kube-controller-manager 1.26 [static pod; system:kube-controller-manager; no file; 9 args]
    -- Replace the nodes: ReplaceNodes, surge
    kube-controller-manager 1.30 [static pod; system:kube-controller-manager; no file; 0 args]
    inferred: Kubernetes 1.26 is read from d/before/kcm.yaml:23:12
    inferred: Kubernetes 1.30 is read from d/after/kcm.yaml:7:12
    inferred: no plan given: nodes are replaced one by one, a new one before an old one goes
    inferred: no plan given: rollback is possible at any point
    inferred: no cloud-controller-manager was found in what was read, so none is taken to run
    note: no file given for /etc/kubernetes/leadermigration.conf of the node (d/before/kcm.yaml:42:13)
    "#);
}

#[test]
fn a_list_on_standard_input() {
    let pods: String = (1..=3)
        .map(|n| {
            let pod = KUBEADM.replace("  name: kube-controller-manager\n  namespace", &format!("  name: kube-controller-manager-cp{n}\n  ownerReferences: [{{kind: Node, name: cp{n}}}]\n  namespace"));
            pod.lines().enumerate().map(|(i, l)| format!("{}{l}\n", if i == 0 { "- " } else { "  " })).collect::<String>()
        })
        .collect();
    let list = format!(
        "apiVersion: v1\nkind: List\nitems:\n{pods}- {{apiVersion: v1, kind: Service, metadata: {{name: s}}}}\n- {{apiVersion: v1, kind: Pod, metadata: {{name: p, ownerReferences: [{{kind: ReplicaSet, name: r}}]}}}}\n"
    );
    let fs = Memory::of([("-", list.as_str()), ("a.yaml", KCM), ("lm/leadermigration.conf", GUIDE_FILE)]);
    insta::assert_snapshot!(summary(&resolved(&request(&["-", "a.yaml"]), &fs)), @r#"
    kube-controller-manager 1.26 [static pod; system:kube-controller-manager; no file; 9 args]
    -- Replace the nodes: ReplaceNodes, surge
    kube-controller-manager 1.30 [static pod; system:kube-controller-manager; no file; 0 args]
    inferred: Kubernetes 1.26 is read from <stdin>:27:14
    inferred: Kubernetes 1.30 is read from a.yaml:7:12
    inferred: no plan given: nodes are replaced one by one, a new one before an old one goes
    inferred: no plan given: rollback is possible at any point
    inferred: kube-controller-manager-cp1 and kube-controller-manager-cp2 are alike: one manager, on several nodes
    inferred: kube-controller-manager-cp1 and kube-controller-manager-cp3 are alike: one manager, on several nodes
    inferred: no cloud-controller-manager was found in what was read, so none is taken to run
    note: Service default/s was not recognised (<stdin>:142:52)
    note: Pod default/p belongs to ReplicaSet r and is not read (<stdin>:143:48)
    note: no file given for /etc/kubernetes/leadermigration.conf of the node (<stdin>:46:15)
    "#);
}

#[test]
fn what_is_inferred_for_a_daemon_set() {
    let daemon_set = "\
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: aws-cloud-controller-manager, namespace: kube-system}
spec:
  template:
    spec:
      containers:
      - {name: c, image: registry.k8s.io/provider-aws/cloud-controller-manager:v1.30.0, args: [--cloud-provider=aws]}
";
    let role = "\
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: \"system::leader-locking-kube-controller-manager\", namespace: kube-system}
rules:
- {apiGroups: [coordination.k8s.io], resources: [leases], resourceNames: [cloud-provider-extraction-migration], verbs: [create, list, get, update]}
";
    let fs = Memory::of([
        ("d/before/kcm.yaml", KUBEADM),
        ("d/before/leadermigration.conf", GUIDE_FILE),
        ("d/after/ccm.yaml", daemon_set),
        ("d/after/role.yaml", role),
    ]);
    let mut request = request(&["d"]);
    request.after = Some("1.27".into());
    let resolved = resolved(&request, &fs);
    insta::assert_snapshot!(summary(&resolved), @r#"
    kube-controller-manager 1.26 [static pod; system:kube-controller-manager; file d/before/leadermigration.conf:1:1; 9 args]
    -- Apply the access rules of after: Apply, no restart
    kube-controller-manager 1.26 [static pod; system:kube-controller-manager; file d/before/leadermigration.conf:1:1; 9 args]
    -- Change the managers: Edit
    kube-controller-manager 1.27 [static pod; system:kube-controller-manager; file d/before/leadermigration.conf:1:1; 9 args]
    cloud-controller-manager (DaemonSet kube-system/aws-cloud-controller-manager), library 0.30 [DaemonSet; system:serviceaccount:kube-system:default; no file; 1 args]
    inferred: Kubernetes 1.26 is read from d/before/kcm.yaml:23:12
    inferred: no plan given: the access rules of d/after are applied first
    inferred: no plan given: managers are changed in place, in any order, because a DaemonSet or Deployment starts its pods beside the old managers
    inferred: no plan given: rollback is possible at any point
    inferred: no kube-controller-manager in d/after: the one from before stays as it is, upgraded to 1.27
    inferred: aws-cloud-controller-manager: k8s.io/cloud-provider 0.30, assumed from its image tag v1.30.0
    inferred: aws-cloud-controller-manager: no role for system:serviceaccount:kube-system:default is given, so every right on leases is assumed
    "#);
    let lease = LeaseId::kube_system("cloud-provider-extraction-migration");
    let kcm = |stage: usize| &resolved.managers[resolved.stages[stage].managers[0]].spec.rights;
    assert_eq!(kcm(0).missing(&lease), [Verb::Get, Verb::Update]);
    assert_eq!(kcm(1).missing(&lease), []);
}

#[test]
fn every_shipped_scenario_resolves() {
    let library = concat!(env!("CARGO_MANIFEST_DIR"), "/library/guides/kubernetes");
    let mut count = 0;
    for entry in std::fs::read_dir(library).unwrap() {
        let path = entry.unwrap().path();
        if path.join("scenario.yaml").exists() {
            let resolved = resolved(&request(&[path.to_str().unwrap()]), &Disk);
            assert_eq!(resolved.stages.len(), resolved.steps.len() + 1, "{}", path.display());
            assert!(!resolved.plan_is_inferred && !resolved.managers.is_empty());
            count += 1;
        }
    }
    assert!(count >= 38, "{count}");
}

#[test]
fn steps_upgrade_remove_and_assume() {
    let ccm = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: hcloud-cloud-controller-manager, namespace: kube-system}
spec:
  template:
    spec:
      containers:
      - {name: ccm, image: docker.io/hetznercloud/hcloud-cloud-controller-manager:v1.21.0, args: [--leader-elect=false]}
";
    let scenario = "\
apiVersion: leasehold/v1alpha1
kind: Scenario
metadata: {name: x}
before: {manifests: [kcm.yaml, ccm.yaml], cloudProviderLibrary: \"0.31\"}
plan:
- {title: Upgrade, action: replaceNodes, kubernetes: \"1.31\", surge: false}
- {title: Remove, action: apply, remove: [hcloud-cloud-controller-manager]}
assume: {rights: [{component: cloud-controller-manager, lease: x}], controllers: [node-ipam], rollback: none}
";
    let fs = Memory::of([("s.yaml", scenario), ("kcm.yaml", KCM), ("ccm.yaml", ccm)]);
    let resolved = resolved(&request(&["s.yaml"]), &fs);
    insta::assert_snapshot!(summary(&resolved), @r#"
    kube-controller-manager 1.30 [static pod; system:kube-controller-manager; no file; 0 args]
    cloud-controller-manager (Deployment kube-system/hcloud-cloud-controller-manager), library 0.31 [Deployment, 1 replica; system:serviceaccount:kube-system:default; no file; 1 args]
    -- Upgrade: ReplaceNodes
    kube-controller-manager 1.31 [static pod; system:kube-controller-manager; no file; 0 args]
    cloud-controller-manager (Deployment kube-system/hcloud-cloud-controller-manager), library 0.31 [Deployment, 1 replica; system:serviceaccount:kube-system:default; no file; 1 args]
    -- Remove: Apply
    kube-controller-manager 1.31 [static pod; system:kube-controller-manager; no file; 0 args]
    inferred: Kubernetes 1.30 is read from kcm.yaml:7:12
    inferred: cloud-controller-manager is assumed to have rights on the lease x from elsewhere, as the scenario says
    "#);
    assert_eq!(resolved.managers[1].spec.vendor.extra.to_string(), "node-ipam");
    // Replacing nodes touches no Deployment.
    assert_eq!(resolved.stages[0].managers[1], resolved.stages[1].managers[1]);
}
