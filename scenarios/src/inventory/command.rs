//! From a container to the manager it runs and the arguments the process receives.
//!
//! Contract: only what surely runs a manager is recognised, and its arguments are exactly those of the process: wrappers
//! (`go-runner`, `tini`, `env`, `hyperkube`, a shell that execs one command) are removed, `$(NAME)` is expanded as the
//! kubelet does (kubernetes/kubernetes:third_party/forked/golang/expansion/expand.go). What cannot be followed is a
//! problem, never a guess.

use leasehold_model::controller::Component;

use super::Spanned;
use crate::diagnostic::Problem;
use crate::source::Sources;
use crate::yaml::{Node, place_in};

/// A container as far as it matters here.
#[derive(Clone, Debug)]
pub struct Container<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its image, if given.
    pub image: Option<&'a str>,
    /// `command`, which replaces the image's entrypoint.
    pub command: Vec<&'a Node>,
    /// `args`.
    pub args: Vec<&'a Node>,
    /// `env` entries with a literal value.
    pub env: Vec<(&'a str, &'a str)>,
}

/// A manager that a container runs.
#[derive(Clone, PartialEq, Debug)]
pub struct Invocation {
    /// Which manager.
    pub component: Component,
    /// The arguments after the program's name.
    pub args: Vec<Spanned<String>>,
    /// How it was recognised, where nothing but a flag tells.
    pub recognised_by: Option<String>,
}

/// Programs that run another program given after their own flags.
pub(crate) const WRAPPERS: [&str; 9] =
    ["go-runner", "tini", "dumb-init", "env", "nice", "ionice", "hyperkube", "exec", "chpst"];

/// Shells.
pub(crate) const SHELLS: [&str; 5] = ["sh", "bash", "ash", "dash", "zsh"];

/// Programs and images of cloud-controller-managers whose name does not contain `cloud-controller-manager`.
const OTHER_CLOUD_CONTROLLER_MANAGERS: [&str; 6] = [
    "cloud-provider-equinix-metal",
    "cloud-provider-vsphere",
    "cloud-provider-nutanix",
    "cloudstack-kubernetes-provider",
    "cloudstack-ccm",
    "rke2-cloud-provider",
];

/// The manager that the container runs, if it runs one.
pub fn recognise(sources: &Sources, container: &Container<'_>, problems: &mut Vec<Problem>) -> Option<Invocation> {
    let mut words = Vec::new();
    for node in container.command.iter().chain(&container.args) {
        words.push(word(sources, node, &container.env, problems));
    }
    let by_flag = takes_a_provider(&words);
    let by_name = || {
        let named = component_of(container.name).map(|c| (c, None));
        let imaged = || container.image.and_then(|image| image_names(image).find_map(component_of)).map(|c| (c, None));
        let flagged = || by_flag.then(|| (Component::CloudControllerManager, Some("its flag --cloud-provider".into())));
        named.or_else(imaged).or_else(flagged)
    };
    let Some(first) = words.first().filter(|_| !container.command.is_empty()) else {
        let (component, by) = by_name()?;
        // An image without an entrypoint has its program in `args`, as in the manifests of OpenStack's.
        let is_program = |w: &Spanned<String>| w.value.starts_with('/') && component_of(base_name(&w.value)).is_some();
        let args = if words.first().is_some_and(is_program) { words.split_off(1) } else { words };
        return Some(Invocation { component, args, recognised_by: by });
    };
    let program = base_name(&first.value);
    if SHELLS.contains(&program) {
        return shell(sources, container, &words, by_name().map(|(c, _)| c), problems);
    }
    if let Some(component) = component_of(program) {
        return Some(Invocation { component, args: words.split_off(1), recognised_by: None });
    }
    if WRAPPERS.contains(&program) {
        let at = wrapped(&words, program)?;
        let component = wrapped_component(&words[at].value, program)?;
        return Some(Invocation { component, args: words.split_off(at + 1), recognised_by: None });
    }
    let (component, by) = by_name()?;
    Some(Invocation { component, args: words.split_off(1), recognised_by: by })
}

