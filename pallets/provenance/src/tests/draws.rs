//! The fair draw: its seed, and its one answer.

use crate::{mock::*, DatasetOf, Datasets, DrawDue, Error, Event, Seeds, WeightInfo};
use frame_support::{assert_noop, assert_ok, traits::Hooks};
use sp_runtime::DispatchResult;
use wonbon_primitives::{
    bounds::{MAX_LENGTH, MAX_SAMPLE, MIN_SAMPLED},
    content::tree::leaf_hash,
    record::{first_head, next_head, sample_entry, ParentList, SampleAnswer},
    DatasetId,
};

const DIGEST: [u8; 32] = [0xda; 32];

fn dataset(number: u8) -> DatasetOf<Test> {
    Datasets::<Test>::get(id(number)).expect("registered; qed")
}

fn answer(who: AccountId, number: u8, blocks: u32) -> DispatchResult {
    Provenance::answer_draw(RuntimeOrigin::signed(who), id(number), blocks, DIGEST)
}

fn seeds() -> Vec<u64> {
    let mut seeds: Vec<_> = Seeds::<Test>::iter_keys().collect();
    seeds.sort_unstable();
    seeds
}

#[test]
fn the_seed_is_the_hash_of_the_block_at_its_distance() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 1);
        let registered_at = System::block_number();
        assert_eq!(DrawDue::<Test>::get(registered_at + DRAW_DELAY + 1), Some(registered_at));
        // Not in the registration's block, nor in the one whose hash it is: nobody knows it there.
        for _ in 0..=DRAW_DELAY {
            assert_eq!(Seeds::<Test>::get(registered_at), None);
            events();
            wait(1);
        }
        let seed = hash_of(registered_at + DRAW_DELAY).0;
        assert_eq!(Seeds::<Test>::get(registered_at), Some(seed));
        assert_eq!(events(), [Event::SeedDrawn { registered_at, seed }]);
        assert_eq!(DrawDue::<Test>::iter().count(), 0);
        // It stays, long after the chain has forgotten the block's hash.
        wait(500);
        assert_eq!(Seeds::<Test>::get(registered_at), Some(seed));
        assert!(events().is_empty());
    });
}

#[test]
fn the_datasets_of_a_block_share_its_seed_and_no_other_does() {
    ExtBuilder::build_and_execute(|| {
        for number in 1..=4 {
            assert_ok!(announce(ALICE, number));
            assert_ok!(announce(BOB, number + 10));
        }
        wait(DELAY);
        let begin = System::block_number();
        // Two in this block, none in the next, two in the one after it, one right after that.
        for (blocks, pairs) in [(0, vec![1, 2]), (2, vec![3]), (1, vec![4])] {
            wait(blocks);
            for number in pairs {
                assert_ok!(open(ALICE, number, ParentList::default(), None));
                assert_ok!(open(BOB, number + 10, ParentList::default(), None));
            }
        }
        assert_eq!(DrawDue::<Test>::iter().count(), 3);
        wait(DRAW_DELAY + 1);
        assert_eq!(seeds(), [begin, begin + 2, begin + 3]);
        for block in seeds() {
            assert_eq!(Seeds::<Test>::get(block), Some(hash_of(block + DRAW_DELAY).0));
        }
    });
}

#[test]
fn no_registration_no_seed() {
    ExtBuilder::build_and_execute(|| {
        assert_ok!(announce(ALICE, 1));
        wait(DELAY);
        // Refused: nothing is drawn for it.
        assert_noop!(open(BOB, 1, ParentList::default(), None), Error::<Test>::NotAnnounced);
        wait(3 * DRAW_DELAY);
        assert_eq!((Seeds::<Test>::iter().count(), DrawDue::<Test>::iter().count()), (0, 0));
    });
}

#[test]
fn the_hook_says_what_it_did() {
    ExtBuilder::build_and_execute(|| {
        assert_eq!(Provenance::on_initialize(1), <() as WeightInfo>::no_draw_due());
        register(ALICE, 1);
        wait(DRAW_DELAY);
        let last = System::block_number();
        System::initialize(&(last + 1), &hash_of(last), &Default::default());
        assert_eq!(Provenance::on_initialize(last + 1), <() as WeightInfo>::draw_due());
    });
}

