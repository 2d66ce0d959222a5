//! A protocol's steps as files: manifests, migration files, access rules and the scenario that `check` judges. Pure.

use leasehold_model::controller::Component;
use leasehold_model::findings::edit::right_config;
use leasehold_model::launch::{ManagerSpec, MigrationFile};
use leasehold_model::lease::Rights;
use leasehold_model::release::Release;

use super::protocol::{Ccm, Kcm, Migration, Protocol, Step};
use crate::commands::generate::default_image;
use crate::commands::generate::design::{self, Design, config_path};
use crate::commands::generate::files::{Files, Pod, access, config_text};

/// Every file; `scenario.yaml` among them.
pub fn files(design: &Design, protocol: &Protocol) -> Files {
    let mut files = Files::new();
    let steps = (protocol.steps)(design);
    for (number, step) in steps.iter().enumerate() {
        let mut insert = |name: &str, text: String| files.insert(format!("{number}/{name}"), text);
        if let Some(kcm) = &step.kcm {
            insert("kube-controller-manager.yaml", kube_controller_manager(design, kcm));
            migration_file(design, Component::KubeControllerManager, kcm.release, kcm.migration, &mut insert);
        }
        if let Some(ccm) = &step.ccm {
            insert("cloud-controller-manager.yaml", cloud_controller_manager(design, ccm));
            migration_file(design, Component::CloudControllerManager, ccm.library, ccm.migration, &mut insert);
        }
        // A vendor's manifest brings the right to its main lease; granting replaces the role, so it is in there too.
        let before = &steps[..number];
        let is_first = step.ccm.is_some() && before.iter().all(|step| step.ccm.is_none() && step.granted.is_empty());
        if is_first || !step.granted.is_empty() {
            let of_kcm = (Component::KubeControllerManager, step.granted.clone());
            let of_ccm = step.granted.iter().copied().chain([design.vendor.main_lease]).collect();
            let mut subjects = vec![of_kcm, (Component::CloudControllerManager, of_ccm)];
            // A rule with an empty list of names would be one for all of them.
            subjects.retain(|(_, leases)| !leases.is_empty());
            insert("access.yaml", access(&subjects));
        }
    }
    files.insert("scenario.yaml".into(), scenario(design, protocol, &steps));
    files
}

fn kube_controller_manager(design: &Design, kcm: &Kcm) -> String {
    let migrates = kcm.migration != Migration::Off;
    let base = design::Kcm { release: kcm.release, in_tree: kcm.in_tree, migrates, node_ipam: kcm.node_ipam };
    let mut args = with_file(design.kcm_args(&base), kcm.migration);
    if kcm.switched_off {
        // As the guides write it; the old names are aliases since 1.28.
        let controllers = args.iter_mut().filter(|arg| arg.starts_with("--controllers="));
        controllers.for_each(|arg| *arg += ",-cloud-node-lifecycle,-route,-service");
    }
    let component = Component::KubeControllerManager;
    let image = format!("registry.k8s.io/kube-controller-manager:v{}.0", kcm.release);
    let comment = format!("kube-controller-manager {}", kcm.release);
    Pod { component, image, comment, args, migrates: has_file(kcm.migration) }.manifest()
}

fn cloud_controller_manager(design: &Design, ccm: &Ccm) -> String {
    let migrates = ccm.migration != Migration::Off;
    let base = design::Ccm { library: ccm.library, migrates, node_ipam: ccm.node_ipam };
    let component = Component::CloudControllerManager;
    let image = default_image(&design.wish.provider).replace("{library}", &ccm.library.to_string());
    let comment = format!("cloud-controller-manager, k8s.io/cloud-provider {}", ccm.library.library());
    let args = with_file(design.ccm_args(&base), ccm.migration);
    Pod { component, image, comment, args, migrates: has_file(ccm.migration) }.manifest()
}

fn has_file(migration: Migration) -> bool {
    matches!(migration, Migration::File { .. })
}

fn with_file(mut args: Vec<String>, migration: Migration) -> Vec<String> {
    if !has_file(migration) {
        args.retain(|arg| !arg.starts_with("--leader-migration-config="));
    }
    args
}

fn migration_file(
    design: &Design,
    component: Component,
    code: Release,
    migration: Migration,
    insert: &mut impl FnMut(&str, String) -> Option<String>,
) {
    let Migration::File { lease, controllers } = migration else { return };
    let vendor = match component {
        Component::KubeControllerManager => leasehold_model::facts::vendors::STOCK,
        Component::CloudControllerManager => design.vendor,
    };
    let (args, migration_file) = (Vec::new(), MigrationFile::Missing);
    let spec = ManagerSpec { component, code, vendor, args, migration_file, rights: Rights::default() };
    let text = config_text(&right_config(&spec, controllers, lease), component, code);
    insert(config_path(component).trim_start_matches('/'), text);
}

fn scenario(design: &Design, protocol: &Protocol, steps: &[Step]) -> String {
    let wish = &design.wish;
    let mut text = format!(
        "# Written by `leasehold compare`.\n# {}\napiVersion: leasehold/v1alpha1\nkind: Scenario\nmetadata:\n  name: \
         {p}-{}-{}-{}\n  title: \"{}, {p} {} to {}\"\ncluster: {{controlPlaneNodes: {}}}\n",
        protocol.source,
        wish.from,
        wish.to,
        protocol.id,
        protocol.name,
        wish.from,
        wish.to,
        wish.nodes,
        p = wish.provider,
    );
    let mut release = wish.from;
    for (number, step) in steps.iter().enumerate() {
        text += &match step.action {
            "" => format!("before:\n  kubernetes: \"{}\"\n", wish.from),
            action => format!("- title: {}\n  action: {action}\n", step.title),
        };
        if step.kubernetes != release {
            release = step.kubernetes;
            text += &format!("  kubernetes: \"{release}\"\n");
        }
        if let Some(ccm) = &step.ccm {
            text += &format!("  cloudProviderLibrary: \"{}\"\n", ccm.library.library());
            if design.vendor.name != "stock" {
                text += &format!("  vendor: {}\n", design.vendor.name);
            }
        }
        if step.kcm.is_some() || step.ccm.is_some() || !step.granted.is_empty() {
            text += &format!("  manifests: [{number}/]\n");
        }
        if step.stops {
            text += "  remove: [kube-controller-manager]\n";
        }
        if step.downtime {
            text += "  downtime: true\n";
        }
        if step.action.is_empty() {
            text += "plan:\n";
        }
    }
    let assumed = if design.assumes_node_ipam { ", controllers: [node-ipam]" } else { "" };
    text + &format!("assume: {{rollback: anywhere, faults: [crash]{assumed}}}\n")
}
