//! The managers that an RKE2 server starts from its options.
//!
//! Upstream: rancher/rke2:pkg/rke2/rke2_linux.go `initExecutor`, pkg/podexecutor/staticpod.go `ControllerManager`,
//! pkg/staticpod/staticpod.go `pod`, pkg/cli/cmds/root.go `validateCloudProviderName`@v1.26.15+rke2r1;
//! k3s-io/k3s:pkg/daemons/control/server.go `controllerManager`, `cloudControllerManager`, pkg/daemons/config/types.go
//! `GetArgs`@bba3e3c66b22, which RKE2 1.29.3 is built with. Older releases differ in ports, certificates and
//! `tokencleaner` only.

use std::collections::BTreeMap;

use leasehold_model::controller::Component;
use leasehold_model::facts::installers;

use super::options::Options;
use crate::diagnostic::Problem;
use crate::inventory::nodes::Placement;
use crate::inventory::volumes::{Mount, Volume};
use crate::inventory::workload::{Workload, WorkloadKind};
use crate::inventory::{Identity, Spanned};
use crate::source::Span;

/// Where RKE2 keeps what it needs, unless `data-dir` says otherwise.
const DATA_DIR: &str = "/var/lib/rancher/rke2";

/// Cloud providers that RKE2 brings itself: to the managers each is `external`.
const OWN_PROVIDERS: [&str; 2] = ["rancher-vsphere", "harvester"];

/// A server and what is found out about it.
pub(super) struct Server<'a> {
    /// Its options.
    pub options: &'a Options,
    /// Its version, such as `v1.26.15+rke2r1`, if it is known.
    pub version: Option<&'a Spanned<String>>,
    /// The place of what is written nowhere.
    pub at: Span,
    /// What is wrong.
    pub problems: &'a mut Vec<Problem>,
    /// What was assumed.
    pub inferred: &'a mut Vec<String>,
}

