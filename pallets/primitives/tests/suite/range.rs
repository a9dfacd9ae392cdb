//! Ranges of blocks: against the tree written down naively, over every size and place; and proofs of nothing.

use crate::support::{blocks, commit, sample};
use proptest::prelude::*;
use std::ops::Range;
use wonbon_primitives::{
    bounds::{BLOCK_SIZE, MAX_BLOCKS, MAX_PATH, MAX_RANGE_PATH},
    content::{
        range::{join, range_path, verify, BadRange, BlockRange, Prover},
        tree::{inclusion_path, leaf_hash, node_hash, root_of, BadProof, NoSuchProof},
        Commitment,
    },
    BoundedVec, Digest,
};

const BLOCK: usize = BLOCK_SIZE as usize;

fn leaves(size: usize) -> Vec<Digest> {
    (0..size as u64).map(|at| leaf_hash(&at.to_le_bytes())).collect()
}

/// The subtrees beside a range as the tree's own recursion finds them, before and after it.
fn naive(
    leaves: &[Digest],
    start: usize,
    range: &Range<usize>,
    before: &mut Vec<Digest>,
    after: &mut Vec<Digest>,
) {
    let end = start + leaves.len();
    if end <= range.start {
        before.push(root_of(leaves.iter().copied()).unwrap());
    } else if start >= range.end {
        after.push(root_of(leaves.iter().copied()).unwrap());
    } else if leaves.len() > 1 && !(range.start <= start && end <= range.end) {
        let middle = leaves.len().next_power_of_two() / 2;
        naive(&leaves[..middle], start, range, before, after);
        naive(&leaves[middle..], start + middle, range, before, after);
    }
}

fn path(leaves: &[Digest], range: &Range<usize>) -> Vec<Digest> {
    let range = range.start as u64..range.end as u64;
    range_path(leaves.iter().copied(), range, leaves.len() as u64).unwrap().into_inner()
}

fn check(leaves: &[Digest], range: &Range<usize>, path: &[Digest], root: &Digest) -> Result<(), BadProof> {
    verify(leaves[range.clone()].iter().copied(), range.start as u64, leaves.len() as u64, path, root)
}

#[test]
fn every_range_of_every_small_tree() {
    for size in 1..=33 {
        let leaves = leaves(size);
        let root = root_of(leaves.iter().copied()).unwrap();
        for start in 0..size {
            for end in start + 1..=size {
                let range = start..end;
                let (mut before, mut after) = (vec![], vec![]);
                naive(&leaves, 0, &range, &mut before, &mut after);
                let path = path(&leaves, &range);
                assert_eq!(path, [before, after].concat(), "{range:?} of {size}");
                assert_eq!(check(&leaves, &range, &path, &root), Ok(()), "{range:?} of {size}");
            }
        }
    }
}

#[test]
fn one_block_takes_the_hashes_of_its_inclusion_path() {
    for size in 1..=70 {
        let leaves = leaves(size);
        for index in 0..size {
            let mut range = path(&leaves, &(index..index + 1));
            let mut inclusion = inclusion_path(leaves.iter().copied(), index as u64).unwrap();
            range.sort_unstable();
            inclusion.sort_unstable();
            assert_eq!(range, inclusion, "{index} of {size}");
        }
    }
}

/// A prover over so many leaves would take too long here; the verifier names the length that it wants.
#[test]
fn the_longest_path_is_the_bound() {
    let count = |range: Range<u64>, size| {
        let fits = |hashes: &usize| {
            let path = vec![[0; 32]; *hashes];
            let leaves = vec![[0; 32]; (range.end - range.start) as usize];
            verify(leaves.into_iter(), range.start, size, &path, &[1; 32]) == Err(BadProof::Root)
        };
        (0..128).find(fits).unwrap() as u32
    };
    let middle = MAX_BLOCKS / 2;
    assert_eq!(count(middle - 1..middle + 1, MAX_BLOCKS), MAX_RANGE_PATH);
    assert_eq!(count(middle..middle + 1, MAX_BLOCKS), MAX_PATH);
    assert_eq!(count(5..6, MAX_BLOCKS), MAX_PATH);
    // 1 GiB: what a row's proof costs beside its blocks.
    assert_eq!(count(131_071..131_073, 1 << 18), 34);
    assert_eq!(count(77..78, 1 << 18), 18);
}

