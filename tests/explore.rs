//! `leasehold explore` over loopback HTTP.
#![cfg(feature = "explorer")]

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const SCENARIO: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/library/guides/kubernetes/default-1.30-1.31/scenario.yaml");

/// The process ends with the test, however the test ends.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn leasehold() -> Command {
    Command::new(env!("CARGO_BIN_EXE_leasehold"))
}

fn get(port: u16, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    write!(stream, "GET {path} HTTP/1.0\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer.split_once("\r\n\r\n").map_or(answer.clone(), |(_, body)| body.to_string()))
}

#[test]
fn states_and_actions_are_served_in_words() {
    let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
    let listen = format!("127.0.0.1:{port}");
    let child = leasehold().args(["explore", SCENARIO, "--listen", &listen]).stdout(Stdio::null()).spawn();
    let _serving = Serving(child.expect("it starts"));
    let initial = (0..100).find_map(|_| {
        std::thread::sleep(Duration::from_millis(100));
        get(port, "/.states").ok()
    });
    let initial = initial.expect("it serves within ten seconds");
    assert!(initial.contains("cp-1   kube-controller-manager 1.30: leads, runs service, route"), "{initial}");
    let next = get(port, "/.states/0").expect("it still serves");
    assert!(next.contains("cp-1: kube-controller-manager 1.30 crashes"), "{next}");
    assert!(get(port, "/.status").expect("it still serves").contains("exclusive"));
    assert!(get(port, "/").expect("it still serves").contains("<html"));
}

#[test]
fn only_loopback_is_served() {
    let output = leasehold().args(["explore", SCENARIO, "--listen", "0.0.0.0:0"]).output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(message.contains("0.0.0.0:0 is no loopback address"), "{message}");
}
