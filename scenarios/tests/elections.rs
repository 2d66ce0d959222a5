//! What takes part in an election, and how long its durations are, read from manifests and Leases of every kind.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use leasehold_model::release::Release;
use leasehold_scenarios::diagnostic::{Severity, Style, render};
use leasehold_scenarios::elections::{Election, Found, Origin, Pods, Switched, read};
use leasehold_scenarios::inventory::files::{FileKind, Fs};

/// Files in memory, all in one directory `d`.
struct Memory(BTreeMap<&'static str, String>);

impl Fs for Memory {
    fn kind(&self, path: &Path) -> io::Result<FileKind> {
        let file = self.0.get(path.to_str().unwrap_or(""));
        Ok(file.map_or(FileKind::Directory, |text| FileKind::File(text.len() as u64)))
    }

    fn list(&self, _: &Path) -> io::Result<Vec<String>> {
        Ok(self.0.keys().filter_map(|path| path.strip_prefix("d/")).map(str::to_string).collect())
    }

    fn read(&self, path: &Path, _: usize) -> io::Result<Vec<u8>> {
        let file = self.0.get(path.to_str().unwrap_or(""));
        file.map(|text| text.clone().into_bytes()).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn stdin(&self, _: usize) -> io::Result<Vec<u8>> {
        Ok(Vec::new())
    }
}

fn found(text: &str) -> Found {
    read(&Memory([("a.yaml", text.to_string())].into()), &["a.yaml".to_string()])
}

/// A Deployment of one container with these fields.
fn deployment(container: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: d, namespace: ns}}\nspec:\n  replicas: 2\n  template:\n    \
         spec:\n      containers:\n      - {container}\n"
    )
}

fn one(container: &str) -> Election {
    let found = found(&deployment(container));
    assert!(found.problems.is_empty(), "{:?}", found.problems);
    assert_eq!(found.elections.len(), 1, "{container}");
    found.elections[0].clone()
}

fn seconds(election: &Election) -> [f64; 3] {
    let d = election.durations;
    [d.lease(), d.renew(), d.retry()].map(|d| d.nanos as f64 / 1e9)
}

fn messages(found: &Found) -> String {
    let errors: Vec<_> = found.problems.iter().filter(|p| p.severity == Severity::Error).cloned().collect();
    render(&errors, &found.sources, Style::default())
}

#[test]
fn known_components_have_their_own_defaults_flags_and_variables() {
    for (container, name, expected) in [
        ("{name: c, image: k8s/csi-attacher:v4.8.0, args: [--leader-election]}", "csi-attacher", [15.0, 10.0, 5.0]),
        (
            "{name: c, image: k8s/csi-attacher:v4.8.0, args: [-leader-election=true, -leader-election-retry-period, 2s]}",
            "csi-attacher",
            [15.0, 10.0, 2.0],
        ),
        ("{name: c, image: ghcr.io/kyverno/kyverno:v1.19.0}", "kyverno-admission-controller", [12.0, 10.0, 2.0]),
        (
            "{name: c, image: kyverno/kyverno, args: [--leaderElectionRetryPeriod=3s]}",
            "kyverno-admission-controller",
            [18.0, 15.0, 3.0],
        ),
        ("{name: c, command: [/nginx-ingress-controller, --election-ttl=10s]}", "ingress-nginx", [10.0, 5.0, 2.5]),
        (
            "{name: c, image: kube-vip/kube-vip:v1.2.3, env: [{name: vip_leaderelection, value: 'true'}, \
             {name: vip_leaseduration, value: '5'}, {name: vip_renewdeadline, value: '3'}, \
             {name: vip_retryperiod, value: '1'}]}",
            "kube-vip",
            [5.0, 3.0, 1.0],
        ),
        (
            "{name: c, image: rancher/rancher, env: [{name: CATTLE_ELECTION_LEASE_DURATION, value: 1m}]}",
            "rancher",
            [60.0, 30.0, 2.0],
        ),
        (
            "{name: c, image: kubeflow/spark-operator:2.5.2, args: [webhook, start, --leader-election=true]}",
            "spark-operator-webhook",
            [15.0, 14.0, 4.0],
        ),
        (
            "{name: c, image: i, command: [sh, -c, 'exec kube-scheduler --leader-elect-retry-period=1s 2>&1']}",
            "kube-scheduler",
            [15.0, 10.0, 1.0],
        ),
        (
            "{name: c, image: i, command: [tini, --, /usr/local/bin/csi-resizer, --leader-election]}",
            "csi-resizer",
            [15.0, 10.0, 5.0],
        ),
    ] {
        let election = one(container);
        assert_eq!((election.name.as_str(), seconds(&election)), (name, expected), "{container}");
        assert_eq!(election.switch, Switched::On, "{container}");
    }
}

