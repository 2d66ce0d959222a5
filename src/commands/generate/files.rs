//! The design as files: manifests, migration files, access rules, the scenario. Pure: a map from path to text.

use std::collections::BTreeMap;

use leasehold_model::config::MigrationConfig;
use leasehold_model::controller::Component;
use leasehold_model::facts::migration::DEFAULT_LEADER_NAME;
use leasehold_model::findings::edit::{api_version, document};
use leasehold_model::release::Release;
use leasehold_scenarios::rights::{CLOUD_CONTROLLER_MANAGER, KUBE_CONTROLLER_MANAGER};

use super::design::{Ccm, Design, Kcm, config_path};
use crate::render::fix::yaml;

/// Files by their path inside the directory.
pub type Files = BTreeMap<String, String>;

/// The first line of the scenario, by which a directory that `generate` wrote is known.
pub const MARK: &str = "# Written by `leasehold generate`.";

/// One step of the generated plan, with what the nodes then carry.
#[derive(Clone, PartialEq, Debug)]
pub struct Stage {
    /// The step's title; that of the first is not a step but the beginning.
    pub title: &'static str,
    /// The directory of its files.
    pub directory: &'static str,
    /// How the step is done, as the scenario says it.
    pub action: &'static str,
    /// The kube-controller-manager that is changed or put there.
    pub kcm: Option<Kcm>,
    /// The cloud-controller-manager that is changed or put there.
    pub ccm: Option<Ccm>,
}

/// The beginning and the steps in their order.
pub fn stages(design: &Design) -> Vec<Stage> {
    let (from, to) = (design.wish.from, design.wish.to);
    let in_tree = design.in_tree.is_some();
    let ipam = design.moves_node_ipam();
    let old = |migrates| Some(Kcm { release: from, in_tree, migrates, node_ipam: true });
    let ccm = |library, migrates, node_ipam| Some(Ccm { library, migrates, node_ipam });
    let stage = |title, directory, action, kcm, ccm| Stage { title, directory, action, kcm, ccm };
    let mut stages = vec![
        stage("The cluster before", "0-before", "", old(false), if in_tree { None } else { ccm(from, false, false) }),
        stage("Grant access to the migration lease", "1-access", "apply", None, None),
        stage("Enable leader migration in kube-controller-manager", "2-enable", "edit", old(true), None),
    ];
    if !in_tree {
        // Else node IPAM would run nowhere while a new kube-controller-manager and an old cloud-controller-manager lead.
        let title = "Let cloud-controller-manager contend for node IPAM";
        stages.push(stage(title, "3-contend", "edit", None, ccm(from, true, true)));
    }
    let (replace, disable) = if in_tree { ("3-replace", "4-disable") } else { ("4-replace", "5-disable") };
    let new = Kcm { release: to, in_tree: false, migrates: false, node_ipam: !ipam };
    stages.push(stage("Replace the nodes", replace, "replaceNodes", Some(new), ccm(to, true, ipam)));
    let title = "Disable leader migration in cloud-controller-manager";
    stages.push(stage(title, disable, "edit", None, ccm(to, false, ipam)));
    stages
}

