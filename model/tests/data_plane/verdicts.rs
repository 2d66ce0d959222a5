//! Verdicts and figures of the plans that the guides mean, and of those that they warn of.

use leasehold_model::data_plane::StepKind::*;
use leasehold_model::data_plane::cause::causes;
use leasehold_model::data_plane::claims::{self, Claim};
use leasehold_model::data_plane::moves::Action;
use leasehold_model::data_plane::replay::replay;
use leasehold_model::data_plane::timed::longest;
use leasehold_model::data_plane::{
    Api, Client, Faults, Figure, LastChance, Leak, Order, Problem, StepKind, Takes, Traffic, Truth, judge,
};
use leasehold_model::explore::{End, Options, explore};
use leasehold_model::findings::Code;
use leasehold_model::migration::Status;

use super::{NOTHING_ALLOWED, problem};

const DNS: [StepKind; 7] = [LowerTtl, AwaitOldTtl, Migrate, MoveRecord, AwaitCaches, Rotate, DeleteOld];
const HASTY: [StepKind; 6] = [LowerTtl, AwaitOldTtl, Migrate, MoveRecord, Rotate, DeleteOld];
const ADDRESS: [StepKind; 4] = [Migrate, MoveAddress, Rotate, DeleteOld];

fn figure(problem: &Problem) -> Figure {
    let outage = longest(problem, 100_000);
    assert!(outage.complete);
    if outage.figure != Figure::Never {
        replay(problem, &outage).expect("a run that was found can be executed");
    }
    outage.figure
}

fn codes(problem: &Problem) -> Vec<Code> {
    let judged = judge(problem, NOTHING_ALLOWED, &Options::default());
    causes(&judged).into_iter().map(|cause| cause.code).filter(|code| *code != Code::LM709).collect()
}

#[test]
fn dns_costs_nothing_if_everybody_waits() {
    let judged = judge(&problem(&[Client::Dns], &DNS), NOTHING_ALLOWED, &Options::default());
    assert_eq!((judged.longest(), judged.reachable(), judged.end), (Figure::Never, Status::Holds, End::Complete));
    assert_eq!((judged.attached(), judged.last_chance), (Some(Status::Holds), LastChance::Never));
    assert_eq!(judged.leaks, [Leak::FirstAddress]);
    assert_eq!(judged.states, (19, 648));
    assert!(judged.some_order_fails, "in any order nodes can be replaced first");
}

#[test]
fn without_waiting_it_costs_the_time_to_live() {
    let dns = |kinds: &[StepKind]| problem(&[Client::Dns], kinds);
    assert_eq!(figure(&dns(&HASTY)), Figure::Within(60_000));
    assert_eq!(figure(&dns(&[Migrate, MoveRecord, Rotate, DeleteOld])), Figure::Within(3_600_000));
    // Lowered, but not for long enough: answers from before are kept for an hour from then on.
    assert_eq!(figure(&dns(&[LowerTtl, Migrate, MoveRecord, Rotate])), Figure::Within(3_600_000));
    assert_eq!(codes(&dns(&HASTY)), [Code::LM703]);
}

#[test]
fn every_duration_counts_as_it_should() {
    let hasty = |takes| Problem { takes, ..problem(&[Client::Dns], &HASTY) };
    let usual = Takes::default();
    assert_eq!(figure(&hasty(Takes { propagation: 7_000, ..usual })), Figure::Within(67_000));
    assert_eq!(figure(&hasty(Takes { node_at_least: 59_000, ..usual })), Figure::Within(1_000));
    assert_eq!(figure(&hasty(Takes { node_at_least: 60_000, ..usual })), Figure::Never);
    let moved = |takes| Problem { takes, ..problem(&[Client::Fixed], &ADDRESS) };
    assert_eq!(figure(&moved(Takes { address: 1_500, ..usual })), Figure::Within(1_500));
    assert_eq!(figure(&moved(Takes { new_address_first: false, ..usual })), Figure::Within(305_000));
}

