//! Time, in words: what is assumed, what the lease theorem proved with it, and how a lease is taken too early.

use leasehold_model::lease_time::answers::Truth;
use leasehold_model::lease_time::question::{Assumed, Contender};
use leasehold_model::migration::Overtake;
use leasehold_model::timing::{Election, Holder, Taken, Why};

use super::header::leases_may_be_deleted;
use super::layout::list;
use crate::judge::Judgement;
use crate::scene::name;

/// What is assumed of time; nothing if no two processes contend for a lease.
pub fn assumed(judgement: &Judgement) -> Option<String> {
    let Assumed { reply_delay, stop_time, pause, clock_ppm } = judgement.plan.timing;
    let reply = match reply_delay {
        Some(delay) => format!("no request to the API server takes longer than {delay}"),
        None => "requests take as long as the client waits for".into(),
    };
    let pause = match pause.nanos {
        0 => "no process is paused".to_string(),
        _ => format!("a leader is paused once, for at most {pause}"),
    };
    let clocks = match clock_ppm {
        0 => "clocks run true and are not set back".to_string(),
        ppm => format!("clocks run within {ppm} ppm of true time and are not set back"),
    };
    let text = format!("{reply}, controllers stop within {stop_time} of losing a lease, {clocks}, {pause}");
    (!judgement.elections.is_empty()).then_some(text)
}

/// How far leases are exclusive, one sentence for each answer.
pub fn rests(judgement: &Judgement) -> Vec<String> {
    let (proved, open): (Vec<&Election>, Vec<&Election>) =
        judgement.elections.iter().partition(|election| election.verdict().is_safe());
    let lease = |election: &&Election| judgement.problem.leases[usize::from(election.lease)].to_string();
    let mut out = Vec::new();
    if !proved.is_empty() {
        let mut contenders: Vec<&Contender> = Vec::new();
        for contender in proved.iter().flat_map(|election| &election.question.contenders) {
            if !contenders.iter().any(|known| known.is_like(contender)) {
                contenders.push(contender);
            }
        }
        let mut clients: Vec<String> =
            contenders.iter().map(|c| format!("client-go {}", c.client_go.library())).collect();
        clients.dedup();
        let mut durations: Vec<String> = contenders.iter().map(|c| durations(c)).collect();
        durations.dedup();
        // The least of those that were proved for more than is assumed.
        let limit = proved.iter().map(|election| election.proved_up_to).min().flatten();
        let as_long = match (limit, judgement.plan.timing.reply_delay) {
            (Some(limit), Some(delay)) => {
                format!(", as long as no request to the API server takes longer than {limit} ({delay} assumed)")
            }
            (None, Some(delay)) => format!(", as long as no request to the API server takes longer than {delay}"),
            (_, None) => String::new(),
        };
        let unless = if leases_may_be_deleted(&judgement.plan) { ", unless it is deleted" } else { "" };
        out.push(format!(
            "no lease is taken while its holder still acts{unless}: proved in dense time for {} with {}{as_long}, under the \
             other assumptions about time above",
            list(&clients),
            list(&durations),
        ));
    }
    let (refuted, unknown): (Vec<&Election>, Vec<&Election>) =
        open.into_iter().partition(|election| matches!(election.verdict(), Truth::Unsafe(_)));
    for (elections, what) in [
        (refuted, "may be taken while its holder still acts"),
        (unknown, "may perhaps be taken while its holder still acts, which is not decided"),
    ] {
        if !elections.is_empty() {
            out.push(format!("{} {what}; what holds does so all the same", list(elections.iter().map(lease))));
        }
    }
    if !proved.is_empty() && !leases_may_be_deleted(&judgement.plan) {
        out.push("nobody edits or deletes a lease by hand".into());
    }
    out
}

fn durations(contender: &Contender) -> String {
    let d = contender.durations;
    format!("{} lease duration, {} renew deadline, {} retry period", d.lease(), d.renew(), d.retry())
}

/// Why time leaves a property undecided.
pub fn undecided(judgement: &Judgement, why: Why) -> String {
    let manager = |process| name(&judgement.plan.managers[usize::from(process)]);
    match why {
        Why::Pair(pair @ Overtake { lease, holder, taker }) => {
            let mut answers = judgement.elections.iter().filter_map(|election| election.answer(pair));
            let reason = answers.find_map(|truth| if let Truth::Unknown(why) = truth { Some(*why) } else { None });
            let both = if holder == taker {
                format!("a second {} may take it while the first", manager(holder))
            } else {
                format!("{} may take it while {}", manager(taker), manager(holder))
            };
            let lease = &judgement.problem.leases[usize::from(lease)];
            format!("not decided: whether {lease} is exclusive: {both} still acts ({})", reason.unwrap_or("not known"))
        }
        Why::SeveralMoves => {
            "not decided: it is violated only if a process that has lost its lease goes on while more \
                              happens; whether there is time for that is not known"
                .into()
        }
    }
}

/// How a lease is taken while its holder still acts, with the times of a run that client-go's elector has executed.
pub fn taken(judgement: &Judgement, pair: Overtake, from: &str, to: &str) -> Option<String> {
    let Taken { waited, slowest, holder } = Taken::of(judgement.run_of(pair)?);
    let when = match waited {
        Some(waited) => format!("takes the lease {} after it last saw it change", waited),
        None => "takes the lease as soon as it sees it empty".into(),
    };
    let meanwhile = match holder {
        Holder::Renews => format!("{from} still acts and tries to renew"),
        Holder::Stops(since) if since.nanos == 0 => format!("{from} has given up at this moment and is still stopping"),
        Holder::Stops(since) => format!("{from} gave up {since} ago and is still stopping"),
        Holder::Paused => format!("{from} goes on after a pause"),
    };
    let needs = match slowest.nanos {
        0 => "no answer has to be slow for that".to_string(),
        _ => format!("the slowest answer to a renewal takes {slowest}"),
    };
    Some(format!("{to} {when}, when {meanwhile}; {needs}"))
}
