//! The world around the electors of a log: one Lease, requests on their way, and a script. It is told every line and refuses
//! one that the script, the API server and the HTTP client together would not have caused, so that what the electors are told
//! is true.
//!
//! It knows what an API server does with a Lease (as `testbed/electors/source/store.go` does, with the sources), and that a
//! client gives up at its deadline; it knows nothing of leader election.

use crate::log::{Fate, Line, Op, Record, Run, What};
use crate::request::{Answer, Call, Checked, Way, check, reason};
use std::collections::BTreeMap;

/// The Lease and the calls so far.
#[derive(Clone, Default)]
pub struct World {
    knows_coordination: bool,
    /// The last version given out.
    version: u64,
    /// The Lease with its version.
    lease: Option<(u64, Record)>,
    /// Those that may yet be answered or return.
    calls: BTreeMap<(String, u64), Call>,
    /// The number of the last call of each elector.
    last: BTreeMap<String, u64>,
    cancelled: BTreeMap<String, i64>,
    /// How many of the script's writes were done.
    writes: usize,
    now: i64,
}

impl World {
    /// Before the first line. The clients of all electors are of one release: it knows the fields of coordinated election, or
    /// drops them from what it reads.
    pub fn new(knows_coordination: bool) -> World {
        World { knows_coordination, ..World::default() }
    }

    /// Takes the next line.
    ///
    /// # Errors
    /// Why it cannot be.
    pub fn take(&mut self, run: &Run, line: &Line) -> Checked {
        check(line.at >= self.now, || format!("time goes back from {}", self.now))?;
        self.now = line.at;
        self.carry_out(run, line)?;
        self.calls.retain(|_, call| !call.replied || call.is_under_way());
        Ok(())
    }

    fn carry_out(&mut self, run: &Run, line: &Line) -> Checked {
        let Some(elector) = &line.elector else { return self.foreign(run, &line.what) };
        let config =
            run.header.electors.iter().find(|e| e.identity == *elector).ok_or(format!("no elector {elector}"))?;
        let scripted = match line.what {
            What::Run => config.start,
            What::Cancel => config.stop,
            _ => self.now,
        };
        check(scripted == self.now, || format!("the script says {scripted}"))?;
        self.elector(elector, &line.what)?;
        // A request that was given up may still be carried out.
        let goes_on = !matches!(line.what, What::Applied { .. } | What::Refused { .. });
        let stopped = self.now > config.stop && !self.cancelled.contains_key(elector);
        check(!(goes_on && stopped), || "the script has stopped it".into())
    }

    /// Says what is missing at the end of a log.
    ///
    /// # Errors
    /// A call that has not come to its end, or a write that was not done.
    pub fn end(&self, run: &Run) -> Checked {
        check(self.writes == run.header.writes.len(), || "not all writes of the script were done".into())?;
        match self.calls.keys().next() {
            Some((elector, call)) => Err(format!("call {call} of {elector} does not come to its end")),
            None => Ok(()),
        }
    }

    /// What someone else does.
    fn foreign(&mut self, run: &Run, what: &What) -> Checked {
        let scripted = run.header.writes.get(self.writes);
        check(scripted == Some(&self.now), || format!("the script says {scripted:?}"))?;
        self.writes += 1;
        match what {
            What::Write { version, record } => self.write(version, record),
            What::Delete => {
                self.version += 1;
                check(self.lease.take().is_some(), || "there is nothing to delete".into())
            }
            What::Nothing => check(self.lease.is_none(), || "there is a Lease".into()),
            what => Err(format!("{what:?} belongs to an elector")),
        }
    }

    fn write(&mut self, version: &str, record: &Record) -> Checked {
        check(valid(record), || "no API server takes this".into())?;
        let stored = self.put(record);
        check(version.parse() == Ok(stored), || format!("the version is {stored}"))
    }

    fn put(&mut self, record: &Record) -> u64 {
        self.version += 1;
        self.lease = Some((self.version, record.clone()));
        self.version
    }

