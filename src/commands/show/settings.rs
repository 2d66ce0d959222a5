//! The values that decided what a manager does, each with its place.

use leasehold_model::launch::settings::{Origin, Setting, Settings};
use leasehold_scenarios::resolve::Manager;
use leasehold_scenarios::source::{Sources, Span};
use leasehold_scenarios::yaml::Node;

use super::document::{OriginShown, SettingShown};

/// Lists settings with their places.
pub(super) struct Listed<'a> {
    pub manager: &'a Manager,
    pub sources: &'a Sources,
}

impl Listed<'_> {
    /// Every setting that decides something, in a fixed order.
    pub fn settings(&self, s: &Settings) -> Vec<SettingShown> {
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
