//! The part `dataPlane` of a scenario: read, checked, and turned into what the model judges.
//!
//! * [`format`]: what can be written.
//! * [`kubermatic`]: Kubermatic's Cluster and MachineDeployments, where they are given.

mod format;
mod kubermatic;

use leasehold_model::data_plane::{
    Api, Claim, Client, Faults, Order, Problem as Judged, Question, Step, StepKind, Takes,
};
use leasehold_model::release::Release;

use crate::diagnostic::Problem;
use crate::inventory::files::Fs;
use crate::scenario::Duration;
use crate::source::{Sources, Span};
use crate::yaml::Node;

use format::{ActionName, ApiName, ClientName, FaultName, Says};
pub use format::{DataPlane as Written, Expect, ExpectedTruth};

/// What the model judges, with the places of its parts.
#[derive(Clone, PartialEq, Debug)]
pub struct DataPlane {
    /// What is judged.
    pub problem: Judged,
    /// What is asked besides.
    pub question: Question,
    /// The places of the steps.
    pub steps: Vec<Span>,
    /// The place of the list of clients.
    pub clients: Span,
    /// The sentences that are compared.
    pub claims: Vec<Quote>,
    /// The expected verdicts.
    pub expect: Expect,
    /// What was taken from Kubermatic's objects or assumed, one sentence each.
    pub inferred: Vec<String>,
}

/// A sentence of a guide.
#[derive(Clone, PartialEq, Debug)]
pub struct Quote {
    /// The sentence.
    pub text: String,
    /// Where the guide says it.
    pub place: Option<String>,
    /// What it claims.
    pub claim: Claim,
    /// What is expected to become of it.
    pub expect: Option<ExpectedTruth>,
    /// Where it stands in the scenario.
    pub span: Span,
}

/// Reads the part; `node` is its place, `directory` that of the scenario.
///
/// # Errors
/// Everything that is wrong with it, each with its place.
pub fn read(
    written: &Written,
    node: &Node,
    directory: &str,
    fs: &dyn Fs,
    sources: &mut Sources,
) -> Result<DataPlane, Vec<Problem>> {
    let mut problems = Vec::new();
    let found = kubermatic::read(&written.manifests, directory, fs, sources, &mut problems);
    let items = |key: &str| node.get(key).map_or(&[][..], Node::items);
    let span = |key: &str| node.get(key).map_or(node.span, |node| node.span);
    let steps = steps(written, items("steps"), &mut problems);
    let takes = takes(written);
    if takes.lowered >= takes.ttl && steps.iter().any(|step| step.kind == StepKind::LowerTtl) {
        let at = node.path(&["durations", "loweredTtl"]).or(node.get("durations")).map_or(node.span, |node| node.span);
        problems.push(
            Problem::error("`loweredTtl` is not lower than `ttl`")
                .at(at)
                .label(format!("expected less than {} s", takes.ttl / 1000)),
        );
    }
    if written.clients.is_empty() {
        problems.push(
            Problem::error("nobody uses the Service").at(span("clients")).label("expected dns, fixedAddress or both"),
        );
    }
    let claims: Vec<Quote> = written
        .claims
        .iter()
        .zip(items("claims"))
        .filter_map(|(claim, node)| quote(claim, node, &mut problems))
        .collect();
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut clients: Vec<Client> = written
        .clients
        .iter()
        .map(|client| match client {
            ClientName::Dns => Client::Dns,
            ClientName::FixedAddress => Client::Fixed,
        })
        .collect();
    clients.sort_unstable();
    clients.dedup();
    let in_tree = found.in_tree.unwrap_or(match written.in_tree {
        Some(ApiName::Octavia) => Api::Octavia,
        Some(ApiName::Neutron) | None => Api::Neutron,
    });
    let faults = Faults {
        node_replaced: written.faults.contains(&FaultName::NodeReplaced),
        external_restarts: written.faults.contains(&FaultName::CloudControllerManagerRestarts),
    };
    let workers = found.workers.or(written.workers).unwrap_or(DEFAULT_WORKERS);
    let monitor = written.health_monitor;
    Ok(DataPlane {
        problem: Judged { workers, in_tree, monitor, clients, steps, order: Order::Plan, faults, takes },
        question: Question { allowed: milliseconds(written.allowed_outage, 0), volumes: written.volumes },
        steps: items("steps").iter().map(|step| step.get("title").map_or(step.span, |title| title.span)).collect(),
        clients: span("clients"),
        claims,
        expect: written.expect,
        inferred: found.inferred,
    })
}

/// Nodes unless told otherwise.
const DEFAULT_WORKERS: u8 = 3;

/// What is taken from a nanosecond up.
fn milliseconds(told: Option<Duration>, default: i64) -> i64 {
    told.map_or(default, |Duration(told)| (told.nanos + 999_999) / 1_000_000)
}

fn takes(written: &Written) -> Takes {
    let (told, default) = (written.durations, Takes::default());
    Takes {
        ttl: milliseconds(told.ttl, default.ttl),
        lowered: milliseconds(told.lowered_ttl, default.lowered),
        propagation: milliseconds(told.propagation, default.propagation),
        // Less is safe here.
        node_at_least: told.node_at_least.map_or(default.node_at_least, |Duration(told)| told.nanos / 1_000_000),
        address: milliseconds(told.address_command, default.address),
        reaction: milliseconds(told.reaction, default.reaction),
        control_plane: milliseconds(told.control_plane, default.control_plane),
        new_address_first: written.new_address_off_first.unwrap_or(default.new_address_first),
    }
}

