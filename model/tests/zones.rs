//! Zones, their search and schedules against brute force on small grids.
//!
//! Constants are multiples of [`UNIT`], points are whole numbers: a grid of eighths. Every operation's result is a union
//! of regions, and with three clocks a grid of quarters meets every region (R. Alur, D. Dill, A Theory of Timed Automata,
//! 1994); an interval of values of one clock with quarters as ends contains an eighth.

use leasehold_model::zones::automaton::{ClockLimits, limits_are_consistent};
use leasehold_model::zones::{Automaton, Bound, Edge, Guard, Options, Schedule, Update, Zone, search};
use proptest::prelude::*;
use std::collections::BTreeSet;

const UNIT: i64 = 8;
const CLOCKS: usize = 4;
const MOST: i64 = 4;

#[derive(Clone, Copy, Debug)]
enum Operation {
    Delay,
    Reset(usize),
    Copy(usize, usize),
    Free(usize),
    Constrain(usize, usize, Bound),
}

fn bound() -> impl Strategy<Value = Bound> {
    (-MOST..=MOST, any::<bool>())
        .prop_map(|(c, weak)| if weak { Bound::weak(c * UNIT) } else { Bound::strict(c * UNIT) })
}

fn operation() -> impl Strategy<Value = Operation> {
    let clock = 1..CLOCKS;
    prop_oneof![
        2 => Just(Operation::Delay),
        2 => clock.clone().prop_map(Operation::Reset),
        1 => (clock.clone(), clock.clone()).prop_filter("two clocks", |(x, y)| x != y).prop_map(|(x, y)| Operation::Copy(x, y)),
        1 => clock.prop_map(Operation::Free),
        4 => (0..CLOCKS, 0..CLOCKS, bound())
            .prop_filter("two clocks", |(x, y, _)| x != y)
            .prop_map(|(x, y, b)| Operation::Constrain(x, y, b)),
    ]
}

/// Applies an operation; false if nothing is left.
fn apply(zone: &mut Zone<CLOCKS>, operation: Operation) -> bool {
    match operation {
        Operation::Delay => zone.delay(),
        Operation::Reset(x) => zone.reset(x),
        Operation::Copy(x, y) => zone.copy(x, y),
        Operation::Free(x) => zone.free(x),
        Operation::Constrain(x, y, b) => return zone.constrain(x, y, b),
    }
    true
}

/// A zone that some operations lead to.
fn zone() -> impl Strategy<Value = Zone<CLOCKS>> {
    prop::collection::vec(operation(), 0..12).prop_map(|operations| {
        let mut zone = Zone::origin();
        zone.delay();
        for operation in operations {
            let before = zone;
            if !apply(&mut zone, operation) {
                zone = before;
            }
        }
        zone
    })
}

fn grid(step: i64, most: i64) -> impl Iterator<Item = [i64; CLOCKS]> {
    let values = move || (0..=most * UNIT).step_by(step as usize);
    values().flat_map(move |a| values().flat_map(move |b| values().map(move |c| [0, a, b, c])))
}

