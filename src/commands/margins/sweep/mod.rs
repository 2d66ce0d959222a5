//! `margins --sweep`: a map of where a lease is safe over two parameters.
//!
//! * [`axis`]: the axes as written. [`resume`]: rows kept in a file. [`inequality`]: what arithmetic says of the map.
//! * [`document`]: the map as data, which is also the JSON output.
//!
//! The map itself is [`leasehold_model::lease_time::frontier`]; here rows are handed to threads, shown, kept and stopped.

pub mod axis;
pub mod document;
mod inequality;
mod resume;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use leasehold_model::lease_time::answers::Theorem;
use leasehold_model::lease_time::frontier::{Axis, Sweep, Varied};

use self::document::{Counts, Document, Row, letter, scale};
use self::resume::Resume;
use super::judge::{Group, Judge, contender};
use crate::exit::Failure;
use crate::progress::Watch;
use crate::render::layout::count;

/// A sweep that is expected to take longer says so before it goes on.
const LONG: Duration = Duration::from_secs(60);

/// What to sweep, and how.
pub struct Wish<'a> {
    /// Both axes.
    pub axes: [Axis; 2],
    /// Where rows are kept.
    pub resume: Option<&'a PathBuf>,
    /// What is assumed, as data.
    pub assumed: super::document::Assumed,
}

/// Sweeps over one lease.
///
/// # Errors
/// If the file of rows is of another sweep, or cannot be read or written.
pub fn run(judge: &Judge, group: &Group, wish: Wish<'_>) -> Result<Document, Failure> {
    let [first, second] = wish.axes;
    let mut sweep = Sweep::new(&judge.question(group), first, second);
    let points = sweep.along.count();
    let (resume, known) = match wish.resume {
        Some(path) => {
            let (resume, known) = Resume::open(path, &named(judge, group, &sweep), points)?;
            (Some(resume), known)
        }
        None => (None, BTreeMap::new()),
    };
    let rows = work(&mut sweep, &judge.theorem, known, resume)?;
    Ok(told(judge, group, &sweep, rows, wish.assumed))
}

/// Everything that answers depend on.
fn named(judge: &Judge, group: &Group, sweep: &Sweep) -> String {
    let axis = |axis: &Axis| {
        let last = axis.value(axis.count() - 1);
        let [from, to] = [axis.from, last].map(|value| axis::shown(axis.varied, value));
        format!("{}={from}..{to}/{}", axis.varied.name(), axis.steps)
    };
    let contenders: Vec<String> = judge
        .question(group)
        .contenders
        .iter()
        .map(|c| {
            let [lease, renew, retry] = [c.durations.lease(), c.durations.renew(), c.durations.retry()];
            format!("{lease}/{renew}/{retry}@{} limit {}", c.client_go, c.waits())
        })
        .collect();
    let a = &judge.assumed;
    let reply = a.reply_delay.map_or_else(|| "any".into(), |d| d.to_string());
    format!(
        "{},{} of {}; reply delay {reply}, stop time {}, pause {}, clock rate {}ppm",
        axis(&sweep.along),
        axis(&sweep.across),
        contenders.join(" and "),
        a.stop_time,
        a.pause,
        a.clock_ppm
    )
}

/// Does the rows that are not known yet, on every core, until they are done or Ctrl-C comes.
fn work(
    sweep: &mut Sweep,
    theorem: &Theorem,
    known: BTreeMap<usize, String>,
    resume: Option<Resume>,
) -> Result<BTreeMap<usize, String>, Failure> {
    let watch = Watch::new();
    let all = sweep.across.count();
    let missing: Vec<usize> = (0..all).filter(|row| !known.contains_key(row)).collect();
    let began = Instant::now();
    let done = Mutex::new((known, resume, None));
    let go_on = || !Watch::interrupted();
    let one = |sweep: &Sweep, row: usize| {
        let Some(points) = sweep.row(theorem, row, &go_on) else { return };
        let points: String = points.into_iter().map(letter).collect();
        let mut done = done.lock().expect("no thread panics while it writes a row");
        if let Some(Err(error)) = done.1.as_mut().map(|file| file.add(row, &points)) {
            done.2 = Some(error);
        }
        done.0.insert(row, points);
        let line = |elapsed| line(done.0.len(), all, elapsed);
        watch.show(line);
    };
    if let Some((&row, rest)) = missing.split_first()
        && go_on()
    {
        sweep.prepare(theorem);
        one(sweep, row);
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(rest.len().max(1));
        let expected = began.elapsed() * u32::try_from(rest.len().div_ceil(threads)).unwrap_or(u32::MAX);
        if expected > LONG {
            anstream::eprintln!(
                "{}: up to {} min. Ctrl-C stops and prints what is known; --resume FILE keeps it",
                count(rest.len(), "row"),
                expected.as_secs().div_ceil(60)
            );
        }
        let (next, sweep) = (AtomicUsize::new(0), &*sweep);
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    while let Some(&row) = rest.get(next.fetch_add(1, Ordering::Relaxed)).filter(|_| go_on()) {
                        one(sweep, row);
                    }
                });
            }
        });
    }
    let (rows, _, error) = done.into_inner().expect("no thread panics while it writes a row");
    match error {
        Some(error) => Err(Failure::Environment(format!("--resume: a row cannot be written: {error}"))),
        None => Ok(rows),
    }
}

fn line(done: usize, all: usize, elapsed: Duration) -> String {
    let left = elapsed.as_secs_f64() / done as f64 * (all - done) as f64;
    format!("sweeping: {done} of {all} rows, about {left:.0} s left   Ctrl-C: stop with what was found")
}

fn told(
    judge: &Judge,
    group: &Group,
    sweep: &Sweep,
    rows: BTreeMap<usize, String>,
    assumed: super::document::Assumed,
) -> Document {
    let (along, across) = (scale(sweep.along), scale(sweep.across));
    let last = along.values - 1;
    let less_is_worse = sweep.along.varied == Varied::LeaseDuration;
    let mut counts = Counts::default();
    let row = |number: usize| {
        let points = rows.get(&number).cloned();
        // The safest first.
        let places = |letter: u8| {
            let all = points.as_deref().unwrap_or("").as_bytes().iter().enumerate();
            all.filter(move |(_, l)| **l == letter).map(|(n, _)| if less_is_worse { last - n } else { n })
        };
        let value = |place: usize| along.at(if less_is_worse { last - place } else { place });
        let (safe, broken) = (places(b's').max().map(value), places(b'u').min().map(value));
        Row { at: across.at(number), points: points.clone(), safe, broken }
    };
    let rows: Vec<Row> = (0..across.values).map(row).collect();
    for row in &rows {
        for letter in row.points.as_deref().unwrap_or_default().bytes() {
            match letter {
                b's' => counts.safe += 1,
                b'u' => counts.broken += 1,
                b'-' => counts.refused += 1,
                _ => counts.undecided += 1,
            }
        }
        counts.not_asked += if row.points.is_none() { along.values } else { 0 };
    }
    Document {
        version: document::VERSION,
        complete: counts.not_asked == 0,
        lock: group.lock.clone(),
        assumed,
        contenders: group.members.iter().map(contender).collect(),
        inequality: inequality::of(&judge.question(group), sweep, &rows),
        along,
        across,
        rows,
        counts,
    }
}
