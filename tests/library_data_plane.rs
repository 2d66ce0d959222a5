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
        let line = format!(
            "  {:?} states, {:?}, left {:?} {}",
            judged.states,
            judged.last_chance,
            judged.leaks,
            codes.join(" ")
        );
        let _ = writeln!(table, "{}", line.trim_end());
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
    insta::assert_snapshot!(table, @r"
    gks-dns: Dns Never
      (19, 648) states, Never, left [FirstAddress] LM709
    gks-dns-cleaned-up: Dns Never
      (20, 1608) states, Never, left []
    gks-dns-not-waiting: Dns Within(60000)
      (26, 324) states, Step(4), left [FirstAddress] LM703 LM709
    gks-fixed-address: Dns Never; Fixed UntilOperator, for good
      (19, 648) states, Beginning, left [FirstAddress] LM705 LM709
    gks-floating-ip: Dns Within(5000); Fixed Within(5000)
      (17, 78) states, Never, left [SecondAddress, OutlivesService] LM709
    gks-floating-ip-as-printed: Dns Within(305000); Fixed Within(305000)
      (17, 78) states, Beginning, left [SecondAddress, OutlivesService] LM707 LM709
    gks-floating-ip-restart: Dns Within(310000); Fixed Within(310000)
      (30, 142) states, Beginning, left [SecondAddress, ThirdAddress, OutlivesService] LM707 LM709
    gks-node-replaced: Dns UntilOperator
      (101, 3312) states, Beginning, left [FirstAddress] LM704 LM709
    gks-octavia: Dns Never; Fixed Never
      (18, 456) states, Never, left []
    gks-old-deleted-early: Dns Within(60000)
      (26, 324) states, Step(4), left [FirstAddress] LM703 LM709
    gks-rotate-first: Dns UntilOperator
      (19, 648) states, Step(3), left [FirstAddress] LM701 LM709
    gks-ttl-not-lowered: Dns Within(3600000)
      (23, 54) states, Step(2), left [FirstAddress] LM703 LM709
    imke-dns: Dns Never
      (19, 648) states, Never, left [FirstAddress] LM709
    imke-upgrade-first: Dns Never
      (20, 1296) states, Never, left [FirstAddress] LM710 LM709
    ");
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
