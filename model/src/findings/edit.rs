//! Changes to managers, and what a right leader migration configuration looks like.

use crate::config::{ControllerLeader, MigrationConfig};
use crate::controller::{Component, Controller, ControllerSet};
use crate::facts;
use crate::facts::migration::{ApiVersion, GROUP, KIND};
use crate::launch::{ManagerSpec, MigrationFile};
use crate::lease::{LeaseId, LockRule};
use crate::migration::{Mode, Pool, ProcessIx, Step};
use crate::plan::{Plan, capable};
use crate::release::Release;
use crate::value::Value;

/// One change to one manager.
#[derive(Clone, PartialEq, Debug)]
pub enum Edit {
    /// Leader migration on, with this configuration file.
    UseConfig {
        /// Index into [`Plan::managers`].
        manager: usize,
        /// What the file says.
        config: MigrationConfig,
    },
    /// The flag has this value.
    SetFlag {
        /// Index into [`Plan::managers`].
        manager: usize,
        /// The flag's name, without dashes.
        flag: String,
        /// Its value.
        value: String,
    },
    /// The flags are not given.
    RemoveFlags {
        /// Index into [`Plan::managers`].
        manager: usize,
        /// The flags' names, without dashes.
        flags: Vec<String>,
    },
    /// The manager's user may get, create and update the lease.
    Grant {
        /// Index into [`Plan::managers`].
        manager: usize,
        /// The lease.
        lease: LeaseId,
    },
    /// Before a step of the plan, a step of its own changes one manager wherever it runs.
    Early {
        /// Index into [`Plan::managers`].
        manager: usize,
        /// The step before which it is done: an index into [`Plan::steps`].
        before: usize,
        /// Its changes; each of a single manager.
        edits: Vec<Edit>,
    },
    /// One step is done before another that comes earlier in the plan.
    StepFirst {
        /// The step that comes first now: an index into [`Plan::steps`].
        step: usize,
        /// The step before which it is done.
        before: usize,
    },
}

impl Edit {
    /// The manager changed; `None` if the change is of the plan's order.
    pub fn manager(&self) -> Option<usize> {
        match self {
            Edit::UseConfig { manager, .. }
            | Edit::SetFlag { manager, .. }
            | Edit::RemoveFlags { manager, .. }
            | Edit::Grant { manager, .. }
            | Edit::Early { manager, .. } => Some(*manager),
            Edit::StepFirst { .. } => None,
        }
    }

    /// True if the plan's steps have other numbers afterwards.
    pub fn renumbers_steps(&self) -> bool {
        matches!(self, Edit::Early { .. } | Edit::StepFirst { .. })
    }

    /// Carries the change out.
    pub fn apply(&self, plan: &mut Plan) {
        match self {
            Edit::Early { manager, before, .. } => {
                let mut changed = plan.managers[*manager].clone();
                self.change(&mut changed);
                insert_change(plan, *manager, changed, *before);
            }
            Edit::StepFirst { step, before } => *plan = with_step_first(plan, *step, *before).expect("it was possible"),
            _ => self.change(&mut plan.managers[self.manager().expect("a change of one manager")]),
        }
    }

    /// Carries out what the change does to its manager.
    pub fn change(&self, spec: &mut ManagerSpec) {
        match self {
            Edit::UseConfig { config, .. } => {
                for (flag, value) in flags_of_migration(spec) {
                    set_flag(&mut spec.args, &flag, &value);
                }
                spec.migration_file = MigrationFile::Document(document(config, api_version(spec.code)));
            }
            Edit::SetFlag { flag, value, .. } => set_flag(&mut spec.args, flag, value),
            Edit::RemoveFlags { flags, .. } => flags.iter().for_each(|flag| remove_flag(&mut spec.args, flag)),
            Edit::Grant { lease, .. } => spec.rights.rules.push(full_access(lease)),
            Edit::Early { edits, .. } => edits.iter().for_each(|edit| edit.change(spec)),
            Edit::StepFirst { .. } => {}
        }
    }
}

