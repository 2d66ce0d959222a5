//! The result of `check` as JSON, version 1. [`format`] defines it; docs/schema/check.v1.json is generated
//! from there.

use leasehold_model::explore::End;
use leasehold_model::findings::edit::{api_version, document};
use leasehold_model::findings::{Edit, Finding};
use leasehold_model::gap::{Cause, Figure, Worst};
use leasehold_model::migration::story::{Acting, Story, What};
use leasehold_model::migration::{Counterexample, Direction, Move, Property, Status};

pub mod data_plane;
pub mod format;
mod timing;

use format::{
    ActingOut, Check, CounterexampleOut, EditOut, EndName, EventOut, FindingOut, FixOut, GapOut, PropertyName,
    SearchOut, StatusName, VerdictOut, WorstGapOut,
};

use super::findings::could_be_given_up;
use super::{fix, gap, header, rests, verdicts};
use crate::judge::Judgement;
use crate::scene::{Scene, name};

/// The result as JSON, indented, ending with a line break.
pub fn text(judgement: &Judgement, scene: &Scene) -> String {
    serde_json::to_string_pretty(&check(judgement, scene)).expect("plain data") + "\n"
}

/// The result as the types of the format.
pub fn check(judgement: &Judgement, scene: &Scene) -> Check {
    let out = Out { judgement, scene };
    let verdicts = &judgement.report.verdicts;
    let cut = verdicts.iter().find(|v| v.end != End::Complete);
    Check {
        version: 1,
        tool: concat!("leasehold ", env!("CARGO_PKG_VERSION")).into(),
        exit: judgement.exit() as u8,
        summary: header::summary(judgement),
        title: scene.title.clone(),
        verdicts: verdicts.iter().map(|v| out.verdict(v)).collect(),
        gap: out.gap(),
        counterexamples: verdicts
            .iter()
            .flat_map(|v| v.counterexamples.iter().map(|c| out.counterexample(v.property, c)))
            .collect(),
        findings: judgement.findings.iter().map(|f| out.finding(f)).collect(),
        warnings: judgement.notes.iter().map(|f| out.finding(f)).collect(),
        fix: judgement.fixed.as_ref().map(|fixed| {
            let mended = fixed.mended(&judgement.report);
            let search = fixed.report.of(mended[0]);
            FixOut {
                edits: fixed.edits.iter().map(|edit| out.edit(edit)).collect(),
                mends: mended.into_iter().map(property).collect(),
                states: search.states,
                end: end(search.end),
            }
        }),
        assumptions: header::assumptions(judgement, scene),
        rests_on: rests::lines(judgement),
        timing: timing::timing(judgement),
        data_plane: judgement.data_plane.as_ref().map(|found| data_plane::data_plane(found, scene)),
        search: SearchOut {
            states: verdicts.iter().map(|v| v.states).max().unwrap_or_default(),
            end: end(cut.map_or(End::Complete, |v| v.end)),
            symmetry: judgement.symmetry,
            faults: judgement.plan.faults.iter().map(|fault| header::fault_name(*fault)).collect(),
        },
    }
}

/// One run as the format has it; `of`: the property it refutes.
pub fn counterexample(judgement: &Judgement, scene: &Scene, of: Property, run: &Counterexample) -> CounterexampleOut {
    Out { judgement, scene }.counterexample(of, run)
}

struct Out<'a> {
    judgement: &'a Judgement,
    scene: &'a Scene,
}

