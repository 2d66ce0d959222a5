//! What the comment at the head of a shipped scenario says: how the hazard comes about, its sources, its public threads.

use leasehold_model::findings::Code;

/// The comment, taken apart.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct About {
    /// How it comes about, without sources, codes and links.
    pub text: String,
    /// `owner/repo:path:line@tag`
    pub sources: Vec<String>,
    /// The codes of the findings that `check` gives, as it says.
    pub codes: Vec<String>,
    /// Public threads and pages.
    pub links: Vec<String>,
}

/// Reads the comment at the head of a scenario's file; `hazard`: the name it begins with.
pub fn about(file: &str, hazard: &str) -> About {
    let lines = file.lines().map_while(|line| line.strip_prefix('#')).map(str::trim);
    let comment = lines.collect::<Vec<_>>().join(" ");
    let end = ["Finding: ", "Findings: ", "See http"].iter().filter_map(|mark| comment.find(mark)).min();
    let (text, rest) = comment.split_at(end.unwrap_or(comment.len()));
    let (text, sources) = without_sources(text);
    let prefixes = [format!("{hazard}: "), format!("{hazard} mended: ")];
    let text = prefixes.iter().find_map(|prefix| text.strip_prefix(prefix)).unwrap_or(&text).trim();
    let findings = rest.split("See http").next().unwrap_or_default();
    let codes = findings.split_whitespace().map(|word| word.trim_matches(['.', ',', ':', ';']));
    let links = rest.split_whitespace().filter(|word| word.starts_with("http"));
    About {
        text: capital(text),
        sources,
        codes: codes.filter(|word| word.parse::<Code>().is_ok()).map(str::to_string).collect(),
        links: links.map(|link| link.trim_end_matches(['.', ',']).to_string()).collect(),
    }
}

/// Takes the parentheses that hold sources out of a text.
fn without_sources(text: &str) -> (String, Vec<String>) {
    let (mut plain, mut sources) = (String::new(), Vec::new());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('(') {
        let Some((inside, behind)) = after.split_once(')') else { break };
        plain += before;
        if inside.contains("@v") || inside.starts_with(':') {
            let listed = inside.split([',', ' ']).filter(|word| word.contains("@v"));
            sources.extend(listed.map(str::to_string));
            plain.truncate(plain.trim_end().len());
        } else {
            plain += &format!("({inside})");
        }
        rest = behind;
    }
    (plain + rest, sources)
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    // A flag, a field or a lower-case proper name keeps its first letter.
    match chars.next() {
        Some(first) if !text.split_whitespace().next().is_some_and(|word| word.contains('-')) => {
            first.to_uppercase().collect::<String>() + chars.as_str()
        }
        _ => text.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_comment_is_taken_apart() {
        let file = "# H6: no rights (on it). It\n# waits (a/b:c.go:1@v1, a/b:d.go@v2) and waits (:3). Finding: LM301.\n\
                    # See https://example.com/1 and https://example.com/2.\nkind: Scenario\n# not this\n";
        let read = about(file, "H6");
        assert_eq!(read.text, "No rights (on it). It waits and waits.");
        assert_eq!(read.sources, ["a/b:c.go:1@v1", "a/b:d.go@v2"]);
        assert_eq!(read.codes, ["LM301"]);
        assert_eq!(read.links, ["https://example.com/1", "https://example.com/2"]);
        assert_eq!(about("# H6 mended: `x`, granted.\n", "H6").text, "`x`, granted.");
        assert_eq!(about("kind: Scenario\n", "H6"), About::default());
    }
}
