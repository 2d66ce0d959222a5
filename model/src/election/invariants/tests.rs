use super::super::durations::Durations;
use super::super::event::{Failure, Request};
use super::super::record::{Record, Version};
use super::super::time::{Monotonic, Wall};
use super::*;
use crate::release::Release;

/// A step that can be altered.
#[derive(Clone)]
struct Told {
    config: Config,
    before: Elector,
    now: Clock,
    event: Event,
    effects: Vec<Effect>,
    after: Elector,
}

impl Told {
    fn check(&self) -> Result<(), &'static str> {
        let Told { config, before, now, event, effects, after } = self;
        check(&Step { config, before, now: *now, event: *event, effects, after })
    }

    fn next(&self, seconds: i64, event: Event) -> Told {
        let now = Clock { monotonic: Monotonic(seconds * 1_000_000_000), wall: Wall(seconds * 1_000_000) };
        let (mut after, mut effects) = (self.after, Vec::new());
        after.handle(&self.config, now, event, &mut effects);
        let next = Told { before: self.after, now, event, effects, after, ..*self };
        assert_eq!(next.check(), Ok(()));
        next
    }

    /// The same with something wrong, and the sentence that notices.
    fn altered(&self, alter: impl FnOnce(&mut Told)) -> &'static str {
        let mut told = self.clone();
        alter(&mut told);
        told.check().expect_err("the alteration shows")
    }
}

fn config(minor: u8, durations: Durations) -> Config {
    Config::new(Release::new(minor).unwrap(), Identity(1), durations).unwrap()
}

const STORED: Event = Event::Reply(Reply::Stored(Version(2)));

fn start() -> Told {
    let (new, now) = (Elector::new(), Clock::default());
    let told = Told {
        config: config(37, Durations::CORE),
        before: new,
        now,
        event: Event::Start,
        effects: vec![],
        after: new,
    };
    told.next(0, Event::Start)
}

fn found(holder: u32, duration_seconds: i64) -> Event {
    let record = Record { holder: Identity(holder), duration_seconds, ..Record::default() };
    Event::Reply(Reply::Found(Version(1), record.lease()))
}

#[test]
fn each_sentence_can_be_false() {
    let not_found = Event::Reply(Reply::Failed(Failure::NotFound));
    let retry = Event::Timer(super::super::event::Timer::Retry);
    let start = start();
    let creates = start.next(0, not_found);
    let leads = creates.next(1, STORED);
    let later = leads.next(1, STORED).next(3, retry);
    let waits = start.next(0, found(2, 1));
    let takes = waits.next(2, retry).next(2, found(2, 1));
    let short = |millis: i64| GoDuration { nanos: millis * 1_000_000 };
    let quick = Durations::new(short(2_000), short(1_000), short(300)).unwrap();
    let noticed = [
        start.altered(|told| told.effects.clear()),
        start.altered(|told| (told.effects, told.after) = (vec![], Elector::new())),
        waits.altered(|told| told.config = config(37, quick)),
        leads.next(2, Event::Reply(Reply::Failed(Failure::Other))).altered(|told| told.after = later.after),
        start.next(0, found(0, 0)).altered(|told| (told.effects, told.after) = (leads.effects.clone(), leads.after)),
        leads.altered(|told| told.effects.insert(0, Effect::StartedLeading)),
        waits.next(1, Event::Cancel).altered(|told| told.effects.reverse()),
        takes.altered(|told| told.config = config(26, Durations::CORE)),
        leads.altered(|told| {
            for effect in &mut told.effects {
                if let Effect::Request(Request { operation: Operation::Update(_, lease), .. }) = effect {
                    lease.holder = Some(Identity(3));
                }
            }
        }),
        creates.altered(|told| told.config.coordinated = true),
        leads.altered(|told| told.now.monotonic = Monotonic(0)),
        leads.altered(|told| told.effects.insert(0, Effect::NewLeader(Identity(3)))),
    ];
    assert_eq!(noticed, ALL.map(|(sentence, _)| sentence));
}

/// What the sentence says of an altered step, whatever the others notice.
fn still(holds: fn(&Step) -> bool, of: &Told, alter: impl FnOnce(&mut Told)) -> bool {
    let mut told = of.clone();
    alter(&mut told);
    let Told { config, before, now, event, effects, after } = &told;
    holds(&Step { config, before, now: *now, event: *event, effects, after })
}

#[test]
fn controllers_that_stop_run_and_those_that_started_go_on() {
    let start = start();
    let waits = start.next(0, found(2, 1));
    let leads = start.next(0, Event::Reply(Reply::Failed(Failure::NotFound))).next(1, STORED);
    let sentence = controllers_run_from_start_to_stop;
    assert!(!still(sentence, &waits, |told| told.effects.push(Effect::StopControllers)));
    assert!(!still(sentence, &leads, |told| told.after.controllers = false));
}

#[test]
fn nothing_comes_before_the_end_or_after_it() {
    let waits = start().next(0, found(2, 1));
    let ends = waits.next(1, Event::Cancel);
    assert!(ends.after.returned());
    let sentence = run_returns_last_and_once;
    assert!(still(sentence, &ends, |_| {}));
    assert!(!still(sentence, &ends, |told| told.after = waits.after));
    assert!(!still(sentence, &ends, |told| told.after.controllers = true));
    assert!(!still(sentence, &ends, |told| told.effects = vec![Effect::Returned]));
    assert!(!still(sentence, &waits, |told| told.after = ends.after));
    assert!(!still(sentence, &waits, |told| told.effects.push(Effect::StoppedLeading)));
    let over = Told { before: ends.after, effects: vec![], ..ends };
    assert!(still(sentence, &over, |_| {}));
    assert!(!still(sentence, &over, |told| told.effects.push(Effect::NewLeader(Identity(2)))));
    assert!(!still(sentence, &over, |told| told.after = waits.after));
}

#[test]
fn a_lease_is_emptied_only_on_the_way_out_and_only_if_told_to() {
    let retry = Event::Timer(super::super::event::Timer::Retry);
    let takes = start().next(0, found(2, 1)).next(2, retry).next(2, found(2, 1));
    let leads = start().next(0, Event::Reply(Reply::Failed(Failure::NotFound))).next(1, STORED);
    let writes = |of: &Told, holder: Identity, release_on_cancel: bool| {
        still(it_writes_only_itself_or_nobody_when_it_releases, of, |told| {
            told.config.release_on_cancel = release_on_cancel;
            let lease = Record { holder, ..Record::default() }.lease();
            let operation = Operation::Update(Version(1), lease);
            for effect in &mut told.effects {
                if let Effect::Request(request) = effect {
                    request.operation = operation;
                }
            }
            assert!(told.effects.iter().any(|effect| matches!(effect, Effect::Request(r) if r.operation == operation)));
        })
    };
    assert!(writes(&takes, Identity(1), false));
    assert!(!writes(&takes, Identity::EMPTY, false));
    assert!(writes(&takes, Identity::EMPTY, true));
    assert!(!writes(&takes, Identity(3), true));
    assert!(writes(&leads, Identity(1), true));
    assert!(!writes(&leads, Identity::EMPTY, true));
}
