//! Checking inclusion and consistency paths, step by step as RFC 9162 writes it.

use super::node_hash;
use crate::Digest;

/// The path does not prove what it should.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadProof {
    /// The index or the sizes are impossible.
    #[error("the index or size is out of range")]
    OutOfRange,
    /// The path is shorter or longer than the sizes imply.
    #[error("the path has the wrong length")]
    PathLength,
    /// The path leads to another root.
    #[error("the path leads to another root")]
    Root,
}

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
    let mut hash = *leaf;
    climb(index, size.saturating_sub(1), path, |sibling, is_left| {
        hash = if is_left { node_hash(sibling, &hash) } else { node_hash(&hash, sibling) };
    })?;
    compare(&hash, root)
}

/// Goes up from the node at `index`, where `last` is the last of its level, and shows `each` the sibling of every
/// step and whether it is to the left.
fn climb(
    mut index: u64,
    mut last: u64,
    path: &[Digest],
    mut each: impl FnMut(&Digest, bool),
) -> Result<(), BadProof> {
    for sibling in path {
        if last == 0 {
            return Err(BadProof::PathLength);
        }
        let is_left = index & 1 == 1 || index == last;
        each(sibling, is_left);
        while is_left && index & 1 == 0 && index != 0 {
            index >>= 1;
            last >>= 1;
        }
        index >>= 1;
        last >>= 1;
    }
    if last == 0 {
        Ok(())
    } else {
        Err(BadProof::PathLength)
    }
}

/// Refuses a root that is not the one it should be.
pub(in crate::content) fn compare(found: &Digest, root: &Digest) -> Result<(), BadProof> {
    if found == root {
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
        return if path.is_empty() { compare(old_root, root) } else { Err(BadProof::PathLength) };
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
    let (mut old_hash, mut hash) = (*first, *first);
    climb(index, last, rest, |sibling, is_left| {
        if is_left {
            old_hash = node_hash(sibling, &old_hash);
            hash = node_hash(sibling, &hash);
        } else {
            hash = node_hash(&hash, sibling);
        }
    })?;
    compare(&old_hash, old_root)?;
    compare(&hash, root)
}
