//! The elections of a process, from its arguments and variables: durations, lock, switch.

use leasehold_model::controller;
use leasehold_model::election::{BadDurations, Durations};
use leasehold_model::facts::elections::{self as facts, Component, Knob, Releases, Switch, Timing};
use leasehold_model::facts::{vendor_tags, vendors};
use leasehold_model::launch::duration::GoDuration;
use leasehold_model::release::Release;

use super::arguments::{Arguments, switches_on, which_duration};
use super::{Election, Lock, Origin, Pods, Switched, go_duration};
use crate::diagnostic::Problem;
use crate::inventory::{Identity, Spanned};
use crate::source::Span;

/// What runs, as far as elections go.
pub(super) struct Process<'a> {
    pub component: Option<&'static Component>,
    pub name: &'a str,
    pub args: Vec<Spanned<String>>,
    pub env: Vec<(&'a str, &'a str, Span)>,
    pub image: Option<&'a str>,
}

/// The elections of a process: none, one, or two where leader migration adds its lease.
pub(super) fn election(
    object: &Identity,
    span: Span,
    pods: Pods,
    process: &Process<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<Election> {
    let args = Arguments(&process.args);
    let by_flag = args.flags().any(|g| switches_on(g.name) || which_duration(g.name).is_some());
    let component = match process.component {
        Some(component) => component,
        None if by_flag => &facts::UNKNOWN,
        None => return Vec::new(),
    };
    let is_known = process.component.is_some();
    let timings = [component.lease, component.renew, component.retry];
    let mut origins = [const { Origin::Assumed }; 3];
    let mut values = [GoDuration { nanos: 0 }; 3];
    let refused = problems.len();
    for (i, timing) in timings.into_iter().enumerate() {
        let found = match is_known {
            true => setting(&timing, &args, process, problems),
            false => args
                .flags()
                .filter(|g| which_duration(g.name) == Some(i))
                .last()
                .and_then(|g| Some((format!("--{}", g.name), go_duration(g.value()?, g.span, problems)?, g.span))),
        };
        (values[i], origins[i]) = match found {
            Some((name, value, span)) => (value, Origin::Written(name, span)),
            None if is_known => (timing.default, Origin::Default),
            None => (timing.default, Origin::Assumed),
        };
    }
    if problems.len() > refused {
        return Vec::new();
    }
    let switch = switched(component, is_known, &args, process);
    let durations = match Durations::new(values[0], values[1], values[2]) {
        Ok(durations) => durations,
        // An election that is off never reaches client-go.
        Err(_) if switch != Switched::On => return Vec::new(),
        Err(rule) => {
            problems.push(refusal(rule, &values, &origins, span));
            return Vec::new();
        }
    };
    let tag = process.image.and_then(tag);
    let client_go = match component.library {
        facts::Library::CloudProvider => {
            let provider = args.last("cloud-provider").and_then(|g| g.value());
            let vendor = vendors::lookup(process.image, provider);
            tag.and_then(|tag| vendor_tags::library(&vendor, tag)).map(|(library, _)| library)
        }
        library => tag.and_then(|tag| library.of_tag(tag)),
    };
    let main = Election {
        component,
        name: if is_known { component.name.into() } else { process.name.into() },
        object: object.clone(),
        span,
        pods,
        switch,
        lock: lock(component, is_known, object, &args),
        durations,
        origins,
        client_go,
        releases: releases(component, client_go, &args),
    };
    let migrates = args.last("enable-leader-migration").is_some_and(|g| g.is_true());
    let is_manager = controller::Component::ALL.iter().any(|c| c.name() == component.name);
    if migrates && is_manager && main.switch == Switched::On {
        // The library's default name; a configuration file may say another, but both managers read the same file.
        let lock = Lock { name: Some("cloud-provider-extraction-migration".into()), ..main.lock.clone() };
        return vec![main.clone(), Election { lock, ..main }];
    }
    vec![main]
}

/// The value of a duration that something sets, and what.
fn setting(
    timing: &Timing,
    args: &Arguments<'_>,
    process: &Process<'_>,
    problems: &mut Vec<Problem>,
) -> Option<(String, GoDuration, Span)> {
    let mut found = None;
    for knob in timing.set_by {
        let (shown, text, span) = match knob {
            Knob::Flag(name) | Knob::SecondsFlag(name) => {
                let Some(given) = args.last(name) else { continue };
                (format!("--{}", given.name), given.value().unwrap_or(""), given.span)
            }
            Knob::Env(name) | Knob::SecondsEnv(name) => {
                let Some((_, text, span)) = process.env.iter().rev().find(|(n, ..)| n == name) else { continue };
                ((*name).to_string(), *text, *span)
            }
        };
        let value = match knob {
            Knob::Flag(_) | Knob::Env(_) => go_duration(text, span, problems),
            Knob::SecondsFlag(_) | Knob::SecondsEnv(_) => {
                let seconds = text.parse::<i32>().ok();
                if seconds.is_none() {
                    problems.push(Problem::error("not a whole number of seconds").at(span).label("expected 15"));
                }
                seconds.map(|s| GoDuration::seconds(s.into()))
            }
        };
        let (times, over) = timing.factor;
        let scale = |d: GoDuration| GoDuration { nanos: d.nanos.saturating_mul(times) / over };
        found = value.map(|value| (shown, scale(value), span)).or(found);
    }
    found
}

fn switched(component: &Component, is_known: bool, args: &Arguments<'_>, process: &Process<'_>) -> Switched {
    let on = |is_on: bool, span: Option<Span>| if is_on { Switched::On } else { Switched::Off(span) };
    if !is_known {
        let last = args.flags().filter(|g| switches_on(g.name)).last();
        // A duration alone may mean an election that is on by default, and it is safer to judge it.
        return last.map_or(Switched::On, |g| on(g.is_true(), Some(g.span)));
    }
    match component.switch {
        Switch::Always => Switched::On,
        Switch::Flag(name, default) => args.last(name).map_or(on(default, None), |g| on(g.is_true(), Some(g.span))),
        Switch::Disable(name) => args.last(name).map_or(Switched::On, |g| on(!g.is_true(), Some(g.span))),
        Switch::Env(name, default) => {
            let set = process.env.iter().rev().find(|(n, ..)| *n == name);
            set.map_or(on(default, None), |(_, value, span)| on(*value == "true", Some(*span)))
        }
    }
}

fn lock(component: &Component, is_known: bool, object: &Identity, args: &Arguments<'_>) -> Lock {
    let text = |flag: &str| args.last(flag).and_then(|g| g.value()).map(str::to_string);
    let namespace = text("leader-elect-resource-namespace")
        .or_else(|| text("leader-election-namespace"))
        .or_else(|| text("leader-election-lock-namespace"));
    let by_core = component.name.starts_with("kube-") || component.name.starts_with("cloud-controller");
    let name = match component.lock {
        facts::Lock::Named(name, flag) => flag.and_then(&text).or_else(|| Some(name.to_string())),
        _ if is_known => None,
        _ => text("leader-election-id").or_else(|| text("leader-elect-resource-name")),
    };
    let own = if by_core { "kube-system" } else { object.namespace.as_str() };
    Lock { namespace: namespace.or_else(|| Some(own.to_string())), name }
}

fn releases(component: &Component, client_go: Option<Release>, args: &Arguments<'_>) -> bool {
    let client_go = client_go.unwrap_or(Release::NEWEST);
    match component.releases {
        Releases::Unless(flag) => args.last(flag).is_none_or(|g| g.is_true()),
        Releases::Gate(name, gate) => gate.get(client_go).is_some_and(|gate| gate.is_on(name, |gate| args.gate(gate))),
        releases => releases.by_default(client_go),
    }
}

/// client-go's refusal, at the flag that is to blame.
fn refusal(rule: BadDurations, values: &[GoDuration; 3], origins: &[Origin; 3], span: Span) -> Problem {
    let [lease, renew, retry] = values;
    let (first, second) = match rule {
        BadDurations::LeaseWithinRenew => (0, 1),
        BadDurations::RenewWithinRetry => (1, 2),
        BadDurations::Lease => (0, 0),
        BadDurations::Renew => (1, 1),
        BadDurations::Retry => (2, 2),
    };
    let at = |i: usize| match &origins[i] {
        Origin::Written(_, span) => Some(*span),
        _ => None,
    };
    Problem::error(format!("client-go refuses these durations: {rule}"))
        .at(at(first).or_else(|| at(second)).unwrap_or(span))
        .label(format!("{lease} lease duration, {renew} renew deadline, {retry} retry period"))
        .help("the process ends with this message before it asks for its lease, again and again")
}

/// The tag of an image.
fn tag(image: &str) -> Option<&str> {
    let image = image.split('@').next().unwrap_or(image);
    image.rsplit('/').next().unwrap_or(image).split_once(':').map(|(_, tag)| tag)
}