#[test]
fn a_floating_ip_moves_both_kinds_of_clients_for_one_command() {
    for client in [Client::Dns, Client::Fixed] {
        assert_eq!(figure(&problem(&[client], &ADDRESS)), Figure::Within(5_000));
    }
    let judged = judge(&problem(&[Client::Fixed], &ADDRESS), NOTHING_ALLOWED, &Options::default());
    assert_eq!(judged.leaks, [Leak::SecondAddress, Leak::OutlivesService]);
    assert_eq!((judged.last_chance, judged.safe_order), (LastChance::Beginning, None));
    assert_eq!(codes(&problem(&[Client::Fixed], &ADDRESS)), [Code::LM706]);
    let allowed = leasehold_model::data_plane::Question { allowed: 5_000, volumes: false };
    let judged = judge(&problem(&[Client::Fixed], &ADDRESS), allowed, &Options::default());
    assert_eq!((judged.reachable(), judged.last_chance, judged.attached()), (Status::Holds, LastChance::Never, None));
}

#[test]
fn a_new_address_in_the_way_costs_the_time_to_understand_it() {
    let restarts = Faults { external_restarts: true, ..Faults::default() };
    let moved = Problem { faults: restarts, ..problem(&[Client::Fixed], &ADDRESS) };
    assert_eq!(figure(&moved), Figure::Within(310_000));
    assert_eq!(codes(&moved), [Code::LM707]);
}

#[test]
fn whatever_takes_nodes_or_balancers_away_first_lasts_until_the_operator_goes_on() {
    let dns = |kinds: &[StepKind]| problem(&[Client::Dns], kinds);
    let first = dns(&[Migrate, Rotate, MoveRecord, AwaitCaches, DeleteOld]);
    assert_eq!((figure(&first), codes(&first)), (Figure::UntilOperator, vec![Code::LM701]));
    let deleted = dns(&[Migrate, DeleteOld, MoveRecord, Rotate]);
    assert_eq!((figure(&deleted), codes(&deleted)), (Figure::UntilOperator, vec![Code::LM702]));
    let given_back = dns(&[Migrate, DeleteOld, ReleaseAddresses]);
    assert_eq!((figure(&given_back), codes(&given_back)), (Figure::UntilOperator, vec![Code::LM702]));
    let replaced = Problem { faults: Faults { node_replaced: true, ..Faults::default() }, ..dns(&DNS) };
    assert_eq!((figure(&replaced), codes(&replaced)), (Figure::UntilOperator, vec![Code::LM704]));
    let fixed = problem(&[Client::Fixed], &DNS);
    assert_eq!((figure(&fixed), codes(&fixed)), (Figure::UntilOperator, vec![Code::LM705]));
    let judged = judge(&fixed, NOTHING_ALLOWED, &Options::default());
    assert!(judged.clients[0].for_good);
}

#[test]
fn the_last_chance_goes_with_the_step_that_takes_it() {
    let chance = |kinds: &[StepKind]| {
        let judged = judge(&problem(&[Client::Dns], kinds), NOTHING_ALLOWED, &Options::default());
        (judged.last_chance, judged.safe_order)
    };
    let waits = |order: &[(bool, usize)]| Some(order.to_vec());
    let hasty = waits(&[(false, 0), (true, 2), (false, 3), (true, 4), (false, 5)]);
    assert_eq!(chance(&HASTY), (LastChance::Step(4), hasty));
    let rotated = waits(&[(false, 0), (false, 2), (true, 1)]);
    assert_eq!(chance(&[Migrate, Rotate, MoveRecord]), (LastChance::Step(1), rotated));
    // Whatever is done with the record afterwards: while nodes go nobody arrives.
    assert_eq!(chance(&[Migrate, Rotate]), (LastChance::Beginning, None));
}

#[test]
fn a_balancer_in_octavia_is_kept_with_its_address() {
    let octavia = Problem { in_tree: Api::Octavia, ..problem(&[Client::Dns, Client::Fixed], &DNS) };
    let judged = judge(&octavia, NOTHING_ALLOWED, &Options::default());
    assert_eq!((judged.longest(), judged.leaks), (Figure::Never, vec![]));
    // Until the cloud-controller-manager has found it nobody updates it.
    let faults = Faults { node_replaced: true, ..Faults::default() };
    assert_eq!(figure(&Problem { faults, clients: vec![Client::Fixed], ..octavia }), Figure::Within(1_200_000));
}

#[test]
fn a_health_monitor_takes_lost_members_out_until_none_is_left() {
    let monitor = |workers| Problem { monitor: true, workers, ..problem(&[Client::Dns], &HASTY) };
    let run = |workers| longest(&monitor(workers), 100_000).run;
    let lost = |workers| run(workers).iter().filter(|(_, action)| matches!(action, Action::NodeLeaves(_))).count();
    assert_eq!([1, 2, 3].map(lost), [1, 2, 3]);
}

