//! Trees against the reference vectors of Certificate Transparency, the RFC's recursive definition and a
//! published implementation; and paths that prove nothing.

use crate::support::{digest, rfc};
use ct_merkle::mem_backed_tree::MemoryBackedTree;
use proptest::prelude::*;
use sha2::Sha256;
use wonbon_primitives::{
    content::tree::{
        consistency_path, inclusion_path, leaf_hash, root_of, verify_consistency, verify_inclusion, BadProof,
        Builder, NoSuchProof, Prover, Unaligned,
    },
    Digest,
};

const INPUTS: [&[u8]; 8] = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    b"\x50\x51\x52\x53\x54\x55\x56\x57",
    b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
];

const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn reference(size: usize) -> impl ExactSizeIterator<Item = Digest> {
    INPUTS[..size].iter().map(|input| leaf_hash(input))
}

fn entries(size: usize) -> Vec<Vec<u8>> {
    (0..size).map(|at| format!("entry {at}").into_bytes()).collect()
}

fn leaves(size: usize) -> Vec<Digest> {
    entries(size).iter().map(|entry| leaf_hash(entry)).collect()
}

#[test]
fn reference_roots() {
    for (size, root) in (1..).zip(ROOTS) {
        assert_eq!(root_of(reference(size)), Some(digest(root)), "{size}");
    }
    assert_eq!(root_of([]), None);
}

