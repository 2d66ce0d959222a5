//! Volumes: who can attach them, step by step.

use leasehold_model::data_plane::StepKind::*;
use leasehold_model::data_plane::replay::volume::replay;
use leasehold_model::data_plane::volumes::{Action, Volume, attached};
use leasehold_model::data_plane::{Client, Faults, Order, Problem, StepKind};
use leasehold_model::explore::{End, Options, explore};
use leasehold_model::release::Release;

use super::problem;

fn upgrade(release: &str) -> StepKind {
    Upgrade(release.parse::<Release>().expect("a known release"))
}

fn nodes(kinds: &[StepKind]) -> Problem {
    problem(&[Client::Dns], kinds)
}

#[test]
fn the_migration_keeps_volumes_attachable_in_any_order_and_with_any_replacement() {
    let faults = Faults { node_replaced: true, ..Faults::default() };
    for order in [Order::Plan, Order::Any] {
        for workers in [1, 3] {
            let migrated = Problem { faults, order, workers, ..nodes(&[Migrate, Rotate, DeleteOld]) };
            let found = attached(&migrated, &Options::default());
            assert_eq!((found.stuck, found.end), (None, End::Complete));
        }
    }
}

#[test]
fn an_upgrade_without_the_migration_leaves_new_nodes_without_a_driver() {
    for plan in [&[upgrade("1.21"), Rotate][..], &[upgrade("1.22"), Migrate, Rotate]] {
        let found = attached(&nodes(plan), &Options::default());
        let run = found.stuck.expect("it is stuck");
        assert_eq!(run, [Action::Step(0), Action::NodeReplaced(0)]);
        replay(&nodes(plan), &run).expect("the run can be executed");
    }
    assert_eq!(attached(&nodes(&[Migrate, Rotate]), &Options::default()).stuck, None);
}

#[test]
fn a_run_that_ends_well_is_no_counterexample() {
    let plan = nodes(&[Migrate, Rotate]);
    let moved = [Action::Step(0), Action::NodeReplaced(0), Action::PodMoves(1)];
    assert_eq!(replay(&plan, &moved), Err("the volume comes to its pod".into()));
    assert!(
        replay(&plan, &[Action::PodMoves(1), Action::Attach]).expect_err("it is attached").contains("Cinder refuses")
    );
}

#[test]
fn a_volume_is_in_one_place_and_the_provider_stays_as_long_as_a_node_needs_it() {
    let plan = Problem { faults: Faults { node_replaced: true, ..Faults::default() }, ..nodes(&[Migrate, Rotate]) };
    let space = explore(&Volume { problem: &plan }, &Options::default(), |_| false);
    assert_eq!((space.states().len(), space.end()), (228, End::Complete));
    use leasehold_model::data_plane::volumes::Kubelet;
    for state in space.states() {
        let needs = state.kubelets[..3].contains(&Kubelet::InTree);
        assert!(state.provider || !needs, "{state:?}");
    }
}
