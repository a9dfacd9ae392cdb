//! Checking inclusion and consistency paths, step by step as RFC 9162 writes it.

use super::node_hash;
use crate::Digest;
use core::fmt;

/// The path does not prove what it should.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BadProof {
    /// The index or the sizes are impossible.
    OutOfRange,
    /// The path is shorter or longer than the sizes imply.
    PathLength,
    /// The path leads to another root.
    Root,
}

impl fmt::Display for BadProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OutOfRange => "the index or size is out of range",
            Self::PathLength => "the path has the wrong length",
            Self::Root => "the path leads to another root",
        })
    }
}

impl core::error::Error for BadProof {}

/// Whether `leaf` is the leaf at `index` of the tree of `size` leaves with this root (section 2.1.3.2).
pub fn verify_inclusion(
    leaf: &Digest,
    index: u64,
    size: u64,
    path: &[Digest],
    root: &Digest,
) -> Result<(), BadProof> {
    if index >= size {
        return Err(BadProof::OutOfRange);
    }
    let mut index = index;
    let mut last = size.saturating_sub(1);
    let mut hash = *leaf;
    for sibling in path {
        if last == 0 {
            return Err(BadProof::PathLength);
        }
        if index & 1 == 1 || index == last {
            hash = node_hash(sibling, &hash);
            while index & 1 == 0 && index != 0 {
                index >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        index >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(BadProof::PathLength);
    }
    if hash == *root {
        Ok(())
    } else {
        Err(BadProof::Root)
    }
}

/// Whether the tree of `old` leaves with `old_root` is the beginning of the one of `size` leaves with `root`
/// (section 2.1.4.2). For equal sizes the path is empty and the roots are equal.
pub fn verify_consistency(
    old: u64,
    size: u64,
    old_root: &Digest,
    root: &Digest,
    path: &[Digest],
) -> Result<(), BadProof> {
    if old == 0 || old > size {
        return Err(BadProof::OutOfRange);
    }
    if old == size {
        return match (path.is_empty(), old_root == root) {
            (false, _) => Err(BadProof::PathLength),
            (true, false) => Err(BadProof::Root),
            (true, true) => Ok(()),
        };
    }
    let (first, rest) = if old.is_power_of_two() {
        (old_root, path)
    } else {
        path.split_first().ok_or(BadProof::PathLength)?
    };
    let mut index = old.saturating_sub(1);
    let mut last = size.saturating_sub(1);
    while index & 1 == 1 {
        index >>= 1;
        last >>= 1;
    }
    let mut old_hash = *first;
    let mut hash = *first;
    for sibling in rest {
        if last == 0 {
            return Err(BadProof::PathLength);
        }
        if index & 1 == 1 || index == last {
            old_hash = node_hash(sibling, &old_hash);
            hash = node_hash(sibling, &hash);
            while index & 1 == 0 && index != 0 {
                index >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        index >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(BadProof::PathLength);
    }
    if old_hash == *old_root && hash == *root {
        Ok(())
    } else {
        Err(BadProof::Root)
    }
}