    fn elector(&mut self, elector: &str, what: &What) -> Checked {
        let now = self.now;
        let key = |call: u64| (elector.to_owned(), call);
        match what {
            What::Request { call, op, version, record, deadline, fate } => {
                let way = self.way(*deadline, fate)?;
                check(*deadline >= self.now, || "the deadline is past: it would not have been sent".into())?;
                self.request(key(*call), *op, version, record, Some(way))
            }
            What::Unsent { call, op, version, record } => self.request(key(*call), *op, version, record, None),
            What::Again { call, deadline, fate } => {
                let way = self.way(*deadline, fate)?;
                let call = self.calls.get_mut(&key(*call)).ok_or("no such call")?;
                let before = call.way.replace(way).ok_or("it was not sent before")?;
                check(before.deadline == *deadline, || "the deadline is that of the call".into())?;
                let again = before.answered().zip(before.fate.retry_after).map(|(at, wait)| at + wait);
                check(again == Some(now), || format!("the client sends it again at {again:?}"))?;
                check(!call.replied && call.answer.take().is_some_and(|a| a.is_error()), || {
                    "nothing was refused".into()
                })
            }
            What::Applied { call, version, error } => {
                let (expected, fault) = self.apply(&key(*call))?;
                check(fault.as_deref().is_none_or(|f| f == "lost" || f == "silent"), || {
                    format!("its fault is {fault:?}")
                })?;
                let found = match (version, error) {
                    (Some(version), None) => Ok(version.clone()),
                    (None, Some(error)) => Err(error.clone()),
                    _ => return Err("either a version or an error".into()),
                };
                check(found == expected, || format!("the store says {expected:?}"))
            }
            What::Refused { call, error } => {
                let (call, way) = self.open(&key(*call))?;
                check(way.fault().and_then(reason) == Some(error), || format!("its fault is {:?}", way.fault()))?;
                call.answer = Some(Answer::Error(error.clone()));
                Ok(())
            }
            What::Reply { call, version, record, error } => self.reply(&key(*call), version, record, error),
            What::Cancel => {
                let first = self.cancelled.insert(elector.to_owned(), self.now).is_none();
                check(first, || "cancelled twice".into())
            }
            What::Write { .. } | What::Delete | What::Nothing => Err("a foreign write is no elector's".into()),
            // What an elector does by itself is judged by the elector.
            _ => Ok(()),
        }
    }

    fn request(
        &mut self,
        key: (String, u64),
        op: Op,
        version: &Option<String>,
        record: &Option<Record>,
        way: Option<Way>,
    ) -> Checked {
        let last = self.last.entry(key.0.clone()).or_default();
        check(key.1 == *last + 1, || format!("the next call is {}", *last + 1))?;
        *last = key.1;
        let before = self.calls.get(&(key.0.clone(), key.1 - 1));
        check(before.is_none_or(|call| call.replied), || "the call before it has not returned".into())?;
        check(version.is_some() == (op == Op::Update), || "an update, and nothing else, has a version".into())?;
        check(record.is_some() == (op != Op::Get), || "what is written has a record".into())?;
        let version = version.as_ref().map(|v| v.parse().map_err(|_| format!("version {v}"))).transpose()?;
        let call = Call { op, version, record: record.clone(), way, answer: None, replied: false };
        self.calls.insert(key, call);
        Ok(())
    }

    fn way(&self, deadline: i64, fate: &Fate) -> Result<Way, String> {
        let way = Way { sent: self.now, deadline, fate: fate.clone() };
        way.check().map(|()| way)
    }

    /// The call if the API server answers it now.
    fn open(&mut self, key: &(String, u64)) -> Result<(&mut Call, Way), String> {
        let now = self.now;
        let call = self.calls.get_mut(key).ok_or("no such call")?;
        let way = call.way.clone().ok_or("it was not sent")?;
        check(call.answer.is_none(), || "it was answered already".into())?;
        check(way.applied() == Some(now), || format!("the script says {:?}", way.applied()))?;
        Ok((call, way))
    }