/// What an operation should leave, point by point, by its definition.
fn expected(before: &Zone<CLOCKS>, operation: Operation, point: &[i64; CLOCKS]) -> bool {
    let with = |x: usize, value: i64| {
        let mut other = *point;
        other[x] = value;
        before.contains(&other)
    };
    let mut any = (0..=(2 * MOST + 1) * UNIT).rev();
    match operation {
        Operation::Delay => any.any(|d| {
            let earlier = [0, point[1] - d, point[2] - d, point[3] - d];
            earlier.iter().all(|&v| v >= 0) && before.contains(&earlier)
        }),
        Operation::Reset(x) => point[x] == 0 && any.any(|value| with(x, value)),
        Operation::Copy(x, y) => point[x] == point[y] && any.any(|value| with(x, value)),
        Operation::Free(x) => any.any(|value| with(x, value)),
        Operation::Constrain(x, y, b) => b.admits(point[x] - point[y]) && before.contains(point),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn every_operation_does_what_its_definition_says(zone in zone(), operation in operation()) {
        let mut after = zone;
        let possible = apply(&mut after, operation);
        let mut left = false;
        for point in grid(2, MOST) {
            let should = expected(&zone, operation, &point);
            left |= should;
            if possible {
                prop_assert_eq!(after.contains(&point), should, "{:?} at {:?}", operation, point);
            } else {
                prop_assert!(!should, "{:?} leaves {:?}", operation, point);
            }
        }
        // Values above the grid may be left, never the other way round.
        prop_assert!(possible || !left);
    }

    #[test]
    fn inclusion_is_inclusion_of_points(left in zone(), right in zone()) {
        let points = grid(2, 3 * MOST + 1).all(|p| !right.contains(&p) || left.contains(&p));
        prop_assert_eq!(left.includes(&right), points);
    }

    #[test]
    fn extrapolation_adds_only_what_is_simulated(
        zone in zone(),
        limits in prop::array::uniform3((prop::option::of(0..=MOST), prop::option::of(0..=MOST))),
    ) {
        let mut all = [ClockLimits::default(); CLOCKS];
        for (clock, (lower, upper)) in limits.into_iter().enumerate() {
            all[clock + 1] = ClockLimits { lower: lower.map(|c| c * UNIT), upper: upper.map(|c| c * UNIT) };
        }
        let mut wide = zone;
        wide.extrapolate(&all);
        prop_assert!(wide.includes(&zone));
        prop_assert!((0..CLOCKS).all(|x| wide.bound(x, x) == Bound::ZERO));
        // Two differences of the zone may put a clock that far beyond a point's.
        let inside: Vec<_> = grid(2, 3 * MOST + 1).filter(|p| zone.contains(p)).collect();
        for point in grid(4, MOST + 1).filter(|p| wide.contains(p) && !zone.contains(p)) {
            let simulated = inside.iter().any(|w| (1..CLOCKS).all(|x| {
                let Limits { lower, upper } = Limits::of(&all[x]);
                w[x] == point[x] || (lower < w[x] && w[x] < point[x]) || (upper < point[x] && point[x] < w[x])
            }));
            prop_assert!(simulated, "{:?} is in {:?} but nothing of {:?} simulates it", point, wide, zone);
        }
    }
}

/// Nothing sees by how much clock 1 exceeds its limits, so neither its bounds remain nor what it is beyond clock 2.
#[test]
fn extrapolation_forgets_what_no_guard_can_tell_apart() {
    let mut zone = Zone::<3>::origin();
    zone.delay();
    assert!(zone.at_least(1, 8));
    zone.reset(2);
    zone.delay();
    assert!(zone.at_least(2, 7) && zone.at_most(1, 15));
    let limits = [(None, None), (Some(3), Some(2)), (Some(10), Some(10))];
    zone.extrapolate(&limits.map(|(lower, upper)| ClockLimits { lower, upper }));
    assert_eq!((zone.bound(0, 1), zone.bound(1, 0)), (Bound::strict(-2), Bound::NONE));
    assert_eq!((zone.bound(1, 2), zone.bound(2, 1)), (Bound::NONE, Bound::strict(5)));
    assert_eq!((zone.bound(0, 2), zone.bound(2, 0)), (Bound::weak(-7), Bound::weak(7)));
}

/// Limits as numbers below every value where there is none.
struct Limits {
    lower: i64,
    upper: i64,
}

impl Limits {
    fn of(limits: &ClockLimits) -> Limits {
        Limits { lower: limits.lower.unwrap_or(-1), upper: limits.upper.unwrap_or(-1) }
    }
}

/// A timed automaton with two clocks and closed guards, made of numbers.
#[derive(Clone, Debug)]
struct Random {
    edges: Vec<(u8, u8, Vec<Guard>, Vec<Update>)>,
    invariants: Vec<(u8, usize, i64)>,
}

const LOCATIONS: u8 = 5;

impl Automaton<3> for Random {
    type Location = u8;
    type Action = usize;

    fn initial(&self) -> Vec<u8> {
        vec![0]
    }

    fn edges(&self, location: &u8, out: &mut Vec<Edge<u8, usize>>) {
        for (number, (from, to, guards, updates)) in self.edges.iter().enumerate() {
            if from == location {
                let mut edge = Edge::new(number, *to);
                guards.iter().for_each(|&guard| edge.guards.push(guard));
                updates.iter().for_each(|&update| edge.updates.push(update));
                out.push(edge);
            }
        }
    }

    fn invariants(&self, location: &u8, out: &mut impl FnMut(usize, i64)) {
        self.invariants.iter().filter(|(at, ..)| at == location).for_each(|&(_, clock, most)| out(clock, most));
    }

    /// The least fixed point of what [`limits_are_consistent`] asks for.
    fn limits(&self, location: &u8) -> [ClockLimits; 3] {
        let mut limits = vec![[ClockLimits::default(); 3]; LOCATIONS as usize];
        for _ in 0..2 * LOCATIONS {
            for &(at, clock, most) in &self.invariants {
                limits[at as usize][clock].from_above(most);
            }
            for (from, to, guards, updates) in &self.edges {
                for guard in guards {
                    match *guard {
                        Guard::AtLeast(clock, c) => limits[*from as usize][clock].from_below(c),
                        Guard::AtMost(clock, c) => limits[*from as usize][clock].from_above(c),
                    }
                }
                let mut origin = [Some(0), Some(1), Some(2)];
                for update in updates {
                    match *update {
                        Update::Reset(clock) => origin[clock] = None,
                        Update::Copy(to, from) => origin[to] = origin[from],
                    }
                }
                let ahead = limits[*to as usize];
                for clock in 1..3 {
                    if let Some(source) = origin[clock] {
                        let here = &mut limits[*from as usize][source];
                        here.lower = here.lower.max(ahead[clock].lower);
                        here.upper = here.upper.max(ahead[clock].upper);
                    }
                }
            }
        }
        limits[*location as usize]
    }

    fn is_goal(&self, location: &u8) -> bool {
        *location == LOCATIONS - 1
    }
}

impl Random {
    /// True if the goal can be reached with whole numbers: for closed guards the same as in dense time (T. Henzinger,
    /// Z. Manna, A. Pnueli, What good are digital clocks?, 1992).
    fn reaches_the_goal_digitally(&self) -> bool {
        let most = MOST + 1;
        let allowed = |location: u8, clocks: [i64; 3]| {
            self.invariants.iter().all(|&(at, clock, c)| at != location || clocks[clock] <= c)
        };
        let mut seen = BTreeSet::new();
        let mut queue = Vec::new();
        if allowed(0, [0; 3]) {
            queue.push((0u8, [0i64; 3]));
        }
        while let Some((location, clocks)) = queue.pop() {
            if !seen.insert((location, clocks)) {
                continue;
            }
            if self.is_goal(&location) {
                return true;
            }
            let later = [0, (clocks[1] + 1).min(most), (clocks[2] + 1).min(most)];
            if allowed(location, later) {
                queue.push((location, later));
            }
            for (from, to, guards, updates) in &self.edges {
                let open = guards.iter().all(|guard| match *guard {
                    Guard::AtLeast(clock, c) => clocks[clock] >= c,
                    Guard::AtMost(clock, c) => clocks[clock] <= c,
                });
                if *from == location && open {
                    let mut next = clocks;
                    for update in updates {
                        match *update {
                            Update::Reset(clock) => next[clock] = 0,
                            Update::Copy(to, from) => next[to] = next[from],
                        }
                    }
                    if allowed(*to, next) {
                        queue.push((*to, next));
                    }
                }
            }
        }
        false
    }
}

fn random_automaton() -> impl Strategy<Value = Random> {
    let guard = (1..3usize, 0..=MOST, any::<bool>())
        .prop_map(|(clock, c, below)| if below { Guard::AtLeast(clock, c) } else { Guard::AtMost(clock, c) });
    let update = prop_oneof![
        3 => (1..3usize).prop_map(Update::Reset),
        1 => (1..3usize).prop_map(|x| Update::Copy(x, 3 - x)),
    ];
    let edge = (0..LOCATIONS, 0..LOCATIONS, prop::collection::vec(guard, 0..3), prop::collection::vec(update, 0..2));
    let invariant = (0..LOCATIONS, 1..3usize, 0..=MOST);
    (prop::collection::vec(edge, 4..12), prop::collection::vec(invariant, 0..4))
        .prop_map(|(edges, invariants)| Random { edges, invariants })
}

/// The same automaton, which says other limits.
struct Says<'a> {
    automaton: &'a Random,
    limits: Vec<[ClockLimits; 3]>,
}