proptest! {
    #[test]
    fn agrees_with_the_naive_tree(size in 1usize..300, a in any::<prop::sample::Index>(), b in any::<prop::sample::Index>()) {
        let leaves = leaves(size);
        let root = root_of(leaves.iter().copied()).unwrap();
        let (a, b) = (a.index(size), b.index(size));
        let range = a.min(b)..a.max(b) + 1;
        let (mut before, mut after) = (vec![], vec![]);
        naive(&leaves, 0, &range, &mut before, &mut after);
        let path = path(&leaves, &range);
        prop_assert_eq!(&path, &[before, after].concat());
        prop_assert_eq!(check(&leaves, &range, &path, &root), Ok(()));
    }

    #[test]
    fn a_range_proves_one_thing_only(
        size in 2usize..200, a in any::<prop::sample::Index>(), b in any::<prop::sample::Index>(),
        other in any::<prop::sample::Index>(), broken in any::<prop::sample::Index>(), bit in 0u8..8,
    ) {
        let leaves = leaves(size);
        let root = root_of(leaves.iter().copied()).unwrap();
        let (a, b) = (a.index(size), b.index(size));
        let range = a.min(b)..a.max(b) + 1;
        let path = path(&leaves, &range);
        // Another place.
        let other = other.index(size) as u64;
        if other != range.start as u64 {
            let shown = leaves[range.clone()].iter().copied();
            prop_assert!(verify(shown, other, size as u64, &path, &root).is_err());
        }
        // Another leaf.
        let mut wrong = leaves.clone();
        wrong[range.start + broken.index(range.len())][0] ^= 1 << bit;
        prop_assert_eq!(check(&wrong, &range, &path, &root), Err(BadProof::Root));
        // A leaf more or less.
        if range.end < size {
            prop_assert!(check(&leaves, &(range.start..range.end + 1), &path, &root).is_err());
        }
        if range.len() > 1 {
            prop_assert!(check(&leaves, &(range.start..range.end - 1), &path, &root).is_err());
        }
        // Another path.
        if !path.is_empty() {
            let mut wrong = path.clone();
            wrong[broken.index(path.len())][broken.index(32)] ^= 1 << bit;
            prop_assert_eq!(check(&leaves, &range, &wrong, &root), Err(BadProof::Root));
            prop_assert_eq!(check(&leaves, &range, &path[1..], &root), Err(BadProof::PathLength));
        }
        let mut long = path.clone();
        long.push(root);
        prop_assert_eq!(check(&leaves, &range, &long, &root), Err(BadProof::PathLength));
    }

    #[test]
    fn several_ranges_in_one_pass(size in 1usize..400, picked in prop::collection::vec(any::<prop::sample::Index>(), 1..40)) {
        let leaves = leaves(size);
        let root = root_of(leaves.iter().copied()).unwrap();
        let ranges = join(picked.iter().map(|at| at.index(size) as u64).collect());
        let mut prover = Prover::new(size as u64, ranges.clone()).unwrap();
        leaves.iter().for_each(|leaf| prover.push(*leaf));
        let (found, paths) = prover.finish().unwrap();
        prop_assert_eq!(found, root);
        for (range, path) in ranges.iter().zip(paths) {
            let shown = leaves[range.start as usize..range.end as usize].iter().copied();
            prop_assert_eq!(verify(shown, range.start, size as u64, &path, &root), Ok(()));
        }
    }

    #[test]
    fn no_range_of_any_shape_panics(
        first in any::<u64>(), count in 0usize..5, size in any::<u64>(),
        path in prop::collection::vec(any::<Digest>(), 0..130),
    ) {
        let shown = vec![[0; 32]; count];
        prop_assert!(verify(shown.into_iter(), first, size, &path, &[0; 32]).is_err());
    }
}

