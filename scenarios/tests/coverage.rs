//! What covers every step and note of the guides: everything named exists, nothing is covered by nothing, and COVERAGE.md
//! is what coverage.yaml says.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use leasehold_model::findings::Code;
use leasehold_scenarios::source::Sources;
use leasehold_scenarios::yaml::{self, Node};

fn library() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("library")
}

/// The one document of a file of the library.
fn document(path: &Path) -> Node {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut sources = Sources::new();
    let file = sources.add(path.display().to_string(), text);
    let mut read = yaml::documents(&sources, file);
    assert_eq!(read.problems, [], "{}", path.display());
    assert_eq!(read.documents.len(), 1, "{}", path.display());
    read.documents.remove(0)
}

fn text<'n>(node: &'n Node, key: &str) -> &'n str {
    node.get(key).and_then(Node::as_str).unwrap_or_else(|| panic!("`{key}` is missing in {:?}", node.to_value()))
}

fn items<'n>(node: &'n Node, key: &str) -> &'n [Node] {
    node.get(key).map_or(&[], Node::items)
}

/// The titles of a scenario's steps, of its managers and of its data plane.
fn steps(scenario: &Node) -> BTreeSet<&str> {
    let data_plane = scenario.get("dataPlane").map_or(&[][..], |part| items(part, "steps"));
    items(scenario, "plan").iter().chain(data_plane).map(|step| text(step, "title")).collect()
}

/// The kinds of sentences that a scenario's data plane judges.
fn claims(scenario: &Node) -> BTreeSet<&str> {
    let claims = scenario.get("dataPlane").map_or(&[][..], |part| items(part, "claims"));
    claims.iter().map(|claim| text(claim, "says")).collect()
}

/// What covers an item, as COVERAGE.md says it; what does not exist is reported.
fn covering(entry: &Node, missing: &mut Vec<String>) -> String {
    let given = |key: &str| entry.get(key).and_then(Node::as_str);
    if let Some(scenario) = given("scenario") {
        let shown = format!("[{}]({scenario})", scenario.rsplit('/').next().unwrap_or(scenario));
        let path = library().join(scenario).join("scenario.yaml");
        if !path.exists() {
            missing.push(format!("scenario {scenario}"));
            return shown;
        }
        let document = document(&path);
        return match (given("step"), given("claim")) {
            (Some(step), _) => {
                if !steps(&document).contains(step) {
                    missing.push(format!("step `{step}` of {scenario}"));
                }
                format!("{shown}: {step}")
            }
            (None, Some(claim)) => {
                if !claims(&document).contains(claim) {
                    missing.push(format!("claim `{claim}` of {scenario}"));
                }
                format!("{shown}: the sentence `{claim}`")
            }
            (None, None) => shown,
        };
    }
    if let Some(code) = given("finding") {
        return match code.parse::<Code>() {
            Ok(code) => format!("{code}, {}", code.title()),
            Err(_) => {
                missing.push(format!("finding {code}"));
                code.to_string()
            }
        };
    }
    if let Some(property) = given("property") {
        const PROPERTIES: [&str; 8] =
            ["exclusive", "covered", "starts", "returnable", "gap", "reachable", "attached", "leaks"];
        if !PROPERTIES.contains(&property) {
            missing.push(format!("property {property}"));
        }
        return format!("property `{property}`");
    }
    if let Some(open) = given("open") {
        return format!("**not yet**: {open}");
    }
    format!("outside: {}", text(entry, "outside"))
}

/// The page, and what it names that does not exist.
fn page(coverage: &Node) -> (String, Vec<String>) {
    let mut page = String::from(
        "# What covers the guides\n\n\
         Every prerequisite, step, note and promise of the guides, in the guide's order, and what of this library covers it.\n\
         Generated from [coverage.yaml](coverage.yaml) by `ci/generated`.\n",
    );
    let mut missing = Vec::new();
    for guide in items(coverage, "guides") {
        let (name, title, source) = (text(guide, "name"), text(guide, "title"), text(guide, "source"));
        write!(page, "\n## {title}\n\nSource: {source}\n\n| in the guide | says | covered by |\n|---|---|---|\n")
            .expect("a string takes everything");
        let mut known = BTreeSet::new();
        for item in items(guide, "items") {
            let (id, says) = (text(item, "id"), text(item, "says"));
            if !known.insert(id) {
                missing.push(format!("{name}: another name for the second `{id}`"));
            }
            let covered: Vec<String> =
                items(item, "covered").iter().map(|entry| covering(entry, &mut missing)).collect();
            if covered.is_empty() {
                missing.push(format!("{name}, {id}: anything that covers it"));
            }
            writeln!(page, "| {id} | {says} | {} |", covered.join("; ")).expect("a string takes everything");
        }
        assert!(!known.is_empty(), "{name} has no items");
    }
    (page, missing)
}

#[test]
fn generated_coverage_names_what_exists_and_leaves_nothing_out() {
    let coverage = document(&library().join("coverage.yaml"));
    let (page, missing) = page(&coverage);
    assert_eq!(missing, [""; 0], "named in coverage.yaml, and not there");
    let path = library().join("COVERAGE.md");
    if std::env::var_os("LEASEHOLD_UPDATE").is_some() {
        std::fs::write(&path, &page).expect("the page can be written");
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == page, "COVERAGE.md is not what coverage.yaml says: run ci/generated");
}