/// Leader migration off in a manager.
pub fn migration_off(manager: usize) -> Edit {
    let flags = ["enable-leader-migration", "leader-migration-config"].map(String::from).to_vec();
    Edit::RemoveFlags { manager, flags }
}

/// Inserts a step before step `before` that puts `changed` in the place of `manager`, there and in everything behind.
fn insert_change(plan: &mut Plan, manager: usize, changed: ManagerSpec, before: usize) {
    let title = format!("Change {} first", changed.component);
    let copy = ProcessIx::try_from(plan.managers.len()).expect("a plan has fewer than 256 managers");
    plan.managers.push(changed);
    plan.steps.insert(before, Step { title, mode: Mode::Edit, downtime: false });
    plan.repeat_position(before);
    for pool in &mut plan.pools {
        for process in pool.runs[before + 1..].iter_mut().flatten().filter(|p| p.map(usize::from) == Some(manager)) {
            *process = Some(copy);
        }
    }
}

/// The plan with step `step` done before step `before`; `None` if they change one and the same place, or one between them
/// does; nor if a step from `before` on changes where pods may be placed.
pub fn with_step_first(plan: &Plan, step: usize, before: usize) -> Option<Plan> {
    let positions = before..=step;
    let moves_pods = |pool: &Pool| positions.clone().any(|at| !pool.places_alike(at, at + 1));
    if plan.pools.iter().any(moves_pods) {
        return None;
    }
    let mut out = plan.clone();
    for (pool, new) in plan.pools.iter().zip(&mut out.pools) {
        let changes = |step: usize, place: usize| pool.runs[step][place] != pool.runs[step + 1][place];
        for place in (0..pool.components.len()).filter(|&place| changes(step, place)) {
            if (before..step).any(|earlier| changes(earlier, place)) {
                return None;
            }
            (before + 1..=step).for_each(|position| new.runs[position][place] = pool.runs[step + 1][place]);
        }
        // What happens elsewhere is one step later than before.
        for place in (0..pool.components.len()).filter(|&place| !changes(step, place)) {
            (before..=step).for_each(|position| new.runs[position + 1][place] = pool.runs[position][place]);
        }
    }
    let first = out.steps.remove(step);
    out.steps.insert(before, first);
    Some(out)
}

/// The flags that put leader migration on with a file: what the guides print, by release.
pub fn flags_of_migration(spec: &ManagerSpec) -> Vec<(String, String)> {
    let mut flags = vec![
        ("enable-leader-migration".to_string(), "true".to_string()),
        ("leader-migration-config".to_string(), "/etc/leadermigration.conf".to_string()),
    ];
    if facts::gates::LEADER_MIGRATION.get(spec.code).is_some_and(|gate| !gate.default) {
        let gate = "ControllerManagerLeaderMigration=true";
        let given = value_of(&spec.args, "feature-gates").filter(|g| !g.is_empty());
        flags.push(("feature-gates".into(), given.map_or(gate.into(), |g| format!("{g},{gate}"))));
    }
    flags
}

/// The newest API version of the configuration that a binary of `release` decodes.
///
/// # Panics
/// If the facts name no API version for a known release.
pub fn api_version(release: Release) -> ApiVersion {
    *facts::migration::API_VERSIONS.get(release).and_then(|known| known.last()).expect("every release decodes one")
}

/// What the file of `spec` should say so that `controllers` are under the migration lease in that binary, owned by it.
pub fn right_config(spec: &ManagerSpec, controllers: ControllerSet, leader_name: &str) -> MigrationConfig {
    let key = |controller| spec.vendor.key(spec.component, controller, spec.code);
    MigrationConfig {
        leader_name: leader_name.into(),
        resource_lock: "leases".into(),
        controller_leaders: controllers
            .iter()
            .filter_map(key)
            .map(|name| ControllerLeader { name: name.into(), component: spec.component.name().into() })
            .collect(),
    }
}

