//! How long nobody leads at most, as the model of dense time finds it ([`leasehold_model::lease_time::gap`]): one process
//! leads, a standby of the same configuration has seen its lease, every request is answered within the assumed delay.

use leasehold_model::launch::duration::GoDuration;
use leasehold_model::lease_time::gap::{End, longest};

use super::question::{Assumed, Contender};

/// The longest time without a leader after this end of a term, in nanoseconds rounded up; `None` if the durations have no
/// common unit.
pub fn after(contender: &Contender, end: End, assumed: &Assumed) -> Option<i64> {
    let request = assumed.reply_delay.unwrap_or(contender.waits());
    // The jitter falls short of its bound by a nanosecond, and a unit of one would make the search long: the bound itself
    // is a little more and prints the same.
    let mut elector = contender.elector(0);
    let millisecond = 1_000_000;
    let coarse = (elector.longest_retry.nanos + millisecond - 1) / millisecond * millisecond;
    elector.longest_retry = GoDuration { nanos: coarse };
    let gap = longest(&elector, &elector, end, request, assumed.stop_time).ok()?;
    i64::try_from(gap.nanos.div_ceil(gap.over)).ok()
}