impl Out<'_> {
    fn manager(&self, at: usize) -> String {
        name(&self.judgement.plan.managers[at])
    }

    fn verdict(&self, verdict: &leasehold_model::migration::Verdict) -> VerdictOut {
        let expected = self.scene.expected.iter().find(|(property, _)| *property == verdict.property);
        VerdictOut {
            property: property(verdict.property),
            verdict: status(verdict.status),
            why: verdicts::why(self.judgement, verdict),
            expected: expected.map(|(_, expected)| status(*expected)),
            states: verdict.states,
            end: end(verdict.end),
            returnable_states: verdict.winning,
        }
    }

    fn gap(&self) -> GapOut {
        let gap = &self.judgement.gap;
        let longest = gap.longest();
        let known = gap.undecided().is_none();
        GapOut {
            verdict: gap.status().map(status),
            at_most_seconds: gap.question.at_most.map(|at_most| seconds(at_most.nanos)),
            at_most_without_waiting_seconds: gap.question.at_most_without_waiting.map(|most| seconds(most.nanos)),
            at_most_with_crash_in_step_seconds: gap.question.at_most_with_crash_in_step.map(|most| seconds(most.nanos)),
            seconds: match longest {
                Some(Figure::Within(nanos)) if known => Some(seconds(nanos)),
                _ => None,
            },
            unbounded: longest == Some(Figure::Unbounded),
            undecided: (!known).then(|| gap::why(self.judgement)),
            why: gap::why(self.judgement),
            worst: gap.found.worst.iter().map(|worst| self.worst_gap(worst)).collect(),
            left_out: gap.found.left_out.iter().map(|&left_out| cause(left_out)).collect(),
            states_at_rest: gap.found.rests,
            rests_on: gap::assumptions(self.judgement),
        }
    }

    fn worst_gap(&self, worst: &Worst) -> WorstGapOut {
        let story = Story::new(&self.judgement.problem, &worst.run);
        WorstGapOut {
            controllers: worst.controllers.iter().map(|c| c.name()).collect(),
            cause: cause(worst.cause),
            seconds: match worst.figure {
                Figure::Within(nanos) => Some(seconds(nanos)),
                Figure::Unbounded => None,
            },
            beginning: story.beginning.iter().map(|a| self.acting(a)).collect(),
            events: story.events.iter().map(|e| self.event(e)).collect(),
            at_rest_after: worst.disturbance,
            times: worst.times.iter().map(|&nanos| seconds(nanos)).collect(),
        }
    }

    fn counterexample(&self, of: Property, counterexample: &Counterexample) -> CounterexampleOut {
        let story = Story::new(&self.judgement.problem, counterexample);
        CounterexampleOut {
            property: property(of),
            controllers: counterexample.controllers.iter().map(|c| c.name()).collect(),
            beginning: story.beginning.iter().map(|a| self.acting(a)).collect(),
            events: story.events.iter().map(|e| self.event(e)).collect(),
            refuted_after: counterexample.prefix,
        }
    }

    fn event(&self, event: &leasehold_model::migration::story::Event) -> EventOut {
        let (what, step, lease) = match &event.what {
            What::Placed => ("placed", None, None),
            What::Starts => ("starts", None, None),
            What::Refuses => ("refuses", None, None),
            What::Leads(lease) => ("takesMainLease", None, Some(lease)),
            What::TakesMigration(lease) => ("takesMigrationLease", None, Some(lease)),
            What::Overtakes { lease, is_main: true, .. } => ("takesMainLeaseEarly", None, Some(lease)),
            What::Overtakes { lease, .. } => ("takesMigrationLeaseEarly", None, Some(lease)),
            What::Exits => ("exits", None, None),
            What::Crashes => ("crashes", None, None),
            What::LeaseDeleted(lease) => ("leaseDeleted", None, Some(lease)),
            What::Step { step, direction: Direction::Forward, .. } => ("step", Some(*step), None),
            What::Step { step, direction: Direction::Back, .. } => ("undo", Some(*step), None),
        };
        EventOut {
            by: match event.by {
                Move::Progress => "progress",
                Move::Operator => "operator",
                Move::Fault => "fault",
            },
            node: (!event.node.is_empty()).then(|| event.node.clone()),
            process: event.process.map(|process| self.manager(usize::from(process))),
            what,
            step: step.map(|step| self.judgement.problem.steps[step].title.clone()),
            lease: lease.map(|lease| format!("{}/{}", lease.namespace, lease.name)),
            acting: event.acting.iter().map(|a| self.acting(a)).collect(),
            twice: event.twice.iter().map(|c| c.name()).collect(),
            in_time: timing::in_time(self.judgement, event),
        }
    }

    fn acting(&self, acting: &Acting) -> ActingOut {
        ActingOut {
            node: acting.node.clone(),
            process: self.manager(usize::from(acting.process)),
            controllers: acting.controllers.iter().map(|c| c.name()).collect(),
            migrated: acting.migrated.iter().map(|c| c.name()).collect(),
        }
    }

    fn finding(&self, finding: &Finding) -> FindingOut {
        let span = self.scene.place(finding.manager, &finding.at);
        let position = span.map(|span| self.scene.sources.position(span));
        FindingOut {
            code: finding.code.id(),
            title: finding.code.title(),
            message: finding.message.clone(),
            manager: self.manager(finding.manager),
            controllers: finding.controllers.iter().map(|c| c.name()).collect(),
            could_be_given_up: could_be_given_up(self.judgement, finding).iter().map(|c| c.name()).collect(),
            file: span.map(|span| self.scene.sources.name(span.file).into()),
            line: position.map(|position| position.line),
            column: position.map(|position| position.column),
            fix: finding.edits.iter().map(|edit| self.edit(edit)).collect(),
        }
    }

    fn edit(&self, edit: &Edit) -> EditOut {
        let at = edit.manager().unwrap_or_default();
        let manager = self.manager(at);
        let title = |step: usize| self.judgement.plan.steps[step].title.clone();
        match edit {
            Edit::Early { before, edits, .. } => EditOut::Early {
                manager,
                before: title(*before),
                edits: edits.iter().map(|edit| self.edit(edit)).collect(),
            },
            Edit::StepFirst { step, before } => EditOut::StepFirst { step: title(*step), before: title(*before) },
            Edit::UseConfig { config, .. } => {
                let release = self.judgement.plan.managers[at].code;
                EditOut::UseConfig { manager, text: fix::yaml(&document(config, api_version(release)), 0) }
            }
            Edit::SetFlag { flag, value, .. } => EditOut::SetFlag { manager, flag: flag.clone(), value: value.clone() },
            Edit::RemoveFlags { flags, .. } => EditOut::RemoveFlags { manager, flags: flags.clone() },
            Edit::Grant { lease, .. } => {
                EditOut::Grant { manager, lease: format!("{}/{}", lease.namespace, lease.name) }
            }
        }
    }
}

fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::Plan => "step",
        Cause::WayBack => "wayBack",
        Cause::PlanWithoutWaiting => "stepWithoutWaiting",
        Cause::WayBackWithoutWaiting => "wayBackWithoutWaiting",
        Cause::Crash => "crash",
        Cause::CrashMeanwhile => "crashInStep",
        Cause::LeaseDeleted => "leaseDeleted",
    }
}

fn seconds(nanos: i64) -> f64 {
    nanos as f64 / 1e9
}

/// The name of a property.
pub fn property(property: Property) -> PropertyName {
    match property {
        Property::Exclusive => PropertyName::Exclusive,
        Property::Covered => PropertyName::Covered,
        Property::Starts => PropertyName::Starts,
        Property::Returnable => PropertyName::Returnable,
    }
}

/// The name of a status.
pub fn status(status: Status) -> StatusName {
    match status {
        Status::Holds => StatusName::Holds,
        Status::Violated => StatusName::Violated,
        Status::Inconclusive => StatusName::Inconclusive,
    }
}

/// How a search ended.
pub fn end(end: End) -> EndName {
    match end {
        End::Complete => EndName::Complete,
        End::StateLimit => EndName::StateLimit,
        End::Cancelled => EndName::Cancelled,
        End::Found => EndName::Found,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn generated_check_schema() {
        let schema = serde_json::to_string_pretty(&schemars::schema_for!(super::format::Check)).expect("plain data");
        crate::generated::compare("docs/schema/check.v1.json", &(schema + "\n"));
    }
}
