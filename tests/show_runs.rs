//! `leasehold show` against what real binaries did: every run of testbed/evidence/runs-sample.json written as the manifests,
//! migration files and access rules that would start it. What the JSON says is then played out by a few lines that know
//! nothing but that JSON, in the run's start order, and compared with what was seen.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

const MANAGERS: [&str; 3] = ["kcm", "kcm2", "ccm"];

fn component(name: &str) -> &'static str {
    if name == "ccm" { "cloud-controller-manager" } else { "kube-controller-manager" }
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().map(|v| v.as_str().expect("a string").to_string()).collect()
}

/// Managers of a run as a directory. Each manager's file is mounted at a path of its own.
fn write(run: &Value, names: &[&str], directory: &Path) {
    fs::create_dir_all(directory).expect("a directory");
    for name in names {
        let manager = &run[*name];
        let path = format!("/etc/{name}/leader-migration.yaml");
        let component = component(name);
        let version = manager["version"].as_str().expect("a version");
        let mut pod = format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: kube-system}}\nspec:\n  containers:\n  - name: \
             {component}\n    image: example.com/{component}:v{version}\n    command:\n    - {component}\n",
        );
        for flag in strings(&manager["flags"]) {
            let flag = flag.replace("=leader-migration.yaml", &format!("={path}"));
            pod += &format!("    - {}\n", serde_json::to_string(&flag).expect("JSON is YAML"));
        }
        pod += &format!("    volumeMounts: [{{name: lm, mountPath: /etc/{name}}}]\n");
        pod += &format!("  volumes: [{{name: lm, hostPath: {{path: /etc/{name}}}}}]\n");
        fs::write(directory.join(format!("{name}.yaml")), pod).expect("a file");
        if let Some(text) = manager["config_file_text"].as_str() {
            let file = directory.join(path.trim_start_matches('/'));
            fs::create_dir_all(file.parent().expect("a parent")).expect("a directory");
            fs::write(file, text).expect("a file");
        }
    }
    fs::write(directory.join("access.yaml"), access(run["rbac"].as_str().expect("rights"))).expect("a file");
}

/// What testbed/evidence/README.md says the users were granted besides the bootstrap roles.
fn access(rbac: &str) -> String {
    let rule = |more: &str| format!("{{apiGroups: [coordination.k8s.io], resources: [leases], {more}}}");
    let rules = match rbac {
        "none" => rule("resourceNames: [cloud-controller-manager], verbs: [get, update]"),
        "granted" => {
            rule("resourceNames: [cloud-controller-manager, cloud-provider-extraction-migration], verbs: [get, update]")
        }
        "granted-all-leases" => rule("verbs: [get, update, create]"),
        other => panic!("unknown rights {other}"),
    };
    let role = |name: &str, rule: &str, user: &str| {
        let group = "rbac.authorization.k8s.io";
        format!(
            "apiVersion: {group}/v1\nkind: Role\nmetadata: {{name: {name}, namespace: kube-system}}\nrules:\n- {rule}\n---\n\
             apiVersion: {group}/v1\nkind: RoleBinding\nmetadata: {{name: {name}, namespace: kube-system}}\nroleRef: \
             {{apiGroup: {group}, kind: Role, name: {name}}}\nsubjects:\n- {{apiGroup: {group}, kind: User, name: \"{user}\"}}\n"
        )
    };
    [
        role("kcm-locks", &rules, "system:kube-controller-manager"),
        role("ccm-locks", &rules, "system:cloud-controller-manager"),
        role("ccm-creates", &rule("verbs: [create]"), "system:cloud-controller-manager"),
    ]
    .join("---\n")
}

fn show(paths: &[PathBuf], extra: &[String]) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_leasehold"))
        .arg("show")
        .args(paths)
        .args(["--format", "json"])
        .args(extra)
        .output()
        .expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("it prints JSON")
}

/// Who runs what once nothing more happens: managers are started in their order, leases are taken by who comes first.
#[derive(Default)]
struct Played {
    holders: BTreeMap<String, String>,
    runs: BTreeMap<String, BTreeSet<String>>,
    exited: BTreeSet<String>,
}

impl Played {
    fn take(&mut self, name: &str, lease: &Value) -> bool {
        let missing = strings(&lease["missing"]);
        let lease_name = lease["lease"].as_str().expect("a lease").to_string();
        let exists = self.holders.contains_key(&lease_name);
        if !lease["in_vain"].is_null() || !exists && missing.contains(&"create".to_string()) {
            return false;
        }
        self.holders.entry(lease_name).or_insert_with(|| name.to_string()) == name
    }

