//! A counterexample as a timeline: one line for each event, under the step it belongs to.

use leasehold_model::controller::{Component, ControllerSet};
use leasehold_model::facts::migration::DEFAULT_LEADER_NAME;
use leasehold_model::launch::Outcome;
use leasehold_model::migration::story::{Acting, Change, Event, Story, What};
use leasehold_model::migration::{Counterexample, Direction, Move, Pool, Property};

use super::layout::{BAD, FAINT, STRONG, count, list, pad, paint, paragraph, widest, wrap};
use super::timing;
use crate::commands::margins::story;
use crate::judge::Judgement;
use crate::scene::name;
use crate::screen::Screen;

/// What is said of those that lead before the first event.
const BEGINNING: &str = "leads before the plan";
/// Below this many columns an event takes several lines.
const ONE_LINE: usize = 100;

/// The run that refutes some properties, as people tell it.
pub fn text(
    judgement: &Judgement,
    properties: &[Property],
    counterexample: &Counterexample,
    screen: &Screen,
) -> String {
    let story = Story::new(&judgement.problem, counterexample);
    let timeline = Timeline { judgement, story: &story, beginning: BEGINNING, screen };
    let mut out = paragraph(&timeline.title(properties, counterexample), 0, screen);
    out = out.lines().map(|line| paint(line, STRONG, screen) + "\n").collect();
    out + &timeline.body(properties, counterexample)
}

/// The same without its title; `beginning`: what is said of those that lead before the first event.
pub fn events(
    judgement: &Judgement,
    property: Property,
    counterexample: &Counterexample,
    beginning: &str,
    screen: &Screen,
) -> String {
    let story = Story::new(&judgement.problem, counterexample);
    Timeline { judgement, story: &story, beginning, screen }.body(&[property], counterexample)
}

/// Where the way back is lost, in a sentence.
pub fn way_back(judgement: &Judgement, story: &Story, counterexample: &Counterexample) -> String {
    let lost = &story.events[..counterexample.prefix];
    let step = lost.iter().rev().find_map(|event| match event.what {
        What::Step { step, .. } => Some(step),
        _ => None,
    });
    let from = match step {
        Some(step) => {
            let title = &judgement.problem.steps[step].title;
            format!("after {} in all, in step {} ({title})", count(lost.len(), "event"), step + 1)
        }
        None => "from the beginning".into(),
    };
    format!("The way back is lost {from}: --all shows how (returnable)")
}

/// What happens in one event of `story`.
pub fn happening(judgement: &Judgement, story: &Story, event: &Event, screen: &Screen) -> String {
    Timeline { judgement, story, beginning: BEGINNING, screen }.what(event)
}

struct Timeline<'a> {
    judgement: &'a Judgement,
    story: &'a Story,
    beginning: &'a str,
    screen: &'a Screen,
}

/// One line of the timeline.
struct Row {
    number: String,
    node: String,
    process: String,
    what: String,
    runs: String,
    fault: bool,
}

