//! One question about a lease for every engine: 6 s, 4 s, 1 s, safe, so that each has to look at everything.

use leasehold_model::election::Durations;
use leasehold_model::launch::duration::GoDuration;
use leasehold_model::lease_time::ticks::{Ticks, Writers};
use leasehold_model::lease_time::{Assumptions, Elector, Others, Pair};
use leasehold_model::release::Release;

/// In whole ticks of a second.
pub const TICKS: Ticks = Ticks {
    electors: 2,
    lease: 6,
    renew: 4,
    retry: 1,
    longest_retry: 2,
    timeout: 2,
    reply_delay: 0,
    stop: 0,
    renews_without_reading: false,
    alike_in_a_tick: false,
    others: Writers::Anytime,
    crash: false,
};

/// In dense time.
///
/// # Panics
/// Never: client-go takes these durations.
#[must_use]
pub fn question() -> (Pair, Assumptions) {
    let seconds = GoDuration::seconds;
    let durations = Durations::new(seconds(6), seconds(4), seconds(1)).expect("client-go takes it");
    let elector = Elector {
        longest_retry: seconds(2),
        request_timeout: seconds(2),
        ..Elector::new(Release::new(29).expect("a known release"), durations)
    };
    let assumptions = Assumptions {
        alike_within: None,
        late_writes: false,
        others: Others::WriteAnytime,
        ..Assumptions::crash_and_loss()
    };
    (Pair::alike(elector), assumptions)
}
