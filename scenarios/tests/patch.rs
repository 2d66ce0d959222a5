//! JSON patches as the guides print them.

#[expect(dead_code, reason = "uses other helpers than the other tests")]
mod common;

use common::Memory;
use leasehold_scenarios::inventory::documents;
use leasehold_scenarios::inventory::rancher::patch;
use leasehold_scenarios::inventory::workload::{Workload, WorkloadKind};
use leasehold_scenarios::source::Sources;
use leasehold_scenarios::yaml;

const DEPLOYMENT: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: cloud-controller-manager, namespace: kube-system}
spec:
  replicas: 1
  template:
    spec:
      containers:
      - name: cloud-controller-manager
        image: mcr.microsoft.com/oss/kubernetes/azure-cloud-controller-manager:v1.29.15
        command: [cloud-controller-manager]
        args: [--cloud-provider=azure, --v=2]
";

fn patched(text: &str) -> Result<(Workload, Sources), String> {
    let mut sources = Sources::new();
    let fs = Memory::of([("d.yaml", DEPLOYMENT)]);
    let inventory = documents::read(&fs, &["d.yaml".to_string()], &mut sources);
    let file = sources.add("p.json", text);
    let document = yaml::documents(&sources, file).documents.remove(0);
    let result = patch::read(&document).and_then(|patch| patch::apply(&patch, &inventory.workloads[0], &sources));
    let shown = |problem: &leasehold_scenarios::diagnostic::Problem| {
        let place = problem.span.map_or_else(String::new, |span| sources.place(span));
        format!("{place} {}: {}\n", problem.message, problem.label.as_deref().unwrap_or(""))
    };
    match result {
        Ok(workload) => Ok((workload, sources)),
        Err(problems) => Err(problems.iter().map(shown).collect()),
    }
}

#[test]
fn the_patch_of_the_guide_adds_an_argument_with_its_place() {
    let text = "[{\"op\": \"add\", \"path\": \"/spec/template/spec/containers/0/args/-\", \"value\": \
                \"--enable-leader-migration\"}]";
    let (workload, sources) = patched(text).unwrap();
    let args: Vec<&str> = workload.args.iter().map(|arg| arg.value.as_str()).collect();
    assert_eq!(args, ["--cloud-provider=azure", "--v=2", "--enable-leader-migration"]);
    assert_eq!(sources.place(workload.args[2].span), "p.json:1:76");
    assert_eq!(sources.place(workload.args[0].span), "d.yaml:12:16");
}

#[test]
fn every_operation_is_that_of_rfc_6902() {
    let text = "
- {op: test, path: /metadata/name, value: cloud-controller-manager}
- {op: add, path: /metadata/annotations, value: {a/b: '1'}}
- {op: test, path: /metadata/annotations/a~1b, value: '1'}
- {op: replace, path: /spec/replicas, value: 3}
- {op: remove, path: /spec/template/spec/containers/0/args/1}
- {op: add, path: /spec/template/spec/containers/0/args/0, value: --leader-elect=false}
- {op: add, path: /spec/strategy, value: {type: Recreate}}
";
    let (workload, _) = patched(text).unwrap();
    let args: Vec<&str> = workload.args.iter().map(|arg| arg.value.as_str()).collect();
    assert_eq!(args, ["--leader-elect=false", "--cloud-provider=azure"]);
    assert_eq!(workload.kind, WorkloadKind::Deployment { replicas: 3, max_surge: 0 });
}

#[test]
fn what_cannot_be_applied_is_an_error_at_its_place() {
    for (text, error) in [
        ("{op: add}", "p.json:1:1 a JSON patch is a list of operations: this is a mapping\n"),
        (
            "[{op: ad, path: /a}, {op: add, path: /a}, {op: remove, path: a}, {op: remove}]",
            "p.json:1:7 an unknown operation: expected add, remove, replace or test\n\
             p.json:1:27 an operation without `value`: this operation needs one\n\
             p.json:1:62 a path that is no JSON pointer: expected a leading `/`\n\
             p.json:1:66 an operation without `path`: expected `path`\n",
        ),
        ("[{op: remove, path: /spec/x}]", "p.json:1:21 a patch that cannot be applied: there is no `x`\n"),
        ("[{op: add, path: /spec/x/y, value: 1}]", "p.json:1:18 a patch that cannot be applied: there is no `x`\n"),
        (
            "[{op: add, path: /spec/template/spec/containers/01, value: 1}]",
            "p.json:1:18 a patch that cannot be applied: `01` is no place in a list; expected a number from 0, or `-`\n",
        ),
        (
            "[{op: replace, path: /spec/template/spec/containers/1, value: 1}]",
            "p.json:1:22 a patch that cannot be applied: the list has 1 items and none at `1`\n",
        ),
        (
            "[{op: test, path: /spec/replicas, value: 2}]",
            "p.json:1:19 a patch that cannot be applied: the value here is another one, so the test fails\n",
        ),
        (
            "[{op: add, path: /spec/replicas/x, value: 2}]",
            "p.json:1:18 a patch that cannot be applied: `x` cannot be below a number\n",
        ),
        (
            "[{op: remove, path: ''}]",
            "p.json:1:21 a patch that cannot be applied: the whole object cannot be removed by a patch\n",
        ),
        (
            "[{op: add, path: /spec/template/spec/containers, value: []}]",
            "p.json:1:18 after this patch Deployment kube-system/cloud-controller-manager runs no cloud-controller-manager: \n",
        ),
        (
            "[{op: add, path: /spec/template/spec/containers/0/args/-, value: true}]",
            "p.json:1:66 an argument that is no string: YAML reads this as a boolean; quote it\n",
        ),
    ] {
        assert_eq!(patched(text).unwrap_err(), error, "{text}");
    }
}
