//! Generated files in memory and on the disk.

use std::io;
use std::path::{Component as Part, Path, PathBuf};

use leasehold_scenarios::inventory::files::{FileKind, Fs};

use super::files::{Files, MARK};
use crate::exit::Failure;

/// Files that are not on the disk, for the reader.
pub struct Memory<'f>(pub &'f Files);

impl Memory<'_> {
    fn key(path: &Path) -> String {
        let parts = path.components().filter(|part| !matches!(part, Part::CurDir));
        parts.collect::<PathBuf>().to_string_lossy().into_owned()
    }
}

impl Fs for Memory<'_> {
    fn kind(&self, path: &Path) -> io::Result<FileKind> {
        let key = Memory::key(path);
        match self.0.get(&key) {
            Some(text) => Ok(FileKind::File(text.len() as u64)),
            None if self.0.keys().any(|file| file.starts_with(&format!("{key}/"))) => Ok(FileKind::Directory),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<String>> {
        let prefix = format!("{}/", Memory::key(directory));
        let inside = self.0.keys().filter_map(|file| file.strip_prefix(&prefix));
        let mut names: Vec<String> = inside.map(|rest| rest.split('/').next().unwrap_or(rest).to_string()).collect();
        names.dedup();
        Ok(names)
    }

    fn read(&self, path: &Path, limit: usize) -> io::Result<Vec<u8>> {
        let text = self.0.get(&Memory::key(path)).ok_or(io::ErrorKind::NotFound)?;
        Ok(text.bytes().take(limit).collect())
    }

    fn stdin(&self, _limit: usize) -> io::Result<Vec<u8>> {
        Ok(Vec::new())
    }
}

/// Writes all files or none: into a directory beside `directory`, which then takes its name.
///
/// # Errors
/// If something is there that `generate` did not write, or the disk fails.
pub fn write(files: &Files, directory: &Path, force: bool) -> Result<(), Failure> {
    let shown = directory.display();
    let name =
        directory.file_name().ok_or_else(|| Failure::Usage(format!("-o {shown}: expected the name of a directory")))?;
    let beside = |suffix: &str| {
        let name = format!(".{}.{suffix}-{}", name.to_string_lossy(), std::process::id());
        directory.with_file_name(name)
    };
    let occupied = is_occupied(directory)?;
    if occupied && !force {
        return Err(Failure::Usage(format!("{shown} is not empty; --force replaces a directory that generate wrote")));
    }
    if occupied && !is_ours(directory) {
        return Err(Failure::Usage(format!("{shown} was not written by generate, so not even --force replaces it")));
    }
    let fails = |error: io::Error| Failure::Environment(format!("cannot write {shown}: {error}"));
    let (fresh, old) = (beside("new"), beside("old"));
    let written = fill(files, &fresh).and_then(|()| {
        if directory.exists() {
            std::fs::rename(directory, &old)?;
        }
        std::fs::rename(&fresh, directory).inspect_err(|_| {
            // What was there comes back; if that fails too, it is still beside under its other name.
            let _ = std::fs::rename(&old, directory);
        })
    });
    if written.is_err() {
        let _ = std::fs::remove_dir_all(&fresh);
    }
    written.map_err(fails)?;
    if old.exists() { std::fs::remove_dir_all(&old).map_err(fails) } else { Ok(()) }
}

/// Writes the files below `directory`.
///
/// # Errors
/// If the disk fails.
pub fn fill(files: &Files, directory: &Path) -> io::Result<()> {
    for (path, text) in files {
        let path = directory.join(path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, text)?;
    }
    Ok(())
}

/// True if something is in `directory`.
///
/// # Errors
/// If it cannot be told, or it is no directory.
pub fn is_occupied(directory: &Path) -> Result<bool, Failure> {
    match std::fs::read_dir(directory) {
        Ok(mut entries) => Ok(entries.next().is_some()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Failure::Usage(format!("-o {}: {error}", directory.display()))),
    }
}

fn is_ours(directory: &Path) -> bool {
    std::fs::read_to_string(directory.join("scenario.yaml")).is_ok_and(|text| text.starts_with(MARK))
}
