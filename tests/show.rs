//! `leasehold show` as people see it.

use std::path::Path;
use std::process::{Command, Output, Stdio};

fn show(args: &[&str], columns: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_leasehold"))
        .arg("show")
        .args(args)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/library/guides/kubernetes"))
        .env("COLUMNS", columns)
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::null())
        .output()
        .expect("it runs")
}

fn out(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The block whose first line has `title`.
fn block(text: &str, title: &str) -> String {
    text.split("\n\n")
        .find(|block| block.lines().next().is_some_and(|line| line.contains(title)))
        .unwrap_or(text)
        .into()
}

#[test]
fn a_manager_that_asks_in_vain() {
    let text = out(&show(&["guide-1.21-1.22-no-rbac"], "80"));
    snapbox::assert_data_eq!(
        block(&text, "1.21 (Enable leader migration"),
        snapbox::str![[r#"
kube-controller-manager 1.21 (Enable leader migration in
  kube-controller-manager)
  written in  guide-1.21-1.22/enabled/kube-controller-manager.yaml:7:9, Pod
              kube-system/kube-controller-manager (static pod)
  image       registry.k8s.io/kube-controller-manager:v1.21.14
  starts      yes
  main        kube-system/kube-controller-manager: runs node-ipam
  migration   kube-system/cloud-provider-extraction-migration: runs service,
              route, cloud-node-lifecycle
              in vain, for ever: leases.coordination.k8s.io
              "cloud-provider-extraction-migration" is forbidden
              system:kube-controller-manager may not get, update it
  decided by  --cloud-provider=aws                          line 24
              --leader-elect=true                           line 34
              --enable-leader-migration=true                line 31
              --leader-migration-config=/etc/leadermigration.conf  line 35
              leaderName: cloud-provider-extraction-migration
                guide-1.21-1.22/enabled/etc/leadermigration.conf:4:13
              resourceLock: leases
                guide-1.21-1.22/enabled/etc/leadermigration.conf:5:15
              route: kube-controller-manager
                guide-1.21-1.22/enabled/etc/leadermigration.conf:7:5
              service: kube-controller-manager
                guide-1.21-1.22/enabled/etc/leadermigration.conf:9:5
              cloud-node-lifecycle: kube-controller-manager
                guide-1.21-1.22/enabled/etc/leadermigration.conf:11:5
              --controllers=*,bootstrapsigner,tokencleaner  line 30
              --allocate-node-cidrs=true                    line 19
              --configure-cloud-routes=true                 line 29
              --cluster-cidr=10.244.0.0/16                  line 25
              --feature-gates=ControllerManagerLeaderMigration=true  line 32
"#]]
    );
}

#[test]
fn a_manager_that_does_not_start() {
    let text = out(&show(&["removed-provider"], "80"));
    snapbox::assert_data_eq!(
        block(&text, "kube-controller-manager 1.27"),
        snapbox::str![[r#"
kube-controller-manager 1.27 (Replace the nodes; after)
  written in  removed-provider/after/kube-controller-manager.yaml:7:9, Pod
              kube-system/kube-controller-manager (static pod)
  image       registry.k8s.io/kube-controller-manager:v1.27.16
  starts      NO: takes kube-system/kube-controller-manager and exits, again and
              again (exit code 1)
              cloud provider could not be initialized: unknown cloud provider
              "aws"
  decided by  --cloud-provider=aws                          line 24
              --leader-elect=true                           line 32
              --enable-leader-migration=false               default
              --controllers=*,bootstrapsigner,tokencleaner  line 30
              --allocate-node-cidrs=true                    line 19
              --configure-cloud-routes=true                 line 29
              --cluster-cidr=10.244.0.0/16                  line 25
"#]]
    );
}

#[test]
fn a_narrow_terminal_breaks_no_path() {
    let text = out(&show(&["removed-provider"], "50"));
    let long = text.lines().filter(|line| line.chars().count() > 50);
    let breakable: Vec<&str> = long.filter(|line| line[14..].trim().contains(' ')).collect();
    assert!(breakable.is_empty(), "only one long word may be wider: {breakable:#?}");
    assert!(!text.contains('\x1b'), "a pipe gets no colours");
}

#[test]
fn json_has_the_fields_that_programs_rely_on() {
    let text = out(&show(&["canonical-names-1.30-1.31", "--format", "json"], "80"));
    let shown: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    assert_eq!(shown["version"], 1);
    let managers = shown["managers"].as_array().expect("managers");
    let sides: Vec<&str> = managers.iter().filter_map(|m| m["side"].as_str()).collect();
    assert_eq!(
        sides,
        [
            "before",
            "Grant access to the migration lease",
            "Enable leader migration in kube-controller-manager",
            "Replace the nodes",
            "Replace the nodes",
            "after",
            "after"
        ]
    );
    let manager = &managers[2];
    let expected = serde_json::json!({
        "component": "kube-controller-manager",
        "release": "1.30",
        "library": null,
        "starts": true,
        "message": null,
        "unlocked": [],
        "refuses": null,
        "exit_code": null,
        "vendor": null,
    });
    for (field, value) in expected.as_object().expect("an object") {
        assert_eq!(&manager[field], value, "{field}");
    }
    assert_eq!(manager["main"]["lease"], "kube-system/kube-controller-manager");
    assert_eq!(manager["main"]["controllers"], serde_json::json!(["node-ipam"]));
    let migration = &manager["migration"];
    assert_eq!(migration["lease"], "kube-system/cloud-provider-extraction-migration");
    assert_eq!((&migration["contends"], &migration["authorized"]), (&true.into(), &true.into()));
    assert_eq!(migration["controllers"], serde_json::json!(["service", "route", "cloud-node-lifecycle"]));
    assert_eq!(managers[4]["library"], "0.31");
    assert_eq!(managers[4]["vendor"], "gcp");
}

#[test]
fn any_mix_of_manifests_is_shown_without_a_plan() {
    let text = out(&show(&["common/ccm-aws-1.26"], "80"));
    assert!(text.starts_with("cloud-controller-manager library 0.26, in Kubernetes 1.26 (before)\n"), "{text}");
    let empty = Path::new(env!("CARGO_TARGET_TMPDIR")).join("no-manager");
    std::fs::create_dir_all(&empty).expect("it can be made");
    std::fs::write(empty.join("a.yaml"), "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n").expect("written");
    let output = show(&[empty.to_str().expect("text")], "80");
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        message.contains("no controller manager in") && message.contains("nothing was shown (exit 2)"),
        "{message}"
    );
}
