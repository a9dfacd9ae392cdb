//! The invariants are worth something only if a broken state fails them.

use crate::{
    mock::*, Announcements, Attestations, ChildCount, Children, DatasetOf, Datasets, DisplacedIn, DrawDue,
    Handovers, KeptRights, Parents, PendingHandovers, PendingLineage, Royalties, Seeds, Versions,
};
use frame_support::assert_ok;
use wonbon_primitives::{
    dataset::{Method, Relation},
    record::{AttestationKind, GrownFrom, Parent, Version},
    share::Share,
};

fn change(change: impl FnOnce(&mut DatasetOf<Test>)) {
    Datasets::<Test>::mutate(id(1), |slot| change(slot.as_mut().expect("registered; qed")));
}

/// Everything that can happen to a dataset has happened to the first: attested, revoked, traded twice, grown into
/// the third, handed over, answered, withdrawn; the second was made from it, with a royalty. The fourth is about
/// to be handed over, and its draw is due.
fn everything() {
    register(ALICE, 1);
    register_from(BOB, 2, [parent(1, Relation::CleanedFrom, 9)]);
    let attest = |kind| Provenance::attest(RuntimeOrigin::signed(INSPECTOR), id(1), kind, [9; 32]);
    assert_ok!(attest(AttestationKind::Quality));
    assert_ok!(attest(AttestationKind::Processing));
    assert_ok!(Provenance::revoke_attestation(RuntimeOrigin::root(), id(1), 0, reason()));
    trade(id(1), [7; 32]);
    trade(id(1), [8; 32]);
    register_version(ALICE, 1, 3);
    assert_ok!(Provenance::propose_handover(RuntimeOrigin::signed(ALICE), id(1), BOB));
    assert_ok!(Provenance::accept_handover(RuntimeOrigin::signed(BOB), id(1)));
    wait(DRAW_DELAY + 1);
    assert_ok!(Provenance::answer_draw(RuntimeOrigin::signed(BOB), id(1), 2, [4; 32]));
    assert_ok!(Provenance::withdraw(RuntimeOrigin::signed(BOB), id(1), reason()));
    register(ALICE, 4);
    assert_ok!(Provenance::propose_handover(RuntimeOrigin::signed(ALICE), id(4), BOB));
    assert_ok!(announce(ALICE, 5));
    assert_ok!(Provenance::do_try_state());
}

fn all_are_noticed<const N: usize>(broken: [fn(); N]) {
    for (number, breaking) in broken.into_iter().enumerate() {
        ExtBuilder::build().execute_with(|| {
            everything();
            breaking();
            assert!(Provenance::do_try_state().is_err(), "breaking {number} was not noticed");
        });
    }
}

#[test]
fn a_broken_dataset_is_noticed() {
    all_are_noticed([
        || change(|dataset| dataset.version = 1),
        || change(|dataset| dataset.length = 0),
        || change(|dataset| dataset.deposit += 1),
        || change(|dataset| dataset.owner = ALICE),
        || change(|dataset| dataset.registered.block = 1_000),
        || change(|dataset| dataset.depth += 1),
        || change(|dataset| dataset.parent_count += 1),
        || change(|dataset| dataset.attestation_count += 1),
        || change(|dataset| dataset.handover_count += 1),
        || change(|dataset| dataset.version_count += 1),
        || change(|dataset| dataset.trade_count += 1),
        || change(|dataset| dataset.attestation_count -= 1),
        || change(|dataset| dataset.handover_count -= 1),
        || change(|dataset| dataset.version_count -= 1),
        || change(|dataset| dataset.trade_count -= 1),
        || Datasets::<Test>::remove(id(2)),
        || Announcements::<Test>::remove(ALICE, commitment(ALICE, 5)),
        || {
            Announcements::<Test>::mutate(ALICE, commitment(ALICE, 5), |slot| {
                slot.as_mut().expect("announced; qed").at = 1_000;
            })
        },
        || PendingHandovers::<Test>::insert(id(4), ALICE),
        || KeptRights::<Test>::insert(id(1), Share::NONE),
        || PendingHandovers::<Test>::insert(id(9), BOB),
    ]);
}