#[test]
fn an_unknown_component_is_judged_by_its_flags_and_the_rest_is_assumed() {
    let election = one("{name: manager, image: e/op:v1, args: [--leader-elect, --leader-election-lease-duration=30s]}");
    assert_eq!((election.name.as_str(), seconds(&election)), ("manager", [30.0, 10.0, 2.0]));
    assert!(matches!(&election.origins[0], Origin::Written(flag, _) if flag == "--leader-election-lease-duration"));
    assert_eq!(election.origins[1..], [Origin::Assumed, Origin::Assumed]);
    assert_eq!((election.client_go, election.pods), (None, Pods::Some(2)));
    assert_eq!(election.lock.name, None);
    let named = one("{name: m, image: e/op:v1, args: [--leader-elect=true, --leader-election-id=op.example.com]}");
    assert_eq!((named.lock.namespace.as_deref(), named.lock.name.as_deref()), (Some("ns"), Some("op.example.com")));
    for container in
        ["{name: app, image: nginx}", "{name: app, image: e/x, args: [--retry=2s, --dns01-check-retry-period=1s]}"]
    {
        let found = found(&deployment(container));
        assert!(found.elections.is_empty() && found.problems.is_empty(), "{container}");
        assert_eq!(found.others.get("Deployment"), Some(&1));
    }
}

#[test]
fn who_contends_for_what() {
    let text = "
apiVersion: v1
kind: Pod
metadata: {name: p, namespace: kube-system}
spec:
  containers:
  - name: kube-controller-manager
    image: registry.k8s.io/kube-controller-manager:v1.26.15
    command: [kube-controller-manager, --enable-leader-migration]
";
    let found = found(text);
    let locks: Vec<_> = found.elections.iter().map(|e| e.lock.name.as_deref().unwrap_or("")).collect();
    assert_eq!(locks, ["kube-controller-manager", "cloud-provider-extraction-migration"]);
    assert!(found.elections.iter().all(|e| e.client_go == Release::new(26) && !e.releases));
    let scheduler = one("{name: s, image: k/kube-scheduler:v1.21.14, command: [kube-scheduler]}");
    assert!(!scheduler.releases);
    let scheduler = one("{name: s, image: k/kube-scheduler:v1.22.17, command: [kube-scheduler]}");
    assert!(scheduler.releases);
    let kcm =
        |tag: &str, flag: &str| one(&format!("{{name: k, image: k/kube-controller-manager:{tag}, args: ['{flag}']}}"));
    assert!(!kcm("v1.36.3", "--leader-elect").releases);
    let gate = "--feature-gates=ControllerManagerReleaseLeaderElectionLockOnExit=true";
    assert!(kcm("v1.36.3", gate).releases && kcm("v1.36.3", "--feature-gates=AllAlpha=true").releases);
    assert!(!kcm("v1.35.4", gate).releases, "a gate it does not know");
    let flux = one("{name: manager, image: f/source-controller:v1, args: [--enable-leader-election, \
         --leader-election-release-on-cancel=false]}");
    assert_eq!((flux.name.as_str(), flux.releases), ("source-controller", false));
}

#[test]
fn switched_off() {
    let off = one("{name: c, command: [cluster-autoscaler, --leader-elect=false]}");
    assert!(matches!(off.switch, Switched::Off(Some(_))));
    let off = one("{name: c, image: k/csi-snapshotter:v8.2.0}");
    assert_eq!(off.switch, Switched::Off(None));
    assert!(Pods::Some(1).alone() && !Pods::Some(2).alone() && !Pods::PerNode.alone());
    // Durations that nobody passes to client-go are nobody's mistake.
    let off = found(&deployment("{name: c, args: [--leader-elect=false, --leader-elect-renew-deadline=20s]}"));
    assert!(off.problems.is_empty() && off.elections.is_empty());
}

