//! What other pallets see and leave, and the hash chain.

use crate::{mock::*, Attestations, DatasetOf, DatasetRegistry, Datasets, Error, Handovers, Versions};
use frame_support::{assert_noop, assert_ok};
use wonbon_primitives::{
    dataset::{Method, Relation},
    record::{
        attestation_entry, first_head, handover_entry, next_head, sample_entry, version_entry,
        withdrawal_entry, AttestationKind, RoyaltyShare,
    },
    registry::{DatasetInfo, TradePlace},
    Commitment,
};

fn dataset() -> DatasetOf<Test> {
    Datasets::<Test>::get(id(1)).expect("registered; qed")
}

fn change(change: impl FnOnce(&mut DatasetOf<Test>)) {
    Datasets::<Test>::mutate(id(1), |slot| change(slot.as_mut().expect("registered; qed")));
}

#[test]
fn the_marketplace_sees_what_it_needs() {
    ExtBuilder::build_and_execute(|| {
        assert_eq!(Provenance::offerable(&id(1)), None);
        assert_eq!(Provenance::owner(&id(1)), None);
        register(ALICE, 1);
        let info = DatasetInfo {
            owner: ALICE,
            commitment: Commitment { root: root(1), length: length(1) },
            withdrawn: false,
        };
        assert_eq!(Provenance::offerable(&id(1)), Some(info.clone()));
        assert_ok!(Provenance::withdraw(RuntimeOrigin::signed(ALICE), id(1), reason()));
        assert_eq!(Provenance::offerable(&id(1)), Some(DatasetInfo { withdrawn: true, ..info }));
        assert_eq!(
            Provenance::owner(&id(1)),
            Some(ALICE),
            "royalties go to the owner of a withdrawn one too"
        );
    });
}

#[test]
fn the_marketplace_sees_where_a_dataset_comes_from() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 1);
        register(BOB, 2);
        let parents = [parent(2, Relation::CleanedFrom, 70), parent(1, Relation::DerivedFrom, 0)];
        register_from(BOB, 3, parents);
        assert_eq!(Provenance::parents(&id(3)), parents);
        assert_eq!(
            Provenance::royalties(&id(3)).into_inner(),
            [RoyaltyShare { dataset: id(2), share: share(70) }]
        );
        for number in [1, 9] {
            assert!(Provenance::parents(&id(number)).is_empty());
            assert!(Provenance::royalties(&id(number)).is_empty());
        }
    });
}

#[test]
fn trades_are_counted_and_take_their_places() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 1);
        assert_eq!(Provenance::next_trade(&id(1)), Some(TradePlace { index: 0, position: 0 }));
        trade(id(1), [7; 32]);
        let kind = AttestationKind::Quality;
        assert_ok!(Provenance::attest(RuntimeOrigin::signed(INSPECTOR), id(1), kind, [9; 32]));
        assert_eq!(Provenance::next_trade(&id(1)), Some(TradePlace { index: 1, position: 2 }));
        trade(id(1), [8; 32]);
        assert_eq!((dataset().trade_count, dataset().records), (2, 3));
        // An order that was open at the withdrawal becomes final.
        assert_ok!(Provenance::withdraw(RuntimeOrigin::signed(ALICE), id(1), reason()));
        trade(id(1), [9; 32]);
        assert_eq!((dataset().trade_count, dataset().records), (3, 5));
    });
}

#[test]
fn a_trade_of_an_unknown_dataset_leaves_no_trace() {
    ExtBuilder::build_and_execute(|| {
        assert_eq!(Provenance::next_trade(&id(1)), None);
        Provenance::record_trade(&id(1), [1; 32]);
        assert_eq!(Datasets::<Test>::iter().count(), 0);
    });
}

