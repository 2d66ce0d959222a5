//! Who a manager is to the API server: told by the scenario, by its kubeconfig or by its service account, or assumed.

use leasehold_model::controller::Component;

use super::migration_file::{Place, agreement};
use crate::flags;
use crate::inventory::kubeconfig::{self, Identity};
use crate::inventory::volumes::{Target, locate};
use crate::inventory::workload::Workload;
use crate::rights::{CLOUD_CONTROLLER_MANAGER, KUBE_CONTROLLER_MANAGER, User};
use crate::yaml::{self, Node};

/// A manager's user.
pub(super) struct Identified {
    pub user: User,
    /// Why it is only assumed, as the beginning of a sentence.
    pub assumed: Option<String>,
}

/// The user of `workload`; `told` are the scenario's.
pub(super) fn of(workload: &Workload, place: &Place<'_>, told: &[(Component, User)]) -> Identified {
    let component = workload.component;
    if let Some((_, user)) = told.iter().find(|(of, _)| *of == component) {
        return Identified { user: user.clone(), assumed: None };
    }
    let customary = match component {
        Component::KubeControllerManager => KUBE_CONTROLLER_MANAGER,
        Component::CloudControllerManager => CLOUD_CONTROLLER_MANAGER,
    };
    let assumed = |why: Option<String>| Identified { user: User::named(customary, Vec::new()), assumed: why };
    let ccm = component == Component::CloudControllerManager;
    let Some((path, _)) = flags::last(&workload.args, "kubeconfig").filter(|(path, _)| !path.is_empty()) else {
        // Without a kubeconfig a process uses the service account of its pod, which a static pod has not.
        return match &workload.service_account {
            account if ccm && (account.is_some() || !workload.kind.is_static()) => {
                let name = account.clone().unwrap_or_else(|| "default".into());
                let namespace = workload.identity.namespace.clone();
                Identified { user: User::ServiceAccount { namespace, name }, assumed: None }
            }
            _ => assumed(ccm.then(|| "it has neither --kubeconfig nor a service account".into())),
        };
    };
    match kubeconfig(workload, path, place) {
        Some(Identity::User { name, groups }) => Identified { user: User::named(&name, groups), assumed: None },
        Some(Identity::Untold(why)) => assumed(Some(format!("its kubeconfig {path} {why}"))),
        // Everybody's kube-controller-manager is of this name; a cloud-controller-manager is by custom only.
        None => assumed(ccm.then(|| format!("its kubeconfig {path} is not among the files"))),
    }
}

/// What the given files have at the path of `--kubeconfig`.
fn kubeconfig(workload: &Workload, path: &str, place: &Place<'_>) -> Option<Identity> {
    let on_the_node = |path: &str| {
        place.host_files.iter().find_map(|inventory| {
            let agrees = |file| agreement(path, place.sources.name(file));
            let best = inventory.kubeconfigs.iter().max_by_key(|(file, _)| agrees(*file))?;
            (agrees(best.0) > 0).then(|| best.1.clone())
        })
    };
    match locate(&workload.mounts, path) {
        Target::Host { path, .. } => on_the_node(&path),
        Target::NotMounted if workload.mounts.is_empty() => on_the_node(path),
        Target::Key { kind, name, key, .. } => {
            let namespace = &workload.identity.namespace;
            let mut objects = place.keyed.iter().rev();
            let object = objects.find(|k| k.kind == kind && k.name == name && k.namespace == *namespace)?;
            let documents = yaml::documents_in(place.sources, object.get(key.as_ref()?)?).documents;
            let is_kubeconfig = |d: &&Node| d.get("kind").and_then(Node::as_str) == Some("Config");
            documents.iter().find(is_kubeconfig).map(kubeconfig::identity)
        }
        Target::NotMounted | Target::Hidden { .. } => None,
    }
}
