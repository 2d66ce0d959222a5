//! Reading a thousand manifests: a control plane among Deployments that have nothing to do with it.
use std::io;
use std::path::Path;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use leasehold_scenarios::inventory::files::{FileKind, Fs};
use leasehold_scenarios::resolve::{Request, resolve};

const MANIFESTS: usize = 1_000;

fn deployment(number: usize) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web-{number}\n  namespace: shop\n  labels: {{app: web-{number}, \
         team: shop}}\nspec:\n  replicas: 2\n  selector:\n    matchLabels:\n      app: web-{number}\n  template:\n    metadata:\n      \
         labels:\n        app: web-{number}\n    spec:\n      containers:\n      - name: web\n        image: nginx:1.27\n        \
         args:\n        - --port=8080\n        - --verbose\n        resources:\n          requests: {{cpu: 100m, memory: 64Mi}}\n        \
         ports:\n        - containerPort: 8080\n"
    )
}

fn manager(release: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: kube-controller-manager\n  namespace: kube-system\nspec:\n  containers:\n  - \
         name: kube-controller-manager\n    image: registry.k8s.io/kube-controller-manager:v{release}.0\n    command:\n    - \
         kube-controller-manager\n    - --cloud-provider=external\n    - --leader-elect=true\n"
    )
}

/// Two directories in memory.
struct Memory(Vec<String>);

impl Fs for Memory {
    fn kind(&self, path: &Path) -> io::Result<FileKind> {
        match path.extension() {
            Some(_) => Ok(FileKind::File(self.read(path, usize::MAX)?.len() as u64)),
            None => Ok(FileKind::Directory),
        }
    }

    fn list(&self, _: &Path) -> io::Result<Vec<String>> {
        Ok((0..=self.0.len()).map(|n| format!("{n:04}.yaml")).collect())
    }

    fn read(&self, path: &Path, _: usize) -> io::Result<Vec<u8>> {
        let number: usize = path.file_stem().and_then(|s| s.to_str()?.parse().ok()).ok_or(io::ErrorKind::NotFound)?;
        let release = if path.starts_with("before") { "1.32" } else { "1.33" };
        Ok(self.0.get(number).cloned().unwrap_or_else(|| manager(release)).into_bytes())
    }

    fn stdin(&self, _: usize) -> io::Result<Vec<u8>> {
        Ok(Vec::new())
    }
}

fn ingestion(criterion: &mut Criterion) {
    let files = Memory((0..MANIFESTS / 2 - 1).map(deployment).collect());
    let request = Request { paths: vec!["before".into(), "after".into()], ..Request::default() };
    let mut group = criterion.benchmark_group("ingestion");
    group.sample_size(10).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(3));
    group.throughput(Throughput::Elements(MANIFESTS as u64));
    group.bench_function("1,000 manifests", |bencher| {
        bencher.iter(|| {
            let resolved = resolve(&request, &files).expect("it can be read");
            assert_eq!(resolved.managers.len(), 2);
        });
    });
    group.finish();
}

criterion_group!(benches, ingestion);
criterion_main!(benches);
