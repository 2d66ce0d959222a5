//! Changes to managers, and what a right leader migration configuration looks like.

use crate::config::{ControllerLeader, MigrationConfig};
use crate::controller::{Component, Controller, ControllerSet};
use crate::facts;
use crate::facts::migration::{ApiVersion, GROUP, KIND};
use crate::launch::{ManagerSpec, MigrationFile};
use crate::lease::{LeaseId, LockRule};
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
}

impl Edit {
    /// The manager changed.
    pub fn manager(&self) -> usize {
        match self {
            Edit::UseConfig { manager, .. }
            | Edit::SetFlag { manager, .. }
            | Edit::RemoveFlags { manager, .. }
            | Edit::Grant { manager, .. } => *manager,
        }
    }

    /// Carries the change out.
    pub fn apply(&self, plan: &mut Plan) {
        let spec = &mut plan.managers[self.manager()];
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
        }
    }
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

/// The controllers that both managers of a plan are able to run: those that must be under the migration lease.
pub fn shared_controllers(plan: &Plan) -> ControllerSet {
    let of = |component: Component| {
        plan.managers
            .iter()
            .filter(|spec| spec.component == component)
            .fold(ControllerSet::EMPTY, |set, spec| set.union(capable(spec)))
    };
    let movable = ControllerSet::from_iter(Controller::ALL).without(Controller::CloudNode);
    of(Component::KubeControllerManager).intersection(of(Component::CloudControllerManager)).intersection(movable)
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

fn value_of(args: &[String], flag: &str) -> Option<String> {
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