/// Every file but the runbook.
pub fn files(design: &Design, image: &str) -> Files {
    let mut files = Files::new();
    let stages = stages(design);
    for stage in &stages {
        let path = |name: &str| format!("{}/{name}", stage.directory);
        if let Some(kcm) = &stage.kcm {
            let own = Pod {
                component: Component::KubeControllerManager,
                image: format!("registry.k8s.io/kube-controller-manager:v{}.0", kcm.release),
                comment: format!(
                    "kube-controller-manager {}, {}.\n# Take the image, addresses and paths from your own manifest; what \
                     matters here is marked below.",
                    kcm.release,
                    if kcm.in_tree { "with its in-tree provider" } else { "without a cloud provider of its own" },
                ),
                args: design.kcm_args(kcm),
                migrates: kcm.migrates,
            };
            files.insert(path("kube-controller-manager.yaml"), own.manifest());
        }
        if let Some(ccm) = &stage.ccm {
            let own = Pod {
                component: Component::CloudControllerManager,
                image: image.replace("{library}", &ccm.library.to_string()),
                comment: format!(
                    "cloud-controller-manager, built with k8s.io/cloud-provider {} (`go version -m` on the binary tells).\n\
                     # Take the image and paths from your vendor's manifest; what matters here is marked below.",
                    ccm.library.library()
                ),
                args: design.ccm_args(ccm),
                migrates: ccm.migrates,
            };
            files.insert(path("cloud-controller-manager.yaml"), own.manifest());
        }
        let kcm = stage.kcm.as_ref().filter(|kcm| kcm.migrates).map(|kcm| kcm.release);
        let ccm = stage.ccm.as_ref().filter(|ccm| ccm.migrates).map(|ccm| ccm.library);
        for (component, code) in Component::ALL.into_iter().zip([kcm, ccm]) {
            if let Some(code) = code {
                let name = config_path(component).trim_start_matches('/');
                files.insert(path(name), config(design, component, code));
            }
        }
    }
    let subjects = [
        (Component::KubeControllerManager, vec![DEFAULT_LEADER_NAME]),
        (Component::CloudControllerManager, vec![DEFAULT_LEADER_NAME, design.vendor.main_lease]),
    ];
    files.insert("1-access/migration-lease.yaml".into(), access(&subjects));
    files.insert("scenario.yaml".into(), scenario(design, &stages));
    files
}

/// The migration file of one manager.
fn config(design: &Design, component: Component, code: Release) -> String {
    config_text(&design.config(component, code), component, code)
}

/// A migration file, in the newest version of its format that `code` reads.
pub(in crate::commands) fn config_text(config: &MigrationConfig, component: Component, code: Release) -> String {
    let built_with = if component == Component::KubeControllerManager { code.to_string() } else { code.library() };
    format!(
        "# The names are those of {component} {built_with}: a name that it does not know protects nothing.\n{}",
        yaml(&document(config, api_version(code)), 0)
    )
}

/// Access to leases by name, manager by manager. `create` stands in a rule without names: the name of an object that does
/// not exist yet is not part of the request.
pub(in crate::commands) fn access(subjects: &[(Component, Vec<&str>)]) -> String {
    let mut text = String::from(
        "# Access to the migration lease. `create` cannot be granted by name: the object does not exist yet when it is asked.\n",
    );
    for (i, (component, names)) in subjects.iter().enumerate() {
        if i > 0 {
            text += "---\n# Beside what your vendor's manifest grants; give it to the service account instead if your\n\
                     # cloud-controller-manager runs as one.\n";
        }
        let (name, names) = (component.name(), names.join(", "));
        let user = match component {
            Component::KubeControllerManager => KUBE_CONTROLLER_MANAGER,
            Component::CloudControllerManager => CLOUD_CONTROLLER_MANAGER,
        };
        text += &format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata:\n  name: leader-migration:{name}\n  \
             namespace: kube-system\nrules:\n- apiGroups: [\"coordination.k8s.io\"]\n  resources: [\"leases\"]\n  \
             resourceNames: [{names}]\n  verbs: [\"get\", \"update\"]\n- apiGroups: [\"coordination.k8s.io\"]\n  \
             resources: [\"leases\"]\n  verbs: [\"create\"]\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\n\
             metadata:\n  name: leader-migration:{name}\n  namespace: kube-system\nroleRef:\n  apiGroup: \
             rbac.authorization.k8s.io\n  kind: Role\n  name: leader-migration:{name}\nsubjects:\n- apiGroup: \
             rbac.authorization.k8s.io\n  kind: User\n  name: {user}\n"
        );
    }
    text
}

