//! Templates of Helm that nobody rendered.

use crate::diagnostic::Problem;
use crate::inventory::Identity;
use crate::source::{Sources, Span};
use crate::yaml::Node;

/// What the first word of a template's action can be, besides a field of the template's data.
const WORDS: [&str; 11] =
    ["block", "define", "else", "end", "if", "include", "range", "template", "toYaml", "tpl", "with"];

/// Fields of the data that Helm renders with.
const FIELDS: [&str; 5] = [".Values", ".Release", ".Chart", ".Capabilities", ".Template"];

/// The error about a template's action in the text at `span`, if there is one.
pub(crate) fn unrendered(sources: &Sources, span: Span) -> Option<Problem> {
    action(sources.slice(span), &WORDS).map(|found| problem(span, found))
}

fn problem(span: Span, (start, end): (usize, usize)) -> Problem {
    let base = span.start as usize;
    Problem::error("a template that was not rendered")
        .at(Span::new(span.file, base + start..base + end))
        .label("Helm puts a value here")
        .help("render the chart first, with your values: helm template CHART -f values.yaml > manifests.yaml")
}

/// The error about a template's action in an object whose values leasehold reads, if there is one. Only Helm's own data is
/// looked for: ConfigMaps and arguments may hold templates that are none of Helm's business.
pub(crate) fn unrendered_in(sources: &Sources, identity: &Identity, object: &Node) -> Option<Problem> {
    const KINDS: [&str; 8] =
        ["ClusterRole", "ClusterRoleBinding", "DaemonSet", "Deployment", "Pod", "Role", "RoleBinding", "StatefulSet"];
    KINDS
        .contains(&identity.kind.as_str())
        .then(|| action(sources.slice(object.span), &[]))
        .flatten()
        .map(|found| problem(object.span, found))
}

/// Where the first action of a template is that begins with one of `words` or asks for Helm's data.
fn action(text: &str, words: &[&str]) -> Option<(usize, usize)> {
    for (start, _) in text.match_indices("{{") {
        let Some(length) = text[start..].find("}}") else { continue };
        let inner = text[start + 2..start + length].trim_matches('-').trim();
        let word = inner.split(|c: char| c.is_whitespace() || c == '(').next().unwrap_or("");
        let is_field = FIELDS.iter().any(|field| inner.contains(field));
        let is_word =
            words.contains(&word) || (!words.is_empty() && (inner.starts_with("/*") || inner.starts_with('$')));
        if is_field || is_word {
            return Some((start, start + length + 2));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_told_from_flow_mappings() {
        for (text, found) in [
            ("a: {{ .Values.x }}", Some((3, 18))),
            ("{{- if .Values.x -}}", Some((0, 20))),
            ("{{/* a comment */}}", Some((0, 19))),
            ("a: {b: {c: 1}}", None),
            ("a: {{b: 1}: 2}", None),
            ("a: '{{ alert }}'", None),
            ("a: {{", None),
            ("{{ include \"x\" . | nindent 4 }}", Some((0, 31))),
        ] {
            assert_eq!(action(text, &WORDS), found, "{text}");
        }
        assert_eq!(action("args: ['{{ if .x }}']", &[]), None, "an argument may hold a template");
        assert_eq!(action("image: '{{ .Values.image }}'", &[]), Some((8, 27)));
    }
}