    /// Carries a request out; returns the version or the error, and the fault.
    fn apply(&mut self, key: &(String, u64)) -> Result<(Result<String, String>, Option<String>), String> {
        let (call, way) = self.open(key)?;
        let call = call.clone();
        let answer = match (call.op, &self.lease) {
            (Op::Get, None) => Err("NotFound"),
            (Op::Get, Some((version, record))) => Ok((*version, record.clone())),
            (op, lease) => {
                let record = call.record.expect("what is written has a record");
                // An update names the UID of the Lease it is based on, by its version: no two Leases share one.
                let current = lease.as_ref().map(|(version, _)| *version);
                if op == Op::Create && !valid(&record) {
                    Err("Invalid")
                } else if op == Op::Create && lease.is_some() {
                    Err("AlreadyExists")
                } else if op == Op::Update && (current.is_none() || current != call.version) {
                    Err("Conflict")
                } else if !valid(&record) {
                    Err("Invalid")
                } else {
                    // What changes nothing is not written.
                    let same = lease.as_ref().filter(|(_, stored)| *stored == record).map(|(version, _)| *version);
                    Ok((same.unwrap_or_else(|| self.put(&record)), record))
                }
            }
        };
        let (answer, said) = match answer {
            Ok((version, record)) => (Answer::Lease(version, record), Ok(version.to_string())),
            Err(error) => (Answer::Error(error.to_owned()), Err(error.to_owned())),
        };
        self.open(key)?.0.answer = Some(answer);
        Ok((said, way.fate.fault))
    }

    fn reply(
        &mut self,
        key: &(String, u64),
        version: &Option<String>,
        record: &Option<Record>,
        error: &Option<String>,
    ) -> Checked {
        let (now, cancelled) = (self.now, self.cancelled.get(&key.0).copied());
        let knows_coordination = self.knows_coordination;
        let call = self.calls.get_mut(key).ok_or("no such call")?;
        check(!std::mem::replace(&mut call.replied, true), || "it has returned already".into())?;
        let answered = call.way.as_ref().and_then(Way::answered);
        let fault = call.way.as_ref().and_then(Way::fault);
        let at_its_time = |said: &str| {
            check(answered == Some(now), || format!("the script has {said} at {answered:?}"))?;
            check(!matches!(fault, Some("unsent" | "lost")) || said == "connection", || "the connection breaks".into())
        };
        match (version, record, error.as_deref()) {
            (Some(version), Some(record), None) => {
                at_its_time("the answer")?;
                let Some(Answer::Lease(stored, mut lease)) = call.answer.clone() else {
                    return Err(format!("the API server said {:?}", call.answer));
                };
                if !knows_coordination {
                    (lease.strategy, lease.preferred) = (None, None);
                }
                check(version.parse() == Ok(stored) && *record == lease, || {
                    format!("the API server said {stored} {lease:?}")
                })
            }
            (None, None, Some(given_up @ ("deadline" | "canceled"))) => {
                check(answered.is_none_or(|at| at >= now), || "the answer had come".into())?;
                let deadline = call.way.as_ref().map(|way| way.deadline);
                let when = match (given_up, deadline) {
                    ("deadline", deadline) => deadline.is_none_or(|deadline| deadline == now),
                    (_, Some(_)) => cancelled == Some(now),
                    (_, None) => cancelled.is_some(),
                };
                check(when, || format!("the deadline is {deadline:?}, cancelled at {cancelled:?}"))
            }
            (None, None, Some("connection")) => {
                check(matches!(fault, Some("unsent" | "lost")), || format!("the fault is {fault:?}"))?;
                at_its_time("connection")
            }
            (None, None, Some(error)) => {
                at_its_time("the answer")?;
                let said = Some(Answer::Error(error.to_owned()));
                check(call.answer == said, || format!("the API server said {:?}", call.answer))
            }
            _ => Err("either a version with a record, or an error".into()),
        }
    }
}

/// True if an API server takes the spec.
fn valid(record: &Record) -> bool {
    let named = |field: &Option<String>| field.as_ref().is_some_and(|text| !text.is_empty());
    record.duration.is_none_or(|duration| duration > 0)
        && record.transitions.is_none_or(|transitions| transitions >= 0)
        && (!named(&record.preferred) || named(&record.strategy))
}
