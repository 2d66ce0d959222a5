//! Every shipped scenario rehearsed: for each point of its plan what is said of the way back.
//!
//! The numbers are exact. A change in them is a change of the model, of the facts or of a scenario, and needs a reason.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use leasehold_model::explore::{End, Options};
use leasehold_model::migration::{Property, Status, check};
use leasehold_model::rehearsal::{At, Judged, Naive, rehearse};
use leasehold_scenarios::compile::compile;
use leasehold_scenarios::inventory::files::Disk;
use leasehold_scenarios::resolve::{Request, resolve};

fn library() -> Vec<PathBuf> {
    fn below(directory: &Path, found: &mut Vec<PathBuf>) {
        let mut entries: Vec<PathBuf> =
            std::fs::read_dir(directory).expect("a directory").map(|entry| entry.expect("an entry").path()).collect();
        entries.sort();
        if entries.iter().any(|entry| entry.ends_with("scenario.yaml")) {
            return found.push(directory.to_path_buf());
        }
        entries.iter().filter(|entry| entry.is_dir()).for_each(|entry| below(entry, found));
    }
    let mut found = Vec::new();
    below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/library"), &mut found);
    found
}

/// `3 holds 12`: after three steps every one of 12 states has a safe way back; `3+`: within the step after them.
#[test]
fn points() {
    let mut out = String::new();
    let options = Options { symmetry: true, ..Options::default() };
    for directory in library() {
        let paths = vec![directory.to_str().expect("a UTF-8 path").to_string()];
        let resolved = resolve(&Request { paths, ..Request::default() }, &Disk).expect("it is read");
        let problem = compile(&resolved).problem();
        let rehearsal = rehearse(&problem, &options).expect("it fits");
        assert_eq!(rehearsal.end, End::Complete);
        let name = directory.file_name().expect("a name").to_string_lossy().into_owned();
        let _ = writeln!(out, "{name}: {} states", rehearsal.states);
        for point in &rehearsal.points {
            let at = match point.at {
                At::After(steps) => format!("{steps}"),
                At::Within(step) => format!("{step}+"),
            };
            let judged = match point.judged {
                Judged::Safe => format!("safe {}", point.states),
                Judged::Harmful => format!("HARMFUL, safe {} of {}", point.safe, point.states),
                Judged::Lost => {
                    format!("LOST, safe {}, exclusive {} of {}", point.safe, point.exclusive, point.states)
                }
            };
            let naive = match &point.naive {
                Naive::Safe => "",
                Naive::Unsafe(_) if point.judged == Judged::Safe => ", naive UNSAFE",
                Naive::Unsafe(_) => "",
                Naive::CutShort => ", naive cut short",
            };
            let way = match &point.way {
                Some(way) => {
                    let harms: Vec<String> = way.harms.iter().map(|(harm, ..)| format!("{harm:?}")).collect();
                    format!(", {} to {} moves {}", way.fewest, way.moves, harms.join(" "))
                }
                None => ", no way".into(),
            };
            let _ = writeln!(out, "  {at} {judged}{way}{naive}");
        }
        let returnable = check(&problem, &options).expect("it fits").of(Property::Returnable).status;
        let lost = rehearsal.points.iter().any(|point| point.judged == Judged::Lost);
        assert_eq!(lost, returnable == Status::Violated, "{name}");
    }
    insta::assert_snapshot!(out, @"");
}
