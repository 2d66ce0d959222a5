//! What rendering knows about the input besides the plan: names and places. Index for index it goes with
//! [`leasehold_model::plan::Plan::managers`].

use leasehold_model::controller::Component;
use leasehold_model::findings::Where;
use leasehold_model::launch::ManagerSpec;
use leasehold_model::migration::{Property, Status};
use leasehold_scenarios::data_plane::DataPlane;
use leasehold_scenarios::diagnostic::Problem;
use leasehold_scenarios::resolve::{Manager, Resolved};
use leasehold_scenarios::scenario::{Expect, Expected};
use leasehold_scenarios::source::{Sources, Span};

/// The input as the user would recognise it.
#[derive(Clone, Default, Debug)]
pub struct Scene {
    /// The scenario's title.
    pub title: Option<String>,
    /// Where its plan comes from, such as a guide.
    pub origin: Option<String>,
    /// What was assumed because nothing said it, one sentence each.
    pub inferred: Vec<String>,
    /// Warnings and notes of reading.
    pub problems: Vec<Problem>,
    /// The verdicts that the scenario expects.
    pub expected: Vec<(Property, Status)>,
    /// What the scenario says of load balancers, addresses and volumes.
    pub data_plane: Option<DataPlane>,
    /// What the scenario asks about the time without a controller.
    pub gap: crate::gap::Question,
    /// Where each manager was written.
    pub seats: Vec<Seat>,
    /// The files.
    pub sources: Sources,
}

/// Where one manager was written. What is not in any file has no span.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Seat {
    /// The manager as such: its image or its name.
    pub own: Option<Span>,
    /// The user it runs as, as RBAC calls it.
    pub user: String,
    /// Where its pods may run: what its manifest asks of a node.
    pub placement: Option<Span>,
    /// Its arguments, in the order of [`ManagerSpec::args`].
    pub args: Vec<Option<Span>>,
    /// Its leader migration file.
    pub file: Option<Span>,
    /// The entries of `controllerLeaders` in that file.
    pub entries: Vec<Option<Span>>,
}

impl From<Resolved> for Scene {
    fn from(resolved: Resolved) -> Scene {
        let gap = resolved.expect.gap.unwrap_or_default();
        Scene {
            title: Some(resolved.title),
            origin: resolved.source,
            inferred: resolved.inferred,
            problems: resolved.notes,
            expected: expected(resolved.expect),
            data_plane: resolved.data_plane,
            gap: crate::gap::Question {
                assumed: resolved.start_up.into(),
                at_most: gap.at_most.map(|most| most.0),
                at_most_without_waiting: gap.at_most_without_waiting.map(|most| most.0),
                at_most_with_crash_in_step: gap.at_most_with_crash_in_step.map(|most| most.0),
            },
            seats: resolved.managers.iter().map(Seat::from).collect(),
            sources: resolved.sources,
        }
    }
}

impl From<&Manager> for Seat {
    fn from(manager: &Manager) -> Seat {
        let spans = &manager.spans;
        let document = spans.migration_file.as_ref();
        let leaders = document.and_then(|document| document.get("controllerLeaders"));
        Seat {
            own: Some(manager.image.as_ref().map_or(spans.workload, |image| image.span)),
            placement: manager.placement.span,
            user: manager.user.clone(),
            args: spans.args.iter().copied().map(Some).collect(),
            file: spans.migration_problem.as_ref().and_then(|p| p.span).or(document.map(|document| document.span)),
            entries: leaders.map_or(&[][..], |node| node.items()).iter().map(|item| Some(item.span)).collect(),
        }
    }
}

/// The expected verdicts.
pub fn expected(expect: Expect) -> Vec<(Property, Status)> {
    let all = [
        (Property::Exclusive, expect.exclusive),
        (Property::Covered, expect.covered),
        (Property::Starts, expect.starts),
        (Property::Returnable, expect.returnable),
    ];
    let status = |expected| match expected {
        Expected::Holds => Status::Holds,
        Expected::Violated => Status::Violated,
    };
    all.into_iter().filter_map(|(property, expected)| Some((property, status(expected?)))).collect()
}

impl Scene {
    /// The place a finding points at, or the nearest that was written anywhere.
    pub fn place(&self, manager: usize, at: &Where) -> Option<Span> {
        let seat = self.seats.get(manager)?;
        let arg = |i: usize| seat.args.get(i).copied().flatten();
        let found = match at {
            Where::Arg(i) => arg(*i),
            Where::Entry(i) => seat.entries.get(*i).copied().flatten().or(seat.file),
            Where::File => seat.file,
            Where::Placement => seat.placement,
            Where::Rights(_) | Where::Manager => None,
        };
        found.or(seat.own)
    }
}

/// `kube-controller-manager 1.29`, `cloud-controller-manager 0.30`: the release of the code.
pub fn name(spec: &ManagerSpec) -> String {
    match spec.component {
        Component::KubeControllerManager => format!("{} {}", spec.component, spec.code),
        Component::CloudControllerManager => format!("{} {}", spec.component, spec.code.library()),
    }
}
