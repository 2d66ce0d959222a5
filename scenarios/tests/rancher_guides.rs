//! The shipped manifests of Rancher's guides against what the readers make of the files that the guides print.

#[expect(dead_code, reason = "uses other helpers than the other tests")]
mod common;

use std::collections::BTreeSet;

use common::Memory;
use leasehold_scenarios::inventory::documents;
use leasehold_scenarios::inventory::files::{Disk, Fs};
use leasehold_scenarios::inventory::nodes::Placement;
use leasehold_scenarios::inventory::workload::Workload;
use leasehold_scenarios::source::Sources;

fn first(fs: &dyn Fs, path: &str) -> Workload {
    let inventory = documents::read(fs, &[path.to_string()], &mut Sources::new());
    assert!(inventory.problems.is_empty(), "{path}: {:?}", inventory.problems);
    inventory.workloads.into_iter().next().unwrap_or_else(|| panic!("{path} runs no manager"))
}

/// A shipped manifest.
fn shipped(name: &str) -> Workload {
    first(&Disk, &format!("{}/library/guides/rancher/common/{name}", env!("CARGO_MANIFEST_DIR")))
}

/// The manager of a file that the guides print.
fn read(text: &str) -> Workload {
    first(&Memory::of([("a.yaml", text)]), "a.yaml")
}

fn args(workload: &Workload) -> Vec<&str> {
    workload.args.iter().map(|arg| arg.value.as_str()).collect()
}

fn image(workload: &Workload) -> &str {
    workload.image.as_ref().map_or("", |image| &image.value)
}

/// A placement without its place.
fn placement(workload: &Workload) -> Placement {
    Placement { span: None, ..workload.placement.clone() }
}

#[test]
fn kube_controller_manager_of_rke2() {
    let flag = "    machineSelectorConfig: [{config: {kube-controller-manager-arg: [enable-leader-migration]}, \
                machineLabelSelector: {matchLabels: {rke.cattle.io/control-plane-role: 'true'}}}]\n";
    let gates = ", kube-controller-manager-arg: [feature-gates=DisableCloudProviders=false]";
    for (name, version, provider, global, selector) in [
        ("kcm-rke2-1.26-aws", "v1.26.15", "aws", "", ""),
        ("kcm-rke2-1.26-aws-migration", "v1.26.15", "aws", "", flag),
        ("kcm-rke2-1.26-external", "v1.26.15", "external", "", ""),
        ("kcm-rke2-1.27-azure-migration", "v1.27.16", "azure", "", flag),
        ("kcm-rke2-1.29-azure-migration-without-gate", "v1.29.3", "azure", gates, flag),
        ("kcm-rke2-1.30-external", "v1.30.14", "external", "", ""),
    ] {
        let cluster = format!(
            "apiVersion: provisioning.cattle.io/v1\nkind: Cluster\nmetadata: {{name: c}}\nspec:\n  kubernetesVersion: \
             {version}+rke2r1\n  rkeConfig:\n    machineGlobalConfig: {{cloud-provider-name: {provider}{global}}}\n{selector}"
        );
        let (shipped, read) = (shipped(name), read(&cluster));
        let missing: Vec<&str> = args(&shipped).into_iter().filter(|arg| !args(&read).contains(arg)).collect();
        assert!(missing.is_empty(), "{name}: {missing:?}");
        // The manifests leave out what decides nothing.
        let told = |w: &Workload, flag: &str| args(w).iter().filter(|arg| arg.starts_with(flag)).count();
        for flag in ["--cloud-provider", "--controllers", "--enable-leader", "--feature-gates", "--configure-cloud"] {
            assert_eq!(told(&shipped, flag), told(&read, flag), "{name} {flag}");
        }
    }
}

#[test]
fn kube_controller_manager_of_rke() {
    let flag = "services: {kube-controller: {extra_args: {enable-leader-migration: 'true'}}}\n";
    for (name, version, provider, extra) in [
        ("kcm-rke1-1.26-aws", "v1.26.15", "aws", ""),
        ("kcm-rke1-1.26-aws-migration", "v1.26.15", "aws", flag),
        ("kcm-rke1-1.26-external", "v1.26.15", "external-aws", ""),
        ("kcm-rke1-1.27-external", "v1.27.16", "external", ""),
        ("kcm-rke1-1.30-external", "v1.30.14", "external", ""),
    ] {
        let file = format!("kubernetes_version: {version}-rancher1-1\ncloud_provider: {{name: {provider}}}\n{extra}");
        let (shipped, read) = (shipped(name), read(&file));
        assert_eq!(BTreeSet::from_iter(args(&shipped)), BTreeSet::from_iter(args(&read)), "{name}");
    }
}

#[test]
fn cloud_controller_managers_of_the_charts() {
    let aws =
        "chart: aws-cloud-controller-manager\n  version: VERSION\n  valuesContent: |-\n    hostNetworking: true\n";
    let rke2 = "    nodeSelector: {node-role.kubernetes.io/control-plane: 'true'}
    args: [--configure-cloud-routes=false, --v=5, --cloud-provider=aws, --enable-leader-migration=true]
";
    let rke1 =
        "    nodeSelector: {node-role.kubernetes.io/controlplane: 'true', node-role.kubernetes.io/control-plane: null}
    tolerations:
    - {effect: NoSchedule, key: node.cloudprovider.kubernetes.io/uninitialized, value: 'true'}
    - {effect: NoSchedule, key: node-role.kubernetes.io/controlplane, value: 'true'}
    args: [--configure-cloud-routes=false, --use-service-account-credentials=true, --v=2, --cloud-provider=aws,
      --enable-leader-migration=true]
";
    let azure = "chart: cloud-provider-azure\n  valuesContent: |-\n    cloudControllerManager:
      cloudConfigSecretName: azure-cloud-config
      cloudConfig: null
      clusterCIDR: null
      enableDynamicReloading: 'true'
      nodeSelector: {node-role.kubernetes.io/control-plane: 'true'}
      allocateNodeCidrs: 'false'
      configureCloudRoutes: 'false'
      imageTag: VERSION
      tolerations:
      - {effect: NoSchedule, key: node-role.kubernetes.io/master}
      - {effect: NoSchedule, key: node-role.kubernetes.io/control-plane, value: 'true'}
      - {effect: NoSchedule, key: node.cloudprovider.kubernetes.io/uninitialized, value: 'true'}
";
    for (name, spec, version) in [
        ("ccm-aws-rke2-0.27-migration", format!("{aws}{rke2}"), "0.0.8"),
        ("ccm-aws-rke2-0.33-migration", format!("{aws}{rke2}"), "0.0.9"),
        ("ccm-aws-rke1-0.27-migration", format!("{aws}{rke1}"), "0.0.8"),
        ("ccm-azure-rke2-1.27", azure.to_string(), "v1.27.21"),
        ("ccm-azure-rke2-1.29", azure.to_string(), "v1.29.15"),
    ] {
        let spec = spec.replace("VERSION", version);
        let chart = format!("apiVersion: helm.cattle.io/v1\nkind: HelmChart\nmetadata: {{name: c}}\nspec:\n  {spec}");
        let (shipped, read) = (shipped(name), read(&chart));
        assert_eq!(args(&shipped), args(&read), "{name}");
        assert_eq!((image(&shipped), placement(&shipped)), (image(&read), placement(&read)), "{name}");
        assert_eq!((&shipped.identity, shipped.kind), (&read.identity, read.kind), "{name}");
        assert_eq!(shipped.service_account, read.service_account, "{name}");
    }
}