#[test]
fn kubeadm_and_lists_are_read() {
    let text = "
apiVersion: v1
kind: List
items:
- apiVersion: kubeadm.k8s.io/v1beta4
  kind: ClusterConfiguration
  kubernetesVersion: v1.31.2
  controllerManager: {extraArgs: [{name: leader-elect-lease-duration, value: 60s}]}
- apiVersion: apps/v1
  kind: ReplicaSet
  metadata: {name: r, ownerReferences: [{kind: Deployment, name: d}]}
  spec: {template: {spec: {containers: [{name: csi-attacher, args: [--leader-election]}]}}}
";
    let found = found(text);
    assert!(found.problems.is_empty(), "{}", messages(&found));
    assert_eq!(found.elections.len(), 1, "what a Deployment makes is read with the Deployment");
    assert_eq!(seconds(&found.elections[0]), [60.0, 10.0, 2.0]);
    assert_eq!(found.elections[0].client_go, Release::new(31));
}

#[test]
fn what_client_go_refuses_is_said_at_its_place_all_at_once() {
    let text = deployment("{name: a, args: [--leader-elect, --leader-elect-renew-deadline=20s]}")
        + "---\n"
        + &deployment("{name: b, args: [--leader-elect, --leader-elect-retry-period=9s]}")
        + "---\n"
        + &deployment(
            "{name: c, args: [--leader-elect, --leader-elect-lease-duration=15, --leader-elect-retry-period=2y]}",
        )
        + "---\n"
        + &deployment(
            "{name: d, image: kube-vip, env: [{name: vip_leaderelection, value: 'true'}, {name: vip_leaseduration, value: 15s}]}",
        );
    let shown = messages(&found(&text));
    for expected in [
        "client-go refuses these durations: leaseDuration must be greater than renewDeadline",
        "15s lease duration, 20s renew deadline, 2s retry period",
        "client-go refuses these durations: renewDeadline must be greater than retryPeriod*JitterFactor",
        "time: missing unit in duration \"15\"",
        "time: unknown unit \"y\" in duration \"2y\"",
        "not a whole number of seconds",
        "a.yaml:9:",
        "a.yaml:19:",
        "a.yaml:29:",
        "a.yaml:39:",
    ] {
        assert!(shown.contains(expected), "{expected}\n{shown}");
    }
}

#[test]
fn leases_are_locks_or_heartbeats() {
    let lease = |namespace: &str, name: &str, spec: &str| {
        format!(
            "---\napiVersion: coordination.k8s.io/v1\nkind: Lease\nmetadata: {{name: {name}, namespace: {namespace}}}\nspec: {spec}\n"
        )
    };
    let text = lease(
        "kube-system",
        "kube-scheduler",
        "{holderIdentity: a, leaseDurationSeconds: 15, renewTime: \"2026-11-21T12:00:00.5Z\", leaseTransitions: 3}",
    ) + &lease("kube-node-lease", "n1", "{holderIdentity: n1, renewTime: \"2026-11-21T12:00:01Z\"}")
        + &lease("kube-system", "apiserver-abcdefghijklmnopqrstuvwx23", "{}")
        + &lease("kube-system", "apiserver-network-proxy-leader", "{holderIdentity: null}")
        + &lease("elsewhere", "apiserver-abcdefghijklmnopqrstuvwx23", "{}");
    let found = found(&text);
    assert!(found.problems.is_empty(), "{}", messages(&found));
    assert_eq!((found.node_leases, found.api_server_leases, found.leases.len()), (1, 1, 3));
    let first = &found.leases[0];
    assert_eq!((first.holder.as_str(), first.seconds, first.transitions), ("a", Some(15), Some(3)));
    assert_eq!(first.renewed, Some(1_795_262_400_500_000));
    assert_eq!(found.newest_renewal, Some(1_795_262_401_000_000));
    assert_eq!((found.leases[1].holder.as_str(), found.leases[1].seconds), ("", None));
}