#[test]
fn the_owner_answers_once() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 7);
        let registered_at = System::block_number();
        wait(DRAW_DELAY + 3);
        events();
        assert_noop!(answer(BOB, 7, 3), Error::<Test>::NotTheOwner);
        assert_ok!(answer(ALICE, 7, 3));
        let answered =
            SampleAnswer { blocks: 3, digest: DIGEST, at: at(registered_at + DRAW_DELAY + 3), position: 0 };
        assert_eq!(dataset(7).sample, Some(answered));
        assert_eq!(dataset(7).records, 1);
        let first = first_head(&id(7), &dataset(7), &[]);
        assert_eq!(dataset(7).head, next_head(&first, &sample_entry(&id(7), &answered)));
        assert_eq!(events(), [Event::DrawAnswered { dataset: id(7), blocks: 3, digest: DIGEST }]);
        // Neither a better one nor the same again.
        assert_noop!(answer(ALICE, 7, 8), Error::<Test>::AlreadyAnswered);
        assert_noop!(answer(ALICE, 7, 3), Error::<Test>::AlreadyAnswered);
        assert_noop!(answer(BOB, 7, 3), Error::<Test>::NotTheOwner);
    });
}

#[test]
fn nobody_answers_before_the_draw() {
    ExtBuilder::build_and_execute(|| {
        assert_noop!(answer(ALICE, 1, 1), Error::<Test>::NoSuchDataset);
        register(ALICE, 1);
        for _ in 0..=DRAW_DELAY {
            assert_noop!(answer(ALICE, 1, 1), Error::<Test>::NotDrawnYet);
            wait(1);
        }
        assert_ok!(answer(ALICE, 1, 1));
    });
}

#[test]
fn an_answer_shows_some_blocks_and_at_most_a_tenth_of_no_small_file() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 7);
        let largest = uniform_root(26);
        let small = tree((0..489u64).map(|block| leaf_hash(&block.to_be_bytes())).collect());
        assert_ok!(announce_as(ALICE, largest, MAX_LENGTH));
        assert_ok!(announce_as(ALICE, small, MIN_SAMPLED - 1));
        wait(DELAY);
        assert_ok!(open_as(ALICE, largest, MAX_LENGTH, ParentList::default(), None));
        assert_ok!(open_as(ALICE, small, MIN_SAMPLED - 1, ParentList::default(), None));
        wait(DRAW_DELAY + 1);
        let answer = |id, blocks| Provenance::answer_draw(RuntimeOrigin::signed(ALICE), id, blocks, DIGEST);
        for blocks in [0, 1, 48, 489] {
            assert_noop!(answer(DatasetId(small), blocks), Error::<Test>::SampleOutOfRange);
        }
        // 489 blocks, seven whole ones and a short one.
        for (id, most) in [(id(7), 49), (DatasetId(largest), MAX_SAMPLE)] {
            for blocks in [0, most + 1, u32::MAX] {
                assert_noop!(answer(id, blocks), Error::<Test>::SampleOutOfRange);
            }
            assert_ok!(answer(id, most));
        }
    });
}

/// The draw is the dataset's: who holds it answers, suspended or not; once it is withdrawn nobody does.
#[test]
fn the_answer_is_the_owners_and_asks_for_no_standing() {
    ExtBuilder::build_and_execute(|| {
        for number in 1..=2 {
            register(ALICE, number);
        }
        wait(DRAW_DELAY + 1);
        assert_ok!(Provenance::propose_handover(RuntimeOrigin::signed(ALICE), id(1), BOB));
        assert_ok!(Provenance::accept_handover(RuntimeOrigin::signed(BOB), id(1)));
        assert_noop!(answer(ALICE, 1, 1), Error::<Test>::NotTheOwner);
        Register::suspend(BOB);
        assert_ok!(answer(BOB, 1, 1));
        assert_eq!(dataset(1).sample.map(|answer| answer.position), Some(1));
        assert_ok!(Provenance::withdraw(RuntimeOrigin::signed(ALICE), id(2), reason()));
        assert_noop!(answer(ALICE, 2, 1), Error::<Test>::DatasetWithdrawn);
    });
}

#[test]
fn an_answer_needs_a_place_in_the_chain() {
    ExtBuilder::build().execute_with(|| {
        register(ALICE, 1);
        wait(DRAW_DELAY + 1);
        Datasets::<Test>::mutate(id(1), |slot| slot.as_mut().expect("registered; qed").records = u32::MAX);
        assert_noop!(answer(ALICE, 1, 1), Error::<Test>::TooManyRecords);
    });
}
