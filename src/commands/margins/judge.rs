//! From who contends for a lease to an answer, its limits and what to set.

use leasehold_model::election::Durations;
use leasehold_model::facts::elections::Component;
use leasehold_model::launch::duration::GoDuration;
use leasehold_model::lease_time::answers::{Theorem, Truth};
use leasehold_model::lease_time::gap::End;
use leasehold_model::lease_time::limit::{Limit, limit};
use leasehold_model::lease_time::question::{self, Assumed, Parameter, Question};
use leasehold_model::lease_time::wanted::{Advice, Keeps, advice};

use super::document::{self, Status, in_unit, seconds, unit};
use super::story;

/// Processes that contend for one lease.
pub struct Group {
    /// `namespace/name` of the Lease, or what contends.
    pub lock: String,
    /// Who contends.
    pub members: Vec<Member>,
}

/// One of them.
pub struct Member {
    /// What the theorem is told.
    pub contender: question::Contender,
    /// What it is called.
    pub name: String,
    /// The object that makes its pods, and where it is.
    pub object: Option<(String, String)>,
    /// Where its three durations come from.
    pub origins: [String; 3],
    /// Nothing told which client-go it has.
    pub client_go_assumed: bool,
    /// What is known of it.
    pub component: Option<&'static Component>,
}

/// What a judge is told once.
pub struct Judge<'w> {
    /// Answers.
    pub theorem: Theorem<'w>,
    /// What is assumed.
    pub assumed: Assumed,
    /// Emptying the lease on exit is left out.
    pub no_release: bool,
    /// What should be left.
    pub want: Option<GoDuration>,
}

/// Durations are asked for up to this many lease durations.
const LEASES: i64 = 4;
/// Clock rates are asked for up to this many parts per million.
const MOST_PPM: i64 = 200_000;

impl Judge<'_> {
    /// The question about a group.
    pub fn question(&self, group: &Group) -> Question {
        let mut contenders: Vec<question::Contender> = Vec::new();
        for member in &group.members {
            if !contenders.contains(&member.contender) {
                contenders.push(member.contender);
            }
        }
        let question = Question { contenders, assumed: self.assumed };
        if self.no_release { question.without_release() } else { question }
    }

    /// Everything about a group.
    pub fn election(&self, group: &Group) -> document::Election {
        let question = self.question(group);
        let running = question.without_release();
        let while_running = self.theorem.decide(&running);
        let with_release = question.releases().then(|| self.theorem.decide(&question));
        let limits: Vec<(Parameter, Limit, i64)> = self.limits(&running);
        let left = left(&limits, &self.assumed).filter(|_| while_running.is_safe());
        let wanted = self.want.or((!while_running.is_safe()).then_some(GoDuration { nanos: 0 }));
        let truths = std::iter::once(&while_running).chain(with_release.as_ref());
        let verdict = truths.clone().map(status).max().unwrap_or(Status::Inconclusive);
        let reason =
            truths.clone().find_map(|t| if let Truth::Unknown(why) = t { Some((*why).to_string()) } else { None });
        let trace = truths.clone().find_map(|t| if let Truth::Unsafe(trace) = t { Some(trace) } else { None });
        let gap = |end| running.contenders.iter().filter_map(|c| c.gap(end, &self.assumed)).max();
        document::Election {
            lock: group.lock.clone(),
            verdict,
            while_running: status(&while_running),
            with_release: with_release.as_ref().map(status),
            reason,
            left_seconds: left.map(seconds),
            contenders: group.members.iter().map(contender).collect(),
            limits: limits.iter().map(|(parameter, limit, most)| self.limit(*parameter, limit, *most)).collect(),
            gap_after_crash_seconds: gap(End::Dies).map(seconds),
            gap_after_lost_lease_seconds: gap(End::IsCutOff).map(seconds),
            advice: wanted
                .map_or_else(Vec::new, |spare| advice(&self.theorem, &running, spare).iter().map(advised).collect()),
            wanted_seconds: wanted.map(|d| seconds(d.nanos)),
            counterexample: trace.map(|trace| story::events(trace, ["A", "B"])).unwrap_or_default(),
        }
    }

    fn limits(&self, running: &Question) -> Vec<(Parameter, Limit, i64)> {
        let leases = running.contenders.iter().map(|c| c.durations.lease().nanos);
        let most = leases.max().unwrap_or(0).saturating_mul(LEASES);
        let waits = running.contenders.iter().map(|c| c.waits().nanos).max().unwrap_or(0);
        let asked = [
            (Parameter::ReplyDelay, waits),
            (Parameter::StopTime, most),
            (Parameter::Pause, most),
            (Parameter::ClockRate, MOST_PPM),
        ];
        asked.map(|(parameter, most)| (parameter, limit(&self.theorem, running, parameter, most), most)).into()
    }

    /// How much longer than assumed everything may take, if a configuration is safe: alone, in nanoseconds.
    pub fn left(&self, running: &Question) -> Option<i64> {
        let most = running.contenders.iter().map(|c| c.durations.lease().nanos).max()?.saturating_mul(LEASES);
        let stop = limit(&self.theorem, running, Parameter::StopTime, most);
        left(&[(Parameter::StopTime, stop, most)], &self.assumed)
    }

    fn limit(&self, parameter: Parameter, limit: &Limit, most: i64) -> document::Limit {
        let assumed = match parameter {
            Parameter::ReplyDelay => self.assumed.reply_delay.map(|d| d.nanos),
            Parameter::StopTime => Some(self.assumed.stop_time.nanos),
            Parameter::Pause => Some(self.assumed.pause.nanos),
            _ => Some(self.assumed.clock_ppm),
        };
        document::Limit {
            parameter: parameter.name(),
            unit: unit(parameter),
            safe: limit.safe.map(|v| in_unit(parameter, v)),
            broken: limit.broken.map(|v| in_unit(parameter, v)),
            most: in_unit(parameter, most),
            assumed: assumed.map(|v| in_unit(parameter, v)),
            reason: limit.unknown,
        }
    }
}

