//! The inequality behind a map, with the names of what varies and the values of what does not. It explains; at how many
//! points the theorem says otherwise is counted, not assumed.

use leasehold_model::facts::elections::RequestLimit;
use leasehold_model::launch::duration::GoDuration;
use leasehold_model::lease_time::frontier::{Sweep, Varied};
use leasehold_model::lease_time::question::{Parameter, Question};

use super::document::{Inequality, Row};

const REPLY: Varied = Varied::Assumed(Parameter::ReplyDelay);

/// The inequality of one configuration; nothing if there are several, or a client waits for ever.
pub fn of(question: &Question, sweep: &Sweep, rows: &[Row]) -> Option<Inequality> {
    let [contender] = question.contenders.as_slice() else { return None };
    let varied = [sweep.along.varied, sweep.across.varied];
    let with_reply = |nanos| question.with(Parameter::ReplyDelay, nanos).covering().map(|c| c.assumed.stop_time.nanos);
    let reply_varies = varied.contains(&REPLY);
    if question.assumed.reply_delay.is_none() && !reply_varies && varied.contains(&Varied::RenewDeadline) {
        // What the client waits for follows the deadline.
        return None;
    }
    // How often a request counts: a nanosecond more shows it.
    let times = with_reply(1)? - with_reply(0)?;
    let term = |of: Varied, value: GoDuration| {
        if varied.contains(&of) { of.name().replace('-', " ") } else { value.to_string() }
    };
    let assumed = |parameter, value: GoDuration| {
        let of = Varied::Assumed(parameter);
        (varied.contains(&of) || value.nanos > 0).then(|| term(of, value))
    };
    let (durations, a) = (contender.durations, &question.assumed);
    let mut reply = assumed(Parameter::ReplyDelay, a.reply_delay.unwrap_or(contender.waits()));
    let longest =
        [sweep.along, sweep.across].map(|axis| if axis.varied == REPLY { axis.value(axis.count() - 1) } else { 0 });
    if contender.request_limit != RequestLimit::Nothing && longest.into_iter().max() > Some(contender.waits().nanos) {
        // The client waits no longer, however slow the API server is.
        if varied.contains(&Varied::RenewDeadline) {
            return None;
        }
        reply = Some(format!("min(reply delay, {})", contender.waits()));
    }
    let drift = Varied::Assumed(Parameter::ClockRate);
    let rate = match (varied.contains(&drift), a.clock_ppm) {
        (true, _) => Some("clock rate".to_string()),
        (false, 0) => None,
        (false, ppm) => Some(format!("{ppm}ppm")),
    };
    let [renew, retry] = [term(Varied::RenewDeadline, durations.renew()), term(Varied::RetryPeriod, durations.retry())];
    let lease = if varied.contains(&Varied::LeaseDuration) {
        "lease duration in whole seconds".to_string()
    } else {
        GoDuration::seconds(durations.recorded_seconds()).to_string()
    };
    let (acts, holds) = match &rate {
        None => (format!("{retry} + {renew}"), lease),
        Some(rate) => (format!("({retry} + {renew}) ÷ (1 − {rate})"), format!("{lease} ÷ (1 + {rate})")),
    };
    let rest: String = [assumed(Parameter::StopTime, a.stop_time), assumed(Parameter::Pause, a.pause)]
        .into_iter()
        .flatten()
        .map(|term| format!(" + {term}"))
        .collect();
    let second = if let Some(rate) = &rate { format!("1s ÷ (1 − {rate})") } else { "1s".into() };
    let [often, once] = [format!(" + {times} × "), " + ".to_string()]
        .map(|sign| reply.as_ref().map_or_else(String::new, |reply| format!("{sign}{reply}")));
    Some(Inequality {
        proved: format!("{acts}{often} + {second}{rest} < {holds}"),
        refuted: format!("{acts}{once}{rest} ≥ {holds}"),
        differs: differs(sweep, rows),
    })
}

fn differs(sweep: &Sweep, rows: &[Row]) -> usize {
    let mut differs = 0;
    for (across, row) in rows.iter().enumerate() {
        for (along, letter) in row.points.as_deref().unwrap_or_default().chars().enumerate() {
            let Some(question) = sweep.question(along, across) else { continue };
            let proved = question.covering().is_some_and(|covering| covering.closed_form() > 0);
            let refuted = question.closed_form() <= 0;
            differs += usize::from((letter == 's', letter == 'u') != (proved, refuted));
        }
    }
    differs
}
