//! Options of RKE2, as its configuration files and Rancher's selectors leave them.
//!
//! Upstream: k3s-io/k3s:pkg/configfilearg/parser.go `readConfigFile`@v1.29.3+k3s1.

use super::made::{items, scalar, wrong};
use crate::diagnostic::Problem;
use crate::inventory::Spanned;
use crate::source::Span;
use crate::yaml::{Kind, Node};

/// Options and their values, in the order in which they were first set.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Options(Vec<Set>);

/// One option.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Set {
    /// Its name, without dashes.
    pub name: String,
    /// Where the name is written.
    pub at: Span,
    /// The value.
    pub value: Node,
}

impl Options {
    /// Sets an option: what was there is gone.
    pub fn set(&mut self, name: &str, at: Span, value: &Node) {
        let new = Set { name: name.to_string(), at, value: value.clone() };
        match self.0.iter_mut().find(|set| set.name == name) {
            Some(old) => *old = new,
            None => self.0.push(new),
        }
    }

    /// Lays a configuration file over what is there: `name+` appends to what an earlier file has under `name`, any other
    /// key replaces it.
    pub fn lay(&mut self, file: &Node) {
        for entry in file.entries() {
            let Some(key) = entry.key.as_str() else { continue };
            let (name, appends) = key.strip_suffix('+').map_or((key, false), |name| (name, true));
            match self.0.iter_mut().find(|set| set.name == name) {
                Some(old) if appends => {
                    let both = slice(&old.value).into_iter().chain(slice(&entry.value)).collect();
                    old.value = Node { kind: Kind::Sequence(both), span: entry.value.span };
                }
                _ => self.set(name, entry.key.span, &entry.value),
            }
        }
    }

    /// The option of this name.
    pub fn get(&self, name: &str) -> Option<&Set> {
        self.0.iter().find(|set| set.name == name)
    }

    /// Takes an option away.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|set| set.name != name);
    }

    /// Every option.
    pub fn iter(&self) -> impl Iterator<Item = &Set> {
        self.0.iter()
    }

    /// The value of an option that has one value: of several the last one counts, as for every flag.
    pub fn text(&self, name: &str) -> Option<Spanned<String>> {
        let value = &self.get(name)?.value;
        let last = value.items().last().unwrap_or(value);
        Some(Spanned { value: scalar(last)?, span: last.span })
    }

    /// True if an option without or with a boolean value is on.
    pub fn is_on(&self, name: &str) -> bool {
        self.text(name).is_some_and(|text| matches!(text.value.as_str(), "true" | "1" | "t" | "T" | "TRUE" | "True"))
    }

    /// The values of an option that can be given several times.
    pub fn list(&self, name: &str, problems: &mut Vec<Problem>) -> Vec<Spanned<String>> {
        let Some(set) = self.get(name) else { return Vec::new() };
        let mut found = Vec::new();
        match &set.value.kind {
            Kind::Sequence(_) => {
                for item in items(Some(&set.value), name, problems) {
                    match scalar(item) {
                        Some(value) => found.push(Spanned { value, span: item.span }),
                        None => problems.push(
                            Problem::error(format!("`{name}` is a list of strings"))
                                .at(item.span)
                                .label(format!("this is {}; write `- flag=value`", item.describe())),
                        ),
                    }
                }
            }
            Kind::Mapping(_) => problems.push(
                wrong(&set.value, name, "a list of strings")
                    .help(format!("write each flag as an item: `{name}: [flag=value]`")),
            ),
            _ => found.extend(scalar(&set.value).map(|value| Spanned { value, span: set.value.span })),
        }
        found
    }
}

/// A value as a list, as `toSlice` makes one: nothing is an empty list.
fn slice(value: &Node) -> Vec<Node> {
    match &value.kind {
        Kind::Sequence(items) => items.clone(),
        Kind::Null => Vec::new(),
        _ => vec![value.clone()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::rancher::made::At;
    use crate::source::Sources;

    fn list(options: &Options, name: &str) -> Vec<String> {
        options.list(name, &mut Vec::new()).into_iter().map(|s| s.value).collect()
    }

    #[test]
    fn later_files_replace_and_a_plus_appends() {
        let at = At(Span::new(Sources::new().add("", ""), 0..0));
        let mut options = Options::default();
        options.lay(&at.yaml("{a: x, b: one, c: [one, two], d: [one, two], f: true}"));
        options.lay(&at.yaml("{a: w, b+: two, c+: [three], d: [three, 4], e+: [one], f+: ''}"));
        assert_eq!(list(&options, "a"), ["w"]);
        assert_eq!(list(&options, "b"), ["one", "two"]);
        assert_eq!(list(&options, "c"), ["one", "two", "three"]);
        assert_eq!(list(&options, "d"), ["three", "4"]);
        assert_eq!(list(&options, "e"), ["one"]);
        assert_eq!(options.text("c").unwrap().value, "three");
        assert_eq!(options.iter().map(|s| s.name.as_str()).collect::<String>(), "abcdfe");
        options.remove("a");
        assert!(options.get("a").is_none());
    }
}
