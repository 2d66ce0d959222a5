//! Who contends for each lease of a plan, and the lease theorem's answer for each holder and each taker.

use crate::controller::Component;
use crate::election::Durations;
use crate::facts::elections::RequestLimit;
use crate::facts::gates;
use crate::launch::duration::GoDuration;
use crate::launch::{Launch, ManagerSpec};
use crate::lease::LockType;
use crate::lease_time::answers::{Roles, Theorem, Truth};
use crate::lease_time::handover::Action;
use crate::lease_time::question::{Contender, Question};
use crate::lease_time::trace::Trace;
use crate::migration::{Behaviour, LeaseIx, Overtake, Problem, ProcessIx};
use crate::plan::Plan;

/// One lease that two processes may contend for.
#[derive(Clone, PartialEq, Debug)]
pub struct Election {
    /// An index into [`Problem::leases`].
    pub lease: LeaseIx,
    /// The kinds of processes that contend for it.
    pub members: Vec<Member>,
    /// What the theorem was asked: each different contender once.
    pub question: Question,
    /// Every pair is proved even if requests take this long, longer than is assumed.
    pub proved_up_to: Option<GoDuration>,
    /// Its answers, for each holder and, within, for each taker.
    answers: Vec<Truth>,
}

/// A kind of process that contends for a lease.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Member {
    /// An index into [`Problem::processes`] and [`Plan::managers`].
    pub process: ProcessIx,
    /// Which of the question's contenders it is.
    pub contender: usize,
}

/// Coordinated election gives the lease by the API server's clock, which the theorem does not know.
const COORDINATED: &str =
    "with coordinated leader election the API server gives the lease away, which is not modelled in time";
/// Whether a third process is there depends on the step under way.
const THIRD: &str = "the run that was found needs a third process, which may not be there then";
/// The theorem is about records in Lease objects.
const NO_LEASE: &str = "only locks in Lease objects are modelled in time";

/// The elections of a plan that more than one process can take part in, with an answer for each pair, found on so many
/// threads.
pub fn elections(
    plan: &Plan,
    problem: &Problem,
    launches: &[Launch],
    theorem: &Theorem,
    threads: usize,
) -> Vec<Election> {
    let mut found: Vec<Election> = Vec::new();
    for lease in (0..problem.leases.len()).filter_map(|at| LeaseIx::try_from(at).ok()) {
        let contending = contending(problem, lease);
        if places(problem, &contending) < 2 {
            continue;
        }
        let mut question = Question { contenders: Vec::new(), assumed: plan.timing };
        let mut members = Vec::new();
        for process in contending {
            let at = usize::from(process);
            let contender = contender(&plan.managers[at], &launches[at]);
            let known = question.contenders.iter().position(|other| other.is_like(&contender));
            members.push(Member { process, contender: known.unwrap_or(question.contenders.len()) });
            if known.is_none() {
                question.contenders.push(contender);
            }
        }
        found.push(Election { lease, members, question, proved_up_to: None, answers: Vec::new() });
    }
    let unmodelled: Vec<Option<&'static str>> = found.iter().map(|e| e.unmodelled(problem, launches)).collect();
    let prepare = |questions: &[&Question]| {
        let asked: Vec<(&Question, Roles)> =
            questions.iter().flat_map(|question| question.roles().map(move |roles| (*question, roles))).collect();
        theorem.prepare(&asked, threads);
    };
    // A proof for slower requests is one for those that are assumed, and says how near they are to the limit.
    let slower: Vec<Option<Question>> = found
        .iter()
        .zip(&unmodelled)
        .map(|(election, unmodelled)| election.question.with_longest_reply().filter(|_| unmodelled.is_none()))
        .collect();
    prepare(&slower.iter().flatten().collect::<Vec<_>>());
    for (election, slower) in found.iter_mut().zip(slower) {
        let proved = slower.filter(|slower| theorem.proved(slower) == Ok(true));
        election.proved_up_to = proved.and_then(|slower| slower.assumed.reply_delay);
    }
    let is_open = |election: &Election, unmodelled: &Option<_>| election.proved_up_to.is_none() && unmodelled.is_none();
    let open = found.iter().zip(&unmodelled).filter(|(election, unmodelled)| is_open(election, unmodelled));
    prepare(&open.map(|(election, _)| &election.question).collect::<Vec<_>>());
    for (election, unmodelled) in found.iter_mut().zip(unmodelled) {
        let question = &election.question;
        let answer = |roles| match unmodelled {
            Some(why) => Truth::Unknown(why),
            None if election.proved_up_to.is_some() => Truth::Safe,
            None => match theorem.decide_pair(question, roles) {
                // The others of such a run may be processes of another step.
                Truth::Unsafe(trace) if takes_a_third(&trace) => match theorem.refuted_alone(question, roles) {
                    Some(alone) => Truth::Unsafe(alone),
                    None => Truth::Unknown(THIRD),
                },
                answer => answer,
            },
        };
        election.answers = question.roles().map(answer).collect();
    }
    found
}