#[test]
fn indices_are_joined_to_ranges() {
    assert_eq!(join(vec![]), []);
    assert_eq!(join(vec![5, 3, 4, 9, 3, 7]), [3..6, 7..8, 9..10]);
    assert_eq!(join(vec![0, 2]), [0..1, 2..3]);
}

#[test]
fn a_prover_of_ranges_wants_every_leaf() {
    assert_eq!(Prover::new(5, join(vec![5])).err(), Some(NoSuchProof));
    assert_eq!(Prover::new(5, vec![1..2, 2..2]).err(), Some(NoSuchProof));
    for given in [4, 6] {
        assert!(range_path(leaves(given), 1..2, 5).is_err(), "{given} leaves for 5");
    }
}

fn range_of(bytes: &[u8], range: Range<usize>) -> BlockRange {
    let leaves = blocks(bytes);
    let end = (range.end * BLOCK).min(bytes.len());
    BlockRange {
        first: range.start as u64,
        blocks: bytes[range.start * BLOCK..end].to_vec(),
        path: BoundedVec::truncate_from(path(&leaves, &range)),
    }
}

#[test]
fn blocks_are_proved_with_their_lengths() {
    for length in [1, BLOCK - 1, BLOCK, BLOCK + 1, 5 * BLOCK, 5 * BLOCK + 100] {
        let bytes = sample(length);
        let file = commit(&bytes);
        for start in 0..file.blocks() as usize {
            for end in start + 1..=file.blocks() as usize {
                let range = range_of(&bytes, start..end);
                assert_eq!(range.verify(&file), Ok(()));
                assert_eq!(range.count() as usize, end - start);
                assert_eq!(range.span().end as usize, (end * BLOCK).min(length));
            }
        }
    }
}

/// What a shorter or longer last block, or another length, would make of the same hashes.
#[test]
fn a_block_is_as_long_as_the_files_length_says() {
    let bytes = sample(5 * BLOCK + 100);
    let file = commit(&bytes);
    let last = range_of(&bytes, 4..6);
    // Without the last block it is another range, whose path has another length.
    let without = BadRange::Proof(BadProof::PathLength);
    for (cut, error) in [(1, BadRange::Blocks), (100, without), (BLOCK + 100, BadRange::Blocks)] {
        let mut short = last.clone();
        short.blocks.truncate(last.blocks.len() - cut);
        assert_eq!(short.verify(&file), Err(error), "{cut}");
    }
    let mut long = last.clone();
    long.blocks.push(0);
    assert_eq!(long.verify(&file), Err(BadRange::Blocks));
    for length in [5 * BLOCK as u64 + 99, 5 * BLOCK as u64 + 101] {
        assert_eq!(last.verify(&Commitment { length, ..file }), Err(BadRange::Blocks));
    }
    assert!(matches!(last.verify(&Commitment { length: 0, ..file }), Err(BadRange::Length(_))));
    let far = BlockRange { first: u64::MAX, ..last.clone() };
    assert_eq!(far.verify(&file), Err(BadRange::Blocks));
    let none = BlockRange { blocks: vec![], ..last };
    assert_eq!(none.verify(&file), Err(BadRange::Blocks));
}

/// Two hashes side by side are no block, in a range as little as alone.
#[test]
fn an_inner_node_is_no_leaf_of_a_range() {
    let leaves = leaves(4);
    let root = root_of(leaves.iter().copied()).unwrap();
    let right = node_hash(&leaves[2], &leaves[3]);
    let left = node_hash(&leaves[0], &leaves[1]);
    assert_eq!(verify([left].into_iter(), 0, 4, &[right], &root), Err(BadProof::PathLength));
    // Under a claimed size of 2 it would pass: the size comes from the commitment.
    assert_eq!(verify([left].into_iter(), 0, 2, &[right], &root), Ok(()));
}
