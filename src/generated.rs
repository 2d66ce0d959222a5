//! Generated files that are committed: a test compares them, and LEASEHOLD_UPDATE=1 writes them.

use std::path::Path;

/// Compares the committed file with what it should be.
///
/// # Panics
/// If they differ, unless LEASEHOLD_UPDATE is set; then the file is written.
pub fn compare(path: &str, expected: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("LEASEHOLD_UPDATE").is_some() {
        std::fs::create_dir_all(file.parent().expect("a file has a directory")).expect("the directory can be made");
        std::fs::write(&file, expected).expect("the file can be written");
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(committed == expected, "{path} is not up to date: run the tests with LEASEHOLD_UPDATE=1");
}
