//! The draw of a fair sample: the beginning of a uniform permutation of a dataset's blocks.
//!
//! Fisher–Yates over 0..n that remembers only the places it touched: the i-th index is the one at a uniform place
//! from i on, and the index at i takes that place. So the first k do not depend on k, they are distinct, and
//! every order of the n blocks is as likely as any other if the words are uniform.
//!
//! The words are those of `hash(DRAW, [genesis, seed, root, counter])`, counter = 0, 1, …, eight bytes
//! little-endian, each hash read as four words, little-endian. A word in the incomplete last stretch of m is
//! passed over, so that no index is likelier than another.

use crate::{label, Digest};
use alloc::{collections::BTreeMap, vec::Vec};

/// The first `count` block indices of the draw for a dataset of `blocks` blocks, in the order in which they were
/// drawn; all of them if there are no more.
pub fn draw(genesis: &Digest, seed: &Digest, root: &Digest, blocks: u64, count: u64) -> Vec<u64> {
    let mut words = Words { genesis, seed, root, counter: 0, hash: [0; 32], at: 4 };
    // The index at each place that is not its own any more.
    let mut moved = BTreeMap::new();
    let mut drawn = Vec::new();
    for place in 0..count.min(blocks) {
        let other = place.saturating_add(words.below(blocks.saturating_sub(place)));
        let here = moved.remove(&place).unwrap_or(place);
        if other == place {
            drawn.push(here);
        } else {
            drawn.push(moved.insert(other, here).unwrap_or(other));
        }
    }
    drawn
}

struct Words<'a> {
    genesis: &'a Digest,
    seed: &'a Digest,
    root: &'a Digest,
    counter: u64,
    hash: Digest,
    at: usize,
}

impl Words<'_> {
    fn next(&mut self) -> u64 {
        if self.at == 4 {
            let parts: [&[u8]; 4] = [self.genesis, self.seed, self.root, &self.counter.to_le_bytes()];
            self.hash = label::hash(label::DRAW, &parts);
            self.counter = self.counter.wrapping_add(1);
            self.at = 0;
        }
        let word = self.hash.as_chunks::<8>().0.get(self.at).copied().unwrap_or_default();
        self.at = self.at.saturating_add(1);
        u64::from_le_bytes(word)
    }

    /// Uniform in 0..limit; 0 if there is nothing to choose from.
    fn below(&mut self, limit: u64) -> u64 {
        // 2^64 mod limit: so many words at the end are too many.
        let Some(excess) = limit.wrapping_neg().checked_rem(limit) else { return 0 };
        loop {
            let word = self.next();
            if word <= u64::MAX.saturating_sub(excess) {
                return word.checked_rem(limit).unwrap_or(0);
            }
        }
    }
}
