//! What other pallets see, the hash chain, and that the invariants catch what they are for.

use crate::{
    attestation_entry, first_head, handover_entry, mock::*, next_head, withdrawal_entry, AttestationCount,
    AttestationKind, Attestations, ChildCount, Children, DatasetOf, DatasetRegistry, Datasets, Error,
    Handovers, Parent, Parents, Records,
};
use frame_support::{assert_noop, assert_ok};
use wonbon_primitives::{
    dataset::{DatasetInfo, Relation},
    Commitment,
};

fn dataset() -> DatasetOf<Test> {
    Datasets::<Test>::get(id(1)).expect("registered; qed")
}

#[test]
fn the_marketplace_sees_what_it_needs() {
    ExtBuilder::build_and_execute(|| {
        assert_eq!(Provenance::offerable(&id(1)), None);
        register(ALICE, 1);
        let info = DatasetInfo {
            owner: ALICE,
            commitment: Commitment { root: root(1), length: LENGTH },
            withdrawn: false,
        };
        assert_eq!(Provenance::offerable(&id(1)), Some(info.clone()));
        assert_ok!(Provenance::withdraw(RuntimeOrigin::signed(ALICE), id(1), reason()));
        assert_eq!(Provenance::offerable(&id(1)), Some(DatasetInfo { withdrawn: true, ..info }));
    });
}

/// Everything that happens to a dataset, folded by hand.
#[test]
fn the_hash_chain_holds_everything_in_order() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 1);
        let mut head = first_head(&id(1), &dataset(), &[]);
        let mut entries = Vec::new();

        let attest = |kind| Provenance::attest(RuntimeOrigin::signed(INSPECTOR), id(1), kind, [9; 32]);
        assert_ok!(attest(AttestationKind::Quality));
        let attestation = Attestations::<Test>::get(id(1), 0).expect("just made; qed");
        entries.push(attestation_entry(&id(1), 0, &attestation));

        let trade = [0x77; 32];
        Provenance::record(&id(1), trade);
        entries.push(trade);

        assert_ok!(Provenance::revoke_attestation(RuntimeOrigin::signed(INSPECTOR), id(1), 0, reason()));
        let attestation = Attestations::<Test>::get(id(1), 0).expect("it stays; qed");
        entries.push(attestation_entry(&id(1), 0, &attestation));

        assert_ok!(Provenance::propose_handover(RuntimeOrigin::signed(ALICE), id(1), BOB));
        wait(2);
        assert_ok!(Provenance::accept_handover(RuntimeOrigin::signed(BOB), id(1)));
        entries.push(handover_entry(&id(1), &ALICE, &BOB, &System::block_number()));

        assert_ok!(Provenance::withdraw(RuntimeOrigin::signed(BOB), id(1), reason()));
        let withdrawal = dataset().withdrawn.expect("just withdrawn; qed");
        entries.push(withdrawal_entry(&id(1), &withdrawal));

        // An order that was open at the withdrawal becomes final.
        Provenance::record(&id(1), [0x78; 32]);
        entries.push([0x78; 32]);

        for (index, entry) in (0u32..).zip(&entries) {
            assert_eq!(Records::<Test>::get(id(1), index), Some(*entry));
            head = next_head(&head, entry);
        }
        assert_eq!(dataset().records, 6);
        assert_eq!(dataset().head, head);
    });
}

#[test]
fn a_record_for_an_unknown_dataset_leaves_no_trace() {
    ExtBuilder::build_and_execute(|| {
        Provenance::record(&id(1), [1; 32]);
        assert_eq!(Records::<Test>::iter().count(), 0);
    });
}

#[test]
fn the_hash_chain_is_not_extended_beyond_the_end() {
    ExtBuilder::build().execute_with(|| {
        register(ALICE, 1);
        Datasets::<Test>::mutate(id(1), |slot| slot.as_mut().expect("registered; qed").records = u32::MAX);
        assert_noop!(
            Provenance::withdraw(RuntimeOrigin::signed(ALICE), id(1), reason()),
            Error::<Test>::TooManyRecords
        );
    });
}

/// The first value depends on each fact that registration fixed, and on the order of the parents.
#[test]
fn the_first_value_fixes_every_fact() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 1);
        let known = dataset();
        let parents = [2, 3].map(|number| Parent { dataset: id(number), relation: Relation::DerivedFrom });
        let first = first_head(&id(1), &known, &parents);
        let changes: [fn(&mut DatasetOf<Test>); 5] = [
            |dataset| dataset.registrant = BOB,
            |dataset| dataset.length += 1,
            |dataset| dataset.metadata = [0; 32],
            |dataset| dataset.method = wonbon_primitives::dataset::Method::Cleaned,
            |dataset| dataset.registered_at += 1,
        ];
        for change in changes {
            let mut other = known.clone();
            change(&mut other);
            assert_ne!(first_head(&id(1), &other, &parents), first);
        }
        assert_ne!(first_head(&id(2), &known, &parents), first);
        assert_ne!(first_head(&id(1), &known, &parents[..1]), first);
        assert_ne!(first_head(&id(1), &known, &[parents[1], parents[0]]), first);
    });
}

/// The invariants are worth something only if a broken state fails them.
#[test]
fn the_invariants_catch_a_broken_state() {
    fn change(change: impl FnOnce(&mut DatasetOf<Test>)) {
        Datasets::<Test>::mutate(id(1), |slot| change(slot.as_mut().expect("registered; qed")));
    }
    let broken: [fn(); 20] = [
        || change(|dataset| dataset.version = 2),
        || change(|dataset| dataset.length = 0),
        || change(|dataset| dataset.registrant = BOB),
        || change(|dataset| dataset.metadata = [1; 32]),
        || change(|dataset| dataset.registered_at = 1_000),
        || change(|dataset| dataset.head = [1; 32]),
        || change(|dataset| dataset.records = 0),
        || change(|dataset| dataset.deposit += 1),
        || change(|dataset| dataset.owner = BOB),
        || Records::<Test>::insert(id(1), 0, [1; 32]),
        || Records::<Test>::remove(id(1), 1),
        || ChildCount::<Test>::remove(id(2)),
        || AttestationCount::<Test>::insert(id(1), 2),
        || Attestations::<Test>::remove(id(1), 0),
        || {
            Attestations::<Test>::mutate(id(1), 0, |slot| {
                slot.as_mut().expect("attested; qed").document = [1; 32];
            });
        },
        || Children::<Test>::insert(id(1), 0, id(1)),
        || Parents::<Test>::insert(id(2), 0, Parent { dataset: id(9), relation: Relation::SubsetOf }),
        || Parents::<Test>::insert(id(9), 0, Parent { dataset: id(1), relation: Relation::SubsetOf }),
        || Handovers::<Test>::insert(id(1), ALICE),
        || Datasets::<Test>::remove(id(2)),
    ];
    for (number, breaking) in broken.into_iter().enumerate() {
        ExtBuilder::build().execute_with(|| {
            register(ALICE, 1);
            let parent = Parent { dataset: id(1), relation: Relation::CleanedFrom };
            register_from(BOB, 2, vec![parent].try_into().expect("one; qed"));
            let kind = AttestationKind::Quality;
            assert_ok!(Provenance::attest(RuntimeOrigin::signed(INSPECTOR), id(1), kind, [9; 32]));
            Provenance::record(&id(1), [7; 32]);
            assert_ok!(Provenance::do_try_state());
            breaking();
            assert!(Provenance::do_try_state().is_err(), "breaking {number} was not noticed");
        });
    }
}
