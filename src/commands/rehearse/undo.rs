//! What undoing a step means for files and objects: the operator's hands, not the search.

use leasehold_model::controller::Component;
use leasehold_model::launch::{ManagerSpec, Outcome};
use leasehold_model::lease::{LeaseId, Rights};
use leasehold_model::migration::{Mode, Step};
use leasehold_model::plan::Plan;
use leasehold_scenarios::flags;
use leasehold_scenarios::inventory::workload::WorkloadKind;
use leasehold_scenarios::inventory::{Identity, Spanned};
use leasehold_scenarios::resolve::{Manager, Resolved, Stage};

/// How one step of the plan is undone.
pub struct Undo {
    /// How it reaches the nodes.
    pub mode: Mode,
    /// The Kubernetes releases after undoing it and before, where nodes are replaced.
    pub releases: (String, String),
    /// What changes on each node.
    pub nodes: Vec<OnNode>,
    /// Nodes that are cordoned or not any more: how `kubectl` takes them, and whether they become cordoned.
    pub cordons: Vec<(String, bool)>,
    /// Files whose objects are applied.
    pub apply: Vec<String>,
    /// Objects that go away.
    pub delete: Vec<Identity>,
    /// Objects that Kubernetes itself makes, which the plan overwrote: they are put back from a copy.
    pub restore: Vec<Identity>,
    /// Workloads that are rolled out.
    pub rollouts: Vec<Identity>,
}

/// What becomes of one manager's files on a node.
pub struct OnNode {
    /// The group of nodes, if there are several.
    pub group: Option<String>,
    /// Which manager.
    pub component: Component,
    /// The manifest that is put in place; `None`: the manager goes away.
    pub manifest: Option<String>,
    /// The manifest is kubeadm's configuration.
    pub by_kubeadm: bool,
    /// The leader migration file that is put in place: from, to.
    pub config: Option<(String, String)>,
    /// The leader migration file that is of no use any more.
    pub unused: Option<String>,
}

/// For each of these steps of a plan the step of the scenario that it belongs to, whose titles are given: a step that changes
/// rights and processes is two in the plan.
pub fn origins(steps: &[Step], titles: &[String]) -> Vec<usize> {
    let mut origin = 0;
    let mut origins = Vec::new();
    for step in steps {
        origins.push(origin);
        if titles.get(origin) == Some(&step.title) {
            origin += 1;
        }
    }
    origins
}

/// How step `step` of `plan` is undone.
pub fn undo(plan: &Plan, resolved: &Resolved, step: usize) -> Undo {
    let titles: Vec<String> = resolved.steps.iter().map(|step| step.title.clone()).collect();
    let origins = origins(&plan.steps, &titles);
    let origin = origins[step];
    // A step that is two in the plan: rights first, then everything else.
    let is_rights = plan.steps[step].title != titles[origin];
    let is_rest = step > 0 && origins[step - 1] == origin;
    let (then, now) = (&resolved.stages[origin], &resolved.stages[origin + 1]);
    let takes_part = |identity: &Identity| match (is_rights, is_rest) {
        (true, _) => is_access(identity),
        (_, true) => !is_access(identity),
        _ => true,
    };
    let was = |identity: &Identity| then.objects.iter().find(|(known, _)| known == identity);
    let mut out = Undo {
        mode: plan.steps[step].mode,
        releases: (then.release.to_string(), now.release.to_string()),
        nodes: if plan.steps[step].mode == Mode::AtOnce { Vec::new() } else { on_nodes(resolved, then, now) },
        cordons: cordons(resolved, then, now),
        apply: Vec::new(),
        delete: Vec::new(),
        restore: Vec::new(),
        rollouts: Vec::new(),
    };
    for (identity, span) in now.objects.iter().filter(|(identity, _)| takes_part(identity)) {
        match was(identity) {
            Some((_, before)) if before == span => {}
            Some((_, before)) => put_back(&mut out, identity, resolved.sources.name(before.file)),
            // Roles that Kubernetes makes at the API server's start (kubernetes/kubernetes:
            // plugin/pkg/auth/authorizer/rbac/bootstrappolicy/namespace_policy.go@v1.30.0) must not go away.
            None if is_access(identity) && identity.name.starts_with("system:") => out.restore.push(identity.clone()),
            None => out.delete.push(identity.clone()),
        }
    }
    let gone = then.objects.iter().filter(|(identity, _)| now.objects.iter().all(|(known, _)| known != identity));
    for (identity, before) in gone.filter(|(identity, _)| takes_part(identity)) {
        put_back(&mut out, identity, resolved.sources.name(before.file));
    }
    out
}