/// A rewrite of any fact, by an upgrade that nobody should have passed: each is found in the hash chain.
#[test]
fn a_rewritten_hash_chain_is_noticed() {
    all_are_noticed([
        || change(|dataset| dataset.registrant = CONSUMER),
        || change(|dataset| dataset.metadata = [1; 32]),
        || change(|dataset| dataset.announced -= 1),
        || change(|dataset| dataset.provisional_until += 1),
        || change(|dataset| dataset.method = Method::Labelled),
        || change(|dataset| dataset.registered.time -= 1),
        || change(|dataset| dataset.length += 1),
        || change(|dataset| dataset.head = [1; 32]),
        || change(|dataset| dataset.records = 0),
        || change(|dataset| dataset.records -= 1),
        || change(|dataset| dataset.records += 1),
        || change(|dataset| dataset.withdrawn = None),
        || change(|dataset| dataset.withdrawn.as_mut().expect("withdrawn; qed").reason[0] ^= 1),
        || change(|dataset| dataset.withdrawn.as_mut().expect("withdrawn; qed").at.time -= 1),
        || change(|dataset| dataset.sample = None),
        || change(|dataset| dataset.sample.as_mut().expect("answered; qed").digest = [1; 32]),
        || change(|dataset| dataset.sample.as_mut().expect("answered; qed").blocks = 1),
        || {
            Attestations::<Test>::mutate(id(1), 1, |slot| {
                slot.as_mut().expect("attested; qed").document = [1; 32]
            })
        },
        || {
            Attestations::<Test>::mutate(id(1), 1, |slot| {
                slot.as_mut().expect("attested; qed").kind = AttestationKind::SmartFactoryLevel;
            });
        },
        || {
            Attestations::<Test>::mutate(id(1), 0, |slot| {
                slot.as_mut().expect("attested; qed").revoked = None
            })
        },
        || Attestations::<Test>::swap(id(1), 0, id(1), 1),
        || {
            Handovers::<Test>::mutate(id(1), 0, |slot| {
                slot.as_mut().expect("handed over; qed").at.time += 1;
            });
        },
        || {
            Versions::<Test>::mutate(id(1), 0, |slot| slot.as_mut().expect("grown; qed").position = 0);
        },
        || Traded::change(id(1), |trades| trades[0].1 = [1; 32]),
        || Traded::change(id(1), |trades| trades[0].0 = trades[1].0),
        || {
            Traded::change(id(1), |trades| {
                let first = trades[0].1;
                trades[0].1 = trades[1].1;
                trades[1].1 = first;
            });
        },
        || Traded::change(id(1), |trades| trades.clear()),
        || Traded::change(id(1), |trades| trades.push((9, [9; 32]))),
    ]);
}

/// What certificates show of a parent is in the child's chain: nobody grants less afterwards.
#[test]
fn broken_lineage_is_noticed() {
    fn change_parent(change: impl FnOnce(&mut Parent)) {
        Parents::<Test>::mutate(id(2), 0, |slot| change(slot.as_mut().expect("a parent; qed")));
    }
    all_are_noticed([
        || change_parent(|parent| parent.royalty = share(8)),
        || {
            change_parent(|parent| parent.royalty = share(8));
            Royalties::<Test>::mutate(id(2), |table| table[0].share = share(8));
        },
        || change_parent(|parent| parent.relation = Relation::SubsetOf),
        || change_parent(|parent| parent.dataset = id(9)),
        || change_parent(|parent| parent.dataset = id(2)),
        || Royalties::<Test>::remove(id(2)),
        || Royalties::<Test>::mutate(id(2), |table| table[0].share = share(10)),
        || Royalties::<Test>::mutate(id(2), |table| table[0].dataset = id(3)),
        || Royalties::<Test>::insert(id(1), Royalties::<Test>::get(id(2))),
        || Royalties::<Test>::insert(id(9), Royalties::<Test>::get(id(2))),
        || Royalties::<Test>::insert(id(1), Royalties::<Test>::get(id(1))),
        || ChildCount::<Test>::remove(id(2)),
        || ChildCount::<Test>::insert(id(1), 1),
        || Children::<Test>::insert(id(1), 0, id(1)),
        || Children::<Test>::insert(id(1), 1, id(2)),
        || Children::<Test>::remove(id(1), 0),
        || Parents::<Test>::insert(id(2), 1, parent(1, Relation::SubsetOf, 0)),
        || Parents::<Test>::insert(id(9), 0, parent(1, Relation::SubsetOf, 0)),
        || {
            Parents::<Test>::mutate(id(3), 0, |slot| {
                slot.as_mut().expect("a parent; qed").relation = Relation::DerivedFrom;
            })
        },
        || Versions::<Test>::remove(id(1), 0),
        || Versions::<Test>::insert(id(1), 1, Version { dataset: id(2), position: 0 }),
        || Versions::<Test>::insert(id(4), 0, Version { dataset: id(3), position: 0 }),
        || Versions::<Test>::insert(id(9), 0, Version { dataset: id(3), position: 0 }),
        || Attestations::<Test>::remove(id(1), 0),
        || Handovers::<Test>::remove(id(1), 0),
        || Handovers::<Test>::mutate(id(1), 0, |slot| slot.as_mut().expect("handed over; qed").to = ALICE),
    ]);
}

