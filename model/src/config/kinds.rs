//! The types that the managers' configuration scheme knows
//! (kubernetes/controller-manager:config/v1/register.go@v0.30.14,
//! kubernetes/apimachinery:pkg/apis/meta/v1/register.go AddToGroupVersion@v0.30.14).

use super::decode::{ConfigError, error};
use super::quote;
use crate::facts::migration::{API_VERSIONS, GROUP, KIND};
use crate::release::Release;

/// A type of the scheme.
pub(super) enum Shape {
    /// The configuration, under these field names.
    Migration(Box<Names>),
    /// Another type with these fields: it decodes, and is then refused for what it is.
    Other(&'static [&'static str]),
    /// Another type with these fields that has no internal version: it decodes, and cannot be converted.
    Inconvertible(&'static [&'static str]),
}

/// How one version of the type spells its fields.
pub(super) struct Names {
    pub(super) package: &'static str,
    pub(super) has_resource_lock: bool,
    pub(super) leader_name: &'static str,
    pub(super) resource_lock: &'static str,
    pub(super) controller_leaders: &'static str,
    pub(super) name: &'static str,
    pub(super) fields: Vec<&'static str>,
    pub(super) entry_fields: [&'static str; 2],
}

/// Another type that every version of the group has, the only one with an internal version.
const WATCH_EVENT: (&str, &[&str]) = ("WatchEvent", &["type", "object"]);

/// The internal version is registered too; its fields have their Go names.
const INTERNAL: &str = "__internal";

/// Types that every group and version has, with their fields.
const UNVERSIONED: [(&str, &[&str]); 5] = [
    ("Status", &["kind", "apiVersion", "metadata", "status", "message", "reason", "details", "code"]),
    ("APIVersions", &["kind", "apiVersion", "versions", "serverAddressByClientCIDRs"]),
    ("APIGroupList", &["kind", "apiVersion", "groups"]),
    ("APIGroup", &["kind", "apiVersion", "name", "versions", "preferredVersion", "serverAddressByClientCIDRs"]),
    ("APIResourceList", &["kind", "apiVersion", "groupVersion", "resources"]),
];

/// Types that every version of the group has besides, with their fields.
const VERSIONED: [(&str, &[&str]); 6] = [
    ("ListOptions", &["kind", "apiVersion", "labelSelector", "fieldSelector", "watch", "limit", "continue"]),
    ("GetOptions", &["kind", "apiVersion", "resourceVersion"]),
    ("DeleteOptions", &["kind", "apiVersion", "gracePeriodSeconds", "preconditions", "propagationPolicy", "dryRun"]),
    ("CreateOptions", &["kind", "apiVersion", "dryRun", "fieldManager", "fieldValidation"]),
    ("UpdateOptions", &["kind", "apiVersion", "dryRun", "fieldManager", "fieldValidation"]),
    ("PatchOptions", &["kind", "apiVersion", "dryRun", "force", "fieldManager", "fieldValidation"]),
];

/// The type that `apiVersion` and `kind` name at `release`.
pub(super) fn find(api_version: &str, kind: &str, release: Release) -> Result<Shape, ConfigError> {
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    let known = API_VERSIONS.get(release).copied().unwrap_or_default().iter().find(|v| v.name == version);
    let named = |list: &[(&str, &'static [&'static str])]| list.iter().find(|(name, _)| *name == kind).map(|(_, f)| *f);
    if let Some(fields) = named(&UNVERSIONED) {
        return Ok(Shape::Other(fields));
    }
    if group == GROUP {
        match known {
            Some(version) if kind == KIND => {
                return Ok(Shape::Migration(Box::new(Names::external(version.name, version.has_resource_lock))));
            }
            Some(_) => {
                if let Some(fields) = named(&[WATCH_EVENT]) {
                    return Ok(Shape::Other(fields));
                }
                if let Some(fields) = named(&VERSIONED) {
                    return Ok(Shape::Inconvertible(fields));
                }
            }
            None if version == INTERNAL && kind == KIND => return Ok(Shape::Migration(Box::new(Names::internal()))),
            None if version == INTERNAL && kind == WATCH_EVENT.0 => return Ok(Shape::Other(&["Type", "Object"])),
            None => {}
        }
    }
    if version == INTERNAL {
        return error(not_internal(group, kind));
    }
    error(format!("no kind {} is registered for version {}", quote(kind), quote(api_version)))
}

/// What is said of a type that the internal version does not have.
pub(super) fn not_internal(group: &str, kind: &str) -> String {
    format!("no kind {} is registered for the internal version of group {}", quote(kind), quote(group))
}

impl Names {
    fn external(package: &'static str, has_resource_lock: bool) -> Names {
        let mut fields = vec!["kind", "apiVersion", "leaderName", "controllerLeaders"];
        if has_resource_lock {
            fields.push("resourceLock");
        }
        Names {
            package,
            has_resource_lock,
            leader_name: "leaderName",
            resource_lock: "resourceLock",
            controller_leaders: "controllerLeaders",
            name: "name",
            fields,
            entry_fields: ["name", "component"],
        }
    }

    fn internal() -> Names {
        Names {
            package: "config",
            has_resource_lock: true,
            leader_name: "LeaderName",
            resource_lock: "ResourceLock",
            controller_leaders: "ControllerLeaders",
            name: "Name",
            fields: vec!["kind", "apiVersion", "LeaderName", "ResourceLock", "ControllerLeaders"],
            entry_fields: ["Name", "Component"],
        }
    }
}