/// True for a program that takes `--cloud-provider` and is none of the Kubernetes components that take it too. A
/// cloud-controller-manager of any name does; to overlook one would be worse than to take another program for one.
fn takes_a_provider(words: &[Spanned<String>]) -> bool {
    let other =
        |word: &str| ["kube-apiserver", "kubelet", "cluster-autoscaler", "kops-controller"].contains(&base_name(word));
    let flag = |word: &str| word == "--cloud-provider" || word.starts_with("--cloud-provider=");
    words.iter().any(|w| flag(&w.value)) && !words.iter().any(|w| other(&w.value))
}

/// The position of the wrapped manager among the words.
fn wrapped(words: &[Spanned<String>], wrapper: &str) -> Option<usize> {
    words.iter().skip(1).position(|w| wrapped_component(&w.value, wrapper).is_some()).map(|i| i + 1)
}

fn wrapped_component(word: &str, wrapper: &str) -> Option<Component> {
    if word.starts_with('-') || word.contains('=') {
        return None;
    }
    match base_name(word) {
        "controller-manager" if wrapper == "hyperkube" => Some(Component::KubeControllerManager),
        name => component_of(name),
    }
}

/// The manager that a program, container or image of this name is.
pub fn component_of(name: &str) -> Option<Component> {
    if name.contains("kube-controller-manager") {
        Some(Component::KubeControllerManager)
    } else if name.contains("cloud-controller-manager") || OTHER_CLOUD_CONTROLLER_MANAGERS.contains(&name) {
        Some(Component::CloudControllerManager)
    } else {
        None
    }
}

/// The path components of an image that can name what it is: all but the registry, without tag and digest.
pub(crate) fn image_names(image: &str) -> impl Iterator<Item = &str> {
    let image = image.split('@').next().unwrap_or(image);
    let (path, last) = image.rsplit_once('/').unwrap_or(("", image));
    let last = last.split(':').next().unwrap_or(last);
    std::iter::once(last).chain(path.split('/').rev().filter(|p| !p.contains(['.', ':'])))
}

pub(crate) fn base_name(program: &str) -> &str {
    program.rsplit('/').next().unwrap_or(program)
}

/// One word of `command` or `args`, with `$(NAME)` expanded.
pub(crate) fn word(
    sources: &Sources,
    node: &Node,
    env: &[(&str, &str)],
    problems: &mut Vec<Problem>,
) -> Spanned<String> {
    let Some(text) = node.as_str() else {
        problems.push(
            Problem::error("an argument that is no string")
                .at(node.span)
                .label(format!("YAML reads this as {}; quote it", node.describe())),
        );
        return Spanned { value: sources.slice(node.span).to_string(), span: node.span };
    };
    Spanned { value: expand(text, env), span: node.span }
}

