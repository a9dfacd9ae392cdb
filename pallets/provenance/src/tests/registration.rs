//! Announcing and registering.

use crate::{
    first_head, mock::*, Announcement, Announcements, AttestationCount, ChildCount, Children, Dataset,
    Datasets, Error, Event, HoldReason, Parent, ParentList, Parents,
};
use frame_support::{assert_noop, assert_ok, traits::Hooks};
use sp_runtime::{
    traits::{BadOrigin, Dispatchable},
    TokenError,
};
use wonbon_primitives::{
    bounds::{MAX_LENGTH, MAX_PARENTS},
    dataset::{Method, Relation},
};

fn parents(list: &[(u8, Relation)]) -> ParentList {
    let list: Vec<_> =
        list.iter().map(|&(number, relation)| Parent { dataset: id(number), relation }).collect();
    list.try_into().expect("few enough; qed")
}

#[test]
fn a_dataset_is_registered_in_two_steps() {
    ExtBuilder::build_and_execute(|| {
        assert_ok!(announce(ALICE, 1));
        let announced = Announcement { version: 1, at: 1, deposit: ANNOUNCEMENT_DEPOSIT };
        assert_eq!(Announcements::<Test>::get(ALICE, commitment(ALICE, 1)), Some(announced));
        assert_eq!(held(HoldReason::Announcement, ALICE), ANNOUNCEMENT_DEPOSIT);
        assert_eq!(events(), [Event::Announced { account: ALICE, commitment: commitment(ALICE, 1) }]);

        wait(DELAY);
        assert_ok!(open(ALICE, 1, ParentList::default()));
        let dataset = Datasets::<Test>::get(id(1)).expect("registered; qed");
        let expected = Dataset {
            version: 1,
            registrant: ALICE,
            owner: ALICE,
            length: LENGTH,
            metadata: METADATA,
            method: Method::Collected,
            registered_at: 1 + DELAY,
            parent_count: 0,
            withdrawn: None,
            records: 0,
            head: first_head(&id(1), &dataset, &[]),
            deposit: DATASET_DEPOSIT,
        };
        assert_eq!(dataset, expected);
        assert_eq!(held(HoldReason::Announcement, ALICE), 0);
        assert_eq!(held(HoldReason::Dataset, ALICE), DATASET_DEPOSIT);
        assert!(!Announcements::<Test>::contains_key(ALICE, commitment(ALICE, 1)));
        // Zero is stored, so that it can be proved.
        assert!(ChildCount::<Test>::contains_key(id(1)) && AttestationCount::<Test>::contains_key(id(1)));
        assert_eq!(
            events(),
            [Event::DatasetRegistered {
                dataset: id(1),
                owner: ALICE,
                length: LENGTH,
                metadata: METADATA,
                method: Method::Collected,
                parent_count: 0,
            }]
        );
    });
}

/// The attack: read the root in the pool and claim it first. Whatever the cheater puts in front of the honest
/// registration, it has no announcement behind it that is old enough.
#[test]
fn who_saw_the_root_in_the_pool_comes_too_late() {
    ExtBuilder::build_and_execute(|| {
        assert_ok!(announce(ALICE, 1));
        wait(DELAY);
        // Alice's registration is in the pool, root and salt with it. Bob pays to be in front of her.
        assert_noop!(open(BOB, 1, ParentList::default()), Error::<Test>::NotAnnounced);
        // Her commitment, copied, is worth nothing: it opens to her account and to no other.
        assert_ok!(Provenance::announce(RuntimeOrigin::signed(BOB), commitment(ALICE, 1)));
        // His own is in time only if he keeps her out of the next blocks as well.
        assert_ok!(announce(BOB, 1));
        assert_noop!(open(BOB, 1, ParentList::default()), Error::<Test>::TooEarly);
        wait(1);
        assert_noop!(open(BOB, 1, ParentList::default()), Error::<Test>::TooEarly);
        assert_ok!(open(ALICE, 1, ParentList::default()));
        wait(DELAY);
        assert_noop!(open(BOB, 1, ParentList::default()), Error::<Test>::AlreadyRegistered);
        let dataset = Datasets::<Test>::get(id(1)).expect("registered; qed");
        assert_eq!((dataset.registrant, dataset.owner, dataset.registered_at), (ALICE, ALICE, 4));
    });
}

