//! Leases of a cluster: which have which margin, and which look unowned or flapping.
//!
//! A Lease records nothing but LeaseDuration, in whole seconds. RenewDeadline and RetryPeriod are those of manifests
//! given with it, else of the component that is recognised, provided the recorded duration is that component's default;
//! else they are not known, and no answer is given.

use leasehold_model::election::Durations;
use leasehold_model::facts::elections::{self, Component, RequestLimit};
use leasehold_model::launch::duration::GoDuration;
use leasehold_model::lease_time::question::{Contender, Question};
use leasehold_model::release::Release;
use leasehold_scenarios::elections::lease::Lease;
use leasehold_scenarios::source::Sources;

use super::document::{Status, seconds};
use super::judge::{Group, Judge, status};
use super::leases::{Basis, Finding, Leases, Lock};

/// As many changes of holder per day look like flapping, if there were at least [`FEWEST`]. An upgrade of the component
/// or of its node changes the holder once or twice.
const PER_DAY: f64 = 2.0;
/// See [`PER_DAY`].
const FEWEST: i64 = 10;

const MICROS: f64 = 1e6;

/// The Leases of the input.
pub struct Audited<'a> {
    /// Locks.
    pub leases: &'a [Lease],
    /// What was set aside.
    pub node_leases: usize,
    /// What was set aside.
    pub api_server_leases: usize,
    /// The moment that ages are counted from, in microseconds since 1970.
    pub now: Option<i64>,
    /// The same as it is shown.
    pub now_shown: Option<String>,
}

/// Judges every lock.
pub fn audit(judge: &Judge, groups: &[Group], sources: &Sources, audited: &Audited<'_>) -> Leases {
    let lock = |lease: &Lease| {
        let known = timing(lease, audited.leases, groups);
        let question = known.contender.map(|contender| {
            let question = Question { contenders: vec![contender], assumed: judge.assumed };
            if judge.no_release { question.without_release() } else { question }
        });
        let findings = findings(lease, audited.now);
        let verdict = question.as_ref().map_or(Status::Inconclusive, |q| status(&judge.theorem.decide(q)));
        let running = question.as_ref().map(Question::without_release);
        let left = running.as_ref().filter(|q| judge.theorem.decide(q).is_safe()).and_then(|q| judge.left(q));
        Lock {
            lease: format!("{}/{}", lease.identity.namespace, lease.identity.name),
            place: sources.place(lease.span),
            holder: lease.holder.clone(),
            recorded_seconds: lease.seconds,
            component: known.component.map(|c| c.name),
            renew_deadline_seconds: known.contender.map(|c| seconds(c.durations.renew().nanos)),
            retry_period_seconds: known.contender.map(|c| seconds(c.durations.retry().nanos)),
            basis: known.basis,
            verdict,
            left_seconds: left.map(seconds),
            must_stay_below_seconds: lease.seconds.and_then(|s| must_stay_below(judge, s)),
            releases: known.contender.is_some_and(|c| c.releases),
            findings,
        }
    };
    Leases {
        now: audited.now_shown.clone(),
        locks: audited.leases.iter().map(lock).collect(),
        node_leases: audited.node_leases,
        api_server_leases: audited.api_server_leases,
    }
}

impl Lock {
    /// True if nobody holds it any more, so that there is no election to judge.
    pub fn is_unowned(&self) -> bool {
        self.findings.iter().any(|f| matches!(f, Finding::Released | Finding::Expired { .. }))
    }
}

struct Known {
    contender: Option<Contender>,
    component: Option<&'static Component>,
    basis: Basis,
}