impl Timeline<'_> {
    fn title(&self, properties: &[Property], counterexample: &Counterexample) -> String {
        let faults = self.story.events.iter().filter(|event| event.by == Move::Fault).count();
        let faults = if faults == 0 { "no fault needed".to_string() } else { count(faults, "fault") };
        let names = list(counterexample.controllers.iter());
        let what = match properties[0] {
            Property::Exclusive => format!("How {names} can run twice at once"),
            Property::Covered => format!("How {names} can be left without a manager"),
            Property::Starts => "How a manager comes to refuse to start".to_string(),
            Property::Returnable => "How the way back is lost".to_string(),
        };
        format!(
            "{what}: {}, {faults} ({})",
            count(self.story.events.len(), "event"),
            list(properties.iter().map(|p| p.name()))
        )
    }

    fn body(&self, properties: &[Property], counterexample: &Counterexample) -> String {
        let rows: Vec<Row> = self.story.events.iter().enumerate().map(|(i, event)| self.row(i, event)).collect();
        let beginning: Vec<Row> = self.story.beginning.iter().map(|acting| self.at_first(acting)).collect();
        let all = || beginning.iter().chain(&rows);
        let widths = [
            widest(all().map(|row| row.number.as_str())),
            widest(all().map(|row| row.node.as_str())),
            widest(all().map(|row| row.process.as_str())),
            widest(all().map(|row| row.what.as_str())),
        ];
        let mut out: String = beginning.iter().map(|row| self.line(row, widths)).collect();
        let mut step = None;
        let mut twice = ControllerSet::EMPTY;
        for (i, (event, row)) in self.story.events.iter().zip(&rows).enumerate() {
            if properties.contains(&Property::Returnable) && i == counterexample.prefix {
                out += &self.mark("from here on no way back avoids an overlap; the shortest that runs into it:");
            }
            if let What::Step { step: at, direction, .. } = event.what
                && step != Some((at, direction))
            {
                step = Some((at, direction));
                out += &self.heading(at, direction);
            }
            out += &self.line(row, widths);
            if let What::Overtakes { from, pair, .. } = &event.what
                && let Some(text) = timing::taken(self.judgement, *pair, from, &event.node)
            {
                out += &self.mark(&text);
            }
            let fresh: ControllerSet = event.twice.iter().filter(|&c| !twice.contains(c)).collect();
            if !fresh.is_empty() {
                out += &self.mark(&self.overlap(event, fresh));
            }
            twice = event.twice;
        }
        if let Some(ending) = self.ending(properties[0], counterexample) {
            out += &self.mark(&ending);
        }
        out + &self.in_time()
    }

    /// The theorem's run of the move that takes a lease too early.
    fn in_time(&self) -> String {
        let run = self.story.events.iter().rev().find_map(|event| match &event.what {
            What::Overtakes { from, pair, .. } => {
                Some(story::events(self.judgement.run_of(*pair)?, [from.as_str(), event.node.as_str()]))
            }
            _ => None,
        });
        let Some(run) = run else { return String::new() };
        let times: Vec<String> = run.iter().map(|event| format!("{:.3} s", event.at_seconds)).collect();
        let wide = widest(times.iter().map(String::as_str));
        let mut out = paint("  in time, a run that client-go's elector has executed:", STRONG, self.screen) + "\n";
        for (event, time) in run.iter().zip(&times) {
            out += &wrap(&event.what, &format!("  {time:>wide$}  "), &" ".repeat(wide + 4), self.screen);
        }
        out
    }

    fn heading(&self, step: usize, direction: Direction) -> String {
        let title = &self.judgement.problem.steps[step].title;
        let undo = if direction == Direction::Back { "undo " } else { "" };
        let text = wrap(&format!("{undo}step {}: {title}", step + 1), "  ", "    ", self.screen);
        paint(text.trim_end(), STRONG, self.screen) + "\n"
    }

    fn mark(&self, text: &str) -> String {
        let text = wrap(text, "     ▲ ", "       ", self.screen);
        text.lines().map(|line| paint(line, BAD, self.screen) + "\n").collect()
    }

    fn overlap(&self, event: &Event, controllers: ControllerSet) -> String {
        let at = |c| {
            let nodes = event.acting.iter().filter(|a| a.controllers.contains(c));
            format!("{c} ({})", list(nodes.map(|a| format!("{} {}", a.node, self.component(a).short()))))
        };
        format!("from here on in two managers at once: {}", list(controllers.iter().map(at)))
    }

    fn component(&self, acting: &Acting) -> Component {
        self.judgement.plan.managers[usize::from(acting.process)].component
    }

    fn ending(&self, property: Property, counterexample: &Counterexample) -> Option<String> {
        match property {
            Property::Covered => Some(format!(
                "from here on nobody can run {} unless the operator acts",
                list(counterexample.controllers.iter())
            )),
            Property::Starts => {
                let last = self.story.events.last().and_then(|event| event.process).map(usize::from);
                // Without any event it is one of those that run before the plan.
                let before = || self.judgement.plan.managers_at(0).into_iter().find_map(|at| self.message(at));
                last.map_or_else(before, |at| self.message(at))
            }
            Property::Exclusive | Property::Returnable => None,
        }
    }

    /// How a manager that refuses ends, in its own words.
    fn message(&self, manager: usize) -> Option<String> {
        let launch = &self.judgement.launches[manager];
        let name = name(&self.judgement.plan.managers[manager]);
        match &launch.outcome {
            Outcome::Refuses(refusal) => {
                Some(format!("{name} exits with code {}: {}", refusal.exit_code, refusal.message))
            }
            Outcome::Runs(running) => {
                let death = running.migration.as_ref()?.dies.as_ref()?;
                Some(format!("{name} exits with code {}: {}", death.exit_code, death.message))
            }
            Outcome::Unlocked(_) => None,
        }
    }

    fn at_first(&self, acting: &Acting) -> Row {
        Row {
            number: String::new(),
            node: acting.node.clone(),
            process: name(&self.judgement.plan.managers[usize::from(acting.process)]),
            what: self.beginning.into(),
            runs: self.runs(acting, acting.controllers),
            fault: false,
        }
    }

    fn row(&self, i: usize, event: &Event) -> Row {
        let before = if i == 0 { &self.story.beginning } else { &self.story.events[i - 1].acting };
        let whole_node =
            matches!(event.what, What::Step { change: Change::Node | Change::Added | Change::Removed, .. });
        let process = match event.process {
            Some(_) if whole_node => String::new(),
            Some(process) => name(&self.judgement.plan.managers[usize::from(process)]),
            None => match event.what {
                What::Step { change: Change::Process(component), .. } => component.name().into(),
                _ => String::new(),
            },
        };
        Row {
            number: (i + 1).to_string(),
            node: event.node.clone(),
            process,
            what: match event.cordoned {
                Some(true) => self.what(event) + "; node cordoned",
                Some(false) => self.what(event) + "; node uncordoned",
                None => self.what(event),
            },
            runs: self.change(before, event),
            fault: event.by == Move::Fault,
        }
    }

    fn what(&self, event: &Event) -> String {
        match &event.what {
            What::Placed => "its pod gets a node".into(),
            What::Starts => "starts".into(),
            What::Refuses => "refuses to start".into(),
            What::Leads(_) => "takes its main lease".into(),
            What::TakesMigration(_) => "takes the migration lease".into(),
            What::Overtakes { is_main: true, .. } => "takes its main lease too early (timing)".into(),
            What::Overtakes { .. } => "takes the migration lease too early (timing)".into(),
            What::Exits => "exits".into(),
            What::Crashes => "crashes (fault)".into(),
            What::LeaseDeleted(_) => "lease deleted by hand (fault)".into(),
            What::Step { change: Change::Everywhere, direction: Direction::Forward, .. } => "applied".into(),
            What::Step { change: Change::Everywhere, .. } => "taken back".into(),
            What::Step { step, direction, change: Change::Process(component) } if event.process.is_none() => {
                let to = step + usize::from(direction == &Direction::Forward);
                if self.is_there(&event.node, *component, to) { "is put in place" } else { "is taken away" }.into()
            }
            What::Step { change: Change::Process(_), .. } => "is stopped for the change".into(),
            What::Step { change: Change::Cordon { cordoned: true }, .. } => "node cordoned".into(),
            What::Step { change: Change::Cordon { .. }, .. } => "node uncordoned".into(),
            What::Step { change: Change::Node, .. } => "node replaced".into(),
            What::Step { change: Change::Added, .. } => format!("{} added", self.slot(&event.node)),
            What::Step { change: Change::Removed, .. } => format!("{} removed", self.slot(&event.node)),
        }
    }

    /// The pool of a slot of this name.
    fn pool(&self, name: &str) -> Option<&Pool> {
        let mut pools = self.judgement.problem.pools.iter();
        pools.find(|pool| name.rsplit_once('-').is_some_and(|(pool_name, _)| pool_name == pool.name))
    }

    /// True if a slot of this name has the manager at this position.
    fn is_there(&self, name: &str, component: Component, position: usize) -> bool {
        let Some(pool) = self.pool(name) else { return true };
        let mut places = pool.components.iter().zip(&pool.runs[position]);
        places.any(|(&known, process)| known == component && process.is_some())
    }

    /// What a slot of this name is: a node, or a replica of a workload.
    fn slot(&self, name: &str) -> &'static str {
        match self.pool(name) {
            Some(pool) if pool.components == [Component::CloudControllerManager] => "replica",
            _ => "node",
        }
    }

    /// What runs after the event that did not run before it, and what no longer does. A manager whose rights change goes
    /// on running.
    fn change(&self, before: &[Acting], event: &Event) -> String {
        let mut parts = Vec::new();
        for now in &event.acting {
            let known = self.same_place(now, before).map_or(ControllerSet::EMPTY, |b| b.controllers);
            let fresh: ControllerSet = now.controllers.iter().filter(|&c| !known.contains(c)).collect();
            if !fresh.is_empty() {
                parts.push(self.runs(now, fresh));
            }
        }
        for then in before {
            match self.same_place(then, &event.acting) {
                None => parts.push("runs nothing any more".into()),
                Some(now) => {
                    let gone: ControllerSet =
                        then.controllers.iter().filter(|&c| !now.controllers.contains(c)).collect();
                    if !gone.is_empty() {
                        parts.push(format!("no longer runs {}", list(gone.iter())));
                    }
                }
            }
        }
        if parts.is_empty()
            && let What::Leads(lease) | What::TakesMigration(lease) = &event.what
        {
            parts.push(format!("nothing ← {lease}"));
        }
        if let What::LeaseDeleted(lease) = &event.what {
            parts.push(lease.to_string());
        }
        parts.join("; ")
    }

    /// What runs in the place of `acting` among `others`: the same process, else another configuration of the same manager.
    fn same_place<'o>(&self, acting: &Acting, others: &'o [Acting]) -> Option<&'o Acting> {
        let mut here = others.iter().filter(|o| o.node == acting.node && self.component(o) == self.component(acting));
        here.clone().find(|o| o.process == acting.process).or_else(|| here.next())
    }

    /// Controllers under the leases that they are run under.
    fn runs(&self, acting: &Acting, controllers: ControllerSet) -> String {
        let migrated = controllers.intersection(acting.migrated);
        let main: ControllerSet = controllers.iter().filter(|&c| !migrated.contains(c)).collect();
        let (main_lease, migration_lease) = match &self.judgement.launches[usize::from(acting.process)].outcome {
            Outcome::Runs(running) => {
                let usual = running.main.name == self.component(acting).name();
                let main = if usual { "main lease".into() } else { format!("main lease {}", running.main.name) };
                let migration = running.migration.as_ref().map(|m| match m.lease.name.as_str() {
                    DEFAULT_LEADER_NAME => "migration lease".into(),
                    name => format!("migration lease {name}"),
                });
                (main, migration.unwrap_or_default())
            }
            Outcome::Unlocked(_) | Outcome::Refuses(_) => ("no lease".into(), String::new()),
        };
        let parts = [(main, main_lease), (migrated, migration_lease)];
        let parts = parts.iter().filter(|(set, _)| !set.is_empty());
        parts.map(|(set, lease)| format!("{} ← {lease}", list(set.iter()))).collect::<Vec<_>>().join("; ")
    }

    fn line(&self, row: &Row, widths: [usize; 4]) -> String {
        let [number, node, process, what] = widths;
        let first = format!("  {:>number$}  {}  ", row.number, pad(&row.node, node));
        let plain = if self.screen.width >= ONE_LINE {
            let place = format!("{first}{}  {}  ", pad(&row.process, process), pad(&row.what, what));
            let hanging = " ".repeat(super::layout::width(&place));
            if row.runs.is_empty() {
                format!("{}\n", place.trim_end())
            } else {
                wrap(&row.runs, &place, &hanging, self.screen)
            }
        } else {
            let hanging = " ".repeat(super::layout::width(&first));
            let mut lines =
                [row.process.as_str(), row.what.as_str(), row.runs.as_str()].into_iter().filter(|l| !l.is_empty());
            let head = wrap(lines.next().unwrap_or_default(), &first, &hanging, self.screen);
            head + &lines.map(|line| wrap(line, &hanging, &hanging, self.screen)).collect::<String>()
        };
        if row.number.is_empty() {
            plain.lines().map(|line| paint(line, FAINT, self.screen) + "\n").collect()
        } else if row.fault {
            plain.lines().map(|line| paint(line, super::layout::OPEN, self.screen) + "\n").collect()
        } else {
            plain
        }
    }
}
