//! Announcing and registering.

use crate::{mock::*, Announcements, ChildCount, Datasets, Error, Event, HoldReason, Royalties};
use frame_support::{assert_noop, assert_ok, traits::Hooks};
use sp_runtime::{
    traits::{BadOrigin, Dispatchable},
    DispatchResult, TokenError,
};
use wonbon_primitives::{
    bounds::MAX_LENGTH,
    content::shown::ShownLeaves,
    dataset::{Method, Relation},
    record::{first_head, Announcement, AttestationKind, Dataset, ParentList},
    unchecked::UncheckedParents,
};

/// The second step of registering a dataset without parents.
fn open(who: AccountId, number: u8) -> DispatchResult {
    crate::mock::open(who, number, ParentList::default(), None)
}

#[test]
fn a_dataset_is_registered_in_two_steps() {
    ExtBuilder::build_and_execute(|| {
        assert_ok!(announce(ALICE, 1));
        let announced = Announcement { version: 2, at: 1, deposit: DATASET_DEPOSIT };
        assert_eq!(Announcements::<Test>::get(ALICE, commitment(ALICE, 1)), Some(announced));
        assert_eq!(held(HoldReason::Announcement, ALICE), DATASET_DEPOSIT);
        assert_eq!(events(), [Event::Announced { account: ALICE, commitment: commitment(ALICE, 1) }]);

        wait(DELAY);
        assert_ok!(open(ALICE, 1));
        let dataset = Datasets::<Test>::get(id(1)).expect("registered; qed");
        let expected = Dataset {
            version: 2,
            registrant: ALICE,
            owner: ALICE,
            length: length(1),
            metadata: METADATA,
            method: Method::Collected,
            registered: at(1 + DELAY),
            announced: 1,
            provisional_until: 1 + DELAY,
            depth: 0,
            parent_count: 0,
            attestation_count: 0,
            handover_count: 0,
            version_count: 0,
            trade_count: 0,
            withdrawn: None,
            sample: None,
            records: 0,
            head: first_head(&id(1), &dataset, &[]),
            deposit: DATASET_DEPOSIT,
        };
        assert_eq!(dataset, expected);
        assert_eq!(held(HoldReason::Announcement, ALICE), 0);
        assert_eq!(held(HoldReason::Dataset, ALICE), DATASET_DEPOSIT);
        assert!(!Announcements::<Test>::contains_key(ALICE, commitment(ALICE, 1)));
        // Zero is stored, so that it can be proved; and no royalties are nothing.
        assert!(ChildCount::<Test>::contains_key(id(1)) && !Royalties::<Test>::contains_key(id(1)));
        assert_eq!(
            events(),
            [Event::DatasetRegistered {
                dataset: id(1),
                owner: ALICE,
                length: length(1),
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
        assert_noop!(open(BOB, 1), Error::<Test>::NotAnnounced);
        // Her commitment, copied, is worth nothing: it opens to her account and to no other.
        assert_ok!(Provenance::announce(RuntimeOrigin::signed(BOB), commitment(ALICE, 1)));
        // Their own is in time only if they keep her out of the next blocks as well.
        assert_ok!(announce(BOB, 1));
        assert_noop!(open(BOB, 1), Error::<Test>::TooEarly);
        wait(1);
        assert_noop!(open(BOB, 1), Error::<Test>::TooEarly);
        assert_ok!(open(ALICE, 1));
        wait(DELAY);
        assert_noop!(open(BOB, 1), Error::<Test>::AlreadyRegistered);
        let dataset = Datasets::<Test>::get(id(1)).expect("registered; qed");
        assert_eq!((dataset.registrant, dataset.owner, dataset.registered), (ALICE, ALICE, at(4)));
    });
}

/// The attack: put a copy of every commitment in front of its owner's announcement, so that they never get one.
#[test]
fn a_copied_commitment_stops_nobody() {
    ExtBuilder::build_and_execute(|| {
        assert_ok!(Provenance::announce(RuntimeOrigin::signed(BOB), commitment(ALICE, 1)));
        assert_ok!(announce(ALICE, 1));
        wait(DELAY);
        assert_noop!(open(BOB, 1), Error::<Test>::NotAnnounced);
        assert_ok!(open(ALICE, 1));
    });
}

#[test]
fn an_announcement_opens_after_the_delay_and_not_before() {
    ExtBuilder::build_and_execute(|| {
        assert_ok!(announce(ALICE, 1));
        for _ in 0..DELAY {
            assert_noop!(open(ALICE, 1), Error::<Test>::TooEarly);
            wait(1);
        }
        assert_ok!(open(ALICE, 1));
    });
}

#[test]
fn an_announcement_opens_to_its_root_and_salt_only() {
    ExtBuilder::build_and_execute(|| {
        assert_ok!(announce(ALICE, 1));
        wait(DELAY);
        assert_noop!(open(ALICE, 2), Error::<Test>::NotAnnounced);
        assert_noop!(
            Provenance::register(
                RuntimeOrigin::signed(ALICE),
                root(1),
                length(1),
                [0; 32],
                ShownLeaves::default(),
                METADATA,
                Method::Collected,
                UncheckedParents::default(),
                None,
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
            assert_noop!(open(who, 1), Error::<Test>::AlreadyRegistered);
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
        assert_noop!(open(BOB, 1), Error::<Test>::AlreadyRegistered);
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
        assert_noop!(open(ALICE, 1), Error::<Test>::NotVerified);
        Register::reinstate(ALICE);
        assert_ok!(open(ALICE, 1));
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
        assert_noop!(open(ALICE, 1), Error::<Test>::NotAnnounced);
    });
}

#[test]
fn deposits_are_needed() {
    ExtBuilder::build_and_execute(|| {
        assert_noop!(announce(PAUPER, 1), TokenError::FundsUnavailable);
        register(ALICE, 2);
        // An announcement takes the whole deposit of a dataset, and one with a parent takes the rest when it is registered.
        let enough = DATASET_DEPOSIT + 1;
        assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), PAUPER, enough - 1));
        assert_noop!(announce(PAUPER, 1), TokenError::FundsUnavailable);
        assert_ok!(Balances::transfer_allow_death(RuntimeOrigin::signed(ALICE), PAUPER, PARENT_DEPOSIT));
        assert_ok!(announce(PAUPER, 1));
        wait(DELAY);
        let with_parent = || {
            let parents = list([parent(2, Relation::DerivedFrom, 0)]);
            crate::mock::open(PAUPER, 1, parents, None)
        };
        assert_noop!(with_parent(), TokenError::FundsUnavailable);
        assert_ok!(Balances::transfer_allow_death(RuntimeOrigin::signed(ALICE), PAUPER, 1));
        assert_ok!(with_parent());
    });
}

#[test]
fn a_length_is_within_bounds() {
    ExtBuilder::build_and_execute(|| {
        let with_length = |root, length| open_as(ALICE, root, length, ParentList::default(), None);
        let two = tree(vec![[1; 32], [2; 32]]);
        let possible = [([1; 32], 1), ([2; 32], 4_096), (two, 4_097), (uniform_root(26), MAX_LENGTH)];
        for (root, length) in possible {
            assert_ok!(announce_as(ALICE, root, length));
        }
        for length in [0, MAX_LENGTH + 1, u64::MAX] {
            // The chain cannot see it yet.
            assert_ok!(announce_as(ALICE, root(1), length));
        }
        wait(DELAY);
        for length in [0, MAX_LENGTH + 1, u64::MAX] {
            assert_noop!(with_length(root(1), length), Error::<Test>::LengthOutOfRange);
        }
        for (root, length) in possible {
            assert_ok!(with_length(root, length));
        }
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
                length: length(2),
                salt: SALT,
                leaves: ShownLeaves::default(),
                metadata: METADATA,
                method: Method::Collected,
                parents: UncheckedParents::default(),
                growth: None,
            },
            crate::Call::attest { dataset: id(1), kind: AttestationKind::Quality, document: [0; 32] },
            crate::Call::withdraw { dataset: id(1), reason: reason() },
            crate::Call::propose_handover { dataset: id(1), to: BOB },
            crate::Call::accept_handover { dataset: id(1) },
            crate::Call::cancel_handover { dataset: id(1) },
            crate::Call::answer_draw { dataset: id(1), blocks: 1, digest: [0; 32] },
            crate::Call::clear_announcement { account: ALICE, commitment: [0; 32] },
            crate::Call::enter_lineage { dataset: id(1) },
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