impl Automaton<3> for Says<'_> {
    type Location = u8;
    type Action = usize;

    fn initial(&self) -> Vec<u8> {
        self.automaton.initial()
    }

    fn edges(&self, location: &u8, out: &mut Vec<Edge<u8, usize>>) {
        self.automaton.edges(location, out);
    }

    fn invariants(&self, location: &u8, out: &mut impl FnMut(usize, i64)) {
        self.automaton.invariants(location, out);
    }

    fn limits(&self, location: &u8) -> [ClockLimits; 3] {
        self.limits[usize::from(*location)]
    }

    fn is_goal(&self, location: &u8) -> bool {
        self.automaton.is_goal(location)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// The limits of a random automaton are the least there are: each that is lowered is missed where it is lowered.
    #[test]
    fn limits_that_are_too_small_are_seen(automaton in random_automaton()) {
        let least: Vec<_> = (0..LOCATIONS).map(|location| automaton.limits(&location)).collect();
        for location in 0..LOCATIONS {
            for clock in 1..3 {
                for upper in [false, true] {
                    let mut limits = least.clone();
                    let limit = &mut limits[usize::from(location)][clock];
                    let limit = if upper { &mut limit.upper } else { &mut limit.lower };
                    let Some(constant) = *limit else { continue };
                    *limit = (constant > 0).then_some(constant - 1);
                    let says = Says { automaton: &automaton, limits };
                    prop_assert!(!limits_are_consistent(&says, &location));
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn a_search_agrees_with_digital_clocks(automaton in random_automaton()) {
        for location in 0..LOCATIONS {
            prop_assert!(limits_are_consistent(&automaton, &location));
        }
        let found = search(&automaton, Options::default(), |_| true);
        prop_assert!(found.complete);
        prop_assert_eq!(found.reached(), automaton.reaches_the_goal_digitally());
    }

    #[test]
    fn the_earliest_schedule_is_the_least_of_all(
        constraints in prop::collection::vec((0..4usize, 0..4usize, -3..=3i64, 0..4u8), 0..7),
    ) {
        let mut schedule = Schedule::new(4);
        for &(from, to, gap, kind) in &constraints {
            match kind {
                0 => schedule.at_least(from, to, gap),
                1 => schedule.at_most(from, to, gap),
                2 => schedule.more_than(from, to, gap),
                _ => schedule.less_than(from, to, gap),
            }
        }
        // Fifths: four events, strict bounds.
        let holds = |times: &[i128]| constraints.iter().all(|&(from, to, gap, kind)| {
            let (difference, gap) = (times[to] - times[from], i128::from(gap));
            match kind {
                0 => difference >= 5 * gap,
                1 => difference <= 5 * gap,
                2 => difference > 5 * gap,
                _ => difference < 5 * gap,
            }
        });
        let all = (0..=50).flat_map(|a| (0..=50).flat_map(move |b| (0..=50).map(move |c| [0, a, b, c])));
        match schedule.earliest() {
            None => prop_assert!(!all.into_iter().any(|times| holds(&times))),
            Some(times) => {
                let fifths: Vec<i128> = times.numerators.iter().map(|t| t * 5 / times.denominator).collect();
                prop_assert!(holds(&fifths), "{:?}", times);
                prop_assert!(all.into_iter().filter(|t| holds(t)).all(|t| (0..4).all(|i| fifths[i] <= t[i])));
            }
        }
    }
}

/// The sums that a schedule makes are wider than the constants of its constraints.
#[test]
fn a_schedule_of_the_largest_constants_does_not_overflow() {
    let mut schedule = Schedule::new(40);
    (1..40).for_each(|event| schedule.at_least(event - 1, event, Bound::LARGEST));
    let times = schedule.earliest().expect("nothing is in the way");
    assert_eq!((times.numerators[39], times.denominator), (39 << 56, 1));
    // A cycle that asks for more and more, away from event 0.
    schedule.at_least(39, 1, Bound::LARGEST);
    assert_eq!(schedule.earliest(), None);
}

#[test]
fn what_must_exceed_a_constant_exceeds_it_by_a_fraction() {
    let mut schedule = Schedule::new(3);
    schedule.more_than(0, 1, 1);
    schedule.more_than(1, 2, 1);
    let times = schedule.earliest().expect("nothing is in the way");
    assert_eq!((times.numerators, times.denominator), (vec![0, 5, 10], 4));
    // Where nothing is strict times are whole.
    let mut schedule = Schedule::new(2);
    schedule.at_least(0, 1, 1);
    let times = schedule.earliest().expect("nothing is in the way");
    assert_eq!((times.numerators, times.denominator), (vec![0, 1], 1));
}

/// A train passes at its earliest 3 after it was announced, at its latest 5; a gate takes at most 4 to close.
#[test]
fn the_shortest_path_is_found_in_dense_time() {
    let gate = Random {
        edges: vec![
            (0, 1, vec![], vec![Update::Reset(1), Update::Reset(2)]),
            (1, 2, vec![Guard::AtLeast(2, 4)], vec![]),
            (1, 4, vec![Guard::AtLeast(1, 3), Guard::AtMost(2, 2)], vec![]),
            (1, 3, vec![Guard::AtLeast(1, 3)], vec![Update::Reset(2)]),
            (3, 4, vec![Guard::AtMost(1, 3), Guard::AtMost(2, 0)], vec![]),
        ],
        invariants: vec![(1, 1, 5)],
    };
    let found = search(&gate, Options::default(), |_| true);
    let edges: Vec<usize> = found.path.expect("the gate is too slow").iter().map(|step| step.action).collect();
    assert_eq!(edges, [0, 3, 4]);
    // A path that is not accepted shows that the goal is reached all the same.
    let refused = search(&gate, Options::default(), |_| false);
    assert!(refused.reached() && refused.complete && refused.path.is_none());
    assert_eq!((refused.rejected, refused.locations, refused.zones, refused.generated), (1, 5, 5, 4));
    let cut_short = search(&gate, Options { max_zones: 1, ..Options::default() }, |_| true);
    assert!(!cut_short.reached() && !cut_short.complete);
}