fn scenario(design: &Design, stages: &[Stage]) -> String {
    let wish = &design.wish;
    let mut text = format!(
        "{MARK}\n# leasehold check .          proves that this plan holds\napiVersion: leasehold/v1alpha1\nkind: Scenario\n\
         metadata:\n  name: generated-{p}-{}-{}\n  title: \"{p} {} to {}: {} to cloud-controller-manager\"\ncluster:\n  \
         controlPlaneNodes: {}\n",
        wish.from,
        wish.to,
        wish.from,
        wish.to,
        design.moves,
        wish.nodes,
        p = wish.provider,
    );
    let vendor =
        if design.vendor.name == "stock" { String::new() } else { format!("  vendor: {}\n", design.vendor.name) };
    for stage in stages {
        let lines = match stage.action {
            "" => format!("before:\n  kubernetes: \"{}\"\n", wish.from),
            action => format!("- title: {}\n  action: {action}\n", stage.title),
        };
        text += &lines;
        if stage.action == "replaceNodes" {
            text += &format!("  kubernetes: \"{}\"\n", wish.to);
        }
        if let Some(ccm) = &stage.ccm {
            text += &format!("  cloudProviderLibrary: \"{}\"\n{vendor}", ccm.library.library());
        }
        text += &format!("  manifests: [{}/]\n", stage.directory);
        if stage.action.is_empty() {
            text += "plan:\n";
        }
    }
    let assumed = if design.assumes_node_ipam { ", controllers: [node-ipam]" } else { "" };
    text += &format!("assume: {{rollback: anywhere, faults: [crash]{assumed}}}\n");
    text += "expect: {exclusive: holds, covered: holds, starts: holds, returnable: holds}\n";
    text
}

/// A static pod.
pub(in crate::commands) struct Pod {
    /// Which manager.
    pub component: Component,
    /// Its image.
    pub image: String,
    /// What stands at its head, without the first `# `.
    pub comment: String,
    /// Its arguments.
    pub args: Vec<String>,
    /// Its migration file is mounted.
    pub migrates: bool,
}

/// Flags that decide something about the migration.
const MARKED: [&str; 7] = [
    "--cloud-provider=",
    "--configure-cloud-routes=",
    "--controllers=",
    "--enable-leader-migration=",
    "--feature-gates=",
    "--leader-elect=",
    "--leader-migration-config=",
];

impl Pod {
    /// The manifest.
    pub fn manifest(&self) -> String {
        let Pod { component, image, comment, args, migrates } = self;
        let is_kcm = *component == Component::KubeControllerManager;
        let (port, conf) =
            if is_kcm { (10257, "controller-manager.conf") } else { (10258, "cloud-controller-manager.conf") };
        let mut text = format!(
            "# {comment}\napiVersion: v1\nkind: Pod\nmetadata:\n  name: {component}\n  namespace: kube-system\n  labels:\n    \
             component: {component}\n    tier: control-plane\nspec:\n  containers:\n  - name: {component}\n    image: {image}\n"
        );
        text += if is_kcm { "    command:\n    - kube-controller-manager\n" } else { "    args:\n" };
        for arg in args {
            let mark = if MARKED.iter().any(|flag| arg.starts_with(flag)) { "  # matters" } else { "" };
            text += &format!("    - {arg}{mark}\n");
        }
        text += &format!(
            "    livenessProbe:\n      failureThreshold: 8\n      httpGet: {{host: 127.0.0.1, path: /healthz, port: {port}, \
             scheme: HTTPS}}\n      initialDelaySeconds: 10\n      periodSeconds: 10\n      timeoutSeconds: 15\n    \
             resources:\n      requests: {{cpu: 200m}}\n    volumeMounts:\n"
        );
        let mut mounts = vec![
            ("ca-certs", "/etc/ssl/certs".to_string(), "DirectoryOrCreate"),
            ("k8s-certs", "/etc/kubernetes/pki".into(), "DirectoryOrCreate"),
            ("kubeconfig", format!("/etc/kubernetes/{conf}"), "FileOrCreate"),
        ];
        if *migrates {
            mounts.push(("leader-migration", config_path(*component).into(), "File"));
        }
        for (name, path, _) in &mounts {
            text += &format!("    - {{name: {name}, mountPath: {path}, readOnly: true}}\n");
        }
        text += "  hostNetwork: true\n  priorityClassName: system-node-critical\n  volumes:\n";
        for (name, path, kind) in &mounts {
            text += &format!("  - {{name: {name}, hostPath: {{path: {path}, type: {kind}}}}}\n");
        }
        text
    }
}
