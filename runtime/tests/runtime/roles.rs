//! What each role of a member permits, over every call that the runtime has.

use crate::support::account;
use codec::Decode;
use frame_support::traits::GetCallMetadata;
use sp_keyring::Ed25519Keyring::Alice;
use std::collections::BTreeSet;
use wonbon_primitives::membership::MemberRole;
use wonbon_runtime::{configs::acting::roles::permits, RuntimeCall};

fn name(call: &RuntimeCall) -> String {
    let call = call.get_call_metadata();
    format!("{}.{}", call.pallet_name, call.function_name)
}

/// One of each call, with nothing but zeros in it.
fn calls() -> Vec<RuntimeCall> {
    let of = |pallet: u8| {
        (0..64_u8).filter_map(move |call| {
            let mut bytes = vec![0; 4_096];
            bytes[..2].copy_from_slice(&[pallet, call]);
            RuntimeCall::decode(&mut &bytes[..]).ok()
        })
    };
    (0..64).flat_map(of).collect()
}

fn permitted(role: MemberRole) -> BTreeSet<String> {
    let calls = calls().into_iter().filter(|call| permits(role.into(), &account(Alice), call));
    calls.map(|call| name(&call)).collect()
}

#[test]
fn each_role_permits_its_calls_and_no_other() {
    let table: [(MemberRole, &[&str]); 6] = [
        (
            MemberRole::Admin,
            &[
                "Participants.update_profile",
                "Participants.withdraw_registration",
                "Participants.add_member",
                "Participants.change_member",
                "Participants.remove_member",
                "Participants.begin_epoch",
                "Provenance.propose_handover",
                "Provenance.accept_handover",
                "Provenance.cancel_handover",
                "Provenance.propose_handover_keeping",
                "Provenance.accept_handover_keeping",
            ],
        ),
        (
            MemberRole::Buy,
            &[
                "Marketplace.place_order",
                "Marketplace.accept",
                "Marketplace.dispute",
                "Marketplace.settle",
                "Marketplace.expire",
                "Marketplace.refund_faulty",
                "Marketplace.accept_refund",
            ],
        ),
        (
            MemberRole::Sell,
            &[
                "Provenance.announce",
                "Provenance.cancel_announcement",
                "Provenance.clear_announcement",
                "Provenance.enter_lineage",
                "Provenance.register",
                "Provenance.withdraw",
                "Provenance.answer_draw",
                "Marketplace.offer",
                "Marketplace.set_price",
                "Marketplace.add_bond",
                "Marketplace.withdraw_offer",
                "Marketplace.settle",
                "Marketplace.expire",
                "Marketplace.refund_faulty",
                "Marketplace.close_offer",
                "Marketplace.clear_lineage",
                "Marketplace.refuse",
                "Marketplace.propose_refund",
                "Marketplace.amend",
                "Marketplace.resume_offer",
                "Marketplace.reopen_offer",
                "Marketplace.release_bond",
                "Marketplace.take_bond",
            ],
        ),
        (MemberRole::Deliver, &["Marketplace.deliver", "Marketplace.dispute"]),
        (MemberRole::Attest, &["Provenance.attest", "Provenance.revoke_attestation"]),
        (MemberRole::Money, &["Credit.request_redemption", "Credit.cancel_redemption"]),
    ];
    for (role, names) in table {
        let names = names.iter().chain(&["Participants.object_to_recovery"]);
        assert_eq!(
            permitted(role),
            names.map(|name| (*name).to_owned()).collect::<BTreeSet<_>>(),
            "{role:?}"
        );
    }
}

#[test]
fn every_call_of_our_own_pallets_was_looked_at() {
    let calls: BTreeSet<String> = calls().iter().map(name).collect();
    for pallet in ["Participants", "Provenance", "Marketplace", "Credit", "Consortium"] {
        for call in RuntimeCall::get_call_names(pallet) {
            assert!(calls.contains(&format!("{pallet}.{call}")), "{pallet}.{call} is not all zeros");
        }
    }
}