fn timing(lease: &Lease, all: &[Lease], groups: &[Group]) -> Known {
    let name = format!("{}/{}", lease.identity.namespace, lease.identity.name);
    let given = groups.iter().find(|g| g.lock == name).and_then(|g| g.members.first());
    if let Some(member) = given.filter(|m| Some(m.contender.durations.recorded_seconds()) == lease.seconds) {
        return Known { contender: Some(member.contender), component: member.component, basis: Basis::Manifest };
    }
    let component = recognise(lease, all);
    let defaults = |c: &Component| Durations::new(c.lease.default, c.renew.default, c.retry.default).ok();
    let unknown = Known { contender: None, component, basis: Basis::Unknown };
    let (durations, basis, of) = match component {
        Some(c) => (defaults(c), Basis::ComponentDefaults, c),
        None => (defaults(&elections::UNKNOWN), Basis::ClientGoDefaults, &elections::UNKNOWN),
    };
    let Some(durations) = durations.filter(|d| Some(d.recorded_seconds()) == lease.seconds) else { return unknown };
    let contender = Contender {
        durations,
        client_go: Release::NEWEST,
        // A flag that switches it is not to be seen here; its default is.
        releases: of.releases.by_default(Release::NEWEST),
        request_limit: of.request_limit,
    };
    Known { contender: Some(contender), component, basis }
}

/// The component that a Lease belongs to: by its name, by its holder, or by a duration that only one has.
fn recognise(lease: &Lease, all: &[Lease]) -> Option<&'static Component> {
    let name = lease.identity.name.as_str();
    let by_name = || elections::of_lock(name);
    let by_holder = || {
        lease
            .holder
            .ends_with("-external-cert-manager-controller")
            .then(|| elections::named("cert-manager-controller"))?
    };
    // external-provisioner's lease has the driver's name alone; its siblings' end with it.
    let by_sibling = || {
        let sibling = |other: &Lease| {
            other.identity.namespace == lease.identity.namespace
                && other.identity.name.starts_with("external-")
                && other.identity.name.ends_with(&format!("-{name}"))
                && elections::of_lock(&other.identity.name).is_some()
        };
        all.iter().any(sibling).then(|| elections::named("csi-provisioner"))?
    };
    let by_duration = || {
        let of = |c: &'static Component| (lease.seconds == Some(c.lease.default.nanos / 1_000_000_000)).then_some(c);
        of(&elections::OPENSHIFT).or_else(|| of(&elections::OPENSHIFT_SINGLE_NODE))
    };
    by_name().or_else(by_holder).or_else(by_sibling).or_else(by_duration)
}

/// What RenewDeadline and RetryPeriod together must stay below, by arithmetic, under what is assumed.
fn must_stay_below(judge: &Judge, recorded: i64) -> Option<f64> {
    // What is subtracted for them is added again. A RetryPeriod under a second would need more.
    let retry = GoDuration::seconds(1);
    let renew = GoDuration { nanos: 1_200_000_001 };
    let durations = Durations::new(GoDuration::seconds(recorded), renew, retry).ok()?;
    let contender =
        Contender { durations, client_go: Release::NEWEST, releases: false, request_limit: RequestLimit::Nothing };
    let left = Question { contenders: vec![contender], assumed: judge.assumed }
        .covering()
        .map_or(i64::MIN, |c| c.closed_form());
    let left = left.saturating_add(renew.nanos + retry.nanos) - 1;
    (left > 0).then(|| seconds(left / 1_000_000 * 1_000_000))
}

fn findings(lease: &Lease, now: Option<i64>) -> Vec<Finding> {
    let mut found = Vec::new();
    if lease.holder.is_empty() {
        found.push(Finding::Released);
    } else if let (Some(renewed), Some(seconds)) = (lease.renewed, lease.seconds) {
        let age = now.map_or(0, |now| now - renewed);
        if age > seconds * 1_000_000 {
            found.push(Finding::Expired { seconds: age as f64 / MICROS });
        }
    } else {
        found.push(Finding::Incomplete);
    }
    if let (Some(transitions), Some(created), Some(now)) = (lease.transitions, lease.created, now) {
        let days = ((now - created) as f64 / MICROS / 86_400.0).max(1.0 / 24.0);
        let per_day = transitions as f64 / days;
        if transitions >= FEWEST && per_day > PER_DAY {
            found.push(Finding::Flapping { per_day: (per_day * 10.0).round() / 10.0, transitions });
        }
    }
    if lease.seconds.is_some_and(|s| s <= 1) {
        found.push(Finding::Short);
    }
    if lease.coordinated {
        found.push(Finding::Coordinated);
    }
    found
}