fn put_back(out: &mut Undo, identity: &Identity, file: &str) {
    if !out.apply.iter().any(|known| known == file) {
        out.apply.push(file.to_string());
    }
    if matches!(identity.kind.as_str(), "DaemonSet" | "Deployment" | "StatefulSet") {
        out.rollouts.push(identity.clone());
    }
}

fn is_access(identity: &Identity) -> bool {
    matches!(identity.kind.as_str(), "Role" | "ClusterRole" | "RoleBinding" | "ClusterRoleBinding")
}

/// What changes in the static pods between two stages.
fn on_nodes(resolved: &Resolved, then: &Stage, now: &Stage) -> Vec<OnNode> {
    let of = |stage: &Stage, group: usize, component: Component| {
        let managers = stage.nodes[group].managers.iter().map(|&at| &resolved.managers[at]);
        managers.into_iter().find(|m| m.spec.component == component)
    };
    let one = |group: usize, component| {
        let (before, after) = (of(then, group, component), of(now, group, component));
        // Rights are no file of the node.
        let files = |manager: &Manager| {
            (ManagerSpec { rights: Rights::default(), ..manager.spec.clone() }, manager.spans.clone())
        };
        if before.map(files) == after.map(files) {
            return None;
        }
        let config = before.and_then(|manager| config(resolved, manager));
        let left = after.and_then(|manager| self::config(resolved, manager)).map(|(_, path)| path);
        let several = resolved.groups.len() > 1;
        Some(OnNode {
            group: resolved.groups.get(group).filter(|_| several).map(|group| group.name.clone()),
            component,
            manifest: before.map(|manager| resolved.sources.name(manager.spans.workload.file).to_string()),
            by_kubeadm: before.is_some_and(|manager| manager.workload == WorkloadKind::Kubeadm),
            unused: left.filter(|path| config.as_ref().is_none_or(|(_, kept)| kept != path)),
            config,
        })
    };
    let groups = 0..then.nodes.len();
    groups.flat_map(|group| Component::ALL.map(|component| one(group, component))).flatten().collect()
}

/// The nodes whose cordon differs between two stages, by their labels where they have some.
fn cordons(resolved: &Resolved, then: &Stage, now: &Stage) -> Vec<(String, bool)> {
    let differs = |group: &usize| then.nodes[*group].cordoned != now.nodes[*group].cordoned;
    let selector = |group: usize| match resolved.groups.get(group).map(|group| &group.labels) {
        Some(labels) if !labels.is_empty() => {
            let each = labels.iter().map(|(key, value)| format!("{key}={value}"));
            format!("-l {}", each.collect::<Vec<_>>().join(","))
        }
        _ => "NODE   # each control-plane node".to_string(),
    };
    (0..then.nodes.len()).filter(differs).map(|group| (selector(group), then.nodes[group].cordoned)).collect()
}

/// The leader migration file of a manager that is a file of the node: from, to.
fn config(resolved: &Resolved, manager: &Manager) -> Option<(String, String)> {
    let file = manager.spans.migration_file.as_ref()?.span.file;
    let is_object = resolved.stages.iter().flat_map(|stage| &stage.objects).any(|(_, span)| span.file == file);
    let args = manager.spec.args.iter().zip(&manager.spans.args);
    let args: Vec<Spanned<String>> = args.map(|(arg, &span)| Spanned { value: arg.clone(), span }).collect();
    let (path, _) = flags::last(&args, "leader-migration-config")?;
    (!is_object && !path.is_empty()).then(|| (resolved.sources.name(file).to_string(), path.to_string()))
}

/// The leases that the managers of two positions elect for, by name.
pub fn leases(plan: &Plan, launches: &[leasehold_model::launch::Launch], step: usize) -> Vec<LeaseId> {
    let mut found: Vec<LeaseId> = Vec::new();
    for at in [step, step + 1].into_iter().flat_map(|position| plan.managers_at(position)) {
        let Outcome::Runs(running) = &launches[at].outcome else { continue };
        let migration = running.migration.as_ref().map(|migration| &migration.lease);
        for lease in std::iter::once(&running.main).chain(migration) {
            if !found.contains(lease) {
                found.push(lease.clone());
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_that_is_two_in_the_plan_belongs_to_one_of_the_scenario() {
        let step = |title: &str| Step { title: title.into(), mode: Mode::Edit, downtime: false };
        let steps = [step("grant"), step("move (access rules)"), step("move"), step("tidy up")];
        let titles = ["grant", "move", "tidy up"].map(String::from);
        assert_eq!(origins(&steps, &titles), [0, 1, 1, 2]);
    }
}
