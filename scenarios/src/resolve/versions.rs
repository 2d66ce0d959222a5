//! Releases and libraries: told, or read from image tags, never guessed silently.

use leasehold_model::controller::Component;
use leasehold_model::facts::vendors::{STOCK, Vendor};
use leasehold_model::release::{ParseReleaseError, Release};

use super::Report;
use crate::diagnostic::Problem;
use crate::flags;
use crate::inventory::workload::Workload;
use crate::inventory::{Inventory, Spanned};
use crate::source::{Sources, Span};

/// A release that somebody wrote, at `span` or in the flag `flag`.
pub(super) fn told(text: &str, span: Option<Span>, flag: &str, report: &mut Report) -> Option<Release> {
    match text.parse::<Release>() {
        Ok(release) => Some(release),
        Err(error) => {
            report.problem(unknown(text, span, flag, error));
            None
        }
    }
}

fn unknown(text: &str, span: Option<Span>, flag: &str, error: ParseReleaseError) -> Problem {
    let what = match error {
        ParseReleaseError::Form => "not a Kubernetes version",
        ParseReleaseError::Unknown => "unknown Kubernetes version",
    };
    match span {
        Some(span) => Problem::error(what).at(span).label(error.to_string()),
        None => Problem::error(format!("{what}: {flag} {text}")).help(error.to_string()),
    }
}

/// The tag of an image: `v1.30.4` of `registry.k8s.io/kube-controller-manager:v1.30.4@sha256:…`.
pub(super) fn tag(image: &str) -> Option<&str> {
    let image = image.split('@').next().unwrap_or(image);
    let last = image.rsplit('/').next().unwrap_or(image);
    last.split_once(':').map(|(_, tag)| tag)
}

/// The cluster's release as its manifests show it: the image tag of kube-controller-manager, or kubeadm's
/// `kubernetesVersion`.
pub(super) fn shown(inventory: &Inventory, sources: &Sources, report: &mut Report) -> Option<Release> {
    let mut found: Option<(Release, Span)> = None;
    for workload in inventory.workloads.iter().filter(|w| w.component == Component::KubeControllerManager) {
        let Some(Spanned { value, span }) = workload.release.as_ref().or(workload.image.as_ref()) else { continue };
        let text =
            if workload.release.is_some() { value.trim_start_matches("stable-") } else { tag(value).unwrap_or("") };
        match (text.parse::<Release>(), found) {
            (Ok(release), None) => found = Some((release, *span)),
            (Ok(release), Some((earlier, at))) if release != earlier => report.problem(
                Problem::error("kube-controller-manager in two releases on one side")
                    .at(*span)
                    .label(format!("{release} here, {earlier} in {}", sources.place(at)))
                    .help("one side is one release; describe a mixed cluster as steps of a scenario"),
            ),
            (Err(ParseReleaseError::Unknown), _) => {
                report.problem(unknown(text, Some(*span), "", ParseReleaseError::Unknown));
            }
            _ => {}
        }
    }
    let (release, span) = found?;
    report.inferred(format!("Kubernetes {release} is read from {}", sources.place(span)));
    Some(release)
}

/// The vendor of a cloud-controller-manager: told, or known by its image or `--cloud-provider`.
pub(super) fn vendor(workload: &Workload, told: Option<&Spanned<String>>, report: &mut Report) -> Vendor {
    if workload.component == Component::KubeControllerManager {
        return STOCK;
    }
    let _ = (told, report, flags::last(&workload.args, "cloud-provider"));
    STOCK
}

/// The library of a cloud-controller-manager that nobody named: what its tag says, if its vendor's tags say it, else the
/// cluster's release.
pub(super) fn library(workload: &Workload, vendor: &Vendor, cluster: Release, report: &mut Report) -> Release {
    let image = workload.image.as_ref();
    let tag = image.and_then(|i| tag(&i.value));
    let name = &workload.identity.name;
    let _ = vendor;
    if let Some(release) = tag.and_then(|t| t.parse::<Release>().ok()) {
        report.inferred(format!(
            "{name}: k8s.io/cloud-provider {} is assumed from its image tag {}; vendors' tags are not always library \
             versions (--cloud-provider-library to change)",
            release.library(),
            tag.unwrap_or("")
        ));
        return release;
    }
    report.inferred(format!(
        "{name}: k8s.io/cloud-provider {} is assumed, the cluster's release, because {} \
         (--cloud-provider-library to change)",
        cluster.library(),
        match tag {
            Some(tag) => format!("its image tag {tag} does not tell"),
            None => "its image has no tag".to_string(),
        }
    ));
    cluster
}
