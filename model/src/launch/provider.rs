//! What a manager does about its cloud provider.

use super::outcome::{Cause, Refusal, RefusesWhen};
use super::settings::Settings;
use super::spec::ManagerSpec;
use crate::config::quote;
use crate::controller::Component;
use crate::facts::kcm::{self, ProviderCheck};
use crate::facts::{gates, providers};

/// A cloud-controller-manager creates its cloud provider before its electors.
pub(super) fn before_locks(spec: &ManagerSpec, settings: &Settings) -> Result<(), Refusal> {
    let provider = &settings.cloud_provider;
    if spec.component == Component::CloudControllerManager && provider.value == "external" {
        return Err(Refusal {
            when: RefusesWhen::BeforeLocks,
            cause: Cause::NoProvider,
            message: "Cloud provider is nil".into(),
            exit_code: 255,
            arg: provider.arg(),
        });
    }
    Ok(())
}

/// A kube-controller-manager creates its cloud provider once it holds its main lease
/// (kubernetes/kubernetes:cmd/kube-controller-manager/app/cloudproviders.go@v1.30.4).
pub(super) fn after_main(spec: &ManagerSpec, settings: &Settings) -> Result<(), (String, Option<usize>)> {
    if spec.component == Component::CloudControllerManager
        || kcm::PROVIDER_CHECK.get(spec.code) != Some(&ProviderCheck::AfterMainLock)
    {
        return Ok(());
    }
    let mut provider = &settings.cloud_provider;
    if provider.value == "external" {
        provider = &settings.external_cloud_volume_plugin;
    }
    if matches!(provider.value.as_str(), "" | "external") {
        return Ok(());
    }
    let disabled =
        gates::DISABLE_CLOUD_PROVIDERS.get(spec.code).is_some_and(|&gate| settings.gate("DisableCloudProviders", gate));
    let gated = providers::GATED.get(spec.code).is_some_and(|names| names.contains(&provider.value.as_str()));
    if disabled && gated && provider == &settings.cloud_provider {
        return Err((built_in_disabled(&provider.value), provider.arg()));
    }
    match providers::in_tree(&provider.value, spec.code) {
        Some(_) => Ok(()),
        None => Err((
            format!("cloud provider could not be initialized: unknown cloud provider {}", quote(&provider.value)),
            provider.arg(),
        )),
    }
}

pub(super) fn built_in_disabled(provider: &str) -> String {
    format!(
        "cloud provider {} was specified, but built-in cloud providers are disabled. Please set \
         --cloud-provider=external and migrate to an external cloud provider",
        quote(provider)
    )
}
