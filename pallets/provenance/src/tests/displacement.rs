//! The provisional time of a registration: what cannot be done in it, who displaces whom, and what is left.

use crate::{
    mock::*, Announcements, ChildCount, Children, DatasetOf, DatasetRegistry, Datasets, DisplacedIn, Error,
    Event, HoldReason, Parents, PendingLineage, Royalties, Seeds, Versions,
};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchResult;
use wonbon_primitives::{
    bounds::BLOCK_SIZE,
    content::tree::node_hash,
    dataset::{Method, Relation},
    record::{first_head, AttestationKind, ParentList},
    unchecked::UncheckedParents,
};

const PERIOD: u64 = 6;

fn run(test: impl FnOnce()) {
    ExtBuilder::build_and_execute(|| {
        Provisional::set(PERIOD);
        test();
    });
}

fn open(who: AccountId, number: u8) -> DispatchResult {
    crate::mock::open(who, number, ParentList::default(), None)
}

fn dataset(number: u8) -> DatasetOf<Test> {
    Datasets::<Test>::get(id(number)).expect("registered; qed")
}

/// Bob announces, then Alice, and Alice registers while Bob still could have.
fn alice_was_faster() {
    assert_ok!(announce(BOB, 20));
    wait(1);
    assert_ok!(announce(ALICE, 20));
    wait(DELAY);
    assert_ok!(open(ALICE, 20));
}

#[test]
fn nothing_is_done_with_a_provisional_registration() {
    run(|| {
        register(ALICE, 20);
        let by_owner = || RuntimeOrigin::signed(ALICE);
        let nothing = || {
            assert!(!Provenance::stands(&id(20)));
            let kind = AttestationKind::Quality;
            let attest = || Provenance::attest(RuntimeOrigin::signed(INSPECTOR), id(20), kind, [1; 32]);
            assert_noop!(attest(), Error::<Test>::Provisional);
            assert_noop!(Provenance::propose_handover(by_owner(), id(20), BOB), Error::<Test>::Provisional);
            assert_noop!(Provenance::withdraw(by_owner(), id(20), reason()), Error::<Test>::Provisional);
            assert_noop!(Provenance::answer_draw(by_owner(), id(20), 1, [1; 32]), Error::<Test>::Provisional);
            for relation in [Relation::DerivedFrom, Relation::NewVersionOf] {
                let parents = list([parent(20, relation, 0)]);
                let proof = (relation == Relation::NewVersionOf).then(|| growth(20, 22));
                assert_noop!(crate::mock::open(ALICE, 22, parents, proof), Error::<Test>::Provisional);
            }
        };
        assert_ok!(announce(ALICE, 22));
        wait(DELAY);
        nothing();
        // To the last block of it.
        wait(PERIOD - DELAY - 1);
        assert_eq!(System::block_number() + 1, dataset(20).provisional_until);
        assert_eq!(Seeds::<Test>::get(dataset(20).registered.block).is_some(), PERIOD > DRAW_DELAY);
        nothing();
        wait(1);
        assert!(Provenance::stands(&id(20)));
        let parents = list([parent(20, Relation::DerivedFrom, 0)]);
        assert_ok!(crate::mock::open(ALICE, 22, parents, None));
        assert_ok!(Provenance::answer_draw(by_owner(), id(20), 1, [1; 32]));
        assert_ok!(Provenance::propose_handover(by_owner(), id(20), BOB));
        assert_ok!(Provenance::withdraw(by_owner(), id(20), reason()));
    });
}

