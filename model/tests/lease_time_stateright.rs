//! The lease in whole ticks, searched by stateright: a second engine for the second model.

#[path = "lease_time_grid/mod.rs"]
mod lease_time_grid;

use lease_time_grid::grid;
use leasehold_model::explore::stateright::Checked;
use leasehold_model::explore::{Options, explore};
use leasehold_model::lease_time::Pair;
use leasehold_model::lease_time::constants::Rates;
use leasehold_model::lease_time::handover::Handover;
use leasehold_model::lease_time::ticks::Ticks;
use leasehold_model::zones;
use stateright::{Checker, Model};

/// True if stateright finds two leaders; how many distinct states it kept.
fn overlaps(ticks: Ticks) -> (bool, usize) {
    let model = Checked::new(ticks, "one leader", |ticks: &Ticks, state| !ticks.overlaps(state)).symmetric();
    let checker = model.checker().spawn_bfs().join();
    assert!(checker.is_done());
    (checker.discovery("one leader").is_some(), checker.unique_state_count())
}

fn agree(every: usize) {
    let mut asked = 0;
    for point in grid().iter().step_by(every) {
        let (overlap, states) = overlaps(point.ticks);
        let space = explore(&point.ticks, &Options { symmetry: true, ..Options::default() }, |_| false);
        let own = space.states().iter().any(|&state| point.ticks.overlaps(state));
        assert_eq!(own, overlap, "{point:?}");
        if !overlap {
            assert_eq!(space.states().len(), states, "{point:?}");
        }
        let (elector, assumptions) = point.question();
        let automaton = Handover::new(&Pair::alike(elector), &assumptions, Rates::Any).expect("whole seconds");
        let found = zones::search(&automaton, zones::Options::default(), |_| true);
        assert!(found.complete);
        assert_eq!(found.reached(), overlap, "{point:?}");
        asked += 1;
    }
    println!("zones, ticks in our explorer and ticks in stateright agree at {asked} points");
}

#[test]
fn stateright_agrees_at_some_points() {
    agree(23);
}

#[test]
#[ignore = "a minute or more: ci/lease-theorem runs it"]
fn stateright_agrees_at_every_point() {
    agree(1);
}