/// Where the chain names no place, a trade leaves no trace, whichever count is at its end.
#[test]
fn trades_are_not_counted_beyond_the_end() {
    ExtBuilder::build().execute_with(|| {
        register(ALICE, 1);
        let exhaust: [fn(&mut DatasetOf<Test>); 2] =
            [|dataset| dataset.trade_count = u32::MAX, |dataset| dataset.records = u32::MAX];
        let before = dataset();
        for exhaust in exhaust {
            change(exhaust);
            let at_the_end = dataset();
            assert_eq!(Provenance::next_trade(&id(1)), None);
            Provenance::record_trade(&id(1), [1; 32]);
            assert_eq!(dataset(), at_the_end);
            Datasets::<Test>::insert(id(1), before.clone());
        }
        change(|dataset| dataset.trade_count = u32::MAX - 1);
        assert_eq!(Provenance::next_trade(&id(1)), Some(TradePlace { index: u32::MAX - 1, position: 0 }));
        Provenance::record_trade(&id(1), [1; 32]);
        assert_eq!(dataset().trade_count, u32::MAX);
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

        trade(id(1), [0x77; 32]);
        entries.push([0x77; 32]);

        assert_ok!(Provenance::revoke_attestation(RuntimeOrigin::signed(INSPECTOR), id(1), 0, reason()));
        let attestation = Attestations::<Test>::get(id(1), 0).expect("it stays; qed");
        assert_eq!((attestation.position, attestation.revoked.as_ref().map(|r| r.position)), (0, Some(2)));
        entries.push(attestation_entry(&id(1), 0, &attestation));

        register_version(ALICE, 1, 2);
        let version = Versions::<Test>::get(id(1), 0).expect("just registered; qed");
        entries.push(version_entry(&id(1), 0, &version));

        assert_ok!(Provenance::propose_handover(RuntimeOrigin::signed(ALICE), id(1), BOB));
        wait(DRAW_DELAY);
        assert_ok!(Provenance::accept_handover(RuntimeOrigin::signed(BOB), id(1)));
        let handover = Handovers::<Test>::get(id(1), 0).expect("just accepted; qed");
        entries.push(handover_entry(&id(1), 0, &handover));

        assert_ok!(Provenance::answer_draw(RuntimeOrigin::signed(BOB), id(1), 2, [4; 32]));
        entries.push(sample_entry(&id(1), &dataset().sample.expect("just answered; qed")));

        assert_ok!(Provenance::withdraw(RuntimeOrigin::signed(BOB), id(1), reason()));
        let withdrawal = dataset().withdrawn.expect("just withdrawn; qed");
        entries.push(withdrawal_entry(&id(1), &withdrawal));

        // An order that was open at the withdrawal becomes final.
        trade(id(1), [0x78; 32]);
        entries.push([0x78; 32]);

        for entry in &entries {
            head = next_head(&head, entry);
        }
        assert_eq!(dataset().records, 8);
        assert_eq!(dataset().head, head);
    });
}

#[test]
fn the_hash_chain_is_not_extended_beyond_the_end() {
    ExtBuilder::build().execute_with(|| {
        register(ALICE, 1);
        change(|dataset| dataset.records = u32::MAX);
        assert_noop!(
            Provenance::withdraw(RuntimeOrigin::signed(ALICE), id(1), reason()),
            Error::<Test>::TooManyRecords
        );
    });
}

/// The first value depends on each fact that registration fixed, and on the order of the parents; what happens
/// afterwards does not change it.
#[test]
fn the_first_value_fixes_every_fact() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 1);
        let known = dataset();
        let parents = [2, 3].map(|number| parent(number, Relation::DerivedFrom, 9));
        let first = first_head(&id(1), &known, &parents);
        let changes: [fn(&mut DatasetOf<Test>); 9] = [
            |dataset| dataset.registrant = BOB,
            |dataset| dataset.length += 1,
            |dataset| dataset.metadata = [0; 32],
            |dataset| dataset.method = Method::Cleaned,
            |dataset| dataset.registered.block += 1,
            |dataset| dataset.registered.time += 1,
            |dataset| dataset.announced -= 1,
            |dataset| dataset.provisional_until += 1,
            |dataset| dataset.depth += 1,
        ];
        for change in changes {
            let mut other = known.clone();
            change(&mut other);
            assert_ne!(first_head(&id(1), &other, &parents), first);
        }
        assert_ne!(first_head(&id(2), &known, &parents), first);
        assert_ne!(first_head(&id(1), &known, &parents[..1]), first);
        assert_ne!(first_head(&id(1), &known, &[parents[1], parents[0]]), first);
        let mut cheaper = parents;
        cheaper[0].royalty = share(8);
        assert_ne!(first_head(&id(1), &known, &cheaper), first);

        let mut later = known.clone();
        (later.owner, later.deposit, later.records, later.head) = (BOB, 1, 9, [9; 32]);
        later.trade_count = 4;
        assert_eq!(first_head(&id(1), &later, &parents), first);
    });
}
