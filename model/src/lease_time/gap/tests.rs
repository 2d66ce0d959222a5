use super::*;
use crate::zones::automaton::limits_are_consistent;

#[test]
fn limits_cover_a_leader_that_stops_slowly() {
    let succession = Succession {
        end: End::IsCutOff,
        own_retry: 2,
        retry: 2,
        longest_retry: 4,
        valid: 15,
        request: 1,
        lingers: [12, 10],
        stop: 9,
        at_least: 5,
    };
    let location = Location { leader: Leader::Lingers(false), ..succession.initial()[0] };
    assert!(limits_are_consistent(&succession, &location));
}
