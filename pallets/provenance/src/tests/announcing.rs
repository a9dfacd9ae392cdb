//! What an announcement opens to, for how long, and what the registration has to show.

use crate::{mock::*, Announcements, Error, Event, HoldReason};
use codec::Encode;
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchResult;
use wonbon_primitives::{
    bounds::BLOCK_SIZE,
    content::{
        shown::{drawn, ShownLeaf, ShownLeaves},
        tree::node_hash,
    },
    dataset::Method,
    record::{announcement, ParentList},
    unchecked::UncheckedParents,
    Commitment,
};

fn open(who: AccountId, number: u8) -> DispatchResult {
    crate::mock::open(who, number, ParentList::default(), None)
}

/// Registers with these leaves, whatever they are.
fn open_with(who: AccountId, file: Commitment, leaves: ShownLeaves) -> DispatchResult {
    let (origin, parents) = (RuntimeOrigin::signed(who), UncheckedParents::default());
    let Commitment { root, length } = file;
    Provenance::register(origin, root, length, SALT, leaves, METADATA, Method::Collected, parents, None)
        .map(|_| ())
        .map_err(|refused| refused.error)
}

fn file(number: u8) -> Commitment {
    Commitment { root: root(number), length: length(number) }
}

fn clear(by: AccountId, account: AccountId, number: u8) -> DispatchResult {
    Provenance::clear_announcement(RuntimeOrigin::signed(by), account, commitment(account, number))
}

/// The attack: copy a root from wherever it can be seen, and register it without the tree.
#[test]
fn who_knows_only_a_root_cannot_register_it() {
    ExtBuilder::build_and_execute(|| {
        assert_ok!(announce(BOB, 20));
        let at = System::block_number();
        wait(DELAY);
        let honest = shown(BOB, file(20), at);
        assert_eq!(honest.len(), 8);
        assert_noop!(open_with(BOB, file(20), ShownLeaves::default()), Error::<Test>::WrongLeaves);
        // The root in place of every leaf, with no path or with one that ends anywhere.
        for path in 0..6 {
            let path =
                ShownLeaf { leaf: root(20), path: vec![root(20); path].try_into().expect("short; qed") };
            let made_up = vec![path; 8].try_into().expect("eight; qed");
            assert_noop!(open_with(BOB, file(20), made_up), Error::<Test>::WrongLeaves);
        }
        // Seven right ones and a guess.
        for guessed in 0..8 {
            let mut leaves = honest.clone();
            leaves[guessed].leaf[31] ^= 1;
            assert_noop!(open_with(BOB, file(20), leaves), Error::<Test>::WrongLeaves);
        }
        assert_ok!(open_with(BOB, file(20), honest));
    });
}

/// The attack: see Alice's registration in the pool, and send her leaves again under an announcement of one's own,
/// which was lucky enough to be as old.
#[test]
fn anothers_leaves_are_of_no_use() {
    ExtBuilder::build_and_execute(|| {
        let at = System::block_number();
        for who in [ALICE, BOB] {
            assert_ok!(announce(who, 200));
        }
        wait(DELAY);
        let hers = shown(ALICE, file(200), at);
        assert_noop!(open_with(BOB, file(200), hers.clone()), Error::<Test>::WrongLeaves);
        assert_ok!(open_with(ALICE, file(200), hers));
    });
}

/// The attack: register what is known of somebody's tree, a node with its children, as a dataset of its own.
#[test]
fn an_inner_node_is_no_root_without_its_leaves() {
    ExtBuilder::build_and_execute(|| {
        // The left half of sixteen blocks: its root, and its children's.
        let all = leaves(16);
        let quarters = [tree(all[..4].to_vec()), tree(all[4..8].to_vec())];
        let half = node_hash(&quarters[0], &quarters[1]);
        let node = Commitment { root: half, length: 8 * BLOCK_SIZE };
        assert_ok!(announce_as(BOB, half, node.length));
        wait(DELAY);
        let guess = |index: u64| ShownLeaf {
            leaf: quarters[usize::from(index >= 4)],
            path: vec![quarters[usize::from(index < 4)]; 1].try_into().expect("short; qed"),
        };
        let seed = hash_of(announced_at(BOB, half, node.length) + DELAY - 1).0;
        let guesses: Vec<_> = drawn(&seed, &BOB.encode(), &node).into_iter().map(guess).collect();
        assert_noop!(
            open_with(BOB, node, guesses.try_into().expect("eight; qed")),
            Error::<Test>::WrongLeaves
        );
    });
}

