//! Files in memory, and what is shown for them.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use leasehold_scenarios::diagnostic::{Style, render};
use leasehold_scenarios::inventory::files::{FileKind, Fs};
use leasehold_scenarios::resolve::{Request, Resolved, resolve};

/// Files by path, and standard input under `-`.
#[derive(Default)]
pub struct Memory {
    files: BTreeMap<String, Vec<u8>>,
    read: Cell<bool>,
}

impl Memory {
    /// These files.
    pub fn of<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Memory {
        let files = files.into_iter().map(|(path, text)| (path.to_string(), text.as_bytes().to_vec())).collect();
        Memory { files, read: Cell::new(false) }
    }

    /// With one more file.
    pub fn with(mut self, path: &str, bytes: Vec<u8>) -> Memory {
        self.files.insert(path.to_string(), bytes);
        self
    }
}

impl Fs for Memory {
    fn kind(&self, path: &Path) -> io::Result<FileKind> {
        let path = path.to_string_lossy().trim_end_matches('/').to_string();
        if let Some(bytes) = self.files.get(&path) {
            return Ok(FileKind::File(bytes.len() as u64));
        }
        let below = format!("{path}/");
        if self.files.keys().any(|k| k.starts_with(&below)) {
            Ok(FileKind::Directory)
        } else {
            Err(io::ErrorKind::NotFound.into())
        }
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<String>> {
        let below = format!("{}/", directory.to_string_lossy().trim_end_matches('/'));
        let mut names: Vec<String> = self
            .files
            .keys()
            .filter_map(|k| k.strip_prefix(&below))
            .map(|rest| rest.split('/').next().unwrap().to_string())
            .filter(|name| !name.is_empty())
            .collect();
        names.dedup();
        Ok(names)
    }

    fn read(&self, path: &Path, limit: usize) -> io::Result<Vec<u8>> {
        let bytes = self.files.get(path.to_string_lossy().as_ref()).ok_or(io::ErrorKind::NotFound)?;
        Ok(bytes[..bytes.len().min(limit)].to_vec())
    }

    fn stdin(&self, limit: usize) -> io::Result<Vec<u8>> {
        if self.read.replace(true) {
            return Ok(Vec::new());
        }
        Ok(self.files.get("-").map(|b| b[..b.len().min(limit)].to_vec()).unwrap_or_default())
    }
}

/// A request for these paths.
pub fn request(paths: &[&str]) -> Request {
    Request { paths: paths.iter().map(|p| p.to_string()).collect(), ..Request::default() }
}

/// What must resolve.
pub fn resolved(request: &Request, fs: &dyn Fs) -> Resolved {
    match resolve(request, fs) {
        Ok(resolved) => resolved,
        Err(failed) => panic!("{}", render(&failed.problems, &failed.sources, Style::default())),
    }
}

/// What is shown for what must not.
pub fn refused(request: &Request, fs: &dyn Fs) -> String {
    match resolve(request, fs) {
        Ok(resolved) => panic!("resolved: {resolved:#?}"),
        Err(failed) => render(&failed.problems, &failed.sources, Style::default()),
    }
}

/// The managers of each stage: title, how made, file, arguments that matter; one line each.
pub fn summary(resolved: &Resolved) -> String {
    use std::fmt::Write;
    let mut out = String::new();
    for (i, stage) in resolved.stages.iter().enumerate() {
        if let Some(step) = i.checked_sub(1).map(|i| &resolved.steps[i]) {
            let surge = if step.surge { ", surge" } else { "" };
            let restarts = if step.restarts { "" } else { ", no restart" };
            writeln!(out, "-- {}: {:?}{surge}{restarts}", step.title, step.action).unwrap();
        }
        for &m in &stage.managers {
            let m = &resolved.managers[m];
            let file = match &m.spec.migration_file {
                leasehold_model::launch::MigrationFile::Missing => "no file".to_string(),
                leasehold_model::launch::MigrationFile::Unparsable(why) => format!("unreadable file: {why}"),
                leasehold_model::launch::MigrationFile::Document(_) => {
                    let span = m.spans.migration_file.as_ref().unwrap().span;
                    format!("file {}", resolved.sources.place(span))
                }
            };
            writeln!(out, "{} [{}; {}; {}; {} args]", m.title, m.workload, m.user, file, m.spec.args.len()).unwrap();
        }
    }
    for line in &resolved.inferred {
        writeln!(out, "inferred: {line}").unwrap();
    }
    for note in &resolved.notes {
        let place = note.span.map_or_else(String::new, |s| format!(" ({})", resolved.sources.place(s)));
        writeln!(out, "note: {}{place}", note.message).unwrap();
    }
    out
}
