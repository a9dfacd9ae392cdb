//! What a registration shows of its tree, over the lengths where blocks end, and what does not pass for it.

use crate::support::{blocks, commit, sample};
use wonbon_primitives::{
    bounds::{BLOCK_SIZE, MAX_LENGTH, MAX_SHOWN_LEAVES},
    content::{
        shown::{digests, drawn, verify, BadLeaves, Prover, ShownLeaf, ShownLeaves},
        tree::{node_hash, BadProof},
    },
    BoundedVec, Commitment, Digest,
};

const BLOCK: usize = BLOCK_SIZE as usize;
const SEED: Digest = [7; 32];
const WHO: [u8; 32] = [1; 32];

fn show_as(seed: &Digest, who: &[u8], file: &Commitment, leaves: &[Digest]) -> ShownLeaves {
    let mut prover = Prover::new(seed, who, file).unwrap();
    leaves.iter().for_each(|leaf| prover.push(*leaf));
    prover.finish().unwrap()
}

fn show(bytes: &[u8]) -> (Commitment, ShownLeaves) {
    let file = commit(bytes);
    let shown = show_as(&SEED, &WHO, &file, &blocks(bytes));
    (file, shown)
}

/// Eight of the whole blocks or all of them; the short last one only if there is no other.
#[test]
fn whole_blocks_are_drawn_and_a_short_one_only_if_it_is_alone() {
    for length in (1..=20).flat_map(|n| [n * BLOCK - 1, n * BLOCK, n * BLOCK + 1]) {
        let (file, shown) = show(&sample(length));
        let whole = length / BLOCK;
        let mut indices = drawn(&SEED, &WHO, &file);
        assert_eq!(indices.len(), whole.clamp(1, MAX_SHOWN_LEAVES as usize), "{length}");
        assert_eq!(indices.len(), shown.len());
        assert!(indices.iter().all(|index| (*index as usize) < whole.max(1)), "{length}");
        indices.sort_unstable();
        indices.dedup();
        assert_eq!(indices.len(), shown.len(), "no leaf twice");
        assert_eq!(verify(&SEED, &WHO, &file, &shown), Ok(()), "{length}");
        let paths: usize = shown.iter().map(|leaf| leaf.path.len() + 1).sum();
        assert_eq!(digests(&shown) as usize, paths);
    }
}

#[test]
fn the_draw_is_that_of_the_seed_the_account_and_the_root() {
    let file = commit(&sample(100 * BLOCK));
    let base = drawn(&SEED, &WHO, &file);
    assert_ne!(base, drawn(&[8; 32], &WHO, &file));
    assert_ne!(base, drawn(&SEED, &[2; 32], &file));
    assert_ne!(base, drawn(&SEED, &WHO, &Commitment { root: [1; 32], ..file }));
    assert_eq!(base, drawn(&SEED, &WHO, &file));
}

/// The attack: send again what somebody else shows of the same file, drawn from the same block.
#[test]
fn anothers_leaves_show_nothing() {
    let bytes = sample(100 * BLOCK);
    let (file, shown) = show(&bytes);
    assert!(matches!(verify(&SEED, &[2; 32], &file, &shown), Err(BadLeaves::Leaf { .. })));
    assert!(matches!(verify(&[8; 32], &WHO, &file, &shown), Err(BadLeaves::Leaf { .. })));
}

/// The attack: register what is known of somebody's tree without its leaves, as a root of any length.
#[test]
fn a_root_alone_shows_nothing() {
    let bytes = sample(16 * BLOCK);
    let leaves = blocks(&bytes);
    let inner = commit(&bytes[..8 * BLOCK]).root;
    for (root, length) in [(commit(&bytes).root, 16 * BLOCK), (inner, 8 * BLOCK), (inner, 9 * BLOCK)] {
        let file = Commitment { root, length: length as u64 };
        let count = drawn(&SEED, &WHO, &file).len();
        for path in 0..5 {
            let made_up = ShownLeaf { leaf: leaves[0], path: BoundedVec::truncate_from(vec![inner; path]) };
            let made_up = vec![made_up; count];
            assert!(matches!(verify(&SEED, &WHO, &file, &made_up), Err(BadLeaves::Leaf { .. })));
        }
    }
}

/// The same tree is no other length's.
#[test]
fn another_number_of_blocks_does_not_hold() {
    let bytes = sample(100 * BLOCK);
    let (file, shown) = show(&bytes);
    for blocks in [50, 90, 101, 128, 200] {
        let other = Commitment { length: blocks * BLOCK_SIZE, ..file };
        assert!(verify(&SEED, &WHO, &other, &shown).is_err(), "{blocks}");
    }
}

#[test]
fn nothing_may_be_changed_left_out_or_added() {
    let (file, shown) = show(&sample(100 * BLOCK + 5));
    let fails = |leaves: &[ShownLeaf]| verify(&SEED, &WHO, &file, leaves).unwrap_err();
    assert_eq!(fails(&[]), BadLeaves::Count { drawn: 8, found: 0 });
    assert_eq!(fails(&shown[..7]), BadLeaves::Count { drawn: 8, found: 7 });
    let more: Vec<_> = shown.iter().chain(shown.first()).cloned().collect();
    assert_eq!(fails(&more), BadLeaves::Count { drawn: 8, found: 9 });
    for at in 0..8 {
        let mut changed = shown.to_vec();
        changed[at].leaf[0] ^= 1;
        assert!(matches!(fails(&changed), BadLeaves::Leaf { cause: BadProof::Root, .. }));
        let mut changed = shown.to_vec();
        changed[at].path[0][0] ^= 1;
        assert!(matches!(fails(&changed), BadLeaves::Leaf { cause: BadProof::Root, .. }));
        let mut changed = shown.to_vec();
        changed[at].path = BoundedVec::truncate_from(changed[at].path[1..].to_vec());
        assert!(matches!(fails(&changed), BadLeaves::Leaf { .. }));
        let mut changed = shown.to_vec();
        changed.swap(at, (at + 1) % 8);
        assert!(matches!(fails(&changed), BadLeaves::Leaf { .. }));
    }
}

#[test]
fn an_impossible_length_is_refused() {
    for length in [0, MAX_LENGTH + 1, u64::MAX] {
        let file = Commitment { root: [1; 32], length };
        assert!(matches!(verify(&SEED, &WHO, &file, &[]), Err(BadLeaves::Length(_))));
    }
}

#[test]
fn the_prover_wants_every_leaf() {
    let bytes = sample(100 * BLOCK);
    let file = commit(&bytes);
    let leaves = blocks(&bytes);
    for count in [0, 99, 101] {
        let mut prover = Prover::new(&SEED, &WHO, &file).unwrap();
        leaves.iter().cycle().take(count).for_each(|leaf| prover.push(*leaf));
        assert!(prover.finish().is_err(), "{count}");
    }
}

/// A file of one block: its leaf is the root, and a node is none with more.
#[test]
fn one_block_shows_its_root() {
    for length in [1, BLOCK - 1, BLOCK] {
        let (file, shown) = show(&sample(length));
        assert_eq!((shown.len(), shown[0].leaf, shown[0].path.len()), (1, file.root, 0));
    }
    let children = ([1; 32], [2; 32]);
    let file = Commitment { root: node_hash(&children.0, &children.1), length: 2 * BLOCK_SIZE };
    let shown = show_as(&SEED, &WHO, &file, &[children.0, children.1]);
    assert_eq!(verify(&SEED, &WHO, &file, &shown), Ok(()));
    let one = Commitment { length: BLOCK_SIZE, ..file };
    assert!(verify(&SEED, &WHO, &one, &shown).is_err());
}
