//! One multiplication per word: enough to spread packed states, and the same on every machine and in every run.
use std::hash::{Hash, Hasher};

/// A well-spread 64-bit hash of a packed state, equal for equal states.
pub(super) fn hash(state: &impl Hash) -> u64 {
    let mut hasher = Folded(0);
    state.hash(&mut hasher);
    hasher.finish()
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Hashes of the state of zeros and of those that differ from it in one bit.
    fn hashes<T: Hash>(bits: u32, state: impl Fn(u128) -> T) -> BTreeSet<u64> {
        std::iter::once(0).chain((0..bits).map(|bit| 1 << bit)).map(|packed| hash(&state(packed))).collect()
    }

    #[test]
    fn every_bit_of_a_state_reaches_its_hash() {
        assert_eq!(hashes(64, |packed| packed as u64).len(), 65);
        assert_eq!(hashes(128, |packed| packed).len(), 129);
        assert_eq!(hashes(128, |packed| [packed as u64, (packed >> 64) as u64]).len(), 129);
        let bytes = |packed: u128| <[u8; 11]>::try_from(&packed.to_le_bytes()[..11]).expect("eleven bytes");
        assert_eq!(hashes(88, bytes).len(), 89);
    }

    #[test]
    fn equal_words_do_not_cancel_out() {
        assert_ne!(hash(&[5u64, 5]), hash(&[6u64, 6]));
    }

    #[test]
    fn parts_are_equal_shares_of_all_hashes() {
        for parts in [1, 2, 3, 8] {
            let mut shares = vec![0; parts];
            let mut previous = (0, 0);
            for nth in 0..48 * parts as u64 {
                let (part, within) = part(u64::MAX / (48 * parts as u64) * nth, parts);
                shares[part] += 1;
                assert!((part, within) >= previous, "parts and places in them follow the hash");
                previous = (part, within);
            }
            assert!(shares.iter().all(|share| (47..=49).contains(share)), "{shares:?}");
        }
    }
}
