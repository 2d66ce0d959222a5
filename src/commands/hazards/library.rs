//! The shipped scenarios, inside the program: hazards can be judged without a checkout.

use std::io;
use std::path::{Component, Path, PathBuf};

use include_dir::{Dir, include_dir};
use leasehold_scenarios::inventory::files::{FileKind, Fs};

/// Everything below `scenarios/library`.
static LIBRARY: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/scenarios/library");

/// Where the files are in a checkout; messages name them like this.
pub const ROOT: &str = "scenarios/library";

/// The reader's view of the shipped files.
pub struct Embedded;

impl Embedded {
    /// The path below [`ROOT`]; `None` if it is outside.
    fn inside(path: &Path) -> Option<PathBuf> {
        let mut plain = PathBuf::new();
        for part in path.components() {
            match part {
                Component::ParentDir => drop(plain.pop()),
                Component::Normal(name) => plain.push(name),
                _ => {}
            }
        }
        Some(plain.strip_prefix(ROOT).ok()?.to_path_buf())
    }

    fn directory(path: &Path) -> Option<&'static Dir<'static>> {
        let inside = Embedded::inside(path)?;
        if inside.as_os_str().is_empty() { Some(&LIBRARY) } else { LIBRARY.get_dir(inside) }
    }

    fn file(path: &Path) -> Option<&'static [u8]> {
        Some(LIBRARY.get_file(Embedded::inside(path)?)?.contents())
    }
}

impl Fs for Embedded {
    fn kind(&self, path: &Path) -> io::Result<FileKind> {
        match (Embedded::file(path), Embedded::directory(path)) {
            (Some(bytes), _) => Ok(FileKind::File(bytes.len() as u64)),
            (None, Some(_)) => Ok(FileKind::Directory),
            (None, None) => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<String>> {
        let found = Embedded::directory(directory).ok_or(io::ErrorKind::NotFound)?;
        let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
        Ok(found.entries().iter().filter_map(|entry| name(entry.path())).collect())
    }

    fn read(&self, path: &Path, limit: usize) -> io::Result<Vec<u8>> {
        let bytes = Embedded::file(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(bytes[..bytes.len().min(limit)].to_vec())
    }

    fn stdin(&self, _limit: usize) -> io::Result<Vec<u8>> {
        Ok(Vec::new())
    }
}

/// The names of the scenarios of a hazard, each before its mended sibling: `H6-no-rights`, `H6-no-rights-fixed`.
pub fn names(hazard: &str) -> Vec<String> {
    let prefix = format!("{hazard}-");
    let directories = LIBRARY.get_dir("hazards").into_iter().flat_map(Dir::dirs);
    let mut names: Vec<String> = directories
        .filter_map(|directory| Some(directory.path().file_name()?.to_string_lossy().into_owned()))
        .filter(|name| name.starts_with(&prefix))
        .collect();
    names.sort_unstable();
    names
}

/// The directory of a scenario.
pub fn directory(name: &str) -> String {
    format!("{ROOT}/hazards/{name}")
}

/// The text of a scenario's file.
pub fn text(name: &str) -> &'static str {
    let file = LIBRARY.get_file(format!("hazards/{name}/scenario.yaml"));
    file.and_then(|file| file.contents_utf8()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_as_they_would_be_on_a_disk() {
        let at = |path: &str| Embedded.kind(Path::new(path)).ok();
        assert_eq!(at("scenarios/library/hazards/H6-no-rights/../common"), Some(FileKind::Directory));
        assert!(matches!(at("scenarios/library/./README.md"), Some(FileKind::File(_))));
        assert_eq!([at("scenarios/library/nothing"), at("scenarios/src"), at("/etc/passwd")], [None, None, None]);
        assert_eq!(
            Embedded.list(Path::new("scenarios/library/hazards/common/names-1.27/etc")).expect("it is there"),
            ["leadermigration.conf"]
        );
        assert_eq!(Embedded.read(Path::new("scenarios/library/README.md"), 3).expect("it is there"), b"# S");
    }
}
