//! Which role permits which call.
//!
//! What is not named here no member can do for a company: a call that is new to the runtime is refused until somebody
//! decides whose it is, and so is every wrapper (multisig, motion) and whatever moves money out.

use crate::{AccountId, Runtime, RuntimeCall};
use wonbon_primitives::membership::{
    MemberRole::{self, Admin, Attest, Buy, Deliver, Money, Sell},
    MemberRoles,
};

/// The most calls of one batch.
pub const MAX_CALLS: usize = 64;

/// The calls that a transaction makes: those of a `batch_all`, or itself. `None` of a batch with none or too many. A batch
/// within a batch is a call as any other, which nobody is permitted.
pub fn calls(call: &RuntimeCall) -> Option<&[RuntimeCall]> {
    match call {
        RuntimeCall::Utility(pallet_utility::Call::batch_all { calls }) => {
            (1..=MAX_CALLS).contains(&calls.len()).then_some(calls.as_slice())
        }
        call => Some(core::slice::from_ref(call)),
    }
}

/// Whether these roles of the signer permit a call.
pub fn permits(roles: MemberRoles, signer: &AccountId, call: &RuntimeCall) -> bool {
    roles_for(call, signer).iter().any(|role| roles.contains(*role))
}

/// Whether a call waits while a recovery of its company is open: one that changes who decides, or that takes out what a new
/// admin is to come into.
pub fn stops_for_recovery(call: &RuntimeCall) -> bool {
    use pallet_participants::Call::{add_member, begin_epoch, change_member, remove_member};
    use pallet_provenance::Call::{
        accept_handover, accept_handover_keeping, cancel_handover, propose_handover, propose_handover_keeping,
    };
    matches!(
        call,
        RuntimeCall::Participants(
            add_member { .. } | change_member { .. } | remove_member { .. } | begin_epoch { .. }
        ) | RuntimeCall::Provenance(
            propose_handover { .. }
                | propose_handover_keeping { .. }
                | accept_handover { .. }
                | accept_handover_keeping { .. }
                | cancel_handover { .. }
        ) | RuntimeCall::Credit(pallet_credit::Call::request_redemption { .. })
    )
}

/// Whether a call is one that every member may make whatever an admin allows them to spend, if they sign it by itself: to
/// leave, and to object to a recovery.
pub fn is_nobodys_to_refuse(call: &RuntimeCall, signer: &AccountId) -> bool {
    use pallet_participants::Call::remove_member;
    may_be_nobodys_to_refuse(call)
        && !matches!(call, RuntimeCall::Participants(remove_member { member }) if member != signer)
}

/// Whether a call may be one of those, depending on who signs it.
pub fn may_be_nobodys_to_refuse(call: &RuntimeCall) -> bool {
    use pallet_participants::Call::{object_to_recovery, remove_member};
    matches!(call, RuntimeCall::Participants(remove_member { .. } | object_to_recovery { .. }))
}

/// The roles of which one is enough for a call.
fn roles_for(call: &RuntimeCall, signer: &AccountId) -> &'static [MemberRole] {
    match call {
        RuntimeCall::Participants(call) => for_participants(call, signer),
        RuntimeCall::Provenance(call) => for_provenance(call),
        RuntimeCall::Marketplace(call) => for_marketplace(call),
        RuntimeCall::Credit(
            pallet_credit::Call::request_redemption { .. } | pallet_credit::Call::cancel_redemption { .. },
        ) => &[Money],
        _ => &[],
    }
}

fn for_participants(call: &pallet_participants::Call<Runtime>, signer: &AccountId) -> &'static [MemberRole] {
    use pallet_participants::Call::{
        add_member, begin_epoch, change_member, object_to_recovery, remove_member, update_profile,
        withdraw_registration,
    };
    match call {
        // Everybody may leave.
        remove_member { member } if member == signer => &MemberRole::ALL,
        object_to_recovery { .. } => &MemberRole::ALL,
        update_profile { .. }
        | withdraw_registration { .. }
        | add_member { .. }
        | change_member { .. }
        | remove_member { .. }
        | begin_epoch { .. } => &[Admin],
        _ => &[],
    }
}

fn for_provenance(call: &pallet_provenance::Call<Runtime>) -> &'static [MemberRole] {
    use pallet_provenance::Call::{
        accept_handover, accept_handover_keeping, announce, answer_draw, attest, cancel_announcement,
        cancel_handover, clear_announcement, enter_lineage, propose_handover, propose_handover_keeping,
        register, revoke_attestation, withdraw,
    };
    match call {
        announce { .. }
        | cancel_announcement { .. }
        | clear_announcement { .. }
        | enter_lineage { .. }
        | register { .. }
        | withdraw { .. }
        | answer_draw { .. } => &[Sell],
        propose_handover { .. }
        | propose_handover_keeping { .. }
        | accept_handover { .. }
        | accept_handover_keeping { .. }
        | cancel_handover { .. } => &[Admin],
        attest { .. } | revoke_attestation { .. } => &[Attest],
        _ => &[],
    }
}

fn for_marketplace(call: &pallet_marketplace::Call<Runtime>) -> &'static [MemberRole] {
    use pallet_marketplace::Call::{
        accept, accept_refund, add_bond, amend, clear_lineage, close_offer, deliver, dispute, expire, offer,
        place_order, propose_refund, refund_faulty, refuse, release_bond, reopen_offer, resume_offer,
        set_price, settle, take_bond, withdraw_offer,
    };
    match call {
        place_order { .. } | accept { .. } | accept_refund { .. } => &[Buy],
        // Those who were members before a recovery may deliver, and so dispute what the company bought.
        dispute { .. } => &[Buy, Deliver],
        settle { .. } | expire { .. } | refund_faulty { .. } => &[Buy, Sell],
        offer { .. }
        | set_price { .. }
        | add_bond { .. }
        | withdraw_offer { .. }
        | amend { .. }
        | resume_offer { .. }
        | reopen_offer { .. }
        | release_bond { .. }
        | take_bond { .. }
        | refuse { .. }
        | propose_refund { .. }
        | close_offer { .. }
        | clear_lineage { .. } => &[Sell],
        deliver { .. } => &[Deliver],
        _ => &[],
    }
}