#[test]
fn the_older_announcement_takes_record_and_deposit() {
    run(|| {
        alice_was_faster();
        assert_eq!((dataset(20).owner, dataset(20).announced), (ALICE, 2));
        let registered_at = System::block_number();
        wait(2);
        events();
        assert_ok!(open(BOB, 20));
        let now_his = dataset(20);
        assert_eq!((now_his.registrant, now_his.owner, now_his.announced), (BOB, BOB, 1));
        assert_eq!((now_his.registered, now_his.provisional_until), (now(), System::block_number() + PERIOD));
        assert_eq!((now_his.records, now_his.head), (0, first_head(&id(20), &now_his, &[])));
        assert_eq!((held(HoldReason::Dataset, ALICE), held(HoldReason::Dataset, BOB)), (0, DATASET_DEPOSIT));
        assert_eq!((held(HoldReason::Announcement, ALICE), held(HoldReason::Announcement, BOB)), (0, 0));
        assert_eq!(
            events(),
            [
                Event::RegistrationDisplaced { dataset: id(20), owner: ALICE, registered_at },
                Event::DatasetRegistered {
                    dataset: id(20),
                    owner: BOB,
                    length: length(20),
                    metadata: METADATA,
                    method: Method::Collected,
                    parent_count: 0,
                },
            ]
        );
        // She has no announcement any more, and a new one is younger than his.
        assert_noop!(open(ALICE, 20), Error::<Test>::AlreadyRegistered);
        assert_ok!(announce(ALICE, 20));
        wait(DELAY);
        assert_noop!(open(ALICE, 20), Error::<Test>::AlreadyRegistered);
    });
}

/// The attack: see a registration in the pool, and be in the next block with an announcement of one's own.
#[test]
fn a_younger_announcement_displaces_nothing() {
    run(|| {
        assert_ok!(announce(ALICE, 20));
        wait(DELAY);
        assert_ok!(announce(BOB, 20));
        assert_ok!(open(ALICE, 20));
        wait(DELAY);
        assert_noop!(open(BOB, 20), Error::<Test>::AlreadyRegistered);
        assert_eq!(dataset(20).owner, ALICE);
    });
}

/// The attack: the younger is first in a block, because its author likes it; it does not stay.
#[test]
fn a_front_runner_is_displaced() {
    run(|| {
        assert_ok!(announce(ALICE, 20));
        wait(1);
        assert_ok!(announce(BOB, 20));
        wait(DELAY);
        assert_ok!(open(BOB, 20));
        assert_ok!(open(ALICE, 20));
        assert_eq!(dataset(20).owner, ALICE);
        assert_eq!(held(HoldReason::Dataset, BOB), 0);
    });
}

/// Of two in one block neither is older: the one that was registered first stays.
#[test]
fn an_equally_old_announcement_displaces_nothing() {
    run(|| {
        for who in [ALICE, BOB] {
            assert_ok!(announce(who, 20));
        }
        wait(DELAY);
        assert_ok!(open(BOB, 20));
        assert_noop!(open(ALICE, 20), Error::<Test>::AlreadyRegistered);
    });
}

/// Holding a registration back gains nothing: when the time is over, it is over.
#[test]
fn after_its_time_nobody_displaces_a_registration() {
    run(|| {
        alice_was_faster();
        wait(PERIOD - 1);
        let before = Datasets::<Test>::get(id(20));
        // In the last block of it he could.
        frame_support::storage::with_storage_layer(|| {
            assert_ok!(open(BOB, 20));
            Err::<(), _>(sp_runtime::DispatchError::Other("not now"))
        })
        .expect_err("rolled back; qed");
        wait(1);
        assert_noop!(open(BOB, 20), Error::<Test>::AlreadyRegistered);
        assert_eq!(Datasets::<Test>::get(id(20)), before);
        // His deposit is not lost.
        assert_ok!(Provenance::cancel_announcement(RuntimeOrigin::signed(BOB), commitment(BOB, 20)));
        assert_eq!(held(HoldReason::Announcement, BOB), 0);
    });
}

