//! `leasehold hazards`: the catalogue of what can go wrong, each hazard with scenarios that show it.
//!
//! * [`table`]: names and titles.
//! * [`library`]: the shipped scenarios, inside the program.
//! * [`about`]: what the comment of a scenario says.
//! * [`document`]: the same as JSON.
//!
//! Contract: what is listed are the verdicts that the scenarios expect; whoever names a hazard has it judged, and is told
//! if anything differs.

pub mod about;
pub mod document;
pub mod library;
pub mod table;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use leasehold_model::explore::Options;
use leasehold_model::lease_time::answers::Theorem;
use leasehold_model::migration::Status;
use leasehold_scenarios::compile::compile;
use leasehold_scenarios::resolve::{Request, Resolved, resolve};
use leasehold_scenarios::scenario::closest;

use self::about::About;
use self::library::Embedded;
use self::table::{HAZARDS, Hazard};
use super::check::{Format, cores};
use super::generate::write;
use super::{Ran, print};
use crate::exit::{Exit, Failure};
use crate::judge::{Judgement, judge};
use crate::progress::Watch;
use crate::render;
use crate::scene::Scene;
use crate::screen::Screen;

const EXAMPLES: &str = "\
Examples:
  leasehold hazards                      all of them, one line each, with the scenarios that show them
  leasehold hazards H6                   how it comes about, the run that shows it, the cause, what mends it
  leasehold hazards H2-unquoted-star     one scenario of it
  leasehold hazards H6 -o h6/            copies its files, to be changed and checked
  leasehold hazards --format json | jq -r '.hazards[].name'

Exit codes:
  0  the list was printed, or every verdict is the one that the scenario expects: what is violated there is meant to be
  1  a verdict is another one: a fault of leasehold
  2  there is no such hazard
  3  inconclusive: the search was interrupted
  4  the environment failed: output could not be written";

/// The arguments of `hazards`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// A hazard, such as H6, or one of its scenarios, such as H6-no-rights. Without it all are listed.
    hazard: Option<String>,
    /// Copy the files of the hazard into a directory, which must not exist, or be empty; nothing is judged
    #[arg(short, long, value_name = "DIR", requires = "hazard")]
    output: Option<PathBuf>,
    /// What to print; JSON: docs/schema/hazards.v1.json
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// A scenario of a hazard.
pub struct Shipped {
    /// `H6-no-rights`
    pub name: String,
    /// The same with the mistake mended; `None`: there is none.
    pub mended_by: Option<String>,
    /// Mends another.
    pub mends: bool,
    /// What its comment says.
    pub about: About,
    /// What its file says.
    pub resolved: Resolved,
}

/// A judged scenario.
pub struct Judged {
    /// What was judged.
    pub shipped: Shipped,
    /// What was found.
    pub judgement: Judgement,
    /// The files.
    pub scene: Scene,
}

/// Lists, judges or copies.
///
/// # Errors
/// If there is no such hazard, or the result cannot be written.
pub fn run(args: &Args) -> Ran {
    let screen = Screen::stdout();
    let Some(written) = &args.hazard else {
        let all: Vec<(Hazard, Vec<Shipped>)> =
            HAZARDS.iter().map(|h| (*h, shipped(h, &library::names(h.name)))).collect();
        print(&match args.format {
            Format::Text => render::hazards::list(&all, &screen),
            Format::Json => document::list(&all),
        })?;
        return Ok(Exit::Holds);
    };
    let (hazard, names) = find(written)?;
    let shipped = shipped(&hazard, &names);
    if let Some(directory) = &args.output {
        return copy(&shipped, directory, &screen);
    }
    let judged = judged(shipped)?;
    print(&match args.format {
        Format::Text => render::hazards::text(&hazard, &judged, exit(&judged), &screen),
        Format::Json => document::judged(&hazard, &judged),
    })?;
    Ok(exit(&judged))
}

