//! Time as data.

use leasehold_model::launch::duration::GoDuration;
use leasehold_model::lease_time::answers::Truth;
use leasehold_model::migration::ProcessIx;
use leasehold_model::migration::story::{Event, What};
use leasehold_model::timing::Election;

use super::format::{ContenderOut, LeaseOut, PairOut, TimedOut, TimingOut};
use crate::commands::margins::story;
use crate::judge::Judgement;
use crate::scene::name;

/// What is assumed and what was answered.
pub fn timing(judgement: &Judgement) -> TimingOut {
    let assumed = &judgement.plan.timing;
    TimingOut {
        reply_delay_seconds: assumed.reply_delay.map(seconds),
        stop_time_seconds: seconds(assumed.stop_time),
        pause_seconds: seconds(assumed.pause),
        clock_rate_ppm: assumed.clock_ppm,
        leases: judgement.elections.iter().map(|election| lease(judgement, election)).collect(),
    }
}

fn lease(judgement: &Judgement, election: &Election) -> LeaseOut {
    let id = &judgement.problem.leases[usize::from(election.lease)];
    let manager = |process: ProcessIx| name(&judgement.plan.managers[usize::from(process)]);
    let contenders = election.members.iter().filter_map(|member| {
        let contender = election.contender(member.process)?;
        let d = contender.durations;
        Some(ContenderOut {
            manager: manager(member.process),
            lease_duration_seconds: seconds(d.lease()),
            renew_deadline_seconds: seconds(d.renew()),
            retry_period_seconds: seconds(d.retry()),
            releases: contender.releases,
        })
    });
    let open = election.pairs().filter(|(_, truth)| !truth.is_safe()).map(|(pair, truth)| PairOut {
        holder: manager(pair.holder),
        taker: manager(pair.taker),
        verdict: word(truth),
        reason: if let Truth::Unknown(why) = truth { Some(*why) } else { None },
    });
    let (mut who, mut pairs): (Vec<ContenderOut>, Vec<PairOut>) = (contenders.collect(), open.collect());
    // Managers that differ in nothing of this are named once.
    who.dedup();
    pairs.dedup();
    LeaseOut {
        lease: format!("{}/{}", id.namespace, id.name),
        verdict: word(election.verdict()),
        proved_up_to_seconds: election.proved_up_to.map(seconds),
        contenders: who,
        open: pairs,
    }
}

/// The theorem's run of an event that takes a lease early.
pub fn in_time(judgement: &Judgement, event: &Event) -> Vec<TimedOut> {
    let What::Overtakes { from, pair, .. } = &event.what else { return Vec::new() };
    let Some(run) = judgement.run_of(*pair) else { return Vec::new() };
    let events = story::events(run, [from.as_str(), event.node.as_str()]);
    events.into_iter().map(|event| TimedOut { at_seconds: event.at_seconds, what: event.what }).collect()
}

fn word(truth: &Truth) -> &'static str {
    match truth {
        Truth::Safe => "safe",
        Truth::Unsafe(_) => "unsafe",
        Truth::Unknown(_) => "inconclusive",
    }
}

fn seconds(duration: GoDuration) -> f64 {
    duration.nanos as f64 / 1e9
}
