//! Which files are read: named files always; in directories the ones that can be manifests, sorted by path.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::diagnostic::Problem;
use crate::source::{MAX_FILE_BYTES, NotText, STDIN, decode};

/// The extensions of manifests; files without an extension are read as well.
const EXTENSIONS: [&str; 4] = ["yaml", "yml", "json", "conf"];

/// The deepest directory below a given one that is searched; a symbolic link that points upwards ends here.
const MAX_DIRECTORY_DEPTH: usize = 16;

/// The most files that are read from one given path.
const MAX_FILES: usize = 20_000;

/// Where files come from. The real one is [`Disk`]; tests and fuzzing use others.
pub trait Fs {
    /// What is at a path.
    fn kind(&self, path: &Path) -> io::Result<FileKind>;
    /// The names in a directory, in any order.
    fn list(&self, directory: &Path) -> io::Result<Vec<String>>;
    /// At most `limit` bytes of a file.
    fn read(&self, path: &Path, limit: usize) -> io::Result<Vec<u8>>;
    /// At most `limit` bytes of standard input; empty once it was read.
    fn stdin(&self, limit: usize) -> io::Result<Vec<u8>>;
}

/// What is at a path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FileKind {
    /// A directory.
    Directory,
    /// A file of this many bytes.
    File(u64),
}

/// The file system of the machine.
#[derive(Clone, Copy, Debug)]
pub struct Disk;

impl Fs for Disk {
    fn kind(&self, path: &Path) -> io::Result<FileKind> {
        let metadata = std::fs::metadata(path)?;
        Ok(if metadata.is_dir() { FileKind::Directory } else { FileKind::File(metadata.len()) })
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<String>> {
        std::fs::read_dir(directory)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
    }

    fn read(&self, path: &Path, limit: usize) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        std::fs::File::open(path)?.take(limit as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn stdin(&self, limit: usize) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        io::stdin().lock().take(limit as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// A file that was read.
#[derive(Clone, Debug)]
pub struct Text {
    /// Its name as the user would write it.
    pub name: String,
    /// What it says.
    pub text: String,
    /// It was found in a directory, as opposed to named.
    pub found: bool,
}

/// What [`gather`] read.
#[derive(Default, Debug)]
pub struct Gathered {
    /// The files, sorted by path within each given one.
    pub texts: Vec<Text>,
    /// Files in directories that were not read.
    pub notes: Vec<Problem>,
    /// What could not be read.
    pub problems: Vec<Problem>,
}

/// Reads a file, every manifest below a directory, or standard input (`-`).
pub fn gather(fs: &dyn Fs, path: &str) -> Gathered {
    let mut out = Gathered::default();
    if path == "-" {
        match fs.stdin(MAX_FILE_BYTES + 1) {
            Ok(bytes) => out.add(STDIN.to_string(), bytes, false),
            Err(error) => out.problems.push(unreadable(STDIN, &error)),
        }
        return out;
    }
    match fs.kind(Path::new(path)) {
        Err(error) => out.problems.push(unreadable(path, &error)),
        Ok(FileKind::File(size)) => out.read(fs, Path::new(path), size, false),
        Ok(FileKind::Directory) => {
            out.walk(fs, Path::new(path), 0);
            if out.texts.is_empty() && out.problems.is_empty() {
                out.problems.push(
                    Problem::error(format!("no manifest in {path}"))
                        .help("expected files named *.yaml, *.yml, *.json or *.conf"),
                );
            }
        }
    }
    out
}

impl Gathered {
    fn walk(&mut self, fs: &dyn Fs, directory: &Path, depth: usize) {
        let mut names = match fs.list(directory) {
            Ok(names) => names,
            Err(error) => return self.problems.push(unreadable(&shown(directory), &error)),
        };
        names.sort_unstable();
        if depth > MAX_DIRECTORY_DEPTH || self.texts.len() > MAX_FILES {
            let reason = if depth > MAX_DIRECTORY_DEPTH { "nested too deeply" } else { "more files than can be meant" };
            return self.problems.push(Problem::error(format!("{}: {reason}", shown(directory))));
        }
        let mut skipped = Vec::new();
        for name in names {
            let path = directory.join(&name);
            if name.starts_with('.') {
                skipped.push(name);
                continue;
            }
            match fs.kind(&path) {
                Err(error) => self.problems.push(unreadable(&shown(&path), &error)),
                Ok(FileKind::Directory) => self.walk(fs, &path, depth + 1),
                Ok(FileKind::File(size)) => match path.extension().and_then(|e| e.to_str()) {
                    Some(extension) if !EXTENSIONS.contains(&extension.to_ascii_lowercase().as_str()) => {
                        skipped.push(name);
                    }
                    _ => self.read(fs, &path, size, true),
                },
            }
        }
        if !skipped.is_empty() {
            self.notes.push(Problem::note(format!("not read in {}: {}", shown(directory), skipped.join(", "))));
        }
    }

    fn read(&mut self, fs: &dyn Fs, path: &Path, size: u64, found: bool) {
        let name = shown(path);
        if size > MAX_FILE_BYTES as u64 {
            return self.problems.push(Problem::error(format!("{name}: {}", NotText::TooLarge(size))));
        }
        match fs.read(path, MAX_FILE_BYTES + 1) {
            Ok(bytes) => self.add(name, bytes, found),
            Err(error) => self.problems.push(unreadable(&name, &error)),
        }
    }

    fn add(&mut self, name: String, bytes: Vec<u8>, found: bool) {
        match decode(bytes) {
            Ok(text) => self.texts.push(Text { name, text, found }),
            Err(error) => self.problems.push(Problem::error(format!("{name}: {error}"))),
        }
    }
}

/// The path as the user would write it: `a/../b` is `b`.
fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    let mut parts: Vec<&str> = Vec::new();
    for part in text.split('/') {
        match parts.last() {
            Some(last) if part == ".." && !matches!(*last, "" | "." | "..") => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

fn unreadable(name: &str, error: &io::Error) -> Problem {
    // The operating system's words, without Rust's error number.
    let reason = match error.kind() {
        io::ErrorKind::NotFound => "no such file or directory".to_string(),
        io::ErrorKind::PermissionDenied => "permission denied".to_string(),
        _ => error.to_string(),
    };
    Problem::error(format!("cannot read {name}: {reason}"))
}

/// The paths of a directory's children, for looking for `scenario.yaml`, `before/` and `after/`.
pub fn child(directory: &str, name: &str) -> PathBuf {
    Path::new(directory).join(name)
}
