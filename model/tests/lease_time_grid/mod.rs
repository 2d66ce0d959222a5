//! The common grid of parameter points on which every engine is asked. One tick is a second, so that every constant is a
//! whole number of ticks and recorded durations are not cut.

use leasehold_model::election::Durations;
use leasehold_model::launch::duration::GoDuration;
use leasehold_model::lease_time::ticks::{Ticks, Writers};
use leasehold_model::lease_time::{Assumptions, Elector, Others};
use leasehold_model::release::Release;

/// One point, as the tick model has it.
#[derive(Clone, Copy, Debug)]
pub struct Point {
    /// The constants.
    pub ticks: Ticks,
}

impl Point {
    /// The same question for zones.
    pub fn question(&self) -> (Elector, Assumptions) {
        let t = &self.ticks;
        let seconds = |ticks: u8| GoDuration::seconds(ticks.into());
        let minor = if t.renews_without_reading { 30 } else { 29 };
        let durations =
            Durations::new(seconds(t.lease), seconds(t.renew), seconds(t.retry)).expect("client-go takes it");
        let elector = Elector {
            longest_retry: seconds(t.longest_retry),
            request_timeout: seconds(t.timeout),
            ..Elector::new(Release::new(minor).expect("a known release"), durations)
        };
        let assumptions = Assumptions {
            reply_delay: Some(seconds(t.reply_delay)),
            stop_time: seconds(t.stop),
            alike_within: t.alike_in_a_tick.then_some(seconds(0)),
            late_writes: false,
            others: Others::WriteAnytime,
            ..Assumptions::crash_and_loss()
        };
        (elector, assumptions)
    }
}

/// All points: 5 triples of durations, 5 pairs of reply delay and stop time, 2 request limits, 2 ways to renew, writes
/// that read alike or not.
pub fn grid() -> Vec<Point> {
    let mut points = Vec::new();
    for (lease, renew, retry) in [(4, 2, 1), (5, 3, 1), (6, 4, 1), (6, 3, 1), (7, 3, 2)] {
        for (reply_delay, stop) in [(0, 0), (1, 0), (2, 0), (0, 2), (1, 1)] {
            for timeout in [1, 2] {
                for renews_without_reading in [false, true] {
                    for alike_in_a_tick in [false, true] {
                        points.push(Point {
                            ticks: Ticks {
                                electors: 2,
                                lease,
                                renew,
                                retry,
                                longest_retry: 2 * retry,
                                timeout,
                                reply_delay,
                                stop,
                                renews_without_reading,
                                alike_in_a_tick,
                                others: Writers::Anytime,
                                crash: false,
                            },
                        });
                    }
                }
            }
        }
    }
    points
}
