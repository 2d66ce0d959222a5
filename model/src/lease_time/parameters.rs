//! What a question about the lease is: the electors, and what is assumed of everything around them.

use crate::election::{Behaviour, Durations};
use crate::launch::duration::GoDuration;
use crate::release::Release;

/// One elector, as far as time is concerned.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Elector {
    /// LeaseDuration, RenewDeadline, RetryPeriod.
    pub durations: Durations,
    /// What its client-go does.
    pub behaviour: Behaviour,
    /// How long its HTTP client waits for one request: [`Durations::request_timeout`] where the lock comes from
    /// `NewFromKubeconfig`.
    pub request_timeout: GoDuration,
    /// The longest wait between two attempts to acquire: [`Durations::longest_retry`].
    pub longest_retry: GoDuration,
    /// How far its host's clock may run fast or slow, in parts per million, below a million.
    pub drift_ppm: u32,
    /// `ReleaseOnCancel`.
    pub releases: bool,
}

impl Elector {
    /// An elector as the managers of that release build it: it never releases, and its clock is exact.
    #[must_use]
    pub fn new(library: Release, durations: Durations) -> Self {
        Elector {
            durations,
            behaviour: Behaviour::of(library),
            request_timeout: durations.request_timeout(),
            longest_retry: durations.longest_retry(),
            drift_ppm: 0,
            releases: false,
        }
    }
}

/// The two electors a run is about: `first` leads, `second` takes the lease from it; and the others that may write.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pair {
    /// Leads first.
    pub first: Elector,
    /// Becomes leader while the first may still act.
    pub second: Elector,
    /// The configurations of the other electors.
    pub others: Vec<Elector>,
}

impl Pair {
    /// Any number of electors of one configuration.
    #[must_use]
    pub fn alike(elector: Elector) -> Self {
        Pair { first: elector, second: elector, others: vec![elector] }
    }

    /// Every question that any number of electors of these configurations comes to.
    #[must_use]
    pub fn all(configurations: &[Elector]) -> Vec<Pair> {
        let pairs = configurations.iter().flat_map(|first| configurations.iter().map(move |second| (first, second)));
        pairs.map(|(&first, &second)| Pair { first, second, others: configurations.to_vec() }).collect()
    }
}

/// What the other electors may do to the lease.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Others {
    /// Nothing: there are none.
    Absent,
    /// They take the lease no sooner than the duration that they judge by after the last change of the record, and renew
    /// it whenever they like.
    TakeExpired,
    /// They write it at any moment. Covers any elector whatsoever, so it refutes some configurations of unequal
    /// durations that no real run can break.
    WriteAnytime,
    /// They write only while neither of the two leads. Too weak to cover other electors: it exists to show that the
    /// comparison with explicit electors notices.
    WriteWhileNobodyLeads,
}

/// A pause of the first elector's process: nothing in it runs, its clocks do (SIGSTOP, starvation).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pause {
    /// It never happens.
    Never,
    /// Once, for at most this long; `None`: for any time.
    Once(Option<GoDuration>),
    /// Again and again, each time for at most this long.
    Often(Option<GoDuration>),
}

/// What is assumed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Assumptions {
    /// The longest time from the moment a write is applied to the moment its success is processed; `None`: only the
    /// request's own limit.
    pub reply_delay: Option<GoDuration>,
    /// The longest time from the end of `renew` to the last act of the controllers.
    pub stop_time: GoDuration,
    /// See [`Pause`].
    pub pause: Pause,
    /// Requests and their replies may be lost, and replies may be errors.
    pub loss: bool,
    /// A write whose sender no longer waits may still be applied, once, however late: a request delayed or delivered
    /// twice.
    pub late_writes: bool,
    /// Two writes of one elector read alike if their attempts began no further apart than this and in one second: the time
    /// in a record is the beginning of the attempt, and records are compared by the second
    /// (kubernetes/client-go:tools/leaderelection/leaderelection.go:446@v0.37.2 with
    /// resourcelock/leaselock.go:52@v0.37.2). `None`: no two writes read alike, which is what closed formulas take for
    /// granted and no client-go does.
    pub alike_within: Option<GoDuration>,
    /// Reads may return an older record. Writes are still compared with the newest version.
    pub stale_reads: bool,
    /// See [`Others`].
    pub others: Others,
    /// Someone deletes the Lease.
    pub deleted: bool,
    /// Someone empties the holder, or writes a duration of one second, the shortest there is.
    pub edited: bool,
}

impl Assumptions {
    /// The largest difference of two moments of one second, of clocks that count nanoseconds.
    pub const ONE_SECOND: GoDuration = GoDuration { nanos: 999_999_999 };

    /// Crash and loss only: replies may be lost but a success is instant, controllers stop at once, nobody pauses,
    /// nobody touches the Lease by hand. Crashes need no switch: a crashed process is one that no longer acts.
    #[must_use]
    pub fn crash_and_loss() -> Self {
        Assumptions {
            reply_delay: Some(GoDuration { nanos: 0 }),
            stop_time: GoDuration { nanos: 0 },
            pause: Pause::Never,
            loss: true,
            late_writes: true,
            alike_within: Some(Self::ONE_SECOND),
            stale_reads: false,
            others: Others::TakeExpired,
            deleted: false,
            edited: false,
        }
    }
}
