//! `leasehold check` with a data plane: whole screens. `SNAPSHOTS=overwrite cargo test --test check_data_plane` writes them anew.

use serde_json::Value as Json;
use snapbox::cmd::{Command, cargo_bin};
use snapbox::str;

const GUIDES: &str = "scenarios/library/guides/openstack";

/// `leasehold check` with these arguments, in the project's directory, in a pipe of 100 columns.
fn check(args: &[&str]) -> Command {
    Command::new(cargo_bin!("leasehold"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .env("COLUMNS", "100")
        .arg("check")
        .args(args)
}

fn json(name: &str) -> Json {
    let output = check(&[&format!("{GUIDES}/{name}"), "--format", "json"]).output().expect("it runs");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn the_guide_followed_with_dns() {
    check(&[&format!("{GUIDES}/gks-dns")]).assert().code(1).stderr_eq("").stdout_eq(str![]);
}

#[test]
fn the_guide_in_german() {
    check(&[&format!("{GUIDES}/imke-dns")]).assert().code(1).stderr_eq("").stdout_eq(str![]);
}

#[test]
fn nodes_rotated_before_caches_know() {
    check(&[&format!("{GUIDES}/gks-dns-not-waiting")]).assert().code(1).stderr_eq("").stdout_eq(str![]);
}

#[test]
fn a_floating_ip_moved_as_printed() {
    check(&[&format!("{GUIDES}/gks-floating-ip-as-printed")]).assert().code(1).stderr_eq("").stdout_eq(str![]);
}

#[test]
fn an_upgrade_first() {
    check(&[&format!("{GUIDES}/imke-upgrade-first")]).assert().code(1).stderr_eq("").stdout_eq(str![]);
}

#[test]
fn the_same_as_json() {
    let result = json("gks-dns-not-waiting");
    let data_plane = &result["dataPlane"];
    assert_eq!(result["exit"], 1);
    assert_eq!(data_plane["verdicts"][0]["property"], "reachable");
    assert_eq!(data_plane["verdicts"][0]["verdict"], "violated");
    assert_eq!(data_plane["outages"][0]["seconds"], 60.0);
    assert_eq!(data_plane["outages"][0]["untilOperator"], false);
    assert_eq!(data_plane["outages"][0]["beginsAfter"], 11);
    assert_eq!(data_plane["lastChance"], "Rotate the machine deployments");
    assert_eq!(data_plane["left"], serde_json::json!(["the old floating IP"]));
    assert_eq!(data_plane["claims"][4]["verdict"], "partly");
    assert_eq!(data_plane["findings"][0]["code"], "LM703");
    assert_eq!(data_plane["end"], "complete");
    assert_eq!(json("gks-fixed-address")["dataPlane"]["unavoidable"], true);
    let none = check(&["scenarios/library/guides/kubernetes/default-1.26-1.27", "--format", "json"]);
    let none: Json = serde_json::from_slice(&none.output().expect("it runs").stdout).expect("JSON");
    assert_eq!(none["dataPlane"], Json::Null);
}

#[test]
fn a_search_that_is_cut_short_is_inconclusive() {
    let name = format!("{GUIDES}/gks-dns-cleaned-up");
    let output = check(&[&name, "--max-states", "4", "--format", "json"]).output().expect("it runs");
    let result: Json = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(output.status.code(), Some(3));
    for verdict in result["dataPlane"]["verdicts"].as_array().expect("verdicts") {
        assert_eq!(verdict["verdict"], "inconclusive", "{verdict}");
    }
}

#[test]
fn everything_wrong_is_said_at_once() {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("data-plane-bad-input");
    std::fs::create_dir_all(&path).expect("a directory");
    let common = format!("{}/{GUIDES}/common", env!("CARGO_MANIFEST_DIR"));
    let scenario = format!(
        r#"apiVersion: leasehold/v1alpha1
kind: Scenario
metadata: {{name: bad}}
before: {{kubernetes: "1.21", manifests: [{common}/kcm-1.21-openstack/]}}
dataPlane:
  manifests: [cluster.yaml]
  clients: []
  durations: {{ttl: 1m, loweredTtl: 5m}}
  steps:
  - {{title: Lower, action: lowerTtl}}
  - {{title: Change, action: moveRecord}}
  - {{title: Press, action: migrate}}
  - {{title: Press again, action: migrate}}
  - {{title: Upgrade, action: upgrade, kubernetes: "1.19"}}
  claims:
  - {{quote: "before 1.21", says: beforeUpgradeTo}}
"#
    );
    std::fs::write(path.join("scenario.yaml"), scenario).expect("it can be written");
    let cluster = "apiVersion: kubermatic.k8s.io/v1\nkind: Cluster\nspec:\n  features: {externalCloudProvider: true}\n  cloud: {aws: {}}\n";
    std::fs::write(path.join("cluster.yaml"), cluster).expect("it can be written");
    Command::new(cargo_bin!("leasehold"))
        .current_dir(&path)
        .env("COLUMNS", "100")
        .args(["check", "scenario.yaml"])
        .assert()
        .code(2)
        .stdout_eq("")
        .stderr_eq(str![]);
}
