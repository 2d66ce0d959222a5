//! `leasehold rehearse`: the way back from every point of a plan, before anybody needs it.
//!
//! * [`study`]: from a plan to what is said of each of its points.
//! * [`wrong`]: ways back that look right and are not.
//! * [`undo`]: what undoing a step means for files and objects.

pub mod study;
pub mod undo;
pub mod wrong;

use clap::ValueEnum;
use leasehold_model::explore::{End, Options};
use leasehold_model::launch::duration::GoDuration;
use leasehold_model::rehearsal::{At, Judged, Point};
use leasehold_scenarios::compile::compile;
use leasehold_scenarios::resolve::Resolved;

use self::study::Study;
use super::{Ran, print};
use crate::exit::Failure;
use crate::input::{Input, Timing};
use crate::progress::Watch;
use crate::render::rehearse::{json, markdown, runbook, text};
use crate::scene::Scene;
use crate::screen::Screen;

const EXAMPLES: &str = "\
Every point of the plan is judged: after each step, and in the middle of each step with any places done and any
process down. There is a safe way back if the operator can undo everything, whatever crashes on the way and whoever takes
a lease, without running a controller twice, without leaving one to nobody, and without starting a manager that refuses.
`gap` is how long a controller runs nowhere after one move of the way back, at most.

Examples:
  leasehold rehearse cluster/
      from where is there a way back, what does it cost, where is the point of no return
  leasehold rehearse before/ after/ --before 1.29 --after 1.30
      the same for nothing but manifests
  leasehold rehearse cluster/ --format markdown
      the table for a change ticket
  leasehold rehearse cluster/ --from 3 --format runbook > rollback.md
      what to type if step 3 goes wrong: files, kubectl, waits, checks
  leasehold rehearse cluster/ --max-gap 60s
      a way back counts only if no controller is without a manager for longer

Exit codes:
  0  there is a safe way back from every point, or the scenario expects none where there is none
  1  from some point there is none
  2  bad input or usage: nothing was rehearsed
  3  inconclusive: the search was cut short, or leases are neither proved nor refuted in time
  4  the environment failed: output could not be written";

/// The arguments of `rehearse`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    timing: Timing,
    /// Only from this step: begun, half done, and complete; 0: before the plan. Steps are numbered as the output does
    #[arg(long, value_name = "STEP")]
    from: Option<u8>,
    /// No controller may be without a manager for longer than this after any move of a way back: 60s [default: what the
    /// scenario expects, if anything]
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    max_gap: Option<GoDuration>,
    /// What to print.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// Show every run: each way back, and every way that only looks right
    #[arg(long)]
    all: bool,
    /// Give up after so many distinct states; what is undecided then is inconclusive, exit code 3
    #[arg(long, value_name = "N")]
    max_states: Option<u64>,
    /// Threads to search with; the result does not depend on it [default: one for each core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
}

/// An output format.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
pub enum Format {
    /// For people.
    Text,
    /// A table for a change ticket.
    Markdown,
    /// The way back as commands, in Markdown.
    Runbook,
    /// For programs: docs/schema/rehearse.v1.json.
    Json,
}

/// Rehearses.
///
/// # Errors
/// If the input is bad or the output cannot be written.
pub fn run(args: &Args) -> Ran {
    let resolved = args.input.resolve(&args.timing, "nothing was rehearsed")?;
    let plan = compile(&resolved);
    let steps = plan.steps.len();
    if let Some(from) = args.from.filter(|&from| usize::from(from) > steps) {
        return Err(Failure::Usage(format!("--from {from}: expected a step of the plan, 0 to {steps}")));
    }
    let scene = Scene::from(resolved.clone());
    let watch = Watch::new();
    let report = |progress| watch.report(progress);
    let options = Options {
        symmetry: true,
        max_states: args.max_states,
        threads: args.threads.map_or_else(super::check::cores, usize::from),
        on_progress: Some(&report),
    };
    let allowed = args.max_gap.or(scene.gap.at_most);
    let asked = |begun: usize| args.from.is_none_or(|from| begun == usize::from(from));
    let mut study = study::study(plan, &scene, allowed, |point| asked(point.at.steps_begun()), &options)
        .map_err(Failure::TooLarge)?;
    study.titles = resolved.steps.iter().map(|step| step.title.clone()).collect();
    look_at_wrong_ways(&mut study, &resolved, args, &options);
    study.interrupted = Watch::interrupted();
    drop(watch);
    let text = match args.format {
        Format::Text => text::text(&study, &scene, args.all, &Screen::stdout()),
        Format::Markdown => markdown::text(&study, &scene),
        Format::Runbook => runbook::text(&study, &resolved),
        Format::Json => json::text(&study, &scene),
    };
    print(&text)?;
    Ok(study.exit())
}

/// Where some way back is right, the wrong ones are worth knowing.
fn look_at_wrong_ways(study: &mut Study, resolved: &Resolved, args: &Args, options: &Options<'_>) {
    if study.end != End::Complete {
        return;
    }
    let origins = undo::origins(&study.judgement.plan.steps, &study.titles);
    for done in 1..=resolved.steps.len() {
        let position = origins.iter().filter(|&&origin| origin < done).count();
        let is_there = |point: &Point| point.at == At::After(position as u8) && point.judged != Judged::Lost;
        if study.points.iter().any(|answer| is_there(&answer.point)) && !Watch::interrupted() {
            let found = wrong::wrong_ways(resolved, &args.input.request(), done, &study.judgement, options);
            study.wrong.extend(found);
        }
    }
}

fn duration(text: &str) -> Result<GoDuration, String> {
    let duration = GoDuration::parse(text).map_err(|_| "expected a duration such as 60s or 1m30s".to_string())?;
    if duration.nanos < 0 { Err("expected a duration of at least 0s".into()) } else { Ok(duration) }
}
