//! The search tree in about two bits per state.
//!
//! Parents come in non-decreasing order, because states are numbered in the order in which breadth-first search meets them.
//! So the tree is one string of bits: for every state in turn a 1 per child, then a 0.

/// Every state's parent. Invariant: parents are pushed in non-decreasing order, roots before all.
#[derive(Default)]
pub(super) struct Tree {
    roots: u32,
    words: Vec<u64>,
    /// Bits in use.
    bits: u64,
    /// Zeros in use: the parent that the next 1 belongs to.
    zeros: u32,
    children: u32,
    /// The position of every [`SAMPLE`]th 1.
    samples: Vec<u64>,
}

const SAMPLE: u32 = 512;

impl Tree {
    /// Appends a state without parent.
    pub(super) fn push_root(&mut self) {
        debug_assert!(self.children == 0, "roots come first");
        self.roots += 1;
    }

    /// Appends a state with its parent.
    pub(super) fn push(&mut self, parent: u32) {
        debug_assert!(parent >= self.zeros, "parents come in order");
        let at = self.bits + u64::from(parent - self.zeros);
        self.zeros = parent;
        self.bits = at + 1;
        let word = (at / 64) as usize;
        if word >= self.words.len() {
            if word >= self.words.capacity() {
                self.words.reserve_exact(word / 4 + 16);
            }
            self.words.resize(word + 1, 0);
        }
        self.words[word] |= 1 << (at % 64);
        if self.children.is_multiple_of(SAMPLE) {
            self.samples.push(at);
        }
        self.children += 1;
    }

    /// The parent of a state; none for a root.
    pub(super) fn parent(&self, state: usize) -> Option<usize> {
        let child = (state as u32).checked_sub(self.roots)?;
        let sample = self.samples[(child / SAMPLE) as usize];
        let mut left = child % SAMPLE;
        let mut at = (sample / 64) as usize;
        let mut word = self.words[at] & (u64::MAX << (sample % 64));
        while word.count_ones() <= left {
            left -= word.count_ones();
            at += 1;
            word = self.words[at];
        }
        for _ in 0..left {
            word &= word - 1;
        }
        let ones_and_zeros = at as u64 * 64 + u64::from(word.trailing_zeros());
        Some((ones_and_zeros - u64::from(child)) as usize)
    }

    pub(super) fn shrink_to_fit(&mut self) {
        self.words.shrink_to_fit();
        self.samples.shrink_to_fit();
    }

    /// Memory held, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.words.capacity() * 8 + self.samples.capacity() * 8
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn parents_are_read_back(roots in 1..4usize, steps in prop::collection::vec(prop_oneof![6 => 0..3u32, 1 => 0..300u32], 0..3000)) {
            let mut tree = Tree::default();
            (0..roots).for_each(|_| tree.push_root());
            let mut parents = Vec::new();
            for step in steps {
                parents.push(parents.last().unwrap_or(&0) + step);
                tree.push(parents[parents.len() - 1]);
            }
            prop_assert!((0..roots).all(|root| tree.parent(root).is_none()));
            for (child, &parent) in parents.iter().enumerate() {
                prop_assert_eq!(tree.parent(roots + child), Some(parent as usize));
            }
        }
    }
}