/// An announcement that is used, cancelled, expired or cannot show its leaves displaces nothing, however old it was.
#[test]
fn only_a_registration_in_order_displaces() {
    run(|| {
        alice_was_faster();
        let draws = announced_at(BOB, root(20), length(20)) + DELAY - 1;
        let hash = frame_system::BlockHash::<Test>::take(draws);
        assert_noop!(open(BOB, 20), Error::<Test>::DrawForgotten);
        frame_system::BlockHash::<Test>::insert(draws, hash_of(100));
        assert_noop!(open(BOB, 20), Error::<Test>::WrongLeaves);
        frame_system::BlockHash::<Test>::insert(draws, hash);
        Register::suspend(BOB);
        assert_noop!(open(BOB, 20), Error::<Test>::NotVerified);
        Register::reinstate(BOB);
        let unknown = list([parent(9, Relation::DerivedFrom, 0)]);
        assert_noop!(crate::mock::open(BOB, 20, unknown, None), Error::<Test>::ParentNotRegistered);
        assert_ok!(Provenance::cancel_announcement(RuntimeOrigin::signed(BOB), commitment(BOB, 20)));
        assert_noop!(open(BOB, 20), Error::<Test>::AlreadyRegistered);
        assert_eq!(dataset(20).owner, ALICE);
    });
}

#[test]
fn an_expired_announcement_displaces_nothing() {
    run(|| {
        assert_ok!(announce(BOB, 20));
        wait(LIFETIME - DELAY);
        assert_ok!(announce(ALICE, 20));
        wait(DELAY);
        assert_ok!(open(ALICE, 20));
        wait(1);
        assert_noop!(open(BOB, 20), Error::<Test>::AnnouncementExpired);
    });
}

/// An older one still displaces the one that displaced: the oldest wins, in whatever order they come.
#[test]
fn the_oldest_of_three_wins() {
    run(|| {
        for who in [LAB, BOB, ALICE] {
            assert_ok!(announce(who, 20));
            wait(1);
        }
        wait(DELAY);
        for who in [ALICE, BOB, LAB] {
            assert_ok!(open(who, 20));
            assert_eq!(dataset(20).owner, who);
            wait(2);
        }
        assert_eq!(held(HoldReason::Dataset, ALICE) + held(HoldReason::Dataset, BOB), 0);
        wait(PERIOD);
        assert!(Provenance::stands(&id(20)));
    });
}

/// The displaced one had parents, royalties and an old version to be entered with; the new one has others, or none.
#[test]
fn lineage_goes_with_the_registration() {
    run(|| {
        Provisional::set(0);
        for number in [2, 4] {
            register(ALICE, number);
        }
        Provisional::set(PERIOD);
        assert_ok!(announce(BOB, 20));
        assert_ok!(announce(LAB, 20));
        wait(1);
        assert_ok!(announce(ALICE, 20));
        wait(DELAY);
        let version = list([parent(4, Relation::NewVersionOf, 7), parent(2, Relation::DerivedFrom, 5)]);
        assert_ok!(crate::mock::open(ALICE, 20, version.clone(), Some(growth(4, 20))));
        let old = dataset(4);
        // The parents do not know of it: nothing of it would have to be taken back.
        assert_eq!((ChildCount::<Test>::get(id(2)), old.version_count, old.records), (0, 0, 0));
        assert_noop!(enter(20), Error::<Test>::Provisional);
        assert_eq!(Royalties::<Test>::get(id(20)).len(), 2);

        let derived = list([parent(2, Relation::CleanedFrom, 0)]);
        assert_ok!(crate::mock::open(BOB, 20, derived.clone(), None));
        assert_eq!(Parents::<Test>::iter_prefix_values(id(20)).collect::<Vec<_>>(), derived.to_vec());
        assert!(!Royalties::<Test>::contains_key(id(20)));
        assert_eq!(PendingLineage::<Test>::get(id(20)), Some(None));
        assert_eq!(dataset(20).deposit, DATASET_DEPOSIT + PARENT_DEPOSIT);
        assert_noop!(enter(20), Error::<Test>::Provisional);
        wait(PERIOD);
        assert_ok!(enter(20));
        assert_eq!((ChildCount::<Test>::get(id(2)), ChildCount::<Test>::get(id(4))), (1, 0));
        assert_eq!(dataset(4), old);
        assert_eq!(Provenance::parents(&id(20)), derived.to_vec());
    });
}

