//! What becomes of several managers, one after another.

use super::*;

const ONCE: [Event; 1] = [Event::Start(0)];

fn play(specs: &[&ManagerSpec], events: &[Event]) -> (Vec<State>, Vec<String>) {
    let launched: Vec<Launch> = specs.iter().map(|spec| launch(spec)).collect();
    let contenders: Vec<Contender> =
        launched.iter().zip(specs).map(|(l, s)| Contender { launch: l, rights: &s.rights }).collect();
    let settled = settle(&contenders, events);
    let leases = settled.leases.iter().map(|(lease, holder)| format!("{}: {holder}", lease.name)).collect();
    (settled.states, leases)
}

#[test]
fn who_refuses_before_its_locks_takes_none() {
    let unknown = kcm("1.30", &["--no-such-flag"]);
    assert_eq!(play(&[&unknown], &ONCE), (vec![State::Exits(1)], vec![]));
}

#[test]
fn who_refuses_after_its_main_lease_leaves_it_to_the_next() {
    let file = file("v1beta1", LEASE, Some("endpoints"), &CANONICAL, "*");
    let removed = with_file(kcm("1.30", &[]), file);
    let State::Exits(code) = play(&[&removed], &ONCE).0[0] else { panic!("it exits") };
    assert_ne!(code, 0);
    assert_eq!(play(&[&removed], &ONCE).1, ["kube-controller-manager: 0"]);
    let next = kcm("1.30", &[]);
    let (states, leases) = play(&[&removed, &next], &[Event::Start(0), Event::Start(1)]);
    assert!(matches!(states[1], State::Runs(set) if !set.is_empty()), "{states:?}");
    assert_eq!(leases, ["kube-controller-manager: 1"]);
    // While another leads it only waits.
    let (states, leases) = play(&[&next, &removed], &[Event::Start(0), Event::Start(1)]);
    assert_eq!(
        (&states[1], &leases[..]),
        (&State::Runs(ControllerSet::EMPTY), &["kube-controller-manager: 0".into()][..])
    );
    let (states, _) = play(&[&next, &removed], &[Event::Start(0), Event::Start(1), Event::Kill(0)]);
    assert_eq!(states, [State::Killed, State::Exits(code)]);
}

#[test]
fn who_elects_no_leader_runs_beside_any_other() {
    let unlocked = kcm("1.30", &["--leader-elect=false"]);
    let (states, leases) = play(&[&unlocked, &unlocked], &[Event::Start(0), Event::Start(1)]);
    let State::Runs(first) = states[0] else { panic!("{states:?}") };
    assert!(!first.is_empty());
    assert_eq!((&states[1], leases), (&State::Runs(first), vec![]));
}
