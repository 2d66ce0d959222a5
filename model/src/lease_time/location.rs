//! Where the electors and the lease are, apart from time.

/// Whose name a record has.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Holder {
    /// The first elector.
    First,
    /// The second elector.
    Second,
    /// Any other process, an earlier one of the same manager included: a restart gives a new identity.
    Other,
}

/// What is stored.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Record {
    /// No Lease.
    Absent,
    /// A Lease with an empty holder.
    Empty,
    /// Whose, and the number of the duration it records.
    Held(Holder, u8),
}

/// What an elector holds for the state of the lease.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Seen {
    /// Nothing yet, or that nobody holds it.
    Nobody,
    /// Its own record.
    Own,
    /// Another's, with the number of its duration; its clock says since when.
    Another(u8),
    /// Another's, and it has expired.
    Expired,
}

/// A read that was answered, on its way to the elector.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Answer {
    /// What was read; none if there is no Lease.
    pub seen: Option<Seen>,
    /// It reads differently from what was read before.
    pub changed: bool,
    /// Its version is still the newest.
    pub current: bool,
    /// What is stored still reads like this.
    pub alike: bool,
}

/// What an elector does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Phase {
    /// Not started.
    Idle,
    /// Between two attempts to acquire.
    Waiting,
    /// An attempt: the update without a read is on its way.
    Updating,
    /// That update was applied.
    Updated,
    /// A read is on its way.
    Reading,
    /// It was answered.
    Answered(Answer),
    /// The write after the read is on its way; true: a create.
    Writing(bool),
    /// That write was applied.
    Written,
    /// It was told that it leads; the first renewal begins at once.
    Elected,
    /// Between two renewals.
    Sleeping,
    /// Between two attempts of one renewal.
    Polling,
    /// `renew` has failed and `release` runs: the controllers are told to stop only after it.
    Releasing,
    /// Its controllers are stopping.
    Stopping,
}

/// One elector.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Side {
    /// What it does.
    pub phase: Phase,
    /// It was told that it leads, and its controllers may act.
    pub leads: bool,
    /// What it observed.
    pub seen: Seen,
    /// What it read last reads like what is stored.
    pub alike: bool,
    /// The version that it has, or that is on its way to it, is the newest.
    pub current: bool,
    /// A write of this attempt would read like what is stored: both are its own and of the same second.
    pub repeats: bool,
    /// A write that it no longer waits for may still be applied.
    pub late: bool,
    /// Its release may still be applied.
    pub empties: bool,
}

impl Side {
    /// Not started.
    pub const IDLE: Side = Side {
        phase: Phase::Idle,
        leads: false,
        seen: Seen::Nobody,
        alike: false,
        current: false,
        repeats: false,
        late: false,
        empties: false,
    };

    /// Someone else stored a new version; `alike`: it reads like the one before.
    pub fn overtaken(&mut self, alike: bool) {
        self.current = false;
        self.late = false;
        self.alike &= alike;
        self.repeats &= alike;
        if let Phase::Answered(answer) = &mut self.phase {
            answer.current = false;
            answer.alike &= alike;
        }
    }

    /// True from the first request of an attempt to its result.
    pub fn attempts(&self) -> bool {
        use Phase::{Answered, Reading, Updated, Updating, Writing, Written};
        matches!(self.phase, Updating | Updated | Reading | Answered(_) | Writing(_) | Written)
    }

    /// True while a renewal is under way.
    pub fn renews(&self) -> bool {
        self.leads && (self.attempts() || self.phase == Phase::Polling)
    }
}

/// A pause of the first elector.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Paused {
    /// It may still come.
    Ready,
    /// Nothing in the process runs.
    Now,
    /// It just ended, and something is overdue.
    Overdue,
    /// It was, and none comes any more.
    Spent,
}

/// Everything but the clocks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Location {
    /// What is stored.
    pub record: Record,
    /// The first elector and the second.
    pub sides: [Side; 2],
    /// See [`Paused`].
    pub paused: Paused,
}

impl Location {
    /// True if both may act.
    pub fn both_lead(&self) -> bool {
        self.sides[0].leads && self.sides[1].leads
    }
}
