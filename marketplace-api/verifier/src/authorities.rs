//! A set of validators and its quorum.

use crate::refusal::BadSet;
use std::collections::BTreeMap;

/// Validators by their ed25519 keys, with their weights: not empty, each once, none without weight.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AuthoritySet {
    weights: BTreeMap<[u8; 32], u64>,
    total: u64,
}

impl AuthoritySet {
    /// The set of these keys and weights.
    pub fn new(authorities: impl IntoIterator<Item = ([u8; 32], u64)>) -> Result<Self, BadSet> {
        let mut weights = BTreeMap::new();
        let mut total = 0u64;
        for (key, weight) in authorities {
            if weight == 0 {
                return Err(BadSet::Weightless(key.into()));
            }
            if weights.insert(key, weight).is_some() {
                return Err(BadSet::Repeated(key.into()));
            }
            total = total.checked_add(weight).ok_or(BadSet::TooHeavy)?;
        }
        if weights.is_empty() {
            return Err(BadSet::Empty);
        }
        Ok(Self { weights, total })
    }

    /// How many validators there are.
    #[allow(clippy::len_without_is_empty)] // It never is.
    pub fn len(&self) -> usize {
        self.weights.len()
    }

    /// The validators' keys and weights, in the order of the keys.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8; 32], u64)> {
        self.weights.iter().map(|(key, weight)| (key, *weight))
    }

    /// The weight of a validator; `None` if it is not in the set.
    pub fn weight(&self, key: &[u8; 32]) -> Option<u64> {
        self.weights.get(key).copied()
    }

    /// The weight of all together.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The weight that makes a block final: what is left if fewer than a third fail. n − ⌊(n − 1) / 3⌋.
    pub fn threshold(&self) -> u64 {
        self.total - (self.total - 1) / 3
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(weights: &[u64]) -> Result<AuthoritySet, BadSet> {
        AuthoritySet::new(weights.iter().zip(0..).map(|(weight, key)| ([key; 32], *weight)))
    }

    #[test]
    fn a_quorum_is_more_than_two_thirds() {
        for (validators, threshold) in [(1, 1), (2, 2), (3, 3), (4, 3), (5, 4), (6, 5), (7, 5), (100, 67)] {
            assert_eq!(set(&vec![1; validators]).unwrap().threshold(), threshold, "{validators}");
        }
        assert_eq!(set(&[u64::MAX]).unwrap().threshold(), u64::MAX - (u64::MAX - 1) / 3);
    }

    #[test]
    fn impossible_sets() {
        assert_eq!(set(&[]), Err(BadSet::Empty));
        assert_eq!(set(&[1, 0]), Err(BadSet::Weightless([1; 32].into())));
        assert_eq!(set(&[u64::MAX, 1]), Err(BadSet::TooHeavy));
        assert_eq!(AuthoritySet::new([([7; 32], 1), ([7; 32], 1)]), Err(BadSet::Repeated([7; 32].into())));
    }
}
