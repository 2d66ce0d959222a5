//! The shipped scenarios with a data plane: verdicts, figures, causes, the guide's sentences, and the README's table.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use leasehold_model::data_plane::cause::causes;
use leasehold_model::data_plane::{Judged, claims, judge};
use leasehold_model::explore::{End, Options};
use leasehold_model::migration::Status;
use leasehold_scenarios::data_plane::{DataPlane, ExpectedTruth};
use leasehold_scenarios::inventory::files::Disk;
use leasehold_scenarios::resolve::{Request, resolve};
use leasehold_scenarios::scenario::Expected;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/library/guides/openstack")
}

/// Every scenario, by name.
fn library() -> Vec<(String, DataPlane)> {
    let mut names: Vec<String> = std::fs::read_dir(root())
        .expect("a directory")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a UTF-8 name"))
        .filter(|name| name != "common")
        .collect();
    names.sort();
    let read = |name: String| {
        let paths = vec![root().join(&name).to_str().expect("a UTF-8 path").to_string()];
        let resolved = resolve(&Request { paths, ..Request::default() }, &Disk);
        let resolved = resolved.unwrap_or_else(|failed| panic!("{name}: {:#?}", failed.problems));
        (name, resolved.data_plane.expect("it has a data plane"))
    };
    names.into_iter().map(read).collect()
}

fn judged(read: &DataPlane) -> Judged {
    let judged = judge(&read.problem, read.question, &Options::default());
    assert_eq!(judged.end, End::Complete);
    judged
}

fn statuses(judged: &Judged) -> [Status; 3] {
    [judged.reachable(), judged.attached().expect("there are volumes"), judged.leaks()]
}

#[test]
fn verdicts_figures_causes_and_sentences() {
    let (mut table, mut wrong) = (String::new(), String::new());
    for (name, read) in library() {
        let judged = judged(&read);
        let expect = [read.expect.reachable, read.expect.attached, read.expect.leaks];
        for (status, expected) in statuses(&judged).into_iter().zip(expect) {
            let expected = match expected.unwrap_or_else(|| panic!("{name}: all three properties are expected")) {
                Expected::Holds => Status::Holds,
                Expected::Violated => Status::Violated,
            };
            if status != expected {
                let _ = writeln!(wrong, "{name}: {} instead of {}", status.name(), expected.name());
            }
        }
        let figures: Vec<String> = judged
            .clients
            .iter()
            .map(|of| format!("{:?} {:?}{}", of.client, of.outage.figure, if of.for_good { ", for good" } else { "" }))
            .collect();
        let codes: Vec<&str> = causes(&judged).iter().map(|cause| cause.code.id()).collect();
        let _ = writeln!(table, "{name}: {}", figures.join("; "));
        let _ = writeln!(
            table,
            "  {:?} states, {:?}, left {:?}, {}",
            judged.states,
            judged.last_chance,
            judged.leaks,
            codes.join(" ")
        );
        for quote in &read.claims {
            let found = claims::judge(&read.problem, quote.claim, 100_000);
            let expected = match quote.expect.expect("what becomes of every sentence is expected") {
                ExpectedTruth::Confirmed => "Confirmed",
                ExpectedTruth::Partly => "Partly",
                ExpectedTruth::Refuted => "Refuted",
            };
            if format!("{:?}", found.truth) != expected {
                let _ = writeln!(wrong, "{name}: {:?} is {:?}", quote.claim, found.truth);
            }
        }
    }
    assert!(wrong.is_empty(), "not as expected:\n{wrong}");
    insta::assert_snapshot!(table, @"");
}

#[test]
fn the_readme_lists_every_scenario_with_its_verdicts() {
    let readme = std::fs::read_to_string(root().join("../../README.md")).expect("the library has a README");
    let listed: Vec<Vec<&str>> = readme
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"))
        .map(|row| row.split(" | ").collect::<Vec<_>>())
        .filter(|cells| cells.len() == 5 && cells[0] != "name")
        .map(|cells| cells[..4].to_vec())
        .collect();
    let shipped: Vec<(String, Judged)> = library().into_iter().map(|(name, read)| (name, judged(&read))).collect();
    let mut expected: Vec<Vec<&str>> = shipped
        .iter()
        .map(|(name, judged)| [vec![name.as_str()], statuses(judged).map(Status::name).to_vec()].concat())
        .collect();
    expected.sort();
    let mut listed = listed;
    listed.sort();
    assert_eq!(listed, expected);
}
