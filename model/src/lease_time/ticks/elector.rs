//! One elector in whole ticks, and how it is packed.

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[repr(u8)]
pub(super) enum Stage {
    Down,
    Wait,
    Renew,
    Renewed,
    Get,
    Got,
    Put,
    Create,
    Stored,
    Sleep,
    Poll,
    Stop,
}

const STAGES: [Stage; 12] = [
    Stage::Down,
    Stage::Wait,
    Stage::Renew,
    Stage::Renewed,
    Stage::Get,
    Stage::Got,
    Stage::Put,
    Stage::Create,
    Stage::Stored,
    Stage::Sleep,
    Stage::Poll,
    Stage::Stop,
];

pub(super) const NOBODY: u8 = 0;
pub(super) const MINE: u8 = 1;
pub(super) const THEIRS: u8 = 2;
pub(super) const EXPIRED: u8 = 3;
/// Read and not found; only for what a read found.
pub(super) const MISSING: u8 = 3;

/// One elector, 30 bits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Elector {
    pub(super) stage: Stage,
    /// Ticks in this stage, or since the request was sent.
    pub(super) since: u8,
    /// Ticks since the record was observed, or since the write was applied.
    pub(super) observed: u8,
    /// Ticks since the renewal began.
    pub(super) renewing: u8,
    pub(super) seen: u8,
    pub(super) leads: bool,
    /// The stored record is this elector's.
    pub(super) holds: bool,
    /// It reads like what this elector read last.
    pub(super) alike: bool,
    /// This elector knows the newest version.
    pub(super) newest: bool,
    /// Its next write would read like what is stored.
    pub(super) repeats: bool,
    /// Its attempt began in this tick.
    pub(super) young: bool,
    /// The stored record was written by an attempt that began in this tick.
    pub(super) young_record: bool,
    pub(super) found: u8,
    pub(super) found_changed: bool,
    pub(super) found_newest: bool,
    pub(super) found_alike: bool,
}

pub(super) const DOWN: Elector = Elector {
    stage: Stage::Down,
    since: 0,
    observed: 0,
    renewing: 0,
    seen: NOBODY,
    leads: false,
    holds: false,
    alike: false,
    newest: false,
    repeats: false,
    young: false,
    young_record: false,
    found: 0,
    found_changed: false,
    found_newest: false,
    found_alike: false,
};

pub(super) const BITS: u32 = 31;

impl Elector {
    pub(super) fn pack(self) -> u128 {
        let mut word = 0u128;
        let mut put = |value: u8, bits: u32| word = word << bits | u128::from(value);
        put(self.stage as u8, 4);
        put(self.since, 4);
        put(self.observed, 4);
        put(self.renewing, 4);
        put(self.seen, 2);
        put(self.found, 2);
        for flag in [
            self.leads,
            self.holds,
            self.alike,
            self.newest,
            self.repeats,
            self.young,
            self.young_record,
            self.found_changed,
            self.found_newest,
            self.found_alike,
        ] {
            put(u8::from(flag), 1);
        }
        word
    }

    pub(super) fn unpack(mut word: u128) -> Elector {
        let mut take = |bits: u32| {
            let value = (word & ((1 << bits) - 1)) as u8;
            word >>= bits;
            value
        };
        let [found_alike, found_newest, found_changed, young_record, young, repeats, newest, alike, holds, leads] =
            [(); 10].map(|()| take(1) == 1);
        let found = take(2);
        let seen = take(2);
        let renewing = take(4);
        let observed = take(4);
        let since = take(4);
        let stage = STAGES[usize::from(take(4))];
        Elector {
            stage,
            since,
            observed,
            renewing,
            seen,
            leads,
            holds,
            alike,
            newest,
            repeats,
            young,
            young_record,
            found,
            found_changed,
            found_newest,
            found_alike,
        }
    }

    pub(super) fn forget_attempt(&mut self) {
        self.repeats = false;
        self.young = false;
        self.found = 0;
        self.found_changed = false;
        self.found_newest = false;
        self.found_alike = false;
    }

    pub(super) fn overtaken(&mut self, alike: bool) {
        self.newest = false;
        self.alike &= alike;
        self.repeats &= alike;
        self.found_newest = false;
        self.found_alike &= alike;
    }

    pub(super) fn tries(&self) -> bool {
        (Stage::Renew..=Stage::Stored).contains(&self.stage)
    }

    pub(super) fn renews(&self) -> bool {
        self.leads && (self.tries() || self.stage == Stage::Poll)
    }
}
