//! Any bytes as a scenario, as manifests of both sides and as a manager's file: reading ends without a panic, and what
//! is wrong can be shown. Run it with `RUSTC_BOOTSTRAP=1 cargo fuzz run read` in `scenarios/`.
#![no_main]

use std::io;
use std::path::Path;

use leasehold_scenarios::diagnostic::{Style, render};
use leasehold_scenarios::inventory::files::{FileKind, Fs};
use leasehold_scenarios::resolve::{Request, resolve};
use leasehold_scenarios::source::decode;
use leasehold_scenarios::yaml::parse_first_document;
use libfuzzer_sys::fuzz_target;

const KCM: &[u8] = b"apiVersion: v1\nkind: Pod\nmetadata: {name: kube-controller-manager}\nspec:\n  containers:\n  - \
    {name: kube-controller-manager, image: k:v1.29.0, args: [--leader-migration-config=/etc/x.yaml]}\n";

/// The same bytes wherever one looks, beside a kube-controller-manager.
struct Everywhere<'a>(&'a [u8]);

impl Fs for Everywhere<'_> {
    fn kind(&self, path: &Path) -> io::Result<FileKind> {
        match path.to_str() {
            Some("before" | "after") => Ok(FileKind::Directory),
            _ => Ok(FileKind::File(self.0.len() as u64)),
        }
    }

    fn list(&self, _: &Path) -> io::Result<Vec<String>> {
        Ok(vec!["kcm.yaml".into(), "x.yaml".into()])
    }

    fn read(&self, path: &Path, _: usize) -> io::Result<Vec<u8>> {
        Ok(if path.ends_with("kcm.yaml") { KCM.to_vec() } else { self.0.to_vec() })
    }

    fn stdin(&self, _: usize) -> io::Result<Vec<u8>> {
        Ok(self.0.to_vec())
    }
}

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = decode(bytes.to_vec()) {
        let _ = parse_first_document(&text);
    }
    for paths in [vec!["s.yaml".to_string()], vec!["before".to_string(), "after".to_string()]] {
        let request = Request { paths, ..Request::default() };
        let (problems, sources) = match resolve(&request, &Everywhere(bytes)) {
            Ok(resolved) => (resolved.notes, resolved.sources),
            Err(failed) => (failed.problems, failed.sources),
        };
        let _ = render(&problems, &sources, Style::default());
    }
});