impl Server<'_> {
    /// The static pods of the managers.
    pub fn managers(&mut self) -> Vec<Workload> {
        let mut found = Vec::new();
        if !self.options.is_on("disable-controller-manager") {
            found.push(self.controller_manager());
        }
        if !self.embedded_is_off() || self.options.is_on("enable-servicelb") {
            found.push(self.cloud_controller_manager());
        }
        found
    }

    /// True if RKE2's own cloud-controller-manager has no nodes to look after: any provider turns it off, an empty one too.
    fn embedded_is_off(&self) -> bool {
        let is_set = |name: &str| self.options.get(name).is_some();
        is_set("cloud-provider-name")
            || is_set("cloud-provider-config")
            || self.options.is_on("disable-cloud-controller")
    }

    fn controller_manager(&mut self) -> Workload {
        let data = self.data_dir();
        let (tls, cred) = (format!("{data}/server/tls"), format!("{data}/server/cred"));
        let kubeconfig = format!("{cred}/controller.kubeconfig");
        let off = if self.embedded_is_off() { "" } else { ",-service,-route,-cloud-node-lifecycle" };
        let mut defaults = BTreeMap::from([
            ("controllers", self.plain(format!("*,tokencleaner{off}"))),
            ("kubeconfig", self.plain(kubeconfig.clone())),
            ("authorization-kubeconfig", self.plain(kubeconfig.clone())),
            ("authentication-kubeconfig", self.plain(kubeconfig)),
            ("service-account-private-key-file", self.plain(format!("{tls}/service.current.key"))),
            ("allocate-node-cidrs", self.plain("true")),
            ("service-cluster-ip-range", self.option("service-cidr", "10.43.0.0/16")),
            ("cluster-cidr", self.option("cluster-cidr", "10.42.0.0/16")),
            ("root-ca-file", self.plain(format!("{tls}/server-ca.crt"))),
            ("profiling", self.plain("false")),
            ("bind-address", self.plain("127.0.0.1")),
            ("secure-port", self.plain("10257")),
            ("use-service-account-credentials", self.plain("true")),
            ("cluster-signing-kube-apiserver-client-cert-file", self.plain(format!("{tls}/client-ca.nochain.crt"))),
            ("cluster-signing-kube-apiserver-client-key-file", self.plain(format!("{tls}/client-ca.key"))),
            ("cluster-signing-kubelet-client-cert-file", self.plain(format!("{tls}/client-ca.nochain.crt"))),
            ("cluster-signing-kubelet-client-key-file", self.plain(format!("{tls}/client-ca.key"))),
            ("cluster-signing-kubelet-serving-cert-file", self.plain(format!("{tls}/server-ca.nochain.crt"))),
            ("cluster-signing-kubelet-serving-key-file", self.plain(format!("{tls}/server-ca.key"))),
            ("cluster-signing-legacy-unknown-cert-file", self.plain(format!("{tls}/server-ca.nochain.crt"))),
            ("cluster-signing-legacy-unknown-key-file", self.plain(format!("{tls}/server-ca.key"))),
        ]);
        if !self.embedded_is_off() {
            defaults.insert("configure-cloud-routes", self.plain("false"));
        }
        let mut args = vec![
            self.plain("--flex-volume-plugin-dir=/var/lib/kubelet/volumeplugins"),
            self.plain("--terminated-pod-gc-threshold=1000"),
            self.plain("--permit-port-sharing=true"),
        ];
        if let Some(provider) = self.provider() {
            let config = self.option("cloud-provider-config", "");
            let at = if config.value.is_empty() { provider.span } else { config.span };
            args.push(Spanned { value: format!("--cloud-provider={}", provider.value), span: provider.span });
            args.push(Spanned { value: format!("--cloud-config={}", config.value), span: at });
        }
        let extra = self.options.list("kube-controller-manager-arg", self.problems);
        args.extend(merged(defaults, &extra));
        self.pod(Component::KubeControllerManager, args, "kube-controller-manager-extra-mount")
    }

    fn cloud_controller_manager(&mut self) -> Workload {
        let kubeconfig = format!("{}/server/cred/cloud-controller.kubeconfig", self.data_dir());
        let config = format!("{}/server/etc/cloud-config.yaml", self.data_dir());
        let mut controllers = "*,-route".to_string();
        if self.embedded_is_off() {
            controllers += ",-cloud-node,-cloud-node-lifecycle";
        }
        if !self.options.is_on("enable-servicelb") {
            controllers += ",-service";
        }
        let mut defaults = BTreeMap::from([
            ("profiling", self.plain("false")),
            ("allocate-node-cidrs", self.plain("true")),
            ("leader-elect-resource-name", self.plain("rke2-cloud-controller-manager")),
            ("cloud-provider", self.plain("rke2")),
            ("cloud-config", self.plain(config)),
            ("cluster-cidr", self.option("cluster-cidr", "10.42.0.0/16")),
            ("configure-cloud-routes", self.plain("false")),
            ("controllers", self.plain(controllers)),
            ("kubeconfig", self.plain(kubeconfig.clone())),
            ("authorization-kubeconfig", self.plain(kubeconfig.clone())),
            ("authentication-kubeconfig", self.plain(kubeconfig)),
            ("node-status-update-frequency", self.plain("1m0s")),
            ("bind-address", self.plain("127.0.0.1")),
        ]);
        if self.embedded_is_off() {
            defaults.insert("secure-port", self.plain("0"));
        }
        let extra = self.options.list("kube-cloud-controller-manager-arg", self.problems);
        let args = merged(defaults, &extra);
        let mut pod = self.pod(Component::CloudControllerManager, args, "cloud-controller-manager-extra-mount");
        pod.image = Some(self.plain("rancher/rke2-cloud-provider"));
        pod
    }

    /// What is passed on as the cloud provider.
    fn provider(&mut self) -> Option<Spanned<String>> {
        let mut provider = self.options.text("cloud-provider-name").filter(|name| !name.value.is_empty())?;
        if OWN_PROVIDERS.contains(&provider.value.as_str()) {
            provider.value = "external".into();
        }
        if provider.value != "aws" {
            return Some(provider);
        }
        let Some((minor, patch)) = self.version.and_then(|version| numbers(&version.value)) else {
            self.inferred.push(
                "cloud-provider-name: aws is taken to be passed on to kube-controller-manager; RKE2 does so up to 1.28, \
                 and in 1.29, 1.30 and 1.31 up to a patch release"
                    .into(),
            );
            return Some(provider);
        };
        if installers::rke2_passes_aws(minor, patch) {
            return Some(provider);
        }
        self.inferred.push(format!(
            "RKE2 of {} takes cloud-provider-name: aws for a way to name nodes and passes no cloud provider on",
            self.version.map_or("this version", |version| &version.value)
        ));
        None
    }

    fn data_dir(&self) -> String {
        self.option("data-dir", DATA_DIR).value.trim_end_matches('/').to_string()
    }

    /// The value of an option, or its default.
    fn option(&self, name: &str, default: &str) -> Spanned<String> {
        self.options.text(name).filter(|text| !text.value.is_empty()).unwrap_or_else(|| self.plain(default))
    }

    fn plain(&self, value: impl Into<String>) -> Spanned<String> {
        Spanned { value: value.into(), span: self.at }
    }

    fn pod(&mut self, component: Component, args: Vec<Spanned<String>>, mounts: &str) -> Workload {
        let mut found: Vec<Mount> = args.iter().filter_map(file_of).collect();
        for mount in self.options.list(mounts, self.problems) {
            match mount.value.split(':').collect::<Vec<_>>().as_slice() {
                [from, to] | [from, to, _] => found.push(Mount {
                    path: to.to_string(),
                    sub_path: String::new(),
                    volume: Volume::HostPath { path: from.to_string(), span: mount.span },
                    span: mount.span,
                }),
                _ => self.problems.push(
                    Problem::warning("a mount that RKE2 leaves out")
                        .at(mount.span)
                        .label("expected source:destination"),
                ),
            }
        }
        Workload {
            component,
            kind: WorkloadKind::Rke2,
            identity: Identity { kind: "Pod".into(), namespace: "kube-system".into(), name: component.name().into() },
            span: self.at,
            args,
            image: None,
            recognised_by: None,
            service_account: None,
            mounts: found,
            release: self.version.cloned(),
            group: None,
            placement: Placement::default(),
            object: None,
        }
    }
}

