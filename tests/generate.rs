//! `leasehold generate` as a program: what it writes, what it refuses to overwrite.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn leasehold(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_leasehold")).args(args).output().expect("it runs")
}

fn generate(directory: &Path, more: &[&str]) -> Output {
    let directory = directory.to_str().expect("the path is text");
    leasehold(&[&["generate", "--from", "1.30", "--to", "1.31", "--provider", "gce", "-o", directory], more].concat())
}

fn scratch(name: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("generate").join(name);
    let _ = fs::remove_dir_all(&directory);
    fs::create_dir_all(directory.parent().expect("it has a parent")).expect("it can be made");
    directory
}

fn error(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn check_accepts_what_generate_wrote_and_judges_it_to_hold() {
    let directory = scratch("holds");
    let output = generate(&directory, &[]);
    assert!(output.status.success(), "{}", error(&output));
    let checked = leasehold(&["check", directory.to_str().expect("text")]);
    assert_eq!(checked.status.code(), Some(0), "{}", String::from_utf8_lossy(&checked.stdout));
    let runbook = fs::read_to_string(directory.join("RUNBOOK.md")).expect("there is a runbook");
    assert_eq!(runbook.matches("\n## Step ").count(), 4);
    assert_eq!(runbook.matches("Way back").count(), 4);
    assert_eq!(runbook.matches("Must be seen").count(), 5);
    let beside = fs::read_dir(directory.parent().expect("a parent")).expect("it is there");
    let left = beside.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let left: Vec<String> = left.filter(|name| name.contains("holds") && name != "holds").collect();
    assert_eq!(left, Vec::<String>::new(), "nothing is left beside the directory");
}

#[test]
fn nothing_is_overwritten_but_what_generate_wrote_and_only_with_force() {
    let directory = scratch("force");
    fs::create_dir_all(&directory).expect("it can be made");
    assert!(generate(&directory, &[]).status.success(), "an empty directory is taken");
    let again = generate(&directory, &[]);
    assert_eq!(again.status.code(), Some(2));
    assert!(error(&again).contains("is not empty; --force replaces"), "{}", error(&again));
    fs::write(directory.join("left.txt"), "").expect("it can be written");
    assert!(generate(&directory, &["--force", "--node-ipam"]).status.success());
    assert!(!directory.join("left.txt").exists());
    let config = fs::read_to_string(directory.join("2-enable/etc/leadermigration-kcm.conf")).expect("it is there");
    assert!(config.contains("node-ipam-controller"), "the new files are there");

    let foreign = scratch("foreign");
    fs::create_dir_all(&foreign).expect("it can be made");
    fs::write(foreign.join("precious.txt"), "").expect("it can be written");
    let refused = generate(&foreign, &["--force"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(error(&refused).contains("was not written by generate"), "{}", error(&refused));
    assert!(foreign.join("precious.txt").exists());
}

#[test]
fn what_is_left_to_move_is_said() {
    let directory = scratch("node-ipam");
    let directory = directory.to_str().expect("text");
    let output = leasehold(&["generate", "--from", "1.33", "--to", "1.34", "--provider", "aws", "-o", directory]);
    assert!(output.status.success(), "{}", error(&output));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("moves to cloud-controller-manager: node-ipam\n"), "{said}");
    assert!(said.contains("kube-controller-manager 1.33 has no provider aws"), "{said}");
    assert!(said.contains("assumed: your cloud-controller-manager has a node IPAM controller"), "{said}");
    let azure = leasehold(&["generate", "--from", "1.29", "--to", "1.30", "--provider", "azure", "-o", directory]);
    assert_eq!(azure.status.code(), Some(2));
    assert!(error(&azure).contains("leasehold explain LM505"), "{}", error(&azure));
}
