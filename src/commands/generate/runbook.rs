//! The design as instructions: for each step what to do, what must be seen before the next one, and the way back.

use std::fmt::Write as _;

use leasehold_model::controller::{Component, Controller};
use leasehold_model::facts::migration::DEFAULT_LEADER_NAME;
use leasehold_scenarios::rights::{CLOUD_CONTROLLER_MANAGER, KUBE_CONTROLLER_MANAGER};

use super::design::{Design, config_path};
use super::files::{Stage, stages};

/// The runbook, in Markdown.
pub fn runbook(design: &Design) -> String {
    let stages = stages(design);
    let mut out = introduction(design);
    for (i, stage) in stages.iter().enumerate().skip(1) {
        let _ = writeln!(out, "\n## Step {i}: {}\n", lower_first(stage.title));
        out += &match (stage.action, &stage.kcm, &stage.ccm) {
            ("apply", ..) => grant(stage),
            ("edit", Some(_), _) => enable(stage, &stages[0]),
            ("edit", None, Some(ccm)) if ccm.migrates => contend(design, stage, &stages[0]),
            ("replaceNodes", ..) => replace(design, stage, &stages[i - 1], &stages),
            _ => disable(design, stage, &stages[i - 1]),
        };
    }
    out
}

fn lower_first(title: &str) -> String {
    let mut letters = title.chars();
    letters.next().map_or(String::new(), |first| first.to_lowercase().chain(letters).collect())
}

/// Shows the holders of the leases that matter.
fn holders(design: &Design) -> String {
    format!(
        "```sh\nkubectl -n kube-system get lease -o custom-columns=NAME:.metadata.name,HOLDER:.spec.holderIdentity,\
         RENEWED:.spec.renewTime \\\n  | grep -E \
         'NAME|kube-controller-manager|{}|{DEFAULT_LEADER_NAME}'\n```\n",
        design.vendor.main_lease
    )
}

fn introduction(design: &Design) -> String {
    let wish = &design.wish;
    let what = if design.in_tree.is_some() {
        format!(
            "kube-controller-manager {} runs the cloud controllers of its in-tree provider {}; afterwards a \
             cloud-controller-manager does.",
            wish.from, wish.provider
        )
    } else {
        format!(
            "kube-controller-manager {} has no provider {}: its cloud controllers already run in a cloud-controller-manager. \
             What is left to move is node IPAM.",
            wish.from, wish.provider
        )
    };
    let mut out = format!(
        "# Runbook: {} from Kubernetes {} to {}\n\n{what}\nUntil the last step these controllers are under the lease \
         `kube-system/{DEFAULT_LEADER_NAME}`, so that one process at a time runs them: **{}**.\n\n\
         `leasehold check .` proves it for these files: no controller in two managers, none left without one, every manager \
         starts, and from every point there is a safe way back. It rests on leases that exclude each other, so on an API \
         server that answers in time, and on nobody editing the leases by hand. Put your own flags, addresses and images in, \
         and run it again before you begin.\n\n## Before\n\n",
        wish.provider, wish.from, wish.to, design.moves
    );
    let _ = writeln!(
        out,
        "* The cloud-controller-manager must be built with k8s.io/cloud-provider {}: `go version -m` on its binary, or its \
         go.mod. The names of its controllers come from there, not from its image tag. If it is another release, change \
         `cloudProviderLibrary` in scenario.yaml and check again.",
        wish.to.library()
    );
    out += "* It runs as the user `system:cloud-controller-manager`. If yours runs as a service account, give the Role in \
            1-access to that instead.\n";
    if design.in_tree.is_some() {
        out +=
            "* Kubelets of the new nodes run with `--cloud-provider=external`. leasehold does not look at kubelets.\n";
    }
    if design.assumes_node_ipam {
        let key = |code| design.vendor.key(Component::CloudControllerManager, Controller::NodeIpam, code);
        let _ = writeln!(
            out,
            "* **Assumed:** your cloud-controller-manager registers a node IPAM controller as `{}`. Its start log names its \
             controllers; if that name is not among them, this migration is not for it.",
            key(wish.to).unwrap_or("node-ipam-controller")
        );
    }
    out += "* Change static pods by writing the new manifest beside the manifest directory and moving it in; the kubelet \
            takes about 20 s to restart the pod. Wait for the new container before the next node.\n\nThe leases, at any time:\n\n";
    out += &holders(design);
    out
}

fn grant(stage: &Stage) -> String {
    let mut out =
        format!("```sh\nkubectl apply -f {}/\n```\n\nMust be seen, `yes` six times:\n\n```sh\n", stage.directory);
    for user in [KUBE_CONTROLLER_MANAGER, CLOUD_CONTROLLER_MANAGER] {
        for verb in ["get", "update"] {
            let _ = writeln!(
                out,
                "kubectl auth can-i {verb} leases.coordination.k8s.io/{DEFAULT_LEADER_NAME} -n kube-system --as {user}"
            );
        }
        let _ = writeln!(out, "kubectl auth can-i create leases.coordination.k8s.io -n kube-system --as {user}");
    }
    let _ = writeln!(
        out,
        "```\n\nWithout these rights a manager stays healthy, asks for ever, and runs none of the controllers.\n\nWay back: \
         `kubectl delete -f {}/`, once no manager has leader migration on.",
        stage.directory
    );
    out
}