#[test]
fn broken_draws_are_noticed() {
    fn due() -> (u64, u64) {
        DrawDue::<Test>::iter().next().expect("a draw is due; qed")
    }
    all_are_noticed([
        || DrawDue::<Test>::remove(due().0),
        || DrawDue::<Test>::insert(System::block_number(), DrawDue::<Test>::take(due().0).expect("due; qed")),
        || DrawDue::<Test>::insert(due().0 + 1, due().1),
        || DrawDue::<Test>::insert(due().0 + 1, due().1 - 1),
        || Seeds::<Test>::insert(due().1, [0; 32]),
        || Seeds::<Test>::insert(2, [0; 32]),
        || Seeds::<Test>::remove(at(1 + DELAY).block),
        || change(|dataset| dataset.sample.as_mut().expect("answered; qed").blocks = 0),
        || change(|dataset| dataset.sample.as_mut().expect("answered; qed").at.block = 1_000),
        // The chain forgets to draw.
        || System::set_block_number(System::block_number() + DRAW_DELAY + 1),
    ]);
}

#[test]
fn a_broken_provisional_time_is_noticed() {
    fn change_last(change: impl FnOnce(&mut DatasetOf<Test>)) {
        Datasets::<Test>::mutate(id(6), |slot| change(slot.as_mut().expect("registered; qed")));
    }
    /// The sixth is provisional, and to be entered as a version of the fourth.
    fn provisional() {
        everything();
        assert_ok!(announce(ALICE, 6));
        wait(DELAY);
        Provisional::set(5);
        let parents = list([parent(4, Relation::NewVersionOf, 0)]);
        assert_ok!(open(ALICE, 6, parents, Some(growth(4, 6))));
        assert_ok!(Provenance::do_try_state());
    }
    let broken: [fn(); 11] = [
        || PendingLineage::<Test>::remove(id(6)),
        || PendingLineage::<Test>::insert(id(6), None::<GrownFrom>),
        || PendingLineage::<Test>::insert(id(6), Some(GrownFrom { dataset: id(3), shared_bytes: 4 })),
        || PendingLineage::<Test>::insert(id(4), None::<GrownFrom>),
        || PendingLineage::<Test>::insert(id(9), None::<GrownFrom>),
        || PendingLineage::<Test>::insert(id(3), Some(GrownFrom { dataset: id(1), shared_bytes: 4 })),
        || PendingHandovers::<Test>::insert(id(6), BOB),
        || trade(id(6), [7; 32]),
        || change_last(|dataset| dataset.announced = dataset.registered.block),
        || change_last(|dataset| dataset.provisional_until = 1),
        || DisplacedIn::<Test>::insert(2, 1),
    ];
    for (number, breaking) in broken.into_iter().enumerate() {
        ExtBuilder::build().execute_with(|| {
            provisional();
            breaking();
            assert!(Provenance::do_try_state().is_err(), "breaking {number} was not noticed");
        });
    }
}
