//! stateright and the explorer, which share no code, find the same states and come to the same verdict.
use leasehold_model::explore::stateright::Checked;
use leasehold_model::explore::{End, Options, System, explore};
use leasehold_model::two_phase_commit::TwoPhaseCommit;
use stateright::{Checker, Model};

/// Distinct states by the explorer with one and two threads and by stateright, breadth and depth first.
fn counts<S: System + Copy + Send + 'static>(system: S, symmetry: bool) -> [usize; 4] {
    let ours = |threads| {
        let space = explore(&system, &Options { symmetry, threads, ..Options::default() }, |_| false);
        assert_eq!(space.end(), End::Complete);
        space.states().len()
    };
    let checked = || {
        let checked = Checked::new(system, "true", |_, _| true);
        if symmetry { checked.symmetric() } else { checked }.checker()
    };
    let bfs = checked().spawn_bfs().join();
    let dfs = checked().spawn_dfs().join();
    [ours(1), ours(2), bfs.unique_state_count(), dfs.unique_state_count()]
}

/// Steps to the first state where `bad` holds: the explorer's shortest path and stateright's counterexample.
fn violation<S: System + Copy + Send + 'static>(
    system: S,
    symmetry: bool,
    bad: impl Fn(&S, S::State) -> bool + Copy + Send + Sync + 'static,
) -> [Option<usize>; 2] {
    let space = explore(&system, &Options { symmetry, threads: 2, ..Options::default() }, |state| bad(&system, state));
    let ours = space.found().map(|index| space.path(&system, index).len());
    let checker = Checked::new(system, "good", move |system, state| !bad(system, state)).checker().spawn_bfs().join();
    [ours, checker.discovery("good").map(|path| path.into_actions().len())]
}

/// What stateright's Explorer shows of a step.
#[test]
fn steps_are_shown_by_their_action_and_states_in_words() {
    let checked = Checked::new(Jugs, "true", |_, _| true);
    let first = checked.init_states()[0];
    let mut steps = Vec::new();
    checked.actions(&first, &mut steps);
    let step = steps[0];
    assert_eq!(format!("{step:?}"), format!("{:?}", step.action));
    assert_eq!(checked.format_step(&first, step), Some(format!("{:#?}", step.next)));
    let described = checked.described_by(|_, state| format!("jugs at {state:?}"));
    assert_eq!(described.format_step(&first, step), Some(format!("jugs at {:?}", step.next)));
}

#[test]
fn on_two_phase_commit() {
    for (n, states, classes) in [(1, 12, 12), (2, 56, 34), (3, 288, 80), (4, 1_568, 166), (5, 8_832, 314)] {
        let system = TwoPhaseCommit { n };
        assert_eq!(counts(system, false), [states; 4], "n = {n}");
        assert_eq!(counts(system, true), [classes; 4], "n = {n}, classes");
        for symmetry in [false, true] {
            assert_eq!(violation(system, symmetry, |system, state| system.inconsistent(state)), [None; 2]);
            assert_eq!(
                violation(system, symmetry, |system, state| system.all_committed(state)),
                [Some(3 * n as usize + 1); 2]
            );
        }
    }
}

/// Two jugs of three and five units: can exactly four be measured?
#[derive(Clone, Copy)]
struct Jugs;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pour {
    Fill,
    Empty,
    Over,
}

impl System for Jugs {
    type State = [u64; 2];
    type Action = (Pour, usize);
    fn initial(&self) -> Vec<[u64; 2]> {
        vec![[0, 0]]
    }
    fn successors(&self, jugs: [u64; 2], out: &mut impl FnMut((Pour, usize), [u64; 2])) {
        for (one, size) in [(0, 3), (1, 5)] {
            let (other, room) = (1 - one, size - jugs[one]);
            let set = |amount, rest| {
                let mut next = [amount, amount];
                next[other] = rest;
                next
            };
            out((Pour::Fill, one), set(size, jugs[other]));
            out((Pour::Empty, one), set(0, jugs[other]));
            let poured = room.min(jugs[other]);
            out((Pour::Over, one), set(jugs[one] + poured, jugs[other] - poured));
        }
    }
}

#[test]
fn on_jugs() {
    assert_eq!(counts(Jugs, false), [16; 4]);
    assert_eq!(violation(Jugs, false, |_, jugs| jugs[1] == 4), [Some(6); 2]);
    assert_eq!(violation(Jugs, false, |_, jugs| jugs[0] == 2 && jugs[1] == 2), [None; 2]);
}

/// Three equal workers and one lock that may be taken twice by mistake when `broken`. One action, many successors.
#[derive(Clone, Copy)]
struct Lock {
    broken: bool,
}

impl System for Lock {
    type State = u128;
    type Action = ();
    fn initial(&self) -> Vec<u128> {
        vec![0, 1, 0]
    }
    /// A byte per worker: 0 idle, 1 wants the lock, 2 has it.
    fn successors(&self, state: u128, out: &mut impl FnMut((), u128)) {
        let worker = |i: u32| (state >> (8 * i)) & 255;
        let holders = (0..3).filter(|&i| worker(i) == 2).count();
        for i in 0..3 {
            match worker(i) {
                1 if holders > 0 && !(self.broken && holders == 1) => {}
                2 => out((), state & !(255 << (8 * i))),
                _ => out((), state + (1 << (8 * i))),
            }
        }
    }
    fn canonical(&self, state: u128) -> u128 {
        let mut bytes = state.to_be_bytes();
        bytes[13..].sort_unstable();
        u128::from_be_bytes(bytes)
    }
}

#[test]
fn on_a_lock() {
    let both_have_it = |_: &Lock, state: u128| state.to_be_bytes().iter().filter(|&&worker| worker == 2).count() > 1;
    for (broken, states, classes, steps) in [(false, 20, 7, None), (true, 26, 9, Some(3))] {
        assert_eq!(counts(Lock { broken }, false), [states; 4]);
        assert_eq!(counts(Lock { broken }, true), [classes; 4]);
        for symmetry in [false, true] {
            assert_eq!(violation(Lock { broken }, symmetry, both_have_it), [steps; 2]);
        }
    }
}