/// The attack: put a copy of every commitment in front of its owner's announcement, so that he never gets one.
#[test]
fn a_copied_commitment_stops_nobody() {
    ExtBuilder::build_and_execute(|| {
        assert_ok!(Provenance::announce(RuntimeOrigin::signed(BOB), commitment(ALICE, 1)));
        assert_ok!(announce(ALICE, 1));
        wait(DELAY);
        assert_noop!(open(BOB, 1, ParentList::default()), Error::<Test>::NotAnnounced);
        assert_ok!(open(ALICE, 1, ParentList::default()));
    });
}

#[test]
fn an_announcement_opens_after_the_delay_and_not_before() {
    ExtBuilder::build_and_execute(|| {
        assert_ok!(announce(ALICE, 1));
        for _ in 0..DELAY {
            assert_noop!(open(ALICE, 1, ParentList::default()), Error::<Test>::TooEarly);
            wait(1);
        }
        assert_ok!(open(ALICE, 1, ParentList::default()));
    });
}

#[test]
fn an_announcement_opens_to_its_root_and_salt_only() {
    ExtBuilder::build_and_execute(|| {
        assert_ok!(announce(ALICE, 1));
        wait(DELAY);
        assert_noop!(open(ALICE, 2, ParentList::default()), Error::<Test>::NotAnnounced);
        assert_noop!(
            Provenance::register(
                RuntimeOrigin::signed(ALICE),
                root(1),
                LENGTH,
                [0; 32],
                METADATA,
                Method::Collected,
                ParentList::default()
            ),
            Error::<Test>::NotAnnounced
        );
    });
}

#[test]
fn known_bytes_are_refused_whoever_comes() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 1);
        // The owner again, another provider with everything in order, and one who may not register at all.
        for who in [ALICE, BOB] {
            assert_ok!(announce(who, 1));
        }
        wait(DELAY);
        for who in [ALICE, BOB, STRANGER] {
            assert_noop!(open(who, 1, ParentList::default()), Error::<Test>::AlreadyRegistered);
        }
        // The deposit of an announcement in vain is not lost.
        assert_ok!(Provenance::cancel_announcement(RuntimeOrigin::signed(BOB), commitment(BOB, 1)));
        assert_eq!(held(HoldReason::Announcement, BOB), 0);
    });
}

#[test]
fn withdrawn_bytes_stay_known() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 1);
        assert_ok!(Provenance::withdraw(RuntimeOrigin::signed(ALICE), id(1), reason()));
        assert_ok!(announce(BOB, 1));
        wait(DELAY);
        assert_noop!(open(BOB, 1, ParentList::default()), Error::<Test>::AlreadyRegistered);
    });
}

#[test]
fn only_verified_providers_announce_and_register() {
    ExtBuilder::build_and_execute(|| {
        assert_noop!(announce(STRANGER, 1), Error::<Test>::NotVerified);
        assert_noop!(announce(CONSUMER, 1), Error::<Test>::NotAProvider);
        assert_ok!(announce(ALICE, 1));
        wait(DELAY);
        Register::suspend(ALICE);
        assert_noop!(announce(ALICE, 2), Error::<Test>::NotVerified);
        assert_noop!(open(ALICE, 1, ParentList::default()), Error::<Test>::NotVerified);
        Register::reinstate(ALICE);
        assert_ok!(open(ALICE, 1, ParentList::default()));
    });
}

