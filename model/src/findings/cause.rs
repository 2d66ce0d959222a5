//! From a counterexample to its causes: at its last state, why two processes run one controller under different locks, or
//! why no process can run it.

use super::edit::{Edit, MIGRATION_LEASE, remove_flag, right_config, shared_controllers};
use super::{Code, Finding, Where};
use crate::config::MigrationConfig;
use crate::controller::{Component, Controller, ControllerSet};
use crate::facts::vendors::MigrationSupport;
use crate::launch::{Launch, Migration, Outcome, Ready, Refusal, RefusesWhen, Running};
use crate::lease::{LeaseId, Verb};
use crate::migration::replay::World;
use crate::migration::{Counterexample, Fault, Problem, Property, Report, Status};
use crate::plan::{Plan, capable};

/// The causes of every violation in `report`, each once, in the order of the properties.
pub fn causes(plan: &Plan, problem: &Problem, report: &Report) -> Vec<Finding> {
    let inquiry = Inquiry { plan, launches: plan.launches(), shared: shared_controllers(plan) };
    let mut findings: Vec<Finding> = Vec::new();
    for verdict in report.verdicts.iter().filter(|v| v.status == Status::Violated) {
        for counterexample in &verdict.counterexamples {
            let mut world = World::new(problem);
            world.settle();
            for &(action, _) in &counterexample.steps {
                world.apply(action).expect("every counterexample was replayed");
            }
            for finding in inquiry.causes_of(verdict.property, counterexample, &world) {
                let same =
                    |f: &&mut Finding| (f.code, f.manager, &f.at) == (finding.code, finding.manager, &finding.at);
                match findings.iter_mut().find(same) {
                    Some(known) => known.controllers = known.controllers.union(finding.controllers),
                    None => findings.push(finding),
                }
            }
        }
    }
    findings
}

struct Inquiry<'p> {
    plan: &'p Plan,
    launches: Vec<Launch>,
    /// What belongs under the migration lease.
    shared: ControllerSet,
}