/// The controllers that both managers of a plan are able to run: those that must be under the migration lease. While there
/// is no cloud-controller-manager yet, the in-tree provider's.
pub fn shared_controllers(plan: &Plan) -> ControllerSet {
    let of = |component: Component| {
        plan.managers
            .iter()
            .filter(|spec| spec.component == component)
            .fold(ControllerSet::EMPTY, |set, spec| set.union(capable(spec)))
    };
    let movable = ControllerSet::from_iter(Controller::ALL).without(Controller::CloudNode);
    let of_kcm = of(Component::KubeControllerManager);
    if plan.managers.iter().all(|spec| spec.component == Component::KubeControllerManager) {
        return of_kcm.intersection(movable).without(Controller::NodeIpam);
    }
    of_kcm.intersection(of(Component::CloudControllerManager)).intersection(movable)
}

/// The configuration as a document of that API version.
pub fn document(config: &MigrationConfig, version: ApiVersion) -> Value {
    let text = |s: &str| Value::String(s.into());
    let mut fields = vec![
        (text("apiVersion"), Value::String(format!("{GROUP}/{}", version.name))),
        (text("kind"), text(KIND)),
        (text("leaderName"), text(&config.leader_name)),
    ];
    if version.has_resource_lock {
        fields.push((text("resourceLock"), text(&config.resource_lock)));
    }
    let entry = |leader: &ControllerLeader| {
        Value::Mapping(vec![(text("name"), text(&leader.name)), (text("component"), text(&leader.component))])
    };
    fields.push((text("controllerLeaders"), Value::Sequence(config.controller_leaders.iter().map(entry).collect())));
    Value::Mapping(fields)
}

fn full_access(lease: &LeaseId) -> LockRule {
    LockRule {
        namespace: Some(lease.namespace.clone()),
        names: None,
        resources: vec!["leases".into()],
        verbs: ["get", "create", "update"].map(String::from).to_vec(),
    }
}

fn is_flag(arg: &str, flag: &str) -> bool {
    arg.strip_prefix("--")
        .is_some_and(|rest| rest == flag || rest.strip_prefix(flag).is_some_and(|r| r.starts_with('=')))
}

pub(super) fn value_of(args: &[String], flag: &str) -> Option<String> {
    let at = args.iter().rposition(|arg| is_flag(arg, flag))?;
    match args[at].split_once('=') {
        Some((_, value)) => Some(value.into()),
        None => args.get(at + 1).cloned(),
    }
}

/// Gives the flag its value: in the place of its last occurrence, else at the end.
fn set_flag(args: &mut Vec<String>, flag: &str, value: &str) {
    let at = args.iter().position(|arg| is_flag(arg, flag)).unwrap_or(args.len());
    remove_flag(args, flag);
    args.insert(at.min(args.len()), format!("--{flag}={value}"));
}

/// Takes every occurrence of the flag away, with its value where that is an argument of its own.
fn remove_flag(args: &mut Vec<String>, flag: &str) {
    while let Some(at) = args.iter().position(|arg| is_flag(arg, flag)) {
        let has_value_behind = args[at] == format!("--{flag}") && args.get(at + 1).is_some_and(|a| !a.starts_with('-'));
        args.drain(at..=at + usize::from(has_value_behind));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(text: &str) -> Vec<String> {
        text.split_whitespace().map(String::from).collect()
    }

    #[test]
    fn flags_are_set_in_their_place_and_removed_with_their_values() {
        let mut a = args("--leader-elect=false --v 2 --controllers=* --v=4");
        set_flag(&mut a, "v", "1");
        assert_eq!(a, args("--leader-elect=false --v=1 --controllers=*"));
        remove_flag(&mut a, "leader-elect");
        set_flag(&mut a, "cloud-provider", "external");
        assert_eq!(a, args("--v=1 --controllers=* --cloud-provider=external"));
        // A flag whose name begins like another's is another flag.
        let mut b = args("--leader-elect-lease-duration=15s");
        remove_flag(&mut b, "leader-elect");
        assert_eq!(b.len(), 1);
    }
}