/// Minor and patch of `v1.26.15+rke2r1`; the patch is missing in `1.26`.
fn numbers(version: &str) -> Option<(u8, Option<u32>)> {
    let mut parts = version.trim().trim_start_matches('v').split(['.', '-', '+']).skip(1);
    let minor = parts.next()?.parse().ok()?;
    Some((minor, parts.next().and_then(|patch| patch.parse().ok())))
}

/// RKE2 mounts every file that an argument names at the same path.
fn file_of(arg: &Spanned<String>) -> Option<Mount> {
    let (_, path) = arg.value.split_once('=').filter(|(_, value)| value.starts_with('/'))?;
    let volume = Volume::HostPath { path: path.to_string(), span: arg.span };
    Some(Mount { path: path.to_string(), sub_path: String::new(), volume, span: arg.span })
}

/// Defaults and a user's arguments, sorted by name: a user's argument replaces the default and is `true` without a value;
/// `name+=` goes after the default, `name-=` before it; repeated ones stay in their order.
fn merged(defaults: BTreeMap<&str, Spanned<String>>, extra: &[Spanned<String>]) -> Vec<Spanned<String>> {
    let mut all: BTreeMap<String, Vec<Spanned<String>>> = BTreeMap::new();
    let mut left: BTreeMap<String, Spanned<String>> = defaults.into_iter().map(|(k, v)| (k.to_string(), v)).collect();
    for arg in extra {
        let text = arg.value.strip_prefix("--").unwrap_or(&arg.value);
        let (written, value) = text.split_once('=').unwrap_or((text, "true"));
        let name = written.trim_end_matches(['+', '-']);
        let value = Spanned { value: value.to_string(), span: arg.span };
        let default = left.remove(name);
        let values = all.entry(name.to_string()).or_default();
        if written.ends_with('-') {
            values.splice(0..0, std::iter::once(value).chain(default));
        } else {
            if written.ends_with('+') {
                values.splice(0..0, default);
            }
            values.push(value);
        }
    }
    for (name, value) in left {
        all.insert(name, vec![value]);
    }
    let flag = |name: &str, arg: Spanned<String>| Spanned { value: format!("--{name}={}", arg.value), span: arg.span };
    all.into_iter()
        .flat_map(|(name, values)| values.into_iter().map(move |v| flag(&name, v)).collect::<Vec<_>>())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    #[test]
    fn arguments_are_merged_as_rke2_merges_them() {
        let at = Span::new(Sources::new().add("", ""), 0..0);
        let spanned = |value: &str| Spanned { value: value.to_string(), span: at };
        let defaults =
            BTreeMap::from([("a", spanned("1")), ("b", spanned("2")), ("c", spanned("3")), ("d", spanned("4"))]);
        let extra = ["enable-leader-migration", "--b=x", "c+=y", "d-=z", "b=w", "c=v"].map(spanned);
        let args: Vec<String> = merged(defaults, &extra).into_iter().map(|arg| arg.value).collect();
        assert_eq!(
            args,
            ["--a=1", "--b=x", "--b=w", "--c=3", "--c=y", "--c=v", "--d=z", "--d=4", "--enable-leader-migration=true"]
        );
        assert_eq!(numbers("v1.29.11+rke2r1"), Some((29, Some(11))));
        assert_eq!(numbers("1.29"), Some((29, None)));
    }
}
