//! What `show` found out, as data. The types are the format: the JSON Schema in `docs/schema/show.v1.json` is generated
//! from them.

use leasehold_model::controller::{Component, ControllerSet};
use leasehold_model::launch::settings::{Origin, Setting, Settings};
use leasehold_model::launch::{Launch, Migration, Outcome, Ready, RefusesWhen, launch, obstacle};
use leasehold_model::lease::{LeaseId, Rights};
use leasehold_scenarios::diagnostic::{Problem, Severity};
use leasehold_scenarios::resolve::{Manager, Resolved};
use leasehold_scenarios::source::{Sources, Span};
use leasehold_scenarios::yaml::Node;
use schemars::JsonSchema;
use serde::Serialize;

/// The version of this format: fields may be added to it, none renamed or removed.
pub const VERSION: u32 = 1;

/// What was understood.
#[derive(Serialize, JsonSchema, Clone, PartialEq, Debug)]
pub struct Document {
    /// The version of this format.
    pub version: u32,
    /// What was given, or the scenario's title.
    pub title: String,
    /// Every manager of every stage, in the order of the stages.
    pub managers: Vec<ManagerShown>,
    /// What was inferred or assumed because nothing said it.
    pub assumed: Vec<String>,
    /// What was not recognised or not read, and warnings.
    pub notes: Vec<Note>,
}

/// One manager at one stage.
#[derive(Serialize, JsonSchema, Clone, PartialEq, Debug)]
pub struct ManagerShown {
    /// `kube-controller-manager` or `cloud-controller-manager`.
    pub component: &'static str,
    /// `before`, `after` (the last stage), or the title of the step that leads to the stage in between.
    pub side: String,
    /// The Kubernetes release of the cluster it belongs to: `1.30`.
    pub release: String,
    /// The k8s.io/cloud-provider that it was built with, `0.30`; null for kube-controller-manager.
    pub library: Option<String>,
    /// True if it starts and stays; false if it exits, at once or once it holds a lease, again and again.
    pub starts: bool,
    /// What the real binary prints when it exits, as far as it depends on nothing but the input.
    pub message: Option<String>,
    /// The controllers it runs without any lock.
    pub unlocked: Vec<&'static str>,
    /// Its main lease; null if it elects no leader or does not get that far.
    pub main: Option<Main>,
    /// Its migration lease; null if leader migration is off or without effect.
    pub migration: Option<MigrationShown>,
    /// When it exits: null if it stays.
    pub refuses: Option<Refuses>,
    /// Its exit code, if it exits.
    pub exit_code: Option<u8>,
    /// The lease that a manager which exits takes each time before it does, and stays the holder of.
    pub flaps: Option<String>,
    /// Whose cloud-controller-manager it is; `stock` is that of k8s.io/cloud-provider without changes; null for
    /// kube-controller-manager.
    pub vendor: Option<&'static str>,
    /// What is known to be different in this vendor's.
    pub vendor_notes: Vec<&'static str>,
    /// The object that makes its pods: `Pod kube-system/kube-controller-manager`.
    pub object: String,
    /// How its pods are made.
    pub workload: String,
    /// Where the object is written: `file:line:column`.
    pub place: String,
    /// Its image, as written.
    pub image: Option<String>,
    /// The user it is taken to be to the API server.
    pub user: String,
    /// The values that decided all this, each with where it came from.
    pub settings: Vec<SettingShown>,
    /// What could not be checked, and what was assumed about it.
    pub unchecked: Vec<UncheckedShown>,
}

/// When a manager exits.
#[derive(Serialize, JsonSchema, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "kebab-case")]
pub enum Refuses {
    /// At start: it never holds anything.
    BeforeLocks,
    /// Once it holds its main lease.
    AfterMainLease,
    /// Once it holds its migration lease.
    AfterMigrationLease,
}

/// A main lease.
#[derive(Serialize, JsonSchema, Clone, PartialEq, Debug)]
pub struct Main {
    /// `namespace/name`, and its lock type where that is not `leases`.
    pub lease: String,
    /// What it runs while it holds the lease.
    pub controllers: Vec<&'static str>,
    /// True if its user may get, create and update the lease.
    pub authorized: bool,
    /// The verbs its user lacks.
    pub missing: Vec<&'static str>,
    /// Why it asks for the lease in vain, for ever: what it logs at every retry.
    pub in_vain: Option<String>,
}