/// The hazard and the names of those of its scenarios that are meant.
fn find(written: &str) -> Result<(Hazard, Vec<String>), Failure> {
    let word = written.trim().trim_end_matches('/');
    let word = word.rsplit('/').next().unwrap_or(word);
    for hazard in HAZARDS {
        let names = library::names(hazard.name);
        if hazard.name.eq_ignore_ascii_case(word) {
            return Ok((hazard, names));
        }
        if let Some(name) = names.into_iter().find(|name| name.eq_ignore_ascii_case(word)) {
            return Ok((hazard, vec![name]));
        }
    }
    let scenarios: Vec<String> = HAZARDS.iter().flat_map(|hazard| library::names(hazard.name)).collect();
    let known: Vec<&str> = HAZARDS.iter().map(|h| h.name).chain(scenarios.iter().map(String::as_str)).collect();
    let all = "`leasehold hazards` lists all";
    Err(Failure::Usage(match closest(word, &known) {
        Some(close) => format!("no hazard is called `{written}`; did you mean {close}? {all}"),
        None => format!("no hazard is called `{written}`; {all}"),
    }))
}

/// Reads the scenarios. They are part of the program and tests have read them all.
fn shipped(hazard: &Hazard, names: &[String]) -> Vec<Shipped> {
    let all = library::names(hazard.name);
    let read = |name: &String| {
        let request = Request { paths: vec![library::directory(name)], ..Request::default() };
        let fixed = format!("{name}-fixed");
        Shipped {
            mended_by: all.contains(&fixed).then_some(fixed),
            mends: name.ends_with("-fixed"),
            about: about::about(library::text(name), hazard.name),
            resolved: resolve(&request, &Embedded).expect("a shipped scenario can be read"),
            name: name.clone(),
        }
    };
    names.iter().map(read).collect()
}

fn judged(shipped: Vec<Shipped>) -> Result<Vec<Judged>, Failure> {
    let watch = Watch::new();
    let report = |progress| watch.report(progress);
    let asked = |answered| watch.asked(answered);
    let options = Options { symmetry: true, max_states: None, threads: cores(), on_progress: Some(&report) };
    let theorem = Theorem::watched(&asked);
    let judged = shipped.into_iter().map(|shipped| {
        let plan = compile(&shipped.resolved);
        let scene = Scene::from(shipped.resolved.clone());
        let judgement = judge(plan, scene.gap, &theorem, &options).map_err(Failure::TooLarge)?;
        Ok(Judged { shipped, judgement, scene })
    });
    judged.collect()
}

/// What differs from what the scenarios expect comes first.
fn exit(judged: &[Judged]) -> Exit {
    let verdicts = || judged.iter().flat_map(|one| one.judgement.report.verdicts.iter().map(move |v| (one, v)));
    if verdicts().any(|(one, verdict)| render::verdicts::mismatch(&one.scene, verdict).is_some()) {
        Exit::Violated
    } else if verdicts().any(|(_, verdict)| verdict.status == Status::Inconclusive) {
        Exit::Inconclusive
    } else {
        Exit::Holds
    }
}

/// Writes every file that the scenarios read, in the same places below `directory` as below the library.
fn copy(shipped: &[Shipped], directory: &Path, screen: &Screen) -> Ran {
    let mut files = BTreeMap::new();
    for sources in shipped.iter().map(|one| &one.resolved.sources) {
        for file in sources.files() {
            let name = sources.name(file);
            let inside = name.strip_prefix(library::ROOT).unwrap_or(name).trim_start_matches('/');
            files.insert(inside.to_string(), sources.text(file).to_string());
        }
    }
    if write::is_occupied(directory)? {
        return Err(Failure::Usage(format!("{} is not empty: nothing was written", directory.display())));
    }
    write::fill(&files, directory)
        .map_err(|error| Failure::Environment(format!("cannot write {}: {error}", directory.display())))?;
    print(&render::hazards::copied(shipped, directory, files.len(), screen))?;
    Ok(Exit::Holds)
}