fn enable(stage: &Stage, before: &Stage) -> String {
    let (directory, config) = (stage.directory, config_path(Component::KubeControllerManager));
    format!(
        "On each control-plane node in turn, in any order: copy `{directory}{config}` to `{config}`, then put \
         `{directory}/kube-controller-manager.yaml` in place of its manifest.\n\nMust be seen once every node is done:\n\n\
         * `kubectl -n kube-system get pods -l component=kube-controller-manager -o yaml | grep -c -- \
         '- --enable-leader-migration=true'` prints the number of nodes.\n* `{DEFAULT_LEADER_NAME}` exists, is renewed every few \
         seconds, and has the same holder as `kube-controller-manager`: one process holds both.\n* The log of that process \
         says `leader migration: starting migrated controllers.`\n\nIf the lease does not appear within a minute, that log \
         says why (`forbidden`: step 1). **Do not go on with a node that lacks leader migration.**\n\nWay back: put \
         `{}/kube-controller-manager.yaml` back, node by node, in any order.\n",
        before.directory
    )
}

fn contend(design: &Design, stage: &Stage, before: &Stage) -> String {
    let (directory, config) = (stage.directory, config_path(Component::CloudControllerManager));
    format!(
        "On each control-plane node in turn: copy `{directory}{config}` to `{config}`, then put \
         `{directory}/cloud-controller-manager.yaml` in place of its manifest.\n\nMust be seen once every node is done:\n\n\
         * `{}` has a holder and is renewed.\n* `{DEFAULT_LEADER_NAME}` still has one holder and is renewed; nodes that join still \
         get a pod CIDR, and no CIDR is given twice: `kubectl get nodes -o \
         jsonpath='{{range .items[*]}}{{.spec.podCIDR}}{{\"\\n\"}}{{end}}' | sort | uniq -d` prints nothing.\n\nWay back: put \
         `{}/cloud-controller-manager.yaml` back, node by node.\n",
        design.vendor.main_lease, before.directory
    )
}

fn replace(design: &Design, stage: &Stage, previous: &Stage, stages: &[Stage]) -> String {
    let (directory, config) = (stage.directory, config_path(Component::CloudControllerManager));
    let enabled = stages.iter().find(|s| s.kcm.as_ref().is_some_and(|kcm| kcm.migrates)).map_or("", |s| s.directory);
    let mut old = vec![format!("`{enabled}/`")];
    if previous.directory != enabled {
        old.push(format!("`{}/`", previous.directory));
    }
    let mut out = format!(
        "One node at a time: add a node of Kubernetes {} with the manifests of `{directory}/` and `{directory}{config}` as \
         `{config}`, wait until it is ready, then remove one node of {}. kube-controller-manager {} has leader \
         migration off: with it on it would hold the lease and run nothing.\n\n",
        design.wish.to, design.wish.from, design.wish.to
    );
    if design.moves_node_ipam() {
        out += "Its node IPAM is switched off by `--controllers`. Forgetting that gives pod CIDRs out twice.\n\n";
    }
    let _ = writeln!(
        out,
        "Must be seen after each node:\n\n* `{DEFAULT_LEADER_NAME}` is renewed and has the same holder as `kube-controller-manager` \
         (of {}) or as `{}`. It changes hands once; for up to half a minute nobody holds it.\n* No manager is in \
         CrashLoopBackOff: `kubectl -n kube-system get pods -l tier=control-plane`.\n\nMust be seen after the last one: its \
         holder is that of `{}`, {}.\n\nWay back, from \
         any node of this step: add nodes of {} with the manifests and files of {} (**leader migration on**), remove those of \
         {}. An old kube-controller-manager without leader migration beside a cloud-controller-manager runs every one of \
         these controllers twice.",
        design.wish.from,
        design.vendor.main_lease,
        design.vendor.main_lease,
        proof(design),
        design.wish.from,
        old.join(" and "),
        design.wish.to,
    );
    out
}

fn disable(design: &Design, stage: &Stage, previous: &Stage) -> String {
    format!(
        "Once no kube-controller-manager of before is left, and none will come back. On each control-plane node in turn: put \
         `{}/cloud-controller-manager.yaml` in place of its manifest.\n\nMust be seen once every node is done:\n\n* `{}` has a \
         holder and is renewed.\n* `{DEFAULT_LEADER_NAME}` is renewed no more. It may stay; to remove it: `kubectl -n kube-system \
         delete lease {DEFAULT_LEADER_NAME}`. The access rules of 1-access may go too, if your vendor's manifest grants `{}` by \
         itself.\n\nWay back: put `{}/cloud-controller-manager.yaml` back, node by node; then step by step from there.\n",
        stage.directory, design.vendor.main_lease, design.vendor.main_lease, previous.directory
    )
}

/// What shows that the controllers that moved do their work.
fn proof(design: &Design) -> String {
    let signs = [
        (Controller::Service, "a new Service of type LoadBalancer gets its address"),
        (Controller::NodeIpam, "a new node gets a pod CIDR that no other node has"),
        (Controller::CloudNodeLifecycle, "the node of a deleted machine goes away"),
    ];
    let seen: Vec<&str> = signs.iter().filter(|(c, _)| design.moves.contains(*c)).map(|(_, sign)| *sign).collect();
    seen.join("; ")
}