#[test]
fn suspension_takes_nothing_that_stands() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 1);
        assert_ok!(announce(ALICE, 2));
        let before = Datasets::<Test>::get(id(1));
        Register::suspend(ALICE);
        assert_eq!(Datasets::<Test>::get(id(1)), before);
        // Her deposit for what she can no longer register is hers.
        assert_ok!(Provenance::cancel_announcement(RuntimeOrigin::signed(ALICE), commitment(ALICE, 2)));
        assert_eq!(held(HoldReason::Announcement, ALICE), 0);
    });
}

#[test]
fn an_announcement_is_cancelled_by_its_account_once() {
    ExtBuilder::build_and_execute(|| {
        assert_ok!(announce(ALICE, 1));
        assert_noop!(announce(ALICE, 1), Error::<Test>::AlreadyAnnounced);
        let commitment = commitment(ALICE, 1);
        assert_noop!(
            Provenance::cancel_announcement(RuntimeOrigin::signed(BOB), commitment),
            Error::<Test>::NotAnnounced
        );
        events();
        assert_ok!(Provenance::cancel_announcement(RuntimeOrigin::signed(ALICE), commitment));
        assert_eq!(events(), [Event::AnnouncementCancelled { account: ALICE, commitment }]);
        assert_eq!(held(HoldReason::Announcement, ALICE), 0);
        assert_noop!(
            Provenance::cancel_announcement(RuntimeOrigin::signed(ALICE), commitment),
            Error::<Test>::NotAnnounced
        );
        wait(DELAY);
        assert_noop!(open(ALICE, 1, ParentList::default()), Error::<Test>::NotAnnounced);
    });
}

#[test]
fn deposits_are_needed() {
    ExtBuilder::build_and_execute(|| {
        assert_noop!(announce(PAUPER, 1), TokenError::FundsUnavailable);
        // Enough for the announcement, and one short of the dataset: the announcement's deposit counts.
        let enough = DATASET_DEPOSIT + 1;
        assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), PAUPER, enough - 1));
        assert_ok!(announce(PAUPER, 1));
        wait(DELAY);
        assert_noop!(open(PAUPER, 1, ParentList::default()), TokenError::FundsUnavailable);
        assert_ok!(Balances::transfer_allow_death(RuntimeOrigin::signed(ALICE), PAUPER, 1));
        assert_ok!(open(PAUPER, 1, ParentList::default()));
    });
}

#[test]
fn a_length_is_within_bounds() {
    ExtBuilder::build_and_execute(|| {
        let with_length = |number: u8, length: u64| {
            Provenance::register(
                RuntimeOrigin::signed(ALICE),
                root(number),
                length,
                SALT,
                METADATA,
                Method::Synthesised,
                ParentList::default(),
            )
        };
        for number in 1..=4 {
            assert_ok!(announce(ALICE, number));
        }
        wait(DELAY);
        for (number, length) in [(1, 0), (1, MAX_LENGTH + 1), (1, u64::MAX)] {
            assert_noop!(with_length(number, length), Error::<Test>::LengthOutOfRange);
        }
        for (number, length) in [(1, 1), (2, 4_096), (3, 4_097), (4, MAX_LENGTH)] {
            assert_ok!(with_length(number, length));
        }
    });
}

#[test]
fn lineage_is_stored_both_ways() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 1);
        register(BOB, 2);
        register_from(ALICE, 3, parents(&[(2, Relation::AggregatedFrom), (1, Relation::NewVersionOf)]));
        register_from(BOB, 4, parents(&[(1, Relation::CleanedFrom)]));

        let dataset = Datasets::<Test>::get(id(3)).expect("registered; qed");
        assert_eq!(dataset.parent_count, 2);
        assert_eq!(dataset.deposit, DATASET_DEPOSIT + 2 * PARENT_DEPOSIT);
        let first = Parent { dataset: id(2), relation: Relation::AggregatedFrom };
        let second = Parent { dataset: id(1), relation: Relation::NewVersionOf };
        assert_eq!(Parents::<Test>::get(id(3), 0), Some(first));
        assert_eq!(Parents::<Test>::get(id(3), 1), Some(second));
        assert_eq!(dataset.head, first_head(&id(3), &dataset, &[first, second]));

        assert_eq!(ChildCount::<Test>::get(id(1)), 2);
        assert_eq!(Children::<Test>::get(id(1), 0), Some(id(3)));
        assert_eq!(Children::<Test>::get(id(1), 1), Some(id(4)));
        assert_eq!(ChildCount::<Test>::get(id(2)), 1);
    });
}

