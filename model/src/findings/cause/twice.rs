//! Why two processes run one controller at once: they do so under different locks, or without one.

use super::super::edit::{Edit, migration_off};
use super::super::{Code, Finding, Where};
use super::Inquiry;
use crate::config::MigrationConfig;
use crate::controller::{Component, Controller, ControllerSet};
use crate::facts::vendors::MigrationSupport;
use crate::launch::{Outcome, Running};
use crate::lease::LeaseId;
use crate::migration::Fault;
use crate::migration::replay::World;

/// The lock a process runs a controller under.
enum Lock<'l> {
    None,
    Main(&'l LeaseId),
    Migration(&'l LeaseId),
}

impl Inquiry<'_> {
    /// Why the processes that act in `world` may act at once.
    pub(super) fn two_processes(&self, world: &World<'_>, controller: Controller) -> Vec<Finding> {
        let mut acting: Vec<usize> = world
            .places()
            .filter(|&place| world.acting(place).contains(controller))
            .filter_map(|place| world.process(place).map(usize::from))
            .collect();
        acting.sort_unstable();
        acting.dedup();
        let locks: Vec<(usize, Lock<'_>)> = acting.iter().map(|&at| (at, self.lock(at, controller))).collect();
        let unlocked = locks.iter().filter(|(_, lock)| matches!(lock, Lock::None));
        let mut found: Vec<Finding> = unlocked.map(|&(at, _)| self.no_election(at, controller)).collect();
        if !found.is_empty() {
            return found;
        }
        let leases: Vec<&LeaseId> = locks.iter().filter_map(|(_, lock)| lock.lease()).collect();
        if leases.windows(2).all(|pair| pair[0] == pair[1]) {
            return self.one_lease(acting[0], controller, leases[0]);
        }
        let components = |component| acting.iter().all(|&at| self.plan.managers[at].component == component);
        if Component::ALL.into_iter().any(components) && locks.iter().all(|(_, l)| matches!(l, Lock::Main(_))) {
            return vec![self.two_main_leases(&acting, controller)];
        }
        for (at, lock) in &locks {
            if matches!(lock, Lock::Main(_)) {
                found.extend(self.under_main(*at, controller));
            }
        }
        if found.iter().any(|f| f.code == Code::LM505) {
            // Whatever the other is told of leases, it does not keep apart from one that takes no part; switched off it does.
            found.retain(|f| matches!(f.code, Code::LM505 | Code::LM601));
            found.extend(self.placed_too_early(world, controller));
        }
        if found.iter().any(|f| f.code == Code::LM507) {
            // Switched off in one of the two is enough: in the one that cannot take part.
            found.iter_mut().filter(|f| f.code != Code::LM507).for_each(|f| f.edits.clear());
        }
        if found.is_empty() {
            let each = locks.iter().zip(&leases);
            found.extend(each.map(|((at, _), lease)| self.other_migration_lease(*at, lease, &leases, controller)));
        }
        found
    }

    fn lock(&self, at: usize, controller: Controller) -> Lock<'_> {
        match &self.launches[at].outcome {
            Outcome::Runs(Running { migration: Some(migration), .. }) if migration.set.contains(controller) => {
                Lock::Migration(&migration.lease)
            }
            Outcome::Runs(running) => Lock::Main(&running.main),
            Outcome::Unlocked(_) | Outcome::Refuses(_) => Lock::None,
        }
    }

    /// What a manager runs under its migration lease.
    fn under_migration(&self, at: usize) -> Option<ControllerSet> {
        match &self.launches[at].outcome {
            Outcome::Runs(running) => running.migration.as_ref().map(|migration| migration.set),
            _ => None,
        }
    }

    fn no_election(&self, at: usize, controller: Controller) -> Finding {
        let message = format!(
            "{} runs every controller at once, holds no lease, and its leader migration is off, whatever the flags say",
            self.name(at)
        );
        let flag = self.arg(at, "leader-elect");
        let edits = vec![set(at, "leader-elect", "true")];
        self.finding(Code::LM201, at, flag, controller, message, edits)
    }

    fn one_lease(&self, at: usize, controller: Controller, lease: &LeaseId) -> Vec<Finding> {
        if !self.plan.faults.contains(&Fault::LeaseDeleted) {
            return Vec::new();
        }
        let message = format!(
            "while {lease} is gone, another process creates and takes it at once; the old holder notices only at its next \
             renewal and goes on for up to RetryPeriod + RenewDeadline (12 s by default)"
        );
        vec![self.finding(Code::LM209, at, Where::Manager, controller, message, vec![])]
    }

    fn two_main_leases(&self, acting: &[usize], controller: Controller) -> Finding {
        let names: Vec<String> = acting
            .iter()
            .filter_map(|&at| self.lock(at, controller).lease().map(|lease| format!("{} under {lease}", self.name(at))))
            .collect();
        let at = *acting.last().expect("two processes act");
        let first = self.lock(acting[0], controller).lease().map(|l| l.name.clone()).unwrap_or_default();
        let edits = vec![set(at, "leader-elect-resource-name", &first)];
        let message = format!("two processes of one manager elect their leaders apart: {}", names.join(", "));
        self.finding(Code::LM207, at, Where::Manager, controller, message, edits)
    }

    /// `leases` are those of all that act, `lease` that of `at`.
    fn other_migration_lease(
        &self,
        at: usize,
        lease: &LeaseId,
        leases: &[&LeaseId],
        controller: Controller,
    ) -> Finding {
        let message =
            format!("{} takes {lease} as its migration lease; the other manager takes another one", self.name(at));
        let only_namespaces_differ = leases.iter().all(|l| (&l.name, l.lock) == (&lease.name, lease.lock));
        let (place, edits) = if only_namespaces_differ {
            let flag = "leader-elect-resource-namespace";
            let namespace = &leases[0].namespace;
            let edits = if lease.namespace == *namespace { vec![] } else { vec![set(at, flag, namespace)] };
            (self.arg(at, flag), edits)
        } else {
            (if self.has_file(at) { Where::File } else { Where::Manager }, self.protect(at))
        };
        self.finding(Code::LM202, at, place, controller, message, edits)
    }

    /// Why `controller` is under the main lease in a manager, although it belongs under the migration lease.
    fn under_main(&self, at: usize, controller: Controller) -> Option<Finding> {
        let spec = &self.plan.managers[at];
        let settings = &self.launches[at].settings;
        let name = self.name(at);
        let finding =
            |code, place, message: String, edits| Some(self.finding(code, at, place, controller, message, edits));
        if spec.vendor.initialize.starts.contains(controller) {
            let message = format!(
                "{name} starts {controller} while it initialises its cloud provider: it runs from the main lease on, whatever \
                 --controllers and the leader migration configuration say, and a second time once the migration lease is \
                 held"
            );
            let flag = "allocate-node-cidrs";
            let mut edits = vec![set(at, flag, "false")];
            if self.migrates(at) && matches!(self.under_migration(at), Some(set) if set.is_empty()) {
                // It took part for this controller only; now it would hold the migration lease for nothing.
                edits.push(migration_off(at));
            }
            return finding(Code::LM507, self.arg(at, flag), message, edits);
        }
        if controller == Controller::NodeIpam
            && spec.component == Component::KubeControllerManager
            && !self.migrates(at)
        {
            let message = format!(
                "{name} runs node IPAM under its main lease, because it is not switched off there; the \
                 cloud-controller-manager runs it too"
            );
            let ipam = spec.vendor.key(spec.component, controller, spec.code).unwrap_or("node-ipam-controller");
            return finding(
                Code::LM601,
                self.arg(at, "controllers"),
                message,
                vec![set(at, "controllers", &format!("*,-{ipam}"))],
            );
        }
        if spec.vendor.migration == MigrationSupport::Ignored {
            let ignores = if settings.enable_leader_migration.value { "accepts" } else { "would accept" };
            let message = format!(
                "{name} {ignores} --enable-leader-migration and ignores it: it has one lease, and every controller is under \
                 it. No flag, file or right makes this migration exclusive; only stopping one manager before the other starts \
                 does"
            );
            return finding(Code::LM505, self.arg(at, "enable-leader-migration"), message, vec![]);
        }
        if !settings.enable_leader_migration.value {
            let config = self.arg(at, "leader-migration-config");
            return if matches!(config, Where::Arg(_)) {
                let message = format!(
                    "{name} does not even read the file, because --enable-leader-migration is not given; everything it runs is under its main lease"
                );
                finding(Code::LM105, config, message, self.protect(at))
            } else {
                let message = format!("leader migration is off in {name}: everything it runs is under its main lease");
                finding(Code::LM208, self.arg(at, "enable-leader-migration"), message, self.protect(at))
            };
        }
        let config = settings.migration.as_ref()?;
        let key = spec.vendor.key(spec.component, controller, spec.code).unwrap_or(controller.name());
        if !self.has_file(at) {
            let (code, why) = match controller {
                Controller::NodeIpam => (Code::LM602, "not node IPAM".to_string()),
                _ => (Code::LM101, self.real_names(at, &config.value)),
            };
            let named: Vec<&str> = config.value.controller_leaders.iter().map(|l| l.name.as_str()).collect();
            let message =
                format!("{name} uses its built-in default configuration, which names {}: {why}", named.join(", "));
            return finding(code, self.arg(at, "enable-leader-migration"), message, self.protect(at));
        }
        let meant = config.value.controller_leaders.iter().position(|l| is_about(&l.name, controller));
        match meant {
            Some(entry) => {
                let written = &config.value.controller_leaders[entry].name;
                let message = format!(
                    "`{written}` is no controller of {name}, where {controller} is called `{key}`: the entry protects \
                     nothing, and the controller stays under the main lease"
                );
                finding(Code::LM102, Where::Entry(entry), message, self.protect(at))
            }
            None => {
                let code = if controller == Controller::NodeIpam { Code::LM602 } else { Code::LM106 };
                let message = format!(
                    "the configuration of {name} does not name `{key}`, so {controller} stays under the main lease"
                );
                finding(code, Where::File, message, self.protect(at))
            }
        }
    }

    /// What the controllers are called that the default configuration was meant to name.
    fn real_names(&self, at: usize, config: &MigrationConfig) -> String {
        let spec = &self.plan.managers[at];
        let key = |c| spec.vendor.key(spec.component, c, spec.code);
        let missed = self.shared.without(Controller::NodeIpam).iter().filter_map(|c| Some((c, key(c)?)));
        let missed = missed.filter(|(_, key)| config.controller_leaders.iter().all(|l| l.name != *key));
        let names: Vec<String> = missed.map(|(c, key)| format!("{c} is called `{key}`")).collect();
        format!(
            "in this binary {}, so what the default names does not exist and they stay under the main lease",
            names.join(", ")
        )
    }
}

impl Lock<'_> {
    fn lease(&self) -> Option<&LeaseId> {
        match self {
            Lock::None => None,
            Lock::Main(lease) | Lock::Migration(lease) => Some(lease),
        }
    }
}

fn set(manager: usize, flag: &str, value: &str) -> Edit {
    Edit::SetFlag { manager, flag: flag.into(), value: value.into() }
}

/// True if somebody who wrote `name` meant `controller`: a name it has or had anywhere, up to case and blanks.
fn is_about(name: &str, controller: Controller) -> bool {
    let name = name.trim().to_ascii_lowercase();
    let spellings: &[&str] = match controller {
        Controller::Service => &["service", "service-controller", "service-lb-controller", "service-lb"],
        Controller::Route => &["route", "route-controller", "node-route-controller", "node-route"],
        Controller::CloudNodeLifecycle => &["cloud-node-lifecycle", "cloud-node-lifecycle-controller"],
        Controller::CloudNode => &["cloud-node", "cloud-node-controller"],
        Controller::NodeIpam => &["nodeipam", "node-ipam", "node-ipam-controller"],
    };
    spellings.contains(&name.as_str())
}
