//! Why no process that the plan runs at some point can run a controller.

use super::super::edit::{Edit, migration_off, right_config, with_step_first};
use super::super::{Code, Finding, Where};
use super::Inquiry;
use crate::config::MigrationConfig;
use crate::controller::{Component, Controller};
use crate::facts::migration::DEFAULT_LEADER_NAME;
use crate::launch::{Migration, NeverReady, Outcome, Ready, Running};
use crate::lease::{LeaseId, Verb};
use crate::migration::replay::World;
use crate::plan::capable;

impl Inquiry<'_> {
    /// Why no process that is configured in `world` can run `controller`.
    pub(super) fn no_process(&self, world: &World<'_>, controller: Controller) -> Vec<Finding> {
        let mut found = self.without_node(world, controller);
        if !found.is_empty() {
            return found;
        }
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
            found.extend(seen.iter().filter_map(|&at| self.switched_off(world, at, controller)));
        }
        if found.is_empty() {
            // What it would run nobody can say; it runs nothing.
            let refusing = seen.iter().filter(|&&at| matches!(self.launches[at].outcome, Outcome::Refuses(_)));
            found.extend(refusing.map(|&at| self.refusal(at)));
        }
        if found.is_empty() {
            found.push(self.nobody(world, seen.first().copied().unwrap_or_default(), controller));
        }
        found
    }

    /// Nobody is able to run `controller` here: a step took the last one away, and perhaps a later one brings another.
    fn nobody(&self, world: &World<'_>, at: usize, controller: Controller) -> Finding {
        let steps = &self.plan.steps;
        let able = |position: usize| self.plan.capable_at(position).contains(controller);
        let named = |step: usize| format!("step {} ({})", step + 1, steps[step].title);
        let taken = (0..steps.len().min(world.position() + 1)).rev().find(|&step| able(step) && !able(step + 1));
        let brought = taken.and_then(|taken| (taken + 1..steps.len()).find(|&step| able(step + 1)));
        let mut message = "no manager that the plan runs here is able to run it".to_string();
        let mut edits = Vec::new();
        if let (Some(before), Some(step)) = (taken, brought) {
            message += &format!(
                ": {} takes the last one away, and {} brings one that is. Do that first",
                named(before),
                named(step)
            );
            if with_step_first(self.plan, step, before).is_some() {
                edits.push(Edit::StepFirst { step, before });
            }
        }
        self.finding(Code::LM603, at, Where::Manager, controller, message, edits)
    }

    /// A manager that would run `controller` but for one flag.
    fn switched_off(&self, world: &World<'_>, at: usize, controller: Controller) -> Option<Finding> {
        let spec = &self.plan.managers[at];
        if capable(spec).contains(controller) {
            return None;
        }
        let set = |flag: &str, value: String| Edit::SetFlag { manager: at, flag: flag.into(), value };
        let named = spec.vendor.key(spec.component, controller, spec.code).unwrap_or_default();
        let is_about = |element: &str| {
            let name = element.trim_start_matches('-');
            spec.vendor.resolve_alias(spec.component, name, spec.code) == named
        };
        let mut wanted = self.launches[at].settings.controllers.value.clone();
        wanted.retain(|element| !is_about(element));
        if !wanted.iter().any(|element| element == "*") || spec.vendor.off_by_default.contains(controller) {
            wanted.push(named.into());
        }
        let switches = [
            ("controllers", set("controllers", wanted.join(","))),
            ("configure-cloud-routes", set("configure-cloud-routes", "true".into())),
            ("allocate-node-cidrs", set("allocate-node-cidrs", "true".into())),
        ];
        let (flag, edit) = switches.into_iter().find(|(_, edit)| {
            let mut changed = self.plan.clone();
            edit.apply(&mut changed);
            capable(&changed.managers[at]).contains(controller)
        })?;
        let mut message =
            format!("--{flag} switches {controller} off in {}, and no other manager runs it here", self.name(at));
        let mut edits = Vec::new();
        if let Some(before) = self.comes_too_late(world, at, controller) {
            message += &format!(
                ". It has to be able to take over before step {} ({}): switch it on here first, under the migration lease",
                before + 1,
                self.plan.steps[before].title
            );
            let mut changed = self.plan.managers[at].clone();
            edit.change(&mut changed);
            let named = self.shared.with(controller);
            let config = right_config(&changed, named, DEFAULT_LEADER_NAME);
            edits.push(Edit::Early { manager: at, before, edits: vec![edit, Edit::UseConfig { manager: at, config }] });
        }
        Some(self.finding(Code::LM402, at, self.arg(at, flag), controller, message, edits))
    }

    /// The step under way, if it gives `controller` from kube-controller-managers that contend for the migration lease to
    /// cloud-controller-managers, and `at` is one that stays beside them without it.
    fn comes_too_late(&self, world: &World<'_>, at: usize, controller: Controller) -> Option<usize> {
        let (position, steps) = (world.position(), &self.plan.steps);
        let runs = |position: usize, component: Component| {
            let managers = self.plan.managers_at(position).into_iter();
            let mut able = managers.filter(|&m| capable(&self.plan.managers[m]).contains(controller));
            able.any(|m| self.plan.managers[m].component == component && self.migrates(m))
        };
        let is_given = position < steps.len()
            && self.plan.managers[at].component == Component::CloudControllerManager
            && self.plan.managers_at(position).contains(&at)
            && runs(position, Component::KubeControllerManager)
            && runs(position + 1, Component::CloudControllerManager);
        is_given.then_some(position)
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
        if able && !self.launches[at].settings.is_storable(&running.main) {
            return Some(self.recorded_as_nothing(at, &running.main, controller));
        }
        if able && !self.launches[at].settings.is_given(&running.main) {
            let message = format!(
                "{name} elects its leader for {}, which with CoordinatedLeaderElection the API server gives to announced \
                 candidates; they are announced for kube-system/kube-controller-manager only, so nobody ever leads",
                running.main
            );
            let flags = ["leader-elect-resource-name", "leader-elect-resource-namespace"].map(String::from).to_vec();
            let named = self.arg(at, &flags[0]);
            let place = if named == Where::Manager { self.arg(at, &flags[1]) } else { named };
            let edits = vec![Edit::RemoveFlags { manager: at, flags }];
            return Some(self.finding(Code::LM206, at, place, controller, message, edits));
        }
        if able
            && running.main_set.contains(controller)
            && let Some(holder) = self.other_holder(world, at, &running.main)
        {
            return Some(self.collision(holder, at, &running.main, controller));
        }
        let migration = running.migration.as_ref()?;
        if able && migration.set.contains(controller) {
            return match (no_access(&migration.lease), &migration.ready) {
                (_, Ready::Never(why)) => {
                    let (code, flag) = match why {
                        NeverReady::CoordinatedElection => (Code::LM206, "feature-gates"),
                        NeverReady::TokenControllerOff(_) => (Code::LM210, "controllers"),
                    };
                    let message = format!("{name} never contends for {}: {why}", migration.lease);
                    Some(self.finding(code, at, self.arg(at, flag), controller, message, vec![]))
                }
                (Some(missing), _) => Some(forbidden(&migration.lease, missing)),
                (None, _) if !migration.lease.is_valid_object_name() => {
                    let message = format!("the API server refuses {} at every attempt, for ever", migration.lease);
                    let place = if self.has_file(at) { Where::File } else { Where::Manager };
                    Some(self.finding(Code::LM205, at, place, controller, message, self.protect(at)))
                }
                // Waiting for the other manager's migration lease is how it should be; waiting for its main lease is not.
                (None, _) => self
                    .other_holder(world, at, &migration.lease)
                    .filter(|&holder| matches!(&self.launches[holder].outcome, Outcome::Runs(r) if r.main == migration.lease))
                    .map(|holder| self.collision(at, holder, &migration.lease, controller)),
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
            let place = self.arg(at, "enable-leader-migration");
            self.finding(Code::LM401, at, place, controller, message, vec![migration_off(at)])
        })
    }

    /// The elections of `at` write a duration that no Lease may have.
    fn recorded_as_nothing(&self, at: usize, lease: &LeaseId, controller: Controller) -> Finding {
        let message = format!(
            "{} records a lease duration of {} as 0 s, which the API server refuses: no attempt to take {lease} succeeds, it \
             retries for ever, looks healthy, and runs nothing",
            self.name(at),
            self.launches[at].settings.lease_duration.value
        );
        let durations = ["lease-duration", "renew-deadline", "retry-period"];
        let flags = durations.map(|name| format!("leader-elect-{name}")).to_vec();
        let place = self.arg(at, &flags[0]);
        let edits = vec![Edit::RemoveFlags { manager: at, flags }];
        self.finding(Code::LM212, at, place, controller, message, edits)
    }

    /// The process of the other manager that holds `lease`.
    fn other_holder(&self, world: &World<'_>, at: usize, lease: &LeaseId) -> Option<usize> {
        let holder = world.process_that_holds(lease).map(usize::from)?;
        (self.plan.managers[holder].component != self.plan.managers[at].component).then_some(holder)
    }

    /// `migrating` takes the main lease of `other` as its migration lease.
    fn collision(&self, migrating: usize, other: usize, lease: &LeaseId, controller: Controller) -> Finding {
        let message = format!(
            "{} takes {lease} as its migration lease, which is the main lease of {}: whoever comes first locks the other out",
            self.name(migrating),
            self.name(other)
        );
        let place = if self.has_file(migrating) { Where::File } else { Where::Manager };
        let renamed = |manager: usize| {
            let config = &self.launches[manager].settings.migration.as_ref()?.value;
            let config = MigrationConfig { leader_name: DEFAULT_LEADER_NAME.into(), ..config.clone() };
            Some(Edit::UseConfig { manager, config })
        };
        let edits = (0..self.plan.managers.len()).filter_map(renamed).collect();
        self.finding(Code::LM203, migrating, place, controller, message, edits)
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
}
