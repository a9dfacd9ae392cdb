//! Leaf lists: exactly one entry a block, folding to the root. And blocks and lengths.

use crate::support::{blocks, commit, sample};
use wonbon_primitives::{
    bounds::{BLOCK_SIZE, MAX_LENGTH},
    content::{
        block_count, block_length, check_length,
        leaf_list::{byte_length, check, guessable_tail, package_length, BadLeafList, Checker},
    },
};

#[test]
fn the_true_list_passes_in_pieces_of_any_size() {
    for length in [1, 4095, 4096, 4097, 50_000] {
        let plain = sample(length);
        let list = blocks(&plain).concat();
        assert_eq!(check(&list, &commit(&plain)), Ok(()));
        for piece in [1, 7, 32, 33, 1000] {
            let mut checker = Checker::new(commit(&plain));
            list.chunks(piece).for_each(|bytes| checker.update(bytes));
            assert_eq!(checker.finish(), Ok(()));
        }
    }
}

#[test]
fn a_list_that_does_not_fold_is_refused() {
    let plain = sample(50_000);
    let list = blocks(&plain).concat();
    for at in [0, 200, list.len() - 1] {
        let mut wrong = list.clone();
        wrong[at] ^= 1;
        assert_eq!(check(&wrong, &commit(&plain)), Err(BadLeafList::Root));
    }
    let mut swapped = blocks(&plain);
    swapped.swap(0, 1);
    assert_eq!(check(&swapped.concat(), &commit(&plain)), Err(BadLeafList::Root));
}

#[test]
fn a_list_of_another_length_is_refused() {
    let plain = sample(3 * 4096);
    let list = blocks(&plain).concat();
    let expected = list.len() as u64;
    for found in [0, 1, 31, 64, 95] {
        let error = BadLeafList::Count { expected, found: found as u64 };
        assert_eq!(check(&list[..found], &commit(&plain)), Err(error));
    }
    let longer = [list, vec![0]].concat();
    let error = BadLeafList::Count { expected, found: expected + 1 };
    assert_eq!(check(&longer, &commit(&plain)), Err(error));

    // Two subtree roots fold to the same root as four leaves: the count is what refuses them.
    let plain = sample(4 * 4096);
    let leaves = blocks(&plain);
    let node = wonbon_primitives::content::tree::node_hash;
    let nodes = [node(&leaves[0], &leaves[1]), node(&leaves[2], &leaves[3])].concat();
    assert!(matches!(check(&nodes, &commit(&plain)), Err(BadLeafList::Count { .. })));
}

#[test]
fn blocks_of_a_length() {
    assert!(check_length(0).is_err());
    assert!(check_length(1).is_ok());
    assert!(check_length(MAX_LENGTH).is_ok());
    assert!(check_length(MAX_LENGTH + 1).is_err());
    assert_eq!(block_count(1), 1);
    assert_eq!(block_count(4096), 1);
    assert_eq!(block_count(4097), 2);
    assert_eq!(block_count(MAX_LENGTH), 1 << 26);
    assert_eq!(block_length(4096, 0), Some(4096));
    assert_eq!(block_length(4096, 1), None);
    assert_eq!(block_length(4097, 1), Some(1));
    assert_eq!(block_length(u64::MAX, u64::MAX), None);
    assert_eq!(byte_length(4097), 64);
    assert_eq!(package_length(4097), Some(4097 + 64));
    assert_eq!(package_length(0), None);
    assert_eq!(package_length(MAX_LENGTH), Some(MAX_LENGTH + MAX_LENGTH / BLOCK_SIZE * 32));
    assert_eq!(package_length(u64::MAX), None);
    assert_eq!(guessable_tail(4096), None);
    assert_eq!(guessable_tail(4097), Some(1));
    assert_eq!(guessable_tail(4096 + 32), None);
}
