//! Why a manager refuses to run.

use super::super::edit::{Edit, value_of};
use super::super::{Code, Finding, Where};
use super::Inquiry;
use crate::controller::ControllerSet;
use crate::facts::providers;
use crate::launch::{Cause, Migration, Outcome, Running};

impl Inquiry<'_> {
    /// Every manager of the plan that refuses, wherever the run that shows the first one ends.
    pub(super) fn refusals(&self) -> Vec<Finding> {
        let why = |at: usize| match &self.launches[at].outcome {
            Outcome::Refuses(_) => Some(self.refusal(at)),
            Outcome::Runs(Running { migration: Some(Migration { dies: Some(_), .. }), .. }) => Some(self.death(at)),
            _ => None,
        };
        (0..self.plan.managers.len()).filter_map(why).collect()
    }

    /// A process that exits as soon as it holds the migration lease.
    pub(super) fn death(&self, at: usize) -> Finding {
        let Outcome::Runs(Running { migration: Some(migration), .. }) = &self.launches[at].outcome else {
            unreachable!("asked of a manager with leader migration")
        };
        let death = migration.dies.as_ref().expect("asked of a manager that dies");
        let mut message = format!(
            "{} exits with code {} each time it has taken {}: {}",
            self.name(at),
            death.exit_code,
            migration.lease,
            death.message
        );
        let code = code_of(death.cause);
        let initialize = self.plan.managers[at].vendor.initialize;
        if code == Code::LM506 {
            message += ". Its cloud provider is initialised once for each lease, and the second time is fatal";
            if let Some(unless) = initialize.second.and_then(|ends| ends.unless) {
                message += &format!(", unless {unless}");
            }
        }
        let place = match code {
            Code::LM506 | Code::LM508 => self.arg(at, "enable-leader-migration"),
            _ => Where::Manager,
        };
        Finding { code, manager: at, at: place, controllers: ControllerSet::EMPTY, message, edits: vec![] }
    }

    pub(super) fn refusal(&self, at: usize) -> Finding {
        let Outcome::Refuses(refusal) = &self.launches[at].outcome else { unreachable!("asked of a refusing manager") };
        let code = code_of(refusal.cause);
        let place = match (code, refusal.arg) {
            (Code::LM104 | Code::LM204, _) if self.has_file(at) => Where::File,
            (_, Some(arg)) => Where::Arg(arg),
            _ => Where::Manager,
        };
        let edits = match code {
            Code::LM104 | Code::LM204 => self.protect(at),
            Code::LM501 => self.provider_that_is_there(at),
            _ => vec![],
        };
        let message = format!("{} exits with code {}: {}", self.name(at), refusal.exit_code, refusal.message);
        Finding { code, manager: at, at: place, controllers: ControllerSet::EMPTY, message, edits }
    }
}

impl Inquiry<'_> {
    /// Without the in-tree provider, or with the gate that still allows it where the plan goes on to a
    /// cloud-controller-manager.
    fn provider_that_is_there(&self, at: usize) -> Vec<Edit> {
        let spec = &self.plan.managers[at];
        let set = |flag: &str, value: String| Edit::SetFlag { manager: at, flag: flag.into(), value };
        let provider = &self.launches[at].settings.cloud_provider.value;
        if provider == "external" {
            let flags = vec!["external-cloud-volume-plugin".to_string()];
            return vec![Edit::RemoveFlags { manager: at, flags }];
        }
        let is_last = self.plan.managers_at(self.plan.steps.len()).contains(&at);
        if providers::in_tree(provider, spec.code).is_some() && !is_last {
            let gate = "DisableCloudProviders=false";
            let given = value_of(&spec.args, "feature-gates").filter(|gates| !gates.is_empty());
            return vec![set("feature-gates", given.map_or(gate.into(), |gates| format!("{gates},{gate}")))];
        }
        vec![set("cloud-provider", "external".into())]
    }
}

fn code_of(cause: Cause) -> Code {
    match cause {
        Cause::MigrationConfig => Code::LM104,
        Cause::MigrationLock => Code::LM204,
        Cause::Durations => Code::LM211,
        Cause::InTreeProvider => Code::LM501,
        Cause::UnknownFlag | Cause::FeatureGate => Code::LM502,
        Cause::SecondInitialize => Code::LM506,
        Cause::SecondInformers => Code::LM508,
        Cause::Prints
        | Cause::CommandLine
        | Cause::UnknownController
        | Cause::NoProvider
        | Cause::CidrAllocator
        | Cause::ClusterCidr
        | Cause::MainLock
        | Cause::NoPrivateKey => Code::LM504,
    }
}