#[test]
fn lineage_is_checked() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 1);
        register(BOB, 2);
        assert_ok!(announce(ALICE, 3));
        wait(DELAY);
        for (list, error) in [
            (parents(&[(9, Relation::DerivedFrom)]), Error::<Test>::ParentNotRegistered),
            (
                parents(&[(1, Relation::DerivedFrom), (1, Relation::CleanedFrom)]),
                Error::<Test>::DuplicateParent,
            ),
            (parents(&[(3, Relation::DerivedFrom)]), Error::<Test>::OwnParent),
            (parents(&[(2, Relation::NewVersionOf)]), Error::<Test>::NotYourVersion),
        ] {
            assert_noop!(open(ALICE, 3, list), error);
        }
        // What it was made from remains true after it was withdrawn.
        assert_ok!(Provenance::withdraw(RuntimeOrigin::signed(BOB), id(2), reason()));
        assert_ok!(open(ALICE, 3, parents(&[(2, Relation::DerivedFrom)])));
    });
}

#[test]
fn as_many_parents_as_the_bound_and_no_more() {
    ExtBuilder::build_and_execute(|| {
        let list: Vec<_> = (1..=MAX_PARENTS as u8).map(|number| (number, Relation::DerivedFrom)).collect();
        for (number, _) in &list {
            register(BOB, *number);
        }
        register_from(ALICE, 200, parents(&list));
        assert_eq!(ChildCount::<Test>::get(id(1)), 1);
        let too_many =
            vec![Parent { dataset: id(1), relation: Relation::DerivedFrom }; MAX_PARENTS as usize + 1];
        assert!(ParentList::try_from(too_many).is_err());
    });
}

#[test]
fn a_parent_with_as_many_children_as_can_be_counted_takes_no_more() {
    ExtBuilder::build().execute_with(|| {
        register(ALICE, 1);
        ChildCount::<Test>::insert(id(1), u32::MAX);
        assert_ok!(announce(ALICE, 2));
        wait(DELAY);
        assert_noop!(open(ALICE, 2, parents(&[(1, Relation::DerivedFrom)])), Error::<Test>::TooManyRecords);
    });
}

/// Companies sign for themselves: nothing here is done for them by the authority or by nobody.
#[test]
fn calls_are_signed() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 1);
        let calls = [
            crate::Call::<Test>::announce { commitment: [0; 32] },
            crate::Call::cancel_announcement { commitment: [0; 32] },
            crate::Call::register {
                root: root(2),
                length: LENGTH,
                salt: SALT,
                metadata: METADATA,
                method: Method::Collected,
                parents: ParentList::default(),
            },
            crate::Call::attest { dataset: id(1), kind: crate::AttestationKind::Quality, document: [0; 32] },
            crate::Call::withdraw { dataset: id(1), reason: reason() },
            crate::Call::propose_handover { dataset: id(1), to: BOB },
            crate::Call::accept_handover { dataset: id(1) },
            crate::Call::cancel_handover { dataset: id(1) },
        ];
        for call in calls {
            for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
                let result = RuntimeCall::from(call.clone()).dispatch(origin).map_err(|error| error.error);
                assert_eq!(result, Err(BadOrigin.into()));
            }
        }
        let revoke = crate::Call::<Test>::revoke_attestation { dataset: id(1), index: 0, reason: reason() };
        let result = RuntimeCall::from(revoke).dispatch(RuntimeOrigin::none()).map_err(|error| error.error);
        assert_eq!(result, Err(BadOrigin.into()));
    });
}

#[test]
fn the_configuration_is_sound() {
    Provenance::integrity_test();
}
