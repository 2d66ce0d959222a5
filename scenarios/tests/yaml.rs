//! YAML as the managers' reader takes it: accepted or refused, with what value and in what words. Every expectation was
//! compared with sigs.k8s.io/yaml v1.4.0 (whose messages about keys end with a dump of the value, left out here).

use leasehold_model::value::Value;
use leasehold_scenarios::diagnostic::{Style, render};
use leasehold_scenarios::source::Sources;
use leasehold_scenarios::yaml::{documents, duplicate_keys, parse_first_document};
use proptest::prelude::*;

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Bool(b) => b.to_string(),
        Value::Number(n) => n.clone(),
        Value::String(s) => format!("{s:?}"),
        Value::Sequence(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", ")),
        Value::Mapping(entries) => {
            let entries: Vec<_> = entries.iter().map(|(k, v)| format!("{}: {}", shown(k), shown(v))).collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

fn read(text: &str) -> String {
    match parse_first_document(text) {
        Ok(value) => shown(&value),
        Err(reader) => format!("refused: {reader}"),
    }
}

#[test]
fn values() {
    for (text, expected) in [
        ("", "null"),
        ("# nothing\n", "null"),
        ("---\na: b\n---\nb: [", r#"{"a": "b"}"#),
        ("a: yes\nb: Off\nc: ~\nd:\ne: 'yes'\n", r#"{"a": true, "b": false, "c": null, "d": null, "e": "yes"}"#),
        (
            "a: 0x1F\nb: 1_000\nc: 1e3\nd: 1.30\ne: \"1\"\nf: 08\n",
            r#"{"a": 0x1F, "b": 1_000, "c": 1e3, "d": 1.30, "e": "1", "f": 08}"#,
        ),
        ("y: 1\n", r#"{"true": 1}"#),
        ("1: a\ntrue: b\n0x10: c\n", r#"{"1": "a", "true": "b", "16": "c"}"#),
        ("a: 2021-12-14\nb: 12:30\n", r#"{"a": "2021-12-14", "b": "12:30"}"#),
        ("a: !!str 1\nb: !!float 1\nc: !foo x\n", r#"{"a": "1", "b": 1, "c": "x"}"#),
        ("a: 1\na: 2\n", r#"{"a": 1, "a": 2}"#),
        ("x: &x {a: 1, b: 2}\nv: {<<: *x, b: 3}\n", r#"{"x": {"a": 1, "b": 2}, "v": {"a": 1, "b": 2, "b": 3}}"#),
        ("x: &x {a: 1}\nz: &z {a: 2}\nv: {<<: [*x, *z]}\n", r#"{"x": {"a": 1}, "z": {"a": 2}, "v": {"a": 2, "a": 1}}"#),
        ("a: |\n  x\n   y\n\nb: >-\n  x\n  y\n", r#"{"a": "x\n y\n", "b": "x y"}"#),
        ("a: |\n  x", r#"{"a": "x"}"#),
        ("a: b\r\nc: |\r\n  d\r\n", "{\"a\": \"b\", \"c\": \"d\\n\"}"),
        ("{\"a\": [1, true]}", r#"{"a": [1, true]}"#),
        ("\t{\"a\": 1}\t", r#"{"a": 1}"#),
        ("- *a\n", "refused: yaml: unknown anchor 'a' referenced"),
        ("component: *\n", "refused: yaml: did not find expected alphabetic or numeric character"),
        ("a: 1\ncomponent: *\n", "refused: yaml: line 2: did not find expected alphabetic or numeric character"),
        ("a:\n\tb: c\n", "refused: yaml: line 2: found character that cannot start any token"),
        ("\ta: b\n", "refused: yaml: found character that cannot start any token"),
        ("a: b: c\n", "refused: yaml: mapping values are not allowed in this context"),
        ("a: [b\nc: d\n", "refused: yaml: line 1: did not find expected ',' or ']'"),
        ("a:\n  - b\n c: d\n", "refused: yaml: line 2: did not find expected key"),
        ("a: 1\nb\nc: 2\n", "refused: yaml: line 3: could not find expected ':'"),
        ("a: @b\n", "refused: yaml: found character that cannot start any token"),
        ("a: \"b\n", "refused: yaml: line 2: found unexpected end of stream"),
        ("a: \u{1}\n", "refused: yaml: control characters are not allowed"),
        ("a: !!int b\n", "refused: yaml: cannot decode !!str `b` as a !!int"),
        ("? [a]\n: b\n", "refused: yaml: invalid map key"),
        ("~: b\n", "refused: unsupported map key of type: %!s(<nil>), key: <nil>"),
        ("a: .nan\n", "refused: json: unsupported value: NaN"),
        ("a: &a [*a]\n", "refused: yaml: anchor 'a' value contains itself"),
    ] {
        assert_eq!(read(text), expected, "{text:?}");
    }
    assert!(read("{kind: A}").starts_with("refused: couldn't get version/kind; json parse error: "));
}

#[test]
fn a_syntax_error_costs_its_own_document_only() {
    let mut sources = Sources::new();
    let file = sources.add("a.yaml", "a: 1\n---\nb: [\n---\nc: *\n---\nd: 2\n");
    let parsed = documents(&sources, file);
    let values: Vec<_> = parsed.documents.iter().map(|d| shown(&d.to_value())).collect();
    assert_eq!(values, [r#"{"a": 1}"#, r#"{"d": 2}"#]);
    let places: Vec<_> = parsed.problems.iter().map(|p| sources.place(p.span.unwrap())).collect();
    assert_eq!(places, ["a.yaml:3:4", "a.yaml:5:4"]);
}

#[test]
fn every_value_has_its_place() {
    let mut sources = Sources::new();
    let text = "a: &x\n  - ä: 'ö'\n    c: {d: [e, \"f\"]}\n\n# end\ng: *x\n";
    let file = sources.add("a.yaml", text);
    let document = documents(&sources, file).documents.remove(0);
    let first = &document.get("a").unwrap().items()[0];
    assert_eq!(sources.slice(first.get("ä").unwrap().span), "'ö'");
    let flow = first.get("c").unwrap();
    assert_eq!(sources.slice(flow.span), "{d: [e, \"f\"]}");
    let f = &flow.get("d").unwrap().items()[1];
    assert_eq!((sources.slice(f.span), sources.place(f.span).as_str()), ("\"f\"", "a.yaml:3:16"));
    assert_eq!(sources.slice(document.get("a").unwrap().span), "- ä: 'ö'\n    c: {d: [e, \"f\"]}");
    assert_eq!(document.get("g").unwrap().span, document.get("a").unwrap().span);
}

#[test]
fn duplicate_keys_are_found_at_every_depth() {
    let mut sources = Sources::new();
    let file = sources.add("a.yaml", "a: 1\nb:\n- {c: 1, d: 2, c: 3}\na: 2\n");
    let document = documents(&sources, file).documents.remove(0);
    let found: Vec<_> = duplicate_keys(&document).iter().map(|(l, e)| (sources.place(*l), sources.place(*e))).collect();
    let expected = [("a.yaml:3:16", "a.yaml:3:4"), ("a.yaml:4:1", "a.yaml:1:1")];
    assert_eq!(found, expected.map(|(l, e)| (l.to_string(), e.to_string())));
}

const SEEDS: [&str; 4] = [
    "apiVersion: v1\nkind: Pod\nmetadata: {name: kube-controller-manager}\nspec:\n  containers:\n  - name: c\n    image: a:v1.30.1\n    command: [kube-controller-manager, --leader-migration-config=/etc/lm.conf]\n    volumeMounts:\n    - {name: l, mountPath: /etc/lm.conf, subPath: lm.conf}\n  volumes:\n  - {name: l, configMap: {name: l}}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: l, namespace: default}\ndata:\n  lm.conf: |\n    kind: LeaderMigrationConfiguration\n    apiVersion: controllermanager.config.k8s.io/v1\n    leaderName: x\n",
    "apiVersion: leasehold/v1alpha1\nkind: Scenario\nmetadata: {name: x}\nbefore: {kubernetes: \"1.29\", manifests: [a.yaml]}\nplan:\n- {title: t, action: replaceNodes, kubernetes: \"1.30\", remove: [a]}\nassume: {rollback: none, faults: [crash]}\n",
    "apiVersion: v1\nkind: List\nitems:\n- &x\n  apiVersion: apps/v1\n  kind: Deployment\n  metadata: {name: d}\n  spec:\n    template:\n      spec:\n        containers:\n        - name: cloud-controller-manager\n          command: [sh, -c, \"exec cloud-controller-manager --v=2 'x y'\"]\n- *x\n",
    "apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\nkubernetesVersion: v1.31.0\ncontrollerManager:\n  extraArgs:\n  - {name: a, value: b}\n  extraVolumes:\n  - {hostPath: /a, mountPath: /b}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: x}\nroleRef: {kind: ClusterRole, name: cluster-admin}\nsubjects: [{kind: Group, name: system:serviceaccounts}]\n",
];

#[expect(dead_code, reason = "uses other helpers than the other tests")]
mod common;

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Whatever the text is, reading and resolving it ends, without a panic, and every problem can be shown.
    #[test]
    fn nothing_panics(
        seed in 0..SEEDS.len(),
        edits in proptest::collection::vec((any::<prop::sample::Index>(), 0usize..8, prop::sample::select(vec![
            "*", "&a ", "- ", "\t", ": ", "\"", "'", "{", "}", "[", "]", "|", ">", "---\n", "\n", "!!int ", "<<: ", "é", "\r\n", "\u{0}", "$(", "\\", "null", "3",
        ])), 0..6),
    ) {
        let mut text = SEEDS[seed].to_string();
        for (at, remove, insert) in edits {
            let boundaries: Vec<usize> = text.char_indices().map(|(i, _)| i).chain([text.len()]).collect();
            let from = at.index(boundaries.len());
            let to = (from + remove).min(boundaries.len() - 1);
            text.replace_range(boundaries[from]..boundaries[to], insert);
        }
        let fs = common::Memory::of([("s.yaml", text.as_str()), ("a.yaml", SEEDS[0]), ("d/before/x.yaml", &text), ("d/before/a.yaml", SEEDS[0]), ("d/after/x.yaml", &text)]);
        for paths in [&["s.yaml"][..], &["d"], &["a.yaml", "d/after"]] {
            match leasehold_scenarios::resolve::resolve(&common::request(paths), &fs) {
                Ok(resolved) => drop(render(&resolved.notes, &resolved.sources, Style::default())),
                Err(failed) => {
                    let shown = render(&failed.problems, &failed.sources, Style { width: 40, color: true });
                    prop_assert!(!shown.is_empty());
                }
            }
        }
        let _ = parse_first_document(&text);
    }
}
