//! The beginning of a uniform permutation that anybody can compute from a seed: what draws are made of.
//!
//! Fisher–Yates over 0..n that remembers only the places it touched: the i-th index is the one at a uniform place
//! from i on, and the index at i takes that place. So the first k do not depend on k, they are distinct, and
//! every order of the n blocks is as likely as any other if the words are uniform.
//!
//! The words are those of `hash(label, [parts, counter])`, counter = 0, 1, …, eight bytes
//! little-endian, each hash read as four words, little-endian. A word in the incomplete last stretch of m is
//! passed over, so that no index is likelier than another.

use crate::label::{self, Label};
use crate::Digest;
use alloc::{collections::BTreeMap, vec::Vec};

/// The first `count` places of a uniform permutation of `0..size`, in their order; all of them if there are no
/// more. What it follows from are a label and parts.
pub(crate) fn permute(label: Label, parts: &[&[u8]], size: u64, count: u64) -> Vec<u64> {
    let mut words = Words { label, parts, counter: 0, hash: [0; 32], at: 4 };
    // The index at each place that is not its own any more.
    let mut moved = BTreeMap::new();
    let mut drawn = Vec::new();
    for place in 0..count.min(size) {
        let other = place.saturating_add(words.below(size.saturating_sub(place)));
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
    label: Label,
    parts: &'a [&'a [u8]],
    counter: u64,
    hash: Digest,
    at: usize,
}

impl Words<'_> {
    fn next(&mut self) -> u64 {
        if self.at == 4 {
            let counter = self.counter.to_le_bytes();
            let parts: Vec<&[u8]> = self.parts.iter().copied().chain([&counter[..]]).collect();
            self.hash = label::hash(self.label, &parts);
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