    fn start(&mut self, name: &str, manager: &Value) {
        let mut runs: BTreeSet<String> = strings(&manager["unlocked"]).into_iter().collect();
        if manager["starts"] == false {
            self.exited.insert(name.to_string());
            if let Some(lease) = manager["flaps"].as_str() {
                self.holders.entry(lease.to_string()).or_insert_with(|| name.to_string());
            }
        } else if !manager["main"].is_null() && self.take(name, &manager["main"]) {
            runs.extend(strings(&manager["main"]["controllers"]));
            let migration = &manager["migration"];
            if migration["contends"] == true && self.take(name, migration) {
                runs.extend(strings(&migration["controllers"]));
            }
        }
        self.runs.insert(name.to_string(), runs);
    }
}

#[test]
fn show_agrees_with_what_real_binaries_did() {
    let runs = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/testbed/evidence/runs-sample.json"))
        .expect("the evidence is here");
    let runs: Vec<Value> = serde_json::from_str(&runs).expect("the evidence is JSON");
    assert_eq!(runs.len(), 40);
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("show-runs");
    let _ = fs::remove_dir_all(&scratch);
    let mut wrong = Vec::new();
    for run in &runs {
        let id = run["id"].as_str().expect("an id");
        let there: Vec<&str> = MANAGERS.into_iter().filter(|name| !run[*name].is_null()).collect();
        let (one, before, after) = (scratch.join(id), scratch.join(id).join("before"), scratch.join(id).join("after"));
        write(run, &there, &one.join("all"));
        compare(run, &[one.join("all")], &mut wrong);
        // The same as two sides, as far as each side has one of a kind.
        if there == ["kcm", "ccm"] {
            write(run, &["kcm"], &before);
            write(run, &["ccm"], &after);
            compare(run, &[before, after], &mut wrong);
            compare(run, &[one], &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Shows the run and plays it out.
fn compare(run: &Value, paths: &[PathBuf], wrong: &mut Vec<String>) {
    let id = format!("{} ({} paths)", run["id"], paths.len());
    let library = run["ccm"]["version"].as_str();
    let told = library.map(|v| vec!["--cloud-provider-library".to_string(), v.to_string()]).unwrap_or_default();
    let shown = show(paths, &told);
    let managers = shown["managers"].as_array().expect("managers");
    let of = |name: &str| {
        let own = format!("Pod kube-system/{name}");
        managers.iter().find(|m| m["object"] == own.as_str()).unwrap_or_else(|| panic!("{id}: no {name} in {shown:#}"))
    };
    let order = strings(&run["start_order"]);
    let observed = &run["observed"];
    let state = |name: &str| observed[format!("{name}_state")].as_str().unwrap_or("running");
    let killed = |name: &String| state(name) == "exited SIGKILL by the test";
    let mut played = Played::default();
    order.iter().for_each(|name| played.start(name, of(name)));
    // A killed manager's leases run out, and the others take them.
    played.holders.retain(|_, holder| !killed(holder));
    order.iter().filter(|name| !killed(name)).for_each(|name| played.start(name, of(name)));
    for name in order.iter().filter(|name| !killed(name)) {
        let message = of(name)["message"].as_str();
        let exited = state(name).starts_with("exited");
        if exited != played.exited.contains(name) {
            wrong.push(format!("{id}: {name} {}, shown: {message:?}", state(name)));
        }
        let seen: BTreeSet<String> = strings(&observed[format!("{name}_controllers")]).into_iter().collect();
        if !exited && seen != played.runs[name] {
            wrong.push(format!("{id}: {name} ran {seen:?}, shown {:?}", played.runs[name]));
        }
        let lines = strings(&observed["error_lines"]);
        if exited && !lines.iter().any(|line| message.is_some_and(|message| says(line, message))) {
            wrong.push(format!("{id}: {name} said {lines:?}, shown {message:?}"));
        }
    }
}

/// True if a log line has the message; logs quote it, and lines are cut at their end.
fn says(line: &str, message: &str) -> bool {
    let plain = |text: &str| text.replace(['\\', '"'], "");
    let message: String = plain(message).chars().take(60).collect();
    plain(line).contains(&message)
}
