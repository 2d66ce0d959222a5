//! How much a document may become: its values, its depth, and what its aliases expand to.

use super::compose::{Failure, Tree};
use super::{MAX_DEPTH, MAX_NODES};
use crate::diagnostic::Problem;
use crate::source::Span;

/// What a document has become so far.
#[derive(Default)]
pub(super) struct Bounds {
    /// go-yaml's two counters, which bound alias expansion.
    decoded: usize,
    aliased: usize,
    /// Nodes made, clones included.
    made: usize,
}

impl Bounds {
    /// `nodes` more were read.
    pub fn decoded(&mut self, nodes: usize) {
        self.decoded += nodes;
    }

    /// `nodes` were cloned, to be there for aliases.
    pub fn copied(&mut self, nodes: usize) {
        self.made += nodes;
    }

    /// A node was finished; `at` is where it begins.
    pub fn made(&mut self, tree: &Tree, at: Span) -> Result<(), Failure> {
        self.made += 1;
        if self.made > MAX_NODES || tree.depth > MAX_DEPTH {
            let (what, limit) = if tree.depth > MAX_DEPTH {
                ("nested too deeply", format!("leasehold reads up to {MAX_DEPTH} levels"))
            } else {
                ("too many values", format!("leasehold reads up to {MAX_NODES} values in one document"))
            };
            return Err(Failure {
                problem: Problem::error(format!("the document is {what}").replace("is too many", "has too many"))
                    .at(at)
                    .label(limit.clone()),
                reader: limit,
            });
        }
        Ok(())
    }

    /// An alias at `span` stands for `nodes`.
    pub fn aliased(&mut self, nodes: usize, span: Span) -> Result<(), Failure> {
        self.decoded += 1 + nodes;
        self.aliased += nodes;
        self.made = self.made.saturating_add(nodes);
        let ratio = self.aliased as f64 / self.decoded as f64;
        let excessive = self.aliased > 100 && self.decoded > 1000 && ratio > allowed_alias_ratio(self.decoded);
        if excessive || self.made > MAX_NODES {
            return Err(Failure {
                problem: Problem::error("aliases that expand to far more than is written")
                    .at(span)
                    .label("with this one the document is refused, by Kubernetes as well"),
                reader: "yaml: document contains excessive aliasing".into(),
            });
        }
        Ok(())
    }
}

/// go-yaml's own bound (kubernetes-sigs/yaml:goyaml.v2/decode.go `allowedAliasRatio`@v1.4.0).
fn allowed_alias_ratio(decoded: usize) -> f64 {
    const LOW: usize = 400_000;
    const HIGH: usize = 4_000_000;
    match decoded {
        n if n <= LOW => 0.99,
        n if n >= HIGH => 0.10,
        n => 0.99 - 0.89 * ((n - LOW) as f64 / (HIGH - LOW) as f64),
    }
}
