//! What a container runs: which component, with which flags and variables.
//!
//! Contract: a component is taken for known only by the name of its program, image or container. Any other container
//! takes part only if it has a flag that switches an election on or sets one of its durations.

use leasehold_model::facts::elections::{self as facts, Component};

use super::arguments::Arguments;
use super::config::{self, Config};
use super::process::{Process, election};
use super::{Election, Pods};
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
