//! What `show` found out, as data. The types are the format: the JSON Schema in `docs/schema/show.v1.json` is generated
//! from them.

use schemars::JsonSchema;
use serde::Serialize;

/// The version of this format: fields may be added to it, none renamed or removed.
pub const VERSION: u32 = 1;

/// What was understood.
#[derive(Serialize, JsonSchema, Clone, PartialEq, Debug)]
pub struct Document {
    /// The version of this format.
    pub version: u32,
    /// What was given, or the scenario's title.
    pub title: String,
    /// Every manager of every stage, in the order of the stages.
    pub managers: Vec<ManagerShown>,
    /// The groups of control-plane nodes that are told apart; none: the nodes are alike.
    pub groups: Vec<GroupShown>,
    /// What was inferred or assumed because nothing said it.
    pub assumed: Vec<String>,
    /// What was not recognised or not read, and warnings.
    pub notes: Vec<Note>,
}

/// A group of control-plane nodes.
#[derive(Serialize, JsonSchema, Clone, PartialEq, Debug)]
pub struct GroupShown {
    /// Its name.
    pub name: String,
    /// How many nodes.
    pub count: u8,
    /// What they are for: `control plane`, `etcd`, `worker`.
    pub roles: Vec<&'static str>,
    /// Their labels, `key=value`.
    pub labels: Vec<String>,
    /// Their taints, `key=value:effect`.
    pub taints: Vec<String>,
}

/// One manager at one stage.
#[derive(Serialize, JsonSchema, Clone, PartialEq, Debug)]
pub struct ManagerShown {
    /// `kube-controller-manager` or `cloud-controller-manager`.
    pub component: &'static str,
    /// `before`, `after` (the last stage), or the title of the step that leads to the stage in between.
    pub side: String,
    /// The Kubernetes release of the cluster it belongs to: `1.30`.
    pub release: String,
    /// The k8s.io/cloud-provider that it was built with, `0.30`; null for kube-controller-manager.
    pub library: Option<String>,
    /// True if it starts and stays; false if it exits, at once or once it holds a lease, again and again.
    pub starts: bool,
    /// What the real binary prints when it exits, as far as it depends on nothing but the input.
    pub message: Option<String>,
    /// The controllers it runs without any lock.
    pub unlocked: Vec<&'static str>,
    /// Its main lease; null if it elects no leader or does not get that far.
    pub main: Option<Main>,
    /// Its migration lease; null if leader migration is off or without effect.
    pub migration: Option<MigrationShown>,
    /// When it exits: null if it stays.
    pub refuses: Option<Refuses>,
    /// Its exit code, if it exits.
    pub exit_code: Option<u8>,
    /// The lease that a manager which exits takes each time before it does, and stays the holder of.
    pub flaps: Option<String>,
    /// Whose cloud-controller-manager it is; `stock` is that of k8s.io/cloud-provider without changes; null for
    /// kube-controller-manager.
    pub vendor: Option<&'static str>,
    /// What is known to be different in this vendor's.
    pub vendor_notes: Vec<&'static str>,
    /// The object that makes its pods: `Pod kube-system/kube-controller-manager`.
    pub object: String,
    /// How its pods are made.
    pub workload: String,
    /// The groups of nodes that it lies on, where it does not lie on all.
    pub groups: Vec<String>,
    /// Where the object is written: `file:line:column`.
    pub place: String,
    /// Its image, as written.
    pub image: Option<String>,
    /// The user it is taken to be to the API server.
    pub user: String,
    /// The values that decided all this, each with where it came from.
    pub settings: Vec<SettingShown>,
    /// What could not be checked, and what was assumed about it.
    pub unchecked: Vec<UncheckedShown>,
}

/// When a manager exits.
#[derive(Serialize, JsonSchema, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "kebab-case")]
pub enum Refuses {
    /// At start: it never holds anything.
    BeforeLocks,
    /// Once it holds its main lease.
    AfterMainLease,
    /// Once it holds its migration lease.
    AfterMigrationLease,
}

/// A main lease.
#[derive(Serialize, JsonSchema, Clone, PartialEq, Debug)]
pub struct Main {
    /// `namespace/name`, and its lock type where that is not `leases`.
    pub lease: String,
    /// What it runs while it holds the lease.
    pub controllers: Vec<&'static str>,
    /// True if its user may get, create and update the lease.
    pub authorized: bool,
    /// The verbs its user lacks.
    pub missing: Vec<&'static str>,
    /// Why it asks for the lease in vain, for ever: what it logs at every retry.
    pub in_vain: Option<String>,
}

/// A migration lease.
#[derive(Serialize, JsonSchema, Clone, PartialEq, Debug)]
pub struct MigrationShown {
    /// `namespace/name`, and its lock type where that is not `leases`.
    pub lease: String,
    /// True if it asks for the lease once it holds its main lease.
    pub contends: bool,
    /// True if its user may get, create and update the lease.
    pub authorized: bool,
    /// What it runs while it holds both leases; empty: it holds the lease for nothing.
    pub controllers: Vec<&'static str>,
    /// The verbs its user lacks.
    pub missing: Vec<&'static str>,
    /// Why it never contends, or contends in vain.
    pub in_vain: Option<String>,
}

/// A value that decided something.
#[derive(Serialize, JsonSchema, Clone, PartialEq, Debug)]
pub struct SettingShown {
    /// The flag without dashes, `feature-gates:NAME`, or the field of the migration configuration.
    pub name: String,
    /// The value.
    pub value: String,
    /// Where it came from.
    pub origin: OriginShown,
    /// `file:line:column`; null for a default.
    pub place: Option<String>,
}

/// Where a value came from.
#[derive(Serialize, JsonSchema, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "kebab-case")]
pub enum OriginShown {
    /// An argument of the process.
    Flag,
    /// The leader migration configuration file.
    File,
    /// The binary's default.
    Default,
}

/// Something that could not be checked.
#[derive(Serialize, JsonSchema, Clone, PartialEq, Debug)]
pub struct UncheckedShown {
    /// The flag, gate or controller name.
    pub name: String,
    /// What was assumed about it.
    pub assumed: &'static str,
    /// `file:line:column`
    pub place: Option<String>,
}

/// Something about the input.
#[derive(Serialize, JsonSchema, Clone, PartialEq, Debug)]
pub struct Note {
    /// `warning` or `note`.
    pub severity: &'static str,
    /// What it is.
    pub message: String,
    /// `file:line:column`
    pub place: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_show_schema() {
        let mut schema =
            schemars::SchemaGenerator::from(schemars::generate::SchemaSettings::draft2020_12().for_serialize())
                .into_root_schema_for::<Document>();
        schema.insert("title".into(), "leasehold show v1".into());
        let text = format!("{}\n", serde_json::to_string_pretty(&schema).expect("a schema is JSON"));
        crate::generated::compare("docs/schema/show.v1.json", &text);
    }
}
