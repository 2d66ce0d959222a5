//! `leasehold compare` as a program: its tables, its JSON, what it refuses. docs/protocols.md has the whole comparison.

use std::process::{Command, Output};

fn run(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_leasehold"));
    command.arg("compare").args(args).env("COLUMNS", "100").env_remove("CLICOLOR_FORCE");
    command.output().expect("it runs")
}

fn screen(args: &[&str], code: i32) -> String {
    let output = run(args);
    assert_eq!(output.status.code(), Some(code), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

fn refused(args: &[&str]) -> String {
    let output = run(args);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr).expect("text")
}

#[test]
fn one_migration() {
    snapbox::assert_data_eq!(
        screen(&["--from", "1.29", "--to", "1.30", "--provider", "gce"], 0),
        snapbox::str![[r#""#]]
    );
}

/// The default configuration is right up to 1.27 and wrong from 1.28 on; ranges of releases go together.
#[test]
fn every_release_of_a_provider() {
    let text = screen(&["--provider", "openstack", "--nodes", "2"], 0);
    let table: Vec<&str> = text.lines().take_while(|line| !line.is_empty()).collect();
    snapbox::assert_data_eq!(table.join("\n"), snapbox::str![[r#""#]]);
}

#[test]
fn markdown_has_the_same_table() {
    let text =
        screen(&["--from", "1.29", "--to", "1.29", "--provider", "vsphere", "--nodes", "1", "--format", "markdown"], 0);
    let table: Vec<&str> = text.lines().filter(|line| line.starts_with(['#', '|'])).collect();
    snapbox::assert_data_eq!(table.join("\n"), snapbox::str![[r#""#]]);
}

#[test]
fn json_has_a_row_for_each_protocol() {
    let text =
        screen(&["--from", "1.29", "--to", "1.30", "--provider", "azure", "--nodes", "1", "--format", "json"], 0);
    let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!((&json["version"], &json["complete"], &json["nodes"]), (&1.into(), &true.into(), &1.into()));
    let rows = json["rows"].as_array().expect("rows");
    assert_eq!(rows.len(), 10);
    let row = |id: &str| rows.iter().find(|row| row["protocol"] == id).expect("it has a row");
    assert_eq!(row("p1-file")["exclusive"], serde_json::json!({"verdict": "violated", "findings": ["LM505"]}));
    assert_eq!(row("p4")["gap"]["downtime"], true);
    assert_eq!(row("p4")["gap"]["crash"]["is"], "within");
    assert_eq!(row("stop-start")["steps"], 2);
}

#[test]
fn what_cannot_be_compared_is_refused() {
    assert!(refused(&["--from", "1.26", "--to", "1.28"]).contains("one minor release at a time: try --to 1.27"));
    assert!(refused(&["--from", "1.27", "--to", "1.26"]).contains("--to is older than --from"));
    let nothing = refused(&["--from", "1.28", "--provider", "aws"]);
    assert!(nothing.starts_with("error: nothing to compare: "), "{nothing}");
    assert!(
        refused(&["--provider", "digitalocean"]).contains("[possible values: aws, azure, gce, openstack, vsphere]")
    );
}
