//! Releases and libraries: told, or read from image tags, never guessed silently.

use leasehold_model::controller::Component;
use leasehold_model::facts::vendor_tags;
use leasehold_model::facts::vendors::{self, Vendor};
use leasehold_model::release::{ParseReleaseError, Release};

use super::Report;
use crate::diagnostic::Problem;
use crate::flags;
use crate::inventory::workload::Workload;
use crate::inventory::{Inventory, Spanned};
use crate::scenario::closest;
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

/// A vendor that somebody named.
pub(super) fn vendor_named(name: &str, span: Option<Span>, report: &mut Report) -> Option<Vendor> {
    let known: Vec<Vendor> = std::iter::once(vendors::STOCK).chain(vendors::KNOWN).collect();
    let found = known.iter().find(|v| v.name == name).copied();
    if found.is_none() {
        let names: Vec<&str> = known.iter().map(|v| v.name).collect();
        let expected = match closest(name, &names) {
            Some(close) => format!("did you mean `{close}`?"),
            None => format!("leasehold knows {}", names.join(", ")),
        };
        let problem = Problem::error(format!("unknown vendor `{name}`"));
        report.problem(match span {
            Some(span) => problem.at(span).label(expected),
            None => problem.help(expected),
        });
    }
    found
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
pub(super) fn vendor(workload: &Workload, told: Option<Vendor>, report: &mut Report) -> Vendor {
    if workload.component == Component::KubeControllerManager {
        return vendors::STOCK;
    }
    if let Some(vendor) = told {
        return vendor;
    }
    let image = workload.image.as_ref().map(|i| i.value.as_str());
    let provider = flags::last(&workload.args, "cloud-provider").map(|(value, _)| value);
    let vendor = vendors::lookup(image, provider);
    if vendor.name == vendors::STOCK.name {
        report.inferred(format!(
            "{}: the vendor is not known by its image, so the cloud-controller-manager of k8s.io/cloud-provider \
             without changes is assumed",
            workload.identity.name
        ));
    }
    vendor
}

/// The vendor as of the build that the manifest's image is, with this library; `None`: kube-controller-manager.
pub(super) fn built(workload: &Workload, vendor: Vendor, library: Option<Release>) -> Vendor {
    let tag = workload.image.as_ref().and_then(|image| tag(&image.value));
    library.map_or(vendor, |library| vendor.built(tag, library))
}

/// The library of a cloud-controller-manager that nobody named: what its tag says, if its vendor's tags say it, else the
/// cluster's release.
pub(super) fn library(workload: &Workload, vendor: &Vendor, cluster: Release, report: &mut Report) -> Release {
    let name = &workload.identity.name;
    let tag = workload.image.as_ref().and_then(|i| tag(&i.value));
    // An unknown vendor's tags are taken as most vendors number theirs.
    let by_number = |tag: &str| (vendor.name == vendors::STOCK.name).then(|| tag.parse().ok()).flatten();
    let known = tag.and_then(|tag| vendor_tags::library(vendor, tag).or_else(|| by_number(tag).map(|r| (r, false))));
    let (release, why) = match (known, tag) {
        (Some((release, true)), Some(tag)) => (release, format!("{tag} was built with it")),
        (Some((release, false)), Some(tag)) => (release, format!("assumed from its image tag {tag}")),
        (_, Some(tag)) => {
            (cluster, format!("assumed, the cluster's release, because its image tag {tag} does not tell"))
        }
        (_, None) => (cluster, "assumed, the cluster's release, because its image has no tag".to_string()),
    };
    report.inferred(format!("{name}: k8s.io/cloud-provider {}, {why}", release.library()));
    release
}

/// The release that a manager's own manifest shows: its image tag, or kubeadm's `kubernetesVersion`.
pub(super) fn shown_by(workload: &Workload) -> Option<Release> {
    let told = workload.release.as_ref().map(|release| release.value.trim_start_matches("stable-"));
    told.or_else(|| workload.image.as_ref().and_then(|image| tag(&image.value)))?.parse().ok()
}
