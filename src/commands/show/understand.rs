//! From resolved managers to what is shown: each is launched.

use leasehold_model::controller::{Component, ControllerSet};
use leasehold_model::launch::{Launch, Migration, Outcome, Ready, RefusesWhen, launch};
use leasehold_model::lease::{LeaseId, Rights};
use leasehold_scenarios::diagnostic::{Problem, Severity};
use leasehold_scenarios::inventory::nodes::{NodeGroup, Roles};
use leasehold_scenarios::resolve::{Manager, Resolved};
use leasehold_scenarios::source::Sources;

use super::document::{
    Document, GroupShown, Main, ManagerShown, MigrationShown, Note, Refuses, UncheckedShown, VERSION,
};
use super::settings::Listed;

impl Document {
    /// Launches every manager of `resolved`.
    pub fn new(resolved: &Resolved) -> Document {
        let last = resolved.stages.len() - 1;
        let side = |at: usize| match at {
            0 => "before".to_string(),
            at if at == last => "after".to_string(),
            at => resolved.steps[at - 1].title.clone(),
        };
        let managers = resolved.stages.iter().enumerate().flat_map(|(at, stage)| {
            let shown = |&i: &usize| {
                let groups = resolved.groups.iter().zip(&stage.nodes).filter(|(_, nodes)| nodes.managers.contains(&i));
                let names: Vec<String> = groups.map(|(group, _)| group.name.clone()).collect();
                let groups = if names.len() < resolved.groups.len() { names } else { Vec::new() };
                ManagerShown { groups, ..shown(&resolved.managers[i], side(at), &resolved.sources) }
            };
            stage.managers.iter().map(shown).collect::<Vec<_>>()
        });
        Document {
            version: VERSION,
            title: resolved.title.clone(),
            managers: managers.collect(),
            groups: resolved.groups.iter().map(group).collect(),
            assumed: resolved.inferred.clone(),
            notes: resolved.notes.iter().map(|problem| note(problem, &resolved.sources)).collect(),
        }
    }

    /// The document as JSON, ending with a line break.
    pub fn json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("the document has nothing that JSON has not");
        text.push('\n');
        text
    }
}

fn note(problem: &Problem, sources: &Sources) -> Note {
    let more = problem.label.as_ref().or(problem.help.as_ref());
    Note {
        severity: if problem.severity == Severity::Note { "note" } else { "warning" },
        message: more.map_or_else(|| problem.message.clone(), |more| format!("{}: {more}", problem.message)),
        place: problem.span.map(|span| sources.place(span)),
    }
}

fn group(group: &NodeGroup) -> GroupShown {
    let Roles { control_plane, etcd, worker } = group.roles;
    let roles = [("control plane", control_plane), ("etcd", etcd), ("worker", worker)];
    GroupShown {
        name: group.name.clone(),
        count: group.count,
        roles: roles.iter().filter(|(_, has)| *has).map(|(role, _)| *role).collect(),
        labels: group.labels.iter().map(|(key, value)| format!("{key}={value}")).collect(),
        taints: group.taints.iter().map(ToString::to_string).collect(),
    }
}

fn names(set: ControllerSet) -> Vec<&'static str> {
    set.iter().map(|controller| controller.name()).collect()
}

fn shown(manager: &Manager, side: String, sources: &Sources) -> ManagerShown {
    let spec = &manager.spec;
    let launched = launch(spec);
    let Launch { outcome, settings } = &launched;
    let is_ccm = spec.component == Component::CloudControllerManager;
    let mut shown = ManagerShown {
        component: spec.component.name(),
        side,
        release: manager.release.to_string(),
        library: manager.library.map(|library| library.library()),
        starts: true,
        message: None,
        unlocked: Vec::new(),
        main: None,
        migration: None,
        refuses: None,
        exit_code: None,
        flaps: None,
        vendor: is_ccm.then_some(spec.vendor.name),
        vendor_notes: if is_ccm { spec.vendor.notes.to_vec() } else { Vec::new() },
        object: manager.identity.to_string(),
        workload: manager.workload.to_string(),
        groups: Vec::new(),
        place: sources.place(manager.spans.workload),
        image: manager.image.as_ref().map(|image| image.value.clone()),
        user: manager.user.clone(),
        settings: Listed { manager, sources }.settings(settings),
        unchecked: Vec::new(),
    };
    for unchecked in &settings.unchecked_flags {
        let place = unchecked.arg.and_then(|arg| manager.spans.args.get(arg)).map(|&span| sources.place(span));
        shown.unchecked.push(UncheckedShown { name: unchecked.name.clone(), assumed: unchecked.assumed, place });
    }
    match outcome {
        Outcome::Refuses(refusal) => {
            let when = match &refusal.when {
                RefusesWhen::BeforeLocks => Refuses::BeforeLocks,
                RefusesWhen::AfterMainLock(main) => {
                    shown.flaps = Some(main.to_string());
                    Refuses::AfterMainLease
                }
            };
            shown.exits(when, refusal.message.clone(), refusal.exit_code);
        }
        Outcome::Unlocked(set) => shown.unlocked = names(*set),
        Outcome::Runs(running) => {
            shown.main = Some(Main {
                lease: running.main.to_string(),
                controllers: names(running.main_set),
                authorized: spec.rights.missing(&running.main).is_empty(),
                missing: missing(&running.main, &spec.rights),
                in_vain: launched.obstacle(&running.main, &spec.rights),
            });
            if let Some(migration) = &running.migration {
                if let Some(death) = &migration.dies {
                    shown.flaps = Some(running.main.to_string());
                    shown.exits(Refuses::AfterMigrationLease, death.message.clone(), death.exit_code);
                }
                shown.migration = Some(migration_shown(migration, &launched, &spec.rights));
            }
        }
    }
    shown
}

impl ManagerShown {
    fn exits(&mut self, when: Refuses, message: String, exit_code: u8) {
        self.starts = false;
        self.refuses = Some(when);
        self.message = Some(message);
        self.exit_code = Some(exit_code);
    }
}

fn migration_shown(migration: &Migration, launched: &Launch, rights: &Rights) -> MigrationShown {
    let never = match &migration.ready {
        Ready::Never(why) => Some(why.to_string()),
        Ready::AtOnce | Ready::AfterTokenController => None,
    };
    MigrationShown {
        lease: migration.lease.to_string(),
        contends: never.is_none(),
        authorized: rights.missing(&migration.lease).is_empty(),
        controllers: names(migration.set),
        missing: missing(&migration.lease, rights),
        in_vain: never.or_else(|| launched.obstacle(&migration.lease, rights)),
    }
}

fn missing(lease: &LeaseId, rights: &Rights) -> Vec<&'static str> {
    rights.missing(lease).into_iter().map(|verb| verb.name()).collect()
}