/// `$(NAME)` by the value of NAME where it is known, `$$(NAME)` by `$(NAME)`; what is unknown stays as it is.
pub(crate) fn expand(text: &str, env: &[(&str, &str)]) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("$$") {
            out.push('$');
            rest = after;
            continue;
        }
        let name = rest.strip_prefix("$(").and_then(|r| r.split_once(')'));
        match name {
            Some((name, after)) => {
                match env.iter().rev().find(|(n, _)| *n == name) {
                    Some((_, value)) => out.push_str(value),
                    None => {
                        out.push_str("$(");
                        out.push_str(name);
                        out.push(')');
                    }
                }
                rest = after;
            }
            None => {
                out.push('$');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// A shell: followed if its script is one plain command.
fn shell(
    sources: &Sources,
    container: &Container<'_>,
    words: &[Spanned<String>],
    named: Option<Component>,
    problems: &mut Vec<Problem>,
) -> Option<Invocation> {
    let nodes: Vec<&&Node> = container.command.iter().chain(&container.args).collect();
    let flag = words.iter().position(|w| w.value.starts_with('-') && w.value.contains('c'))?;
    let script = nodes.get(flag + 1)?;
    let text = script.as_str()?;
    let mentions =
        text.split(|c: char| c.is_whitespace() || "\"';|&".contains(c)).any(|w| component_of(base_name(w)).is_some());
    if !mentions && named.is_none() {
        return None;
    }
    let simple = split_script(text).map_err(Some).and_then(|parsed| {
        let mut parsed = parsed.as_slice();
        while let Some((first, rest)) = parsed.split_first()
            && component_of(base_name(&first.0)).is_none()
        {
            let skippable =
                WRAPPERS.contains(&base_name(&first.0)) || first.0.starts_with('-') || first.0.contains('=');
            if !skippable {
                return Err(None);
            }
            parsed = rest;
        }
        let (program, args) = parsed.split_first().ok_or(None)?;
        Ok((component_of(base_name(&program.0)).ok_or(None)?, args.to_vec()))
    });
    match simple {
        Ok((component, args)) => Some(Invocation {
            component,
            args: args
                .into_iter()
                .map(|(value, range)| Spanned {
                    value: expand(&value, &container.env),
                    span: place_in(sources, script, range),
                })
                .collect(),
            recognised_by: None,
        }),
        Err(what) => {
            problems.push(
                Problem::error("a manager started by a shell script that cannot be followed")
                    .at(script.span)
                    .label(match what {
                        Some(what) => format!("only one plain command can be followed, and this has {what}"),
                        None => "only `exec` and one plain command can be followed".to_string(),
                    })
                    .help("give the manager's flags in `command` and `args` without a shell"),
            );
            None
        }
    }
}

type Words = Vec<(String, std::ops::Range<usize>)>;

/// The words of a script that is one plain command; the error names the construct that is not plain. Redirections are
/// dropped: they change no argument.
pub(crate) fn split_script(script: &str) -> Result<Words, &'static str> {
    let mut words: Words = Vec::new();
    let mut word: Option<(String, usize)> = None;
    let mut redirect = false;
    let mut chars = script.char_indices().peekable();
    let mut finished = false;
    while let Some((at, c)) = chars.next() {
        let is_blank = matches!(c, ' ' | '\t');
        let is_end = matches!(c, '\n' | ';');
        if is_blank || is_end || matches!(c, '>' | '<' | '|' | '&' | '(' | ')') {
            if let Some((text, start)) = word.take() {
                // `2>` redirects file descriptor 2.
                let is_descriptor =
                    matches!(c, '>' | '<') && !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
                if redirect {
                    redirect = false;
                } else if !is_descriptor {
                    words.push((text, start..at));
                }
            }
            match c {
                '>' | '<' => {
                    while let Some(&(_, next)) = chars.peek() {
                        if !matches!(next, '>' | '&') {
                            break;
                        }
                        chars.next();
                    }
                    redirect = true;
                }
                '&' if chars.peek().is_some_and(|&(_, next)| next == '>') => {}
                '|' => return Err("a pipe"),
                '&' => return Err("`&`"),
                '(' | ')' => return Err("parentheses"),
                _ if is_end => finished = finished || !words.is_empty(),
                _ => {}
            }
            continue;
        }
        if finished {
            return Err("more than one command");
        }
        let (text, _) = word.get_or_insert_with(|| (String::new(), at));
        match c {
            '\'' => loop {
                match chars.next() {
                    Some((_, '\'')) => break,
                    Some((_, c)) => text.push(c),
                    None => return Err("a quote that is never closed"),
                }
            },
            '"' => loop {
                match chars.next() {
                    Some((_, '"')) => break,
                    Some((_, '\\')) => match chars.next() {
                        Some((_, '\n')) => {}
                        Some((_, c @ ('"' | '\\' | '$' | '`'))) => text.push(c),
                        Some((_, c)) => text.extend(['\\', c]),
                        None => return Err("a quote that is never closed"),
                    },
                    Some((_, '$' | '`')) => return Err("a variable"),
                    Some((_, c)) => text.push(c),
                    None => return Err("a quote that is never closed"),
                }
            },
            '\\' => match chars.next() {
                Some((_, '\n')) if text.is_empty() => word = None,
                Some((_, '\n')) => {}
                Some((_, c)) => text.push(c),
                None => {}
            },
            '$' | '`' => return Err("a variable"),
            '#' if text.is_empty() => return Err("a comment"),
            // Inside `--controllers=*,-route` it matches no file, and the shell leaves it alone.
            '*' | '?' | '[' | '{' | '~' if !text.starts_with('-') => return Err("a file pattern"),
            c => text.push(c),
        }
    }
    if let Some((text, start)) = word
        && !redirect
    {
        words.push((text, start..script.len()));
    }
    Ok(words)
}
