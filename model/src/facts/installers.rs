//! What Rancher's installers pass to kube-controller-manager by themselves, as far as it differs between releases.

use super::table::{Checked, Table, between, from};

/// Options of RKE for kube-controller-manager, by Kubernetes release, sorted by name: the service options of Rancher's
/// driver metadata, which RKE carries. A user's `extra_args` go before them.
pub const RKE_SERVICE_OPTIONS: Table<&[(&str, &str)]> = Table(&[
    between(
        21,
        23,
        &[
            ("address", "0.0.0.0"),
            ("allocate-node-cidrs", "true"),
            ("allow-untagged-cloud", "true"),
            ("configure-cloud-routes", "false"),
            ("enable-hostpath-provisioner", "false"),
            ("leader-elect", "true"),
            ("node-monitor-grace-period", "40s"),
            ("pod-eviction-timeout", "5m0s"),
            ("profiling", "false"),
            ("terminated-pod-gc-threshold", "1000"),
            ("v", "2"),
        ],
        Checked::Read,
        "rancher/kontainer-driver-metadata:pkg/rke/k8s_service_options.go getKubeControllerOptions@7c2ba52",
    ),
    between(
        24,
        26,
        &[
            ("allocate-node-cidrs", "true"),
            ("allow-untagged-cloud", "true"),
            ("configure-cloud-routes", "false"),
            ("enable-hostpath-provisioner", "false"),
            ("leader-elect", "true"),
            ("node-monitor-grace-period", "40s"),
            ("pod-eviction-timeout", "5m0s"),
            ("profiling", "false"),
            ("terminated-pod-gc-threshold", "1000"),
            ("v", "2"),
        ],
        Checked::Read,
        "rancher/kontainer-driver-metadata:pkg/rke/k8s_service_options.go getKubeControllerOptions124@7c2ba52",
    ),
    from(
        27,
        &[
            ("allocate-node-cidrs", "true"),
            ("allow-untagged-cloud", "true"),
            ("configure-cloud-routes", "false"),
            ("enable-hostpath-provisioner", "false"),
            ("leader-elect", "true"),
            ("node-monitor-grace-period", "40s"),
            ("profiling", "false"),
            ("terminated-pod-gc-threshold", "1000"),
            ("v", "2"),
        ],
        Checked::Read,
        "rancher/kontainer-driver-metadata:pkg/rke/k8s_service_options.go getKubeControllerOptions127@7c2ba52",
    ),
]);

/// The first patch release of each minor whose RKE2 takes `cloud-provider-name: aws` for a way to name nodes and passes
/// no provider on. Minors below have none, minors above always do.
const RKE2_AWS_NAMES_NODES: [(u8, u32); 4] = [(29, 11), (30, 7), (31, 3), (32, 0)];

/// True if RKE2 `1.minor.patch` passes `cloud-provider-name: aws` on to kube-controller-manager; `patch` `None` is the
/// newest one (rancher/rke2:pkg/rke2/rke2_linux.go `initExecutor`@v1.29.3+rke2r1 and @v1.29.11+rke2r1).
pub fn rke2_passes_aws(minor: u8, patch: Option<u32>) -> bool {
    match RKE2_AWS_NAMES_NODES.iter().find(|(m, _)| *m == minor) {
        Some((_, first)) => patch.is_some_and(|patch| patch < *first),
        None => minor < RKE2_AWS_NAMES_NODES[0].0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rke2_passes_aws_as_long_as_it_was_a_provider() {
        for (minor, patch, passes) in [
            (26, Some(15), true),
            (28, None, true),
            (29, Some(10), true),
            (29, Some(11), false),
            (29, None, false),
            (30, Some(6), true),
            (31, Some(3), false),
            (32, Some(0), false),
            (36, Some(1), false),
        ] {
            assert_eq!(rke2_passes_aws(minor, patch), passes, "1.{minor}.{patch:?}");
        }
    }
}
