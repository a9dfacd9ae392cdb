//! Attesting and revoking.

use crate::{mock::*, Attestations, Datasets, Error, Event, HoldReason};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{DispatchResult, TokenError};
use wonbon_primitives::{
    record::{Attestation, AttestationKind, Reason, Revocation, Revoker},
    DatasetId,
};

const DOCUMENT: [u8; 32] = [0xd0; 32];

fn attest(who: AccountId, dataset: DatasetId) -> DispatchResult {
    Provenance::attest(RuntimeOrigin::signed(who), dataset, AttestationKind::Quality, DOCUMENT)
}

fn revoke(origin: RuntimeOrigin, index: u32) -> DispatchResult {
    Provenance::revoke_attestation(origin, id(1), index, reason())
}

fn count() -> u32 {
    Datasets::<Test>::get(id(1)).expect("registered; qed").attestation_count
}

#[test]
fn an_inspector_attests() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 1);
        wait(5);
        events();
        assert_ok!(attest(INSPECTOR, id(1)));
        let attestation = Attestation {
            version: 1,
            inspector: INSPECTOR,
            kind: AttestationKind::Quality,
            document: DOCUMENT,
            at: at(1 + DELAY + 5),
            position: 0,
            revoked: None,
            deposit: ATTESTATION_DEPOSIT,
        };
        assert_eq!(Attestations::<Test>::get(id(1), 0), Some(attestation));
        assert_eq!(count(), 1);
        assert_eq!(held(HoldReason::Attestation, INSPECTOR), ATTESTATION_DEPOSIT);
        assert_eq!(
            events(),
            [Event::Attested {
                dataset: id(1),
                index: 0,
                inspector: INSPECTOR,
                kind: AttestationKind::Quality,
                document: DOCUMENT,
            }]
        );
        for kind in [AttestationKind::SmartFactoryLevel, AttestationKind::Processing] {
            assert_ok!(Provenance::attest(RuntimeOrigin::signed(LAB), id(1), kind, DOCUMENT));
        }
        assert_eq!(count(), 3);
    });
}

#[test]
fn only_a_verified_and_accredited_inspector_attests() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 1);
        for who in [BOB, CONSUMER, STRANGER] {
            assert_noop!(attest(who, id(1)), Error::<Test>::NotAnInspector);
        }
        Register::suspend(INSPECTOR);
        assert_noop!(attest(INSPECTOR, id(1)), Error::<Test>::NotAnInspector);
        Register::reinstate(INSPECTOR);
        Register::change(INSPECTOR, |entry| entry.accredited = false);
        assert_noop!(attest(INSPECTOR, id(1)), Error::<Test>::NotAnInspector);
    });
}

/// The attack: an inspector who sells data praises it themselves, before or after handing it to a friend, or
/// after getting it from one.
#[test]
fn nobody_attests_about_his_own_dataset() {
    ExtBuilder::build_and_execute(|| {
        register(LAB, 1);
        assert_noop!(attest(LAB, id(1)), Error::<Test>::SelfAttestation);
        assert_ok!(Provenance::propose_handover(RuntimeOrigin::signed(LAB), id(1), BOB));
        assert_ok!(Provenance::accept_handover(RuntimeOrigin::signed(BOB), id(1)));
        assert_noop!(attest(LAB, id(1)), Error::<Test>::SelfAttestation);

        register(ALICE, 2);
        assert_ok!(Provenance::propose_handover(RuntimeOrigin::signed(ALICE), id(2), LAB));
        assert_ok!(Provenance::accept_handover(RuntimeOrigin::signed(LAB), id(2)));
        assert_noop!(attest(LAB, id(2)), Error::<Test>::SelfAttestation);
        assert_ok!(attest(INSPECTOR, id(2)));
    });
}