/// How much longer than assumed everything together may take: what is left for the stop time.
fn left(limits: &[(Parameter, Limit, i64)], assumed: &Assumed) -> Option<i64> {
    let (_, stop, _) = limits.iter().find(|(parameter, ..)| *parameter == Parameter::StopTime)?;
    stop.safe.map(|safe| safe - assumed.stop_time.nanos).filter(|left| *left >= 0)
}

/// The answer without its run.
pub fn status(truth: &Truth) -> Status {
    match truth {
        Truth::Safe => Status::Safe,
        Truth::Unsafe(_) => Status::Unsafe,
        Truth::Unknown(_) => Status::Inconclusive,
    }
}

/// Who contends, as data.
pub fn contender(member: &Member) -> document::Contender {
    let question::Contender { durations, client_go, releases, .. } = member.contender;
    document::Contender {
        name: member.name.clone(),
        object: member.object.as_ref().map(|(object, _)| object.clone()),
        place: member.object.as_ref().map(|(_, place)| place.clone()),
        lease_duration_seconds: seconds(durations.lease().nanos),
        recorded_seconds: durations.recorded_seconds(),
        renew_deadline_seconds: seconds(durations.renew().nanos),
        retry_period_seconds: seconds(durations.retry().nanos),
        origins: member.origins.to_vec(),
        client_go: client_go.to_string(),
        client_go_assumed: member.client_go_assumed,
        releases,
        waits_seconds: seconds(member.contender.waits().nanos),
        source: member.component.map(|c| c.source),
    }
}

fn advised(advice: &Advice) -> document::Advice {
    let durations: Durations = advice.durations;
    document::Advice {
        keeps: match advice.keeps {
            Keeps::Gap => "lease-duration",
            Keeps::RenewDeadline => "renew-deadline",
        },
        lease_duration_seconds: seconds(durations.lease().nanos),
        renew_deadline_seconds: seconds(durations.renew().nanos),
        retry_period_seconds: seconds(durations.retry().nanos),
        gap_after_crash_seconds: advice.gap[1].map(seconds),
        tight: advice.tight,
    }
}
