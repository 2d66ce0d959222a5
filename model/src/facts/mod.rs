//! Release facts: everything that differs between Kubernetes 1.21 and 1.37, looked up here and nowhere else.
//!
//! Each family is a file; each fact is one [`Table`]: values over ranges of releases, with how and where each was
//! checked. A new release is [`crate::release::Release::NEWEST`] raised by one, and a new entry wherever the dumps of
//! `testbed/facts` differ. The long lists, flags and controllers' names, are written from the dumps.

pub mod charts;
pub mod client_go;
pub mod controllers;
pub mod elections;
pub mod exits;
pub mod flags;
pub mod gates;
pub mod installers;
pub mod kcm;
pub mod kcm_controllers;
pub mod known_flags;
pub mod locks;
pub mod migration;
pub mod providers;
pub mod rbac;
mod span;
pub mod starts;
mod table;
pub mod vendor_initialize;
pub mod vendor_rows;
pub mod vendor_tags;
pub mod vendors;

pub use table::{Checked, Fact, Table};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::controller::{Component, Controller};
    use crate::release::Release;

    fn check<T: Copy>(name: &str, table: Table<T>) {
        assert!(table.is_well_formed(), "{name}");
        for fact in table.0 {
            if let Checked::Executed(minors) = fact.checked {
                for &minor in minors {
                    let release = Release::new(minor).unwrap();
                    assert!(fact.covers(release), "{name} {minor}");
                }
                assert!(!minors.is_empty(), "{name}");
            }
        }
    }

    fn complete<T: Copy>(name: &str, table: Table<T>) {
        check(name, table);
        assert!(Release::all().all(|release| table.at(release).is_some()), "{name} has a gap");
    }

    #[test]
    fn every_table_is_in_order_and_says_how_it_was_checked() {
        for component in Component::ALL {
            for controller in Controller::ALL {
                check("keys", controllers::keys(component, controller));
            }
        }
        complete("token controller", controllers::TOKEN_CONTROLLER);
        complete("node ipam wait", starts::NODE_IPAM_WAIT);
        complete("aliases", controllers::ALIASES);
        check("leader migration gate", gates::LEADER_MIGRATION);
        check("cloud providers gate", gates::DISABLE_CLOUD_PROVIDERS);
        check("kubelet's credentials gate", gates::DISABLE_KUBELET_CLOUD_CREDENTIAL_PROVIDERS);
        check("coordinated election gate", gates::COORDINATED_LEADER_ELECTION);
        check("release on exit gate", gates::RELEASE_LOCK_ON_EXIT);
        complete("gates after the line", gates::CHECKED_AFTER_LINE);
        complete("API versions", migration::API_VERSIONS);
        complete("strict decoding", migration::STRICT_DECODING);
        complete("terse validation", migration::TERSE_VALIDATION);
        complete("wildcard", migration::WILDCARD);
        check("built-in configuration", migration::DEFAULT_CONTROLLERS);
        complete("provider check", kcm::PROVIDER_CHECK);
        complete("token signal", kcm::TOKEN_SIGNAL);
        check("migration lease is fatal", kcm::MIGRATION_LEASE_IS_FATAL);
        complete("fatal exit code", kcm::FATAL_EXIT_CODE);
        complete("lock types", locks::LOCK_TYPES);
        check("removed locks", locks::REMOVED_LOCK_ADVICE);
        complete("main lock validated", locks::MAIN_LOCK_VALIDATED);
        check("gated providers", providers::GATED);
        complete("bootstrap rights", rbac::KUBE_CONTROLLER_MANAGER);
        check("leases of edit", rbac::EDIT_HAS_LEASES);
        complete("expiry", client_go::EXPIRY);
        complete("renewal", client_go::RENEWS_WITHOUT_READING);
        complete("release", client_go::RELEASE);
        complete("polling", client_go::POLLING);
        complete("failed read", client_go::FORGETS_LEASE_ON_FAILED_READ);
        complete("stopped event", client_go::ALWAYS_RECORDS_STOPPED);
        complete("empty identity", client_go::REFUSES_EMPTY_IDENTITY);
        complete("coordination", client_go::COORDINATION);
        complete("context", client_go::CHECKS_CONTEXT_FIRST);
        complete("lost lease", exits::LOST_LEASE);
        complete("options of RKE", installers::RKE_SERVICE_OPTIONS);
    }

    #[test]
    fn in_tree_providers_ended_one_by_one() {
        let last =
            |name: &str| Release::all().rev().find(|&r| providers::in_tree(name, r).is_some()).map(Release::minor);
        let ends = ["openstack", "aws", "azure", "vsphere", "gce"].map(last);
        assert_eq!(ends, [Some(25), Some(26), Some(29), Some(29), Some(30)]);
        assert_eq!(last("external"), None);
        let vsphere = providers::in_tree("vsphere", Release::new(25).unwrap()).unwrap();
        assert_eq!((vsphere.load_balancers, vsphere.routes), (false, false));
    }

    #[test]
    fn a_fresh_cluster_lets_the_kcm_hold_the_migration_lease_since_1_31() {
        use crate::lease::{LeaseId, Verb};
        for release in Release::all() {
            let rights = rbac::stock(Component::KubeControllerManager, release);
            let own = LeaseId::kube_system("kube-controller-manager");
            assert_eq!(rights.missing(&own), []);
            let missing: &[Verb] = if release.minor() < 31 { &[Verb::Get, Verb::Update] } else { &[] };
            assert_eq!(rights.missing(&LeaseId::kube_system(migration::DEFAULT_LEADER_NAME)), missing, "{release}");
            assert_eq!(rbac::stock(Component::CloudControllerManager, release).rules, []);
        }
    }
}