impl Election {
    /// Every pair of kinds of processes with its answer.
    pub fn pairs(&self) -> impl Iterator<Item = (Overtake, &Truth)> {
        self.members.iter().flat_map(move |holder| {
            self.members.iter().map(move |taker| {
                let pair = Overtake { lease: self.lease, holder: holder.process, taker: taker.process };
                (pair, &self.answers[holder.contender * self.question.contenders.len() + taker.contender])
            })
        })
    }

    /// Refuted if one pair is, proved if all are.
    pub fn verdict(&self) -> &Truth {
        let refuted = self.answers.iter().find(|truth| matches!(truth, Truth::Unsafe(_)));
        refuted.or_else(|| self.answers.iter().find(|truth| !truth.is_safe())).unwrap_or(&Truth::Safe)
    }

    /// The answer for one pair of kinds of processes, if both contend for this lease.
    pub fn answer(&self, pair: Overtake) -> Option<&Truth> {
        self.pairs().find(|(known, _)| *known == pair).map(|(_, truth)| truth)
    }

    /// Which of the question's contenders a kind of process is.
    pub fn contender(&self, process: ProcessIx) -> Option<&Contender> {
        let member = self.members.iter().find(|member| member.process == process)?;
        self.question.contenders.get(member.contender)
    }

    /// Why the theorem cannot be asked.
    fn unmodelled(&self, problem: &Problem, launches: &[Launch]) -> Option<&'static str> {
        if problem.leases[usize::from(self.lease)].lock != LockType::Leases {
            return Some(NO_LEASE);
        }
        let coordinated = |member: &Member| launches[usize::from(member.process)].settings.coordinated;
        self.members.iter().any(coordinated).then_some(COORDINATED)
    }
}

/// True if others than the two write the lease in a run.
fn takes_a_third(trace: &Trace) -> bool {
    trace.events.iter().any(|event| matches!(event.action, Action::OtherWrites(_) | Action::OtherReleases))
}

/// The kinds of processes that may hold `lease` in some position of the plan.
fn contending(problem: &Problem, lease: LeaseIx) -> Vec<ProcessIx> {
    let wants = |process: &ProcessIx| match problem.processes[usize::from(*process)].behaviour {
        Behaviour::RefusesAtStart | Behaviour::Unlocked(_) => false,
        Behaviour::RefusesAfter { main, access } => main == lease && access.hold,
        Behaviour::Elects { main, access, migration, .. } => {
            main == lease && access.hold || migration.is_some_and(|second| second.lease == lease && second.access.hold)
        }
    };
    let mut found: Vec<ProcessIx> =
        problem.pools.iter().flat_map(|pool| pool.runs.iter().flatten().flatten()).copied().filter(wants).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// How many places ever run one of these kinds.
fn places(problem: &Problem, kinds: &[ProcessIx]) -> usize {
    let of = |pool: &crate::migration::Pool| {
        let ever = |at: usize| pool.runs.iter().any(|run| run[at].is_some_and(|process| kinds.contains(&process)));
        (0..pool.components.len()).filter(|&at| ever(at)).count() * pool.slots()
    };
    problem.pools.iter().map(of).sum()
}

/// A manager as the theorem takes it: its durations, the client-go it is built with, and whether it empties its lease on exit.
///
/// Both managers make their lock with `NewFromKubeconfig`, which limits a request to half of RenewDeadline
/// (kubernetes/kubernetes:cmd/kube-controller-manager/app/controllermanager.go:672@v1.21.1, :841@v1.36.3,
/// kubernetes/cloud-provider:app/controllermanager.go:451@v0.21.1, :522@v0.37.2). cloud-controller-manager never releases
/// (kubernetes/cloud-provider:app/controllermanager.go:535@v0.37.2); kube-controller-manager does with its gate: the release
/// is written when the elector ends, while the controllers are still being stopped
/// (kubernetes/kubernetes:cmd/kube-controller-manager/app/controllermanager.go:159,414,863@v1.36.3,
/// kubernetes/client-go:tools/leaderelection/leaderelection.go:308@v0.36.6).
fn contender(spec: &ManagerSpec, launch: &Launch) -> Contender {
    let s = &launch.settings;
    let durations = Durations::new(s.lease_duration.value, s.renew_deadline.value, s.retry_period.value);
    let gate = gates::RELEASE_LOCK_ON_EXIT.get(spec.code);
    let releases = gate.is_some_and(|&gate| s.gate(gates::RELEASE_LOCK_ON_EXIT_NAME, gate));
    Contender {
        durations: durations.expect("launch refuses durations that client-go refuses"),
        client_go: spec.code,
        releases: releases && spec.component == Component::KubeControllerManager,
        request_limit: RequestLimit::HalfOfRenewDeadline,
    }
}
