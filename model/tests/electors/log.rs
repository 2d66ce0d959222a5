//! The logs that `testbed/electors` writes, as its README.md describes them: read strictly, so that nothing in a log is
//! ignored.

use serde::Deserialize;

/// The first line of a run.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Header {
    #[expect(dead_code, reason = "a name for people; the judge asks for no names")]
    pub run: String,
    /// The release of `k8s.io/client-go`, or several whose logs are the same.
    pub client_go: ClientGo,
    pub electors: Vec<ElectorConfig>,
    /// When someone else does something to the Lease.
    pub writes: Vec<i64>,
}

/// One release, or several.
#[derive(Deserialize, Clone, Debug)]
#[serde(untagged)]
pub enum ClientGo {
    One(String),
    Several(Vec<String>),
}

impl ClientGo {
    pub fn releases(&self) -> &[String] {
        match self {
            ClientGo::One(release) => std::slice::from_ref(release),
            ClientGo::Several(releases) => releases,
        }
    }
}

/// One elector's configuration; durations in nanoseconds.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ElectorConfig {
    pub identity: String,
    pub lease_duration: i64,
    pub renew_deadline: i64,
    pub retry_period: i64,
    #[serde(default)]
    pub release_on_cancel: bool,
    #[serde(default)]
    pub coordinated: bool,
    /// When `Run` is called.
    pub start: i64,
    /// When its context is cancelled, unless `Run` has returned.
    pub stop: i64,
}

/// One line.
#[derive(Deserialize, Clone, Debug)]
pub struct Line {
    /// Nanoseconds since the run began.
    pub at: i64,
    /// Whose line it is; `None`: a foreign write.
    pub elector: Option<String>,
    #[serde(flatten)]
    pub what: What,
}

/// What a line says.
#[derive(Deserialize, Clone, PartialEq, Debug)]
#[serde(tag = "what", rename_all = "camelCase", deny_unknown_fields)]
pub enum What {
    /// `Run` is called.
    Run,
    /// The context given to `Run` is cancelled.
    Cancel,
    /// `LeaseLock` calls the typed client, and the request reaches the transport. With a version: an update.
    Request { call: u64, op: Op, version: Option<String>, record: Option<Record>, deadline: i64, fate: Fate },
    /// `LeaseLock` calls the typed client, which sends nothing.
    Unsent { call: u64, op: Op, version: Option<String>, record: Option<Record> },
    /// The REST client sends the request once more.
    Again { call: u64, deadline: i64, fate: Fate },
    /// The store carries the request out: the version read or written, or why not.
    Applied { call: u64, version: Option<String>, error: Option<String> },
    /// The API server refuses without asking the store.
    Refused { call: u64, error: String },
    /// The typed client returns.
    Reply { call: u64, version: Option<String>, record: Option<Record>, error: Option<String> },
    /// `OnStartedLeading` is called.
    Started,
    /// The context given to `OnStartedLeading` is done.
    LeadingDone,
    /// `OnStoppedLeading` is called.
    Stopped,
    /// `OnNewLeader` is called.
    NewLeader { identity: String },
    /// An event on the Lease.
    Event { message: String },
    /// `Run` returns.
    Ended,
    /// Someone else writes the Lease.
    Write { version: String, record: Record },
    /// Someone else deletes it.
    Delete,
    /// Someone else finds no Lease to change or delete.
    Nothing,
}

/// What the script has in store for a request; delays in nanoseconds.
#[derive(Deserialize, Clone, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct Fate {
    /// From sending to being applied, refused, or failing to connect; `None`: never.
    pub before: Option<i64>,
    /// From then to the answer's arrival; `None`: never.
    pub after: Option<i64>,
    pub fault: Option<String>,
    /// From the answer until the REST client sends the request again by itself.
    #[serde(rename = "retryAfter")]
    pub retry_after: Option<i64>,
}

/// What is asked of the API server.
#[derive(Deserialize, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "camelCase")]
pub enum Op {
    Get,
    Create,
    Update,
}

/// The spec of a Lease. Times are nanoseconds since the run began.
#[derive(Deserialize, Clone, PartialEq, Eq, Debug, Default)]
#[serde(deny_unknown_fields)]
pub struct Record {
    pub holder: Option<String>,
    pub duration: Option<i32>,
    pub acquire: Option<i64>,
    pub renew: Option<i64>,
    pub transitions: Option<i32>,
    pub strategy: Option<String>,
    pub preferred: Option<String>,
}

/// One run: its header and its lines.
#[derive(Clone, Debug)]
pub struct Run {
    pub header: Header,
    pub lines: Vec<Line>,
}

/// Splits a log into its runs, each a header and the lines that follow it.
pub fn split(text: &str) -> Vec<Vec<&str>> {
    let mut runs: Vec<Vec<&str>> = Vec::new();
    for line in text.lines() {
        if line.starts_with("{\"at\":") {
            runs.last_mut().expect("a log begins with a header").push(line);
        } else {
            runs.push(vec![line]);
        }
    }
    runs
}

/// Reads a header and its lines.
///
/// # Errors
/// The line, counted from 1, and what is wrong with it.
pub fn read(lines: &[&str]) -> Result<Run, String> {
    let wrong = |number: usize, error: serde_json::Error| format!("line {}: {error}", number + 1);
    let header = serde_json::from_str(lines[0]).map_err(|error| wrong(0, error))?;
    let body = lines.iter().enumerate().skip(1);
    let lines =
        body.map(|(i, line)| serde_json::from_str(line).map_err(|error| wrong(i, error))).collect::<Result<_, _>>()?;
    Ok(Run { header, lines })
}
