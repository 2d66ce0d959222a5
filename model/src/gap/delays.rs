//! How long things take: what is assumed, and from it the shortest and the longest time of everything a process does by
//! itself. docs/model.md, "Gap", derives each formula.

use crate::controller::{Component, Controller};
use crate::election::Behaviour;
use crate::facts::client_go::ExpiryBy;
use crate::facts::exits::LOST_LEASE;
use crate::facts::starts::NODE_IPAM_WAIT;
use crate::launch::duration::GoDuration;
use crate::launch::{Launch, ManagerSpec, Outcome, Ready};
use crate::lease_time::Elector;
use crate::release::Release;

/// What is assumed of everything whose time no flag sets.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Assumed {
    /// The longest time of one request to the API server, from sending to processing. A process that dies leaves none
    /// behind that is carried out later.
    pub request: GoDuration,
    /// From the moment a process stops for a change of its manifest until the new one runs, at most.
    pub start_after_edit: GoDuration,
    /// From a crash until the process runs again, at most.
    pub start_after_crash: GoDuration,
    /// From the moment the operator replaces or adds a node until the first of its managers runs, at most; the others run
    /// within [`Assumed::start_after_edit`] of it.
    pub start_of_node: GoDuration,
    /// From the moment a process takes a lease until what it runs under that lease acts, at most; besides what the node
    /// IPAM controller adds ([`NODE_IPAM_WAIT`]).
    pub start_of_controllers: GoDuration,
}

impl Default for Assumed {
    /// Requests as `leasehold margins` assumes them. Measured: kubelet 1.30.4 stops a static pod about 2 s after an edit of
    /// its manifest and starts the new one 15 to 18 s after it; controllers act 0.1 s after their lease is taken. After a
    /// crash kubelet 1.30.4 looks for dead containers every second and starts a container at once the first time, then
    /// after 10 s (kubernetes/kubernetes:pkg/kubelet/kubelet.go:181,192@v1.30.4,
    /// kubernetes/kubernetes:pkg/kubelet/kuberuntime/kuberuntime_manager.go:1337@v1.30.4). Assumed: a node within five
    /// minutes, controllers within two seconds.
    fn default() -> Self {
        Assumed {
            request: GoDuration { nanos: 500_000_000 },
            start_after_edit: GoDuration::seconds(16),
            start_after_crash: GoDuration::seconds(11),
            start_of_node: GoDuration::seconds(300),
            start_of_controllers: GoDuration::seconds(2),
        }
    }
}

/// A kind of process as far as time is concerned.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Manager {
    /// Its electors; `None`: it elects no leader.
    pub elector: Option<Elector>,
    /// From the main lease, or from the start of a process without leases, until what runs under it acts, at most.
    pub main_start: GoDuration,
    /// From the migration lease until what runs under it acts, at most.
    pub migrated_start: GoDuration,
    /// From the main lease until it contends for the migration lease, at most.
    pub ready: GoDuration,
    /// How long its log may take to be flushed when it ends for a lost lease.
    pub flush: GoDuration,
}

impl Manager {
    /// A manager as its launch found it.
    pub fn new(spec: &ManagerSpec, launch: &Launch, assumed: &Assumed) -> Manager {
        let settings = &launch.settings;
        let [lease, renew, retry] =
            [&settings.lease_duration, &settings.renew_deadline, &settings.retry_period].map(|d| d.value);
        let durations = crate::election::Durations::new(lease, renew, retry).ok();
        let wait = match spec.component {
            Component::KubeControllerManager => NODE_IPAM_WAIT.get(spec.code).map_or(0, |wait| wait.nanos),
            // The vendors that have the controller have a copy of the code that waits
            // (kubernetes/cloud-provider-aws:pkg/controllers/nodeipam/nodeipam_controller.go@54f43c0).
            Component::CloudControllerManager => GoDuration::seconds(10).nanos,
        };
        let start = |ipam: bool| GoDuration { nanos: assumed.start_of_controllers.nanos + if ipam { wait } else { 0 } };
        let (main, migrated, ready) = match &launch.outcome {
            Outcome::Refuses(_) => (false, false, 0),
            Outcome::Unlocked(set) => (set.contains(Controller::NodeIpam), false, 0),
            Outcome::Runs(running) => {
                let migration = running.migration.as_ref();
                let waits = migration.is_some_and(|m| m.ready == Ready::AfterTokenController);
                (
                    running.main_set.contains(Controller::NodeIpam),
                    migration.is_some_and(|m| m.set.contains(Controller::NodeIpam)),
                    if waits { assumed.start_of_controllers.nanos } else { 0 },
                )
            }
        };
        let elects = matches!(launch.outcome, Outcome::Runs(_) | Outcome::Refuses(_));
        Manager {
            elector: durations.filter(|_| elects).map(|durations| Elector::new(spec.code, durations)),
            main_start: start(main),
            migrated_start: start(migrated),
            ready: GoDuration { nanos: ready },
            flush: GoDuration::seconds(LOST_LEASE.get(spec.code).map_or(0, |lost| lost.flush_seconds.into())),
        }
    }
}

impl Manager {
    /// The same, but for what the search does not ask: of its client-go only whose duration counts matters here
    /// ([`Taking`]). Two managers that are then equal give equal figures.
    #[must_use]
    pub fn without_release(self) -> Manager {
        let alike = |elector: Elector| {
            let same = |release: &Release| Behaviour::of(*release).expiry == elector.behaviour.expiry;
            let first = Release::all().find(same).expect("its own release is one of them");
            Elector { behaviour: Behaviour::of(first), ..elector }
        };
        Manager { elector: self.elector.map(alike), ..self }
    }
}

