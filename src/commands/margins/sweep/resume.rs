//! `--resume`: rows as they come, as lines of JSON after a line that says which question they answer.
//!
//! Contract: a file of another question is refused, and never written to. A last line that was cut short is dropped; what
//! else the file says is believed.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::exit::Failure;

/// The first line.
#[derive(Serialize, Deserialize, PartialEq, Eq, Debug)]
struct Header {
    leasehold: String,
    sweep: String,
}

/// Every other line.
#[derive(Serialize, Deserialize, Debug)]
struct Line {
    row: usize,
    points: String,
}

/// A file of rows.
pub struct Resume {
    file: File,
}

impl Resume {
    /// Opens or begins the file of a question; with the rows it has. `question` names everything that answers depend on.
    ///
    /// # Errors
    /// If it is of another question, is no such file, or cannot be read or written.
    pub fn open(path: &Path, question: &str, points: usize) -> Result<(Resume, BTreeMap<usize, String>), Failure> {
        let failed = |error: std::io::Error| Failure::Environment(format!("--resume {}: {error}", path.display()));
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(failed(error)),
        };
        // A process that was killed leaves a line without its end.
        let whole = &text[..text.rfind('\n').map_or(0, |end| end + 1)];
        let mut lines = whole.lines();
        let header = Header { leasehold: env!("CARGO_PKG_VERSION").into(), sweep: question.into() };
        let mut rows = BTreeMap::new();
        if let Some(first) = lines.next() {
            let usage = |why: String| Failure::Usage(format!("--resume {}: {why}; nothing was swept", path.display()));
            let found: Header = serde_json::from_str(first).map_err(|_| usage("this is no file of a sweep".into()))?;
            if found != header {
                return Err(usage(format!(
                    "it is of another sweep\n  there: {} (leasehold {})\n  asked: {} (leasehold {})",
                    found.sweep, found.leasehold, header.sweep, header.leasehold
                )));
            }
            for (number, line) in lines.enumerate() {
                let read = serde_json::from_str::<Line>(line).ok().filter(|read| read.points.chars().count() == points);
                let read = read.ok_or_else(|| usage(format!("line {} is no row of this sweep", number + 2)))?;
                rows.insert(read.row, read.points);
            }
        } else if !text.is_empty() {
            let message = format!("--resume {}: this is no file of a sweep; nothing was swept", path.display());
            return Err(Failure::Usage(message));
        }
        let mut file = OpenOptions::new().create(true).append(true).open(path).map_err(failed)?;
        file.set_len(whole.len() as u64).map_err(failed)?;
        if whole.is_empty() {
            writeln!(file, "{}", serde_json::to_string(&header).expect("a header is JSON")).map_err(failed)?;
        }
        Ok((Resume { file }, rows))
    }

    /// Adds a row.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn add(&mut self, row: usize, points: &str) -> std::io::Result<()> {
        let line = serde_json::to_string(&Line { row, points: points.into() }).expect("a row is JSON");
        self.file.write_all(format!("{line}\n").as_bytes())
    }
}