/// A migration lease.
#[derive(Serialize, JsonSchema, Clone, PartialEq, Debug)]
pub struct MigrationShown {
    /// `namespace/name`, and its lock type where that is not `leases`.
    pub lease: String,
    /// True if it asks for the lease once it holds its main lease.
    pub contends: bool,
    /// True if its user may get, create and update the lease.
    pub authorized: bool,
    /// What it runs while it holds both leases; empty: it holds the lease for nothing.
    pub controllers: Vec<&'static str>,
    /// The verbs its user lacks.
    pub missing: Vec<&'static str>,
    /// Why it never contends, or contends in vain.
    pub in_vain: Option<String>,
}

/// A value that decided something.
#[derive(Serialize, JsonSchema, Clone, PartialEq, Debug)]
pub struct SettingShown {
    /// The flag without dashes, `feature-gates:NAME`, or the field of the migration configuration.
    pub name: String,
    /// The value.
    pub value: String,
    /// Where it came from.
    pub origin: OriginShown,
    /// `file:line:column`; null for a default.
    pub place: Option<String>,
}

/// Where a value came from.
#[derive(Serialize, JsonSchema, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "kebab-case")]
pub enum OriginShown {
    /// An argument of the process.
    Flag,
    /// The leader migration configuration file.
    File,
    /// The binary's default.
    Default,
}

/// Something that could not be checked.
#[derive(Serialize, JsonSchema, Clone, PartialEq, Debug)]
pub struct UncheckedShown {
    /// The flag, gate or controller name.
    pub name: String,
    /// What was assumed about it.
    pub assumed: &'static str,
    /// `file:line:column`
    pub place: Option<String>,
}

/// Something about the input.
#[derive(Serialize, JsonSchema, Clone, PartialEq, Debug)]
pub struct Note {
    /// `warning` or `note`.
    pub severity: &'static str,
    /// What it is.
    pub message: String,
    /// `file:line:column`
    pub place: Option<String>,
}

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
            let managers = stage.managers.iter().map(|&i| &resolved.managers[i]);
            managers.map(move |manager| shown(manager, side(at), &resolved.sources)).collect::<Vec<_>>()
        });
        Document {
            version: VERSION,
            title: resolved.title.clone(),
            managers: managers.collect(),
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

fn names(set: ControllerSet) -> Vec<&'static str> {
    set.iter().map(|controller| controller.name()).collect()
}

fn shown(manager: &Manager, side: String, sources: &Sources) -> ManagerShown {
    let spec = &manager.spec;
    let Launch { outcome, settings } = launch(spec);
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
        place: sources.place(manager.spans.workload),
        image: manager.image.as_ref().map(|image| image.value.clone()),
        user: manager.user.clone(),
        settings: Listed { manager, sources }.settings(&settings),
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
            shown.exits(when, refusal.message, refusal.exit_code);
        }
        Outcome::Unlocked(set) => shown.unlocked = names(set),
        Outcome::Runs(running) => {
            shown.main = Some(Main {
                lease: running.main.to_string(),
                controllers: names(running.main_set),
                authorized: spec.rights.missing(&running.main).is_empty(),
                missing: missing(&running.main, &spec.rights),
                in_vain: obstacle(&running.main, &spec.rights),
            });
            if let Some(migration) = running.migration {
                if let Some(death) = &migration.dies {
                    shown.flaps = Some(running.main.to_string());
                    shown.exits(Refuses::AfterMigrationLease, death.message.clone(), death.exit_code);
                }
                shown.migration = Some(migration_shown(&migration, &spec.rights));
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

fn migration_shown(migration: &Migration, rights: &Rights) -> MigrationShown {
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
        in_vain: never.or_else(|| obstacle(&migration.lease, rights)),
    }
}

fn missing(lease: &LeaseId, rights: &Rights) -> Vec<&'static str> {
    rights.missing(lease).into_iter().map(|verb| verb.name()).collect()
}

/// Lists settings with their places.
struct Listed<'a> {
    manager: &'a Manager,
    sources: &'a Sources,
}

