//! One multiplication per word: enough to spread packed states, and the same on every machine and in every run.
use std::hash::{Hash, Hasher};

/// A well-spread 64-bit hash of a packed state, equal for equal states.
pub(super) fn hash(state: &impl Hash) -> u64 {
    let mut hasher = Folded(0);
    state.hash(&mut hasher);
    hasher.0
}

/// Which of `parts` equal parts a hash falls into, and a hash that is spread within the part.
pub(super) fn part(hash: u64, parts: usize) -> (usize, u64) {
    let product = u128::from(hash) * parts as u128;
    ((product >> 64) as usize, product as u64)
}

/// Both halves of a product folded together, so that every bit of the input reaches every bit of the hash.
struct Folded(u64);

impl Folded {
    fn add(&mut self, word: u64) {
        let product = u128::from(self.0.rotate_left(23) ^ word ^ 0x9E37_79B9_7F4A_7C15) * 0xD6E8_FEB8_6659_FD93;
        self.0 = product as u64 ^ (product >> 64) as u64;
    }
}

impl Hasher for Folded {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        words.iter().for_each(|&word| self.add(u64::from_ne_bytes(word)));
        if !rest.is_empty() {
            let mut word = [0; 8];
            word[..rest.len()].copy_from_slice(rest);
            self.add(u64::from_ne_bytes(word));
        }
    }
    fn write_u64(&mut self, word: u64) {
        self.add(word);
    }
    fn write_u128(&mut self, word: u128) {
        self.add(word as u64);
        self.add((word >> 64) as u64);
    }
    fn write_usize(&mut self, _length: usize) {
        // The length prefix of an array: the same for every state of a system.
    }
}
