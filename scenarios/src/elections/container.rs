//! The election of a container: which component it runs, with which flags and variables.
//!
//! Contract: a component is taken for known only by the name of its program, image or container. Any other container
//! takes part only if it has a flag that switches an election on or sets one of its durations.

use leasehold_model::controller;
use leasehold_model::election::{BadDurations, Durations};
use leasehold_model::facts::elections::{self as facts, Component, Knob, Releases, Switch, Timing};
use leasehold_model::facts::{vendor_tags, vendors};
use leasehold_model::launch::duration::GoDuration;
use leasehold_model::release::Release;

use super::arguments::{Arguments, switches_on, which_duration};
use super::config::{self, Config};
use super::{Election, Lock, Origin, Pods, Switched, go_duration};
use crate::diagnostic::Problem;
use crate::inventory::command::{self, Container};
use crate::inventory::workload::Workload;
use crate::inventory::{Identity, Spanned};
use crate::source::{Sources, Span};
use crate::yaml::Node;

/// The only component that takes its election from a file here.
const SCHEDULER: &str = "kube-scheduler";

/// Where a container is.
pub(super) struct Place<'a> {
    pub sources: &'a Sources,
    pub object: &'a Identity,
    pub span: Span,
    pub pods: Pods,
}

/// What runs in a container.
struct Process<'a> {
    component: Option<&'static Component>,
    name: &'a str,
    args: Vec<Spanned<String>>,
    env: Vec<(&'a str, &'a str, Span)>,
    image: Option<&'a str>,
}

/// The elections of one container: usually none or one, two where leader migration adds its lease.
pub(super) fn read(
    place: &Place<'_>,
    node: &Node,
    configs: &mut [Config],
    problems: &mut Vec<Problem>,
    notes: &mut Vec<Problem>,
) -> Vec<Election> {
    let items = |key: &str| node.get(key).map_or(&[][..], Node::items);
    let text = |key: &str| node.get(key).and_then(Node::as_str);
    let literal = |e: &'_ Node| {
        let value = e.get("value")?;
        Some((e.get("name")?.as_str()?.to_string(), value.as_str()?.to_string(), value.span))
    };
    let env: Vec<(String, String, Span)> = items("env").iter().filter_map(literal).collect();
    let described = Container {
        name: text("name").unwrap_or(""),
        image: text("image"),
        command: items("command").iter().collect(),
        args: items("args").iter().collect(),
        env: env.iter().map(|(name, value, _)| (name.as_str(), value.as_str())).collect(),
    };
    let mut aside = Vec::new();
    let (component, args) = match command::recognise(place.sources, &described, &mut aside) {
        Some(manager) => (facts::named(manager.component.name()), manager.args),
        None => recognise(place.sources, &described),
    };
    // What concerns an election only through a manager's unreadable script is still worth an error.
    problems.extend(aside.into_iter().filter(|p| p.message.contains("shell script")));
    let mut flags = Vec::new();
    let config = Arguments(&args).last("config").filter(|_| component.is_some_and(|c| c.name == SCHEDULER));
    if let Some(path) = config.as_ref().and_then(|given| given.value()) {
        match config::named(configs, path) {
            Some(config) => {
                config.is_read = true;
                flags.clone_from(&config.flags);
            }
            None => notes.push(
                Problem::note(format!("{path} was not given: its leaderElection is taken to say nothing"))
                    .at(config.map_or(place.span, |given| given.span)),
            ),
        }
    }
    let process = Process {
        component,
        name: described.name,
        args: flags.iter().cloned().chain(args).collect(),
        env: env.iter().map(|(name, value, span)| (name.as_str(), value.as_str(), *span)).collect(),
        image: described.image,
    };
    let mut read = election(place.object, place.span, place.pods, &process, problems);
    config::name_fields(&mut read, &flags);
    read
}

/// The election of a kube-scheduler of which nothing but the configuration file is given.
pub(super) fn scheduler(config: &Config, problems: &mut Vec<Problem>) -> Vec<Election> {
    let process = Process {
        component: facts::named(SCHEDULER),
        name: SCHEDULER,
        args: config.flags.clone(),
        env: Vec::new(),
        image: None,
    };
    let object =
        Identity { namespace: "kube-system".into(), name: SCHEDULER.into(), kind: "KubeSchedulerConfiguration".into() };
    let mut read = election(&object, config.span, Pods::PerNode, &process, problems);
    config::name_fields(&mut read, &config.flags);
    read
}

/// The election of the kube-controller-manager that kubeadm writes.
pub(super) fn kubeadm(workload: &Workload, problems: &mut Vec<Problem>) -> Vec<Election> {
    let process = Process {
        component: facts::named(workload.component.name()),
        name: workload.component.name(),
        args: workload.args.clone(),
        env: Vec::new(),
        image: None,
    };
    let mut read = election(&workload.identity, workload.span, Pods::PerNode, &process, problems);
    for election in &mut read {
        election.client_go = workload.release.as_ref().and_then(|r| r.value.parse().ok());
    }
    read
}

/// The component that a container runs, if it is known, and the arguments of its process.
fn recognise(sources: &Sources, container: &Container<'_>) -> (Option<&'static Component>, Vec<Spanned<String>>) {
    let nodes: Vec<&&Node> = container.command.iter().chain(&container.args).collect();
    // An argument that is no string is the business of who validates manifests.
    let mut words: Vec<Spanned<String>> =
        nodes.iter().map(|node| command::word(sources, node, &container.env, &mut Vec::new())).collect();
    let is_shell = words.first().is_some_and(|w| command::SHELLS.contains(&command::base_name(&w.value)));
    if is_shell
        && !container.command.is_empty()
        && let Some(at) = words.iter().position(|w| w.value.starts_with('-') && w.value.contains('c'))
        && let Some(script) = nodes.get(at + 1)
        && let Ok(parsed) = command::split_script(script.as_str().unwrap_or(""))
    {
        words = parsed
            .into_iter()
            .map(|(value, range)| Spanned {
                value: command::expand(&value, &container.env),
                span: crate::yaml::place_in(sources, script, range),
            })
            .collect();
    }
    let program = words.iter().take_while(|w| !w.value.starts_with("--") || w.value == "--");
    let at = program.map(|w| facts::named(command::base_name(&w.value))).position(|c| c.is_some());
    let by_program = at.and_then(|at| facts::named(command::base_name(&words[at].value)));
    let by_image = || container.image.and_then(|image| command::image_names(image).next().and_then(facts::named));
    let by_container = || facts::named(container.name).filter(|c| c.name == container.name);
    let spark = || {
        let is_operator = container.image.is_some_and(|i| command::image_names(i).any(|n| n == "spark-operator"));
        let sub = ["webhook", "controller"].into_iter().find(|s| words.iter().any(|w| w.value == *s));
        sub.filter(|_| is_operator).and_then(|s| facts::named(&format!("spark-operator-{s}")))
    };
    let component = spark().or(by_program).or_else(by_image).or_else(by_container);
    // What a wrapper is told before the program's name, `--` above all, is not the program's.
    (component, words.split_off(at.map_or(0, |at| at + 1)))
}

fn election(
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
    match component.releases {
        Releases::Never => false,
        Releases::Always => true,
        Releases::Since(minor) => client_go.unwrap_or(Release::NEWEST).minor() >= minor,
        Releases::Unless(flag) => args.last(flag).is_none_or(|g| g.is_true()),
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