impl Listed<'_> {
    fn settings(&self, s: &Settings) -> Vec<SettingShown> {
        let mut out = vec![
            self.setting("cloud-provider", &s.cloud_provider, s.cloud_provider.value.clone()),
            self.setting("leader-elect", &s.leader_elect, s.leader_elect.value.to_string()),
            self.setting(
                "enable-leader-migration",
                &s.enable_leader_migration,
                s.enable_leader_migration.value.to_string(),
            ),
            self.setting(
                "leader-migration-config",
                &s.leader_migration_config,
                s.leader_migration_config.value.clone(),
            ),
        ];
        out.extend(self.migration(s));
        out.extend([
            self.setting("controllers", &s.controllers, s.controllers.value.join(",")),
            self.setting("allocate-node-cidrs", &s.allocate_node_cidrs, s.allocate_node_cidrs.value.to_string()),
            self.setting(
                "configure-cloud-routes",
                &s.configure_cloud_routes,
                s.configure_cloud_routes.value.to_string(),
            ),
            self.setting("cluster-cidr", &s.cluster_cidr, s.cluster_cidr.value.clone()),
            self.setting("cidr-allocator-type", &s.cidr_allocator_type, s.cidr_allocator_type.value.clone()),
            self.setting(
                "external-cloud-volume-plugin",
                &s.external_cloud_volume_plugin,
                s.external_cloud_volume_plugin.value.clone(),
            ),
            self.setting("leader-elect-resource-lock", &s.resource_lock, s.resource_lock.value.clone()),
            self.setting("leader-elect-resource-name", &s.resource_name, s.resource_name.value.clone()),
            self.setting("leader-elect-resource-namespace", &s.resource_namespace, s.resource_namespace.value.clone()),
            self.setting("leader-elect-lease-duration", &s.lease_duration, s.lease_duration.value.to_string()),
            self.setting("leader-elect-renew-deadline", &s.renew_deadline, s.renew_deadline.value.to_string()),
            self.setting("leader-elect-retry-period", &s.retry_period, s.retry_period.value.to_string()),
        ]);
        let gates = s.feature_gates.iter();
        out.extend(gates.map(|(gate, set)| self.setting(&format!("feature-gates:{gate}"), set, set.value.to_string())));
        out
    }

    /// The configuration in force, field by field and entry by entry.
    fn migration(&self, settings: &Settings) -> Vec<SettingShown> {
        let Some(config) = &settings.migration else { return Vec::new() };
        let file = self.manager.spans.migration_file.as_ref().filter(|_| config.origin == Origin::File);
        // What the file leaves out is a default, as `resourceLock` in v1.
        let field = |name: &str, value: String, node: Option<&Node>| {
            let origin = if node.is_some() { OriginShown::File } else { OriginShown::Default };
            SettingShown { name: name.into(), value, origin, place: node.map(|node| self.sources.place(node.span)) }
        };
        let leaders = file.and_then(|file| file.get("controllerLeaders"));
        let mut out = vec![
            field("leaderName", config.value.leader_name.clone(), file.and_then(|file| file.get("leaderName"))),
            field("resourceLock", config.value.resource_lock.clone(), file.and_then(|file| file.get("resourceLock"))),
        ];
        for (i, leader) in config.value.controller_leaders.iter().enumerate() {
            let node = leaders.and_then(|leaders| leaders.items().get(i));
            out.push(field("controllerLeaders", format!("{}: {}", leader.name, leader.component), node));
        }
        out
    }

    fn setting<T>(&self, name: &str, setting: &Setting<T>, value: String) -> SettingShown {
        let (origin, span): (_, Option<Span>) = match setting.origin {
            Origin::Default => (OriginShown::Default, None),
            Origin::Arg(i) => (OriginShown::Flag, self.manager.spans.args.get(i).copied()),
            Origin::File => (OriginShown::File, self.manager.spans.migration_file.as_ref().map(|node| node.span)),
        };
        SettingShown { name: name.into(), value, origin, place: span.map(|span| self.sources.place(span)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_show_schema() {
        let mut schema =
            schemars::SchemaGenerator::from(schemars::generate::SchemaSettings::draft2020_12().for_serialize())
                .into_root_schema_for::<Document>();
        schema.insert("title".into(), "leasehold show v1".into());
        let text = format!("{}\n", serde_json::to_string_pretty(&schema).expect("a schema is JSON"));
        crate::generated::compare("docs/schema/show.v1.json", &text);
    }
}
