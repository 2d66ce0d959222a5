//! Cloud-controller-managers that differ from the stock one.

use super::*;

#[test]
fn vendors_deviate() {
    let mut azure = with_file(ccm("1.29", &["--cloud-provider=azure"]), canonical());
    azure.vendor = vendors::lookup(None, Some("azure"));
    let ignored = running(&azure);
    assert_eq!(ignored.migration, None);
    assert_eq!(ignored.main_set.to_string(), "service, route, cloud-node-lifecycle, cloud-node, node-ipam");
    let mut gcp =
        with_file(ccm("1.31", &["--cloud-provider=gce"]), file("v1", LEASE, None, &["node-ipam-controller"], "*"));
    gcp.vendor = vendors::lookup(None, Some("gce"));
    assert_eq!(sets(&gcp), "service, route, cloud-node-lifecycle, cloud-node | node-ipam");
    let mut alibaba = ccm("1.30", &["--cloud-provider=alicloud", "--enable-leader-migration"]);
    alibaba.vendor = vendors::lookup(None, Some("alicloud"));
    assert_eq!(refusal(&alibaba), before(Cause::UnknownFlag, "unknown flag: --enable-leader-migration", 2, Some(5)));
    alibaba.args.pop();
    assert_eq!(running(&alibaba).main.to_string(), "kube-system/ccm");
    assert_eq!(refusal(&ccm("1.30", &["--cloud-provider="])).message, "--cloud-provider cannot be empty");
    assert_eq!(refusal(&ccm("1.30", &["--cloud-provider=external"])).exit_code, 255);
}

#[test]
fn initialize_starts_controllers_past_every_filter() {
    let args = ["--cloud-provider=linode", "--controllers=*,-node-ipam-controller"];
    let mut linode = with_file(ccm("1.33", &args), file("v1", LEASE, None, &["node-ipam-controller"], "*"));
    let built = |tag| vendors::lookup(None, Some("linode")).built(Some(tag), "0.33".parse().unwrap());
    linode.vendor = built("v0.6.2");
    assert_eq!(sets(&linode), "service, route, cloud-node-lifecycle, cloud-node, node-ipam | none");
    linode.args.push("--allocate-node-cidrs=false".into());
    assert_eq!(sets(&linode), "service, route, cloud-node-lifecycle, cloud-node | none");
    linode.args.pop();
    linode.vendor = built("v0.5.2");
    assert_eq!(sets(&linode), "service, route, cloud-node-lifecycle, cloud-node | none");
}

#[test]
fn a_second_initialize_ends_the_process_at_the_migration_lease() {
    let death = |release: &str, provider: &str| {
        let mut spec = with_file(ccm(release, &[&format!("--cloud-provider={provider}")]), canonical());
        let library = spec.code;
        spec.vendor = vendors::lookup(None, Some(provider.trim_end_matches("-paravirtual"))).built(None, library);
        running(&spec).migration.unwrap().dies.map(|death| (death.cause, death.exit_code))
    };
    assert_eq!(death("1.30", "digitalocean"), Some((Cause::SecondInitialize, 2)));
    let v22 = |provider: &str| {
        let gate = "--feature-gates=ControllerManagerLeaderMigration=true";
        let mut spec = ccm("1.22", &[&format!("--cloud-provider={provider}"), "--enable-leader-migration", gate]);
        spec.vendor = vendors::lookup(None, Some("vsphere")).built(None, spec.code);
        running(&spec).migration.unwrap().dies.map(|death| (death.cause, death.exit_code))
    };
    assert_eq!(v22("vsphere"), Some((Cause::SecondInitialize, 255)));
    // Another provider of the same binary, which starts no server.
    assert_eq!(v22("vsphere-paravirtual"), None);
    assert_eq!(death("1.24", "vsphere"), None);
    // Without leader migration nothing calls it twice.
    let mut alone = ccm("1.30", &["--cloud-provider=digitalocean"]);
    alone.vendor = vendors::lookup(None, Some("digitalocean")).built(None, alone.code);
    assert_eq!(running(&alone).migration, None);
}

#[test]
fn a_binary_may_name_its_cloud_provider_itself() {
    let mut spec = ccm("1.30", &[]);
    spec.args.retain(|arg| !arg.starts_with("--cloud-provider"));
    assert_eq!(refusal(&spec).cause, Cause::NoProvider);
    spec.vendor = vendors::lookup(None, Some("digitalocean"));
    assert_eq!(launch(&spec).settings.cloud_provider.value, "digitalocean");
    assert_eq!(launch(&spec).settings.unchecked_flags, []);
    running(&spec);
    // Of a vendor nobody knows it is assumed, and said; an empty value is refused by all.
    spec.vendor = vendors::STOCK;
    let unchecked = launch(&spec).settings.unchecked_flags;
    assert_eq!((unchecked.len(), unchecked[0].name.as_str(), unchecked[0].arg), (1, "--cloud-provider", None));
    running(&spec);
    spec.args.push("--cloud-provider=".into());
    assert_eq!(refusal(&spec).cause, Cause::NoProvider);
}