/// The lock a process runs a controller under.
enum Lock<'l> {
    None,
    Main(&'l LeaseId),
    Migration(&'l LeaseId),
}

impl Inquiry<'_> {
    fn causes_of(&self, property: Property, counterexample: &Counterexample, world: &World<'_>) -> Vec<Finding> {
        match property {
            Property::Exclusive | Property::Returnable => {
                counterexample.controllers.iter().flat_map(|c| self.two_processes(world, c)).collect()
            }
            Property::Covered => counterexample.controllers.iter().flat_map(|c| self.no_process(world, c)).collect(),
            Property::Starts => self.refusals(world),
        }
    }

    /// Why the processes that act in `world` may act at once.
    fn two_processes(&self, world: &World<'_>, controller: Controller) -> Vec<Finding> {
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
        if found.is_empty() {
            found.extend(locks.iter().map(|(at, _)| self.other_migration_lease(*at, controller)));
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

    fn other_migration_lease(&self, at: usize, controller: Controller) -> Finding {
        let lease = self.lock(at, controller).lease().map(ToString::to_string).unwrap_or_default();
        let message =
            format!("{} takes {lease} as its migration lease; the other manager takes another one", self.name(at));
        let place = if self.has_file(at) { Where::File } else { Where::Manager };
        self.finding(Code::LM202, at, place, controller, message, self.protect(at))
    }

    /// Why `controller` is under the main lease in a manager, although it belongs under the migration lease.
    fn under_main(&self, at: usize, controller: Controller) -> Option<Finding> {
        let spec = &self.plan.managers[at];
        let settings = &self.launches[at].settings;
        let name = self.name(at);
        let finding =
            |code, place, message: String, edits| Some(self.finding(code, at, place, controller, message, edits));
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
        if spec.vendor.migration == MigrationSupport::Ignored {
            let message = format!(
                "{name} accepts --enable-leader-migration and ignores it: it has one lease, and every controller is under it. \
                 No flag, file or right makes this migration exclusive; only stopping one manager before the other starts does"
            );
            return finding(Code::LM505, self.arg(at, "enable-leader-migration"), message, vec![]);
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

    /// Why no process that is configured in `world` can run `controller`.
    fn no_process(&self, world: &World<'_>, controller: Controller) -> Vec<Finding> {
        let mut found = Vec::new();
        let mut seen = Vec::new();
        for place in world.places() {
            let Some(at) = world.configured(place).map(usize::from) else { continue };
            if seen.contains(&at) {
                continue;
            }
            seen.push(at);
            let able = capable(&self.plan.managers[at]).contains(controller);
            match &self.launches[at].outcome {
                Outcome::Refuses(_) if able => found.push(self.refusal(at)),
                Outcome::Refuses(_) | Outcome::Unlocked(_) => {}
                Outcome::Runs(Running { migration: Some(Migration { dies: Some(_), .. }), .. }) => {
                    found.push(self.death(at))
                }
                Outcome::Runs(running) => found.extend(self.idle(world, at, running, controller, able)),
            }
        }
        if found.is_empty() {
            found.extend(seen.iter().filter_map(|&at| self.switched_off(at, controller)));
        }
        if found.is_empty() {
            let at = seen.first().copied().unwrap_or_default();
            let message = "no manager that the plan runs here is able to run it".to_string();
            found.push(self.finding(Code::LM603, at, Where::Manager, controller, message, vec![]));
        }
        found
    }

    /// A manager that would run `controller` but for its `--controllers`.
    fn switched_off(&self, at: usize, controller: Controller) -> Option<Finding> {
        let mut spec = self.plan.managers[at].clone();
        remove_flag(&mut spec.args, "controllers");
        let able_but_for_it =
            !capable(&self.plan.managers[at]).contains(controller) && capable(&spec).contains(controller);
        able_but_for_it.then(|| {
            let message =
                format!("--controllers switches it off in {}, and no other manager runs it here", self.name(at));
            self.finding(Code::LM402, at, self.arg(at, "controllers"), controller, message, vec![])
        })
    }

    fn idle(
        &self,
        world: &World<'_>,
        at: usize,
        running: &Running,
        controller: Controller,
        able: bool,
    ) -> Option<Finding> {
        let spec = &self.plan.managers[at];
        let name = self.name(at);
        let no_access = |lease: &LeaseId| {
            let missing = spec.rights.missing(lease);
            let matters = missing.iter().any(|&verb| verb != Verb::Create || !world.exists(lease));
            matters.then(|| missing.into_iter().map(Verb::name).collect::<Vec<_>>().join(", "))
        };
        let forbidden = |lease: &LeaseId, missing: String| {
            let code = match spec.component {
                Component::KubeControllerManager => Code::LM301,
                Component::CloudControllerManager => Code::LM302,
            };
            let message = format!(
                "{name} may not {missing} {lease}: every attempt is forbidden, it retries for ever, looks healthy, and never runs \
                 what is under that lease"
            );
            let edits = vec![Edit::Grant { manager: at, lease: lease.clone() }];
            self.finding(code, at, Where::Rights(lease.clone()), controller, message, edits)
        };
        if able && let Some(missing) = no_access(&running.main) {
            return Some(forbidden(&running.main, missing));
        }
        let migration = running.migration.as_ref()?;
        if able && migration.set.contains(controller) {
            return match (no_access(&migration.lease), &migration.ready) {
                (_, Ready::Never(why)) => {
                    let code = if why.contains("coordinated") { Code::LM206 } else { Code::LM210 };
                    let message = format!("{name} never contends for {}: {why}", migration.lease);
                    Some(self.finding(code, at, Where::Manager, controller, message, vec![]))
                }
                (Some(missing), _) => Some(forbidden(&migration.lease, missing)),
                (None, _) if !migration.lease.is_valid_object_name() => {
                    let message = format!("the API server refuses {} at every attempt, for ever", migration.lease);
                    let place = if self.has_file(at) { Where::File } else { Where::Manager };
                    Some(self.finding(Code::LM205, at, place, controller, message, self.protect(at)))
                }
                (None, _) => None,
            };
        }
        if able && !running.main_set.contains(controller) {
            return Some(self.unowned(at, migration, controller));
        }
        let idle_kcm = spec.component == Component::KubeControllerManager && !able && self.shared.contains(controller);
        idle_kcm.then(|| {
            let message = format!(
                "{name} has leader migration on but no in-tree provider to run cloud controllers with: while it leads it \
                 holds {} and runs nothing under it, and no other manager can take the lease",
                migration.lease
            );
            let flags = ["enable-leader-migration", "leader-migration-config"].map(String::from).to_vec();
            let place = self.arg(at, "enable-leader-migration");
            self.finding(Code::LM401, at, place, controller, message, vec![Edit::RemoveFlags { manager: at, flags }])
        })
    }

    /// The configuration gives a controller to another component than the process's own.
    fn unowned(&self, at: usize, migration: &Migration, controller: Controller) -> Finding {
        let spec = &self.plan.managers[at];
        let key = spec.vendor.key(spec.component, controller, spec.code).unwrap_or_default();
        let leaders = self.launches[at].settings.migration.as_ref().map_or(&[][..], |m| &m.value.controller_leaders);
        let entry = leaders.iter().rposition(|leader| leader.name == key);
        let component = entry.map_or("another component", |entry| leaders[entry].component.as_str());
        let known = Component::ALL.iter().any(|c| c.name() == component);
        let code = if known { Code::LM108 } else { Code::LM103 };
        let message = format!(
            "the configuration of {} gives `{key}` to `{component}`: while it holds {} it does not run {controller}",
            self.name(at),
            migration.lease
        );
        let place = entry.filter(|_| self.has_file(at)).map_or(Where::Manager, Where::Entry);
        self.finding(code, at, place, controller, message, self.protect(at))
    }

    fn refusals(&self, world: &World<'_>) -> Vec<Finding> {
        let mut managers: Vec<usize> = world.places().filter_map(|p| world.configured(p)).map(usize::from).collect();
        managers.sort_unstable();
        managers.dedup();
        let why = |at: usize| match &self.launches[at].outcome {
            Outcome::Refuses(_) => Some(self.refusal(at)),
            Outcome::Runs(Running { migration: Some(Migration { dies: Some(_), .. }), .. }) => Some(self.death(at)),
            _ => None,
        };
        managers.into_iter().filter_map(why).collect()
    }

    /// A process that exits as soon as it holds the migration lease.
    fn death(&self, at: usize) -> Finding {
        let Outcome::Runs(Running { migration: Some(migration), .. }) = &self.launches[at].outcome else {
            unreachable!("asked of a manager with leader migration")
        };
        let death = migration.dies.as_ref().map(|d| format!("exits with code {}: {}", d.exit_code, d.message));
        let message =
            format!("{} {} each time it has taken {}", self.name(at), death.unwrap_or_default(), migration.lease);
        let controllers = ControllerSet::EMPTY;
        Finding { code: Code::LM504, manager: at, at: Where::Manager, controllers, message, edits: vec![] }
    }

    fn refusal(&self, at: usize) -> Finding {
        let Outcome::Refuses(refusal) = &self.launches[at].outcome else { unreachable!("asked of a refusing manager") };
        let code = self.refusal_code(at, refusal);
        let place = match (code, refusal.arg) {
            (Code::LM104 | Code::LM204, _) if self.has_file(at) => Where::File,
            (_, Some(arg)) => Where::Arg(arg),
            _ => Where::Manager,
        };
        let edits = match code {
            Code::LM104 | Code::LM204 => self.protect(at),
            _ => vec![],
        };
        let message = format!("{} exits with code {}: {}", self.name(at), refusal.exit_code, refusal.message);
        Finding { code, manager: at, at: place, controllers: ControllerSet::EMPTY, message, edits }
    }

    /// The flag that is refused says what kind of refusal it is.
    fn refusal_code(&self, at: usize, refusal: &Refusal) -> Code {
        let arg = refusal.arg.map_or("", |arg| self.plan.managers[at].args[arg].as_str());
        let flag = arg.trim_start_matches('-').split('=').next().unwrap_or_default();
        match flag {
            "leader-migration-config" | "enable-leader-migration" => Code::LM104,
            "cloud-provider" | "external-cloud-volume-plugin" => Code::LM501,
            "leader-elect-lease-duration" | "leader-elect-renew-deadline" | "leader-elect-retry-period" => Code::LM211,
            "feature-gates" => Code::LM502,
            _ if refusal.message.starts_with("unknown flag") => Code::LM502,
            "" if matches!(refusal.when, RefusesWhen::AfterMainLock(_)) && refusal.message.contains("lock") => {
                Code::LM204
            }
            _ => Code::LM504,
        }
    }

    /// Leader migration on, with the right configuration, in this manager and in every other that has it on.
    fn protect(&self, at: usize) -> Vec<Edit> {
        let others = (0..self.plan.managers.len()).filter(|&other| other == at || self.migrates(other));
        let config = |other: usize| right_config(&self.plan.managers[other], self.shared, MIGRATION_LEASE);
        others.map(|manager| Edit::UseConfig { manager, config: config(manager) }).collect()
    }

    fn migrates(&self, at: usize) -> bool {
        self.launches[at].settings.enable_leader_migration.value
    }

    fn has_file(&self, at: usize) -> bool {
        matches!(self.arg(at, "leader-migration-config"), Where::Arg(_))
    }

    /// The last argument that gives `flag`.
    fn arg(&self, at: usize, flag: &str) -> Where {
        let given = |arg: &String| {
            arg.strip_prefix("--")
                .and_then(|rest| rest.strip_prefix(flag))
                .is_some_and(|r| r.is_empty() || r.starts_with('='))
        };
        self.plan.managers[at].args.iter().rposition(given).map_or(Where::Manager, Where::Arg)
    }

    fn name(&self, at: usize) -> String {
        let spec = &self.plan.managers[at];
        match spec.component {
            Component::KubeControllerManager => format!("kube-controller-manager {}", spec.code),
            Component::CloudControllerManager => {
                format!("cloud-controller-manager (library {})", spec.code.library())
            }
        }
    }

    fn finding(
        &self,
        code: Code,
        manager: usize,
        at: Where,
        controller: Controller,
        message: String,
        edits: Vec<Edit>,
    ) -> Finding {
        Finding { code, manager, at, controllers: ControllerSet::EMPTY.with(controller), message, edits }
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
