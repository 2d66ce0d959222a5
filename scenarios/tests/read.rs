//! What people have, as it is read.

mod common;

use common::{request, resolved, summary};
use leasehold_scenarios::inventory::files::Disk;

const LIBRARY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/library/guides/kubernetes");

#[test]
#[ignore = "prints"]
fn print_library() {
    for entry in std::fs::read_dir(LIBRARY).unwrap() {
        let path = entry.unwrap().path();
        if path.join("scenario.yaml").exists() {
            println!("##### {}", path.display());
            let text = summary(&resolved(&request(&[path.to_str().unwrap()]), &Disk));
            println!("{}", text.replace(LIBRARY, "L"));
        }
    }
}
