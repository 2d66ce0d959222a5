//! Addresses, load balancers, and answers of the name server, as the replay knows them.

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Ip {
    First,
    Second,
    Third,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Balancer {
    Old,
    New,
}

/// An answer of the name server, while it is given and for as long as it is kept.
pub(super) struct Answer {
    pub ip: Ip,
    pub until: Option<i64>,
    pub kept: i64,
    pub dropped: bool,
}

impl Answer {
    /// A cache may hold it although it is given no longer. The second address is never taken from the record again.
    pub fn is_old(&self) -> bool {
        self.ip == Ip::First && self.until.is_some() && !self.dropped
    }
}