#[test]
fn reference_inclusion_paths() {
    let cases: [(u64, usize, &[&str]); 5] = [
        (0, 1, &[]),
        (
            0,
            8,
            &[
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            5,
            8,
            &[
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (2, 3, &["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
        (
            1,
            5,
            &[
                "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ],
        ),
    ];
    for (index, size, path) in cases {
        let path: Vec<_> = path.iter().map(|hash| digest(hash)).collect();
        assert_eq!(inclusion_path(reference(size), index).unwrap(), path);
        let leaf = leaf_hash(INPUTS[index as usize]);
        assert_eq!(verify_inclusion(&leaf, index, size as u64, &path, &digest(ROOTS[size - 1])), Ok(()));
    }
}

#[test]
fn reference_consistency_paths() {
    let cases: [(u64, usize, &[&str]); 4] = [
        (1, 1, &[]),
        (
            1,
            8,
            &[
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            6,
            8,
            &[
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (
            2,
            5,
            &[
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ],
        ),
    ];
    for (old, size, path) in cases {
        let path: Vec<_> = path.iter().map(|hash| digest(hash)).collect();
        assert_eq!(consistency_path(reference(size), old).unwrap(), path);
        let (old_root, root) = (digest(ROOTS[old as usize - 1]), digest(ROOTS[size - 1]));
        assert_eq!(verify_consistency(old, size as u64, &old_root, &root, &path), Ok(()));
    }
}

#[test]
fn agrees_with_a_published_implementation() {
    let mut theirs = MemoryBackedTree::<Sha256, Vec<u8>>::new();
    for size in 1..=70 {
        theirs.push(entries(size).pop().unwrap());
        let ours = leaves(size);
        assert_eq!(root_of(ours.clone()).unwrap().as_slice(), theirs.root().as_bytes().as_slice());
        for index in 0..size {
            let path = inclusion_path(ours.iter().copied(), index as u64).unwrap();
            assert_eq!(path.as_flattened(), theirs.prove_inclusion(index).as_bytes());
        }
        for old in 1..size {
            let path = consistency_path(ours.iter().copied(), old as u64).unwrap();
            assert_eq!(path.as_flattened(), theirs.prove_consistency(size - old).as_bytes(), "{old} {size}");
        }
    }
}

proptest! {
    #[test]
    fn agrees_with_the_definition(size in 1usize..300, at in any::<prop::sample::Index>()) {
        let (entries, leaves) = (entries(size), leaves(size));
        let root = rfc::mth(&entries);
        prop_assert_eq!(root_of(leaves.iter().copied()), Some(root));

        let index = at.index(size);
        let path = inclusion_path(leaves.iter().copied(), index as u64).unwrap();
        prop_assert_eq!(&path, &rfc::path_to(index, &entries));
        prop_assert_eq!(verify_inclusion(&leaves[index], index as u64, size as u64, &path, &root), Ok(()));

        let old = index + 1;
        let old_root = rfc::mth(&entries[..old]);
        let path = consistency_path(leaves.iter().copied(), old as u64).unwrap();
        prop_assert_eq!(&path, &rfc::proof(old, &entries));
        prop_assert_eq!(verify_consistency(old as u64, size as u64, &old_root, &root, &path), Ok(()));
    }

    #[test]
    fn a_path_proves_one_thing_only(
        size in 2usize..200, at in any::<prop::sample::Index>(), other in any::<prop::sample::Index>(),
        broken in any::<prop::sample::Index>(), bit in 0u8..8,
    ) {
        let leaves = leaves(size);
        let root = root_of(leaves.iter().copied()).unwrap();
        let (index, other) = (at.index(size), other.index(size));
        let path = inclusion_path(leaves.iter().copied(), index as u64).unwrap();
        if index != other {
            prop_assert!(verify_inclusion(&leaves[index], other as u64, size as u64, &path, &root).is_err());
            prop_assert!(verify_inclusion(&leaves[other], index as u64, size as u64, &path, &root).is_err());
        }
        let mut wrong = path.clone();
        wrong[broken.index(path.len())][broken.index(32)] ^= 1 << bit;
        prop_assert_eq!(verify_inclusion(&leaves[index], index as u64, size as u64, &wrong, &root), Err(BadProof::Root));

        let short = &path[..path.len() - 1];
        prop_assert_eq!(
            verify_inclusion(&leaves[index], index as u64, size as u64, short, &root), Err(BadProof::PathLength)
        );
        let mut long = path.clone();
        long.push(root);
        prop_assert_eq!(
            verify_inclusion(&leaves[index], index as u64, size as u64, &long, &root), Err(BadProof::PathLength)
        );
        for beyond in [size as u64, u64::MAX] {
            prop_assert_eq!(
                verify_inclusion(&leaves[index], beyond, size as u64, &path, &root), Err(BadProof::OutOfRange)
            );
        }
    }

    #[test]
    fn a_consistency_path_proves_one_thing_only(
        size in 2usize..200, at in any::<prop::sample::Index>(), broken in any::<prop::sample::Index>(),
    ) {
        let leaves = leaves(size);
        let root = root_of(leaves.iter().copied()).unwrap();
        let old = at.index(size - 1) + 1;
        let old_root = root_of(leaves[..old].iter().copied()).unwrap();
        let path = consistency_path(leaves.iter().copied(), old as u64).unwrap();
        let check = |path: &[Digest]| verify_consistency(old as u64, size as u64, &old_root, &root, path);

        let mut wrong = path.clone();
        wrong[broken.index(path.len())][broken.index(32)] ^= 1;
        prop_assert_eq!(check(&wrong), Err(BadProof::Root));
        prop_assert!(check(&path[..path.len() - 1]).is_err());
        let mut long = path.clone();
        long.push(root);
        prop_assert_eq!(check(&long), Err(BadProof::PathLength));
        prop_assert!(verify_consistency(old as u64, size as u64, &root, &root, &path).is_err());
        prop_assert!(verify_consistency(old as u64, size as u64, &old_root, &old_root, &path).is_err());
    }

    #[test]
    fn no_proof_of_any_shape_panics(
        index in any::<u64>(), size in any::<u64>(), path in prop::collection::vec(any::<Digest>(), 0..70),
    ) {
        prop_assert!(verify_inclusion(&[0; 32], index, size, &path, &[0; 32]).is_err());
        if index != size {
            prop_assert!(verify_consistency(index, size, &[0; 32], &[0; 32], &path).is_err());
        }
    }

    #[test]
    fn subtrees_and_leaves_build_the_same_tree(size in 1usize..700, height in 0u32..6) {
        let leaves = leaves(size);
        let (mut by_subtree, mut by_part) = (Builder::new(), Builder::new());
        for chunk in leaves.chunks(1 << height) {
            let mut part = Builder::new();
            chunk.iter().for_each(|leaf| part.push(*leaf));
            by_part.append(&part).unwrap();
            if chunk.len() == 1 << height {
                by_subtree.push_subtree(height, part.finish().unwrap()).unwrap();
            } else {
                chunk.iter().for_each(|leaf| by_subtree.push(*leaf));
            }
        }
        prop_assert_eq!(by_subtree.finish(), root_of(leaves.iter().copied()));
        prop_assert_eq!(by_part.finish(), root_of(leaves));
        prop_assert_eq!(by_part.count(), size as u64);
    }
}

#[test]
fn equal_trees_are_consistent_without_a_path() {
    let root = root_of(leaves(5)).unwrap();
    assert_eq!(verify_consistency(5, 5, &root, &root, &[]), Ok(()));
    assert_eq!(verify_consistency(5, 5, &root, &root, &[root]), Err(BadProof::PathLength));
    assert_eq!(verify_consistency(5, 5, &root, &[0; 32], &[]), Err(BadProof::Root));
    assert_eq!(verify_consistency(0, 5, &root, &root, &[]), Err(BadProof::OutOfRange));
    assert_eq!(verify_consistency(6, 5, &root, &root, &[]), Err(BadProof::OutOfRange));
}

#[test]
fn a_subtree_begins_only_where_it_fits() {
    let mut builder = Builder::new();
    builder.push([1; 32]);
    assert_eq!(builder.push_subtree(1, [2; 32]), Err(Unaligned));
    assert_eq!(builder.push_subtree(64, [2; 32]), Err(Unaligned));
    assert_eq!(builder.count(), 1);
    builder.push_subtree(0, [2; 32]).unwrap();
    builder.push_subtree(1, [3; 32]).unwrap();
    assert_eq!(builder.count(), 4);
}

#[test]
fn a_prover_wants_every_leaf() {
    assert_eq!(Prover::inclusion(3, 3).err(), Some(NoSuchProof));
    assert_eq!(Prover::inclusion(0, 0).err(), Some(NoSuchProof));
    assert_eq!(Prover::consistency(0, 3).err(), Some(NoSuchProof));
    assert_eq!(Prover::consistency(4, 3).err(), Some(NoSuchProof));
    for given in [4, 6] {
        let mut prover = Prover::inclusion(1, 5).unwrap();
        leaves(given).into_iter().for_each(|leaf| prover.push(leaf));
        assert_eq!(prover.finish(), Err(NoSuchProof));
    }
    // A size that no file has is no reason to fail before the leaves are there.
    assert!(Prover::inclusion(u64::MAX - 1, u64::MAX).is_ok());
}

#[test]
fn an_inner_node_is_no_leaf() {
    let leaves = leaves(8);
    let root = root_of(leaves.iter().copied()).unwrap();
    let node = root_of(leaves[..2].iter().copied()).unwrap();
    let path = inclusion_path(leaves.iter().copied(), 0).unwrap();
    assert_eq!(verify_inclusion(&node, 0, 8, &path[1..], &root), Err(BadProof::PathLength));
    // Under a claimed size of 4 it would pass: that is why the size comes from the commitment and no proof.
    assert_eq!(verify_inclusion(&node, 0, 4, &path[1..], &root), Ok(()));
}
