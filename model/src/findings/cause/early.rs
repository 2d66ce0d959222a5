//! Why a lease can be taken while its holder still acts: what the lease theorem refutes, and durations that it proves.

use super::super::edit::{Edit, value_of};
use super::super::{Code, Finding, Where};
use super::Inquiry;
use crate::controller::ControllerSet;
use crate::election::{Behaviour, Durations};
use crate::facts::client_go::ExpiryBy;
use crate::facts::gates::RELEASE_LOCK_ON_EXIT_NAME as GATE;
use crate::launch::duration::GoDuration;
use crate::lease_time::question::{Contender, Question};
use crate::lease_time::wanted::advice;
use crate::migration::Overtake;
use crate::timing::Election;

const LEASE: &str = "leader-elect-lease-duration";
const RENEW: &str = "leader-elect-renew-deadline";
const RETRY: &str = "leader-elect-retry-period";

impl Inquiry<'_> {
    /// Why this pair may act at once.
    pub(super) fn taken_early(&self, pair: Overtake, controllers: ControllerSet) -> Vec<Finding> {
        let Some(election) = self.elections.iter().find(|e| e.answer(pair).is_some()) else { return Vec::new() };
        let (holder, taker) = (usize::from(pair.holder), usize::from(pair.taker));
        let (Some(&held), Some(&taken)) = (election.contender(pair.holder), election.contender(pair.taker)) else {
            return Vec::new();
        };
        let finding =
            |code, manager, at, message, edits| vec![Finding { code, manager, at, controllers, message, edits }];
        let kept = Question { contenders: vec![held, taken], ..election.question.clone() }.without_release();
        if (held.releases || taken.releases) && self.theorem.proved(&kept) == Ok(true) {
            let releasing = if held.releases { holder } else { taker };
            let message = format!(
                "with {GATE} {} empties its leases when it stops, while its controllers are still being stopped: another \
                 process takes the lease at once and runs them too",
                self.name(releasing)
            );
            let edits = election.members.iter().map(|m| usize::from(m.process)).filter_map(|at| self.keep_lease(at));
            return finding(Code::LM215, releasing, self.arg(releasing, "feature-gates"), message, edits.collect());
        }
        let edits = self.longer(election);
        if held.durations != taken.durations {
            let message = format!(
                "{} contends with {}, {} with {}: the lease is taken while the process that held it still tries to renew",
                self.name(holder),
                told(held.durations),
                self.name(taker),
                told(taken.durations)
            );
            let manager = if self.flag_of(holder) == Where::Manager { taker } else { holder };
            return finding(Code::LM214, manager, self.flag_of(manager), message, edits);
        }
        let message = format!("{}: {}", self.name(holder), margin(&held, &election.question));
        finding(Code::LM213, holder, self.flag_of(holder), message, edits)
    }

    /// Durations for every process that contends, the nearest that the theorem proves: those that one of them has already,
    /// else solved.
    fn longer(&self, election: &Election) -> Vec<Edit> {
        let question = election.question.without_release();
        let proved = |durations: &Durations| self.theorem.proved(&question.with_durations(*durations)) == Ok(true);
        let solved = || advice(self.theorem, &question, GoDuration { nanos: 0 }).first().map(|a| a.durations);
        let Some(wanted) = question.contenders.iter().map(|c| c.durations).find(proved).or_else(solved) else {
            return Vec::new();
        };
        let flags = [(LEASE, wanted.lease()), (RENEW, wanted.renew()), (RETRY, wanted.retry())];
        let change = |at: usize| {
            let s = &self.launches[at].settings;
            let now = [s.lease_duration.value, s.renew_deadline.value, s.retry_period.value];
            let changed = flags.iter().zip(now).filter(|((_, wanted), now)| wanted != now);
            changed.map(move |((flag, value), _)| Edit::SetFlag {
                manager: at,
                flag: (*flag).into(),
                value: value.to_string(),
            })
        };
        election.members.iter().flat_map(|member| change(usize::from(member.process))).collect()
    }

    /// The gate that releases off, if it is on.
    fn keep_lease(&self, at: usize) -> Option<Edit> {
        let given = value_of(&self.plan.managers[at].args, "feature-gates")?;
        let others = given.split(',').filter(|gate| gate.split('=').next() != Some(GATE));
        let off = format!("{GATE}=false");
        let value = others.chain([off.as_str()]).collect::<Vec<_>>().join(",");
        let releases = self.elections.iter().filter_map(|e| e.contender(u8::try_from(at).ok()?)).any(|c| c.releases);
        releases.then(|| Edit::SetFlag { manager: at, flag: "feature-gates".into(), value })
    }

    /// The flag that sets a duration of this manager to something of its own.
    fn flag_of(&self, at: usize) -> Where {
        [LEASE, RENEW, RETRY]
            .iter()
            .map(|flag| self.arg(at, flag))
            .find(|at| *at != Where::Manager)
            .unwrap_or(Where::Manager)
    }
}

/// `15s/10s/2s (lease duration, renew deadline, retry period)`
fn told(d: Durations) -> String {
    format!("{} lease duration, {} renew deadline and {} retry period", d.lease(), d.renew(), d.retry())
}

/// What is left of the lease duration, and what it must be enough for.
fn margin(contender: &Contender, question: &Question) -> String {
    let d = contender.durations;
    let counted = match Behaviour::of(contender.client_go).expiry {
        ExpiryBy::OwnDuration => d.lease(),
        ExpiryBy::Record => GoDuration::seconds(d.recorded_seconds()),
    };
    let lease = match counted == d.lease() {
        true => format!("{counted} lease duration"),
        false => format!("{counted} recorded of the {} lease duration", d.lease()),
    };
    let left = GoDuration { nanos: counted.nanos - d.renew().nanos - d.retry().nanos };
    let assumed = &question.assumed;
    let reply = assumed.reply_delay.map_or_else(
        || format!("any request ({} at most)", contender.waits()),
        |reply| format!("a request ({reply} assumed)"),
    );
    let mut needed = vec![reply, format!("stopping ({} assumed)", assumed.stop_time)];
    if assumed.pause.nanos > 0 {
        needed.push(format!("a pause ({} assumed)", assumed.pause));
    }
    if assumed.clock_ppm > 0 {
        needed.push(format!("drifting clocks ({} ppm assumed)", assumed.clock_ppm));
    }
    let last = needed.pop().unwrap_or_default();
    format!(
        "{lease} − {} renew deadline − {} retry period = {left} are left for {} and {last}",
        d.renew(),
        d.retry(),
        needed.join(", ")
    )
}
