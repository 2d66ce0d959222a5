//! `leasehold margins --sweep`: the map as people and programs see it, kept rows, and Ctrl-C. Edges were worked out by hand.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_leasehold"));
    command.arg("margins").args(args).env("COLUMNS", "100").env_remove("CLICOLOR_FORCE").stdin(Stdio::null());
    command
}

fn run(args: &[&str]) -> Output {
    command(args).output().expect("it runs")
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

/// A file that is gone when the test ends.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Scratch {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}.jsonl", std::process::id()));
        let _ = std::fs::remove_file(&path);
        Scratch(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().expect("text")
    }

    fn lines(&self) -> Vec<String> {
        std::fs::read_to_string(&self.0).unwrap_or_default().lines().map(str::to_string).collect()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// 15 s - 12 s - 1 s are left for three requests and the stop time; 3 s for one request and the stop time.
#[test]
fn the_map_of_reply_delay_and_stop_time() {
    snapbox::assert_data_eq!(
        screen(&["--sweep", "reply-delay=0s..3s/30,stop-time=0s..3s/10"], 0),
        snapbox::str![[r#"
the lease: where reply delay and stop time are safe
  given by flags: 15s lease duration, 10s renew deadline, 2s retry period; client-go 0.37 (assumed)
assumed: clocks within 0 ppm, no process is paused, no clock is set while it is used; nobody edits
         or deletes a Lease, and the API server never reads an old one

  stop time
     3s ┤ ·······························
        │ ▒▒▒····························
        │ ▒▒▒▒▒▒·························
        │ ▒▒▒▒▒▒▒▒▒······················
        │ █▒▒▒▒▒▒▒▒▒▒▒···················
   1.5s ┤ ██▒▒▒▒▒▒▒▒▒▒▒▒▒················
        │ ███▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒·············
        │ ████▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒··········
        │ █████▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒·······
        │ ██████▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒····
     0s ┤ ███████▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒·
        └┬───────────────────────────────
          0s                           3s  reply delay
          █ safe   ▒ not decided   · two may lead

  stop time  reply delay safe to  refuted from
  0s         600ms                3s
  300ms      500ms                2.7s
  600ms      400ms                2.4s
  900ms      300ms                2.1s
  1.2s       200ms                1.8s
  1.5s       100ms                1.5s
  1.8s       0s                   1.2s
  2.1s       none                 900ms
  2.4s       none                 600ms
  2.7s       none                 300ms
  3s         none                 0s

  proved safe   2s + 10s + 3 × reply delay + 1s + stop time < 15s
  refuted       2s + 10s + reply delay + stop time ≥ 15s
  the theorem says the same at all 341 points

341 points: 28 safe, 137 not decided, 176 with two leaders (exit 0)

"#]]
    );
}

/// What client-go refuses has no answer.
#[test]
fn the_map_of_lease_duration_and_renew_deadline() {
    let args =
        ["--sweep", "renew-deadline=2s..20s/9,lease-duration=10s..20s/5", "--reply-delay", "0s", "--stop-time", "0s"];
    let shown: serde_json::Value =
        serde_json::from_str(&screen(&[&args[..], &["--format", "json"]].concat(), 0)).expect("JSON");
    let rows: Vec<String> = shown["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| format!("{} {} {} {}", row["at"], row["points"], row["safe"], row["broken"]).replace('"', ""))
        .collect();
    // 2 s are no more than 1.2 retry periods. Safe while renew deadline + 2 s + 1 s < lease duration; refuted where
    // renew deadline + 2 s are as long as it.
    assert_eq!(
        rows,
        [
            "10.0 -ssu------ 6.0 8.0",
            "12.0 -sssu----- 8.0 10.0",
            "14.0 -ssssu---- 10.0 12.0",
            "16.0 -sssssu--- 12.0 14.0",
            "18.0 -ssssssu-- 14.0 16.0",
            "20.0 -sssssssu- 16.0 18.0",
        ]
    );
    assert_eq!(shown["inequality"]["differs"], 0);
    assert_eq!(shown["complete"], true);
}

#[test]
fn a_picture_has_every_kind_of_point() {
    let shown = screen(&["--sweep", "stop-time=0s..4s/8,retry-period=1s..9s/4", "--format", "svg"], 0);
    assert!(shown.starts_with("<svg ") && shown.ends_with("</svg>\n"));
    for colour in ["#1b7837", "#fee391", "#762a83", "#d9d9d9"] {
        assert!(shown.matches(colour).count() >= 2, "{colour}\n{shown}");
    }
    assert_eq!(shown.matches("<rect").count(), shown.matches("/>").count());
}

#[test]
fn every_mistake_of_a_sweep() {
    let text = refused(&["--sweep", "delay=0s..1s/2,pause=1s..0s/2", "--want", "1s"]);
    for expected in
        ["--sweep: `delay` cannot be varied", "`pause=1s..0s/2`: the range is empty", "--want: a map advises"]
    {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
    assert!(refused(&["--format", "svg"]).contains("only a map is a picture"));
    let csi = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/margins/csi.yaml");
    let text = refused(&[csi, "--sweep", "pause=0s..1s/2,stop-time=0s..1s/2"]);
    assert!(text.contains("--sweep is about one lease, and here are 2: a lease of csi-attacher"), "{text}");
}

const SMALL: &str = "stop-time=0s..3s/6,clock-rate=0..4%/4";

#[test]
fn kept_rows_are_gone_on_from_and_another_question_is_refused() {
    let file = Scratch::new("kept");
    let whole = screen(&["--sweep", SMALL], 0);
    assert_eq!(screen(&["--sweep", SMALL, "--resume", file.path()], 0), whole);
    let lines = file.lines();
    assert_eq!(lines.len(), 1 + 5);
    // As if it had been killed while it wrote its third row.
    let cut = format!("{}\n{}\n{}\n{}", lines[0], lines[1], lines[2], &lines[3][..7]);
    std::fs::write(&file.0, cut).expect("a scratch file");
    assert_eq!(screen(&["--sweep", SMALL, "--resume", file.path()], 0), whole);
    assert_eq!(file.lines().len(), 1 + 5);
    let other = refused(&["--sweep", SMALL, "--resume", file.path(), "--pause", "1s"]);
    assert!(other.contains("it is of another sweep") && other.contains("pause 1s"), "{other}");
    std::fs::write(&file.0, "kind: Pod\n").expect("a scratch file");
    assert!(refused(&["--sweep", SMALL, "--resume", file.path()]).contains("this is no file of a sweep"));
}

/// A thousand rows would take minutes: what is known after a few is printed and kept.
#[cfg(unix)]
#[test]
fn ctrl_c_prints_and_keeps_what_is_known() {
    let file = Scratch::new("stopped");
    let sweep = "stop-time=0s..3s/6,clock-rate=0..100000ppm/1000";
    let child = command(&["--sweep", sweep, "--resume", file.path()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    let began = Instant::now();
    while file.lines().len() < 4 {
        assert!(began.elapsed() < Duration::from_secs(120), "no rows");
        std::thread::sleep(Duration::from_millis(20));
    }
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill is there");
    assert!(killed.success());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(3));
    let shown = String::from_utf8(output.stdout).expect("text");
    let known = file.lines().len() - 1;
    assert!((3..1_000).contains(&known));
    let expected = format!("stopped: {} of 7,007 points not asked", thousands((1_001 - known) * 7));
    assert!(shown.contains(&expected) && shown.ends_with("(exit 3)\n"), "{expected}\n{shown}");
}

fn thousands(n: usize) -> String {
    if n < 1_000 { n.to_string() } else { format!("{},{:03}", n / 1_000, n % 1_000) }
}