/// Before a dataset is entered with its parents nothing can be done with it; and anybody enters it.
#[test]
fn lineage_is_entered_once_the_time_is_over() {
    run(|| {
        Provisional::set(0);
        register(ALICE, 4);
        Provisional::set(PERIOD);
        assert_ok!(announce(ALICE, 6));
        wait(DELAY);
        let parents = list([parent(4, Relation::NewVersionOf, 0)]);
        assert_ok!(crate::mock::open(ALICE, 6, parents, Some(growth(4, 6))));
        wait(PERIOD);
        let withdraw = || Provenance::withdraw(RuntimeOrigin::signed(ALICE), id(6), reason());
        assert_noop!(withdraw(), Error::<Test>::LineagePending);
        assert!(!Provenance::stands(&id(6)));
        events();
        assert_ok!(enter(6));
        assert_eq!(
            events(),
            [
                Event::LineageEntered { dataset: id(6) },
                Event::VersionRegistered {
                    dataset: id(4),
                    version: id(6),
                    index: 0,
                    shared_bytes: length(4),
                },
            ]
        );
        assert_eq!(Children::<Test>::get(id(4), 0), Some(id(6)));
        assert_eq!(Versions::<Test>::get(id(4), 0).map(|version| version.dataset), Some(id(6)));
        for number in [6, 4] {
            assert_noop!(enter(number), Error::<Test>::NoLineagePending);
        }
        assert_noop!(enter(9), Error::<Test>::NoSuchDataset);
        assert_ok!(withdraw());
    });
}

/// The draw of the displaced one is no more than a seed; the new one has a draw of its own.
#[test]
fn each_registration_has_its_own_draw() {
    run(|| {
        alice_was_faster();
        let first = System::block_number();
        wait(2);
        assert_ok!(open(BOB, 20));
        let second = System::block_number();
        assert_eq!(DisplacedIn::<Test>::iter().collect::<Vec<_>>(), [(first, 1)]);
        wait(DRAW_DELAY + 1);
        for block in [first, second] {
            assert_eq!(Seeds::<Test>::get(block), Some(hash_of(block + DRAW_DELAY).0));
        }
        wait(PERIOD);
        assert_ok!(Provenance::answer_draw(RuntimeOrigin::signed(BOB), id(20), 1, [1; 32]));
    });
}

/// The attack: register somebody's root, of which nothing else is known, as a dataset of one block. Whoever shows the
/// tree takes it over, though announced later; the other way round nothing is gained.
#[test]
fn one_block_gives_way_to_a_tree() {
    run(|| {
        let root = node_hash(&[1; 32], &[2; 32]);
        assert_eq!(tree(vec![[1; 32], [2; 32]]), root);
        let register = |who, length| open_as(who, root, length, ParentList::default(), None);
        assert_ok!(announce_as(BOB, root, 100));
        wait(3);
        assert_ok!(announce_as(ALICE, root, 2 * BLOCK_SIZE));
        wait(DELAY);
        assert_ok!(register(BOB, 100));
        assert_ok!(register(ALICE, 2 * BLOCK_SIZE));
        let taken = Datasets::<Test>::get(wonbon_primitives::DatasetId(root)).expect("registered; qed");
        assert_eq!((taken.owner, taken.length), (ALICE, 2 * BLOCK_SIZE));
    });
}

#[test]
fn who_displaces_themselves_pays_once() {
    run(|| {
        assert_ok!(announce(ALICE, 20));
        wait(1);
        let other = wonbon_primitives::record::announcement(
            &codec::Encode::encode(&ALICE),
            &root(20),
            length(20),
            &[1; 32],
        );
        assert_ok!(Provenance::announce(RuntimeOrigin::signed(ALICE), other));
        wait(DELAY);
        let file = wonbon_primitives::Commitment { root: root(20), length: length(20) };
        let leaves = shown(ALICE, file, 2);
        assert_ok!(Provenance::register(
            RuntimeOrigin::signed(ALICE),
            file.root,
            file.length,
            [1; 32],
            leaves,
            METADATA,
            Method::Collected,
            UncheckedParents::default(),
            None,
        ));
        assert_ok!(open(ALICE, 20));
        assert_eq!(held(HoldReason::Dataset, ALICE), DATASET_DEPOSIT);
        assert_eq!(Announcements::<Test>::iter().count(), 0);
    });
}