#[test]
fn leases_that_no_api_server_stores_are_refused() {
    for (spec, message) in [
        ("{leaseDurationSeconds: 0}", "`leaseDurationSeconds` that no Lease has"),
        ("{leaseDurationSeconds: 15s}", "`leaseDurationSeconds` that no Lease has"),
        ("{leaseDurationSeconds: 99999999999}", "`leaseDurationSeconds` that no Lease has"),
        ("{leaseTransitions: -1}", "`leaseTransitions` that no Lease has"),
        ("{renewTime: yesterday}", "not a time"),
        ("{holderIdentity: 12}", "`holderIdentity` that is no string"),
    ] {
        let text = format!("apiVersion: coordination.k8s.io/v1\nkind: Lease\nmetadata: {{name: l}}\nspec: {spec}\n");
        let found = found(&text);
        let shown = messages(&found);
        assert!(shown.contains(message) && shown.contains("a.yaml:4:") && found.leases.is_empty(), "{spec}\n{shown}");
    }
}

#[test]
fn what_is_no_object_is_refused_where_it_was_named_and_passed_over_in_a_directory() {
    let named = found("just: this\n");
    assert!(messages(&named).contains("expected a mapping with `apiVersion` and `kind`"));
    let files = [("d/a.yaml", "just: this\n"), ("d/cloud.conf", "[Global]\na=b\n: :")];
    let files = Memory(files.map(|(path, text)| (path, text.to_string())).into());
    let found = read(&files, &["d".to_string()]);
    assert_eq!((found.problems.len(), found.notes.len()), (0, 2), "{:?} {:?}", found.problems, found.notes);
}

const SCHEDULER: &str = "apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
leaderElection:
  leaderElect: true
  leaseDuration: 20s
  renewDeadline: 12s
  retryPeriod: 0s
";

#[test]
fn the_scheduler_reads_its_election_from_its_file_and_flags_override_it() {
    let alone = found(SCHEDULER);
    assert_eq!(alone.elections.iter().map(seconds).collect::<Vec<_>>(), [[20.0, 12.0, 2.0]]);
    let Origin::Written(name, span) = &alone.elections[0].origins[0] else { panic!("it is written") };
    assert_eq!((name.as_str(), alone.sources.place(*span).as_str()), ("leaderElection.leaseDuration", "a.yaml:5:18"));
    assert_eq!(alone.elections[0].origins[2], Origin::Default);
    let pod = |args: &str| deployment(&format!("{{name: c, image: kube-scheduler:v1.30.1, args: [{args}]}}"));
    let both = |args: &str| {
        let files = [("d/scheduler.yaml", SCHEDULER.to_string()), ("d/a-pod.yaml", pod(args))];
        let found = read(&Memory(files.into()), &["d".to_string()]);
        assert_eq!(messages(&found), "");
        found
    };
    let read = both("--config=/etc/kubernetes/scheduler.yaml, --leader-elect-lease-duration=30s");
    assert_eq!(read.elections.iter().map(seconds).collect::<Vec<_>>(), [[30.0, 12.0, 2.0]]);
    // A second scheduler's file is often in a ConfigMap.
    let indented = SCHEDULER.trim_start().replace('\n', "\n    ");
    let map =
        format!("\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\ndata:\n  s.yaml: |\n    {indented}\n");
    let mounted = found(&(pod("--config=/etc/own/s.yaml") + &map));
    assert_eq!(mounted.elections.iter().map(seconds).collect::<Vec<_>>(), [[20.0, 12.0, 2.0]]);
    let Origin::Written(_, span) = &mounted.elections[0].origins[0] else { panic!("it is written") };
    assert!(mounted.sources.slice(*span).contains("20s"), "its place is in the ConfigMap");
    // A process that names no file does not read it.
    let apart = both("--leader-elect-lease-duration=30s");
    assert_eq!(apart.elections.iter().map(seconds).collect::<Vec<_>>(), [[30.0, 10.0, 2.0], [20.0, 12.0, 2.0]]);
    let missing = found(&pod("--config=/etc/s.yaml"));
    assert_eq!(seconds(&missing.elections[0]), [15.0, 10.0, 2.0]);
    assert_eq!(missing.notes.len(), 1);
    assert!(missing.notes[0].message.starts_with("/etc/s.yaml was not given"), "{:?}", missing.notes);
    let wrong = found(&SCHEDULER.replace("12s", "20s"));
    assert!(messages(&wrong).contains("leaseDuration must be greater than renewDeadline"), "{}", messages(&wrong));
}
