//! Two-phase commit with n resource managers: the model checkers' common yardstick.
//!
//! The TLA+ example (`tlaplus/Examples:specifications/transaction_commit/TwoPhase.tla`), packed in one `u64`. Nothing of
//! Kubernetes is in it: it measures the explorer and cross-checks it against other tools, whose state counts are known.
use crate::explore::System;

/// Two-phase commit; `n` resource managers, 1 to 12.
#[derive(Clone, Copy, Debug)]
pub struct TwoPhaseCommit {
    /// Resource managers.
    pub n: u32,
}

/// What a transaction manager or a resource manager (by number) does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// The transaction manager commits: every resource manager is known to be prepared.
    Commit,
    /// The transaction manager aborts of its own accord.
    Abort,
    /// The transaction manager receives a manager's `Prepared` message.
    ReceivePrepared(u8),
    /// A resource manager prepares and says so.
    Prepare(u8),
    /// A resource manager aborts before it prepared.
    ChooseToAbort(u8),
    /// A resource manager learns that the transaction is committed.
    ReceiveCommit(u8),
    /// A resource manager learns that the transaction is aborted.
    ReceiveAbort(u8),
}

/// Of a resource manager, two bits.
const WORKING: u64 = 0;
const PREPARED: u64 = 1;
const COMMITTED: u64 = 2;
const ABORTED: u64 = 3;

/// Of the transaction manager, two bits.
const INIT: u64 = 0;

impl TwoPhaseCommit {
    /// Whether one manager has committed and another aborted: never reachable.
    pub fn inconsistent(&self, state: u64) -> bool {
        (0..self.n).any(|i| self.manager(state, i) == COMMITTED)
            && (0..self.n).any(|i| self.manager(state, i) == ABORTED)
    }

    /// Whether every manager has committed.
    pub fn all_committed(&self, state: u64) -> bool {
        (0..self.n).all(|i| self.manager(state, i) == COMMITTED)
    }

    // Layout, from bit 0: n × 2 bits manager, 2 bits transaction manager, n bits "is known to be prepared",
    // n bits "Prepared was sent", "Commit was sent", "Abort was sent".
    fn manager(&self, state: u64, i: u32) -> u64 {
        (state >> (2 * i)) & 3
    }
    fn with_manager(&self, state: u64, i: u32, value: u64) -> u64 {
        state & !(3 << (2 * i)) | value << (2 * i)
    }
    fn known(&self, i: u32) -> u64 {
        1 << (2 * self.n + 2 + i)
    }
    fn sent(&self, i: u32) -> u64 {
        1 << (3 * self.n + 2 + i)
    }
    fn commit(&self) -> u64 {
        1 << (4 * self.n + 2)
    }
    fn abort(&self) -> u64 {
        1 << (4 * self.n + 3)
    }
}

impl System for TwoPhaseCommit {
    type State = u64;
    type Action = Action;

    fn initial(&self) -> Vec<u64> {
        vec![0]
    }

    fn successors(&self, state: u64, out: &mut impl FnMut(Action, u64)) {
        let deciding = (state >> (2 * self.n)) & 3 == INIT;
        if deciding {
            let all_known = ((1 << self.n) - 1) << (2 * self.n + 2);
            if state & all_known == all_known {
                out(Action::Commit, state | 1 << (2 * self.n) | self.commit());
            }
            out(Action::Abort, state | 2 << (2 * self.n) | self.abort());
        }
        for i in 0..self.n {
            let name = i as u8;
            if deciding && state & self.sent(i) != 0 {
                out(Action::ReceivePrepared(name), state | self.known(i));
            }
            if self.manager(state, i) == WORKING {
                out(Action::Prepare(name), self.with_manager(state, i, PREPARED) | self.sent(i));
                out(Action::ChooseToAbort(name), self.with_manager(state, i, ABORTED));
            }
            if state & self.commit() != 0 {
                out(Action::ReceiveCommit(name), self.with_manager(state, i, COMMITTED));
            }
            if state & self.abort() != 0 {
                out(Action::ReceiveAbort(name), self.with_manager(state, i, ABORTED));
            }
        }
    }

    /// Resource managers are interchangeable: theirs are sorted.
    fn canonical(&self, state: u64) -> u64 {
        let n = self.n;
        let mut lanes = [0u64; 12];
        for i in 0..n {
            let known = (state >> (2 * n + 2 + i)) & 1;
            let sent = (state >> (3 * n + 2 + i)) & 1;
            lanes[i as usize] = self.manager(state, i) << 2 | known << 1 | sent;
        }
        lanes[..n as usize].sort_unstable();
        let shared = 3 << (2 * n) | self.commit() | self.abort();
        (0..n).zip(lanes).fold(state & shared, |packed, (i, lane)| {
            let packed = packed | (lane >> 2) << (2 * i);
            packed | ((lane >> 1) & 1) << (2 * n + 2 + i) | (lane & 1) << (3 * n + 2 + i)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explore::{End, Options, explore};

    #[test]
    fn known_numbers_of_states() {
        for (n, states) in [(1, 12), (2, 56), (3, 288), (4, 1568), (5, 8832)] {
            let system = TwoPhaseCommit { n };
            let space = explore(&system, &Options::default(), |state| system.inconsistent(state));
            assert_eq!((space.states().len(), space.end()), (states, End::Complete), "n = {n}");
        }
    }

    /// A class is what can be told apart without names: how many managers are how far.
    #[test]
    fn symmetry_makes_one_state_of_each_class() {
        for n in 1..=5 {
            let system = TwoPhaseCommit { n };
            let every = explore(&system, &Options { symmetry: false, ..Options::default() }, |_| false);
            let classes: std::collections::BTreeSet<_> = every
                .states()
                .iter()
                .map(|&state| {
                    let one = |i| (system.manager(state, i), state & system.known(i) != 0, state & system.sent(i) != 0);
                    let mut managers: Vec<_> = (0..n).map(one).collect();
                    managers.sort_unstable();
                    (managers, state >> (2 * n) & 3, state & system.commit() != 0, state & system.abort() != 0)
                })
                .collect();
            let quotient = explore(&system, &Options { symmetry: true, ..Options::default() }, |_| false);
            assert_eq!(quotient.states().len(), classes.len(), "n = {n}");
            for &state in quotient.states() {
                assert_eq!(system.canonical(state), state);
            }
        }
    }

    #[test]
    fn a_commit_beside_an_abort_is_inconsistent() {
        let system = TwoPhaseCommit { n: 2 };
        assert!(system.inconsistent(COMMITTED << 2 | ABORTED));
        assert!(!system.inconsistent(COMMITTED << 2 | COMMITTED));
        assert!(!system.inconsistent(COMMITTED << 2 | PREPARED));
    }

    #[test]
    fn twelve_managers_fit() {
        let system = TwoPhaseCommit { n: 12 };
        assert_eq!((system.commit(), system.abort()), (1 << 50, 1 << 51));
    }

    #[test]
    fn symmetry_keeps_verdict_and_distance() {
        for n in 1..=5 {
            let system = TwoPhaseCommit { n };
            for symmetry in [false, true] {
                let space =
                    explore(&system, &Options { symmetry, ..Options::default() }, |state| system.all_committed(state));
                let path = space.path(&system, space.found().expect("all can commit"));
                assert_eq!(path.len() as u32, 3 * n + 1, "n = {n}, symmetry {symmetry}");
                assert!(system.all_committed(path[path.len() - 1].1));
            }
        }
    }
}