/// The steps; what cannot be carried out in this order is an error.
fn steps(written: &Written, nodes: &[Node], problems: &mut Vec<Problem>) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for (step, node) in written.steps.iter().zip(nodes) {
        let at = node.get("action").map_or(node.span, |action| action.span);
        let Some(kind) = kind(step, node, problems) else { continue };
        let earlier = |kind| steps.iter().any(|step: &Step| step.kind == kind);
        let needs = match kind {
            StepKind::AwaitOldTtl => Some((StepKind::LowerTtl, "lowerTtl")),
            StepKind::AwaitCaches => Some((StepKind::MoveRecord, "moveRecord")),
            StepKind::MoveRecord | StepKind::MoveAddress | StepKind::DeleteOld => Some((StepKind::Migrate, "migrate")),
            _ => None,
        };
        if let Some((_, name)) = needs.filter(|(needed, _)| !earlier(*needed)) {
            problems.push(
                Problem::error("this step cannot begin").at(at).label(format!("expected `{name}` in an earlier step")),
            );
        }
        if matches!(kind, StepKind::Upgrade(_)) && earlier(StepKind::Migrate) {
            problems.push(
                Problem::error("an upgrade after the migration is not searched")
                    .at(at)
                    .label("expected it before `migrate`; what it does to nodes afterwards is `rotateNodes`"),
            );
        }
        if earlier(kind) {
            problems
                .push(Problem::error("this action is there twice").at(at).label("expected each action at most once"));
        }
        steps.push(Step { title: step.title.clone(), kind });
    }
    steps
}

fn kind(step: &format::Step, node: &Node, problems: &mut Vec<Problem>) -> Option<StepKind> {
    if let (Some(kubernetes), true) = (node.get("kubernetes"), step.action != ActionName::Upgrade) {
        problems.push(
            Problem::error("`kubernetes` without `action: upgrade`")
                .at(kubernetes.span)
                .label("only an upgrade goes to another release"),
        );
    }
    Some(match step.action {
        ActionName::LowerTtl => StepKind::LowerTtl,
        ActionName::AwaitOldTtl => StepKind::AwaitOldTtl,
        ActionName::Migrate => StepKind::Migrate,
        ActionName::MoveRecord => StepKind::MoveRecord,
        ActionName::AwaitCaches => StepKind::AwaitCaches,
        ActionName::MoveAddress => StepKind::MoveAddress,
        ActionName::RotateNodes => StepKind::Rotate,
        ActionName::DeleteOldLoadBalancer => StepKind::DeleteOld,
        ActionName::ReleaseAddresses => StepKind::ReleaseAddresses,
        ActionName::Upgrade => StepKind::Upgrade(release(step.kubernetes.as_deref(), node, problems)?),
    })
}

fn quote(claim: &format::Claim, node: &Node, problems: &mut Vec<Problem>) -> Option<Quote> {
    let needs = matches!(claim.says, Says::ProviderRemovedIn | Says::BeforeUpgradeTo);
    if let (Some(kubernetes), false) = (node.get("kubernetes"), needs) {
        problems.push(
            Problem::error("this claim is about no release")
                .at(kubernetes.span)
                .label("expected with providerRemovedIn and beforeUpgradeTo only"),
        );
    }
    let mut release = || release(claim.kubernetes.as_deref(), node, problems);
    let says = match claim.says {
        Says::NewAddress => Claim::NewAddress,
        Says::TwoLoadBalancers => Claim::TwoBalancers,
        Says::RecordWithoutOutage => Claim::RecordWithoutOutage,
        Says::AddressWithShortOutage => Claim::AddressWithShortOutage,
        Says::RotationFirstFails => Claim::RotationFirstFails,
        Says::OldStopsWithRotation => Claim::OldStopsWithRotation,
        Says::OldStaysUntilDeleted => Claim::OldStaysUntilDeleted,
        Says::ProviderRemovedIn => Claim::ProviderRemovedIn(release()?),
        Says::BeforeUpgradeTo => Claim::BeforeUpgradeTo(release()?),
    };
    let span = node.get("quote").map_or(node.span, |quote| quote.span);
    Some(Quote { text: claim.quote.clone(), place: claim.place.clone(), claim: says, expect: claim.expect, span })
}

/// A release that a step or a claim names.
fn release(text: Option<&str>, node: &Node, problems: &mut Vec<Problem>) -> Option<Release> {
    let at = node.get("kubernetes").map_or(node.span, |node| node.span);
    let problem = match text.map(str::parse::<Release>) {
        Some(Ok(release)) => return Some(release),
        Some(Err(_)) => Problem::error("unknown Kubernetes release").at(at).label(format!(
            "leasehold knows {} to {}",
            Release::OLDEST,
            Release::NEWEST
        )),
        None => Problem::error("which Kubernetes release?").at(at).label("this needs `kubernetes: \"1.21\"`"),
    };
    problems.push(problem);
    None
}
