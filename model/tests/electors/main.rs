//! Our elector against the real client-go of every minor: `testbed/electors/sample` holds logs of the real one in virtual
//! time, and ours must be able to do exactly what they say. `ci/electors` judges many more.

mod accept;
mod follow;
mod log;
mod mutate;
mod request;
mod unobservable;
mod words;
mod world;

use flate2::read::GzDecoder;
use leasehold_model::release::Release;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

const SAMPLE: &[u8] = include_bytes!("../../../testbed/electors/sample/runs.jsonl.gz");

fn sample() -> String {
    let mut text = String::new();
    GzDecoder::new(SAMPLE).read_to_string(&mut text).expect("the sample is a gzip file of UTF-8");
    text
}

fn minor(release: &str) -> Release {
    release.parse().expect("a release that leasehold knows")
}

#[test]
fn every_run_of_every_minor_is_a_behaviour_of_our_elector() {
    let text = sample();
    let mut runs_by_minor = BTreeMap::new();
    for lines in log::split(&text) {
        let run = accept::accept(&lines).unwrap_or_else(|error| panic!("{}\n{error}", lines[0]));
        for release in run.header.client_go.releases() {
            *runs_by_minor.entry(minor(release).minor()).or_insert(0) += 1;
        }
    }
    // 56 situations and six short seeds; five situations and a seed more of coordinated election, which begins with 0.31.
    let expected: BTreeMap<u8, i32> =
        Release::all().map(|m| (m.minor(), if m.minor() < 31 { 62 } else { 68 })).collect();
    assert_eq!(runs_by_minor, expected);
}

#[test]
fn altered_runs_are_rejected() {
    let text = sample();
    let runs = log::split(&text);
    let half = runs.len() / 2;
    let scores = std::thread::scope(|scope| {
        let threads =
            [&runs[..half], &runs[half..]].map(|part| scope.spawn(move || part.iter().map(score).collect::<Vec<_>>()));
        threads.into_iter().flat_map(|thread| thread.join().expect("the altered runs were judged")).collect::<Vec<_>>()
    });
    let mut altered = 0;
    let mut accepted: BTreeMap<&str, u32> = BTreeMap::new();
    for (count, reasons) in scores {
        altered += count;
        for (reason, count) in reasons {
            *accepted.entry(reason).or_default() += count;
        }
    }
    let unobservable = [
        ("a client before 0.31 drops the fields of coordinated election", 21),
        ("a lease stores whole seconds", 622),
        ("an elector that does not hold the lease releases nothing", 46),
        ("before 0.27 it also decides at each read of another's lease, and no read falls between", 251),
        ("every wait of the elector is a random one, and lies in the interval of both", 346),
        ("nobody reads the lease before it is written again", 1054),
        ("one instant, two electors", 98),
        ("one instant, two goroutines", 889),
        ("the client gives up before the answer comes", 283),
        ("the client's time limit stays the same, and no renewal comes near its end", 304),
        ("the elector has ended by then", 580),
        ("the elector never writes its lease duration", 153),
        ("the facts are those of a minor: its patch releases are not told apart", 1096),
        ("the name of a run says nothing about it", 500),
    ];
    assert_eq!((altered, accepted), (1_117_267, BTreeMap::from(unobservable)));
}

/// How many alterations a run has, and why some of them go unnoticed.
fn score(lines: &Vec<&str>) -> (u32, BTreeMap<&'static str, u32>) {
    let run = log::read(lines).expect("the run is accepted unaltered");
    let score = mutate::score(lines);
    let mut reasons = BTreeMap::new();
    for survivor in &score.survivors {
        let reason = unobservable::reason(&run, survivor).unwrap_or_else(|| {
            println!(
                "accepted: line {} of {}\n{}\n{}",
                survivor.line + 1,
                lines[0],
                lines[survivor.line],
                survivor.what
            );
            "NO REASON"
        });
        *reasons.entry(reason).or_default() += 1;
    }
    (score.altered, reasons)
}

/// Where the facts change from one minor to the next, a run of one is no run of the other. 0.36 changed what happens if `Run` is
/// cancelled in the very instant in which a renewal begins (a cancelled context is not even tried): no script can aim at that.
#[test]
fn a_run_of_one_minor_is_no_run_of_a_minor_that_differs() {
    let text = sample();
    let runs: Vec<_> = log::split(&text).iter().map(|lines| log::read(lines).expect("readable")).collect();
    let mut told_apart = BTreeSet::new();
    for run in &runs {
        for release in run.header.client_go.releases() {
            let own = minor(release);
            for other in Release::all().filter(|other| other.minor().abs_diff(own.minor()) == 1) {
                if accept::judge(run, &other.library()).is_err() {
                    told_apart.insert((own.minor().min(other.minor()), own.minor().max(other.minor())));
                }
            }
        }
    }
    let expected = [(25, 26), (26, 27), (29, 30), (30, 31), (31, 32), (33, 34), (36, 37)];
    assert_eq!(told_apart.into_iter().collect::<Vec<_>>(), expected);
}
