//! The guide's sentences on the screen of `check`, each with what became of it.

use leasehold_model::data_plane::claims::{Claim, Finding};
use leasehold_model::data_plane::{Takes, Truth};

use super::data_plane::figure;
use super::layout::{BAD, GOOD, OPEN, STRONG, paint, wrap};
use crate::data_plane::{Found, mismatch};
use crate::screen::Screen;

/// The guide's sentences, each with its verdict.
pub fn text(found: &Found, screen: &Screen) -> String {
    if found.claims.is_empty() {
        return String::new();
    }
    let mut out = format!("{}\n", paint("What the guide says", STRONG, screen));
    for (quote, finding) in found.input.claims.iter().zip(&found.claims) {
        let (word, style) = truth(finding.truth);
        let place = quote.place.as_ref().map_or(String::new(), |place| format!(" ({place})"));
        let head = format!("  {word:<9}  ");
        let text = wrap(&format!("“{}”{place}", quote.text), &head, "             ", screen);
        out += &text.replacen(word, &paint(word, style, screen), 1);
        out += &wrap(&because(found, finding), "             ", "             ", screen);
        if mismatch(quote.expect, finding.truth) {
            let text = "the scenario expects something else of this sentence";
            out += &wrap(&paint(text, OPEN, screen), "             ", "             ", screen);
        }
    }
    out
}

fn truth(truth: Truth) -> (&'static str, anstyle::Style) {
    match truth {
        Truth::Confirmed => ("confirmed", GOOD),
        Truth::Partly => ("partly", OPEN),
        Truth::Refuted => ("REFUTED", BAD),
        Truth::Open => ("open", OPEN),
    }
}

/// Why a sentence is true or not.
pub fn because(found: &Found, finding: &Finding) -> String {
    let long = finding.outage.as_ref().map(|outage| figure(outage.figure)).unwrap_or_default();
    let released = finding.release.map(|release| release.to_string()).unwrap_or_default();
    let is_true = finding.truth == Truth::Confirmed;
    match (finding.claim, finding.truth) {
        (_, Truth::Open) => "not decided: the search was cut short".into(),
        (Claim::NewAddress, _) if is_true => {
            "openstack-cloud-controller-manager does not find the old load balancer and makes one".into()
        }
        (Claim::NewAddress | Claim::TwoBalancers, Truth::Refuted) => {
            "openstack-cloud-controller-manager finds the old load balancer in Octavia by its old name and keeps it"
                .into()
        }
        (Claim::TwoBalancers, _) => "until the old one is deleted by hand".into(),
        (Claim::RecordWithoutOutage, Truth::Confirmed) => {
            "both load balancers work until every cache has the new address".into()
        }
        (Claim::RecordWithoutOutage, Truth::Partly) => format!(
            "the change itself costs nothing; but the plan goes on while caches hold the old address, and connections fail {long}"
        ),
        (Claim::AddressWithShortOutage, Truth::Confirmed) => {
            format!("{long}, {}", commands(&found.judged.problem.takes))
        }
        (Claim::AddressWithShortOutage, Truth::Partly) => {
            format!("the move itself is short; in this plan connections fail {long}")
        }
        (Claim::RecordWithoutOutage | Claim::AddressWithShortOutage, _) => format!("connections fail {long}"),
        (Claim::RotationFirstFails, Truth::Confirmed) => {
            format!(
                "with the rotation right after the button connections fail {long}; a share of them from the first node on"
            )
        }
        (Claim::RotationFirstFails, _) => "the load balancer is updated all the time".into(),
        (Claim::OldStopsWithRotation, Truth::Confirmed) => "share by share with each node, wholly with the last".into(),
        (Claim::OldStopsWithRotation, _) => "it still has members that are there".into(),
        (Claim::OldStaysUntilDeleted, Truth::Confirmed) => {
            "nobody else deletes it, not even when the Service is deleted; its floating IP stays beyond that".into()
        }
        (Claim::OldStaysUntilDeleted, _) => "there is no second load balancer".into(),
        (Claim::ProviderRemovedIn(_), Truth::Confirmed) => format!("{released} is the last with it"),
        (Claim::ProviderRemovedIn(_), _) => format!("kube-controller-manager has it up to {released}"),
        (Claim::BeforeUpgradeTo(_), Truth::Confirmed) => {
            format!("in {released} Cinder volumes go to the CSI driver by default, which only the migration installs")
        }
        (Claim::BeforeUpgradeTo(_), _) => {
            format!("{released} is too late already: there volumes need the CSI driver by default")
        }
        (Claim::NewAddress, _) => String::new(),
    }
}

fn commands(takes: &Takes) -> &'static str {
    if takes.new_address_first {
        "if its new address is taken off first"
    } else {
        "and first the new address has to go"
    }
}