#[test]
fn an_announcement_is_for_one_length() {
    ExtBuilder::build_and_execute(|| {
        assert_ok!(announce(ALICE, 20));
        wait(DELAY);
        for length in [length(20) - 1, length(20) + 1, BLOCK_SIZE] {
            let other = Commitment { root: root(20), length };
            let leaves = shown(ALICE, file(20), 1);
            assert_noop!(open_with(ALICE, other, leaves), Error::<Test>::NotAnnounced);
        }
        // Announced with a length that is not the tree's, it shows nothing either.
        let other = Commitment { root: root(20), length: 40 * BLOCK_SIZE };
        assert_ok!(announce_as(ALICE, other.root, other.length));
        wait(DELAY);
        let leaves = shown(ALICE, file(20), System::block_number() - DELAY);
        assert_noop!(open_with(ALICE, other, leaves), Error::<Test>::WrongLeaves);
        assert_ok!(open(ALICE, 20));
    });
}

/// A dataset whose only block is short shows that one: there is nothing else.
#[test]
fn the_shortest_datasets_are_registered_too() {
    ExtBuilder::build_and_execute(|| {
        let two = tree(vec![[3; 32], [4; 32]]);
        let short = [([1; 32], 1, 1), ([2; 32], BLOCK_SIZE, 1), (two, BLOCK_SIZE + 1, 1)];
        for (root, length, count) in short {
            assert_ok!(announce_as(ALICE, root, length));
            let leaves = shown(ALICE, Commitment { root, length }, System::block_number());
            assert_eq!(leaves.len(), count);
            wait(DELAY);
            assert_noop!(
                open_with(ALICE, Commitment { root, length }, ShownLeaves::default()),
                Error::<Test>::WrongLeaves
            );
            assert_ok!(open_with(ALICE, Commitment { root, length }, leaves));
        }
    });
}

#[test]
fn an_announcement_lives_for_a_time() {
    ExtBuilder::build_and_execute(|| {
        let last = System::block_number() + LIFETIME;
        assert_ok!(announce(ALICE, 20));
        assert_ok!(announce(BOB, 21));
        wait(LIFETIME);
        assert_eq!(System::block_number(), last);
        assert_ok!(open(ALICE, 20));
        assert_noop!(clear(STRANGER, BOB, 21), Error::<Test>::AnnouncementNotExpired);
        wait(1);
        assert_noop!(open(BOB, 21), Error::<Test>::AnnouncementExpired);
        // Whoever pays the fee gives the deposit back to its owner.
        events();
        assert_ok!(clear(STRANGER, BOB, 21));
        assert_eq!(
            events(),
            [Event::AnnouncementCancelled { account: BOB, commitment: commitment(BOB, 21) }]
        );
        assert_eq!(held(HoldReason::Announcement, BOB), 0);
        assert_noop!(clear(STRANGER, BOB, 21), Error::<Test>::NotAnnounced);
        // And it can be announced anew.
        assert_ok!(announce(BOB, 21));
    });
}

/// A cleared or cancelled announcement is as if it had never been.
#[test]
fn a_used_or_cancelled_announcement_opens_nothing() {
    ExtBuilder::build_and_execute(|| {
        assert_ok!(announce(ALICE, 20));
        assert_ok!(announce(BOB, 20));
        wait(DELAY);
        assert_ok!(Provenance::cancel_announcement(RuntimeOrigin::signed(BOB), commitment(BOB, 20)));
        assert_noop!(open(BOB, 20), Error::<Test>::NotAnnounced);
        assert_ok!(open(ALICE, 20));
        assert!(!Announcements::<Test>::contains_key(ALICE, commitment(ALICE, 20)));
        assert_noop!(
            Provenance::cancel_announcement(RuntimeOrigin::signed(ALICE), commitment(ALICE, 20)),
            Error::<Test>::NotAnnounced
        );
    });
}

/// Without the hash of the block that draws, nothing is taken for it: no zero, no other block.
#[test]
fn a_forgotten_hash_draws_nothing() {
    ExtBuilder::build_and_execute(|| {
        assert_ok!(announce(ALICE, 20));
        wait(DELAY);
        let draws = announced_at(ALICE, root(20), length(20)) + DELAY - 1;
        let hash = frame_system::BlockHash::<Test>::take(draws);
        assert_noop!(open(ALICE, 20), Error::<Test>::DrawForgotten);
        assert_ok!(Provenance::cancel_announcement(RuntimeOrigin::signed(ALICE), commitment(ALICE, 20)));
        frame_system::BlockHash::<Test>::insert(draws, hash);
        assert_ok!(announce(ALICE, 20));
    });
}

/// Holding an announcement for each guess is as dear as registering each.
#[test]
fn an_announcement_takes_the_whole_deposit() {
    ExtBuilder::build_and_execute(|| {
        for number in 20..25 {
            assert_ok!(announce(ALICE, number));
        }
        assert_eq!(held(HoldReason::Announcement, ALICE), 5 * DATASET_DEPOSIT);
        let commitment = announcement(&ALICE.encode(), &root(20), length(20), &SALT);
        assert_eq!(
            Announcements::<Test>::get(ALICE, commitment).map(|found| found.deposit),
            Some(DATASET_DEPOSIT)
        );
    });
}
