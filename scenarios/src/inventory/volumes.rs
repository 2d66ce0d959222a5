//! From a path inside a container to what is there: mounts, host paths, ConfigMaps, Secrets.

use super::Identity;
use crate::source::Span;
use crate::yaml::Node;

/// The kinds of objects that hold texts under keys.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Keyed {
    /// A ConfigMap.
    ConfigMap,
    /// A Secret.
    Secret,
}

impl std::fmt::Display for Keyed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Keyed::ConfigMap => "ConfigMap",
            Keyed::Secret => "Secret",
        })
    }
}

/// A ConfigMap or a Secret.
#[derive(Clone, PartialEq, Debug)]
pub struct KeyedTexts {
    /// Which of the two.
    pub kind: Keyed,
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub span: Span,
    /// Keys and their texts, decoded.
    pub data: Vec<(String, Node)>,
}

impl KeyedTexts {
    /// What identifies it.
    pub fn identity(&self) -> Identity {
        Identity { kind: self.kind.to_string(), namespace: self.namespace.clone(), name: self.name.clone() }
    }

    /// The text under a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.data.iter().rev().find(|(k, _)| k == key).map(|(_, text)| text)
    }
}

/// A volume mounted into a container.
#[derive(Clone, PartialEq, Debug)]
pub struct Mount {
    /// Where it is mounted.
    pub path: String,
    /// The part of the volume that is mounted, empty for all of it.
    pub sub_path: String,
    /// What the volume is.
    pub volume: Volume,
    /// Where the mount is written.
    pub span: Span,
}

/// What a volume is.
#[derive(Clone, PartialEq, Debug)]
pub enum Volume {
    /// A file or directory of the node.
    HostPath {
        /// Its path on the node.
        path: String,
        /// Where that is written.
        span: Span,
    },
    /// A ConfigMap or a Secret, also as a part of a projected volume.
    Keyed {
        /// Which of the two.
        kind: Keyed,
        /// Its name, in the pod's namespace.
        name: String,
        /// Where the name is written.
        span: Span,
        /// `items`: key and path; `None`: every key under its own name.
        items: Option<Vec<(String, String)>>,
        /// The pod starts without it.
        optional: bool,
    },
    /// A volume that holds several, later ones winning.
    Projected(Vec<Volume>),
    /// Something else: its kind as the manifest names it.
    Other(String),
}

/// What a path inside a container stands for.
#[derive(Clone, PartialEq, Debug)]
pub enum Target<'a> {
    /// No mount covers the path.
    NotMounted,
    /// A path on the node.
    Host {
        /// The path.
        path: String,
        /// Where the volume is written.
        span: Span,
    },
    /// A key of a ConfigMap or a Secret.
    Key {
        /// Which of the two.
        kind: Keyed,
        /// The object's name.
        name: &'a str,
        /// The key; `None` if the volume's `items` do not provide the path.
        key: Option<String>,
        /// Where the object is referred to.
        span: Span,
        /// The pod starts without it.
        optional: bool,
    },
    /// In a volume whose content no manifest shows.
    Hidden {
        /// The volume's kind, such as `csi`.
        kind: &'a str,
        /// Where the mount is written.
        span: Span,
    },
}

/// What `path` is inside a container with these mounts: the mount with the longest path that covers it decides, as the
/// container runtime does.
pub fn locate<'a>(mounts: &'a [Mount], path: &str) -> Target<'a> {
    let path = normalise(path);
    let covering = mounts
        .iter()
        .filter_map(|mount| Some((mount, below(&path, &normalise(&mount.path))?)))
        .max_by_key(|(mount, _)| normalise(&mount.path).len());
    match covering {
        None => Target::NotMounted,
        Some((mount, rest)) => inside(&mount.volume, &join(&mount.sub_path, rest), mount.span),
    }
}

fn inside<'a>(volume: &'a Volume, rest: &str, mount: Span) -> Target<'a> {
    match volume {
        Volume::HostPath { path, span } => Target::Host { path: join(path, rest), span: *span },
        Volume::Keyed { kind, name, span, items, optional } => {
            let key = match items {
                Some(items) => items.iter().find(|(_, p)| normalise(p) == rest).map(|(key, _)| key.clone()),
                None => Some(rest.to_string()),
            };
            Target::Key { kind: *kind, name, key, span: *span, optional: *optional }
        }
        Volume::Projected(parts) => {
            let found = parts
                .iter()
                .rev()
                .map(|part| inside(part, rest, mount))
                .find(|target| matches!(target, Target::Key { key: Some(_), .. } | Target::Hidden { .. }));
            found.unwrap_or(Target::NotMounted)
        }
        Volume::Other(kind) => Target::Hidden { kind, span: mount },
    }
}

/// `path` without doubled and trailing slashes and without `.` components; `..` is resolved.
pub fn normalise(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let absolute = if path.starts_with('/') { "/" } else { "" };
    format!("{absolute}{}", parts.join("/"))
}

fn join(base: &str, rest: &str) -> String {
    match (base, rest) {
        ("", rest) => rest.to_string(),
        (base, "") => normalise(base),
        (base, rest) => normalise(&format!("{base}/{rest}")),
    }
}

/// The part of `path` below `directory`, if it is there.
fn below<'p>(path: &'p str, directory: &str) -> Option<&'p str> {
    match path.strip_prefix(directory)? {
        "" => Some(""),
        rest if directory == "/" => Some(rest),
        rest => rest.strip_prefix('/'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Sources, Span};

    fn mount(path: &str, sub_path: &str, volume: Volume) -> Mount {
        let file = Sources::new().add("", "");
        Mount { path: path.into(), sub_path: sub_path.into(), volume, span: Span::new(file, 0..0) }
    }

    fn host(path: &str) -> Volume {
        Volume::HostPath { path: path.into(), span: Span::new(Sources::new().add("", ""), 0..0) }
    }

    fn host_of(mounts: &[Mount], path: &str) -> String {
        match locate(mounts, path) {
            Target::Host { path, .. } => path,
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn the_longest_mount_decides() {
        let mounts = [
            mount("/etc", "", host("/srv/etc")),
            mount("/etc/kubernetes/", "", host("/etc/kubernetes")),
            mount("/etc/leadermigration.conf", "", host("/opt/lm.yaml")),
            mount("/data", "sub", host("/d")),
        ];
        assert_eq!(host_of(&mounts, "/etc/kubernetes//pki/../lm.conf"), "/etc/kubernetes/lm.conf");
        assert_eq!(host_of(&mounts, "/etc/leadermigration.conf"), "/opt/lm.yaml");
        assert_eq!(host_of(&mounts, "/etc/leadermigration.conf2"), "/srv/etc/leadermigration.conf2");
        assert_eq!(host_of(&mounts, "/data/x"), "/d/sub/x");
        assert_eq!(host_of(&mounts, "/var/x"), "NotMounted");
    }
}