/// The shortest and the longest time of something from the moment it can happen, in nanoseconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Span {
    /// At least.
    pub least: i64,
    /// At most.
    pub most: i64,
}

impl Span {
    /// At any time up to `most`.
    pub fn within(most: GoDuration) -> Span {
        Span { least: 0, most: most.nanos }
    }

    /// Begun up to `wait` later.
    #[must_use]
    pub fn after(self, wait: GoDuration) -> Span {
        Span { most: self.most + wait.nanos, ..self }
    }

    /// Both spans.
    #[must_use]
    pub fn or(self, other: Span) -> Span {
        Span { least: self.least.min(other.least), most: self.most.max(other.most) }
    }
}

/// Renewals that begin within a second may read alike, so a challenger may count from the first of them.
const ALIKE: i64 = 1_000_000_000;

/// How long `next` takes to take a lease, in each situation; `request` as in [`Assumed`].
#[derive(Clone, Copy, Debug)]
pub struct Taking<'e> {
    /// Who takes it.
    pub next: &'e Elector,
    /// The longest time of one request.
    pub request: i64,
}

impl Taking<'_> {
    /// From the death of `holder`, whose lease it had been watching.
    pub fn watched(self, holder: &Elector) -> Span {
        let (valid, retry) = (self.valid(holder), self.next.longest_retry.nanos);
        let earliest = valid - holder.durations.retry().nanos - ALIKE - 5 * self.request;
        Span { least: earliest.max(0), most: valid + 2 * retry + 5 * self.request }
    }

    /// From the beginning of its election, if the lease names `holder`, which is dead.
    pub fn arrived(self, holder: &Elector) -> Span {
        let (valid, retry) = (self.valid(holder), self.next.longest_retry.nanos);
        Span { least: valid, most: valid + retry + 4 * self.request }
    }

    /// From the beginning of its election, if there is no such lease.
    pub fn created(self) -> Span {
        Span { least: 0, most: 2 * self.request }
    }

    /// From the moment a lease is gone that it had been watching, or that it asked for in vain.
    pub fn asked_again(self) -> Span {
        Span { least: 0, most: self.next.longest_retry.nanos + 3 * self.request }
    }

    /// From the moment it gets the right to a lease that names `holder`, which is dead.
    pub fn granted(self, holder: &Elector) -> Span {
        let first_look = GoDuration { nanos: self.next.longest_retry.nanos + self.request };
        self.arrived(holder).after(first_look)
    }

    /// How long it waits after a change of the record that `holder` wrote.
    fn valid(self, holder: &Elector) -> i64 {
        match self.next.behaviour.expiry {
            ExpiryBy::OwnDuration => self.next.durations.lease().nanos,
            ExpiryBy::Record => GoDuration::seconds(holder.durations.recorded_seconds()).nanos,
        }
    }
}

/// From the loss of a lease, or of the right to renew it, to the end of the process.
pub fn exit(manager: &Manager, request: i64) -> Span {
    let durations = manager.elector.map(|elector| elector.durations);
    let tries = durations.map_or(0, |d| d.retry().nanos + d.renew().nanos);
    Span { least: 0, most: tries + request + manager.flush.nanos }
}

#[cfg(test)]
mod tests {
    use super::{Manager, Span, Taking, exit};
    use crate::election::Durations;
    use crate::launch::duration::GoDuration;
    use crate::lease_time::Elector;
    use crate::release::Release;

    const MILLI: i64 = 1_000_000;

    /// The table of docs/model.md, "Gap": lease 15 s, retry 2 s to 4.4 s, renew deadline 10 s, requests up to 0.5 s.
    #[test]
    fn every_span_is_that_of_its_formula() {
        let mut own = Elector::new(Release::new(30).expect("it exists"), Durations::CORE);
        own.longest_retry.nanos = 4_400 * MILLI;
        let taking = |request| Taking { next: &own, request: request * MILLI };
        let millis = |span: Span| (span.least / MILLI, span.most / MILLI);
        assert_eq!(millis(taking(500).watched(&own)), (15_000 - 2_000 - 1_000 - 2_500, 15_000 + 2 * 4_400 + 2_500));
        assert_eq!(millis(taking(500).arrived(&own)), (15_000, 15_000 + 4_400 + 2_000));
        assert_eq!(millis(taking(500).granted(&own)), (15_000, 15_000 + 2 * 4_400 + 2_500));
        assert_eq!(millis(taking(500).created()), (0, 1_000));
        assert_eq!(millis(taking(500).asked_again()), (0, 4_400 + 1_500));
        // Nothing happens before it can.
        assert_eq!(millis(taking(3_000).watched(&own)), (0, 15_000 + 2 * 4_400 + 15_000));
        let flush = GoDuration::seconds(10);
        let zero = GoDuration::seconds(0);
        let ends = Manager { elector: Some(own), main_start: zero, migrated_start: zero, ready: zero, flush };
        assert_eq!(millis(exit(&ends, 500 * MILLI)), (0, 2_000 + 10_000 + 500 + 10_000));
        assert_eq!(millis(exit(&Manager { elector: None, ..ends }, 500 * MILLI)), (0, 500 + 10_000));
    }
}
