//! What a manager checks of its elections, and when it begins the second one.

use super::controllers::is_enabled;
use super::decide::fatal_code;
use super::outcome::{Cause, NeverReady, Ready, Refusal, RefusesWhen};
use super::settings::{Setting, Settings};
use super::spec::ManagerSpec;
use crate::controller::Component;
use crate::election::{BadDurations, Durations};
use crate::facts::controllers::TOKEN_CONTROLLER;
use crate::facts::{gates, kcm, locks};
use crate::lease::LockType;

/// The main lease's lock type.
pub(super) fn lock_type(spec: &ManagerSpec, lock: &Setting<String>) -> Result<LockType, Refusal> {
    match (locks::refusal(&lock.value, spec.code), LockType::from_name(&lock.value)) {
        (None, Some(lock)) => Ok(lock),
        (why, _) => Err(Refusal {
            when: RefusesWhen::BeforeLocks,
            cause: Cause::MainLock,
            message: why.unwrap_or_default(),
            exit_code: fatal_code(spec),
            arg: lock.arg(),
        }),
    }
}

/// client-go's checks of the durations, which panic.
pub(super) fn durations(settings: &Settings) -> Result<(), Refusal> {
    let (lease, renew, retry) = (&settings.lease_duration, &settings.renew_deadline, &settings.retry_period);
    let Err(rule) = Durations::new(lease.value, renew.value, retry.value) else { return Ok(()) };
    let arg = match rule {
        BadDurations::LeaseWithinRenew => lease.arg().or(renew.arg()),
        BadDurations::RenewWithinRetry => renew.arg().or(retry.arg()),
        BadDurations::Lease => lease.arg(),
        BadDurations::Renew => renew.arg(),
        BadDurations::Retry => retry.arg(),
    };
    Err(Refusal {
        when: RefusesWhen::BeforeLocks,
        cause: Cause::Durations,
        message: rule.to_string(),
        exit_code: 2,
        arg,
    })
}

/// When the process begins to contend for the migration lease.
pub(super) fn ready(spec: &ManagerSpec, settings: &Settings) -> Ready {
    if spec.component == Component::CloudControllerManager {
        return Ready::AtOnce;
    }
    let token = TOKEN_CONTROLLER.get(spec.code).copied().unwrap_or_default();
    let signal = kcm::TOKEN_SIGNAL.get(spec.code);
    if signal.is_some_and(|s| s.needs_controller) && !is_enabled(spec, settings, token, false) {
        return Ready::Never(NeverReady::TokenControllerOff(token));
    }
    if settings.coordinated {
        return Ready::Never(NeverReady::CoordinatedElection);
    }
    Ready::AfterTokenController
}

/// True if the gate is on in a kube-controller-manager; cloud-controller-manager does not heed it.
pub(super) fn is_coordinated(spec: &ManagerSpec, settings: &Settings) -> bool {
    let gate = gates::COORDINATED_LEADER_ELECTION.get(spec.code);
    spec.component == Component::KubeControllerManager
        && gate.is_some_and(|&gate| settings.gate("CoordinatedLeaderElection", gate))
}

/// True if the process gives the signal for the migration lease and panics at once, for want of a private key.
pub(super) fn panics_without_key(spec: &ManagerSpec, settings: &Settings) -> bool {
    spec.component == Component::KubeControllerManager
        && settings.service_account_private_key_file.value.is_empty()
        && kcm::TOKEN_SIGNAL.get(spec.code).is_some_and(|signal| signal.panics_without_key)
}