#[test]
fn an_attestation_needs_a_dataset_that_stands_and_a_deposit() {
    ExtBuilder::build_and_execute(|| {
        assert_noop!(attest(INSPECTOR, id(1)), Error::<Test>::NoSuchDataset);
        register(ALICE, 1);
        assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), INSPECTOR, ATTESTATION_DEPOSIT));
        assert_noop!(attest(INSPECTOR, id(1)), TokenError::FundsUnavailable);
        assert_ok!(Provenance::withdraw(RuntimeOrigin::signed(ALICE), id(1), reason()));
        assert_noop!(attest(LAB, id(1)), Error::<Test>::DatasetWithdrawn);
    });
}

#[test]
fn an_inspector_revokes_his_own_attestation_once() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 1);
        assert_ok!(attest(INSPECTOR, id(1)));
        let other = RuntimeOrigin::signed(LAB);
        assert_noop!(revoke(other, 0), Error::<Test>::NotTheAttester);
        // Nor can the owner get rid of what they do not like.
        assert_noop!(revoke(RuntimeOrigin::signed(ALICE), 0), Error::<Test>::NotTheAttester);
        let own = RuntimeOrigin::signed(INSPECTOR);
        assert_noop!(revoke(own.clone(), 1), Error::<Test>::NoSuchAttestation);
        assert_noop!(
            Provenance::revoke_attestation(own.clone(), id(2), 0, reason()),
            Error::<Test>::NoSuchDataset
        );
        assert_noop!(
            Provenance::revoke_attestation(own.clone(), id(1), 0, Reason::default()),
            Error::<Test>::InvalidReason
        );

        wait(3);
        events();
        assert_ok!(revoke(own.clone(), 0));
        assert_eq!(
            events(),
            [Event::AttestationRevoked {
                dataset: id(1),
                index: 0,
                by: Revoker::Inspector,
                reason: reason()
            }]
        );
        let attestation = Attestations::<Test>::get(id(1), 0).expect("it stays; qed");
        let revocation =
            Revocation { by: Revoker::Inspector, at: at(1 + DELAY + 3), reason: reason(), position: 1 };
        assert_eq!(attestation.revoked, Some(revocation));
        assert_eq!(count(), 1);
        assert_noop!(revoke(own, 0), Error::<Test>::AlreadyRevoked);
        assert_noop!(revoke(RuntimeOrigin::root(), 0), Error::<Test>::AlreadyRevoked);
    });
}

/// The attack: an inspector who lost their accreditation, or whoever stole their key, revokes what they said.
#[test]
fn a_former_inspector_takes_nothing_back() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 1);
        assert_ok!(attest(INSPECTOR, id(1)));
        Register::suspend(INSPECTOR);
        assert_noop!(revoke(RuntimeOrigin::signed(INSPECTOR), 0), Error::<Test>::NotAnInspector);
        Register::reinstate(INSPECTOR);
        Register::change(INSPECTOR, |entry| entry.accredited = false);
        assert_noop!(revoke(RuntimeOrigin::signed(INSPECTOR), 0), Error::<Test>::NotAnInspector);
        let attestation = Attestations::<Test>::get(id(1), 0).expect("it stands; qed");
        assert_eq!(attestation.revoked, None);
        // The authority can.
        assert_ok!(revoke(RuntimeOrigin::root(), 0));
        let attestation = Attestations::<Test>::get(id(1), 0).expect("it stays; qed");
        assert_eq!(attestation.revoked.expect("revoked; qed").by, Revoker::Authority);
    });
}

#[test]
fn an_attestation_about_a_withdrawn_dataset_can_be_revoked() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 1);
        assert_ok!(attest(INSPECTOR, id(1)));
        assert_ok!(Provenance::withdraw(RuntimeOrigin::signed(ALICE), id(1), reason()));
        assert_ok!(revoke(RuntimeOrigin::signed(INSPECTOR), 0));
    });
}

#[test]
fn attestations_are_not_counted_beyond_the_end() {
    ExtBuilder::build().execute_with(|| {
        register(ALICE, 1);
        Datasets::<Test>::mutate(id(1), |slot| {
            slot.as_mut().expect("registered; qed").attestation_count = u32::MAX;
        });
        assert_noop!(attest(INSPECTOR, id(1)), Error::<Test>::TooManyRecords);
    });
}