#[test]
fn sentences_of_the_guides() {
    let dns = problem(&[Client::Dns], &HASTY);
    let truth = |claim| claims::judge(&dns, claim, 100_000).truth;
    let release = |text: &str| text.parse().expect("a known release");
    assert_eq!(truth(Claim::NewAddress), Truth::Confirmed);
    assert_eq!(truth(Claim::TwoBalancers), Truth::Confirmed);
    assert_eq!(truth(Claim::RecordWithoutOutage), Truth::Partly);
    assert_eq!(truth(Claim::AddressWithShortOutage), Truth::Confirmed);
    assert_eq!(truth(Claim::RotationFirstFails), Truth::Confirmed);
    assert_eq!(truth(Claim::OldStopsWithRotation), Truth::Confirmed);
    assert_eq!(truth(Claim::OldStaysUntilDeleted), Truth::Confirmed);
    assert_eq!(truth(Claim::ProviderRemovedIn(release("1.21"))), Truth::Refuted);
    assert_eq!(truth(Claim::ProviderRemovedIn(release("1.26"))), Truth::Confirmed);
    assert_eq!(truth(Claim::BeforeUpgradeTo(release("1.21"))), Truth::Confirmed);
    assert_eq!(truth(Claim::BeforeUpgradeTo(release("1.22"))), Truth::Refuted);
    let cut_short = claims::judge(&dns, Claim::NewAddress, 3);
    assert_eq!(cut_short.truth, Truth::Open);
    let waiting = claims::judge(&problem(&[Client::Dns], &DNS), Claim::RecordWithoutOutage, 100_000);
    assert_eq!(waiting.truth, Truth::Confirmed);
}

#[test]
fn a_search_that_is_cut_short_proves_nothing() {
    let options = Options { max_states: Some(5), ..Options::default() };
    let judged = judge(&problem(&[Client::Dns], &DNS), NOTHING_ALLOWED, &options);
    assert_eq!(
        (judged.reachable(), judged.leaks(), judged.last_chance),
        (Status::Inconclusive, Status::Inconclusive, LastChance::Unknown)
    );
    assert_eq!(judged.attached(), Some(Status::Inconclusive));
    assert_ne!(judged.end, End::Complete);
}

#[test]
fn a_run_that_was_tampered_with_is_refused() {
    let hasty = problem(&[Client::Dns], &HASTY);
    let outage = longest(&hasty, 100_000);
    let tampered = |change: &dyn Fn(&mut leasehold_model::data_plane::Outage)| {
        let mut changed = outage.clone();
        change(&mut changed);
        replay(&hasty, &changed).expect_err("it is no run any more")
    };
    assert_eq!(tampered(&|o| o.until += 1000), "a cache keeps an answer for too long");
    assert_eq!(tampered(&|o| o.figure = Figure::Within(59_000)), "it lasts 60000 ms, not 59000");
    assert_eq!(tampered(&|o| o.from -= 1), "it begins with event 10, not 9");
    assert!(
        tampered(&|o| {
            o.run.remove(1);
        })
        .contains("an old answer")
    );
    assert!(
        tampered(&|o| {
            o.run.pop();
        })
        .contains("nothing fails")
    );
    assert!(tampered(&|o| o.run.swap(4, 5)).contains("not its turn"));
}

/// Another engine, as many states.
#[cfg(feature = "stateright")]
#[test]
fn stateright_finds_as_many_states() {
    use leasehold_model::explore::stateright::Checked;
    use stateright::{Checker, Model};
    for (kinds, plan, any) in [(&DNS[..], 101, 3_312), (&ADDRESS[..], 194, 705)] {
        let faults = Faults { node_replaced: true, external_restarts: kinds.contains(&MoveAddress) };
        for (order, states) in [(Order::Plan, plan), (Order::Any, any)] {
            let problem = Problem { faults, order, ..problem(&[Client::Dns], kinds) };
            let own = explore(&Traffic { problem: &problem }, &Options::default(), |_| false);
            // The checker keeps its model for itself.
            let kept: &'static Problem = Box::leak(Box::new(problem.clone()));
            let checked = Checked::new(Traffic { problem: kept }, "true", |_, _| true);
            let other = checked.checker().spawn_bfs().join().unique_state_count();
            assert_eq!((own.states().len(), other), (states, states), "{kinds:?} {order:?}");
        }
    }
}
